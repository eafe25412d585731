//! Who is asked: one file a vendor says what its API looks like; [`http`] and [`echo`] carry the bytes.
//!
//! A [`Dialect`] is pure: no I/O, no clock, no store. Adding a vendor that speaks a new API is one file, its
//! fixtures, and a line in the registry's table.

pub mod allowed;
pub mod anthropic;
pub mod counting;
pub mod echo;
pub mod estimate;
pub mod gemini;
pub mod hide;
pub mod http;
pub mod joint;
pub mod openai;
pub mod passage;
pub mod prices;
pub mod refusal;
pub mod registry;
pub mod resolve;
pub mod retry;
pub mod sse;
pub mod surface;
pub mod tokenizer;

pub mod body;
mod fault;
mod schema;
mod spelled;
#[cfg(test)]
mod tests;

pub use registry::{dialect, speaks};

use std::borrow::Cow;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use serde_json::{Map, Value};

use crate::config::secret::Secret;
use crate::error::{Error, Result};
use crate::exchange::{Finish, Form, Operation, Usage};

/// A prompt in nobody's words, as the native API takes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prompt {
    /// The model, in the vendor's spelling.
    pub model: String,
    /// The system text, where there is one.
    pub system: Option<String>,
    /// The conversation, oldest first; the last one is the user's.
    pub messages: Vec<Message>,
    /// Sampling temperature.
    pub temperature: Option<f64>,
    /// Most tokens of the answer.
    pub max_tokens: Option<u64>,
    /// Nucleus sampling.
    pub top_p: Option<f64>,
    /// Sampling seed.
    pub seed: Option<i64>,
    /// Stop sequences.
    pub stop: Vec<String>,
    /// The JSON Schema the answer is to fit.
    pub schema: Option<Value>,
    /// Anything else the vendor takes, set as is, last.
    pub options: Map<String, Value>,
}

/// One turn.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said, in order.
    pub parts: Vec<Part>,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Standing instructions inside the conversation.
    System,
    /// The person.
    User,
    /// The model.
    Assistant,
}

/// A piece of a turn.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Text.
    Text(String),
    /// An image, base64-encoded.
    Image {
        /// Its media type, such as `image/png`.
        media_type: String,
        /// Standard base64 with padding.
        data: String,
    },
}

/// The texts of a turn as one, a blank line between them.
fn text_of(parts: &[Part]) -> String {
    let texts = parts.iter().filter_map(|part| match part {
        Part::Text(text) => Some(text.as_str()),
        Part::Image { .. } => None,
    });
    texts.collect::<Vec<_>>().join("\n\n")
}

/// What a whole answer says, whatever the vendor.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The text of the first choice; empty where it has none.
    pub text: String,
    /// Why it ended.
    pub finish: Finish,
    /// The provider's own count, where it gave one.
    pub usage: Option<Usage>,
    /// True where there is nothing in it: no text, no tool call, no refusal, no reasoning.
    pub is_empty: bool,
}

/// No answer is longer: what a provider sends is not trusted with the size of an allocation.
pub const LONGEST_ANSWER: usize = 64 << 20;

/// What one operation of a vendor's API looks like on the wire.
pub trait Dialect: Send + Sync {
    /// Reads an answer in the form it came in.
    fn read_in(&self, form: Form, answer: &[u8]) -> Result<Reading> {
        match form {
            Form::Plain => self.read(answer),
            Form::Stream => self.read(&self.assemble(answer)?),
        }
    }

    /// The name in `kind = "…"`; part of the cache key.
    fn kind(&self) -> &'static str;

    /// The base URL where none is set, without a slash at its end.
    fn base_url(&self) -> &'static str;

    /// The environment variable its key is found in, where none is set.
    fn key_variable(&self) -> Option<&'static str>;

    /// What it asks for.
    fn operation(&self) -> Operation;

    /// True where `generate` asks this model this way.
    fn generates(&self, model: &str) -> bool;

    /// The path of a call below the base URL, with a slash before it.
    fn path(&self, model: &str, form: Form) -> Cow<'static, str>;

    /// The model as the path has it, where the path names it and the body does not; part of the cache key then.
    fn model_in_path<'a>(&self, model: &'a str) -> Option<&'a str>;

    /// The headers a call carries: the key where there is one, the API version. Never part of a key or an entry.
    fn headers(&self, secret: Option<&Secret>) -> Vec<(&'static str, Secret)>;

    /// A prompt as this API's body, in its plain form (no `stream`).
    fn write(&self, prompt: &Prompt) -> Result<Map<String, Value>>;

    /// The same body asking for `form`; a stream always asks for usage. Everything else stays byte for byte as it was.
    fn ask_for(&self, form: Form, body: &[u8]) -> Result<Vec<u8>>;

    /// True where the body itself limits the answer's length, so that an answer cut there is what was asked for.
    fn limits_length(&self, body: &Map<String, Value>) -> bool;

    /// True where the answer leans on state at the provider, so that it must not be cached.
    fn is_stateful(&self, body: &Map<String, Value>) -> bool;

    /// What a whole plain answer says; an error where it is not one (HTML, an error object, a cut document).
    fn read(&self, answer: &[u8]) -> Result<Reading>;

    /// A whole recorded stream as the plain answer it amounts to; an error where it is cut, broken or reports an error.
    fn assemble(&self, stream: &[u8]) -> Result<Vec<u8>>;

    /// A plain answer as a well-formed stream of the same API, usage included.
    fn replay(&self, answer: &[u8]) -> Result<Vec<u8>>;

    /// Takes the usage out of a stream on its way to who sent this body and did not ask for it; `None` where there is
    /// nothing to take out.
    fn usage_hider(&self, asked: &Map<String, Value>) -> Option<hide::UsageHider>;

    /// The text an event adds to the first choice, where it adds any.
    fn delta(&self, event: &sse::Event) -> Option<String>;

    /// The vendor's message in the body of a failed call, where there is one.
    fn error_message(&self, body: &[u8]) -> Option<String>;

    /// How requests of several items come apart; `None` where each is one question.
    fn joint(&self) -> Option<&'static dyn joint::Joint> {
        None
    }

    /// How its vendor counts a prompt; `None` where nobody can be asked.
    fn counting(&self) -> Option<&'static dyn counting::Counting> {
        None
    }
}

/// A call ready for the wire.
#[derive(Clone, Debug)]
pub struct Call {
    /// The whole URL.
    pub url: String,
    /// Headers, secrets among them.
    pub headers: Vec<(&'static str, Secret)>,
    /// The body as sent.
    pub body: Bytes,
    /// What is asked for.
    pub form: Form,
}

/// What came back with a success status: the form the provider chose and its bytes as they come.
pub struct Arrival {
    /// A provider asked for a stream may still answer plainly.
    pub form: Form,
    /// How long the provider takes no further call, where it said so beside the answer.
    pub pause: Option<std::time::Duration>,
    /// Its bytes. An error in the stream ends it: the answer is cut.
    pub body: BoxStream<'static, Result<Bytes, Error>>,
}

/// Carries one call, once: no retry, no cache. A status other than 2xx is an error.
#[async_trait::async_trait]
pub trait Carrier: Send + Sync {
    /// Sends and waits for the head of the answer.
    async fn send(&self, call: Call) -> Result<Arrival>;
}
