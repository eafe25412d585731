//! `llmc stats --watch`: what the daemon does, live on a terminal, until somebody has seen enough.

mod feed;
mod seen;
mod view;

use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use self::feed::News;
use self::seen::Seen;
use super::context::Context;
use crate::error::{Error, Kind, Result};

/// How long a key may wait to be read, and news to be drawn.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// News that may wait to be drawn.
const MOST_NEWS: usize = 4096;

/// Watches until asked to stop; the exit code.
pub fn run(context: &Context<'_>) -> Result<u8> {
    let screen = &context.screen;
    if screen.json || !screen.on_terminal || !rustix::termios::isatty(rustix::stdio::stdin()) {
        return Err(Error::new(Kind::Usage, "`--watch` needs a terminal")
            .hint("`llmc stats --format json` prints figures; `GET /events` tells programs what happens"));
    }
    if context.global.no_daemon {
        return Err(Error::new(Kind::Usage, "`--watch` needs a daemon to watch").hint("leave out `--no-daemon`"));
    }
    let (sender, news) = sync_channel(MOST_NEWS);
    feed::listen(context, sender.clone())?;
    feed::obey_signals(sender)?;
    on_terminal(|terminal| watch(terminal, &news, screen.is_unicode)).map_err(|error| unusable(&error))
}

/// Takes the terminal for as long as this draws on it.
fn on_terminal<T>(draw: impl FnOnce(&mut DefaultTerminal) -> std::io::Result<T>) -> std::io::Result<T> {
    let _restored = Restored;
    draw(&mut ratatui::try_init()?)
}

/// Gives the terminal back, however the watching ends; a panic does so by a hook before it is told.
struct Restored;

impl Drop for Restored {
    fn drop(&mut self) {
        // A terminal that is gone needs nothing back.
        let _ = ratatui::try_restore();
    }
}

fn unusable(error: &std::io::Error) -> Error {
    Error::new(Kind::Other, "cannot draw on this terminal").because(error)
}

fn watch(terminal: &mut DefaultTerminal, news: &Receiver<News>, is_unicode: bool) -> std::io::Result<u8> {
    let mut seen = Seen::default();
    let mut is_stale = true;
    loop {
        for news in news.try_iter() {
            if let News::Signal(code) = news {
                return Ok(code);
            }
            seen.note(news);
            is_stale = true;
        }
        if is_stale {
            terminal.draw(|frame| view::draw(frame, &seen, is_unicode))?;
            is_stale = false;
        }
        if !event::poll(LOOK_EVERY)? {
            continue;
        }
        match event::read()? {
            Event::Key(key) if is_quit(&key) => return Ok(0),
            Event::Resize(..) => is_stale = true,
            _ => {}
        }
    }
}

fn is_quit(key: &KeyEvent) -> bool {
    let with_control = key.modifiers.contains(KeyModifiers::CONTROL);
    key.kind != KeyEventKind::Release
        && match key.code {
            KeyCode::Char('q' | 'Q') | KeyCode::Esc => true,
            KeyCode::Char('c') => with_control,
            _ => false,
        }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs::{File, OpenOptions};
    use std::io::Read;
    use std::os::unix::ffi::OsStringExt;
    use std::process::Command;

    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use rustix::termios::{LocalModes, tcgetattr};

    use super::on_terminal;

    /// Set in a process of its own for the second half of the test below, which would take the terminal of whoever runs it.
    const PANICS: &str = "LLMC_TEST_PANICS_ON_ITS_TERMINAL";

    #[test]
    fn a_panic_gives_the_terminal_back_before_it_is_told() {
        if std::env::var_os(PANICS).is_some() {
            on_terminal::<()>(|_| panic!("this is told")).unwrap();
        }
        let keys = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&keys).unwrap();
        unlockpt(&keys).unwrap();
        let name = std::ffi::OsString::from_vec(ptsname(&keys, Vec::new()).unwrap().into_bytes());
        let terminal = OpenOptions::new().read(true).write(true).open(name).unwrap();
        // A terminal whose other end is closed ends with an error, once all was read.
        let shown = std::thread::spawn(move || {
            let mut shown = Vec::new();
            let _ = File::from(keys).read_to_end(&mut shown);
            String::from_utf8_lossy(&shown).into_owned()
        });
        let end = || terminal.try_clone().unwrap();
        let this = "cli::watch::tests::a_panic_gives_the_terminal_back_before_it_is_told";
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", this, "--nocapture"])
            .env(PANICS, "1")
            .env("TERM", "xterm")
            .stdin(end())
            .stdout(end())
            .stderr(end())
            .spawn()
            .unwrap();

        assert!(!child.wait().unwrap().success());

        let modes = tcgetattr(&terminal).unwrap().local_modes;
        assert!(modes.contains(LocalModes::ICANON | LocalModes::ECHO));
        drop(terminal);
        let shown = shown.join().unwrap();
        let place = |text: &str| shown.find(text).unwrap_or_else(|| panic!("no {text:?} in {shown:?}"));
        assert!(place("\u{1b}[?1049h") < place("\u{1b}[?1049l") && place("\u{1b}[?1049l") < place("this is told"));
    }
}
