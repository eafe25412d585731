//! `POST /llm/batch`: many prompts over one connection. Lines of [`GenerateRequest`](super::generate::GenerateRequest) go
//! in, lines of [`BatchRow`] come out as they are done, while the others are still going in.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::generate::{DryRunReply, Metadata};
use super::problem::Detail;
use super::span::Span;

/// The longest line, in bytes.
pub const LONGEST_LINE: usize = 16 << 20;

/// How a batch is done.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct BatchQuery {
    /// Calls at once. What is not said is found out: more while the provider takes them, fewer when it refuses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jobs: Option<usize>,
    /// Begin no call whose estimate, with what the batch has cost so far, is above so many dollars.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_cost: Option<f64>,
    /// A cassette that lines name: with one that cannot be read nothing is begun. An absolute path, over the socket only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cassette: Option<PathBuf>,
    /// Say what would happen; call nothing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
}

/// What came of a line: `text` and `metadata`, or `foreseen`, or `error`. A row without an index is about the batch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BatchRow {
    /// Which line, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
    /// The answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The provider's own JSON, where the line asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// How it came about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// What would happen, in a dry run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foreseen: Option<DryRunReply>,
    /// What went wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Detail>,
    /// A limit of llmc's own that calls now wait for. Told once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limited: Option<Limited>,
}

/// A limit that calls wait for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Limited {
    /// The setting it comes from.
    pub setting: String,
    /// Calls in any window.
    pub count: u32,
    /// How long the window is.
    pub window: Span,
}
