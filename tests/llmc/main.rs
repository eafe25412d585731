//! What llmc promises, seen from outside: one binary, a file a behaviour.
#![allow(clippy::unwrap_used)]

mod architecture;
mod documents;
mod manuals;
mod store_conformance;

mod support;

mod bad_requests;
mod batching;
mod books;
mod budgets;
mod caching;
mod coalescing;
mod conversing;
mod counting;
mod describing;
mod dialects;
mod door;
mod embedding;
mod entries;
mod failing_store;
mod fleet;
mod gateway;
mod keeping;
mod leasing;
mod limiting;
mod money;
mod moving;
mod pacing;
mod processes;
mod retrying;
mod routing;
mod schemas;
mod sessions;
mod shared_stores;
mod staleness;
mod variables;
mod watching;
mod workflows;
