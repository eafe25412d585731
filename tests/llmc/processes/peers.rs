//! Who is at the other end of the socket: nobody but the same user is served, and nobody else's daemon is believed.
//!
//! Only the superuser can be somebody else; tests run by anyone else say that they showed nothing.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader};
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::activation::activated;
use super::home::Home;
use super::until;

/// `nobody`, on every system that has one.
const SOMEBODY_ELSE: u32 = 65534;

#[allow(clippy::print_stderr)]
fn may_be_somebody_else() -> bool {
    let may = rustix::process::geteuid().is_root();
    if !may {
        eprintln!("skip: only the superuser can be another user, so this shows nothing");
    }
    may
}

/// A Python program run by another user.
fn somebody_else(script: &str) -> Command {
    let mut command = Command::new("python3");
    command.args(["-c", script]).current_dir("/").uid(SOMEBODY_ELSE).gid(SOMEBODY_ELSE);
    command
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn another_user_is_hung_up_on() {
    if !may_be_somebody_else() {
        return;
    }
    let home = Home::new();
    let _daemon = activated(&home);
    until("the daemon answers", || home.status().is_some());
    // What a careless service manager might do: the socket is there for everybody.
    set_mode(&home.path(""), 0o755);
    set_mode(&home.path("run"), 0o755);
    set_mode(&home.socket(), 0o777);
    let ask = "import socket, sys
asked = socket.socket(socket.AF_UNIX)
asked.connect(sys.argv[1])
try:
    asked.sendall(b'GET /status HTTP/1.1\\r\\nhost: llmc\\r\\n\\r\\n')
    print('heard', len(asked.recv(100)))
except (BrokenPipeError, ConnectionResetError):
    print('heard', 0)";

    let heard = somebody_else(ask).arg(home.socket()).output().unwrap();

    assert_eq!(String::from_utf8_lossy(&heard.stdout), "heard 0\n", "{}", String::from_utf8_lossy(&heard.stderr));
}

#[test]
fn a_daemon_of_another_user_is_not_believed() {
    if !may_be_somebody_else() {
        return;
    }
    let home = Home::new();
    fs::create_dir(home.path("run")).unwrap();
    set_mode(&home.path("run"), 0o700);
    let listener = UnixListener::bind(home.socket()).unwrap();
    // Whoever listens last is whom the kernel names.
    let serve = "import socket
listener = socket.socket(fileno=0)
listener.listen(5)
print('listening', flush=True)
while True:
    asked, _ = listener.accept()
    asked.sendall(b'HTTP/1.1 200 OK\\r\\nllmc-protocol: 1\\r\\ncontent-length: 2\\r\\n\\r\\n{}')
    asked.recv(1)
    asked.close()";
    let mut other =
        somebody_else(serve).stdin(Stdio::from(OwnedFd::from(listener))).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    BufReader::new(other.stdout.take().unwrap()).read_line(&mut said).unwrap();

    let ran = home.llmc(["--require-daemon", "generate", "a secret"]);

    other.kill().unwrap();
    other.wait().unwrap();
    assert_eq!(said, "listening\n");
    ran.fails(6, "it belongs to user 65534");
}
