//! OpenAI's completions, the API before chat: a text goes on. For programs that speak it; `generate` does not.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::answer::{Filled, finish, usage};
use super::replay::Script;
use super::stream::{Choice, add, assemble};
use super::{BASE_URL, KEY_VARIABLE, KIND, ask_with_usage, headers, is_set, usage_hider};
use crate::config::secret::Secret;
use crate::error::{Error, Kind, Result};
use crate::exchange::{Finish, Form, Operation};
use crate::provider::hide::UsageHider;
use crate::provider::spelled::{Members, Spelled, Sum};
use crate::provider::{Dialect, Prompt, Reading, fault, sse};

/// What the errors call an answer.
const WHAT: &str = "completion";

/// OpenAI's completions API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Completions;

impl Dialect for Completions {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn base_url(&self) -> &'static str {
        BASE_URL
    }

    fn key_variable(&self) -> Option<&'static str> {
        Some(KEY_VARIABLE)
    }

    fn operation(&self) -> Operation {
        Operation::Completions
    }

    fn generates(&self, _model: &str) -> bool {
        false
    }

    fn path(&self, _model: &str, _form: Form) -> Cow<'static, str> {
        "/completions".into()
    }

    fn model_in_path<'a>(&self, _model: &'a str) -> Option<&'a str> {
        None
    }

    fn headers(&self, secret: Option<&Secret>) -> Vec<(&'static str, Secret)> {
        headers(secret)
    }

    /// A conversation is none of its prompts.
    fn write(&self, _prompt: &Prompt) -> Result<Map<String, Value>> {
        Err(Error::new(Kind::Usage, "completions take no conversation").hint("choose a model that chats"))
    }

    fn ask_for(&self, form: Form, body: &[u8]) -> Result<Vec<u8>> {
        ask_with_usage(form, body)
    }

    /// Where nothing is set, the API cuts after 16 tokens: a length nobody asked for.
    fn limits_length(&self, body: &Map<String, Value>) -> bool {
        is_set(body, "max_tokens")
    }

    fn is_stateful(&self, _body: &Map<String, Value>) -> bool {
        false
    }

    fn read(&self, answer: &[u8]) -> Result<Reading> {
        read(answer)
    }

    fn assemble(&self, stream: &[u8]) -> Result<Vec<u8>> {
        assemble::<Text>(stream)
    }

    fn replay(&self, answer: &[u8]) -> Result<Vec<u8>> {
        replay(answer)
    }

    fn usage_hider(&self, asked: &Map<String, Value>) -> Option<UsageHider> {
        usage_hider(asked)
    }

    fn delta(&self, event: &sse::Event) -> Option<String> {
        let chunk: Answer = serde_json::from_str(&event.data).ok()?;
        let first = chunk.choices?.into_iter().find(|choice| choice.index.unwrap_or(0) == 0)?;
        first.text.filter(|text| !text.is_empty())
    }

    fn error_message(&self, body: &[u8]) -> Option<String> {
        fault::error_message(body)
    }
}

#[derive(Deserialize)]
struct Answer {
    choices: Option<Vec<AnswerChoice>>,
    usage: Option<Value>,
    error: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct AnswerChoice {
    index: Option<u64>,
    text: Option<String>,
    finish_reason: Option<String>,
    /// A request for no token but the prompt's own is answered with these alone.
    #[serde(default)]
    logprobs: Filled,
}

fn read(bytes: &[u8]) -> Result<Reading> {
    let answer: Answer = serde_json::from_slice(bytes).map_err(|cause| fault::unreadable(WHAT, bytes, &cause))?;
    if answer.error.is_some() {
        return Err(fault::reported(bytes));
    }
    let choices = answer.choices.unwrap_or_default();
    let Some(first) = choices.first() else { return Err(fault::lacking(WHAT, "choices", bytes)) };
    if choices.iter().any(|choice| choice.text.is_none()) {
        return Err(fault::lacking(WHAT, "text", bytes));
    }
    let finishes = || choices.iter().map(|choice| finish(choice.finish_reason.as_deref()));
    let cut = finishes().find(|finish| *finish == Finish::Length);
    Ok(Reading {
        text: first.text.clone().unwrap_or_default(),
        finish: cut.unwrap_or_else(|| finish(first.finish_reason.as_deref())),
        usage: answer.usage.as_ref().and_then(usage),
        is_empty: choices.iter().all(|choice| choice.text.as_deref() == Some("") && !choice.logprobs.0),
    })
}

/// A choice of a completion, as its pieces add it up.
#[derive(Default)]
struct Text {
    text: Option<Sum>,
    logprobs: Option<Sum>,
    rest: Members,
}

impl Choice for Text {
    const WHAT: &str = WHAT;
    const OBJECT: &str = "text_completion";

    fn take(&mut self, piece: Members) -> Option<()> {
        for (name, value) in piece {
            match name.as_str() {
                "index" => {}
                "text" => add(&mut self.text, value),
                "logprobs" => add(&mut self.logprobs, value),
                "finish_reason" if value.is_blank() => {}
                _ => self.rest.set_unless_blank(name, value),
            }
        }
        Some(())
    }

    fn has_ended(&self) -> bool {
        self.rest.get("finish_reason").is_some()
    }

    fn finish(self, index: u64) -> Spelled {
        let mut choice = Members::default();
        self.text.into_iter().for_each(|text| choice.set("text", text.spell()));
        choice.set("index", Spelled::number(index));
        self.logprobs.into_iter().for_each(|logprobs| choice.set("logprobs", logprobs.spell()));
        self.rest.into_iter().for_each(|(name, value)| choice.set(name, value));
        choice.spell()
    }
}

/// A completion as the stream of chunks it could have come in, usage included.
fn replay(answer: &[u8]) -> Result<Vec<u8>> {
    let top: Members = serde_json::from_slice(answer).map_err(|cause| fault::unreadable(WHAT, answer, &cause))?;
    if top.filled("error").is_some() {
        return Err(fault::reported(answer));
    }
    let choices = top.get("choices").and_then(Spelled::as_list).filter(|choices| !choices.is_empty());
    let choices = choices.ok_or_else(|| fault::lacking(WHAT, "choices", answer))?;
    let mut script = Script::new(&top, Text::OBJECT);
    for (position, choice) in (0..).zip(&choices) {
        let mut closing = choice.as_members().ok_or_else(|| fault::lacking(WHAT, "whole choices", answer))?;
        let index = closing.get("index").and_then(Spelled::as_number).unwrap_or(position);
        let text = closing.get("text").filter(|text| text.is_text()).cloned();
        for piece in text.iter().flat_map(Spelled::pieces) {
            let mut chunk = Members::of([("text", piece), ("index", Spelled::number(index))]);
            if closing.get("logprobs").is_some() {
                chunk.set("logprobs", Spelled::null());
            }
            chunk.set("finish_reason", Spelled::null());
            script.chunk(chunk.spell().spelling());
        }
        text.into_iter().for_each(|_| closing.set("text", Spelled::text("")));
        closing.set("index", Spelled::number(index));
        // A stream without a reason to end looks cut to everyone who reads it.
        if closing.get("finish_reason").is_none_or(Spelled::is_blank) {
            closing.set("finish_reason", Spelled::text("stop"));
        }
        script.chunk(closing.spell().spelling());
    }
    Ok(script.end(top.filled("usage")))
}

#[cfg(test)]
mod tests;
