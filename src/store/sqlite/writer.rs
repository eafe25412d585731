//! The one thread that writes. Whatever is waiting is committed together, and answered only after the commit.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

use super::reader::{FileNumber, Readers};
use super::{failure, open};
use crate::config::settings::Durability;
use crate::error::{Error, Kind, Result};

/// Jobs in one transaction at most, so that the first of them does not wait for ever.
const TOGETHER: usize = 512;

/// With normal durability the log is brought to the disk this long after a commit, the most a power loss may cost.
const SYNC_AFTER: Duration = Duration::from_millis(800);

/// Where jobs are handed in.
pub struct Writer {
    path: PathBuf,
    jobs: Mutex<Option<Sender<Message>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

enum Message {
    Job(Box<dyn Job>),
    Mend { cause: String, damaged: FileNumber, asker: oneshot::Sender<Result<()>> },
}

/// Work on the database and the one who waits for it.
trait Job: Send {
    /// Runs inside a transaction. May run again, where that transaction was rolled back.
    fn run(&mut self, connection: &Connection) -> rusqlite::Result<()>;

    /// Tells the asker, once what it asked for is committed or has failed.
    fn answer(self: Box<Self>, outcome: Result<()>);
}

struct Ask<T, F> {
    work: F,
    done: Option<T>,
    asker: oneshot::Sender<Result<T>>,
    path: PathBuf,
}

impl<T, F> Job for Ask<T, F>
where
    T: Send,
    F: FnMut(&Connection) -> rusqlite::Result<T> + Send,
{
    fn run(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        self.done = None;
        // A panic must cost its own job only. The transaction it leaves half-way is rolled back.
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.work)(connection)));
        self.done = Some(outcome.unwrap_or(Err(rusqlite::Error::UnwindingPanic))?);
        Ok(())
    }

    fn answer(self: Box<Self>, outcome: Result<()>) {
        let done = self.done;
        let answer = outcome.and_then(|()| done.ok_or_else(|| failure::gone(&self.path)));
        // An asker who has left meanwhile needs no answer; what it asked for is done all the same.
        let _ = self.asker.send(answer);
    }
}

impl Writer {
    /// Starts the thread, which owns the connection from now on.
    pub fn start(connection: Connection, path: PathBuf, durability: Durability, readers: Readers) -> Result<Writer> {
        let (jobs, inbox) = mpsc::channel();
        let desk = Desk {
            connection: Some(connection),
            path: path.clone(),
            durability,
            readers,
            begun_anew: false,
            sync_at: None,
        };
        let thread = std::thread::Builder::new().name("llmc-store".to_owned()).spawn(move || desk.serve(&inbox));
        let thread = thread.map_err(|error| failure::preparing(&path, &error))?;
        Ok(Writer { path, jobs: Mutex::new(Some(jobs)), thread: Mutex::new(Some(thread)) })
    }

    /// Has `work` done in a transaction and waits for its commit. It may run more than once; only the last run stays.
    pub async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let (asker, answer) = oneshot::channel();
        self.hand_in(Message::Job(Box::new(Ask { work, done: None, asker, path: self.path.clone() })))?;
        answer.await.unwrap_or_else(|_| Err(failure::gone(&self.path)))
    }

    /// Sets a damaged file aside and begins a fresh one, once in the life of the process. Does nothing where another
    /// file is in place already.
    pub async fn mend(&self, cause: String, damaged: FileNumber) -> Result<()> {
        let (asker, answer) = oneshot::channel();
        self.hand_in(Message::Mend { cause, damaged, asker })?;
        answer.await.unwrap_or_else(|_| Err(failure::gone(&self.path)))
    }

    /// Does what was handed in, moves the log into the database, and closes it. Further jobs are turned away.
    pub fn close(&self) {
        drop(self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::warn!(path = %self.path.display(), "the store's writer ended in a panic");
        }
    }

    fn hand_in(&self, message: Message) -> Result<()> {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = jobs.as_ref().map(|jobs| jobs.send(message));
        sent.and_then(std::result::Result::ok).ok_or_else(|| failure::gone(&self.path))
    }
}

/// What the thread works with.
struct Desk {
    /// `None` only after a fresh file could not be begun; tried again with the next job.
    connection: Option<Connection>,
    path: PathBuf,
    durability: Durability,
    readers: Readers,
    begun_anew: bool,
    sync_at: Option<Instant>,
}

impl Desk {
    fn serve(mut self, inbox: &Receiver<Message>) {
        while let Some(first) = self.wait(inbox) {
            let mut jobs = Vec::new();
            let mut next = Some(first);
            while let Some(message) = next {
                match message {
                    Message::Job(job) => jobs.push(job),
                    Message::Mend { cause, damaged, asker } => {
                        self.commit(std::mem::take(&mut jobs));
                        let is_there = self.readers.file() == damaged;
                        let _ = asker.send(if is_there { self.begin_anew(&cause) } else { Ok(()) });
                    }
                }
                next = if jobs.len() < TOGETHER { inbox.try_recv().ok() } else { None };
            }
            self.commit(jobs);
        }
        self.finish();
    }

    /// The next message; while there is none, the log is brought to the disk in time. `None` after the last.
    fn wait(&mut self, inbox: &Receiver<Message>) -> Option<Message> {
        loop {
            let Some(sync_at) = self.sync_at else { return inbox.recv().ok() };
            match inbox.recv_timeout(sync_at.saturating_duration_since(Instant::now())) {
                Ok(message) if Instant::now() < sync_at => return Some(message),
                Ok(message) => {
                    self.sync();
                    return Some(message);
                }
                Err(RecvTimeoutError::Timeout) => self.sync(),
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }

    fn commit(&mut self, mut jobs: Vec<Box<dyn Job>>) {
        if jobs.is_empty() {
            return;
        }
        // Together or, where any of it fails, each alone: no job suffers from its neighbours.
        if self.connected().and_then(|connection| together(connection, &mut jobs)).is_ok() {
            jobs.into_iter().for_each(|job| job.answer(Ok(())));
        } else {
            for mut job in jobs {
                let outcome = self.alone(job.as_mut());
                job.answer(outcome);
            }
        }
        if self.durability == Durability::Normal {
            self.sync_at.get_or_insert_with(|| Instant::now() + SYNC_AFTER);
        }
    }

    fn alone(&mut self, job: &mut dyn Job) -> Result<()> {
        let outcome = self.connected().and_then(|connection| one(connection, job));
        let Err(error) = outcome else { return Ok(()) };
        if !failure::is_damage(&error) || self.begun_anew {
            return Err(failure::keeping(&self.path, &error));
        }
        self.begin_anew(&error.to_string())?;
        let again = self.connected().and_then(|connection| one(connection, job));
        again.map_err(|error| failure::keeping(&self.path, &error))
    }

    fn connected(&mut self) -> rusqlite::Result<&Connection> {
        if self.connection.is_none() {
            let opened = self.readers.away_from_file(|| open::writer(&self.path, self.durability));
            self.connection = opened.ok().map(|(connection, _)| connection);
        }
        self.connection.as_ref().ok_or(rusqlite::Error::UnwindingPanic)
    }

    fn begin_anew(&mut self, cause: &str) -> Result<()> {
        // Once: a disk that goes on damaging files would be filled with the remains.
        if self.begun_anew {
            return Err(Error::new(Kind::Other, format!("cannot use the store `{}`", self.path.display()))
                .because(format!("it is damaged again: {cause}"))
                .hint("look at the disk, or set `backend = \"memory\"` under [store]"));
        }
        self.begun_anew = true;
        let old = self.connection.take();
        let (connection, warnings) = self.readers.away_from_file(|| {
            drop(old);
            open::begin_anew(&self.path, self.durability, cause)
        })?;
        warnings.iter().for_each(|warning| tracing::warn!("{warning}"));
        self.connection = Some(connection);
        Ok(())
    }

    fn sync(&mut self) {
        self.sync_at = None;
        // The log holds no locks, so opening and closing it beside SQLite is harmless.
        let log = open::with_suffix(&self.path, "-wal");
        if let Err(error) = File::open(&log).and_then(|log| log.sync_data()) {
            tracing::warn!(path = %log.display(), %error, "the last second is not on the disk yet");
        }
    }

    fn finish(self) {
        self.readers.close();
        let Some(connection) = self.connection else { return };
        // Nothing is lost where this fails: the log stays and is read at the next start.
        let moved = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        if let Err(error) = moved {
            tracing::warn!(path = %self.path.display(), %error, "the write-ahead log stays until the next start");
        }
    }
}

fn together(connection: &Connection, jobs: &mut [Box<dyn Job>]) -> rusqlite::Result<()> {
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    jobs.iter_mut().try_for_each(|job| job.run(&transaction))?;
    transaction.commit()
}

fn one(connection: &Connection, job: &mut dyn Job) -> rusqlite::Result<()> {
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    job.run(&transaction)?;
    transaction.commit()
}
