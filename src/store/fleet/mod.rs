//! A store shared by many daemons, with the embedded one behind it: nobody waits long for a server that is away, and
//! nothing answered meanwhile is lost.
//!
//! Every question to the shared store has a deadline. After two failures in a row it is left alone (`breaker`) until it
//! answers in time again; one that only takes nothing is still read from. What is kept and counted meanwhile waits in the
//! embedded store (`outbox`) and is sent, in order, when it is back.

mod breaker;
mod outbox;

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::Mutex;

use self::breaker::Breaker;
use self::outbox::{Outbox, Sent};
use super::{
    Admission, Allowance, Changes, Count, Document, Examined, Expected, Filter, Limit, Listing, Reservation, Reserved,
    Row, Settlement, Size, Spending, Store, Swept, Touch, Written,
};
use crate::clock::{Clock, Timestamp};
use crate::error::{Error, Kind, Result};
use crate::exchange::Key;

/// The deadline of what a person asked for and would rather wait for than not get.
const PATIENT: Duration = Duration::from_secs(10);

/// The deadline of a walk through all there is: a listing, a purge, a sweep. Each of its steps has one of its own, below.
const WALK: Duration = Duration::from_secs(300);

/// The deadline of a session's documents: nobody stands in for the store there, and an answer that was paid for waits to be
/// part of one.
const CONVERSING: Duration = Duration::from_secs(3);

/// The deadline of what is done beside all jobs.
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
    reading: Breaker,
    /// A server may be full, or a replica: then it is still read from.
    writing: Breaker,
    /// True once it has answered in time.
    is_met: AtomicBool,
    outbox: Outbox,
    tending: Mutex<()>,
}

impl Fleet {
    /// `shared`, asked within `deadline`, with `local` behind it.
    pub fn new(shared: Arc<dyn Store>, local: Arc<dyn Store>, clock: Arc<dyn Clock>, deadline: Duration) -> Fleet {
        let outbox = Outbox::new(Arc::clone(&local));
        let (reading, writing, is_met) = (Breaker::default(), Breaker::default(), AtomicBool::new(false));
        Fleet { shared, local, clock, deadline, reading, writing, is_met, outbox, tending: Mutex::default() }
    }

    /// Asks the shared store something, unless it is known to be away.
    async fn read<T>(&self, deadline: Duration, asked: impl Future<Output = Result<T>>) -> Result<T> {
        if let Some(cause) = self.reading.open() {
            return Err(cause);
        }
        let outcome = self.within(deadline, asked).await;
        self.reading.note(&outcome);
        outcome
    }

    /// Has the shared store change something, unless it is known to be away or to take nothing.
    async fn write<T>(&self, deadline: Duration, asked: impl Future<Output = Result<T>>) -> Result<T> {
        if let Some(cause) = self.reading.open().or_else(|| self.writing.open()) {
            return Err(cause);
        }
        let outcome = match tokio::time::timeout(deadline, asked).await {
            Ok(outcome) => outcome,
            Err(_) => {
                let late = self.late(deadline);
                // Who reads and who writes need not both find out what costs this much time.
                self.reading.failed(&late);
                Err(late)
            }
        };
        self.writing.note(&outcome);
        outcome
    }

    /// Makes sure that it answers at all, before something is asked that may take long.
    async fn is_there(&self) -> Result<()> {
        self.read(BRIEF, self.shared.ping()).await
    }

    async fn within<T>(&self, deadline: Duration, asked: impl Future<Output = Result<T>>) -> Result<T> {
        tokio::time::timeout(deadline, asked).await.unwrap_or_else(|_| Err(self.late(deadline)))
    }

    fn late(&self, deadline: Duration) -> Error {
        let (backend, deadline) = (self.shared.backend(), humantime::format_duration(deadline));
        Error::new(Kind::Unreachable, format!("{backend} gave no answer within {deadline}"))
            .hint("where it is far away, raise `timeout` under [store]")
            .transient()
    }

    /// Whether the shared store can be sent something, found out where that is not known.
    async fn is_back(&self) -> bool {
        let may_read = self.is_met.load(Ordering::Acquire) && self.reading.open().is_none();
        if may_read && self.writing.open().is_none() {
            return true;
        }
        if !may_read {
            // First with patience: a new line may have to be made, which takes longer than any answer over it.
            for deadline in [PATIENT, self.deadline] {
                if let Err(error) = self.within(deadline, self.shared.ping()).await {
                    self.reading.failed(&error);
                    return false;
                }
            }
            self.is_met.store(true, Ordering::Release);
            self.reading.succeeded();
        }
        if self.writing.open().is_some() {
            // The smallest change there is.
            let nobodys = Key(std::array::from_fn(|_| fastrand::u8(..)));
            let shortest = Duration::from_millis(1);
            if self.within(BRIEF, self.shared.lease(&nobodys, "nobody", shortest)).await.is_err() {
                return false;
            }
            self.writing.succeeded();
        }
        true
    }

    /// Sends what waits, oldest first.
    async fn send(&self, now: Timestamp) {
        while self.outbox.may_wait() {
            match self.outbox.send(&*self.shared, now).await {
                Ok(Sent::All) => return,
                Ok(Sent::Some) => {}
                Err(error) => return self.writing.failed(&error),
            }
        }
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
        // What waits is newer than what is there.
        if let Some(value) = self.outbox.waiting(key, now).await {
            return Ok(Some(value));
        }
        match self.read(self.deadline, self.shared.get(key, now)).await {
            Ok(found) => Ok(found),
            Err(away) => match self.local.get(key, now).await {
                Ok(Some(value)) => Ok(Some(value)),
                _ => Err(away),
            },
        }
    }

    async fn put(&self, row: Row) -> Result<()> {
        let now = self.clock.now();
        // One that replaces what waits goes after it, so that the newest answer to a prompt is the last to arrive.
        if self.outbox.waiting(&row.key, now).await.is_none() {
            match self.write(KEEPING.max(self.deadline), self.shared.put(row.clone())).await {
                Err(error) if error.kind() == Kind::TooLarge => return Err(error),
                Err(error) => tracing::debug!(%error, "an answer waits to be sent to the shared store"),
                Ok(()) => return Ok(()),
            }
        }
        self.outbox.put(row, now).await
    }

    async fn remove(&self, keys: Vec<Key>) -> Result<u64> {
        // First here: what waits to be sent must not arrive after the removal.
        let here = self.outbox.forget(keys.clone()).await?;
        let removed = match self.is_there().await {
            Ok(()) => self.write(WALK, self.shared.remove(keys)).await,
            Err(error) => Err(error),
        };
        let there = removed.map_err(|error| {
            Error::new(Kind::Unreachable, "cannot remove anything from the shared store")
                .because(error)
                .hint("ask again when it is back; only what waited on this machine is forgotten")
        })?;
        Ok(there.max(here))
    }

    async fn touch(&self, touches: Vec<Touch>) -> Result<()> {
        self.write(BRIEF, self.shared.touch(touches)).await
    }

    async fn list(&self, filter: Filter, now: Timestamp) -> Result<Vec<Listing>> {
        // What is here would pass for all there is, and a purge would call it done.
        self.is_there().await?;
        self.read(WALK, self.shared.list(filter, now)).await
    }

    async fn keys(&self, filter: Filter, after: Option<Key>, most: usize, now: Timestamp) -> Result<Vec<Key>> {
        self.is_there().await?;
        self.read(WALK, self.shared.keys(filter, after, most, now)).await
    }

    async fn sweep(&self, now: Timestamp, max_bytes: u64) -> Result<Swept> {
        let swept = self.local.sweep(now, max_bytes).await?;
        if let Err(error) = self.write(WALK, self.shared.sweep(now, max_bytes)).await {
            tracing::debug!(%error, "the shared store is not tidied");
        }
        Ok(swept)
    }

    async fn size(&self) -> Result<Size> {
        match self.read(BRIEF, self.shared.size()).await {
            Ok(size) => Ok(size),
            Err(_) => self.local.size().await,
        }
    }

    async fn admit(&self, subject: String, limit: Limit, now: Timestamp) -> Result<Admission> {
        self.write(self.deadline, self.shared.admit(subject, limit, now)).await
    }

    async fn standing(&self, subject: String, limit: Limit, now: Timestamp) -> Result<Admission> {
        self.read(self.deadline, self.shared.standing(subject, limit, now)).await
    }

    async fn reserve(&self, reservation: Reservation, now: Timestamp) -> Result<Reserved> {
        self.write(self.deadline, self.shared.reserve(reservation, now)).await
    }

    async fn settle(&self, settlements: Vec<Settlement>, now: Timestamp) -> Result<()> {
        // Money that is spent stays spent, whatever comes first there: nothing needs to wait for its turn.
        match self.write(BRIEF, self.shared.settle(settlements.clone(), now)).await {
            Ok(()) => Ok(()),
            Err(_) => self.outbox.settle(settlements, now).await,
        }
    }

    async fn spending(&self, allowances: Vec<Allowance>, now: Timestamp) -> Result<Vec<Spending>> {
        self.read(self.deadline, self.shared.spending(allowances, now)).await
    }

    async fn count(&self, batch: &str, counts: Vec<Count>) -> Result<()> {
        // This daemon's own books, whatever becomes of the fleet's.
        self.local.count(batch, counts.clone()).await?;
        // Sums come to the same in any order: nothing needs to wait for what came before.
        match self.write(BRIEF, self.shared.count(batch, counts.clone())).await {
            Ok(()) => Ok(()),
            Err(_) => self.outbox.count(batch, &counts, self.clock.now()).await,
        }
    }

    async fn counts(&self, since_hour: u32) -> Result<Vec<Count>> {
        let counts = match self.is_there().await {
            // What waits to be counted would be missing.
            Ok(()) => match self.writing.open() {
                None => self.read(PATIENT, self.shared.counts(since_hour)).await,
                Some(cause) => Err(cause),
            },
            Err(error) => Err(error),
        };
        match counts {
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
        self.is_there().await?;
        // What waits to be counted is over as well.
        self.send(self.clock.now()).await;
        self.write(PATIENT, self.shared.reset_counts()).await?;
        self.local.reset_counts().await
    }

    async fn document(&self, name: &str, now: Timestamp, extend_to: Option<Timestamp>) -> Result<Option<Document>> {
        let asked = self.shared.document(name, now, extend_to);
        if extend_to.is_some() { self.write(CONVERSING, asked).await } else { self.read(CONVERSING, asked).await }
    }

    async fn write_document(
        &self,
        name: &str,
        value: Bytes,
        expected: Expected,
        now: Timestamp,
        gone_at: Timestamp,
    ) -> Result<Written> {
        self.write(CONVERSING, self.shared.write_document(name, value, expected, now, gone_at)).await
    }

    async fn remove_document(&self, name: &str, now: Timestamp) -> Result<bool> {
        self.write(CONVERSING, self.shared.remove_document(name, now)).await
    }

    async fn documents(&self, prefix: &str, most: usize, now: Timestamp) -> Result<Vec<Document>> {
        self.is_there().await?;
        self.read(PATIENT, self.shared.documents(prefix, most, now)).await
    }

    async fn lease(&self, key: &Key, holder: &str, span: Duration) -> Result<bool> {
        self.write(self.deadline, self.shared.lease(key, holder, span)).await
    }

    async fn release(&self, key: &Key, holder: &str) -> Result<()> {
        self.write(BRIEF, self.shared.release(key, holder)).await
    }

    async fn changes(&self, cursor: Option<&str>) -> Result<Option<Changes>> {
        let changes = self.read(self.deadline, self.shared.changes(cursor)).await?;
        if let Some(Changes { keys, .. }) = &changes
            && !keys.is_empty()
            && self.outbox.may_wait()
        {
            // What others kept or removed stands, whatever waits here.
            self.local.remove(keys.clone()).await?;
        }
        Ok(changes)
    }

    fn trouble(&self) -> Option<String> {
        let kept = "answers are kept on this machine until the shared store";
        match (self.reading.open(), self.writing.open()) {
            (Some(cause), _) => Some(format!("{kept} is back: {cause}")),
            (None, Some(cause)) => Some(format!("{kept} takes them: {cause}")),
            (None, None) => self.local.trouble(),
        }
    }

    async fn tend(&self, now: Timestamp) {
        self.local.tend(now).await;
        // One at a time: no letter is sent twice at once.
        let Ok(_alone) = self.tending.try_lock() else { return };
        if self.is_back().await {
            self.send(now).await;
        }
    }

    async fn examine(&self) -> Result<Examined> {
        // The file on this machine, which stands in, and the server, where it is there.
        let here = self.local.examine().await?;
        let there = self.read(PATIENT, self.shared.examine()).await.unwrap_or_default();
        Ok(Examined { damage: here.damage, ..there })
    }

    async fn ping(&self) -> Result<()> {
        self.read(self.deadline, self.shared.ping()).await
    }
}
