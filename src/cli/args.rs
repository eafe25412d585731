//! Everything that can be typed. Help, man pages and completions are made from this and nothing else.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};

/// sccache for LLM calls: a prompt paid for once is never paid for again.
///
/// llmc answers prompts from a cache that a background daemon keeps, and asks the provider only for what nobody has
/// asked before. The daemon starts by itself.
#[derive(Debug, Parser)]
#[command(name = "llmc", version, propagate_version = true, max_term_width = 100, subcommand_required = true)]
#[command(arg_required_else_help = true, after_help = EXIT_CODES)]
pub struct Cli {
    /// Flags that go with every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done, 1 other failure, 2 usage, 3 replay miss, 4 key missing or refused, \
5 rate limit or budget, 6 daemon or store unreachable, 7 timeout, 9 provider failed, 10 gate not met";

/// Flags that go with every command.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Read settings from this file
    #[arg(long, global = true, value_name = "FILE", env = "LLMC_CONFIG", hide_env_values = true, value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
    /// Speak to the daemon on this socket
    #[arg(long, global = true, value_name = "PATH", env = "LLMC_SOCKET", hide_env_values = true, value_hint = ValueHint::FilePath)]
    pub socket: Option<PathBuf>,
    /// Print one JSON object on standard output, errors as one on standard error
    #[arg(long, global = true, env = "LLMC_JSON", value_parser = clap::builder::FalseyValueParser::new())]
    pub json: bool,
    /// Print nothing on standard error but errors [env: LLMC_QUIET]
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more of what is done [env: LLMC_VERBOSE]
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", env = "LLMC_COLOR", default_value = "auto")]
    pub color: When,
    /// Show no progress
    #[arg(long, global = true, env = "LLMC_NO_PROGRESS", value_parser = clap::builder::FalseyValueParser::new())]
    pub no_progress: bool,
    /// Do it in this process; speak to no daemon and start none [env: LLMC_NO_DAEMON]
    #[arg(long, global = true)]
    pub no_daemon: bool,
    /// Fail where no daemon can be had, rather than do it in this process [env: LLMC_REQUIRE_DAEMON]
    #[arg(long, global = true, conflicts_with = "no_daemon")]
    pub require_daemon: bool,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal that has it
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Answer one prompt, from the cache or the provider
    #[command(visible_alias = "g")]
    Generate(Box<GenerateArgs>),
    /// Show hits, misses and money saved
    Stats(StatsArgs),
    /// Look at and manage what is kept
    #[command(subcommand)]
    Cache(CacheCommand),
    /// Show what can be asked, with prices
    Models(ModelsArgs),
    /// Show who can be asked, and whether there is a key
    Providers,
    /// Show the calls left within the limits
    Limits,
    /// Start, stop and look after the daemon
    #[command(subcommand)]
    Daemon(DaemonCommand),
    /// Show and change settings
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print a completion script
    Completions {
        /// For this shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write all of them to a folder
    Man {
        /// Write every page here
        #[arg(value_hint = ValueHint::DirPath)]
        folder: Option<PathBuf>,
    },
}

/// `generate`
#[derive(Args, Debug, Default)]
#[command(after_help = "Examples:
  llmc generate -m openai/gpt-4o-mini 'Name three rivers'
  git diff | llmc generate 'Write a commit message for this diff'
  llmc generate -f src/main.rs -x 'Add doc comments' > main.rs.new
  llmc generate --offline 'Name three rivers'       # from the cache, or exit 3")]
pub struct GenerateArgs {
    /// The prompt; words are joined by spaces. `-` stands for standard input
    #[arg(value_name = "PROMPT")]
    pub prompt: Vec<String>,

    /// Add a file: text with its name before it, an image as an image
    #[arg(short, long, value_name = "PATH", help_heading = "Input", value_hint = ValueHint::FilePath)]
    pub file: Vec<PathBuf>,
    /// Attach an image
    #[arg(short = 'a', long = "attach", value_name = "PATH", help_heading = "Input", value_hint = ValueHint::FilePath)]
    pub attachment: Vec<PathBuf>,
    /// The system text [env: LLMC_SYSTEM]
    #[arg(short, long, value_name = "TEXT", help_heading = "Input", conflicts_with = "system_file")]
    pub system: Option<String>,
    /// Read the system text from a file
    #[arg(long, value_name = "PATH", help_heading = "Input", value_hint = ValueHint::FilePath)]
    pub system_file: Option<PathBuf>,
    /// Leave standard input alone, as in `while read` loops
    #[arg(long, help_heading = "Input", env = "LLMC_NO_STDIN", value_parser = clap::builder::FalseyValueParser::new())]
    pub no_stdin: bool,

    /// `provider/model`, a model some provider lists, or an alias
    #[arg(short, long, value_name = "MODEL", help_heading = "Model", env = "LLMC_MODEL", hide_env_values = true)]
    pub model: Option<String>,
    /// Who to ask, where the model does not say
    #[arg(short, long, value_name = "NAME", help_heading = "Model", env = "LLMC_PROVIDER", hide_env_values = true)]
    pub provider: Option<String>,
    /// Sampling temperature
    #[arg(short, long, value_name = "NUMBER", help_heading = "Model", allow_negative_numbers = true)]
    pub temperature: Option<f64>,
    /// Most tokens of the answer
    #[arg(long, value_name = "COUNT", help_heading = "Model")]
    pub max_tokens: Option<u64>,
    /// Nucleus sampling
    #[arg(long, value_name = "NUMBER", help_heading = "Model", allow_negative_numbers = true)]
    pub top_p: Option<f64>,
    /// Sampling seed
    #[arg(long, value_name = "NUMBER", help_heading = "Model", allow_negative_numbers = true)]
    pub seed: Option<i64>,
    /// End the answer before this text; may be given again
    #[arg(long, value_name = "TEXT", help_heading = "Model")]
    pub stop: Vec<String>,
    /// Anything else the provider takes; a value that is no JSON is text
    #[arg(short = 'o', long = "option", value_name = "KEY=JSON", help_heading = "Model")]
    pub option: Vec<String>,
    /// Which of several answers to the same prompt
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
    /// How long a new answer stays fresh
    #[arg(long, value_name = "DURATION", help_heading = "Cache", value_parser = duration, env = "LLMC_TTL", hide_env_values = true)]
    pub ttl: Option<Duration>,
    /// Use no kept answer older than this
    #[arg(long, value_name = "DURATION", help_heading = "Cache", value_parser = duration, env = "LLMC_MAX_AGE", hide_env_values = true)]
    pub max_age: Option<Duration>,
    /// Keep answers apart from those of other namespaces
    #[arg(long, value_name = "NAME", help_heading = "Cache", env = "LLMC_NAMESPACE", hide_env_values = true)]
    pub namespace: Option<String>,

    /// Wait at most this long for the answer
    #[arg(long, value_name = "DURATION", help_heading = "Control", value_parser = duration, env = "LLMC_TIMEOUT", hide_env_values = true)]
    pub timeout: Option<Duration>,
    /// Try a failed call again so often
    #[arg(long, value_name = "COUNT", help_heading = "Control", env = "LLMC_RETRIES", hide_env_values = true)]
    pub retries: Option<u32>,
    /// Wait for llmc's own limit instead of failing, at most so long (10 minutes where no duration is given)
    #[arg(long, value_name = "DURATION", help_heading = "Control", value_parser = duration, num_args = 0..=1, require_equals = true, default_missing_value = "10m")]
    pub wait: Option<Duration>,
    /// Do not call where the estimate is above so many dollars
    #[arg(long, value_name = "USD", help_heading = "Control", env = "LLMC_MAX_COST", hide_env_values = true)]
    pub max_cost: Option<f64>,
    /// Count it under this run, for `stats --run`
    #[arg(long, value_name = "ID", help_heading = "Control", env = "LLMC_RUN", hide_env_values = true)]
    pub run: Option<String>,
    /// Show key, hit or miss, tokens and cost; call nothing
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
    #[arg(short, long, help_heading = "Output", env = "LLMC_USAGE", value_parser = clap::builder::FalseyValueParser::new())]
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

/// `stats`
#[derive(Args, Clone, Debug, Default)]
#[command(after_help = "Examples:
  llmc stats --since 24h --by model
  llmc stats --json | jq .hitRate
  llmc stats --fail-under 80        # exit 10 where fewer than 80 % were hits")]
pub struct StatsArgs {
    /// Only what happened this long ago or later, to the hour
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub since: Option<Duration>,
    /// Also in groups
    #[arg(long, value_name = "GROUP")]
    pub by: Option<Grouping>,
    /// Only this run
    #[arg(long, value_name = "ID")]
    pub run: Option<String>,
    /// Exit with 10 where the hit rate is below this percentage, or there is none
    #[arg(long, value_name = "PERCENT")]
    pub fail_under: Option<f64>,
    /// Exit with 10 where more dollars were spent
    #[arg(long, value_name = "USD")]
    pub fail_over_cost: Option<f64>,
    /// Forget every counter
    #[arg(long, conflicts_with_all = ["since", "by", "run", "fail_under", "fail_over_cost"])]
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

/// `models`
#[derive(Args, Clone, Debug)]
pub struct ModelsArgs {
    /// Only models whose name holds this
    pub pattern: Option<String>,
}

/// Which entries are meant.
#[derive(Args, Clone, Debug, Default)]
pub struct FilterArgs {
    /// Answers of this model
    #[arg(short, long, value_name = "MODEL")]
    pub model: Option<String>,
    /// Answers of this provider
    #[arg(short, long, value_name = "NAME")]
    pub provider: Option<String>,
    /// Answers in this namespace
    #[arg(long, value_name = "NAME")]
    pub namespace: Option<String>,
    /// Answers kept longer ago than this
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub older_than: Option<Duration>,
    /// Prompt or answer holds this text
    #[arg(long, value_name = "TEXT")]
    pub grep: Option<String>,
}

/// `cache …`
#[derive(Debug, Subcommand)]
pub enum CacheCommand {
    /// List what is kept
    List {
        /// Which entries.
        #[command(flatten)]
        filter: FilterArgs,
        /// By what, largest or newest first
        #[arg(long, value_name = "BY")]
        sort: Option<Sorting>,
        /// At most so many
        #[arg(short = 'n', long, value_name = "COUNT")]
        limit: Option<usize>,
    },
    /// Show one entry
    Show {
        /// Its key, or digits that no other key begins with
        key: String,
    },
    /// Print the key a prompt would have, and with `--json` what it is made of
    Key(Box<GenerateArgs>),
    /// Forget entries
    Delete {
        /// Their keys, or digits that no other key begins with
        #[arg(required = true, value_name = "KEY")]
        keys: Vec<String>,
    },
    /// Forget every entry a filter means
    Purge {
        /// Which entries.
        #[command(flatten)]
        filter: FilterArgs,
        /// Everything
        #[arg(long)]
        all: bool,
        /// Only count
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

/// `daemon …`
#[derive(Debug, Subcommand)]
pub enum DaemonCommand {
    /// Start it; succeeds where it is running
    Start,
    /// Stop it, once what is in the air has ended
    Stop,
    /// Stop it and start it again
    Restart,
    /// Show whether and how it runs
    Status,
    /// Run it in this terminal
    Run {
        /// Leave the terminal behind
        #[arg(long, hide = true)]
        detached: bool,
        /// Leave after this long without a request
        #[arg(long, value_name = "DURATION", value_parser = duration)]
        idle_exit: Option<Duration>,
    },
    /// Have it read its settings again
    Reload,
    /// Print its log
    Logs {
        /// At most so many lines, from the end
        #[arg(short = 'n', long, value_name = "COUNT", default_value_t = 100)]
        lines: usize,
    },
}

/// `config …`
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print where the settings file is
    Path,
    /// Print every setting
    Show {
        /// And where each came from
        #[arg(long)]
        origin: bool,
    },
    /// Print one setting
    Get {
        /// Such as `cache.ttl`
        key: String,
    },
    /// Change one setting in the file, keeping its comments
    Set {
        /// Such as `cache.ttl`
        key: String,
        /// The new value
        value: String,
    },
    /// Write a commented settings file
    Init,
    /// Check the settings file
    Check,
}

/// `1h 30m`, or seconds.
fn duration(text: &str) -> Result<Duration, String> {
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds)
            .map_err(|_| "a duration is not negative and not endless".to_owned());
    }
    humantime::parse_duration(text).map_err(|_| "a duration looks like `90s`, `1h 30m` or `7d`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definitions_hold_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn durations_are_words_or_seconds() {
        assert_eq!(duration("1h 30m").unwrap(), Duration::from_secs(5400));
        assert_eq!(duration("0.5").unwrap(), Duration::from_millis(500));
        for wrong in ["-1", "NaN", "inf", "soon", "", "1e300"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
