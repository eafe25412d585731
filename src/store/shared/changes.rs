//! What others kept or removed: a bounded stream that each writing adds to and each daemon reads on from where it was.
//! Read rather than subscribed to, so that it works over REST as well.

use bytes::Bytes;

use super::Shared;
use super::reading::{items, text};
use super::transport::{Command, Reply};
use crate::error::Result;
use crate::exchange::Key;
use crate::store::Changes;

/// So many changes a server remembers, about.
const REMEMBERED: &str = "10000";
/// Changes read in one step.
const READ: usize = 1_000;

/// The command that tells of keys; of none, it only marks a place to read on from.
pub fn tell(shared: &Shared, keys: &[Key]) -> Command {
    let keys: String = keys.iter().map(Key::to_string).collect();
    let add = Command::new("XADD").with(shared.names.changes.clone()).with("MAXLEN").with("~").with(REMEMBERED);
    add.with("*").with("by").with(shared.writer.clone()).with("keys").with(keys)
}

/// What happened after `cursor`; without one, a cursor for what happens from now on.
pub async fn since(shared: &Shared, cursor: Option<&str>) -> Result<Changes> {
    let Some(cursor) = cursor else { return from_now_on(shared).await };
    let mut changes = Changes { cursor: cursor.to_owned(), ..Changes::default() };
    loop {
        let range = Command::new("XRANGE").with(shared.names.changes.clone()).with(changes.cursor.clone()).with("+");
        let entries = shared.ask(range.with("COUNT").with((READ + 1).to_string())).await?.list()?;
        // The place read on from is itself the first answer for as long as nothing in between was forgotten. Where it is
        // not, the stream was trimmed past it, or the server began anew.
        let Some((here, after)) = entries.split_first().filter(|(first, _)| id(first) == Some(&changes.cursor)) else {
            return Ok(Changes { lost_track: true, ..from_now_on(shared).await? });
        };
        let last = after.last().unwrap_or(here);
        id(last).ok_or_else(|| shared.nonsense())?.clone_into(&mut changes.cursor);
        for entry in after {
            changes.keys.extend(told_by_others(entry, &shared.writer));
        }
        if after.len() < READ {
            return Ok(changes);
        }
    }
}

async fn from_now_on(shared: &Shared) -> Result<Changes> {
    let last = Command::new("XREVRANGE").with(shared.names.changes.clone()).with("+").with("-").with("COUNT").with("1");
    let last = shared.ask(last).await?.list()?;
    let cursor = match last.first() {
        Some(entry) => id(entry).map(str::to_owned),
        // A place of its own, so that a stream that vanishes later is noticed.
        None => shared.ask(tell(shared, &[])).await?.bytes()?.and_then(|id: Bytes| String::from_utf8(id.into()).ok()),
    };
    Ok(Changes { cursor: cursor.ok_or_else(|| shared.nonsense())?, ..Changes::default() })
}

fn id(entry: &Reply) -> Option<&str> {
    text(items(entry)?.first()?)
}

/// The keys an entry of the stream tells of; none where this daemon itself told it.
fn told_by_others(entry: &Reply, writer: &str) -> Vec<Key> {
    let fields = items(entry).and_then(|entry| items(entry.get(1)?)).unwrap_or_default();
    let [_, by, _, keys] = fields else { return Vec::new() };
    if text(by) == Some(writer) {
        return Vec::new();
    }
    let digits = text(keys).unwrap_or_default().as_bytes().as_chunks::<64>().0;
    digits.iter().filter_map(|digits| Key::from_hex(std::str::from_utf8(digits).ok()?)).collect()
}
