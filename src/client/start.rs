//! Starting the daemon: once, however many ask for it, and without anything of the asker's left in its hands.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::socket::{Alive, peek, stuck};
use crate::api::problem::Problem;
use crate::claim::{self, Claim};
use crate::config::paths::{self, Socket};
use crate::config::{self, Environment};
use crate::error::{Error, Kind, Result};

/// A daemon that does not say within this whether it has started is given up.
const START_WITHIN: Duration = Duration::from_secs(60);

/// In CI nobody stops a daemon: it leaves by itself.
const IDLE_EXIT_IN_CI: &str = "10m";

/// Makes sure a daemon answers the socket.
pub fn start(socket: &Socket, environment: &Environment) -> Result<()> {
    socket.prepare().map_err(no_daemon_then)?;
    let _starting = Claim::wait(&claim::start_lock(&socket.path), START_WITHIN)?.ok_or_else(|| stuck(socket))?;
    match peek(socket)? {
        Alive::Yes(_) => return Ok(()),
        Alive::Stuck => return Err(stuck(socket)),
        Alive::No => {}
    }
    let child = spawn(socket, environment)?;
    wait_for(child).map_err(no_daemon_then)
}

/// A folder that cannot be made, a log that cannot be written: the answer can be had without a daemon. What the user
/// got wrong stays wrong without one.
fn no_daemon_then(error: Error) -> Error {
    if error.kind() == Kind::Other { error.as_kind(Kind::Unreachable) } else { error }
}

fn spawn(socket: &Socket, environment: &Environment) -> Result<Child> {
    let cannot =
        |cause: &dyn std::fmt::Display| Error::new(Kind::Unreachable, "cannot start the daemon").because(cause);
    let program = this_program().map_err(|error| cannot(&error))?;
    let mut command = Command::new(program);
    command.args(["daemon", "run", "--detached"]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command.current_dir("/").env("LLMC_SOCKET", &socket.path);
    if let Ok(config) = paths::config_file(environment) {
        command.env("LLMC_CONFIG", config);
    }
    if environment.variable("CI").is_some_and(|ci| !ci.is_empty() && ci != "false") {
        command.args(["--idle-exit", IDLE_EXIT_IN_CI]);
    }
    // Keys travel with each request: one the daemon was born with would outlive its replacement.
    for variable in environment.names().filter(|name| name.as_encoded_bytes().ends_with(b"_API_KEY")) {
        command.env_remove(variable);
    }
    // Settings that cannot be read name no variable, and no daemon starts by them.
    if let Ok(resolved) = config::load(environment) {
        for variable in resolved.settings.providers.values().filter_map(|provider| provider.api_key_env.as_ref()) {
            command.env_remove(variable);
        }
    }
    command.spawn().map_err(|error| cannot(&error))
}

/// The program as it is on disk now, replaced or not.
pub fn this_program() -> std::io::Result<PathBuf> {
    let program = std::env::current_exe()?;
    // Linux names a replaced file so; its successor has the name without.
    match program.to_str().and_then(|path| path.strip_suffix(" (deleted)")) {
        Some(replaced) => Ok(PathBuf::from(replaced)),
        None => Ok(program),
    }
}

/// Reads the one line a starting daemon says.
fn wait_for(mut child: Child) -> Result<()> {
    let silent = || {
        Error::new(Kind::Unreachable, "the daemon did not start")
            .hint("`llmc daemon run` shows what keeps it from starting")
    };
    let output = child.stdout.take().ok_or_else(silent)?;
    let mut said = String::new();
    BufReader::new(output).read_line(&mut said).map_err(|error| silent().because(error))?;
    match said.trim() {
        "ready" => Ok(()),
        said => Err(serde_json::from_str::<Problem>(said).map_or_else(|_| silent(), Error::from)),
    }
}
