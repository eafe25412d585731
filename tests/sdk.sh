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

find_modules "${node_packages[@]}"
node=()
if [ -n "$modules" ]; then
    # Modules are looked for beside the script that imports them, so a copy of it lies there.
    cp "$root/tests/sdk/node_sdks.mjs" "$modules/" && node=("$modules")
fi

clear_environment
"$python" "$root/tests/sdk/python_sdks.py" "$llmc" ${node[@]+"${node[@]}"} || exit 1
"$python" "$root/tests/sdk/fuzz_api.py" "$llmc" || exit 1
[ ${#node[@]} -gt 0 ] || cannot "those for Node could not be installed and were NOT tried; Python's passed"
