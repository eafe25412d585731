//! The daemon's log: a private file that is put aside when it grows, or the screen. Prompts and keys never reach it.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tracing_subscriber::fmt::MakeWriter;

use crate::config::settings::LogFormat;
use crate::error::{Error, Kind, Result};

/// A file longer than this is put aside as `….1`, in place of the one before.
const LONGEST: u64 = 4 << 20;

/// Where the log goes.
pub enum Target {
    /// Standard error.
    Screen,
    /// A file.
    File(PathBuf),
}

/// Begins to log, at the level in `LLMC_LOG` (`error`, `warn`, `info`, `debug`, `trace`; `info` where it is not set).
pub fn begin(target: Target, format: LogFormat) -> Result<()> {
    let level = std::env::var("LLMC_LOG").ok().and_then(|level| level.parse().ok()).unwrap_or(tracing::Level::INFO);
    // A line that cannot be written is lost. To complain of it on a screen that has gone would end whoever logged it.
    let builder =
        tracing_subscriber::fmt().with_max_level(level).with_target(false).with_ansi(false).log_internal_errors(false);
    let begun = match (target, format) {
        (Target::Screen, LogFormat::Text) => builder.with_writer(io::stderr).try_init(),
        (Target::Screen, LogFormat::Json) => builder.json().with_writer(io::stderr).try_init(),
        (Target::File(path), LogFormat::Text) => builder.with_writer(Rotating::open(path)?).try_init(),
        (Target::File(path), LogFormat::Json) => builder.json().with_writer(Rotating::open(path)?).try_init(),
    };
    // Fails where a log has begun already, as in tests that run two daemons in one process.
    drop(begun);
    Ok(())
}

struct Rotating {
    path: PathBuf,
    open: Mutex<(File, u64)>,
}

impl Rotating {
    fn open(path: PathBuf) -> Result<Rotating> {
        let open = append_to(&path).map_err(|error| {
            Error::new(Kind::Other, format!("cannot write the log `{}`", path.display())).because(error)
        })?;
        Ok(Rotating { path, open: Mutex::new(open) })
    }

    fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.1 > LONGEST {
            let mut aside = self.path.clone().into_os_string();
            aside.push(".1");
            std::fs::rename(&self.path, aside)?;
            *open = append_to(&self.path)?;
        }
        open.1 += bytes.len() as u64;
        open.0.write_all(bytes)?;
        Ok(bytes.len())
    }
}

fn append_to(path: &Path) -> io::Result<(File, u64)> {
    let mut options = OpenOptions::new();
    options.append(true).create(true).mode(0o600).custom_flags(rustix::fs::OFlags::NOFOLLOW.bits() as i32);
    let file = options.open(path)?;
    let length = file.metadata()?.len();
    Ok((file, length))
}

struct Line<'a>(&'a Rotating);

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Rotating {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_log_is_put_aside_and_none_is_readable_by_others() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("daemon.log");
        let log = Rotating::open(path.clone()).unwrap();

        let line = [b'x'; 1 << 16];
        for _ in 0..70 {
            log.write(&line).unwrap();
        }

        let aside = folder.path().join("daemon.log.1");
        assert!(std::fs::metadata(&aside).unwrap().len() > LONGEST);
        let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&aside)), (0o600, 0o600));
    }
}
