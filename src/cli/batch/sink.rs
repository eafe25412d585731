//! Where rows go: to standard output, or to a file in the making.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use super::journal::{Earlier, Journal};
use crate::cli::file;
use crate::cli::screen::Screen;
use crate::error::{Error, Kind, Result};

/// Rows that are written together, where so many are there.
const TOGETHER: usize = 64 << 10;

/// Where rows go.
pub struct Sink {
    to: To,
    waiting: Vec<u8>,
}

enum To {
    Screen(Screen),
    File(Box<Journal>),
    /// A pipe or a device, which cannot be replaced.
    Stream(File),
    Nowhere,
}

impl Sink {
    /// Opens the output, and what earlier tries left of it where `resumes`.
    pub fn open(path: Option<&Path>, resumes: bool, screen: &Screen) -> Result<(Sink, Earlier)> {
        let path = path.filter(|path| !file::is_standard_output(path));
        let no_file = || {
            Error::new(Kind::Usage, "there is nothing to resume: the output is no file").hint("name one with `-O FILE`")
        };
        let (to, earlier) = match path {
            Some(path) if fs::metadata(path).is_ok_and(|facts| !facts.is_file()) => {
                let file = File::options().write(true).open(path).map_err(|error| {
                    Error::new(Kind::Other, format!("cannot write `{}`", path.display())).because(error)
                })?;
                (To::Stream(file), Earlier::default())
            }
            Some(path) => {
                let (journal, earlier) = Journal::begin(path, resumes)?;
                return Ok((Sink { to: To::File(Box::new(journal)), waiting: Vec::new() }, earlier));
            }
            None => (To::Screen(screen.clone()), Earlier::default()),
        };
        if resumes { Err(no_file()) } else { Ok((Sink { to, waiting: Vec::new() }, earlier)) }
    }

    /// Takes rows in and writes none.
    pub fn nowhere() -> Sink {
        Sink { to: To::Nowhere, waiting: Vec::new() }
    }

    /// Adds a row.
    pub fn add(&mut self, row: &[u8]) -> Result<()> {
        self.waiting.extend_from_slice(row);
        if self.waiting.len() >= TOGETHER { self.flush() } else { Ok(()) }
    }

    /// Writes what waits.
    pub fn flush(&mut self) -> Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let rows = std::mem::take(&mut self.waiting);
        match &mut self.to {
            To::Screen(screen) => screen.piece(&String::from_utf8_lossy(&rows)),
            To::File(journal) => journal.add(&rows),
            To::Stream(file) => {
                file.write_all(&rows).map_err(|error| Error::new(Kind::Other, "cannot write the output").because(error))
            }
            To::Nowhere => Ok(()),
        }
    }

    /// Ends the output, all of it written.
    pub fn finish(mut self) -> Result<()> {
        self.flush()?;
        match self.to {
            To::File(journal) => journal.finish(),
            _ => Ok(()),
        }
    }

    /// The file in the making.
    pub fn part(&self) -> Option<&Path> {
        match &self.to {
            To::File(journal) => Some(journal.part()),
            _ => None,
        }
    }

    /// True where standard output carries the rows.
    pub fn is_screen(&self) -> bool {
        matches!(self.to, To::Screen(_))
    }
}
