//! The `llmc` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(llmc::program::main())
}
