//! `llmc stats --watch` on a real pseudo-terminal: it draws, follows the terminal's size, and gives the terminal back.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::ffi::OsStringExt;
use std::process::{Child, ExitStatus};
use std::sync::{Arc, Mutex};

use rustix::process::Signal;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

use super::home::Home;
use super::{signal, until};

/// A terminal, what it shows, and the program on it.
struct Terminal {
    keys: File,
    other_end: File,
    shown: Arc<Mutex<vt100::Parser>>,
    child: Child,
}

const ROWS: u16 = 32;

impl Terminal {
    fn running(home: &Home, arguments: &[&str], columns: u16) -> Terminal {
        let keys = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&keys).unwrap();
        unlockpt(&keys).unwrap();
        let name = std::ffi::OsString::from_vec(ptsname(&keys, Vec::new()).unwrap().into_bytes());
        let other_end = OpenOptions::new().read(true).write(true).open(name).unwrap();
        let keys = File::from(keys);
        resize(&keys, columns);
        let mut command = home.command(arguments);
        let end = || other_end.try_clone().unwrap();
        let child = command.env("TERM", "xterm").stdin(end()).stdout(end()).stderr(end()).spawn().unwrap();
        let shown = Arc::new(Mutex::new(vt100::Parser::new(ROWS, columns, 0)));
        let (mut output, screen) = (keys.try_clone().unwrap(), Arc::clone(&shown));
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(read @ 1..) = output.read(&mut bytes) {
                screen.lock().unwrap().process(&bytes[..read]);
            }
        });
        Terminal { keys, other_end, shown, child }
    }

    fn shows(&self, text: &str) -> bool {
        self.shown.lock().unwrap().screen().contents().contains(text)
    }

    fn types(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
    }

    fn becomes(&self, columns: u16) {
        self.shown.lock().unwrap().screen_mut().set_size(ROWS, columns);
        resize(&self.keys, columns);
        // The kernel tells whom the terminal controls; here it controls nobody.
        signal(self.child.id(), Signal::WINCH);
    }

    fn ended(&mut self) -> ExitStatus {
        let mut status = None;
        until("the dashboard has ended", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        status.unwrap()
    }

    /// As the shell had it: lines are edited and echoed, and the screen before is shown.
    fn is_given_back(&self) -> bool {
        let modes = tcgetattr(&self.other_end).unwrap().local_modes;
        modes.contains(LocalModes::ICANON | LocalModes::ECHO) && !self.shown.lock().unwrap().screen().alternate_screen()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn resize(terminal: &File, columns: u16) {
    tcsetwinsize(terminal, Winsize { ws_row: ROWS, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
}

#[test]
fn what_happens_is_drawn_at_any_size_and_q_gives_the_terminal_back() {
    let home = Home::new();
    home.daemon();
    let mut terminal = Terminal::running(&home, &["stats", "--watch"], 100);
    until("it is drawn", || terminal.shows("q quits") && terminal.shows("recent requests"));

    home.llmc(["generate", "name three rivers"]).ok();
    home.llmc(["generate", "name three rivers"]).ok();
    until("requests are shown", || terminal.shows("50.0 % hits") && terminal.shows("name three rivers"));

    terminal.becomes(60);
    until("it fits again", || {
        let shown = terminal.shown.lock().unwrap();
        let first = shown.screen().rows(0, 60).nth(1).unwrap();
        first.trim_end().ends_with('+') && first.trim_end().len() == 60
    });

    terminal.types("q");
    assert_eq!(terminal.ended().code(), Some(0));
    until("the terminal is given back", || terminal.is_given_back());
}

#[test]
fn ctrl_c_and_signals_give_the_terminal_back() {
    let home = Home::new();
    home.daemon();
    for (keys, code) in [("\x03", 0), ("\x1b", 0), ("", 143)] {
        let mut terminal = Terminal::running(&home, &["stats", "--watch"], 80);
        until("it is drawn", || terminal.shows("q quits"));

        if keys.is_empty() {
            signal(terminal.child.id(), Signal::TERM);
        } else {
            terminal.types(keys);
        }

        assert_eq!(terminal.ended().code(), Some(code), "{keys:?}");
        until("the terminal is given back", || terminal.is_given_back());
    }
}

#[test]
fn a_daemon_that_stops_is_told_of_and_its_successor_is_watched() {
    let home = Home::new();
    home.daemon();
    let terminal = Terminal::running(&home, &["stats", "--watch"], 100);
    until("it is drawn", || terminal.shows("nothing asked yet"));

    home.llmc(["daemon", "stop"]).ok();
    until("it says so", || terminal.shows("asking again"));

    home.daemon();
    until("it goes on", || !terminal.shows("asking again"));
}

#[test]
fn without_a_terminal_or_a_daemon_there_is_nothing_to_watch() {
    let home = Home::new();
    home.llmc(["stats", "--watch"]).fails(2, "needs a terminal").hints("--format json");
    let mut terminal = Terminal::running(&home, &["stats", "--watch"], 100);
    assert_eq!(terminal.ended().code(), Some(6));
    until("it says why", || terminal.shows("no daemon listens"));
}
