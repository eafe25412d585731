-- KEYS: index, hits, uses, ends. ARGV: the asker's moment or nothing, how many at most. Answers how many were looked at,
-- and how many of them were listed.
local over = redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', whole(clock(ARGV[1])), 'LIMIT', 0, ARGV[2])
local removed = 0
for _, key in ipairs(over) do removed = removed + drop(KEYS[1], KEYS[2], KEYS[3], KEYS[4], key) end
return {#over, removed}
