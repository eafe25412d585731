//! Everything that can be typed. Help, man pages and completions are made from this and nothing else.

mod asking;
mod batch;
mod cache;
mod daemon;
mod exec;
mod generate;
mod session;
mod stats;
mod workflow;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};

pub use asking::{AskingArgs, ModeArg};
pub use batch::BatchArgs;
pub use cache::{CacheCommand, FilterArgs, Sorting};
pub use daemon::DaemonCommand;
pub use exec::ExecArgs;
pub use generate::GenerateArgs;
pub use session::{ExportFormat, SessionChange, SessionCommand};
pub use stats::{Format, Grouping, StatsArgs};
pub use workflow::{WorkflowCommand, WorkflowGenerateArgs, WorkflowRunArgs};

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
    /// Answer many prompts, one a line, in order, with as many calls at once as the provider takes
    ///
    /// A line is a JSON object with the fields of `POST /llm/generate` and an `id`; a row comes out for each, in the order
    /// of the lines. A line that fails becomes a row with its error, the others are kept, and the exit code is 9. Lines wait
    /// for limits. What was interrupted goes on with `--resume`.
    Batch(Box<BatchArgs>),
    /// Ask several prompts that build on each other, as a file says
    ///
    /// A workflow is a TOML file: inputs, steps with prompts, and an output. Prompts are templates that name inputs and the
    /// answers of other steps; which step waits for which follows from that.
    #[command(subcommand, after_help = appendix::WORKFLOW)]
    Workflow(WorkflowCommand),
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
    /// Show hits, misses, money, limits and what is kept on a page in the browser
    ///
    /// The page is served by the daemon, to this machine only and to nobody without the token in its address. It comes with
    /// the program and asks nobody else. Where `http.listen` is set, it is always there; else it is for as long as this
    /// command runs, on a port of its own, and can change nothing.
    Dashboard(DashboardArgs),
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
    ///
    /// With `--check` each one that can be asked is: for the list of its models, which costs nothing and is no call. What
    /// does not work is named, and the exit code is 9, or 4 where nothing but keys is wrong.
    #[command(after_help = appendix::PROVIDERS)]
    Providers(ProvidersArgs),
    /// Show the calls left within the limits
    ///
    /// These are llmc's own limits, as set under `[rate_limit]`: for the calls to models (`llm`), for looking things up
    /// (`standard`) and for purges (`expensive`). An answer from the cache counts against none of them,
    /// unless `count_hits` is set.
    #[command(after_help = appendix::LIMITS)]
    Limits,
    /// Look at everything a call leans on, and say what to do about what is not well
    ///
    /// Settings, folders and their modes, the daemon and its version, the store, the clock, limits and budgets, keys,
    /// providers, the disk and the log: a line each, with `ok`, `warning` or `problem`. The exit code is 1 where there is a
    /// problem. No daemon is started, and no key is shown.
    #[command(after_help = appendix::DOCTOR)]
    Doctor(DoctorArgs),
    /// Start, stop and look after the daemon
    ///
    /// The daemon starts by itself with the first prompt; these commands are for upgrades, service managers and trouble.
    #[command(subcommand, after_help = appendix::DAEMON)]
    Daemon(DaemonCommand),
    /// Show and change settings
    #[command(subcommand, after_help = appendix::CONFIG)]
    Config(ConfigCommand),
    /// Print a completion script for a shell
    ///
    /// With `--dynamic` the shell asks llmc itself each time, which also knows models, providers, sessions, namespaces,
    /// keys of answers and keys of settings. That starts no daemon and takes some milliseconds.
    #[command(after_help = appendix::COMPLETIONS)]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
        /// A script that has the shell ask llmc
        #[arg(long)]
        dynamic: bool,
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

/// `dashboard`
#[derive(Args, Clone, Debug)]
#[command(after_help = appendix::DASHBOARD)]
pub struct DashboardArgs {
    /// Print the address, and open no browser
    #[arg(long)]
    pub no_open: bool,
}

/// `models`
#[derive(Args, Clone, Debug)]
pub struct ModelsArgs {
    /// Only models whose name contains this
    pub pattern: Option<String>,
}

/// `providers`
#[derive(Args, Clone, Debug)]
pub struct ProvidersArgs {
    /// Ask each whether it is there and takes the key
    #[arg(long)]
    pub check: bool,
}

/// `doctor`
#[derive(Args, Clone, Debug)]
pub struct DoctorArgs {
    /// Ask no provider
    #[arg(long)]
    pub offline: bool,
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
    /// Take one setting out of the file, so that what is built in is in force again
    #[command(after_help = appendix::CONFIG_UNSET)]
    Unset {
        /// Such as `cache.ttl`, or a table such as `providers.local`
        key: String,
    },
    /// Write a commented settings file
    #[command(after_help = appendix::CONFIG_INIT)]
    Init,
    /// Check the settings file
    #[command(after_help = appendix::CONFIG_CHECK)]
    Check,
}

/// A number that JSON can hold: one that it cannot would be left out on the way, a limit on the cost among them.
pub fn finite(text: &str) -> Result<f64, String> {
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
