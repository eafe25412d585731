//! What a batch came to: counts and money, for the bar, the summary and machines.

use std::time::Duration;

use serde::Serialize;

use crate::api::generate::DryRunReply;
use crate::api::{SCHEMA_VERSION, forecast};
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
    failed: u64,
    #[serde(flatten)]
    sums: forecast::Forecast,
}

impl Forecast {
    /// Counts a line.
    pub fn add(&mut self, foreseen: &DryRunReply) {
        self.lines += 1;
        self.sums.add(foreseen);
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
    pub fn whole(self) -> Forecast {
        Forecast { schema_version: SCHEMA_VERSION, dry_run: true, ..self }
    }

    /// For people.
    pub fn lines(&self) -> Vec<String> {
        let (tokens, cost) = table::forecast(&self.sums);
        vec![
            format!("lines   {}", self.lines),
            format!("hits    {}", self.sums.hits),
            format!("calls   {}", self.sums.calls),
            format!("failed  {}", self.failed),
            format!("tokens  {tokens}"),
            format!("cost    {cost}"),
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
