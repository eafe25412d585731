//! Who may come in by a door that everybody on the machine can reach, and on whose terms they then ask.
//!
//! Pure decisions over a request's head: a token always, the exact host, no foreign page. It opens no connection.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use subtle::ConstantTimeEq;

use super::page;
use crate::api::headers;
use crate::config::secret::Secret;
use crate::config::settings::RateLimitSettings;
use crate::config::token;
use crate::error::{Error, Kind};
use crate::exchange::Mode;

use crate::pipeline::budget::RunCeiling;
use crate::pipeline::{Exchange, SentKey};
use crate::provider::passage::CREDENTIALS;

/// Keys for providers that came along with a request or belong to a door.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    by_provider: HashMap<String, Secret>,
    /// True where these are all there are: the daemon's own environment then does not count.
    are_all: bool,
}

impl Keys {
    /// Those of a name each. `are_all` says that whoever gives them has looked for every one.
    pub fn new(by_provider: HashMap<String, Secret>, are_all: bool) -> Keys {
        Keys { by_provider, are_all }
    }

    /// These, and those of `others` for providers that have none here.
    pub fn or(mut self, others: Keys) -> Keys {
        for (provider, key) in others.by_provider {
            self.by_provider.entry(provider).or_insert(key);
        }
        self
    }

    /// Those in a request's head.
    pub fn read(head: &HeaderMap) -> Keys {
        let mut keys = Keys::default();
        for value in head.get_all(headers::PROVIDER_KEY) {
            let Ok(value) = value.to_str() else { continue };
            if value == headers::KEYS_COMPLETE {
                keys.are_all = true;
            } else if let Some((name, secret)) = value.split_once(' ') {
                keys.by_provider.insert(name.to_owned(), Secret::new(secret));
            }
        }
        keys
    }

    /// What is said of a provider's key.
    pub fn find(&self, provider: &str) -> SentKey {
        match self.by_provider.get(provider) {
            Some(secret) => SentKey::Given(secret.clone()),
            None if self.are_all => SentKey::NotFound,
            None => SentKey::Unsaid,
        }
    }
}

/// What a door imposes on everybody who comes by it, whatever they ask for themselves. `None` leaves it to them.
#[derive(Clone, Debug, Default)]
pub struct Imposed {
    /// How the cache may be used. With `Replay` nothing that passes through is let out either.
    pub mode: Option<Mode>,
    /// The namespace.
    pub namespace: Option<String>,
    /// The run they are counted for.
    pub run: Option<String>,
    /// Their limits.
    pub rates: Option<RateLimitSettings>,
    /// What they may spend together.
    pub ceilings: Vec<RunCeiling>,
    /// How long they wait for a place within the limits.
    pub wait: Option<Duration>,
    /// The file their answers are recorded in and replayed from.
    pub cassette: Option<PathBuf>,
    /// Keys for providers, where a request brings none.
    pub keys: Keys,
    /// Nothing is answered but what the page asks for.
    pub read_only: bool,
}

impl Imposed {
    /// Makes an exchange keep to it.
    pub fn apply(&self, exchange: &mut Exchange) {
        // Destructured, so that a new term cannot be forgotten. Limits and keys are the
        // asker's from the beginning, and who only reads makes no exchange.
        let Imposed { mode, namespace, run, rates: _, ceilings, wait, cassette, keys: _, read_only: _ } = self;
        if let Some(mode) = mode {
            exchange.policy.mode = *mode;
        }
        if let Some(namespace) = namespace {
            exchange.policy.namespace.clone_from(namespace);
        }
        if let Some(run) = run {
            exchange.run.clone_from(run);
        }
        if let Some(path) = cassette {
            exchange.policy.cassette = Some(path.clone());
        }
        if let Some(wait) = wait {
            exchange.wait = *wait;
        }
        exchange.ceilings.runs.extend(ceilings.iter().cloned());
    }
}

/// Whose limits are spent by what spends none.
const NOBODY: &str = "nobody";

/// What opens a door, and on whose terms whoever comes by it asks.
pub struct Access {
    pass: RwLock<Pass>,
    hosts: Vec<String>,
    /// Whose limits are spent, where that is not the token's own business.
    subject: Option<String>,
    /// The largest body of a request that is read whole, in bytes.
    pub largest_body: usize,
    /// What is imposed on everybody.
    pub imposed: Arc<Imposed>,
}

/// A token and whose limits it spends.
struct Pass {
    token: Secret,
    subject: String,
}

impl Pass {
    fn new(token: Secret, subject: Option<&str>) -> Pass {
        let subject = subject.map_or_else(|| format!("token:{}", token::digest(&token)), str::to_owned);
        Pass { token, subject }
    }

    fn opens(&self, sent: &str) -> bool {
        let token = self.token.reveal().as_bytes();
        !token.is_empty() && bool::from(sent.as_bytes().ct_eq(token))
    }
}

/// Why a request was not let in.
#[derive(Debug)]
pub struct Denied {
    /// The status that says so.
    pub status: StatusCode,
    /// The same in words.
    pub error: Error,
}

impl Access {
    /// For a listener at `address`. `subject` names whose limits are spent; with `None` each token has its own.
    pub fn new(address: SocketAddr, token: Secret, subject: Option<String>, largest_body: usize) -> Access {
        let port = address.port();
        let mut hosts = vec![address.to_string()];
        hosts.extend(["localhost", "127.0.0.1", "[::1]"].map(|host| format!("{host}:{port}")));
        let pass = RwLock::new(Pass::new(token, subject.as_deref()));
        Access { pass, hosts, subject, largest_body, imposed: Arc::default() }
    }

    /// The same, imposing this.
    pub fn imposing(self, imposed: Imposed) -> Access {
        Access { imposed: Arc::new(imposed), ..self }
    }

    /// From now on only this token opens.
    pub fn change_token(&self, token: Secret) {
        *self.pass.write().unwrap_or_else(PoisonError::into_inner) = Pass::new(token, self.subject.as_deref());
    }

    /// Lets a request in, or says why not. Takes what was meant for this door out of its head. Gives whose limits it
    /// spends.
    pub fn admit(&self, head: &mut Parts) -> Result<String, Denied> {
        self.check_host(head)?;
        check_origin(head)?;
        // The same for everybody; the page that asks for these has yet to find its token in its own address.
        if is_read(head) && page::is_file(head.uri.path()) {
            return Ok(NOBODY.to_owned());
        }
        let subject = self.check_token(head)?;
        let path = head.uri.path();
        if self.imposed.read_only && !(is_read(head) && page::asks(path)) {
            let error = Error::new(Kind::Forbidden, format!("`{path}` is not for this door"));
            return Err(denied(StatusCode::FORBIDDEN, error)
                .hinting("it shows the page and what the page asks for; `llmc exec` opens one for programs"));
        }
        if matches!(path, "/shutdown" | "/reload") {
            return Err(denied(
                StatusCode::FORBIDDEN,
                Error::new(Kind::Forbidden, format!("`{path}` is not for this door")),
            )
            .hinting("ask over the socket: `llmc daemon stop`, `llmc daemon reload`"));
        }
        if !is_gateway(path) {
            check_content_type(head)?;
        }
        for credential in &CREDENTIALS {
            head.headers.remove(credential);
        }
        // They would have the daemon read files of the asker's choice.
        head.headers.remove(headers::CONFIG);
        head.headers.remove(headers::VARIABLE);
        Ok(subject)
    }

    /// A page whose name was pointed at this machine asks under its own name.
    fn check_host(&self, head: &Parts) -> Result<(), Denied> {
        let named = head.headers.get_all(HOST).iter().map(|host| host.to_str().unwrap_or_default());
        let named: Vec<&str> = named.chain(head.uri.authority().map(|authority| authority.as_str())).collect();
        let is_ours = |host: &&str| self.hosts.iter().any(|ours| ours.eq_ignore_ascii_case(host));
        if !named.is_empty() && named.iter().all(is_ours) {
            return Ok(());
        }
        Err(denied(StatusCode::MISDIRECTED_REQUEST, Error::new(Kind::Forbidden, "this is not the host that was asked"))
            .hinting(format!("ask `{}`", self.hosts[0])))
    }

    fn check_token(&self, head: &mut Parts) -> Result<String, Denied> {
        let pass = self.pass.read().unwrap_or_else(PoisonError::into_inner);
        let mut sent = CREDENTIALS.iter().filter_map(|name| credential(head.headers.get(name)?.to_str().ok()?));
        let mut is_let_in = sent.any(|sent| pass.opens(sent));
        if let Some((uri, sent)) = without_key(&head.uri)
            && pass.opens(&sent)
        {
            is_let_in = true;
            head.uri = uri;
        }
        if is_let_in {
            return Ok(pass.subject.clone());
        }
        let error = Error::new(Kind::Key, "the token of this door is missing or wrong");
        Err(denied(StatusCode::UNAUTHORIZED, error).hinting("`llmc daemon token` shows it; send it as the API key"))
    }
}

/// A request whose body or path is in a vendor's words.
pub fn is_gateway(path: &str) -> bool {
    ["/v1/", "/openai/", "/anthropic/", "/gemini/", "/providers/"].iter().any(|start| path.starts_with(start))
}

/// No page has a reason to ask but the one that is served here, for what it shows. Browsers need not say whose page asks
/// its own host, and some do.
fn check_origin(head: &Parts) -> Result<(), Denied> {
    let Some(origin) = head.headers.get(ORIGIN) else { return Ok(()) };
    let path = head.uri.path();
    let is_own = origin.to_str().ok().and_then(|origin| origin.strip_prefix("http://")).is_some_and(|origin| {
        head.headers.get(HOST).is_some_and(|host| host.as_bytes().eq_ignore_ascii_case(origin.as_bytes()))
    });
    if is_own && is_read(head) && (page::is_file(path) || page::asks(path)) {
        return Ok(());
    }
    Err(denied(StatusCode::FORBIDDEN, Error::new(Kind::Forbidden, "web pages are not answered")))
}

fn is_read(head: &Parts) -> bool {
    matches!(head.method, Method::GET | Method::HEAD)
}

/// What a page can send without being asked first (a form) is never taken for JSON.
fn check_content_type(head: &Parts) -> Result<(), Denied> {
    let has_body = !matches!(head.method, Method::GET | Method::HEAD | Method::DELETE | Method::OPTIONS);
    let kind = head.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let is_json = ["application/json", "application/x-ndjson"].iter().any(|json| kind.eq_ignore_ascii_case(json));
    if !has_body || is_json {
        return Ok(());
    }
    let error = Error::new(Kind::Usage, "the body is not declared as JSON");
    Err(denied(StatusCode::UNSUPPORTED_MEDIA_TYPE, error).hinting("send `Content-Type: application/json`"))
}

/// What is sent as a key, without the scheme before it.
pub fn credential(value: &str) -> Option<&str> {
    let bare = match value.split_once(' ') {
        Some((scheme, bare)) if scheme.eq_ignore_ascii_case("bearer") => bare,
        Some(_) => return None,
        None => value,
    };
    Some(bare.trim()).filter(|bare| !bare.is_empty())
}

/// An address without its `key` parameter, and that parameter.
fn without_key(uri: &Uri) -> Option<(Uri, String)> {
    let (keys, others): (Vec<&str>, Vec<&str>) = uri.query()?.split('&').partition(|pair| pair.starts_with("key="));
    let key = keys.last()?.strip_prefix("key=")?.to_owned();
    let path = match others.is_empty() {
        true => uri.path().to_owned(),
        false => format!("{}?{}", uri.path(), others.join("&")),
    };
    Some((path.parse().ok()?, key))
}

fn denied(status: StatusCode, error: Error) -> Denied {
    Denied { status, error }
}

impl Denied {
    fn hinting(self, hint: impl Into<String>) -> Denied {
        Denied { error: self.error.hint(hint), ..self }
    }
}

/// The provider's key an asker sends where its client puts one; `None` where that only stands for one.
pub fn own_key(head: &HeaderMap) -> Option<Secret> {
    let sent = CREDENTIALS.iter().find_map(|name| credential(head.get(name)?.to_str().ok()?))?;
    // A client that wants a key of some sort is given `llmc`; a token of a door goes no further.
    let is_placeholder = sent == "llmc" || sent.starts_with(token::START);
    (!is_placeholder).then(|| Secret::new(sent))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
