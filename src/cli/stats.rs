//! `llmc stats`: hits, misses and money, for people, machines and gates.

use super::args::{Grouping, StatsArgs};
use super::context::{Answerer, Context};
use super::screen::{Paint, Screen};
use super::table::{self, Table};
use crate::api::stats::{Percentiles, StatsReply, Totals};
use crate::client::Asked;
use crate::error::{Error, Kind, Result};

/// Fewer answers than this say nothing about how well the cache works.
const FEW: u64 = 20;

/// Shows the statistics, then judges them where a gate is set.
pub fn run(args: &StatsArgs, context: &Context<'_>) -> Result<()> {
    check_gates(args)?;
    let screen = &context.screen;
    if args.reset {
        let asked = Asked { method: "DELETE", path: "/llm/cache/stats".into(), ..Asked::default() };
        context.ask(Answerer::WhoeverIsThere, asked)?;
        screen.note("every counter is at zero");
        return Ok(());
    }
    let asked = Asked { method: "GET", path: path(args), ..Asked::default() };
    let stats: StatsReply = context.ask_json(Answerer::WhoeverIsThere, asked)?;
    if screen.json {
        screen.object(&stats)?
    } else {
        print(&stats, args, screen)?
    }
    judge(args, &stats.totals)
}

fn check_gates(args: &StatsArgs) -> Result<()> {
    let gates = [("--fail-under", args.fail_under, 100.0), ("--fail-over-cost", args.fail_over_cost, f64::MAX)];
    for (flag, gate, most) in gates {
        if gate.is_some_and(|gate| !(0.0..=most).contains(&gate)) {
            return Err(Error::new(Kind::Usage, format!("`{flag}` is out of range"))
                .hint("a percentage is 0 to 100, a sum 0 or more"));
        }
    }
    Ok(())
}

fn path(args: &StatsArgs) -> String {
    let by = args.by.map(|by| match by {
        Grouping::Model => "model",
        Grouping::Provider => "provider",
        Grouping::Namespace => "namespace",
        Grouping::Day => "day",
        Grouping::Run => "run",
    });
    let since = args.since.map(|since| humantime::format_duration(since).to_string());
    let local = args.local.then(|| "true".to_owned());
    query(
        "/llm/cache/stats",
        &[("since", since), ("run", args.run.clone()), ("by", by.map(str::to_owned)), ("local", local)],
    )
}

/// A path with the parameters that are there, percent-encoded.
pub fn query(path: &str, parameters: &[(&str, Option<String>)]) -> String {
    let mut whole = path.to_owned();
    for (name, value) in parameters {
        let Some(value) = value else { continue };
        whole.push(if whole.contains('?') { '&' } else { '?' });
        whole.push_str(name);
        whole.push('=');
        whole.push_str(&encoded(value));
    }
    whole
}

/// A text as it stands in a path or a query.
pub fn encoded(text: &str) -> String {
    let mut whole = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            whole.push(char::from(byte));
        } else {
            whole.push_str(&format!("%{byte:02X}"));
        }
    }
    whole
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

fn judge(args: &StatsArgs, totals: &Totals) -> Result<()> {
    if let Some(least) = args.fail_under {
        judge_rate(least, totals)?;
    }
    if let Some(most) = args.fail_over_cost.filter(|most| totals.spent_usd > *most) {
        let spent = table::dollars(totals.spent_usd);
        return Err(Error::new(Kind::Gate, format!("{spent} were spent, above `--fail-over-cost {most}`")));
    }
    Ok(())
}

fn print(stats: &StatsReply, args: &StatsArgs, screen: &Screen) -> Result<()> {
    let totals = &stats.totals;
    screen.line(headline(totals, args, screen))?;
    screen.line("")?;
    let mut figures = Table::new(&["", ""]);
    let mut figure = |name: &str, value: String| figures.row([name.to_owned(), value]);
    figure("hits", totals.hits.to_string());
    figure("misses", totals.misses.to_string());
    let others = [
        ("shared a call", totals.coalesced),
        ("served stale", totals.stale),
        ("refreshed", totals.refreshed),
        ("cache left alone", totals.bypassed),
        ("passed through", totals.passed),
        ("refused by limits", totals.rate_limited),
        ("failed", totals.errors),
    ];
    for (name, count) in others.into_iter().filter(|(_, count)| *count > 0) {
        figure(name, count.to_string());
    }
    figure("saved", saved(totals));
    figure("spent", spent(totals));
    figure("time saved", table::span(totals.saved_seconds as u64));
    figure("hit takes", percentiles(totals.latency_ms.hit));
    figure("miss takes", percentiles(totals.latency_ms.miss));
    figure("kept", format!("{}, {}", table::entries(stats.entries), table::bytes(stats.bytes)));
    figure("store", store(stats));
    // The headings are empty: this table explains itself.
    for line in figures.lines().iter().skip(1) {
        screen.line(line)?;
    }
    for trouble in troubles(stats) {
        screen.line(screen.paint(Paint::Bad, trouble))?;
    }
    if args.by.is_some() {
        screen.line("")?;
        print_groups(stats, screen)?;
    }
    if let Some(since) = &stats.since {
        screen.line(screen.paint(Paint::Faint, format_args!("since {since}")))?;
    }
    Ok(())
}

fn headline(totals: &Totals, args: &StatsArgs, screen: &Screen) -> String {
    let Some(rate) = totals.hit_rate else {
        if args.run.is_some() || args.since.is_some() {
            return "nothing was asked that fits".to_owned();
        }
        return "nothing asked yet: try `llmc generate -m echo/echo hello`".to_owned();
    };
    let (paint, advice) = match totals.grade.as_deref() {
        Some("good") => (Paint::Good, "good"),
        Some("ok") => (Paint::Fair, "ok"),
        // The first calls of anything are misses.
        _ if totals.hits + totals.misses < FEW => (Paint::Fair, "too few to judge"),
        _ => (Paint::Bad, "review: raise the TTL, or see with `llmc cache key --json` why prompts differ"),
    };
    let rate = screen.paint(Paint::Strong, format_args!("{rate:.1} % hits"));
    format!("{rate} ({}), {} saved", screen.paint(paint, advice), table::dollars(totals.saved_usd))
}

fn saved(totals: &Totals) -> String {
    let unpriced = if totals.unpriced_hits > 0 {
        format!(", {} unpriced hits not in it", totals.unpriced_hits)
    } else {
        String::new()
    };
    format!("{} ({} tokens{unpriced})", table::dollars(totals.saved_usd), totals.saved_tokens)
}

fn spent(totals: &Totals) -> String {
    let unpriced = if totals.unpriced_calls > 0 {
        format!(", {} unpriced calls not in it", totals.unpriced_calls)
    } else {
        String::new()
    };
    format!("{} ({} tokens{unpriced})", table::dollars(totals.spent_usd), totals.spent_tokens)
}

fn percentiles(measured: Percentiles) -> String {
    match (measured.p50, measured.p99) {
        (Some(half), Some(most)) => format!("{} median, {} at most for 99 %", table::millis(half), table::millis(most)),
        _ => "–".to_owned(),
    }
}

fn store(stats: &StatsReply) -> String {
    match stats.store.latency_ms {
        Some(latency) if stats.store.healthy => {
            format!("{}, answers in {}", stats.store.backend, table::millis(latency))
        }
        _ => format!("{}, does not answer", stats.store.backend),
    }
}

fn troubles(stats: &StatsReply) -> Vec<String> {
    let mut troubles = stats.degraded.clone();
    if stats.store_failures > 0 {
        troubles.push(format!("the store failed {} times; each counted as a miss", stats.store_failures));
    }
    if stats.damaged > 0 {
        troubles.push(format!("{} damaged entries were found; each counted as a miss", stats.damaged));
    }
    troubles
}

fn print_groups(stats: &StatsReply, screen: &Screen) -> Result<()> {
    let mut groups = Table::new(&["name", ">hits", ">misses", ">rate", ">saved", ">spent"]);
    for group in &stats.groups {
        let totals = &group.totals;
        groups.row([
            if group.name.is_empty() { "(none)".to_owned() } else { super::screen::harmless(&group.name) },
            totals.hits.to_string(),
            totals.misses.to_string(),
            totals.hit_rate.map_or("–".to_owned(), |rate| format!("{rate:.1} %")),
            table::dollars(totals.saved_usd),
            table::dollars(totals.spent_usd),
        ]);
    }
    groups.lines().iter().try_for_each(|line| screen.line(line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::Global;
    use crate::config::Environment;

    const NO_VARIABLES: [(&str, &str); 0] = [];

    #[test]
    fn gates_hold_or_fail() {
        let totals = |rate, spent| Totals { hit_rate: rate, spent_usd: spent, ..Totals::default() };
        let under = StatsArgs { fail_under: Some(80.0), ..StatsArgs::default() };
        let over = StatsArgs { fail_over_cost: Some(1.0), ..StatsArgs::default() };

        assert!(judge(&under, &totals(Some(80.0), 0.0)).is_ok());
        assert_eq!(judge(&under, &totals(Some(79.9), 0.0)).unwrap_err().kind(), Kind::Gate);
        assert_eq!(judge(&under, &totals(None, 0.0)).unwrap_err().kind(), Kind::Gate);
        assert!(judge(&over, &totals(None, 1.0)).is_ok());
        assert_eq!(judge(&over, &totals(None, 1.01)).unwrap_err().kind(), Kind::Gate);
    }

    #[test]
    fn a_run_without_calls_is_not_a_house_without_calls() {
        let screen = Screen::new(&Global::default(), &Environment::new(NO_VARIABLES, None));
        let of_a_run = StatsArgs { run: Some("build-7".into()), ..StatsArgs::default() };

        assert_eq!(headline(&Totals::default(), &of_a_run, &screen), "nothing was asked that fits");
        assert!(headline(&Totals::default(), &StatsArgs::default(), &screen).contains("nothing asked yet"));
    }

    #[test]
    fn parameters_are_percent_encoded() {
        assert_eq!(
            query("/p", &[("a", Some("x y&/ü".into())), ("b", None), ("c", Some("1".into()))]),
            "/p?a=x%20y%26%2F%C3%BC&c=1"
        );
    }
}
