//! Looking up and keeping entries: a first tier in memory, then the store. A store that fails is a miss, never an error.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use quick_cache::Weighter;
use quick_cache::sync::Cache as Tier;

use super::coherence::{Coherence, Outdated};
use super::entry;
use super::key::Fingerprint;
use super::long::beside_everybody;
use super::pulse::Pulse;
use crate::clock::{Clock, Timestamp};
use crate::error::Result;
use crate::exchange::{Entry, Key};
use crate::store::{Row, Store, Touch};

/// Up to this length it takes longer to pack an entry than to hand over all of it.
const LOOSE: usize = 4 << 10;

/// What an entry costs in memory besides its bytes.
const OVERHEAD: u64 = 400;

#[derive(Clone)]
struct ByBytes;

impl Weighter<Key, Arc<Entry>> for ByBytes {
    fn weight(&self, _: &Key, entry: &Arc<Entry>) -> u64 {
        OVERHEAD + (entry.material.len() + entry.body.len()) as u64
    }
}

/// The two tiers and what is to be told about them.
pub struct Cache {
    tier: Tier<Key, Arc<Entry>, ByBytes>,
    store: Arc<dyn Store>,
    coherence: Coherence,
    clock: Arc<dyn Clock>,
    pulse: Arc<Pulse>,
    touches: Mutex<HashMap<Key, (u64, Timestamp)>>,
    /// Counts what was kept and forgotten, so that a look-up can tell whether it was overtaken.
    changes: AtomicU64,
    /// Look-ups and writes the store failed.
    pub store_failures: AtomicU64,
    /// Entries that could not be opened or were not what they claimed to be.
    pub damaged: AtomicU64,
}

impl Cache {
    /// A first tier of `memory_size` bytes before `store`, whose times `pulse` is told.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, memory_size: u64, pulse: Arc<Pulse>) -> Cache {
        // The expected number of entries only sizes tables; they grow.
        let tier = Tier::with_weighter(256, memory_size, ByBytes);
        Cache {
            tier,
            coherence: Coherence::with(Arc::clone(&store)),
            store,
            clock,
            pulse,
            touches: Mutex::default(),
            changes: AtomicU64::new(0),
            store_failures: AtomicU64::new(0),
            damaged: AtomicU64::new(0),
        }
    }

    /// The entry kept for exactly this call, fresh or not.
    pub async fn look_up(&self, wanted: &Fingerprint) -> Option<Arc<Entry>> {
        self.coherence.ensure(|outdated| self.drop_from_memory(outdated)).await;
        if let Some(entry) = self.tier.get(&wanted.key) {
            return (entry.material == wanted.material).then_some(entry);
        }
        let changes = self.changes.load(Ordering::Acquire);
        let started = Instant::now();
        let got = self.store.get(&wanted.key, self.clock.now()).await;
        self.pulse.looked_up(started.elapsed());
        let sealed = match got {
            Ok(sealed) => sealed?,
            Err(error) => {
                self.store_failures.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(%error, "a look-up failed and counts as a miss");
                return None;
            }
        };
        let entry = self.unseal(&wanted.key, &sealed)?;
        if entry.material != wanted.material {
            self.damaged.fetch_add(1, Ordering::Relaxed);
            tracing::warn!(key = %wanted.key, "an entry belongs to another request and counts as a miss");
            return None;
        }
        // What was kept or forgotten while the store was reading is newer than what it read.
        if self.changes.load(Ordering::Acquire) == changes {
            self.tier.insert(wanted.key, Arc::clone(&entry));
        }
        Some(entry)
    }

    /// The entry under a key, whatever it answers; for showing.
    pub async fn show(&self, key: &Key) -> Result<Option<Arc<Entry>>> {
        let sealed = self.store.get(key, self.clock.now()).await?;
        Ok(sealed.and_then(|sealed| self.unseal(key, &sealed)))
    }

    fn unseal(&self, key: &Key, sealed: &[u8]) -> Option<Arc<Entry>> {
        match entry::open(sealed) {
            Ok(entry) => Some(Arc::new(entry)),
            Err(damage) => {
                self.damaged.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(%key, "a kept entry cannot be used: {}", damage.describe());
                None
            }
        }
    }

    /// Keeps an entry. Committed when it returns `Ok`; in memory in any case.
    pub async fn keep(&self, key: Key, entry: Arc<Entry>) -> Result<()> {
        self.changes.fetch_add(1, Ordering::AcqRel);
        self.tier.insert(key, Arc::clone(&entry));
        self.put(key, &entry).await
    }

    /// Keeps an entry that nobody asks for now: in the store, and not in memory.
    pub async fn take_in(&self, key: Key, entry: &Arc<Entry>) -> Result<()> {
        let kept = self.put(key, entry).await;
        self.changes.fetch_add(1, Ordering::AcqRel);
        self.tier.remove(&key);
        kept
    }

    async fn put(&self, key: Key, entry: &Entry) -> Result<()> {
        let length = entry.material.len() + entry.body.len();
        let is_left_loose = self.store.packs() && length <= LOOSE;
        let seal = if is_left_loose { entry::seal_loosely } else { entry::seal };
        let Some(value) = beside_everybody(length, || seal(entry)) else {
            tracing::warn!(%key, "an answer is too large to be kept");
            return Ok(());
        };
        let facts = &entry.facts;
        let row = Row {
            key,
            value,
            provider: facts.provider.clone(),
            model: facts.model.clone(),
            namespace: facts.namespace.clone(),
            kept_at: facts.kept_at,
            fresh_until: facts.fresh_until(),
            gone_at: facts.gone_at(),
            cost: facts.cost,
        };
        let started = Instant::now();
        let kept = self.store.put(row).await;
        self.pulse.kept(started.elapsed());
        if kept.is_err() {
            self.store_failures.fetch_add(1, Ordering::Relaxed);
        }
        kept
    }

    /// Removes entries from both tiers; tells how many the store had.
    pub async fn forget(&self, keys: Vec<Key>) -> Result<u64> {
        self.changes.fetch_add(1, Ordering::AcqRel);
        for key in &keys {
            self.tier.remove(key);
        }
        let removed = self.store.remove(keys.clone()).await;
        self.changes.fetch_add(1, Ordering::AcqRel);
        // Again: a look-up may have brought one back while the store was still removing.
        for key in &keys {
            self.tier.remove(key);
        }
        removed
    }

    /// Learns what others changed, beside all look-ups.
    pub async fn keep_up(&self) {
        self.coherence.keep_up(|outdated| self.drop_from_memory(outdated)).await;
    }

    fn drop_from_memory(&self, outdated: Outdated) {
        self.changes.fetch_add(1, Ordering::AcqRel);
        match outdated {
            Outdated::Keys(keys) => keys.iter().for_each(|key| {
                self.tier.remove(key);
            }),
            Outdated::Everything => self.tier.clear(),
        }
    }

    /// Notes that an entry was served, for the next [`Cache::flush_touches`].
    pub fn touch(&self, key: Key) {
        let now = self.clock.now();
        let mut touches = self.touches();
        let touch = touches.entry(key).or_insert((0, now));
        *touch = (touch.0 + 1, now);
    }

    /// Tells the store which entries were served since the last time.
    pub async fn flush_touches(&self) {
        let touches = std::mem::take(&mut *self.touches());
        if touches.is_empty() {
            return;
        }
        let touches = touches.into_iter().map(|(key, (hits, at))| Touch { key, hits, at }).collect();
        if let Err(error) = self.store.touch(touches).await {
            tracing::warn!(%error, "cannot record which entries were served");
        }
    }

    fn touches(&self) -> MutexGuard<'_, HashMap<Key, (u64, Timestamp)>> {
        self.touches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use crate::config::settings::Durability;
    use crate::store::memory::Memory;
    use crate::store::sqlite::Sqlite;

    async fn stored(store: Arc<dyn Store>, entry: &Entry) -> bytes::Bytes {
        let (clock, key) = (Arc::new(SystemClock), Key([1; 32]));
        let cache = Cache::new(Arc::clone(&store), clock, 1 << 20, Arc::default());
        cache.keep(key, Arc::new(entry.clone())).await.unwrap();
        store.get(&key, Timestamp(0)).await.unwrap().unwrap()
    }

    #[tokio::test]
    async fn only_a_store_that_packs_by_itself_is_handed_what_is_short_and_loose() {
        let folder = tempfile::tempdir().unwrap();
        let sqlite: Arc<dyn Store> = Arc::new(Sqlite::open(&folder.path().join("db"), Durability::Normal).unwrap().0);
        let short = entry::tests::entry(b"{}", &b"word ".repeat(100));
        let long = entry::tests::entry(b"{}", &b"word ".repeat(LOOSE));

        assert_eq!(stored(Arc::<Memory>::default(), &short).await, entry::seal(&short).unwrap());
        assert_eq!(stored(Arc::clone(&sqlite), &long).await, entry::seal(&long).unwrap());
        assert_eq!(stored(sqlite, &short).await, entry::seal_loosely(&short).unwrap());
    }
}
