//! llmc as a user runs it: the real program, real daemons, real signals. Every wait is for an event, with a deadline.

mod home;
mod line;
mod upstream;

mod activation;
mod answers;
mod batch;
mod cassettes;
mod completing;
mod dashboard;
mod detached;
mod disk;
mod doctor;
mod door;
mod durability;
mod errors;
mod exec;
mod fleet;
mod input;
mod lifecycle;
mod logging;
mod moving;
#[cfg(feature = "otlp")]
mod otlp;
mod peers;
mod routing;
mod screens;
mod secrets;
mod service;
mod sessions;
mod settings;
mod shell;
mod surroundings;
mod trouble;
mod upgrade;
mod watching;
mod workflow;

use std::time::{Duration, Instant};

use crate::support::at_length;

/// Nothing here takes longer, except where a test says so; a hang fails instead of stalling the suite.
const DEADLINE: Duration = Duration::from_secs(60);

/// Waits until something is the case.
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !is_so() {
        assert!(Instant::now() < deadline, "still not: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A process, by its number.
fn process(pid: u32) -> rustix::process::Pid {
    rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap()
}

fn signal(pid: u32, signal: rustix::process::Signal) {
    rustix::process::kill_process(process(pid), signal).unwrap();
}

/// True while a process is there and not a zombie.
fn is_alive(pid: u32) -> bool {
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else { return false };
    let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
    !matches!(state, Some('Z' | 'X') | None)
}
