//! What waits to be sent to the shared store, kept in the embedded one: `kill -9` loses none of it, and it is sent in the
//! order it came.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use crate::clock::Timestamp;
use crate::error::{Error, Kind, Result};
use crate::exchange::Key;
use crate::money::Usd;
use crate::store::{Count, Expected, Filter, Row, Settlement, Slot, Store, Written};

/// What the names of waiting letters start with.
const PREFIX: &str = "outbox:";

/// Letters read at once.
const AT_ONCE: usize = 64;

/// Nobody waits longer: a store that was away for so long has been given up.
const KEPT_FOR: Duration = Duration::from_secs(30 * 24 * 3600);

/// The longest one letter may take.
const SENT_WITHIN: Duration = Duration::from_secs(10);

/// Letters to the shared store.
pub struct Outbox {
    local: Arc<dyn Store>,
    next: AtomicU64,
    /// False only where nothing waits for certain.
    may_wait: AtomicBool,
    /// Held while an entry is kept or let go of, so that a newer one is never taken for the one that was sent.
    entries: Mutex<()>,
    /// Held while an entry is on its way to the shared store.
    on_its_way: Mutex<()>,
}

/// One thing to do at the shared store.
#[derive(Debug, Serialize, Deserialize)]
enum Letter {
    /// Keep an entry; its value lies in the embedded store.
    Put(Columns),
    /// Add to counters.
    Count { batch: String, counts: Vec<Sum> },
    /// Settle what calls cost.
    Settle(Vec<Settlement>),
}

#[derive(Debug, Serialize, Deserialize)]
struct Columns {
    key: String,
    provider: String,
    model: String,
    namespace: String,
    kept_at: Timestamp,
    fresh_until: Timestamp,
    gone_at: Timestamp,
    cost: Option<i64>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Sum {
    hour: u32,
    provider: String,
    model: String,
    namespace: String,
    run: String,
    field: String,
    by: i64,
}

/// How far sending came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Nothing waits any more.
    All,
    /// There may be more.
    Some,
}

impl Outbox {
    /// The letters that wait in `local`, those of an earlier process among them.
    pub fn new(local: Arc<dyn Store>) -> Outbox {
        Outbox {
            local,
            next: AtomicU64::new(0),
            may_wait: AtomicBool::new(true),
            entries: Mutex::default(),
            on_its_way: Mutex::default(),
        }
    }

    /// True where something may wait, so that the embedded store knows of entries the shared one does not.
    pub fn may_wait(&self) -> bool {
        self.may_wait.load(Ordering::Acquire)
    }

    /// What waits under a key; nothing where the embedded store cannot say.
    pub async fn waiting(&self, key: &Key, now: Timestamp) -> Option<Bytes> {
        if !self.may_wait() {
            return None;
        }
        self.local.get(key, now).await.ok().flatten()
    }

    /// Lets go of entries. When it returns, none of them is on its way any more, so that what is done at the shared
    /// store next comes after it.
    pub async fn forget(&self, keys: Vec<Key>) -> Result<u64> {
        let removed = self.local.remove(keys).await?;
        let _arrived = self.on_its_way.lock().await;
        Ok(removed)
    }

    /// Keeps an entry here until it can be sent. Committed when it returns.
    pub async fn put(&self, row: Row, now: Timestamp) -> Result<()> {
        let columns = Columns {
            key: row.key.to_string(),
            provider: row.provider.clone(),
            model: row.model.clone(),
            namespace: row.namespace.clone(),
            kept_at: row.kept_at,
            fresh_until: row.fresh_until,
            gone_at: row.gone_at,
            cost: row.cost.map(|cost| cost.0),
        };
        let _alone = self.entries.lock().await;
        self.local.put(row).await?;
        self.post(&Letter::Put(columns), now).await
    }

    /// Keeps increments until they can be sent.
    pub async fn count(&self, batch: &str, counts: &[Count], now: Timestamp) -> Result<()> {
        let sum = |count: &Count| {
            let Slot { hour, provider, model, namespace, run } = count.slot.clone();
            Sum { hour, provider, model, namespace, run, field: count.field.clone(), by: count.by }
        };
        let letter = Letter::Count { batch: batch.to_owned(), counts: counts.iter().map(sum).collect() };
        self.post(&letter, now).await
    }

    /// Keeps what calls cost until it can be settled.
    pub async fn settle(&self, settlements: Vec<Settlement>, now: Timestamp) -> Result<()> {
        self.post(&Letter::Settle(settlements), now).await
    }

    async fn post(&self, letter: &Letter, now: Timestamp) -> Result<()> {
        let unwritable = |error| Error::new(Kind::Other, "cannot keep what waits for the shared store").because(error);
        let value = Bytes::from(serde_json::to_vec(letter).map_err(unwritable)?);
        loop {
            // By the clock, so that letters of this process come after those of the one before it.
            let soonest = now.0.saturating_mul(1000);
            self.next.fetch_max(soonest, Ordering::AcqRel);
            let number = self.next.fetch_add(1, Ordering::AcqRel);
            let name = format!("{PREFIX}{number:020}");
            let posted = self.local.write_document(&name, value.clone(), Expected::Absent, now, now.after(KEPT_FOR));
            if let Written::Done(_) = posted.await? {
                self.may_wait.store(true, Ordering::Release);
                return Ok(());
            }
        }
    }

    /// Sends the oldest letters; stops at the first that cannot be sent now.
    pub async fn send(&self, shared: &dyn Store, now: Timestamp) -> Result<Sent> {
        // Lowered before the look, so that whatever is posted meanwhile raises it again.
        self.may_wait.store(false, Ordering::Release);
        let letters = self.local.documents(PREFIX, AT_ONCE, now).await;
        self.may_wait.store(!letters.as_ref().is_ok_and(Vec::is_empty), Ordering::Release);
        let letters = letters?;
        for letter in &letters {
            match serde_json::from_slice(&letter.value) {
                Ok(Letter::Put(columns)) => self.send_entry(columns, shared, now).await?,
                Ok(Letter::Count { batch, counts }) => {
                    in_time(shared.count(&batch, counts.into_iter().map(count).collect())).await?;
                }
                Ok(Letter::Settle(settlements)) => in_time(shared.settle(settlements, now)).await?,
                Err(error) => {
                    tracing::warn!(%error, name = letter.name, "what waits for the shared store cannot be read");
                }
            }
            self.local.remove_document(&letter.name, now).await?;
        }
        Ok(if letters.is_empty() { Sent::All } else { Sent::Some })
    }

    async fn send_entry(&self, columns: Columns, shared: &dyn Store, now: Timestamp) -> Result<()> {
        let Some(key) = Key::from_hex(&columns.key) else { return Ok(()) };
        let _on_its_way = self.on_its_way.lock().await;
        // Gone meanwhile, or purged here: then there is nothing to send.
        let Some(value) = self.local.get(&key, now).await? else { return Ok(()) };
        let sent = value.clone();
        let Columns { provider, model, namespace, kept_at, fresh_until, gone_at, cost, .. } = columns;
        let cost = cost.map(Usd);
        let row = Row { key, value, provider, model, namespace, kept_at, fresh_until, gone_at, cost };
        let there = in_time(shared.list(Filter::of(&key), now)).await?;
        if there.iter().any(|listing| listing.kept_at > kept_at) {
            tracing::debug!(%key, "somebody has kept a newer answer meanwhile");
            return self.let_go(key, &sent, now).await;
        }
        match in_time(shared.put(row)).await {
            Ok(()) => self.let_go(key, &sent, now).await,
            // It will never be taken, and must not hold up what comes after it.
            Err(error) if error.kind() == Kind::TooLarge => {
                tracing::warn!(%error, %key, "an answer stays on this machine");
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// It is the shared store's from now on: were it kept here too, a purge by others would miss it.
    async fn let_go(&self, key: Key, sent: &Bytes, now: Timestamp) -> Result<()> {
        let _alone = self.entries.lock().await;
        if self.local.get(&key, now).await?.as_ref() == Some(sent) {
            self.local.remove(vec![key]).await?;
        }
        Ok(())
    }
}

async fn in_time<T>(sent: impl Future<Output = Result<T>>) -> Result<T> {
    let late = |_| Err(Error::new(Kind::Unreachable, "the shared store takes too long").transient());
    tokio::time::timeout(SENT_WITHIN, sent).await.unwrap_or_else(late)
}

fn count(sum: Sum) -> Count {
    let Sum { hour, provider, model, namespace, run, field, by } = sum;
    Count { slot: Slot { hour, provider, model, namespace, run }, field, by }
}
