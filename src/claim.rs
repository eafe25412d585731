//! Who is the daemon: a lock held by the kernel for as long as the process lives. A pid or a socket file proves nothing.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::error::{Error, Kind, Result};

/// How often a lock that somebody holds is tried again.
const TRY_EVERY: Duration = Duration::from_millis(5);

/// A lock, held until dropped.
#[derive(Debug)]
pub struct Claim {
    file: File,
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
            Ok(()) => Ok(Some(Claim { file })),
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

impl Claim {
    /// Leaves this process's number in the lock's file, for whoever has to end a holder that answers nobody.
    pub fn sign(&mut self, path: &Path) -> Result<()> {
        let line = format!("{}\n", std::process::id());
        let signed = self.file.set_len(0).and_then(|()| self.file.seek(SeekFrom::Start(0)));
        signed.and_then(|_| self.file.write_all(line.as_bytes())).map_err(|error| cannot(path, &error))
    }
}

/// Who holds a lock, as the holder signed it.
#[derive(Debug, PartialEq, Eq)]
pub enum Holder {
    /// Nobody does.
    Nobody,
    /// This process.
    Process(u32),
    /// Somebody who has not signed.
    Unknown,
}

/// Looks who holds a lock, making nothing. A number in the file means something only while the lock is held.
pub fn holder(path: &Path) -> Result<Holder> {
    let file = match options().create(false).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Holder::Nobody),
        Err(error) => return Err(cannot(path, &error)),
    };
    match file.try_lock() {
        Ok(()) => return Ok(Holder::Nobody),
        Err(TryLockError::WouldBlock) => {}
        Err(TryLockError::Error(error)) => return Err(cannot(path, &error)),
    }
    let mut text = String::new();
    file.take(32).read_to_string(&mut text).map_err(|error| cannot(path, &error))?;
    Ok(text.trim().parse().map_or(Holder::Unknown, Holder::Process))
}

fn open(path: &Path) -> Result<File> {
    options().create(true).open(path).map_err(|error| cannot(path, &error))
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).truncate(false).mode(0o600);
    options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits() as i32);
    options
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
    fn a_holder_is_known_by_its_signature_while_it_holds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("it");
        assert_eq!(holder(&path).unwrap(), Holder::Nobody);

        let mut held = Claim::attempt(&path).unwrap().unwrap();
        assert_eq!(holder(&path).unwrap(), Holder::Unknown);
        held.sign(&path).unwrap();

        assert_eq!(holder(&path).unwrap(), Holder::Process(std::process::id()));
        drop(held);
        assert_eq!(holder(&path).unwrap(), Holder::Nobody, "the number alone proves nothing");
    }

    #[test]
    fn a_link_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("it");
        std::os::unix::fs::symlink("/etc/passwd", &path).unwrap();
        assert!(Claim::attempt(&path).is_err());
    }
}
