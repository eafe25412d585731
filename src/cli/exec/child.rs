//! The program itself: started with its own terminal and pipes, told of every signal, waited for.

use std::ffi::OsString;
use std::fs::File;
use std::io::ErrorKind;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use rustix::process::{Pid, Signal, kill_process};
use tokio::signal::unix::{SignalKind, signal};

use super::surroundings::Surroundings;
use crate::error::{Error, Kind, Result};

/// What shells say of a command that is not there, and of one that cannot be run.
const NOT_FOUND: u8 = 127;
const NOT_RUNNABLE: u8 = 126;

/// What goes wrong on this side.
const FAILED: u8 = 1;

/// Runs the program and returns the code a shell would tell: its own, or 128 and the signal that ended it. Where it
/// cannot be run, why, and the code a shell would tell of that.
pub fn run(command: &[OsString], surroundings: &Surroundings) -> Result<u8, (Error, u8)> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| (Error::new(Kind::Other, "cannot start a runtime").because(error), FAILED))?;
    runtime.block_on(run_within(command, surroundings))
}

async fn run_within(command: &[OsString], surroundings: &Surroundings) -> Result<u8, (Error, u8)> {
    let [program, arguments @ ..] = command else {
        let none = Error::new(Kind::Usage, "no command is given").hint("`llmc exec -- CMD…`");
        return Err((none, Kind::Usage.exit_code()));
    };
    let cannot = |error: std::io::Error| {
        Error::new(Kind::Other, format!("cannot run `{}`", program.to_string_lossy())).because(error)
    };
    // Taken before the program starts, so that none is missed.
    let listen = |kind| signal(kind).map_err(|error| (cannot(error), FAILED));
    let mut interrupt = listen(SignalKind::interrupt())?;
    let mut quit = listen(SignalKind::quit())?;
    let mut terminate = listen(SignalKind::terminate())?;
    let mut hang_up = listen(SignalKind::hangup())?;
    let mut first = listen(SignalKind::user_defined1())?;
    let mut second = listen(SignalKind::user_defined2())?;

    let mut started = tokio::process::Command::new(program);
    started.args(arguments);
    for name in &surroundings.removed {
        started.env_remove(name);
    }
    started.envs(surroundings.set.iter().map(|(name, value)| (name, value)));
    let mut child = match started.spawn() {
        Ok(child) => child,
        Err(error) => {
            let code = if error.kind() == ErrorKind::NotFound { NOT_FOUND } else { NOT_RUNNABLE };
            return Err((cannot(error), code));
        }
    };
    let pid = child.id().and_then(|pid| i32::try_from(pid).ok()).and_then(Pid::from_raw);
    let pass_on = |signal: Signal| {
        // Gone already where it fails; the waiting below then ends.
        let _ = pid.map(|pid| kill_process(pid, signal));
    };
    // A terminal tells the whole group of a key that was pressed; telling it again would make one press two.
    let by_terminal = is_before_the_terminal();
    loop {
        tokio::select! {
            ended = child.wait() => return ended.map(code).map_err(|error| (cannot(error), FAILED)),
            _ = interrupt.recv() => if !by_terminal { pass_on(Signal::INT) },
            _ = quit.recv() => if !by_terminal { pass_on(Signal::QUIT) },
            _ = terminate.recv() => pass_on(Signal::TERM),
            _ = hang_up.recv() => pass_on(Signal::HUP),
            _ = first.recv() => pass_on(Signal::USR1),
            _ = second.recv() => pass_on(Signal::USR2),
        }
    }
}

/// True where this process's group is the one its terminal speaks to.
fn is_before_the_terminal() -> bool {
    let Ok(terminal) = File::open("/dev/tty") else { return false };
    rustix::termios::tcgetpgrp(&terminal).is_ok_and(|group| group == rustix::process::getpgrp())
}

fn code(ended: ExitStatus) -> u8 {
    let code = ended.code().or_else(|| ended.signal().map(|signal| 128 + signal)).unwrap_or(1);
    u8::try_from(code & 0xff).unwrap_or(1)
}
