//! `GET /events`: what happens, as it happens, to whoever listens. Nobody is waited for: who is slow loses the oldest events
//! and is told how many.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use futures_util::stream;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::asker::Asker;
use super::entries::read_query;
use super::status::standing;
use super::teller::{event_stream, native_event};
use crate::api::events::{EventsQuery, LostEvent, RequestEvent, StatsEvent};
use crate::api::stats::{Latencies, Percentiles, hit_rate};
use crate::api::status::LimitsReply;
use crate::daemon::reply::Refused;
use crate::daemon::state::Daemon;
use crate::error::{Error, Kind};
use crate::money::Usd;
use crate::pipeline::admit::Class;
use crate::pipeline::pulse::{Audience, Happening, Outcome, Timings};

/// How often the sums are told.
const STATS_EVERY: Duration = Duration::from_secs(1);

/// Limits and budgets may lie in a store far away: they are read with every so many sums.
const LIMITS_EVERY: u64 = 5;

/// Tells what happens until the listener leaves or the daemon stops.
pub async fn listen(State(daemon): State<Arc<Daemon>>, asker: Asker, uri: Uri) -> Result<Response, Refused> {
    let query: EventsQuery = read_query(&uri)?;
    if query.prompts && asker.imposed().is_some() {
        return Err(Error::new(Kind::Forbidden, "prompts are not for this door").hint("listen over the socket").into());
    }
    asker.admit(&daemon, Class::Standard).await?;
    daemon.refuse_while_stopping()?;
    let mut ticks = interval(STATS_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let audience = daemon.pipeline.pulse.listen(query.prompts);
    let listener = Listener { daemon, asker, audience, ticks, ticked: 0, limits: None };
    let events = stream::unfold(listener, |mut listener| async move {
        let piece = listener.next().await?;
        Some((Ok::<_, Infallible>(piece), listener))
    });
    Ok(event_stream(Body::from_stream(events)))
}

struct Listener {
    daemon: Arc<Daemon>,
    asker: Asker,
    audience: Audience,
    ticks: Interval,
    ticked: u64,
    limits: Option<LimitsReply>,
}

impl Listener {
    /// The next event; `None` once the daemon stops.
    async fn next(&mut self) -> Option<String> {
        tokio::select! {
            () = self.daemon.stopped() => None,
            heard = self.audience.events.recv() => match heard {
                Ok(happening) => Some(native_event("request", &told(&happening))),
                Err(RecvError::Lagged(events)) => Some(native_event("lost", &LostEvent { events })),
                Err(RecvError::Closed) => None,
            },
            _ = self.ticks.tick() => Some(self.stats().await),
        }
    }

    async fn stats(&mut self) -> String {
        // Who watches a daemon has not left it.
        self.daemon.note_request();
        if self.ticked.is_multiple_of(LIMITS_EVERY) {
            // A store that does not answer leaves what was known.
            self.limits = standing(&self.daemon, &self.asker).await.ok().or(self.limits.take());
        }
        self.ticked += 1;
        native_event("stats", &sums(&self.daemon, self.limits.clone()))
    }
}

fn told(happening: &Happening) -> RequestEvent {
    let account = &happening.account;
    RequestEvent {
        at: happening.at.0,
        request_id: account.request.to_string(),
        provider: account.provider.clone(),
        model: account.model.clone(),
        namespace: account.namespace.clone(),
        run: account.run.clone(),
        outcome: happening.outcome.name().to_owned(),
        latency_ms: happening.latency.map(|took| took.as_micros() as f64 / 1e3),
        cost_usd: happening.cost.map(Usd::dollars),
        saved_usd: happening.saved.map(Usd::dollars),
        tokens: happening.tokens,
        times: happening.times,
        error: happening.failed.map(|kind| kind.name().to_owned()),
        prompt: happening.prompt.clone(),
    }
}

fn sums(daemon: &Daemon, limits: Option<LimitsReply>) -> StatsEvent {
    let pipeline = &daemon.pipeline;
    let tallies = pipeline.pulse.so_far();
    let all = tallies.all();
    let outcomes: BTreeMap<String, u64> =
        Outcome::ALL.iter().zip(all.outcomes).map(|(outcome, count)| (outcome.name().to_owned(), count)).collect();
    let measured = |timings: &Timings| Percentiles { p50: timings.percentile(0.5), p99: timings.percentile(0.99) };
    StatsEvent {
        at: pipeline.clock().now().0,
        uptime_seconds: daemon.uptime().as_secs(),
        hit_rate: hit_rate(all.outcomes[Outcome::Hit as usize], all.outcomes[Outcome::Miss as usize]),
        outcomes,
        saved_usd: all.saved.dollars(),
        spent_usd: all.spent.dollars(),
        saved_seconds: all.saved_time.as_secs_f64(),
        latency_ms: Latencies { hit: measured(&tallies.hit), miss: measured(&tallies.miss) },
        in_flight: pipeline.in_flight() as u64,
        degraded: daemon.degraded(),
        limits,
    }
}
