//! `llmc daemon …`: the daemon's life cycle. Only `start` and `restart` start one.

use std::time::Instant;

use super::args::DaemonCommand;
use super::screen::{Paint, Screen, harmless};
use super::{follow, service, table};
use crate::api::SCHEMA_VERSION;
use crate::api::status::StatusReply;
use crate::client::{self, Alive, Asked, Line, SocketLine};
use crate::config::paths::{self, Socket};
use crate::config::{Environment, token};
use crate::error::{Error, Kind, Result};

/// Runs one of the commands.
pub fn run(command: &DaemonCommand, environment: &Environment, screen: &Screen) -> Result<()> {
    let socket = paths::socket(environment)?;
    match command {
        DaemonCommand::Start => start(&socket, environment, screen),
        DaemonCommand::Stop => stop(&socket, environment, screen),
        DaemonCommand::Restart => {
            stop(&socket, environment, screen)?;
            start(&socket, environment, screen)
        }
        DaemonCommand::Status => status(&socket, screen),
        DaemonCommand::Token { rotate } => show_token(*rotate, &socket, environment, screen),
        DaemonCommand::Reload => reload(environment, screen),
        DaemonCommand::Logs { lines, follow: false } => follow::print(&paths::log_file(environment)?, *lines, screen),
        DaemonCommand::Logs { lines, follow: true } => follow::follow(&paths::log_file(environment)?, *lines, screen),
        DaemonCommand::Install { print } => service::install(*print, &socket, environment, screen),
        DaemonCommand::Uninstall => service::uninstall(&socket, environment, screen),
        DaemonCommand::Run { .. } => Err(Error::new(Kind::Other, "a command was passed over")),
    }
}

fn start(socket: &Socket, environment: &Environment, screen: &Screen) -> Result<()> {
    if let Alive::Yes(status) = client::peek(socket)? {
        screen.note(format_args!("running already, process {}", status.pid));
        return Ok(());
    }
    client::start(socket, environment)?;
    if let Alive::Yes(status) = client::peek(socket)? {
        screen.note(format_args!("started, process {}", status.pid));
        // It runs, and not all of it is as the settings say: a port that somebody else has, for one.
        status.degraded.iter().for_each(|told| screen.warn(told));
    }
    Ok(())
}

/// Stops the daemon of a socket, where one runs.
pub fn stop(socket: &Socket, environment: &Environment, screen: &Screen) -> Result<()> {
    let deadline = Instant::now() + client::GONE_WITHIN;
    let mut was_there = false;
    loop {
        match client::peek(socket)? {
            Alive::Yes(status) => {
                let asked = Asked { method: "POST", path: "/shutdown".into(), ..Asked::default() };
                // A daemon that is gone before it answers has done what it was asked.
                let _ = SocketLine::new(environment, false)?.ask(&asked);
                if !client::wait_until_gone(socket, Some(status.pid))? {
                    client::end(socket)?;
                }
                break;
            }
            Alive::No if !client::is_claimed(socket)? => {
                screen.note(if was_there { "stopped" } else { "not running" });
                return Ok(());
            }
            // One that does not listen yet, or no longer.
            Alive::No if Instant::now() < deadline => {
                was_there = true;
                std::thread::sleep(client::LOOK_EVERY);
            }
            Alive::No | Alive::Stuck => {
                client::end(socket)?;
                break;
            }
        }
    }
    screen.note("stopped");
    Ok(())
}

fn status(socket: &Socket, screen: &Screen) -> Result<()> {
    let status = match client::peek(socket)? {
        Alive::Yes(status) => status,
        Alive::No => {
            return Err(Error::new(Kind::Unreachable, format!("no daemon listens on `{}`", socket.path.display()))
                .hint("it starts with the next `llmc generate`, or with `llmc daemon start`"));
        }
        Alive::Stuck => return Err(client::stuck(socket)),
    };
    if screen.json {
        return screen.object(&*status);
    }
    let line = |name: &str, value: String| {
        screen.line(format_args!("{}{value}", screen.paint(Paint::Faint, format_args!("{name:<12}"))))
    };
    let StatusReply {
        version,
        protocol,
        pid,
        uptime_seconds,
        draining,
        in_flight,
        store,
        degraded,
        config,
        socket,
        data,
        http,
    } = *status;
    line(
        "running",
        format!("process {pid}, for {}{}", table::span(uptime_seconds), if draining { ", stopping" } else { "" }),
    )?;
    line("version", format!("{version}, protocol {protocol}"))?;
    line("in the air", table::count(in_flight, "call", "calls"))?;
    let latency = store.latency_ms.map_or(String::new(), |millis| format!(", answers in {millis:.2} ms"));
    line(
        "store",
        format!("{}{}", store.backend, if store.healthy { latency } else { ", does not answer".to_owned() }),
    )?;
    for (name, place) in [("socket", socket), ("http", http), ("settings", config), ("data", data)] {
        if let Some(place) = place {
            line(name, harmless(&place))?;
        }
    }
    degraded.into_iter().try_for_each(|trouble| screen.line(screen.paint(Paint::Bad, trouble)))
}

fn show_token(rotate: bool, socket: &Socket, environment: &Environment, screen: &Screen) -> Result<()> {
    let data = paths::data_folder(environment)?;
    let token = match rotate {
        true => token::make(&data)?,
        false => token::find_or_make(&data)?,
    };
    // A daemon that runs goes by the new one from now on; one that does not will read it when it starts.
    if rotate && let Alive::Yes(_) = client::peek(socket)? {
        let asked = Asked { method: "POST", path: "/reload".into(), ..Asked::default() };
        SocketLine::new(environment, false)?.ask(&asked)?.successful()?;
    }
    if screen.json {
        return screen.object(&serde_json::json!({ "schema_version": SCHEMA_VERSION, "token": token.reveal() }));
    }
    screen.line(token.reveal())
}

fn reload(environment: &Environment, screen: &Screen) -> Result<()> {
    let asked = Asked { method: "POST", path: "/reload".into(), ..Asked::default() };
    SocketLine::new(environment, false)?.ask(&asked)?.successful()?;
    screen.note("settings read again");
    Ok(())
}
