//! Names of the headers of the native API.
//!
//! Constants and not texts, so that no answer has them read and checked again.

use axum::http::HeaderName;

/// The daemon's program version, on every answer.
pub const VERSION: HeaderName = HeaderName::from_static("llmc-version");
/// The protocol of either end, on every request of a client and every answer.
pub const PROTOCOL: HeaderName = HeaderName::from_static("llmc-protocol");
/// The cache key of an answer.
pub const KEY: HeaderName = HeaderName::from_static("llmc-key");
/// `NAME SECRET`, once for each provider key the client sees; [`KEYS_COMPLETE`] where that is all of them.
pub const PROVIDER_KEY: HeaderName = HeaderName::from_static("llmc-provider-key");
/// The value of [`PROVIDER_KEY`] that says the client has looked for every key it knows of.
pub const KEYS_COMPLETE: &str = "*";
/// `STAMP PATH` of the user settings the client goes by, percent-encoded.
pub const CONFIG: HeaderName = HeaderName::from_static("llmc-config");
/// `NAME VALUE`, once for each variable that stands for a setting of single requests; together with [`CONFIG`] all of
/// them.
pub const VARIABLE: HeaderName = HeaderName::from_static("llmc-variable");
/// On every answer of a daemon that is stopping.
pub const DRAINING: HeaderName = HeaderName::from_static("llmc-draining");
/// The request, as the log and its event name it: on every answer, and on requests that name themselves.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("llmc-request-id");
/// Whose limit refused: `llmc` or `provider`.
pub const LIMITED_BY: HeaderName = HeaderName::from_static("llmc-limited-by");
/// On answers while the shared store is away: what stands in for it.
pub const DEGRADED: HeaderName = HeaderName::from_static("llmc-degraded");
/// On an export of everything: about how many entries it has.
pub const ENTRIES: HeaderName = HeaderName::from_static("llmc-entries");
/// RFC 9211.
pub const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");
/// Admissions in any window.
pub const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
/// Admissions left.
pub const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
/// When the next place falls free, Unix milliseconds.
pub const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");
