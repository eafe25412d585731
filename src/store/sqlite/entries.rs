//! The statements on entries: look up, keep, remove, touch, list, sweep. They run inside whatever transaction is open.

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, params};

use super::failure;
use super::schema::{loaded, stored};
use crate::clock::Timestamp;
use crate::exchange::Key;
use crate::money::Usd;
use crate::store::{Filter, Listing, Row, Size, Swept, Touch, sealed};

/// Entries one transaction of a sweep removes at most, so that other writing gets its turn.
pub const SWEPT_AT_ONCE: u32 = 500;

/// The value under a key that is not gone at `now`.
pub fn look_up(connection: &Connection, key: &Key, now: Timestamp) -> rusqlite::Result<Option<Bytes>> {
    let mut statement = connection.prepare_cached(
        "SELECT bodies.value FROM entries JOIN bodies ON bodies.id = entries.id \
         WHERE entries.key = ?1 AND bodies.gone_at > ?2",
    )?;
    let value: Option<Vec<u8>> = statement.query_row(params![key.0, stored(now.0)], |row| row.get(0)).optional()?;
    Ok(value.map(Bytes::from))
}

/// True where there is none, gone or not. Asked of the table itself: an index may be damaged where it is not.
pub fn are_none(connection: &Connection) -> rusqlite::Result<bool> {
    connection.prepare("SELECT 1 FROM entries NOT INDEXED LIMIT 1")?.exists([]).map(|any| !any)
}

/// Tells every key there is, whether its entry is gone or not.
pub fn every_key(connection: &Connection, mut tell: impl FnMut(Key)) -> rusqlite::Result<()> {
    let mut statement = connection.prepare("SELECT key FROM entries")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        match row.get(0) {
            Ok(key) => tell(Key(key)),
            Err(error) if failure::is_damaged_row(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Keeps a row in place of any older one, packed.
pub fn keep(connection: &Connection, row: &Row) -> rusqlite::Result<()> {
    let value = sealed::pack(&row.value);
    let bytes = i64::try_from(value.len()).unwrap_or(i64::MAX);
    let id: i64 = connection
        .prepare_cached(
            "INSERT INTO entries \
             (key, provider, model, namespace, kept_at, fresh_until, gone_at, cost, bytes, hits, used_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, ?5) \
             ON CONFLICT (key) DO UPDATE SET provider = excluded.provider, model = excluded.model, \
             namespace = excluded.namespace, kept_at = excluded.kept_at, fresh_until = excluded.fresh_until, \
             gone_at = excluded.gone_at, cost = excluded.cost, bytes = excluded.bytes, hits = 0, \
             used_at = excluded.used_at RETURNING id",
        )?
        .query_row(
            params![
                row.key.0,
                row.provider,
                row.model,
                row.namespace,
                stored(row.kept_at.0),
                stored(row.fresh_until.0),
                stored(row.gone_at.0),
                row.cost.map(|cost| cost.0),
                bytes,
            ],
            |row| row.get(0),
        )?;
    connection
        .prepare_cached("INSERT OR REPLACE INTO bodies (id, gone_at, value) VALUES (?1, ?2, ?3)")?
        .execute(params![id, stored(row.gone_at.0), &value[..]])?;
    Ok(())
}

/// Removes entries and tells how many there were.
pub fn remove(connection: &Connection, keys: &[Key]) -> rusqlite::Result<u64> {
    let mut statement = connection.prepare_cached("DELETE FROM entries WHERE key = ?1")?;
    let mut removed = 0;
    for key in keys {
        removed += count(statement.execute([key.0])?);
    }
    Ok(removed)
}

/// Records that entries were served.
pub fn touch(connection: &Connection, touches: &[Touch]) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "UPDATE entries SET hits = min(hits, 9223372036854775807 - ?2) + ?2, used_at = max(used_at, ?3) WHERE key = ?1",
    )?;
    for touch in touches {
        statement.execute(params![touch.key.0, stored(touch.hits), stored(touch.at.0)])?;
    }
    Ok(())
}

const COLUMNS: &str =
    "key, provider, model, namespace, kept_at, fresh_until, gone_at, cost, bytes, hits, used_at FROM entries";

/// The entries a filter means that are not gone at `now`, in the order of their keys.
pub fn list(connection: &Connection, filter: &Filter, now: Timestamp) -> rusqlite::Result<Vec<Listing>> {
    let Some(keys) = filter.keys() else { return Ok(Vec::new()) };
    // Without a prefix the table is read from end to end and sorted here: going by the index of keys would jump to
    // another page for every entry.
    let by = if filter.key_prefix.is_some() { "" } else { "NOT INDEXED" };
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} {by} WHERE key BETWEEN ?1 AND ?2 AND +gone_at > ?3"))?;
    let mut rows = statement.query(params![keys.start().0, keys.end().0, stored(now.0)])?;
    let mut listings = Vec::new();
    let mut damaged = 0u64;
    while let Some(row) = rows.next()? {
        match listing(row) {
            Ok(entry) if filter.means(&entry) => listings.push(entry),
            Ok(_) => {}
            Err(error) if failure::is_damaged_row(&error) => damaged += 1,
            Err(error) => return Err(error),
        }
    }
    if damaged > 0 {
        tracing::warn!(damaged, "entries of the store are damaged and left out of a listing");
    }
    listings.sort_unstable_by_key(|entry| entry.key);
    Ok(listings)
}

/// The first keys a filter means, after one, by the index.
pub fn keys(
    connection: &Connection,
    filter: &Filter,
    after: Option<Key>,
    most: usize,
    now: Timestamp,
) -> rusqlite::Result<Vec<Key>> {
    let Some(range) = filter.keys() else { return Ok(Vec::new()) };
    let first = after.unwrap_or(*range.start()).max(*range.start());
    let mut statement = connection
        .prepare_cached(&format!("SELECT {COLUMNS} WHERE key BETWEEN ?1 AND ?2 AND +gone_at > ?3 ORDER BY key"))?;
    let mut rows = statement.query(params![first.0, range.end().0, stored(now.0)])?;
    let mut keys = Vec::new();
    while keys.len() < most
        && let Some(row) = rows.next()?
    {
        match listing(row) {
            Ok(entry) if filter.means(&entry) && Some(entry.key) != after => keys.push(entry.key),
            Ok(_) => {}
            Err(error) if failure::is_damaged_row(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(keys)
}

fn listing(row: &rusqlite::Row<'_>) -> rusqlite::Result<Listing> {
    let number = |column: usize| row.get(column).map(loaded);
    Ok(Listing {
        key: Key(row.get(0)?),
        provider: row.get(1)?,
        model: row.get(2)?,
        namespace: row.get(3)?,
        kept_at: Timestamp(number(4)?),
        fresh_until: Timestamp(number(5)?),
        gone_at: Timestamp(number(6)?),
        cost: row.get::<_, Option<i64>>(7)?.map(Usd),
        bytes: number(8)?,
        hits: number(9)?,
        used_at: Timestamp(number(10)?),
    })
}

/// The sums the triggers keep.
pub fn size(connection: &Connection) -> rusqlite::Result<Size> {
    let mut statement = connection.prepare_cached("SELECT entries, bytes FROM totals WHERE id = 1")?;
    statement.query_row([], |row| Ok(Size { entries: loaded(row.get(0)?), bytes: loaded(row.get(1)?) }))
}

/// One bounded part of a sweep, and whether it was the last.
pub fn sweep(connection: &Connection, now: Timestamp, max_bytes: u64) -> rusqlite::Result<(Swept, bool)> {
    let expired = connection
        .prepare_cached("DELETE FROM entries WHERE id IN (SELECT id FROM entries WHERE gone_at <= ?1 LIMIT ?2)")?
        .execute(params![stored(now.0), SWEPT_AT_ONCE])
        .map(count)?;
    if expired >= u64::from(SWEPT_AT_ONCE) {
        return Ok((Swept { expired, evicted: 0 }, false));
    }
    let (evicted, done) = evict(connection, max_bytes)?;
    Ok((Swept { expired, evicted }, done))
}

fn evict(connection: &Connection, max_bytes: u64) -> rusqlite::Result<(u64, bool)> {
    let mut excess = size(connection)?.bytes.saturating_sub(max_bytes);
    if excess == 0 {
        return Ok((0, true));
    }
    let mut oldest = connection.prepare_cached("SELECT id, bytes FROM entries ORDER BY used_at, id LIMIT ?1")?;
    let oldest: Vec<(i64, u64)> = oldest
        .query_map([SWEPT_AT_ONCE], |row| Ok((row.get(0)?, loaded(row.get(1)?))))?
        .collect::<rusqlite::Result<_>>()?;
    let mut delete = connection.prepare_cached("DELETE FROM entries WHERE id = ?1")?;
    let mut evicted = 0;
    for (id, bytes) in &oldest {
        if excess == 0 {
            return Ok((evicted, true));
        }
        evicted += count(delete.execute([id])?);
        excess = excess.saturating_sub(*bytes);
    }
    let all_gone = oldest.len() < usize::try_from(SWEPT_AT_ONCE).unwrap_or(usize::MAX);
    if all_gone {
        // Sums that still say otherwise are wrong, and would have every new entry evicted at once.
        connection.execute("UPDATE totals SET entries = 0, bytes = 0", [])?;
    }
    Ok((evicted, all_gone || excess == 0))
}

/// Gives up to `at_most` unused pages back to the file system; tells how many. Some are left for what comes next.
pub fn shrink(connection: &Connection, at_most: i64) -> rusqlite::Result<i64> {
    let number = |pragma: &str| connection.query_row(pragma, [], |row| row.get::<_, i64>(0));
    let spare = number("PRAGMA page_count")? / 8;
    let pages = (number("PRAGMA freelist_count")? - spare).clamp(0, at_most);
    if pages > 0 {
        let mut statement = connection.prepare(&format!("PRAGMA incremental_vacuum({pages})"))?;
        let mut rows = statement.query([])?;
        while rows.next()?.is_some() {}
    }
    Ok(pages)
}

fn count(changed: usize) -> u64 {
    u64::try_from(changed).unwrap_or(u64::MAX)
}
