//! The statements on admissions: the newest of each subject, as many as its limit counts.

use rusqlite::{Connection, params};

use super::schema::{loaded, stored};
use crate::clock::Timestamp;
use crate::store::window::{FORGOTTEN_AFTER, Window};
use crate::store::{Admission, Limit};

/// Decides, and records a yes. Correct because one thread writes: nobody comes between reading and recording.
pub fn admit(connection: &Connection, subject: &str, limit: Limit, now: Timestamp) -> rusqlite::Result<Admission> {
    let (window, newest) = read(connection, subject, limit, now)?;
    let (admission, record) = window.admit();
    if let Some(at) = record {
        let number = newest.saturating_add(1);
        let over_at = at.after(limit.window);
        connection
            .prepare_cached("INSERT INTO admissions (subject, number, at, over_at) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![subject, number, stored(at.0), stored(over_at.0)])?;
        connection
            .prepare_cached("DELETE FROM admissions WHERE subject = ?1 AND number <= ?2")?
            .execute(params![subject, number.saturating_sub(i64::from(limit.count))])?;
    }
    Ok(admission)
}

/// The same decision, recording nothing.
pub fn standing(connection: &Connection, subject: &str, limit: Limit, now: Timestamp) -> rusqlite::Result<Admission> {
    read(connection, subject, limit, now).map(|(window, _)| window.standing())
}

/// Forgets admissions that have long left their windows.
pub fn forget(connection: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM admissions WHERE over_at <= ?1")?
        .execute([stored(now.before(FORGOTTEN_AFTER).0)])?;
    Ok(())
}

/// The window at `now`, and the number of the newest admission in the log.
fn read(connection: &Connection, subject: &str, limit: Limit, now: Timestamp) -> rusqlite::Result<(Window, i64)> {
    let mut statement = connection
        .prepare_cached("SELECT number, at FROM admissions WHERE subject = ?1 ORDER BY number DESC LIMIT ?2")?;
    let mut rows = statement.query(params![subject, limit.count])?;
    let mut window = Window::ending(now, limit);
    let mut newest = 0;
    while let Some(row) = rows.next()? {
        let number: i64 = row.get(0)?;
        newest = newest.max(number);
        if !window.see(Timestamp(loaded(row.get(1)?))) {
            break;
        }
    }
    Ok((window, newest))
}
