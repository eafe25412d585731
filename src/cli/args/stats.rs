//! What can be typed after `llmc stats`.

use std::time::Duration;

use clap::{Args, ValueEnum};

use super::{appendix, duration};

/// `stats`
#[derive(Args, Clone, Debug, Default)]
#[command(after_help = appendix::STATS)]
pub struct StatsArgs {
    /// Only what happened this long ago or later, to the hour
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub since: Option<Duration>,
    /// Also show each of these by itself
    #[arg(long, value_name = "GROUP")]
    pub by: Option<Grouping>,
    /// Only this run
    #[arg(long, value_name = "ID")]
    pub run: Option<String>,
    /// Only this machine's daemon, where others share the store
    #[arg(long)]
    pub local: bool,
    /// Exit with 10 where the hit rate is below this percentage, or there is none
    #[arg(long, value_name = "PERCENT")]
    pub fail_under: Option<f64>,
    /// Exit with 10 where more dollars were spent
    #[arg(long, value_name = "USD")]
    pub fail_over_cost: Option<f64>,
    /// Exit with 10 where an answer is of a model without a known price
    #[arg(long)]
    pub fail_unpriced: bool,
    /// How to print; `--json` is the same as `--format json`
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Draw hit rate and savings day by day; the last 30 days, unless `--since` says otherwise
    #[arg(long, conflicts_with_all = ["by", "format"])]
    pub chart: bool,
    /// Watch what the daemon does, live, on a terminal
    #[arg(long, conflicts_with_all = ["since", "by", "run", "local", "fail_under", "fail_over_cost", "fail_unpriced", "format", "chart", "reset"])]
    pub watch: bool,
    /// Forget every counter
    #[arg(long, conflicts_with_all = ["since", "by", "run", "local", "fail_under", "fail_over_cost", "fail_unpriced", "format", "chart"])]
    pub reset: bool,
}

/// How statistics are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// One object
    Json,
    /// An object a line: all, then each group
    Ndjson,
    /// Prometheus' text format, for a textfile collector
    Prometheus,
    /// A table for `$GITHUB_STEP_SUMMARY`
    Github,
    /// A row for all, then one for each group
    Csv,
}

/// What statistics can be grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum Grouping {
    Model,
    Provider,
    Namespace,
    Day,
    Run,
}

impl Grouping {
    /// As it is asked for.
    pub fn name(self) -> &'static str {
        match self {
            Grouping::Model => "model",
            Grouping::Provider => "provider",
            Grouping::Namespace => "namespace",
            Grouping::Day => "day",
            Grouping::Run => "run",
        }
    }
}
