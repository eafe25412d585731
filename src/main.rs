//! The `llmc` program.

fn main() {}
