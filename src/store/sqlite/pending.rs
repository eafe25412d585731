//! What is acknowledged and not yet in the database: in memory for whoever asks, in the journal for whoever comes after a
//! `kill -9`. It is filed with the next transaction, whatever that is for, and no later than the store is tended.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use rusqlite::Connection;

use super::journal::{Admitted, Journal, Record};
use super::{admissions, entries, failure, open, schema};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::exchange::Key;
use crate::store::window::Log;
use crate::store::{Admission, Limit, Row};

/// From this length on nothing is put beside the database, until it is filed: some milliseconds' worth of writing.
const LONG: u64 = 1 << 20;

/// See the module.
pub struct Pending {
    state: Mutex<State>,
    /// True while `State::trouble` says something; most ask for no more.
    in_trouble: AtomicBool,
}

struct State {
    /// `None` where every commit has to be on the disk, and once the store is closed.
    journal: Option<Journal>,
    rows: HashMap<Key, (u64, Row)>,
    admissions: Vec<(u64, Admitted)>,
    /// Whoever was asked for since the start: decided on here, and read from the database once.
    subjects: HashMap<String, Subject>,
    /// The number of the last record.
    last: u64,
    /// Why the last filing failed. Until one succeeds nothing more is put beside the database, so that askers are told.
    trouble: Option<String>,
}

struct Subject {
    log: Log,
    newest: i64,
}

/// What one transaction moves into the database.
pub struct Filing {
    rows: Vec<(u64, Row)>,
    admissions: Vec<(u64, Admitted)>,
    last: u64,
}

/// What came of an admission.
pub enum Decided {
    /// Whoever it is has to be made [known](Pending::know) first.
    Unknown,
    /// Decided, and recorded where it is a yes.
    Done(Admission),
    /// Decided, and to be filed before it is told.
    ToBeFiled(Admission),
}

impl Pending {
    /// With what the journal beside the database holds that the database does not. Without a journal, `keep` keeps nothing
    /// and every admission has to be filed.
    pub fn open(path: &Path, connection: &Connection, with_journal: bool) -> Result<Pending> {
        let mark = schema::mark(connection).map_err(|error| failure::opening(path, &error))?;
        let place = open::journal_of(path);
        let (journal, held) = match Journal::open(&place, mark.seed) {
            Ok((journal, held)) => (Some(journal), held),
            // A disk that has no room for a new file may still have some in an old one.
            Err(error) if !place.exists() => {
                tracing::warn!(path = %place.display(), %error, "done without: the database takes everything itself");
                (None, Vec::new())
            }
            Err(error) => return Err(failure::preparing(&place, &error)),
        };
        let mut state = State {
            journal,
            rows: HashMap::new(),
            admissions: Vec::new(),
            subjects: HashMap::new(),
            last: mark.filed,
            trouble: None,
        };
        for (number, record) in held.into_iter().filter(|(number, _)| *number > mark.filed) {
            state.last = number;
            match record {
                Record::Kept(row) => drop(state.rows.insert(row.key, (number, row))),
                Record::Admitted(admitted) => state.admissions.push((number, admitted)),
            }
        }
        if !with_journal {
            state.journal = None;
        }
        Ok(Pending { state: Mutex::new(state), in_trouble: AtomicBool::new(false) })
    }

    /// Keeps a row beside the database; hands it back where there is no room.
    pub fn keep(&self, row: Row) -> Option<Row> {
        let mut state = self.state();
        let number = state.last + 1;
        let record = Record::Kept(row);
        let is_written = state.write(number, &record);
        let Record::Kept(row) = record else { return None };
        if !is_written {
            return Some(row);
        }
        state.rows.insert(row.key, (number, row));
        None
    }

    /// The value of a row that waits; `None` where none does. One that is gone at `now` is there, and no value.
    pub fn find(&self, key: &Key, now: Timestamp) -> Option<Option<Bytes>> {
        let state = self.state();
        let (_, row) = state.rows.get(key)?;
        Some((now < row.gone_at).then(|| row.value.clone()))
    }

    /// Decides one admission.
    pub fn admit(&self, subject: &str, limit: Limit, now: Timestamp) -> Decided {
        let mut state = self.state();
        let Some(known) = state.subjects.get_mut(subject) else { return Decided::Unknown };
        let (admission, record) = known.log.admit(limit, now);
        let Some(at) = record else { return Decided::Done(admission) };
        known.newest = known.newest.saturating_add(1);
        let (number, over_at) = (known.newest, at.after(limit.window));
        let admitted = Admitted { subject: subject.to_owned(), number, at, over_at, kept: limit.count };
        let (number, record) = (state.last + 1, Record::Admitted(admitted));
        let is_written = state.write(number, &record);
        state.last = number;
        if let Record::Admitted(admitted) = record {
            state.admissions.push((number, admitted));
        }
        if is_written { Decided::Done(admission) } else { Decided::ToBeFiled(admission) }
    }

    /// How a known subject stands.
    pub fn standing(&self, subject: &str, limit: Limit, now: Timestamp) -> Option<Admission> {
        self.state().subjects.get(subject).map(|known| known.log.standing(limit, now))
    }

    /// Makes a subject known, from what the database held when all was filed. One that is known already knows better.
    pub fn know(&self, subject: String, log: Log, newest: i64) {
        self.state().subjects.entry(subject).or_insert(Subject { log, newest });
    }

    /// Forgets whoever has been away for long.
    pub fn forget_subjects(&self, now: Timestamp) {
        self.state().subjects.retain(|_, subject| !subject.log.is_forgotten(now));
    }

    /// True where nothing waits.
    pub fn is_empty(&self) -> bool {
        self.state().is_empty()
    }

    /// What is to be moved into the database now.
    pub fn filing(&self) -> Filing {
        let state = self.state();
        let mut rows: Vec<_> = state.rows.values().cloned().collect();
        // In the order they came, which is the order entries of the same moment are evicted in.
        rows.sort_unstable_by_key(|(number, _)| *number);
        Filing { rows, admissions: state.admissions.clone(), last: state.last }
    }

    /// Forgets what is in the database now, whose transaction is committed.
    pub fn filed(&self, filing: &Filing) {
        let mut state = self.state();
        if state.trouble.take().is_some() {
            self.in_trouble.store(false, Ordering::Release);
        }
        state.rows.retain(|_, (number, _)| *number > filing.last);
        state.admissions.retain(|(number, _)| *number > filing.last);
        if state.is_empty() {
            // Where this fails its records are passed over, being filed.
            let _ = state.journal.as_mut().map(Journal::clear);
        }
    }

    /// Notes that it could not be filed.
    pub fn not_filed(&self, error: &rusqlite::Error) {
        let mut state = self.state();
        if state.trouble.is_none() {
            tracing::warn!(%error, "what was kept last waits in the journal");
        }
        state.trouble = Some(error.to_string());
        self.in_trouble.store(true, Ordering::Release);
    }

    /// Why what was kept last is not in the database, where that is so.
    pub fn trouble(&self) -> Option<String> {
        if self.in_trouble.load(Ordering::Acquire) { self.state().trouble.clone() } else { None }
    }

    /// Another database has taken the place of the one that this was beside: what waits is for that one now.
    pub fn move_to(&self, connection: &Connection) -> rusqlite::Result<()> {
        let mark = schema::mark(connection)?;
        let mut state = self.state();
        state.last = state.last.max(mark.filed);
        let Some(mut journal) = state.journal.take() else { return Ok(()) };
        let rows = state.rows.values().map(|(number, row)| (*number, Record::Kept(row.clone())));
        let admitted = state.admissions.iter().map(|(number, admitted)| (*number, Record::Admitted(admitted.clone())));
        let mut waiting: Vec<_> = rows.chain(admitted).collect();
        waiting.sort_unstable_by_key(|(number, _)| *number);
        let begun = journal.begin(mark.seed);
        let written =
            begun.and_then(|()| waiting.iter().try_for_each(|(number, record)| journal.append(*number, record)));
        // One that cannot be written to is done without.
        state.journal = written.is_ok().then_some(journal);
        Ok(())
    }

    /// Takes nothing in any more.
    pub fn close(&self) {
        self.state().journal = None;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing stops half-way through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.admissions.is_empty()
    }

    /// Writes a record where there is room for it. What cannot be written is not lost: it goes into the database at once.
    fn write(&mut self, number: u64, record: &Record) -> bool {
        let is_in_trouble = self.trouble.is_some();
        let fits = |journal: &&mut Journal| journal.len() < LONG && !is_in_trouble;
        let Some(journal) = self.journal.as_mut().filter(fits) else { return false };
        let written = journal.append(number, record);
        if let Err(error) = &written {
            tracing::debug!(%error, "the store's journal cannot be written");
        }
        self.last = if written.is_ok() { number } else { self.last };
        written.is_ok()
    }
}

impl Filing {
    /// True where there is nothing to move.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.admissions.is_empty()
    }

    /// Moves it, within whatever transaction is open.
    pub fn write(&self, connection: &Connection) -> rusqlite::Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        self.rows.iter().try_for_each(|(_, row)| entries::keep(connection, row))?;
        self.admissions.iter().try_for_each(|(_, admitted)| admissions::record(connection, admitted))?;
        schema::set_filed(connection, self.last)
    }
}
