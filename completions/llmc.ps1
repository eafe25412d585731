
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'llmc' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'llmc'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'llmc' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Answer one prompt, from the cache or the provider')
            [CompletionResult]::new('g', 'g', [CompletionResultType]::ParameterValue, 'Answer one prompt, from the cache or the provider')
            [CompletionResult]::new('batch', 'batch', [CompletionResultType]::ParameterValue, 'Answer many prompts, one a line, in order, with as many calls at once as the provider takes')
            [CompletionResult]::new('workflow', 'workflow', [CompletionResultType]::ParameterValue, 'Ask several prompts that build on each other, as a file says')
            [CompletionResult]::new('session', 'session', [CompletionResultType]::ParameterValue, 'Look at and manage conversations')
            [CompletionResult]::new('exec', 'exec', [CompletionResultType]::ParameterValue, 'Run a program with its calls to models going through the cache')
            [CompletionResult]::new('stats', 'stats', [CompletionResultType]::ParameterValue, 'Show hits, misses, and money saved and spent')
            [CompletionResult]::new('dashboard', 'dashboard', [CompletionResultType]::ParameterValue, 'Show hits, misses, money, limits and what is kept on a page in the browser')
            [CompletionResult]::new('cache', 'cache', [CompletionResultType]::ParameterValue, 'Look at and manage what is kept')
            [CompletionResult]::new('models', 'models', [CompletionResultType]::ParameterValue, 'Show the known models, with prices')
            [CompletionResult]::new('providers', 'providers', [CompletionResultType]::ParameterValue, 'Show the providers, and whether there is a key for each')
            [CompletionResult]::new('limits', 'limits', [CompletionResultType]::ParameterValue, 'Show the calls left within the limits')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Look at everything a call leans on, and say what to do about what is not well')
            [CompletionResult]::new('daemon', 'daemon', [CompletionResultType]::ParameterValue, 'Start, stop and look after the daemon')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show and change settings')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page, or write all of them to a folder')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'llmc;generate' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Add a file: text with its name before it, an image as an image')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Add a file: text with its name before it, an image as an image')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'Attach an image')
            [CompletionResult]::new('--attach', '--attach', [CompletionResultType]::ParameterName, 'Attach an image')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]')
            [CompletionResult]::new('--system', '--system', [CompletionResultType]::ParameterName, 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]')
            [CompletionResult]::new('--system-file', '--system-file', [CompletionResultType]::ParameterName, 'Read the system text from a file')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'The model: `provider/model`, one that `llmc models` lists, or an alias')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'The model: `provider/model`, one that `llmc models` lists, or an alias')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The provider, where the model does not name one')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'The provider, where the model does not name one')
            [CompletionResult]::new('--fallback', '--fallback', [CompletionResultType]::ParameterName, 'Ask this model where the first is away, failing, too slow or too busy; may be given again, for a longer chain')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Sampling temperature')
            [CompletionResult]::new('--temperature', '--temperature', [CompletionResultType]::ParameterName, 'Sampling temperature')
            [CompletionResult]::new('--max-tokens', '--max-tokens', [CompletionResultType]::ParameterName, 'The most tokens the answer may have')
            [CompletionResult]::new('--top-p', '--top-p', [CompletionResultType]::ParameterName, 'Nucleus sampling: choose among the likeliest tokens up to this probability')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Sampling seed')
            [CompletionResult]::new('--stop', '--stop', [CompletionResultType]::ParameterName, 'End the answer before this text; may be given again')
            [CompletionResult]::new('--schema', '--schema', [CompletionResultType]::ParameterName, 'The JSON Schema the answer must fit: a file, or the schema itself; exit code 8 where it does not')
            [CompletionResult]::new('--schema-retries', '--schema-retries', [CompletionResultType]::ParameterName, 'How many times an answer that does not fit the schema is asked for again; each call is paid for')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again')
            [CompletionResult]::new('--option', '--option', [CompletionResultType]::ParameterName, 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again')
            [CompletionResult]::new('--sample', '--sample', [CompletionResultType]::ParameterName, 'Ask for the Nth of several answers to the same prompt, each kept by itself')
            [CompletionResult]::new('--mode', '--mode', [CompletionResultType]::ParameterName, 'How the cache may be used [env: LLMC_MODE]')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'How long a new answer stays fresh, such as `90s`, `1h 30m` or `7d`')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Use no kept answer older than this')
            [CompletionResult]::new('--cassette', '--cassette', [CompletionResultType]::ParameterName, 'Record answers in this file and replay them from it; made to be committed')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Keep answers apart from those of other namespaces')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Wait at most this long for the answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How many times a failed call is tried again')
            [CompletionResult]::new('--run', '--run', [CompletionResultType]::ParameterName, 'Count it under this run, for `stats --run`')
            [CompletionResult]::new('--session', '--session', [CompletionResultType]::ParameterName, 'Go on with this session: send what was said in it, and add the question and its answer')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait for llmc''s own limit instead of failing; at most 10 minutes, or as long as is said')
            [CompletionResult]::new('--max-cost', '--max-cost', [CompletionResultType]::ParameterName, 'Fail rather than make a call that is estimated to cost more')
            [CompletionResult]::new('-O', '-O ', [CompletionResultType]::ParameterName, 'Write the answer to a file, whole or not at all')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the answer to a file, whole or not at all')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-stdin', '--no-stdin', [CompletionResultType]::ParameterName, 'Do not read standard input; for `while read` loops')
            [CompletionResult]::new('--no-fallback', '--no-fallback', [CompletionResultType]::ParameterName, 'Ask no other model, whatever the settings say')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Answer from the cache or fail with exit code 3; never call out')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Call, and keep the new answer in place of the old')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Call, and leave the cache alone')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Go on with the session used last; begin one where there is none')
            [CompletionResult]::new('--continue', '--continue', [CompletionResultType]::ParameterName, 'Go on with the session used last; begin one where there is none')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the key, whether it would be a hit, tokens and cost; call nothing')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'With `--dry-run`: ask the provider how many tokens the prompt is, where its API tells; costs nothing')
            [CompletionResult]::new('--stream', '--stream', [CompletionResultType]::ParameterName, 'Print the answer as it comes, even into a pipe')
            [CompletionResult]::new('--no-stream', '--no-stream', [CompletionResultType]::ParameterName, 'Print the answer when it is whole, even on a terminal')
            [CompletionResult]::new('-x', '-x', [CompletionResultType]::ParameterName, 'Print the first fenced code block only; the whole text where there is none')
            [CompletionResult]::new('--extract', '--extract', [CompletionResultType]::ParameterName, 'Print the first fenced code block only; the whole text where there is none')
            [CompletionResult]::new('--raw', '--raw', [CompletionResultType]::ParameterName, 'Print the provider''s own JSON')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'Print one line on standard error: hit or miss, tokens, money, time')
            [CompletionResult]::new('--usage', '--usage', [CompletionResultType]::ParameterName, 'Print one line on standard error: hit or miss, tokens, money, time')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;g' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Add a file: text with its name before it, an image as an image')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Add a file: text with its name before it, an image as an image')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'Attach an image')
            [CompletionResult]::new('--attach', '--attach', [CompletionResultType]::ParameterName, 'Attach an image')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]')
            [CompletionResult]::new('--system', '--system', [CompletionResultType]::ParameterName, 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]')
            [CompletionResult]::new('--system-file', '--system-file', [CompletionResultType]::ParameterName, 'Read the system text from a file')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'The model: `provider/model`, one that `llmc models` lists, or an alias')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'The model: `provider/model`, one that `llmc models` lists, or an alias')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The provider, where the model does not name one')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'The provider, where the model does not name one')
            [CompletionResult]::new('--fallback', '--fallback', [CompletionResultType]::ParameterName, 'Ask this model where the first is away, failing, too slow or too busy; may be given again, for a longer chain')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Sampling temperature')
            [CompletionResult]::new('--temperature', '--temperature', [CompletionResultType]::ParameterName, 'Sampling temperature')
            [CompletionResult]::new('--max-tokens', '--max-tokens', [CompletionResultType]::ParameterName, 'The most tokens the answer may have')
            [CompletionResult]::new('--top-p', '--top-p', [CompletionResultType]::ParameterName, 'Nucleus sampling: choose among the likeliest tokens up to this probability')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Sampling seed')
            [CompletionResult]::new('--stop', '--stop', [CompletionResultType]::ParameterName, 'End the answer before this text; may be given again')
            [CompletionResult]::new('--schema', '--schema', [CompletionResultType]::ParameterName, 'The JSON Schema the answer must fit: a file, or the schema itself; exit code 8 where it does not')
            [CompletionResult]::new('--schema-retries', '--schema-retries', [CompletionResultType]::ParameterName, 'How many times an answer that does not fit the schema is asked for again; each call is paid for')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again')
            [CompletionResult]::new('--option', '--option', [CompletionResultType]::ParameterName, 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again')
            [CompletionResult]::new('--sample', '--sample', [CompletionResultType]::ParameterName, 'Ask for the Nth of several answers to the same prompt, each kept by itself')
            [CompletionResult]::new('--mode', '--mode', [CompletionResultType]::ParameterName, 'How the cache may be used [env: LLMC_MODE]')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'How long a new answer stays fresh, such as `90s`, `1h 30m` or `7d`')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Use no kept answer older than this')
            [CompletionResult]::new('--cassette', '--cassette', [CompletionResultType]::ParameterName, 'Record answers in this file and replay them from it; made to be committed')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Keep answers apart from those of other namespaces')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Wait at most this long for the answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How many times a failed call is tried again')
            [CompletionResult]::new('--run', '--run', [CompletionResultType]::ParameterName, 'Count it under this run, for `stats --run`')
            [CompletionResult]::new('--session', '--session', [CompletionResultType]::ParameterName, 'Go on with this session: send what was said in it, and add the question and its answer')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait for llmc''s own limit instead of failing; at most 10 minutes, or as long as is said')
            [CompletionResult]::new('--max-cost', '--max-cost', [CompletionResultType]::ParameterName, 'Fail rather than make a call that is estimated to cost more')
            [CompletionResult]::new('-O', '-O ', [CompletionResultType]::ParameterName, 'Write the answer to a file, whole or not at all')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the answer to a file, whole or not at all')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-stdin', '--no-stdin', [CompletionResultType]::ParameterName, 'Do not read standard input; for `while read` loops')
            [CompletionResult]::new('--no-fallback', '--no-fallback', [CompletionResultType]::ParameterName, 'Ask no other model, whatever the settings say')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Answer from the cache or fail with exit code 3; never call out')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Call, and keep the new answer in place of the old')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Call, and leave the cache alone')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Go on with the session used last; begin one where there is none')
            [CompletionResult]::new('--continue', '--continue', [CompletionResultType]::ParameterName, 'Go on with the session used last; begin one where there is none')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the key, whether it would be a hit, tokens and cost; call nothing')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'With `--dry-run`: ask the provider how many tokens the prompt is, where its API tells; costs nothing')
            [CompletionResult]::new('--stream', '--stream', [CompletionResultType]::ParameterName, 'Print the answer as it comes, even into a pipe')
            [CompletionResult]::new('--no-stream', '--no-stream', [CompletionResultType]::ParameterName, 'Print the answer when it is whole, even on a terminal')
            [CompletionResult]::new('-x', '-x', [CompletionResultType]::ParameterName, 'Print the first fenced code block only; the whole text where there is none')
            [CompletionResult]::new('--extract', '--extract', [CompletionResultType]::ParameterName, 'Print the first fenced code block only; the whole text where there is none')
            [CompletionResult]::new('--raw', '--raw', [CompletionResultType]::ParameterName, 'Print the provider''s own JSON')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'Print one line on standard error: hit or miss, tokens, money, time')
            [CompletionResult]::new('--usage', '--usage', [CompletionResultType]::ParameterName, 'Print one line on standard error: hit or miss, tokens, money, time')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;batch' {
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Make each prompt from this template (minijinja); the fields of the line are its variables')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]')
            [CompletionResult]::new('--system', '--system', [CompletionResultType]::ParameterName, 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]')
            [CompletionResult]::new('--system-file', '--system-file', [CompletionResultType]::ParameterName, 'Read the system text from a file')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'The model: `provider/model`, one that `llmc models` lists, or an alias')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'The model: `provider/model`, one that `llmc models` lists, or an alias')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The provider, where the model does not name one')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'The provider, where the model does not name one')
            [CompletionResult]::new('--fallback', '--fallback', [CompletionResultType]::ParameterName, 'Ask this model where the first is away, failing, too slow or too busy; may be given again, for a longer chain')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Sampling temperature')
            [CompletionResult]::new('--temperature', '--temperature', [CompletionResultType]::ParameterName, 'Sampling temperature')
            [CompletionResult]::new('--max-tokens', '--max-tokens', [CompletionResultType]::ParameterName, 'The most tokens the answer may have')
            [CompletionResult]::new('--top-p', '--top-p', [CompletionResultType]::ParameterName, 'Nucleus sampling: choose among the likeliest tokens up to this probability')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Sampling seed')
            [CompletionResult]::new('--stop', '--stop', [CompletionResultType]::ParameterName, 'End the answer before this text; may be given again')
            [CompletionResult]::new('--schema', '--schema', [CompletionResultType]::ParameterName, 'The JSON Schema the answer must fit: a file, or the schema itself; exit code 8 where it does not')
            [CompletionResult]::new('--schema-retries', '--schema-retries', [CompletionResultType]::ParameterName, 'How many times an answer that does not fit the schema is asked for again; each call is paid for')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again')
            [CompletionResult]::new('--option', '--option', [CompletionResultType]::ParameterName, 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again')
            [CompletionResult]::new('--sample', '--sample', [CompletionResultType]::ParameterName, 'Ask for the Nth of several answers to the same prompt, each kept by itself')
            [CompletionResult]::new('--mode', '--mode', [CompletionResultType]::ParameterName, 'How the cache may be used [env: LLMC_MODE]')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'How long a new answer stays fresh, such as `90s`, `1h 30m` or `7d`')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Use no kept answer older than this')
            [CompletionResult]::new('--cassette', '--cassette', [CompletionResultType]::ParameterName, 'Record answers in this file and replay them from it; made to be committed')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Keep answers apart from those of other namespaces')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Wait at most this long for the answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How many times a failed call is tried again')
            [CompletionResult]::new('--run', '--run', [CompletionResultType]::ParameterName, 'Count it under this run, for `stats --run`')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Calls at once; without it, as many as the provider takes')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Calls at once; without it, as many as the provider takes')
            [CompletionResult]::new('--max-cost', '--max-cost', [CompletionResultType]::ParameterName, 'Begin no call that, as estimated, would bring the cost of all above this; hits go on')
            [CompletionResult]::new('--max-errors', '--max-errors', [CompletionResultType]::ParameterName, 'Stop after so many failed lines')
            [CompletionResult]::new('-O', '-O ', [CompletionResultType]::ParameterName, 'Write the rows to a file: whole when all lines are done, until then beside it as FILE.part')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the rows to a file: whole when all lines are done, until then beside it as FILE.part')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--lines', '--lines', [CompletionResultType]::ParameterName, 'Lines are plain text, a prompt each')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Lines are rows of CSV; the first one names the fields')
            [CompletionResult]::new('--no-fallback', '--no-fallback', [CompletionResultType]::ParameterName, 'Ask no other model, whatever the settings say')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Answer from the cache or fail with exit code 3; never call out')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Call, and keep the new answer in place of the old')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Call, and leave the cache alone')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show how many would be hits, tokens and cost; call nothing')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Keep the good rows that the output has, and do only lines that are missing, failed or changed')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;workflow' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Run a workflow and print its output')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check a workflow; ask nobody')
            [CompletionResult]::new('graph', 'graph', [CompletionResultType]::ParameterValue, 'Print which step waits for which, as a Mermaid flowchart')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Have a model write a workflow, and print it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'llmc;workflow;run' {
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'An input, as in `--input topic=rivers`; may be given again')
            [CompletionResult]::new('--input', '--input', [CompletionResultType]::ParameterName, 'An input, as in `--input topic=rivers`; may be given again')
            [CompletionResult]::new('--inputs', '--inputs', [CompletionResultType]::ParameterName, 'Read inputs from a JSON object in this file; those given by `--input` go first')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]')
            [CompletionResult]::new('--system', '--system', [CompletionResultType]::ParameterName, 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]')
            [CompletionResult]::new('--system-file', '--system-file', [CompletionResultType]::ParameterName, 'Read the system text from a file')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'The model: `provider/model`, one that `llmc models` lists, or an alias')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'The model: `provider/model`, one that `llmc models` lists, or an alias')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The provider, where the model does not name one')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'The provider, where the model does not name one')
            [CompletionResult]::new('--fallback', '--fallback', [CompletionResultType]::ParameterName, 'Ask this model where the first is away, failing, too slow or too busy; may be given again, for a longer chain')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Sampling temperature')
            [CompletionResult]::new('--temperature', '--temperature', [CompletionResultType]::ParameterName, 'Sampling temperature')
            [CompletionResult]::new('--max-tokens', '--max-tokens', [CompletionResultType]::ParameterName, 'The most tokens the answer may have')
            [CompletionResult]::new('--top-p', '--top-p', [CompletionResultType]::ParameterName, 'Nucleus sampling: choose among the likeliest tokens up to this probability')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Sampling seed')
            [CompletionResult]::new('--stop', '--stop', [CompletionResultType]::ParameterName, 'End the answer before this text; may be given again')
            [CompletionResult]::new('--schema', '--schema', [CompletionResultType]::ParameterName, 'The JSON Schema the answer must fit: a file, or the schema itself; exit code 8 where it does not')
            [CompletionResult]::new('--schema-retries', '--schema-retries', [CompletionResultType]::ParameterName, 'How many times an answer that does not fit the schema is asked for again; each call is paid for')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again')
            [CompletionResult]::new('--option', '--option', [CompletionResultType]::ParameterName, 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again')
            [CompletionResult]::new('--sample', '--sample', [CompletionResultType]::ParameterName, 'Ask for the Nth of several answers to the same prompt, each kept by itself')
            [CompletionResult]::new('--mode', '--mode', [CompletionResultType]::ParameterName, 'How the cache may be used [env: LLMC_MODE]')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'How long a new answer stays fresh, such as `90s`, `1h 30m` or `7d`')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Use no kept answer older than this')
            [CompletionResult]::new('--cassette', '--cassette', [CompletionResultType]::ParameterName, 'Record answers in this file and replay them from it; made to be committed')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Keep answers apart from those of other namespaces')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Wait at most this long for the answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How many times a failed call is tried again')
            [CompletionResult]::new('--run', '--run', [CompletionResultType]::ParameterName, 'Count it under this run, for `stats --run`')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Make at most this many calls side by side')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Make at most this many calls side by side')
            [CompletionResult]::new('--max-cost', '--max-cost', [CompletionResultType]::ParameterName, 'Fail rather than spend more on all calls together')
            [CompletionResult]::new('-O', '-O ', [CompletionResultType]::ParameterName, 'Write the output to a file, whole or not at all')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the output to a file, whole or not at all')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-fallback', '--no-fallback', [CompletionResultType]::ParameterName, 'Ask no other model, whatever the settings say')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Answer from the cache or fail with exit code 3; never call out')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Call, and keep the new answer in place of the old')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Call, and leave the cache alone')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what each step would come to, as far as its answers are kept, and the tokens and cost of that; call nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;workflow;check' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;workflow;graph' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;workflow;generate' {
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]')
            [CompletionResult]::new('--system', '--system', [CompletionResultType]::ParameterName, 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]')
            [CompletionResult]::new('--system-file', '--system-file', [CompletionResultType]::ParameterName, 'Read the system text from a file')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'The model: `provider/model`, one that `llmc models` lists, or an alias')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'The model: `provider/model`, one that `llmc models` lists, or an alias')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The provider, where the model does not name one')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'The provider, where the model does not name one')
            [CompletionResult]::new('--fallback', '--fallback', [CompletionResultType]::ParameterName, 'Ask this model where the first is away, failing, too slow or too busy; may be given again, for a longer chain')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Sampling temperature')
            [CompletionResult]::new('--temperature', '--temperature', [CompletionResultType]::ParameterName, 'Sampling temperature')
            [CompletionResult]::new('--max-tokens', '--max-tokens', [CompletionResultType]::ParameterName, 'The most tokens the answer may have')
            [CompletionResult]::new('--top-p', '--top-p', [CompletionResultType]::ParameterName, 'Nucleus sampling: choose among the likeliest tokens up to this probability')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Sampling seed')
            [CompletionResult]::new('--stop', '--stop', [CompletionResultType]::ParameterName, 'End the answer before this text; may be given again')
            [CompletionResult]::new('--schema', '--schema', [CompletionResultType]::ParameterName, 'The JSON Schema the answer must fit: a file, or the schema itself; exit code 8 where it does not')
            [CompletionResult]::new('--schema-retries', '--schema-retries', [CompletionResultType]::ParameterName, 'How many times an answer that does not fit the schema is asked for again; each call is paid for')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again')
            [CompletionResult]::new('--option', '--option', [CompletionResultType]::ParameterName, 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again')
            [CompletionResult]::new('--sample', '--sample', [CompletionResultType]::ParameterName, 'Ask for the Nth of several answers to the same prompt, each kept by itself')
            [CompletionResult]::new('--mode', '--mode', [CompletionResultType]::ParameterName, 'How the cache may be used [env: LLMC_MODE]')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'How long a new answer stays fresh, such as `90s`, `1h 30m` or `7d`')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Use no kept answer older than this')
            [CompletionResult]::new('--cassette', '--cassette', [CompletionResultType]::ParameterName, 'Record answers in this file and replay them from it; made to be committed')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Keep answers apart from those of other namespaces')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Wait at most this long for the answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How many times a failed call is tried again')
            [CompletionResult]::new('--run', '--run', [CompletionResultType]::ParameterName, 'Count it under this run, for `stats --run`')
            [CompletionResult]::new('-O', '-O ', [CompletionResultType]::ParameterName, 'Write it to a file, whole or not at all')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write it to a file, whole or not at all')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-fallback', '--no-fallback', [CompletionResultType]::ParameterName, 'Ask no other model, whatever the settings say')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Answer from the cache or fail with exit code 3; never call out')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Call, and keep the new answer in place of the old')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Call, and leave the cache alone')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;workflow;help' {
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Run a workflow and print its output')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check a workflow; ask nobody')
            [CompletionResult]::new('graph', 'graph', [CompletionResultType]::ParameterValue, 'Print which step waits for which, as a Mermaid flowchart')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Have a model write a workflow, and print it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'llmc;workflow;help;run' {
            break
        }
        'llmc;workflow;help;check' {
            break
        }
        'llmc;workflow;help;graph' {
            break
        }
        'llmc;workflow;help;generate' {
            break
        }
        'llmc;workflow;help;help' {
            break
        }
        'llmc;session' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Begin a session and print its name')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the sessions')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a session and what was said in it')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Change what is kept with a session, or its system text')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete sessions')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Print a session whole, to be kept or read elsewhere')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'llmc;session;create' {
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'Its name: letters, digits and `-_.:`; without one it gets a name that nobody can guess')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The system text of its conversation')
            [CompletionResult]::new('--system', '--system', [CompletionResultType]::ParameterName, 'The system text of its conversation')
            [CompletionResult]::new('--data', '--data', [CompletionResultType]::ParameterName, 'Anything to be kept with it, as a JSON object')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'How long it is kept after its last use, in place of `session.ttl`')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;session;list' {
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'List at most this many')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'List at most this many')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;session;show' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;session;update' {
            [CompletionResult]::new('--data', '--data', [CompletionResultType]::ParameterName, 'A JSON merge patch (RFC 7396): members replace those of their names, null takes one away')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The new system text; an empty one takes it away')
            [CompletionResult]::new('--system', '--system', [CompletionResultType]::ParameterName, 'The new system text; an empty one takes it away')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;session;delete' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;session;export' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'In which form')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;session;help' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Begin a session and print its name')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the sessions')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a session and what was said in it')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Change what is kept with a session, or its system text')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete sessions')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Print a session whole, to be kept or read elsewhere')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'llmc;session;help;create' {
            break
        }
        'llmc;session;help;list' {
            break
        }
        'llmc;session;help;show' {
            break
        }
        'llmc;session;help;update' {
            break
        }
        'llmc;session;help;delete' {
            break
        }
        'llmc;session;help;export' {
            break
        }
        'llmc;session;help;help' {
            break
        }
        'llmc;exec' {
            [CompletionResult]::new('--mode', '--mode', [CompletionResultType]::ParameterName, 'How the cache may be used [env: LLMC_MODE]')
            [CompletionResult]::new('--cassette', '--cassette', [CompletionResultType]::ParameterName, 'Record answers in this file and replay them from it; made to be committed')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Keep answers apart from those of other namespaces')
            [CompletionResult]::new('--max-cost', '--max-cost', [CompletionResultType]::ParameterName, 'Spend no more than this in all; a call that may go beyond what is left is refused')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'How long a call waits for a place within llmc''s own limits')
            [CompletionResult]::new('--run', '--run', [CompletionResultType]::ParameterName, 'Count it under this run; a new one where none is named')
            [CompletionResult]::new('--fail-under', '--fail-under', [CompletionResultType]::ParameterName, 'Exit with 10 where the command went well and its hit rate is below this percentage, or there is none')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Answer from the cache or fail; nothing leaves this machine')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Call, and keep the new answers in place of the old')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Call, and leave the cache alone')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;stats' {
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only what happened this long ago or later, to the hour')
            [CompletionResult]::new('--by', '--by', [CompletionResultType]::ParameterName, 'Also show each of these by itself')
            [CompletionResult]::new('--run', '--run', [CompletionResultType]::ParameterName, 'Only this run')
            [CompletionResult]::new('--fail-under', '--fail-under', [CompletionResultType]::ParameterName, 'Exit with 10 where the hit rate is below this percentage, or there is none')
            [CompletionResult]::new('--fail-over-cost', '--fail-over-cost', [CompletionResultType]::ParameterName, 'Exit with 10 where more dollars were spent')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print; `--json` is the same as `--format json`')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Only this machine''s daemon, where others share the store')
            [CompletionResult]::new('--fail-unpriced', '--fail-unpriced', [CompletionResultType]::ParameterName, 'Exit with 10 where an answer is of a model without a known price')
            [CompletionResult]::new('--chart', '--chart', [CompletionResultType]::ParameterName, 'Draw hit rate and savings day by day; the last 30 days, unless `--since` says otherwise')
            [CompletionResult]::new('--watch', '--watch', [CompletionResultType]::ParameterName, 'Watch what the daemon does, live, on a terminal')
            [CompletionResult]::new('--reset', '--reset', [CompletionResultType]::ParameterName, 'Forget every counter')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;dashboard' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-open', '--no-open', [CompletionResultType]::ParameterName, 'Print the address, and open no browser')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;cache' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the answers that are kept')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one answer and the request it belongs to')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Tell the first field in which what was asked for two answers differs')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Print the key a prompt would have, and with `--json` what it is made of')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Forget answers, by their keys')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write answers to a file, a line each, to be imported elsewhere')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Keep the answers of a file that was exported, here or elsewhere')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Read every answer that is kept, and name those that can never be served')
            [CompletionResult]::new('purge', 'purge', [CompletionResultType]::ParameterValue, 'Forget every answer that a filter fits')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'llmc;cache;list' {
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Entries of this model')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Entries of this model')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Entries of this provider')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Entries of this provider')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Entries in this namespace')
            [CompletionResult]::new('--older-than', '--older-than', [CompletionResultType]::ParameterName, 'Entries kept longer ago than this')
            [CompletionResult]::new('--grep', '--grep', [CompletionResultType]::ParameterName, 'Entries whose prompt or answer contains this text')
            [CompletionResult]::new('--sort', '--sort', [CompletionResultType]::ParameterName, 'The order: most first, newest first, largest first')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'List at most this many')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'List at most this many')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;cache;show' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;cache;diff' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;cache;key' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Add a file: text with its name before it, an image as an image')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Add a file: text with its name before it, an image as an image')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'Attach an image')
            [CompletionResult]::new('--attach', '--attach', [CompletionResultType]::ParameterName, 'Attach an image')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]')
            [CompletionResult]::new('--system', '--system', [CompletionResultType]::ParameterName, 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]')
            [CompletionResult]::new('--system-file', '--system-file', [CompletionResultType]::ParameterName, 'Read the system text from a file')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'The model: `provider/model`, one that `llmc models` lists, or an alias')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'The model: `provider/model`, one that `llmc models` lists, or an alias')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The provider, where the model does not name one')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'The provider, where the model does not name one')
            [CompletionResult]::new('--fallback', '--fallback', [CompletionResultType]::ParameterName, 'Ask this model where the first is away, failing, too slow or too busy; may be given again, for a longer chain')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Sampling temperature')
            [CompletionResult]::new('--temperature', '--temperature', [CompletionResultType]::ParameterName, 'Sampling temperature')
            [CompletionResult]::new('--max-tokens', '--max-tokens', [CompletionResultType]::ParameterName, 'The most tokens the answer may have')
            [CompletionResult]::new('--top-p', '--top-p', [CompletionResultType]::ParameterName, 'Nucleus sampling: choose among the likeliest tokens up to this probability')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Sampling seed')
            [CompletionResult]::new('--stop', '--stop', [CompletionResultType]::ParameterName, 'End the answer before this text; may be given again')
            [CompletionResult]::new('--schema', '--schema', [CompletionResultType]::ParameterName, 'The JSON Schema the answer must fit: a file, or the schema itself; exit code 8 where it does not')
            [CompletionResult]::new('--schema-retries', '--schema-retries', [CompletionResultType]::ParameterName, 'How many times an answer that does not fit the schema is asked for again; each call is paid for')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again')
            [CompletionResult]::new('--option', '--option', [CompletionResultType]::ParameterName, 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again')
            [CompletionResult]::new('--sample', '--sample', [CompletionResultType]::ParameterName, 'Ask for the Nth of several answers to the same prompt, each kept by itself')
            [CompletionResult]::new('--mode', '--mode', [CompletionResultType]::ParameterName, 'How the cache may be used [env: LLMC_MODE]')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'How long a new answer stays fresh, such as `90s`, `1h 30m` or `7d`')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Use no kept answer older than this')
            [CompletionResult]::new('--cassette', '--cassette', [CompletionResultType]::ParameterName, 'Record answers in this file and replay them from it; made to be committed')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Keep answers apart from those of other namespaces')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Wait at most this long for the answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How many times a failed call is tried again')
            [CompletionResult]::new('--run', '--run', [CompletionResultType]::ParameterName, 'Count it under this run, for `stats --run`')
            [CompletionResult]::new('--session', '--session', [CompletionResultType]::ParameterName, 'Go on with this session: send what was said in it, and add the question and its answer')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait for llmc''s own limit instead of failing; at most 10 minutes, or as long as is said')
            [CompletionResult]::new('--max-cost', '--max-cost', [CompletionResultType]::ParameterName, 'Fail rather than make a call that is estimated to cost more')
            [CompletionResult]::new('-O', '-O ', [CompletionResultType]::ParameterName, 'Write the answer to a file, whole or not at all')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the answer to a file, whole or not at all')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-stdin', '--no-stdin', [CompletionResultType]::ParameterName, 'Do not read standard input; for `while read` loops')
            [CompletionResult]::new('--no-fallback', '--no-fallback', [CompletionResultType]::ParameterName, 'Ask no other model, whatever the settings say')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Answer from the cache or fail with exit code 3; never call out')
            [CompletionResult]::new('--refresh', '--refresh', [CompletionResultType]::ParameterName, 'Call, and keep the new answer in place of the old')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Call, and leave the cache alone')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Go on with the session used last; begin one where there is none')
            [CompletionResult]::new('--continue', '--continue', [CompletionResultType]::ParameterName, 'Go on with the session used last; begin one where there is none')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the key, whether it would be a hit, tokens and cost; call nothing')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'With `--dry-run`: ask the provider how many tokens the prompt is, where its API tells; costs nothing')
            [CompletionResult]::new('--stream', '--stream', [CompletionResultType]::ParameterName, 'Print the answer as it comes, even into a pipe')
            [CompletionResult]::new('--no-stream', '--no-stream', [CompletionResultType]::ParameterName, 'Print the answer when it is whole, even on a terminal')
            [CompletionResult]::new('-x', '-x', [CompletionResultType]::ParameterName, 'Print the first fenced code block only; the whole text where there is none')
            [CompletionResult]::new('--extract', '--extract', [CompletionResultType]::ParameterName, 'Print the first fenced code block only; the whole text where there is none')
            [CompletionResult]::new('--raw', '--raw', [CompletionResultType]::ParameterName, 'Print the provider''s own JSON')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'Print one line on standard error: hit or miss, tokens, money, time')
            [CompletionResult]::new('--usage', '--usage', [CompletionResultType]::ParameterName, 'Print one line on standard error: hit or miss, tokens, money, time')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;cache;delete' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;cache;export' {
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Entries of this model')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Entries of this model')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Entries of this provider')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Entries of this provider')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Entries in this namespace')
            [CompletionResult]::new('--older-than', '--older-than', [CompletionResultType]::ParameterName, 'Entries kept longer ago than this')
            [CompletionResult]::new('--grep', '--grep', [CompletionResultType]::ParameterName, 'Entries whose prompt or answer contains this text')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;cache;import' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace other answers to the same prompts')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;cache;verify' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--delete', '--delete', [CompletionResultType]::ParameterName, 'Remove them')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;cache;purge' {
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Entries of this model')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Entries of this model')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Entries of this provider')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Entries of this provider')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Entries in this namespace')
            [CompletionResult]::new('--older-than', '--older-than', [CompletionResultType]::ParameterName, 'Entries kept longer ago than this')
            [CompletionResult]::new('--grep', '--grep', [CompletionResultType]::ParameterName, 'Entries whose prompt or answer contains this text')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Everything')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only count them')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;cache;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the answers that are kept')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one answer and the request it belongs to')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Tell the first field in which what was asked for two answers differs')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Print the key a prompt would have, and with `--json` what it is made of')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Forget answers, by their keys')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write answers to a file, a line each, to be imported elsewhere')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Keep the answers of a file that was exported, here or elsewhere')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Read every answer that is kept, and name those that can never be served')
            [CompletionResult]::new('purge', 'purge', [CompletionResultType]::ParameterValue, 'Forget every answer that a filter fits')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'llmc;cache;help;list' {
            break
        }
        'llmc;cache;help;show' {
            break
        }
        'llmc;cache;help;diff' {
            break
        }
        'llmc;cache;help;key' {
            break
        }
        'llmc;cache;help;delete' {
            break
        }
        'llmc;cache;help;export' {
            break
        }
        'llmc;cache;help;import' {
            break
        }
        'llmc;cache;help;verify' {
            break
        }
        'llmc;cache;help;purge' {
            break
        }
        'llmc;cache;help;help' {
            break
        }
        'llmc;models' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;providers' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Ask each whether it is there and takes the key')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;limits' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;doctor' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no provider')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;daemon' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('start', 'start', [CompletionResultType]::ParameterValue, 'Start the daemon; succeeds where it is running')
            [CompletionResult]::new('stop', 'stop', [CompletionResultType]::ParameterValue, 'Stop the daemon, once the calls in the air have ended')
            [CompletionResult]::new('restart', 'restart', [CompletionResultType]::ParameterValue, 'Stop the daemon and start it again')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show whether and how the daemon runs')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Run a daemon in the foreground, as service managers want it')
            [CompletionResult]::new('install', 'install', [CompletionResultType]::ParameterValue, 'Have this system''s service manager look after the daemon')
            [CompletionResult]::new('uninstall', 'uninstall', [CompletionResultType]::ParameterValue, 'Take that service away; data, settings and log stay')
            [CompletionResult]::new('token', 'token', [CompletionResultType]::ParameterValue, 'Print the token that programs send as their API key over TCP')
            [CompletionResult]::new('reload', 'reload', [CompletionResultType]::ParameterValue, 'Have the daemon read its settings again')
            [CompletionResult]::new('logs', 'logs', [CompletionResultType]::ParameterValue, 'Print the daemon''s log')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'llmc;daemon;start' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;daemon;stop' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;daemon;restart' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;daemon;status' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;daemon;run' {
            [CompletionResult]::new('--idle-exit', '--idle-exit', [CompletionResultType]::ParameterName, 'Leave after this long without a request')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--detached', '--detached', [CompletionResultType]::ParameterName, 'Leave the terminal behind')
            [CompletionResult]::new('--log-to-file', '--log-to-file', [CompletionResultType]::ParameterName, 'Write the log to its file, where `llmc daemon logs` reads it, rather than to standard error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;daemon;install' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Show the files and write nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;daemon;uninstall' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;daemon;token' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--rotate', '--rotate', [CompletionResultType]::ParameterName, 'Make a new one first; the old one opens nothing any more')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;daemon;reload' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;daemon;logs' {
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'At most this many lines, from the end')
            [CompletionResult]::new('--lines', '--lines', [CompletionResultType]::ParameterName, 'At most this many lines, from the end')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Go on with what is written from now on, until interrupted')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Go on with what is written from now on, until interrupted')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;daemon;help' {
            [CompletionResult]::new('start', 'start', [CompletionResultType]::ParameterValue, 'Start the daemon; succeeds where it is running')
            [CompletionResult]::new('stop', 'stop', [CompletionResultType]::ParameterValue, 'Stop the daemon, once the calls in the air have ended')
            [CompletionResult]::new('restart', 'restart', [CompletionResultType]::ParameterValue, 'Stop the daemon and start it again')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show whether and how the daemon runs')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Run a daemon in the foreground, as service managers want it')
            [CompletionResult]::new('install', 'install', [CompletionResultType]::ParameterValue, 'Have this system''s service manager look after the daemon')
            [CompletionResult]::new('uninstall', 'uninstall', [CompletionResultType]::ParameterValue, 'Take that service away; data, settings and log stay')
            [CompletionResult]::new('token', 'token', [CompletionResultType]::ParameterValue, 'Print the token that programs send as their API key over TCP')
            [CompletionResult]::new('reload', 'reload', [CompletionResultType]::ParameterValue, 'Have the daemon read its settings again')
            [CompletionResult]::new('logs', 'logs', [CompletionResultType]::ParameterValue, 'Print the daemon''s log')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'llmc;daemon;help;start' {
            break
        }
        'llmc;daemon;help;stop' {
            break
        }
        'llmc;daemon;help;restart' {
            break
        }
        'llmc;daemon;help;status' {
            break
        }
        'llmc;daemon;help;run' {
            break
        }
        'llmc;daemon;help;install' {
            break
        }
        'llmc;daemon;help;uninstall' {
            break
        }
        'llmc;daemon;help;token' {
            break
        }
        'llmc;daemon;help;reload' {
            break
        }
        'llmc;daemon;help;logs' {
            break
        }
        'llmc;daemon;help;help' {
            break
        }
        'llmc;config' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Print where the settings file is')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print every setting')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Print one setting')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Change one setting in the file, keeping its comments')
            [CompletionResult]::new('unset', 'unset', [CompletionResultType]::ParameterValue, 'Take one setting out of the file, so that what is built in is in force again')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Write a commented settings file')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check the settings file')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'llmc;config;path' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;config;show' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--origin', '--origin', [CompletionResultType]::ParameterName, 'Also show where each value comes from')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;config;get' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;config;set' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;config;unset' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;config;init' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;config;check' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;config;help' {
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Print where the settings file is')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print every setting')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Print one setting')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Change one setting in the file, keeping its comments')
            [CompletionResult]::new('unset', 'unset', [CompletionResultType]::ParameterValue, 'Take one setting out of the file, so that what is built in is in force again')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Write a commented settings file')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check the settings file')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'llmc;config;help;path' {
            break
        }
        'llmc;config;help;show' {
            break
        }
        'llmc;config;help;get' {
            break
        }
        'llmc;config;help;set' {
            break
        }
        'llmc;config;help;unset' {
            break
        }
        'llmc;config;help;init' {
            break
        }
        'llmc;config;help;check' {
            break
        }
        'llmc;config;help;help' {
            break
        }
        'llmc;completions' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--dynamic', '--dynamic', [CompletionResultType]::ParameterName, 'A script that has the shell ask llmc')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;man' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Speak to the daemon on this socket')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object on standard output, errors as one on standard error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing on standard error but errors [env: LLMC_QUIET]')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more of what is done [env: LLMC_VERBOSE]')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress')
            [CompletionResult]::new('--no-daemon', '--no-daemon', [CompletionResultType]::ParameterName, 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]')
            [CompletionResult]::new('--require-daemon', '--require-daemon', [CompletionResultType]::ParameterName, 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'llmc;help' {
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Answer one prompt, from the cache or the provider')
            [CompletionResult]::new('batch', 'batch', [CompletionResultType]::ParameterValue, 'Answer many prompts, one a line, in order, with as many calls at once as the provider takes')
            [CompletionResult]::new('workflow', 'workflow', [CompletionResultType]::ParameterValue, 'Ask several prompts that build on each other, as a file says')
            [CompletionResult]::new('session', 'session', [CompletionResultType]::ParameterValue, 'Look at and manage conversations')
            [CompletionResult]::new('exec', 'exec', [CompletionResultType]::ParameterValue, 'Run a program with its calls to models going through the cache')
            [CompletionResult]::new('stats', 'stats', [CompletionResultType]::ParameterValue, 'Show hits, misses, and money saved and spent')
            [CompletionResult]::new('dashboard', 'dashboard', [CompletionResultType]::ParameterValue, 'Show hits, misses, money, limits and what is kept on a page in the browser')
            [CompletionResult]::new('cache', 'cache', [CompletionResultType]::ParameterValue, 'Look at and manage what is kept')
            [CompletionResult]::new('models', 'models', [CompletionResultType]::ParameterValue, 'Show the known models, with prices')
            [CompletionResult]::new('providers', 'providers', [CompletionResultType]::ParameterValue, 'Show the providers, and whether there is a key for each')
            [CompletionResult]::new('limits', 'limits', [CompletionResultType]::ParameterValue, 'Show the calls left within the limits')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Look at everything a call leans on, and say what to do about what is not well')
            [CompletionResult]::new('daemon', 'daemon', [CompletionResultType]::ParameterValue, 'Start, stop and look after the daemon')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show and change settings')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page, or write all of them to a folder')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'llmc;help;generate' {
            break
        }
        'llmc;help;batch' {
            break
        }
        'llmc;help;workflow' {
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Run a workflow and print its output')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check a workflow; ask nobody')
            [CompletionResult]::new('graph', 'graph', [CompletionResultType]::ParameterValue, 'Print which step waits for which, as a Mermaid flowchart')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Have a model write a workflow, and print it')
            break
        }
        'llmc;help;workflow;run' {
            break
        }
        'llmc;help;workflow;check' {
            break
        }
        'llmc;help;workflow;graph' {
            break
        }
        'llmc;help;workflow;generate' {
            break
        }
        'llmc;help;session' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Begin a session and print its name')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the sessions')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a session and what was said in it')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Change what is kept with a session, or its system text')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete sessions')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Print a session whole, to be kept or read elsewhere')
            break
        }
        'llmc;help;session;create' {
            break
        }
        'llmc;help;session;list' {
            break
        }
        'llmc;help;session;show' {
            break
        }
        'llmc;help;session;update' {
            break
        }
        'llmc;help;session;delete' {
            break
        }
        'llmc;help;session;export' {
            break
        }
        'llmc;help;exec' {
            break
        }
        'llmc;help;stats' {
            break
        }
        'llmc;help;dashboard' {
            break
        }
        'llmc;help;cache' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the answers that are kept')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one answer and the request it belongs to')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Tell the first field in which what was asked for two answers differs')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Print the key a prompt would have, and with `--json` what it is made of')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Forget answers, by their keys')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write answers to a file, a line each, to be imported elsewhere')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Keep the answers of a file that was exported, here or elsewhere')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Read every answer that is kept, and name those that can never be served')
            [CompletionResult]::new('purge', 'purge', [CompletionResultType]::ParameterValue, 'Forget every answer that a filter fits')
            break
        }
        'llmc;help;cache;list' {
            break
        }
        'llmc;help;cache;show' {
            break
        }
        'llmc;help;cache;diff' {
            break
        }
        'llmc;help;cache;key' {
            break
        }
        'llmc;help;cache;delete' {
            break
        }
        'llmc;help;cache;export' {
            break
        }
        'llmc;help;cache;import' {
            break
        }
        'llmc;help;cache;verify' {
            break
        }
        'llmc;help;cache;purge' {
            break
        }
        'llmc;help;models' {
            break
        }
        'llmc;help;providers' {
            break
        }
        'llmc;help;limits' {
            break
        }
        'llmc;help;doctor' {
            break
        }
        'llmc;help;daemon' {
            [CompletionResult]::new('start', 'start', [CompletionResultType]::ParameterValue, 'Start the daemon; succeeds where it is running')
            [CompletionResult]::new('stop', 'stop', [CompletionResultType]::ParameterValue, 'Stop the daemon, once the calls in the air have ended')
            [CompletionResult]::new('restart', 'restart', [CompletionResultType]::ParameterValue, 'Stop the daemon and start it again')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show whether and how the daemon runs')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Run a daemon in the foreground, as service managers want it')
            [CompletionResult]::new('install', 'install', [CompletionResultType]::ParameterValue, 'Have this system''s service manager look after the daemon')
            [CompletionResult]::new('uninstall', 'uninstall', [CompletionResultType]::ParameterValue, 'Take that service away; data, settings and log stay')
            [CompletionResult]::new('token', 'token', [CompletionResultType]::ParameterValue, 'Print the token that programs send as their API key over TCP')
            [CompletionResult]::new('reload', 'reload', [CompletionResultType]::ParameterValue, 'Have the daemon read its settings again')
            [CompletionResult]::new('logs', 'logs', [CompletionResultType]::ParameterValue, 'Print the daemon''s log')
            break
        }
        'llmc;help;daemon;start' {
            break
        }
        'llmc;help;daemon;stop' {
            break
        }
        'llmc;help;daemon;restart' {
            break
        }
        'llmc;help;daemon;status' {
            break
        }
        'llmc;help;daemon;run' {
            break
        }
        'llmc;help;daemon;install' {
            break
        }
        'llmc;help;daemon;uninstall' {
            break
        }
        'llmc;help;daemon;token' {
            break
        }
        'llmc;help;daemon;reload' {
            break
        }
        'llmc;help;daemon;logs' {
            break
        }
        'llmc;help;config' {
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Print where the settings file is')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print every setting')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Print one setting')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Change one setting in the file, keeping its comments')
            [CompletionResult]::new('unset', 'unset', [CompletionResultType]::ParameterValue, 'Take one setting out of the file, so that what is built in is in force again')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Write a commented settings file')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check the settings file')
            break
        }
        'llmc;help;config;path' {
            break
        }
        'llmc;help;config;show' {
            break
        }
        'llmc;help;config;get' {
            break
        }
        'llmc;help;config;set' {
            break
        }
        'llmc;help;config;unset' {
            break
        }
        'llmc;help;config;init' {
            break
        }
        'llmc;help;config;check' {
            break
        }
        'llmc;help;completions' {
            break
        }
        'llmc;help;man' {
            break
        }
        'llmc;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
