//! Moving entries between stores, a line each: what leaves is what is kept, what comes is judged as an answer would be.

use std::sync::Arc;
use std::time::Duration;

use super::long::beside_everybody;
use super::{Pipeline, entry, judge, line};
use crate::error::{Error, Kind, Result};
use crate::exchange::{Entry, Form, Key};
use crate::provider;

/// A clock that is ahead of another's by more is wrong, and an entry from so far ahead would be fresh for too long.
const AHEAD: Duration = Duration::from_secs(3600);

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// It is kept now.
    Kept,
    /// It was here already.
    Same,
    /// Another answer to the same prompt is here, and stays.
    Another,
    /// Its time is over.
    Over,
}

/// What to do where another answer to the same prompt is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Present {
    /// It stays.
    Stays,
    /// It makes room.
    IsReplaced,
}

impl Pipeline {
    /// An entry as a line, without its end; `None` where there is none that can be read. Fails where the store does.
    pub async fn line_of(&self, key: &Key) -> Result<Option<String>> {
        let Some(entry) = self.cache.show(key).await? else { return Ok(None) };
        Ok(beside_everybody(entry.body.len(), || line::write(key, &entry)))
    }

    /// Keeps the entry of a line. Fails with [`Kind::Usage`] where the line is none, otherwise where the store does.
    pub async fn keep_line(&self, text: &[u8], present: Present) -> Result<Moved> {
        let now = self.clock.now();
        let (key, entry) = beside_everybody(text.len(), || read(text))?;
        let facts = &entry.facts;
        if facts.kept_at > now.after(AHEAD) {
            return Err(refused("it was kept in the future"));
        }
        if facts.gone_at() <= now {
            return Ok(Moved::Over);
        }
        if let Some(there) = self.store.get(&key, now).await?
            && let Ok(there) = entry::open(&there)
        {
            if there == entry {
                return Ok(Moved::Same);
            }
            if present == Present::Stays {
                return Ok(Moved::Another);
            }
        }
        self.cache.take_in(key, &Arc::new(entry)).await?;
        Ok(Moved::Kept)
    }
}

/// The entry of a line, where its answer is one that would have been kept.
fn read(text: &[u8]) -> Result<(Key, Entry)> {
    let (key, entry, origin) = line::read(text)?;
    let dialect = provider::dialect(&origin.kind).ok_or_else(|| refused("nothing is known of its API"))?;
    let answer = match entry.facts.form {
        Form::Plain => dialect.read(&entry.body),
        Form::Stream => dialect.assemble(&entry.body).and_then(|answer| dialect.read(&answer)),
    };
    let reading = answer.map_err(|error| refused(&error.to_string()))?;
    let limits_length = dialect.limits_length(&origin.body);
    let claimed = &entry.facts.finish;
    if !judge::may_keep(&reading, limits_length) || !judge::is_worth_keeping(claimed, false, limits_length) {
        return Err(refused("its answer is not whole"));
    }
    Ok((key, entry))
}

fn refused(cause: &str) -> Error {
    Error::new(Kind::Usage, "this entry is not taken").because(cause)
}
