//! The embedded store: one SQLite file that survives `kill -9`. One thread writes, a few connections read beside it.
//!
//! A damaged file is never fatal: it is set aside with a warning and a fresh one begun.

mod admissions;
mod budgets;
mod counters;
mod documents;
mod entries;
mod examination;
mod failure;
mod journal;
mod keeper;
mod known;
mod open;
mod pending;
mod reader;
mod schema;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use rusqlite::Connection;

use self::known::{Known, Sieve};
use self::pending::{Decided, Pending};
use self::reader::{Readers, Unread};
use self::writer::Writer;
use super::{
    Admission, Allowance, Count, Document, Examined, Expected, Filter, Limit, Listing, Reservation, Reserved, Row,
    Settlement, Size, Spending, Store, Swept, Touch, Written,
};
use crate::clock::Timestamp;
use crate::config::settings::Durability;
use crate::error::Result;
use crate::exchange::Key;

/// Keys one transaction removes at most, so that other writing gets its turn.
const REMOVED_AT_ONCE: usize = 500;

/// A value up to this length is written in some microseconds.
const SMALL: usize = 64 << 10;

/// Unused pages one transaction gives back to the file system, and one sweep: 1 MiB and 64 MiB.
const SHRUNK_AT_ONCE: i64 = 256;
const SHRUNK_PER_SWEEP: i64 = 16_384;

/// The store of `backend = "embedded"`. Dropping it closes it.
pub struct Sqlite {
    path: PathBuf,
    writer: Writer,
    readers: Readers,
    pending: Arc<Pending>,
    known: Arc<Known>,
}

impl Sqlite {
    /// Opens the database at `path`, or makes one. Also returns what a person should be told, such as that a damaged
    /// file was set aside.
    ///
    /// One process at a time may have it open: it decides on admissions in memory, and what it keeps is beside the file
    /// for a moment.
    pub fn open(path: &Path, durability: Durability) -> Result<(Sqlite, Vec<String>)> {
        let (connection, mut warnings) = open::writer(path, durability)?;
        let readers = Readers::of(path);
        let (pending, told) = Pending::open(path, &connection, durability == Durability::Normal)?;
        warnings.extend(told);
        let pending = Arc::new(pending);
        let known = Arc::new(Known::of(held(&connection, &pending)));
        let writer = Writer::start(connection, path.to_owned(), durability, readers.clone(), Arc::clone(&pending))?;
        Ok((Sqlite { path: path.to_owned(), writer, readers, pending, known }, warnings))
    }

    /// Finishes what was asked for, moves the write-ahead log into the database and closes the file. Waits for the
    /// disk, so call it from where blocking is allowed. Whatever is asked later fails; closing again does nothing.
    pub fn close(&self) {
        self.known.close();
        self.writer.close();
    }

    /// Reads once; where the file proves damaged, again from the fresh one that took its place.
    async fn read<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&Connection) -> rusqlite::Result<T> + Clone + Send + 'static,
    {
        match self.readers.read(work.clone()).await {
            Ok(value) => return Ok(value),
            Err(Unread::Sqlite(error, file)) if failure::is_damage(&error) => {
                self.writer.mend(error.to_string(), file).await?;
            }
            Err(unread) => return Err(self.unread(unread)),
        }
        self.readers.read(work).await.map_err(|unread| self.unread(unread))
    }

    /// The same of what may still wait to be filed: entries and admissions.
    async fn read_filed<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&Connection) -> rusqlite::Result<T> + Clone + Send + 'static,
    {
        // Where this fails, it is told as the store's trouble, and what is in the database is read.
        let _ = self.file_pending().await;
        self.read(work).await
    }

    /// Moves into the database what is acknowledged and not in it.
    async fn file_pending(&self) -> Result<()> {
        if self.pending.is_empty() { Ok(()) } else { self.write_pending().await }
    }

    /// The same, and waits for whatever is being written.
    async fn write_pending(&self) -> Result<()> {
        self.writer.run(|_| Ok(())).await?;
        self.pending.trouble().map_or(Ok(()), |cause| Err(failure::not_filed(&self.path, &cause)))
    }

    /// Reads which keys are in the database, where it is time to.
    async fn learn_keys(&self) -> Result<()> {
        let Some(reading) = self.known.begin() else { return Ok(()) };
        // What waits is found without being known, but not once it is filed; and what is being written is not there yet.
        self.write_pending().await?;
        reading.end(self.read(Sieve::read).await?);
        Ok(())
    }

    fn unread(&self, unread: Unread) -> crate::error::Error {
        match unread {
            Unread::Sqlite(error, _) => failure::reading(&self.path, &error),
            Unread::Gone(error) => error,
        }
    }
}

/// How many entries there are, in the database or waiting; 1 or more where that is not known.
fn held(connection: &Connection, pending: &Pending) -> u64 {
    let is_empty = pending.is_empty() && entries::are_none(connection).unwrap_or(false);
    if is_empty { 0 } else { entries::size(connection).map_or(1, |size| size.entries.max(1)) }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.close();
    }
}

#[async_trait]
impl Store for Sqlite {
    fn backend(&self) -> &'static str {
        "embedded"
    }

    fn packs(&self) -> bool {
        !self.writer.waits_for_the_disk()
    }

    async fn get(&self, key: &Key, now: Timestamp) -> Result<Option<Bytes>> {
        let key = *key;
        if let Some(value) = self.pending.find(&key, now) {
            return Ok(value);
        }
        if self.known.lacks(&key) {
            return Ok(None);
        }
        let look_up = move |connection: &Connection| entries::look_up(connection, &key, now);
        let read = match self.readers.read_now(look_up) {
            Some(read) => read,
            None => self.readers.read(look_up).await,
        };
        match read {
            Ok(value) => {
                if value.is_none() {
                    self.known.sought_in_vain();
                }
                Ok(value)
            }
            Err(Unread::Sqlite(error, _)) if failure::is_damaged_row(&error) => {
                tracing::warn!(path = %self.path.display(), %key, %error, "a damaged entry is taken for a miss");
                Ok(None)
            }
            Err(Unread::Sqlite(error, file)) if failure::is_damage(&error) => {
                tracing::warn!(path = %self.path.display(), %key, %error, "the store is damaged: taken for a miss");
                // Whether there is a fresh file now or not, this key is not in it.
                if let Err(error) = self.writer.mend(error.to_string(), file).await {
                    tracing::warn!(%error, "the damaged store stays");
                }
                Ok(None)
            }
            Err(unread) => Err(self.unread(unread)),
        }
    }

    async fn put(&self, row: Row) -> Result<()> {
        let key = row.key;
        let left = if row.value.len() <= SMALL { self.pending.keep(row) } else { Some(row) };
        match left {
            Some(row) => {
                let (pending, known) = (Arc::clone(&self.pending), Arc::clone(&self.known));
                let keep = move |connection: &Connection| {
                    pending.refuse_where_waiting(&[row.key])?;
                    entries::keep(connection, &row)?;
                    // Here, and not by the asker, who may be gone by then.
                    known.kept(&row.key);
                    Ok(())
                };
                self.writer.run(keep).await
            }
            None => {
                self.known.kept(&key);
                self.writer.noted();
                Ok(())
            }
        }
    }

    async fn remove(&self, keys: Vec<Key>) -> Result<u64> {
        let mut removed = 0;
        for some in keys.chunks(REMOVED_AT_ONCE) {
            let some = some.to_vec();
            let pending = Arc::clone(&self.pending);
            let remove = move |connection: &Connection| {
                pending.refuse_where_waiting(&some)?;
                entries::remove(connection, &some)
            };
            removed += self.writer.run(remove).await?;
        }
        Ok(removed)
    }

    async fn touch(&self, touches: Vec<Touch>) -> Result<()> {
        self.writer.run(move |connection| entries::touch(connection, &touches)).await
    }

    async fn list(&self, filter: Filter, now: Timestamp) -> Result<Vec<Listing>> {
        self.read_filed(move |connection| entries::list(connection, &filter, now)).await
    }

    async fn keys(&self, filter: Filter, after: Option<Key>, most: usize, now: Timestamp) -> Result<Vec<Key>> {
        self.read_filed(move |connection| entries::keys(connection, &filter, after, most, now)).await
    }

    async fn sweep(&self, now: Timestamp, max_bytes: u64) -> Result<Swept> {
        let mut swept = Swept::default();
        loop {
            let (part, done) = self.writer.run(move |connection| entries::sweep(connection, now, max_bytes)).await?;
            swept.expired += part.expired;
            swept.evicted += part.evicted;
            if done {
                break;
            }
        }
        self.pending.forget_subjects(now);
        self.writer.run(move |connection| admissions::forget(connection, now)).await?;
        self.writer.run(move |connection| budgets::forget(connection, now)).await?;
        self.writer.run(move |connection| documents::forget(connection, now)).await?;
        let mut shrunk = 0;
        while shrunk < SHRUNK_PER_SWEEP {
            match self.writer.run(|connection| entries::shrink(connection, SHRUNK_AT_ONCE)).await? {
                0 => break,
                pages => shrunk += pages,
            }
        }
        Ok(swept)
    }

    async fn size(&self) -> Result<Size> {
        self.read_filed(entries::size).await
    }

    async fn admit(&self, subject: String, limit: Limit, now: Timestamp) -> Result<Admission> {
        loop {
            match self.pending.admit(&subject, limit, now) {
                Decided::Done(admission) => {
                    self.writer.noted();
                    return Ok(admission);
                }
                Decided::ToBeFiled(admission) => {
                    self.file_pending().await?;
                    return Ok(admission);
                }
                Decided::Unknown => {
                    self.file_pending().await?;
                    let whose = subject.clone();
                    let log = self.writer.run_small(move |connection| admissions::log(connection, &whose)).await?;
                    self.pending.know(subject.clone(), log.0, log.1);
                }
            }
        }
    }

    async fn standing(&self, subject: String, limit: Limit, now: Timestamp) -> Result<Admission> {
        if let Some(standing) = self.pending.standing(&subject, limit, now) {
            return Ok(standing);
        }
        let (log, _) = self.read_filed(move |connection| admissions::log(connection, &subject)).await?;
        Ok(log.standing(limit, now))
    }

    async fn reserve(&self, reservation: Reservation, now: Timestamp) -> Result<Reserved> {
        self.writer.run_small(move |connection| budgets::reserve(connection, &reservation, now)).await
    }

    async fn settle(&self, settlements: Vec<Settlement>, now: Timestamp) -> Result<()> {
        self.writer.run(move |connection| budgets::settle(connection, &settlements, now)).await
    }

    async fn spending(&self, allowances: Vec<Allowance>, now: Timestamp) -> Result<Vec<Spending>> {
        self.writer.run(move |connection| budgets::spendings(connection, &allowances, now)).await
    }

    async fn count(&self, _batch: &str, counts: Vec<Count>) -> Result<()> {
        self.writer.run(move |connection| counters::add(connection, &counts)).await
    }

    async fn counts(&self, since_hour: u32) -> Result<Vec<Count>> {
        self.read(move |connection| counters::since(connection, since_hour)).await
    }

    async fn reset_counts(&self) -> Result<()> {
        self.writer.run(counters::reset).await
    }

    async fn document(&self, name: &str, now: Timestamp, extend_to: Option<Timestamp>) -> Result<Option<Document>> {
        let name = name.to_owned();
        match extend_to {
            Some(until) => self.writer.run(move |connection| documents::extend(connection, &name, now, until)).await,
            None => self.read(move |connection| documents::read(connection, &name, now)).await,
        }
    }

    async fn write_document(
        &self,
        name: &str,
        value: Bytes,
        expected: Expected,
        now: Timestamp,
        gone_at: Timestamp,
    ) -> Result<Written> {
        let name = name.to_owned();
        let write = move |connection: &Connection| documents::write(connection, &name, &value, expected, now, gone_at);
        self.writer.run(write).await
    }

    async fn remove_document(&self, name: &str, now: Timestamp) -> Result<bool> {
        let name = name.to_owned();
        self.writer.run(move |connection| documents::remove(connection, &name, now)).await
    }

    async fn documents(&self, prefix: &str, most: usize, now: Timestamp) -> Result<Vec<Document>> {
        let prefix = prefix.to_owned();
        self.read(move |connection| documents::list(connection, &prefix, most, now)).await
    }

    async fn tend(&self, _now: Timestamp) {
        let _ = self.file_pending().await;
        if let Err(error) = self.learn_keys().await {
            tracing::debug!(%error, "keys are looked for in the database");
        }
    }

    fn trouble(&self) -> Option<String> {
        let cause = self.pending.trouble()?;
        Some(format!("what was answered last waits beside `{}` to be kept in it: {cause}", self.path.display()))
    }

    async fn examine(&self) -> Result<Examined> {
        let damage = match self.readers.read(examination::damage).await {
            Ok(damage) => damage,
            // Told, not mended: who looks for trouble does not want it moved out of sight.
            Err(Unread::Sqlite(error, _)) if failure::is_damage(&error) => vec![error.to_string()],
            Err(unread) => return Err(self.unread(unread)),
        };
        Ok(Examined { damage: Some(damage), ..Examined::default() })
    }

    async fn ping(&self) -> Result<()> {
        // Through the writer: a store that can only be read is not well.
        self.writer.run(entries::size).await.map(|_| ())
    }
}

#[cfg(test)]
mod tests;
