//! The part of the way that costs money: admit, ask the provider, keep the answer, count it, land.
//!
//! It belongs to the pipeline and not to who asked: where an asker makes the call in its own task and leaves, the call goes
//! on in another.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;

use super::breaker::Leave;
use super::flight::{Departure, Flight, Landed, Listener, Outcome};
use super::foreseen::estimated_usage;
use super::judge;
use super::key::Fingerprint;
use super::lease::Leased;
use super::long::beside_everybody;
use super::{Exchange, Pipeline, SentKey};
use crate::config::secret::Secret;
use crate::error::{Error, Kind, Result};
use crate::exchange::{CacheStatus, Entry, Facts, Form};
use crate::provider::{Call, LONGEST_ANSWER, Reading, retry};

/// What came of a call.
pub(super) struct Called {
    /// The answer.
    pub entry: Arc<Entry>,
    /// What it says.
    pub text: Arc<str>,
    /// Whether it may be kept.
    pub may_keep: bool,
    /// What the asker should know.
    pub warning: Option<String>,
}

impl Pipeline {
    /// Sends the call off and listens to it.
    pub(super) fn depart(
        self: &Arc<Self>,
        exchange: &Arc<Exchange>,
        fingerprint: &Fingerprint,
        departure: Departure,
        status: CacheStatus,
        look_again: bool,
    ) -> Listener {
        let mut listener = departure.flight().listen();
        let is_attended = exchange.attended && exchange.form == Form::Plain;
        let (pipeline, exchange, fingerprint) = (Arc::clone(self), Arc::clone(exchange), fingerprint.clone());
        let flying = self.tasks.track_future(async move {
            let outcome = pipeline.fly(&exchange, &fingerprint, departure.flight(), status, look_again).await;
            departure.land(outcome);
        });
        if is_attended {
            listener.fly(flying);
        } else {
            tokio::spawn(flying);
        }
        listener
    }

    async fn fly(
        &self,
        exchange: &Exchange,
        fingerprint: &Fingerprint,
        flight: &Flight,
        status: CacheStatus,
        look_again: bool,
    ) -> Outcome {
        let may_share = status == CacheStatus::Miss;
        if may_share
            && look_again
            && let Some(entry) = self.fresh(exchange, fingerprint).await
        {
            return Ok(Landed::found(entry));
        }
        // Held until the answer is kept: who waits for it on another daemon then finds the answer.
        let _lease = match may_share && self.store.is_shared() {
            false => None,
            true => match self.take_lease(exchange, fingerprint).await {
                Leased::Found(entry) => return Ok(Landed::found(entry)),
                Leased::Ours(lease) => lease,
            },
        };
        let Called { entry, text, may_keep, warning } =
            self.call_for_fit(exchange, fingerprint, flight, status).await?;
        let landed = Landed { text: Some(text), ..Landed::called(entry) };
        if !may_keep || status == CacheStatus::Bypass {
            return Ok(Landed { kept: false, warning, ..landed });
        }
        self.recent.remember(fingerprint);
        let kept = self.cache.keep(fingerprint.key, Arc::clone(&landed.entry)).await;
        let failed = kept.err().map(|error| kept_in_memory_only(&error));
        Ok(Landed { warning: together(warning, failed), ..landed })
    }

    /// One call, paid for where it gives an answer.
    pub(super) async fn call(&self, exchange: &Exchange, fingerprint: &Fingerprint, flight: &Flight) -> Result<Called> {
        let secret = find_key(exchange).await?;
        // Before anything is set aside: who is told at once needs none.
        let leave = self.breakers.leave_for(&exchange.provider, exchange.insists)?;
        self.count_for_limits(exchange, secret.as_ref()).await;
        let held = self.budgets.hold(exchange).await?;
        let called = self.call_within_limits(exchange, fingerprint, flight, secret.as_ref(), leave).await;
        let cost = called.as_ref().ok().and_then(|called| called.entry.facts.cost).unwrap_or_default();
        self.budgets.settle(&held, cost);
        Ok(Called { warning: held.warning(cost), ..called? })
    }

    async fn call_within_limits(
        &self,
        exchange: &Exchange,
        fingerprint: &Fingerprint,
        flight: &Flight,
        secret: Option<&Secret>,
        leave: Leave<'_>,
    ) -> Result<Called> {
        self.admit_call(exchange, flight).await?;
        let granted = self.quotas.admit(exchange, secret).await?;
        let called = self.call_with(exchange, fingerprint, flight, secret, leave).await;
        let tokens = called.as_ref().map_or(0, |called| called.entry.facts.usage.total());
        self.quotas.settle(granted, tokens, &self.budgets);
        called
    }

    async fn call_with(
        &self,
        exchange: &Exchange,
        fingerprint: &Fingerprint,
        flight: &Flight,
        secret: Option<&Secret>,
        leave: Leave<'_>,
    ) -> Result<Called> {
        let started = Instant::now();
        let longest = exchange.provider.timeout;
        let send = async |failed| {
            if failed > 0 {
                self.quotas.admit_again(exchange, secret).await?;
            }
            let sent = tokio::time::Instant::now();
            let outcome = self.send(exchange, secret, flight).await;
            if let Some(paced) = &exchange.paced {
                paced.pace.note(sent, &outcome);
            }
            outcome
        };
        // Once something has reached an asker, nothing else may.
        let tries = retry::with_retries(&exchange.retry, fastrand::f64, || flight.has_published(), send);
        let timed = tokio::time::timeout(longest, tries).await;
        let recorded = timed.unwrap_or_else(|_| Err(too_late(exchange, longest)));
        leave.note(&recorded);
        let recorded = recorded?;
        let latency = started.elapsed();

        let bytes = recorded.body.len() + fingerprint.material.len();
        beside_everybody(bytes, || self.weigh(exchange, fingerprint, recorded, latency))
    }

    /// What was received as an entry, and whether it may be kept.
    fn weigh(
        &self,
        exchange: &Exchange,
        fingerprint: &Fingerprint,
        recorded: Recorded,
        latency: Duration,
    ) -> Result<Called> {
        let dialect = exchange.dialect();
        let reading = dialect.read_in(recorded.form, &recorded.body)?;
        let may_keep = judge::may_keep(&reading, exchange.limits_length);
        if !may_keep {
            tracing::info!(finish = reading.finish.name(), empty = reading.is_empty, "an answer is not worth keeping");
        }
        let facts = self.facts(exchange, recorded.form, &reading, latency);
        let entry = Entry { material: fingerprint.material.clone(), body: recorded.body, facts };
        Ok(Called { entry: Arc::new(entry), text: reading.text.into(), may_keep, warning: None })
    }

    fn facts(&self, exchange: &Exchange, form: Form, reading: &Reading, latency: Duration) -> Facts {
        let usage_estimated = reading.usage.is_none();
        let usage = reading.usage.unwrap_or_else(|| estimated_usage(exchange, &reading.text));
        let cost = exchange.registry.price(&exchange.provider, &exchange.model).map(|price| price.cost(&usage));
        Facts {
            form,
            provider: exchange.provider.name.clone(),
            model: exchange.model.clone(),
            namespace: exchange.policy.namespace.clone(),
            usage,
            usage_estimated,
            cost,
            finish: reading.finish.clone(),
            kept_at: self.clock.now(),
            ttl: exchange.policy.ttl,
            grace: judge::grace(&exchange.policy),
            latency,
        }
    }

    async fn send(&self, exchange: &Exchange, secret: Option<&Secret>, flight: &Flight) -> Result<Recorded> {
        let (provider, dialect) = (&exchange.provider, exchange.dialect());
        let mut url = provider.url(dialect, &exchange.model, exchange.form);
        if !exchange.beside.query.is_empty() {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&exchange.beside.query);
        }
        let mut headers = dialect.headers(secret);
        // After the dialect's own, so that what the asker says of the API's version holds.
        headers.extend(exchange.beside.headers.iter().cloned());
        let call =
            Call { url, headers, body: dialect.ask_for(exchange.form, &exchange.body)?.into(), form: exchange.form };
        let mut arrival = provider.send(call).await?;
        if let Some(wait) = arrival.pause {
            self.quotas.pause(exchange, secret, wait);
        }
        let mut body = BytesMut::new();
        while let Some(chunk) = arrival.body.next().await {
            let chunk = chunk?;
            if body.len() + chunk.len() > LONGEST_ANSWER {
                return Err(Error::new(Kind::Provider, "the answer is too long").because("more than 64 MiB"));
            }
            body.extend_from_slice(&chunk);
            if arrival.form == Form::Stream && !chunk.is_empty() {
                let is_first = !flight.has_published();
                flight.publish(chunk);
                if is_first {
                    // Whoever waits for it goes first; then come the others.
                    tokio::task::yield_now().await;
                }
            }
        }
        Ok(Recorded { form: arrival.form, body: body.freeze() })
    }
}

struct Recorded {
    form: Form,
    body: Bytes,
}

/// Says so in the log, and gives what its asker should know of it.
pub(super) fn kept_in_memory_only(error: &Error) -> String {
    tracing::warn!(%error, "an answer is kept in memory only");
    format!("the answer is kept in memory only: {error}")
}

/// Two warnings as one.
pub(super) fn together(one: Option<String>, other: Option<String>) -> Option<String> {
    let warnings: Vec<String> = one.into_iter().chain(other).collect();
    (!warnings.is_empty()).then(|| warnings.join("; "))
}

fn too_late(exchange: &Exchange, longest: Duration) -> Error {
    let (name, longest) = (&exchange.provider.name, humantime::format_duration(longest));
    Error::new(Kind::Timeout, format!("no whole answer from `{name}` within {longest}"))
        .hint(format!("raise `timeout` under [providers.{name}]"))
}

/// The provider's key: the one sent along, else what is configured.
pub(super) async fn find_key(exchange: &Exchange) -> Result<Option<Secret>> {
    if let SentKey::Given(secret) = &exchange.key {
        return Ok(Some(secret.clone()));
    }
    exchange.provider.find_key(exchange.key == SentKey::Unsaid).await
}
