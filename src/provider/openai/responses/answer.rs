//! What a response says, and what an event of a streamed one adds. It changes nothing.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::WHAT;
use crate::error::Result;
use crate::exchange::{Finish, Usage};
use crate::provider::openai::answer::{Content, Filled};
use crate::provider::sse::Event;
use crate::provider::{Reading, fault};

/// What the model asks its asker to do.
const CALLS: [&str; 7] = [
    "function_call",
    "custom_tool_call",
    "computer_call",
    "local_shell_call",
    "shell_call",
    "apply_patch_call",
    "mcp_approval_request",
];

#[derive(Deserialize)]
struct Answer {
    status: Option<String>,
    incomplete_details: Option<Details>,
    output: Option<Vec<Item>>,
    usage: Option<Value>,
    error: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Details {
    reason: Option<String>,
}

#[derive(Deserialize)]
struct Item {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    content: Content,
    #[serde(default)]
    summary: Filled,
    #[serde(default)]
    encrypted_content: Filled,
}

impl Item {
    fn text(&self) -> &str {
        if self.kind == "message" { &self.content.text } else { "" }
    }

    fn is_empty(&self) -> bool {
        let says_nothing = self.content.text.is_empty() && !self.content.has_other;
        match self.kind.as_str() {
            "message" => says_nothing,
            "reasoning" => says_nothing && !self.summary.0 && !self.encrypted_content.0,
            _ => false,
        }
    }
}

pub fn read(bytes: &[u8]) -> Result<Reading> {
    let answer: Answer = serde_json::from_slice(bytes).map_err(|cause| fault::unreadable(WHAT, bytes, &cause))?;
    if answer.error.is_some() || answer.status.as_deref() == Some("failed") {
        return Err(fault::reported(bytes));
    }
    let items = answer.output.ok_or_else(|| fault::lacking(WHAT, "output", bytes))?;
    let asks = items.iter().any(|item| CALLS.contains(&item.kind.as_str()));
    let reason = answer.incomplete_details.and_then(|details| details.reason);
    Ok(Reading {
        text: items.iter().map(Item::text).collect(),
        finish: finish(answer.status.as_deref(), reason, asks),
        usage: answer.usage.as_ref().and_then(usage),
        is_empty: items.iter().all(Item::is_empty),
    })
}

fn finish(status: Option<&str>, reason: Option<String>, asks: bool) -> Finish {
    match (status, reason.as_deref()) {
        (Some("completed"), _) if asks => Finish::ToolCalls,
        (Some("completed"), _) => Finish::Stop,
        (Some("incomplete"), Some("max_output_tokens" | "max_tokens")) => Finish::Length,
        (Some("incomplete"), Some("content_filter")) => Finish::ContentFilter,
        (Some("incomplete"), Some(reason)) => Finish::Other(reason.to_owned()),
        // Queued, running and cancelled ones are no whole answers either.
        (status, _) => Finish::Other(status.unwrap_or("unknown").to_owned()),
    }
}

fn usage(usage: &Value) -> Option<Usage> {
    let count = |path: &str| usage.pointer(path).and_then(Value::as_u64);
    let (input, output) = (count("/input_tokens")?, count("/output_tokens").unwrap_or(0));
    Some(Usage {
        input,
        output,
        cached_input: count("/input_tokens_details/cached_tokens").unwrap_or(0).min(input),
        cache_write: count("/input_tokens_details/cache_write_tokens").unwrap_or(0).min(input),
        reasoning: count("/output_tokens_details/reasoning_tokens").unwrap_or(0).min(output),
    })
}

#[derive(Deserialize)]
struct Step {
    #[serde(rename = "type")]
    kind: String,
    delta: Option<Value>,
}

pub fn delta(event: &Event) -> Option<String> {
    let step: Step = serde_json::from_str(&event.data).ok()?;
    match (step.kind.as_str(), step.delta) {
        ("response.output_text.delta", Some(Value::String(text))) if !text.is_empty() => Some(text),
        _ => None,
    }
}
