//! What a batch came to: counts and money, for the bar, the summary and machines.

use std::collections::HashSet;
use std::time::Duration;

use serde::Serialize;
use xxhash_rust::xxh3::xxh3_128;

use crate::api::SCHEMA_VERSION;
use crate::api::generate::DryRunReply;
use crate::cli::table;
use crate::error::Kind;
use crate::money::Usd;

/// Counts and money so far.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Lines with a row.
    pub lines: u64,
    /// Rows that were there before.
    pub resumed: u64,
    /// Answers that cost no call.
    pub hits: u64,
    /// Answers that did.
    pub calls: u64,
    /// Rows with an error.
    pub failed: u64,
    /// Of those, the ones that the money did not reach for.
    pub over_budget: u64,
    /// Answers of models without a price.
    pub unpriced: u64,
    /// What calls cost.
    pub spent: Usd,
    /// What hits did not.
    pub saved: Usd,
}

/// The summary for machines.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    #[serde(rename = "schema_version")]
    schema_version: u32,
    lines: u64,
    hits: u64,
    calls: u64,
    failed: u64,
    resumed: u64,
    spent_usd: f64,
    saved_usd: f64,
    unpriced: u64,
    seconds: f64,
    /// False where lines are left.
    complete: bool,
}

impl Tally {
    /// Counts an answer. `cost` is none where the model has no price.
    pub fn answered(&mut self, cached: bool, cost: Option<f64>) {
        self.lines += 1;
        let money = cost.and_then(Usd::from_dollars);
        self.unpriced += u64::from(money.is_none());
        let (count, sum) = if cached { (&mut self.hits, &mut self.saved) } else { (&mut self.calls, &mut self.spent) };
        *count += 1;
        *sum += money.unwrap_or_default();
    }

    /// Counts a failed line by the `type` of its error.
    pub fn failed(&mut self, kind: &str) {
        self.lines += 1;
        self.failed += 1;
        self.over_budget += u64::from(Kind::from_name(kind) == Some(Kind::Budget));
    }

    /// Counts a row that was there before.
    pub fn resumed(&mut self) {
        self.lines += 1;
        self.resumed += 1;
    }

    /// For the bar: what is known while it runs.
    pub fn brief(&self) -> String {
        let failed = if self.failed > 0 { format!(", {} failed", self.failed) } else { String::new() };
        let hits = table::count(self.hits, "hit", "hits");
        format!(
            "{hits}{failed} · spent {}, saved {}",
            table::dollars(self.spent.dollars()),
            table::dollars(self.saved.dollars())
        )
    }

    /// For people, in one line.
    pub fn told(&self, took: Duration) -> String {
        let mut parts = vec![table::count(self.hits, "hit", "hits"), table::count(self.calls, "call", "calls")];
        if self.resumed > 0 {
            parts.push(format!("{} done before", self.resumed));
        }
        if self.failed > 0 {
            parts.push(format!("{} failed", self.failed));
        }
        let unpriced = if self.unpriced > 0 { " (some unpriced)" } else { "" };
        format!(
            "llmc: {}: {} · spent {}, saved {}{unpriced} · {:.1} s",
            table::count(self.lines, "line", "lines"),
            parts.join(", "),
            table::dollars(self.spent.dollars()),
            table::dollars(self.saved.dollars()),
            took.as_secs_f64(),
        )
    }

    /// For machines.
    pub fn summary(&self, took: Duration, complete: bool) -> Summary {
        Summary {
            schema_version: SCHEMA_VERSION,
            lines: self.lines,
            hits: self.hits,
            calls: self.calls,
            failed: self.failed,
            resumed: self.resumed,
            spent_usd: self.spent.dollars(),
            saved_usd: self.saved.dollars(),
            unpriced: self.unpriced,
            seconds: (took.as_secs_f64() * 1e3).round() / 1e3,
            complete,
        }
    }
}

/// What a batch would come to.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Forecast {
    #[serde(rename = "schema_version")]
    schema_version: u32,
    dry_run: bool,
    lines: u64,
    hits: u64,
    calls: u64,
    failed: u64,
    estimated_input_tokens: u64,
    estimated_output_tokens: u64,
    /// Null where every call is unpriced.
    estimated_cost: Option<f64>,
    unpriced: u64,
    #[serde(skip)]
    cost: Usd,
    #[serde(skip)]
    keys: HashSet<u128>,
}

impl Forecast {
    /// Counts a line. One that is asked for twice is called once.
    pub fn add(&mut self, foreseen: &DryRunReply) {
        self.lines += 1;
        let mut is_new = || self.keys.insert(xxh3_128(foreseen.cache_key.as_bytes()));
        let shares = foreseen.cache_status == crate::exchange::CacheStatus::Miss;
        if foreseen.cache_status.is_cached() || (shares && !is_new()) {
            self.hits += 1;
            return;
        }
        self.calls += 1;
        self.estimated_input_tokens += foreseen.estimated_input_tokens;
        self.estimated_output_tokens += foreseen.estimated_output_tokens;
        match foreseen.estimated_cost.and_then(Usd::from_dollars) {
            Some(cost) => self.cost += cost,
            None => self.unpriced += 1,
        }
    }

    /// Counts a line that would fail.
    pub fn failed(&mut self) {
        self.lines += 1;
        self.failed += 1;
    }

    /// Lines that would fail.
    pub fn failures(&self) -> u64 {
        self.failed
    }

    /// Adds up.
    pub fn whole(mut self) -> Forecast {
        (self.schema_version, self.dry_run) = (SCHEMA_VERSION, true);
        self.estimated_cost = (self.unpriced < self.calls || self.calls == 0).then(|| self.cost.dollars());
        self
    }

    /// For people.
    pub fn lines(&self) -> Vec<String> {
        let unpriced = match self.unpriced {
            0 => String::new(),
            some => format!(", {} unpriced", table::count(some, "call", "calls")),
        };
        let cost = self.estimated_cost.map_or("unknown".to_owned(), |cost| format!("about ${cost:.6}"));
        vec![
            format!("lines   {}", self.lines),
            format!("hits    {}", self.hits),
            format!("calls   {}", self.calls),
            format!("failed  {}", self.failed),
            format!(
                "tokens  about {} in, at most about {} out",
                self.estimated_input_tokens, self.estimated_output_tokens
            ),
            format!("cost    {cost}{unpriced}"),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_adds_up_and_what_has_no_price_is_not_free() {
        let mut tally = Tally::default();
        tally.answered(true, Some(0.1));
        tally.answered(false, Some(0.2));
        tally.answered(false, Some(0.1));
        tally.answered(false, None);
        tally.failed("budget_exceeded");
        tally.failed("provider_error");

        assert_eq!((tally.spent, tally.saved), (Usd(300_000_000), Usd(100_000_000)));
        assert_eq!((tally.lines, tally.hits, tally.calls, tally.failed, tally.over_budget), (6, 1, 3, 2, 1));
        let told = tally.told(Duration::from_millis(1260));
        assert_eq!(told, "llmc: 6 lines: 1 hit, 3 calls, 2 failed · spent $0.30, saved $0.10 (some unpriced) · 1.3 s");
    }
}
