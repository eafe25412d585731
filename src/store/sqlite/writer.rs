//! The one who writes. Whatever is waiting is committed together, and answered only after the commit.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

use super::keeper::{Keeper, Teller};
use super::pending::{Filing, Pending};
use super::reader::{FileNumber, Readers};
use super::{failure, open};
use crate::config::settings::Durability;
use crate::error::{Error, Kind, Result};

/// Jobs in one transaction at most, so that the first of them does not wait for ever.
const TOGETHER: usize = 512;

/// What may wait to be filed beside a job that is done here and now.
const FILED_AT_ONCE: usize = 8;

/// Where jobs are handed in.
///
/// The desk is worked at by one at a time: by the thread, or by an asker with a small job who finds it free. For that
/// asker two changes of thread would take longer than the commit.
pub struct Writer {
    path: PathBuf,
    jobs: Mutex<Option<Sender<Message>>>,
    desk: Arc<Mutex<Desk>>,
    /// Jobs handed in and not yet taken up: nobody overtakes them.
    waiting: Arc<AtomicUsize>,
    keeper: Option<Keeper>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

enum Message {
    Job(Box<dyn Job>),
    Mend { cause: String, damaged: FileNumber, asker: oneshot::Sender<Result<()>> },
}

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
    /// Starts the thread. The connection belongs to the desk from now on.
    /// What is pending is filed with whatever is done.
    pub fn start(
        connection: Connection,
        path: PathBuf,
        durability: Durability,
        readers: Readers,
        pending: Arc<Pending>,
    ) -> Result<Writer> {
        let (jobs, inbox) = mpsc::channel();
        let keeper = match durability {
            Durability::Normal => Some(Keeper::start(path.clone(), readers.clone(), Arc::clone(&pending))?),
            Durability::Full => None,
        };
        let (connection, begun_anew) = (Some(connection), false);
        let desk = Desk { connection, path: path.clone(), durability, readers, pending, begun_anew };
        let desk = Arc::new(Mutex::new(desk));
        let waiting = Arc::new(AtomicUsize::new(0));
        let thread = {
            let (desk, waiting, tell) = (Arc::clone(&desk), Arc::clone(&waiting), keeper.as_ref().map(Keeper::teller));
            let serve = move || serve(&inbox, &desk, &waiting, tell.as_ref());
            std::thread::Builder::new().name("llmc-store".to_owned()).spawn(serve)
        };
        let thread = thread.map_err(|error| failure::preparing(&path, &error))?;
        Ok(Writer { path, jobs: Mutex::new(Some(jobs)), desk, waiting, keeper, thread: Mutex::new(Some(thread)) })
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

    /// The same for work of some microseconds: done here and now where nobody is before it. With full durability every
    /// commit waits for the disk, so that nothing is small.
    pub async fn run_small<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        match self.at_once(work) {
            Ok(done) => done,
            Err(work) => self.run(work).await,
        }
    }

    /// Does the work where the desk is free, else hands it back.
    fn at_once<T, F>(&self, work: F) -> std::result::Result<Result<T>, F>
    where
        T: Send + 'static,
        F: FnMut(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let Some(keeper) = &self.keeper else { return Err(work) };
        let Ok(mut desk) = self.desk.try_lock() else { return Err(work) };
        let is_small = desk.pending.len() <= FILED_AT_ONCE;
        if !is_small || self.waiting.load(Ordering::Acquire) > 0 || !self.is_open() {
            return Err(work);
        }
        let (asker, mut answer) = oneshot::channel();
        desk.commit(vec![Box::new(Ask { work, done: None, asker, path: self.path.clone() })]);
        drop(desk);
        keeper.committed();
        Ok(answer.try_recv().unwrap_or_else(|_| Err(failure::gone(&self.path))))
    }

    /// Sets a damaged file aside and begins a fresh one, once in the life of the process. Does nothing where another
    /// file is in place already.
    pub async fn mend(&self, cause: String, damaged: FileNumber) -> Result<()> {
        let (asker, answer) = oneshot::channel();
        self.hand_in(Message::Mend { cause, damaged, asker })?;
        answer.await.unwrap_or_else(|_| Err(failure::gone(&self.path)))
    }

    /// True where each commit is on the disk before it is answered.
    pub fn waits_for_the_disk(&self) -> bool {
        self.keeper.is_none()
    }

    /// Something was written beside the database, and is to be brought to the disk like a commit.
    pub fn noted(&self) {
        if let Some(keeper) = &self.keeper {
            keeper.committed();
        }
    }

    /// Does what was handed in, moves the log into the database, and closes it. Further jobs are turned away.
    pub fn close(&self) {
        drop(self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(thread) = thread else { return };
        if thread.join().is_err() {
            tracing::warn!(path = %self.path.display(), "the store's writer ended in a panic");
        }
        if let Some(keeper) = &self.keeper {
            keeper.close();
        }
        lock(&self.desk).finish();
    }

    fn is_open(&self) -> bool {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    fn hand_in(&self, message: Message) -> Result<()> {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        self.waiting.fetch_add(1, Ordering::AcqRel);
        let sent = jobs.as_ref().map(|jobs| jobs.send(message));
        sent.and_then(std::result::Result::ok).ok_or_else(|| failure::gone(&self.path))
    }
}

fn lock(desk: &Mutex<Desk>) -> MutexGuard<'_, Desk> {
    // A panic inside a job is caught before it gets here, and its transaction rolled back.
    desk.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(inbox: &Receiver<Message>, desk: &Mutex<Desk>, waiting: &AtomicUsize, keeper: Option<&Teller>) {
    while let Ok(first) = inbox.recv() {
        let mut desk = lock(desk);
        let mut jobs = Vec::new();
        let mut next = Some(first);
        while let Some(message) = next {
            waiting.fetch_sub(1, Ordering::AcqRel);
            match message {
                Message::Job(job) => jobs.push(job),
                Message::Mend { cause, damaged, asker } => {
                    desk.commit(std::mem::take(&mut jobs));
                    let is_there = desk.readers.file() == damaged;
                    let _ = asker.send(if is_there { desk.begin_anew(&cause) } else { Ok(()) });
                }
            }
            next = if jobs.len() < TOGETHER { inbox.try_recv().ok() } else { None };
        }
        desk.commit(jobs);
        drop(desk);
        if let Some(keeper) = keeper {
            keeper.committed();
        }
    }
}

/// What writing is done with.
struct Desk {
    /// `None` only after a fresh file could not be begun; tried again with the next job.
    connection: Option<Connection>,
    path: PathBuf,
    durability: Durability,
    readers: Readers,
    pending: Arc<Pending>,
    begun_anew: bool,
}

/// Why a transaction failed, and whether what was to be done in it is to blame.
struct Failed {
    error: rusqlite::Error,
    is_the_works: bool,
}

impl Desk {
    fn commit(&mut self, mut jobs: Vec<Box<dyn Job>>) {
        if jobs.is_empty() {
            return;
        }
        // Together or, where any of it fails, each alone: no job suffers from its neighbours.
        if self.transact(|connection| jobs.iter_mut().try_for_each(|job| job.run(connection))).is_ok() {
            jobs.into_iter().for_each(|job| job.answer(Ok(())));
        } else {
            for mut job in jobs {
                let outcome = self.alone(job.as_mut());
                job.answer(outcome);
            }
        }
    }

    fn alone(&mut self, job: &mut dyn Job) -> Result<()> {
        let Err(error) = self.transact(|connection| job.run(connection)) else { return Ok(()) };
        if !failure::is_damage(&error) || self.begun_anew {
            return Err(failure::keeping(&self.path, &error));
        }
        self.begin_anew(&error.to_string())?;
        self.transact(|connection| job.run(connection)).map_err(|error| failure::keeping(&self.path, &error))
    }

    /// Files what is pending and does some work, all or nothing. Where the database does not take what is pending, the work
    /// is done without it: it may be what makes room.
    fn transact(&mut self, mut work: impl FnMut(&Connection) -> rusqlite::Result<()>) -> rusqlite::Result<()> {
        let filing = self.pending.filing();
        let Err(failed) = self.attempt(Some(&filing), &mut work) else {
            self.pending.filed(&filing);
            return Ok(());
        };
        if failed.is_the_works || filing.is_empty() {
            return Err(failed.error);
        }
        self.pending.not_filed(&failed.error);
        // Whoever asked has a damaged file set aside.
        if failure::is_damage(&failed.error) || self.connection.is_none() {
            return Err(failed.error);
        }
        self.attempt(None, &mut work).map_err(|failed| failed.error)
    }

    fn attempt(
        &mut self,
        filing: Option<&Filing>,
        work: &mut impl FnMut(&Connection) -> rusqlite::Result<()>,
    ) -> std::result::Result<(), Failed> {
        let other = |error| Failed { error, is_the_works: false };
        let connection = self.connected().map_err(other)?;
        let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate).map_err(other)?;
        filing.map_or(Ok(()), |filing| filing.write(&transaction)).map_err(other)?;
        work(&transaction).map_err(|error| Failed { error, is_the_works: true })?;
        transaction.commit().map_err(other)
    }

    fn connected(&mut self) -> rusqlite::Result<&Connection> {
        if self.connection.is_none() {
            let opened = self.readers.away_from_file(|| open::writer(&self.path, self.durability));
            self.connection = opened.ok().map(|(connection, warnings)| {
                warnings.iter().for_each(|warning| tracing::warn!("{warning}"));
                connection
            });
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

    fn finish(&mut self) {
        self.readers.close();
        let has_journal = self.pending.close();
        let filed = self.transact(|_| Ok(()));
        if let Err(error) = &filed {
            tracing::warn!(path = %self.path.display(), %error, "what came last is filed at the next start");
        }
        let Some(connection) = self.connection.take() else { return };
        // Nothing is lost where this fails: the log stays and is read at the next start.
        let moved = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
        if let Err(error) = &moved {
            tracing::warn!(path = %self.path.display(), %error, "the write-ahead log stays until the next start");
        }
        // What it holds is in the database, and on the disk.
        if has_journal && filed.is_ok() && moved.is_ok_and(|is_busy| !is_busy) && self.pending.is_empty() {
            let _ = fs::remove_file(open::journal_of(&self.path));
        }
    }
}
