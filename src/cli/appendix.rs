//! What the help and the man pages say below the flags: examples, exit codes, variables, files. Prose only.
//!
//! A line that ends in a colon and is not indented heads a section of the man page.

/// `llmc -h`
pub const START: &str = "Examples:
  llmc generate -m echo/echo 'Hello'              # no key needed
  llmc generate -m openai/gpt-4o-mini 'Name three rivers'
  llmc stats

`llmc --help` and `man llmc` also list exit codes, variables and files.";

/// `llmc --help`, `llmc(1)`
pub const WHOLE: &str = "Examples:
  llmc generate -m echo/echo 'Hello'              # no key needed
  llmc generate -m openai/gpt-4o-mini 'Name three rivers'
  git diff | llmc generate 'Write a commit message for this diff'
  llmc stats

Exit codes:
  0    done
  1    any other failure
  2    wrong use, or wrong settings
  3    nothing kept for this prompt, and calling out was forbidden
  4    key missing or refused
  5    rate limit, llmc's own or the provider's; or above `--max-cost` or a budget
  6    daemon or store unreachable
  7    timeout
  8    the answer does not fit the schema
  9    the provider failed
  10   a gate of `stats` not met
  130, 143   interrupted, terminated

Environment:
  OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY   keys, sent with each request, never kept
  LLMC_DATA_DIR, LLMC_STATE_DIR       folders of the database and of the log
  LLMC_<TABLE>_<SETTING>              any setting: LLMC_CACHE_TTL=7d
  HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE   for calls to providers
  NO_COLOR, CLICOLOR_FORCE, CI        colour and progress
  XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME, XDG_RUNTIME_DIR
                                      where the files below are

Files (here as on Linux; `llmc daemon status` shows yours):
  ~/.config/llmc/config.toml          settings
  .llmc.toml                          settings of a project, nearest upward
  ~/.local/share/llmc/                the database
  ~/.local/state/llmc/daemon.log      the daemon's log
  $XDG_RUNTIME_DIR/llmc/llmc.sock     the daemon's socket";

/// `generate`
pub const GENERATE: &str = "Examples:
  llmc generate -m openai/gpt-4o-mini 'Name three rivers'
  git diff | llmc generate 'Write a commit message for this diff'
  llmc generate -f src/main.rs -x 'Add doc comments' > main.rs.new
  llmc generate --offline 'Name three rivers'     # from the cache, or exit 3
  llmc generate --sample 2 'Name three rivers'    # a second answer, kept apart
  llmc generate --schema river.json 'A river'     # JSON that fits, or exit 8
  llmc generate --fallback ollama/llama3.2 'Hi'   # where the first is away
  llmc generate --dry-run -f book.txt 'Sum up'    # what would it cost?
  llmc generate -c 'And the longest of them?'     # goes on with the last session";

/// `batch`
pub const BATCH: &str = "Examples:
  llmc batch prompts.jsonl > answers.jsonl
  llmc batch prompts.jsonl -O answers.jsonl       # whole, or not at all
  llmc batch prompts.jsonl -O answers.jsonl --resume   # what is missing, failed or changed
  ls *.txt | llmc batch - --lines -s 'Guess what is in a file of this name'
  llmc batch towns.csv --csv --template prompt.txt -m openai/gpt-4o-mini
  llmc batch --dry-run prompts.jsonl              # what would it cost?
  llmc batch --max-cost 2.50 -j 16 prompts.jsonl -O answers.jsonl

A line, and its row:
  {\"id\": \"a\", \"prompt\": \"Name three rivers\", \"maxTokens\": 50}
  {\"id\": \"a\", \"index\": 0, \"text\": \"...\", \"metadata\": {...}, \"error\": null, \"fingerprint\": \"...\"}

With `--template` the fields of a line are the template's variables and nothing else but its `id`; with `--lines`
the variable is `line`. A name that is no field is an error of that line.";

/// `workflow`
pub const WORKFLOW: &str = "Examples:
  llmc workflow check essay.toml
  llmc workflow run essay.toml --input topic=rivers

A file:
  name = \"essay\"
  output = \"{{ steps.write.text }}\"

  [inputs.topic]
  required = true

  [[step]]
  id = \"outline\"
  prompt = \"Outline an essay about {{ inputs.topic }}\"

  [[step]]
  id = \"write\"
  prompt = \"Write the essay after this outline: {{ steps.outline.text }}\"

Members of a step:
  id, prompt, system, model, provider, temperature, max_tokens, top_p, seed, stop, options, schema, needs, when,
  for_each, cache = { mode, ttl, max_age, sample }

What `steps.ID` has in a template:
  text, json (with a schema), items and texts (with for_each), skipped, metadata";

/// `workflow run`
pub const WORKFLOW_RUN: &str = "Examples:
  llmc workflow run essay.toml --input topic=rivers
  llmc workflow run essay.toml --inputs inputs.json --json
  llmc workflow run essay.toml -i topic=rivers --offline     # from the cache, or exit 3";

/// `workflow check`
pub const WORKFLOW_CHECK: &str = "Examples:
  llmc workflow check essay.toml      # exit code 2 where it cannot be run";

/// `workflow graph`
pub const WORKFLOW_GRAPH: &str = "Examples:
  llmc workflow graph essay.toml > essay.mmd";

/// `workflow generate`
pub const WORKFLOW_GENERATE: &str = "Examples:
  llmc workflow generate 'Summarize each of a list of texts, then compare the summaries' -O compare.toml";

/// `exec`
pub const EXEC: &str = "Examples:
  llmc exec -- python script.py                   # the second time, no call
  llmc exec --offline -- pytest                   # nothing leaves this machine
  llmc exec --cassette tests/llm.jsonl -- pytest  # record what is missing
  llmc exec --offline --cassette tests/llm.jsonl -- pytest   # replay, hermetic
  llmc exec --fail-under 80 -- npm test           # exit 10 where too little was a hit
  llmc exec -- make -j4                           # programs in programs share the run

What the program finds in its environment:
  OPENAI_BASE_URL, OPENAI_API_BASE, OPENAI_API_KEY
  ANTHROPIC_BASE_URL, ANTHROPIC_API_BASE, ANTHROPIC_API_URL, ANTHROPIC_API_KEY
  GOOGLE_GEMINI_BASE_URL, GEMINI_API_BASE, GEMINI_API_KEY, GOOGLE_API_KEY
  LLMC_GATEWAY      the door itself: other providers are at $LLMC_GATEWAY/providers/NAME/v1
  LLMC_RUN          the run, for `llmc stats --run`
  NO_PROXY          with 127.0.0.1 added

It exits as the program does: with its code, or 128 and the signal that ended it.";

/// `session`
pub const SESSION: &str = "Examples:
  llmc session create --id rivers --system 'You are terse.'
  llmc generate --session rivers 'Name three rivers'
  llmc generate -c 'And the longest of them?'
  llmc session show rivers";

/// `session create`
pub const SESSION_CREATE: &str = "Examples:
  llmc session create --id rivers --system 'You are terse.'
  llmc session create --data '{\"topic\": \"rivers\"}' --ttl 7d
  id=$(llmc session create) && llmc generate --session \"$id\" 'Hello'";

/// `session list`
pub const SESSION_LIST: &str = "Examples:
  llmc session list
  llmc session list --json | jq -r '.sessions[].id'";

/// `session show`
pub const SESSION_SHOW: &str = "Examples:
  llmc session show rivers
  llmc session show rivers --json | jq .data";

/// `session update`
pub const SESSION_UPDATE: &str = "Examples:
  llmc session update rivers --data '{\"topic\": null, \"step\": 2}'
  llmc session update rivers --system 'You are friendly.'";

/// `session delete`
pub const SESSION_DELETE: &str = "Examples:
  llmc session delete rivers";

/// `session export`
pub const SESSION_EXPORT: &str = "Examples:
  llmc session export rivers > rivers.json
  llmc session export rivers --format markdown > rivers.md";

/// `stats`
pub const STATS: &str = "Examples:
  llmc stats --since 24h --by model
  llmc stats --json | jq .hitRate
  llmc stats --watch                              # live, until `q`
  llmc stats --chart                              # hit rate and savings day by day
  llmc stats --run \"$BUILD_ID\" --fail-under 80    # exit 10 below 80 % hits
  llmc stats --run \"$BUILD_ID\" --by model --format github >> \"$GITHUB_STEP_SUMMARY\"
  llmc stats --format prometheus > llmc.prom      # for a textfile collector";

/// `dashboard`
pub const DASHBOARD: &str = "Examples:
  llmc dashboard
  llmc dashboard --no-open            # only the address, for a browser of your choice

A browser is opened where there is a terminal and a display. The address holds the token of the page: whoever has it sees
what the page shows, prompts and answers among it.";

/// `cache`
pub const CACHE: &str = "Examples:
  llmc cache list --sort saved -n 10
  llmc cache show 262ca8
  llmc cache purge --model gpt-4o-mini --older-than 7d --dry-run";

/// `cache list`
pub const CACHE_LIST: &str = "Examples:
  llmc cache list --sort saved -n 10
  llmc cache list --grep rivers
  llmc cache list --older-than 7d --json | jq -r '.entries[].key'";

/// `cache show`
pub const CACHE_SHOW: &str = "Examples:
  llmc cache show 262ca8
  llmc cache show 262ca8 --json | jq -r .text";

/// `cache diff`
pub const CACHE_DIFF: &str = "Examples:
  llmc cache diff 262ca8 85340e
  llmc cache diff --json 262ca8 85340e | jq -r .difference.field";

/// `cache key`
pub const CACHE_KEY: &str = "Examples:
  llmc cache key -m openai/gpt-4o-mini 'Name three rivers'
  llmc cache key --json 'Name three rivers' | jq .keyMaterial";

/// `cache delete`
pub const CACHE_DELETE: &str = "Examples:
  llmc cache delete 262ca8
  llmc cache delete \"$(llmc cache key 'Name three rivers')\"";

/// `cache verify`
pub const CACHE_VERIFY: &str = "Examples:
  llmc cache verify
  llmc cache verify --delete
  llmc cache verify --json | jq -r '.flaws[] | .key + \" \" + .reason'";

/// `cache export`
pub const CACHE_EXPORT: &str = "Examples:
  llmc cache export answers.jsonl
  llmc cache export --namespace tests | gzip >tests.jsonl.gz
  llmc cache export | LLMC_STORE_BACKEND=redis llmc --no-daemon cache import";

/// `cache import`
pub const CACHE_IMPORT: &str = "Examples:
  llmc cache import answers.jsonl
  gunzip <tests.jsonl.gz | llmc cache import
  llmc cache import --json answers.jsonl | jq '.refused[].line'";

/// `cache purge`
pub const CACHE_PURGE: &str = "Examples:
  llmc cache purge --older-than 30d
  llmc cache purge --namespace tests
  llmc cache purge --all --dry-run";

/// `models`
pub const MODELS: &str = "Examples:
  llmc models gpt-4o
  llmc models --json | jq -r '.models[].model'";

/// `providers`
pub const PROVIDERS: &str = "Examples:
  llmc providers
  llmc providers --check                # is it there, does the key work, how far away is it
  OPENAI_API_KEY=sk-... llmc providers --json | jq '.providers[] | select(.hasKey)'";

/// `limits`
pub const LIMITS: &str = "Examples:
  llmc limits
  llmc limits --json | jq '.limits[] | select(.class == \"llm\").remaining'";

/// `doctor`
pub const DOCTOR: &str = "Examples:
  llmc doctor
  llmc doctor --offline                 # asks no provider
  llmc doctor --json | jq -r '.findings[] | select(.state != \"ok\").found'";

/// `daemon`
pub const DAEMON: &str = "Examples:
  llmc daemon status
  llmc daemon restart       # after an upgrade
  llmc daemon logs -n 20";

/// `daemon start`
pub const DAEMON_START: &str = "Examples:
  llmc daemon start";

/// `daemon stop`
pub const DAEMON_STOP: &str = "Examples:
  llmc daemon stop";

/// `daemon restart`
pub const DAEMON_RESTART: &str = "Examples:
  llmc daemon restart       # after an upgrade";

/// `daemon status`
pub const DAEMON_STATUS: &str = "Examples:
  llmc daemon status
  llmc daemon status --json | jq .pid";

/// `daemon run`
pub const DAEMON_RUN: &str = "Examples:
  llmc daemon run
  llmc daemon run --idle-exit 10m";

/// `daemon token`
pub const DAEMON_TOKEN: &str = "Examples:
  llmc daemon token
  llmc daemon token --rotate";

/// `daemon reload`
pub const DAEMON_RELOAD: &str = "Examples:
  llmc daemon reload";

/// `daemon logs`
pub const DAEMON_LOGS: &str = "Examples:
  llmc daemon logs -n 20
  llmc daemon logs -f                   # until Ctrl-C, also past the moment it is put aside";

/// `daemon install`
pub const DAEMON_INSTALL: &str = "Examples:
  llmc daemon install
  llmc daemon install --print           # what would be written, and where";

/// `daemon uninstall`
pub const DAEMON_UNINSTALL: &str = "Examples:
  llmc daemon uninstall";

/// `config`
pub const CONFIG: &str = "Examples:
  llmc config init
  llmc config set cache.ttl 7d
  llmc config show --origin";

/// `config path`
pub const CONFIG_PATH: &str = "Examples:
  \"$EDITOR\" \"$(llmc config path)\"";

/// `config show`
pub const CONFIG_SHOW: &str = "Examples:
  llmc config show --origin
  llmc config show --json | jq '.[\"cache.ttl\"]'";

/// `config get`
pub const CONFIG_GET: &str = "Examples:
  llmc config get cache.ttl";

/// `config set`
pub const CONFIG_SET: &str = "Examples:
  llmc config set default_model openai/gpt-4o-mini
  llmc config set cache.ttl 7d
  llmc config set rate_limit.llm 60";

/// `config unset`
pub const CONFIG_UNSET: &str = "Examples:
  llmc config unset cache.ttl
  llmc config unset providers.local";

/// `config init`
pub const CONFIG_INIT: &str = "Examples:
  llmc config init";

/// `config check`
pub const CONFIG_CHECK: &str = "Examples:
  llmc config check";

/// `completions`
pub const COMPLETIONS: &str = "Examples:
  llmc completions bash > ~/.local/share/bash-completion/completions/llmc
  llmc completions fish > ~/.config/fish/completions/llmc.fish
  llmc completions zsh > ~/.zfunc/_llmc           # with ~/.zfunc in $fpath
  source <(llmc completions bash --dynamic)       # in ~/.bashrc: models, sessions and keys, too";

/// `man`
pub const MAN: &str = "Examples:
  llmc man | man -l -
  llmc man ~/.local/share/man/man1";
