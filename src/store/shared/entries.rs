//! Entries: the sealed value under a name of its own, found with one `GET`, and its columns in an index for listings.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::reading::{items, number, text};
use super::script::{KEEP, REMOVE, Run, SIZE, Script, Step, TOUCH};
use super::transport::{Command, Order, Reply};
use super::{AT_ONCE, LONGEST, Shared, Time, changes, span};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::exchange::Key;
use crate::money::Usd;
use crate::store::{Filter, Listing, Row, Size, Touch};

/// The columns of an entry as the index has them, an array: bytes (which the scripts read there), `kept_at`,
/// `fresh_until`, `gone_at`, cost, provider, model, namespace.
#[derive(Serialize, Deserialize)]
struct Columns(u64, Timestamp, Timestamp, Timestamp, Option<i64>, String, String, String);

/// The value under a key.
pub async fn look_up(shared: &Shared, key: &Key) -> Result<Option<Bytes>> {
    let packed = shared.ask(Command::new("GET").with(shared.names.entry(key))).await?.bytes()?;
    // What another kind of transport put there is not readable here: a miss.
    Ok(packed.and_then(|packed| shared.transport.unpack(packed)))
}

/// Lists the entry, keeps its value, and tells the others: in this order, so that nothing is kept that no listing knows,
/// and nobody who is told reads the older value.
pub async fn keep(shared: &Shared, row: Row) -> Result<()> {
    let bytes = u64::try_from(row.value.len()).unwrap_or(u64::MAX);
    let packed = shared.transport.pack(row.value)?;
    let begins = match &shared.time {
        Time::Servers(clock) => clock.now(),
        Time::Askers => row.kept_at,
    };
    let life = row.gone_at.since(begins);
    if life.is_zero() {
        // It was over before it came here: what an older value says is over, too.
        return remove(shared, &[row.key]).await.map(|_| ());
    }
    let is_endless = life >= LONGEST;
    let end = match &shared.time {
        _ if is_endless => String::new(),
        Time::Servers(_) => format!("+{}", span(life)),
        Time::Askers => row.gone_at.0.to_string(),
    };
    let columns = Columns(
        bytes,
        row.kept_at,
        row.fresh_until,
        row.gone_at,
        row.cost.map(|cost| cost.0),
        row.provider,
        row.model,
        row.namespace,
    );
    let columns = serde_json::to_string(&columns).map_err(|_| shared.nonsense())?;
    let list = listings(shared, &KEEP).with(row.key.to_string()).with(columns).with(bytes.to_string()).with(end);
    let set = Command::new("SET").with(shared.names.entry(&row.key)).with(packed);
    let set = if is_endless { set } else { set.with("PX").with(span(life)) };
    let tell = changes::tell(shared, &[row.key]);
    shared.ask_all(vec![list.into(), set.into(), tell.into()], Order::Given).await.map(|_| ())
}

/// A script over all that is said of entries.
pub fn listings(shared: &Shared, script: &'static Script) -> Run {
    let names = &shared.names;
    script.run(&[&names.index, &names.hits, &names.uses, &names.ends])
}

/// Removes entries; how many there were, of the values or of the listings, whichever had more.
pub async fn remove(shared: &Shared, keys: &[Key]) -> Result<u64> {
    let mut removed = 0u64;
    for some in keys.chunks(AT_ONCE) {
        let values = some.iter().map(|key| Command::new("UNLINK").with(shared.names.entry(key)).into()).collect();
        let mut unlinked = 0u64;
        for answer in shared.ask_all(values, Order::Any).await? {
            unlinked = unlinked.saturating_add(answer.number()?);
        }
        let unlist = some.iter().fold(listings(shared, &REMOVE), |run, key| run.with(key.to_string()));
        let steps = vec![unlist.into(), changes::tell(shared, some).into()];
        let answers = shared.ask_all(steps, Order::Given).await?;
        let unlisted = answers.first().map_or(Ok(0), |answer| answer.number::<u64>())?;
        removed = removed.saturating_add(unlinked.max(unlisted));
    }
    Ok(removed)
}

/// Counts hits. Sent twice because an answer was lost, they count twice: they order listings and nothing else.
pub async fn touch(shared: &Shared, touches: &[Touch]) -> Result<()> {
    let names = &shared.names;
    for some in touches.chunks(AT_ONCE) {
        let run = some.iter().fold(TOUCH.run(&[&names.index, &names.hits, &names.uses]), |run, touch| {
            let hits = i64::try_from(touch.hits).unwrap_or(i64::MAX);
            run.with(touch.key.to_string()).with(hits.to_string()).with(touch.at.0.to_string())
        });
        shared.ask(run).await?;
    }
    Ok(())
}

/// How much is kept.
pub async fn size(shared: &Shared) -> Result<Size> {
    let answer = shared.ask(SIZE.run(&[&shared.names.index])).await?;
    answer.read(|reply| {
        let [entries, bytes] = items(reply)? else { return None };
        // Never below nothing, even where a server dropped part of what is said of entries.
        Some(Size { entries: number(entries)?, bytes: u64::try_from(number::<i64>(bytes)?).unwrap_or(0) })
    })
}

/// The entries a filter means.
pub async fn list(shared: &Shared, filter: &Filter, now: Timestamp) -> Result<Vec<Listing>> {
    let Some(range) = filter.keys() else { return Ok(Vec::new()) };
    let mut found = BTreeMap::new();
    let mut take = |key: &str, columns: &str| {
        let listing = listing(key, columns)?;
        let is_meant = range.contains(&listing.key) && now < listing.gone_at && filter.means(&listing);
        is_meant.then(|| found.insert(listing.key, listing))
    };
    if range.start() == range.end() {
        let key = range.start().to_string();
        let get = Command::new("HGET").with(shared.names.index.clone()).with(key.clone());
        if let Some(columns) = shared.ask(get).await?.bytes()? {
            take(&key, std::str::from_utf8(&columns).unwrap_or_default());
        }
    } else {
        let mut scan = Scan::begin();
        while let Some(rows) = scan.next(shared).await? {
            for row in rows.as_chunks::<2>().0 {
                let [key, columns] = row;
                let _ = take(text(key).unwrap_or_default(), text(columns).unwrap_or_default());
            }
        }
    }
    let mut listed: Vec<Listing> = found.into_values().collect();
    for some in listed.chunks_mut(AT_ONCE) {
        add_hits(shared, some).await?;
    }
    Ok(listed)
}

/// The first keys a filter means, after one. The index is in no order: each look walks through all of it, and holds no
/// more than is wanted.
pub async fn keys(
    shared: &Shared,
    filter: &Filter,
    after: Option<Key>,
    most: usize,
    now: Timestamp,
) -> Result<Vec<Key>> {
    let Some(range) = filter.keys() else { return Ok(Vec::new()) };
    let mut first = BTreeSet::new();
    let mut scan = Scan::begin();
    while let Some(rows) = scan.next(shared).await? {
        for [key, columns] in rows.as_chunks::<2>().0 {
            let found = listing(text(key).unwrap_or_default(), text(columns).unwrap_or_default());
            let Some(found) = found.filter(|found| range.contains(&found.key) && now < found.gone_at) else { continue };
            if after.is_none_or(|after| found.key > after) && filter.means(&found) {
                first.insert(found.key);
                if first.len() > most {
                    first.pop_last();
                }
            }
        }
    }
    Ok(first.into_iter().collect())
}

/// A row of the index; `None` where it is none, as with the sum of bytes.
pub fn listing(key: &str, columns: &str) -> Option<Listing> {
    let key = Key::from_hex(key)?;
    let Columns(bytes, kept_at, fresh_until, gone_at, cost, provider, model, namespace) =
        serde_json::from_str(columns).ok()?;
    let cost = cost.map(Usd);
    let (hits, used_at) = (0, kept_at);
    Some(Listing { key, provider, model, namespace, kept_at, fresh_until, gone_at, cost, bytes, hits, used_at })
}

async fn add_hits(shared: &Shared, listed: &mut [Listing]) -> Result<()> {
    let of = |name: &str| {
        let command = Command::new("HMGET").with(name.to_owned());
        Step::from(listed.iter().fold(command, |command, entry| command.with(entry.key.to_string())))
    };
    let steps = vec![of(&shared.names.hits), of(&shared.names.uses)];
    let mut lists = Vec::new();
    for answer in shared.ask_all(steps, Order::Given).await? {
        lists.push(answer.list()?);
    }
    let [hits, uses] = lists.as_slice() else { return Err(shared.nonsense()) };
    for (entry, (hits, used_at)) in listed.iter_mut().zip(hits.iter().zip(uses)) {
        entry.hits = number(hits).unwrap_or(0);
        entry.used_at = entry.used_at.max(Timestamp(number(used_at).unwrap_or(0)));
    }
    Ok(())
}

/// A walk through the index in steps. A row that stays all the while is seen at least once.
pub struct Scan(Option<String>);

impl Scan {
    /// At its beginning.
    pub fn begin() -> Scan {
        Scan(Some("0".to_owned()))
    }

    /// The next rows, keys and columns in turn; `None` at the end.
    pub async fn next(&mut self, shared: &Shared) -> Result<Option<Vec<Reply>>> {
        let Some(cursor) = self.0.take() else { return Ok(None) };
        let scan = Command::new("HSCAN").with(shared.names.index.clone()).with(cursor);
        let scan = scan.with("COUNT").with(AT_ONCE.to_string());
        let mut answer = shared.ask(scan).await?.list()?;
        let (Some(rows), Some(next)) = (answer.pop(), answer.pop()) else { return Err(shared.nonsense()) };
        let next = text(&next).map(str::to_owned).or_else(|| number::<u64>(&next).map(|next| next.to_string()));
        let next = next.ok_or_else(|| shared.nonsense())?;
        self.0 = (next != "0").then_some(next);
        match rows {
            Reply::List(rows) => Ok(Some(rows)),
            _ => Err(shared.nonsense()),
        }
    }
}

/// How long a value that is about to be kept may be on its way before its row is taken for a left-over.
pub const ON_ITS_WAY: Duration = Duration::from_secs(60);
