//! What an answer holds, read as what it should be. One that is something else is an error, never a panic.

use bytes::Bytes;

use super::transport::{Reply, Transport};
use crate::error::{Error, Kind, Result};

/// A reply that is no failure, and who gave it.
pub struct Answer<'a> {
    pub reply: Reply,
    pub from: &'a dyn Transport,
}

/// An answer that makes no sense.
pub fn nonsense(from: &dyn Transport) -> Error {
    let (backend, place) = (from.backend(), from.place());
    Error::new(Kind::Unreachable, format!("{backend} at `{place}` gave an answer that makes no sense"))
        .hint("is it Redis 6.2, Valkey 7.2 or newer?")
}

impl Answer<'_> {
    fn nonsense(&self) -> Error {
        nonsense(self.from)
    }

    /// Bytes; `None` where there is nothing.
    pub fn bytes(self) -> Result<Option<Bytes>> {
        match self.reply {
            Reply::Nil => Ok(None),
            Reply::Text(bytes) => Ok(Some(bytes)),
            _ => Err(self.nonsense()),
        }
    }

    /// A number, whether sent as one or as text.
    pub fn number<T: TryFrom<i64> + std::str::FromStr>(&self) -> Result<T> {
        number(&self.reply).ok_or_else(|| self.nonsense())
    }

    /// Several; nothing at all counts as none.
    pub fn list(self) -> Result<Vec<Reply>> {
        match self.reply {
            Reply::Nil => Ok(Vec::new()),
            Reply::List(items) => Ok(items),
            _ => Err(self.nonsense()),
        }
    }

    /// The answer as whatever `read` makes of it.
    pub fn read<T>(&self, read: impl FnOnce(&Reply) -> Option<T>) -> Result<T> {
        read(&self.reply).ok_or_else(|| self.nonsense())
    }
}

/// A number, whether sent as one or as text.
pub fn number<T: TryFrom<i64> + std::str::FromStr>(reply: &Reply) -> Option<T> {
    match reply {
        Reply::Number(number) => T::try_from(*number).ok(),
        Reply::Text(_) => text(reply)?.parse().ok(),
        _ => None,
    }
}

/// Text.
pub fn text(reply: &Reply) -> Option<&str> {
    match reply {
        Reply::Text(bytes) => std::str::from_utf8(bytes).ok(),
        _ => None,
    }
}

/// Several.
pub fn items(reply: &Reply) -> Option<&[Reply]> {
    match reply {
        Reply::List(items) => Some(items),
        _ => None,
    }
}
