#!/usr/bin/env bash
# The vendors' own SDKs and a public client through llmc's TCP door, against a provider of the tests' own; then llmc's own
# API against its description, by a fuzzer. The first run fetches the SDKs.
# LLMC_BIN: the program to test (default: the newest build). LLMC_TEST_CACHE: where the SDKs are kept.
# Ends with 77 and the reason where this machine cannot run them.
set -uo pipefail
exec </dev/null
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

packages=(openai==3.54.0 anthropic==2.12.0 llm==0.36 schemathesis==4.32.5)
node_packages=(openai@6.49.0 @anthropic-ai/sdk@1.12.0 @google/genai@3.1.0)

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

python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || cannot 'Python 3.10 or newer is needed'
llmc=${LLMC_BIN:-$(newest_build)}
if [ -z "$llmc" ]; then
    cargo build --locked --manifest-path "$root/Cargo.toml" || exit 1
    llmc=$(newest_build)
fi

cache=${LLMC_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/llmc-tests}
venv=$cache/$(IFS=_; printf '%s' "${packages[*]}")
if [ ! -d "$venv" ]; then
    # Made beside its place and renamed, so that what is there is whole, however many runs start at once.
    unfinished=$venv.$$
    mkdir -p "${venv%/*}"
    if ! { python3 -m venv "$unfinished" &&
        "$unfinished/bin/python" -m pip install --quiet --only-binary :all: "${packages[@]}"; } >"$unfinished.log" 2>&1; then
        tail -n 5 "$unfinished.log"
        rm -rf "$unfinished" "$unfinished.log"
        cannot 'Python could not install the SDKs'
    fi
    rm -f "$unfinished.log"
    mv "$unfinished" "$venv" 2>/dev/null || rm -rf "$unfinished"
fi

# The modules are looked for beside the script that imports them, so a copy of it lies there.
modules=$cache/node_$(IFS=_; printf '%s' "${node_packages[*]//\//-}")
if [ ! -d "$modules" ] && command -v node >/dev/null && command -v npm >/dev/null; then
    unfinished=$modules.$$
    mkdir -p "$unfinished"
    if npm install --prefix "$unfinished" --no-audit --no-fund --ignore-scripts --silent "${node_packages[@]}"; then
        mv "$unfinished" "$modules" 2>/dev/null || rm -rf "$unfinished"
    else
        rm -rf "$unfinished"
    fi
fi
node=()
if [ -d "$modules" ] && command -v node >/dev/null; then
    cp "$root/tests/sdk/node_sdks.mjs" "$modules/" && node=("$modules")
fi

# Whatever stands in the environment is not for these programs, and no proxy stands between them.
for name in $(env | sed -n 's/^\(LLMC_[A-Za-z0-9_]*\|OPENAI_[A-Za-z0-9_]*\|ANTHROPIC_[A-Za-z0-9_]*\|GEMINI_[A-Za-z0-9_]*\|GOOGLE_[A-Za-z0-9_]*\)=.*/\1/p'); do
    unset "$name"
done
unset HTTP_PROXY HTTPS_PROXY ALL_PROXY http_proxy https_proxy all_proxy
PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" "$root/tests/sdk/python_sdks.py" "$llmc" ${node[@]+"${node[@]}"} || exit 1
PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" "$root/tests/sdk/fuzz_api.py" "$llmc" || exit 1
[ ${#node[@]} -gt 0 ] || cannot "those for Node could not be installed and were NOT tried; Python's passed"
