//! Gates: a pipeline that fails where the cache does not do what it is there for.

use crate::api::stats::Totals;
use crate::cli::args::StatsArgs;
use crate::cli::table;
use crate::error::{Error, Kind, Result};

/// Refuses gates that no figure could ever meet or miss.
pub fn check(args: &StatsArgs) -> Result<()> {
    let gates = [("--fail-under", args.fail_under, 100.0), ("--fail-over-cost", args.fail_over_cost, f64::MAX)];
    for (flag, gate, most) in gates {
        if gate.is_some_and(|gate| !(0.0..=most).contains(&gate)) {
            return Err(Error::new(Kind::Usage, format!("`{flag}` is out of range"))
                .hint("a percentage is 0 to 100, a sum 0 or more"));
        }
    }
    Ok(())
}

/// Fails where the hit rate is below a percentage, or there is none.
pub fn judge_rate(least: f64, totals: &Totals) -> Result<()> {
    match totals.hit_rate {
        Some(rate) if rate >= least => Ok(()),
        Some(rate) => Err(Error::new(Kind::Gate, format!("the hit rate is {rate:.1} %, below `--fail-under {least}`"))
            .hint("`llmc stats --by model` shows where the misses are")),
        None => Err(Error::new(Kind::Gate, "there is no hit rate: nothing was asked")),
    }
}

/// Fails where a gate is not met.
pub fn judge(args: &StatsArgs, totals: &Totals) -> Result<()> {
    if let Some(least) = args.fail_under {
        judge_rate(least, totals)?;
    }
    let is_gated = args.fail_over_cost.is_some() || args.fail_unpriced;
    if is_gated && args.run.is_some() && totals.is_empty() {
        return Err(
            Error::new(Kind::Gate, "nothing was asked in this run").hint("is it the name that the run was given?")
        );
    }
    if let Some(most) = args.fail_over_cost.filter(|most| totals.spent_usd > *most) {
        let spent = table::dollars(totals.spent_usd);
        return Err(Error::new(Kind::Gate, format!("{spent} were spent, above `--fail-over-cost {most}`")));
    }
    if args.fail_unpriced && totals.unpriced_calls + totals.unpriced_hits > 0 {
        let calls = table::count(totals.unpriced_calls, "call", "calls");
        let hits = table::count(totals.unpriced_hits, "hit", "hits");
        return Err(Error::new(Kind::Gate, format!("{calls} and {hits} are of models without a known price"))
            .hint("`llmc stats --by model` shows which; `[prices]` in the settings gives them one"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gates_hold_or_fail() {
        let totals = |rate, spent| Totals { hit_rate: rate, spent_usd: spent, ..Totals::default() };
        let under = StatsArgs { fail_under: Some(80.0), ..StatsArgs::default() };
        let over = StatsArgs { fail_over_cost: Some(1.0), ..StatsArgs::default() };

        let unpriced = StatsArgs { fail_unpriced: true, ..StatsArgs::default() };

        assert!(judge(&unpriced, &totals(None, 0.0)).is_ok());
        let one = Totals { unpriced_calls: 1, ..Totals::default() };
        assert_eq!(
            judge(&unpriced, &one).unwrap_err().message(),
            "1 call and 0 hits are of models without a known price"
        );
        assert!(judge(&under, &totals(Some(80.0), 0.0)).is_ok());
        assert_eq!(judge(&under, &totals(Some(79.9), 0.0)).unwrap_err().kind(), Kind::Gate);
        assert_eq!(judge(&under, &totals(None, 0.0)).unwrap_err().kind(), Kind::Gate);
        assert!(judge(&over, &totals(None, 1.0)).is_ok());
        assert_eq!(judge(&over, &totals(None, 1.01)).unwrap_err().kind(), Kind::Gate);
    }
}
