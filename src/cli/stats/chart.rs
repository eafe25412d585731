//! Hit rate and savings over days, drawn in letters.

use std::time::{Duration, SystemTime};

use crate::api::stats::{Group, Totals};
use crate::cli::table;

const DAY: Duration = Duration::from_secs(86_400);

/// What a line holds beside its two bars: the day, the rate, the sum and the gaps between.
const BESIDE_BARS: usize = 10 + 2 + 9 + 2 + 12;

/// An eighth of a block and more, to a whole one.
const BLOCKS: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

/// A line for each day, those without a request among them.
pub fn lines(days: &[Group], columns: usize, is_unicode: bool) -> Vec<String> {
    let Some((first, last)) = days.first().zip(days.last()) else {
        return vec!["nothing was asked that fits".to_owned()];
    };
    let width = (columns.saturating_sub(BESIDE_BARS) / 2).clamp(5, 40);
    let most = days.iter().map(|day| day.totals.saved_usd).fold(0.0, f64::max);
    let mut lines = vec![format!("{:<10}  {:<bars$}  saved", "day", "hit rate", bars = width + 9)];
    for name in between(&first.name, &last.name) {
        let nothing = Totals::default();
        let totals = days.iter().find(|day| day.name == name).map_or(&nothing, |day| &day.totals);
        let rate = totals.hit_rate.map_or(String::new(), |rate| format!("{rate:.1} %"));
        let by_rate = bar(totals.hit_rate.unwrap_or(0.0) / 100.0, width, is_unicode);
        let share = if most > 0.0 { totals.saved_usd / most } else { 0.0 };
        let by_saving = bar(share, width, is_unicode);
        let saved = table::dollars(totals.saved_usd);
        lines.push(format!("{name:<10}  {by_rate:<width$} {rate:>8}  {by_saving:<width$} {saved}"));
    }
    lines
}

/// A bar for a share of 0 to 1 of so many columns. What is more than nothing is seen.
pub fn bar(share: f64, width: usize, is_unicode: bool) -> String {
    let share = share.clamp(0.0, 1.0);
    if !is_unicode {
        let full = (share * width as f64).round() as usize;
        return "#".repeat(if share > 0.0 { full.max(1) } else { 0 });
    }
    let eighths = (share * width as f64 * 8.0).round() as usize;
    let eighths = if share > 0.0 { eighths.max(1) } else { 0 };
    let mut bar = "█".repeat(eighths / 8);
    if !eighths.is_multiple_of(8) {
        bar.push(BLOCKS[eighths % 8 - 1]);
    }
    bar
}

/// Every day from one to another; the two alone where they are no days.
fn between(first: &str, last: &str) -> Vec<String> {
    let read = |day: &str| humantime::parse_rfc3339(&format!("{day}T00:00:00Z")).ok();
    let (Some(from), Some(to)) = (read(first), read(last)) else { return vec![first.to_owned(), last.to_owned()] };
    let days = std::iter::successors(Some(from), |day: &SystemTime| day.checked_add(DAY));
    days.take_while(|day| *day <= to)
        .map(|day| humantime::format_rfc3339_seconds(day).to_string()[..10].to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(name: &str, rate: f64, saved_usd: f64) -> Group {
        Group { name: name.into(), totals: Totals { hit_rate: Some(rate), saved_usd, ..Totals::default() } }
    }

    fn drawn(is_unicode: bool) -> String {
        lines(&[day("2026-02-27", 100.0, 2.0), day("2026-03-01", 50.0, 0.001)], 80, is_unicode).join("\n")
    }

    #[test]
    fn bars_have_their_length() {
        let of = |share| bar(share, 4, true);
        assert_eq!([0.0, 0.001, 0.5, 0.53, 1.0, 7.0].map(of), ["", "▏", "██", "██▏", "████", "████"]);
        assert_eq!([0.0, 0.001, 0.5, 1.0].map(|share| bar(share, 4, false)), ["", "#", "##", "####"]);
    }

    #[test]
    fn days_without_a_request_are_drawn_too() {
        insta::assert_snapshot!(drawn(true), @r#"
        day         hit rate                         saved
        2026-02-27  ██████████████████████  100.0 %  ██████████████████████ $2.00
        2026-02-28                                                          $0.00
        2026-03-01  ███████████              50.0 %  ▏                      $0.001000
        "#);
    }

    #[test]
    fn a_plain_locale_gets_plain_letters() {
        assert!(drawn(false).is_ascii(), "{}", drawn(false));
    }
}
