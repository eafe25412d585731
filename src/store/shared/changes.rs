//! What others kept or removed: a bounded stream that each writing adds to and each daemon reads on from where it was.
//! Read rather than subscribed to, so that it works over REST as well.

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
    let mark = format!("{:016x}", fastrand::u64(..));
    let add = Command::new("XADD").with(shared.names.changes.clone()).with("MAXLEN").with("~").with(REMEMBERED);
    add.with("*").with("by").with(shared.writer.clone()).with("mark").with(mark).with("keys").with(keys)
}

/// What happened after `cursor`; without one, a cursor for what happens from now on.
pub async fn since(shared: &Shared, cursor: Option<&str>) -> Result<Changes> {
    let Some(cursor) = cursor else { return from_now_on(shared).await };
    let mut changes = Changes { cursor: cursor.to_owned(), ..Changes::default() };
    loop {
        let id = changes.cursor.split('/').next().unwrap_or_default().to_owned();
        let range = Command::new("XRANGE").with(shared.names.changes.clone()).with(id).with("+");
        let entries = shared.ask(range.with("COUNT").with((READ + 1).to_string())).await?.list()?;
        // The place read on from is itself the first answer for as long as nothing in between was forgotten. Where it is
        // not, the stream was trimmed past it, or the server began anew.
        let is_here = |(first, _): &(&Reply, &[Reply])| place(first).as_ref() == Some(&changes.cursor);
        let Some((here, after)) = entries.split_first().filter(is_here) else {
            return Ok(Changes { lost_track: true, ..from_now_on(shared).await? });
        };
        changes.cursor = place(after.last().unwrap_or(here)).ok_or_else(|| shared.nonsense())?;
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
    let mut entries = shared.ask(last.clone()).await?.list()?;
    if entries.is_empty() {
        // A place of its own, so that a stream that vanishes later is noticed.
        shared.ask(tell(shared, &[])).await?;
        entries = shared.ask(last).await?.list()?;
    }
    let cursor = entries.first().and_then(place).ok_or_else(|| shared.nonsense())?;
    Ok(Changes { cursor, ..Changes::default() })
}

/// An entry's place in the stream: its id, and its mark, since a server that began anew may give an id again.
fn place(entry: &Reply) -> Option<String> {
    let id = text(items(entry)?.first()?)?;
    let [_, _, _, mark, _, _] = items(items(entry)?.get(1)?)? else { return None };
    Some(format!("{id}/{}", text(mark)?))
}

/// The keys an entry of the stream tells of; none where this daemon itself told it.
fn told_by_others(entry: &Reply, writer: &str) -> Vec<Key> {
    let fields = items(entry).and_then(|entry| items(entry.get(1)?)).unwrap_or_default();
    let [_, by, _, _, _, keys] = fields else { return Vec::new() };
    if text(by) == Some(writer) {
        return Vec::new();
    }
    let digits = text(keys).unwrap_or_default().as_bytes().as_chunks::<64>().0;
    digits.iter().filter_map(|digits| Key::from_hex(std::str::from_utf8(digits).ok()?)).collect()
}
