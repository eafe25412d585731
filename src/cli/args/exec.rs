//! The flags of `exec`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use super::{ModeArg, duration, finite};
use crate::cli::appendix;

/// `exec`
#[derive(Args, Clone, Debug)]
#[command(after_help = appendix::EXEC)]
pub struct ExecArgs {
    /// How the cache may be used [env: LLMC_MODE]
    #[arg(long, value_name = "MODE", conflicts_with_all = ["offline", "refresh", "no_cache"])]
    pub mode: Option<ModeArg>,
    /// Answer from the cache or fail; nothing leaves this machine
    #[arg(long, conflicts_with_all = ["refresh", "no_cache"])]
    pub offline: bool,
    /// Call, and keep the new answers in place of the old
    #[arg(long, conflicts_with = "no_cache")]
    pub refresh: bool,
    /// Call, and leave the cache alone
    #[arg(long)]
    pub no_cache: bool,
    /// Record answers in this file and replay them from it; made to be committed
    #[arg(long, value_name = "FILE", env = "LLMC_CASSETTE", hide_env_values = true, value_hint = ValueHint::FilePath)]
    pub cassette: Option<PathBuf>,
    /// Keep answers apart from those of other namespaces
    #[arg(long, value_name = "NAME", env = "LLMC_NAMESPACE", hide_env_values = true)]
    pub namespace: Option<String>,
    /// Spend no more than this in all; a call that may go beyond what is left is refused
    #[arg(value_parser = finite, long, value_name = "USD", env = "LLMC_MAX_COST", hide_env_values = true)]
    pub max_cost: Option<f64>,
    /// How long a call waits for a place within llmc's own limits
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "10m")]
    pub wait: Duration,
    /// Count it under this run; a new one where none is named
    #[arg(long, value_name = "ID")]
    pub run: Option<String>,
    /// Exit with 10 where the command went well and its hit rate is below this percentage, or there is none
    #[arg(value_parser = finite, long, value_name = "PERCENT")]
    pub fail_under: Option<f64>,
    /// The command and its arguments
    #[arg(value_name = "CMD", required = true, trailing_var_arg = true, allow_hyphen_values = true, value_hint = ValueHint::CommandWithArguments)]
    pub command: Vec<OsString>,
}
