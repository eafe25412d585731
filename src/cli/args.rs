//! Everything that can be typed. Help, man pages and completions are made from this and nothing else.

mod exec;
mod generate;
mod session;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};

pub use exec::ExecArgs;
pub use generate::{GenerateArgs, ModeArg};
pub use session::{ExportFormat, SessionChange, SessionCommand};

use super::appendix;

/// sccache for LLM calls: a prompt paid for once is never paid for again.
///
/// llmc answers prompts from a cache that a background daemon keeps, and asks the provider only for what nobody has
/// asked before. The daemon starts by itself.
#[derive(Debug, Parser)]
#[command(name = "llmc", version, propagate_version = true, max_term_width = 100, subcommand_required = true)]
#[command(arg_required_else_help = true, after_help = appendix::START, after_long_help = appendix::WHOLE)]
pub struct Cli {
    /// Flags that go with every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

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
    #[arg(long, global = true, env = "LLMC_JSON", hide_env_values = true, value_parser = clap::builder::FalseyValueParser::new())]
    pub json: bool,
    /// Print nothing on standard error but errors [env: LLMC_QUIET]
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more of what is done [env: LLMC_VERBOSE]
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
    /// When to use colour
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        env = "LLMC_COLOR",
        hide_env_values = true,
        default_value = "auto"
    )]
    pub color: When,
    /// Show no progress
    #[arg(long, global = true, env = "LLMC_NO_PROGRESS", hide_env_values = true, value_parser = clap::builder::FalseyValueParser::new())]
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
    ///
    /// The prompt is taken from the arguments, from standard input, or from both: the arguments, a blank line, then
    /// what was piped in, then the files. On a terminal the answer is printed as it comes; into a pipe or a file it is
    /// printed when it is whole, or not at all. Standard output carries nothing but the answer.
    #[command(visible_alias = "g")]
    Generate(Box<GenerateArgs>),
    /// Look at and manage conversations
    ///
    /// A session holds what was said, and data beside it, for a day after its last use. `llmc generate --session ID` goes
    /// on with one, `llmc generate -c` with the last.
    #[command(subcommand, after_help = appendix::SESSION)]
    Session(SessionCommand),
    /// Run a program with its calls to models going through the cache
    ///
    /// For the time it runs, the program finds llmc where the vendors' SDKs look for their APIs, and a token in place of
    /// your keys: it never sees them. What it was answered before is answered again without a call.
    Exec(Box<ExecArgs>),
    /// Show hits, misses, and money saved and spent
    Stats(StatsArgs),
    /// Look at and manage what is kept
    #[command(subcommand, after_help = appendix::CACHE)]
    Cache(CacheCommand),
    /// Show the known models, with prices
    ///
    /// A model that is not listed can be asked all the same, as `provider/model`; it is then without a price, unless
    /// `[prices]` in the settings gives it one.
    #[command(after_help = appendix::MODELS)]
    Models(ModelsArgs),
    /// Show the providers, and whether there is a key for each
    #[command(after_help = appendix::PROVIDERS)]
    Providers,
    /// Show the calls left within the limits
    ///
    /// These are llmc's own limits, as set under `[rate_limit]`: for the calls to models (`llm`), for looking things up
    /// (`standard`) and for purges (`expensive`). An answer from the cache counts against none of them,
    /// unless `count_hits` is set.
    #[command(after_help = appendix::LIMITS)]
    Limits,
    /// Start, stop and look after the daemon
    ///
    /// The daemon starts by itself with the first prompt; these commands are for upgrades, service managers and trouble.
    #[command(subcommand, after_help = appendix::DAEMON)]
    Daemon(DaemonCommand),
    /// Show and change settings
    #[command(subcommand, after_help = appendix::CONFIG)]
    Config(ConfigCommand),
    /// Print a completion script for a shell
    #[command(after_help = appendix::COMPLETIONS)]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write all of them to a folder
    #[command(after_help = appendix::MAN)]
    Man {
        /// Write every page to this folder
        #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
        folder: Option<PathBuf>,
    },
}

/// `llmc generate …` by itself: the same definitions without the other commands.
#[derive(Debug, Parser)]
#[command(no_binary_name = true, disable_version_flag = true)]
pub struct GenerateAlone {
    /// Flags that go with every command.
    #[command(flatten)]
    pub global: Global,
    /// Its own flags.
    #[command(flatten)]
    pub generate: GenerateArgs,
}

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

/// `models`
#[derive(Args, Clone, Debug)]
pub struct ModelsArgs {
    /// Only models whose name contains this
    pub pattern: Option<String>,
}

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

/// `daemon …`
#[derive(Debug, Subcommand)]
pub enum DaemonCommand {
    /// Start the daemon; succeeds where it is running
    #[command(after_help = appendix::DAEMON_START)]
    Start,
    /// Stop the daemon, once the calls in the air have ended
    #[command(after_help = appendix::DAEMON_STOP)]
    Stop,
    /// Stop the daemon and start it again
    #[command(after_help = appendix::DAEMON_RESTART)]
    Restart,
    /// Show whether and how the daemon runs
    #[command(after_help = appendix::DAEMON_STATUS)]
    Status,
    /// Run a daemon in the foreground, as service managers want it
    #[command(after_help = appendix::DAEMON_RUN)]
    Run {
        /// Leave the terminal behind
        #[arg(long, hide = true)]
        detached: bool,
        /// Leave after this long without a request
        #[arg(long, value_name = "DURATION", value_parser = duration)]
        idle_exit: Option<Duration>,
    },
    /// Print the token that programs send as their API key over TCP
    ///
    /// It is wanted at the address of `http.listen`, where it stands for the keys of all providers. It is made when it is
    /// first asked for, and kept in a private file beside the data.
    #[command(after_help = appendix::DAEMON_TOKEN)]
    Token {
        /// Make a new one first; the old one opens nothing any more
        #[arg(long)]
        rotate: bool,
    },
    /// Have the daemon read its settings again
    ///
    /// Commands bring their settings along, so that a change is in force with the next one. This is for programs that
    /// ask over the socket by themselves. Settings of the store and of the daemon itself take `llmc daemon restart`.
    #[command(after_help = appendix::DAEMON_RELOAD)]
    Reload,
    /// Print the daemon's log
    #[command(after_help = appendix::DAEMON_LOGS)]
    Logs {
        /// At most this many lines, from the end
        #[arg(short = 'n', long, value_name = "COUNT", default_value_t = 100)]
        lines: usize,
    },
}

/// `config …`
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print where the settings file is
    #[command(after_help = appendix::CONFIG_PATH)]
    Path,
    /// Print every setting
    #[command(after_help = appendix::CONFIG_SHOW)]
    Show {
        /// Also show where each value comes from
        #[arg(long)]
        origin: bool,
    },
    /// Print one setting
    #[command(after_help = appendix::CONFIG_GET)]
    Get {
        /// Such as `cache.ttl`
        key: String,
    },
    /// Change one setting in the file, keeping its comments
    ///
    /// The change is in force with the next command. Settings of the store and of the daemon itself take `llmc daemon
    /// restart`.
    #[command(after_help = appendix::CONFIG_SET)]
    Set {
        /// Such as `cache.ttl`
        key: String,
        /// The new value
        value: String,
    },
    /// Write a commented settings file
    #[command(after_help = appendix::CONFIG_INIT)]
    Init,
    /// Check the settings file
    #[command(after_help = appendix::CONFIG_CHECK)]
    Check,
}

/// A number that JSON can hold: one that it cannot would be left out on the way, a limit on the cost among them.
fn finite(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().map_err(|error| error.to_string())?;
    if number.is_finite() { Ok(number) } else { Err("it is not a finite number".to_owned()) }
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
    fn numbers_are_finite() {
        assert_eq!(finite("-0.5"), Ok(-0.5));
        assert!(["nan", "inf", "-inf", "1e999", "x"].iter().all(|text| finite(text).is_err()));
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
