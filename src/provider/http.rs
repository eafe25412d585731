//! Carries calls over HTTP: one pool of connections for all providers, one attempt a call, bounded in bytes and silence.
//! Follows no redirect, so that a key goes only where it was meant to, and shows no header's value in any error.

use std::error::Error as StdError;
use std::io;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Response, Url, redirect};

use super::refusal::{cause, one_line, refusal, retry_after, verbatim};
use super::{Arrival, Call, Carrier, Dialect, LONGEST_ANSWER, allowed};
use crate::config::secret::Secret;
use crate::error::{Error, Kind, Result};
use crate::exchange::Form;

/// The connections of all providers, made when first needed; clones share them.
#[derive(Clone, Debug, Default)]
pub struct Client(Arc<Pools>);

/// Two, because loading the system's certificates takes milliseconds and fails where there are none, and a model server
/// on this machine needs neither.
#[derive(Debug, Default)]
struct Pools {
    secure: OnceLock<reqwest::Client>,
    plain: OnceLock<reqwest::Client>,
}

impl Client {
    /// No connection yet, and nothing loaded.
    pub fn new() -> Client {
        Client::default()
    }

    /// The connections for addresses of this kind.
    pub fn suited(&self, url: &Url) -> Result<&reqwest::Client> {
        let is_secure = url.scheme() == "https";
        let pool = if is_secure { &self.0.secure } else { &self.0.plain };
        if let Some(ready) = pool.get() {
            return Ok(ready);
        }
        let built = build(is_secure).map_err(|failure| {
            Error::new(Kind::Other, "cannot set up secure connections")
                .because(innermost(&failure).0)
                .hint("install the system's CA certificates, or point `SSL_CERT_FILE` at a bundle")
        })?;
        Ok(pool.get_or_init(|| built))
    }
}

fn build(is_secure: bool) -> reqwest::Result<reqwest::Client> {
    // Another part of the process may have installed one; any will do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder()
        .user_agent(concat!("llmc/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .referer(false)
        .connect_timeout(Duration::from_secs(10))
        .tcp_keepalive(Duration::from_secs(60))
        .pool_idle_timeout(Duration::from_secs(90));
    if is_secure { builder.build() } else { builder.tls_certs_only([]).build() }
}

/// What one call may take, besides the whole time its caller allows.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// The longest pause between two pieces of an answer.
    silence: Duration,
    /// The largest plain answer.
    plain_bytes: usize,
    /// How much of a refusal is read, and for how long.
    refusal_bytes: usize,
    refusal_time: Duration,
}

const LIMITS: Limits = Limits {
    silence: Duration::from_secs(120),
    plain_bytes: LONGEST_ANSWER,
    refusal_bytes: 64 << 10,
    refusal_time: Duration::from_secs(5),
};

/// One provider's way out.
pub struct HttpCarrier {
    client: Client,
    provider: Arc<str>,
    dialect: &'static dyn Dialect,
    limits: Limits,
    /// The address of the last call, which mostly is that of the next.
    last: Mutex<Option<(String, Url)>>,
}

impl HttpCarrier {
    /// For the provider of this name, whose refusals `dialect` can read.
    pub fn new(client: Client, provider: impl Into<Arc<str>>, dialect: &'static dyn Dialect) -> HttpCarrier {
        HttpCarrier { client, provider: provider.into(), dialect, limits: LIMITS, last: Mutex::default() }
    }

    fn address(&self, url: &str) -> Result<Url> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, parsed)) = last.as_ref().filter(|(spelled, _)| spelled == url) {
            return Ok(parsed.clone());
        }
        let parsed = Url::parse(url).map_err(|failure| no_address(&self.provider).because(failure))?;
        if !matches!(parsed.scheme(), "http" | "https") {
            return Err(no_address(&self.provider).because("it does not start with `http://` or `https://`"));
        }
        *last = Some((url.to_owned(), parsed.clone()));
        Ok(parsed)
    }

    fn headers(&self, call: &Call) -> Result<HeaderMap> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let accepted = match call.form {
            Form::Plain => "application/json",
            Form::Stream => "text/event-stream",
        };
        headers.insert(ACCEPT, HeaderValue::from_static(accepted));
        for (name, secret) in &call.headers {
            let (name, value) = header(&self.provider, name, secret)?;
            headers.insert(name, value);
        }
        Ok(headers)
    }

    async fn refused(&self, response: Response, secrets: &[(&'static str, Secret)]) -> Error {
        let status = response.status().as_u16();
        if response.status().is_redirection() {
            return self.redirected(status, response.headers());
        }
        let wait = retry_after(response.headers(), SystemTime::now());
        let head = response.headers().clone();
        let body = first_bytes(response, self.limits.refusal_bytes, self.limits.refusal_time).await;
        let cause = cause(&body, self.dialect.error_message(&body), secrets);
        refusal(&self.provider, status, cause, wait).said(verbatim(&head, body, secrets))
    }

    fn redirected(&self, status: u16, headers: &HeaderMap) -> Error {
        let location = headers.get(LOCATION).map(|value| String::from_utf8_lossy(value.as_bytes()));
        // A query may carry what is meant for one pair of eyes.
        let place = location.as_deref().and_then(|place| place.split(['?', '#']).next()).map(one_line);
        refusal(&self.provider, status, place.map(|place| format!("it points to `{place}`")), None)
            .hint("set the provider's `base_url` to the address the API really has; redirects are not followed")
    }

    fn pieces(&self, response: Response, form: Form) -> BoxStream<'static, Result<Bytes>> {
        let provider = Arc::clone(&self.provider);
        let limits = self.limits;
        stream::unfold(Some((response, 0_usize)), move |state| {
            let provider = Arc::clone(&provider);
            async move {
                let (mut response, taken) = state?;
                let failure = match tokio::time::timeout(limits.silence, response.chunk()).await {
                    Ok(Ok(None)) => return None,
                    Ok(Ok(Some(piece))) => {
                        let taken = taken.saturating_add(piece.len());
                        if form == Form::Stream || taken <= limits.plain_bytes {
                            return Some((Ok(piece), Some((response, taken))));
                        }
                        too_large(&provider, limits.plain_bytes)
                    }
                    Ok(Err(failure)) => cut(&provider, &failure),
                    Err(_) => silent(&provider, limits.silence),
                };
                Some((Err(failure), None))
            }
        })
        .boxed()
    }
}

#[async_trait::async_trait]
impl Carrier for HttpCarrier {
    async fn send(&self, call: Call) -> Result<Arrival> {
        let url = self.address(&call.url)?;
        let headers = self.headers(&call)?;

        let request = self.client.suited(&url)?.post(url.clone()).headers(headers).body(call.body);
        let response = request.send().await.map_err(|failure| unanswered(&self.provider, &url, &failure))?;

        if !response.status().is_success() {
            return Err(self.refused(response, &call.headers).await);
        }
        let form = form(response.headers());
        let pause = allowed::pause(response.headers(), SystemTime::now());
        Ok(Arrival { form, pause, body: self.pieces(response, form) })
    }
}

/// A header of a call, hidden from whoever shows it.
pub(super) fn header(provider: &str, name: &str, secret: &Secret) -> Result<(HeaderName, HeaderValue)> {
    let unfit = |kind| {
        Error::new(kind, format!("the header `{name}` for `{provider}` cannot be sent"))
            .because("it holds a line break or another character no header may carry")
    };
    let header = HeaderName::try_from(name).map_err(|_| unfit(Kind::Other))?;
    let mut value = HeaderValue::from_str(secret.reveal()).map_err(|_| unfit(Kind::Key))?;
    value.set_sensitive(true);
    Ok((header, value))
}

fn form(headers: &HeaderMap) -> Form {
    const EVENTS: &[u8] = b"text/event-stream";
    let declared = headers.get(CONTENT_TYPE).and_then(|value| value.as_bytes().get(..EVENTS.len()));
    if declared.is_some_and(|start| start.eq_ignore_ascii_case(EVENTS)) { Form::Stream } else { Form::Plain }
}

async fn first_bytes(mut response: Response, most: usize, time: Duration) -> Vec<u8> {
    let mut body = Vec::new();
    let reading = async {
        while let Ok(Some(piece)) = response.chunk().await {
            let room = most - body.len();
            body.extend_from_slice(piece.get(..room).unwrap_or(&piece));
            if body.len() == most {
                break;
            }
        }
    };
    // What has come by then explains enough.
    let _ = tokio::time::timeout(time, reading).await;
    body
}

fn no_address(provider: &str) -> Error {
    Error::new(Kind::Usage, format!("the `base_url` of `{provider}` is no address to call"))
}

pub(super) fn unanswered(provider: &str, url: &Url, failure: &reqwest::Error) -> Error {
    let (cause, trouble) = innermost(failure);
    let origin = url.origin().ascii_serialization();
    let message = if failure.is_connect() {
        format!("cannot reach `{provider}` at `{origin}`")
    } else {
        format!("`{provider}` at `{origin}` gave no answer")
    };
    let error = Error::new(Kind::Provider, message).because(cause);
    match trouble {
        Trouble::Connection => error.transient(),
        Trouble::Certificate => {
            error.hint("if a proxy or a private authority signs it, point `SSL_CERT_FILE` at its certificate")
        }
        Trouble::Protocol => error.hint("does the address speak TLS? A plain one starts with `http://`"),
    }
}

fn cut(provider: &str, failure: &reqwest::Error) -> Error {
    Error::new(Kind::Provider, format!("the answer of `{provider}` was cut")).because(innermost(failure).0).transient()
}

fn silent(provider: &str, silence: Duration) -> Error {
    let silence = humantime::format_duration(silence);
    Error::new(Kind::Timeout, format!("the answer of `{provider}` stopped")).because(format!("no byte for {silence}"))
}

fn too_large(provider: &str, most: usize) -> Error {
    Error::new(Kind::Provider, format!("the answer of `{provider}` is too large"))
        .because(format!("it has more than {} MiB", most >> 20))
}

/// Only the first kind passes by itself.
enum Trouble {
    Connection,
    Certificate,
    Protocol,
}

/// The innermost cause in plain words. The outer ones repeat the URL and each other.
fn innermost(failure: &reqwest::Error) -> (String, Trouble) {
    let mut deepest: &(dyn StdError + 'static) = failure;
    loop {
        let wrapped = deepest.downcast_ref::<io::Error>().and_then(|error| error.get_ref());
        let inner = wrapped.map(|inner| inner as &(dyn StdError + 'static)).or_else(|| deepest.source());
        let Some(inner) = inner else { break };
        deepest = inner;
    }
    if let Some(failure) = deepest.downcast_ref::<rustls::Error>() {
        let trouble = match failure {
            rustls::Error::InvalidCertificate(_) => Trouble::Certificate,
            _ => Trouble::Protocol,
        };
        return (one_line(&failure.to_string()), trouble);
    }
    let words = match deepest.downcast_ref::<io::Error>().map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => "connection refused".to_owned(),
        Some(io::ErrorKind::ConnectionReset) => "connection reset".to_owned(),
        Some(io::ErrorKind::TimedOut) => "no connection in time".to_owned(),
        _ if failure.is_timeout() => "no connection in time".to_owned(),
        _ => one_line(&deepest.to_string()),
    };
    (words, Trouble::Connection)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
