//! Whether a provider works: it is asked for the list of its models, once and for a short time. That costs nothing, counts
//! as no call, and says nothing of the key but whether it is taken.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::http::header::DATE;
use axum::http::{HeaderMap, Method};

use super::status::ahead;
use crate::api::status::CheckStatus;
use crate::clock::{Clock, SystemClock, Timestamp, millis};
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
        clock_ahead_ms: None,
        problem: Some(error.kind().name().to_owned()),
        detail: Some(error.to_string()),
    };
    match asked.unwrap_or_else(|_| Err(late())) {
        Err(error) => failed(&error, None),
        Ok((status, clock)) => {
            let detail = match status {
                200..=299 => None,
                404 | 405 | 501 => Some("it answers, and lists no models: whether it takes the key is not known"),
                429 => Some("it is there, and busy"),
                _ => return failed(&refusal(&provider.name, status, None, None), Some(status)),
            };
            let (status, latency_ms) = (Some(status), Some(took));
            let clock_ahead_ms = clock.map(|theirs| ahead(theirs, SystemClock.now()));
            CheckStatus {
                ok: true,
                status,
                latency_ms,
                clock_ahead_ms,
                problem: None,
                detail: detail.map(str::to_owned),
            }
        }
    }
}

/// The status of the answer, and the moment it was sent by the provider's own clock, where it tells (RFC 9110, 6.6.1).
async fn ask(provider: &Provider, sent: SentKey) -> Result<(u16, Option<Timestamp>)> {
    let secret = match sent {
        SentKey::Given(secret) => Some(secret),
        sent => provider.find_key(sent == SentKey::Unsaid).await?,
    };
    let path = provider.surface.models_at.to_owned();
    let passing = Passing { method: Method::GET, path, headers: HeaderMap::new(), body: None };
    let answered = provider.pass(passing, secret.as_ref()).await?;
    let date = answered.headers().get(DATE).and_then(|date| date.to_str().ok());
    let clock = date.and_then(|date| httpdate::parse_http_date(date).ok()).and_then(moment);
    Ok((answered.status().as_u16(), clock))
}

/// A moment of a clock that shows whole seconds: the middle of the one it shows.
fn moment(date: SystemTime) -> Option<Timestamp> {
    let since = date.duration_since(UNIX_EPOCH).ok()?;
    Some(Timestamp(millis(since)).after(Duration::from_millis(500)))
}
