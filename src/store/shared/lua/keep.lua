-- KEYS: index, hits, uses, ends. ARGV: the entry's key, its row, its bytes, its end (`+` and milliseconds from now, a
-- moment of the asker's, or nothing where it has none).
local index, hits, uses, ends = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local key, row, bytes, life = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local old = redis.call('HGET', index, key)
local before = old and tonumber(string.match(old, '^%[(%d+)')) or 0
redis.call('HSET', index, key, row)
redis.call('HINCRBY', index, 'bytes', whole(bytes - before))
redis.call('HDEL', hits, key)
redis.call('HDEL', uses, key)
if life == '' then
  redis.call('ZREM', ends, key)
elseif string.sub(life, 1, 1) == '+' then
  redis.call('ZADD', ends, whole(clock('') + tonumber(string.sub(life, 2))), key)
else
  redis.call('ZADD', ends, life, key)
end
return 1
