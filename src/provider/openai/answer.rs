//! What a chat completion says, and what a chunk of a streamed one adds. It changes nothing.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::WHAT;
use crate::error::Result;
use crate::exchange::{Finish, Usage};
use crate::provider::sse::Event;
use crate::provider::{Reading, fault};

#[derive(Deserialize)]
struct Answer {
    choices: Option<Vec<Choice>>,
    usage: Option<Value>,
    error: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Choice {
    message: Option<Message>,
    finish_reason: Option<String>,
    error: Option<IgnoredAny>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Message {
    content: Content,
    refusal: Filled,
    tool_calls: Filled,
    function_call: Filled,
    reasoning_content: Filled,
    reasoning: Filled,
    reasoning_details: Filled,
    audio: Filled,
}

impl Message {
    fn is_empty(&self) -> bool {
        let others = [
            &self.refusal,
            &self.tool_calls,
            &self.function_call,
            &self.reasoning_content,
            &self.reasoning,
            &self.reasoning_details,
            &self.audio,
        ];
        self.content.text.is_empty() && !self.content.has_other && others.iter().all(|filled| !filled.0)
    }
}

pub fn read(bytes: &[u8]) -> Result<Reading> {
    let answer: Answer = serde_json::from_slice(bytes).map_err(|cause| fault::unreadable(WHAT, bytes, &cause))?;
    if answer.error.is_some() {
        return Err(fault::reported(bytes));
    }
    let mut choices = answer.choices.unwrap_or_default();
    let is_failed = |choice: &Choice| choice.error.is_some() || choice.finish_reason.as_deref() == Some("error");
    if choices.iter().any(is_failed) {
        return Err(fault::reported(bytes));
    }
    if choices.iter().any(|choice| choice.message.is_none()) {
        return Err(fault::lacking(WHAT, "message", bytes));
    }
    let is_empty = choices.iter().filter_map(|choice| choice.message.as_ref()).all(Message::is_empty);
    let Some(first) = choices.first_mut().and_then(|choice| choice.message.as_mut()) else {
        return Err(fault::lacking(WHAT, "choices", bytes));
    };
    let text = std::mem::take(&mut first.content.text);

    let finishes = || choices.iter().map(|choice| finish(choice.finish_reason.as_deref()));
    // One choice cut for length makes the whole answer one that was.
    let cut = finishes().find(|finish| *finish == Finish::Length);
    Ok(Reading {
        text,
        finish: cut.or_else(|| finishes().next()).unwrap_or_else(|| finish(None)),
        usage: answer.usage.as_ref().and_then(usage),
        is_empty,
    })
}

/// The reason an API with choices gives.
pub fn finish(reason: Option<&str>) -> Finish {
    match reason {
        Some("stop") => Finish::Stop,
        Some("length" | "model_length") => Finish::Length,
        Some("tool_calls" | "function_call") => Finish::ToolCalls,
        Some("content_filter") => Finish::ContentFilter,
        Some(word) => Finish::Other(word.to_owned()),
        None => Finish::Other("unknown".to_owned()),
    }
}

/// The usage of an API with choices.
pub fn usage(usage: &Value) -> Option<Usage> {
    let count = |name| usage.get(name).and_then(Value::as_u64);
    let detail = |of, name| usage.get(of).and_then(|details| details.get(name)).and_then(Value::as_u64);
    let input = count("prompt_tokens")?;
    let said_output = count("completion_tokens").unwrap_or(0);
    let reasoning = detail("completion_tokens_details", "reasoning_tokens").unwrap_or(0);
    let cached = detail("prompt_tokens_details", "cached_tokens").or_else(|| count("prompt_cache_hit_tokens"));
    let written = detail("prompt_tokens_details", "cache_write_tokens");

    // xAI counts reasoning beside the completion; only its total gives that away.
    let beside = input.saturating_add(said_output).saturating_add(reasoning);
    let is_beside = reasoning > 0 && count("total_tokens") == Some(beside);
    let output = if is_beside { said_output.saturating_add(reasoning) } else { said_output };
    Some(Usage {
        input,
        output,
        cached_input: cached.unwrap_or(0).min(input),
        cache_write: written.unwrap_or(0).min(input),
        reasoning: reasoning.min(output),
    })
}

#[derive(Deserialize)]
struct Chunk {
    choices: Option<Vec<ChunkChoice>>,
}

#[derive(Deserialize)]
struct ChunkChoice {
    #[serde(default)]
    index: u64,
    delta: Option<Delta>,
}

#[derive(Deserialize)]
struct Delta {
    #[serde(default)]
    content: Content,
}

pub fn delta(event: &Event) -> Option<String> {
    let chunk: Chunk = serde_json::from_str(&event.data).ok()?;
    let first = chunk.choices?.into_iter().find(|choice| choice.index == 0)?;
    Some(first.delta?.content.text).filter(|text| !text.is_empty())
}

/// The text of a message: a string, `null`, or an array of parts.
#[derive(Default)]
pub struct Content {
    pub text: String,
    /// True where a part is something else than text.
    pub has_other: bool,
}

#[derive(Deserialize)]
struct ContentPart {
    #[serde(rename = "type")]
    kind: Option<String>,
    text: Option<String>,
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Content, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Content;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a string, null or an array of parts")
            }

            fn visit_unit<E>(self) -> Result<Content, E> {
                Ok(Content::default())
            }

            fn visit_str<E>(self, text: &str) -> Result<Content, E> {
                Ok(Content { text: text.to_owned(), has_other: false })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Content, A::Error> {
                let mut content = Content::default();
                while let Some(part) = parts.next_element::<ContentPart>()? {
                    match (part.kind.as_deref(), part.text) {
                        (None | Some("text" | "output_text"), Some(text)) => content.text.push_str(&text),
                        _ => content.has_other = true,
                    }
                }
                Ok(content)
            }
        }

        deserializer.deserialize_any(Any)
    }
}

/// Whether a member holds anything: no `null`, no empty string, array or object.
#[derive(Default)]
pub struct Filled(pub bool);

impl<'de> Deserialize<'de> for Filled {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Filled, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Filled;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("anything")
            }

            fn visit_unit<E>(self) -> Result<Filled, E> {
                Ok(Filled(false))
            }

            fn visit_bool<E>(self, is: bool) -> Result<Filled, E> {
                Ok(Filled(is))
            }

            fn visit_u64<E>(self, _: u64) -> Result<Filled, E> {
                Ok(Filled(true))
            }

            fn visit_i64<E>(self, _: i64) -> Result<Filled, E> {
                Ok(Filled(true))
            }

            fn visit_f64<E>(self, _: f64) -> Result<Filled, E> {
                Ok(Filled(true))
            }

            fn visit_str<E>(self, text: &str) -> Result<Filled, E> {
                Ok(Filled(!text.is_empty()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Filled, A::Error> {
                let mut is_filled = false;
                while items.next_element::<IgnoredAny>()?.is_some() {
                    is_filled = true;
                }
                Ok(Filled(is_filled))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Filled, A::Error> {
                let mut is_filled = false;
                while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
                    is_filled = true;
                }
                Ok(Filled(is_filled))
            }
        }

        deserializer.deserialize_any(Any)
    }
}
