-- KEYS: the open ones, the reservation, the purses. ARGV: what it cost, how long the settlement is remembered, then the
-- life of each purse. One that comes twice counts once; one whose reservation never came is spent all the same.
local found = redis.call('HMGET', KEYS[2], 'state', 'amount')
local state, amount = found[1], found[2] or '0'
if state == 'settled' then return 0 end
for n = 3, #KEYS do
  if state == 'open' then move(KEYS[n], 'reserved', amount, '-') end
  if state == 'counted' then move(KEYS[n], 'spent', amount, '-') end
  move(KEYS[n], 'spent', ARGV[1], '+')
  live(KEYS[n], ARGV[3 + n - 3])
end
redis.call('ZREM', KEYS[1], KEYS[2])
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[2], 'state', 'settled')
redis.call('PEXPIRE', KEYS[2], ARGV[2])
return 1
