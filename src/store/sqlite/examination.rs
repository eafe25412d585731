//! Whether the file holds together: SQLite reads every page and judges the order of what is on them.

use rusqlite::Connection;

/// So much damage is told of; more of it says nothing new.
const MOST_TOLD: u32 = 10;

/// What is damaged, in SQLite's words; empty where all is sound. Reads the whole file.
pub fn damage(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(&format!("PRAGMA quick_check({MOST_TOLD})"))?;
    let told = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(told.into_iter().filter(|line| line != "ok").collect())
}
