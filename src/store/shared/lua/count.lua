-- KEYS: hours, the batch's mark. ARGV: what the hashes of the hours begin with, their life in milliseconds, the first
-- hour still of interest, then hour, field and increment of each count in turn. A batch that comes twice
-- within two hours counts once.
if not redis.call('SET', KEYS[2], '1', 'EX', 7200, 'NX') then return 0 end
for n = 4, #ARGV, 3 do
  local hour = ARGV[n]
  local failed = add(ARGV[1] .. hour, ARGV[n + 1], ARGV[n + 2])
  if failed then return failed end
  redis.call('PEXPIRE', ARGV[1] .. hour, ARGV[2])
  redis.call('ZADD', KEYS[1], hour, hour)
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. ARGV[3])
return 1
