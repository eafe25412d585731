-- KEYS: the open ones, the reservation, the purses. ARGV: the asker's moment or nothing, the amount, the span it may stay
-- unsettled, its life, then of each purse its ceiling and its life. Answers whether it was taken, then of each purse what
-- is spent and what is reserved. One that comes twice is taken once.
local open, held, amount, now = KEYS[1], KEYS[2], ARGV[2], clock(ARGV[1])
count_overdue(open, now)
local granted, is_known = 1, redis.call('EXISTS', held) == 1
if not is_known then
  for n = 3, #KEYS do
    local spent, reserved = standing(KEYS[n])
    local most = tonumber(ARGV[5 + (n - 3) * 2])
    if tonumber(spent) + tonumber(reserved) + tonumber(amount) > most then granted = 0 end
  end
  if granted == 1 then
    local names = {}
    for n = 3, #KEYS do
      move(KEYS[n], 'reserved', amount, '+')
      live(KEYS[n], ARGV[6 + (n - 3) * 2])
      names[#names + 1] = KEYS[n]
    end
    redis.call('HSET', held, 'state', 'open', 'amount', amount, 'names', table.concat(names, '\n'))
    redis.call('PEXPIRE', held, ARGV[4])
    redis.call('ZADD', open, whole(now + tonumber(ARGV[3])), held)
  end
end
local answer = {granted}
for n = 3, #KEYS do
  local spent, reserved = standing(KEYS[n])
  answer[#answer + 1] = spent
  answer[#answer + 1] = reserved
end
return answer
