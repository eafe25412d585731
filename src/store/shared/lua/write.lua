-- KEYS: the document. ARGV: the asker's moment or nothing, its life in milliseconds, the version that is expected or
-- nothing for none, the mark of this writing, the value. Answers 1 and the new version, or 0 and the one that is there.
local now = clock(ARGV[1])
local found = there(KEYS[1], now)
-- The answer to the first try was lost on its way.
if found and found[4] == ARGV[4] then return {1, found[1]} end
if (found and found[1] or '') ~= ARGV[3] then return {0, found and found[1] or ''} end
local version = whole((found and tonumber(found[1]) or 0) + 1)
redis.call('HSET', KEYS[1], 'version', version, 'end', whole(now + tonumber(ARGV[2])), 'value', ARGV[5], 'writer', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return {1, version}
