//! The sending side of a batch: reads lines, makes requests of them and hands them on, as many at a time as there is room
//! for. What needs no asking, a broken line or one that was done before, is handed on as done.

use std::collections::HashSet;
use std::io::{self, Read};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use xxhash_rust::xxh3::xxh3_128;

use super::journal::Earlier;
use super::line::{Composer, Line};
use super::row;
use super::source::{Record, Records, Shape, broken};
use crate::error::{Error, Result};

/// Lines between reading and writing at the most: how far answers may overtake one another.
const MOST_LINES: usize = 1024;

/// And their bytes, those of answers that wait for others among them.
const MOST_BYTES: usize = 8 << 20;

/// Bytes that are handed on at once.
const TOGETHER: usize = 64 << 10;

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
    /// It was sent, as that many others were before it.
    Sent(u64),
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

/// The body of the request, made as it is sent.
pub struct Feed {
    records: Records,
    shape: Shape,
    composer: Composer,
    earlier: Earlier,
    room: Arc<Room>,
    events: SyncSender<Event>,
    ids: HashSet<u128>,
    index: u64,
    sent: u64,
    begun: Vec<Slot>,
    buffer: Vec<u8>,
    at: usize,
    is_over: bool,
}

impl Feed {
    /// Lines of this shape, made into requests by `composer` but where `earlier` has their rows.
    pub fn new(
        records: Records,
        shape: Shape,
        composer: Composer,
        earlier: Earlier,
        room: Arc<Room>,
        events: SyncSender<Event>,
    ) -> Feed {
        Feed {
            records,
            shape,
            composer,
            earlier,
            room,
            events,
            ids: HashSet::new(),
            index: 0,
            sent: 0,
            begun: Vec::new(),
            buffer: Vec::new(),
            at: 0,
            is_over: false,
        }
    }

    /// Fills the buffer with what there is room for.
    fn fill(&mut self) {
        self.buffer.clear();
        self.at = 0;
        while !self.is_over && self.buffer.is_empty() {
            let ended = self.gather();
            if !self.begun.is_empty() {
                let begun = std::mem::take(&mut self.begun);
                self.tell(Event::Begun(begun));
            }
            if let Some(ended) = ended {
                self.is_over = true;
                self.tell(Event::Fed(ended));
            }
        }
    }

    /// Reads lines until they are enough, or there is no room, or the next would have to be waited for. How the lines
    /// ended, where they did.
    fn gather(&mut self) -> Option<Result<()>> {
        loop {
            let is_first = self.begun.is_empty();
            match self.room.take(is_first) {
                Entry::Free => {}
                Entry::Full => return None,
                Entry::Closed => return Some(Ok(())),
            }
            match self.records.next() {
                Ok(Some(record)) => match self.begin(record) {
                    Ok(slot) => self.begun.push(slot),
                    Err(error) => return Some(Err(error)),
                },
                Ok(None) => return Some(Ok(())),
                Err(error) => return Some(Err(error)),
            }
            if self.buffer.len() >= TOGETHER || !self.records.has_more() {
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
        self.buffer.extend_from_slice(&request);
        self.buffer.push(b'\n');
        let fate = Fate::Sent(self.sent);
        self.sent += 1;
        Ok(Slot { index, number, id, fingerprint, bytes, fate })
    }

    fn tell(&mut self, event: Event) {
        // Nobody listens any more: the batch is over.
        if self.events.send(event).is_err() {
            self.is_over = true;
        }
    }
}

impl Read for Feed {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at == self.buffer.len() {
            self.fill();
        }
        let length = (self.buffer.len() - self.at).min(out.len());
        out[..length].copy_from_slice(&self.buffer[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}
