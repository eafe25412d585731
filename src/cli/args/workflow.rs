//! What can be typed after `llmc workflow`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::{AskingArgs, finite};
use crate::cli::appendix;

/// `workflow …`
#[derive(Debug, Subcommand)]
pub enum WorkflowCommand {
    /// Run a workflow and print its output
    ///
    /// Steps that need nothing of each other are asked side by side. All that can be wrong with the file or the inputs is
    /// found before the first call. What was answered is kept: a run that failed or was interrupted goes on from there.
    #[command(after_help = appendix::WORKFLOW_RUN)]
    Run(Box<WorkflowRunArgs>),
    /// Check a workflow; ask nobody
    #[command(after_help = appendix::WORKFLOW_CHECK)]
    Check {
        /// The file; standard input where it is `-`
        #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
        file: PathBuf,
    },
    /// Print which step waits for which, as a Mermaid flowchart
    #[command(after_help = appendix::WORKFLOW_GRAPH)]
    Graph {
        /// The file; standard input where it is `-`
        #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
        file: PathBuf,
    },
    /// Have a model write a workflow, and print it
    ///
    /// What the model writes is checked; it may mend what is wrong at most twice.
    #[command(after_help = appendix::WORKFLOW_GENERATE)]
    Generate(Box<WorkflowGenerateArgs>),
}

/// `workflow run`
#[derive(Args, Debug)]
pub struct WorkflowRunArgs {
    /// The file; standard input where it is `-`
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// An input, as in `--input topic=rivers`; may be given again
    #[arg(short, long, value_name = "NAME=VALUE", help_heading = "Input")]
    pub input: Vec<String>,
    /// Read inputs from a JSON object in this file; those given by `--input` go first
    #[arg(long, value_name = "FILE", help_heading = "Input", value_hint = ValueHint::FilePath)]
    pub inputs: Option<PathBuf>,
    /// Whom to ask, where a step does not say.
    #[command(flatten)]
    pub asking: AskingArgs,
    /// Make at most this many calls side by side
    #[arg(short, long, value_name = "COUNT", help_heading = "Control")]
    pub jobs: Option<usize>,
    /// Fail rather than spend more on all calls together
    #[arg(value_parser = finite, long, value_name = "USD", help_heading = "Control", env = "LLMC_MAX_COST", hide_env_values = true)]
    pub max_cost: Option<f64>,
    /// Show what each step would come to, as far as its answers are kept, and the tokens and cost of that; call nothing
    #[arg(long, help_heading = "Control")]
    pub dry_run: bool,
    /// Write the output to a file, whole or not at all
    #[arg(short = 'O', long, value_name = "FILE", help_heading = "Output", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
}

/// `workflow generate`
#[derive(Args, Debug)]
pub struct WorkflowGenerateArgs {
    /// What the workflow is to do; words are joined by spaces
    #[arg(value_name = "DESCRIPTION", required = true)]
    pub description: Vec<String>,
    /// Who writes it.
    #[command(flatten)]
    pub asking: AskingArgs,
    /// Write it to a file, whole or not at all
    #[arg(short = 'O', long, value_name = "FILE", help_heading = "Output", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
}
