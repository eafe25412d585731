//! The sending side of a batch: reads lines, makes requests of them and hands them on, as many at a time as there is room
//! for. What needs no asking, a broken line or one that was done before, is handed on as done.

use std::collections::HashSet;
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use xxhash_rust::xxh3::xxh3_128;

use super::journal::Earlier;
use super::line::{Composer, Line};
use super::outbox::{Outbox, TOGETHER};
use super::row;
use super::source::{Record, Records, Shape, broken};
use crate::error::{Error, Result};

/// Lines between reading and writing at the most: how far answers may overtake one another.
const MOST_LINES: usize = 1024;

/// And their bytes, those of answers that wait for others among them.
const MOST_BYTES: usize = 8 << 20;

/// A line on its way.
#[derive(Debug)]
pub struct Slot {
    /// Which line, from 0.
    pub index: u64,
    /// Its number in the file, from 1.
    pub number: u64,
    /// Its id as JSON.
    pub id: Option<String>,
    /// A hash of it.
    pub fingerprint: u128,
    /// Bytes of its request.
    pub bytes: usize,
    /// What is to become of it.
    pub fate: Fate,
}

/// What is to become of a line.
#[derive(Debug)]
pub enum Fate {
    /// It is sent.
    Sent,
    /// It is broken: its row, and why.
    Broken(Vec<u8>, Error),
    /// It was done before: its row of then.
    Done(Vec<u8>),
}

/// What happens to a batch.
#[derive(Debug)]
pub enum Event {
    /// Lines are on their way.
    Begun(Vec<Slot>),
    /// All lines are; or the rest cannot be read.
    Fed(Result<()>),
    /// Rows came, whole lines.
    Rows(Vec<u8>),
    /// No more rows come; or the connection broke.
    Answered(Result<()>),
    /// A signal asks for the end; the exit code that goes with it.
    Interrupted(u8),
}

/// Room between reading and writing.
#[derive(Default)]
pub struct Room {
    state: Mutex<Taken>,
    changed: Condvar,
}

#[derive(Default)]
struct Taken {
    lines: usize,
    bytes: usize,
    is_closed: bool,
}

/// What came of asking for room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry {
    Free,
    Full,
    Closed,
}

impl Room {
    /// Takes up room for a line; `waits` until there is some.
    fn take(&self, waits: bool) -> Entry {
        let mut taken = self.taken();
        loop {
            if taken.is_closed {
                return Entry::Closed;
            }
            if taken.lines < MOST_LINES && taken.bytes < MOST_BYTES {
                taken.lines += 1;
                return Entry::Free;
            }
            if !waits {
                return Entry::Full;
            }
            taken = self.changed.wait(taken).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Takes up more bytes.
    pub fn weigh(&self, more: usize) {
        self.taken().bytes += more;
    }

    /// Gives back the room of so many lines and bytes.
    pub fn leave(&self, lines: usize, bytes: usize) {
        let mut taken = self.taken();
        taken.lines = taken.lines.saturating_sub(lines);
        taken.bytes = taken.bytes.saturating_sub(bytes);
        drop(taken);
        self.changed.notify_one();
    }

    /// Takes in no more lines.
    pub fn close(&self) {
        self.taken().is_closed = true;
        self.changed.notify_one();
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads the lines and hands them on.
pub struct Feed {
    records: Records,
    shape: Shape,
    composer: Composer,
    earlier: Earlier,
    room: Arc<Room>,
    outbox: Arc<Outbox>,
    events: SyncSender<Event>,
    ids: HashSet<u128>,
    index: u64,
    begun: Vec<Slot>,
    requests: Vec<(u64, Vec<u8>)>,
}

impl Feed {
    /// Lines of this shape, made into requests by `composer` but where `earlier` has their rows.
    pub fn new(
        records: Records,
        shape: Shape,
        composer: Composer,
        earlier: Earlier,
        room: Arc<Room>,
        outbox: Arc<Outbox>,
        events: SyncSender<Event>,
    ) -> Feed {
        Feed {
            records,
            shape,
            composer,
            earlier,
            room,
            outbox,
            events,
            ids: HashSet::new(),
            index: 0,
            begun: Vec::new(),
            requests: Vec::new(),
        }
    }

    /// Hands all lines on, as there is room for them. Ends early where nobody listens any more: the batch is over.
    pub fn run(mut self) {
        loop {
            let ended = self.gather();
            let (begun, requests) = (std::mem::take(&mut self.begun), std::mem::take(&mut self.requests));
            // Told before it is sent, so that no row comes before its line.
            if !begun.is_empty() && self.events.send(Event::Begun(begun)).is_err() {
                return;
            }
            self.outbox.add(requests);
            if let Some(ended) = ended {
                let _ = self.events.send(Event::Fed(ended));
                self.outbox.end();
                return;
            }
        }
    }

    /// Reads lines until they are enough, or there is no room, or the next would have to be waited for. How the lines
    /// ended, where they did.
    fn gather(&mut self) -> Option<Result<()>> {
        let mut bytes = 0;
        loop {
            let is_first = self.begun.is_empty();
            match self.room.take(is_first) {
                Entry::Free => {}
                Entry::Full => return None,
                Entry::Closed => return Some(Ok(())),
            }
            match self.records.next() {
                Ok(Some(record)) => match self.begin(record) {
                    Ok(slot) => {
                        bytes += slot.bytes;
                        self.begun.push(slot);
                    }
                    Err(error) => return Some(Err(error)),
                },
                Ok(None) => return Some(Ok(())),
                Err(error) => return Some(Err(error)),
            }
            if bytes >= TOGETHER || !self.records.has_more() {
                return None;
            }
        }
    }

    fn begin(&mut self, record: Record) -> Result<Slot> {
        let (number, index) = (record.number, self.index);
        self.index += 1;
        let is_text = self.shape == Shape::Text;
        let composed = self.composer.compose(&record, is_text).and_then(|line| {
            match line.id.as_ref().is_none_or(|id| self.ids.insert(xxh3_128(id.as_bytes()))) {
                true => Ok(line),
                false => Err(broken(number, "is refused", "its `id` was there before")),
            }
        });
        let Line { id, request, fingerprint } = match composed {
            Ok(line) => line,
            Err(error) => {
                let id = self.composer.id_of(&record, is_text);
                let row = row::failed(id.as_deref(), index, 0, &error);
                self.room.weigh(row.len());
                return Ok(Slot { index, number, id, fingerprint: 0, bytes: 0, fate: Fate::Broken(row, error) });
            }
        };
        if let Some(done) = self.earlier.find(id.as_deref(), index, fingerprint)? {
            let row = row::placed(done, index);
            self.room.weigh(row.len());
            let fate = Fate::Done(row);
            return Ok(Slot { index, number, id, fingerprint, bytes: 0, fate });
        }
        let bytes = request.len();
        self.room.weigh(bytes);
        self.requests.push((index, request));
        Ok(Slot { index, number, id, fingerprint, bytes, fate: Fate::Sent })
    }
}
