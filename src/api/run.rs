//! `POST /runs`: a door of its own for the time one program runs. The answer is an event stream: one `open` event, then
//! nothing but signs of life; the door closes when the stream is let go of. One whose daemon ended is opened `again`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::span::Span;
use crate::exchange::Mode;

/// What is imposed on everybody who comes by the door.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RunRequest {
    /// What it is counted under.
    pub run: String,
    /// How the cache may be used; left to each request where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// The namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The whole run may cost no more, in dollars; a call that may go beyond what is left is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_cost: Option<f64>,
    /// The file the answers are recorded in and replayed from: an absolute path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cassette: Option<std::path::PathBuf>,
    /// How long a call waits for a place within llmc's own limits, rather than being refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait: Option<Span>,
    /// The door is for the page alone: it answers what the page asks for, asks no model and changes nothing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub read_only: bool,
    /// The run this one is part of: its keys count where no others are sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// What a daemon that is gone had opened: the door comes back as it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub again: Option<RunReply>,
}

/// The `open` event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunReply {
    /// Where the door is: `127.0.0.1:PORT`.
    pub address: String,
    /// What opens it, in place of any key.
    pub token: String,
    /// What it is counted under.
    pub run: String,
    /// True where it spends from another run and goes by its keys, which had a door then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inherits: bool,
}
