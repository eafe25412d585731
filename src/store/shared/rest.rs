//! Upstash's REST API: commands as JSON arrays, answers in base64. What may pass by itself is asked again a few times
//! within a deadline. The token is in no message.

use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::{Response, Url, redirect};
use serde_json::Value;

use super::transport::{Command, Order, Reply, Transport};
use crate::config::secret::Secret;
use crate::error::{Error, Kind, Result};

/// Bytes the API takes in one request.
const LARGEST_REQUEST: usize = 10 << 20;
/// Bytes of a packed value that fit in one request with all that stands around it.
const LARGEST_VALUE: usize = LARGEST_REQUEST - (256 << 10);
/// Bytes of one answer that are read.
const LARGEST_ANSWER: usize = 128 << 20;
/// Commands in one request.
const AT_ONCE: usize = 1_000;

/// How long and how often one request is tried.
#[derive(Clone, Copy, Debug)]
struct Patience {
    whole: Duration,
    attempts: u32,
    first_pause: Duration,
}

const PATIENCE: Patience =
    Patience { whole: Duration::from_secs(5), attempts: 4, first_pause: Duration::from_millis(50) };

/// The way to an Upstash database.
pub struct Rest {
    url: Url,
    place: String,
    token: Secret,
    client: OnceLock<reqwest::Client>,
}

impl std::fmt::Debug for Rest {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Rest").field("place", &self.place).finish_non_exhaustive()
    }
}

/// What became of one attempt.
enum Outcome {
    Answered(Vec<Reply>),
    /// It may work when asked again, after so long where the server said so.
    Passing(Error, Option<Duration>),
}

impl Rest {
    /// The way to the database at `https://…`, asked with a token. Nothing is connected and nothing loaded yet.
    pub fn new(url: &str, token: Secret) -> Result<Rest> {
        let wrong = |cause: &str| {
            Error::new(Kind::Usage, "the store's address is none of a REST API")
                .because(cause)
                .hint("set UPSTASH_REDIS_REST_URL, or `store.url`, to the `https://` address the console shows")
        };
        let url = Url::parse(url).map_err(|_| wrong("it is no address"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(wrong("it does not start with `https://`"));
        }
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
            return Err(wrong("it has a user, a password or a query"));
        }
        let place = url.origin().ascii_serialization();
        let mut base = url.clone();
        base.set_path(&format!("{}/pipeline", url.path().trim_end_matches('/')));
        Ok(Rest { url: base, place, token, client: OnceLock::new() })
    }

    fn client(&self) -> Result<&reqwest::Client> {
        if let Some(ready) = self.client.get() {
            return Ok(ready);
        }
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder()
            .user_agent(concat!("llmc/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .referer(false)
            .connect_timeout(Duration::from_secs(2))
            .timeout(PATIENCE.whole)
            .pool_idle_timeout(Duration::from_secs(90));
        let is_secure = self.url.scheme() == "https";
        let built = if is_secure { builder.build() } else { builder.tls_certs_only([]).build() };
        let built = built.map_err(|_| {
            Error::new(Kind::Other, "cannot set up secure connections")
                .hint("install the system's CA certificates, or point `SSL_CERT_FILE` at a bundle")
        })?;
        Ok(self.client.get_or_init(|| built))
    }

    /// Sends commands that fit in one request, again where that may help.
    async fn send(&self, commands: &[Command]) -> Result<Vec<Reply>> {
        let body = body(commands);
        let mut failed = 0;
        let mut pause = PATIENCE.first_pause;
        let started = tokio::time::Instant::now();
        loop {
            let (error, asked) = match self.attempt(&body, commands.len()).await? {
                Outcome::Answered(replies) => return Ok(replies),
                Outcome::Passing(error, asked) => (error, asked),
            };
            failed += 1;
            // Full jitter, so that daemons that failed together do not come back together.
            let wait = asked.unwrap_or_default() + pause.mul_f64(fastrand::f64());
            if failed >= PATIENCE.attempts || started.elapsed() + wait >= PATIENCE.whole {
                return Err(match asked {
                    Some(asked) => error.retry_after(asked),
                    None => error,
                });
            }
            tokio::time::sleep(wait).await;
            pause *= 2;
        }
    }

    async fn attempt(&self, body: &Bytes, count: usize) -> Result<Outcome> {
        let mut authorization = HeaderValue::from_str(&format!("Bearer {}", self.token.reveal()))
            .map_err(|_| self.refused("the token cannot be sent as a header"))?;
        authorization.set_sensitive(true);
        let request = self.client()?.post(self.url.clone());
        let request = request.header(AUTHORIZATION, authorization).header(CONTENT_TYPE, "application/json");
        let request = request.header("upstash-encoding", "base64").body(body.clone());
        let mut response = match request.send().await {
            Ok(response) => response,
            Err(error) => return Ok(Outcome::Passing(self.unanswered(&error), None)),
        };
        let status = response.status();
        let asked = asked_to_wait(&response);
        let read = match bytes(&mut response).await {
            Ok(Some(read)) => read,
            Ok(None) => return Err(self.refused(&format!("its answer has more than {} MiB", LARGEST_ANSWER >> 20))),
            Err(error) => return Ok(Outcome::Passing(self.unanswered(&error), None)),
        };
        if status.is_success() {
            return self.replies(&read, count).map(Outcome::Answered);
        }
        let error = self.refused(&format!("{status}: {}", self.said(&read)));
        match status.as_u16() {
            401 | 403 => Err(error.hint("check UPSTASH_REDIS_REST_TOKEN; a read-only token is not enough")),
            408 | 429 | 500..=599 => Ok(Outcome::Passing(error.transient(), asked)),
            _ => Err(error),
        }
    }

    fn replies(&self, body: &[u8], count: usize) -> Result<Vec<Reply>> {
        let answers: Vec<Value> = serde_json::from_slice(body).map_err(|_| self.nonsense())?;
        if answers.len() != count {
            return Err(self.nonsense());
        }
        let read = |answer: Value| match answer {
            Value::Object(mut answer) => match (answer.remove("error"), answer.remove("result")) {
                // Upstash puts `ERR` before codes that have none at Redis.
                (Some(Value::String(message)), _) => {
                    let bare = message.strip_prefix("ERR ").filter(|bare| bare.starts_with("NOSCRIPT"));
                    Some(Reply::Failed(bare.unwrap_or(&message).to_owned()))
                }
                (_, Some(result)) => reply(result),
                _ => None,
            },
            _ => None,
        };
        answers.into_iter().map(|answer| read(answer).ok_or_else(|| self.nonsense())).collect()
    }

    /// What an error's body says, in one line without the token.
    fn said(&self, body: &[u8]) -> String {
        let message = serde_json::from_slice::<Value>(body).ok();
        let message = message.and_then(|value| value.get("error")?.as_str().map(str::to_owned));
        let text = message.unwrap_or_else(|| String::from_utf8_lossy(body).into_owned());
        let words: Vec<&str> =
            text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
        let line: String = words.join(" ").chars().take(300).collect();
        if self.token.is_empty() { line } else { line.replace(self.token.reveal(), "…") }
    }

    fn refused(&self, cause: &str) -> Error {
        Error::new(Kind::Unreachable, format!("upstash at `{}` refused", self.place)).because(cause)
    }

    fn nonsense(&self) -> Error {
        Error::new(Kind::Unreachable, format!("upstash at `{}` gave an answer that makes no sense", self.place))
            .hint("does `store.url` point to the REST API?")
    }

    fn unanswered(&self, error: &reqwest::Error) -> Error {
        let cause = match error {
            error if error.is_timeout() => "no answer in time".to_owned(),
            error if error.is_connect() => format!("no connection: {}", innermost(error)),
            error => innermost(error),
        };
        Error::new(Kind::Unreachable, format!("cannot reach upstash at `{}`", self.place)).because(cause).transient()
    }
}

/// The innermost cause. The outer ones repeat the address.
fn innermost(error: &reqwest::Error) -> String {
    let mut deepest: &dyn std::error::Error = error;
    while let Some(inner) = deepest.source() {
        deepest = inner;
    }
    deepest.to_string()
}

/// `Retry-After`, as seconds or as a date.
fn asked_to_wait(response: &Response) -> Option<Duration> {
    let asked = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = asked.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let until = httpdate::parse_http_date(asked).ok()?;
    Some(until.duration_since(SystemTime::now()).unwrap_or_default())
}

async fn bytes(response: &mut Response) -> reqwest::Result<Option<Vec<u8>>> {
    let mut read = Vec::new();
    while let Some(piece) = response.chunk().await? {
        if read.len() + piece.len() > LARGEST_ANSWER {
            return Ok(None);
        }
        read.extend_from_slice(&piece);
    }
    Ok(Some(read))
}

/// The request's body. Arguments are text by now: what is not was packed before it came here.
fn body(commands: &[Command]) -> Bytes {
    let text = |argument: &Bytes| Value::String(String::from_utf8_lossy(argument).into_owned());
    let commands = commands.iter().map(|command| Value::Array(command.0.iter().map(text).collect()));
    Bytes::from(Value::Array(commands.collect()).to_string())
}

/// An answer; its texts are in base64, except that some servers leave a bare `OK` as it is.
fn reply(value: Value) -> Option<Reply> {
    Some(match value {
        Value::Null => Reply::Nil,
        Value::Number(number) => Reply::Number(number.as_i64()?),
        Value::Bool(yes) => Reply::Number(i64::from(yes)),
        Value::String(text) if text == "OK" => Reply::Text(Bytes::from(text)),
        Value::String(text) => Reply::Text(Bytes::from(BASE64.decode(text).ok()?)),
        Value::Array(items) => Reply::List(items.into_iter().map(reply).collect::<Option<_>>()?),
        Value::Object(_) => return None,
    })
}

/// Upper bound of an argument's bytes in JSON: quotes, a comma, and escapes where there are any.
fn length(command: &Command) -> usize {
    let escaped = |argument: &Bytes| {
        let escapes = argument.iter().filter(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)).count();
        argument.len() + 5 * escapes + 3
    };
    command.0.iter().map(escaped).sum::<usize>() + 3
}

#[async_trait]
impl Transport for Rest {
    fn backend(&self) -> &'static str {
        "upstash"
    }

    fn place(&self) -> &str {
        &self.place
    }

    async fn run(&self, commands: &[Command], _order: Order) -> Result<Vec<Reply>> {
        let mut replies = Vec::with_capacity(commands.len());
        let mut rest = commands;
        while !rest.is_empty() {
            let mut room = LARGEST_REQUEST - 2;
            let fitting = rest.iter().take(AT_ONCE).take_while(|command| {
                let needed = length(command);
                let fits = needed <= room;
                room = room.saturating_sub(needed);
                fits
            });
            let count = fitting.count();
            if count == 0 {
                return Err(too_large(&self.place, "a command"));
            }
            let (now, later) = rest.split_at(count);
            replies.extend(self.send(now).await?);
            rest = later;
        }
        Ok(replies)
    }

    fn pack(&self, value: Bytes) -> Result<Bytes> {
        // Refused before anything is sent, so that no listing knows what was never kept.
        if value.len().div_ceil(3) * 4 > LARGEST_VALUE {
            return Err(too_large(&self.place, "a value"));
        }
        Ok(Bytes::from(BASE64.encode(value)))
    }

    fn unpack(&self, packed: Bytes) -> Option<Bytes> {
        BASE64.decode(packed).ok().map(Bytes::from)
    }
}

fn too_large(place: &str, what: &str) -> Error {
    Error::new(Kind::TooLarge, format!("upstash at `{place}` does not take {what} of this size"))
        .because(format!("a request has {} MiB at most", LARGEST_REQUEST >> 20))
        .hint("large answers fit in a Redis that is asked over its own protocol (`backend = \"redis\"`)")
}
