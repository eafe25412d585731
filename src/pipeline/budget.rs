//! What may be spent: by day and month (UTC), in all or in a namespace, and by one run. A call sets its estimate aside
//! before it is made and settles what it cost after, so that calls side by side cannot overshoot together.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Exchange, foreseen_usage};
use crate::clock::{Clock, Timestamp};
use crate::config::settings::{BudgetSettings, Ceiling, Unpriced, WhenStoreDown};
use crate::error::{Error, Kind, LimitedBy, Result};
use crate::money::Usd;
use crate::store::memory::Memory;
use crate::store::{Allowance, Reservation, Settlement, Spending, Store};

/// A run is forgotten so long after its last call.
const RUN_KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// What a call may take beyond its provider's own timeout before its reservation counts as spent.
const SPARE: Duration = Duration::from_secs(60);

/// What one run of a program may spend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunCeiling {
    /// What it is found by: no other run's.
    pub name: String,
    /// The whole sum.
    pub most: Usd,
}

/// What an exchange may spend, together with whoever else spends from the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ceilings {
    everybody: Ceiling,
    namespace: Ceiling,
    /// Those of its run, and of the runs that one is part of.
    pub runs: Vec<RunCeiling>,
    warn_at: u32,
    refuses_unpriced: bool,
}

impl Ceilings {
    /// Those the settings put on a namespace.
    pub fn of(settings: &BudgetSettings, namespace: &str, runs: Vec<RunCeiling>) -> Ceilings {
        Ceilings {
            everybody: settings.all,
            namespace: settings.namespaces.get(namespace).copied().unwrap_or_default(),
            runs,
            warn_at: settings.warn_at,
            refuses_unpriced: settings.unpriced == Unpriced::Deny,
        }
    }
}

/// A span that money is counted over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// A UTC day.
    Day,
    /// A UTC month.
    Month,
    /// As long as a run goes on.
    Run,
}

impl Period {
    /// Its name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Period::Day => "daily",
            Period::Month => "monthly",
            Period::Run => "run",
        }
    }

    /// Which day or month a moment is in, and when that ends.
    fn around(self, now: Timestamp) -> (String, Timestamp) {
        const DAY: u64 = 24 * 60 * 60 * 1000;
        let label = |at: Timestamp| at.rfc3339().chars().take(if self == Period::Day { 10 } else { 7 }).collect();
        let (this, today): (String, u64) = (label(now), now.0 / DAY);
        // No month has more days.
        let mut days = (1..=31).map(|days| Timestamp(today.saturating_add(days).saturating_mul(DAY)));
        let end = days.find(|day| label(*day) != this).unwrap_or(Timestamp(u64::MAX));
        (this, end)
    }
}

/// One budget: what it is called, and what may be spent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// How long it lasts.
    pub period: Period,
    /// The namespace it holds for; all of them where `None`.
    pub namespace: Option<String>,
    /// What the store keeps it by.
    pub allowance: Allowance,
}

impl Budget {
    fn of_period(period: Period, namespace: Option<&str>, most: Option<Usd>, now: Timestamp) -> Option<Budget> {
        let most = most?;
        let (label, over_at) = period.around(now);
        let whose = namespace.map_or(String::new(), |namespace| format!(":{namespace}"));
        let allowance = Allowance { name: format!("{}:{label}{whose}", period.name()), most, over_at };
        Some(Budget { period, namespace: namespace.map(str::to_owned), allowance })
    }

    /// Those the settings name, as they are now.
    pub fn all(settings: &BudgetSettings, now: Timestamp) -> Vec<Budget> {
        let namespaces = settings.namespaces.iter().map(|(name, ceiling)| (Some(name.as_str()), ceiling));
        let each = std::iter::once((None, &settings.all)).chain(namespaces);
        each.flat_map(|(namespace, ceiling)| Budget::of_ceiling(ceiling, namespace, now)).collect()
    }

    fn of_ceiling(ceiling: &Ceiling, namespace: Option<&str>, now: Timestamp) -> impl Iterator<Item = Budget> {
        let day = Budget::of_period(Period::Day, namespace, ceiling.daily, now);
        let month = Budget::of_period(Period::Month, namespace, ceiling.monthly, now);
        [day, month].into_iter().flatten()
    }

    /// Those an exchange spends from.
    pub(super) fn of_exchange(exchange: &Exchange, now: Timestamp) -> Vec<Budget> {
        let Ceilings { everybody, namespace, runs, .. } = &exchange.ceilings;
        let all = Budget::of_ceiling(everybody, None, now);
        let own = Budget::of_ceiling(namespace, Some(&exchange.policy.namespace), now);
        let runs = runs.iter().map(|run| {
            let allowance =
                Allowance { name: format!("run:{}", run.name), most: run.most, over_at: now.after(RUN_KEPT) };
            Budget { period: Period::Run, namespace: None, allowance }
        });
        all.chain(own).chain(runs).collect()
    }

    fn told(&self) -> String {
        match (self.period, &self.namespace) {
            (Period::Run, _) => "the budget of this run".to_owned(),
            (period, None) => format!("the {} budget", period.name()),
            (period, Some(namespace)) => format!("the {} budget of namespace `{namespace}`", period.name()),
        }
    }

    /// What to do when it is used up.
    fn remedy(&self) -> String {
        match (self.period, &self.namespace) {
            (Period::Run, _) => "raise `--max-cost`".to_owned(),
            (period, None) => format!("raise `budget.{}_usd`", period.name()),
            (period, Some(namespace)) => format!("raise `budget.namespaces.{namespace}.{}_usd`", period.name()),
        }
    }
}

/// What a call has set aside.
pub struct Held {
    id: String,
    budgets: Vec<Budget>,
    spendings: Vec<Spending>,
    amount: Usd,
    /// True where the store was asked and gave no answer.
    in_doubt: bool,
    warn_at: u32,
    warning: Option<String>,
}

impl Held {
    fn nothing() -> Held {
        let (budgets, spendings) = (Vec::new(), Vec::new());
        Held { id: String::new(), budgets, spendings, amount: Usd::ZERO, in_doubt: false, warn_at: 0, warning: None }
    }

    /// What the asker should know, now that the call has cost so much.
    pub fn warning(&self, actual: Usd) -> Option<String> {
        let near = self.budgets.iter().zip(&self.spendings).filter_map(|(budget, spending)| {
            let sum = spending.spent + spending.reserved - self.amount + actual;
            let most = budget.allowance.most;
            let is_near = i128::from(sum.0) * 1000 >= i128::from(most.0) * i128::from(self.warn_at);
            is_near.then(|| format!("{} is nearly used up: {} of {}", budget.told(), shown(sum), shown(most)))
        });
        let all: Vec<String> = self.warning.iter().cloned().chain(near).collect();
        (!all.is_empty()).then(|| all.join("; "))
    }
}

/// The budgets of everybody on a store.
pub struct Budgets {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    /// Decides while the store cannot, from where that was last known to stand.
    stand_in: Mutex<Option<Arc<Memory>>>,
    known: Mutex<HashMap<String, (Allowance, Spending)>>,
    /// Not yet in the store. What they settle stays set aside until then.
    pending: Mutex<Vec<Settlement>>,
    handing_in: tokio::sync::Mutex<()>,
    next: AtomicU64,
    own: u64,
}

impl Budgets {
    /// Budgets kept in `store`.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Budgets {
        Budgets {
            store,
            clock,
            stand_in: Mutex::default(),
            known: Mutex::default(),
            pending: Mutex::default(),
            handing_in: tokio::sync::Mutex::default(),
            next: AtomicU64::new(0),
            own: fastrand::u64(..),
        }
    }

    /// Sets aside what a call may cost, or refuses it. Does nothing where nothing limits what is spent.
    pub async fn hold(&self, exchange: &Exchange) -> Result<Held> {
        let now = self.clock.now();
        let budgets = Budget::of_exchange(exchange, now);
        if budgets.is_empty() && exchange.max_cost.is_none() {
            return Ok(Held::nothing());
        }
        let name = format!("{}/{}", exchange.provider.name, exchange.model);
        let Some(price) = exchange.registry.price(&exchange.provider, &exchange.model) else {
            return without_price(exchange, &budgets, &name);
        };
        let amount = price.cost(&foreseen_usage(exchange)?);
        if let Some(most) = exchange.max_cost.filter(|most| amount > *most) {
            return Err(too_dear(&name, amount, most));
        }
        if budgets.is_empty() {
            return Ok(Held::nothing());
        }
        let id = format!("{:016x}-{:x}", self.own, self.next.fetch_add(1, Ordering::Relaxed));
        let allowances: Vec<Allowance> = budgets.iter().map(|budget| budget.allowance.clone()).collect();
        let span = exchange.provider.timeout.saturating_add(SPARE);
        let reservation = Reservation { id: id.clone(), allowances: allowances.clone(), amount, span };
        let when_down = exchange.rates.when_store_down;
        let mut reserved = self.reserve(reservation.clone(), when_down, now).await?;
        if !reserved.granted && self.has_pending() {
            // What other calls did not need may be enough.
            self.flush().await?;
            reserved = self.reserve(reservation, when_down, now).await?;
        }
        let Reserved { granted, spendings, in_doubt } = reserved;
        let warn_at = exchange.ceilings.warn_at;
        let held = Held { id, budgets, spendings, amount, in_doubt, warn_at, warning: None };
        if granted {
            return Ok(held);
        }
        if in_doubt {
            // The store may yet take what this daemon refused.
            self.settle(&held, Usd::ZERO);
        }
        Err(used_up(&name, &held, now))
    }

    /// Puts what a call cost in the place of what it had set aside; zero gives all of it back.
    pub fn settle(&self, held: &Held, actual: Usd) {
        if held.budgets.is_empty() {
            return;
        }
        let allowances: Vec<Allowance> = held.budgets.iter().map(|budget| budget.allowance.clone()).collect();
        if !held.in_doubt {
            let mut known = lock(&self.known);
            for allowance in &allowances {
                if let Some((_, spending)) = known.get_mut(&allowance.name) {
                    spending.reserved = spending.reserved - held.amount;
                    spending.spent += actual;
                }
            }
        }
        self.hand_in(Settlement { id: held.id.clone(), allowances, actual });
    }

    /// Notes a settlement for the next [`Budgets::flush`].
    pub fn hand_in(&self, settlement: Settlement) {
        lock(&self.pending).push(settlement);
    }

    /// Hands what is settled to the store. What it does not take is handed in the next time.
    pub async fn flush(&self) -> Result<()> {
        let _alone = self.handing_in.lock().await;
        let settled = lock(&self.pending).clone();
        if settled.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let stand_in = lock(&self.stand_in).clone();
        if let Some(stand_in) = stand_in {
            stand_in.settle(settled.clone(), now).await?;
        }
        self.store.settle(settled.clone(), now).await?;
        lock(&self.pending).drain(..settled.len());
        Ok(())
    }

    /// How budgets stand, from the store; from what this daemon knows where the store cannot say.
    pub async fn standing(&self, budgets: &[Budget]) -> Result<Vec<Spending>> {
        if budgets.is_empty() {
            return Ok(Vec::new());
        }
        if let Err(error) = self.flush().await {
            tracing::warn!(%error, "what calls cost waits to be settled");
        }
        let allowances: Vec<Allowance> = budgets.iter().map(|budget| budget.allowance.clone()).collect();
        let now = self.clock.now();
        match self.store.spending(allowances.clone(), now).await {
            Ok(spendings) => Ok(spendings),
            Err(error) => {
                tracing::warn!(%error, "budgets are kept by this daemon alone");
                self.stand_in().await?.spending(allowances, now).await
            }
        }
    }

    async fn reserve(&self, reservation: Reservation, when_down: WhenStoreDown, now: Timestamp) -> Result<Reserved> {
        let allowances = reservation.allowances.clone();
        match self.store.reserve(reservation.clone(), now).await {
            Ok(reserved) => {
                *lock(&self.stand_in) = None;
                let mut known = lock(&self.known);
                known.retain(|_, (allowance, _)| allowance.over_at > now);
                let each = allowances.into_iter().zip(&reserved.spendings);
                known.extend(each.map(|(allowance, spending)| (allowance.name.clone(), (allowance, *spending))));
                Ok(Reserved { granted: reserved.granted, spendings: reserved.spendings, in_doubt: false })
            }
            Err(error) => {
                tracing::warn!(%error, policy = ?when_down, "the budgets cannot be looked up");
                match when_down {
                    WhenStoreDown::Local => {
                        let reserved = self.stand_in().await?.reserve(reservation, now).await?;
                        Ok(Reserved { granted: reserved.granted, spendings: reserved.spendings, in_doubt: true })
                    }
                    WhenStoreDown::Allow => Ok(Reserved { granted: true, spendings: Vec::new(), in_doubt: true }),
                    WhenStoreDown::Deny => Err(Error::new(Kind::Unreachable, "the budgets cannot be looked up")
                        .because(error)
                        .hint("wait for the store, or set `when_store_down = \"local\"` under [rate_limit]")),
                }
            }
        }
    }

    /// What decides while the store cannot: it goes on from where that was last known to stand.
    async fn stand_in(&self) -> Result<Arc<Memory>> {
        if let Some(stand_in) = lock(&self.stand_in).clone() {
            return Ok(stand_in);
        }
        let fresh = Arc::new(Memory::default());
        let known: Vec<Settlement> = {
            let known = lock(&self.known);
            let each = known.values().map(|(allowance, spending)| Settlement {
                id: format!("known:{}", allowance.name),
                allowances: vec![allowance.clone()],
                actual: spending.spent + spending.reserved,
            });
            each.collect()
        };
        fresh.settle(known, self.clock.now()).await?;
        Ok(Arc::clone(lock(&self.stand_in).get_or_insert(fresh)))
    }

    fn has_pending(&self) -> bool {
        !lock(&self.pending).is_empty()
    }
}

struct Reserved {
    granted: bool,
    spendings: Vec<Spending>,
    /// True where the store was asked and gave no answer.
    in_doubt: bool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn shown(sum: Usd) -> String {
    format!("${:.6}", sum.dollars())
}

/// A call that cannot be counted: refused where somebody asked for a ceiling on it, else made and told.
fn without_price(exchange: &Exchange, budgets: &[Budget], name: &str) -> Result<Held> {
    let of_run = budgets.iter().any(|budget| budget.period == Period::Run);
    let ceiling = match exchange.max_cost.is_some() || of_run {
        true => "`--max-cost`",
        false if exchange.ceilings.refuses_unpriced => "a budget",
        false => {
            let warning = Some(format!("`{name}` has no known price, so that no budget counts it"));
            return Ok(Held { warning, ..Held::nothing() });
        }
    };
    Err(Error::new(Kind::Budget, format!("cannot hold `{name}` to {ceiling}"))
        .because("it has no known price")
        .hint(format!("set one: [prices.\"{name}\"] input = …, output = …"))
        .limited_by(LimitedBy::Llmc))
}

fn too_dear(name: &str, amount: Usd, most: Usd) -> Error {
    let message = format!("a call to `{name}` may cost {}, above `--max-cost`", shown(amount));
    Error::new(Kind::Budget, message)
        .because(format!("the most is {}", shown(most)))
        .hint("raise `--max-cost`, or bound the answer with `--max-tokens`")
        .limited_by(LimitedBy::Llmc)
}

fn used_up(name: &str, held: &Held, now: Timestamp) -> Error {
    let amount = held.amount;
    let pairs = || held.budgets.iter().zip(&held.spendings);
    let full = pairs().filter(|(budget, spending)| !spending.has_room(amount, budget.allowance.most));
    // Of several the one that lasts longest: before its end nothing changes.
    let Some((budget, spending)) = full.max_by_key(|(budget, _)| budget.allowance.over_at) else {
        return Error::new(Kind::Budget, format!("a call to `{name}` goes beyond a budget"));
    };
    let Budget { period, allowance, .. } = budget;
    let Spending { spent, reserved } = *spending;
    let message = format!("a call to `{name}` may cost {}, beyond {}", shown(amount), budget.told());
    let cause = format!("of {} {} are spent and {} set aside", shown(allowance.most), shown(spent), shown(reserved));
    let error = Error::new(Kind::Budget, message).because(cause).limited_by(LimitedBy::Llmc);
    let remedy = budget.remedy();
    match period {
        Period::Run => error.hint(format!("{remedy}, or bound the answer with `--max-tokens`")),
        Period::Day | Period::Month => error
            .hint(format!(
                "it begins anew at {}; until then {remedy}, or bound the answer",
                allowance.over_at.rfc3339()
            ))
            .retry_after(allowance.over_at.since(now).max(Duration::from_millis(1))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_ends_at_midnight_in_utc() {
        let around = |period: Period, millis| {
            let (label, end) = period.around(Timestamp(millis));
            (label, end.rfc3339())
        };
        let told = |label: &str, end: &str| (label.to_owned(), end.to_owned());

        // 2028-02-29T23:59:59.999Z
        let leap = 1_835_481_599_999;
        assert_eq!(around(Period::Day, leap), told("2028-02-29", "2028-03-01T00:00:00Z"));
        assert_eq!(around(Period::Month, leap), told("2028-02", "2028-03-01T00:00:00Z"));
        assert_eq!(around(Period::Day, leap + 1), told("2028-03-01", "2028-03-02T00:00:00Z"));
        assert_eq!(around(Period::Month, leap + 1), told("2028-03", "2028-04-01T00:00:00Z"));
        assert_eq!(around(Period::Month, 1_830_297_599_999), told("2027-12", "2028-01-01T00:00:00Z"));
    }
}
