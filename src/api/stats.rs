//! `GET /llm/cache/stats`: hits, misses and money, with the original service's names.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which statistics.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct StatsQuery {
    /// Only what happened this long ago or later, to the hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<super::span::Span>,
    /// Only this run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// Also in groups: `model`, `provider`, `namespace`, `day`, `hour` or `run`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Only what this daemon counted, where the store is shared with others.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub local: bool,
}

/// The statistics.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatsReply {
    /// The version of this object.
    #[serde(rename = "schema_version")]
    pub schema_version: u32,
    /// The sums.
    #[serde(flatten)]
    pub totals: Totals,
    /// Entries kept.
    pub entries: u64,
    /// Bytes they hold.
    pub bytes: u64,
    /// Entries removed to stay within the size.
    pub evictions: u64,
    /// Look-ups and writes the store failed.
    pub store_failures: u64,
    /// Entries that could not be opened and counted as misses.
    pub damaged: u64,
    /// The store.
    pub store: super::status::StoreStatus,
    /// What is not as configured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub degraded: Vec<String>,
    /// The beginning of what is counted, RFC 3339; null where nothing is.
    pub since: Option<String>,
    /// How the last day compares with the one before, whatever was asked for.
    #[serde(default)]
    pub trend: Trend,
    /// What the run that is asked for had no answer to, where nothing may be called.
    #[serde(default, skip_serializing_if = "Missed::is_empty")]
    pub missed: Missed,
    /// The same in groups, where asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
}

/// What a run had no answer to, since its program began.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Missed {
    /// How many calls; one that is tried again counts once.
    pub count: usize,
    /// The first few of them.
    pub first: Vec<MissedCall>,
}

impl Missed {
    /// True where there was an answer to everything.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// A call that nothing answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MissedCall {
    /// `provider/model`
    pub model: String,
    /// Why: the nearest answer there is, and the first field in which what was asked differs.
    pub cause: String,
}

/// Two days side by side, each of 24 hours; the hour that has begun is the last one's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Trend {
    /// The last 24 hours.
    pub last_day: DaySums,
    /// The 24 hours before.
    pub day_before: DaySums,
}

/// What a day came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DaySums {
    /// Hits of hits and misses, 0–100 with one decimal; null where there are neither.
    pub hit_rate: Option<f64>,
    /// What cached answers did not cost.
    pub saved_usd: f64,
    /// What calls cost.
    pub spent_usd: f64,
}

/// One group's sums.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Group {
    /// The model, provider, namespace, day, hour or run.
    pub name: String,
    /// The sums.
    #[serde(flatten)]
    pub totals: Totals,
}

/// Sums over some requests.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Fresh answers from the cache, replayed ones among them.
    pub hits: u64,
    /// Calls made because nothing was kept.
    pub misses: u64,
    /// Hits of hits and misses, 0–100 with one decimal; null where there are neither.
    pub hit_rate: Option<f64>,
    /// `savedUsd` for people.
    pub estimated_savings: String,
    /// What cached answers did not cost.
    pub saved_usd: f64,
    /// What calls cost.
    pub spent_usd: f64,
    /// What all answers would have cost without a cache: spent and saved.
    pub baseline_usd: f64,
    /// `good`, `ok` or `review`; null where there is no rate.
    pub grade: Option<String>,
    /// Answers that shared the call of an equal prompt.
    pub coalesced: u64,
    /// Answers past their freshness.
    pub stale: u64,
    /// Calls made because a new answer was asked for.
    pub refreshed: u64,
    /// Calls that left the cache alone.
    pub bypassed: u64,
    /// Requests that passed through as they are: files, models and all else that is never cached. Costs nothing here.
    #[serde(default)]
    pub passed: u64,
    /// Requests refused by llmc's own limits.
    pub rate_limited: u64,
    /// Requests that failed otherwise.
    pub errors: u64,
    /// Tokens of cached answers.
    pub saved_tokens: u64,
    /// Tokens of calls.
    pub spent_tokens: u64,
    /// Seconds askers did not wait.
    pub saved_seconds: f64,
    /// Cached answers of models without a price, not in `savedUsd`.
    pub unpriced_hits: u64,
    /// Calls to models without a price, not in `spentUsd`.
    pub unpriced_calls: u64,
    /// How long answers took, in milliseconds.
    pub latency_ms: Latencies,
}

impl Totals {
    /// True where nothing was asked.
    pub fn is_empty(&self) -> bool {
        let answered = self.hits + self.misses + self.coalesced + self.stale + self.refreshed + self.bypassed;
        answered + self.passed + self.rate_limited + self.errors == 0
    }
}

/// How long answers took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Latencies {
    /// From the cache.
    pub hit: Percentiles,
    /// By a call.
    pub miss: Percentiles,
}

/// In milliseconds; null where nothing was measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Percentiles {
    /// The median.
    pub p50: Option<f64>,
    /// All but one in a hundred.
    pub p99: Option<f64>,
}

/// 0–100 with one decimal; `None` for nothing of nothing.
pub fn hit_rate(hits: u64, misses: u64) -> Option<f64> {
    let all = hits + misses;
    (all > 0).then(|| (hits as f64 * 1000.0 / all as f64).round() / 10.0)
}
