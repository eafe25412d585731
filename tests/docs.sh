#!/usr/bin/env bash
# Every block of the README and of `docs/`, run as a reader would run it, against a provider of the tests' own. The first run
# fetches what the recipes for pytest and Vitest need.
# LLMC_BIN, LLMC_TEST_CACHE and skips: see `python.sh`. Arguments: the pages to try, in place of all.
set -uo pipefail
exec </dev/null
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

packages=(openai==3.54.0 pytest==9.2.0 PyYAML==6.0.3 tomli==2.5.0)
node_packages=(openai@6.49.0 vitest@3.2.7)

# shellcheck source=tests/python.sh
. "$root/tests/python.sh"
for tool in git jq curl; do
    command -v "$tool" >/dev/null || cannot "$tool is missing, so the pages were NOT tried"
done
find_llmc
find_python "${packages[@]}"
find_modules "${node_packages[@]}"
clear_environment
"$python" "$root/tests/sdk/documents.py" "$llmc" "$root" "$modules" "$@"
