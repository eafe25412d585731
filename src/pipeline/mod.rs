//! The one way of an exchange, whatever the door it came by:
//!
//! key → look up → \[hit: answer\] → join the flight → admit → provider → keep → count → answer.
//!
//! Knows no door and no vendor: a [`Dialect`](crate::provider::Dialect) says what bytes mean.

pub mod admit;
mod cache;
mod call;
pub mod canonical;
pub mod entry;
pub mod flight;
pub mod histogram;
mod house;
pub mod judge;
pub mod key;
pub mod ledger;
pub mod long;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio_util::task::TaskTracker;
use xxhash_rust::xxh3::xxh3_64;

pub use self::call::foreseen_usage;

use self::admit::Limits;
use self::cache::Cache;
use self::flight::{FlightId, Flights, Heard, Landed, Listener, Place};
use self::judge::Verdict;
use self::key::{Fingerprint, Identity};
use self::ledger::{Account, Ledger};
use crate::clock::Clock;
use crate::config::secret::Secret;
use crate::config::settings::{RateLimitSettings, RetrySettings};
use crate::error::{Error, Kind, Result};
use crate::exchange::{CachePolicy, CacheStatus, Entry, Form, Mode, Operation};
use crate::money::Usd;
use crate::provider::registry::{Provider, Registry};
use crate::store::Store;

/// One call, with everything that decides how it is answered.
#[derive(Clone)]
pub struct Exchange {
    /// Who is asked.
    pub provider: Arc<Provider>,
    /// Knows what models cost.
    pub registry: Arc<Registry>,
    /// The model asked for.
    pub model: String,
    /// What is asked.
    pub operation: Operation,
    /// The body in its plain form.
    pub body: Bytes,
    /// How the asker wants the answer.
    pub form: Form,
    /// How the cache may be used.
    pub policy: CachePolicy,
    /// The key that came with the request.
    pub key: SentKey,
    /// The asker's limits.
    pub rates: RateLimitSettings,
    /// How often a call is tried.
    pub retry: RetrySettings,
    /// Whose limits they are.
    pub subject: String,
    /// The run it is counted for, or empty.
    pub run: String,
    /// How long to wait for a place within the limits.
    pub wait: Duration,
    /// Do not call where the estimate is above this.
    pub max_cost: Option<Usd>,
}

/// What the asker said of the provider's key.
#[derive(Clone, Debug, PartialEq)]
pub enum SentKey {
    /// This one.
    Given(Secret),
    /// The asker looked and has none; only a configured command or file may help.
    NotFound,
    /// The asker does not deal in keys; the daemon's own environment counts too.
    Unsaid,
}

impl Exchange {
    /// What its key is made of.
    pub fn identity(&self) -> Identity<'_> {
        Identity {
            namespace: &self.policy.namespace,
            kind: self.provider.dialect.kind(),
            base_url: &self.provider.base_url,
            operation: self.operation,
            body: &self.body,
            sample: self.policy.sample,
        }
    }

    /// Who it is counted for.
    pub fn account(&self) -> Account {
        Account {
            provider: self.provider.name.clone(),
            model: self.model.clone(),
            namespace: self.policy.namespace.clone(),
            run: self.run.clone(),
        }
    }

    fn body_members(&self) -> Result<serde_json::Map<String, serde_json::Value>> {
        serde_json::from_slice(&self.body)
            .map_err(|error| Error::new(Kind::Usage, "cannot read the request body").because(error))
    }
}

/// An answer on its way to the asker.
pub struct Answer {
    /// How it came about.
    pub status: CacheStatus,
    /// What it is kept under.
    pub fingerprint: Fingerprint,
    /// The answer itself.
    pub source: Source,
    /// When the asker asked.
    pub started: Instant,
}

/// Where the bytes of an answer come from.
pub enum Source {
    /// All is there.
    Whole(Landed),
    /// Bytes are still coming; only where a stream was asked for.
    Live(Live),
}

/// A stream in the air, counted when it ends.
pub struct Live {
    first: Option<Heard>,
    listener: Listener,
    end: Counting,
}

impl Live {
    /// The next piece, or the end.
    pub async fn hear(&mut self) -> Heard {
        let heard = match self.first.take() {
            Some(heard) => heard,
            None => self.listener.hear().await,
        };
        if let Heard::End(outcome) = &heard {
            self.end.count(outcome);
        }
        heard
    }
}

/// Counts what came of a flight for one asker.
struct Counting {
    pipeline: Arc<Pipeline>,
    account: Account,
    status: CacheStatus,
    started: Instant,
}

impl Counting {
    fn count(&self, outcome: &Result<Landed>) {
        match outcome {
            // The call itself is counted by its flight, so that it is counted even if nobody waits for it.
            Ok(landed) if self.status == CacheStatus::Coalesced => {
                let ledger = &self.pipeline.ledger;
                ledger.served(&self.account, self.status, &landed.entry.facts, self.started.elapsed());
            }
            Ok(_) => {}
            Err(error) => self.pipeline.ledger.failed(&self.account, error),
        }
    }
}

/// What would happen to an exchange.
pub struct Foresight {
    /// What it would be kept under.
    pub fingerprint: Fingerprint,
    /// `Hit`, `Stale` or `Miss` (or what the mode makes of it).
    pub status: CacheStatus,
    /// The answer that would be served.
    pub entry: Option<Arc<Entry>>,
}

/// The pipeline and everything it owns.
pub struct Pipeline {
    clock: Arc<dyn Clock>,
    store: Arc<dyn Store>,
    /// Looking up and keeping.
    pub cache: Cache,
    flights: Arc<Flights>,
    /// Who may go on.
    pub limits: Limits,
    /// The books.
    pub ledger: Ledger,
    tasks: TaskTracker,
}

impl Pipeline {
    /// A pipeline over a store, with a first tier of `memory_size` bytes.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, memory_size: u64) -> Arc<Pipeline> {
        Arc::new(Pipeline {
            cache: Cache::new(Arc::clone(&store), Arc::clone(&clock), memory_size),
            flights: Arc::default(),
            limits: Limits::new(Arc::clone(&store), Arc::clone(&clock)),
            ledger: Ledger::new(Arc::clone(&store), Arc::clone(&clock)),
            tasks: TaskTracker::new(),
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

    /// Answers one exchange.
    pub async fn answer(self: &Arc<Self>, exchange: Exchange) -> Result<Answer> {
        let started = Instant::now();
        let exchange = Arc::new(exchange);
        let answer = self.find_answer(&exchange, started).await;
        if let Err(error) = &answer {
            self.ledger.failed(&exchange.account(), error);
        }
        answer
    }

    async fn find_answer(self: &Arc<Self>, exchange: &Arc<Exchange>, started: Instant) -> Result<Answer> {
        let fingerprint = long::beside_everybody(exchange.body.len(), || key::fingerprint(&exchange.identity()))?;
        let mode = exchange.policy.mode;
        let landings = self.flights.landings();

        let spare = match self.look_up(exchange, &fingerprint).await? {
            Found::Serve(entry, status) => {
                if exchange.rates.count_hits {
                    let (subject, rates) = (&exchange.subject, &exchange.rates);
                    self.limits.admit(subject, admit::Class::Llm, rates, exchange.wait).await?;
                }
                return Ok(self.serve(exchange, fingerprint, entry, status, started));
            }
            Found::Spare(entry) => Some(entry),
            Found::Nothing => None,
        };
        if mode == Mode::Replay {
            return Err(replay_miss(exchange, &fingerprint));
        }
        call::refuse_dear(exchange)?;

        let (listener, status) = if self.passes_by(exchange)? {
            (self.depart(exchange, &fingerprint, Flights::alone(), CacheStatus::Bypass), CacheStatus::Bypass)
        } else {
            match self.flights.join(flight_id(exchange, &fingerprint)) {
                Place::Follower(listener) => (listener, CacheStatus::Coalesced),
                Place::Leader(departure) => {
                    // Between the look-up and this place the flight of an equal prompt may have landed.
                    if mode == Mode::Auto
                        && self.flights.landings() != landings
                        && let Found::Serve(entry, status) = self.look_up(exchange, &fingerprint).await?
                    {
                        departure.cancel(landed(&entry));
                        return Ok(self.serve(exchange, fingerprint, entry, status, started));
                    }
                    let status = if mode == Mode::Refresh { CacheStatus::Refresh } else { CacheStatus::Miss };
                    (self.depart(exchange, &fingerprint, departure, status), status)
                }
            }
        };
        let waiting = Waiting { listener, status, spare, started };
        self.wait_for(exchange, fingerprint, waiting).await
    }

    /// Whether the cache has no part in this call.
    fn passes_by(&self, exchange: &Exchange) -> Result<bool> {
        let dialect = exchange.provider.dialect;
        Ok(exchange.policy.mode == Mode::Off || dialect.is_stateful(&exchange.body_members()?))
    }

    async fn look_up(self: &Arc<Self>, exchange: &Arc<Exchange>, fingerprint: &Fingerprint) -> Result<Found> {
        let policy = &exchange.policy;
        if matches!(policy.mode, Mode::Refresh | Mode::Off) {
            return Ok(Found::Nothing);
        }
        let Some(entry) = self.cache.look_up(fingerprint).await else {
            return Ok(Found::Nothing);
        };
        // Kept answers were checked when they were kept; whoever wrote this one may have had other rules.
        if !judge::is_worth_keeping(&entry.facts.finish, entry.body.is_empty(), true) {
            return Ok(Found::Nothing);
        }
        Ok(match judge::judge(&entry.facts, policy, self.clock.now()) {
            Verdict::Fresh if policy.mode == Mode::Replay => Found::Serve(entry, CacheStatus::Replay),
            Verdict::Fresh => Found::Serve(entry, CacheStatus::Hit),
            Verdict::StaleWhileRevalidate => {
                self.revalidate(exchange, fingerprint);
                Found::Serve(entry, CacheStatus::Stale)
            }
            Verdict::StaleIfError => Found::Spare(entry),
            Verdict::Unusable => Found::Nothing,
        })
    }

    /// Fetches a new answer for whoever asks next, unless that is in the air already.
    fn revalidate(self: &Arc<Self>, exchange: &Arc<Exchange>, fingerprint: &Fingerprint) {
        if let Place::Leader(departure) = self.flights.join(flight_id(exchange, fingerprint)) {
            self.depart(exchange, fingerprint, departure, CacheStatus::Refresh);
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
        self.ledger.served(&exchange.account(), status, &entry.facts, started.elapsed());
        Answer { status, fingerprint, source: Source::Whole(landed(&entry)), started }
    }

    async fn wait_for(
        self: &Arc<Self>,
        exchange: &Exchange,
        fingerprint: Fingerprint,
        waiting: Waiting,
    ) -> Result<Answer> {
        let Waiting { mut listener, status, spare, started } = waiting;
        let end = Counting { pipeline: Arc::clone(self), account: exchange.account(), status, started };
        let heard = match exchange.form {
            Form::Plain => Heard::End(listener.outcome().await),
            Form::Stream => listener.hear().await,
        };
        let outcome = match heard {
            Heard::End(outcome) => outcome,
            chunk @ Heard::Chunk(_) => {
                let live = Live { first: Some(chunk), listener, end };
                return Ok(Answer { status, fingerprint, source: Source::Live(live), started });
            }
        };
        match outcome {
            Ok(landed) => {
                end.count(&Ok(landed.clone()));
                Ok(Answer { status, fingerprint, source: Source::Whole(landed), started })
            }
            Err(error) => match spare {
                Some(entry) if judge::provider_is_down(&error) => {
                    tracing::warn!(%error, "the provider is failing and a stale answer stands in");
                    Ok(self.serve(exchange, fingerprint, entry, CacheStatus::Stale, started))
                }
                _ => Err(error),
            },
        }
    }

    /// What would happen, without doing any of it.
    pub async fn foresee(&self, exchange: &Exchange) -> Result<Foresight> {
        let fingerprint = long::beside_everybody(exchange.body.len(), || key::fingerprint(&exchange.identity()))?;
        let policy = &exchange.policy;
        let (status, entry) = match policy.mode {
            Mode::Off => (CacheStatus::Bypass, None),
            Mode::Auto | Mode::Refresh if self.passes_by(exchange)? => (CacheStatus::Bypass, None),
            Mode::Refresh => (CacheStatus::Refresh, None),
            Mode::Auto | Mode::Replay => match self.cache.look_up(&fingerprint).await {
                Some(entry) => match judge::judge(&entry.facts, policy, self.clock.now()) {
                    Verdict::Fresh if policy.mode == Mode::Replay => (CacheStatus::Replay, Some(entry)),
                    Verdict::Fresh => (CacheStatus::Hit, Some(entry)),
                    Verdict::StaleWhileRevalidate => (CacheStatus::Stale, Some(entry)),
                    Verdict::StaleIfError | Verdict::Unusable => (CacheStatus::Miss, None),
                },
                None => (CacheStatus::Miss, None),
            },
        };
        Ok(Foresight { fingerprint, status, entry })
    }

    /// Moves the cache's own failures into the books.
    fn note_failures(&self) {
        let failures = self.cache.store_failures.swap(0, Ordering::Relaxed);
        self.ledger.noticed(ledger::field::STORE_FAILURES, failures);
        self.ledger.noticed(ledger::field::DAMAGED, self.cache.damaged.swap(0, Ordering::Relaxed));
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

fn landed(entry: &Arc<Entry>) -> Landed {
    Landed { entry: Arc::clone(entry), kept: true, warning: None }
}

fn flight_id(exchange: &Exchange, fingerprint: &Fingerprint) -> FlightId {
    let payer = match &exchange.key {
        SentKey::Given(secret) => xxh3_64(secret.reveal().as_bytes()),
        SentKey::NotFound => 1,
        SentKey::Unsaid => 2,
    };
    FlightId { key: fingerprint.key, payer }
}

fn replay_miss(exchange: &Exchange, fingerprint: &Fingerprint) -> Error {
    let (name, namespace) = (&exchange.provider.name, &exchange.policy.namespace);
    let key = fingerprint.key.to_string();
    Error::new(Kind::ReplayMiss, format!("no answer is kept for this prompt to `{name}/{}`", exchange.model))
        .because(format!("key {} in namespace `{namespace}`", &key[..12]))
        .hint("ask once with `--mode auto` to record it; `llmc cache list` shows what is kept")
}
