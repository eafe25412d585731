//! What every answer tells of the cache: `Cache-Status` (RFC 9211), `Age`, the key.

use axum::http::header::AGE;
use axum::http::{HeaderMap, HeaderValue};

use crate::api::headers;
use crate::exchange::CacheStatus;
use crate::pipeline::flight::Landed;
use crate::pipeline::{Answer, Pipeline};

/// Adds the headers. `landed` is `None` for an answer that is still coming.
pub fn tell_caching(head: &mut HeaderMap, pipeline: &Pipeline, answer: &Answer, landed: Option<&Landed>) {
    let now = pipeline.clock().now();
    let kept = landed.filter(|landed| landed.kept);
    let ttl = kept.map(|landed| landed.entry.facts.fresh_until().since(now).as_secs());
    let mut status = cache_status(answer, ttl);
    if let Some(detail) = &answer.detail {
        status.push_str("; detail=\"");
        status.extend(detail.chars().map(quotable));
        status.push('"');
    }
    if let Ok(value) = HeaderValue::try_from(status) {
        head.insert(headers::CACHE_STATUS, value);
    }
    if let Ok(value) = HeaderValue::try_from(answer.fingerprint.key.to_string()) {
        head.insert(headers::KEY, value);
    }
    if let Some(landed) = landed.filter(|_| answer.status.is_cached()) {
        head.insert(AGE, HeaderValue::from(now.since(landed.entry.facts.kept_at).as_secs()));
    }
}

/// What a string of RFC 8941 can hold, without escapes.
fn quotable(letter: char) -> char {
    if letter == ' ' || (letter.is_ascii_graphic() && !matches!(letter, '"' | '\\')) { letter } else { '?' }
}

/// RFC 9211. `ttl` where the answer is kept; of one that is still coming nobody knows.
fn cache_status(answer: &Answer, ttl: Option<u64>) -> String {
    let missed = if answer.found_stale { "stale" } else { "uri-miss" };
    let (status, stored) = match answer.status {
        CacheStatus::Hit | CacheStatus::Replay => ("llmc; hit".to_owned(), ""),
        CacheStatus::Stale => return "llmc; hit; detail=stale".to_owned(),
        CacheStatus::Coalesced => (format!("llmc; fwd={missed}; collapsed"), ""),
        CacheStatus::Miss => (format!("llmc; fwd={missed}"), "; stored"),
        CacheStatus::Refresh => ("llmc; fwd=request".to_owned(), "; stored"),
        CacheStatus::Bypass => return "llmc; fwd=bypass".to_owned(),
    };
    match ttl {
        Some(seconds) => format!("{status}{stored}; ttl={seconds}"),
        None => status,
    }
}
