//! The flags of `generate`, which `cache key` takes, too.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum, ValueHint};

use super::{duration, finite};
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
    /// The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]
    #[arg(short, long, value_name = "TEXT", help_heading = "Input", conflicts_with = "system_file")]
    pub system: Option<String>,
    /// Read the system text from a file
    #[arg(long, value_name = "PATH", help_heading = "Input", value_hint = ValueHint::FilePath)]
    pub system_file: Option<PathBuf>,
    /// Do not read standard input; for `while read` loops
    #[arg(long, help_heading = "Input", env = "LLMC_NO_STDIN", hide_env_values = true, value_parser = clap::builder::FalseyValueParser::new())]
    pub no_stdin: bool,

    /// The model: `provider/model`, one that `llmc models` lists, or an alias
    #[arg(short, long, value_name = "MODEL", help_heading = "Model", env = "LLMC_MODEL", hide_env_values = true)]
    pub model: Option<String>,
    /// The provider, where the model does not name one
    #[arg(short, long, value_name = "NAME", help_heading = "Model", env = "LLMC_PROVIDER", hide_env_values = true)]
    pub provider: Option<String>,
    /// Ask this model where the first is away, failing, too slow or too busy; may be given again, for a longer chain
    #[arg(long, value_name = "MODEL", help_heading = "Model")]
    pub fallback: Vec<String>,
    /// Ask no other model, whatever the settings say
    #[arg(long, help_heading = "Model", conflicts_with = "fallback")]
    pub no_fallback: bool,
    /// Sampling temperature
    #[arg(value_parser = finite, short, long, value_name = "NUMBER", help_heading = "Model", allow_negative_numbers = true)]
    pub temperature: Option<f64>,
    /// The most tokens the answer may have
    #[arg(long, value_name = "COUNT", help_heading = "Model")]
    pub max_tokens: Option<u64>,
    /// Nucleus sampling: choose among the likeliest tokens up to this probability
    #[arg(value_parser = finite, long, value_name = "NUMBER", help_heading = "Model", allow_negative_numbers = true)]
    pub top_p: Option<f64>,
    /// Sampling seed
    #[arg(long, value_name = "NUMBER", help_heading = "Model", allow_negative_numbers = true)]
    pub seed: Option<i64>,
    /// End the answer before this text; may be given again
    #[arg(long, value_name = "TEXT", help_heading = "Model")]
    pub stop: Vec<String>,
    /// The JSON Schema the answer must fit: a file, or the schema itself; exit code 8 where it does not
    #[arg(long, value_name = "FILE|JSON", help_heading = "Model", value_hint = ValueHint::FilePath)]
    pub schema: Option<String>,
    /// How many times an answer that does not fit the schema is asked for again; each call is paid for
    #[arg(long, value_name = "COUNT", help_heading = "Control", requires = "schema")]
    pub schema_retries: Option<u32>,
    /// Anything else the provider takes, as in `-o top_k=40`; a value that is not JSON is text; may be given again
    #[arg(short = 'o', long = "option", value_name = "KEY=JSON", help_heading = "Model")]
    pub option: Vec<String>,
    /// Ask for the Nth of several answers to the same prompt, each kept by itself
    #[arg(long, value_name = "N", help_heading = "Model")]
    pub sample: Option<u32>,

    /// How the cache may be used [env: LLMC_MODE]
    #[arg(long, value_name = "MODE", help_heading = "Cache", conflicts_with_all = ["offline", "refresh", "no_cache"])]
    pub mode: Option<ModeArg>,
    /// Answer from the cache or fail with exit code 3; never call out
    #[arg(long, help_heading = "Cache", conflicts_with_all = ["refresh", "no_cache"])]
    pub offline: bool,
    /// Call, and keep the new answer in place of the old
    #[arg(long, help_heading = "Cache", conflicts_with = "no_cache")]
    pub refresh: bool,
    /// Call, and leave the cache alone
    #[arg(long, help_heading = "Cache")]
    pub no_cache: bool,
    /// How long a new answer stays fresh, such as `90s`, `1h 30m` or `7d`
    #[arg(long, value_name = "DURATION", help_heading = "Cache", value_parser = duration, env = "LLMC_TTL", hide_env_values = true)]
    pub ttl: Option<Duration>,
    /// Use no kept answer older than this
    #[arg(long, value_name = "DURATION", help_heading = "Cache", value_parser = duration, env = "LLMC_MAX_AGE", hide_env_values = true)]
    pub max_age: Option<Duration>,
    /// Record answers in this file and replay them from it; made to be committed
    #[arg(long, value_name = "FILE", help_heading = "Cache", env = "LLMC_CASSETTE", hide_env_values = true, value_hint = ValueHint::FilePath)]
    pub cassette: Option<PathBuf>,
    /// Keep answers apart from those of other namespaces
    #[arg(long, value_name = "NAME", help_heading = "Cache", env = "LLMC_NAMESPACE", hide_env_values = true)]
    pub namespace: Option<String>,

    /// Go on with this session: send what was said in it, and add the question and its answer
    #[arg(long, value_name = "ID", help_heading = "Conversation", conflicts_with = "continue_last")]
    pub session: Option<String>,
    /// Go on with the session used last; begin one where there is none
    #[arg(short = 'c', long = "continue", help_heading = "Conversation")]
    pub continue_last: bool,

    /// Wait at most this long for the answer
    #[arg(long, value_name = "DURATION", help_heading = "Control", value_parser = duration, env = "LLMC_TIMEOUT", hide_env_values = true)]
    pub timeout: Option<Duration>,
    /// How many times a failed call is tried again
    #[arg(long, value_name = "COUNT", help_heading = "Control", env = "LLMC_RETRIES", hide_env_values = true)]
    pub retries: Option<u32>,
    /// Wait for llmc's own limit instead of failing; at most 10 minutes, or as long as is said
    #[arg(long, value_name = "DURATION", help_heading = "Control", value_parser = duration, num_args = 0..=1, require_equals = true, default_missing_value = "10m")]
    pub wait: Option<Duration>,
    /// Fail rather than make a call that is estimated to cost more
    #[arg(value_parser = finite, long, value_name = "USD", help_heading = "Control", env = "LLMC_MAX_COST", hide_env_values = true)]
    pub max_cost: Option<f64>,
    /// Count it under this run, for `stats --run`
    #[arg(long, value_name = "ID", help_heading = "Control", env = "LLMC_RUN", hide_env_values = true)]
    pub run: Option<String>,
    /// Show the key, whether it would be a hit, tokens and cost; call nothing
    #[arg(long, help_heading = "Control")]
    pub dry_run: bool,

    /// Print the answer as it comes, even into a pipe
    #[arg(long, help_heading = "Output", conflicts_with = "no_stream")]
    pub stream: bool,
    /// Print the answer when it is whole, even on a terminal
    #[arg(long, help_heading = "Output")]
    pub no_stream: bool,
    /// Print the first fenced code block only
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

/// How the cache may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ModeArg {
    /// From the cache, else call and keep
    Auto,
    /// From the cache, else fail
    Replay,
    /// Call and keep
    Refresh,
    /// Call; leave the cache alone
    Off,
}
