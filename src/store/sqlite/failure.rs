//! What an error of SQLite means to a person, and whether it says that the file is damaged.

use std::path::Path;

use rusqlite::ErrorCode;

use crate::error::{Error, Kind};

const OR_MEMORY: &str = "make the file and its folder writable, or set `backend = \"memory\"` under [store]";

/// True where the file's content is wrong, rather than its place, its disk or its neighbours.
pub fn is_damage(error: &rusqlite::Error) -> bool {
    match error {
        rusqlite::Error::SqliteFailure(failure, _) => {
            matches!(failure.code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
        }
        _ => is_damaged_row(error),
    }
}

/// True where a file was opened for writing and its header forbids to write it, or asks for a format nobody knows.
/// A folder or disk that may not be written has extended codes of its own.
pub fn is_damaged_header(error: &rusqlite::Error) -> bool {
    use rusqlite::ffi::{SQLITE_ERROR, SQLITE_READONLY};
    matches!(error.sqlite_extended_error_code(), Some(SQLITE_ERROR | SQLITE_READONLY))
}

/// True where a row was read and holds what was never written.
pub fn is_damaged_row(error: &rusqlite::Error) -> bool {
    use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error};
    matches!(error, FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..) | Utf8Error(..))
}

/// Opening failed.
pub fn opening(path: &Path, error: &rusqlite::Error) -> Error {
    tell("open the store", path, error)
}

/// Reading failed.
pub fn reading(path: &Path, error: &rusqlite::Error) -> Error {
    tell("read", path, error)
}

/// Writing failed; nothing of what was to be written is there.
pub fn keeping(path: &Path, error: &rusqlite::Error) -> Error {
    tell("keep in", path, error)
}

/// What is acknowledged waits beside the file, which does not take it.
pub fn not_filed(path: &Path, cause: &str) -> Error {
    Error::new(Kind::Other, format!("cannot keep in `{}`", path.display())).because(cause)
}

/// The file was opened and may not be written.
pub fn read_only(path: &Path) -> Error {
    Error::new(Kind::Other, format!("cannot keep in `{}`", path.display())).because("it is read-only").hint(OR_MEMORY)
}

/// A file or folder could not be made, moved or set up.
pub fn preparing(path: &Path, error: &std::io::Error) -> Error {
    Error::new(Kind::Other, format!("cannot open the store `{}`", path.display())).because(error).hint(OR_MEMORY)
}

/// Whoever was to answer is not there any more.
pub fn gone(path: &Path) -> Error {
    Error::new(Kind::Unreachable, format!("cannot reach the store `{}`", path.display()))
        .because("it was closed, or failed while it worked on this")
        .hint("look into the log (`llmc daemon logs`), then `llmc daemon restart`")
}

fn tell(doing: &str, path: &Path, error: &rusqlite::Error) -> Error {
    let wrong = |kind| Error::new(kind, format!("cannot {doing} `{}`", path.display())).because(error);
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => wrong(Kind::Other).hint("free some space or lower `cache.max_size`"),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            wrong(Kind::Other).hint(OR_MEMORY)
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            wrong(Kind::Unreachable).hint("another program holds the file; stop it or wait for it")
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            wrong(Kind::Other).hint("restart llmc: a damaged store is set aside and a new one begun")
        }
        _ if matches!(error, rusqlite::Error::UnwindingPanic) => gone(path),
        _ => wrong(Kind::Other),
    }
}
