//! Allowances and reservations: each verb is one script on keys of one slot, so that nobody comes between looking and
//! taking, on however many daemons.

use super::reading::{items, number};
use super::script::{RESERVE, SETTLE, SPENDING};
use super::transport::{Order, Reply};
use super::{Shared, span};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::money::Usd;
use crate::store::purses::{REMEMBERED, SETTLED_FOR};
use crate::store::{Allowance, Reservation, Reserved, Settlement, Spending};

/// Sets money aside from all allowances or none.
pub async fn reserve(shared: &Shared, reservation: &Reservation, now: Timestamp) -> Result<Reserved> {
    let Reservation { id, allowances, amount, span: unsettled } = reservation;
    let longest = allowances.iter().map(|each| each.over_at).max().unwrap_or(now);
    let mut run = RESERVE
        .run(&keys(shared, Some(id), allowances))
        .with(shared.moment(now))
        .with(amount.0.to_string())
        .with(span(*unsettled))
        .with(life(longest, now));
    for each in allowances {
        run = run.with(each.most.0.to_string()).with(life(each.over_at, now));
    }
    shared.ask(run).await?.read(|reply| {
        let (granted, rest) = items(reply)?.split_first()?;
        Some(Reserved { granted: number::<u8>(granted)? == 1, spendings: spendings(rest)? })
    })
}

/// Puts what calls cost in the place of what was set aside for them.
pub async fn settle(shared: &Shared, settlements: &[Settlement], now: Timestamp) -> Result<()> {
    let step = |settlement: &Settlement| {
        let Settlement { id, allowances, actual } = settlement;
        let run = SETTLE.run(&keys(shared, Some(id), allowances)).with(actual.0.to_string()).with(span(SETTLED_FOR));
        allowances.iter().fold(run, |run, each| run.with(life(each.over_at, now))).into()
    };
    for some in settlements.chunks(super::AT_ONCE) {
        shared.ask_all(some.iter().map(step).collect(), Order::Any).await?;
    }
    Ok(())
}

/// How allowances stand.
pub async fn spending(shared: &Shared, allowances: &[Allowance], now: Timestamp) -> Result<Vec<Spending>> {
    let run = SPENDING.run(&keys(shared, None, allowances)).with(shared.moment(now));
    shared.ask(run).await?.read(|reply| spendings(items(reply)?))
}

fn keys(shared: &Shared, id: Option<&String>, allowances: &[Allowance]) -> Vec<String> {
    let names = &shared.names;
    let held = id.map(|id| names.reservation(id));
    let purses = allowances.iter().map(|each| names.purse(&each.name));
    std::iter::once(names.reserved.clone()).chain(held).chain(purses).collect()
}

fn life(over_at: Timestamp, now: Timestamp) -> String {
    span(over_at.since(now).saturating_add(REMEMBERED))
}

fn spendings(replies: &[Reply]) -> Option<Vec<Spending>> {
    let pairs = replies.as_chunks::<2>().0.iter();
    pairs
        .map(|[spent, reserved]| Some(Spending { spent: Usd(number(spent)?), reserved: Usd(number(reserved)?) }))
        .collect()
}
