//! `/v1/*`, `/openai/*`, `/anthropic/*`, `/gemini/*`, `/providers/{name}/*`: the vendors' own APIs, through the cache.
//!
//! What can be cached becomes an exchange; all else passes through as it is. Nothing of either is rewritten.

use std::sync::Arc;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::UPGRADE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use serde_json::Value;

use super::asker::Asker;
use super::body::read_whole;
use super::policy::policy;
use super::vendor::{Shape, Teller, refuse};
use crate::api::generate::CacheRequest;
use crate::api::headers;
use crate::config::secret::Secret;
use crate::daemon::access::own_key;
use crate::daemon::reply::{Refused, tell_standing};
use crate::daemon::state::Daemon;
use crate::error::{Error, Kind, Result};
use crate::exchange::{Form, Mode};
use crate::pipeline::admit::Class;
use crate::pipeline::budget::Ceilings;
use crate::pipeline::ledger::Account;
use crate::pipeline::long::beside_everybody;
use crate::pipeline::{Beside, Counted, Exchange, SentKey};
use crate::provider::body::manner;
use crate::provider::openai::deployment;
use crate::provider::passage::Passing;
use crate::provider::registry::{AskedAt, Provider};
use crate::provider::resolve::Asked;

/// The model a request is counted for where it names none.
const UNNAMED: &str = "unnamed";

/// Whose API a path belongs to.
enum Whose<'a> {
    Default,
    Provider(&'a str),
}

/// Divides a path into whose API it belongs to and the vendor's own path.
fn divide(path: &str) -> (Whose<'_>, &str) {
    if path.starts_with("/v1/") {
        return (Whose::Default, path);
    }
    let path = path.strip_prefix("/providers").unwrap_or(path).trim_start_matches('/');
    let (name, _) = path.split_once('/').unwrap_or((path, ""));
    (Whose::Provider(name), &path[name.len()..])
}

/// Answers as the vendor would.
pub async fn gateway(State(daemon): State<Arc<Daemon>>, request: Request) -> Response {
    let (mut head, body) = request.into_parts();
    let asker = match Asker::from_request_parts(&mut head, &daemon).await {
        Ok(asker) => asker,
        Err(refused) => return refused.into_response(),
    };
    let path = head.uri.path().to_owned();
    let (whose, below) = divide(&path);
    let provider = match find(&whose, &asker) {
        Ok(provider) => provider,
        Err(error) => return Refused::from(error).into_response(),
    };
    let told = match provider.asked_at(below).filter(|_| head.method == Method::POST) {
        Some(asked) => answer(&daemon, &asker, &provider, asked, &head, body).await,
        None => Box::pin(pass(&daemon, &asker, &provider, below, head, body)).await,
    };
    let mut response = told.unwrap_or_else(|error| refuse(provider.surface, &error));
    tell_standing(
        response.headers_mut(),
        &daemon.pipeline.limits.last_standing(&asker.subject, Class::Llm, asker.rates()),
    );
    response
}

fn find(whose: &Whose<'_>, asker: &Asker) -> Result<Arc<Provider>> {
    let registry = &asker.house.registry;
    let settings = &asker.house.settings;
    match whose {
        Whose::Provider(name) => registry.find(name).cloned().map_err(|error| error.as_kind(Kind::NotFound)),
        Whose::Default => {
            let default_model = settings.default_model.as_deref();
            if default_model.is_some() {
                let asked = Asked { model: None, provider: None, default_model, aliases: &settings.aliases };
                return Ok(registry.resolve(&asked, |provider| asker.has_key(provider))?.0);
            }
            registry.most_copied(|provider| asker.has_key(provider)).ok_or_else(|| {
                Error::new(Kind::Key, "nobody is asked by default")
                    .hint("set `default_model`, or ask by `/openai/v1`, `/anthropic/v1` or `/providers/NAME/v1`")
            })
        }
    }
}

// ---- what can be cached --------------------------------------------------------------------------------------

async fn answer(
    daemon: &Arc<Daemon>,
    asker: &Asker,
    provider: &Arc<Provider>,
    asked: AskedAt,
    head: &Parts,
    body: Body,
) -> Result<Response> {
    // Before the look: a daemon that begins to stop after it waits for what is asked here.
    let _expected = daemon.pipeline.expect_asker();
    daemon.refuse_while_stopping()?;
    let body = read_whole(&head.extensions, body).await?;
    let length = body.len();
    let (exchange, teller) = beside_everybody(length, || exchange(asker, provider, asked, head, body))?;
    let answer = daemon.pipeline.answer(exchange).await?;
    beside_everybody(length, || teller.tell(&daemon.pipeline, answer))
}

fn exchange(
    asker: &Asker,
    provider: &Arc<Provider>,
    asked: AskedAt,
    head: &Parts,
    body: Bytes,
) -> Result<(Exchange, Teller)> {
    let AskedAt { dialect, model, form: asked_form, deployment: deployed } = asked;
    let settings = &asker.house.settings;
    let named = deployed.as_deref().map(|name| deployment::name_model(&body, name)).transpose()?.flatten();
    let body = named.map_or(body, Bytes::from);
    // Read for how it is to be answered; what is hashed and sent are the bytes themselves.
    let members =
        manner(&body).map_err(|error| Error::new(Kind::Usage, "cannot read the request body").because(error))?;
    let shape = match asked_form {
        Some(Form::Plain) => Shape::Plain,
        // Asked for a stream and not for events, this API sends one array.
        Some(Form::Stream) if !parameters(&head.uri).any(|pair| pair == "alt=sse") => Shape::Array,
        Some(Form::Stream) => Shape::Events,
        None if members.get("stream") == Some(&Value::Bool(true)) => Shape::Events,
        None => Shape::Plain,
    };
    let form = if shape == Shape::Events { Form::Stream } else { Form::Plain };
    let named = members.get("model").and_then(Value::as_str);
    let mut exchange = Exchange {
        model: model.unwrap_or_else(|| named.unwrap_or(UNNAMED).to_owned()),
        is_stateful: dialect.is_stateful(&members),
        limits_length: dialect.limits_length(&members),
        schema: None,
        schema_retries: 0,
        beside: beside(provider, head, deployed.is_some()),
        key: key(asker, provider, &head.headers),
        policy: policy(&CacheRequest::default(), asker)?,
        rates: asker.rates().clone(),
        retry: settings.retry.clone(),
        insists: false,
        subject: asker.subject.clone(),
        run: String::new(),
        request: Arc::clone(&asker.request),
        wait: std::time::Duration::ZERO,
        max_cost: None,
        attended: true,
        paced: None,
        ceilings: Ceilings::default(),
        counted: Counted::default(),
        provider: Arc::clone(provider),
        registry: Arc::clone(&asker.house.registry),
        operation: dialect.operation(),
        body,
        form,
    };
    asker.impose_on(&mut exchange);
    let hider = dialect.usage_hider(&members).filter(|_| shape == Shape::Events);
    Ok((exchange, Teller { dialect, shape, hider }))
}

fn parameters(uri: &Uri) -> impl Iterator<Item = &str> {
    uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty())
}

/// What goes to the vendor beside the body.
fn beside(provider: &Provider, head: &Parts, is_deployment: bool) -> Beside {
    let is_kept_back = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        provider.surface.kept_back.contains(&name) || (is_deployment && name == deployment::VERSION)
    };
    let query: Vec<&str> = parameters(&head.uri).filter(|pair| !is_kept_back(pair)).collect();
    let mut beside = Beside { query: query.join("&"), ..Beside::default() };
    for forwards in provider.surface.forwards {
        let values = head.headers.get_all(forwards.name).iter().filter_map(|value| value.to_str().ok());
        let value = values.collect::<Vec<_>>().join(",");
        if value.is_empty() {
            continue;
        }
        beside.weighing.extend(forwards.weighs(&value).map(|weighs| (forwards.name, weighs)));
        beside.headers.push((forwards.name, Secret::new(value)));
    }
    beside.weighing.sort_unstable();
    beside
}

/// The key for this call: the one that was sent for this provider, else the one the asker's client sends by itself.
fn key(asker: &Asker, provider: &Provider, head: &HeaderMap) -> SentKey {
    match (asker.key_for(&provider.name), own_key(head)) {
        (SentKey::Given(secret), _) => SentKey::Given(secret),
        (_, Some(secret)) => SentKey::Given(secret),
        (sent, None) => sent,
    }
}

// ---- what passes through -------------------------------------------------------------------------------------

async fn pass(
    daemon: &Arc<Daemon>,
    asker: &Asker,
    provider: &Provider,
    below: &str,
    head: Parts,
    body: Body,
) -> Result<Response> {
    let expected = daemon.pipeline.expect_asker();
    daemon.refuse_while_stopping()?;
    if head.headers.contains_key(UPGRADE) || head.method == Method::CONNECT {
        let error = Error::new(Kind::Usage, format!("`{below}` cannot be asked through llmc"))
            .because("it changes to another protocol, such as WebSocket")
            .hint("ask the provider itself for it");
        let mut response = refuse(provider.surface, &error);
        *response.status_mut() = StatusCode::NOT_IMPLEMENTED;
        return Ok(response);
    }
    let (imposed, own) = (asker.imposed(), policy(&CacheRequest::default(), asker)?);
    if imposed.and_then(|imposed| imposed.mode).unwrap_or(own.mode) == Mode::Replay {
        return Err(Error::new(Kind::ReplayMiss, format!("`{below}` is not kept, and nothing may be asked"))
            .hint("only prompts are kept; ask this with another mode than `replay`"));
    }
    let class = if head.method == Method::POST { Class::Llm } else { Class::Standard };
    daemon.pipeline.limits.admit(&asker.subject, class, asker.rates(), std::time::Duration::ZERO).await?;
    let secret = match key(asker, provider, &head.headers) {
        SentKey::Given(secret) => Some(secret),
        sent => provider.find_key(sent == SentKey::Unsaid).await?,
    };
    let passing = Passing {
        method: head.method,
        path: match head.uri.query() {
            Some(query) => format!("{below}?{query}"),
            None => below.to_owned(),
        },
        headers: head.headers,
        body: (!body.is_end_stream()).then(|| reqwest::Body::wrap_stream(body.into_data_stream())),
    };
    let account = Account {
        provider: provider.name.clone(),
        model: UNNAMED.to_owned(),
        namespace: imposed.and_then(|imposed| imposed.namespace.clone()).unwrap_or(own.namespace),
        run: imposed.and_then(|imposed| imposed.run.clone()).unwrap_or_default(),
        request: Arc::clone(&asker.request),
        body: Bytes::new(),
    };
    let passed = provider.pass(passing, secret.as_ref()).await;
    match &passed {
        Ok(_) => daemon.pipeline.ledger.passed(account),
        Err(error) => daemon.pipeline.ledger.failed(account, error),
    }
    let (head, body) = passed?.into_parts();
    // The daemon waits for what passes until it has passed.
    let body = body.map_frame(move |frame| {
        let _ = &expected;
        frame
    });
    let mut response = Response::from_parts(head, Body::new(body));
    response.headers_mut().insert(headers::CACHE_STATUS, HeaderValue::from_static("llmc; fwd=bypass"));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn divided(path: &str) -> (Option<&str>, &str) {
        match divide(path) {
            (Whose::Default, below) => (None, below),
            (Whose::Provider(name), below) => (Some(name), below),
        }
    }

    #[test]
    fn a_path_says_whose_it_is() {
        assert_eq!(divided("/v1/chat/completions"), (None, "/v1/chat/completions"));
        assert_eq!(divided("/openai/v1/files"), (Some("openai"), "/v1/files"));
        assert_eq!(divided("/anthropic/v1/messages"), (Some("anthropic"), "/v1/messages"));
        assert_eq!(
            divided("/gemini/v1beta/models/x:generateContent"),
            (Some("gemini"), "/v1beta/models/x:generateContent")
        );
        assert_eq!(divided("/providers/local/v1/chat/completions"), (Some("local"), "/v1/chat/completions"));
        assert_eq!(divided("/providers/local"), (Some("local"), ""));
    }
}
