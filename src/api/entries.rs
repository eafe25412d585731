//! `/cache/entries…` and `POST /cache/purge`: what is kept.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::span::Span;

/// Which entries are meant, in a query string or a purge.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct EntryFilter {
    /// Hexadecimal digits the key starts with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// This model only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// This provider only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// This namespace only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Kept longer ago than this only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub older_than: Option<Span>,
    /// Prompt or answer holds this text, upper and lower case alike.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grep: Option<String>,
    /// `hits`, `age`, `size` or `saved`; by key where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
    /// At most so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

/// `POST /cache/purge`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PurgeRequest {
    /// Every entry; needed where the filter means all.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub all: bool,
    /// Only count.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
    /// Which entries.
    pub filter: EntryFilter,
}

/// `GET /cache/diff`, its query: two keys, or what each alone begins with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DiffQuery {
    /// Hexadecimal digits the one key starts with.
    pub left: String,
    /// Hexadecimal digits the other key starts with.
    pub right: String,
}

/// How the requests of two entries differ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DiffReply {
    /// The version of this object.
    pub schema_version: u32,
    /// The one key.
    pub left: String,
    /// The other key.
    pub right: String,
    /// The first field in which they differ; null where they are the same request.
    pub difference: Option<DifferingField>,
}

/// A field that is not the same in two requests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DifferingField {
    /// The way to it: `messages[0].content`; what is not in the body has its own names, such as `namespace`.
    pub field: String,
    /// What the one request has there, as JSON in text; null where it has nothing.
    pub left: Option<String>,
    /// The same of the other.
    pub right: Option<String>,
}

/// What a purge removed, or would have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PurgeReply {
    /// The version of this object.
    #[serde(rename = "schema_version")]
    pub schema_version: u32,
    /// How many entries.
    pub removed: u64,
    /// Bytes they held.
    pub bytes: u64,
    /// True where nothing was removed.
    pub dry_run: bool,
}

/// `POST /cache/import`, its query.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ImportQuery {
    /// Replace other answers to the same prompts.
    pub force: bool,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportReply {
    /// The version of this object.
    #[serde(rename = "schema_version")]
    pub schema_version: u32,
    /// Entries that are kept now.
    pub imported: u64,
    /// Entries that were here already.
    pub present: u64,
    /// Prompts that have another answer here, which stays.
    pub differing: u64,
    /// Entries whose time is over.
    pub expired: u64,
    /// Lines that are no entries.
    pub refused: Vec<RefusedLine>,
}

/// A line that is no entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RefusedLine {
    /// Its number, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub message: String,
}

/// How entries are verified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct VerifyQuery {
    /// Remove those that can never be served.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub delete: bool,
}

/// `POST /cache/verify`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VerifyReply {
    /// The version of this object.
    pub schema_version: u32,
    /// Entries that were read.
    pub checked: u64,
    /// Those that can never be served.
    pub flawed: u64,
    /// Those of them that were removed.
    pub removed: u64,
    /// Which they are, the first ten thousand of them.
    pub flaws: Vec<Flaw>,
}

/// An entry that can never be served.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Flaw {
    /// What it is kept under.
    pub key: String,
    /// Why it is not served.
    pub reason: String,
}

/// `GET /cache/entries`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EntriesReply {
    /// The version of this object.
    pub schema_version: u32,
    /// How many the filter means, beyond the limit too.
    pub total: usize,
    /// The entries.
    pub entries: Vec<EntrySummary>,
}

/// An entry without its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntrySummary {
    /// What it is kept under.
    pub key: String,
    /// Who answered.
    pub provider: String,
    /// The model asked for.
    pub model: String,
    /// The tenant.
    pub namespace: String,
    /// Seconds since it was received.
    pub age_seconds: u64,
    /// Seconds it is still fresh; 0 where it is stale.
    pub ttl_seconds: u64,
    /// Bytes kept.
    pub bytes: u64,
    /// Times it was served.
    pub hits: u64,
    /// What those hits saved, in dollars; null where the model has no price.
    pub saved_usd: Option<f64>,
}

/// `GET /cache/entries/{key}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntryReply {
    /// The version of this object.
    #[serde(rename = "schema_version")]
    pub schema_version: u32,
    /// The columns.
    pub summary: EntrySummary,
    /// When it was received, RFC 3339.
    pub kept_at: String,
    /// The canonical material of its key, the request's body in it.
    pub material: Value,
    /// `plain` or `stream`.
    pub form: String,
    /// The answer's text.
    pub text: String,
    /// The vendor's own bytes.
    pub raw: String,
    /// Why it ended.
    pub finish_reason: String,
    /// What the call cost, in dollars.
    pub cost_usd: Option<f64>,
}
