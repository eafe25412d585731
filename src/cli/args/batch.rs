//! The flags of `batch`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{AskingArgs, finite};
use crate::cli::appendix;

/// `batch`
#[derive(Args, Clone, Debug)]
#[command(after_help = appendix::BATCH)]
pub struct BatchArgs {
    /// The lines: a file, or `-` for standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,

    /// Lines are plain text, a prompt each
    #[arg(long, help_heading = "Input", conflicts_with = "csv")]
    pub lines: bool,
    /// Lines are rows of CSV; the first one names the fields
    #[arg(long, help_heading = "Input")]
    pub csv: bool,
    /// Make each prompt from this template (minijinja); the fields of the line are its variables
    #[arg(long, value_name = "FILE", help_heading = "Input", value_hint = ValueHint::FilePath)]
    pub template: Option<PathBuf>,

    /// What every line is asked with that does not say otherwise.
    #[command(flatten)]
    pub asking: AskingArgs,

    /// Calls at once; without it, as many as the provider takes
    #[arg(short, long, value_name = "N", help_heading = "Control", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub jobs: Option<u32>,
    /// Begin no call that, as estimated, would bring the cost of all above this; hits go on
    #[arg(value_parser = finite, long, value_name = "USD", help_heading = "Control")]
    pub max_cost: Option<f64>,
    /// Stop after so many failed lines
    #[arg(long, value_name = "N", help_heading = "Control", value_parser = clap::value_parser!(u64).range(1..))]
    pub max_errors: Option<u64>,
    /// Show how many would be hits, tokens and cost; call nothing
    #[arg(long, help_heading = "Control", conflicts_with_all = ["resume", "output"])]
    pub dry_run: bool,

    /// Write the rows to a file: whole when all lines are done, until then beside it as FILE.part
    #[arg(short = 'O', long, value_name = "FILE", help_heading = "Output", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Keep the good rows that the output has, and do only lines that are missing, failed or changed
    #[arg(long, help_heading = "Output", requires = "output")]
    pub resume: bool,
}
