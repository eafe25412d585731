//! How far a batch is.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;

use super::tally::Tally;
use crate::cli::args::BatchArgs;
use crate::cli::screen::{Counted, Screen};

/// How often progress is told in lines.
const TELL_EVERY: Duration = Duration::from_secs(5);

/// Bytes that are read at once to count lines.
const PIECE: usize = 64 << 10;

/// Shows how far it is: a bar on a terminal, now and then a line elsewhere.
pub struct Progress {
    /// The bar.
    pub bar: ProgressBar,
    length: Option<u64>,
    next: Option<Instant>,
}

impl Progress {
    /// Begins at nothing.
    pub fn begin(args: &BatchArgs, screen: &Screen) -> Progress {
        let bar = screen.bar("", None, Counted::Entries);
        let is_shown = !bar.is_hidden() || screen.tells_progress;
        let length = if is_shown { count_lines(&args.file) } else { None };
        let bar = screen.bar("asking", length, Counted::Entries);
        let next = screen.tells_progress.then(|| Instant::now() + TELL_EVERY);
        Progress { bar, length, next }
    }

    /// How long until something is to be shown again.
    pub fn pause(&self) -> Duration {
        self.next.map_or(TELL_EVERY, |next| next.saturating_duration_since(Instant::now()))
    }

    /// Shows what there is so far.
    pub fn show(&mut self, tally: &Tally, screen: &Screen) {
        self.bar.set_position(tally.lines);
        if !self.bar.is_hidden() {
            self.bar.set_message(tally.brief());
        }
        if self.next.is_some_and(|next| next <= Instant::now()) {
            let of = self.length.map(|length| format!("/{length}")).unwrap_or_default();
            screen.note(format_args!("llmc: {}{of} lines · {}", tally.lines, tally.brief()));
            self.next = Some(Instant::now() + TELL_EVERY);
        }
    }
}

/// How many lines a file has; `None` for what is none, and is read once only.
fn count_lines(path: &Path) -> Option<u64> {
    let mut file = File::open(path).ok().filter(|file| file.metadata().is_ok_and(|facts| facts.is_file()))?;
    let (mut piece, mut lines) = (vec![0; PIECE], 0);
    loop {
        match file.read(&mut piece).ok()? {
            0 => return Some(lines),
            read => lines += piece[..read].iter().filter(|byte| **byte == b'\n').count() as u64,
        }
    }
}
