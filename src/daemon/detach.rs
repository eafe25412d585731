//! Leaving the shell behind: before any thread or runtime starts, the daemon lets go of everything it was handed.

use std::fs;

use crate::error::{Error, Kind, Result};

/// Closes every descriptor but the standard three, leaves the session and the folder it was started in.
/// Standard output stays: it is the pipe on which the starter waits for [`ready`].
pub fn let_go() -> Result<()> {
    close_inherited();
    // Fails only for a group leader, which a spawned process is not; then it has a session of its own already.
    let _ = rustix::process::setsid();
    std::env::set_current_dir("/")
        .map_err(|error| Error::new(Kind::Other, "cannot leave the folder it was started in").because(error))
}

/// Descriptors of `$(…)`, `| tee` and `make` must not be held open by a daemon they know nothing of.
fn close_inherited() {
    let Ok(listing) = fs::read_dir("/dev/fd") else { return };
    let open: Vec<i32> = listing
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|number| *number > 2)
        .collect();
    for descriptor in open {
        // The listing's own is among them, closed by now: that one fails, and nothing is lost.
        let _ = nix::unistd::close(descriptor);
    }
}

/// Tells the starter that the socket answers, and lets go of the pipe.
pub fn ready() -> Result<()> {
    say("ready\n")
}

/// Tells the starter why it cannot start.
pub fn failed(error: &Error) -> Result<()> {
    let problem = crate::api::problem::Problem::from(error);
    say(&format!("{}\n", serde_json::to_string(&problem).unwrap_or_default()))
}

fn say(line: &str) -> Result<()> {
    let cannot = |error: rustix::io::Errno| Error::new(Kind::Other, "cannot answer the starter").because(error);
    // Written past the standard library, which would keep a line back and die of a starter that has gone.
    let _ = rustix::io::write(rustix::stdio::stdout(), line.as_bytes());
    let null = rustix::fs::open("/dev/null", rustix::fs::OFlags::WRONLY, rustix::fs::Mode::empty()).map_err(cannot)?;
    rustix::stdio::dup2_stdout(&null).map_err(cannot)
}

/// A crash must not write keys to disk.
pub fn forbid_core_dumps() {
    let none = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
    let _ = rustix::process::setrlimit(rustix::process::Resource::Core, none);
    // A core that is handed to a program is made whatever the limit: let nothing of memory be in it. Linux alone has this.
    let _ = fs::write("/proc/self/coredump_filter", "0");
}
