//! The books: every answered request is counted once, in integers, and reaches the store within a second.
//!
//! `baseline = spent + saved`, always: each answer adds its cost to the baseline and to exactly one of the two.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;

use super::histogram;
use super::pulse::{Happening, Outcome, Pulse};
use crate::clock::Clock;
use crate::error::{Error, Kind, LimitedBy, Result};
use crate::exchange::{CacheStatus, Facts};
use crate::money::Usd;
use crate::store::{Count, Slot, Store};

/// Names of the counters, as stored.
pub mod field {
    /// Fresh answers from the cache, replayed ones among them.
    pub const HITS: &str = "hits";
    /// Calls made because nothing was kept.
    pub const MISSES: &str = "misses";
    /// Answers that shared the call of an equal prompt.
    pub const COALESCED: &str = "coalesced";
    /// Answers past their freshness.
    pub const STALE: &str = "stale";
    /// Calls made because a new answer was asked for.
    pub const REFRESHED: &str = "refreshed";
    /// Calls that left the cache alone.
    pub const BYPASSED: &str = "bypassed";
    /// Requests that passed through as they are.
    pub const PASSED: &str = "passed";
    /// Requests refused by llmc's own limits.
    pub const RATE_LIMITED: &str = "rate_limited";
    /// Requests that failed otherwise.
    pub const ERRORS: &str = "errors";
    /// What all answers would have cost without a cache, in nano-dollars.
    pub const BASELINE: &str = "baseline_nanos";
    /// What calls cost, in nano-dollars.
    pub const SPENT: &str = "spent_nanos";
    /// What cached answers did not cost, in nano-dollars.
    pub const SAVED: &str = "saved_nanos";
    /// Tokens of cached answers.
    pub const SAVED_TOKENS: &str = "saved_tokens";
    /// Tokens of calls.
    pub const SPENT_TOKENS: &str = "spent_tokens";
    /// Milliseconds askers did not wait.
    pub const SAVED_MILLIS: &str = "saved_millis";
    /// Cached answers of models without a price.
    pub const UNPRICED_HITS: &str = "unpriced_hits";
    /// Calls to models without a price.
    pub const UNPRICED_CALLS: &str = "unpriced_calls";
    /// Start of the names of the buckets of hit latency.
    pub const HIT_LATENCY: &str = "hit_us.";
    /// Start of the names of the buckets of call latency.
    pub const CALL_LATENCY: &str = "call_us.";
    /// Entries removed to stay within the size.
    pub const EVICTIONS: &str = "evictions";
    /// Look-ups and writes the store failed.
    pub const STORE_FAILURES: &str = "store_failures";
    /// Entries that could not be opened.
    pub const DAMAGED: &str = "damaged";
}

/// Who a request is counted for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Who answers.
    pub provider: String,
    /// The model asked for.
    pub model: String,
    /// The tenant.
    pub namespace: String,
    /// The run, or empty.
    pub run: String,
    /// The request, as log and answer name it.
    pub request: Arc<str>,
    /// What was asked, for listeners that want to see its beginning.
    pub body: Bytes,
}

/// The name of a counter: a word, or the bucket of a histogram.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    Word(&'static str),
    Bucket(&'static str, u32),
}

impl fmt::Display for Name {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Name::Word(word) => out.write_str(word),
            Name::Bucket(histogram, bucket) => write!(out, "{histogram}{bucket}"),
        }
    }
}

/// The counters of a slot are a dozen: a list is searched sooner than a name is hashed.
type Pending = HashMap<Slot, Vec<(Name, i64)>>;

/// Counters not yet in the store, and the store.
pub struct Ledger {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    pulse: Arc<Pulse>,
    pending: Mutex<Pending>,
    /// Handed in, and not known to be taken: handed in again under the same name, so that it counts once.
    handed_in: tokio::sync::Mutex<Option<Batch>>,
}

struct Batch {
    name: String,
    counts: Vec<Count>,
}

impl Ledger {
    /// Books kept in `store`. What is counted is told to `pulse`.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, pulse: Arc<Pulse>) -> Ledger {
        Ledger { store, clock, pulse, pending: Mutex::default(), handed_in: tokio::sync::Mutex::default() }
    }

    /// Counts an answer that cost its asker nothing; `took` is how long llmc needed.
    pub fn served(&self, account: Account, status: CacheStatus, facts: &Facts, took: Duration) {
        let (name, outcome) = match status {
            CacheStatus::Coalesced => (field::COALESCED, Outcome::Coalesced),
            CacheStatus::Stale => (field::STALE, Outcome::Stale),
            _ => (field::HITS, Outcome::Hit),
        };
        let cost = facts.cost.unwrap_or_default().0;
        let tokens = i64::try_from(facts.usage.total()).unwrap_or(i64::MAX);
        // Who joins a call in the air waits for it like everybody else.
        let saved = if status == CacheStatus::Coalesced { Duration::ZERO } else { facts.latency.saturating_sub(took) };
        let is_timed = status != CacheStatus::Coalesced;
        let counts = [
            (Name::Word(name), 1),
            (Name::Word(field::BASELINE), cost),
            (Name::Word(field::SAVED), cost),
            (Name::Word(field::SAVED_TOKENS), tokens),
            (Name::Word(field::SAVED_MILLIS), i64::try_from(saved.as_millis()).unwrap_or(i64::MAX)),
            (Name::Word(field::UNPRICED_HITS), i64::from(facts.cost.is_none())),
            (Name::Bucket(field::HIT_LATENCY, histogram::bucket(took)), i64::from(is_timed)),
        ];
        self.add(&account, &counts);
        self.pulse.note(Happening {
            latency: Some(took),
            cost: Some(Usd::default()),
            saved: facts.cost,
            saved_time: saved,
            tokens: facts.usage.total(),
            ..self.happening(account, outcome)
        });
    }

    /// Counts a call that was paid for, whoever is still there to hear the answer.
    pub fn called(&self, account: Account, status: CacheStatus, facts: &Facts) {
        self.called_for(account, status, facts, 1);
    }

    /// The same for a call that answers so many items, each of which counts.
    pub fn called_for(&self, account: Account, status: CacheStatus, facts: &Facts, items: usize) {
        let (name, outcome) = match status {
            CacheStatus::Refresh => (field::REFRESHED, Outcome::Refresh),
            CacheStatus::Bypass => (field::BYPASSED, Outcome::Bypass),
            _ => (field::MISSES, Outcome::Miss),
        };
        let cost = facts.cost.unwrap_or_default().0;
        let counts = [
            (Name::Word(name), i64::try_from(items).unwrap_or(i64::MAX)),
            (Name::Word(field::BASELINE), cost),
            (Name::Word(field::SPENT), cost),
            (Name::Word(field::SPENT_TOKENS), i64::try_from(facts.usage.total()).unwrap_or(i64::MAX)),
            (Name::Word(field::UNPRICED_CALLS), i64::from(facts.cost.is_none())),
            (Name::Bucket(field::CALL_LATENCY, histogram::bucket(facts.latency)), 1),
        ];
        self.add(&account, &counts);
        self.pulse.note(Happening {
            latency: Some(facts.latency),
            cost: facts.cost,
            saved: Some(Usd::default()),
            tokens: facts.usage.total(),
            times: u64::try_from(items).unwrap_or(u64::MAX),
            ..self.happening(account, outcome)
        });
    }

    /// Counts a request that passed through; what it cost nobody here knows.
    pub fn passed(&self, account: Account) {
        self.add(&account, &[(Name::Word(field::PASSED), 1)]);
        self.pulse.note(self.happening(account, Outcome::Passed));
    }

    /// Counts a request that got no answer.
    pub fn failed(&self, account: Account, error: &Error) {
        let ours =
            matches!(error.kind(), Kind::RateLimit | Kind::Budget) && error.limited_by_value() == Some(LimitedBy::Llmc);
        let (name, outcome) =
            if ours { (field::RATE_LIMITED, Outcome::Limited) } else { (field::ERRORS, Outcome::Failed) };
        self.add(&account, &[(Name::Word(name), 1)]);
        self.pulse.note(Happening { failed: Some(error.kind()), ..self.happening(account, outcome) });
    }

    /// One of which nothing else is known.
    fn happening(&self, account: Account, outcome: Outcome) -> Happening {
        Happening {
            at: self.clock.now(),
            account,
            outcome,
            latency: None,
            cost: None,
            saved: None,
            saved_time: Duration::ZERO,
            tokens: 0,
            times: 1,
            failed: None,
            prompt: None,
        }
    }

    /// Counts something that belongs to nobody.
    pub fn noticed(&self, field: &'static str, times: u64) {
        if times > 0 {
            self.add(&Account::default(), &[(Name::Word(field), i64::try_from(times).unwrap_or(i64::MAX))]);
        }
    }

    fn add(&self, account: &Account, counts: &[(Name, i64)]) {
        let Account { provider, model, namespace, run, request: _, body: _ } = account;
        let slot = Slot {
            hour: self.clock.now().hour(),
            provider: provider.clone(),
            model: model.clone(),
            namespace: namespace.clone(),
            run: run.clone(),
        };
        let mut pending = self.pending();
        let sums = pending.entry(slot).or_default();
        for &(name, by) in counts.iter().filter(|(_, by)| *by != 0) {
            match sums.iter_mut().find(|(known, _)| *known == name) {
                Some((_, sum)) => *sum = sum.saturating_add(by),
                None => sums.push((name, by)),
            }
        }
    }

    /// Writes what is pending. What the store does not take, or whoever waits for it gives up, is written the next time.
    pub async fn flush(&self) -> Result<()> {
        let mut handed_in = self.handed_in.lock().await;
        self.hand_in(&mut handed_in).await
    }

    async fn hand_in(&self, handed_in: &mut Option<Batch>) -> Result<()> {
        if let Some(batch) = &*handed_in {
            self.store.count(&batch.name, batch.counts.clone()).await?;
            *handed_in = None;
        }
        let counts = listed(&std::mem::take(&mut *self.pending()));
        if counts.is_empty() {
            return Ok(());
        }
        let name = format!("{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        let batch = handed_in.insert(Batch { name, counts });
        self.store.count(&batch.name, batch.counts.clone()).await?;
        *handed_in = None;
        Ok(())
    }

    /// Every counter in slots at or after an hour, what is pending included: what the store will not take or cannot
    /// tell, as on a full disk, costs only its own part.
    pub async fn counts(&self, since_hour: u32) -> Vec<Count> {
        // Held to the end: a flush between the two readings could be missed or seen twice.
        let mut handed_in = self.handed_in.lock().await;
        let written = self.hand_in(&mut handed_in).await;
        let kept = self.store.counts(since_hour).await;
        if let Err(error) = &kept {
            tracing::warn!(%error, "statistics are those not yet written");
        }
        let mut counts = kept.unwrap_or_default();
        if let Err(error) = written {
            tracing::warn!(%error, "statistics wait to be written");
            let mut unwritten = listed(&self.pending());
            unwritten.extend(handed_in.iter().flat_map(|batch| batch.counts.clone()));
            unwritten.retain(|count| count.slot.hour >= since_hour);
            counts.extend(unwritten);
        }
        counts
    }

    /// The same for what this daemon alone counted.
    pub async fn own_counts(&self, since_hour: u32) -> Result<Vec<Count>> {
        self.flush().await?;
        self.store.own_counts(since_hour).await
    }

    /// Forgets every counter.
    pub async fn reset(&self) -> Result<()> {
        *self.handed_in.lock().await = None;
        self.pending().clear();
        self.store.reset_counts().await
    }

    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn listed(pending: &Pending) -> Vec<Count> {
    let each = |(slot, sums): (&Slot, &Vec<(Name, i64)>)| {
        let counts = sums.iter().map(|(name, by)| Count { slot: slot.clone(), field: name.to_string(), by: *by });
        counts.collect::<Vec<_>>()
    };
    pending.iter().flat_map(each).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{FakeClock, Timestamp};
    use crate::pipeline::entry::tests::entry;
    use crate::store::memory::Memory;
    use proptest::prelude::*;

    fn ledger() -> Ledger {
        Ledger::new(Arc::new(Memory::default()), Arc::new(FakeClock::at(Timestamp(7_200_000))), Arc::default())
    }

    fn sum(counts: &[Count], field: &str) -> i64 {
        counts.iter().filter(|count| count.field == field).map(|count| count.by).sum()
    }

    #[tokio::test]
    async fn what_is_pending_is_seen_at_once_and_counted_once() {
        let ledger = ledger();
        let facts = entry(b"", b"").facts;
        ledger.called(Account::default(), CacheStatus::Miss, &facts);
        assert_eq!(sum(&ledger.counts(0).await, field::MISSES), 1);
        ledger.flush().await.unwrap();
        assert_eq!(sum(&ledger.counts(0).await, field::MISSES), 1);
        assert!(ledger.counts(3).await.is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn baseline_is_spent_plus_saved(events in prop::collection::vec((0u8..7, any::<Option<u32>>()), 0..60)) {
            let ledger = ledger();
            for (kind, cost) in events {
                let mut facts = entry(b"", b"").facts;
                facts.cost = cost.map(|nanos| Usd(i64::from(nanos)));
                let account = Account::default();
                match kind {
                    0 => ledger.called(account, CacheStatus::Miss, &facts),
                    1 => ledger.called(account, CacheStatus::Refresh, &facts),
                    2 => ledger.called(account, CacheStatus::Bypass, &facts),
                    3 => ledger.served(account, CacheStatus::Hit, &facts, Duration::ZERO),
                    4 => ledger.served(account, CacheStatus::Coalesced, &facts, Duration::ZERO),
                    5 => ledger.served(account, CacheStatus::Stale, &facts, Duration::ZERO),
                    _ => ledger.failed(account, &Error::new(Kind::Provider, "x")),
                }
            }
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let counts = runtime.block_on(ledger.counts(0));
            prop_assert_eq!(sum(&counts, field::BASELINE), sum(&counts, field::SPENT) + sum(&counts, field::SAVED));
        }
    }
}
