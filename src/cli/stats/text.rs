//! The statistics for people: what matters in the first lines, every figure below.

use super::forms;
use crate::api::stats::{Percentiles, StatsReply, Totals, Trend};
use crate::cli::args::StatsArgs;
use crate::cli::screen::{Paint, Screen};
use crate::cli::table::{self, Table};

/// Fewer answers than this say nothing about how well the cache works.
const FEW: u64 = 20;

/// What is printed, line by line.
pub fn lines(stats: &StatsReply, args: &StatsArgs, screen: &Screen) -> Vec<String> {
    let totals = &stats.totals;
    let mut lines = vec![headline(totals, args, screen)];
    lines.extend(advice(totals).map(|advice| format!("advice: {advice}")));
    lines.extend(compared(&stats.trend).map(|compared| screen.paint(Paint::Faint, compared)));
    lines.extend(troubles(stats).iter().map(|trouble| screen.paint(Paint::Bad, format_args!("trouble: {trouble}"))));
    lines.push(String::new());
    // The headings are empty: this table explains itself.
    lines.extend(figures(stats).lines().into_iter().skip(1));
    if args.by.is_some() {
        lines.push(String::new());
        lines.extend(groups(stats).lines());
    }
    lines.extend(stats.since.iter().map(|since| screen.paint(Paint::Faint, format_args!("since {since}"))));
    lines
}

fn headline(totals: &Totals, args: &StatsArgs, screen: &Screen) -> String {
    let Some(rate) = totals.hit_rate else {
        if args.run.is_some() || args.since.is_some() {
            return "nothing was asked that fits".to_owned();
        }
        return "nothing asked yet: try `llmc generate -m echo/echo hello`".to_owned();
    };
    let (paint, grade) = match totals.grade.as_deref() {
        Some("good") => (Paint::Good, "good"),
        Some("ok") => (Paint::Fair, "ok"),
        // The first calls of anything are misses.
        _ if totals.hits + totals.misses < FEW => (Paint::Fair, "too few to judge"),
        _ => (Paint::Bad, "review"),
    };
    let rate = screen.paint(Paint::Strong, format_args!("{rate:.1} % hits"));
    let saved = screen.paint(Paint::Strong, table::dollars(totals.saved_usd));
    let (time, spent) = (table::span(totals.saved_seconds as u64), table::dollars(totals.spent_usd));
    format!("{rate} ({}), {saved} and {time} saved, {spent} spent", screen.paint(paint, grade))
}

/// What to do about it, where there is something.
fn advice(totals: &Totals) -> Option<&'static str> {
    if totals.unpriced_calls + totals.unpriced_hits > 0 {
        return Some("give models a price under `[prices]`; `llmc stats --by model` shows which have none");
    }
    let is_enough = totals.hits + totals.misses >= FEW;
    match totals.grade.as_deref() {
        Some("review") if is_enough => {
            Some("raise `cache.ttl`, or see with `llmc cache diff` in which field prompts differ that should not")
        }
        Some("ok") if is_enough => Some("`llmc stats --by model` shows where the misses are"),
        _ => None,
    }
}

/// The last day beside the one before; nothing where there was none before.
fn compared(trend: &Trend) -> Option<String> {
    let (now, before) = (&trend.last_day, &trend.day_before);
    let rate = match (now.hit_rate, before.hit_rate) {
        (Some(now), Some(before)) => format!("{now:.1} % hits ({:+.1} points)", now - before),
        (None, Some(before)) => format!("nothing looked up ({before:.1} % hits before)"),
        _ => return None,
    };
    let money = |name: &str, now: f64, before: f64| {
        let change = if before > 0.0 { format!(" ({:+.0} %)", (now / before - 1.0) * 100.0) } else { String::new() };
        format!("{} {name}{change}", table::dollars(now))
    };
    let (saved, spent) =
        (money("saved", now.saved_usd, before.saved_usd), money("spent", now.spent_usd, before.spent_usd));
    Some(format!("last 24 h against the 24 h before: {rate}, {saved}, {spent}"))
}

fn figures(stats: &StatsReply) -> Table {
    let totals = &stats.totals;
    let mut figures = Table::new(&["", ""]);
    let mut figure = |name: &str, value: String| figures.row([name.to_owned(), value]);
    for (outcome, count) in forms::outcomes(totals) {
        if count > 0 || matches!(outcome, "hit" | "miss") {
            figure(in_words(outcome), count.to_string());
        }
    }
    figure("saved", saved(totals));
    figure("spent", spent(totals));
    figure("time saved", table::span(totals.saved_seconds as u64));
    figure("hit takes", percentiles(totals.latency_ms.hit));
    figure("miss takes", percentiles(totals.latency_ms.miss));
    figure("kept", format!("{}, {}", table::entries(stats.entries), table::bytes(stats.bytes)));
    figure("store", store(stats));
    figures
}

fn in_words(outcome: &'static str) -> &'static str {
    match outcome {
        "hit" => "hits",
        "miss" => "misses",
        "coalesced" => "shared a call",
        "stale" => "served stale",
        "refresh" => "refreshed",
        "bypass" => "cache left alone",
        "passed" => "passed through",
        "limited" => "refused by limits",
        other => other,
    }
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

fn groups(stats: &StatsReply) -> Table {
    let mut groups = Table::new(&["name", ">hits", ">misses", ">rate", ">saved", ">spent"]);
    for group in &stats.groups {
        let totals = &group.totals;
        groups.row([
            forms::named(&group.name),
            totals.hits.to_string(),
            totals.misses.to_string(),
            totals.hit_rate.map_or("–".to_owned(), |rate| format!("{rate:.1} %")),
            table::dollars(totals.saved_usd),
            table::dollars(totals.spent_usd),
        ]);
    }
    groups
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::api::stats::{DaySums, Latencies, Missed};
    use crate::api::status::StoreStatus;
    use crate::cli::args::Global;
    use crate::config::Environment;

    const NO_VARIABLES: [(&str, &str); 0] = [];

    fn screen() -> Screen {
        Screen::new(&Global::default(), &Environment::new(NO_VARIABLES, None))
    }

    /// A day in the life of a cache.
    pub(crate) fn stats() -> StatsReply {
        let measured = |p50, p99| Percentiles { p50: Some(p50), p99: Some(p99) };
        StatsReply {
            schema_version: 1,
            totals: Totals {
                hits: 150,
                misses: 50,
                hit_rate: Some(75.0),
                grade: Some("good".into()),
                saved_usd: 1.5,
                spent_usd: 0.5,
                saved_tokens: 3000,
                spent_tokens: 1000,
                saved_seconds: 4000.0,
                rate_limited: 2,
                latency_ms: Latencies { hit: measured(0.2, 1.0), miss: measured(800.0, 2500.0) },
                ..Totals::default()
            },
            entries: 50,
            bytes: 81_920,
            evictions: 0,
            store_failures: 0,
            damaged: 0,
            store: StoreStatus { backend: "embedded".into(), healthy: true, latency_ms: Some(0.16) },
            degraded: Vec::new(),
            since: Some("2026-11-22T20:00:00Z".into()),
            trend: Trend::default(),
            missed: Missed::default(),
            groups: Vec::new(),
        }
    }

    #[test]
    fn what_matters_stands_first() {
        let mut stats = stats();
        stats.trend.last_day = DaySums { hit_rate: Some(75.0), saved_usd: 1.5, spent_usd: 0.5 };
        stats.trend.day_before = DaySums { hit_rate: Some(71.9), saved_usd: 1.2, spent_usd: 0.0 };
        stats.degraded = vec!["the shared store is away".into()];

        insta::assert_snapshot!(lines(&stats, &StatsArgs::default(), &screen()).join("\n"), @r#"
        75.0 % hits (good), $1.50 and 1h 6m saved, $0.50 spent
        last 24 h against the 24 h before: 75.0 % hits (+3.1 points), $1.50 saved (+25 %), $0.50 spent
        trouble: the shared store is away

        hits               150
        misses             50
        refused by limits  2
        saved              $1.50 (3000 tokens)
        spent              $0.50 (1000 tokens)
        time saved         1h 6m
        hit takes          0.20 ms median, 1.00 ms at most for 99 %
        miss takes         800 ms median, 2.50 s at most for 99 %
        kept               50 entries, 80.0 KiB
        store              embedded, answers in 0.16 ms
        since 2026-11-22T20:00:00Z
        "#);
    }

    #[test]
    fn advice_is_given_where_it_helps() {
        let of = |grade: &str, hits, unpriced_calls| {
            advice(&Totals { grade: Some(grade.into()), hits, unpriced_calls, ..Totals::default() })
        };

        assert_eq!(of("good", 100, 0), None);
        assert_eq!(of("review", FEW - 1, 0), None);
        assert!(of("review", FEW, 0).is_some_and(|advice| advice.contains("cache.ttl")));
        assert!(of("good", 1, 1).is_some_and(|advice| advice.contains("[prices]")));
    }

    #[test]
    fn a_run_without_calls_is_not_a_house_without_calls() {
        let screen = screen();
        let of_a_run = StatsArgs { run: Some("build-7".into()), ..StatsArgs::default() };

        assert_eq!(headline(&Totals::default(), &of_a_run, &screen), "nothing was asked that fits");
        assert!(headline(&Totals::default(), &StatsArgs::default(), &screen).contains("nothing asked yet"));
    }
}
