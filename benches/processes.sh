#!/usr/bin/env bash
# What llmc costs beside what it is compared with: ratios, measured in one run and by turns. Tells what it found and
# whether that reaches the target; it does not fail for being slow.
# shellcheck disable=SC2016 # in messages, backticks quote literals
set -euo pipefail
exec </dev/null
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
    cat <<'USAGE'
usage: benches/processes.sh [--quick | --long]

  --quick   a tenth of the runs, and 10,000 entries in place of 100,000: to see that it works
  --long    also with 1,000,000 entries in the store

LLMC_BIN names the program to measure; without it the release is built.
USAGE
}

runs=200 calls=2000 many=100000 huge=
for argument in "$@"; do
    case $argument in
    --quick) runs=20 calls=200 many=10000 ;;
    --long) huge=1000000 ;;
    -h | --help)
        usage
        exit 0
        ;;
    *)
        usage >&2
        exit 2
        ;;
    esac
done

# ---- what is measured, and with what -------------------------------------------------------------------------

llmc=${LLMC_BIN:-}
# Nobody's settings, daemon or keys have a part in this.
for name in $(env | sed -n 's/^\(LLMC_[A-Za-z0-9_]*\)=.*/\1/p'); do unset "$name"; done
unset OPENAI_API_KEY ANTHROPIC_API_KEY GEMINI_API_KEY CI

executable() { # executable NAME CARGO-ARGUMENT…: builds, and says where the program of that name is
    local name=$1
    shift
    cargo "$@" --locked --message-format=json-render-diagnostics |
        sed -n 's/.*"name":"'"$name"'".*"executable":"\([^"]*\)".*/\1/p' | tail -n 1
}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/llmc-bench.XXXXXX")
pids=()
clean() {
    local pid
    for pid in ${pids[@]+"${pids[@]}"}; do kill "$pid" 2>/dev/null || true; done
    for pid in ${pids[@]+"${pids[@]}"}; do wait "$pid" 2>/dev/null || true; done
    rm -rf "$scratch"
}
trap clean EXIT
trap 'exit 130' INT TERM
# A folder of its own: benchmarks bring a program of their profile, which must not lie where the release is found.
load=$(executable load bench --no-run --bench load --target-dir "${CARGO_TARGET_DIR:-target}/benches")
if [[ -z $llmc ]]; then llmc=$(executable llmc build --release --bin llmc); fi
# The program as it is now, whatever is built meanwhile.
cp "$llmc" "$scratch/llmc"
llmc=$scratch/llmc
export HOME=$scratch LLMC_CONFIG=$scratch/config.toml LLMC_STATE_DIR=$scratch/state BKT_CACHE_DIR=$scratch/bkt
mkdir -p "$BKT_CACHE_DIR"

until_there() { # until_there TEST-FLAG FILE
    local tries
    for ((tries = 0; tries < 1000; tries++)); do
        if test "$1" "$2"; then return; fi
        sleep 0.01
    done
    echo "processes.sh: \`$2\` does not come" >&2
    return 1
}

place() { # place NAME: the daemon of that name is the one that is meant
    export LLMC_SOCKET=$scratch/$1.sock LLMC_DATA_DIR=$scratch/$1
}
begin() { # begin NAME: starts it; its process is $begun
    place "$1"
    "$llmc" daemon run >/dev/null 2>"$scratch/$1.log" &
    begun=$!
    pids+=("$begun")
    until_there -S "$LLMC_SOCKET"
}
end() { # end PID
    kill "$1"
    wait "$1" 2>/dev/null || true
}
fill() { # fill NAME ENTRIES
    mkdir -m 700 "$scratch/$1"
    "$load" fill "$scratch/$1/llmc.sqlite" "$2"
}
resident() { awk '/^VmRSS:/ { printf "%.1f", $2 / 1024 }' "/proc/$1/status"; } # in MiB

# ---- the table -----------------------------------------------------------------------------------------------

rows=()
figure() { awk -F '\t' -v name="$2" -v column="$3" '$1 == name { print $column }' "$scratch/$1.tsv"; }
calculate() { awk -v a="$1" -v b="${3:-0}" "BEGIN { printf \"%.2f\", a $2 b }"; }
millis() { awk -v micros="$1" 'BEGIN { printf "%.2f ms", micros / 1000 }'; }

# row WHAT FIGURE RATIO [RELATION TARGET UNIT]: RATIO is what the target is about
row() {
    local what=$1 figure=$2 value=$3 relation=${4:-} target=${5:-} unit=${6:-} reached=
    if [[ -n $relation ]]; then
        reached=$(awk "BEGIN { print ($value $relation $target) ? \"yes\" : \"NO\" }")
    fi
    rows+=("$(printf '%-46s %16s %10s  %-14s %s' "$what" "$figure" "$value" "$relation $target $unit" "$reached")")
    echo "${rows[-1]}" >&2
}
telling() { printf '  … %s\n' "$1" >&2; }

# ---- whole processes -----------------------------------------------------------------------------------------

"$load" serve "$scratch/bare.sock" >"$scratch/url" &
pids+=($!)
until_there -s "$scratch/url"
url=$(cat "$scratch/url")
cat >"$LLMC_CONFIG" <<CONFIG
default_model = "echo/echo"

[cache]
ttl = "30d"
max_size = "8GiB"

[rate_limit]
window = "1ms" # decided on as ever, met by nobody
llm = 1000

[http]
listen = "127.0.0.1:0"
max_connections = 2000

[providers.near]
kind = "openai"
base_url = "$url"
price = { input = 0.0, output = 0.0 }
CONFIG

begin main
main=$begun
sleep 1
idle=$(resident "$main")

answer=$(awk 'BEGIN { for (line = 0; line < 64; line++) printf "%062d.\n", line }')
printf '%s' "$answer" >"$scratch/answer"
hit=("$llmc" generate "$answer")
"${hit[@]}" >/dev/null
entrants=(: true /bin/true : llmc "${hit[@]}")

rival() { # rival NAME COMMAND…: takes part if it says the same as llmc
    local name=$1
    shift
    # `$(…)` leaves out the line end in which they differ.
    if [[ $("$@") != "$("${hit[@]}")" ]]; then
        echo "processes.sh: $name does not give the same answer and is left out" >&2
        return
    fi
    entrants+=(: "$name" "$@")
}
if hash redis-server redis-cli 2>/dev/null; then
    redis-server --port 0 --unixsocket "$scratch/redis.sock" --save '' --dir "$scratch" >/dev/null &
    pids+=($!)
    until_there -S "$scratch/redis.sock"
    redis-cli -s "$scratch/redis.sock" -x SET answer <"$scratch/answer" >/dev/null
    rival redis-cli redis-cli -s "$scratch/redis.sock" GET answer
fi
if hash bkt curl 2>/dev/null; then
    rival bkt bkt --ttl 1h -- curl -s "file://$scratch/answer"
fi

telling "whole processes, $runs of each"
"$load" race "$runs" "${entrants[@]}" >"$scratch/race.tsv"
took=$(figure race llmc 2)
compared() { # compared WHAT NAME [RELATION TARGET UNIT]
    local other
    other=$(figure race "$2" 2)
    if [[ -z $other ]]; then
        telling "$2 is not here to be compared with"
        return
    fi
    row "$1" "$(millis "$took")" "$(calculate "$took" / "$other")" "${@:3}"
}
compared 'generate, a hit : /bin/true' true
compared 'generate, a hit : bkt -- curl' bkt '<=' 1.0 x
compared 'generate, a hit : redis-cli GET' redis-cli '<=' 0.4 x

telling "what a shell waits for when somebody types"
"$load" race "$runs" : completion env LLMC_COMPLETE=bash _CLAP_COMPLETE_INDEX=3 _CLAP_IFS=, \
    "$llmc" -- llmc session show r >"$scratch/completion.tsv"
completed=$(calculate "$(figure completion completion 2)" / 1000)
row 'a completion that asks the daemon, p50' "$completed ms" "$completed" '<=' 50 ms

# ---- over the socket -----------------------------------------------------------------------------------------

for connections in 1 64; do
    telling "hits over $connections connections"
    "$load" hits "$LLMC_SOCKET" "$scratch/bare.sock" "$connections" >"$scratch/hits.tsv"
    rate=$(figure hits hit 4)
    faster=$(calculate "$rate" / "$(figure hits bare 4)")
    later=$(calculate "$(figure hits hit 3)" / "$(figure hits bare 3)")
    row "hit, $connections connections : bare axum, rate" "${rate%.*}/s" "$faster"
    row "hit, $connections connections : bare axum, p50" "$(millis "$(figure hits hit 2)")" \
        "$(calculate "$(figure hits hit 2)" / "$(figure hits bare 2)")"
    row "hit, $connections connections : bare axum, p99" "$(millis "$(figure hits hit 3)")" "$later"
done

telling "a batch of $many cached lines"
awk -v lines="$many" 'BEGIN {
    for (line = 0; line < lines; line++)
        printf "{\"id\": %d, \"prompt\": \"%d %0200d\"}\n", line, line % 1000, 0
}' >"$scratch/batch.jsonl"
"$llmc" batch "$scratch/batch.jsonl" -O "$scratch/batch.out" -q
batch_took=$("$llmc" batch "$scratch/batch.jsonl" -O "$scratch/batch.out" --json | sed -n 's/.*"seconds":\([0-9.]*\).*/\1/p')
rate=$(calculate "$many" / "$batch_took")
row "batch, $many cached lines" "${rate%.*}/s" "$rate" '>=' 20000 lines/s

door=$("$llmc" daemon status --json | sed -n 's/.*"http": *"\([^"]*\)".*/\1/p')
token=$("$llmc" daemon token)
bare=${url#http://} bare=${bare%/v1}
for size in 1024 16384; do
    for connections in 1 64 1000; do
        telling "hits of $size bytes through the gateway over $connections connections"
        "$load" gateway "$door" "$token" "$bare" "$size" "$connections" >"$scratch/gateway.tsv"
        rate=$(figure gateway hit 4)
        faster=$(calculate "$rate" / "$(figure gateway bare 4)")
        later=$(calculate "$(figure gateway hit 3)" / "$(figure gateway bare 3)")
        least=() most=()
        if [[ $size-$connections == 1024-64 ]]; then least=('>=' 0.6 x) most=('<=' 2 x); fi
        row "gateway, $size B, $connections conn. : axum, rate" "${rate%.*}/s" "$faster" ${least[@]+"${least[@]}"}
        row "gateway, $size B, $connections conn. : axum, p99" "$(millis "$(figure gateway hit 3)")" "$later" ${most[@]+"${most[@]}"}
    done
done

telling "calls to a provider that answers at once, $calls of each"
"$load" misses "$LLMC_SOCKET" "$url" "$calls" >"$scratch/misses.tsv"
for form in plain stream; do
    for until in first last; do
        for part in 2:p50:0.2 3:p99:1; do
            IFS=: read -r column name most <<<"$part"
            through=$(figure misses "$form through $until" "$column")
            straight=$(figure misses "$form straight $until" "$column")
            added=$(calculate "$(calculate "$through" - "$straight")" / 1000)
            target=()
            if [[ $until == first ]]; then target=('<=' "$most" ms); fi
            row "added to a miss, $form, $until byte, $name" "$(millis "$through")" "$added" ${target[@]+"${target[@]}"}
        done
    done
done
end "$main"

# ---- starting, growing ---------------------------------------------------------------------------------------

telling "starts"
"$load" start "$((runs / 5))" "$LLMC_SOCKET" "$llmc" >"$scratch/start.tsv"
started=$(calculate "$(figure start start 2)" / 1000)
row 'start to first answer, p50' "$started ms" "$started" '<=' 30 ms
row 'resident, idle' "$idle MiB" "$idle" '<=' 15 MiB

sizes=(1000 "$many" ${huge:+"$huge"})
pairs=() daemons=()
for size in "${sizes[@]}"; do
    telling "a store of $size entries"
    fill "of-$size" "$size"
    LLMC_CACHE_MEMORY_SIZE=0 begin "of-$size"
    pairs+=("$LLMC_SOCKET" "$size")
    daemons+=("$begun")
done
telling "hits in stores of ${sizes[*]} entries, without the memory tier"
"$load" look-ups "$calls" "${pairs[@]}" >"$scratch/growth.tsv"
for daemon in "${daemons[@]}"; do end "$daemon"; done
for size in "${sizes[@]:1}"; do
    row "hit in the store, $size : 1000 entries, p50" "$(millis "$(figure growth "$size" 2)")" \
        "$(calculate "$(figure growth "$size" 2)" / "$(figure growth 1000 2)")" '<=' 1.3 x
    begin "of-$size"
    "$load" look-ups "$((calls * 5))" "$LLMC_SOCKET" "$size" >"$scratch/used.tsv"
    used=$(resident "$begun")
    end "$begun"
    row "resident, $size entries, $((calls * 5)) hits" "$used MiB" "$used" '<=' 100 MiB
done

size=$(calculate "$(wc -c <"$llmc")" / 1048576)
row 'binary' "$size MiB" "$size" '<=' 20 MiB

printf '\n%-46s %16s %10s  %-14s %s\n' 'what' 'figure' 'ratio' 'target' 'reached'
printf '%s\n' "${rows[@]}"
