//! `GET /events`: what happens, as server-sent events. `request` is a [`RequestEvent`], `stats` a [`StatsEvent`] once a
//! second, `lost` a [`LostEvent`] for a listener that was too slow.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::stats::Latencies;
use super::status::LimitsReply;

/// What to listen for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct EventsQuery {
    /// Also the first 80 characters of each prompt; on the socket only.
    pub prompts: bool,
}

/// A request that was answered, or was not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RequestEvent {
    /// When, in Unix milliseconds.
    pub at: u64,
    /// The request, as `Llmc-Request-Id` and the log name it. Items of one request share it.
    pub request_id: String,
    /// Who was asked.
    pub provider: String,
    /// The model asked for.
    pub model: String,
    /// The namespace.
    pub namespace: String,
    /// The run, or empty.
    pub run: String,
    /// `hit`, `miss`, `coalesced`, `stale`, `refresh`, `bypass`, `passed`, `limited` or `failed`.
    pub outcome: String,
    /// How long it took, in milliseconds: of a call, the provider's time. Null where it is not known.
    pub latency_ms: Option<f64>,
    /// What it cost, in US dollars; null where nobody knows.
    pub cost_usd: Option<f64>,
    /// What it did not cost; null where nobody knows.
    pub saved_usd: Option<f64>,
    /// Tokens of prompt and answer.
    pub tokens: u64,
    /// How many of the like this stands for: the texts of one call for embeddings.
    pub times: u64,
    /// The kind of failure, as errors name it; absent where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The beginning of the prompt, where it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
}

/// What this daemon has counted since it started.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatsEvent {
    /// When, in Unix milliseconds.
    pub at: u64,
    /// Seconds since the daemon started.
    pub uptime_seconds: u64,
    /// Requests by outcome.
    pub outcomes: BTreeMap<String, u64>,
    /// Hits of hits and misses, 0–100 with one decimal; null where there are neither.
    pub hit_rate: Option<f64>,
    /// What cached answers did not cost, in US dollars.
    pub saved_usd: f64,
    /// What calls cost.
    pub spent_usd: f64,
    /// Seconds askers did not wait.
    pub saved_seconds: f64,
    /// How long answers took, in milliseconds.
    pub latency_ms: Latencies,
    /// Calls in the air.
    pub in_flight: u64,
    /// What is not as configured, in plain words.
    pub degraded: Vec<String>,
    /// How the listener stands with limits and budgets; null until the store has told.
    pub limits: Option<LimitsReply>,
}

/// Events that a listener was too slow for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LostEvent {
    /// How many.
    pub events: u64,
}
