//! Handlers, thin: read the request, ask the pipeline, write the answer.

pub mod asker;
pub mod batch;
pub mod body;
pub mod caching;
pub mod checking;
pub mod conversation;
pub mod dashboard;
pub mod entries;
pub mod exchange;
pub mod gateway;
pub mod generate;
pub mod lines;
pub mod moving;
pub mod openapi;
pub mod policy;
pub mod providers;
pub mod render;
pub mod routing;
pub mod runs;
pub mod sessions;
pub mod stats;
pub mod status;
pub mod teller;
pub mod totals;
pub mod vendor;
pub mod workflow;
