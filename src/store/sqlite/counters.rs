//! The statements on counters: add, sum, forget.

use rusqlite::{Connection, OptionalExtension, params};

use crate::store::{Count, Slot};

/// Adds to counters; all or none, being part of one transaction.
pub fn add(connection: &Connection, counts: &[Count]) -> rusqlite::Result<()> {
    // Added here and not by SQLite, which makes a float of a sum too large for an integer.
    let mut value = connection.prepare_cached(
        "SELECT value FROM counters WHERE hour = ?1 AND provider = ?2 AND model = ?3 AND namespace = ?4 \
         AND run = ?5 AND field = ?6",
    )?;
    let mut set = connection.prepare_cached(
        "INSERT OR REPLACE INTO counters (hour, provider, model, namespace, run, field, value) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for Count { slot, field, by } in counts {
        let Slot { hour, provider, model, namespace, run } = slot;
        let before = value.query_row(params![hour, provider, model, namespace, run, field], |row| row.get(0));
        let before: i64 = before.optional()?.unwrap_or(0);
        set.execute(params![hour, provider, model, namespace, run, field, before.saturating_add(*by)])?;
    }
    Ok(())
}

/// Every counter in slots at or after `since_hour`.
pub fn since(connection: &Connection, since_hour: u32) -> rusqlite::Result<Vec<Count>> {
    let mut statement = connection.prepare_cached(
        "SELECT hour, provider, model, namespace, run, field, value FROM counters WHERE hour >= ?1 \
         ORDER BY hour, provider, model, namespace, run, field",
    )?;
    let counts = statement.query_map([since_hour], |row| {
        let slot = Slot {
            hour: row.get(0)?,
            provider: row.get(1)?,
            model: row.get(2)?,
            namespace: row.get(3)?,
            run: row.get(4)?,
        };
        Ok(Count { slot, field: row.get(5)?, by: row.get(6)? })
    })?;
    counts.collect()
}

/// Forgets every counter.
pub fn reset(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM counters", []).map(|_| ())
}
