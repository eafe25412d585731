//! From the start of a daemon to its first answer, as somebody who waits for it sees it.

use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::client::{self, Connection};
use super::figures::Figures;

const TRY_EVERY: Duration = Duration::from_micros(200);
const LONGEST: Duration = Duration::from_secs(10);

/// The surroundings say where its socket, which is `socket`, its settings and its data are.
pub fn run(runs: usize, socket: &str, program: &str) {
    let request = client::generate("are you there?", "echo/echo", false);
    let mut figures = Figures::of("start");
    for _ in 0..runs {
        let mut command = Command::new(program);
        command.args(["daemon", "run"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let begun = Instant::now();
        let mut daemon = command.spawn().unwrap();
        Connection::new(connect(socket, begun)).ask(&request);
        figures.add(begun.elapsed());
        kill_process(Pid::from_child(&daemon), Signal::TERM).unwrap();
        daemon.wait().unwrap();
    }
    figures.tell(&[]);
}

fn connect(socket: &str, begun: Instant) -> UnixStream {
    loop {
        match UnixStream::connect(socket) {
            Ok(stream) => return stream,
            Err(error) => assert!(begun.elapsed() < LONGEST, "it does not start: {error}"),
        }
        std::thread::sleep(TRY_EVERY);
    }
}
