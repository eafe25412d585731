-- KEYS: index, hits, uses, ends. ARGV: the keys of entries. Answers how many of them were listed.
local removed = 0
for _, key in ipairs(ARGV) do removed = removed + drop(KEYS[1], KEYS[2], KEYS[3], KEYS[4], key) end
return removed
