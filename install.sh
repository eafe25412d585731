#!/bin/sh
# Builds llmc from this folder and installs it below PREFIX. Touches nothing else: no sudo, no shell start-up files.
# shellcheck disable=SC2016 # in messages, backticks quote literals
set -eu

usage() {
    cat <<'USAGE'
usage: ./install.sh [--prefix DIR] [--try | --uninstall]

Builds llmc and installs the program, its man pages and its shell completions.

  --prefix DIR   install below DIR (default: $PREFIX, else ~/.local)
  --try          then show a miss and a hit, with a throw-away cache and no API key
  --uninstall    remove what was installed below DIR; settings and cache stay
  -h, --help     print this
USAGE
}

say() { printf '%s\n' "$*"; }
fail() {
    printf 'install.sh: %s\n' "$1" >&2
    [ $# -lt 2 ] || printf 'hint: %s\n' "$2" >&2
    exit 1
}
misused() {
    printf 'install.sh: %s\n\n' "$1" >&2
    usage >&2
    exit 2
}

# ---- what was asked ------------------------------------------------------------------------------------------

action=install
prefix=${PREFIX:-${HOME:+$HOME/.local}}

choose() {
    [ "$action" = install ] || [ "$action" = "$1" ] || misused '`--try` and `--uninstall` exclude each other'
    action=$1
}

while [ $# -gt 0 ]; do
    case $1 in
    --try) choose try ;;
    --uninstall) choose uninstall ;;
    --prefix)
        [ $# -ge 2 ] || misused '`--prefix` wants a folder'
        prefix=$2
        shift
        ;;
    --prefix=*) prefix=${1#--prefix=} ;;
    -h | --help)
        usage
        exit 0
        ;;
    *) misused "unknown argument \`$1\`" ;;
    esac
    shift
done

[ -n "$prefix" ] || misused 'no folder to install below: give `--prefix DIR`'
case $prefix in
*'
'*) misused 'a folder with a line break in its name cannot be recorded' ;;
/*) ;;
*) prefix=$(pwd)/$prefix ;;
esac
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
cd -- "$here"

# Not below share/llmc: with the default prefix that is the cache's own folder, which people delete to start afresh.
manifest=$prefix/lib/llmc/manifest
program=$prefix/bin/llmc

scratch=$(mktemp -d "${TMPDIR:-/tmp}/llmc.XXXXXX")
scratch=$(CDPATH='' cd -- "$scratch" && pwd -P)
stop_trial=false
clean_up() {
    status=$?
    trap - EXIT
    trap '' HUP INT TERM
    if $stop_trial; then "$program" daemon stop >/dev/null 2>&1 </dev/null || true; fi
    if [ -f "$scratch/files" ]; then drop_unfinished; fi
    rm -rf "$scratch"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# ---- what is needed ------------------------------------------------------------------------------------------

system() {
    case $(uname -s) in
    Darwin) echo macos ;;
    Linux)
        # shellcheck disable=SC1091
        known=$([ ! -r /etc/os-release ] || (. /etc/os-release && echo " ${ID:-} ${ID_LIKE:-} "))
        case $known in
        *' debian '* | *' ubuntu '*) echo debian ;;
        *' alpine '*) echo alpine ;;
        *' fedora '* | *' rhel '*) echo fedora ;;
        *' arch '*) echo arch ;;
        *suse*) echo suse ;;
        *) echo linux ;;
        esac
        ;;
    *) echo other ;;
    esac
}

rust_hint() {
    case $(system) in
    macos) package='`brew install rust`' ;;
    debian) package="\`apt install rustc-$1 cargo-$1\` where your release has them" ;;
    alpine) package='`apk add cargo`' ;;
    fedora) package='`dnf install cargo`' ;;
    arch) package='`pacman -S rust`' ;;
    suse) package='`zypper install cargo`' ;;
    *) package="your system's package of Rust $1" ;;
    esac
    say "install Rust $1 or newer with rustup (https://rustup.rs), or $package"
}

compiler_hint() {
    case $(system) in
    macos) say '`xcode-select --install`' ;;
    debian) say '`apt install build-essential`' ;;
    alpine) say '`apk add build-base`' ;;
    fedora) say '`dnf install gcc`' ;;
    arch) say '`pacman -S base-devel`' ;;
    suse) say '`zypper install gcc`' ;;
    *) say 'install gcc or clang, so that there is a `cc`' ;;
    esac
}

# True where version $1 is $2 or newer.
reaches() {
    printf '%s %s\n' "$1" "$2" | awk '{
        split($1, have, "."); split($2, want, ".")
        for (i = 1; i <= 3; i++) if (have[i] + 0 != want[i] + 0) exit (have[i] + 0 < want[i] + 0)
    }'
}

check_tools() {
    # A fresh rustup is on disk before it is on PATH.
    if ! command -v cargo >/dev/null 2>&1; then
        PATH=$PATH:${CARGO_HOME:-${HOME:-}/.cargo}/bin
    fi
    wanted=$(sed -n 's/^rust-version *= *"\([0-9.]*\)".*/\1/p' Cargo.toml)
    version=$(cargo --version 2>/dev/null </dev/null | sed -n 's/^cargo \([0-9.]*\).*/\1/p') || true
    [ -n "$version" ] || fail 'cannot build: no working `cargo` found' "$(rust_hint "$wanted")"
    reaches "$version" "$wanted" || fail "cannot build: cargo is $version, $wanted is needed" "$(rust_hint "$wanted")"
    command -v "${CC:-cc}" >/dev/null 2>&1 ||
        fail "cannot build: no C compiler \`${CC:-cc}\` found (SQLite is built in)" "$(compiler_hint)"
}

# Asked before the build: minutes are too long to wait for a refusal.
check_prefix() {
    nearest=$prefix
    while [ ! -e "$nearest" ]; do nearest=$(dirname -- "$nearest"); done
    { [ -d "$nearest" ] && [ -w "$nearest" ]; } || fail "cannot write to \`$nearest\`" 'give another folder with `--prefix`'
}

# ---- build and install ---------------------------------------------------------------------------------------

build() {
    say 'building llmc (a few minutes the first time)'
    cargo build --release --locked --bin llmc --message-format=json-render-diagnostics \
        >"$scratch/messages" </dev/null ||
        fail "the build failed; what is installed below \`$prefix\` is as it was"
    built=$(sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' "$scratch/messages" | tail -n 1)
    [ -x "$built" ] || fail 'cargo built no program'
}

# Lays everything out below $scratch/stage as it will lie below the prefix.
stage() {
    stage_file "$built" bin/llmc 755
    stage_file completions/llmc.bash share/bash-completion/completions/llmc 644
    stage_file completions/_llmc share/zsh/site-functions/_llmc 644
    stage_file completions/llmc.fish share/fish/vendor_completions.d/llmc.fish 644
    stage_file completions/llmc.elv share/elvish/lib/llmc.elv 644
    stage_file completions/llmc.ps1 share/powershell/completions/llmc.ps1 644
    for page in man/*.[1-9]; do
        stage_file "$page" "share/man/man${page##*.}/${page#man/}" 644
    done
    (cd "$scratch/stage" && find . -type f) | sed 's|^\./||' | sort >"$scratch/files"
    echo lib/llmc | cat - "$scratch/files" | awk -F/ '{
        if ($0 != "lib/llmc") NF--
        folder = ""
        for (i = 1; i <= NF; i++) { folder = folder (i > 1 ? "/" : "") $i; print folder }
    }' | sort -u >"$scratch/folders"
}

stage_file() {
    [ -f "$1" ] || fail "cannot find \`$1\`" 'install from a whole checkout'
    mkdir -p "$scratch/stage/${2%/*}"
    cp -- "$1" "$scratch/stage/$2"
    chmod "$3" "$scratch/stage/$2"
}

unfinished() { say "$prefix/${1%/*}/.${1##*/}.new"; }

drop_unfinished() {
    while IFS= read -r file; do
        rm -f -- "$(unfinished "$file")"
    done <"$scratch/files"
}

place() {
    upgraded=false
    [ ! -e "$program" ] || upgraded=true
    mkdir -p -- "$prefix"
    # A folder made by an earlier run stays ours to remove.
    [ ! -f "$manifest" ] || cp -- "$manifest" "$scratch/previous"
    touch "$scratch/previous"
    grep '^folder ' "$scratch/previous" >"$scratch/ours" || true
    while IFS= read -r folder; do
        [ ! -d "$prefix/$folder" ] || continue
        mkdir -- "$prefix/$folder"
        say "folder $folder" >>"$scratch/ours"
    done <"$scratch/folders"

    # Old and new until all is in place, so that a run cut short can still be undone.
    { sed 's/^/file /' "$scratch/files"; grep '^file ' "$scratch/previous" || true; cat "$scratch/ours"; } |
        sort -u >"$manifest"

    # All copies first, then the renames: a full disk leaves the old version whole, and a running program is not
    # written to but replaced.
    while IFS= read -r file; do
        cp -p -- "$scratch/stage/$file" "$(unfinished "$file")"
    done <"$scratch/files"
    while IFS= read -r file; do
        mv -f -- "$(unfinished "$file")" "$prefix/$file"
    done <"$scratch/files"

    sed -n 's/^file //p' "$scratch/previous" | while IFS= read -r file; do
        grep -qxF -- "$file" "$scratch/files" || remove_file "$file"
    done
    { sed 's/^/file /' "$scratch/files"; sort -u "$scratch/ours"; } >"$manifest"

    say "installed $("$program" --version </dev/null) as $program"
    if $upgraded; then say 'a daemon that is running keeps the old version until `llmc daemon restart`'; fi
}

# Names come from a file that may have been edited: nothing outside the prefix is ever removed.
remove_file() {
    case /$1/ in
    //* | */../*) say "left alone, not below the prefix: $1" >&2 ;;
    *) rm -f -- "$prefix/$1" ;;
    esac
}

path_hint() {
    case :$PATH: in
    *":$prefix/bin:"*) return ;;
    esac
    case ${SHELL:-} in
    */fish) say "$prefix/bin is not on your PATH; run: fish_add_path '$prefix/bin'" ;;
    */zsh) say "$prefix/bin is not on your PATH; add to ~/.zshrc: export PATH=\"$prefix/bin:\$PATH\"" ;;
    */bash) say "$prefix/bin is not on your PATH; add to ~/.bashrc: export PATH=\"$prefix/bin:\$PATH\"" ;;
    *) say "$prefix/bin is not on your PATH; add to ~/.profile: export PATH=\"$prefix/bin:\$PATH\"" ;;
    esac
}

# ---- show ----------------------------------------------------------------------------------------------------

try() {
    # A world of its own: neither the user's daemon and cache nor their settings have a part in this.
    for name in $(env | sed -n 's/^\(LLMC_[A-Za-z0-9_]*\)=.*/\1/p'); do
        unset "$name"
    done
    mkdir -m 700 "$scratch/data" "$scratch/state" "$scratch/run" "$scratch/work"
    : >"$scratch/config.toml"
    export LLMC_CONFIG="$scratch/config.toml" LLMC_SOCKET="$scratch/run/llmc.sock"
    export LLMC_DATA_DIR="$scratch/data" LLMC_STATE_DIR="$scratch/state"
    cd -- "$scratch/work"
    stop_trial=true

    say
    say 'The first time a prompt is asked, the provider is paid for it (here a built-in one that takes half a second):'
    ask miss
    say 'The second time nobody is:'
    ask hit
    show stats
}

show() {
    printf '\n$ llmc'
    for word in "$@"; do
        case $word in
        *[!A-Za-z0-9_./=-]*) printf ' "%s"' "$word" ;;
        *) printf ' %s' "$word" ;;
        esac
    done
    printf '\n'
    "$program" "$@" </dev/null
}

# Asks, and fails unless the answer came about as $1 says.
ask() {
    show generate -m echo/echo -o delay_ms=500 --usage 'What is the capital of France?' 2>"$scratch/usage" || {
        cat "$scratch/usage" >&2
        fail 'the trial failed: `llmc generate` did not answer'
    }
    cat "$scratch/usage"
    say
    grep -q "^$1 " "$scratch/usage" || fail "the trial failed: expected a $1"
}

# ---- remove --------------------------------------------------------------------------------------------------

uninstall() {
    [ -f "$manifest" ] || fail "nothing to uninstall below \`$prefix\`: no \`$manifest\`" 'give the `--prefix` it was installed with'
    stop_daemon
    cp -- "$manifest" "$scratch/previous"
    sed -n 's/^file //p' "$scratch/previous" | while IFS= read -r file; do
        remove_file "$file"
    done
    rm -f -- "$manifest"
    # Deepest first; one that holds anything else stays.
    sed -n 's/^folder //p' "$scratch/previous" | sort -r | while IFS= read -r folder; do
        case /$folder/ in
        //* | */../*) ;;
        *) rmdir -- "$prefix/$folder" 2>/dev/null || true ;;
        esac
    done
    say "removed llmc from $prefix"
    if [ "$(system)" = macos ]; then
        support=${HOME:-~}/Library/Application\ Support
        config=$support/llmc data=$support/llmc
    else
        config=${XDG_CONFIG_HOME:-${HOME:-~}/.config}/llmc data=${XDG_DATA_HOME:-${HOME:-~}/.local/share}/llmc
    fi
    say "your settings stay in ${LLMC_CONFIG:-$config}"
    say "your cache stays in ${LLMC_DATA_DIR:-$data}"
}

# Only a daemon that runs the program about to go: one from elsewhere is left alone.
stop_daemon() {
    [ -x "$program" ] || return 0
    pid=$("$program" --json daemon status 2>/dev/null </dev/null | tr -d '\n' |
        sed -n 's/.*"pid" *: *\([0-9][0-9]*\).*/\1/p') || true
    [ -n "$pid" ] || return 0
    [ "$(program_of "$pid")" = "$(CDPATH='' cd -- "$prefix/bin" && pwd -P)/llmc" ] || return 0
    "$program" daemon stop </dev/null || fail "cannot stop the daemon, process $pid; nothing was removed" "end it with \`kill $pid\`"
}

program_of() {
    if [ -e "/proc/$1/exe" ]; then
        # An upgrade replaces the file below a running daemon; it is ours all the same.
        readlink "/proc/$1/exe" | sed 's/ (deleted)$//'
    else
        ps -o comm= -p "$1" || true
    fi
}

case $action in
uninstall) uninstall ;;
*)
    check_prefix
    check_tools
    build
    stage
    place
    path_hint
    if [ "$action" = try ]; then try; fi
    ;;
esac
