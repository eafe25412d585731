#!/bin/sh
# Builds a second llmc that speaks another protocol, and has the tests replace one by the other while calls go on.
set -eu

cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-$PWD/target}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

git ls-files -z Cargo.toml Cargo.lock build.rs src benches tests/fixtures | xargs -0 cp --parents -t "$scratch"
mkdir -p "$scratch/tests/llmc" && : >"$scratch/tests/llmc/main.rs"
# Another name, so that the first build stays where it is.
sed -i '0,/^name = "llmc"/s//name = "llmc-next"/; 0,/^version = .*/s//version = "99.0.0"/' "$scratch/Cargo.toml"
sed -i '/^\[\[bin\]\]/,/^path/s/^name = .*/name = "llmc-next"/' "$scratch/Cargo.toml"
sed -i '/^name = "llmc"$/,/^version/{s/^name = .*/name = "llmc-next"/;s/^version = .*/version = "99.0.0"/}' "$scratch/Cargo.lock"
sed -i 's/^pub const PROTOCOL: u32 = .*/pub const PROTOCOL: u32 = 99;/' "$scratch/src/api/mod.rs"
grep -q 'PROTOCOL: u32 = 99' "$scratch/src/api/mod.rs"

cargo build --locked --manifest-path "$scratch/Cargo.toml" --bin llmc-next --target-dir "$target"
LLMC_OTHER_BUILD=$target/debug/llmc-next cargo nextest run --locked upgrade
