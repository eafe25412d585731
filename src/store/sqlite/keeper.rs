//! Keeps the write-ahead log and the journal on the disk and short, beside those who write: neither waits for the other.
//!
//! A commit with normal durability is safe from `kill -9` when it returns; the keeper makes it safe from a power loss
//! within a second. It works over a connection of its own, so that moving the log into the database, which waits for
//! the disk, holds up nobody.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::pending::Pending;
use super::reader::Readers;
use super::{failure, open};
use crate::error::Result;

/// The log is brought to the disk this long after a commit, the most a power loss may cost.
const SYNC_AFTER: Duration = Duration::from_millis(800);

/// From this length on the log is moved into the database.
const LONG_LOG: u64 = 4 << 20;

/// The thread that keeps the log.
pub struct Keeper {
    teller: Teller,
    /// Dropped to end the thread.
    open: Mutex<Option<SyncSender<()>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// Tells the keeper of commits.
#[derive(Clone)]
pub struct Teller {
    is_told: Arc<AtomicBool>,
    bell: SyncSender<()>,
}

impl Teller {
    /// Something was committed. Costs next to nothing while the keeper knows of an earlier commit.
    pub fn committed(&self) {
        if !self.is_told.swap(true, Ordering::AcqRel) {
            // A full bell has been rung already.
            let _ = self.bell.try_send(());
        }
    }
}

impl Keeper {
    /// Starts the thread.
    pub fn start(path: PathBuf, readers: Readers, pending: Arc<Pending>) -> Result<Keeper> {
        let (bell, rung) = mpsc::sync_channel(1);
        let (open, closed) = mpsc::sync_channel(0);
        let is_told = Arc::new(AtomicBool::new(false));
        let work = Work { path: path.clone(), readers, pending, is_told: Arc::clone(&is_told), rung, closed };
        let thread = std::thread::Builder::new().name("llmc-disk".to_owned()).spawn(move || work.go_on());
        let thread = thread.map_err(|error| failure::preparing(&path, &error))?;
        let teller = Teller { is_told, bell };
        Ok(Keeper { teller, open: Mutex::new(Some(open)), thread: Mutex::new(Some(thread)) })
    }

    /// For who commits elsewhere.
    pub fn teller(&self) -> Teller {
        self.teller.clone()
    }

    /// Something was committed.
    pub fn committed(&self) {
        self.teller.committed();
    }

    /// Ends the thread. What it has not brought to the disk is left to who closes the database.
    pub fn close(&self) {
        drop(self.open.lock().unwrap_or_else(PoisonError::into_inner).take());
        let _ = self.teller.bell.try_send(());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::warn!("the keeper of the store's log ended in a panic");
        }
    }
}

struct Work {
    path: PathBuf,
    readers: Readers,
    pending: Arc<Pending>,
    is_told: Arc<AtomicBool>,
    rung: Receiver<()>,
    closed: Receiver<()>,
}

impl Work {
    fn go_on(self) {
        let log = open::with_suffix(&self.path, "-wal");
        let journal = open::journal_of(&self.path);
        while self.rung.recv().is_ok() {
            if let Err(RecvTimeoutError::Disconnected) = self.closed.recv_timeout(SYNC_AFTER) {
                return;
            }
            // From here on a commit rings again: it may be too late for what follows.
            self.is_told.store(false, Ordering::Release);
            self.readers.beside_file(|| {
                let filed = self.pending.filed_up_to();
                // The log holds no locks, so opening and closing it beside SQLite is harmless. It goes first: what is
                // in it and on the disk is needed in the journal no more.
                if synced(&log) && !self.pending.clear_journal(filed) {
                    synced(&journal);
                }
                if fs::metadata(&log).is_ok_and(|log| log.len() >= LONG_LOG) {
                    shorten(&self.path);
                }
            });
        }
    }
}

/// Brings a file to the disk, where there is one.
fn synced(path: &Path) -> bool {
    match File::open(path).and_then(|file| file.sync_data()) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            tracing::warn!(path = %path.display(), %error, "the last second is not on the disk yet");
            false
        }
        _ => true,
    }
}

/// Moves the log into the database, as far as no reader needs it; the next writing then begins it anew.
fn shorten(path: &Path) {
    let moved = open::beside(path)
        .and_then(|connection| connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())));
    if let Err(error) = moved {
        tracing::warn!(path = %path.display(), %error, "the write-ahead log cannot be shortened yet");
    }
}
