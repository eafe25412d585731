#!/usr/bin/env bash
# `llmc dashboard` in a real browser: what it shows, what it asks, and who can use it. The first run fetches Selenium.
# LLMC_BIN, LLMC_TEST_CACHE and skips: see `python.sh`. LLMC_PAGE_PICTURES: a folder for pictures of what was seen.
set -uo pipefail
exec </dev/null
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
pictures=${LLMC_PAGE_PICTURES:-}

# shellcheck source=tests/python.sh
. "$root/tests/python.sh"

browser='' driver=''
for name in chromium chromium-browser google-chrome; do
    [ -n "$browser" ] || browser=$(command -v "$name")
done
driver=$(command -v chromedriver)
{ [ -n "$browser" ] && [ -n "$driver" ]; } ||
    cannot 'chromium and chromedriver are missing, so the page was NOT tried (Debian: chromium, chromium-driver)'

find_llmc
find_python selenium==4.51.0
clear_environment
"$python" "$root/tests/sdk/page.py" "$llmc" "$browser" "$driver" "$pictures"
