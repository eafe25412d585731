//! Anthropic's messages: requests here, answers in `answer`, streams in `stream` and `replay`. It opens no
//! connection.

mod answer;
mod counting;
mod replay;
mod stream;
mod surface;

pub use surface::SURFACE;

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use crate::config::secret::Secret;
use crate::error::{Error, Kind, Result};
use crate::exchange::{Form, Operation};
use crate::provider::body::Body;
use crate::provider::counting::Counting;
use crate::provider::hide::UsageHider;
use crate::provider::{Dialect, Part, Prompt, Reading, Role, fault, schema, sse, text_of};

/// What the errors call an answer.
const WHAT: &str = "message";

/// The API's version this file speaks.
const VERSION: &str = "2023-06-01";

/// The most tokens of an answer where the prompt sets none: the API wants a number.
pub const DEFAULT_MAX_TOKENS: u64 = 4096;

/// Anthropic's messages API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Anthropic;

impl Dialect for Anthropic {
    fn kind(&self) -> &'static str {
        "anthropic"
    }

    fn base_url(&self) -> &'static str {
        "https://api.anthropic.com"
    }

    fn key_variable(&self) -> Option<&'static str> {
        Some("ANTHROPIC_API_KEY")
    }

    fn operation(&self) -> Operation {
        Operation::Messages
    }

    fn generates(&self, _model: &str) -> bool {
        true
    }

    fn path(&self, _model: &str, _form: Form) -> Cow<'static, str> {
        "/v1/messages".into()
    }

    fn model_in_path<'a>(&self, _model: &'a str) -> Option<&'a str> {
        None
    }

    fn headers(&self, secret: Option<&Secret>) -> Vec<(&'static str, Secret)> {
        let mut headers =
            vec![("content-type", Secret::new("application/json")), ("anthropic-version", Secret::new(VERSION))];
        if let Some(secret) = secret.filter(|secret| !secret.is_empty()) {
            headers.push(("x-api-key", secret.clone()));
        }
        headers
    }

    fn write(&self, prompt: &Prompt) -> Result<Map<String, Value>> {
        if prompt.seed.is_some() {
            return Err(Error::new(Kind::Usage, "anthropic takes no seed")
                .hint("leave it out, or set what the model takes with `-o KEY=JSON`"));
        }
        if let Some(temperature) = prompt.temperature.filter(|temperature| !(0.0..=1.0).contains(temperature)) {
            return Err(Error::new(Kind::Usage, format!("anthropic takes no temperature of {temperature}"))
                .hint("choose one from 0 to 1"));
        }
        let mut system: Vec<String> = prompt.system.iter().cloned().collect();
        let mut messages = Vec::new();
        for turn in &prompt.messages {
            match turn.role {
                Role::System => system.push(instructions(&turn.parts)?),
                Role::User => messages.push(json!({"role": "user", "content": content(&turn.parts)})),
                Role::Assistant => messages.push(json!({"role": "assistant", "content": content(&turn.parts)})),
            }
        }
        if messages.is_empty() {
            return Err(Error::new(Kind::Usage, "there is no message to send"));
        }
        system.retain(|text| !text.is_empty());

        let mut body = Map::new();
        body.insert("model".to_owned(), json!(prompt.model));
        body.insert("max_tokens".to_owned(), json!(prompt.max_tokens.unwrap_or(DEFAULT_MAX_TOKENS)));
        if !system.is_empty() {
            body.insert("system".to_owned(), json!(system.join("\n\n")));
        }
        body.insert("messages".to_owned(), json!(messages));
        if let Some(temperature) = prompt.temperature {
            body.insert("temperature".to_owned(), json!(temperature));
        }
        if let Some(top_p) = prompt.top_p {
            body.insert("top_p".to_owned(), json!(top_p));
        }
        if !prompt.stop.is_empty() {
            body.insert("stop_sequences".to_owned(), json!(prompt.stop));
        }
        body.extend(prompt.options.clone());
        if let Some(schema) = &prompt.schema {
            let format = json!({"type": "json_schema", "schema": schema::closed(schema)});
            schema::put(&mut body, &["output_config", "format"], format)?;
        }
        body.shift_remove("stream");
        Ok(body)
    }

    fn ask_for(&self, form: Form, body: &[u8]) -> Result<Vec<u8>> {
        let mut members = Body::read(body)?;
        match (form, members.take("stream")) {
            (Form::Plain, None) => Ok(body.to_vec()),
            (Form::Plain, Some(_)) => Ok(members.spell(&[])),
            (Form::Stream, _) => Ok(members.spell(&[("stream", "true")])),
        }
    }

    fn limits_length(&self, body: &Map<String, Value>) -> bool {
        body.get("max_tokens").is_some_and(|most| !most.is_null())
    }

    fn is_stateful(&self, body: &Map<String, Value>) -> bool {
        body.get("container").is_some_and(|container| !container.is_null())
    }

    fn read(&self, answer: &[u8]) -> Result<Reading> {
        answer::read(answer)
    }

    fn assemble(&self, stream: &[u8]) -> Result<Vec<u8>> {
        stream::assemble(stream)
    }

    fn replay(&self, answer: &[u8]) -> Result<Vec<u8>> {
        replay::replay(answer)
    }

    fn usage_hider(&self, _asked: &Map<String, Value>) -> Option<UsageHider> {
        None
    }

    fn delta(&self, event: &sse::Event) -> Option<String> {
        answer::delta(event)
    }

    fn error_message(&self, body: &[u8]) -> Option<String> {
        fault::error_message(body)
    }

    fn counting(&self) -> Option<&'static dyn Counting> {
        Some(&counting::Counter)
    }
}

/// The text of a system turn, which the API takes at the top only.
fn instructions(parts: &[Part]) -> Result<String> {
    if parts.iter().any(|part| matches!(part, Part::Image { .. })) {
        return Err(Error::new(Kind::Usage, "anthropic takes no image in a system message")
            .hint("move the image to a user's message"));
    }
    Ok(text_of(parts))
}

fn content(parts: &[Part]) -> Value {
    if !parts.iter().any(|part| matches!(part, Part::Image { .. })) {
        return json!(text_of(parts));
    }
    // The API refuses a text block with nothing in it.
    let blocks = parts.iter().filter(|part| !matches!(part, Part::Text(text) if text.is_empty()));
    blocks.map(block).collect()
}

fn block(part: &Part) -> Value {
    match part {
        Part::Text(text) => json!({"type": "text", "text": text}),
        Part::Image { media_type, data } => {
            json!({"type": "image", "source": {"type": "base64", "media_type": media_type, "data": data}})
        }
    }
}

#[cfg(test)]
mod tests;
