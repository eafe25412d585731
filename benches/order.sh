#!/usr/bin/env bash
# Writes benches/hit.order: the functions that a hit runs through, in the order they are first called, for the linker to
# put side by side (see build.rs). To be run again when many of them have changed; a stale list costs only its gain.
# Needs valgrind, curl, python3 and some minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scratch=$(mktemp -d "${TMPDIR:-/tmp}/llmc-order.XXXXXX")
llmc=$scratch/llmc
clean() {
    "$llmc" --no-progress daemon stop >/dev/null 2>&1 || true
    wait
    rm -rf "$scratch"
}
for name in $(env | sed -n 's/^\(LLMC_[A-Za-z0-9_]*\)=.*/\1/p'); do unset "$name"; done
# With the names of the functions; everything else as it is installed, for the names hold a hash of all else.
cargo rustc --release --locked --bin llmc -- -C strip=none
cp "${CARGO_TARGET_DIR:-target}/release/llmc" "$llmc"
export LLMC_CONFIG=$scratch/config.toml LLMC_DATA_DIR=$scratch/data LLMC_STATE_DIR=$scratch/state \
    LLMC_SOCKET=$scratch/llmc.sock LLMC_MODEL=echo/echo
: >"$LLMC_CONFIG"
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

# The daemon's side of hits, by the same door and by the vendors' one, behind what the command itself runs through.
valgrind --quiet --tool=callgrind --demangle=no --instr-atstart=no --callgrind-out-file="$scratch/daemon.walk" \
    "$llmc" daemon run 2>/dev/null &
daemon=$!
until [ -S "$LLMC_SOCKET" ]; do sleep 0.1; done
hit() {
    "$llmc" generate hello </dev/null >/dev/null
    curl --silent --fail --unix-socket "$LLMC_SOCKET" --header 'content-type: application/json' --output "$scratch/answer" \
        --data '{"model": "echo", "messages": [{"role": "user", "content": "hello"}]}' \
        http://llmc/providers/echo/v1/chat/completions
}
hit
callgrind_control --instr=on "$daemon" >/dev/null
hit
callgrind_control --instr=off "$daemon" >/dev/null
"$llmc" daemon stop >/dev/null
wait "$daemon"

python3 - "$llmc" "$scratch"/[0-9]*.walk "$scratch/daemon.walk" >benches/hit.order <<'PYTHON'
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
wc -l benches/hit.order
