//! A store that several daemons share: memory, with leases that one holder at a time has.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use llmc::clock::Timestamp;
use llmc::error::{Error, Kind, Result};
use llmc::exchange::Key;
use llmc::store::memory::Memory;
use llmc::store::{
    Admission, Allowance, Count, Document, Expected, Filter, Limit, Listing, Reservation, Reserved, Row, Settlement,
    Size, Spending, Store, Swept, Touch, Written,
};
use tokio::time::Instant;

/// Memory with leases.
#[derive(Default)]
pub struct Leasing {
    memory: Memory,
    leases: Mutex<HashMap<Key, (String, Instant)>>,
    /// Asked for a lease so often.
    asked: AtomicUsize,
    fails_next: AtomicBool,
}

impl Leasing {
    /// Has every holder die: nobody renews its lease any more or gives it back.
    pub fn bereave(&self) {
        self.leases.lock().unwrap().values_mut().for_each(|(holder, _)| *holder = "the dead".to_owned());
    }

    /// Has the next who asks for a lease get no answer.
    pub fn fail_once(&self) {
        self.fails_next.store(true, Ordering::SeqCst);
    }

    /// Waits until somebody has asked for a lease so often more.
    pub async fn asked(&self, times: usize) {
        let then = self.asked.load(Ordering::SeqCst) + times;
        while self.asked.load(Ordering::SeqCst) < then {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Leases that somebody holds.
    pub fn held(&self) -> usize {
        self.leases.lock().unwrap().len()
    }
}

#[async_trait]
impl Store for Leasing {
    fn backend(&self) -> &'static str {
        "leasing"
    }

    fn is_shared(&self) -> bool {
        true
    }

    async fn get(&self, key: &Key, now: Timestamp) -> Result<Option<Bytes>> {
        self.memory.get(key, now).await
    }

    async fn put(&self, row: Row) -> Result<()> {
        self.memory.put(row).await
    }

    async fn remove(&self, keys: Vec<Key>) -> Result<u64> {
        self.memory.remove(keys).await
    }

    async fn touch(&self, touches: Vec<Touch>) -> Result<()> {
        self.memory.touch(touches).await
    }

    async fn list(&self, filter: Filter, now: Timestamp) -> Result<Vec<Listing>> {
        self.memory.list(filter, now).await
    }

    async fn sweep(&self, now: Timestamp, max_bytes: u64) -> Result<Swept> {
        self.memory.sweep(now, max_bytes).await
    }

    async fn size(&self) -> Result<Size> {
        self.memory.size().await
    }

    async fn admit(&self, subject: String, limit: Limit, now: Timestamp) -> Result<Admission> {
        self.memory.admit(subject, limit, now).await
    }

    async fn standing(&self, subject: String, limit: Limit, now: Timestamp) -> Result<Admission> {
        self.memory.standing(subject, limit, now).await
    }

    async fn reserve(&self, reservation: Reservation, now: Timestamp) -> Result<Reserved> {
        self.memory.reserve(reservation, now).await
    }

    async fn settle(&self, settlements: Vec<Settlement>, now: Timestamp) -> Result<()> {
        self.memory.settle(settlements, now).await
    }

    async fn spending(&self, allowances: Vec<Allowance>, now: Timestamp) -> Result<Vec<Spending>> {
        self.memory.spending(allowances, now).await
    }

    async fn count(&self, batch: &str, counts: Vec<Count>) -> Result<()> {
        self.memory.count(batch, counts).await
    }

    async fn counts(&self, since_hour: u32) -> Result<Vec<Count>> {
        self.memory.counts(since_hour).await
    }

    async fn reset_counts(&self) -> Result<()> {
        self.memory.reset_counts().await
    }

    async fn document(&self, name: &str, now: Timestamp, extend_to: Option<Timestamp>) -> Result<Option<Document>> {
        self.memory.document(name, now, extend_to).await
    }

    async fn write_document(
        &self,
        name: &str,
        value: Bytes,
        expected: Expected,
        now: Timestamp,
        gone_at: Timestamp,
    ) -> Result<Written> {
        self.memory.write_document(name, value, expected, now, gone_at).await
    }

    async fn remove_document(&self, name: &str, now: Timestamp) -> Result<bool> {
        self.memory.remove_document(name, now).await
    }

    async fn documents(&self, prefix: &str, most: usize, now: Timestamp) -> Result<Vec<Document>> {
        self.memory.documents(prefix, most, now).await
    }

    async fn lease(&self, key: &Key, holder: &str, span: Duration) -> Result<bool> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.fails_next.swap(false, Ordering::SeqCst) {
            return Err(Error::new(Kind::Unreachable, "no answer"));
        }
        let mut leases = self.leases.lock().unwrap();
        let now = Instant::now();
        let is_taken = leases.get(key).is_some_and(|(other, until)| other != holder && *until > now);
        if !is_taken {
            leases.insert(*key, (holder.to_owned(), now + span));
        }
        Ok(!is_taken)
    }

    async fn release(&self, key: &Key, holder: &str) -> Result<()> {
        let mut leases = self.leases.lock().unwrap();
        if leases.get(key).is_some_and(|(other, _)| other == holder) {
            leases.remove(key);
        }
        Ok(())
    }

    async fn ping(&self) -> Result<()> {
        self.memory.ping().await
    }
}
