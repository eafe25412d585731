//! The statements on admissions: the newest of each subject, as many as its limit counts.

use std::collections::VecDeque;

use rusqlite::{Connection, params};

use super::journal::Admitted;
use super::schema::{loaded, stored};
use crate::clock::Timestamp;
use crate::store::window::{FORGOTTEN_AFTER, Log};

/// Records what was decided. Once more does no harm.
pub fn record(connection: &Connection, admitted: &Admitted) -> rusqlite::Result<()> {
    let Admitted { subject, number, at, over_at, kept } = admitted;
    connection
        .prepare_cached("INSERT OR REPLACE INTO admissions (subject, number, at, over_at) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![subject, number, stored(at.0), stored(over_at.0)])?;
    connection
        .prepare_cached("DELETE FROM admissions WHERE subject = ?1 AND number <= ?2")?
        .execute(params![subject, number.saturating_sub(i64::from(*kept))])?;
    Ok(())
}

/// Everything that is recorded of a subject, and the number of the newest.
pub fn log(connection: &Connection, subject: &str) -> rusqlite::Result<(Log, i64)> {
    let mut statement = connection
        .prepare_cached("SELECT number, at, over_at FROM admissions WHERE subject = ?1 ORDER BY number DESC")?;
    let mut rows = statement.query([subject])?;
    let (mut times, mut newest, mut over_at) = (VecDeque::new(), 0, 0);
    while let Some(row) = rows.next()? {
        newest = newest.max(row.get(0)?);
        times.push_back(Timestamp(loaded(row.get(1)?)));
        over_at = over_at.max(loaded(row.get(2)?));
    }
    Ok((Log::of(times, Timestamp(over_at)), newest))
}

/// Forgets admissions that have long left their windows.
pub fn forget(connection: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM admissions WHERE over_at <= ?1")?
        .execute([stored(now.before(FORGOTTEN_AFTER).0)])?;
    Ok(())
}
