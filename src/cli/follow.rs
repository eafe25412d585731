//! A log as it is written: its last lines, then every further one, past the moment it is put aside for a fresh file.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

use super::screen::{Screen, harmless};
use crate::error::{Error, Kind, Result};

/// How often it is looked whether there is more.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Prints the last lines of a log.
pub fn print(path: &Path, lines: usize, screen: &Screen) -> Result<()> {
    let cannot = |error| cannot(path, error).hint("it is there once a daemon has run");
    let mut log = Log::open(path).map_err(cannot)?;
    let mut last = log.last(lines).map_err(cannot)?;
    last.extend(log.rest());
    last.iter().try_for_each(|line| show(line, screen))
}

/// The same, then prints what is written from then on, for ever. A log that is not there yet is waited for.
pub fn follow(path: &Path, lines: usize, screen: &Screen) -> Result<()> {
    let cannot = |error| cannot(path, error);
    let mut log = awaited(path).map_err(cannot)?;
    for line in log.last(lines).map_err(cannot)? {
        show(&line, screen)?;
    }
    loop {
        // Looked at before the reading: what was written to a file up to the moment it was put aside is read first.
        let is_over = log.is_over(path);
        while let Some(line) = log.line().map_err(cannot)? {
            show(&line, screen)?;
        }
        if is_over {
            if let Some(line) = log.rest() {
                show(&line, screen)?;
            }
            log = awaited(path).map_err(cannot)?;
        } else {
            std::thread::sleep(LOOK_EVERY);
        }
    }
}

fn show(line: &str, screen: &Screen) -> Result<()> {
    if screen.on_terminal { screen.line(harmless(line)) } else { screen.line(line) }
}

fn cannot(path: &Path, error: io::Error) -> Error {
    Error::new(Kind::Other, format!("cannot read the log `{}`", path.display())).because(error)
}

fn awaited(path: &Path) -> io::Result<Log> {
    loop {
        match Log::open(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => std::thread::sleep(LOOK_EVERY),
            opened => return opened,
        }
    }
}

/// An open log, and the part of a line that was read of it.
struct Log {
    file: BufReader<File>,
    inode: u64,
    read: u64,
    begun: Vec<u8>,
}

impl Log {
    fn open(path: &Path) -> io::Result<Log> {
        let file = File::open(path)?;
        let inode = file.metadata()?.ino();
        Ok(Log { file: BufReader::new(file), inode, read: 0, begun: Vec::new() })
    }

    /// The next whole line, where there is one by now.
    fn line(&mut self) -> io::Result<Option<String>> {
        self.read += self.file.read_until(b'\n', &mut self.begun)? as u64;
        if self.begun.last() != Some(&b'\n') {
            return Ok(None);
        }
        self.begun.pop();
        let line = String::from_utf8_lossy(&self.begun).into_owned();
        self.begun.clear();
        Ok(Some(line))
    }

    /// The last whole lines there are by now.
    fn last(&mut self, most: usize) -> io::Result<VecDeque<String>> {
        let mut last = VecDeque::new();
        while let Some(line) = self.line()? {
            last.push_back(line);
            if last.len() > most {
                last.pop_front();
            }
        }
        Ok(last)
    }

    /// A line that nobody ended.
    fn rest(&mut self) -> Option<String> {
        let rest = std::mem::take(&mut self.begun);
        (!rest.is_empty()).then(|| String::from_utf8_lossy(&rest).into_owned())
    }

    /// True where another file has its name by now, or it was emptied.
    fn is_over(&self, path: &Path) -> bool {
        std::fs::metadata(path).is_ok_and(|facts| facts.ino() != self.inode || facts.len() < self.read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn lines_come_whole_and_a_file_put_aside_is_read_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let mut file = File::create(&path).unwrap();
        writeln!(file, "1\n2\n3").unwrap();
        let mut log = Log::open(&path).unwrap();
        assert_eq!(log.last(2).unwrap(), ["2", "3"]);

        write!(file, "4").unwrap();
        assert_eq!(log.line().unwrap(), None);
        assert!(!log.is_over(&path));
        writeln!(file, "\u{e9}").unwrap();
        std::fs::rename(&path, folder.path().join("log.1")).unwrap();
        File::create(&path).unwrap();

        assert!(log.is_over(&path));
        assert_eq!(log.line().unwrap().as_deref(), Some("4\u{e9}"));
        assert_eq!(log.line().unwrap(), None);
    }

    #[test]
    fn a_log_that_was_emptied_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        std::fs::write(&path, "long enough\n").unwrap();
        let mut log = Log::open(&path).unwrap();
        log.last(0).unwrap();

        std::fs::write(&path, "new\n").unwrap();

        assert!(log.is_over(&path));
    }
}
