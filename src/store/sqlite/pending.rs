//! What is acknowledged and not yet in the database: in memory for whoever asks, in the journal for whoever comes after a
//! `kill -9`. It is filed with the next transaction, whatever that is for, and no later than the store is tended.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use rusqlite::Connection;

use super::journal::{Admitted, Journal, Record};
use super::schema::Mark;
use super::{admissions, entries, failure, open, schema};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::exchange::Key;
use crate::store::window::Log;
use crate::store::{Admission, Limit, Row};

/// From this length on nothing is put beside the database, until it is filed: what is filed at once holds up other writing.
const LONG: u64 = 4 << 20;

/// See the module.
pub struct Pending {
    state: Mutex<State>,
    /// True while `State::trouble` says something; most ask for no more.
    in_trouble: AtomicBool,
}

#[derive(Default)]
struct State {
    /// `None` where every commit has to be on the disk, where it cannot be written, and once the store is closed.
    journal: Option<Journal>,
    /// The number by which the database knows the journal.
    id: Option<u64>,
    rows: HashMap<Key, (u64, Row)>,
    admissions: Vec<(u64, Admitted)>,
    /// Whoever was asked for since the start: decided on here, and read from the database once.
    subjects: HashMap<String, Subject>,
    /// The number of the last thing that was taken in.
    last: u64,
    /// The number of the last record in the journal.
    written: u64,
    /// The number of the last thing that is in the database, it and all before it.
    filed: u64,
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
    journal: Option<u64>,
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
    /// With what the journal beside the database holds that the database does not, and what a person should be told.
    /// Without a journal, `keep` keeps nothing and every admission has to be filed.
    pub fn open(path: &Path, connection: &Connection, with_journal: bool) -> Result<(Pending, Vec<String>)> {
        let mark = schema::mark(connection).map_err(|error| failure::opening(path, &error))?;
        let place = open::journal_of(path);
        let mut state = State::default();
        let mut warnings = Vec::new();
        match Journal::open(&place) {
            Ok((journal, held)) => {
                // A database begun in the place of a damaged one knows no journal, and lacks all that is in this one.
                let filed = if mark.journal == journal.id() { mark.filed } else { 0 };
                (state.last, state.written, state.filed) = (filed, filed, filed);
                for (number, record) in held.records {
                    state.take_back(number, record);
                }
                if held.dropped > 0 {
                    let (place, dropped) = (place.display(), held.dropped);
                    warnings.push(format!("{dropped} bytes at the end of `{place}` cannot be read and were dropped"));
                }
                state.id = Some(journal.id());
                state.journal = Some(journal).filter(|_| with_journal);
            }
            // No need to fail: the database then takes everything itself, a little slower.
            Err(error) => warnings.push(format!("the journal `{}` cannot be used: {error}", place.display())),
        }
        Ok((Pending { state: Mutex::new(state), in_trouble: AtomicBool::new(false) }, warnings))
    }

    /// Keeps a row beside the database; hands it back where there is no room.
    pub fn keep(&self, row: Row) -> Option<Row> {
        let mut state = self.state();
        let number = state.last + 1;
        if !state.write(number, &Record::Kept(Cow::Borrowed(&row))) {
            return Some(row);
        }
        state.last = number;
        state.rows.insert(row.key, (number, row));
        None
    }

    /// The value of a row that waits; `None` where none does. One that is gone at `now` is there, and no value.
    pub fn find(&self, key: &Key, now: Timestamp) -> Option<Option<Bytes>> {
        let state = self.state();
        let (_, row) = state.rows.get(key)?;
        Some((now < row.gone_at).then(|| row.value.clone()))
    }

    /// Fails where the database did not take what waits under one of these keys: it would take the place of what is kept
    /// there now, or bring back what is removed, when it is filed later.
    pub fn refuse_where_waiting(&self, keys: &[Key]) -> rusqlite::Result<()> {
        let state = self.state();
        let Some(cause) = &state.trouble else { return Ok(()) };
        if !keys.iter().any(|key| state.rows.contains_key(key)) {
            return Ok(());
        }
        let failure = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_ERROR);
        Err(rusqlite::Error::SqliteFailure(failure, Some(format!("what was kept before cannot be filed: {cause}"))))
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
        let number = state.last + 1;
        let is_written = state.write(number, &Record::Admitted(Cow::Borrowed(&admitted)));
        if !is_written {
            // While the database takes nothing, no more wait than it would keep.
            let oldest = admitted.number.saturating_sub(i64::from(admitted.kept));
            state.admissions.retain(|(_, other)| other.subject != subject || other.number > oldest);
        }
        state.last = number;
        state.admissions.push((number, admitted));
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
        self.len() == 0
    }

    /// How much waits.
    pub fn len(&self) -> usize {
        let state = self.state();
        state.rows.len() + state.admissions.len()
    }

    /// What is to be moved into the database now.
    pub fn filing(&self) -> Filing {
        let state = self.state();
        let mut rows: Vec<_> = state.rows.values().cloned().collect();
        // In the order they came, which is the order entries of the same moment are evicted in.
        rows.sort_unstable_by_key(|(number, _)| *number);
        Filing { rows, admissions: state.admissions.clone(), last: state.last, journal: state.id }
    }

    /// Forgets what is in the database now, whose transaction is committed.
    pub fn filed(&self, filing: &Filing) {
        let mut state = self.state();
        if state.trouble.take().is_some() {
            self.in_trouble.store(false, Ordering::Release);
        }
        state.rows.retain(|_, (number, _)| *number > filing.last);
        state.admissions.retain(|(number, _)| *number > filing.last);
        state.filed = state.filed.max(filing.last);
    }

    /// The number of the last thing that is in the database, it and all before it.
    pub fn filed_up_to(&self) -> u64 {
        self.state().filed
    }

    /// Forgets what the journal holds up to this number, where that is all of it: it is in the database, and on the disk.
    /// Tells whether it was.
    pub fn clear_journal(&self, up_to: u64) -> bool {
        let mut state = self.state();
        // Where this fails its records are passed over, being filed.
        state.written <= up_to && state.journal.as_mut().is_none_or(|journal| journal.clear().is_ok())
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

    /// Takes nothing in any more. Tells whether there was a journal.
    pub fn close(&self) -> bool {
        let mut state = self.state();
        state.journal = None;
        state.id.is_some()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing stops half-way through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes in what an earlier process wrote, where it did not file it.
    fn take_back(&mut self, number: u64, record: Record<'_>) {
        self.last = self.last.max(number);
        self.written = self.written.max(number);
        if number <= self.filed {
            return;
        }
        match record {
            Record::Kept(row) => drop(self.rows.insert(row.key, (number, row.into_owned()))),
            Record::Admitted(admitted) => self.admissions.push((number, admitted.into_owned())),
        }
    }

    /// Writes a record where there is room for it. What cannot be written is not lost: it goes into the database at once.
    fn write(&mut self, number: u64, record: &Record<'_>) -> bool {
        let is_in_trouble = self.trouble.is_some();
        let fits = |journal: &&mut Journal| journal.len() < LONG && !is_in_trouble;
        let Some(journal) = self.journal.as_mut().filter(fits) else { return false };
        if let Err(error) = journal.append(number, record) {
            tracing::debug!(%error, "the store's journal cannot be written");
            if journal.cut_off().is_err() {
                self.journal = None;
            }
            return false;
        }
        self.written = number;
        true
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
        match self.journal {
            Some(journal) => schema::set_mark(connection, Mark { journal, filed: self.last }),
            None => Ok(()),
        }
    }
}
