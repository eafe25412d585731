#!/usr/bin/env bash
# Writes benches/hot.order: the functions that a hit runs through, and behind them those that a miss does, in the order
# they are first called, for the linker to put side by side (see build.rs). To be run again when many of them have changed;
# a stale list costs only its gain.
# Needs valgrind, curl, python3 and some minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scratch=$(mktemp -d "${TMPDIR:-/tmp}/llmc-order.XXXXXX")
llmc=$scratch/llmc
provider=
clean() {
    "$llmc" --no-progress daemon stop >/dev/null 2>&1 || true
    [ -z "$provider" ] || kill "$provider" 2>/dev/null || true
    wait
    rm -rf "$scratch"
}
for name in $(env | sed -n 's/^\(LLMC_[A-Za-z0-9_]*\)=.*/\1/p'); do unset "$name"; done
# With the names of the functions; everything else as it is installed, for the names hold a hash of all else.
cargo rustc --release --locked --bin llmc -- -C strip=none
cp "${CARGO_TARGET_DIR:-target}/release/llmc" "$llmc"
export LLMC_CONFIG=$scratch/config.toml LLMC_DATA_DIR=$scratch/data LLMC_STATE_DIR=$scratch/state \
    LLMC_SOCKET=$scratch/llmc.sock LLMC_MODEL=echo/echo
# As somebody's settings may be.
cat >"$LLMC_CONFIG" <<'CONFIG'
default_model = "echo/echo"

[cache]
ttl = "1d"
max_size = "1GiB"

[rate_limit]
llm = 100

[providers.local]
kind = "openai"
base_url = "http://127.0.0.1:8080/v1"
price = { input = 0.0, output = 0.0 }

[aliases]
fast = "local/small"
CONFIG
trap clean EXIT

walked=0
walk() { # walk ARGUMENT…: notes down the functions of one hit
    walked=$((walked + 1))
    "$llmc" "$@" <"$scratch/piped" >/dev/null
    valgrind --quiet --tool=callgrind --demangle=no --callgrind-out-file="$scratch/$walked.walk" \
        "$llmc" "$@" <"$scratch/piped" >/dev/null
}
: >"$scratch/piped"
walk generate "$(head -c 4096 /dev/zero | tr '\0' x)"
walk generate --usage hello
walk generate --json hello
echo 'what is piped in' >"$scratch/piped"
walk generate hello
"$llmc" daemon stop >/dev/null

# The daemon's side: hits by the same door and by the vendors' one, behind what the command itself runs through; then
# misses, with a provider that answers at once.
python3 - >"$scratch/provider" 2>/dev/null <<'PYTHON' &
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Provider(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        choice = lambda name: {"index": 0, name: {"role": "assistant", "content": "word " * 32}, "finish_reason": "stop"}
        usage = {"prompt_tokens": 8, "completion_tokens": 32, "total_tokens": 40}
        body = {"id": "c1", "created": 1760000000, "model": "m", "usage": usage}
        if asked.get("stream"):
            kind = "text/event-stream"
            body |= {"object": "chat.completion.chunk", "choices": [choice("delta")]}
            answer = f"data: {json.dumps(body)}\n\ndata: [DONE]\n\n"
        else:
            kind = "application/json"
            answer = json.dumps(body | {"object": "chat.completion", "choices": [choice("message")]})
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer.encode())

server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
print(server.server_port, flush=True)
server.serve_forever()
PYTHON
provider=$!
until [ -s "$scratch/provider" ]; do
    kill -0 "$provider"
    sleep 0.1
done
cat >>"$LLMC_CONFIG" <<CONFIG

[providers.near]
kind = "openai"
base_url = "http://127.0.0.1:$(cat "$scratch/provider")/v1"
CONFIG
ask() { # ask PATH BODY: over the socket
    curl --silent --fail --unix-socket "$LLMC_SOCKET" --header 'content-type: application/json' --output "$scratch/answer" \
        --data "$2" "http://llmc$1"
}
hit() {
    "$llmc" generate hello </dev/null >/dev/null
    ask /providers/echo/v1/chat/completions '{"model": "echo", "messages": [{"role": "user", "content": "hello"}]}'
}
asked=0
miss() {
    for stream in false true; do
        asked=$((asked + 1))
        ask /llm/generate "{\"prompt\": \"prompt $asked\", \"model\": \"near/m\", \"stream\": $stream}"
        ask /providers/near/v1/chat/completions \
            "{\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": \"call $asked\"}], \"stream\": $stream}"
    done
}
for kind in hit miss; do
    valgrind --quiet --tool=callgrind --demangle=no --instr-atstart=no --callgrind-out-file="$scratch/$kind.walk" \
        "$llmc" daemon run 2>/dev/null &
    daemon=$!
    until [ -S "$LLMC_SOCKET" ]; do sleep 0.1; done
    "$kind"
    callgrind_control --instr=on "$daemon" >/dev/null
    "$kind"
    callgrind_control --instr=off "$daemon" >/dev/null
    "$llmc" daemon stop >/dev/null
    wait "$daemon"
done

python3 - "$llmc" "$scratch"/[0-9]*.walk "$scratch"/{hit,miss}.walk >benches/hot.order <<'PYTHON'
import re, subprocess, sys

program, walks = sys.argv[1], sys.argv[2:]
table = subprocess.run(["nm", program], check=True, capture_output=True, text=True).stdout
own = {line.split()[-1] for line in table.splitlines() if line.split()[-2] in "tT"}
order = {}
for walk in walks:
    names = {}
    for line in open(walk):
        named = re.match(r"c?fn=\((\d+)\)(?: (.+))?", line)
        if named:
            number, name = named.groups()
            names[number] = re.sub(r"'\d+$", "", name or names[number])
            order.setdefault(names[number])
print("\n".join(name for name in order if name in own))
PYTHON
wc -l benches/hot.order
