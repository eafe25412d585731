//! What can be typed after `llmc cache`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum, ValueHint};

use super::{GenerateArgs, appendix, duration};

/// Which entries are meant.
#[derive(Args, Clone, Debug, Default)]
pub struct FilterArgs {
    /// Entries of this model
    #[arg(short, long, value_name = "MODEL")]
    pub model: Option<String>,
    /// Entries of this provider
    #[arg(short, long, value_name = "NAME")]
    pub provider: Option<String>,
    /// Entries in this namespace
    #[arg(long, value_name = "NAME")]
    pub namespace: Option<String>,
    /// Entries kept longer ago than this
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub older_than: Option<Duration>,
    /// Entries whose prompt or answer contains this text
    #[arg(long, value_name = "TEXT")]
    pub grep: Option<String>,
}

/// `cache …`
#[derive(Debug, Subcommand)]
pub enum CacheCommand {
    /// List the answers that are kept
    #[command(after_help = appendix::CACHE_LIST)]
    List {
        /// Which entries.
        #[command(flatten)]
        filter: FilterArgs,
        /// The order: most first, newest first, largest first
        #[arg(long, value_name = "BY")]
        sort: Option<Sorting>,
        /// List at most this many
        #[arg(short = 'n', long, value_name = "COUNT")]
        limit: Option<usize>,
    },
    /// Show one answer and the request it belongs to
    #[command(after_help = appendix::CACHE_SHOW)]
    Show {
        /// Its key, or digits that no other key begins with
        key: String,
    },
    /// Tell the first field in which what was asked for two answers differs
    #[command(after_help = appendix::CACHE_DIFF)]
    Diff {
        /// The key of the one, or digits that no other key begins with
        left: String,
        /// The key of the other
        right: String,
    },
    /// Print the key a prompt would have, and with `--json` what it is made of
    ///
    /// Takes every flag of `llmc generate`, and calls nothing.
    #[command(after_help = appendix::CACHE_KEY)]
    Key(Box<GenerateArgs>),
    /// Forget answers, by their keys
    #[command(after_help = appendix::CACHE_DELETE)]
    Delete {
        /// Their keys, or digits that no other key begins with
        #[arg(required = true, value_name = "KEY")]
        keys: Vec<String>,
    },
    /// Write answers to a file, a line each, to be imported elsewhere
    ///
    /// Every line holds a request, its answer and when it ends; none holds a key to a provider. Lines are in the order
    /// of their keys, so that two exports can be compared.
    #[command(after_help = appendix::CACHE_EXPORT)]
    Export {
        /// The file; standard output where it is `-` or none is given
        #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
        file: Option<PathBuf>,
        /// Which entries.
        #[command(flatten)]
        filter: FilterArgs,
    },
    /// Keep the answers of a file that was exported, here or elsewhere
    ///
    /// What is here already is passed over, so that an import that was interrupted can simply be done again. Lines that
    /// are no entries are named, and the others imported; the command then exits with 2.
    #[command(after_help = appendix::CACHE_IMPORT)]
    Import {
        /// The file; standard input where it is `-` or none is given
        #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
        file: Option<PathBuf>,
        /// Replace other answers to the same prompts
        #[arg(long)]
        force: bool,
    },
    /// Read every answer that is kept, and name those that can never be served
    ///
    /// Looks at checksum, version and key, as every look-up does: what is named counts as a miss already. Exits with 1
    /// where anything is named and stays.
    #[command(after_help = appendix::CACHE_VERIFY)]
    Verify {
        /// Remove them
        #[arg(long)]
        delete: bool,
    },
    /// Forget every answer that a filter fits
    #[command(after_help = appendix::CACHE_PURGE)]
    Purge {
        /// Which entries.
        #[command(flatten)]
        filter: FilterArgs,
        /// Everything
        #[arg(long)]
        all: bool,
        /// Only count them
        #[arg(long)]
        dry_run: bool,
    },
}

/// What entries can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum Sorting {
    Hits,
    Age,
    Size,
    Saved,
}
