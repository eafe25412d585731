-- KEYS: the subject's log, newest first. ARGV: the asker's moment or nothing, count, window, how long to remember, and
-- `take` to record a yes. Answers: admitted, places taken before, the oldest in the window, the moment judged by.
local log, count, window = KEYS[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local now, taken, oldest = clock(ARGV[1]), 0, ''
if count > 0 then
  local times = redis.call('LRANGE', log, 0, count - 1)
  -- A clock set back would make old admissions look young for ever, and new ones look older than them.
  if times[1] then now = math.max(now, tonumber(times[1])) end
  for _, time in ipairs(times) do
    if now - tonumber(time) >= window then break end
    taken, oldest = taken + 1, time
  end
elseif redis.call('LLEN', log) > 0 then
  now = math.max(now, tonumber(redis.call('LINDEX', log, 0)))
end
local admitted = taken < count and 1 or 0
if admitted == 1 and ARGV[5] == 'take' then
  redis.call('LPUSH', log, whole(now))
  redis.call('LTRIM', log, 0, count - 1)
  redis.call('PEXPIRE', log, ARGV[4])
end
return {admitted, taken, oldest, whole(now)}
