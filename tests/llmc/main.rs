//! What llmc promises, seen from outside: one binary, a file a behaviour.
#![allow(clippy::unwrap_used)]

mod store_conformance;

mod processes;
