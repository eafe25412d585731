//! Files that are whole or as they were.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::config::folder;
use crate::error::{Error, Kind, Result};

/// Names of standard output.
const STANDARD_OUTPUT: [&str; 4] = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

/// Whether a path means standard output. Opened by such a name, the file behind it would be replaced.
pub fn is_standard_output(path: &Path) -> bool {
    STANDARD_OUTPUT.iter().any(|name| path == Path::new(name))
}

/// Fails where a file could not be made for want of its folder: known before anything is paid for.
pub fn expect_folder(path: &Path) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match fs::metadata(folder) {
        Ok(facts) if facts.is_dir() => Ok(()),
        Ok(_) => Err(cannot_write(path, &io::ErrorKind::NotADirectory.into())),
        Err(error) => Err(cannot_write(path, &error)),
    }
}

/// Writes beside the file, then renames: the old one stays until the new one is whole. What `write` fails with is the
/// outcome, and then nothing has changed.
pub fn replace(path: &Path, write: impl FnOnce(&mut Output<'_>) -> Result<()>) -> Result<()> {
    let cannot = |error: io::Error| cannot_write(path, &error);
    // A device or a pipe is written to, not replaced.
    if fs::metadata(path).is_ok_and(|facts| !facts.is_file()) {
        let file = fs::OpenOptions::new().write(true).open(path).map_err(cannot)?;
        return Output::of(path, file).written_by(write).map(|_| ());
    }
    // Through a link, what it leads to is replaced, not the link.
    let target = folder::behind_links(path).map_err(cannot)?;
    let mode = fs::metadata(&target).ok().map(|facts| facts.permissions().mode() & 0o7777);
    folder::replace_file(&target, mode, cannot, |file| {
        let file = file.try_clone().map_err(cannot)?;
        Output::of(path, file).written_by(write)
    })
}

/// A file that is being written.
pub struct Output<'a> {
    path: &'a Path,
    file: BufWriter<File>,
}

impl<'a> Output<'a> {
    fn of(path: &'a Path, file: File) -> Output<'a> {
        Output { path, file: BufWriter::new(file) }
    }

    fn written_by(mut self, write: impl FnOnce(&mut Output<'_>) -> Result<()>) -> Result<()> {
        write(&mut self)?;
        self.file.flush().map_err(|error| cannot_write(self.path, &error))
    }

    /// Adds bytes.
    pub fn add(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).map_err(|error| cannot_write(self.path, &error))
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> Error {
    Error::new(Kind::Other, format!("cannot write `{}`", path.display())).because(error)
}
