//! The statistics for programs: objects, rows, a table for a summary page, figures for a collector.

use std::fmt::Write;

use serde_json::Value;

use crate::api::stats::{StatsReply, Totals};
use crate::cli::args::{Grouping, StatsArgs};
use crate::cli::screen::harmless;
use crate::cli::table;
use crate::error::{Error, Kind, Result};

/// How often each outcome came about, by its name on the wire.
pub fn outcomes(totals: &Totals) -> [(&'static str, u64); 9] {
    [
        ("hit", totals.hits),
        ("miss", totals.misses),
        ("coalesced", totals.coalesced),
        ("stale", totals.stale),
        ("refresh", totals.refreshed),
        ("bypass", totals.bypassed),
        ("passed", totals.passed),
        ("limited", totals.rate_limited),
        ("failed", totals.errors),
    ]
}

/// A group's name as it is shown.
pub fn named(name: &str) -> String {
    if name.is_empty() { "(none)".to_owned() } else { harmless(name) }
}

fn cannot_write(error: impl std::fmt::Display) -> Error {
    Error::new(Kind::Other, "cannot write the statistics").because(error)
}

/// One object for all, without its groups, then one for each group.
pub fn objects(stats: &StatsReply) -> Result<Vec<Value>> {
    let mut all = serde_json::to_value(stats).map_err(cannot_write)?;
    if let Some(members) = all.as_object_mut() {
        members.remove("groups");
    }
    let groups = stats.groups.iter().map(|group| serde_json::to_value(group).map_err(cannot_write));
    std::iter::once(Ok(all)).chain(groups).collect()
}

/// One row for all, whose name is empty, then one for each group.
pub fn rows(stats: &StatsReply) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let counted = outcomes(&stats.totals).map(|(outcome, _)| outcome);
    let measured = [
        "hit_rate",
        "saved_usd",
        "spent_usd",
        "baseline_usd",
        "saved_tokens",
        "spent_tokens",
        "saved_seconds",
        "unpriced_hits",
        "unpriced_calls",
        "hit_p50_ms",
        "hit_p99_ms",
        "miss_p50_ms",
        "miss_p99_ms",
    ];
    let headings = ["group", "name"].into_iter().chain(counted).chain(measured);
    writer.write_record(headings).map_err(cannot_write)?;
    let all = ("all", "", &stats.totals);
    let groups = stats.groups.iter().map(|group| ("group", group.name.as_str(), &group.totals));
    for (kind, name, totals) in std::iter::once(all).chain(groups) {
        let known = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        let (hit, miss) = (totals.latency_ms.hit, totals.latency_ms.miss);
        let figures = [
            known(totals.hit_rate),
            totals.saved_usd.to_string(),
            totals.spent_usd.to_string(),
            totals.baseline_usd.to_string(),
            totals.saved_tokens.to_string(),
            totals.spent_tokens.to_string(),
            totals.saved_seconds.to_string(),
            totals.unpriced_hits.to_string(),
            totals.unpriced_calls.to_string(),
            known(hit.p50),
            known(hit.p99),
            known(miss.p50),
            known(miss.p99),
        ];
        let counts = outcomes(totals).map(|(_, count)| count.to_string());
        let row = [kind.to_owned(), name.to_owned()].into_iter().chain(counts).chain(figures);
        writer.write_record(row).map_err(cannot_write)?;
    }
    let bytes = writer.into_inner().map_err(cannot_write)?;
    String::from_utf8(bytes).map_err(cannot_write)
}

/// Markdown for a page that shows what a job did.
pub fn summary(stats: &StatsReply, args: &StatsArgs) -> String {
    let totals = &stats.totals;
    let rate = |totals: &Totals| totals.hit_rate.map_or("–".to_owned(), |rate| format!("{rate:.1} %"));
    let heading = match &totals.grade {
        Some(grade) => format!("{} hits ({grade}), {} saved", rate(totals), table::dollars(totals.saved_usd)),
        None => "nothing was looked up".to_owned(),
    };
    let mut page = format!("### llmc: {heading}\n\n| | hits | misses | hit rate | saved | spent | time saved |\n");
    page.push_str("|---|---:|---:|---:|---:|---:|---:|\n");
    let all = args.run.as_deref().map_or("all".to_owned(), |run| format!("run {}", in_cell(run)));
    let groups = stats.groups.iter().map(|group| (in_cell(&named(&group.name)), &group.totals));
    for (name, totals) in std::iter::once((all, totals)).chain(groups) {
        let (saved, spent) = (table::dollars(totals.saved_usd), table::dollars(totals.spent_usd));
        let (rate, time) = (rate(totals), table::span(totals.saved_seconds as u64));
        // Writing to a text does not fail.
        let _ =
            writeln!(page, "| {name} | {} | {} | {rate} | {saved} | {spent} | {time} |", totals.hits, totals.misses);
    }
    let besides = outcomes(totals).into_iter().skip(2).filter(|(_, count)| *count > 0);
    let besides: Vec<String> = besides.map(|(outcome, count)| format!("{count} {outcome}")).collect();
    if !besides.is_empty() {
        let _ = writeln!(page, "\nBesides: {}.", besides.join(", "));
    }
    if totals.unpriced_calls + totals.unpriced_hits > 0 {
        let (calls, hits) = (totals.unpriced_calls, totals.unpriced_hits);
        let _ = writeln!(page, "\nWithout a known price, and in no sum: {calls} calls, {hits} hits.");
    }
    for trouble in &stats.degraded {
        let _ = writeln!(page, "\n> {}", in_cell(trouble));
    }
    page
}

/// A text that cannot leave its cell, nor be taken for markup.
fn in_cell(text: &str) -> String {
    let mut cell = String::new();
    for letter in text.replace('\n', " ").chars() {
        if r"\`*_[]<>|&".contains(letter) {
            cell.push('\\');
        }
        cell.push(letter);
    }
    cell
}

/// Prometheus' text format. With groups the sums are told by group alone, so that they add up.
pub fn exposition(stats: &StatsReply, by: Option<Grouping>) -> String {
    let groups: Vec<(String, &Totals)> = match by {
        Some(by) => stats
            .groups
            .iter()
            .map(|group| (format!("{}=\"{}\"", by.name(), escaped(&group.name)), &group.totals))
            .collect(),
        None => vec![(String::new(), &stats.totals)],
    };
    let mut text = String::new();
    head(&mut text, "llmc_requests_total", "counter", "Requests answered, by how the answer came about.");
    for (label, totals) in &groups {
        let comma = if label.is_empty() { "" } else { "," };
        for (outcome, count) in outcomes(totals) {
            let _ = writeln!(text, "llmc_requests_total{{outcome=\"{outcome}\"{comma}{label}}} {count}");
        }
    }
    for (name, about, value) in SUMS {
        head(&mut text, name, "counter", about);
        groups.iter().for_each(|(label, totals)| sample(&mut text, name, label, value(totals)));
    }
    let gauges = [
        ("llmc_entries", "Entries kept.", stats.entries as f64),
        ("llmc_store_bytes", "Bytes they hold.", stats.bytes as f64),
        ("llmc_store_up", "Whether the store answers.", f64::from(u8::from(stats.store.healthy))),
        ("llmc_degraded", "Things that are not as configured.", stats.degraded.len() as f64),
    ];
    for (name, about, value) in gauges {
        head(&mut text, name, "gauge", about);
        sample(&mut text, name, "", value);
    }
    text
}

type Sum = (&'static str, &'static str, fn(&Totals) -> f64);

const SUMS: [Sum; 7] = [
    ("llmc_saved_usd_total", "What cached answers did not cost.", |totals| totals.saved_usd),
    ("llmc_spent_usd_total", "What calls cost.", |totals| totals.spent_usd),
    ("llmc_saved_tokens_total", "Tokens of cached answers.", |totals| totals.saved_tokens as f64),
    ("llmc_spent_tokens_total", "Tokens of calls.", |totals| totals.spent_tokens as f64),
    ("llmc_saved_seconds_total", "Seconds askers did not wait.", |totals| totals.saved_seconds),
    ("llmc_unpriced_hits_total", "Cached answers of models without a price.", |totals| totals.unpriced_hits as f64),
    ("llmc_unpriced_calls_total", "Calls to models without a price.", |totals| totals.unpriced_calls as f64),
];

fn head(text: &mut String, name: &str, kind: &str, about: &str) {
    let _ = writeln!(text, "# HELP {name} {about}\n# TYPE {name} {kind}");
}

fn sample(text: &mut String, name: &str, label: &str, value: f64) {
    let labels = if label.is_empty() { String::new() } else { format!("{{{label}}}") };
    let _ = writeln!(text, "{name}{labels} {value}");
}

fn escaped(value: &str) -> String {
    value.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::stats::Group;
    use crate::cli::stats::text::tests::stats;

    fn grouped() -> StatsReply {
        let totals = Totals { hits: 3, misses: 1, hit_rate: Some(75.0), saved_usd: 0.25, ..Totals::default() };
        StatsReply { groups: vec![Group { name: "a|b/\"c\"".into(), totals }], ..stats() }
    }

    #[test]
    fn a_line_for_all_and_one_for_each_group() {
        let objects = objects(&grouped()).unwrap();

        assert_eq!(objects.len(), 2);
        assert_eq!((&objects[0]["hits"], objects[0].get("groups")), (&Value::from(150), None));
        assert_eq!((&objects[1]["name"], &objects[1]["hits"]), (&Value::from("a|b/\"c\""), &Value::from(3)));
    }

    #[test]
    fn rows_have_as_many_cells_as_the_heading() {
        let text = rows(&grouped()).unwrap();

        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let headings = reader.headers().unwrap().clone();
        let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
        let at =
            |row: usize, name: &str| rows[row][headings.iter().position(|heading| heading == name).unwrap()].to_owned();
        assert_eq!((at(0, "hit"), at(0, "hit_p50_ms"), at(0, "saved_usd")), ("150".into(), "0.2".into(), "1.5".into()));
        assert_eq!((at(1, "name"), at(1, "miss"), at(1, "hit_p50_ms")), ("a|b/\"c\"".into(), "1".into(), "".into()));
    }

    #[test]
    fn a_summary_is_a_table_that_a_name_cannot_break() {
        insta::assert_snapshot!(summary(&grouped(), &StatsArgs::default()), @r#"
        ### llmc: 75.0 % hits (good), $1.50 saved

        | | hits | misses | hit rate | saved | spent | time saved |
        |---|---:|---:|---:|---:|---:|---:|
        | all | 150 | 50 | 75.0 % | $1.50 | $0.50 | 1h 6m |
        | a\|b/"c" | 3 | 1 | 75.0 % | $0.25 | $0.00 | 0s |

        Besides: 2 limited.
        "#);
    }

    #[test]
    fn a_collector_is_told_sums_that_add_up() {
        let all = exposition(&stats(), None);
        assert!(all.contains("\nllmc_requests_total{outcome=\"hit\"} 150\n"), "{all}");
        assert!(all.contains("# TYPE llmc_saved_usd_total counter\nllmc_saved_usd_total 1.5\n"), "{all}");

        let by_model = exposition(&grouped(), Some(Grouping::Model));
        assert!(by_model.contains("llmc_requests_total{outcome=\"miss\",model=\"a|b/\\\"c\\\"\"} 1\n"), "{by_model}");
        assert!(!by_model.contains("{outcome=\"hit\"} "), "{by_model}");
    }
}
