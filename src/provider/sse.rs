//! Server-sent events.

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// The `event:` field; empty where there is none.
    pub name: String,
    /// The `data:` lines, joined by line feeds.
    pub data: String,
}
