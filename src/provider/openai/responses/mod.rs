//! OpenAI's responses: requests here, answers in `answer`, streams in `stream` and `replay`. Some models answer in no other
//! way, and `generate` asks those through it.

mod answer;
mod replay;
mod stream;

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::{BASE_URL, KEY_VARIABLE, KIND, headers, is_set, role};
use crate::config::secret::Secret;
use crate::error::{Error, Kind, Result};
use crate::exchange::{Form, Operation};
use crate::provider::body::Body;
use crate::provider::hide::UsageHider;
use crate::provider::{Dialect, Part, Prompt, Reading, fault, prices, schema, sse, text_of};

/// What the errors call an answer.
const WHAT: &str = "response";

/// OpenAI's responses API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Responses;

/// True for a model that OpenAI offers through this API alone (`o3-pro`, `gpt-5-codex`), by its bare name. Where it is
/// asked says little, as proxies stand before OpenAI too.
pub fn is_only_way_to(model: &str) -> bool {
    prices::find(KIND, model).is_some_and(|listed| listed.mode == "responses")
}

impl Dialect for Responses {
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
        Operation::Responses
    }

    fn generates(&self, model: &str) -> bool {
        is_only_way_to(model)
    }

    fn path(&self, _model: &str, _form: Form) -> Cow<'static, str> {
        "/responses".into()
    }

    fn model_in_path<'a>(&self, _model: &'a str) -> Option<&'a str> {
        None
    }

    fn headers(&self, secret: Option<&Secret>) -> Vec<(&'static str, Secret)> {
        headers(secret)
    }

    fn write(&self, prompt: &Prompt) -> Result<Map<String, Value>> {
        for (name, is_given) in [("seed", prompt.seed.is_some()), ("stop sequences", !prompt.stop.is_empty())] {
            if is_given {
                return Err(Error::new(Kind::Usage, format!("`{}` takes no {name}", prompt.model))
                    .because("it is asked through the responses API, which has none")
                    .hint("leave it out, or set what the model takes with `-o KEY=JSON`"));
            }
        }
        if prompt.messages.is_empty() {
            return Err(Error::new(Kind::Usage, "there is no message to send"));
        }
        let turns =
            prompt.messages.iter().map(|turn| json!({"role": role(turn.role), "content": content(&turn.parts)}));

        let mut body = Map::new();
        body.insert("model".to_owned(), json!(prompt.model));
        if let Some(system) = &prompt.system {
            body.insert("instructions".to_owned(), json!(system));
        }
        body.insert("input".to_owned(), turns.collect());
        if let Some(temperature) = prompt.temperature {
            body.insert("temperature".to_owned(), json!(temperature));
        }
        if let Some(most) = prompt.max_tokens {
            body.insert("max_output_tokens".to_owned(), json!(most));
        }
        if let Some(top_p) = prompt.top_p {
            body.insert("top_p".to_owned(), json!(top_p));
        }
        body.extend(prompt.options.clone());
        if let Some(schema) = &prompt.schema {
            let strict = schema::is_strict(schema);
            let format = json!({"type": "json_schema", "name": schema::NAME, "schema": schema, "strict": strict});
            schema::put(&mut body, &["text", "format"], format)?;
        }
        body.shift_remove("stream");
        body.shift_remove("stream_options");
        Ok(body)
    }

    /// A stream tells its usage unasked.
    fn ask_for(&self, form: Form, body: &[u8]) -> Result<Vec<u8>> {
        let mut members = Body::read(body)?;
        let stream = members.take("stream");
        match form {
            Form::Stream => Ok(members.spell(&[("stream", "true")])),
            Form::Plain => match (stream, members.take("stream_options")) {
                (None, None) => Ok(body.to_vec()),
                _ => Ok(members.spell(&[])),
            },
        }
    }

    fn limits_length(&self, body: &Map<String, Value>) -> bool {
        is_set(body, "max_output_tokens")
    }

    /// OpenAI stores every response for a month unless told `"store": false`. A body that says nothing of it leans on
    /// nothing, and nobody can tell its answer from a kept one; a body that says `true` wants a new one to go back to.
    fn is_stateful(&self, body: &Map<String, Value>) -> bool {
        let is_true = |name| body.get(name) == Some(&Value::Bool(true));
        is_true("store")
            || is_true("background")
            || is_set(body, "previous_response_id")
            || is_set(body, "conversation")
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
}

fn content(parts: &[Part]) -> Value {
    if parts.iter().any(|part| matches!(part, Part::Image { .. })) {
        parts.iter().map(part).collect()
    } else {
        json!(text_of(parts))
    }
}

fn part(part: &Part) -> Value {
    match part {
        Part::Text(text) => json!({"type": "input_text", "text": text}),
        Part::Image { media_type, data } => {
            json!({"type": "input_image", "image_url": format!("data:{media_type};base64,{data}")})
        }
    }
}

#[cfg(test)]
mod tests;
