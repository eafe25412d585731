//! Who is the daemon: a lock held by the kernel for as long as the process lives. A pid or a socket file proves nothing.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::error::{Error, Kind, Result};

/// How often a lock that somebody holds is tried again.
const TRY_EVERY: Duration = Duration::from_millis(5);

/// A lock, held until dropped.
#[derive(Debug)]
pub struct Claim {
    _file: File,
}

/// The lock of the daemon of a socket.
pub fn socket_lock(socket: &Path) -> PathBuf {
    beside(socket, ".lock")
}

/// The lock of whoever is starting a daemon for a socket.
pub fn start_lock(socket: &Path) -> PathBuf {
    beside(socket, ".start")
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

impl Claim {
    /// Takes a lock if it is free. The file stays when the lock is gone: unlinking it would let two hold "it".
    pub fn attempt(path: &Path) -> Result<Option<Claim>> {
        let file = open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Claim { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(cannot(path, &error)),
        }
    }

    /// Takes a lock, waiting for at most `longest`.
    pub fn wait(path: &Path, longest: Duration) -> Result<Option<Claim>> {
        let deadline = Instant::now() + longest;
        loop {
            if let Some(claim) = Claim::attempt(path)? {
                return Ok(Some(claim));
            }
            if Instant::now() >= deadline {
                return Ok(None);
            }
            std::thread::sleep(TRY_EVERY);
        }
    }
}

fn open(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits() as i32);
    options.open(path).map_err(|error| cannot(path, &error))
}

fn cannot(path: &Path, error: &std::io::Error) -> Error {
    Error::new(Kind::Unreachable, format!("cannot lock `{}`", path.display())).because(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holds_it_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("it");

        let held = Claim::attempt(&path).unwrap();

        assert!(held.is_some());
        assert!(Claim::wait(&path, Duration::from_millis(20)).unwrap().is_none());
        drop(held);
        assert!(Claim::attempt(&path).unwrap().is_some());
    }

    #[test]
    fn a_link_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("it");
        std::os::unix::fs::symlink("/etc/passwd", &path).unwrap();
        assert!(Claim::attempt(&path).is_err());
    }
}
