//! llmc: a cache for LLM calls.
//!
//! A request enters by a door ([`cli`] or [`daemon`]), goes one way through the [`pipeline`], leaves to a
//! [`provider`] and comes back the same way. Floors import lower ones only:
//!
//! - [`program`]: parse, choose, wire
//! - [`daemon`] | [`client`] and [`cli`]: two wings that never meet
//! - [`session`]: conversations, turn by turn; [`workflow`]: prompts that build on each other
//! - [`pipeline`]: key, look up, flight, admit, call, keep, count
//! - [`store`], [`provider`]
//! - [`api`], [`exchange`], [`money`], [`config`], [`template`], [`claim`], [`clock`], [`error`],
//!   [`afterwards`](mod@afterwards)

pub mod afterwards;
pub mod api;
pub mod claim;
pub mod cli;
pub mod client;
pub mod clock;
pub mod config;
pub mod daemon;
pub mod error;
pub mod exchange;
pub mod money;
pub mod pipeline;
pub mod program;
pub mod provider;
pub mod session;
pub mod store;
pub mod template;
pub mod workflow;
