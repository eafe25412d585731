//! A socket that a service manager made and passed on: served, and never taken away.

use std::fs;
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixListener;
use std::process::Stdio;

use super::home::{Held, Home, LLMC, Running};
use super::{signal, until};

/// A daemon on a passed socket, the way systemd starts it.
pub fn activated(home: &Home) -> Running {
    fs::create_dir(home.path("run")).unwrap();
    let listener = UnixListener::bind(home.socket()).unwrap();
    // The shell moves the descriptor to its place: from here on standard input is what it always was.
    let script = format!("exec 3<&0 </dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec '{LLMC}' daemon run");
    let mut command = home.program("sh");
    Running::start(command.args(["-c", &script]).stdin(Stdio::from(OwnedFd::from(listener))))
}

#[test]
fn a_passed_socket_is_served_and_outlives_the_daemon() {
    let home = Home::new();
    let daemon = activated(&home);
    let inode = fs::metadata(home.socket()).unwrap().ino();

    home.llmc(["generate", "hi"]).prints("hi\n").says_nothing();
    assert_eq!(home.pid(), daemon.pid());
    signal(daemon.pid(), rustix::process::Signal::TERM);
    daemon.end().ok();

    assert_eq!(fs::metadata(home.socket()).unwrap().ino(), inode);
}

#[test]
fn whoever_made_the_socket_is_not_ended_in_place_of_a_daemon_that_hangs() {
    let home = Home::new();
    let daemon = activated(&home);
    until("the daemon answers", || home.status().is_some());
    let _held = Held::still(daemon.pid());

    // The kernel names this very process as the one behind the socket: a careless restart would end the test.
    home.llmc(["daemon", "restart"]).ok();

    assert_ne!(home.pid(), daemon.pid());
}

#[test]
fn variables_meant_for_another_process_pass_nothing() {
    let mut home = Home::new();
    home.set("LISTEN_FDS", "1").set("LISTEN_PID", "1");
    home.llmc(["generate", "hi"]).prints("hi\n").says_nothing();

    home.llmc(["daemon", "stop"]).ok();
    home.unset("LISTEN_PID");
    home.llmc(["generate", "hi"]).prints("hi\n").says_nothing();
    home.pid();
}
