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
    let _restored = Restored;
    let mut terminal = ratatui::try_init().map_err(|error| unusable(&error))?;
    watch(&mut terminal, &news, screen.is_unicode).map_err(|error| unusable(&error))
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
