-- KEYS: the document. ARGV: the asker's moment or nothing, the life it is to have at least in milliseconds or nothing.
-- Answers version, value and milliseconds left; nothing where there is no document.
local now = clock(ARGV[1])
local found = there(KEYS[1], now)
if not found then return false end
local ends = tonumber(found[2])
if ARGV[2] ~= '' and now + tonumber(ARGV[2]) > ends then
  ends = now + tonumber(ARGV[2])
  redis.call('HSET', KEYS[1], 'end', whole(ends))
  redis.call('PEXPIRE', KEYS[1], whole(ends - now))
end
return {found[1], found[3], whole(ends - now)}
