# What CI runs, by name. `just` alone lists it.

_list:
    @just --list --unsorted

# Format the code
fmt:
    cargo fmt

# Formatting and lints, as CI looks at them
lint:
    cargo fmt --check
    cargo clippy --all-targets --locked -- -D warnings
    git ls-files -z '*.sh' .ci/run | xargs -0 shellcheck

# The tests; arguments go to nextest: `just test -E 'test(cache)'`
test *arguments:
    cargo nextest run --locked {{ arguments }}
    cargo test --doc --locked

# The documentation, with warnings as errors
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --locked

# The benchmarks: functions, then whole processes beside their targets; arguments go to the latter: `just bench --long`
bench *arguments:
    cargo bench --locked --target-dir "${CARGO_TARGET_DIR:-target}/benches" --bench key --bench stores --bench shared
    benches/processes.sh {{ arguments }}

# The order that the linker puts the functions of a hit and of a miss in, made anew
order:
    benches/order.sh

# Licences, bans and sources of the dependencies
deny:
    cargo deny check --hide-inclusion-graph bans licenses sources

# Man pages and completions, written anew from the commands
man:
    cargo run --quiet --locked -- man man
    cargo run --quiet --locked -- completions bash >completions/llmc.bash
    cargo run --quiet --locked -- completions zsh >completions/_llmc
    cargo run --quiet --locked -- completions fish >completions/llmc.fish
    cargo run --quiet --locked -- completions elvish >completions/llmc.elv
    cargo run --quiet --locked -- completions powershell >completions/llmc.ps1

# Everything CI runs; `just ci --quick` while writing, `just ci --long` before a release
ci *arguments:
    tests/run.sh {{ arguments }}
