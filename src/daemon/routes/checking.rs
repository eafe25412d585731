//! Whether a provider works: it is asked for the list of its models, once and for a short time. That costs nothing, counts
//! as no call, and says nothing of the key but whether it is taken.

use std::time::{Duration, Instant};

use axum::http::{HeaderMap, Method};

use crate::api::status::CheckStatus;
use crate::error::{Error, Kind, Result};
use crate::pipeline::SentKey;
use crate::provider::passage::Passing;
use crate::provider::refusal::refusal;
use crate::provider::registry::Provider;

/// Whoever takes longer is not there for a person who waits.
const LONGEST: Duration = Duration::from_secs(5);

/// Asks a provider whether it is there and takes the key.
pub async fn check(provider: &Provider, sent: SentKey) -> CheckStatus {
    let started = Instant::now();
    let asked = tokio::time::timeout(LONGEST, ask(provider, sent)).await;
    let took = started.elapsed().as_micros() as f64 / 1e3;
    let late = || Error::new(Kind::Timeout, format!("no answer within {} s", LONGEST.as_secs()));
    let failed = |error: &Error, status| CheckStatus {
        ok: false,
        status,
        latency_ms: status.map(|_| took),
        problem: Some(error.kind().name().to_owned()),
        detail: Some(error.to_string()),
    };
    match asked.unwrap_or_else(|_| Err(late())) {
        Err(error) => failed(&error, None),
        Ok(status) => {
            let detail = match status {
                200..=299 => None,
                404 | 405 | 501 => Some("it answers, and lists no models: whether it takes the key is not known"),
                429 => Some("it is there, and busy"),
                _ => return failed(&refusal(&provider.name, status, None, None), Some(status)),
            };
            let (status, latency_ms) = (Some(status), Some(took));
            CheckStatus { ok: true, status, latency_ms, problem: None, detail: detail.map(str::to_owned) }
        }
    }
}

async fn ask(provider: &Provider, sent: SentKey) -> Result<u16> {
    let secret = match sent {
        SentKey::Given(secret) => Some(secret),
        sent => provider.find_key(sent == SentKey::Unsaid).await?,
    };
    let path = provider.surface.models_at.to_owned();
    let passing = Passing { method: Method::GET, path, headers: HeaderMap::new(), body: None };
    Ok(provider.pass(passing, secret.as_ref()).await?.status().as_u16())
}
