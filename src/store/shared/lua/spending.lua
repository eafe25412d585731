-- KEYS: the open ones, the purses. ARGV: the asker's moment or nothing. Answers of each purse what is spent and reserved.
count_overdue(KEYS[1], clock(ARGV[1]))
local answer = {}
for n = 2, #KEYS do
  local spent, reserved = standing(KEYS[n])
  answer[#answer + 1] = spent
  answer[#answer + 1] = reserved
end
return answer
