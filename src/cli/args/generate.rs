//! The flags of `generate`, which `cache key` takes, too.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use super::{AskingArgs, duration, finite};
use crate::cli::appendix;

/// `generate`
#[derive(Args, Debug, Default)]
#[command(after_help = appendix::GENERATE)]
pub struct GenerateArgs {
    /// The prompt; words are joined by spaces, and `-` stands for standard input
    #[arg(value_name = "PROMPT")]
    pub prompt: Vec<String>,

    /// Add a file: text with its name before it, an image as an image
    #[arg(short, long, value_name = "PATH", help_heading = "Input", value_hint = ValueHint::FilePath)]
    pub file: Vec<PathBuf>,
    /// Attach an image
    #[arg(short = 'a', long = "attach", value_name = "PATH", help_heading = "Input", value_hint = ValueHint::FilePath)]
    pub attachment: Vec<PathBuf>,
    /// Do not read standard input; for `while read` loops
    #[arg(long, help_heading = "Input", env = "LLMC_NO_STDIN", hide_env_values = true, value_parser = clap::builder::FalseyValueParser::new())]
    pub no_stdin: bool,

    /// Whom to ask, how, and through which cache.
    #[command(flatten)]
    pub asking: AskingArgs,

    /// Go on with this session: send what was said in it, and add the question and its answer
    #[arg(long, value_name = "ID", help_heading = "Conversation", conflicts_with = "continue_last")]
    pub session: Option<String>,
    /// Go on with the session used last; begin one where there is none
    #[arg(short = 'c', long = "continue", help_heading = "Conversation")]
    pub continue_last: bool,

    /// Wait for llmc's own limit instead of failing; at most 10 minutes, or as long as is said
    #[arg(long, value_name = "DURATION", help_heading = "Control", value_parser = duration, num_args = 0..=1, require_equals = true, default_missing_value = "10m", env = "LLMC_WAIT", hide_env_values = true)]
    pub wait: Option<Duration>,
    /// Fail rather than make a call that is estimated to cost more
    #[arg(value_parser = finite, long, value_name = "USD", help_heading = "Control", env = "LLMC_MAX_COST", hide_env_values = true)]
    pub max_cost: Option<f64>,
    /// Show the key, whether it would be a hit, tokens and cost; call nothing
    #[arg(long, help_heading = "Control")]
    pub dry_run: bool,
    /// With `--dry-run`: ask the provider how many tokens the prompt is, where its API tells; costs nothing
    #[arg(long, help_heading = "Control", env = "LLMC_COUNT", hide_env_values = true, value_parser = clap::builder::FalseyValueParser::new())]
    pub count: bool,

    /// Print the answer as it comes, even into a pipe
    #[arg(long, help_heading = "Output", conflicts_with = "no_stream")]
    pub stream: bool,
    /// Print the answer when it is whole, even on a terminal
    #[arg(long, help_heading = "Output")]
    pub no_stream: bool,
    /// Print the first fenced code block only; the whole text where there is none
    #[arg(short = 'x', long, help_heading = "Output", conflicts_with = "raw")]
    pub extract: bool,
    /// Print the provider's own JSON
    #[arg(long, help_heading = "Output")]
    pub raw: bool,
    /// Write the answer to a file, whole or not at all
    #[arg(short = 'O', long, value_name = "FILE", help_heading = "Output", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Print one line on standard error: hit or miss, tokens, money, time
    #[arg(short, long, help_heading = "Output", env = "LLMC_USAGE", hide_env_values = true, value_parser = clap::builder::FalseyValueParser::new())]
    pub usage: bool,
}
