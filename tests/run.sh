#!/usr/bin/env bash
# The one test command: every check there is, each with a heading, its time and a limit, then a summary.
# On a person's machine a missing piece is a skip that is told and counted; with CI set it is fetched or a failure.
# shellcheck disable=SC2016 # in messages, backticks quote literals
set -uo pipefail
exec </dev/null
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

usage() {
    cat <<'USAGE'
usage: tests/run.sh [--quick | --long]

  --quick   formatting, lints and tests only
  --long    the tests with their full numbers (sets LLMC_LONG_TESTS=1)
USAGE
}

selection=all profile=default
for argument in "$@"; do
    case $argument in
    --quick) selection=quick ;;
    --long)
        export LLMC_LONG_TESTS=1
        profile=long
        ;;
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

case ${CI:-} in
'' | 0 | false) in_ci=false ;;
*) in_ci=true ;;
esac

# No test may depend on the settings of whoever runs it, reach their daemon, or spend their money.
for name in $(env | sed -n 's/^\(LLMC_[A-Za-z0-9_]*\)=.*/\1/p'); do
    case $name in LLMC_LONG_TESTS | LLMC_TEST_CACHE) ;; *) unset "$name" ;; esac
done
unset OPENAI_API_KEY ANTHROPIC_API_KEY GEMINI_API_KEY

# ---- running steps -------------------------------------------------------------------------------------------

# What a step may end with besides success and failure.
readonly MISSING=77     # a tool is missing: a skip on a person's machine, a failure in CI
readonly UNREACHABLE=78 # something outside that is not ours to provide: a skip everywhere

passed=0 failed=0 skipped=0 summary=() running=()

end_processes() {
    local group
    for group in ${running[@]+"${running[@]}"}; do kill -TERM -- "-$group" 2>/dev/null; done
    running=()
}
# Ends processes, removes no files: a child that is ended right after its birth still runs its parent's traps.
trap end_processes EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Runs a command or function of this file in a process group of its own and ends the group when the time is up.
bounded() { # SECONDS COMMAND…
    local seconds=$1 job watch status
    shift
    set -m
    (
        set -e
        "$@"
    ) &
    job=$!
    (
        sleep "$seconds"
        echo "over its limit of $seconds s, ended"
        kill -TERM -- "-$job"
        sleep 10
        kill -KILL -- "-$job"
    ) 2>/dev/null &
    watch=$!
    set +m
    running=("$job" "$watch")
    wait "$job"
    status=$?
    end_processes
    wait "$watch" 2>/dev/null
    return "$status"
}

step() { # NAME SECONDS COMMAND…
    local name=$1 began=$SECONDS status result
    printf '\n==== %s\n' "$name"
    bounded "${@:2}"
    status=$?
    if [ "$status" -eq 0 ]; then
        result=passed passed=$((passed + 1))
    elif [ "$status" -eq "$UNREACHABLE" ] || { [ "$status" -eq "$MISSING" ] && ! $in_ci; }; then
        result=SKIPPED skipped=$((skipped + 1))
    else
        result=FAILED failed=$((failed + 1))
    fi
    result=$(printf '%-7s  %4d s  %s' "$result" "$((SECONDS - began))" "$name")
    printf '==== %s\n' "$result"
    summary+=("$result")
}

missing() {
    printf 'skip: %s\n' "$1"
    exit "$MISSING"
}

# ---- the pieces ----------------------------------------------------------------------------------------------

has() { command -v "$1" >/dev/null 2>&1; }
has_cargo() { cargo "$1" --version >/dev/null 2>&1; }

from_system() { # PACKAGE…
    if has apt-get && [ "$(id -u)" -eq 0 ]; then
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
    fi
}

# In CI, fetches what a fresh machine lacks. A piece that cannot be had fails the step that wants it, not this one.
fetch_tools() {
    has cc || from_system build-essential || true
    if has rustup; then
        has_cargo fmt || rustup component add rustfmt || true
        has_cargo clippy || rustup component add clippy || true
    fi
    has_cargo nextest || cargo install cargo-nextest --locked || true
    has_cargo deny || cargo install cargo-deny --locked || true
    has shellcheck || from_system shellcheck || true
    has redis-server || from_system redis-server || true
    has npm || from_system nodejs npm || true
    has jq || from_system jq || true
    has curl || from_system curl || true
    { has chromium && has chromedriver; } || from_system chromium chromium-driver || true
    python3 -c 'import venv, ensurepip' 2>/dev/null || from_system python3-venv || true
}

# ---- the steps -----------------------------------------------------------------------------------------------

formatting() {
    has_cargo fmt || missing 'rustfmt is missing: `rustup component add rustfmt`'
    cargo fmt --check
}

lints() {
    has_cargo clippy || missing 'clippy is missing: `rustup component add clippy`'
    cargo clippy --all-targets --locked -- -D warnings
}

rust_tests() {
    if has_cargo nextest; then
        cargo nextest run --locked --no-fail-fast --profile "$profile"
    elif $in_ci; then
        missing 'cargo-nextest is missing'
    else
        echo 'NOTE: cargo-nextest is missing, so `cargo test` runs instead: no limit per test, and less apart from each other.'
        echo 'NOTE: `cargo install cargo-nextest --locked` gets it.'
        cargo test --locked --no-fail-fast --lib --bins --tests
    fi
}

# Made-up bytes for everything that reads what comes from outside, a million for each: over ten million in all.
hostile_inputs() {
    has_cargo nextest || missing 'cargo-nextest is missing'
    PROPTEST_CASES=1000000 cargo nextest run --locked --no-fail-fast --profile hostile \
        -E 'kind(lib) & test(/::(any_bytes|any_text|any_value|any_cut|near_json|no_bytes|no_damage)_/)'
}

# What few build: linted and tried by itself, so that the rest is built without it.
traces() {
    has_cargo nextest || missing 'cargo-nextest is missing: `cargo install cargo-nextest --locked`'
    cargo clippy --lib --locked --features otlp -- -D warnings
    cargo nextest run --locked --features otlp --test llmc -E 'test(processes::otlp)'
}

doc_tests() { cargo test --doc --locked; }

documentation() { RUSTDOCFLAGS='-D warnings' cargo doc --no-deps --locked; }

shell_scripts() {
    has shellcheck || missing 'shellcheck is missing'
    git ls-files -z '*.sh' .ci/run | xargs -0 shellcheck
}

dependencies() {
    has_cargo deny || missing 'cargo-deny is missing: `cargo install cargo-deny --locked`'
    cargo deny check --hide-inclusion-graph bans licenses sources
}

advisories() {
    has_cargo deny || missing 'cargo-deny is missing: `cargo install cargo-deny --locked`'
    local output
    if ! output=$(GIT_TERMINAL_PROMPT=0 cargo deny fetch db 2>&1); then
        printf '%s\n' "$output" | tail -n 3
        echo 'skip: the advisory database cannot be reached from here, so known vulnerabilities were NOT looked for'
        exit "$UNREACHABLE"
    fi
    cargo deny check --hide-inclusion-graph advisories
}

redis_server() {
    has redis-server || missing 'redis-server is missing, so the tests of the shared stores tested nothing'
    redis-server --version
}

# The tests ask a REST server of their own; here the vendor's client asks it, too.
vendors_client() {
    has redis-server || missing 'redis-server is missing'
    { has node && has npm; } || missing 'node and npm are missing'
    local folder=${LLMC_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/llmc-tests}/upstash
    mkdir -p "$folder"
    if ! npm install --prefix "$folder" --no-audit --no-fund --silent @upstash/redis@1; then
        echo 'skip: the client cannot be fetched from here'
        exit "$UNREACHABLE"
    fi
    LLMC_UPSTASH_CLIENT=$folder cargo test --locked --test llmc -- the_vendor_s_own_client
}

installer() { tests/install.sh; }

upgrade() {
    if [ "$(uname)" != Linux ]; then
        echo 'skip: the second build is made with the tools of Linux'
        exit "$UNREACHABLE"
    fi
    tests/upgrade.sh
}

vendors_sdks() { tests/sdk.sh; }

documents() { tests/docs.sh; }

page_in_a_browser() { tests/page.sh; }

real_model() { tests/real_llm.sh; }

if $in_ci; then
    printf '\n==== Tools\n'
    bounded 1500 fetch_tools
fi
step 'Formatting' 60 formatting
step 'Lints' 1200 lints
step 'Tests' "$([ "$profile" = long ] && echo 7200 || echo 1800)" rust_tests
if [ "$profile" = long ]; then
    step 'Hostile input, ten million times' 7200 hostile_inputs
fi
if [ "$selection" = all ]; then
    step 'A Redis for the tests' 60 redis_server
    step 'A REST store, asked by its own client' 600 vendors_client
    step 'Documentation tests' 600 doc_tests
    step 'Documentation' 600 documentation
    step 'Shell scripts' 60 shell_scripts
    step 'Dependencies' 300 dependencies
    step 'Advisories' 120 advisories
    step 'An upgrade, between two builds' 900 upgrade
    step 'Installation, with a release build' 1800 installer
    step "The vendors' own SDKs" 600 vendors_sdks
    step 'Every block of the documents' 600 documents
    step 'The page, in a browser' 600 page_in_a_browser
    step 'A real language model' 900 real_model
    # Last: the program it builds stands where those above look for the newest.
    step 'Traces, in a build that sends them' 900 traces
fi

printf '\n==== Summary\n'
printf '%s\n' "${summary[@]}"
printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
