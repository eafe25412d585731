#!/usr/bin/env bash
# What install.sh promises. First with a stand-in for cargo, so that its refusals and failures can be seen in a
# second; then, unless called with --stand-in, with the real build.
# shellcheck disable=SC2016 # in messages, backticks quote literals
set -uo pipefail
exec </dev/null
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
world=$(mktemp -d)
clean_up() {
    if [ -s "$world/daemon" ]; then kill "$(cat "$world/daemon")" 2>/dev/null; fi
    rm -rf "$world"
}
trap clean_up EXIT
trap 'exit 143' INT TERM HUP
passed=0 failed=0

fact() { # NAME
    # Not as a condition: bash would ignore `set -e` in it, and only the last line of a fact would count.
    (set -e; "$1") >"$world/out" 2>&1
    local status=$?
    if [ "$status" -eq 0 ]; then
        passed=$((passed + 1))
        printf '  ok      %s\n' "$1"
    else
        failed=$((failed + 1))
        printf '  FAILED  %s\n' "$1"
        sed 's/^/          /' "$world/out"
    fi
}

# ---- the stand-ins -------------------------------------------------------------------------------------------

checkout=$world/checkout prefix="$world/a prefix" tools=$world/tools
mkdir -p "$checkout/completions" "$checkout/man" "$tools"
cp "$root/install.sh" "$checkout/"
printf 'rust-version = "1.80"\n' >"$checkout/Cargo.toml"
for name in llmc.bash _llmc llmc.fish llmc.elv llmc.ps1; do echo "$name" >"$checkout/completions/$name"; done
for page in llmc llmc-stats; do echo "$page" >"$checkout/man/$page.1"; done

# Answers as llmc does: the first time a miss, from then on a hit; notes how it was called.
cat >"$world/llmc" <<'LLMC'
#!/bin/sh
echo "$* LLMC_SOCKET=${LLMC_SOCKET:-}" >>"${LLMC_STAND_IN_LOG:-/dev/null}"
case "$1 ${2:-}" in
"--version "*) echo "llmc ${VERSION:-0.1.0}" ;;
"generate "*)
    echo 'What is the capital of France?'
    if [ -e "$LLMC_DATA_DIR/asked" ]; then echo 'hit · echo/echo · 0.1 ms' >&2; else echo 'miss · echo/echo · 500 ms' >&2; fi
    touch "$LLMC_DATA_DIR/asked"
    ;;
"stats "*) echo 'hits 1' ;;
esac
LLMC
sed 's/touch .*/:/' "$world/llmc" >"$world/forgetful"
cat >"$tools/cargo" <<'CARGO'
#!/bin/sh
if [ "$1" = --version ]; then echo "cargo ${CARGO_STAND_IN:-1.99.0} (0 2026-01-01)"; exit; fi
[ -z "${BUILD_FAILS:-}" ] || { echo 'error: it does not compile' >&2; exit 101; }
mkdir -p "$BUILT" && cp "$PROGRAM" "$BUILT/llmc" && chmod +x "$BUILT/llmc"
printf '{"reason":"compiler-artifact","executable":null}\n{"reason":"compiler-artifact","executable":"%s/llmc","fresh":false}\n' "$BUILT"
CARGO
printf '#!/bin/sh\n' >"$tools/cc"
chmod +x "$tools/cargo" "$tools/cc"
# Only what a bare system has, so that a missing tool is truly missing.
for tool in sh awk sed grep sort tr cat cp mv rm rmdir mkdir mktemp dirname basename chmod find env uname head tail \
    touch readlink ps pwd; do
    ln -sf "$(type -P "$tool")" "$tools/$tool"
done
ln -sf "$(type -P bash)" "$tools/bash"

install() { # [NAME=VALUE…] [-- ARGUMENT…]
    local settings=()
    while [ $# -gt 0 ] && [ "$1" != -- ]; do settings+=("$1"); shift; done
    [ $# -eq 0 ] || shift
    env -i HOME="$world/home" PATH="$tools" PREFIX="$prefix" TMPDIR="$world" BUILT="$world/target" \
        PROGRAM="$world/llmc" ${settings[@]+"${settings[@]}"} sh "$checkout/install.sh" "$@"
}
ends_with() { # STATUS COMMAND…
    local status=0
    "${@:2}" || status=$?
    [ "$status" -eq "$1" ] || { echo "ended with $status, not $1"; return 1; }
}
not() { if "$@"; then return 1; fi; }
says() { # WORDS COMMAND…
    local text
    text=$("${@:2}" 2>&1) || true
    printf '%s\n' "$text"
    grep -qF -- "$1" <<<"$text"
}
files_below() { (cd "$1" && find . -type f | sort); }
everything_below() { (cd "$1" && find . | sort); }

# ---- the facts -----------------------------------------------------------------------------------------------

help_is_usage() {
    ends_with 0 install -- --help
    says 'usage: ./install.sh' install -- --help
}
wrong_use_is_told() {
    ends_with 2 install -- --frobnicate
    ends_with 2 install -- --prefix
    ends_with 2 install -- --try --uninstall
    says 'unknown argument `--frobnicate`' install -- --frobnicate
}
missing_cargo_is_told() {
    mv "$tools/cargo" "$world/cargo"
    ends_with 1 install
    says 'no working `cargo` found' install
    says rustup install
    mv "$world/cargo" "$tools/cargo"
}
old_cargo_is_told() {
    ends_with 1 install CARGO_STAND_IN=1.79.9
    says 'cargo is 1.79.9, 1.80 is needed' install CARGO_STAND_IN=1.79.9
}
missing_compiler_is_told() {
    mv "$tools/cc" "$world/cc"
    ends_with 1 install
    says 'no C compiler' install
    mv "$world/cc" "$tools/cc"
}
refusals_leave_nothing() { [ ! -e "$prefix" ]; }
everything_is_placed() {
    mkdir -p "$prefix/share/man"
    echo mine >"$prefix/share/man/mine"
    everything_below "$prefix" >"$world/before"
    ends_with 0 install
    cat >"$world/expected" <<'FILES'
./bin/llmc
./lib/llmc/manifest
./share/bash-completion/completions/llmc
./share/elvish/lib/llmc.elv
./share/fish/vendor_completions.d/llmc.fish
./share/man/man1/llmc-stats.1
./share/man/man1/llmc.1
./share/man/mine
./share/powershell/completions/llmc.ps1
./share/zsh/site-functions/_llmc
FILES
    files_below "$prefix" | diff "$world/expected" -
    [ -x "$prefix/bin/llmc" ]
}
path_line_is_told() {
    says 'add to ~/.bashrc: export PATH=' install SHELL=/bin/bash
    not says 'not on your PATH' install PATH="$tools:$prefix/bin"
}
relative_prefix_is_the_callers() {
    mkdir -p "$world/elsewhere"
    cd "$world/elsewhere"
    ends_with 0 install -- --prefix=here
    [ -x "$world/elsewhere/here/bin/llmc" ]
    [ ! -e "$checkout/here" ]
}
failing_build_changes_nothing() {
    find "$prefix" -type f -exec cksum {} + >"$world/sums"
    ends_with 1 install BUILD_FAILS=yes
    find "$prefix" -type f -exec cksum {} + | diff "$world/sums" -
}
missing_page_changes_nothing() {
    find "$prefix" -type f -exec cksum {} + >"$world/sums"
    mv "$checkout/completions/_llmc" "$world/"
    ends_with 1 install
    mv "$world/_llmc" "$checkout/completions/"
    find "$prefix" -type f -exec cksum {} + | diff "$world/sums" -
}
upgrade_replaces_and_drops() {
    echo newer >"$checkout/man/llmc.1"
    mv "$checkout/man/llmc-stats.1" "$world/"
    says 'until `llmc daemon restart`' install
    mv "$world/llmc-stats.1" "$checkout/man/"
    grep -q newer "$prefix/share/man/man1/llmc.1"
    [ ! -e "$prefix/share/man/man1/llmc-stats.1" ]
}
trial_shows_miss_hit_stats() {
    install LLMC_MODE=off LLMC_SOCKET=/the/users -- --try >"$world/trial"
    cat "$world/trial"
    grep -E '^(\$|miss|hit)' "$world/trial" | sed 's/ ·.*//' | diff - <(
        cat <<'SEEN'
$ llmc generate -m echo/echo -o delay_ms=500 --usage "What is the capital of France?"
miss
$ llmc generate -m echo/echo -o delay_ms=500 --usage "What is the capital of France?"
hit
$ llmc stats
hits 1
SEEN
    )
}
trial_leaves_the_users_daemon_alone() {
    sed "s|\${LLMC_STAND_IN_LOG:-/dev/null}|$world/calls|" "$world/llmc" >"$world/noting"
    install LLMC_SOCKET=/the/users PROGRAM="$world/noting" -- --try
    cat "$world/calls"
    grep -q '^daemon stop LLMC_SOCKET=.*/run/llmc.sock$' "$world/calls"
    not grep -q '^[a-z].*/the/users' "$world/calls"
    [ -z "$(find "$world" -maxdepth 1 -name 'llmc.??????')" ]
}
trial_without_a_hit_fails() {
    ends_with 1 install PROGRAM="$world/forgetful" -- --try
    says 'expected a hit' install PROGRAM="$world/forgetful" -- --try
}
uninstall_restores() {
    says 'your cache stays in' install -- --uninstall
    everything_below "$prefix" | diff "$world/before" -
}
second_uninstall_is_told() {
    ends_with 1 install -- --uninstall
    says 'nothing to uninstall' install -- --uninstall
}
edited_manifest_removes_nothing_outside() {
    ends_with 0 install
    echo precious >"$world/precious"
    printf 'file ../precious\nfile %s/precious\nfolder ../elsewhere\n' "$world" >>"$prefix/lib/llmc/manifest"
    ends_with 0 install -- --uninstall
    [ -e "$world/precious" ]
}

real_trial() {
    PREFIX="$world/real prefix" TMPDIR=$world "$root/install.sh" --try | tee "$world/trial"
    grep -q '^hit ' "$world/trial"
}
real_files_are_there() {
    sed -n 's/^file //p' "$world/real prefix/lib/llmc/manifest" >"$world/files"
    [ "$(wc -l <"$world/files")" -ge 7 ]
    while IFS= read -r file; do [ -s "$world/real prefix/$file" ]; done <"$world/files"
    "$world/real prefix/bin/llmc" --version
}

# A process that has ended stays in the table until its parent looks, and the daemon's parent is the system's first.
runs() {
    case $(ps -o stat= -p "$1") in
    '' | Z*) return 1 ;;
    esac
}

real_daemon_is_stopped_by_uninstall() {
    export LLMC_SOCKET="$world/run/llmc.sock" LLMC_DATA_DIR="$world/data" LLMC_STATE_DIR="$world/state"
    export LLMC_CONFIG="$world/config.toml" PREFIX="$world/real prefix"
    : >"$LLMC_CONFIG"
    "$PREFIX/bin/llmc" daemon start
    "$PREFIX/bin/llmc" --json daemon status | tr -d '\n' |
        sed -n 's/.*"pid" *: *\([0-9][0-9]*\).*/\1/p' >"$world/daemon"
    runs "$(cat "$world/daemon")"
    "$root/install.sh" --uninstall
    not runs "$(cat "$world/daemon")"
    : >"$world/daemon"
    [ -z "$(find "$PREFIX" -type f)" ]
}

for name in help_is_usage wrong_use_is_told missing_cargo_is_told old_cargo_is_told missing_compiler_is_told \
    refusals_leave_nothing everything_is_placed path_line_is_told relative_prefix_is_the_callers failing_build_changes_nothing \
    missing_page_changes_nothing trial_shows_miss_hit_stats trial_leaves_the_users_daemon_alone \
    trial_without_a_hit_fails upgrade_replaces_and_drops uninstall_restores second_uninstall_is_told \
    edited_manifest_removes_nothing_outside; do
    fact "$name"
done
if [ "${1:-}" != --stand-in ]; then
    for name in real_trial real_files_are_there real_daemon_is_stopped_by_uninstall; do fact "$name"; done
fi

printf '%s passed, %s failed, 0 skipped\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
