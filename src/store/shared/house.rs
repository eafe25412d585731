//! Tidying the listings, each chore by one daemon at a time, and what is amiss with a server's settings.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::entries::{self, ON_ITS_WAY, Scan, listings};
use super::reading::{items, number, text};
use super::script::{EXPIRE, REMOVE};
use super::transport::{Command, Order, Reply};
use super::{AT_ONCE, Shared, Time, documents, span};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::exchange::Key;
use crate::store::{Examined, Swept};

/// One daemon in this time takes what is past its end off the listings.
const EXPIRY_EVERY: Duration = Duration::from_secs(60);
/// One daemon in this time looks for what the server dropped of its own accord. That walks through everything.
const AUDIT_EVERY: Duration = Duration::from_secs(3_600);

/// Tidies where it is this daemon's turn. The values themselves end in the server.
pub async fn sweep(shared: &Shared, now: Timestamp) -> Result<Swept> {
    let mut swept = Swept::default();
    if is_turn(shared, "expiry", EXPIRY_EVERY).await? {
        swept.expired = expire(shared, now).await?;
    }
    if is_turn(shared, "audit", AUDIT_EVERY).await? {
        swept.evicted = audit(shared, now).await?;
        documents::tidy(shared).await?;
    }
    Ok(swept)
}

/// When this daemon last asked for the turn of each chore.
#[derive(Default)]
pub struct Asked(Mutex<HashMap<&'static str, Instant>>);

impl Asked {
    /// True, and noted, where so long has passed since: asking costs a round trip, and at some hosts money.
    fn is_due(&self, chore: &'static str, every: Duration) -> bool {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = asked.get(chore).is_none_or(|at| at.elapsed() >= every);
        if is_due {
            asked.insert(chore, Instant::now());
        }
        is_due
    }
}

/// True for the first who asks in a span; always where tests move the clock.
async fn is_turn(shared: &Shared, chore: &'static str, every: Duration) -> Result<bool> {
    if matches!(shared.time, Time::Askers) {
        return Ok(true);
    }
    if !shared.asked.is_due(chore, every) {
        return Ok(false);
    }
    let take = Command::new("SET").with(shared.names.turn(chore)).with(shared.writer.clone());
    let taken = shared.ask(take.with("PX").with(span(every)).with("NX")).await?;
    Ok(taken.reply != Reply::Nil)
}

async fn expire(shared: &Shared, now: Timestamp) -> Result<u64> {
    let mut expired = 0u64;
    loop {
        let run = listings(shared, &EXPIRE).with(shared.moment(now)).with(AT_ONCE.to_string());
        let (seen, listed) = shared.ask(run).await?.read(|reply| {
            let [seen, listed] = items(reply)? else { return None };
            Some((number::<usize>(seen)?, number::<u64>(listed)?))
        })?;
        expired = expired.saturating_add(listed);
        if seen < AT_ONCE {
            return Ok(expired);
        }
    }
}

/// Takes rows off the listings whose values the server dropped.
async fn audit(shared: &Shared, now: Timestamp) -> Result<u64> {
    let mut dropped = 0u64;
    let mut scan = Scan::begin();
    while let Some(rows) = scan.next(shared).await? {
        let listed = rows.as_chunks::<2>().0.iter().filter_map(|[key, columns]| {
            let entry = entries::listing(text(key)?, text(columns)?)?;
            // One that is listed and not there yet is about to be kept.
            (entry.kept_at.after(ON_ITS_WAY) <= now).then_some(entry.key)
        });
        let listed: Vec<Key> = listed.collect();
        let exists = |key: &Key| Command::new("EXISTS").with(shared.names.entry(key)).into();
        let answers = shared.ask_all(listed.iter().map(exists).collect(), Order::Any).await?;
        let mut run = listings(shared, &REMOVE);
        let mut gone = 0;
        for (key, answer) in listed.iter().zip(answers) {
            if answer.number::<u8>()? == 0 {
                gone += 1;
                run = run.with(key.to_string());
            }
        }
        if gone > 0 {
            dropped = dropped.saturating_add(shared.ask(run).await?.number()?);
        }
    }
    Ok(dropped)
}

/// What a server tells of itself. Many hosts let nobody ask for settings: what they do not tell is not known.
pub async fn examine(shared: &Shared) -> Result<Examined> {
    let setting = |name: &'static str| Command::new("CONFIG").with("GET").with(name).into();
    let asked = ["maxmemory-policy", "save", "appendonly"].map(setting);
    let steps = [vec![Command::new("TIME").into()], asked.to_vec()].concat();
    let replies = shared.try_all(steps, Order::Given).await?;
    let (time, settings) = replies.split_first().ok_or_else(|| shared.nonsense())?;
    let values: Vec<Option<&str>> =
        settings.iter().map(|reply| items(reply).and_then(|pair| text(pair.get(1)?))).collect();
    let eviction = values.first().copied().flatten().map(str::to_owned);
    Ok(Examined { damage: None, eviction, clock: clock(time), warnings: amiss(shared, &values) })
}

/// `TIME`: seconds, and microseconds of the next one.
fn clock(time: &Reply) -> Option<Timestamp> {
    let [seconds, micros] = items(time)? else { return None };
    let millis = number::<u64>(seconds)?.checked_mul(1000)?;
    millis.checked_add(number::<u64>(micros)? / 1000).map(Timestamp)
}

/// What is amiss with a server's settings; nothing where it tells none.
pub async fn warnings(shared: &Shared) -> Vec<String> {
    examine(shared).await.map(|examined| examined.warnings).unwrap_or_default()
}

fn amiss(shared: &Shared, values: &[Option<&str>]) -> Vec<String> {
    let (backend, place) = (shared.transport.backend(), shared.transport.place());
    let mut warnings = Vec::new();
    if let Some(Some(policy)) = values.first()
        && policy.starts_with("allkeys-")
    {
        warnings.push(format!(
            "{backend} at `{place}` has `maxmemory-policy {policy}`: it may drop limits and counters; \
             `volatile-lru` drops answers alone"
        ));
    }
    if let [_, Some(""), Some("no")] = values {
        warnings.push(format!(
            "{backend} at `{place}` keeps nothing on disk (`save` and `appendonly` are off): a restart loses all"
        ));
    }
    warnings
}
