//! The command line: what was typed becomes a request, what comes back is printed. Opens no store, asks no provider.

pub mod args;
mod cache;
mod config;
mod context;
mod daemon;
mod generate;
mod limits;
mod manual;
mod models;
mod screen;
mod stats;
mod table;
mod typing;

use clap::Parser;

pub use context::{Inside, Wiring};
pub use manual::command;

use self::args::{Cli, Command};
use self::context::Context;
use self::screen::{Screen, is_broken_pipe};
use crate::config::Environment;
use crate::error::{Error, Kind, Result};

/// Runs what the process was asked for; returns its exit code.
pub fn main(wiring: &Wiring) -> u8 {
    let mut cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return typing::explain(&error),
    };
    let mut environment = Environment::of_process();
    typing::complete(&mut cli.global, &environment);
    environment.config.clone_from(&cli.global.config);
    environment.socket.clone_from(&cli.global.socket);
    let screen = Screen::new(&cli.global, &environment);
    match run(&cli, environment, screen.clone(), wiring) {
        Ok(()) => 0,
        // Whoever read the answer has seen enough.
        Err(error) if is_broken_pipe(&error) => 0,
        Err(error) => {
            screen.error(&error);
            error.kind().exit_code()
        }
    }
}

fn run(cli: &Cli, mut environment: Environment, screen: Screen, wiring: &Wiring) -> Result<()> {
    // These need no settings, so that broken settings cannot keep anyone from mending them.
    match &cli.command {
        Command::Completions { shell } => return manual::completions(*shell, &screen),
        Command::Man { folder } => return manual::man(folder.as_deref(), &screen),
        Command::Config(command) => return config::run(command, &environment, &screen),
        Command::Daemon(args::DaemonCommand::Run { detached, idle_exit }) => {
            return (wiring.daemon)(environment, *detached, *idle_exit);
        }
        Command::Daemon(command) => return daemon::run(command, &environment, &screen),
        Command::Generate(args) => generate::note_overrides(args, &mut environment),
        _ => {}
    }
    let context = Context::new(&cli.global, environment, screen, wiring)?;
    match &cli.command {
        Command::Generate(args) => generate::run(args, &context),
        Command::Stats(args) => stats::run(args, &context),
        Command::Cache(command) => cache::run(command, &context),
        Command::Models(args) => models::models(args, &context),
        Command::Providers => models::providers(&context),
        Command::Limits => limits::run(&context),
        Command::Completions { .. } | Command::Man { .. } | Command::Config(_) | Command::Daemon(_) => {
            Err(Error::new(Kind::Other, "a command was passed over"))
        }
    }
}
