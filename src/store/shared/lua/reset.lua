-- KEYS: hours. ARGV: what the hashes of the hours begin with.
for _, hour in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do redis.call('DEL', ARGV[1] .. hour) end
redis.call('DEL', KEYS[1])
return 1
