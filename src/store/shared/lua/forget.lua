-- KEYS: the document. ARGV: the asker's moment or nothing. Answers whether there was one.
local found = there(KEYS[1], clock(ARGV[1]))
redis.call('DEL', KEYS[1])
return found and 1 or 0
