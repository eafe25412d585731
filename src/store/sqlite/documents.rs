//! The statements on documents: each writing is one decision, and one thread writes.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::schema::{loaded, stored};
use crate::clock::Timestamp;
use crate::store::{Document, Expected, Written};

/// A document that is not gone.
pub fn read(connection: &Connection, name: &str, now: Timestamp) -> rusqlite::Result<Option<Document>> {
    connection
        .prepare_cached("SELECT name, version, value, gone_at FROM documents WHERE name = ?1 AND gone_at > ?2")?
        .query_row(params![name, stored(now.0)], document)
        .optional()
}

/// Reads a document and lengthens its life.
pub fn extend(
    connection: &Connection,
    name: &str,
    now: Timestamp,
    until: Timestamp,
) -> rusqlite::Result<Option<Document>> {
    connection
        .prepare_cached("UPDATE documents SET gone_at = max(gone_at, ?3) WHERE name = ?1 AND gone_at > ?2")?
        .execute(params![name, stored(now.0), stored(until.0)])?;
    read(connection, name, now)
}

/// Writes where the document is as expected.
pub fn write(
    connection: &Connection,
    name: &str,
    value: &[u8],
    expected: Expected,
    now: Timestamp,
    gone_at: Timestamp,
) -> rusqlite::Result<Written> {
    let there = read(connection, name, now)?.map(|document| document.version);
    let version = match (expected, there) {
        (Expected::Absent, None) => 1,
        (Expected::Version(wanted), Some(version)) if wanted == version => version + 1,
        (_, there) => return Ok(Written::Conflict(there)),
    };
    connection
        .prepare_cached("INSERT OR REPLACE INTO documents (name, version, value, gone_at) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![name, stored(version), value, stored(gone_at.0)])?;
    Ok(Written::Done(version))
}

/// Removes a document; tells whether there was one.
pub fn remove(connection: &Connection, name: &str, now: Timestamp) -> rusqlite::Result<bool> {
    let was_there = read(connection, name, now)?.is_some();
    connection.prepare_cached("DELETE FROM documents WHERE name = ?1")?.execute([name])?;
    Ok(was_there)
}

/// The first documents of a prefix.
pub fn list(connection: &Connection, prefix: &str, most: usize, now: Timestamp) -> rusqlite::Result<Vec<Document>> {
    let mut statement = connection.prepare_cached(
        "SELECT name, version, value, gone_at FROM documents \
         WHERE name >= ?1 AND substr(name, 1, length(?1)) = ?1 AND gone_at > ?2 ORDER BY name LIMIT ?3",
    )?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    statement.query_map(params![prefix, stored(now.0), most], document)?.collect()
}

/// Removes what is gone.
pub fn forget(connection: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM documents WHERE gone_at <= ?1")?.execute([stored(now.0)])?;
    Ok(())
}

fn document(row: &Row<'_>) -> rusqlite::Result<Document> {
    Ok(Document {
        name: row.get(0)?,
        version: loaded(row.get(1)?),
        value: row.get::<_, Vec<u8>>(2)?.into(),
        gone_at: Timestamp(loaded(row.get(3)?)),
    })
}
