//! The commands on conversations.

use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand, ValueEnum};

use super::duration;
use crate::cli::appendix;

/// `session …`
#[derive(Debug, Subcommand)]
pub enum SessionCommand {
    /// Begin a session and print its name
    #[command(after_help = appendix::SESSION_CREATE)]
    Create {
        /// Its name: letters, digits and `-_.:`; without one it gets a name that nobody can guess
        #[arg(long, value_name = "NAME")]
        id: Option<String>,
        /// The system text of its conversation
        #[arg(short, long, value_name = "TEXT")]
        system: Option<String>,
        /// Anything to be kept with it, as a JSON object
        #[arg(long, value_name = "JSON")]
        data: Option<String>,
        /// How long it is kept after its last use, in place of `session.ttl`
        #[arg(long, value_name = "DURATION", value_parser = duration)]
        ttl: Option<Duration>,
    },
    /// List the sessions
    #[command(after_help = appendix::SESSION_LIST)]
    List {
        /// List at most this many
        #[arg(short = 'n', long, value_name = "COUNT")]
        limit: Option<usize>,
    },
    /// Show a session and what was said in it
    #[command(after_help = appendix::SESSION_SHOW)]
    Show {
        /// Its name
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        id: String,
    },
    /// Change what is kept with a session, or its system text
    #[command(after_help = appendix::SESSION_UPDATE)]
    Update {
        /// Its name
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        id: String,
        /// What is changed.
        #[command(flatten)]
        change: SessionChange,
    },
    /// Delete sessions
    #[command(after_help = appendix::SESSION_DELETE)]
    Delete {
        /// Their names
        #[arg(required = true, value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
        ids: Vec<String>,
    },
    /// Print a session whole, to be kept or read elsewhere
    #[command(after_help = appendix::SESSION_EXPORT)]
    Export {
        /// Its name
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        id: String,
        /// In which form
        #[arg(long, value_name = "FORMAT", default_value = "json")]
        format: ExportFormat,
    },
}

/// What `session update` changes.
#[derive(Args, Clone, Debug)]
#[group(required = true, multiple = true)]
pub struct SessionChange {
    /// A JSON merge patch (RFC 7396): members replace those of their names, null takes one away
    #[arg(long, value_name = "JSON")]
    pub data: Option<String>,
    /// The new system text; an empty one takes it away
    #[arg(short, long, value_name = "TEXT")]
    pub system: Option<String>,
}

/// In which form a session is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// All of it
    Json,
    /// What was said, for people
    Markdown,
}
