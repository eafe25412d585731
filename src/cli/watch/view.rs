//! The dashboard's picture of what was seen, for a terminal of any size.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::symbols::{bar, border};
use ratatui::text::Line;
use ratatui::widgets::{Block, Paragraph, Sparkline};

use super::seen::Seen;
use crate::api::events::{RequestEvent, StatsEvent};
use crate::api::stats::Percentiles;
use crate::cli::screen::harmless;
use crate::cli::table;
use crate::clock::Timestamp;

const PLAIN_BORDER: border::Set<'_> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

const PLAIN_BARS: bar::Set<'_> = bar::Set {
    full: "#",
    seven_eighths: "#",
    three_quarters: "#",
    five_eighths: "=",
    half: "=",
    three_eighths: "-",
    one_quarter: "-",
    one_eighth: ".",
    empty: " ",
};

/// Draws everything anew.
pub fn draw(frame: &mut Frame<'_>, seen: &Seen, is_unicode: bool) {
    let nothing = StatsEvent::default();
    let stats = seen.stats.as_ref().unwrap_or(&nothing);
    let rows = [
        Constraint::Length(1),
        Constraint::Length(7),
        Constraint::Length(11),
        Constraint::Min(3),
        Constraint::Length(1),
    ];
    let [head, courses, figures, recent, foot] = Layout::vertical(rows).areas(frame.area());
    let strong = Style::new().add_modifier(Modifier::BOLD);
    frame.render_widget(Line::styled(headline(stats), strong), head);
    let halves = Layout::horizontal([Constraint::Fill(1); 2]);
    let [rates, savings] = halves.areas(courses);
    let course = |title: &'static str, area: Rect, values: Vec<Option<u64>>, most: Option<u64>| {
        let bars = if is_unicode { bar::NINE_LEVELS } else { PLAIN_BARS };
        // The newest are to the right; what does not fit is forgotten first.
        let fit = usize::from(area.width.saturating_sub(2));
        let values = values[values.len().saturating_sub(fit)..].to_vec();
        let line = Sparkline::default().block(framed(title, is_unicode)).bar_set(bars).data(values);
        if let Some(most) = most { line.max(most) } else { line }
    };
    frame.render_widget(course("hit rate", rates, seen.rates.iter().copied().collect(), Some(1000)), rates);
    let saved = seen.savings.iter().map(|saved| Some(*saved)).collect();
    frame.render_widget(course("saved each second", savings, saved, None), savings);

    let [outcomes, times, limits] = Layout::horizontal([Constraint::Fill(1); 3]).areas(figures);
    for (title, lines, area) in [
        ("requests", outcomes_of(stats), outcomes),
        ("latency", latencies_of(stats), times),
        ("limits and budgets", limits_of(stats), limits),
        ("recent requests", requests_of(seen, recent), recent),
    ] {
        let lines: Vec<Line<'_>> = lines.into_iter().map(Line::from).collect();
        frame.render_widget(Paragraph::new(lines).block(framed(title, is_unicode)), area);
    }
    frame.render_widget(Line::from(footline(seen)), foot);
}

fn framed(title: &'static str, is_unicode: bool) -> Block<'static> {
    Block::bordered().title(title).border_set(if is_unicode { border::PLAIN } else { PLAIN_BORDER })
}

fn headline(stats: &StatsEvent) -> String {
    let rate = stats.hit_rate.map_or("nothing asked yet".to_owned(), |rate| format!("{rate:.1} % hits"));
    let (saved, spent) = (table::dollars(stats.saved_usd), table::dollars(stats.spent_usd));
    let (time, up) = (table::span(stats.saved_seconds as u64), table::span(stats.uptime_seconds));
    format!("llmc: {rate}, {saved} and {time} saved, {spent} spent, in {up}")
}

fn footline(seen: &Seen) -> String {
    let lost = if seen.lost > 0 { format!(", {} events came too fast", seen.lost) } else { String::new() };
    let trouble = match (&seen.gone, &seen.stats) {
        (Some(why), _) => format!("  {}; asking again", harmless(why)),
        (None, Some(stats)) if !stats.degraded.is_empty() => format!("  {}", harmless(&stats.degraded.join("; "))),
        _ => String::new(),
    };
    format!("q quits{lost}{trouble}")
}

fn outcomes_of(stats: &StatsEvent) -> Vec<String> {
    let all = ["hit", "miss", "coalesced", "stale", "refresh", "bypass", "passed", "limited", "failed"];
    let counted = |name: &&str| format!("{name:<10} {:>8}", stats.outcomes.get(*name).copied().unwrap_or(0));
    all.iter().map(counted).collect()
}

fn latencies_of(stats: &StatsEvent) -> Vec<String> {
    let shown = |value: Option<f64>| value.map_or("-".to_owned(), table::millis);
    let line = |name: &str, of: Percentiles| format!("{name:<6} {:>9} {:>9}", shown(of.p50), shown(of.p99));
    vec![
        format!("{:<6} {:>9} {:>9}", "", "median", "99 %"),
        line("hit", stats.latency_ms.hit),
        line("miss", stats.latency_ms.miss),
        String::new(),
        format!("{} in the air", table::count(stats.in_flight, "call", "calls")),
    ]
}

fn limits_of(stats: &StatsEvent) -> Vec<String> {
    let Some(known) = &stats.limits else { return vec!["not known".to_owned()] };
    let limits =
        known.limits.iter().map(|limit| format!("{:<10} {} of {} left", limit.class, limit.remaining, limit.limit));
    let budgets = known.budgets.iter().map(|budget| {
        let whose = budget.namespace.as_deref().map_or("all".to_owned(), harmless);
        let (left, limit) = (table::dollars(budget.left_usd), table::dollars(budget.limit_usd));
        format!("{} {whose}: {left} of {limit} left", budget.period)
    });
    limits.chain(budgets).collect()
}

fn requests_of(seen: &Seen, area: Rect) -> Vec<String> {
    seen.requests.iter().take(usize::from(area.height.saturating_sub(2))).map(request).collect()
}

fn request(request: &RequestEvent) -> String {
    let took = request.latency_ms.map_or("-".to_owned(), table::millis);
    let money = match request.outcome.as_str() {
        "hit" | "stale" | "coalesced" => request.saved_usd.map(|saved| format!("saved {}", table::dollars(saved))),
        _ => request.cost_usd.map(|cost| format!("cost {}", table::dollars(cost))),
    };
    let what = request.prompt.as_deref().or(request.error.as_deref()).unwrap_or_default();
    let at = Timestamp(request.at).rfc3339();
    // In UTC, as the log has it.
    let time = at.get(11..19).unwrap_or_default();
    let model = harmless(&format!("{}/{}", request.provider, request.model));
    let (outcome, money) = (&request.outcome, money.unwrap_or_default());
    format!("{time} {outcome:<9} {took:>9} {money:<15} {model}  {}", harmless(what).replace('\n', " "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::watch::feed::News;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    fn drawn(width: u16, height: u16, is_unicode: bool) -> String {
        let mut seen = Seen::default();
        let outcomes = [("hit".to_owned(), 3), ("miss".to_owned(), 1)].into();
        let stats = StatsEvent { hit_rate: Some(75.0), outcomes, saved_usd: 1.5, ..StatsEvent::default() };
        seen.note(News::Stats(Box::new(stats)));
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| draw(frame, &seen, is_unicode)).unwrap();
        terminal.backend().to_string()
    }

    #[test]
    fn figures_are_drawn_and_plain_terminals_get_plain_letters() {
        let picture = drawn(100, 30, false);

        assert!(picture.contains("75.0 % hits, $1.50 and 0s saved"), "{picture}");
        assert!(picture.contains("hit               3"), "{picture}");
        assert!(picture.is_ascii(), "{picture}");
        assert!(drawn(100, 30, true).contains('┌'));
    }

    #[test]
    fn no_terminal_is_too_small() {
        for (width, height) in [(1, 1), (2, 40), (200, 2), (20, 8)] {
            drawn(width, height, true);
        }
    }
}
