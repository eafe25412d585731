//! What a message says, and what an event of a streamed one adds. It changes nothing.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::WHAT;
use crate::error::Result;
use crate::exchange::{Finish, Usage};
use crate::provider::sse::Event;
use crate::provider::{Reading, fault};

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "type")]
    kind: Option<String>,
    content: Option<Vec<Block>>,
    stop_reason: Option<String>,
    usage: Option<Value>,
    error: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Block {
    #[serde(rename = "type")]
    kind: String,
    text: Option<Value>,
    thinking: Option<Value>,
}

impl Block {
    fn text(&self) -> &str {
        let text = if self.kind == "text" { &self.text } else { &None };
        text.as_ref().and_then(Value::as_str).unwrap_or_default()
    }

    fn is_empty(&self) -> bool {
        match self.kind.as_str() {
            "text" => self.text().is_empty(),
            "thinking" => self.thinking.as_ref().and_then(Value::as_str).unwrap_or_default().is_empty(),
            _ => false,
        }
    }
}

pub fn read(bytes: &[u8]) -> Result<Reading> {
    let answer: Answer = serde_json::from_slice(bytes).map_err(|cause| fault::unreadable(WHAT, bytes, &cause))?;
    if answer.error.is_some() || answer.kind.as_deref() == Some("error") {
        return Err(fault::reported(bytes));
    }
    let blocks = answer.content.ok_or_else(|| fault::lacking(WHAT, "content", bytes))?;
    Ok(Reading {
        text: blocks.iter().map(Block::text).collect(),
        finish: finish(answer.stop_reason.as_deref()),
        usage: answer.usage.as_ref().and_then(usage),
        is_empty: blocks.iter().all(Block::is_empty),
    })
}

fn finish(reason: Option<&str>) -> Finish {
    match reason {
        Some("end_turn" | "stop_sequence") => Finish::Stop,
        Some("max_tokens" | "model_context_window_exceeded") => Finish::Length,
        Some("tool_use") => Finish::ToolCalls,
        Some("refusal") => Finish::ContentFilter,
        Some(word) => Finish::Other(word.to_owned()),
        None => Finish::Other("unknown".to_owned()),
    }
}

/// Here the tokens read from and written to the provider's cache stand beside the others.
fn usage(usage: &Value) -> Option<Usage> {
    let count = |name: &str| usage.get(name).and_then(Value::as_u64);
    let fresh = count("input_tokens")?;
    let cached_input = count("cache_read_input_tokens").unwrap_or(0);
    let cache_write = count("cache_creation_input_tokens").unwrap_or(0);
    Some(Usage {
        input: fresh.saturating_add(cached_input).saturating_add(cache_write),
        output: count("output_tokens").unwrap_or(0),
        cached_input,
        cache_write,
        reasoning: 0,
    })
}

#[derive(Deserialize)]
struct Step {
    delta: Option<TextBit>,
    content_block: Option<TextBit>,
}

#[derive(Deserialize)]
struct TextBit {
    #[serde(rename = "type")]
    kind: Option<String>,
    text: Option<Value>,
}

pub fn delta(event: &Event) -> Option<String> {
    let step: Step = serde_json::from_str(&event.data).ok()?;
    let bit = step.delta.or(step.content_block)?;
    match (bit.kind.as_deref(), bit.text) {
        (Some("text_delta" | "text"), Some(Value::String(text))) if !text.is_empty() => Some(text),
        _ => None,
    }
}
