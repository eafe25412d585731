//! The command line: what was typed becomes a request, what comes back is printed. Opens no store, asks no provider.

mod again;
mod appendix;
pub mod args;
mod batch;
mod cache;
mod completing;
mod config;
mod context;
mod daemon;
mod dashboard;
mod doctor;
mod door;
mod everyday;
mod exec;
mod file;
mod follow;
mod generate;
mod limits;
mod manual;
mod models;
mod moving;
mod screen;
mod service;
mod session;
mod stats;
mod table;
mod typing;
mod watch;
mod workflow;

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches};

pub use context::{DaemonRun, Inside, Wiring};
pub use manual::{command, completion_script, man_pages};

use self::args::{Cli, Command, GenerateAlone};
use self::context::Context;
use self::screen::{Screen, is_broken_pipe};
use crate::config::{Environment, secret};
use crate::error::{Error, Kind, Result};

/// Runs what the process was asked for; returns its exit code.
pub fn main(wiring: &Wiring) -> u8 {
    secret::forbid_core_dumps();
    if completing::is_asked() {
        return completing::answer();
    }
    let mut environment = Environment::of_process();
    let mut cli = match parse(&std::env::args_os().collect::<Vec<_>>(), &environment) {
        Ok(cli) => cli,
        Err(error) => return typing::explain(&error, &environment),
    };
    // Kept to the end of the process, which drops it whole.
    std::mem::forget(environment.clone());
    typing::complete(&mut cli.global, &environment);
    environment.config.clone_from(&cli.global.config);
    environment.socket.clone_from(&cli.global.socket);
    let screen = Screen::new(&cli.global, &environment);
    typing::warn_of_misspelled(&environment, &screen);
    match run(&cli, environment, screen.clone(), wiring) {
        Ok(code) => code,
        // Whoever read the answer has seen enough.
        Err(error) if is_broken_pipe(&error) => 0,
        Err(error) => {
            screen.error(&error);
            error.kind().exit_code()
        }
    }
}

fn parse(words: &[OsString], environment: &Environment) -> Result<Cli, clap::Error> {
    let of_generate = behind_generate(words);
    if let Some(cli) = of_generate.and_then(|rest| everyday::read(rest, environment).or_else(|| parse_generate(rest))) {
        return Ok(cli);
    }
    let mut command = Cli::command();
    let parsed = command.try_get_matches_from_mut(words);
    let cli = parsed
        .and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command)));
    // Taking the definitions apart piece by piece takes longer than a hit; the process ends soon and drops them whole.
    std::mem::forget(command);
    cli
}

/// What was typed behind `llmc generate`; `None` for anything else.
fn behind_generate(words: &[OsString]) -> Option<&[OsString]> {
    let (name, rest) = words.get(1..)?.split_first()?;
    (name == "generate" || name == "g").then_some(rest)
}

/// What is behind `llmc generate`, parsed without the other commands around it, which take longer than a hit to define.
/// `None` for whatever needs a word of help: that is told with all there is.
fn parse_generate(rest: &[OsString]) -> Option<Cli> {
    let mut command = GenerateAlone::command();
    let parsed = command.try_get_matches_from_mut(rest);
    std::mem::forget(command);
    let GenerateAlone { global, generate } = GenerateAlone::from_arg_matches_mut(&mut parsed.ok()?).ok()?;
    Some(Cli { global, command: Command::Generate(Box::new(generate)) })
}

/// Runs a command; its exit code where it went well, which only `exec`, `batch` and `dashboard` choose.
fn run(cli: &Cli, mut environment: Environment, screen: Screen, wiring: &Wiring) -> Result<u8> {
    // These need no settings, so that broken settings cannot keep anyone from mending them.
    match &cli.command {
        Command::Completions { shell, dynamic: false } => return manual::completions(*shell, &screen).map(|()| 0),
        Command::Completions { shell, dynamic: true } => {
            return completing::registration(*shell).and_then(|script| screen.piece(&script)).map(|()| 0);
        }
        Command::Man { folder } => return manual::man(folder.as_deref(), &(wiring.api)(), &screen).map(|()| 0),
        Command::Config(command) => return config::run(command, &environment, &screen).map(|()| 0),
        Command::Daemon(args::DaemonCommand::Run { detached, idle_exit, log_to_file }) => {
            let asked = DaemonRun { detached: *detached, log_to_file: *log_to_file, idle_exit: *idle_exit };
            return (wiring.daemon)(environment, asked).map(|()| 0);
        }
        Command::Doctor(args) => return doctor::run(args, &cli.global, environment, &screen, wiring),
        Command::Daemon(command) => return daemon::run(command, &environment, &screen).map(|()| 0),
        Command::Generate(args) => generate::note_overrides(&args.asking, &mut environment),
        Command::Batch(args) => generate::note_overrides(&args.asking, &mut environment),
        Command::Workflow(args::WorkflowCommand::Run(args)) => {
            generate::note_overrides(&args.asking, &mut environment);
        }
        Command::Workflow(args::WorkflowCommand::Generate(args)) => {
            generate::note_overrides(&args.asking, &mut environment);
        }
        Command::Exec(args) => exec::note_overrides(args, &mut environment),
        _ => {}
    }
    let context = Context::new(&cli.global, environment, screen, wiring)?;
    let done = match &cli.command {
        Command::Exec(args) => return exec::run(args, &context),
        Command::Batch(args) => return batch::run(args, &context),
        Command::Dashboard(args) => return dashboard::run(args, &context),
        Command::Generate(args) => generate::run(args, &context),
        Command::Workflow(command) => workflow::run(command, &context),
        Command::Session(command) => session::run(command, &context),
        Command::Stats(args) if args.watch => return watch::run(&context),
        Command::Stats(args) => stats::run(args, &context),
        Command::Cache(command) => cache::run(command, &context),
        Command::Models(args) => models::models(args, &context),
        Command::Providers(args) => models::providers(args, &context),
        Command::Limits => limits::run(&context),
        Command::Completions { .. }
        | Command::Man { .. }
        | Command::Config(_)
        | Command::Daemon(_)
        | Command::Doctor(_) => Err(Error::new(Kind::Other, "a command was passed over")),
    };
    done.map(|()| 0)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[test]
    fn generate_alone_is_parsed_as_among_all_commands() {
        for line in [
            "llmc generate hello",
            "llmc g -m echo/echo -t 0.5 --stop a --stop b -o top_k=40 -- -x",
            "llmc generate --json -q --no-daemon --color never -u --wait=5s --ttl 1h30m a b c",
            "llmc generate --offline -x -O out -f a -f b -a c.png -s system -",
            "llmc g -c -s system hello",
            "llmc generate --session notes hello",
            "llmc generate --socket /s --config /c --mode refresh --seed -7",
        ] {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();

            let alone = behind_generate(&words).and_then(parse_generate).map(|cli| format!("{cli:?}"));

            let among_all =
                Cli::try_parse_from(&words).map(|cli| format!("{cli:?}")).map_err(|error| error.to_string());
            assert_eq!(alone, among_all.ok(), "{line}");
        }
    }

    #[test]
    fn what_needs_a_word_of_help_is_left_to_the_whole_parser() {
        for line in
            ["llmc", "llmc stats", "llmc generate --nope", "llmc g --help", "llmc -q generate x", "llmc g -q -v x"]
        {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            assert!(behind_generate(&words).and_then(parse_generate).is_none(), "{line}");
        }
    }
}
