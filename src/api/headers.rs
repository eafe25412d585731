//! Names of the headers of the native API.

/// The daemon's program version, on every answer.
pub const VERSION: &str = "llmc-version";
/// The protocol of either end, on every request of a client and every answer.
pub const PROTOCOL: &str = "llmc-protocol";
/// The cache key of an answer.
pub const KEY: &str = "llmc-key";
/// `NAME SECRET`, once for each provider key the client sees; [`KEYS_COMPLETE`] where that is all of them.
pub const PROVIDER_KEY: &str = "llmc-provider-key";
/// The value of [`PROVIDER_KEY`] that says the client has looked for every key it knows of.
pub const KEYS_COMPLETE: &str = "*";
/// `STAMP PATH` of the user settings the client goes by, percent-encoded.
pub const CONFIG: &str = "llmc-config";
/// `NAME VALUE`, once for each variable that stands for a setting of single requests; together with [`CONFIG`] all of
/// them.
pub const VARIABLE: &str = "llmc-variable";
/// On every answer of a daemon that is stopping.
pub const DRAINING: &str = "llmc-draining";
/// The request, as the log and its event name it: on every answer, and on requests that name themselves.
pub const REQUEST_ID: &str = "llmc-request-id";
/// Whose limit refused: `llmc` or `provider`.
pub const LIMITED_BY: &str = "llmc-limited-by";
/// On answers while the shared store is away: what stands in for it.
pub const DEGRADED: &str = "llmc-degraded";
/// On an export of everything: about how many entries it has.
pub const ENTRIES: &str = "llmc-entries";
/// RFC 9211.
pub const CACHE_STATUS: &str = "cache-status";
/// Admissions in any window.
pub const LIMIT: &str = "x-ratelimit-limit";
/// Admissions left.
pub const REMAINING: &str = "x-ratelimit-remaining";
/// When the next place falls free, Unix milliseconds.
pub const RESET: &str = "x-ratelimit-reset";
