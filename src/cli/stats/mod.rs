//! `llmc stats`: hits, misses and money, for people, machines and gates.

mod chart;
mod forms;
mod gates;
mod text;

pub use self::gates::judge_rate;

use super::args::{Format, Grouping, StatsArgs};
use super::context::{Answerer, Context};
use crate::api::stats::StatsReply;
use crate::client::Asked;
use crate::error::Result;

/// How far back a chart goes where nobody says.
const CHART_DAYS: u64 = 30;

/// Shows the statistics, then judges them where a gate is set.
pub fn run(args: &StatsArgs, context: &Context<'_>) -> Result<()> {
    gates::check(args)?;
    let screen = &context.screen;
    if args.reset {
        let asked = Asked { method: "DELETE", path: "/llm/cache/stats".into(), ..Asked::default() };
        context.ask(Answerer::WhoeverIsThere, asked)?;
        screen.note("every counter is at zero");
        return Ok(());
    }
    let asked = Asked { method: "GET", path: path(args), ..Asked::default() };
    let stats: StatsReply = context.ask_json(Answerer::WhoeverIsThere, asked)?;
    let format = args.format.unwrap_or(if screen.json { Format::Json } else { Format::Text });
    match format {
        Format::Text if args.chart => {
            let lines = chart::lines(&stats.groups, screen.columns(), screen.is_unicode);
            lines.iter().try_for_each(|line| screen.line(line))?;
        }
        Format::Text => text::lines(&stats, args, screen).iter().try_for_each(|line| screen.line(line))?,
        Format::Json => screen.object(&stats)?,
        Format::Ndjson => forms::objects(&stats)?.iter().try_for_each(|object| screen.object(object))?,
        Format::Prometheus => screen.answer(&forms::exposition(&stats, args.by))?,
        Format::Github => screen.answer(&forms::summary(&stats, args))?,
        Format::Csv => screen.answer(&forms::rows(&stats)?)?,
    }
    gates::judge(args, &stats.totals)
}

fn path(args: &StatsArgs) -> String {
    let by = if args.chart { Some(Grouping::Day) } else { args.by }.map(Grouping::name);
    let since = args.since.map(|since| humantime::format_duration(since).to_string());
    let since = since.or_else(|| args.chart.then(|| format!("{CHART_DAYS}d")));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_percent_encoded() {
        assert_eq!(
            query("/p", &[("a", Some("x y&/ü".into())), ("b", None), ("c", Some("1".into()))]),
            "/p?a=x%20y%26%2F%C3%BC&c=1"
        );
    }
}
