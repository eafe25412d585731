//! What every command is given: surroundings, settings, screen, and a line to whoever answers.

use super::args::Global;
use super::screen::Screen;
use crate::api::headers;
use crate::client::{Alive, Answered, Asked, Line, SocketLine, Upload, peek};
use crate::config::{self, Environment, Resolved, paths, secret};
use crate::error::{Error, Kind, Result};
use crate::provider;

/// What the program is made of besides this wing of it.
pub struct Wiring {
    /// Answers in this process.
    pub in_process: fn(Environment) -> Result<Inside>,
    /// The API as OpenAPI has it.
    pub api: fn() -> serde_json::Value,
    /// Runs a daemon in these surroundings.
    pub daemon: fn(Environment, DaemonRun) -> Result<()>,
}

/// How a daemon is to run.
#[derive(Clone, Copy, Debug)]
pub struct DaemonRun {
    /// Away from the terminal.
    pub detached: bool,
    /// With its log in the file though it is not detached.
    pub log_to_file: bool,
    /// Its idle exit, where it is not to be that of the settings.
    pub idle_exit: Option<std::time::Duration>,
}

/// A line that ends in this process.
pub struct Inside {
    /// The line.
    pub line: Box<dyn Line>,
    /// What the user should know.
    pub warning: Option<String>,
}

/// Who is to answer a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answerer {
    /// A daemon, started where there is none.
    Daemon,
    /// A daemon if one runs, else this process: looking must start nothing.
    WhoeverIsThere,
}

/// What a command is given.
pub struct Context<'a> {
    /// Flags that go with every command.
    pub global: &'a Global,
    /// Variables, folder, flags.
    pub environment: Environment,
    /// Settings in force on this side.
    pub settings: Resolved,
    /// Where to print.
    pub screen: Screen,
    wiring: &'a Wiring,
}

impl<'a> Context<'a> {
    /// Reads the settings.
    pub fn new(
        global: &'a Global,
        environment: Environment,
        screen: Screen,
        wiring: &'a Wiring,
    ) -> Result<Context<'a>> {
        let settings = config::load(&environment)?;
        for warning in &settings.warnings {
            screen.warn(warning);
        }
        Ok(Context::of(global, environment, settings, screen, wiring))
    }

    /// With settings that were read already.
    pub fn of(
        global: &'a Global,
        environment: Environment,
        settings: Resolved,
        screen: Screen,
        wiring: &'a Wiring,
    ) -> Context<'a> {
        Context { global, environment, settings, screen, wiring }
    }

    /// A line to whoever answers.
    pub fn line(&self, answerer: Answerer) -> Result<Box<dyn Line>> {
        if self.global.no_daemon {
            return self.warned_inside();
        }
        if answerer == Answerer::WhoeverIsThere {
            let socket = paths::socket(&self.environment)?;
            return match peek(&socket)? {
                Alive::Yes(_) => Ok(Box::new(SocketLine::new(&self.environment, false)?)),
                Alive::No if self.global.require_daemon => Err(no_daemon(&socket)),
                Alive::No => self.warned_inside(),
                Alive::Stuck => Err(crate::client::stuck(&socket)),
            };
        }
        Ok(Box::new(SocketLine::new(&self.environment, true)?))
    }

    /// A line that ends in this process, and what is to be known of it.
    pub fn inside(&self) -> Result<Inside> {
        (self.wiring.in_process)(self.environment.clone())
    }

    fn warned_inside(&self) -> Result<Box<dyn Line>> {
        let inside = self.inside()?;
        if let Some(warning) = inside.warning {
            self.screen.warn(warning);
        }
        Ok(inside.line)
    }

    /// Asks, in this process where no daemon can be had.
    pub fn ask(&self, answerer: Answerer, mut asked: Asked) -> Result<Answered> {
        self.introduce(&mut asked)?;
        self.screen.detail(format_args!("llmc: {} {}", asked.method, asked.path));
        match self.line(answerer).and_then(|mut line| line.ask(&asked)) {
            Ok(answered) => answered.successful(),
            // Who looks at what a daemon has is not helped by what this process would have.
            Err(failed) if answerer == Answerer::Daemon => self.stand_in(failed)?.ask(&asked)?.successful(),
            Err(failed) => Err(failed),
        }
    }

    /// Asks a daemon with a body that is read as it is sent, or this process where no daemon can be had.
    pub fn send(&self, mut asked: Asked, body: Upload) -> Result<Answered> {
        self.introduce(&mut asked)?;
        self.screen.detail(format_args!("llmc: {} {}", asked.method, asked.path));
        let mut body = Some(body);
        match self.line(Answerer::Daemon).and_then(|mut line| line.send(&asked, &mut body)) {
            Ok(answered) => answered.successful(),
            Err(failed) if body.is_some() => self.stand_in(failed)?.send(&asked, &mut body)?.successful(),
            Err(failed) => Err(failed),
        }
    }

    /// A line for several questions to one and the same answerer: a daemon, or this process where none can be had.
    pub fn lasting_line(&self) -> Result<Box<dyn Line>> {
        self.next_line().or_else(|failed| self.stand_in(failed))
    }

    /// The same to whoever comes after a daemon that went away, which is another daemon.
    pub fn next_line(&self) -> Result<Box<dyn Line>> {
        let ping = Asked { method: "GET", path: "/status".into(), ..Asked::default() };
        self.line(Answerer::Daemon).and_then(|mut line| line.ask(&ping).map(|_| line))
    }

    /// Asks by a line of one's own.
    pub fn ask_by(&self, line: &mut dyn Line, mut asked: Asked) -> Result<Answered> {
        self.introduce(&mut asked)?;
        self.screen.detail(format_args!("llmc: {} {}", asked.method, asked.path));
        line.ask(&asked)?.successful()
    }

    /// A question with all that goes along with one, for a line that lives apart from this.
    pub fn introduced(&self, mut asked: Asked) -> Result<Asked> {
        self.introduce(&mut asked)?;
        Ok(asked)
    }

    /// Begins a conversation by a line of one's own: the body is sent while the answer is read.
    pub fn converse_by(&self, line: &mut dyn Line, mut asked: Asked, body: Upload) -> Result<Answered> {
        self.introduce(&mut asked)?;
        self.screen.detail(format_args!("llmc: {} {}", asked.method, asked.path));
        line.converse(&asked, &mut Some(body))?.successful()
    }

    /// A line that ends in this process, where that helps against a failure.
    fn stand_in(&self, failed: Error) -> Result<Box<dyn Line>> {
        let may = failed.kind() == Kind::Unreachable && !self.global.no_daemon && !self.global.require_daemon;
        if !may {
            return Err(failed);
        }
        let inside = self.inside()?;
        let besides = inside.warning.map(|warning| format!("; {warning}")).unwrap_or_default();
        self.screen.warn(format_args!("no daemon can be had, so this is done without one: {failed}{besides}"));
        Ok(inside.line)
    }

    /// Asks and reads the whole answer as JSON.
    pub fn ask_json<T: serde::de::DeserializeOwned>(&self, answerer: Answerer, asked: Asked) -> Result<T> {
        let bytes = self.ask(answerer, asked)?.read_body()?;
        read_json(&bytes)
    }

    /// Says which settings this side goes by and which keys it sees. They travel with the request, so that nothing
    /// depends on where and when the daemon was started.
    fn introduce(&self, asked: &mut Asked) -> Result<()> {
        if let Some(path) = self.settings.user_file.as_ref().and_then(|path| path.to_str()) {
            asked.headers.push((headers::CONFIG, format!("{:x} {path}", self.settings.stamp)));
        }
        for (name, value) in self.environment.travelling() {
            if let Some(value) = value.to_str() {
                asked.headers.push((headers::VARIABLE, format!("{name} {value}")));
            }
        }
        for (name, provider) in &self.settings.settings.providers {
            let own = provider::dialect(&provider.kind).and_then(provider::Dialect::key_variable);
            if let Some(secret) = secret::from_environment(name, provider, own, &self.environment)? {
                asked.headers.push((headers::PROVIDER_KEY, format!("{name} {}", secret.reveal())));
            }
        }
        asked.headers.push((headers::PROVIDER_KEY, headers::KEYS_COMPLETE.to_owned()));
        Ok(())
    }
}

fn no_daemon(socket: &paths::Socket) -> Error {
    Error::new(Kind::Unreachable, format!("no daemon listens on `{}`", socket.path.display()))
        .hint("`llmc daemon start` starts one")
}

/// An answer of the daemon's as what it should be.
pub fn read_json<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|error| {
        Error::new(Kind::Other, "cannot read the daemon's answer").because(error).hint("`llmc daemon restart`")
    })
}
