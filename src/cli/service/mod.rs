//! `llmc daemon install` and `uninstall`: the daemon as a service of the user's own, made by whoever looks after services
//! on this platform. Data, settings and log are nobody's business here.

mod launchd;
mod systemd;

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::screen::Screen;
use crate::client;
use crate::config::paths::{self, Socket};
use crate::config::{Environment, folder};
use crate::error::{Error, Kind, Result};

/// Variables that say where things are: the service goes by those of whoever installs it.
const PLACES: [&str; 8] = [
    "LLMC_CONFIG",
    "LLMC_SOCKET",
    "LLMC_DATA_DIR",
    "LLMC_STATE_DIR",
    "LLMC_LOG",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
];

/// What a service is made of.
struct Service {
    /// llmc itself.
    program: PathBuf,
    /// Where it listens.
    socket: PathBuf,
    /// Where it logs.
    log: PathBuf,
    /// What is in its environment.
    variables: Vec<(&'static str, String)>,
}

/// A file of the service's, and what is in it.
struct Unit {
    path: PathBuf,
    text: String,
}

/// A call of the service manager.
struct Call {
    words: Vec<String>,
    /// What does not run need not be ended.
    may_fail: bool,
}

impl Call {
    fn of<const N: usize>(words: [&str; N]) -> Call {
        Call { words: words.map(str::to_owned).to_vec(), may_fail: false }
    }

    fn or_not(self) -> Call {
        Call { may_fail: true, ..self }
    }
}

/// What a platform's service manager wants.
struct Plan {
    units: Vec<Unit>,
    /// The program that is told.
    manager: &'static str,
    /// Ends a service whose units have changed.
    renew: Vec<Call>,
    /// Has the units read and the service begun; may be done again.
    begin: Vec<Call>,
    /// Ends the service.
    end: Vec<Call>,
    /// After the units are gone.
    after: Vec<Call>,
}

/// Writes the units and has them started, or shows them.
pub fn install(only_print: bool, socket: &Socket, environment: &Environment, screen: &Screen) -> Result<()> {
    let service = service(socket, environment)?;
    let plan = plan(&service, environment)?;
    if only_print {
        let shown = |unit: &Unit| format!("# {}\n{}", unit.path.display(), unit.text);
        return screen.piece(&plan.units.iter().map(shown).collect::<Vec<_>>().join("\n"));
    }
    let is_new = |unit: &Unit| fs::read_to_string(&unit.path).ok().as_ref() != Some(&unit.text);
    let changed: Vec<&Unit> = plan.units.iter().filter(|unit| is_new(unit)).collect();
    for unit in &changed {
        write(unit)?;
        screen.note(format_args!("written to {}", unit.path.display()));
    }
    if !is_here(plan.manager, environment) {
        return tell_what_to_run(&plan, &plan.begin, screen);
    }
    if !changed.is_empty() {
        plan.renew.iter().try_for_each(|call| run(&plan, call))?;
        // One that was started by hand holds the socket that the manager is to make.
        super::daemon::stop(socket, environment, screen)?;
    }
    plan.begin.iter().try_for_each(|call| run(&plan, call))?;
    screen.note("installed; it starts with the first question, or with the session");
    Ok(())
}

/// Has the service ended and takes the units away.
pub fn uninstall(socket: &Socket, environment: &Environment, screen: &Screen) -> Result<()> {
    let plan = plan(&service(socket, environment)?, environment)?;
    let is_there = plan.units.iter().any(|unit| unit.path.exists());
    let has_manager = is_here(plan.manager, environment);
    if has_manager && is_there {
        plan.end.iter().try_for_each(|call| run(&plan, call))?;
    }
    for unit in &plan.units {
        match fs::remove_file(&unit.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                let message = format!("cannot remove `{}`", unit.path.display());
                return Err(Error::new(Kind::Other, message).because(error));
            }
            Ok(()) => screen.note(format_args!("removed {}", unit.path.display())),
            Err(_) => {}
        }
    }
    if !is_there {
        screen.note("not installed");
        return Ok(());
    }
    if !has_manager {
        return tell_what_to_run(&plan, &plan.after, screen);
    }
    plan.after.iter().try_for_each(|call| run(&plan, call))?;
    screen.note("uninstalled; data, settings and log are where they were");
    Ok(())
}

fn service(socket: &Socket, environment: &Environment) -> Result<Service> {
    let program = client::this_program()
        .map_err(|error| Error::new(Kind::Other, "cannot tell where this program is").because(error))?;
    let whole = |name: &&'static str| {
        let value =
            if name.starts_with("XDG_") { environment.xdg(name)?.to_owned() } else { environment.path(name)? };
        // A level is no path.
        let text =
            if *name == "LLMC_LOG" { environment.text(name).ok()??.to_owned() } else { value.to_str()?.to_owned() };
        Some((*name, text))
    };
    let mut variables: Vec<(&'static str, String)> = PLACES.iter().filter_map(whole).collect();
    // Flags say the same as variables do.
    let mut set = |name: &'static str, path: Option<PathBuf>| {
        if let Some(path) = path.and_then(|path| path.to_str().map(str::to_owned)) {
            variables.retain(|(known, _)| *known != name);
            variables.push((name, path));
        }
    };
    set("LLMC_CONFIG", environment.config.as_deref().map(|path| environment.absolute(path)));
    set("LLMC_SOCKET", environment.socket.as_deref().map(|path| environment.absolute(path)));
    let log = paths::log_file(environment)?;
    for text in variables
        .iter()
        .map(|(_, value)| value.as_str())
        .chain([&program, &socket.path].iter().filter_map(|path| path.to_str()))
    {
        if text.chars().any(char::is_control) {
            return Err(Error::new(Kind::Usage, format!("`{}` cannot be in a service's file", text.escape_debug()))
                .hint("name a place without control characters"));
        }
    }
    Ok(Service { program, socket: socket.path.clone(), log, variables })
}

fn plan(service: &Service, environment: &Environment) -> Result<Plan> {
    let home = environment
        .home()
        .ok_or_else(|| Error::new(Kind::Usage, "no place for the service").because("HOME is not set").hint("set HOME"));
    if cfg!(target_os = "macos") {
        return Ok(launchd::plan(service, home?, environment.user));
    }
    let config = match environment.xdg("XDG_CONFIG_HOME") {
        Some(config) => config.to_owned(),
        None => home?.join(".config"),
    };
    Ok(systemd::plan(service, &config))
}

fn write(unit: &Unit) -> Result<()> {
    let cannot = |error: std::io::Error| {
        Error::new(Kind::Other, format!("cannot write `{}`", unit.path.display())).because(error)
    };
    fs::create_dir_all(unit.path.parent().unwrap_or(Path::new("/"))).map_err(cannot)?;
    folder::replace_file(&unit.path, Some(0o644), cannot, |file| file.write_all(unit.text.as_bytes()).map_err(cannot))
}

/// Whether a program is in `PATH`.
fn is_here(program: &str, environment: &Environment) -> bool {
    let path = environment.variable("PATH").unwrap_or_default();
    std::env::split_paths(path).any(|folder| folder.join(program).is_file())
}

fn run(plan: &Plan, call: &Call) -> Result<()> {
    let words = words(plan, call);
    let failed = |cause: &dyn std::fmt::Display| {
        Error::new(Kind::Other, format!("`{words}` failed"))
            .because(cause)
            .hint(format!("the files are written: run `{words}` in a session of your own"))
    };
    let ran =
        Command::new(plan.manager).args(&call.words).stdin(Stdio::null()).output().map_err(|error| failed(&error))?;
    if ran.status.success() || call.may_fail {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&ran.stderr);
    Err(failed(&if said.trim().is_empty() { ran.status.to_string() } else { said.trim().to_owned() }))
}

fn words(plan: &Plan, call: &Call) -> String {
    format!("{} {}", plan.manager, call.words.join(" "))
}

fn tell_what_to_run(plan: &Plan, calls: &[Call], screen: &Screen) -> Result<()> {
    let told: Vec<String> = calls.iter().map(|call| format!("`{}`", words(plan, call))).collect();
    screen.warn(format_args!("`{}` is not here: run {} where it is", plan.manager, told.join(", then ")));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn example() -> Service {
        Service {
            program: "/opt/a b/100%/llmc".into(),
            socket: "/run/user/1000/llmc/llmc.sock".into(),
            log: "/home/u/.local/state/llmc/daemon.log".into(),
            variables: vec![("LLMC_DATA_DIR", "/data/\"$x\" & <y>".into())],
        }
    }
}
