//! What an answer says, and what an event of a streamed one adds. It changes nothing.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::{WHAT, stream};
use crate::error::Result;
use crate::exchange::{Finish, Usage};
use crate::provider::spelled::{Members, Spelled};
use crate::provider::sse::Event;
use crate::provider::{Reading, fault};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    candidates: Option<Vec<Candidate>>,
    prompt_feedback: Option<Feedback>,
    usage_metadata: Option<Value>,
    error: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate {
    index: Option<u64>,
    content: Option<Content>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Content {
    parts: Option<Vec<Members>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Feedback {
    block_reason: Option<String>,
}

impl Candidate {
    fn parts(&self) -> &[Members] {
        self.content.as_ref().and_then(|content| content.parts.as_deref()).unwrap_or_default()
    }

    /// What it says, without what it thought.
    fn text(&self) -> String {
        let spoken = self.parts().iter().filter(|part| !is_thought(part));
        spoken.filter_map(|part| part.get("text")?.as_text()).collect()
    }

    fn is_empty(&self) -> bool {
        self.parts()
            .iter()
            .all(|part| part.iter().all(|(name, value)| matches!(name, "text" | "thought") && is_nothing(value)))
    }

    fn finish(&self) -> Finish {
        let calls = || self.parts().iter().any(|part| part.filled("functionCall").is_some());
        match self.finish_reason.as_deref() {
            Some("STOP") if calls() => Finish::ToolCalls,
            Some("STOP") => Finish::Stop,
            Some("MAX_TOKENS") => Finish::Length,
            Some(
                "SAFETY"
                | "RECITATION"
                | "LANGUAGE"
                | "BLOCKLIST"
                | "PROHIBITED_CONTENT"
                | "SPII"
                | "IMAGE_SAFETY"
                | "IMAGE_PROHIBITED_CONTENT"
                | "IMAGE_RECITATION",
            ) => Finish::ContentFilter,
            Some(word) => Finish::Other(word.to_owned()),
            None => Finish::Other("unknown".to_owned()),
        }
    }
}

fn is_thought(part: &Members) -> bool {
    part.get("thought").is_some_and(|thought| thought.spelling() == "true")
}

/// Blank, or the flag of a thought.
fn is_nothing(value: &Spelled) -> bool {
    value.is_blank() || matches!(value.spelling(), "true" | "false")
}

pub fn read(bytes: &[u8]) -> Result<Reading> {
    // A server that was asked for a stream may send the array it makes where nobody asks for events.
    let bytes = if stream::is_array(bytes) { Cow::Owned(stream::assemble(bytes)?) } else { Cow::Borrowed(bytes) };
    let answer: Answer = serde_json::from_slice(&bytes).map_err(|cause| fault::unreadable(WHAT, &bytes, &cause))?;
    if answer.error.is_some() {
        return Err(fault::reported(&bytes));
    }
    let candidates = answer.candidates.unwrap_or_default();
    let is_blocked = answer.prompt_feedback.is_some_and(|feedback| feedback.block_reason.is_some());
    if candidates.is_empty() && !is_blocked {
        return Err(fault::lacking(WHAT, "candidates", &bytes));
    }
    // A prompt that was blocked has no candidate.
    let finishes = || candidates.iter().map(Candidate::finish);
    let first = finishes().next().unwrap_or(Finish::ContentFilter);
    // One candidate that is not whole makes the answer one that is not.
    let broken = finishes().find(|finish| matches!(finish, Finish::ContentFilter | Finish::Other(_)));
    let cut = finishes().find(|finish| *finish == Finish::Length);
    Ok(Reading {
        text: candidates.first().map(Candidate::text).unwrap_or_default(),
        finish: broken.or(cut).unwrap_or(first),
        usage: answer.usage_metadata.as_ref().and_then(usage),
        is_empty: candidates.iter().all(Candidate::is_empty),
    })
}

/// Here the cached tokens are inside the prompt's, and thoughts and the use of tools stand beside the others.
fn usage(usage: &Value) -> Option<Usage> {
    let count = |name: &str| usage.get(name).and_then(Value::as_u64);
    let input = count("promptTokenCount")?.saturating_add(count("toolUsePromptTokenCount").unwrap_or(0));
    let reasoning = count("thoughtsTokenCount").unwrap_or(0);
    Some(Usage {
        input,
        output: count("candidatesTokenCount").unwrap_or(0).saturating_add(reasoning),
        cached_input: count("cachedContentTokenCount").unwrap_or(0).min(input),
        cache_write: 0,
        reasoning,
    })
}

pub fn delta(event: &Event) -> Option<String> {
    let answer: Answer = serde_json::from_str(&event.data).ok()?;
    let first = answer.candidates?.into_iter().find(|candidate| candidate.index.unwrap_or(0) == 0)?;
    Some(first.text()).filter(|text| !text.is_empty())
}
