//! An answer as the native API's object: text, first code block, metadata.

use std::time::Instant;

use crate::api::SCHEMA_VERSION;
use crate::api::generate::{ApiUsage, GenerateReply, Metadata};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::exchange::{CacheStatus, Entry, Form};
use crate::pipeline::flight::Landed;
use crate::pipeline::key::Fingerprint;
use crate::provider::{Dialect, Reading};

/// What an answer is rendered with.
pub struct Frame<'a> {
    /// How the answer came about.
    pub status: CacheStatus,
    /// What it is kept under.
    pub fingerprint: &'a Fingerprint,
    /// When the asker asked.
    pub started: Instant,
    /// Now.
    pub now: Timestamp,
    /// The store's backend.
    pub store: &'a str,
    /// The asker's run.
    pub run: &'a str,
}

/// The text of an answer.
pub fn text(dialect: &dyn Dialect, landed: &Landed) -> Result<String> {
    match &landed.text {
        Some(text) => Ok(text.as_ref().to_owned()),
        None => Ok(read(dialect, &landed.entry)?.text),
    }
}

/// What an entry says, whichever form it was kept in.
pub fn read(dialect: &dyn Dialect, entry: &Entry) -> Result<Reading> {
    dialect.read_in(entry.facts.form, &entry.body)
}

/// The provider's own JSON, whichever form it was kept in.
pub fn raw(dialect: &dyn Dialect, entry: &Entry) -> Result<String> {
    let bytes = match entry.facts.form {
        Form::Plain => entry.body.to_vec(),
        Form::Stream => dialect.assemble(&entry.body)?,
    };
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The whole object.
pub fn reply(frame: &Frame<'_>, landed: &Landed, text: String) -> GenerateReply {
    let facts = &landed.entry.facts;
    let cached = frame.status.is_cached();
    let cost = facts.cost.map(crate::money::Usd::dollars);
    let ttl = facts.fresh_until().since(frame.now).as_secs();
    GenerateReply {
        schema_version: SCHEMA_VERSION,
        code: first_block(&text).unwrap_or(&text).to_owned(),
        text,
        raw: None,
        metadata: Metadata {
            provider: facts.provider.clone(),
            model: facts.model.clone(),
            cached,
            cache_status: frame.status,
            cache_key: frame.fingerprint.key.to_string(),
            age_seconds: frame.now.since(facts.kept_at).as_secs(),
            ttl_seconds: landed.kept.then_some(ttl),
            store: frame.store.to_owned(),
            namespace: facts.namespace.clone(),
            finish_reason: facts.finish.name().to_owned(),
            usage: ApiUsage {
                input_tokens: facts.usage.input,
                output_tokens: facts.usage.output,
                cached_input_tokens: facts.usage.cached_input,
                reasoning_tokens: facts.usage.reasoning,
            },
            usage_estimated: facts.usage_estimated,
            estimated_tokens: facts.usage.total(),
            estimated_cost: cost,
            saved_cost: if cached { cost } else { cost.map(|_| 0.0) },
            priced: cost.is_some(),
            latency_ms: micros_as_millis(frame.started.elapsed()),
            original_latency_ms: micros_as_millis(facts.latency),
            session: None,
            session_created: false,
            run_id: (!frame.run.is_empty()).then(|| frame.run.to_owned()),
            fallback_from: None,
            attempts: Vec::new(),
            warnings: landed.warning.iter().cloned().collect(),
        },
    }
}

fn micros_as_millis(span: std::time::Duration) -> f64 {
    span.as_micros() as f64 / 1e3
}

/// The first fenced block of a Markdown text (CommonMark, section 4.5), without its fence.
pub fn first_block(text: &str) -> Option<&str> {
    let mut opened: Option<(char, usize, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let bare = line.trim_end();
        let inner = bare.trim_start_matches(' ');
        if bare.len() - inner.len() > 3 {
            continue;
        }
        let fence = inner.chars().next().filter(|mark| matches!(mark, '`' | '~'));
        let length = fence.map_or(0, |mark| inner.chars().take_while(|next| *next == mark).count());
        match (opened, fence) {
            (None, Some(mark)) if length >= 3 && !(mark == '`' && inner[length..].contains('`')) => {
                opened = Some((mark, length, at));
            }
            (Some((mark, wanted, from)), Some(found)) if found == mark && length >= wanted && inner.len() == length => {
                return Some(&text[from..start]);
            }
            _ => {}
        }
    }
    // A fence that never closes runs to the end.
    opened.map(|(_, _, from)| &text[from..])
}

#[cfg(test)]
mod tests {
    use super::first_block;

    #[test]
    fn the_first_fenced_block_is_found_as_in_commonmark() {
        assert_eq!(first_block("a\n```rust\nfn x() {}\n```\nb\n```\nc\n```\n"), Some("fn x() {}\n"));
        assert_eq!(first_block("~~~~\n```\n~~~\n~~~~\n"), Some("```\n~~~\n"));
        assert_eq!(first_block("```\nopen"), Some("open"));
        assert_eq!(first_block("no `code` here ``` inline"), None);
        assert_eq!(first_block("    ```\n    indented\n"), None);
        assert_eq!(first_block(""), None);
    }
}
