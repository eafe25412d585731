//! Counters: a hash for each hour, kept for 400 days. A batch carries a mark, so that sent twice it counts once.

use std::time::Duration;

use super::reading::{number, text};
use super::script::{COUNT, RESET};
use super::transport::{Command, Order};
use super::{Shared, span};
use crate::error::Result;
use crate::store::{Count, Slot};

const KEPT_HOURS: u32 = 400 * 24;
/// Hours read in one go.
const HOURS_AT_ONCE: usize = 100;

/// Adds to counters, all or none.
pub async fn add(shared: &Shared, batch: &str, counts: &[Count]) -> Result<()> {
    let Some(latest) = counts.iter().map(|count| count.slot.hour).max() else { return Ok(()) };
    let batch = shared.names.batch(batch);
    let run = COUNT
        .run(&[&shared.names.hours, &batch])
        .with(shared.names.hour.clone())
        .with(span(Duration::from_secs(u64::from(KEPT_HOURS) * 3_600)))
        .with(latest.saturating_sub(KEPT_HOURS).to_string());
    let mut run = run;
    for count in counts {
        let Slot { hour, provider, model, namespace, run: of_run } = &count.slot;
        let field = serde_json::to_string(&[provider, model, namespace, of_run, &count.field]);
        let field = field.map_err(|_| shared.nonsense())?;
        run = run.with(hour.to_string()).with(field).with(count.by.to_string());
    }
    shared.ask(run).await.map(|_| ())
}

/// The sums from an hour on.
pub async fn since(shared: &Shared, since_hour: u32) -> Result<Vec<Count>> {
    let range =
        Command::new("ZRANGEBYSCORE").with(shared.names.hours.clone()).with(since_hour.to_string()).with("+inf");
    let hours: Vec<u32> = shared.ask(range).await?.list()?.iter().filter_map(number).collect();
    let mut counts = Vec::new();
    for some in hours.chunks(HOURS_AT_ONCE) {
        let read = |hour: &u32| Command::new("HGETALL").with(format!("{}{hour}", shared.names.hour)).into();
        let answers = shared.ask_all(some.iter().map(read).collect(), Order::Any).await?;
        for (hour, answer) in some.iter().zip(answers) {
            for [field, by] in answer.list()?.as_chunks::<2>().0 {
                let fields = text(field).and_then(|field| serde_json::from_str::<[String; 5]>(field).ok());
                let (Some([provider, model, namespace, run, field]), Some(by)) = (fields, number(by)) else {
                    continue;
                };
                let slot = Slot { hour: *hour, provider, model, namespace, run };
                counts.push(Count { slot, field, by });
            }
        }
    }
    Ok(counts)
}

/// Forgets every counter.
pub async fn reset(shared: &Shared) -> Result<()> {
    shared.ask(RESET.run(&[&shared.names.hours]).with(shared.names.hour.clone())).await.map(|_| ())
}
