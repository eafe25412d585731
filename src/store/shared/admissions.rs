//! Who may go on: the sliding window of [`super::super::window`] as one script, and leases on calls.

use std::time::Duration;

use super::reading::{items, number, text};
use super::script::{ADMIT, LEASE, RELEASE};
use super::{LONGEST, Shared, span};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::exchange::Key;
use crate::store::window::FORGOTTEN_AFTER;
use crate::store::{Admission, Limit};

/// What becomes of a yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Yes {
    /// It takes a place.
    Recorded,
    /// It is only told.
    Unrecorded,
}

/// Decides. Asked again because the first answer was lost, it may take a second place: it errs towards too few.
pub async fn decide(shared: &Shared, subject: &str, limit: Limit, now: Timestamp, yes: Yes) -> Result<Admission> {
    let remembered = limit.window.min(LONGEST) + FORGOTTEN_AFTER;
    let run = ADMIT
        .run(&[&shared.names.limit(subject)])
        .with(shared.moment(now))
        .with(limit.count.to_string())
        .with(span(limit.window))
        .with(span(remembered))
        .with(match yes {
            Yes::Recorded => "take",
            Yes::Unrecorded => "",
        });
    let answer = shared.ask(run).await?;
    answer.read(|reply| {
        let [admitted, taken, oldest, judged_at] = items(reply)? else { return None };
        let admitted = number::<u8>(admitted)? == 1;
        let taken = number::<u32>(taken)? + u32::from(admitted && yes == Yes::Recorded);
        let judged_at = Timestamp(number(judged_at)?);
        let oldest = match text(oldest)? {
            "" if admitted && yes == Yes::Recorded => Some(judged_at),
            "" => None,
            moment => Some(Timestamp(moment.parse().ok()?)),
        };
        let reset_at = oldest.map_or(judged_at, |oldest| oldest.after(limit.window));
        Some(Admission { admitted, remaining: limit.count.saturating_sub(taken), reset_at })
    })
}

/// Takes a lease, or lengthens the holder's own.
pub async fn lease(shared: &Shared, key: &Key, holder: &str, how_long: Duration) -> Result<bool> {
    // A server takes no span of nothing.
    let how_long = how_long.max(Duration::from_millis(1));
    let run = LEASE.run(&[&shared.names.lease(key)]).with(holder.to_owned()).with(span(how_long));
    Ok(shared.ask(run).await?.number::<u8>()? == 1)
}

/// Gives it back where it is still the holder's.
pub async fn release(shared: &Shared, key: &Key, holder: &str) -> Result<()> {
    shared.ask(RELEASE.run(&[&shared.names.lease(key)]).with(holder.to_owned())).await.map(|_| ())
}
