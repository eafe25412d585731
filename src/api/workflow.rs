//! `POST /llm/execute-workflow` and `POST /llm/workflow/generate`: several prompts that build on each other.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::forecast::Forecast;
use super::generate::Metadata;
use super::span::Span;
use crate::exchange::{CacheStatus, Mode};

/// What a workflow file says, in TOML or JSON. Fields that are not here are refused by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkflowFile {
    /// What it is called.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The answer, as a template; without one, the text of the last step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// The JSON Schema that the answer, read as JSON, must fit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_schema: Option<Value>,
    /// What it must be given.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inputs: BTreeMap<String, WorkflowInput>,
    /// The prompts.
    #[serde(default, rename = "step")]
    pub steps: Vec<WorkflowStep>,
}

/// Something a workflow is given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WorkflowInput {
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// It must be given.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// What it is where it is not given; null where there is no default either.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
}

/// One prompt of a workflow.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkflowStep {
    /// What others call it by: letters, digits and `_`, beginning with a letter.
    pub id: String,
    /// The prompt, as a template.
    pub prompt: String,
    /// The system text, as a template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The model, where it is another than the workflow's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Sampling temperature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Most tokens of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u64>,
    /// Nucleus sampling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top_p: Option<f64>,
    /// Sampling seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<i64>,
    /// Stop sequences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stop: Vec<String>,
    /// Anything else the provider takes.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub options: Map<String, Value>,
    /// The JSON Schema its answer must fit; the answer is then at hand as `steps.ID.json`, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<Value>,
    /// Steps it waits for, besides those its templates name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// An expression; where it is not true, the step is skipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// An expression for a list; the prompt is asked for each `item` of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_each: Option<String>,
    /// How the cache may be used.
    #[serde(default, skip_serializing_if = "StepCache::is_empty")]
    pub cache: StepCache,
}

/// How a step may use the cache. What is not said is as it is for the whole workflow.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StepCache {
    /// `auto`, `replay`, `refresh` or `off`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// How long a new answer stays fresh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<Span>,
    /// Use no kept answer older than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age: Option<Span>,
    /// Which of several answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<u32>,
}

impl StepCache {
    fn is_empty(&self) -> bool {
        *self == StepCache::default()
    }
}

/// A workflow to be run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkflowRequest {
    /// The workflow: as an object, or the TOML of its file.
    pub workflow: WorkflowSource,
    /// What it is given, by name.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub inputs: Map<String, Value>,
    /// What every step is asked with, where the step does not say itself: the model, the provider, how the cache may be
    /// used, timeouts. The fields of `POST /llm/generate`, without the prompt.
    #[serde(default)]
    pub defaults: super::generate::GenerateRequest,
    /// How many calls are made side by side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jobs: Option<usize>,
    /// Do not call where all calls together may cost more than so many dollars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_cost: Option<f64>,
    /// Tell of every step as server-sent events: `step` events, then one `done` event with the whole answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stream: bool,
    /// Say what it would come to, as far as that can be known; call nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
}

/// A workflow as an object, or the TOML of its file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum WorkflowSource {
    /// The TOML of its file.
    Toml(String),
    /// An object with the same members.
    Object(Map<String, Value>),
}

impl Default for WorkflowSource {
    fn default() -> WorkflowSource {
        WorkflowSource::Toml(String::new())
    }
}

/// What came of a workflow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WorkflowReply {
    /// The version of this object.
    pub schema_version: u32,
    /// What it is called.
    pub name: String,
    /// The answer: text, or JSON where the workflow says what it must fit.
    pub output: Value,
    /// What came of each step.
    pub steps: BTreeMap<String, StepReply>,
}

/// What a workflow would come to; what `workflow run --dry-run --json` prints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkflowForecast {
    /// The version of this object.
    #[serde(rename = "schema_version")]
    pub schema_version: u32,
    /// Always true.
    pub dry_run: bool,
    /// What it is called.
    pub name: String,
    /// Steps that are made of answers nobody has yet. They are in no sum: where there are any, the sums are the least it
    /// comes to.
    pub unknown: u64,
    /// All prompts that are known.
    #[serde(flatten)]
    pub sums: Forecast,
    /// What would become of each step.
    pub steps: BTreeMap<String, StepForecast>,
}

/// What would become of a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepForecast {
    /// What would.
    pub state: StepOutlook,
    /// Who would be asked, as `provider/model`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// How many items there are, of a step with `for_each`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<usize>,
    /// The steps whose answers it is made of and nobody has yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub awaits: Vec<String>,
    /// Its prompts, where they are known.
    #[serde(flatten)]
    pub sums: Option<Forecast>,
}

/// What would become of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StepOutlook {
    /// Its answers are kept.
    Hit,
    /// It would be called for, once at least.
    Call,
    /// Its condition is not met.
    Skipped,
    /// It depends on an answer that is not known yet.
    Unknown,
}

/// What came of a step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StepReply {
    /// Its answer; of several, all of them with a blank line between.
    pub text: String,
    /// The answer as JSON, where it must fit a schema; of several, a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<Value>,
    /// True where its condition was not met.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub skipped: bool,
    /// How its answer came about; of a step that was asked once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// The answers, one for each item, of a step with `for_each`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<Vec<ItemReply>>,
}

/// The answer for one item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ItemReply {
    /// The answer.
    pub text: String,
    /// The answer as JSON, where it must fit a schema.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<Value>,
    /// How it came about.
    pub metadata: Metadata,
}

/// How a step fares, in the `step` events of a stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepEvent {
    /// Which step.
    pub step: String,
    /// What became of it.
    pub state: StepState,
    /// Which of several items, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<usize>,
    /// How many items there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<usize>,
    /// How the answer came about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_status: Option<CacheStatus>,
    /// What the call cost, or would have, in dollars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<f64>,
    /// How long it took, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<f64>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StepState {
    /// It is being asked.
    Started,
    /// It is answered.
    Done,
    /// Its condition was not met.
    Skipped,
    /// It got no answer.
    Failed,
}

/// A workflow to be written by a model.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkflowWish {
    /// What it is to do.
    pub description: String,
    /// What the model is asked with. The fields of `POST /llm/generate`, without the prompt.
    #[serde(default)]
    pub defaults: super::generate::GenerateRequest,
}

/// A workflow that a model has written and that can be run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WorkflowWritten {
    /// The version of this object.
    pub schema_version: u32,
    /// The TOML of its file.
    pub workflow: String,
    /// How often the model had to mend it.
    pub repairs: u32,
    /// How the answer came about.
    pub metadata: Metadata,
}
