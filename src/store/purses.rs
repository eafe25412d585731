//! Sums of money that many spend from, and what each call has set aside: the arithmetic, kept in maps.
//!
//! What is spent and what is set aside count alike against a ceiling. So a reservation whose holder died takes nothing
//! from anybody's exactness: in the end it counts as spent, since the call was most likely paid for.

use std::collections::HashMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::money::Usd;

/// How long after its end an allowance is remembered, for settlements that come late.
pub const REMEMBERED: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a settlement is remembered, so that one handed in twice counts once.
pub const SETTLED_FOR: Duration = Duration::from_secs(2 * 60 * 60);

/// A sum that may be spent until a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowance {
    /// What it is found by; without control characters.
    pub name: String,
    /// The whole sum.
    pub most: Usd,
    /// From this moment on nobody spends from it.
    pub over_at: Timestamp,
}

/// What one call sets aside, from every allowance it spends from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// A name of its own. Handed in again under it, it is taken once.
    pub id: String,
    /// What it spends from.
    pub allowances: Vec<Allowance>,
    /// The most it is expected to cost.
    pub amount: Usd,
    /// So long it may stay unsettled before it counts as spent.
    pub span: Duration,
}

/// What a call has cost in the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// The reservation it settles. One that was never taken is settled all the same: the money is spent.
    pub id: String,
    /// What it spent from.
    pub allowances: Vec<Allowance>,
    /// What it cost; zero gives everything back.
    pub actual: Usd,
}

/// How an allowance stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spending {
    /// Settled, and what was set aside and not settled in its time.
    pub spent: Usd,
    /// Set aside for calls in the air.
    pub reserved: Usd,
}

impl Spending {
    /// True where so much more stays within a ceiling.
    pub fn has_room(&self, amount: Usd, most: Usd) -> bool {
        let all = [self.spent, self.reserved, amount].map(|sum| i128::from(sum.0));
        all.iter().sum::<i128>() <= i128::from(most.0)
    }

    /// What is left of a sum.
    pub fn left(&self, most: Usd) -> Usd {
        (most - self.spent - self.reserved).max(Usd::ZERO)
    }
}

/// The decision on a reservation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reserved {
    /// Whether it was taken, from all allowances; a refusal takes from none.
    pub granted: bool,
    /// How each allowance stands right after, in the order they were given.
    pub spendings: Vec<Spending>,
}

/// How far a reservation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Set aside.
    Open,
    /// Not settled in its time, and counted as spent.
    Counted,
    /// Settled.
    Settled,
}

#[derive(Debug, Default)]
struct Purse {
    spending: Spending,
    over_at: Timestamp,
}

#[derive(Debug)]
struct Held {
    names: Vec<String>,
    amount: Usd,
    until: Timestamp,
    state: State,
    forget_at: Timestamp,
}

/// Every allowance and reservation of a store in memory.
#[derive(Debug, Default)]
pub struct Purses {
    purses: HashMap<String, Purse>,
    held: HashMap<String, Held>,
}

impl Purses {
    /// Sets money aside from all allowances or none.
    pub fn reserve(&mut self, reservation: Reservation, now: Timestamp) -> Reserved {
        self.count_overdue(now);
        let Reservation { id, allowances, amount, span } = reservation;
        let has_room = |each: &Allowance| self.spending(&each.name).has_room(amount, each.most);
        let is_known = self.held.contains_key(&id);
        let granted = is_known || allowances.iter().all(has_room);
        if granted && !is_known {
            for each in &allowances {
                self.purse(each).spending.reserved += amount;
            }
            let over_at = allowances.iter().map(|each| each.over_at).max().unwrap_or(now);
            let names = allowances.iter().map(|each| each.name.clone()).collect();
            let (until, forget_at) = (now.after(span), over_at.after(REMEMBERED));
            self.held.insert(id, Held { names, amount, until, state: State::Open, forget_at });
        }
        Reserved { granted, spendings: self.spendings(&allowances, now) }
    }

    /// Puts what a call cost in the place of what was set aside for it.
    pub fn settle(&mut self, settlement: &Settlement, now: Timestamp) {
        let held = self.held.get(&settlement.id);
        let (state, amount) = held.map_or((None, Usd::ZERO), |held| (Some(held.state), held.amount));
        if state == Some(State::Settled) {
            return;
        }
        for each in &settlement.allowances {
            let spending = &mut self.purse(each).spending;
            settled(spending, state, amount, settlement.actual);
        }
        let (names, forget_at) = (Vec::new(), now.after(SETTLED_FOR));
        let held = Held { names, amount, until: now, state: State::Settled, forget_at };
        self.held.insert(settlement.id.clone(), held);
    }

    /// How allowances stand.
    pub fn spendings(&mut self, allowances: &[Allowance], now: Timestamp) -> Vec<Spending> {
        self.count_overdue(now);
        allowances.iter().map(|each| self.spending(&each.name)).collect()
    }

    /// Forgets what is long over.
    pub fn forget(&mut self, now: Timestamp) {
        self.purses.retain(|_, purse| purse.over_at.after(REMEMBERED) > now);
        self.held.retain(|_, held| held.forget_at > now);
    }

    fn spending(&self, name: &str) -> Spending {
        self.purses.get(name).map(|purse| purse.spending).unwrap_or_default()
    }

    fn purse(&mut self, allowance: &Allowance) -> &mut Purse {
        let purse = self.purses.entry(allowance.name.clone()).or_default();
        purse.over_at = purse.over_at.max(allowance.over_at);
        purse
    }

    fn count_overdue(&mut self, now: Timestamp) {
        for held in self.held.values_mut().filter(|held| held.state == State::Open && held.until <= now) {
            held.state = State::Counted;
            for name in &held.names {
                if let Some(purse) = self.purses.get_mut(name) {
                    purse.spending.reserved = purse.spending.reserved - held.amount;
                    purse.spending.spent += held.amount;
                }
            }
        }
    }
}

/// What a settlement changes, by how far its reservation had come; `None` where it never arrived.
pub fn settled(spending: &mut Spending, state: Option<State>, amount: Usd, actual: Usd) {
    match state {
        Some(State::Open) => spending.reserved = spending.reserved - amount,
        Some(State::Counted) => spending.spent = spending.spent - amount,
        Some(State::Settled) => return,
        None => {}
    }
    spending.spent += actual;
}
