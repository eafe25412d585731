//! Documents: each a hash under its own name with a life in the server, and one sorted set of the names there are.

use bytes::Bytes;

use super::reading::{Answer, items, number, text};
use super::script::{FORGET, READ, Run, WRITE};
use super::transport::{Command, Order, Reply};
use super::{AT_ONCE, Shared, span};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::store::{Document, Expected, Written};

/// The document of a name, its life lengthened where asked for.
pub async fn read(
    shared: &Shared,
    name: &str,
    now: Timestamp,
    extend_to: Option<Timestamp>,
) -> Result<Option<Document>> {
    let answer = shared.ask(reading(shared, name, now, extend_to)).await?;
    found(shared, name, now, &answer)
}

fn reading(shared: &Shared, name: &str, now: Timestamp, extend_to: Option<Timestamp>) -> Run {
    let extended = extend_to.map(|until| span(until.since(now))).unwrap_or_default();
    READ.run(&[&shared.names.document(name)]).with(shared.moment(now)).with(extended)
}

fn found(shared: &Shared, name: &str, now: Timestamp, answer: &Answer<'_>) -> Result<Option<Document>> {
    if answer.reply == Reply::Nil {
        return Ok(None);
    }
    answer.read(|reply| {
        let [version, Reply::Text(packed), left] = items(reply)? else { return None };
        let value = shared.transport.unpack(packed.clone())?;
        let gone_at = Timestamp(now.0.saturating_add(number(left)?));
        Some(Some(Document { name: name.to_owned(), version: number(version)?, value, gone_at }))
    })
}

/// Writes a document where it is as expected. A mark tells a writing that is sent twice from somebody else's.
pub async fn write(
    shared: &Shared,
    name: &str,
    value: Bytes,
    expected: Expected,
    now: Timestamp,
    gone_at: Timestamp,
) -> Result<Written> {
    let expected = match expected {
        Expected::Absent => String::new(),
        Expected::Version(version) => version.to_string(),
    };
    let write = WRITE
        .run(&[&shared.names.document(name)])
        .with(shared.moment(now))
        .with(span(gone_at.since(now)))
        .with(expected)
        .with(format!("{}{:016x}", shared.writer, fastrand::u64(..)))
        .with(shared.transport.pack(value)?);
    // The name comes second: a sweep that takes it for a left-over looks again after it removed it.
    let steps = vec![write.into(), listed(shared, name).into()];
    let answers = shared.ask_all(steps, Order::Given).await?;
    let answer = answers.first().ok_or_else(|| shared.nonsense())?;
    answer.read(|reply| {
        let [done, version] = items(reply)? else { return None };
        match (number::<u8>(done)?, text(version)?) {
            (1, version) => Some(Written::Done(version.parse().ok()?)),
            (_, "") => Some(Written::Conflict(None)),
            (_, version) => Some(Written::Conflict(Some(version.parse().ok()?))),
        }
    })
}

fn listed(shared: &Shared, name: &str) -> Command {
    Command::new("ZADD").with(shared.names.documents.clone()).with("0").with(name.to_owned())
}

/// Removes a document. Its name stays listed until the next tidying, where somebody may be writing it anew.
pub async fn remove(shared: &Shared, name: &str, now: Timestamp) -> Result<bool> {
    let run = FORGET.run(&[&shared.names.document(name)]).with(shared.moment(now));
    Ok(shared.ask(run).await?.number::<u8>()? == 1)
}

/// The first documents whose names start so.
pub async fn list(shared: &Shared, prefix: &str, most: usize, now: Timestamp) -> Result<Vec<Document>> {
    let mut documents = Vec::new();
    let mut from = [b"[", prefix.as_bytes()].concat();
    loop {
        let some = names(shared, from, prefix).await?;
        let Some(last) = some.last() else { return Ok(documents) };
        from = [b"(", last.as_bytes()].concat();
        // No more than are wanted: each may be large.
        for few in some.chunks(most.clamp(1, 50)) {
            let steps = few.iter().map(|name| reading(shared, name, now, None).into()).collect();
            let answers = shared.ask_all(steps, Order::Any).await?;
            for (name, answer) in few.iter().zip(answers) {
                documents.extend(found(shared, name, now, &answer)?);
            }
            if documents.len() >= most {
                documents.truncate(most);
                return Ok(documents);
            }
        }
    }
}

/// The next names, in order, `from` a bound as the server spells it.
async fn names(shared: &Shared, from: Vec<u8>, prefix: &str) -> Result<Vec<String>> {
    let range = Command::new("ZRANGEBYLEX").with(shared.names.documents.clone()).with(from).with("+");
    let range = range.with("LIMIT").with("0").with(AT_ONCE.to_string());
    let names = shared.ask(range).await?.list()?;
    let names = names.iter().filter_map(text).take_while(|name| name.starts_with(prefix));
    Ok(names.map(str::to_owned).collect())
}

/// Takes names off the list that have no document any more.
pub async fn tidy(shared: &Shared) -> Result<()> {
    let mut from = b"-".to_vec();
    loop {
        let some = names(shared, from, "").await?;
        let Some(last) = some.last() else { return Ok(()) };
        from = [b"(", last.as_bytes()].concat();
        let gone = absent(shared, &some).await?;
        if gone.is_empty() {
            continue;
        }
        let command = Command::new("ZREM").with(shared.names.documents.clone());
        shared.ask(gone.iter().fold(command, |command, name| command.with(name.clone()))).await?;
        let still_gone = absent(shared, &gone).await?;
        for name in gone.iter().filter(|name| !still_gone.contains(name)) {
            shared.ask(listed(shared, name)).await?;
        }
    }
}

async fn absent(shared: &Shared, names: &[String]) -> Result<Vec<String>> {
    let exists = |name: &String| Command::new("EXISTS").with(shared.names.document(name)).into();
    let answers = shared.ask_all(names.iter().map(exists).collect(), Order::Any).await?;
    let mut absent = Vec::new();
    for (name, answer) in names.iter().zip(answers) {
        if answer.number::<u8>()? == 0 {
            absent.push(name.clone());
        }
    }
    Ok(absent)
}
