//! Opening the file: private, checked as far as a fast start allows, and set aside with a warning where it is damaged.

use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::failure;
use super::schema::{self, Content};
use crate::config::settings::Durability;
use crate::error::{Error, Kind, Result};

/// Files up to this size are checked whole: it takes a millisecond or two.
const CHECKED_WHOLE: u64 = 1024 * 1024;

/// What SQLite keeps beside the database.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

enum Refusal {
    Damaged(String),
    Failed(Error),
}

/// The connection that writes, and what a person should be told.
pub fn writer(path: &Path, durability: Durability) -> Result<(Connection, Vec<String>)> {
    match connect(path, durability) {
        Ok(opened) => Ok(opened),
        Err(Refusal::Failed(error)) => Err(error),
        Err(Refusal::Damaged(cause)) => begin_anew(path, durability, &cause),
    }
}

/// Sets the file aside and begins a fresh one. Nobody may have it open.
pub fn begin_anew(path: &Path, durability: Durability, cause: &str) -> Result<(Connection, Vec<String>)> {
    let aside = set_aside(path).map_err(|error| failure::preparing(path, &error))?;
    let warning = format!(
        "the store `{}` is damaged ({cause}): it was set aside as `{}` and a new one begun",
        path.display(),
        aside.display()
    );
    match connect(path, durability) {
        Ok((connection, mut warnings)) => {
            warnings.insert(0, warning);
            Ok((connection, warnings))
        }
        Err(Refusal::Failed(error)) => Err(error),
        Err(Refusal::Damaged(cause)) => {
            Err(Error::new(Kind::Other, format!("cannot open the store `{}`", path.display())).because(cause))
        }
    }
}

/// A connection that only reads. The file is there and open for writing.
pub fn reader(path: &Path) -> rusqlite::Result<Connection> {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    schema::set_up_any(&connection, 1_024)?;
    Ok(connection)
}

/// A connection beside the one that writes, which may move the log.
pub fn beside(path: &Path) -> rusqlite::Result<Connection> {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    schema::set_up_any(&connection, 256)?;
    connection.execute_batch("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0;")?;
    Ok(connection)
}

fn connect(path: &Path, durability: Durability) -> Result<(Connection, Vec<String>), Refusal> {
    make_private(path).map_err(|error| Refusal::Failed(failure::preparing(path, &error)))?;
    let judge = |error: rusqlite::Error| match failure::is_damage(&error) || failure::is_damaged_header(&error) {
        true => Refusal::Damaged(error.to_string()),
        false => Refusal::Failed(failure::opening(path, &error)),
    };
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(judge)?;
    if connection.is_readonly("main").map_err(judge)? {
        return Err(Refusal::Failed(failure::read_only(path)));
    }
    // Recognized before anything is set: a newer llmc's file is left exactly as it is.
    let content = schema::recognize(&connection).map_err(judge)?;
    match &content {
        Content::Newer(version) => return Err(Refusal::Failed(newer(path, *version))),
        Content::Damaged(cause) => return Err(Refusal::Damaged(cause.clone())),
        Content::Empty | Content::Ours | Content::Older(_) => {}
    }
    // The file may be written, as was asked above; its header, read by now, says that it may not.
    if connection.is_readonly("main").map_err(judge)? {
        return Err(Refusal::Damaged("its header names a format nobody can write".to_owned()));
    }
    let side_by_side = schema::set_up_writer(&connection, durability, &content).map_err(judge)?;
    if content == Content::Empty {
        schema::create(&connection).map_err(judge)?;
    }
    if let Content::Older(version) = content {
        schema::bring_up(&connection, version).map_err(judge)?;
    }
    if content != Content::Empty
        && let Some(finding) = examine(path, &connection).map_err(judge)?
    {
        return Err(Refusal::Damaged(finding));
    }
    let mut warnings = Vec::new();
    if !side_by_side {
        warnings.push(format!(
            "the file system of `{}` cannot share a write-ahead log: reading waits for writing",
            path.display()
        ));
    }
    Ok((connection, warnings))
}

fn examine(path: &Path, connection: &Connection) -> rusqlite::Result<Option<String>> {
    if let Some(finding) = schema::probe(connection)? {
        return Ok(Some(finding));
    }
    let size = fs::metadata(path).map(|file| file.len()).unwrap_or(u64::MAX);
    if size <= CHECKED_WHOLE { schema::check(connection) } else { Ok(None) }
}

fn newer(path: &Path, version: i32) -> Error {
    Error::new(Kind::Other, format!("cannot open the store `{}`", path.display()))
        .because(format!("its schema is version {version}, and this llmc knows {} at most", schema::VERSION))
        .hint("upgrade llmc, or point `LLMC_DATA_DIR` to another folder")
}

/// Makes the file where there is none, for its owner only, whatever the umask; SQLite gives its companions the same mode.
fn make_private(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        make_folder(folder)?;
    }
    let mut options = fs::OpenOptions::new();
    // Only ever opened when new: closing a file that SQLite has open elsewhere in the process would drop its locks.
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    close_to_others(path)?;
    for companion in COMPANIONS.map(|suffix| with_suffix(path, suffix)).iter().chain([&journal_of(path)]) {
        match close_to_others(companion) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(unix)]
fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(unix)]
fn close_to_others(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let permissions = fs::metadata(path)?.permissions();
    if permissions.mode() & 0o077 == 0 {
        return Ok(());
    }
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn close_to_others(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Renames the file and its companions to the first name that is free.
fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let taken = |aside: &Path| fs::symlink_metadata(aside).is_ok();
    let aside = (1u32..).map(|number| with_suffix(path, &format!(".damaged-{number}"))).find(|aside| !taken(aside));
    let aside = aside.ok_or_else(|| io::Error::other("there are too many damaged files"))?;
    // The companions first: a log without its database is no harm, a new database beside an old log is.
    for companion in COMPANIONS {
        match fs::rename(with_suffix(path, companion), with_suffix(&aside, companion)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    fs::rename(path, &aside)?;
    Ok(aside)
}

/// Where the journal of a database is. Not at `-journal`, where SQLite would take it for one of its own.
pub fn journal_of(path: &Path) -> PathBuf {
    with_suffix(path, "-pending")
}

/// The path with something put behind its last name.
pub fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}
