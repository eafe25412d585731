//! The flags that say whom to ask, how, and through which cache: those of `generate` and of `batch`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum, ValueHint};

use super::{duration, finite};

/// Whom to ask, how, and through which cache.
#[derive(Args, Clone, Debug, Default)]
pub struct AskingArgs {
    /// The system text; a session keeps the one it began with [env: LLMC_SYSTEM, outside of sessions]
    #[arg(short, long, value_name = "TEXT", help_heading = "Input", conflicts_with = "system_file")]
    pub system: Option<String>,
    /// Read the system text from a file
    #[arg(long, value_name = "PATH", help_heading = "Input", value_hint = ValueHint::FilePath)]
    pub system_file: Option<PathBuf>,

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
    #[arg(value_parser = finite, short, long, value_name = "NUMBER", help_heading = "Model", allow_negative_numbers = true, env = "LLMC_TEMPERATURE", hide_env_values = true)]
    pub temperature: Option<f64>,
    /// The most tokens the answer may have
    #[arg(long, value_name = "COUNT", help_heading = "Model", env = "LLMC_MAX_TOKENS", hide_env_values = true)]
    pub max_tokens: Option<u64>,
    /// Nucleus sampling: choose among the likeliest tokens up to this probability
    #[arg(value_parser = finite, long, value_name = "NUMBER", help_heading = "Model", allow_negative_numbers = true, env = "LLMC_TOP_P", hide_env_values = true)]
    pub top_p: Option<f64>,
    /// Sampling seed
    #[arg(
        long,
        value_name = "NUMBER",
        help_heading = "Model",
        allow_negative_numbers = true,
        env = "LLMC_SEED",
        hide_env_values = true
    )]
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

    /// Wait at most this long for the answer
    #[arg(long, value_name = "DURATION", help_heading = "Control", value_parser = duration, env = "LLMC_TIMEOUT", hide_env_values = true)]
    pub timeout: Option<Duration>,
    /// How many times a failed call is tried again
    #[arg(long, value_name = "COUNT", help_heading = "Control", env = "LLMC_RETRIES", hide_env_values = true)]
    pub retries: Option<u32>,
    /// Count it under this run, for `stats --run`
    #[arg(long, value_name = "ID", help_heading = "Control", env = "LLMC_RUN", hide_env_values = true)]
    pub run: Option<String>,
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
