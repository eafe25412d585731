//! OpenAI's APIs, and everything that speaks them. Chat completions are here: requests in this file, answers in `answer`,
//! streams in `stream` and `replay`; the others have modules of their own. It opens no connection.

pub mod completions;
pub mod deployment;
pub mod embeddings;
pub mod responses;

mod answer;
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
use crate::provider::hide::UsageHider;
use crate::provider::{Dialect, Part, Prompt, Reading, Role, fault, schema, sse, text_of};

/// What the errors call an answer.
const WHAT: &str = "chat completion";

/// The name of all these APIs in `kind = "…"`.
const KIND: &str = "openai";

const BASE_URL: &str = "https://api.openai.com/v1";

const KEY_VARIABLE: &str = "OPENAI_API_KEY";

/// OpenAI's chat completions API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenAi;

impl Dialect for OpenAi {
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
        Operation::ChatCompletions
    }

    fn generates(&self, model: &str) -> bool {
        !responses::is_only_way_to(model)
    }

    fn path(&self, _model: &str, _form: Form) -> Cow<'static, str> {
        "/chat/completions".into()
    }

    fn model_in_path<'a>(&self, _model: &'a str) -> Option<&'a str> {
        None
    }

    fn headers(&self, secret: Option<&Secret>) -> Vec<(&'static str, Secret)> {
        headers(secret)
    }

    fn write(&self, prompt: &Prompt) -> Result<Map<String, Value>> {
        if prompt.messages.is_empty() {
            return Err(Error::new(Kind::Usage, "there is no message to send"));
        }
        let system = prompt.system.iter().map(|text| json!({"role": "system", "content": text}));
        let turns =
            prompt.messages.iter().map(|turn| json!({"role": role(turn.role), "content": content(&turn.parts)}));

        let mut body = Map::new();
        body.insert("model".to_owned(), json!(prompt.model));
        body.insert("messages".to_owned(), system.chain(turns).collect());
        if let Some(temperature) = prompt.temperature {
            body.insert("temperature".to_owned(), json!(temperature));
        }
        let names_limit = LIMITS.iter().any(|name| prompt.options.contains_key(*name));
        if let Some(most) = prompt.max_tokens.filter(|_| !names_limit) {
            body.insert(limit_name(&prompt.model).to_owned(), json!(most));
        }
        if let Some(top_p) = prompt.top_p {
            body.insert("top_p".to_owned(), json!(top_p));
        }
        if let Some(seed) = prompt.seed {
            body.insert("seed".to_owned(), json!(seed));
        }
        if !prompt.stop.is_empty() {
            body.insert("stop".to_owned(), json!(prompt.stop));
        }
        body.extend(prompt.options.clone());
        if let Some(schema) = &prompt.schema {
            let told = json!({"name": schema::NAME, "schema": schema, "strict": schema::is_strict(schema)});
            let format = json!({"type": "json_schema", "json_schema": told});
            schema::put(&mut body, &["response_format"], format)?;
        }
        body.shift_remove("stream");
        body.shift_remove("stream_options");
        Ok(body)
    }

    fn ask_for(&self, form: Form, body: &[u8]) -> Result<Vec<u8>> {
        ask_with_usage(form, body)
    }

    fn limits_length(&self, body: &Map<String, Value>) -> bool {
        LIMITS.iter().any(|name| is_set(body, name))
    }

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
        stream::assemble::<stream::Said>(stream)
    }

    fn replay(&self, answer: &[u8]) -> Result<Vec<u8>> {
        replay::replay(answer)
    }

    fn usage_hider(&self, asked: &Map<String, Value>) -> Option<UsageHider> {
        usage_hider(asked)
    }

    fn delta(&self, event: &sse::Event) -> Option<String> {
        answer::delta(event)
    }

    fn error_message(&self, body: &[u8]) -> Option<String> {
        fault::error_message(body)
    }
}

fn headers(secret: Option<&Secret>) -> Vec<(&'static str, Secret)> {
    let mut headers = vec![("content-type", Secret::new("application/json"))];
    if let Some(secret) = secret.filter(|secret| !secret.is_empty()) {
        headers.push(("authorization", Secret::new(format!("Bearer {}", secret.reveal()))));
    }
    headers
}

/// The body asking for a form, where a stream tells its usage only when asked to.
fn ask_with_usage(form: Form, body: &[u8]) -> Result<Vec<u8>> {
    let mut members = Body::read(body)?;
    let stream = members.take("stream");
    let options = members.take("stream_options");
    match form {
        Form::Plain if stream.is_none() && options.is_none() => Ok(body.to_vec()),
        Form::Plain => Ok(members.spell(&[])),
        Form::Stream => {
            let mut options =
                options.map(|raw| Body::read(raw.get().as_bytes())).and_then(Result::ok).unwrap_or_default();
            options.take("include_usage");
            let options = options.spell(&[("include_usage", "true")]);
            let options = String::from_utf8_lossy(&options);
            Ok(members.spell(&[("stream", "true"), ("stream_options", &options)]))
        }
    }
}

/// The reverse for who did not ask.
fn usage_hider(asked: &Map<String, Value>) -> Option<UsageHider> {
    let options = asked.get("stream_options");
    let has_asked = options.and_then(|options| options.get("include_usage")) == Some(&Value::Bool(true));
    (!has_asked).then(UsageHider::new)
}

/// The names a limit of the answer's length goes by.
const LIMITS: [&str; 2] = ["max_completion_tokens", "max_tokens"];

/// OpenAI's reasoning models (the o series, GPT-5 and later) refuse `max_tokens`; servers that copy the API
/// (llama.cpp, Ollama, vLLM, Mistral) know nothing else. The base URL says little, as proxies stand before both, so
/// the model's name decides: a bare or fine-tuned name of OpenAI's. With `-o` either name can be forced.
fn limit_name(model: &str) -> &'static str {
    let name = model.strip_prefix("ft:").unwrap_or(model);
    let generation = |family: &str| {
        let rest = name.strip_prefix(family)?;
        let end = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
        let (digits, after) = rest.split_at(end);
        if matches!(after.chars().next(), None | Some('-' | '.' | ':')) { digits.parse::<u32>().ok() } else { None }
    };
    if generation("o").is_some() || generation("gpt-").is_some_and(|number| number >= 5) {
        "max_completion_tokens"
    } else {
        "max_tokens"
    }
}

fn is_set(body: &Map<String, Value>, name: &str) -> bool {
    body.get(name).is_some_and(|value| !value.is_null())
}

fn role(role: Role) -> &'static str {
    match role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
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
        Part::Text(text) => json!({"type": "text", "text": text}),
        Part::Image { media_type, data } => {
            json!({"type": "image_url", "image_url": {"url": format!("data:{media_type};base64,{data}")}})
        }
    }
}

#[cfg(test)]
mod tests;
