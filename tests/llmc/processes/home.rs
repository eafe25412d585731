//! A home of a test's own: every file llmc touches lies in it, nothing of the developer's reaches it, and the daemon
//! that was started in it is gone when it is dropped.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt::Display;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Instant;

use serde_json::Value;

use super::line::{self, Told};
use super::upstream::Upstream;
use super::{DEADLINE, is_alive, signal, until};

/// The program under test.
pub const LLMC: &str = env!("CARGO_BIN_EXE_llmc");

/// Settings under which no limit is met by accident and failures do not dawdle.
const CONFIG: &str = r#"default_model = "echo/echo"

[rate_limit]
llm = 1000000
standard = 1000000
expensive = 1000000

[retry]
max_attempts = 2
base_delay = "1ms"
"#;

pub struct Home {
    folder: tempfile::TempDir,
    variables: BTreeMap<OsString, OsString>,
}

impl Home {
    pub fn new() -> Home {
        let folder = tempfile::Builder::new().prefix("llmc").tempdir().unwrap();
        let mut home = Home { folder, variables: BTreeMap::new() };
        for (variable, place) in [
            ("HOME", "home"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_DATA_HOME", "share"),
            ("XDG_STATE_HOME", "states"),
            ("XDG_RUNTIME_DIR", "runtime"),
            ("LLMC_DATA_DIR", "data"),
            ("LLMC_STATE_DIR", "state"),
            ("LLMC_SOCKET", "run/llmc.sock"),
            ("LLMC_CONFIG", "config.toml"),
        ] {
            let place = home.path(place);
            home.set(variable, place);
        }
        if let Some(path) = std::env::var_os("PATH") {
            home.set("PATH", path);
        }
        fs::create_dir(home.path("work")).unwrap();
        fs::create_dir(home.path("home")).unwrap();
        home.configure("");
        home
    }

    /// Adds to the settings every test begins with.
    pub fn configure(&self, more: &str) {
        fs::write(self.path("config.toml"), format!("{CONFIG}\n{more}")).unwrap();
    }

    /// Settings with a provider `fake` at a server of the test's own.
    pub fn with_upstream(upstream: &Upstream) -> Home {
        let home = Home::new();
        home.configure(&upstream.settings("fake"));
        home
    }

    pub fn set(&mut self, variable: &str, value: impl AsRef<OsStr>) -> &mut Home {
        self.variables.insert(variable.into(), value.as_ref().to_owned());
        self
    }

    pub fn unset(&mut self, variable: &str) -> &mut Home {
        self.variables.remove(OsStr::new(variable));
        self
    }

    pub fn path(&self, place: &str) -> PathBuf {
        self.folder.path().join(place)
    }

    pub fn socket(&self) -> PathBuf {
        PathBuf::from(&self.variables[OsStr::new("LLMC_SOCKET")])
    }

    pub fn lock(&self) -> PathBuf {
        let mut path = self.socket().into_os_string();
        path.push(".lock");
        path.into()
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.path("state/daemon.log")).unwrap_or_default()
    }

    /// Writes a file into the working folder.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path("work").join(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// Any program in this home's surroundings and nothing else's.
    pub fn program(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(&self.variables).current_dir(self.path("work")).stdin(Stdio::null());
        command
    }

    pub fn command<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command {
        let mut command = self.program(LLMC);
        command.args(arguments);
        command
    }

    /// Runs llmc to its end.
    pub fn llmc<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Ran {
        Running::start(&mut self.command(arguments)).end()
    }

    /// Runs llmc and gives it something on standard input.
    pub fn llmc_reading<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>, input: &[u8]) -> Ran {
        Running::start_reading(&mut self.command(arguments), input).end()
    }

    /// Starts llmc and lets it run.
    pub fn start<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Running {
        Running::start(&mut self.command(arguments))
    }

    /// Runs a shell script in which `llmc` is the program under test.
    pub fn shell(&self, script: &str) -> Ran {
        let script = format!("llmc() {{ '{LLMC}' \"$@\"; }}\n{script}");
        Running::start(self.program("sh").args(["-c", &script])).end()
    }

    /// Asks for an answer and takes it apart; it must be one.
    pub fn generate<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Value {
        let mut command = self.command(["generate", "--json"]);
        command.args(arguments);
        Running::start(&mut command).end().json()
    }

    pub fn status(&self) -> Option<Value> {
        let ran = self.llmc(["daemon", "status", "--json"]);
        (ran.code == 0).then(|| ran.json())
    }

    /// The daemon's process; there must be one.
    pub fn pid(&self) -> u32 {
        let status = self.status().expect("a daemon runs");
        u32::try_from(status["pid"].as_u64().unwrap()).unwrap()
    }

    /// Starts a daemon; its process.
    pub fn daemon(&self) -> u32 {
        self.llmc(["daemon", "start"]).ok();
        self.pid()
    }

    /// True where somebody holds the daemon's lock.
    pub fn is_claimed(&self) -> bool {
        match File::open(self.lock()) {
            Ok(file) => file.try_lock().is_err(),
            Err(_) => false,
        }
    }

    /// Asks the daemon past the command line, with no header that llmc's own client would send.
    pub fn tell(&self, method: &str, path: &str, body: &str) -> Told {
        self.try_telling(method, path, body).unwrap()
    }

    /// The same of a daemon that may be gone.
    pub fn try_telling(&self, method: &str, path: &str, body: &str) -> std::io::Result<Told> {
        line::ask(&self.socket(), method, path, body)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let Some(status) = self.status() else { return };
        let Some(pid) = status["pid"].as_u64().and_then(|pid| u32::try_from(pid).ok()) else { return };
        // It has just said that this is its number.
        signal(pid, rustix::process::Signal::TERM);
        let deadline = Instant::now() + std::time::Duration::from_secs(5);
        while is_alive(pid) && Instant::now() < deadline {
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        if is_alive(pid) {
            signal(pid, rustix::process::Signal::KILL);
        }
    }
}

/// A program that runs.
pub struct Running {
    child: Child,
    out: Receiver<Vec<u8>>,
    err: Receiver<Vec<u8>>,
    name: String,
}

impl Running {
    pub fn start(command: &mut Command) -> Running {
        let name = format!("{command:?}").rsplit_once(LLMC).map_or_else(String::new, |(_, rest)| rest.to_owned());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (out, err) = (collect(child.stdout.take()), collect(child.stderr.take()));
        Running { child, out, err, name }
    }

    pub fn start_reading(command: &mut Command, input: &[u8]) -> Running {
        let mut running = Running::start(command.stdin(Stdio::piped()));
        let mut pipe = running.child.stdin.take().unwrap();
        let input = input.to_owned();
        // A program that does not read to the end is judged by what it says, not by the broken pipe.
        std::thread::spawn(move || pipe.write_all(&input));
        running
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits until it has ended and everybody who could still write to its output has let go of it.
    pub fn end(mut self) -> Ran {
        let status = self.wait();
        let code = status.code().unwrap_or_else(|| panic!("`llmc{}` ended by {status}", self.name));
        let rest = |pipe: &Receiver<Vec<u8>>, which: &str| {
            let held = format!("somebody still holds {which} of `llmc{}`", self.name);
            pipe.recv_timeout(DEADLINE).expect(&held)
        };
        let (out, err) = (rest(&self.out, "standard output"), rest(&self.err, "standard error"));
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ran { code, out: text(&out), err: text(&err), name: std::mem::take(&mut self.name) }
    }

    /// Waits until it has ended, however.
    pub fn wait(&mut self) -> ExitStatus {
        let deadline = Instant::now() + DEADLINE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            if Instant::now() >= deadline {
                let _ = self.child.kill();
                let said = self.err.recv_timeout(std::time::Duration::from_secs(1)).unwrap_or_default();
                panic!("`llmc{}` hangs; it said: {}", self.name, String::from_utf8_lossy(&said));
            }
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn collect(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    let mut pipe = pipe.unwrap();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        let _ = sender.send(bytes);
    });
    receiver
}

/// What a program left behind.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
    name: String,
}

impl Ran {
    /// It must have ended so.
    #[track_caller]
    pub fn exits(self, code: i32) -> Ran {
        assert_eq!(self.code, code, "`llmc{}`\nout: {}\nerr: {}", self.name, self.out, self.err);
        self
    }

    #[track_caller]
    pub fn ok(self) -> Ran {
        self.exits(0)
    }

    /// It must have gone well and printed exactly this.
    #[track_caller]
    pub fn prints(self, text: impl Display) -> Ran {
        let ran = self.ok();
        assert_eq!(ran.out, text.to_string(), "`llmc{}`\nerr: {}", ran.name, ran.err);
        ran
    }

    /// It must have said this on standard error.
    #[track_caller]
    pub fn says(self, text: &str) -> Ran {
        assert!(self.err.contains(text), "`llmc{}` does not say `{text}`\nerr: {}", self.name, self.err);
        self
    }

    /// It must have said nothing on standard error.
    #[track_caller]
    pub fn says_nothing(self) -> Ran {
        assert_eq!(self.err, "", "`llmc{}`", self.name);
        self
    }

    /// It must have failed, printing nothing, with an error in llmc's form, and as one object with `--json`.
    #[track_caller]
    pub fn fails(self, code: i32, message: &str) -> Ran {
        let ran = self.exits(code);
        assert_eq!(ran.out, "", "a failed call prints nothing");
        let error = ran.err.lines().find(|line| !line.starts_with("llmc: warning: "));
        let error = error.and_then(|line| line.strip_prefix("llmc: "));
        let Some(error) = error else { panic!("`llmc{}` says: {}", ran.name, ran.err) };
        assert!(error.contains(message), "`llmc{}` does not say `{message}`: {}", ran.name, ran.err);
        ran
    }

    /// And it must have said what to do.
    #[track_caller]
    pub fn hints(self, text: &str) -> Ran {
        let hint = self.err.lines().find_map(|line| line.strip_prefix("hint: "));
        assert!(hint.is_some_and(|hint| hint.contains(text)), "no hint of `{text}`: {}", self.err);
        self
    }

    #[track_caller]
    pub fn json(self) -> Value {
        let ran = self.ok();
        serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}", ran.out))
    }

    /// The error as `--json` tells it.
    #[track_caller]
    pub fn problem(&self) -> Value {
        let problem: Value = serde_json::from_str(&self.err).unwrap_or_else(|error| panic!("{error}: {}", self.err));
        assert!(problem["error"]["message"].is_string(), "{problem}");
        problem
    }
}

/// Holds a process still; lets it go when dropped, so that whoever cleans up can end it.
pub struct Held(u32);

impl Held {
    pub fn still(pid: u32) -> Held {
        signal(pid, rustix::process::Signal::STOP);
        until("the process is stopped", || {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
            stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('T'))
        });
        Held(pid)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // It may have been ended meanwhile, which is what some tests are about.
        let _ = rustix::process::kill_process(super::process(self.0), rustix::process::Signal::CONT);
    }
}

/// Every file under a folder.
pub fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let Ok(listing) = fs::read_dir(folder) else { return files };
    for entry in listing {
        let path = entry.unwrap().path();
        let kind = fs::symlink_metadata(&path).unwrap().file_type();
        if kind.is_dir() {
            files.extend(files_under(&path));
        } else if kind.is_file() {
            files.push(path);
        }
    }
    files
}
