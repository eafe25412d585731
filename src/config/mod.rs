//! What can be set, where each value came from, and where things lie on disk.

pub mod layers;
pub mod paths;
pub mod secret;
pub mod settings;
