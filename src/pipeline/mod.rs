//! The one way of an exchange, whatever the door it came by:
//!
//! key → look up → \[hit: answer\] → join the flight → admit → provider → keep → count → answer.
//!
//! Knows no door and no vendor: a [`Dialect`](crate::provider::Dialect) says what bytes mean.

pub mod admit;
mod answer;
pub mod breaker;
pub mod budget;
mod cache;
mod call;
pub mod canonical;
mod cassette;
mod coherence;
mod counting;
pub mod differ;
pub mod entry;
mod exchange;
pub mod flight;
mod foreseen;
mod foresight;
pub mod histogram;
mod house;
mod joint;
pub mod judge;
mod kept;
pub mod key;
mod lease;
pub mod ledger;
pub mod line;
pub mod long;
pub mod missed;
pub mod moving;
pub mod pace;
mod parts;
mod payer;
pub mod pulse;
pub mod purse;
mod quota;
mod recent;
pub mod route;
pub mod schema;
mod verify;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use futures_util::future::OptionFuture;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

pub use self::answer::{Answer, Live, Source};
pub use self::counting::Counted;
pub use self::exchange::{Beside, Exchange, SentKey};
pub use self::foreseen::foreseen_usage;
pub use self::foresight::Foresight;

use self::admit::Limits;
use self::answer::Counting;
use self::breaker::Breakers;
use self::budget::Budgets;
use self::cache::Cache;
use self::cassette::Cassettes;
use self::flight::{FlightId, Flights, Heard, Landed, Listener, Place};
use self::joint::Items;
use self::judge::Verdict;
use self::key::Fingerprint;
use self::ledger::Ledger;
use self::missed::Missed;
use self::pulse::Pulse;
use self::quota::Quotas;
use self::recent::Recent;
use crate::clock::Clock;
use crate::error::{Error, Kind, Result};
use crate::exchange::{CacheStatus, Entry, Form, Mode};
use crate::store::Store;

/// The pipeline and everything it owns.
pub struct Pipeline {
    clock: Arc<dyn Clock>,
    store: Arc<dyn Store>,
    /// Looking up and keeping.
    pub cache: Cache,
    flights: Arc<Flights>,
    /// Who may go on.
    pub limits: Limits,
    quotas: Quotas,
    /// What may be spent.
    pub budgets: Budgets,
    /// The books.
    pub ledger: Ledger,
    /// What happens, as it happens.
    pub pulse: Arc<Pulse>,
    recent: Recent,
    /// What had no answer where nothing may be called.
    pub missed: Missed,
    /// Which providers are left alone.
    pub breakers: Breakers,
    /// Calls.
    tasks: TaskTracker,
    /// Askers on their way to a call or an answer.
    askers: TaskTracker,
    cassettes: Cassettes,
}

impl Pipeline {
    /// A pipeline over a store, with a first tier of `memory_size` bytes.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, memory_size: u64) -> Arc<Pipeline> {
        let pulse = Arc::<Pulse>::default();
        Arc::new(Pipeline {
            cache: Cache::new(Arc::clone(&store), Arc::clone(&clock), memory_size, Arc::clone(&pulse)),
            flights: Arc::default(),
            limits: Limits::new(Arc::clone(&store), Arc::clone(&clock)),
            quotas: Quotas::new(Arc::clone(&store), Arc::clone(&clock)),
            budgets: Budgets::new(Arc::clone(&store), Arc::clone(&clock)),
            ledger: Ledger::new(Arc::clone(&store), Arc::clone(&clock), Arc::clone(&pulse)),
            pulse,
            recent: Recent::default(),
            missed: Missed::default(),
            breakers: Breakers::new(Arc::clone(&clock)),
            tasks: TaskTracker::new(),
            askers: TaskTracker::new(),
            cassettes: Cassettes::default(),
            store,
            clock,
        })
    }

    /// The clock all decisions are made by.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// The store behind it all.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// Calls in the air.
    pub fn in_flight(&self) -> usize {
        self.tasks.len()
    }

    /// Announces an asker: while its token is held, a pipeline that drains waits for what it may yet call.
    pub fn expect_asker(&self) -> TaskTrackerToken {
        self.askers.token()
    }

    /// Fails where a cassette is there and cannot be read.
    pub async fn check_cassette(&self, path: &Path) -> Result<()> {
        self.cassettes.at(path).check().await
    }

    /// Answers one exchange.
    pub async fn answer(self: &Arc<Self>, exchange: Exchange) -> Result<Answer> {
        self.answer_shared(&Arc::new(exchange)).await
    }

    async fn answer_shared(self: &Arc<Self>, exchange: &Arc<Exchange>) -> Result<Answer> {
        let answer = self.find_answer(exchange, Instant::now()).await;
        if let Err(error) = &answer {
            self.ledger.failed(exchange.account(), error);
        }
        answer
    }

    async fn find_answer(self: &Arc<Self>, exchange: &Arc<Exchange>, started: Instant) -> Result<Answer> {
        if !self.passes_by(exchange)
            && let Some(items) = long::beside_everybody(exchange.body.len(), || Items::of(exchange))?
        {
            return Box::pin(self.answer_by_items(items, started)).await;
        }
        let fingerprint = long::beside_everybody(exchange.body.len(), || key::fingerprint(&exchange.identity()))?;
        let Some(path) = exchange.policy.cassette.as_ref().filter(|_| !self.passes_by(exchange)) else {
            return self.answer_by_cache(exchange, fingerprint, started).await;
        };
        let (cassette, key, mode) = (self.cassettes.at(path), fingerprint.key, exchange.policy.mode);
        if mode != Mode::Refresh
            && let Some(entry) = cassette.find(&fingerprint).await?.filter(|entry| exchange.takes(entry))
        {
            let status = if mode == Mode::Replay { CacheStatus::Replay } else { CacheStatus::Hit };
            return Ok(self.serve(exchange, fingerprint, entry, status, started));
        }
        if mode == Mode::Refresh {
            cassette.check().await?;
        }
        if mode == Mode::Replay {
            return Err(self.missed(exchange, &fingerprint, cassette.miss(&fingerprint).await));
        }
        let mut answer = self.answer_by_cache(exchange, fingerprint, started).await?;
        match &mut answer.source {
            Source::Whole(landed) => cassette.record(key, landed).await,
            Source::Live(live) => live.record_in(cassette, key),
        }
        Ok(answer)
    }

    async fn answer_by_cache(
        self: &Arc<Self>,
        exchange: &Arc<Exchange>,
        fingerprint: Fingerprint,
        started: Instant,
    ) -> Result<Answer> {
        let mode = exchange.policy.mode;
        let landings = self.flights.landings();

        let spare = match self.look_up(exchange, &fingerprint).await {
            Found::Serve(entry, status) => {
                self.admit_hit(exchange).await?;
                return Ok(self.serve(exchange, fingerprint, entry, status, started));
            }
            Found::Spare(entry) => Some(entry),
            Found::Nothing => None,
        };
        if mode == Mode::Replay {
            return Err(self.missed(exchange, &fingerprint, replay_miss(exchange, &fingerprint)));
        }

        let found_stale = spare.as_ref().is_some_and(|entry| entry.facts.fresh_until() <= self.clock.now());
        loop {
            let (listener, status) = if self.passes_by(exchange) {
                let departure = Flights::alone(exchange.terms());
                (self.depart(exchange, &fingerprint, departure, CacheStatus::Bypass, false), CacheStatus::Bypass)
            } else {
                match self.flights.join(FlightId::of(exchange, &fingerprint), exchange.terms()) {
                    Place::Follower(listener) => (listener, CacheStatus::Coalesced),
                    Place::Leader(departure) => {
                        let status = if mode == Mode::Refresh { CacheStatus::Refresh } else { CacheStatus::Miss };
                        // Between the look-up and this place the flight of an equal prompt may have landed.
                        let look_again = mode == Mode::Auto && self.flights.landings() != landings;
                        (self.depart(exchange, &fingerprint, departure, status, look_again), status)
                    }
                }
            };
            let waiting = Waiting { listener, status, spare: spare.clone(), started };
            if let Some(answer) = self.wait_for(exchange, fingerprint.clone(), waiting).await? {
                let is_miss = answer.status == CacheStatus::Miss;
                let detail = is_miss.then(|| self.recent.why_missed(&fingerprint)).flatten();
                return Ok(Answer { detail, found_stale, ..answer });
            }
        }
    }

    /// Notes a call that nothing answers, for its run to tell.
    fn missed(&self, exchange: &Exchange, fingerprint: &Fingerprint, error: Error) -> Error {
        let model = || format!("{}/{}", exchange.provider.name, exchange.model);
        self.missed.note(&exchange.run, fingerprint.key, model, &error);
        error
    }

    /// Hits cost nothing, and so spend nothing, unless they are to.
    async fn admit_hit(&self, exchange: &Exchange) -> Result<()> {
        let (subject, rates) = (&exchange.subject, &exchange.rates);
        if rates.count_hits {
            self.limits.admit(subject, admit::Class::Llm, rates, exchange.wait).await?;
        }
        Ok(())
    }

    /// Whether the cache has no part in this call.
    fn passes_by(&self, exchange: &Exchange) -> bool {
        exchange.policy.mode == Mode::Off || exchange.is_stateful
    }

    async fn look_up(self: &Arc<Self>, exchange: &Arc<Exchange>, fingerprint: &Fingerprint) -> Found {
        if matches!(exchange.policy.mode, Mode::Refresh | Mode::Off) {
            return Found::Nothing;
        }
        let found = self.judged(exchange, fingerprint).await;
        if let Found::Serve(entry, CacheStatus::Stale) = &found
            && judge::judge(&entry.facts, &exchange.policy, self.clock.now()) != Verdict::Accepted
        {
            self.revalidate(exchange, fingerprint);
        }
        found
    }

    /// What is kept, and what it is good for.
    async fn judged(&self, exchange: &Exchange, fingerprint: &Fingerprint) -> Found {
        let policy = &exchange.policy;
        let Some(entry) = self.cache.look_up(fingerprint).await else { return Found::Nothing };
        // Kept answers were checked when they were kept; whoever wrote this one may have had other rules.
        if !judge::is_worth_keeping(&entry.facts.finish, entry.body.is_empty(), true) || !exchange.takes(&entry) {
            return Found::Nothing;
        }
        match judge::judge(&entry.facts, policy, self.clock.now()) {
            Verdict::Fresh if policy.mode == Mode::Replay => Found::Serve(entry, CacheStatus::Replay),
            Verdict::Fresh => Found::Serve(entry, CacheStatus::Hit),
            Verdict::Accepted | Verdict::StaleWhileRevalidate => Found::Serve(entry, CacheStatus::Stale),
            Verdict::StaleIfError => Found::Spare(entry),
            Verdict::Unusable => Found::Nothing,
        }
    }

    /// Fetches a new answer for whoever asks next, unless that is in the air already.
    fn revalidate(self: &Arc<Self>, exchange: &Arc<Exchange>, fingerprint: &Fingerprint) {
        if let Place::Leader(departure) = self.flights.join(FlightId::of(exchange, fingerprint), exchange.terms()) {
            self.depart(exchange, fingerprint, departure, CacheStatus::Refresh, false);
        }
    }

    fn serve(
        &self,
        exchange: &Exchange,
        fingerprint: Fingerprint,
        entry: Arc<Entry>,
        status: CacheStatus,
        started: Instant,
    ) -> Answer {
        self.cache.touch(fingerprint.key);
        self.ledger.served(exchange.account(), status, &entry.facts, started.elapsed());
        Answer::of(status, fingerprint, Source::Whole(Landed::found(entry)), started)
    }

    /// The answer of a flight. `None` where it failed on another asker's terms, and this one's own are better.
    async fn wait_for(
        self: &Arc<Self>,
        exchange: &Exchange,
        fingerprint: Fingerprint,
        waiting: Waiting,
    ) -> Result<Option<Answer>> {
        let Waiting { mut listener, status, spare, started } = waiting;
        let end = Counting { pipeline: Arc::clone(self), account: exchange.account(), status, started };
        let (has_joined, terms) = (status == CacheStatus::Coalesced, listener.flight().terms().clone());
        // A call that waits for its place does so for as long as its first asker would. Nobody is cut who has one.
        let waits_less = has_joined && terms.subject == exchange.subject && exchange.wait < terms.wait;
        let patience = OptionFuture::from(waits_less.then(|| listener.out_of_patience(exchange.wait)));
        let hearing = async {
            match exchange.form {
                Form::Plain => Heard::End(listener.outcome().await),
                Form::Stream => listener.hear().await,
            }
        };
        let heard = tokio::select! {
            biased;
            heard = hearing => heard,
            Some(()) = patience => {
                return Err(self.limits.refusal(&exchange.subject, admit::Class::Llm, &exchange.rates));
            }
        };
        let outcome = match heard {
            Heard::End(outcome) => outcome,
            chunk @ Heard::Chunk(_) => {
                let live = Live { first: Some(chunk), listener, end, recorded_in: None };
                return Ok(Some(Answer::of(status, fingerprint, Source::Live(Box::new(live)), started)));
            }
        };
        match outcome {
            Ok(landed) if landed.found => {
                Ok(Some(self.serve(exchange, fingerprint, landed.entry, CacheStatus::Hit, started)))
            }
            Ok(landed) => {
                end.count(&Ok(landed.clone()));
                Ok(Some(Answer::of(status, fingerprint, Source::Whole(landed), started)))
            }
            Err(error) if has_joined && terms.are_worse_than(&exchange.terms(), &error) => Ok(None),
            Err(error) => match spare {
                Some(entry) if judge::provider_is_down(&error) => {
                    tracing::warn!(%error, "the provider is failing and a stale answer stands in");
                    Ok(Some(self.serve(exchange, fingerprint, entry, CacheStatus::Stale, started)))
                }
                _ => Err(error),
            },
        }
    }
}

enum Found {
    Serve(Arc<Entry>, CacheStatus),
    Spare(Arc<Entry>),
    Nothing,
}

struct Waiting {
    listener: Listener,
    status: CacheStatus,
    spare: Option<Arc<Entry>>,
    started: Instant,
}

fn replay_miss(exchange: &Exchange, fingerprint: &Fingerprint) -> Error {
    let (name, namespace) = (&exchange.provider.name, &exchange.policy.namespace);
    let key = fingerprint.key.to_string();
    Error::new(Kind::ReplayMiss, format!("no answer is kept for this prompt to `{name}/{}`", exchange.model))
        .because(format!("key {} in namespace `{namespace}`", &key[..12]))
        .hint("ask once with `--mode auto` to record it; `llmc cache list` shows what is kept")
}
