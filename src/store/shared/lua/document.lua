-- One document is one hash: `value`, `version`, `end` by the clock that is gone by, and `writer`, the mark of the last
-- writing. Its life is handled in spans, so that it means the same to askers whose clocks differ.
local function there(key, now)
  local found = redis.call('HMGET', key, 'version', 'end', 'value', 'writer')
  if found[1] and found[2] and now < tonumber(found[2]) then return found end
end
