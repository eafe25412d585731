# shellcheck shell=bash
# What the tests in Python share: the program to test, a Python with the packages they need, and modules for Node. Sourced, with `root` set.
# LLMC_BIN: the program to test (default: the newest build). LLMC_TEST_CACHE: where packages are kept.

cache=${LLMC_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/llmc-tests}

# Ends with 77 and the reason where this machine cannot run them.
cannot() {
    printf 'skip: %s\n' "$1"
    exit 77
}

newest_build() {
    local target=${CARGO_TARGET_DIR:-$root/target} newest='' candidate
    for candidate in "$target/release/llmc" "$target/debug/llmc"; do
        if [ -x "$candidate" ] && { [ -z "$newest" ] || [ "$candidate" -nt "$newest" ]; }; then newest=$candidate; fi
    done
    printf '%s' "$newest"
}

# Sets `llmc`.
find_llmc() {
    llmc=${LLMC_BIN:-$(newest_build)}
    if [ -z "$llmc" ]; then
        cargo build --locked --manifest-path "$root/Cargo.toml" || exit 1
        llmc=$(newest_build)
    fi
}

# Sets `python`, with these packages; the first run fetches them.
find_python() { # PACKAGE…
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || cannot 'Python 3.10 or newer is needed'
    local venv unfinished
    venv=$cache/$(IFS=_; printf '%s' "$*")
    if [ ! -d "$venv" ]; then
        # Made beside its place and renamed, so that what is there is whole, however many runs start at once.
        unfinished=$venv.$$
        mkdir -p "${venv%/*}"
        if ! { python3 -m venv "$unfinished" &&
            "$unfinished/bin/python" -m pip install --quiet --only-binary :all: "$@"; } >"$unfinished.log" 2>&1; then
            tail -n 5 "$unfinished.log"
            rm -rf "$unfinished" "$unfinished.log"
            cannot "Python could not install $*"
        fi
        rm -f "$unfinished.log"
        mv "$unfinished" "$venv" 2>/dev/null || rm -rf "$unfinished"
    fi
    # shellcheck disable=SC2034 # for whoever sources this
    python=$venv/bin/python
}

# Sets `modules`, a folder with these packages for Node, or nothing where they cannot be had; the first run fetches them.
find_modules() { # PACKAGE…
    local unfinished
    modules=$cache/node_$(IFS=_; printf '%s' "${*//\//-}")
    if [ ! -d "$modules" ] && command -v node >/dev/null && command -v npm >/dev/null; then
        unfinished=$modules.$$
        mkdir -p "$unfinished"
        if npm install --prefix "$unfinished" --no-audit --no-fund --ignore-scripts --silent "$@"; then
            mv "$unfinished" "$modules" 2>/dev/null || rm -rf "$unfinished"
        else
            rm -rf "$unfinished"
        fi
    fi
    { [ -d "$modules" ] && command -v node >/dev/null; } || modules=''
}

# Whatever stands in the environment is not for the tests, and no proxy stands between them.
clear_environment() {
    local name
    for name in $(env | sed -n 's/^\(LLMC_[A-Za-z0-9_]*\|OPENAI_[A-Za-z0-9_]*\|ANTHROPIC_[A-Za-z0-9_]*\|GEMINI_[A-Za-z0-9_]*\|GOOGLE_[A-Za-z0-9_]*\)=.*/\1/p'); do
        unset "$name"
    done
    unset HTTP_PROXY HTTPS_PROXY ALL_PROXY http_proxy https_proxy all_proxy
    export PYTHONDONTWRITEBYTECODE=1
}
