//! The native HTTP API's requests and answers, shared by the daemon and its clients. Shapes only, no behaviour.

pub mod batch;
pub mod dashboard;
pub mod entries;
pub mod events;
pub mod forecast;
pub mod generate;
pub mod headers;
pub mod number;
pub mod problem;
pub mod run;
pub mod sessions;
pub mod span;
pub mod stats;
pub mod status;
pub mod workflow;

/// The version of the conversation between client and daemon; differing versions do not talk.
pub const PROTOCOL: u32 = 1;

/// The version of the JSON objects shown to users.
pub const SCHEMA_VERSION: u32 = 1;
