//! A store shared by many daemons, with the embedded one behind it: nobody waits long for a server that is away, and
//! nothing answered meanwhile is lost.
//!
//! Every question to the shared store has a deadline. After two failures in a row it is left alone ([`breaker`]) until a
//! ping is answered; what is kept and counted meanwhile waits in the embedded store ([`outbox`]) and is sent, in order,
//! when it is back.

mod breaker;
mod outbox;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::Mutex;

use self::breaker::Breaker;
use self::outbox::{Outbox, Sent};
use super::{
    Admission, Changes, Count, Document, Expected, Filter, Limit, Listing, Row, Size, Store, Swept, Touch, Written,
};
use crate::clock::{Clock, Timestamp};
use crate::error::{Error, Kind, Result};
use crate::exchange::Key;

/// The deadline of what a person asked for and would rather wait for than not get: a listing, a purge, a session.
const PATIENT: Duration = Duration::from_secs(10);

/// The deadline of what a job may wait for once, and of what is done beside all jobs.
const BRIEF: Duration = Duration::from_millis(500);

/// The deadline of keeping an answer, which is kept here where it is missed.
const KEEPING: Duration = Duration::from_millis(300);

/// The shared store and what stands in for it.
pub struct Fleet {
    shared: Arc<dyn Store>,
    local: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    /// How long a look-up, an admission, a lease may take.
    deadline: Duration,
    breaker: Breaker,
    outbox: Outbox,
    tending: Mutex<()>,
}

impl Fleet {
    /// `shared`, asked within `deadline`, with `local` behind it.
    pub fn new(shared: Arc<dyn Store>, local: Arc<dyn Store>, clock: Arc<dyn Clock>, deadline: Duration) -> Fleet {
        let outbox = Outbox::new(Arc::clone(&local));
        Fleet { shared, local, clock, deadline, breaker: Breaker::default(), outbox, tending: Mutex::default() }
    }

    /// Asks the shared store, unless it is known to be away.
    async fn ask<T>(&self, deadline: Duration, asked: impl Future<Output = Result<T>>) -> Result<T> {
        if let Some(cause) = self.breaker.open() {
            return Err(cause);
        }
        self.try_once(deadline, asked).await
    }

    async fn try_once<T>(&self, deadline: Duration, asked: impl Future<Output = Result<T>>) -> Result<T> {
        let outcome = tokio::time::timeout(deadline, asked).await.unwrap_or_else(|_| Err(self.late(deadline)));
        match &outcome {
            // It answered, if only that it takes nothing of this size.
            Err(error) if error.kind() != Kind::TooLarge => self.breaker.failed(error),
            _ => self.breaker.succeeded(),
        }
        outcome
    }

    fn late(&self, deadline: Duration) -> Error {
        let (backend, deadline) = (self.shared.backend(), humantime::format_duration(deadline));
        Error::new(Kind::Unreachable, format!("{backend} gave no answer within {deadline}")).transient()
    }
}

#[async_trait]
impl Store for Fleet {
    fn backend(&self) -> &'static str {
        self.shared.backend()
    }

    fn is_shared(&self) -> bool {
        true
    }

    async fn get(&self, key: &Key, now: Timestamp) -> Result<Option<Bytes>> {
        match self.ask(self.deadline, self.shared.get(key, now)).await {
            Ok(None) if self.outbox.may_wait() => self.local.get(key, now).await,
            Ok(found) => Ok(found),
            Err(away) => match self.local.get(key, now).await {
                Ok(Some(value)) => Ok(Some(value)),
                _ => Err(away),
            },
        }
    }

    async fn put(&self, row: Row) -> Result<()> {
        // What waits goes first, so that the newest answer to a prompt is the last to arrive.
        if !self.outbox.may_wait() {
            match self.ask(KEEPING.max(self.deadline), self.shared.put(row.clone())).await {
                Err(error) if error.kind() == Kind::TooLarge => return Err(error),
                Err(error) => tracing::debug!(%error, "an answer waits to be sent to the shared store"),
                Ok(()) => return Ok(()),
            }
        }
        self.outbox.put(row, self.clock.now()).await
    }

    async fn remove(&self, keys: Vec<Key>) -> Result<u64> {
        // First here: what waits to be sent must not arrive after the removal.
        let here = self.local.remove(keys.clone()).await?;
        let there = self.ask(PATIENT, self.shared.remove(keys)).await?;
        Ok(there.max(here))
    }

    async fn touch(&self, touches: Vec<Touch>) -> Result<()> {
        self.ask(BRIEF, self.shared.touch(touches)).await
    }

    async fn list(&self, filter: Filter, now: Timestamp) -> Result<Vec<Listing>> {
        match self.ask(PATIENT, self.shared.list(filter.clone(), now)).await {
            Ok(listings) => Ok(listings),
            Err(error) => {
                tracing::warn!(%error, "a listing shows what waits on this machine");
                self.local.list(filter, now).await
            }
        }
    }

    async fn sweep(&self, now: Timestamp, max_bytes: u64) -> Result<Swept> {
        let swept = self.local.sweep(now, max_bytes).await?;
        if let Err(error) = self.ask(PATIENT, self.shared.sweep(now, max_bytes)).await {
            tracing::debug!(%error, "the shared store is not tidied");
        }
        Ok(swept)
    }

    async fn size(&self) -> Result<Size> {
        match self.ask(PATIENT, self.shared.size()).await {
            Ok(size) => Ok(size),
            Err(_) => self.local.size().await,
        }
    }

    async fn admit(&self, subject: String, limit: Limit, now: Timestamp) -> Result<Admission> {
        self.ask(self.deadline, self.shared.admit(subject, limit, now)).await
    }

    async fn standing(&self, subject: String, limit: Limit, now: Timestamp) -> Result<Admission> {
        self.ask(self.deadline, self.shared.standing(subject, limit, now)).await
    }

    async fn count(&self, batch: &str, counts: Vec<Count>) -> Result<()> {
        // This daemon's own books, whatever becomes of the fleet's.
        self.local.count(batch, counts.clone()).await?;
        if !self.outbox.may_wait() && self.ask(BRIEF, self.shared.count(batch, counts.clone())).await.is_ok() {
            return Ok(());
        }
        self.outbox.count(batch, &counts, self.clock.now()).await
    }

    async fn counts(&self, since_hour: u32) -> Result<Vec<Count>> {
        match self.ask(PATIENT, self.shared.counts(since_hour)).await {
            Ok(counts) => Ok(counts),
            Err(error) => {
                tracing::warn!(%error, "statistics are those of this daemon alone");
                self.local.counts(since_hour).await
            }
        }
    }

    async fn own_counts(&self, since_hour: u32) -> Result<Vec<Count>> {
        self.local.counts(since_hour).await
    }

    async fn reset_counts(&self) -> Result<()> {
        self.ask(PATIENT, self.shared.reset_counts()).await?;
        self.local.reset_counts().await
    }

    async fn document(&self, name: &str, now: Timestamp, extend_to: Option<Timestamp>) -> Result<Option<Document>> {
        self.ask(BRIEF, self.shared.document(name, now, extend_to)).await
    }

    async fn write_document(
        &self,
        name: &str,
        value: Bytes,
        expected: Expected,
        now: Timestamp,
        gone_at: Timestamp,
    ) -> Result<Written> {
        self.ask(BRIEF, self.shared.write_document(name, value, expected, now, gone_at)).await
    }

    async fn remove_document(&self, name: &str, now: Timestamp) -> Result<bool> {
        self.ask(BRIEF, self.shared.remove_document(name, now)).await
    }

    async fn documents(&self, prefix: &str, most: usize, now: Timestamp) -> Result<Vec<Document>> {
        self.ask(PATIENT, self.shared.documents(prefix, most, now)).await
    }

    async fn lease(&self, key: &Key, holder: &str, span: Duration) -> Result<bool> {
        self.ask(self.deadline, self.shared.lease(key, holder, span)).await
    }

    async fn release(&self, key: &Key, holder: &str) -> Result<()> {
        self.ask(BRIEF, self.shared.release(key, holder)).await
    }

    async fn changes(&self, cursor: Option<&str>) -> Result<Option<Changes>> {
        self.ask(self.deadline, self.shared.changes(cursor)).await
    }

    fn trouble(&self) -> Option<String> {
        let cause = self.breaker.open()?;
        Some(format!("answers are kept on this machine until the shared store is back: {cause}"))
    }

    async fn tend(&self, now: Timestamp) {
        // One at a time: no letter is sent twice at once.
        let Ok(_alone) = self.tending.try_lock() else { return };
        if self.breaker.open().is_none() || self.try_once(self.deadline, self.shared.ping()).await.is_ok() {
            while self.outbox.may_wait() {
                match tokio::time::timeout(PATIENT, self.outbox.send(&*self.shared, now)).await {
                    Ok(Ok(Sent::All)) => break,
                    Ok(Ok(Sent::Some)) => {}
                    Ok(Err(error)) => {
                        self.breaker.failed(&error);
                        break;
                    }
                    Err(_) => {
                        self.breaker.failed(&self.late(PATIENT));
                        break;
                    }
                }
            }
        }
    }

    async fn ping(&self) -> Result<()> {
        self.ask(self.deadline, self.shared.ping()).await
    }
}
