-- KEYS: index. Answers entries and bytes.
local bytes = redis.call('HGET', KEYS[1], 'bytes')
return {redis.call('HLEN', KEYS[1]) - (bytes and 1 or 0), bytes or '0'}
