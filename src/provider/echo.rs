//! The provider that answers with the prompt: no key, no network, the same answer each time. For trying out, dry runs and
//! tests of scripts.
//!
//! It speaks chat completions and takes three options of its own: `delay_ms` (how long the answer takes), `fail` (the
//! status it refuses with) and `finish` (the reason it gives for ending).

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use tokio::time::{Instant, sleep, sleep_until};

use super::hide::UsageHider;
use super::refusal::refusal;
use super::{Arrival, Call, Carrier, Dialect, Prompt, Reading, estimate, sse};
use crate::config::secret::Secret;
use crate::error::{Error, Kind, Result};
use crate::exchange::{Form, Operation};

const LONGEST_DELAY_MILLIS: u64 = 600_000;

/// Chat completions at no address and without a key.
pub struct Echo(&'static dyn Dialect);

impl Echo {
    /// `wire` is the dialect it borrows everything else from.
    pub const fn speaking(wire: &'static dyn Dialect) -> Echo {
        Echo(wire)
    }
}

impl Dialect for Echo {
    fn kind(&self) -> &'static str {
        "echo"
    }

    fn base_url(&self) -> &'static str {
        "echo:"
    }

    fn key_variable(&self) -> Option<&'static str> {
        None
    }

    fn operation(&self) -> Operation {
        self.0.operation()
    }

    fn generates(&self, _model: &str) -> bool {
        true
    }

    fn path(&self, model: &str, form: Form) -> Cow<'static, str> {
        self.0.path(model, form)
    }

    fn model_in_path<'a>(&self, model: &'a str) -> Option<&'a str> {
        self.0.model_in_path(model)
    }

    fn headers(&self, _secret: Option<&Secret>) -> Vec<(&'static str, Secret)> {
        Vec::new()
    }

    fn write(&self, prompt: &Prompt) -> Result<Map<String, Value>> {
        self.0.write(prompt)
    }

    fn ask_for(&self, form: Form, body: &[u8]) -> Result<Vec<u8>> {
        self.0.ask_for(form, body)
    }

    fn limits_length(&self, body: &Map<String, Value>) -> bool {
        self.0.limits_length(body)
    }

    fn is_stateful(&self, body: &Map<String, Value>) -> bool {
        self.0.is_stateful(body)
    }

    fn read(&self, answer: &[u8]) -> Result<Reading> {
        self.0.read(answer)
    }

    fn assemble(&self, stream: &[u8]) -> Result<Vec<u8>> {
        self.0.assemble(stream)
    }

    fn replay(&self, answer: &[u8]) -> Result<Vec<u8>> {
        self.0.replay(answer)
    }

    fn usage_hider(&self, asked: &Map<String, Value>) -> Option<UsageHider> {
        self.0.usage_hider(asked)
    }

    fn delta(&self, event: &sse::Event) -> Option<String> {
        self.0.delta(event)
    }

    fn error_message(&self, body: &[u8]) -> Option<String> {
        self.0.error_message(body)
    }
}

/// Answers in this process.
pub struct EchoCarrier {
    provider: String,
}

impl EchoCarrier {
    /// For the provider of this name.
    pub fn new(provider: impl Into<String>) -> EchoCarrier {
        EchoCarrier { provider: provider.into() }
    }
}

#[async_trait::async_trait]
impl Carrier for EchoCarrier {
    async fn send(&self, call: Call) -> Result<Arrival> {
        let asked = asked(&call.body)?;
        if call.form == Form::Plain || asked.fail.is_some() {
            sleep(asked.delay).await;
        }
        if let Some(status) = asked.fail {
            return Err(refusal(&self.provider, status, Some("as `fail` asked for".to_owned()), None));
        }
        let body = match call.form {
            Form::Plain => stream::iter([Ok(plain(&asked))]).boxed(),
            Form::Stream => paced(events(&asked), asked.delay),
        };
        Ok(Arrival { form: call.form, pause: None, body })
    }
}

#[derive(Debug, PartialEq)]
struct Asked {
    model: String,
    text: String,
    input_tokens: u64,
    delay: Duration,
    fail: Option<u16>,
    finish: String,
    wants_usage: bool,
}

fn asked(body: &[u8]) -> Result<Asked> {
    let refused = |what: &str| Error::new(Kind::Usage, format!("`echo` cannot take {what}"));
    let body: Map<String, Value> =
        serde_json::from_slice(body).map_err(|failure| refused("a body that is no JSON object").because(failure))?;
    let messages = body.get("messages").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let last_user = messages.iter().rfind(|message| message.get("role").is_some_and(|role| role == "user"));
    let text = text_of(last_user.ok_or_else(|| refused("a prompt without a user's message"))?);
    let delay = match body.get("delay_ms") {
        None => Duration::ZERO,
        Some(value) => {
            value.as_u64().filter(|millis| *millis <= LONGEST_DELAY_MILLIS).map(Duration::from_millis).ok_or_else(
                || refused("this `delay_ms`").because(format!("0 to {LONGEST_DELAY_MILLIS}, not {value}")),
            )?
        }
    };
    let fail = match body.get("fail") {
        None => None,
        Some(value) => {
            let status = value.as_u64().and_then(|status| u16::try_from(status).ok());
            let status = status.filter(|status| (400..=599).contains(status));
            Some(status.ok_or_else(|| refused("this `fail`").because(format!("a status, 400 to 599, not {value}")))?)
        }
    };
    let finish = match body.get("finish") {
        None => "stop".to_owned(),
        Some(Value::String(word)) => word.clone(),
        Some(value) => return Err(refused("this `finish`").because(format!("a word, not {value}"))),
    };
    Ok(Asked {
        model: body.get("model").and_then(Value::as_str).unwrap_or("echo").to_owned(),
        input_tokens: messages.iter().map(|message| estimate::tokens(&text_of(message))).sum(),
        text,
        delay,
        fail,
        finish,
        wants_usage: body.get("stream_options").and_then(|options| options.get("include_usage")) == Some(&json!(true)),
    })
}

fn text_of(message: &Value) -> String {
    match message.get("content") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => {
            parts.iter().filter_map(|part| part.get("text")?.as_str()).collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}

impl Asked {
    fn id(&self) -> String {
        let digest = Sha256::new().chain_update(&self.model).chain_update([0]).chain_update(&self.text).finalize();
        digest.iter().take(12).fold("chatcmpl-echo-".to_owned(), |id, byte| id + &format!("{byte:02x}"))
    }

    fn usage(&self) -> Value {
        let output = estimate::tokens(&self.text);
        json!({
            "prompt_tokens": self.input_tokens,
            "completion_tokens": output,
            "total_tokens": self.input_tokens.saturating_add(output),
        })
    }
}

fn plain(asked: &Asked) -> Bytes {
    let answer = json!({
        "id": asked.id(),
        "object": "chat.completion",
        "created": 0,
        "model": asked.model,
        "choices": [{
            "index": 0,
            "message": {"role": "assistant", "content": asked.text},
            "finish_reason": asked.finish,
        }],
        "usage": asked.usage(),
    });
    Bytes::from(answer.to_string())
}

/// The events of a stream: one a word, with what announces and ends them.
fn events(asked: &Asked) -> Vec<Bytes> {
    let id = asked.id();
    let event = |choices: Value, usage: Value| {
        let mut chunk = json!({
            "id": id, "object": "chat.completion.chunk", "created": 0, "model": asked.model, "choices": choices,
        });
        if asked.wants_usage
            && let Some(chunk) = chunk.as_object_mut()
        {
            chunk.insert("usage".to_owned(), usage);
        }
        Bytes::from(format!("data: {chunk}\n\n"))
    };
    let step = |delta: Value, finish: Value| {
        event(json!([{"index": 0, "delta": delta, "finish_reason": finish}]), Value::Null)
    };
    let mut events = vec![step(json!({"role": "assistant", "content": ""}), Value::Null)];
    let words = asked.text.split_inclusive(char::is_whitespace);
    events.extend(words.map(|word| step(json!({"content": word}), Value::Null)));
    events.push(step(json!({}), json!(asked.finish)));
    if asked.wants_usage {
        events.push(event(json!([]), asked.usage()));
    }
    events.push(Bytes::from_static(b"data: [DONE]\n\n"));
    events
}

/// Spreads the events over `delay`, the last of them at its end.
fn paced(events: Vec<Bytes>, delay: Duration) -> stream::BoxStream<'static, Result<Bytes>> {
    if delay.is_zero() {
        return stream::iter(events.into_iter().map(Ok)).boxed();
    }
    let start = Instant::now();
    let count = u32::try_from(events.len()).unwrap_or(u32::MAX).max(1);
    stream::iter(events.into_iter().zip(1_u32..))
        .then(move |(event, nth)| async move {
            sleep_until(start + delay.mul_f64(f64::from(nth.min(count)) / f64::from(count))).await;
            Ok(event)
        })
        .boxed()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
