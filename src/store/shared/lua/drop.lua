-- Takes one entry out of all listings.
local function drop(index, hits, uses, ends, key)
  local row = redis.call('HGET', index, key)
  redis.call('ZREM', ends, key)
  if not row then return 0 end
  redis.call('HDEL', index, key)
  redis.call('HDEL', hits, key)
  redis.call('HDEL', uses, key)
  redis.call('HINCRBY', index, 'bytes', '-' .. string.match(row, '^%[(%d+)'))
  return 1
end
