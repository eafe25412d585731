//! What can be set, where each value came from, and where things lie on disk.
//!
//! [`keys`] is the one table of keys: reading, showing, setting and documenting all follow from it.

pub mod command;
pub mod document;
pub mod edit;
pub mod environment;
pub mod folder;
pub mod keys;
pub mod layers;
pub mod paths;
pub mod schema;
pub mod secret;
pub mod settings;
pub mod token;
pub mod value;

pub use environment::{Environment, Override};
pub use layers::{Resolved, load, load_user_file};
pub use settings::Settings;
