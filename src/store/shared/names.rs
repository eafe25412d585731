//! What things are called in the server. Those that one script touches share a tag in braces, and so a slot of a cluster;
//! entries have none and spread over all slots.

use crate::exchange::Key;

/// The names under one prefix.
#[derive(Clone, Debug)]
pub struct Names {
    prefix: String,
    /// What is before a document's own name: nothing, except where several stores share a server and must not meet.
    documents_below: String,
    /// Entries by key: their columns, and their bytes in all under `bytes`.
    pub index: String,
    /// How often each was served.
    pub hits: String,
    /// When each was served last.
    pub uses: String,
    /// When each ends, by the server's clock.
    pub ends: String,
    /// What was kept or removed, the latest ten thousand times.
    pub changes: String,
    /// The hours that have counters.
    pub hours: String,
    /// What the counters of an hour begin with.
    pub hour: String,
    /// The names of documents.
    pub documents: String,
    /// What is set aside and not settled.
    pub reserved: String,
}

impl Names {
    /// The names for `cache.prefix`.
    pub fn new(prefix: &str) -> Names {
        let kept = |what: &str| format!("{{{prefix}:v1}}:{what}");
        let counted = |what: &str| format!("{{{prefix}:counts}}:{what}");
        Names {
            index: kept("index"),
            hits: kept("hits"),
            uses: kept("uses"),
            ends: kept("ends"),
            changes: kept("changes"),
            hours: counted("hours"),
            hour: counted("hour:"),
            documents: kept("documents"),
            reserved: format!("{{{prefix}:budget}}:open"),
            documents_below: String::new(),
            prefix: prefix.to_owned(),
        }
    }

    /// Puts `below` before every document's name.
    pub fn set_documents_below(&mut self, below: &str) {
        below.clone_into(&mut self.documents_below);
    }

    /// An entry's value.
    pub fn entry(&self, key: &Key) -> String {
        format!("{}:v1:{key}", self.prefix)
    }

    /// A subject's admissions.
    pub fn limit(&self, subject: &str) -> String {
        format!("{}:limit:{subject}", self.prefix)
    }

    /// The mark of a batch of counts.
    pub fn batch(&self, batch: &str) -> String {
        format!("{{{}:counts}}:batch:{batch}", self.prefix)
    }

    /// What may be spent.
    pub fn purse(&self, name: &str) -> String {
        format!("{{{}:budget}}:purse:{name}", self.prefix)
    }

    /// What a call has set aside.
    pub fn reservation(&self, id: &str) -> String {
        format!("{{{}:budget}}:call:{id}", self.prefix)
    }

    /// The lease of a key's call.
    pub fn lease(&self, key: &Key) -> String {
        format!("{}:lease:{key}", self.prefix)
    }

    /// Whose turn a chore of the house is.
    pub fn turn(&self, chore: &str) -> String {
        format!("{}:turn:{chore}", self.prefix)
    }

    /// A document, found under its own name.
    pub fn document(&self, name: &str) -> String {
        format!("{}{name}", self.documents_below)
    }
}
