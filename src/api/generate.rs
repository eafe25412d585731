//! `POST /llm/generate`: one prompt, one answer.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::span::Span;
use crate::exchange::{CacheStatus, Mode};

/// What is asked. Fields that are not here are refused by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct GenerateRequest {
    /// The question, in place of `messages`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// The conversation, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<ApiMessage>,
    /// `provider/model`, a bare model, or an alias.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Who is asked, where the model's name does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The system text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// Sampling temperature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Most tokens of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u64>,
    /// Nucleus sampling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_p: Option<f64>,
    /// Sampling seed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<i64>,
    /// Stop sequences: one, or a list.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany")]
    pub stop: Vec<String>,
    /// The JSON Schema the answer must fit: an object, at most 64 KiB long, that points nowhere outside of itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<Value>,
    /// How often an answer that does not fit is asked for again, at most 10 times; each call is paid for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_retries: Option<u32>,
    /// Anything else the vendor takes, as is.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub options: Map<String, Value>,
    /// Whether another model may be asked where the first fails. Where it is not said: `fallback` where there is anybody to
    /// fall back on, here or in the settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routing_mode: Option<RoutingMode>,
    /// The models asked in turn where the first fails, in place of those in the settings; 8 at most.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fallback: Vec<String>,
    /// The session whose conversation this goes on with. The question and its answer become part of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// Go on with the session the asker used last; begin one where there is none.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub continue_last: bool,
    /// How the cache may be used.
    pub cache: CacheRequest,
    /// Answer as server-sent events.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub stream: bool,
    /// The run it is counted for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// How long to wait for a place within llmc's limits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait: Option<Span>,
    /// How long to wait for the answer. The call itself goes on, and is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Span>,
    /// How often a failed call is tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retries: Option<u32>,
    /// Do not call where the estimate is above so many dollars.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_cost: Option<f64>,
    /// Say what would happen; call nothing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
    /// With `dryRun`: ask the provider how many tokens the prompt is, where its API has a question for that.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub count: bool,
    /// Also give the provider's own JSON.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub raw: bool,
}

/// Whether another model may be asked where the first fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RoutingMode {
    /// No other.
    SingleModel,
    /// Others, in turn.
    Fallback,
}

/// How the cache may be used. What is not said is as configured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CacheRequest {
    /// The file the answer is recorded in and replayed from: an absolute path. Over the socket only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cassette: Option<std::path::PathBuf>,
    /// `auto`, `replay`, `refresh` or `off`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// How long a new answer stays fresh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<Span>,
    /// Use no kept answer older than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age: Option<Span>,
    /// The tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Which of several answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<u32>,
    /// How long past its freshness an answer may stand in for a failing provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stale_if_error: Option<Span>,
    /// How long past its freshness an answer may be served while a new one is fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stale_while_revalidate: Option<Span>,
}

/// One turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiMessage {
    /// `system`, `user` or `assistant`.
    pub role: String,
    /// What is said.
    pub content: ApiContent,
}

/// What is said: text, or pieces in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "`content` is neither text nor a list of parts of type `text` or `image`")]
pub enum ApiContent {
    /// Text.
    Text(String),
    /// Pieces.
    Parts(Vec<ApiPart>),
}

/// A piece of a turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub enum ApiPart {
    /// Text.
    Text {
        /// The text.
        text: String,
    },
    /// An image.
    Image {
        /// Its media type, such as `image/png`.
        #[serde(rename = "mediaType")]
        media_type: String,
        /// Standard base64.
        data: String,
    },
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged, expecting = "`stop` is neither a text nor a list of texts")]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(text) => vec![text],
        OneOrMany::Many(texts) => texts,
    })
}

/// An answer; what `generate --json` prints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GenerateReply {
    /// The version of this object.
    pub schema_version: u32,
    /// The answer.
    pub text: String,
    /// Its first fenced block, or the text where there is none.
    pub code: String,
    /// The provider's own JSON, where asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// How it came about.
    pub metadata: Metadata,
}

/// How an answer came about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    /// Who answered.
    pub provider: String,
    /// The model asked for.
    pub model: String,
    /// True where no call was made for this asker.
    pub cached: bool,
    /// How the cache was used.
    pub cache_status: CacheStatus,
    /// What the answer is kept under.
    pub cache_key: String,
    /// Seconds since it was received.
    pub age_seconds: u64,
    /// Seconds it is still fresh; null where it was not kept.
    pub ttl_seconds: Option<u64>,
    /// The store's backend.
    pub store: String,
    /// The tenant.
    pub namespace: String,
    /// Why the answer ended.
    pub finish_reason: String,
    /// Tokens.
    pub usage: ApiUsage,
    /// True where the provider gave no usage and the tokens are estimated.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub usage_estimated: bool,
    /// All tokens.
    pub estimated_tokens: u64,
    /// What the call cost, in dollars; null where the model has no price.
    pub estimated_cost: Option<f64>,
    /// What this asker was saved, in dollars; null where the model has no price.
    pub saved_cost: Option<f64>,
    /// False where the model has no price.
    pub priced: bool,
    /// How long llmc took for this asker, in milliseconds.
    pub latency_ms: f64,
    /// How long the provider took for the call behind it, in milliseconds.
    pub original_latency_ms: f64,
    /// The conversation it belongs to.
    pub session: Option<String>,
    /// True where that conversation began with this answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub session_created: bool,
    /// The run it was counted for.
    pub run_id: Option<String>,
    /// The model that was asked for first, as `provider/model`, where another one answered in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_from: Option<String>,
    /// Those that were asked before and failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<FailedAttempt>,
    /// What the asker should know, such as a store that failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// A model that was asked and failed, before another one answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FailedAttempt {
    /// Who was asked.
    pub provider: String,
    /// The model.
    pub model: String,
    /// The kind of error, as in the `type` of a failure.
    #[serde(rename = "type")]
    pub kind: String,
    /// Why it failed.
    pub message: String,
}

/// Tokens of a call. Cached input is part of the input, reasoning is part of the output.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiUsage {
    /// Prompt tokens.
    pub input_tokens: u64,
    /// Answer tokens.
    pub output_tokens: u64,
    /// Prompt tokens the provider had cached.
    pub cached_input_tokens: u64,
    /// Answer tokens spent on reasoning.
    pub reasoning_tokens: u64,
}

/// What would happen; what `generate --dry-run --json` prints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DryRunReply {
    /// The version of this object.
    #[serde(rename = "schema_version")]
    pub schema_version: u32,
    /// Always true.
    pub dry_run: bool,
    /// Who would be asked.
    pub provider: String,
    /// The model.
    pub model: String,
    /// How the cache would be used.
    pub cache_status: CacheStatus,
    /// What the answer is, or would be, kept under.
    pub cache_key: String,
    /// The canonical material of the key.
    pub key_material: Value,
    /// Prompt tokens, estimated where nothing is kept.
    pub estimated_input_tokens: u64,
    /// Answer tokens: as kept, else as many as the request allows or an assumption.
    pub estimated_output_tokens: u64,
    /// Who counted the prompt tokens.
    pub estimated_by: EstimatedBy,
    /// What the call would cost, in dollars; 0 where it would be answered from the cache, null where unpriced.
    pub estimated_cost: Option<f64>,
    /// False where the model has no price.
    pub priced: bool,
    /// What the asker should know, such as a provider that could not be asked for its count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// Who counted the tokens of a prompt that is not sent yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EstimatedBy {
    /// Nobody had to: the answer is kept, and with it what its call used.
    Kept,
    /// The provider, who was asked.
    Provider,
    /// The tokenizer of the model's family.
    Tokenizer,
    /// A rule of thumb over its characters.
    Rule,
}

impl EstimatedBy {
    /// Its name in JSON and on screens.
    pub fn name(self) -> &'static str {
        match self {
            EstimatedBy::Kept => "kept",
            EstimatedBy::Provider => "provider",
            EstimatedBy::Tokenizer => "tokenizer",
            EstimatedBy::Rule => "rule",
        }
    }
}

/// A piece of an answer, in the `delta` events of a stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeltaEvent {
    /// Text to append.
    pub text: String,
}
