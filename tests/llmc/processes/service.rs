//! The daemon as a service: what is written, what the service manager is told, and what stays when it is taken away. And
//! the log, followed.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc;

use super::home::{Home, LLMC};
use super::{DEADLINE, is_alive, until};

/// A home with a service manager that notes what it is told, and does it no more than that.
fn managed() -> Home {
    let mut home = Home::new();
    let programs = home.path("programs");
    fs::create_dir(&programs).unwrap();
    let manager = programs.join("systemctl");
    fs::write(&manager, format!("#!/bin/sh\necho \"$@\" >>'{}'\n", home.path("told").display())).unwrap();
    fs::set_permissions(&manager, Permissions::from_mode(0o755)).unwrap();
    home.set("PATH", format!("{}:/usr/bin:/bin", programs.display()));
    home
}

fn told(home: &Home) -> String {
    fs::read_to_string(home.path("told")).unwrap_or_default()
}

fn unit(home: &Home, name: &str) -> PathBuf {
    home.path("config/systemd/user").join(name)
}

#[cfg(target_os = "linux")]
#[test]
fn an_installed_service_listens_where_the_commands_ask_and_goes_by_their_places() {
    let home = managed();
    let by_hand = home.daemon();

    home.llmc(["daemon", "install"]).ok().says("installed");

    let socket = fs::read_to_string(unit(&home, "llmc.socket")).unwrap();
    assert!(socket.contains(&format!("ListenStream={}\n", home.socket().display())), "{socket}");
    let service = fs::read_to_string(unit(&home, "llmc.service")).unwrap();
    assert!(service.contains(&format!("ExecStart=\"{LLMC}\" daemon run --log-to-file\n")), "{service}");
    assert!(service.contains(&format!("Environment=\"LLMC_DATA_DIR={}\"", home.path("data").display())), "{service}");
    let last = told(&home);
    assert!(last.ends_with("--user daemon-reload\n--user enable --now llmc.socket\n"), "{last}");
    until("the one started by hand makes room", || !is_alive(by_hand));
}

#[cfg(target_os = "linux")]
#[test]
fn installing_again_changes_nothing_and_ends_nothing() {
    let home = managed();
    home.llmc(["daemon", "install"]).ok();
    let running = home.daemon();
    let before = fs::metadata(unit(&home, "llmc.service")).unwrap().modified().unwrap();

    home.llmc(["daemon", "install"]).ok();

    assert_eq!(fs::metadata(unit(&home, "llmc.service")).unwrap().modified().unwrap(), before);
    assert_eq!(home.pid(), running);
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_printed_is_what_would_be_written_and_nothing_is() {
    let home = managed();

    let printed = home.llmc(["daemon", "install", "--print"]).ok().out;

    assert!(!unit(&home, "llmc.service").exists() && told(&home).is_empty());
    home.llmc(["daemon", "install"]).ok();
    for name in ["llmc.service", "llmc.socket"] {
        assert!(printed.contains(&fs::read_to_string(unit(&home, name)).unwrap()), "{printed}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn taking_the_service_away_leaves_what_is_kept() {
    let home = managed();
    home.generate(["hi"]);
    home.llmc(["daemon", "install"]).ok();

    home.llmc(["daemon", "uninstall"]).ok().says("are where they were");

    assert!(!unit(&home, "llmc.service").exists() && !unit(&home, "llmc.socket").exists());
    assert!(told(&home).contains("disable --now llmc.socket"), "{}", told(&home));
    home.llmc(["generate", "--offline", "hi"]).prints("hi\n");
    home.llmc(["daemon", "uninstall"]).ok().says("not installed");
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_service_manager_the_files_are_written_and_it_is_said_what_to_run() {
    let mut home = Home::new();
    home.set("PATH", home.path("none"));

    home.llmc(["daemon", "install"]).ok().says("systemctl --user enable --now llmc.socket");

    assert!(unit(&home, "llmc.socket").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_service_manager_that_fails_is_told_with_the_command_to_run() {
    let home = managed();
    let manager = home.path("programs/systemctl");
    fs::write(&manager, "#!/bin/sh\necho 'no bus' >&2\nexit 1\n").unwrap();

    home.llmc(["daemon", "install"]).exits(1).says("no bus").hints("systemctl --user daemon-reload");
}

#[cfg(target_os = "linux")]
#[test]
fn systemd_understands_the_units() {
    let mut home = managed();
    // Names that a unit's own syntax would make something of.
    let data = home.path("da ta/100%n $HOME");
    home.set("LLMC_DATA_DIR", &data);
    home.llmc(["daemon", "install"]).ok();

    let verify = Command::new("systemd-analyze")
        .args(["--user", "--man=no", "verify"])
        .args([unit(&home, "llmc.socket"), unit(&home, "llmc.service")])
        .env("XDG_RUNTIME_DIR", home.path("runtime"))
        .output();

    let Ok(verified) = verify else { return };
    let said = String::from_utf8_lossy(&verified.stderr);
    let ours: Vec<&str> = said.lines().filter(|line| line.contains("llmc.")).collect();
    assert!(ours.is_empty(), "{said}");
}

#[test]
fn a_daemon_in_the_foreground_may_log_to_the_file() {
    let home = Home::new();
    let daemon = home.start(["daemon", "run", "--log-to-file"]);
    until("the daemon answers", || home.status().is_some());

    assert!(home.log().contains("listening"), "{}", home.log());
    super::signal(daemon.pid(), rustix::process::Signal::TERM);
    daemon.end().ok().says_nothing();
}

#[test]
fn a_followed_log_goes_on_when_it_is_put_aside() {
    let home = Home::new();
    let log = home.path("state/daemon.log");
    fs::create_dir(home.path("state")).unwrap();
    fs::write(&log, "one\ntwo\nthree\n").unwrap();
    let mut following =
        home.command(["daemon", "logs", "-f", "-n", "2"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let (sender, lines) = mpsc::channel();
    let out = BufReader::new(following.stdout.take().unwrap());
    std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
    let next = || lines.recv_timeout(DEADLINE).unwrap();
    assert_eq!([next(), next()], ["two", "three"]);

    let mut file = fs::OpenOptions::new().append(true).open(&log).unwrap();
    writeln!(file, "four").unwrap();
    assert_eq!(next(), "four");
    fs::rename(&log, home.path("state/daemon.log.1")).unwrap();
    writeln!(file, "five").unwrap();
    fs::write(&log, "six\n").unwrap();

    assert_eq!([next(), next()], ["five", "six"]);
    following.kill().unwrap();
    following.wait().unwrap();
}
