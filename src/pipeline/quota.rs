//! A provider's own pace: the calls and tokens a minute and the calls at a time that the settings allow it, and the
//! pauses it asks for itself. Kept by waiting, since nobody asked to be refused for it; only a wait that is too long is
//! a refusal.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use xxhash_rust::xxh3::xxh3_64;

use super::budget::Budgets;
use super::{Exchange, foreseen_usage};
use crate::clock::{Clock, Timestamp};
use crate::config::secret::Secret;
use crate::config::settings::{Pace, WhenStoreDown};
use crate::error::{Error, Kind, LimitedBy, Result};
use crate::money::Usd;
use crate::store::memory::Memory;
use crate::store::{Allowance, Limit, Reservation, Settlement, Store};

/// So long a place is waited for, where the asker would wait no longer.
const PATIENCE: Duration = Duration::from_secs(60);

const MINUTE: Duration = Duration::from_secs(60);

/// The grain of the tokens' window: a sum begins with each of these slots.
const SLOT: u64 = 10_000;

/// Slots that any minute touches, which is one more than it is long.
const SLOTS: u64 = 7;

/// How often it is asked again for tokens, of which some may be given back at any time.
const AGAIN: Duration = Duration::from_millis(500);

/// A place at a provider for as long as it is held.
#[derive(Default)]
pub struct Granted {
    _place: Option<OwnedSemaphorePermit>,
    tokens: Option<(String, Vec<Allowance>)>,
}

/// The paces of all providers.
pub struct Quotas {
    store: Arc<dyn Store>,
    /// Decides while the store cannot: each daemon then keeps the pace by itself.
    stand_in: Memory,
    clock: Arc<dyn Clock>,
    places: Mutex<HashMap<(String, u32), Arc<Semaphore>>>,
    pauses: Mutex<HashMap<(String, u64), Instant>>,
}

impl Quotas {
    /// Quotas kept in `store`.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Quotas {
        let (places, pauses) = (Mutex::default(), Mutex::default());
        Quotas { store, stand_in: Memory::default(), clock, places, pauses }
    }

    /// Waits for a place. Costs nothing where the settings set no pace.
    pub async fn admit(&self, exchange: &Exchange, secret: Option<&Secret>) -> Result<Granted> {
        let provider = &exchange.provider;
        let Pace { requests_per_minute, tokens_per_minute, max_concurrent } = provider.pace();
        let deadline = Instant::now() + exchange.wait.clamp(PATIENCE, super::admit::LONGEST_WAIT);
        let mut paced = Granted::default();
        if let Some(most) = max_concurrent {
            let places = self.places(&provider.name, most);
            // Fair: first come, first served.
            let place = tokio::time::timeout_at(deadline, places.acquire_owned()).await;
            let place = place.map_err(|_| refused(exchange, "max_concurrent", most, None))?;
            paced._place = place.ok();
        }
        self.wait_for_pause(exchange, secret, deadline).await?;
        if let Some(most) = requests_per_minute {
            self.wait_for_request(exchange, most, deadline).await?;
        }
        if let Some(most) = tokens_per_minute {
            paced.tokens = Some(self.wait_for_tokens(exchange, most, deadline).await?);
        }
        Ok(paced)
    }

    /// Waits for a further attempt of the same call, which is one request more.
    pub async fn admit_again(&self, exchange: &Exchange, secret: Option<&Secret>) -> Result<()> {
        let deadline = Instant::now() + exchange.wait.clamp(PATIENCE, super::admit::LONGEST_WAIT);
        self.wait_for_pause(exchange, secret, deadline).await?;
        match exchange.provider.pace().requests_per_minute {
            Some(most) => self.wait_for_request(exchange, most, deadline).await,
            None => Ok(()),
        }
    }

    /// Puts the tokens a call took in the place of those it was expected to.
    pub fn settle(&self, paced: Granted, tokens: u64, budgets: &Budgets) {
        if let Some((id, allowances)) = paced.tokens {
            budgets.hand_in(Settlement { id, allowances, actual: units(tokens) });
        }
    }

    /// Notes that a provider takes nothing from this key for a while.
    pub fn pause(&self, exchange: &Exchange, secret: Option<&Secret>, wait: Duration) {
        let mut pauses = lock(&self.pauses);
        let now = Instant::now();
        pauses.retain(|_, until| *until > now);
        let until = pauses.entry(payer(exchange, secret)).or_insert(now);
        *until = (*until).max(now + wait);
    }

    async fn wait_for_pause(&self, exchange: &Exchange, secret: Option<&Secret>, deadline: Instant) -> Result<()> {
        let payer = payer(exchange, secret);
        loop {
            let until = lock(&self.pauses).get(&payer).copied();
            let now = Instant::now();
            let Some(until) = until.filter(|until| *until > now) else { return Ok(()) };
            if until > deadline {
                let name = &exchange.provider.name;
                return Err(Error::new(Kind::RateLimit, format!("`{name}` takes no further call yet"))
                    .because("it said that a limit of its own is used up")
                    .hint("ask again later, or with a longer `--wait`")
                    .retry_after(until - now)
                    .limited_by(LimitedBy::Provider));
            }
            tokio::time::sleep_until(until).await;
        }
    }

    async fn wait_for_request(&self, exchange: &Exchange, most: u32, deadline: Instant) -> Result<()> {
        let subject = format!("provider:{}", exchange.provider.base_url);
        let limit = Limit { count: most, window: MINUTE };
        loop {
            let now = self.clock.now();
            let decision = match self.store.admit(subject.clone(), limit, now).await {
                Ok(decision) => decision,
                Err(error) => match self.away(exchange, error)? {
                    Away::Allow => return Ok(()),
                    Away::Local => self.stand_in.admit(subject.clone(), limit, now).await?,
                },
            };
            if decision.admitted {
                return Ok(());
            }
            let pause = decision.reset_at.since(now).max(Duration::from_millis(1));
            if Instant::now() + pause > deadline {
                return Err(refused(exchange, "requests_per_minute", most, Some(pause)));
            }
            tokio::time::sleep(pause).await;
        }
    }

    async fn wait_for_tokens(
        &self,
        exchange: &Exchange,
        most: u32,
        deadline: Instant,
    ) -> Result<(String, Vec<Allowance>)> {
        // What is more than a minute's worth goes when nothing else does.
        let amount = units(foreseen_usage(exchange)?.total().min(u64::from(most)));
        let span = exchange.provider.timeout.saturating_add(MINUTE);
        let id = format!("tokens:{:032x}", fastrand::u128(..));
        loop {
            let now = self.clock.now();
            let allowances = windows(&exchange.provider.base_url, most, now);
            let reservation = Reservation { id: id.clone(), allowances: allowances.clone(), amount, span };
            let reserved = match self.store.reserve(reservation.clone(), now).await {
                Ok(reserved) => reserved,
                Err(error) => match self.away(exchange, error)? {
                    Away::Allow => return Ok((id, allowances)),
                    Away::Local => self.stand_in.reserve(reservation, now).await?,
                },
            };
            if reserved.granted {
                return Ok((id, allowances));
            }
            if Instant::now() + AGAIN > deadline {
                return Err(refused(exchange, "tokens_per_minute", most, Some(Duration::from_millis(SLOT))));
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    fn away(&self, exchange: &Exchange, error: Error) -> Result<Away> {
        tracing::warn!(%error, "the pace of a provider cannot be looked up");
        match exchange.rates.when_store_down {
            WhenStoreDown::Local => Ok(Away::Local),
            WhenStoreDown::Allow => Ok(Away::Allow),
            WhenStoreDown::Deny => {
                Err(Error::new(Kind::Unreachable, "the pace of the provider cannot be looked up").because(error))
            }
        }
    }

    fn places(&self, provider: &str, most: u32) -> Arc<Semaphore> {
        let mut places = lock(&self.places);
        // After a change of the settings those of before are waited for by nobody.
        places.retain(|(name, count), places| name != provider || *count == most || Arc::strong_count(places) > 1);
        let fresh =
            || Arc::new(Semaphore::new(usize::try_from(most).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS)));
        Arc::clone(places.entry((provider.to_owned(), most)).or_insert_with(fresh))
    }
}

enum Away {
    Local,
    Allow,
}

/// The sums a call counts in: one for each span of [`SLOTS`] that holds this moment. A minute lies within one of them
/// whenever it begins, so that none has more tokens than it may.
fn windows(base_url: &str, most: u32, now: Timestamp) -> Vec<Allowance> {
    let slot = now.0 / SLOT;
    let each = (slot..slot + SLOTS).map(|last| Allowance {
        name: format!("tokens:{base_url}:{last}"),
        most: units(u64::from(most)),
        over_at: Timestamp((last + 1).saturating_mul(SLOT)),
    });
    each.collect()
}

/// A store counts in whole numbers, whatever they are of.
fn units(tokens: u64) -> Usd {
    Usd(i64::try_from(tokens).unwrap_or(i64::MAX))
}

fn payer(exchange: &Exchange, secret: Option<&Secret>) -> (String, u64) {
    let key = secret.map_or(0, |secret| xxh3_64(secret.reveal().as_bytes()));
    (exchange.provider.base_url.clone(), key)
}

fn refused(exchange: &Exchange, setting: &str, most: u32, wait: Option<Duration>) -> Error {
    let name = &exchange.provider.name;
    let error = Error::new(Kind::RateLimit, format!("no place for a call to `{name}` in time"))
        .because(format!("`{setting}` under [providers.{name}] is {most}"))
        .hint("ask with a longer `--wait`, or raise it where the provider allows more")
        .limited_by(LimitedBy::Llmc);
    match wait {
        Some(wait) => error.retry_after(wait),
        None => error,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
