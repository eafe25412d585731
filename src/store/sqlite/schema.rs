//! What the database file holds and how a connection is set up. It runs no query of the store's verbs.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension};

use crate::config::settings::Durability;

/// The schema this build writes. A file with a higher one belongs to a newer llmc.
pub const VERSION: i32 = 4;

/// "llmc", in the file's header: tells our files from another program's.
pub const APPLICATION_ID: i32 = 0x6c6c_6d63;

/// Pages of write-ahead log after which a commit copies them into the database by itself: 4 MiB where every commit
/// waits for the disk anyway, else 32 MiB, which the keeper of the log never lets it come to but under a heavy load.
const CHECKPOINT_PAGES: [i32; 2] = [1_000, 8_000];

/// How long another process may hold the file before we give up.
const BUSY: Duration = Duration::from_secs(5);

/// Every object of the schema, worded as SQLite keeps it, so that a damaged definition is told from a good one.
///
/// Values stand apart from the columns: a listing reads a few hundred bytes an entry, never its value. A body repeats
/// `gone_at`, so that a lookup needs the index of keys and the body, and not the entry between them. The sums are
/// kept by triggers, so that no change of the entries can miss them and nobody has to scan.
const OBJECTS: &[&str] = &[
    "CREATE TABLE entries (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, provider TEXT NOT NULL, \
     model TEXT NOT NULL, namespace TEXT NOT NULL, kept_at INTEGER NOT NULL, fresh_until INTEGER NOT NULL, \
     gone_at INTEGER NOT NULL, cost INTEGER, bytes INTEGER NOT NULL, hits INTEGER NOT NULL, \
     used_at INTEGER NOT NULL) STRICT",
    "CREATE INDEX entries_by_end ON entries (gone_at)",
    "CREATE INDEX entries_by_use ON entries (used_at)",
    "CREATE TABLE bodies (id INTEGER PRIMARY KEY, gone_at INTEGER NOT NULL, value BLOB NOT NULL) STRICT",
    "CREATE TABLE totals (id INTEGER PRIMARY KEY, entries INTEGER NOT NULL, bytes INTEGER NOT NULL) STRICT",
    "CREATE TRIGGER entry_added AFTER INSERT ON entries BEGIN \
     UPDATE totals SET entries = entries + 1, bytes = bytes + new.bytes; END",
    "CREATE TRIGGER entry_replaced AFTER UPDATE OF bytes ON entries BEGIN \
     UPDATE totals SET bytes = bytes + new.bytes - old.bytes; END",
    "CREATE TRIGGER entry_removed AFTER DELETE ON entries BEGIN \
     UPDATE totals SET entries = entries - 1, bytes = bytes - old.bytes; DELETE FROM bodies WHERE id = old.id; END",
    "CREATE TABLE admissions (subject TEXT NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, \
     over_at INTEGER NOT NULL, PRIMARY KEY (subject, number)) STRICT, WITHOUT ROWID",
    "CREATE TABLE counters (hour INTEGER NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL, \
     namespace TEXT NOT NULL, run TEXT NOT NULL, field TEXT NOT NULL, value INTEGER NOT NULL, \
     PRIMARY KEY (hour, provider, model, namespace, run, field)) STRICT, WITHOUT ROWID",
];

/// What version 2 added: sessions, and what waits for a shared store.
const SINCE_2: &[&str] = &[
    "CREATE TABLE documents (name TEXT PRIMARY KEY, version INTEGER NOT NULL, value BLOB NOT NULL, \
     gone_at INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE INDEX documents_by_end ON documents (gone_at)",
];

/// What version 3 added: what may be spent, and what calls have set aside of it.
const SINCE_3: &[&str] = &[
    "CREATE TABLE purses (name TEXT PRIMARY KEY, spent INTEGER NOT NULL, reserved INTEGER NOT NULL, \
     over_at INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE reservations (id TEXT PRIMARY KEY, names TEXT NOT NULL, amount INTEGER NOT NULL, \
     until INTEGER NOT NULL, state INTEGER NOT NULL, forget_at INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE INDEX reservations_open ON reservations (until) WHERE state = 0",
    "CREATE INDEX reservations_by_end ON reservations (forget_at)",
];

/// What version 4 added: which journal belongs to the file, and how far it is in it.
const SINCE_4: &[&str] =
    &["CREATE TABLE journal (id INTEGER PRIMARY KEY, number INTEGER NOT NULL, filed INTEGER NOT NULL) STRICT"];

/// The one row of that table, before it is known.
const FIRST_MARK: &str = "INSERT INTO journal VALUES (1, 0, 0)";

/// What a file turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing yet.
    Empty,
    /// A database of this version.
    Ours,
    /// A database of this older version, which lacks what came since.
    Older(i32),
    /// A database of a newer llmc, with its version.
    Newer(i32),
    /// Something else, and why.
    Damaged(String),
}

/// Tells what a file holds, from its header and schema; reads no data and changes nothing.
pub fn recognize(connection: &Connection) -> rusqlite::Result<Content> {
    let version: i32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let application: i32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let mut statement = connection.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")?;
    let found: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let has = |objects: &[&str]| objects.iter().all(|object| found.iter().any(|sql| sql == object));
    Ok(match (version, application) {
        (0, 0) if found.is_empty() => Content::Empty,
        (newer, APPLICATION_ID) if newer > VERSION => Content::Newer(newer),
        (VERSION, APPLICATION_ID) if has(OBJECTS) && has(SINCE_2) && has(SINCE_3) && has(SINCE_4) => Content::Ours,
        (3, APPLICATION_ID) if has(OBJECTS) && has(SINCE_2) && has(SINCE_3) => Content::Older(3),
        (2, APPLICATION_ID) if has(OBJECTS) && has(SINCE_2) => Content::Older(2),
        (1, APPLICATION_ID) if has(OBJECTS) => Content::Older(1),
        (1..=VERSION, APPLICATION_ID) => Content::Damaged("its tables are not those of llmc".to_owned()),
        _ => Content::Damaged("it is not a database of llmc".to_owned()),
    })
}

/// Makes the tables in an empty file, all or none.
pub fn create(connection: &Connection) -> rusqlite::Result<()> {
    let objects = [OBJECTS, SINCE_2, SINCE_3, SINCE_4].concat().join(";\n");
    connection.execute_batch(&format!(
        "BEGIN IMMEDIATE;\n{objects};\nINSERT INTO totals VALUES (1, 0, 0);\n{FIRST_MARK};\n\
         PRAGMA application_id = {APPLICATION_ID};\nPRAGMA user_version = {VERSION};\nCOMMIT;"
    ))
}

/// Adds what a file of an older version lacks, all or nothing.
pub fn bring_up(connection: &Connection, from: i32) -> rusqlite::Result<()> {
    let lacking = [(2, SINCE_2), (3, SINCE_3), (4, SINCE_4)].into_iter().filter(|(version, _)| from < *version);
    let objects = lacking.flat_map(|(_, objects)| objects).copied().collect::<Vec<_>>().join(";\n");
    connection.execute_batch(&format!(
        "BEGIN IMMEDIATE;\n{objects};\n{FIRST_MARK};\nPRAGMA user_version = {VERSION};\nCOMMIT;"
    ))
}

/// Reads the first page of every table: finds a file that was cut or overwritten, in less than a millisecond.
pub fn probe(connection: &Connection) -> rusqlite::Result<Option<String>> {
    for table in ["entries", "bodies", "admissions", "counters", "documents", "purses", "reservations"] {
        connection.query_row(&format!("SELECT * FROM {table} LIMIT 1"), [], |_| Ok(())).optional()?;
    }
    let sums = connection.query_row("SELECT 1 FROM totals WHERE id = 1", [], |_| Ok(())).optional()?;
    let missing = if sums.is_none() { Some("sums") } else { mark(connection).optional()?.is_none().then_some("mark") };
    Ok(missing.map(|what| format!("its {what} is missing")))
}

/// Which journal belongs to the file, and how far it is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The journal's own number.
    pub journal: u64,
    /// The number of the last record that the file holds, it and all before it.
    pub filed: u64,
}

/// Reads the mark.
pub fn mark(connection: &Connection) -> rusqlite::Result<Mark> {
    connection.query_row("SELECT number, filed FROM journal WHERE id = 1", [], |row| {
        Ok(Mark { journal: row.get::<_, i64>(0)?.cast_unsigned(), filed: loaded(row.get(1)?) })
    })
}

/// Sets the mark.
pub fn set_mark(connection: &Connection, mark: Mark) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE journal SET number = ?1, filed = ?2 WHERE id = 1")?
        .execute([mark.journal.cast_signed(), stored(mark.filed)])
        .map(|_| ())
}

/// SQLite's own check of every page, its first finding.
pub fn check(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let finding: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    Ok((finding != "ok").then_some(finding))
}

/// Settings of every connection. Nothing is mapped into memory: a file that is cut while mapped kills the process.
pub fn set_up_any(connection: &Connection, cache_kib: i32) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(32);
    connection.execute_batch(&format!(
        "PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF; PRAGMA mmap_size = 0; \
         PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{cache_kib};"
    ))
}

/// Settings of the one connection that writes. Tells whether reading can go on beside writing.
pub fn set_up_writer(connection: &Connection, durability: Durability, content: &Content) -> rusqlite::Result<bool> {
    set_up_any(connection, 2_048)?;
    // Takes effect in an empty file only, and must come before its first page is written. In any other it would be
    // written down once more, for which a full disk has no room.
    if *content == Content::Empty {
        connection.execute_batch("PRAGMA auto_vacuum = INCREMENTAL;")?;
    }
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    let [full, normal] = CHECKPOINT_PAGES;
    let (synchronous, checkpoint) = match durability {
        Durability::Normal => ("NORMAL", normal),
        Durability::Full => ("FULL", full),
    };
    connection
        .execute_batch(&format!("PRAGMA synchronous = {synchronous}; PRAGMA wal_autocheckpoint = {checkpoint};"))?;
    // After a burst the log shrinks back to what it is between two checkpoints.
    connection.query_row("PRAGMA journal_size_limit = 4194304", [], |_| Ok(()))?;
    Ok(mode.eq_ignore_ascii_case("wal"))
}

/// A number as SQLite keeps it. What is beyond its range is as good as for ever.
pub fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A kept number; a negative one was never written by us.
pub fn loaded(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
