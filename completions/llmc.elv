
use builtin;
use str;

set edit:completion:arg-completer[llmc] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'llmc'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'llmc'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand generate 'Answer one prompt, from the cache or the provider'
            cand g 'Answer one prompt, from the cache or the provider'
            cand batch 'Answer many prompts, one a line, in order, with as many calls at once as the provider takes'
            cand workflow 'Ask several prompts that build on each other, as a file says'
            cand session 'Look at and manage conversations'
            cand exec 'Run a program with its calls to models going through the cache'
            cand stats 'Show hits, misses, and money saved and spent'
            cand dashboard 'Show hits, misses, money, limits and what is kept on a page in the browser'
            cand cache 'Look at and manage what is kept'
            cand models 'Show the known models, with prices'
            cand providers 'Show the providers, and whether there is a key for each'
            cand limits 'Show the calls left within the limits'
            cand doctor 'Look at everything a call leans on, and say what to do about what is not well'
            cand daemon 'Start, stop and look after the daemon'
            cand config 'Show and change settings'
            cand completions 'Print a completion script for a shell'
            cand man 'Print the manual page, or write all of them to a folder'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'llmc;generate'= {
            cand -f 'Add a file: text with its name before it, an image as an image'
            cand --file 'Add a file: text with its name before it, an image as an image'
            cand -a 'Attach an image'
            cand --attach 'Attach an image'
            cand -s 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]'
            cand --system 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]'
            cand --system-file 'Read the system text from a file'
            cand -m 'The model: `provider/model`, one that `llmc models` lists, or an alias'
            cand --model 'The model: `provider/model`, one that `llmc models` lists, or an alias'
            cand -p 'The provider, where the model does not name one'
            cand --provider 'The provider, where the model does not name one'
            cand --fallback 'Ask this model where the first is away, failing, too slow or too busy; may be given again, for a longer chain'
            cand -t 'Sampling temperature'
            cand --temperature 'Sampling temperature'
            cand --max-tokens 'The most tokens the answer may have'
            cand --top-p 'Nucleus sampling: choose among the likeliest tokens up to this probability'
            cand --seed 'Sampling seed'
            cand --stop 'End the answer before this text; may be given again'
            cand --schema 'The JSON Schema the answer must fit: a file, or the schema itself; exit code 8 where it does not'
            cand --schema-retries 'How many times an answer that does not fit the schema is asked for again; each call is paid for'
            cand -o 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again'
            cand --option 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again'
            cand --sample 'Ask for the Nth of several answers to the same prompt, each kept by itself'
            cand --mode 'How the cache may be used [env: LLMC_MODE]'
            cand --ttl 'How long a new answer stays fresh, such as `90s`, `1h 30m` or `7d`'
            cand --max-age 'Use no kept answer older than this'
            cand --cassette 'Record answers in this file and replay them from it; made to be committed'
            cand --namespace 'Keep answers apart from those of other namespaces'
            cand --timeout 'Wait at most this long for the answer'
            cand --retries 'How many times a failed call is tried again'
            cand --run 'Count it under this run, for `stats --run`'
            cand --session 'Go on with this session: send what was said in it, and add the question and its answer'
            cand --wait 'Wait for llmc''s own limit instead of failing; at most 10 minutes, or as long as is said'
            cand --max-cost 'Fail rather than make a call that is estimated to cost more'
            cand -O 'Write the answer to a file, whole or not at all'
            cand --output 'Write the answer to a file, whole or not at all'
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --no-stdin 'Do not read standard input; for `while read` loops'
            cand --no-fallback 'Ask no other model, whatever the settings say'
            cand --offline 'Answer from the cache or fail with exit code 3; never call out'
            cand --refresh 'Call, and keep the new answer in place of the old'
            cand --no-cache 'Call, and leave the cache alone'
            cand -c 'Go on with the session used last; begin one where there is none'
            cand --continue 'Go on with the session used last; begin one where there is none'
            cand --dry-run 'Show the key, whether it would be a hit, tokens and cost; call nothing'
            cand --count 'With `--dry-run`: ask the provider how many tokens the prompt is, where its API tells; costs nothing'
            cand --stream 'Print the answer as it comes, even into a pipe'
            cand --no-stream 'Print the answer when it is whole, even on a terminal'
            cand -x 'Print the first fenced code block only; the whole text where there is none'
            cand --extract 'Print the first fenced code block only; the whole text where there is none'
            cand --raw 'Print the provider''s own JSON'
            cand -u 'Print one line on standard error: hit or miss, tokens, money, time'
            cand --usage 'Print one line on standard error: hit or miss, tokens, money, time'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;g'= {
            cand -f 'Add a file: text with its name before it, an image as an image'
            cand --file 'Add a file: text with its name before it, an image as an image'
            cand -a 'Attach an image'
            cand --attach 'Attach an image'
            cand -s 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]'
            cand --system 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]'
            cand --system-file 'Read the system text from a file'
            cand -m 'The model: `provider/model`, one that `llmc models` lists, or an alias'
            cand --model 'The model: `provider/model`, one that `llmc models` lists, or an alias'
            cand -p 'The provider, where the model does not name one'
            cand --provider 'The provider, where the model does not name one'
            cand --fallback 'Ask this model where the first is away, failing, too slow or too busy; may be given again, for a longer chain'
            cand -t 'Sampling temperature'
            cand --temperature 'Sampling temperature'
            cand --max-tokens 'The most tokens the answer may have'
            cand --top-p 'Nucleus sampling: choose among the likeliest tokens up to this probability'
            cand --seed 'Sampling seed'
            cand --stop 'End the answer before this text; may be given again'
            cand --schema 'The JSON Schema the answer must fit: a file, or the schema itself; exit code 8 where it does not'
            cand --schema-retries 'How many times an answer that does not fit the schema is asked for again; each call is paid for'
            cand -o 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again'
            cand --option 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again'
            cand --sample 'Ask for the Nth of several answers to the same prompt, each kept by itself'
            cand --mode 'How the cache may be used [env: LLMC_MODE]'
            cand --ttl 'How long a new answer stays fresh, such as `90s`, `1h 30m` or `7d`'
            cand --max-age 'Use no kept answer older than this'
            cand --cassette 'Record answers in this file and replay them from it; made to be committed'
            cand --namespace 'Keep answers apart from those of other namespaces'
            cand --timeout 'Wait at most this long for the answer'
            cand --retries 'How many times a failed call is tried again'
            cand --run 'Count it under this run, for `stats --run`'
            cand --session 'Go on with this session: send what was said in it, and add the question and its answer'
            cand --wait 'Wait for llmc''s own limit instead of failing; at most 10 minutes, or as long as is said'
            cand --max-cost 'Fail rather than make a call that is estimated to cost more'
            cand -O 'Write the answer to a file, whole or not at all'
            cand --output 'Write the answer to a file, whole or not at all'
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --no-stdin 'Do not read standard input; for `while read` loops'
            cand --no-fallback 'Ask no other model, whatever the settings say'
            cand --offline 'Answer from the cache or fail with exit code 3; never call out'
            cand --refresh 'Call, and keep the new answer in place of the old'
            cand --no-cache 'Call, and leave the cache alone'
            cand -c 'Go on with the session used last; begin one where there is none'
            cand --continue 'Go on with the session used last; begin one where there is none'
            cand --dry-run 'Show the key, whether it would be a hit, tokens and cost; call nothing'
            cand --count 'With `--dry-run`: ask the provider how many tokens the prompt is, where its API tells; costs nothing'
            cand --stream 'Print the answer as it comes, even into a pipe'
            cand --no-stream 'Print the answer when it is whole, even on a terminal'
            cand -x 'Print the first fenced code block only; the whole text where there is none'
            cand --extract 'Print the first fenced code block only; the whole text where there is none'
            cand --raw 'Print the provider''s own JSON'
            cand -u 'Print one line on standard error: hit or miss, tokens, money, time'
            cand --usage 'Print one line on standard error: hit or miss, tokens, money, time'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;batch'= {
            cand --template 'Make each prompt from this template (minijinja); the fields of the line are its variables'
            cand -s 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]'
            cand --system 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]'
            cand --system-file 'Read the system text from a file'
            cand -m 'The model: `provider/model`, one that `llmc models` lists, or an alias'
            cand --model 'The model: `provider/model`, one that `llmc models` lists, or an alias'
            cand -p 'The provider, where the model does not name one'
            cand --provider 'The provider, where the model does not name one'
            cand --fallback 'Ask this model where the first is away, failing, too slow or too busy; may be given again, for a longer chain'
            cand -t 'Sampling temperature'
            cand --temperature 'Sampling temperature'
            cand --max-tokens 'The most tokens the answer may have'
            cand --top-p 'Nucleus sampling: choose among the likeliest tokens up to this probability'
            cand --seed 'Sampling seed'
            cand --stop 'End the answer before this text; may be given again'
            cand --schema 'The JSON Schema the answer must fit: a file, or the schema itself; exit code 8 where it does not'
            cand --schema-retries 'How many times an answer that does not fit the schema is asked for again; each call is paid for'
            cand -o 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again'
            cand --option 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again'
            cand --sample 'Ask for the Nth of several answers to the same prompt, each kept by itself'
            cand --mode 'How the cache may be used [env: LLMC_MODE]'
            cand --ttl 'How long a new answer stays fresh, such as `90s`, `1h 30m` or `7d`'
            cand --max-age 'Use no kept answer older than this'
            cand --cassette 'Record answers in this file and replay them from it; made to be committed'
            cand --namespace 'Keep answers apart from those of other namespaces'
            cand --timeout 'Wait at most this long for the answer'
            cand --retries 'How many times a failed call is tried again'
            cand --run 'Count it under this run, for `stats --run`'
            cand -j 'Calls at once; without it, as many as the provider takes'
            cand --jobs 'Calls at once; without it, as many as the provider takes'
            cand --max-cost 'Begin no call that, as estimated, would bring the cost of all above this; hits go on'
            cand --max-errors 'Stop after so many failed lines'
            cand -O 'Write the rows to a file: whole when all lines are done, until then beside it as FILE.part'
            cand --output 'Write the rows to a file: whole when all lines are done, until then beside it as FILE.part'
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --lines 'Lines are plain text, a prompt each'
            cand --csv 'Lines are rows of CSV; the first one names the fields'
            cand --no-fallback 'Ask no other model, whatever the settings say'
            cand --offline 'Answer from the cache or fail with exit code 3; never call out'
            cand --refresh 'Call, and keep the new answer in place of the old'
            cand --no-cache 'Call, and leave the cache alone'
            cand --dry-run 'Show how many would be hits, tokens and cost; call nothing'
            cand --resume 'Keep the good rows that the output has, and do only lines that are missing, failed or changed'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;workflow'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand run 'Run a workflow and print its output'
            cand check 'Check a workflow; ask nobody'
            cand graph 'Print which step waits for which, as a Mermaid flowchart'
            cand generate 'Have a model write a workflow, and print it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'llmc;workflow;run'= {
            cand -i 'An input, as in `--input topic=rivers`; may be given again'
            cand --input 'An input, as in `--input topic=rivers`; may be given again'
            cand --inputs 'Read inputs from a JSON object in this file; those given by `--input` go first'
            cand -s 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]'
            cand --system 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]'
            cand --system-file 'Read the system text from a file'
            cand -m 'The model: `provider/model`, one that `llmc models` lists, or an alias'
            cand --model 'The model: `provider/model`, one that `llmc models` lists, or an alias'
            cand -p 'The provider, where the model does not name one'
            cand --provider 'The provider, where the model does not name one'
            cand --fallback 'Ask this model where the first is away, failing, too slow or too busy; may be given again, for a longer chain'
            cand -t 'Sampling temperature'
            cand --temperature 'Sampling temperature'
            cand --max-tokens 'The most tokens the answer may have'
            cand --top-p 'Nucleus sampling: choose among the likeliest tokens up to this probability'
            cand --seed 'Sampling seed'
            cand --stop 'End the answer before this text; may be given again'
            cand --schema 'The JSON Schema the answer must fit: a file, or the schema itself; exit code 8 where it does not'
            cand --schema-retries 'How many times an answer that does not fit the schema is asked for again; each call is paid for'
            cand -o 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again'
            cand --option 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again'
            cand --sample 'Ask for the Nth of several answers to the same prompt, each kept by itself'
            cand --mode 'How the cache may be used [env: LLMC_MODE]'
            cand --ttl 'How long a new answer stays fresh, such as `90s`, `1h 30m` or `7d`'
            cand --max-age 'Use no kept answer older than this'
            cand --cassette 'Record answers in this file and replay them from it; made to be committed'
            cand --namespace 'Keep answers apart from those of other namespaces'
            cand --timeout 'Wait at most this long for the answer'
            cand --retries 'How many times a failed call is tried again'
            cand --run 'Count it under this run, for `stats --run`'
            cand -j 'Make at most this many calls side by side'
            cand --jobs 'Make at most this many calls side by side'
            cand --max-cost 'Fail rather than spend more on all calls together'
            cand -O 'Write the output to a file, whole or not at all'
            cand --output 'Write the output to a file, whole or not at all'
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --no-fallback 'Ask no other model, whatever the settings say'
            cand --offline 'Answer from the cache or fail with exit code 3; never call out'
            cand --refresh 'Call, and keep the new answer in place of the old'
            cand --no-cache 'Call, and leave the cache alone'
            cand --dry-run 'Show what each step would come to, as far as its answers are kept, and the tokens and cost of that; call nothing'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;workflow;check'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;workflow;graph'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;workflow;generate'= {
            cand -s 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]'
            cand --system 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]'
            cand --system-file 'Read the system text from a file'
            cand -m 'The model: `provider/model`, one that `llmc models` lists, or an alias'
            cand --model 'The model: `provider/model`, one that `llmc models` lists, or an alias'
            cand -p 'The provider, where the model does not name one'
            cand --provider 'The provider, where the model does not name one'
            cand --fallback 'Ask this model where the first is away, failing, too slow or too busy; may be given again, for a longer chain'
            cand -t 'Sampling temperature'
            cand --temperature 'Sampling temperature'
            cand --max-tokens 'The most tokens the answer may have'
            cand --top-p 'Nucleus sampling: choose among the likeliest tokens up to this probability'
            cand --seed 'Sampling seed'
            cand --stop 'End the answer before this text; may be given again'
            cand --schema 'The JSON Schema the answer must fit: a file, or the schema itself; exit code 8 where it does not'
            cand --schema-retries 'How many times an answer that does not fit the schema is asked for again; each call is paid for'
            cand -o 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again'
            cand --option 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again'
            cand --sample 'Ask for the Nth of several answers to the same prompt, each kept by itself'
            cand --mode 'How the cache may be used [env: LLMC_MODE]'
            cand --ttl 'How long a new answer stays fresh, such as `90s`, `1h 30m` or `7d`'
            cand --max-age 'Use no kept answer older than this'
            cand --cassette 'Record answers in this file and replay them from it; made to be committed'
            cand --namespace 'Keep answers apart from those of other namespaces'
            cand --timeout 'Wait at most this long for the answer'
            cand --retries 'How many times a failed call is tried again'
            cand --run 'Count it under this run, for `stats --run`'
            cand -O 'Write it to a file, whole or not at all'
            cand --output 'Write it to a file, whole or not at all'
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --no-fallback 'Ask no other model, whatever the settings say'
            cand --offline 'Answer from the cache or fail with exit code 3; never call out'
            cand --refresh 'Call, and keep the new answer in place of the old'
            cand --no-cache 'Call, and leave the cache alone'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;workflow;help'= {
            cand run 'Run a workflow and print its output'
            cand check 'Check a workflow; ask nobody'
            cand graph 'Print which step waits for which, as a Mermaid flowchart'
            cand generate 'Have a model write a workflow, and print it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'llmc;workflow;help;run'= {
        }
        &'llmc;workflow;help;check'= {
        }
        &'llmc;workflow;help;graph'= {
        }
        &'llmc;workflow;help;generate'= {
        }
        &'llmc;workflow;help;help'= {
        }
        &'llmc;session'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand create 'Begin a session and print its name'
            cand list 'List the sessions'
            cand show 'Show a session and what was said in it'
            cand update 'Change what is kept with a session, or its system text'
            cand delete 'Delete sessions'
            cand export 'Print a session whole, to be kept or read elsewhere'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'llmc;session;create'= {
            cand --id 'Its name: letters, digits and `-_.:`; without one it gets a name that nobody can guess'
            cand -s 'The system text of its conversation'
            cand --system 'The system text of its conversation'
            cand --data 'Anything to be kept with it, as a JSON object'
            cand --ttl 'How long it is kept after its last use, in place of `session.ttl`'
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;session;list'= {
            cand -n 'List at most this many'
            cand --limit 'List at most this many'
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;session;show'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;session;update'= {
            cand --data 'A JSON merge patch (RFC 7396): members replace those of their names, null takes one away'
            cand -s 'The new system text; an empty one takes it away'
            cand --system 'The new system text; an empty one takes it away'
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;session;delete'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;session;export'= {
            cand --format 'In which form'
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;session;help'= {
            cand create 'Begin a session and print its name'
            cand list 'List the sessions'
            cand show 'Show a session and what was said in it'
            cand update 'Change what is kept with a session, or its system text'
            cand delete 'Delete sessions'
            cand export 'Print a session whole, to be kept or read elsewhere'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'llmc;session;help;create'= {
        }
        &'llmc;session;help;list'= {
        }
        &'llmc;session;help;show'= {
        }
        &'llmc;session;help;update'= {
        }
        &'llmc;session;help;delete'= {
        }
        &'llmc;session;help;export'= {
        }
        &'llmc;session;help;help'= {
        }
        &'llmc;exec'= {
            cand --mode 'How the cache may be used [env: LLMC_MODE]'
            cand --cassette 'Record answers in this file and replay them from it; made to be committed'
            cand --namespace 'Keep answers apart from those of other namespaces'
            cand --max-cost 'Spend no more than this in all; a call that may go beyond what is left is refused'
            cand --wait 'How long a call waits for a place within llmc''s own limits'
            cand --run 'Count it under this run; a new one where none is named'
            cand --fail-under 'Exit with 10 where the command went well and its hit rate is below this percentage, or there is none'
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --offline 'Answer from the cache or fail; nothing leaves this machine'
            cand --refresh 'Call, and keep the new answers in place of the old'
            cand --no-cache 'Call, and leave the cache alone'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;stats'= {
            cand --since 'Only what happened this long ago or later, to the hour'
            cand --by 'Also show each of these by itself'
            cand --run 'Only this run'
            cand --fail-under 'Exit with 10 where the hit rate is below this percentage, or there is none'
            cand --fail-over-cost 'Exit with 10 where more dollars were spent'
            cand --format 'How to print; `--json` is the same as `--format json`'
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --local 'Only this machine''s daemon, where others share the store'
            cand --fail-unpriced 'Exit with 10 where an answer is of a model without a known price'
            cand --chart 'Draw hit rate and savings day by day; the last 30 days, unless `--since` says otherwise'
            cand --watch 'Watch what the daemon does, live, on a terminal'
            cand --reset 'Forget every counter'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;dashboard'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --no-open 'Print the address, and open no browser'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;cache'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand list 'List the answers that are kept'
            cand show 'Show one answer and the request it belongs to'
            cand diff 'Tell the first field in which what was asked for two answers differs'
            cand key 'Print the key a prompt would have, and with `--json` what it is made of'
            cand delete 'Forget answers, by their keys'
            cand export 'Write answers to a file, a line each, to be imported elsewhere'
            cand import 'Keep the answers of a file that was exported, here or elsewhere'
            cand verify 'Read every answer that is kept, and name those that can never be served'
            cand purge 'Forget every answer that a filter fits'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'llmc;cache;list'= {
            cand -m 'Entries of this model'
            cand --model 'Entries of this model'
            cand -p 'Entries of this provider'
            cand --provider 'Entries of this provider'
            cand --namespace 'Entries in this namespace'
            cand --older-than 'Entries kept longer ago than this'
            cand --grep 'Entries whose prompt or answer contains this text'
            cand --sort 'The order: most first, newest first, largest first'
            cand -n 'List at most this many'
            cand --limit 'List at most this many'
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;cache;show'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;cache;diff'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;cache;key'= {
            cand -f 'Add a file: text with its name before it, an image as an image'
            cand --file 'Add a file: text with its name before it, an image as an image'
            cand -a 'Attach an image'
            cand --attach 'Attach an image'
            cand -s 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]'
            cand --system 'The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]'
            cand --system-file 'Read the system text from a file'
            cand -m 'The model: `provider/model`, one that `llmc models` lists, or an alias'
            cand --model 'The model: `provider/model`, one that `llmc models` lists, or an alias'
            cand -p 'The provider, where the model does not name one'
            cand --provider 'The provider, where the model does not name one'
            cand --fallback 'Ask this model where the first is away, failing, too slow or too busy; may be given again, for a longer chain'
            cand -t 'Sampling temperature'
            cand --temperature 'Sampling temperature'
            cand --max-tokens 'The most tokens the answer may have'
            cand --top-p 'Nucleus sampling: choose among the likeliest tokens up to this probability'
            cand --seed 'Sampling seed'
            cand --stop 'End the answer before this text; may be given again'
            cand --schema 'The JSON Schema the answer must fit: a file, or the schema itself; exit code 8 where it does not'
            cand --schema-retries 'How many times an answer that does not fit the schema is asked for again; each call is paid for'
            cand -o 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again'
            cand --option 'Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again'
            cand --sample 'Ask for the Nth of several answers to the same prompt, each kept by itself'
            cand --mode 'How the cache may be used [env: LLMC_MODE]'
            cand --ttl 'How long a new answer stays fresh, such as `90s`, `1h 30m` or `7d`'
            cand --max-age 'Use no kept answer older than this'
            cand --cassette 'Record answers in this file and replay them from it; made to be committed'
            cand --namespace 'Keep answers apart from those of other namespaces'
            cand --timeout 'Wait at most this long for the answer'
            cand --retries 'How many times a failed call is tried again'
            cand --run 'Count it under this run, for `stats --run`'
            cand --session 'Go on with this session: send what was said in it, and add the question and its answer'
            cand --wait 'Wait for llmc''s own limit instead of failing; at most 10 minutes, or as long as is said'
            cand --max-cost 'Fail rather than make a call that is estimated to cost more'
            cand -O 'Write the answer to a file, whole or not at all'
            cand --output 'Write the answer to a file, whole or not at all'
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --no-stdin 'Do not read standard input; for `while read` loops'
            cand --no-fallback 'Ask no other model, whatever the settings say'
            cand --offline 'Answer from the cache or fail with exit code 3; never call out'
            cand --refresh 'Call, and keep the new answer in place of the old'
            cand --no-cache 'Call, and leave the cache alone'
            cand -c 'Go on with the session used last; begin one where there is none'
            cand --continue 'Go on with the session used last; begin one where there is none'
            cand --dry-run 'Show the key, whether it would be a hit, tokens and cost; call nothing'
            cand --count 'With `--dry-run`: ask the provider how many tokens the prompt is, where its API tells; costs nothing'
            cand --stream 'Print the answer as it comes, even into a pipe'
            cand --no-stream 'Print the answer when it is whole, even on a terminal'
            cand -x 'Print the first fenced code block only; the whole text where there is none'
            cand --extract 'Print the first fenced code block only; the whole text where there is none'
            cand --raw 'Print the provider''s own JSON'
            cand -u 'Print one line on standard error: hit or miss, tokens, money, time'
            cand --usage 'Print one line on standard error: hit or miss, tokens, money, time'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;cache;delete'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;cache;export'= {
            cand -m 'Entries of this model'
            cand --model 'Entries of this model'
            cand -p 'Entries of this provider'
            cand --provider 'Entries of this provider'
            cand --namespace 'Entries in this namespace'
            cand --older-than 'Entries kept longer ago than this'
            cand --grep 'Entries whose prompt or answer contains this text'
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;cache;import'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --force 'Replace other answers to the same prompts'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;cache;verify'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --delete 'Remove them'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;cache;purge'= {
            cand -m 'Entries of this model'
            cand --model 'Entries of this model'
            cand -p 'Entries of this provider'
            cand --provider 'Entries of this provider'
            cand --namespace 'Entries in this namespace'
            cand --older-than 'Entries kept longer ago than this'
            cand --grep 'Entries whose prompt or answer contains this text'
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --all 'Everything'
            cand --dry-run 'Only count them'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;cache;help'= {
            cand list 'List the answers that are kept'
            cand show 'Show one answer and the request it belongs to'
            cand diff 'Tell the first field in which what was asked for two answers differs'
            cand key 'Print the key a prompt would have, and with `--json` what it is made of'
            cand delete 'Forget answers, by their keys'
            cand export 'Write answers to a file, a line each, to be imported elsewhere'
            cand import 'Keep the answers of a file that was exported, here or elsewhere'
            cand verify 'Read every answer that is kept, and name those that can never be served'
            cand purge 'Forget every answer that a filter fits'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'llmc;cache;help;list'= {
        }
        &'llmc;cache;help;show'= {
        }
        &'llmc;cache;help;diff'= {
        }
        &'llmc;cache;help;key'= {
        }
        &'llmc;cache;help;delete'= {
        }
        &'llmc;cache;help;export'= {
        }
        &'llmc;cache;help;import'= {
        }
        &'llmc;cache;help;verify'= {
        }
        &'llmc;cache;help;purge'= {
        }
        &'llmc;cache;help;help'= {
        }
        &'llmc;models'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;providers'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --check 'Ask each whether it is there and takes the key'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;limits'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;doctor'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --offline 'Ask no provider'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;daemon'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand start 'Start the daemon; succeeds where it is running'
            cand stop 'Stop the daemon, once the calls in the air have ended'
            cand restart 'Stop the daemon and start it again'
            cand status 'Show whether and how the daemon runs'
            cand run 'Run a daemon in the foreground, as service managers want it'
            cand install 'Have this system''s service manager look after the daemon'
            cand uninstall 'Take that service away; data, settings and log stay'
            cand token 'Print the token that programs send as their API key over TCP'
            cand reload 'Have the daemon read its settings again'
            cand logs 'Print the daemon''s log'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'llmc;daemon;start'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;daemon;stop'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;daemon;restart'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;daemon;status'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;daemon;run'= {
            cand --idle-exit 'Leave after this long without a request'
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --detached 'Leave the terminal behind'
            cand --log-to-file 'Write the log to its file, where `llmc daemon logs` reads it, rather than to standard error'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;daemon;install'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --print 'Show the files and write nothing'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;daemon;uninstall'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;daemon;token'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --rotate 'Make a new one first; the old one opens nothing any more'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;daemon;reload'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;daemon;logs'= {
            cand -n 'At most this many lines, from the end'
            cand --lines 'At most this many lines, from the end'
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand -f 'Go on with what is written from now on, until interrupted'
            cand --follow 'Go on with what is written from now on, until interrupted'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;daemon;help'= {
            cand start 'Start the daemon; succeeds where it is running'
            cand stop 'Stop the daemon, once the calls in the air have ended'
            cand restart 'Stop the daemon and start it again'
            cand status 'Show whether and how the daemon runs'
            cand run 'Run a daemon in the foreground, as service managers want it'
            cand install 'Have this system''s service manager look after the daemon'
            cand uninstall 'Take that service away; data, settings and log stay'
            cand token 'Print the token that programs send as their API key over TCP'
            cand reload 'Have the daemon read its settings again'
            cand logs 'Print the daemon''s log'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'llmc;daemon;help;start'= {
        }
        &'llmc;daemon;help;stop'= {
        }
        &'llmc;daemon;help;restart'= {
        }
        &'llmc;daemon;help;status'= {
        }
        &'llmc;daemon;help;run'= {
        }
        &'llmc;daemon;help;install'= {
        }
        &'llmc;daemon;help;uninstall'= {
        }
        &'llmc;daemon;help;token'= {
        }
        &'llmc;daemon;help;reload'= {
        }
        &'llmc;daemon;help;logs'= {
        }
        &'llmc;daemon;help;help'= {
        }
        &'llmc;config'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand path 'Print where the settings file is'
            cand show 'Print every setting'
            cand get 'Print one setting'
            cand set 'Change one setting in the file, keeping its comments'
            cand unset 'Take one setting out of the file, so that what is built in is in force again'
            cand init 'Write a commented settings file'
            cand check 'Check the settings file'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'llmc;config;path'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;config;show'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --origin 'Also show where each value comes from'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;config;get'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;config;set'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;config;unset'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;config;init'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;config;check'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;config;help'= {
            cand path 'Print where the settings file is'
            cand show 'Print every setting'
            cand get 'Print one setting'
            cand set 'Change one setting in the file, keeping its comments'
            cand unset 'Take one setting out of the file, so that what is built in is in force again'
            cand init 'Write a commented settings file'
            cand check 'Check the settings file'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'llmc;config;help;path'= {
        }
        &'llmc;config;help;show'= {
        }
        &'llmc;config;help;get'= {
        }
        &'llmc;config;help;set'= {
        }
        &'llmc;config;help;unset'= {
        }
        &'llmc;config;help;init'= {
        }
        &'llmc;config;help;check'= {
        }
        &'llmc;config;help;help'= {
        }
        &'llmc;completions'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --dynamic 'A script that has the shell ask llmc'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;man'= {
            cand --config 'Read settings from this file'
            cand --socket 'Speak to the daemon on this socket'
            cand --color 'When to use colour'
            cand --json 'Print one JSON object on standard output, errors as one on standard error'
            cand -q 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand --quiet 'Print nothing on standard error but errors [env: LLMC_QUIET]'
            cand -v 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --verbose 'Say more of what is done [env: LLMC_VERBOSE]'
            cand --no-progress 'Show no progress'
            cand --no-daemon 'Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]'
            cand --require-daemon 'Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'llmc;help'= {
            cand generate 'Answer one prompt, from the cache or the provider'
            cand batch 'Answer many prompts, one a line, in order, with as many calls at once as the provider takes'
            cand workflow 'Ask several prompts that build on each other, as a file says'
            cand session 'Look at and manage conversations'
            cand exec 'Run a program with its calls to models going through the cache'
            cand stats 'Show hits, misses, and money saved and spent'
            cand dashboard 'Show hits, misses, money, limits and what is kept on a page in the browser'
            cand cache 'Look at and manage what is kept'
            cand models 'Show the known models, with prices'
            cand providers 'Show the providers, and whether there is a key for each'
            cand limits 'Show the calls left within the limits'
            cand doctor 'Look at everything a call leans on, and say what to do about what is not well'
            cand daemon 'Start, stop and look after the daemon'
            cand config 'Show and change settings'
            cand completions 'Print a completion script for a shell'
            cand man 'Print the manual page, or write all of them to a folder'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'llmc;help;generate'= {
        }
        &'llmc;help;batch'= {
        }
        &'llmc;help;workflow'= {
            cand run 'Run a workflow and print its output'
            cand check 'Check a workflow; ask nobody'
            cand graph 'Print which step waits for which, as a Mermaid flowchart'
            cand generate 'Have a model write a workflow, and print it'
        }
        &'llmc;help;workflow;run'= {
        }
        &'llmc;help;workflow;check'= {
        }
        &'llmc;help;workflow;graph'= {
        }
        &'llmc;help;workflow;generate'= {
        }
        &'llmc;help;session'= {
            cand create 'Begin a session and print its name'
            cand list 'List the sessions'
            cand show 'Show a session and what was said in it'
            cand update 'Change what is kept with a session, or its system text'
            cand delete 'Delete sessions'
            cand export 'Print a session whole, to be kept or read elsewhere'
        }
        &'llmc;help;session;create'= {
        }
        &'llmc;help;session;list'= {
        }
        &'llmc;help;session;show'= {
        }
        &'llmc;help;session;update'= {
        }
        &'llmc;help;session;delete'= {
        }
        &'llmc;help;session;export'= {
        }
        &'llmc;help;exec'= {
        }
        &'llmc;help;stats'= {
        }
        &'llmc;help;dashboard'= {
        }
        &'llmc;help;cache'= {
            cand list 'List the answers that are kept'
            cand show 'Show one answer and the request it belongs to'
            cand diff 'Tell the first field in which what was asked for two answers differs'
            cand key 'Print the key a prompt would have, and with `--json` what it is made of'
            cand delete 'Forget answers, by their keys'
            cand export 'Write answers to a file, a line each, to be imported elsewhere'
            cand import 'Keep the answers of a file that was exported, here or elsewhere'
            cand verify 'Read every answer that is kept, and name those that can never be served'
            cand purge 'Forget every answer that a filter fits'
        }
        &'llmc;help;cache;list'= {
        }
        &'llmc;help;cache;show'= {
        }
        &'llmc;help;cache;diff'= {
        }
        &'llmc;help;cache;key'= {
        }
        &'llmc;help;cache;delete'= {
        }
        &'llmc;help;cache;export'= {
        }
        &'llmc;help;cache;import'= {
        }
        &'llmc;help;cache;verify'= {
        }
        &'llmc;help;cache;purge'= {
        }
        &'llmc;help;models'= {
        }
        &'llmc;help;providers'= {
        }
        &'llmc;help;limits'= {
        }
        &'llmc;help;doctor'= {
        }
        &'llmc;help;daemon'= {
            cand start 'Start the daemon; succeeds where it is running'
            cand stop 'Stop the daemon, once the calls in the air have ended'
            cand restart 'Stop the daemon and start it again'
            cand status 'Show whether and how the daemon runs'
            cand run 'Run a daemon in the foreground, as service managers want it'
            cand install 'Have this system''s service manager look after the daemon'
            cand uninstall 'Take that service away; data, settings and log stay'
            cand token 'Print the token that programs send as their API key over TCP'
            cand reload 'Have the daemon read its settings again'
            cand logs 'Print the daemon''s log'
        }
        &'llmc;help;daemon;start'= {
        }
        &'llmc;help;daemon;stop'= {
        }
        &'llmc;help;daemon;restart'= {
        }
        &'llmc;help;daemon;status'= {
        }
        &'llmc;help;daemon;run'= {
        }
        &'llmc;help;daemon;install'= {
        }
        &'llmc;help;daemon;uninstall'= {
        }
        &'llmc;help;daemon;token'= {
        }
        &'llmc;help;daemon;reload'= {
        }
        &'llmc;help;daemon;logs'= {
        }
        &'llmc;help;config'= {
            cand path 'Print where the settings file is'
            cand show 'Print every setting'
            cand get 'Print one setting'
            cand set 'Change one setting in the file, keeping its comments'
            cand unset 'Take one setting out of the file, so that what is built in is in force again'
            cand init 'Write a commented settings file'
            cand check 'Check the settings file'
        }
        &'llmc;help;config;path'= {
        }
        &'llmc;help;config;show'= {
        }
        &'llmc;help;config;get'= {
        }
        &'llmc;help;config;set'= {
        }
        &'llmc;help;config;unset'= {
        }
        &'llmc;help;config;init'= {
        }
        &'llmc;help;config;check'= {
        }
        &'llmc;help;completions'= {
        }
        &'llmc;help;man'= {
        }
        &'llmc;help;help'= {
        }
    ]
    $completions[$command]
}
