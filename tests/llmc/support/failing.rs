//! A store that works until it is told to fail, to be full, or to hang.

use std::sync::atomic::{AtomicU8, Ordering};

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

const WORKS: u8 = 0;
const FAILS: u8 = 1;
const HANGS: u8 = 2;
const IS_FULL: u8 = 3;

/// Memory behind a door that can be shut.
#[derive(Default)]
pub struct Failing {
    memory: Memory,
    state: AtomicU8,
}

impl Failing {
    pub fn fail(&self) {
        self.state.store(FAILS, Ordering::SeqCst);
    }

    pub fn hang(&self) {
        self.state.store(HANGS, Ordering::SeqCst);
    }

    /// From now on it can be read and not written to.
    pub fn fill(&self) {
        self.state.store(IS_FULL, Ordering::SeqCst);
    }

    pub fn recover(&self) {
        self.state.store(WORKS, Ordering::SeqCst);
    }

    async fn working(&self) -> Result<&Memory> {
        match self.state.load(Ordering::SeqCst) {
            WORKS | IS_FULL => Ok(&self.memory),
            FAILS => Err(Error::new(Kind::Other, "cannot keep in `it`").because("the disk is full")),
            _ => std::future::pending().await,
        }
    }
}

impl Failing {
    async fn writable(&self) -> Result<&Memory> {
        let memory = self.working().await?;
        match self.state.load(Ordering::SeqCst) {
            IS_FULL => Err(Error::new(Kind::Other, "cannot keep in `it`").because("the disk is full")),
            _ => Ok(memory),
        }
    }
}

#[async_trait]
impl Store for Failing {
    fn backend(&self) -> &'static str {
        "failing"
    }

    async fn get(&self, key: &Key, now: Timestamp) -> Result<Option<Bytes>> {
        self.working().await?.get(key, now).await
    }

    async fn put(&self, row: Row) -> Result<()> {
        self.writable().await?.put(row).await
    }

    async fn remove(&self, keys: Vec<Key>) -> Result<u64> {
        self.writable().await?.remove(keys).await
    }

    async fn touch(&self, touches: Vec<Touch>) -> Result<()> {
        self.writable().await?.touch(touches).await
    }

    async fn list(&self, filter: Filter, now: Timestamp) -> Result<Vec<Listing>> {
        self.working().await?.list(filter, now).await
    }

    async fn sweep(&self, now: Timestamp, max_bytes: u64) -> Result<Swept> {
        self.writable().await?.sweep(now, max_bytes).await
    }

    async fn size(&self) -> Result<Size> {
        self.working().await?.size().await
    }

    async fn admit(&self, subject: String, limit: Limit, now: Timestamp) -> Result<Admission> {
        self.writable().await?.admit(subject, limit, now).await
    }

    async fn standing(&self, subject: String, limit: Limit, now: Timestamp) -> Result<Admission> {
        self.working().await?.standing(subject, limit, now).await
    }

    async fn reserve(&self, reservation: Reservation, now: Timestamp) -> Result<Reserved> {
        self.working().await?.reserve(reservation, now).await
    }

    async fn settle(&self, settlements: Vec<Settlement>, now: Timestamp) -> Result<()> {
        self.working().await?.settle(settlements, now).await
    }

    async fn spending(&self, allowances: Vec<Allowance>, now: Timestamp) -> Result<Vec<Spending>> {
        self.working().await?.spending(allowances, now).await
    }

    async fn count(&self, batch: &str, counts: Vec<Count>) -> Result<()> {
        self.writable().await?.count(batch, counts).await
    }

    async fn counts(&self, since_hour: u32) -> Result<Vec<Count>> {
        self.working().await?.counts(since_hour).await
    }

    async fn reset_counts(&self) -> Result<()> {
        self.writable().await?.reset_counts().await
    }

    async fn document(&self, name: &str, now: Timestamp, extend_to: Option<Timestamp>) -> Result<Option<Document>> {
        self.working().await?.document(name, now, extend_to).await
    }

    async fn write_document(
        &self,
        name: &str,
        value: Bytes,
        expected: Expected,
        now: Timestamp,
        gone_at: Timestamp,
    ) -> Result<Written> {
        self.writable().await?.write_document(name, value, expected, now, gone_at).await
    }

    async fn remove_document(&self, name: &str, now: Timestamp) -> Result<bool> {
        self.writable().await?.remove_document(name, now).await
    }

    async fn documents(&self, prefix: &str, most: usize, now: Timestamp) -> Result<Vec<Document>> {
        self.working().await?.documents(prefix, most, now).await
    }

    async fn ping(&self) -> Result<()> {
        self.working().await?.ping().await
    }
}
