//! The daemon: one process a user that owns the store and answers the socket.
//!
//! [`run`] is its life, [`claim`](crate::claim) decides who it is, [`socket`] who may speak to it, [`router`] what can be said.

pub mod access;
mod connection;
pub mod detach;
mod guard;
pub mod in_process;
pub mod log;
mod page;
mod reply;
mod request;
pub mod router;
mod routes;
pub mod run;
mod runs;
pub mod socket;
mod state;
pub mod tcp;
#[cfg(feature = "otlp")]
mod traces;
mod waking;

pub use guard::Subject;
pub use in_process::InProcess;
pub use routes::openapi::document as api_document;
pub use state::{Daemon, Places};
