//! Where bytes live. A store keeps entries, admission logs and counters durably; it knows no prompts and no vendors.
//!
//! Every verb either did what it says when it returns, or fails. Three implementations stand behind the trait:
//! [`memory`] (nothing outlives the process), [`sqlite`] (one file, survives `kill -9`) and [`shared`] (a server for many).

mod filter;
pub mod fleet;
pub mod memory;
pub mod purses;
pub mod sealed;
pub mod shared;
pub mod sqlite;
pub mod window;

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;

pub use self::purses::{Allowance, Reservation, Reserved, Settlement, Spending};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::exchange::Key;
use crate::money::Usd;

/// An entry as a store sees it: opaque bytes and the columns entries are listed and evicted by.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What it is found by.
    pub key: Key,
    /// The [sealed] entry.
    pub value: Bytes,
    /// Who answered.
    pub provider: String,
    /// The model asked for.
    pub model: String,
    /// The tenant.
    pub namespace: String,
    /// When it was received.
    pub kept_at: Timestamp,
    /// The end of freshness.
    pub fresh_until: Timestamp,
    /// The end of any use: never returned from this moment on, and removed by the next sweep.
    pub gone_at: Timestamp,
    /// What one hit saves; `None` where the model has no price.
    pub cost: Option<Usd>,
}

/// An entry in a listing: its columns without its bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing {
    /// What it is found by.
    pub key: Key,
    /// Who answered.
    pub provider: String,
    /// The model asked for.
    pub model: String,
    /// The tenant.
    pub namespace: String,
    /// When it was received.
    pub kept_at: Timestamp,
    /// The end of freshness.
    pub fresh_until: Timestamp,
    /// The end of any use.
    pub gone_at: Timestamp,
    /// What one hit saves.
    pub cost: Option<Usd>,
    /// Bytes of the sealed value.
    pub bytes: u64,
    /// Times it was served, as far as flushed.
    pub hits: u64,
    /// When it was last served or kept.
    pub used_at: Timestamp,
}

/// Which entries a listing or a purge means; an empty filter means all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Hexadecimal digits the key starts with.
    pub key_prefix: Option<String>,
    /// This provider only.
    pub provider: Option<String>,
    /// This model only.
    pub model: Option<String>,
    /// This namespace only.
    pub namespace: Option<String>,
    /// Kept at or before this moment only.
    pub kept_before: Option<Timestamp>,
}

/// An entry was served `hits` times, last at `at`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Touch {
    /// Which entry.
    pub key: Key,
    /// How often since the last touch.
    pub hits: u64,
    /// The latest time.
    pub at: Timestamp,
}

/// What a sweep removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Entries past any use.
    pub expired: u64,
    /// Entries removed, least recently used first, to stay within the size.
    pub evicted: u64,
}

/// What is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Entries, those past freshness included.
    pub entries: u64,
    /// Bytes of their sealed values.
    pub bytes: u64,
}

/// At most `count` admissions in any window of `window`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Admissions.
    pub count: u32,
    /// The sliding window's length.
    pub window: Duration,
}

/// The decision on one admission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admission {
    /// Whether the caller may go on. A refusal is not recorded and costs nothing.
    pub admitted: bool,
    /// Admissions left right after this decision.
    pub remaining: u32,
    /// When the next place falls free (admitted and places left: when the oldest one falls out; nobody in: now).
    pub reset_at: Timestamp,
}

/// Where a counter belongs. The grain of every statistic.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot {
    /// Whole hours since the epoch.
    pub hour: u32,
    /// Who answered.
    pub provider: String,
    /// The model asked for.
    pub model: String,
    /// The tenant.
    pub namespace: String,
    /// The run it belongs to, or empty.
    pub run: String,
}

/// One increment of one named counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Where it belongs.
    pub slot: Slot,
    /// Which counter.
    pub field: String,
    /// By how much.
    pub by: i64,
}

/// A small value with a version that many may write: a session, or what waits to be sent to a shared store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// What it is found by.
    pub name: String,
    /// Grows with every writing, from 1.
    pub version: u64,
    /// Its bytes.
    pub value: Bytes,
    /// The end of its life: never returned from this moment on.
    pub gone_at: Timestamp,
}

/// What a document must be for a writing to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Not there, or gone.
    Absent,
    /// There, in this version.
    Version(u64),
}

/// What came of a writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// Done; this is its version now.
    Done(u64),
    /// Not done: somebody else wrote, removed or made it first. Its version now, where it is there.
    Conflict(Option<u64>),
}

/// What other users of a shared store kept anew or removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Where the next reading goes on.
    pub cursor: String,
    /// Of these entries nothing older may be served.
    pub keys: Vec<Key>,
    /// True where not all that happened is known any more: nothing older may be served at all.
    pub lost_track: bool,
}

/// What a look at the medium itself finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examined {
    /// What is damaged, in the medium's own words; empty where all is sound, `None` where nobody can tell.
    pub damage: Option<Vec<String>>,
    /// What the server drops when it is full, in its own word; `None` where there is no server, or it does not tell.
    pub eviction: Option<String>,
    /// The server's clock at the moment it answered.
    pub clock: Option<Timestamp>,
    /// What is amiss with the server's settings, a sentence each.
    pub warnings: Vec<String>,
}

/// The few verbs every backend answers. `now` is always an argument: a store has no clock of its own.
#[async_trait]
pub trait Store: Send + Sync {
    /// The backend's name in settings and statistics.
    fn backend(&self) -> &'static str;

    /// True where other daemons use it too, so that leases and changes mean something.
    fn is_shared(&self) -> bool {
        false
    }

    /// True where it [packs](sealed::pack) what it is handed, later than whoever hands it in waits.
    fn packs(&self) -> bool {
        false
    }

    /// The value under a key; `None` where there is none or it is gone at `now`.
    async fn get(&self, key: &Key, now: Timestamp) -> Result<Option<Bytes>>;

    /// Keeps a row in place of any older one. Committed when it returns: `kill -9` does not lose it.
    /// The hits of an entry that is replaced start again at zero.
    async fn put(&self, row: Row) -> Result<()>;

    /// Removes entries; tells how many there were.
    async fn remove(&self, keys: Vec<Key>) -> Result<u64>;

    /// Records that entries were served. Keys that are not there are passed over.
    async fn touch(&self, touches: Vec<Touch>) -> Result<()>;

    /// The entries a filter means that are not gone at `now`, in the order of their keys.
    async fn list(&self, filter: Filter, now: Timestamp) -> Result<Vec<Listing>>;

    /// The keys of the first entries a filter means that are not gone at `now`, in order, those after `after` where it is
    /// given, at most `most`: the way through more entries than memory should hold.
    async fn keys(&self, filter: Filter, after: Option<Key>, most: usize, now: Timestamp) -> Result<Vec<Key>> {
        let listed = self.list(filter, now).await?.into_iter().map(|listing| listing.key);
        Ok(listed.filter(|key| after.is_none_or(|after| *key > after)).take(most).collect())
    }

    /// Removes what is gone at `now`, then the least recently used until `max_bytes` holds.
    async fn sweep(&self, now: Timestamp, max_bytes: u64) -> Result<Swept>;

    /// How much is kept.
    async fn size(&self) -> Result<Size>;

    /// Decides one admission of `subject` under an exact sliding window: in no window of `limit.window` are
    /// more than `limit.count` admitted, whatever happens between. Recorded before it returns, so a restart
    /// forgets nothing. Time that runs backwards admits nobody early: `now` is never taken below the newest record.
    async fn admit(&self, subject: String, limit: Limit, now: Timestamp) -> Result<Admission>;

    /// The same decision without taking the place: whether `admit` would let the caller in now, and the places
    /// left as they stand.
    async fn standing(&self, subject: String, limit: Limit, now: Timestamp) -> Result<Admission>;

    /// Sets money aside for a call, from every allowance it names or from none, whatever happens between: what is spent
    /// and set aside together never exceeds an allowance. Taken once, however often it is handed in under its name.
    /// One that is not settled within its span counts as spent.
    async fn reserve(&self, reservation: Reservation, now: Timestamp) -> Result<Reserved>;

    /// Puts what calls cost in the place of what was set aside for them; each counts once, however often it is handed
    /// in, before its reservation or after it.
    async fn settle(&self, settlements: Vec<Settlement>, now: Timestamp) -> Result<()>;

    /// How allowances stand, in the order they are given.
    async fn spending(&self, allowances: Vec<Allowance>, now: Timestamp) -> Result<Vec<Spending>>;

    /// Adds to counters, all or none. A batch is counted once, however often it is handed in under its name: who does not
    /// hear whether it was taken hands it in again.
    async fn count(&self, batch: &str, counts: Vec<Count>) -> Result<()>;

    /// The sums of every counter in slots at or after `since_hour`.
    async fn counts(&self, since_hour: u32) -> Result<Vec<Count>>;

    /// The sums of what this daemon alone counted.
    async fn own_counts(&self, since_hour: u32) -> Result<Vec<Count>> {
        self.counts(since_hour).await
    }

    /// Forgets every counter.
    async fn reset_counts(&self) -> Result<()>;

    /// The document of a name; where `extend_to` is given, its life is lengthened to then (never shortened) in the
    /// same step.
    async fn document(&self, name: &str, now: Timestamp, extend_to: Option<Timestamp>) -> Result<Option<Document>>;

    /// Writes a document where it is as `expected`, else changes nothing. Committed when it returns.
    async fn write_document(
        &self,
        name: &str,
        value: Bytes,
        expected: Expected,
        now: Timestamp,
        gone_at: Timestamp,
    ) -> Result<Written>;

    /// Removes a document; tells whether there was one.
    async fn remove_document(&self, name: &str, now: Timestamp) -> Result<bool>;

    /// The first documents whose names start so, in the order of their names, at most `most`.
    async fn documents(&self, prefix: &str, most: usize, now: Timestamp) -> Result<Vec<Document>>;

    /// Takes the right to make the call of a key, for at most `span` by the store's clock. True where it is `holder`'s
    /// now. A store that one daemon alone uses grants every lease.
    async fn lease(&self, _key: &Key, _holder: &str, _span: Duration) -> Result<bool> {
        Ok(true)
    }

    /// Gives a lease back, where it is still `holder`'s.
    async fn release(&self, _key: &Key, _holder: &str) -> Result<()> {
        Ok(())
    }

    /// What others changed since `cursor`; from now on where there is none. `None` where nobody else can change anything.
    async fn changes(&self, _cursor: Option<&str>) -> Result<Option<Changes>> {
        Ok(None)
    }

    /// What does not work as it should, in a sentence for people; `None` where all is well.
    fn trouble(&self) -> Option<String> {
        None
    }

    /// Does what is left to do beside the asking: sends what waits, finds out whether what was away is back. Called twice
    /// a second.
    async fn tend(&self, _now: Timestamp) {}

    /// Looks closely at the medium, which may take seconds where much is kept. Changes nothing.
    async fn examine(&self) -> Result<Examined> {
        Ok(Examined::default())
    }

    /// One round trip that touches the medium.
    async fn ping(&self) -> Result<()>;
}
