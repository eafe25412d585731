//! The statements on allowances and reservations. Correct because one thread writes: nobody comes between looking and
//! taking.

use rusqlite::{Connection, OptionalExtension, params};

use super::schema::stored;
use crate::clock::Timestamp;
use crate::money::Usd;
use crate::store::purses::{REMEMBERED, SETTLED_FOR, State, settled};
use crate::store::{Allowance, Reservation, Reserved, Settlement, Spending};

/// States as they are kept.
const OPEN: i64 = 0;
const COUNTED: i64 = 1;
const SETTLED: i64 = 2;

/// What stands between names; none has it.
const BETWEEN: &str = "\n";

/// Sets money aside from all allowances or none.
pub fn reserve(connection: &Connection, reservation: &Reservation, now: Timestamp) -> rusqlite::Result<Reserved> {
    count_overdue(connection, now)?;
    let Reservation { id, allowances, amount, span } = reservation;
    if find(connection, id)?.is_some() {
        return Ok(Reserved { granted: true, spendings: standing(connection, allowances)? });
    }
    let mut spendings = standing(connection, allowances)?;
    if !spendings.iter().zip(allowances).all(|(spending, each)| spending.has_room(*amount, each.most)) {
        return Ok(Reserved { granted: false, spendings });
    }
    for (spending, each) in spendings.iter_mut().zip(allowances) {
        spending.reserved += *amount;
        write(connection, each, *spending)?;
    }
    let over_at = allowances.iter().map(|each| each.over_at).max().unwrap_or(now);
    let names = allowances.iter().map(|each| each.name.as_str()).collect::<Vec<_>>().join(BETWEEN);
    keep(connection, id, &names, *amount, now.after(*span), OPEN, over_at.after(REMEMBERED))?;
    Ok(Reserved { granted: true, spendings })
}

/// Puts what calls cost in the place of what was set aside for them.
pub fn settle(connection: &Connection, settlements: &[Settlement], now: Timestamp) -> rusqlite::Result<()> {
    for Settlement { id, allowances, actual } in settlements {
        let (state, amount) = find(connection, id)?.map_or((None, Usd::ZERO), |(state, amount)| (Some(state), amount));
        if state == Some(State::Settled) {
            continue;
        }
        for (mut spending, each) in standing(connection, allowances)?.into_iter().zip(allowances) {
            settled(&mut spending, state, amount, *actual);
            write(connection, each, spending)?;
        }
        keep(connection, id, "", amount, now, SETTLED, now.after(SETTLED_FOR))?;
    }
    Ok(())
}

/// How allowances stand.
pub fn spendings(connection: &Connection, allowances: &[Allowance], now: Timestamp) -> rusqlite::Result<Vec<Spending>> {
    count_overdue(connection, now)?;
    standing(connection, allowances)
}

/// Forgets what is long over.
pub fn forget(connection: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    let over = stored(now.before(REMEMBERED).0);
    connection.prepare_cached("DELETE FROM purses WHERE over_at <= ?1")?.execute([over])?;
    connection.prepare_cached("DELETE FROM reservations WHERE forget_at <= ?1")?.execute([stored(now.0)])?;
    Ok(())
}

/// Counts as spent what was set aside and not settled in its time.
fn count_overdue(connection: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    let mut overdue =
        connection.prepare_cached("SELECT id, names, amount FROM reservations WHERE state = 0 AND until <= ?1")?;
    let found = overdue.query_map([stored(now.0)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let found: Vec<(String, String, i64)> = found.collect::<rusqlite::Result<_>>()?;
    for (id, names, amount) in found {
        for name in names.split(BETWEEN) {
            connection
                .prepare_cached("UPDATE purses SET spent = spent + ?2, reserved = reserved - ?2 WHERE name = ?1")?
                .execute(params![name, amount])?;
        }
        connection.prepare_cached("UPDATE reservations SET state = ?2 WHERE id = ?1")?.execute(params![id, COUNTED])?;
    }
    Ok(())
}

fn find(connection: &Connection, id: &str) -> rusqlite::Result<Option<(State, Usd)>> {
    let mut statement = connection.prepare_cached("SELECT state, amount FROM reservations WHERE id = ?1")?;
    let found = statement.query_row([id], |row| {
        let state = match row.get(0)? {
            OPEN => State::Open,
            COUNTED => State::Counted,
            _ => State::Settled,
        };
        Ok((state, Usd(row.get(1)?)))
    });
    found.optional()
}

fn standing(connection: &Connection, allowances: &[Allowance]) -> rusqlite::Result<Vec<Spending>> {
    let mut statement = connection.prepare_cached("SELECT spent, reserved FROM purses WHERE name = ?1")?;
    let mut spending = |each: &Allowance| {
        let read = statement
            .query_row([&each.name], |row| Ok(Spending { spent: Usd(row.get(0)?), reserved: Usd(row.get(1)?) }));
        Ok(read.optional()?.unwrap_or_default())
    };
    allowances.iter().map(&mut spending).collect()
}

fn write(connection: &Connection, allowance: &Allowance, spending: Spending) -> rusqlite::Result<()> {
    let Spending { spent, reserved } = spending;
    connection
        .prepare_cached(
            "INSERT INTO purses (name, spent, reserved, over_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (name) DO UPDATE \
             SET spent = ?2, reserved = ?3, over_at = max(over_at, ?4)",
        )?
        .execute(params![allowance.name, spent.0, reserved.0, stored(allowance.over_at.0)])?;
    Ok(())
}

fn keep(
    connection: &Connection,
    id: &str,
    names: &str,
    amount: Usd,
    until: Timestamp,
    state: i64,
    forget_at: Timestamp,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO reservations (id, names, amount, until, state, forget_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![id, names, amount.0, stored(until.0), state, stored(forget_at.0)])?;
    Ok(())
}
