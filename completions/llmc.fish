# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_llmc_global_optspecs
    string join \n config= socket= json q/quiet v/verbose color= no-progress no-daemon require-daemon h/help V/version
end

function __fish_llmc_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_llmc_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_llmc_using_subcommand
    set -l cmd (__fish_llmc_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c llmc -n "__fish_llmc_needs_command" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_needs_command" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_needs_command" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_needs_command" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_needs_command" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_needs_command" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_needs_command" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_needs_command" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_needs_command" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_needs_command" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_needs_command" -f -a "generate" -d 'Answer one prompt, from the cache or the provider'
complete -c llmc -n "__fish_llmc_needs_command" -f -a "g" -d 'Answer one prompt, from the cache or the provider'
complete -c llmc -n "__fish_llmc_needs_command" -f -a "batch" -d 'Answer many prompts, one a line, in order, with as many calls at once as the provider takes'
complete -c llmc -n "__fish_llmc_needs_command" -f -a "workflow" -d 'Ask several prompts that build on each other, as a file says'
complete -c llmc -n "__fish_llmc_needs_command" -f -a "session" -d 'Look at and manage conversations'
complete -c llmc -n "__fish_llmc_needs_command" -f -a "exec" -d 'Run a program with its calls to models going through the cache'
complete -c llmc -n "__fish_llmc_needs_command" -f -a "stats" -d 'Show hits, misses, and money saved and spent'
complete -c llmc -n "__fish_llmc_needs_command" -f -a "dashboard" -d 'Show hits, misses, money, limits and what is kept on a page in the browser'
complete -c llmc -n "__fish_llmc_needs_command" -f -a "cache" -d 'Look at and manage what is kept'
complete -c llmc -n "__fish_llmc_needs_command" -f -a "models" -d 'Show the known models, with prices'
complete -c llmc -n "__fish_llmc_needs_command" -f -a "providers" -d 'Show the providers, and whether there is a key for each'
complete -c llmc -n "__fish_llmc_needs_command" -f -a "limits" -d 'Show the calls left within the limits'
complete -c llmc -n "__fish_llmc_needs_command" -f -a "doctor" -d 'Look at everything a call leans on, and say what to do about what is not well'
complete -c llmc -n "__fish_llmc_needs_command" -f -a "daemon" -d 'Start, stop and look after the daemon'
complete -c llmc -n "__fish_llmc_needs_command" -f -a "config" -d 'Show and change settings'
complete -c llmc -n "__fish_llmc_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c llmc -n "__fish_llmc_needs_command" -f -a "man" -d 'Print the manual page, or write all of them to a folder'
complete -c llmc -n "__fish_llmc_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c llmc -n "__fish_llmc_using_subcommand generate" -s f -l file -d 'Add a file: text with its name before it, an image as an image' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand generate" -s a -l attach -d 'Attach an image' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand generate" -s s -l system -d 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]' -r
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l system-file -d 'Read the system text from a file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand generate" -s m -l model -d 'The model: `provider/model`, one that `llmc models` lists, or an alias' -r
complete -c llmc -n "__fish_llmc_using_subcommand generate" -s p -l provider -d 'The provider, where the model does not name one' -r
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l fallback -d 'Ask this model where the first is away, failing, too slow or too busy; may be given again, for a longer chain' -r
complete -c llmc -n "__fish_llmc_using_subcommand generate" -s t -l temperature -d 'Sampling temperature' -r
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l max-tokens -d 'The most tokens the answer may have' -r
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l top-p -d 'Nucleus sampling: choose among the likeliest tokens up to this probability' -r
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l seed -d 'Sampling seed' -r
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l stop -d 'End the answer before this text; may be given again' -r
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l schema -d 'The JSON Schema the answer must fit: a file, or the schema itself; exit code 8 where it does not' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l schema-retries -d 'How many times an answer that does not fit the schema is asked for again; each call is paid for' -r
complete -c llmc -n "__fish_llmc_using_subcommand generate" -s o -l option -d 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again' -r
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l sample -d 'Ask for the Nth of several answers to the same prompt, each kept by itself' -r
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l mode -d 'How the cache may be used [env: LLMC_MODE]' -r -f -a "auto\t'From the cache, else call and keep'
replay\t'From the cache, else fail'
refresh\t'Call and keep'
off\t'Call; leave the cache alone'"
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l ttl -d 'How long a new answer stays fresh, such as `90s`, `1h 30m` or `7d`' -r
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l max-age -d 'Use no kept answer older than this' -r
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l cassette -d 'Record answers in this file and replay them from it; made to be committed' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l namespace -d 'Keep answers apart from those of other namespaces' -r
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l timeout -d 'Wait at most this long for the answer' -r
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l retries -d 'How many times a failed call is tried again' -r
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l run -d 'Count it under this run, for `stats --run`' -r
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l session -d 'Go on with this session: send what was said in it, and add the question and its answer' -r
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l wait -d 'Wait for llmc\'s own limit instead of failing; at most 10 minutes, or as long as is said' -r
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l max-cost -d 'Fail rather than make a call that is estimated to cost more' -r
complete -c llmc -n "__fish_llmc_using_subcommand generate" -s O -l output -d 'Write the answer to a file, whole or not at all' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l no-stdin -d 'Do not read standard input; for `while read` loops'
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l no-fallback -d 'Ask no other model, whatever the settings say'
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l offline -d 'Answer from the cache or fail with exit code 3; never call out'
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l refresh -d 'Call, and keep the new answer in place of the old'
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l no-cache -d 'Call, and leave the cache alone'
complete -c llmc -n "__fish_llmc_using_subcommand generate" -s c -l continue -d 'Go on with the session used last; begin one where there is none'
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l dry-run -d 'Show the key, whether it would be a hit, tokens and cost; call nothing'
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l count -d 'With `--dry-run`: ask the provider how many tokens the prompt is, where its API tells; costs nothing'
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l stream -d 'Print the answer as it comes, even into a pipe'
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l no-stream -d 'Print the answer when it is whole, even on a terminal'
complete -c llmc -n "__fish_llmc_using_subcommand generate" -s x -l extract -d 'Print the first fenced code block only; the whole text where there is none'
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l raw -d 'Print the provider\'s own JSON'
complete -c llmc -n "__fish_llmc_using_subcommand generate" -s u -l usage -d 'Print one line on standard error: hit or miss, tokens, money, time'
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand generate" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand generate" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand generate" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand generate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand generate" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand g" -s f -l file -d 'Add a file: text with its name before it, an image as an image' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand g" -s a -l attach -d 'Attach an image' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand g" -s s -l system -d 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]' -r
complete -c llmc -n "__fish_llmc_using_subcommand g" -l system-file -d 'Read the system text from a file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand g" -s m -l model -d 'The model: `provider/model`, one that `llmc models` lists, or an alias' -r
complete -c llmc -n "__fish_llmc_using_subcommand g" -s p -l provider -d 'The provider, where the model does not name one' -r
complete -c llmc -n "__fish_llmc_using_subcommand g" -l fallback -d 'Ask this model where the first is away, failing, too slow or too busy; may be given again, for a longer chain' -r
complete -c llmc -n "__fish_llmc_using_subcommand g" -s t -l temperature -d 'Sampling temperature' -r
complete -c llmc -n "__fish_llmc_using_subcommand g" -l max-tokens -d 'The most tokens the answer may have' -r
complete -c llmc -n "__fish_llmc_using_subcommand g" -l top-p -d 'Nucleus sampling: choose among the likeliest tokens up to this probability' -r
complete -c llmc -n "__fish_llmc_using_subcommand g" -l seed -d 'Sampling seed' -r
complete -c llmc -n "__fish_llmc_using_subcommand g" -l stop -d 'End the answer before this text; may be given again' -r
complete -c llmc -n "__fish_llmc_using_subcommand g" -l schema -d 'The JSON Schema the answer must fit: a file, or the schema itself; exit code 8 where it does not' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand g" -l schema-retries -d 'How many times an answer that does not fit the schema is asked for again; each call is paid for' -r
complete -c llmc -n "__fish_llmc_using_subcommand g" -s o -l option -d 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again' -r
complete -c llmc -n "__fish_llmc_using_subcommand g" -l sample -d 'Ask for the Nth of several answers to the same prompt, each kept by itself' -r
complete -c llmc -n "__fish_llmc_using_subcommand g" -l mode -d 'How the cache may be used [env: LLMC_MODE]' -r -f -a "auto\t'From the cache, else call and keep'
replay\t'From the cache, else fail'
refresh\t'Call and keep'
off\t'Call; leave the cache alone'"
complete -c llmc -n "__fish_llmc_using_subcommand g" -l ttl -d 'How long a new answer stays fresh, such as `90s`, `1h 30m` or `7d`' -r
complete -c llmc -n "__fish_llmc_using_subcommand g" -l max-age -d 'Use no kept answer older than this' -r
complete -c llmc -n "__fish_llmc_using_subcommand g" -l cassette -d 'Record answers in this file and replay them from it; made to be committed' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand g" -l namespace -d 'Keep answers apart from those of other namespaces' -r
complete -c llmc -n "__fish_llmc_using_subcommand g" -l timeout -d 'Wait at most this long for the answer' -r
complete -c llmc -n "__fish_llmc_using_subcommand g" -l retries -d 'How many times a failed call is tried again' -r
complete -c llmc -n "__fish_llmc_using_subcommand g" -l run -d 'Count it under this run, for `stats --run`' -r
complete -c llmc -n "__fish_llmc_using_subcommand g" -l session -d 'Go on with this session: send what was said in it, and add the question and its answer' -r
complete -c llmc -n "__fish_llmc_using_subcommand g" -l wait -d 'Wait for llmc\'s own limit instead of failing; at most 10 minutes, or as long as is said' -r
complete -c llmc -n "__fish_llmc_using_subcommand g" -l max-cost -d 'Fail rather than make a call that is estimated to cost more' -r
complete -c llmc -n "__fish_llmc_using_subcommand g" -s O -l output -d 'Write the answer to a file, whole or not at all' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand g" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand g" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand g" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand g" -l no-stdin -d 'Do not read standard input; for `while read` loops'
complete -c llmc -n "__fish_llmc_using_subcommand g" -l no-fallback -d 'Ask no other model, whatever the settings say'
complete -c llmc -n "__fish_llmc_using_subcommand g" -l offline -d 'Answer from the cache or fail with exit code 3; never call out'
complete -c llmc -n "__fish_llmc_using_subcommand g" -l refresh -d 'Call, and keep the new answer in place of the old'
complete -c llmc -n "__fish_llmc_using_subcommand g" -l no-cache -d 'Call, and leave the cache alone'
complete -c llmc -n "__fish_llmc_using_subcommand g" -s c -l continue -d 'Go on with the session used last; begin one where there is none'
complete -c llmc -n "__fish_llmc_using_subcommand g" -l dry-run -d 'Show the key, whether it would be a hit, tokens and cost; call nothing'
complete -c llmc -n "__fish_llmc_using_subcommand g" -l count -d 'With `--dry-run`: ask the provider how many tokens the prompt is, where its API tells; costs nothing'
complete -c llmc -n "__fish_llmc_using_subcommand g" -l stream -d 'Print the answer as it comes, even into a pipe'
complete -c llmc -n "__fish_llmc_using_subcommand g" -l no-stream -d 'Print the answer when it is whole, even on a terminal'
complete -c llmc -n "__fish_llmc_using_subcommand g" -s x -l extract -d 'Print the first fenced code block only; the whole text where there is none'
complete -c llmc -n "__fish_llmc_using_subcommand g" -l raw -d 'Print the provider\'s own JSON'
complete -c llmc -n "__fish_llmc_using_subcommand g" -s u -l usage -d 'Print one line on standard error: hit or miss, tokens, money, time'
complete -c llmc -n "__fish_llmc_using_subcommand g" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand g" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand g" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand g" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand g" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand g" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand g" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand g" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l template -d 'Make each prompt from this template (minijinja); the fields of the line are its variables' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand batch" -s s -l system -d 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]' -r
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l system-file -d 'Read the system text from a file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand batch" -s m -l model -d 'The model: `provider/model`, one that `llmc models` lists, or an alias' -r
complete -c llmc -n "__fish_llmc_using_subcommand batch" -s p -l provider -d 'The provider, where the model does not name one' -r
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l fallback -d 'Ask this model where the first is away, failing, too slow or too busy; may be given again, for a longer chain' -r
complete -c llmc -n "__fish_llmc_using_subcommand batch" -s t -l temperature -d 'Sampling temperature' -r
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l max-tokens -d 'The most tokens the answer may have' -r
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l top-p -d 'Nucleus sampling: choose among the likeliest tokens up to this probability' -r
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l seed -d 'Sampling seed' -r
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l stop -d 'End the answer before this text; may be given again' -r
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l schema -d 'The JSON Schema the answer must fit: a file, or the schema itself; exit code 8 where it does not' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l schema-retries -d 'How many times an answer that does not fit the schema is asked for again; each call is paid for' -r
complete -c llmc -n "__fish_llmc_using_subcommand batch" -s o -l option -d 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again' -r
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l sample -d 'Ask for the Nth of several answers to the same prompt, each kept by itself' -r
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l mode -d 'How the cache may be used [env: LLMC_MODE]' -r -f -a "auto\t'From the cache, else call and keep'
replay\t'From the cache, else fail'
refresh\t'Call and keep'
off\t'Call; leave the cache alone'"
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l ttl -d 'How long a new answer stays fresh, such as `90s`, `1h 30m` or `7d`' -r
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l max-age -d 'Use no kept answer older than this' -r
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l cassette -d 'Record answers in this file and replay them from it; made to be committed' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l namespace -d 'Keep answers apart from those of other namespaces' -r
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l timeout -d 'Wait at most this long for the answer' -r
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l retries -d 'How many times a failed call is tried again' -r
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l run -d 'Count it under this run, for `stats --run`' -r
complete -c llmc -n "__fish_llmc_using_subcommand batch" -s j -l jobs -d 'Calls at once; without it, as many as the provider takes' -r
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l max-cost -d 'Begin no call that, as estimated, would bring the cost of all above this; hits go on' -r
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l max-errors -d 'Stop after so many failed lines' -r
complete -c llmc -n "__fish_llmc_using_subcommand batch" -s O -l output -d 'Write the rows to a file: whole when all lines are done, until then beside it as FILE.part' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l lines -d 'Lines are plain text, a prompt each'
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l csv -d 'Lines are rows of CSV; the first one names the fields'
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l no-fallback -d 'Ask no other model, whatever the settings say'
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l offline -d 'Answer from the cache or fail with exit code 3; never call out'
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l refresh -d 'Call, and keep the new answer in place of the old'
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l no-cache -d 'Call, and leave the cache alone'
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l dry-run -d 'Show how many would be hits, tokens and cost; call nothing'
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l resume -d 'Keep the good rows that the output has, and do only lines that are missing, failed or changed'
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand batch" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand batch" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand batch" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand batch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand batch" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and not __fish_seen_subcommand_from run check graph generate help" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and not __fish_seen_subcommand_from run check graph generate help" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and not __fish_seen_subcommand_from run check graph generate help" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and not __fish_seen_subcommand_from run check graph generate help" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and not __fish_seen_subcommand_from run check graph generate help" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and not __fish_seen_subcommand_from run check graph generate help" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and not __fish_seen_subcommand_from run check graph generate help" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and not __fish_seen_subcommand_from run check graph generate help" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and not __fish_seen_subcommand_from run check graph generate help" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and not __fish_seen_subcommand_from run check graph generate help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and not __fish_seen_subcommand_from run check graph generate help" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and not __fish_seen_subcommand_from run check graph generate help" -f -a "run" -d 'Run a workflow and print its output'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and not __fish_seen_subcommand_from run check graph generate help" -f -a "check" -d 'Check a workflow; ask nobody'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and not __fish_seen_subcommand_from run check graph generate help" -f -a "graph" -d 'Print which step waits for which, as a Mermaid flowchart'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and not __fish_seen_subcommand_from run check graph generate help" -f -a "generate" -d 'Have a model write a workflow, and print it'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and not __fish_seen_subcommand_from run check graph generate help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -s i -l input -d 'An input, as in `--input topic=rivers`; may be given again' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l inputs -d 'Read inputs from a JSON object in this file; those given by `--input` go first' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -s s -l system -d 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l system-file -d 'Read the system text from a file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -s m -l model -d 'The model: `provider/model`, one that `llmc models` lists, or an alias' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -s p -l provider -d 'The provider, where the model does not name one' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l fallback -d 'Ask this model where the first is away, failing, too slow or too busy; may be given again, for a longer chain' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -s t -l temperature -d 'Sampling temperature' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l max-tokens -d 'The most tokens the answer may have' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l top-p -d 'Nucleus sampling: choose among the likeliest tokens up to this probability' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l seed -d 'Sampling seed' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l stop -d 'End the answer before this text; may be given again' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l schema -d 'The JSON Schema the answer must fit: a file, or the schema itself; exit code 8 where it does not' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l schema-retries -d 'How many times an answer that does not fit the schema is asked for again; each call is paid for' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -s o -l option -d 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l sample -d 'Ask for the Nth of several answers to the same prompt, each kept by itself' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l mode -d 'How the cache may be used [env: LLMC_MODE]' -r -f -a "auto\t'From the cache, else call and keep'
replay\t'From the cache, else fail'
refresh\t'Call and keep'
off\t'Call; leave the cache alone'"
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l ttl -d 'How long a new answer stays fresh, such as `90s`, `1h 30m` or `7d`' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l max-age -d 'Use no kept answer older than this' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l cassette -d 'Record answers in this file and replay them from it; made to be committed' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l namespace -d 'Keep answers apart from those of other namespaces' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l timeout -d 'Wait at most this long for the answer' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l retries -d 'How many times a failed call is tried again' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l run -d 'Count it under this run, for `stats --run`' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -s j -l jobs -d 'Make at most this many calls side by side' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l max-cost -d 'Fail rather than spend more on all calls together' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -s O -l output -d 'Write the output to a file, whole or not at all' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l no-fallback -d 'Ask no other model, whatever the settings say'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l offline -d 'Answer from the cache or fail with exit code 3; never call out'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l refresh -d 'Call, and keep the new answer in place of the old'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l no-cache -d 'Call, and leave the cache alone'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l dry-run -d 'Show what each step would come to, as far as its answers are kept, and the tokens and cost of that; call nothing'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from run" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from check" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from check" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from check" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from check" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from check" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from check" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from check" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from check" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from graph" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from graph" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from graph" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from graph" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from graph" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from graph" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from graph" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from graph" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from graph" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from graph" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from graph" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -s s -l system -d 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l system-file -d 'Read the system text from a file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -s m -l model -d 'The model: `provider/model`, one that `llmc models` lists, or an alias' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -s p -l provider -d 'The provider, where the model does not name one' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l fallback -d 'Ask this model where the first is away, failing, too slow or too busy; may be given again, for a longer chain' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -s t -l temperature -d 'Sampling temperature' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l max-tokens -d 'The most tokens the answer may have' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l top-p -d 'Nucleus sampling: choose among the likeliest tokens up to this probability' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l seed -d 'Sampling seed' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l stop -d 'End the answer before this text; may be given again' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l schema -d 'The JSON Schema the answer must fit: a file, or the schema itself; exit code 8 where it does not' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l schema-retries -d 'How many times an answer that does not fit the schema is asked for again; each call is paid for' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -s o -l option -d 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l sample -d 'Ask for the Nth of several answers to the same prompt, each kept by itself' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l mode -d 'How the cache may be used [env: LLMC_MODE]' -r -f -a "auto\t'From the cache, else call and keep'
replay\t'From the cache, else fail'
refresh\t'Call and keep'
off\t'Call; leave the cache alone'"
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l ttl -d 'How long a new answer stays fresh, such as `90s`, `1h 30m` or `7d`' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l max-age -d 'Use no kept answer older than this' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l cassette -d 'Record answers in this file and replay them from it; made to be committed' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l namespace -d 'Keep answers apart from those of other namespaces' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l timeout -d 'Wait at most this long for the answer' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l retries -d 'How many times a failed call is tried again' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l run -d 'Count it under this run, for `stats --run`' -r
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -s O -l output -d 'Write it to a file, whole or not at all' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l no-fallback -d 'Ask no other model, whatever the settings say'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l offline -d 'Answer from the cache or fail with exit code 3; never call out'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l refresh -d 'Call, and keep the new answer in place of the old'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l no-cache -d 'Call, and leave the cache alone'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from generate" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from help" -f -a "run" -d 'Run a workflow and print its output'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from help" -f -a "check" -d 'Check a workflow; ask nobody'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from help" -f -a "graph" -d 'Print which step waits for which, as a Mermaid flowchart'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from help" -f -a "generate" -d 'Have a model write a workflow, and print it'
complete -c llmc -n "__fish_llmc_using_subcommand workflow; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c llmc -n "__fish_llmc_using_subcommand session; and not __fish_seen_subcommand_from create list show update delete export help" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand session; and not __fish_seen_subcommand_from create list show update delete export help" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand session; and not __fish_seen_subcommand_from create list show update delete export help" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand session; and not __fish_seen_subcommand_from create list show update delete export help" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand session; and not __fish_seen_subcommand_from create list show update delete export help" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and not __fish_seen_subcommand_from create list show update delete export help" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and not __fish_seen_subcommand_from create list show update delete export help" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand session; and not __fish_seen_subcommand_from create list show update delete export help" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and not __fish_seen_subcommand_from create list show update delete export help" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and not __fish_seen_subcommand_from create list show update delete export help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand session; and not __fish_seen_subcommand_from create list show update delete export help" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand session; and not __fish_seen_subcommand_from create list show update delete export help" -f -a "create" -d 'Begin a session and print its name'
complete -c llmc -n "__fish_llmc_using_subcommand session; and not __fish_seen_subcommand_from create list show update delete export help" -f -a "list" -d 'List the sessions'
complete -c llmc -n "__fish_llmc_using_subcommand session; and not __fish_seen_subcommand_from create list show update delete export help" -f -a "show" -d 'Show a session and what was said in it'
complete -c llmc -n "__fish_llmc_using_subcommand session; and not __fish_seen_subcommand_from create list show update delete export help" -f -a "update" -d 'Change what is kept with a session, or its system text'
complete -c llmc -n "__fish_llmc_using_subcommand session; and not __fish_seen_subcommand_from create list show update delete export help" -f -a "delete" -d 'Delete sessions'
complete -c llmc -n "__fish_llmc_using_subcommand session; and not __fish_seen_subcommand_from create list show update delete export help" -f -a "export" -d 'Print a session whole, to be kept or read elsewhere'
complete -c llmc -n "__fish_llmc_using_subcommand session; and not __fish_seen_subcommand_from create list show update delete export help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from create" -l id -d 'Its name: letters, digits and `-_.:`; without one it gets a name that nobody can guess' -r
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from create" -s s -l system -d 'The system text of its conversation' -r
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from create" -l data -d 'Anything to be kept with it, as a JSON object' -r
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from create" -l ttl -d 'How long it is kept after its last use, in place of `session.ttl`' -r
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from create" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from create" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from create" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from create" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from create" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from create" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from create" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from create" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from list" -s n -l limit -d 'List at most this many' -r
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from list" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from list" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from list" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from list" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from list" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from list" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from show" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from show" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from show" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from show" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from show" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from show" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from update" -l data -d 'A JSON merge patch (RFC 7396): members replace those of their names, null takes one away' -r
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from update" -s s -l system -d 'The new system text; an empty one takes it away' -r
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from update" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from update" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from update" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from update" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from update" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from update" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from update" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from update" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from update" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from update" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from update" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from delete" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from delete" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from delete" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from delete" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from delete" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from delete" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from delete" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from delete" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from export" -l format -d 'In which form' -r -f -a "json\t'All of it'
markdown\t'What was said, for people'"
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from export" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from export" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from export" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from export" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from export" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from export" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from export" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from export" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "create" -d 'Begin a session and print its name'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the sessions'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show a session and what was said in it'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "update" -d 'Change what is kept with a session, or its system text'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Delete sessions'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "export" -d 'Print a session whole, to be kept or read elsewhere'
complete -c llmc -n "__fish_llmc_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c llmc -n "__fish_llmc_using_subcommand exec" -l mode -d 'How the cache may be used [env: LLMC_MODE]' -r -f -a "auto\t'From the cache, else call and keep'
replay\t'From the cache, else fail'
refresh\t'Call and keep'
off\t'Call; leave the cache alone'"
complete -c llmc -n "__fish_llmc_using_subcommand exec" -l cassette -d 'Record answers in this file and replay them from it; made to be committed' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand exec" -l namespace -d 'Keep answers apart from those of other namespaces' -r
complete -c llmc -n "__fish_llmc_using_subcommand exec" -l max-cost -d 'Spend no more than this in all; a call that may go beyond what is left is refused' -r
complete -c llmc -n "__fish_llmc_using_subcommand exec" -l wait -d 'How long a call waits for a place within llmc\'s own limits' -r
complete -c llmc -n "__fish_llmc_using_subcommand exec" -l run -d 'Count it under this run; a new one where none is named' -r
complete -c llmc -n "__fish_llmc_using_subcommand exec" -l fail-under -d 'Exit with 10 where the command went well and its hit rate is below this percentage, or there is none' -r
complete -c llmc -n "__fish_llmc_using_subcommand exec" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand exec" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand exec" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand exec" -l offline -d 'Answer from the cache or fail; nothing leaves this machine'
complete -c llmc -n "__fish_llmc_using_subcommand exec" -l refresh -d 'Call, and keep the new answers in place of the old'
complete -c llmc -n "__fish_llmc_using_subcommand exec" -l no-cache -d 'Call, and leave the cache alone'
complete -c llmc -n "__fish_llmc_using_subcommand exec" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand exec" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand exec" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand exec" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand exec" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand exec" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand exec" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand exec" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand stats" -l since -d 'Only what happened this long ago or later, to the hour' -r
complete -c llmc -n "__fish_llmc_using_subcommand stats" -l by -d 'Also show each of these by itself' -r -f -a "model\t''
provider\t''
namespace\t''
day\t''
run\t''"
complete -c llmc -n "__fish_llmc_using_subcommand stats" -l run -d 'Only this run' -r
complete -c llmc -n "__fish_llmc_using_subcommand stats" -l fail-under -d 'Exit with 10 where the hit rate is below this percentage, or there is none' -r
complete -c llmc -n "__fish_llmc_using_subcommand stats" -l fail-over-cost -d 'Exit with 10 where more dollars were spent' -r
complete -c llmc -n "__fish_llmc_using_subcommand stats" -l format -d 'How to print; `--json` is the same as `--format json`' -r -f -a "text\t'For people'
json\t'One object'
ndjson\t'An object a line: all, then each group'
prometheus\t'Prometheus\' text format, for a textfile collector'
github\t'A table for `$GITHUB_STEP_SUMMARY`'
csv\t'A row for all, then one for each group'"
complete -c llmc -n "__fish_llmc_using_subcommand stats" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand stats" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand stats" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand stats" -l local -d 'Only this machine\'s daemon, where others share the store'
complete -c llmc -n "__fish_llmc_using_subcommand stats" -l fail-unpriced -d 'Exit with 10 where an answer is of a model without a known price'
complete -c llmc -n "__fish_llmc_using_subcommand stats" -l chart -d 'Draw hit rate and savings day by day; the last 30 days, unless `--since` says otherwise'
complete -c llmc -n "__fish_llmc_using_subcommand stats" -l watch -d 'Watch what the daemon does, live, on a terminal'
complete -c llmc -n "__fish_llmc_using_subcommand stats" -l reset -d 'Forget every counter'
complete -c llmc -n "__fish_llmc_using_subcommand stats" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand stats" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand stats" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand stats" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand stats" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand stats" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand stats" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand stats" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand dashboard" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand dashboard" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand dashboard" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand dashboard" -l no-open -d 'Print the address, and open no browser'
complete -c llmc -n "__fish_llmc_using_subcommand dashboard" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand dashboard" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand dashboard" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand dashboard" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand dashboard" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand dashboard" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand dashboard" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand dashboard" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and not __fish_seen_subcommand_from list show diff key delete export import verify purge help" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand cache; and not __fish_seen_subcommand_from list show diff key delete export import verify purge help" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand cache; and not __fish_seen_subcommand_from list show diff key delete export import verify purge help" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand cache; and not __fish_seen_subcommand_from list show diff key delete export import verify purge help" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and not __fish_seen_subcommand_from list show diff key delete export import verify purge help" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and not __fish_seen_subcommand_from list show diff key delete export import verify purge help" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and not __fish_seen_subcommand_from list show diff key delete export import verify purge help" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and not __fish_seen_subcommand_from list show diff key delete export import verify purge help" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and not __fish_seen_subcommand_from list show diff key delete export import verify purge help" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and not __fish_seen_subcommand_from list show diff key delete export import verify purge help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and not __fish_seen_subcommand_from list show diff key delete export import verify purge help" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and not __fish_seen_subcommand_from list show diff key delete export import verify purge help" -f -a "list" -d 'List the answers that are kept'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and not __fish_seen_subcommand_from list show diff key delete export import verify purge help" -f -a "show" -d 'Show one answer and the request it belongs to'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and not __fish_seen_subcommand_from list show diff key delete export import verify purge help" -f -a "diff" -d 'Tell the first field in which what was asked for two answers differs'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and not __fish_seen_subcommand_from list show diff key delete export import verify purge help" -f -a "key" -d 'Print the key a prompt would have, and with `--json` what it is made of'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and not __fish_seen_subcommand_from list show diff key delete export import verify purge help" -f -a "delete" -d 'Forget answers, by their keys'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and not __fish_seen_subcommand_from list show diff key delete export import verify purge help" -f -a "export" -d 'Write answers to a file, a line each, to be imported elsewhere'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and not __fish_seen_subcommand_from list show diff key delete export import verify purge help" -f -a "import" -d 'Keep the answers of a file that was exported, here or elsewhere'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and not __fish_seen_subcommand_from list show diff key delete export import verify purge help" -f -a "verify" -d 'Read every answer that is kept, and name those that can never be served'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and not __fish_seen_subcommand_from list show diff key delete export import verify purge help" -f -a "purge" -d 'Forget every answer that a filter fits'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and not __fish_seen_subcommand_from list show diff key delete export import verify purge help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from list" -s m -l model -d 'Entries of this model' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from list" -s p -l provider -d 'Entries of this provider' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from list" -l namespace -d 'Entries in this namespace' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from list" -l older-than -d 'Entries kept longer ago than this' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from list" -l grep -d 'Entries whose prompt or answer contains this text' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from list" -l sort -d 'The order: most first, newest first, largest first' -r -f -a "hits\t''
age\t''
size\t''
saved\t''"
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from list" -s n -l limit -d 'List at most this many' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from list" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from list" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from list" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from list" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from list" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from list" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from show" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from show" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from show" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from show" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from show" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from show" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from diff" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from diff" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from diff" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from diff" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from diff" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from diff" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from diff" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from diff" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from diff" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from diff" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -s f -l file -d 'Add a file: text with its name before it, an image as an image' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -s a -l attach -d 'Attach an image' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -s s -l system -d 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l system-file -d 'Read the system text from a file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -s m -l model -d 'The model: `provider/model`, one that `llmc models` lists, or an alias' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -s p -l provider -d 'The provider, where the model does not name one' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l fallback -d 'Ask this model where the first is away, failing, too slow or too busy; may be given again, for a longer chain' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -s t -l temperature -d 'Sampling temperature' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l max-tokens -d 'The most tokens the answer may have' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l top-p -d 'Nucleus sampling: choose among the likeliest tokens up to this probability' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l seed -d 'Sampling seed' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l stop -d 'End the answer before this text; may be given again' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l schema -d 'The JSON Schema the answer must fit: a file, or the schema itself; exit code 8 where it does not' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l schema-retries -d 'How many times an answer that does not fit the schema is asked for again; each call is paid for' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -s o -l option -d 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l sample -d 'Ask for the Nth of several answers to the same prompt, each kept by itself' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l mode -d 'How the cache may be used [env: LLMC_MODE]' -r -f -a "auto\t'From the cache, else call and keep'
replay\t'From the cache, else fail'
refresh\t'Call and keep'
off\t'Call; leave the cache alone'"
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l ttl -d 'How long a new answer stays fresh, such as `90s`, `1h 30m` or `7d`' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l max-age -d 'Use no kept answer older than this' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l cassette -d 'Record answers in this file and replay them from it; made to be committed' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l namespace -d 'Keep answers apart from those of other namespaces' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l timeout -d 'Wait at most this long for the answer' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l retries -d 'How many times a failed call is tried again' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l run -d 'Count it under this run, for `stats --run`' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l session -d 'Go on with this session: send what was said in it, and add the question and its answer' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l wait -d 'Wait for llmc\'s own limit instead of failing; at most 10 minutes, or as long as is said' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l max-cost -d 'Fail rather than make a call that is estimated to cost more' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -s O -l output -d 'Write the answer to a file, whole or not at all' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l no-stdin -d 'Do not read standard input; for `while read` loops'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l no-fallback -d 'Ask no other model, whatever the settings say'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l offline -d 'Answer from the cache or fail with exit code 3; never call out'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l refresh -d 'Call, and keep the new answer in place of the old'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l no-cache -d 'Call, and leave the cache alone'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -s c -l continue -d 'Go on with the session used last; begin one where there is none'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l dry-run -d 'Show the key, whether it would be a hit, tokens and cost; call nothing'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l count -d 'With `--dry-run`: ask the provider how many tokens the prompt is, where its API tells; costs nothing'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l stream -d 'Print the answer as it comes, even into a pipe'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l no-stream -d 'Print the answer when it is whole, even on a terminal'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -s x -l extract -d 'Print the first fenced code block only; the whole text where there is none'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l raw -d 'Print the provider\'s own JSON'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -s u -l usage -d 'Print one line on standard error: hit or miss, tokens, money, time'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from key" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from delete" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from delete" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from delete" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from delete" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from delete" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from delete" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from delete" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from delete" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from export" -s m -l model -d 'Entries of this model' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from export" -s p -l provider -d 'Entries of this provider' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from export" -l namespace -d 'Entries in this namespace' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from export" -l older-than -d 'Entries kept longer ago than this' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from export" -l grep -d 'Entries whose prompt or answer contains this text' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from export" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from export" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from export" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from export" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from export" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from export" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from export" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from export" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from import" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from import" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from import" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from import" -l force -d 'Replace other answers to the same prompts'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from import" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from import" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from import" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from import" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from import" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from import" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from verify" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from verify" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from verify" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from verify" -l delete -d 'Remove them'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from verify" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from verify" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from verify" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from verify" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from verify" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from purge" -s m -l model -d 'Entries of this model' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from purge" -s p -l provider -d 'Entries of this provider' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from purge" -l namespace -d 'Entries in this namespace' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from purge" -l older-than -d 'Entries kept longer ago than this' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from purge" -l grep -d 'Entries whose prompt or answer contains this text' -r
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from purge" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from purge" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from purge" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from purge" -l all -d 'Everything'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from purge" -l dry-run -d 'Only count them'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from purge" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from purge" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from purge" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from purge" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from purge" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from purge" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from purge" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from purge" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the answers that are kept'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show one answer and the request it belongs to'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from help" -f -a "diff" -d 'Tell the first field in which what was asked for two answers differs'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from help" -f -a "key" -d 'Print the key a prompt would have, and with `--json` what it is made of'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Forget answers, by their keys'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from help" -f -a "export" -d 'Write answers to a file, a line each, to be imported elsewhere'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from help" -f -a "import" -d 'Keep the answers of a file that was exported, here or elsewhere'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from help" -f -a "verify" -d 'Read every answer that is kept, and name those that can never be served'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from help" -f -a "purge" -d 'Forget every answer that a filter fits'
complete -c llmc -n "__fish_llmc_using_subcommand cache; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c llmc -n "__fish_llmc_using_subcommand models" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand models" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand models" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand models" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand models" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand models" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand models" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand models" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand models" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand models" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand models" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand providers" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand providers" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand providers" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand providers" -l check -d 'Ask each whether it is there and takes the key'
complete -c llmc -n "__fish_llmc_using_subcommand providers" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand providers" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand providers" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand providers" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand providers" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand providers" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand providers" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand providers" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand limits" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand limits" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand limits" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand limits" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand limits" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand limits" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand limits" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand limits" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand limits" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand limits" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand limits" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand doctor" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand doctor" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand doctor" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand doctor" -l offline -d 'Ask no provider'
complete -c llmc -n "__fish_llmc_using_subcommand doctor" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand doctor" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand doctor" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand doctor" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand doctor" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand doctor" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand doctor" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status run install uninstall token reload logs help" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status run install uninstall token reload logs help" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status run install uninstall token reload logs help" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status run install uninstall token reload logs help" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status run install uninstall token reload logs help" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status run install uninstall token reload logs help" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status run install uninstall token reload logs help" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status run install uninstall token reload logs help" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status run install uninstall token reload logs help" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status run install uninstall token reload logs help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status run install uninstall token reload logs help" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status run install uninstall token reload logs help" -f -a "start" -d 'Start the daemon; succeeds where it is running'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status run install uninstall token reload logs help" -f -a "stop" -d 'Stop the daemon, once the calls in the air have ended'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status run install uninstall token reload logs help" -f -a "restart" -d 'Stop the daemon and start it again'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status run install uninstall token reload logs help" -f -a "status" -d 'Show whether and how the daemon runs'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status run install uninstall token reload logs help" -f -a "run" -d 'Run a daemon in the foreground, as service managers want it'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status run install uninstall token reload logs help" -f -a "install" -d 'Have this system\'s service manager look after the daemon'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status run install uninstall token reload logs help" -f -a "uninstall" -d 'Take that service away; data, settings and log stay'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status run install uninstall token reload logs help" -f -a "token" -d 'Print the token that programs send as their API key over TCP'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status run install uninstall token reload logs help" -f -a "reload" -d 'Have the daemon read its settings again'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status run install uninstall token reload logs help" -f -a "logs" -d 'Print the daemon\'s log'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and not __fish_seen_subcommand_from start stop restart status run install uninstall token reload logs help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from start" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from start" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from start" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from start" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from start" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from start" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from start" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from start" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from start" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from start" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from start" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from stop" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from stop" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from stop" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from stop" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from stop" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from stop" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from stop" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from stop" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from stop" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from stop" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from stop" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from restart" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from restart" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from restart" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from restart" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from restart" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from restart" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from restart" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from restart" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from restart" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from restart" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from restart" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from status" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from status" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from status" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from status" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from status" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from status" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from status" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from status" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from run" -l idle-exit -d 'Leave after this long without a request' -r
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from run" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from run" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from run" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from run" -l detached -d 'Leave the terminal behind'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from run" -l log-to-file -d 'Write the log to its file, where `llmc daemon logs` reads it, rather than to standard error'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from run" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from run" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from run" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from run" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from run" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from run" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from run" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from install" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from install" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from install" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from install" -l print -d 'Show the files and write nothing'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from install" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from install" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from install" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from install" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from install" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from install" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from install" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from install" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from uninstall" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from uninstall" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from uninstall" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from uninstall" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from uninstall" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from uninstall" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from uninstall" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from uninstall" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from uninstall" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from uninstall" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from uninstall" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from token" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from token" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from token" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from token" -l rotate -d 'Make a new one first; the old one opens nothing any more'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from token" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from token" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from token" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from token" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from token" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from token" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from token" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from token" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from reload" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from reload" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from reload" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from reload" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from reload" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from reload" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from reload" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from reload" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from reload" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from reload" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from reload" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from logs" -s n -l lines -d 'At most this many lines, from the end' -r
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from logs" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from logs" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from logs" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from logs" -s f -l follow -d 'Go on with what is written from now on, until interrupted'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from logs" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from logs" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from logs" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from logs" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from logs" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from logs" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from logs" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from logs" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from help" -f -a "start" -d 'Start the daemon; succeeds where it is running'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from help" -f -a "stop" -d 'Stop the daemon, once the calls in the air have ended'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from help" -f -a "restart" -d 'Stop the daemon and start it again'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show whether and how the daemon runs'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from help" -f -a "run" -d 'Run a daemon in the foreground, as service managers want it'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from help" -f -a "install" -d 'Have this system\'s service manager look after the daemon'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from help" -f -a "uninstall" -d 'Take that service away; data, settings and log stay'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from help" -f -a "token" -d 'Print the token that programs send as their API key over TCP'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from help" -f -a "reload" -d 'Have the daemon read its settings again'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from help" -f -a "logs" -d 'Print the daemon\'s log'
complete -c llmc -n "__fish_llmc_using_subcommand daemon; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c llmc -n "__fish_llmc_using_subcommand config; and not __fish_seen_subcommand_from path show get set unset init check help" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand config; and not __fish_seen_subcommand_from path show get set unset init check help" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand config; and not __fish_seen_subcommand_from path show get set unset init check help" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand config; and not __fish_seen_subcommand_from path show get set unset init check help" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand config; and not __fish_seen_subcommand_from path show get set unset init check help" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and not __fish_seen_subcommand_from path show get set unset init check help" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and not __fish_seen_subcommand_from path show get set unset init check help" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand config; and not __fish_seen_subcommand_from path show get set unset init check help" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and not __fish_seen_subcommand_from path show get set unset init check help" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and not __fish_seen_subcommand_from path show get set unset init check help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand config; and not __fish_seen_subcommand_from path show get set unset init check help" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand config; and not __fish_seen_subcommand_from path show get set unset init check help" -f -a "path" -d 'Print where the settings file is'
complete -c llmc -n "__fish_llmc_using_subcommand config; and not __fish_seen_subcommand_from path show get set unset init check help" -f -a "show" -d 'Print every setting'
complete -c llmc -n "__fish_llmc_using_subcommand config; and not __fish_seen_subcommand_from path show get set unset init check help" -f -a "get" -d 'Print one setting'
complete -c llmc -n "__fish_llmc_using_subcommand config; and not __fish_seen_subcommand_from path show get set unset init check help" -f -a "set" -d 'Change one setting in the file, keeping its comments'
complete -c llmc -n "__fish_llmc_using_subcommand config; and not __fish_seen_subcommand_from path show get set unset init check help" -f -a "unset" -d 'Take one setting out of the file, so that what is built in is in force again'
complete -c llmc -n "__fish_llmc_using_subcommand config; and not __fish_seen_subcommand_from path show get set unset init check help" -f -a "init" -d 'Write a commented settings file'
complete -c llmc -n "__fish_llmc_using_subcommand config; and not __fish_seen_subcommand_from path show get set unset init check help" -f -a "check" -d 'Check the settings file'
complete -c llmc -n "__fish_llmc_using_subcommand config; and not __fish_seen_subcommand_from path show get set unset init check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from path" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from path" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from path" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from path" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from path" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from path" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from path" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from path" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from path" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from path" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from show" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from show" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from show" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from show" -l origin -d 'Also show where each value comes from'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from show" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from show" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from show" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from get" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from get" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from get" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from get" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from get" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from get" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from get" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from get" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from set" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from set" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from set" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from set" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from set" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from set" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from set" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from set" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from unset" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from unset" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from unset" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from unset" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from unset" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from unset" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from unset" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from unset" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from unset" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from unset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from unset" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from init" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from init" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from init" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from init" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from init" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from init" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from init" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from init" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from init" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from init" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from check" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from check" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from check" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from check" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from check" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from check" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from check" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from check" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "path" -d 'Print where the settings file is'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "show" -d 'Print every setting'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "get" -d 'Print one setting'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "set" -d 'Change one setting in the file, keeping its comments'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "unset" -d 'Take one setting out of the file, so that what is built in is in force again'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "init" -d 'Write a commented settings file'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "check" -d 'Check the settings file'
complete -c llmc -n "__fish_llmc_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c llmc -n "__fish_llmc_using_subcommand completions" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand completions" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand completions" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand completions" -l dynamic -d 'A script that has the shell ask llmc'
complete -c llmc -n "__fish_llmc_using_subcommand completions" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand completions" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand completions" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand completions" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand completions" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand completions" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand completions" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand man" -l config -d 'Read settings from this file' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand man" -l socket -d 'Speak to the daemon on this socket' -r -F
complete -c llmc -n "__fish_llmc_using_subcommand man" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal that has it'
always\t'Always'
never\t'Never'"
complete -c llmc -n "__fish_llmc_using_subcommand man" -l json -d 'Print one JSON object on standard output, errors as one on standard error'
complete -c llmc -n "__fish_llmc_using_subcommand man" -s q -l quiet -d 'Print nothing on standard error but errors [env: LLMC_QUIET]'
complete -c llmc -n "__fish_llmc_using_subcommand man" -s v -l verbose -d 'Say more of what is done [env: LLMC_VERBOSE]'
complete -c llmc -n "__fish_llmc_using_subcommand man" -l no-progress -d 'Show no progress'
complete -c llmc -n "__fish_llmc_using_subcommand man" -l no-daemon -d 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand man" -l require-daemon -d 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
complete -c llmc -n "__fish_llmc_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c llmc -n "__fish_llmc_using_subcommand man" -s V -l version -d 'Print version'
complete -c llmc -n "__fish_llmc_using_subcommand help; and not __fish_seen_subcommand_from generate batch workflow session exec stats dashboard cache models providers limits doctor daemon config completions man help" -f -a "generate" -d 'Answer one prompt, from the cache or the provider'
complete -c llmc -n "__fish_llmc_using_subcommand help; and not __fish_seen_subcommand_from generate batch workflow session exec stats dashboard cache models providers limits doctor daemon config completions man help" -f -a "batch" -d 'Answer many prompts, one a line, in order, with as many calls at once as the provider takes'
complete -c llmc -n "__fish_llmc_using_subcommand help; and not __fish_seen_subcommand_from generate batch workflow session exec stats dashboard cache models providers limits doctor daemon config completions man help" -f -a "workflow" -d 'Ask several prompts that build on each other, as a file says'
complete -c llmc -n "__fish_llmc_using_subcommand help; and not __fish_seen_subcommand_from generate batch workflow session exec stats dashboard cache models providers limits doctor daemon config completions man help" -f -a "session" -d 'Look at and manage conversations'
complete -c llmc -n "__fish_llmc_using_subcommand help; and not __fish_seen_subcommand_from generate batch workflow session exec stats dashboard cache models providers limits doctor daemon config completions man help" -f -a "exec" -d 'Run a program with its calls to models going through the cache'
complete -c llmc -n "__fish_llmc_using_subcommand help; and not __fish_seen_subcommand_from generate batch workflow session exec stats dashboard cache models providers limits doctor daemon config completions man help" -f -a "stats" -d 'Show hits, misses, and money saved and spent'
complete -c llmc -n "__fish_llmc_using_subcommand help; and not __fish_seen_subcommand_from generate batch workflow session exec stats dashboard cache models providers limits doctor daemon config completions man help" -f -a "dashboard" -d 'Show hits, misses, money, limits and what is kept on a page in the browser'
complete -c llmc -n "__fish_llmc_using_subcommand help; and not __fish_seen_subcommand_from generate batch workflow session exec stats dashboard cache models providers limits doctor daemon config completions man help" -f -a "cache" -d 'Look at and manage what is kept'
complete -c llmc -n "__fish_llmc_using_subcommand help; and not __fish_seen_subcommand_from generate batch workflow session exec stats dashboard cache models providers limits doctor daemon config completions man help" -f -a "models" -d 'Show the known models, with prices'
complete -c llmc -n "__fish_llmc_using_subcommand help; and not __fish_seen_subcommand_from generate batch workflow session exec stats dashboard cache models providers limits doctor daemon config completions man help" -f -a "providers" -d 'Show the providers, and whether there is a key for each'
complete -c llmc -n "__fish_llmc_using_subcommand help; and not __fish_seen_subcommand_from generate batch workflow session exec stats dashboard cache models providers limits doctor daemon config completions man help" -f -a "limits" -d 'Show the calls left within the limits'
complete -c llmc -n "__fish_llmc_using_subcommand help; and not __fish_seen_subcommand_from generate batch workflow session exec stats dashboard cache models providers limits doctor daemon config completions man help" -f -a "doctor" -d 'Look at everything a call leans on, and say what to do about what is not well'
complete -c llmc -n "__fish_llmc_using_subcommand help; and not __fish_seen_subcommand_from generate batch workflow session exec stats dashboard cache models providers limits doctor daemon config completions man help" -f -a "daemon" -d 'Start, stop and look after the daemon'
complete -c llmc -n "__fish_llmc_using_subcommand help; and not __fish_seen_subcommand_from generate batch workflow session exec stats dashboard cache models providers limits doctor daemon config completions man help" -f -a "config" -d 'Show and change settings'
complete -c llmc -n "__fish_llmc_using_subcommand help; and not __fish_seen_subcommand_from generate batch workflow session exec stats dashboard cache models providers limits doctor daemon config completions man help" -f -a "completions" -d 'Print a completion script for a shell'
complete -c llmc -n "__fish_llmc_using_subcommand help; and not __fish_seen_subcommand_from generate batch workflow session exec stats dashboard cache models providers limits doctor daemon config completions man help" -f -a "man" -d 'Print the manual page, or write all of them to a folder'
complete -c llmc -n "__fish_llmc_using_subcommand help; and not __fish_seen_subcommand_from generate batch workflow session exec stats dashboard cache models providers limits doctor daemon config completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from workflow" -f -a "run" -d 'Run a workflow and print its output'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from workflow" -f -a "check" -d 'Check a workflow; ask nobody'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from workflow" -f -a "graph" -d 'Print which step waits for which, as a Mermaid flowchart'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from workflow" -f -a "generate" -d 'Have a model write a workflow, and print it'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from session" -f -a "create" -d 'Begin a session and print its name'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from session" -f -a "list" -d 'List the sessions'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from session" -f -a "show" -d 'Show a session and what was said in it'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from session" -f -a "update" -d 'Change what is kept with a session, or its system text'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from session" -f -a "delete" -d 'Delete sessions'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from session" -f -a "export" -d 'Print a session whole, to be kept or read elsewhere'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from cache" -f -a "list" -d 'List the answers that are kept'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from cache" -f -a "show" -d 'Show one answer and the request it belongs to'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from cache" -f -a "diff" -d 'Tell the first field in which what was asked for two answers differs'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from cache" -f -a "key" -d 'Print the key a prompt would have, and with `--json` what it is made of'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from cache" -f -a "delete" -d 'Forget answers, by their keys'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from cache" -f -a "export" -d 'Write answers to a file, a line each, to be imported elsewhere'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from cache" -f -a "import" -d 'Keep the answers of a file that was exported, here or elsewhere'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from cache" -f -a "verify" -d 'Read every answer that is kept, and name those that can never be served'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from cache" -f -a "purge" -d 'Forget every answer that a filter fits'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from daemon" -f -a "start" -d 'Start the daemon; succeeds where it is running'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from daemon" -f -a "stop" -d 'Stop the daemon, once the calls in the air have ended'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from daemon" -f -a "restart" -d 'Stop the daemon and start it again'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from daemon" -f -a "status" -d 'Show whether and how the daemon runs'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from daemon" -f -a "run" -d 'Run a daemon in the foreground, as service managers want it'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from daemon" -f -a "install" -d 'Have this system\'s service manager look after the daemon'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from daemon" -f -a "uninstall" -d 'Take that service away; data, settings and log stay'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from daemon" -f -a "token" -d 'Print the token that programs send as their API key over TCP'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from daemon" -f -a "reload" -d 'Have the daemon read its settings again'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from daemon" -f -a "logs" -d 'Print the daemon\'s log'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "path" -d 'Print where the settings file is'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "show" -d 'Print every setting'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "get" -d 'Print one setting'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "set" -d 'Change one setting in the file, keeping its comments'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "unset" -d 'Take one setting out of the file, so that what is built in is in force again'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "init" -d 'Write a commented settings file'
complete -c llmc -n "__fish_llmc_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "check" -d 'Check the settings file'
