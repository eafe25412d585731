//! `GET /status`, `POST /shutdown` (frozen for ever: fields are added, never changed), `GET /checkup` and `GET /limits`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who answers the socket, and how it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatusReply {
    /// The program's version.
    pub version: String,
    /// The protocol it speaks.
    pub protocol: u32,
    /// Its process.
    pub pid: u32,
    /// Seconds since it started.
    pub uptime_seconds: u64,
    /// True once it finishes what is in the air and takes nothing new.
    #[serde(default)]
    pub draining: bool,
    /// Calls in the air.
    #[serde(default)]
    pub in_flight: u64,
    /// The store.
    pub store: StoreStatus,
    /// What is not as configured, in plain words; empty where all is well.
    #[serde(default)]
    pub degraded: Vec<String>,
    /// The settings file it goes by.
    #[serde(default)]
    pub config: Option<String>,
    /// The socket it listens on.
    #[serde(default)]
    pub socket: Option<String>,
    /// Where its data lies.
    #[serde(default)]
    pub data: Option<String>,
    /// The TCP address it listens on; absent where it listens on none.
    #[serde(default)]
    pub http: Option<String>,
}

/// How the store is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StoreStatus {
    /// The backend's name.
    pub backend: String,
    /// Whether it answered.
    pub healthy: bool,
    /// How long one round trip took, in milliseconds.
    pub latency_ms: Option<f64>,
}

/// A close look at the store, for `llmc doctor`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckupReply {
    /// The version of this object.
    pub schema_version: u32,
    /// How the store is.
    pub store: StoreStatus,
    /// Entries kept.
    pub entries: u64,
    /// Bytes they take.
    pub bytes: u64,
    /// Bytes the embedded store may hold; null where the store looks after that by itself.
    pub max_bytes: Option<u64>,
    /// What is damaged in the file on this machine; empty where all is sound, null where there is none.
    pub damage: Option<Vec<String>>,
    /// What a shared store drops when it is full (`maxmemory-policy`); null where it does not tell.
    pub eviction: Option<String>,
    /// How far a shared store's clock is ahead of this machine's, in milliseconds; null where it does not tell.
    pub clock_ahead_ms: Option<i64>,
    /// What is amiss with a shared store's settings.
    pub warnings: Vec<String>,
}

/// The answer to `POST /shutdown`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShutdownReply {
    /// Always true.
    pub stopping: bool,
    /// The process that stops.
    pub pid: u32,
}

/// The caller's limits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LimitsReply {
    /// The version of this object.
    pub schema_version: u32,
    /// Each class.
    pub limits: Vec<LimitStatus>,
    /// Each budget that is set.
    #[serde(default)]
    pub budgets: Vec<BudgetStatus>,
}

/// How a budget stands, in US dollars.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BudgetStatus {
    /// `daily` or `monthly`, in UTC.
    pub period: String,
    /// The namespace it holds for; null where it holds for all.
    pub namespace: Option<String>,
    /// What may be spent.
    pub limit_usd: f64,
    /// What is spent.
    pub spent_usd: f64,
    /// What is set aside for calls in the air.
    pub reserved_usd: f64,
    /// What is left.
    pub left_usd: f64,
    /// When it begins anew, Unix milliseconds.
    pub reset_at: u64,
}

/// How the caller stands with one class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LimitStatus {
    /// `llm`, `standard` or `expensive`.
    pub class: String,
    /// Admissions in any window.
    pub limit: u32,
    /// Admissions left.
    pub remaining: u32,
    /// The window's length in seconds.
    pub window_seconds: f64,
    /// When the next place falls free, Unix milliseconds.
    pub reset_at: u64,
}

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModelsReply {
    /// The version of this object.
    pub schema_version: u32,
    /// The day the built-in prices were collected.
    pub prices_as_of: String,
    /// Each model.
    pub models: Vec<ModelStatus>,
}

/// One model and its price in dollars a million tokens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelStatus {
    /// Who has it.
    pub provider: String,
    /// Its name.
    pub model: String,
    /// False where nothing is known of its price.
    pub priced: bool,
    /// Prompt tokens.
    pub input: Option<f64>,
    /// Answer tokens.
    pub output: Option<f64>,
    /// Prompt tokens the provider had cached.
    pub cached_input: Option<f64>,
    /// Prompt tokens written to the provider's cache.
    pub cache_write: Option<f64>,
    /// Where the price comes from: `prices` or `provider` in the settings, or `built-in`; null where there is none.
    #[serde(default)]
    pub price_source: Option<String>,
    /// The longest prompt, in tokens.
    pub max_input_tokens: Option<u64>,
    /// The longest answer, in tokens.
    pub max_output_tokens: Option<u64>,
}

/// What of the providers is wanted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ProvidersQuery {
    /// Ask each whether it is there and takes the key.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub check: bool,
}

/// Who can be asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProvidersReply {
    /// The version of this object.
    pub schema_version: u32,
    /// Each provider.
    pub providers: Vec<ProviderStatus>,
}

/// One provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProviderStatus {
    /// Its name.
    pub name: String,
    /// Whose API it speaks.
    pub kind: String,
    /// Where it is.
    pub base_url: String,
    /// Whether a key was found; null where none is needed.
    pub has_key: Option<bool>,
    /// The models named in the settings.
    pub models: Vec<String>,
    /// Why nobody asks it for now, and for how long; absent where it is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_alone: Option<String>,
    /// What came of asking it; absent where that was not wanted, or there is no key to ask with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<CheckStatus>,
}

/// Whether a provider works.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckStatus {
    /// True where it answered and did not refuse the key.
    pub ok: bool,
    /// The HTTP status it answered with; null where it did not answer.
    pub status: Option<u16>,
    /// How long it took to answer, in milliseconds; null where it did not.
    pub latency_ms: Option<f64>,
    /// How far its clock is ahead of this machine's, in milliseconds, to the second; null where it does not tell.
    #[serde(default)]
    pub clock_ahead_ms: Option<i64>,
    /// The kind of error, as in the `type` of a failure; null where it works.
    pub problem: Option<String>,
    /// What a person should know.
    pub detail: Option<String>,
}
