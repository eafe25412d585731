-- KEYS: index, hits, uses. ARGV: key, hits and moment of each touch in turn. What is not listed is passed over.
for n = 1, #ARGV, 3 do
  local key, moment = ARGV[n], ARGV[n + 2]
  if redis.call('HEXISTS', KEYS[1], key) == 1 then
    add(KEYS[2], key, ARGV[n + 1])
    local used = redis.call('HGET', KEYS[3], key)
    if not used or tonumber(used) < tonumber(moment) then redis.call('HSET', KEYS[3], key, moment) end
  end
end
return 1
