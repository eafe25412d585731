//! The nouns everyone speaks: one call to a provider, how it may use the cache, and what came of it.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
pub use crate::money::Usage;
use crate::money::Usd;

/// The fingerprint of a call: SHA-256 of its canonical material.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub [u8; 32]);

impl Key {
    /// Reads 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Key> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return None;
        }
        let mut key = [0; 32];
        for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = (hex_digit(pair[0])? << 4) | hex_digit(pair[1])?;
        }
        Some(Key(key))
    }
}

const HEX: [u8; 16] = *b"0123456789abcdef";

fn hex_digit(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

impl fmt::Display for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits = [0; 64];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(self.0) {
            pair.copy_from_slice(&[HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
        }
        out.pad(std::str::from_utf8(&digits).unwrap_or_default())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Key({self})")
    }
}

/// What is asked of a provider's API. The name is part of the cache key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// OpenAI chat completions.
    ChatCompletions,
    /// OpenAI responses.
    Responses,
    /// OpenAI completions, the API before chat.
    Completions,
    /// OpenAI embeddings.
    Embeddings,
    /// Anthropic messages.
    Messages,
    /// Gemini's `generateContent` and `streamGenerateContent`.
    GenerateContent,
}

impl Operation {
    /// Every one there is.
    pub const ALL: &'static [Operation] = &[
        Operation::ChatCompletions,
        Operation::Responses,
        Operation::Completions,
        Operation::Embeddings,
        Operation::Messages,
        Operation::GenerateContent,
    ];

    /// The operation of this name.
    pub fn named(name: &str) -> Option<Operation> {
        Operation::ALL.iter().copied().find(|operation| operation.name() == name)
    }

    /// Its name in keys, entries and exports.
    pub fn name(self) -> &'static str {
        match self {
            Operation::ChatCompletions => "chat.completions",
            Operation::Responses => "responses",
            Operation::Completions => "completions",
            Operation::Embeddings => "embeddings",
            Operation::Messages => "messages",
            Operation::GenerateContent => "generateContent",
        }
    }
}

/// Whether a body is one JSON document or a recorded server-sent event stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// One JSON document.
    Plain,
    /// Server-sent events, as received.
    Stream,
}

/// How a call may use the cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Answer from the cache, else call and keep.
    #[default]
    Auto,
    /// Answer from the cache only; never call out.
    Replay,
    /// Call, and keep the new answer in place of the old.
    Refresh,
    /// Call; neither look up nor keep.
    Off,
}

impl Mode {
    /// Its name in settings and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Auto => "auto",
            Mode::Replay => "replay",
            Mode::Refresh => "refresh",
            Mode::Off => "off",
        }
    }
}

/// How this call may use the cache, resolved from flags, settings and headers.
#[derive(Clone, Debug, PartialEq)]
pub struct CachePolicy {
    /// The file its answer is recorded in and replayed from.
    pub cassette: Option<PathBuf>,
    /// What the cache may do.
    pub mode: Mode,
    /// Tenants that share nothing; part of the key.
    pub namespace: String,
    /// Which of several answers to the same prompt; 0 is the first, part of the key.
    pub sample: u32,
    /// How long a new answer stays fresh.
    pub ttl: Duration,
    /// A kept answer older than this is not used.
    pub max_age: Option<Duration>,
    /// A kept answer must stay fresh for this much longer.
    pub min_fresh: Duration,
    /// How long after its freshness an answer is as good as a fresh one to this asker.
    pub max_stale: Duration,
    /// How long after its freshness an answer may stand in for a failing provider.
    pub stale_if_error: Duration,
    /// How long after its freshness an answer may be served while a new one is fetched.
    pub stale_while_revalidate: Duration,
}

/// Why an answer ended, in the words of OpenAI's API, which the others are mapped to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// A natural end or a stop sequence.
    Stop,
    /// The token limit.
    Length,
    /// The model asks for tools.
    ToolCalls,
    /// A content filter or a refusal by the provider.
    ContentFilter,
    /// The vendor's own word.
    #[serde(untagged)]
    Other(String),
}

impl Finish {
    /// Its name on the wire.
    pub fn name(&self) -> &str {
        match self {
            Finish::Stop => "stop",
            Finish::Length => "length",
            Finish::ToolCalls => "tool_calls",
            Finish::ContentFilter => "content_filter",
            Finish::Other(word) => word,
        }
    }
}

/// How an answer came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CacheStatus {
    /// From the cache, fresh.
    Hit,
    /// A call was made.
    Miss,
    /// From the cache, past its freshness.
    Stale,
    /// Shared the call of an equal prompt in the air.
    Coalesced,
    /// A call was made because a new answer was asked for.
    Refresh,
    /// A call was made and the cache left alone.
    Bypass,
    /// From the cache, in replay mode.
    Replay,
}

impl CacheStatus {
    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            CacheStatus::Hit => "hit",
            CacheStatus::Miss => "miss",
            CacheStatus::Stale => "stale",
            CacheStatus::Coalesced => "coalesced",
            CacheStatus::Refresh => "refresh",
            CacheStatus::Bypass => "bypass",
            CacheStatus::Replay => "replay",
        }
    }

    /// True where the asker paid for no call.
    pub fn is_cached(self) -> bool {
        matches!(self, CacheStatus::Hit | CacheStatus::Stale | CacheStatus::Coalesced | CacheStatus::Replay)
    }
}

/// A complete, successful answer with all that is needed to serve, price and check it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The canonical material its key was made of, compared on every hit.
    pub material: Bytes,
    /// The vendor's own bytes.
    pub body: Bytes,
    /// Everything else.
    pub facts: Facts,
}

/// What is known of a kept answer besides its bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// What `body` is.
    pub form: Form,
    /// The name of the provider that answered.
    pub provider: String,
    /// The model asked for.
    pub model: String,
    /// The namespace it is kept in.
    pub namespace: String,
    /// Tokens, the provider's figure or an estimate.
    pub usage: Usage,
    /// True where the provider gave no usage.
    #[serde(default)]
    pub usage_estimated: bool,
    /// What the call cost; `None` where the model has no price.
    pub cost: Option<Usd>,
    /// Why it ended.
    pub finish: Finish,
    /// When it was received.
    pub kept_at: Timestamp,
    /// How long it is fresh.
    pub ttl: Duration,
    /// How long past its freshness it may still be served in some case.
    pub grace: Duration,
    /// How long the provider took, whole.
    pub latency: Duration,
}

impl Facts {
    /// The end of freshness.
    pub fn fresh_until(&self) -> Timestamp {
        self.kept_at.after(self.ttl)
    }

    /// The end of any use.
    pub fn gone_at(&self) -> Timestamp {
        self.fresh_until().after(self.grace)
    }
}
