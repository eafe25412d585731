-- The moment, in milliseconds: the server's own, or the asker's where one is given.
local function clock(asked)
  if asked ~= '' then return tonumber(asked) end
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
-- Whole numbers as text: Lua would write the large ones with an exponent.
local function whole(number) return string.format('%.0f', number) end
-- Adds to a counter that stops at the ends of 64 bits.
local function add(key, field, by)
  local added = redis.pcall('HINCRBY', key, field, by)
  if type(added) == 'table' and added.err then
    if not string.find(added.err, 'overflow') then return added end
    local last = string.sub(by, 1, 1) == '-' and '-9223372036854775808' or '9223372036854775807'
    redis.call('HSET', key, field, last)
  end
end
