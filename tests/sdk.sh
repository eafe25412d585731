#!/usr/bin/env bash
# The vendors' own SDKs and a public client through llmc's TCP door, against a provider of the tests' own; then llmc's own
# API against its description, by a fuzzer. The first run fetches the SDKs.
# LLMC_BIN, LLMC_TEST_CACHE and skips: see `python.sh`.
set -uo pipefail
exec </dev/null
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

packages=(openai==3.54.0 anthropic==2.12.0 llm==0.36 schemathesis==4.32.5)
node_packages=(openai@6.49.0 @anthropic-ai/sdk@1.12.0 @google/genai@3.1.0)

# shellcheck source=tests/python.sh
. "$root/tests/python.sh"
find_llmc
find_python "${packages[@]}"

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

clear_environment
"$python" "$root/tests/sdk/python_sdks.py" "$llmc" ${node[@]+"${node[@]}"} || exit 1
"$python" "$root/tests/sdk/fuzz_api.py" "$llmc" || exit 1
[ ${#node[@]} -gt 0 ] || cannot "those for Node could not be installed and were NOT tried; Python's passed"
