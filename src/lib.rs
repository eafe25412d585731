//! llmc: a cache for LLM calls.
//!
//! A request enters by a door, goes one way through the pipeline, leaves to a provider and comes back the same way.

pub mod clock;
pub mod config;
pub mod error;
pub mod exchange;
pub mod money;
pub mod provider;
pub mod store;
