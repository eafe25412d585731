//! The connections that read. They stand beside the writer: in a write-ahead log, reading never waits for writing.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use rusqlite::Connection;
use tokio::sync::{Semaphore, oneshot};

use super::{failure, open};
use crate::error::Error;

/// Reads at once. A read of one entry takes microseconds, so a few connections keep up with every core; the others are
/// there for the long listing that must not hold up lookups.
const AT_ONCE: usize = 4;

/// A few connections, opened when first needed.
///
/// They are used from the runtime's blocking threads, which cost nothing while nobody reads; dedicated threads would
/// need the same hand-over for every lookup.
#[derive(Clone)]
pub struct Readers(Arc<Pool>);

struct Pool {
    path: PathBuf,
    places: Arc<Semaphore>,
    idle: Mutex<Vec<Connection>>,
    /// Shared by reads; taken alone while the file is changed for another. How often that was done.
    door: RwLock<u64>,
}

/// Something to be read, which tells what it finds.
type Work = Box<dyn FnOnce(&Connection) -> rusqlite::Result<()> + Send>;

/// Tells a file from the one that took its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileNumber(u64);

/// Why a read brought nothing.
pub enum Unread {
    /// SQLite says so, of the file that was in place for that read.
    Sqlite(rusqlite::Error, FileNumber),
    /// There is nobody to read.
    Gone(Error),
}

impl Readers {
    /// For the database at `path`, none of them open yet.
    pub fn of(path: &Path) -> Readers {
        Readers(Arc::new(Pool {
            path: path.to_owned(),
            places: Arc::new(Semaphore::new(AT_ONCE)),
            idle: Mutex::new(Vec::new()),
            door: RwLock::new(0),
        }))
    }

    /// Runs `work` on a connection of its own.
    pub async fn read<T, F>(&self, work: F) -> Result<T, Unread>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        // One kind of task for all that is read, or each would be built into the program anew.
        self.run(Box::new(move |connection| {
            // Who has left meanwhile needs no answer.
            let _ = tell.send(work(connection)?);
            Ok(())
        }))
        .await?;
        told.await.map_err(|_| self.gone())
    }

    async fn run(&self, work: Work) -> Result<(), Unread> {
        // Waited for out here, so that a thousand askers are not a thousand threads.
        let place = Arc::clone(&self.0.places).acquire_owned().await.map_err(|_| self.gone())?;
        let pool = Arc::clone(&self.0);
        let reading = tokio::task::spawn_blocking(move || {
            let outcome = pool.read(work);
            drop(place);
            outcome
        });
        reading.await.map_err(|_| self.gone())?
    }

    fn gone(&self) -> Unread {
        Unread::Gone(failure::gone(&self.0.path))
    }

    /// Reads here and now, where a connection is at hand; for a lookup, which takes less than a change of thread.
    /// `None` where there is none, and `work` has to be read with [`Readers::read`].
    pub fn read_now<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Option<Result<T, Unread>> {
        let number = self.0.door.try_read().ok()?;
        let connection = self.0.idle().pop()?;
        let read = work(&connection).map_err(|error| Unread::Sqlite(error, FileNumber(*number)));
        if read.is_ok() && !self.0.places.is_closed() {
            self.0.idle().push(connection);
        }
        Some(read)
    }

    /// Runs `work` while the file stays the one it is.
    pub fn beside_file<T>(&self, work: impl FnOnce() -> T) -> T {
        let _here = self.0.door.read().unwrap_or_else(PoisonError::into_inner);
        work()
    }

    /// Runs `change` while nobody reads and no connection is open.
    pub fn away_from_file<T>(&self, change: impl FnOnce() -> T) -> T {
        let mut number = self.0.door.write().unwrap_or_else(PoisonError::into_inner);
        *number += 1;
        self.0.idle().clear();
        change()
    }

    /// The file that is in place.
    pub fn file(&self) -> FileNumber {
        FileNumber(*self.0.door.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Closes every connection and turns further reads away.
    pub fn close(&self) {
        self.0.places.close();
        self.away_from_file(|| ());
    }
}

impl Pool {
    fn read<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Unread> {
        let number = self.door.read().unwrap_or_else(PoisonError::into_inner);
        let read = self.connection().and_then(|connection| {
            let read = work(&connection)?;
            // After an error the connection is dropped: the next read begins with a fresh one.
            self.idle().push(connection);
            Ok(read)
        });
        read.map_err(|error| Unread::Sqlite(error, FileNumber(*number)))
    }

    fn connection(&self) -> rusqlite::Result<Connection> {
        let idle = self.idle().pop();
        idle.map_or_else(|| open::reader(&self.path), Ok)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
