-- A purse is one hash, `spent` and `reserved`; a reservation is one, `state`, `amount` and `names`, the purses it was taken
-- from, a line each. Those that are open stand in a sorted set by the moment they are overdue.
local function move(purse, field, amount, sign)
  if amount == '0' then return end
  if sign == '-' then amount = string.sub(amount, 1, 1) == '-' and string.sub(amount, 2) or '-' .. amount end
  return add(purse, field, amount)
end
-- Counts as spent what was set aside and not settled in its time.
local function count_overdue(open, now)
  for _, held in ipairs(redis.call('ZRANGEBYSCORE', open, '-inf', whole(now))) do
    local found = redis.call('HMGET', held, 'state', 'amount', 'names')
    if found[1] == 'open' then
      for purse in string.gmatch(found[3], '[^\n]+') do
        if redis.call('EXISTS', purse) == 1 then
          move(purse, 'reserved', found[2], '-')
          move(purse, 'spent', found[2], '+')
        end
      end
      redis.call('HSET', held, 'state', 'counted')
    end
    redis.call('ZREM', open, held)
  end
end
local function standing(purse)
  local found = redis.call('HMGET', purse, 'spent', 'reserved')
  return found[1] or '0', found[2] or '0'
end
-- A purse lives as long as whoever knows it longest says.
local function live(key, life)
  if redis.call('PTTL', key) < tonumber(life) then redis.call('PEXPIRE', key, life) end
end
