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
    /// Forget every counter
    #[arg(long, conflicts_with_all = ["since", "by", "run", "local", "fail_under", "fail_over_cost"])]
    pub reset: bool,
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
