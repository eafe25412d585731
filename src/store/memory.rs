//! A store that nothing outlives: maps behind one lock, for throw-away runs and for a process without a database.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;

use super::purses::Purses;
use super::window::Log;
use super::{
    Admission, Allowance, Count, Document, Expected, Filter, Limit, Listing, Reservation, Reserved, Row, Settlement,
    Size, Slot, Spending, Store, Swept, Touch, Written,
};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::exchange::Key;

/// The store of `backend = "memory"`.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Shelves>);

#[derive(Debug, Default)]
struct Shelves {
    entries: BTreeMap<Key, Kept>,
    bytes: u64,
    admissions: HashMap<String, Log>,
    purses: Purses,
    counters: BTreeMap<(Slot, String), i64>,
    documents: BTreeMap<String, Document>,
}

#[derive(Debug)]
struct Kept {
    value: Bytes,
    listing: Listing,
}

impl Memory {
    /// An empty one.
    pub fn new() -> Memory {
        Memory::default()
    }

    fn shelves(&self) -> MutexGuard<'_, Shelves> {
        // Nothing below stops half-way through a change, so what a panicking holder left is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelves {
    fn put(&mut self, row: Row) {
        self.remove(&row.key);
        let bytes = u64::try_from(row.value.len()).unwrap_or(u64::MAX);
        self.bytes += bytes;
        let listing = Listing {
            key: row.key,
            provider: row.provider,
            model: row.model,
            namespace: row.namespace,
            kept_at: row.kept_at,
            fresh_until: row.fresh_until,
            gone_at: row.gone_at,
            cost: row.cost,
            bytes,
            hits: 0,
            used_at: row.kept_at,
        };
        self.entries.insert(row.key, Kept { value: row.value, listing });
    }

    fn remove(&mut self, key: &Key) -> bool {
        let Some(kept) = self.entries.remove(key) else { return false };
        self.bytes = self.bytes.saturating_sub(kept.listing.bytes);
        true
    }

    fn remove_all(&mut self, keys: &[Key]) -> u64 {
        keys.iter().map(|key| u64::from(self.remove(key))).sum()
    }

    fn sweep(&mut self, now: Timestamp, max_bytes: u64) -> Swept {
        let gone: Vec<Key> =
            self.entries.values().filter(|kept| kept.listing.gone_at <= now).map(|kept| kept.listing.key).collect();
        let expired = self.remove_all(&gone);
        self.admissions.retain(|_, log| !log.is_forgotten(now));
        self.documents.retain(|_, document| now < document.gone_at);
        self.purses.forget(now);
        Swept { expired, evicted: self.evict(max_bytes) }
    }

    fn evict(&mut self, max_bytes: u64) -> u64 {
        if self.bytes <= max_bytes {
            return 0;
        }
        let mut by_use: Vec<(Timestamp, Key)> =
            self.entries.values().map(|kept| (kept.listing.used_at, kept.listing.key)).collect();
        by_use.sort_unstable();
        let mut evicted = 0;
        for (_, key) in by_use {
            if self.bytes <= max_bytes {
                break;
            }
            evicted += u64::from(self.remove(&key));
        }
        evicted
    }
}

#[async_trait]
impl Store for Memory {
    fn backend(&self) -> &'static str {
        "memory"
    }

    async fn get(&self, key: &Key, now: Timestamp) -> Result<Option<Bytes>> {
        let shelves = self.shelves();
        Ok(shelves.entries.get(key).filter(|kept| now < kept.listing.gone_at).map(|kept| kept.value.clone()))
    }

    async fn put(&self, row: Row) -> Result<()> {
        self.shelves().put(row);
        Ok(())
    }

    async fn remove(&self, keys: Vec<Key>) -> Result<u64> {
        Ok(self.shelves().remove_all(&keys))
    }

    async fn touch(&self, touches: Vec<Touch>) -> Result<()> {
        let mut shelves = self.shelves();
        for touch in touches {
            if let Some(kept) = shelves.entries.get_mut(&touch.key) {
                kept.listing.hits = kept.listing.hits.saturating_add(touch.hits);
                kept.listing.used_at = kept.listing.used_at.max(touch.at);
            }
        }
        Ok(())
    }

    async fn list(&self, filter: Filter, now: Timestamp) -> Result<Vec<Listing>> {
        let Some(keys) = filter.keys() else { return Ok(Vec::new()) };
        let shelves = self.shelves();
        let listings = shelves.entries.range(keys).map(|(_, kept)| &kept.listing);
        Ok(listings.filter(|entry| now < entry.gone_at && filter.means(entry)).cloned().collect())
    }

    async fn sweep(&self, now: Timestamp, max_bytes: u64) -> Result<Swept> {
        Ok(self.shelves().sweep(now, max_bytes))
    }

    async fn size(&self) -> Result<Size> {
        let shelves = self.shelves();
        Ok(Size { entries: u64::try_from(shelves.entries.len()).unwrap_or(u64::MAX), bytes: shelves.bytes })
    }

    async fn admit(&self, subject: String, limit: Limit, now: Timestamp) -> Result<Admission> {
        Ok(self.shelves().admissions.entry(subject).or_default().admit(limit, now).0)
    }

    async fn standing(&self, subject: String, limit: Limit, now: Timestamp) -> Result<Admission> {
        let nothing = Log::default();
        Ok(self.shelves().admissions.get(&subject).unwrap_or(&nothing).standing(limit, now))
    }

    async fn reserve(&self, reservation: Reservation, now: Timestamp) -> Result<Reserved> {
        Ok(self.shelves().purses.reserve(reservation, now))
    }

    async fn settle(&self, settlements: Vec<Settlement>, now: Timestamp) -> Result<()> {
        let mut shelves = self.shelves();
        settlements.iter().for_each(|settlement| shelves.purses.settle(settlement, now));
        Ok(())
    }

    async fn spending(&self, allowances: Vec<Allowance>, now: Timestamp) -> Result<Vec<Spending>> {
        Ok(self.shelves().purses.spendings(&allowances, now))
    }

    async fn count(&self, _batch: &str, counts: Vec<Count>) -> Result<()> {
        let mut shelves = self.shelves();
        for count in counts {
            let value = shelves.counters.entry((count.slot, count.field)).or_default();
            *value = value.saturating_add(count.by);
        }
        Ok(())
    }

    async fn counts(&self, since_hour: u32) -> Result<Vec<Count>> {
        let since = (Slot { hour: since_hour, ..Slot::default() }, String::new());
        let shelves = self.shelves();
        let counters = shelves.counters.range(since..);
        Ok(counters.map(|((slot, field), by)| Count { slot: slot.clone(), field: field.clone(), by: *by }).collect())
    }

    async fn reset_counts(&self) -> Result<()> {
        self.shelves().counters.clear();
        Ok(())
    }

    async fn document(&self, name: &str, now: Timestamp, extend_to: Option<Timestamp>) -> Result<Option<Document>> {
        let mut shelves = self.shelves();
        let document = shelves.documents.get_mut(name).filter(|document| now < document.gone_at);
        Ok(document.map(|document| {
            document.gone_at = document.gone_at.max(extend_to.unwrap_or_default());
            document.clone()
        }))
    }

    async fn write_document(
        &self,
        name: &str,
        value: Bytes,
        expected: Expected,
        now: Timestamp,
        gone_at: Timestamp,
    ) -> Result<Written> {
        let mut shelves = self.shelves();
        let there = shelves.documents.get(name).filter(|document| now < document.gone_at);
        let there = there.map(|document| document.version);
        let version = match (expected, there) {
            (Expected::Absent, None) => 1,
            (Expected::Version(wanted), Some(version)) if wanted == version => version + 1,
            (_, there) => return Ok(Written::Conflict(there)),
        };
        shelves.documents.insert(name.to_owned(), Document { name: name.to_owned(), version, value, gone_at });
        Ok(Written::Done(version))
    }

    async fn remove_document(&self, name: &str, now: Timestamp) -> Result<bool> {
        Ok(self.shelves().documents.remove(name).is_some_and(|document| now < document.gone_at))
    }

    async fn documents(&self, prefix: &str, most: usize, now: Timestamp) -> Result<Vec<Document>> {
        let shelves = self.shelves();
        let named = shelves.documents.range(prefix.to_owned()..).take_while(|(name, _)| name.starts_with(prefix));
        let live = named.map(|(_, document)| document).filter(|document| now < document.gone_at);
        Ok(live.take(most).cloned().collect())
    }

    async fn ping(&self) -> Result<()> {
        Ok(())
    }
}
