//! The lines on their way to whoever answers: sent in order, kept until they have a row, and sent again by the next
//! connection where one broke before that.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::io::{self, Read};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Bytes that are handed on at once.
pub const TOGETHER: usize = 64 << 10;

/// The lines on their way.
#[derive(Default)]
pub struct Outbox {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// The requests of lines without a row, by their index.
    requests: BTreeMap<u64, Vec<u8>>,
    /// Of those, the ones that this connection has yet to send.
    waiting: VecDeque<u64>,
    /// The ones that it has sent, by their place among all it sent.
    sent: HashMap<u64, u64>,
    next_place: u64,
    /// Which connection it is.
    connection: u64,
    is_over: bool,
}

impl Outbox {
    /// Adds lines, each its index and its request.
    pub fn add(&self, lines: Vec<(u64, Vec<u8>)>) {
        let mut state = self.state();
        state.waiting.extend(lines.iter().map(|(index, _)| *index));
        state.requests.extend(lines);
        drop(state);
        self.changed.notify_all();
    }

    /// No more lines come.
    pub fn end(&self) {
        self.state().is_over = true;
        self.changed.notify_all();
    }

    /// The body of a new connection: every line that has no row yet, and then those that come. That of the connection
    /// before ends.
    pub fn body(self: &Arc<Outbox>) -> Body {
        let mut state = self.state();
        state.connection += 1;
        state.waiting = state.requests.keys().copied().collect();
        state.sent.clear();
        state.next_place = 0;
        let connection = state.connection;
        drop(state);
        self.changed.notify_all();
        Body { outbox: Arc::clone(self), connection, piece: Vec::new(), at: 0 }
    }

    /// Notes the row of the line that was sent as that one; its index.
    pub fn answered(&self, place: u64) -> Option<u64> {
        let mut state = self.state();
        let index = state.sent.remove(&place)?;
        state.requests.remove(&index);
        Some(index)
    }

    /// Lines without a row.
    pub fn missing(&self) -> usize {
        self.state().requests.len()
    }

    /// Puts what is to be sent next into an empty piece; leaves it empty where nothing is.
    fn fill(&self, connection: u64, piece: &mut Vec<u8>) {
        let mut state = self.state();
        while state.connection == connection && state.waiting.is_empty() && !state.is_over {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        while state.connection == connection && piece.len() < TOGETHER {
            let Some(index) = state.waiting.pop_front() else { break };
            let State { requests, sent, next_place, .. } = &mut *state;
            let Some(request) = requests.get(&index) else { continue };
            piece.extend_from_slice(request);
            piece.push(b'\n');
            sent.insert(*next_place, index);
            *next_place += 1;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What one connection sends.
pub struct Body {
    outbox: Arc<Outbox>,
    connection: u64,
    piece: Vec<u8>,
    at: usize,
}

impl Read for Body {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at == self.piece.len() {
            self.piece.clear();
            self.at = 0;
            self.outbox.fill(self.connection, &mut self.piece);
        }
        let length = (self.piece.len() - self.at).min(out.len());
        out[..length].copy_from_slice(&self.piece[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outbox(lines: &[&str]) -> Arc<Outbox> {
        let outbox = Arc::new(Outbox::default());
        outbox.add(lines.iter().enumerate().map(|(at, line)| (at as u64 * 10, line.as_bytes().to_vec())).collect());
        outbox
    }

    fn rest(mut body: Body) -> String {
        let mut text = String::new();
        body.read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn a_line_is_found_by_its_place_among_those_sent() {
        let outbox = outbox(&["a", "b"]);
        outbox.end();

        assert_eq!(rest(outbox.body()), "a\nb\n");

        assert_eq!((outbox.answered(1), outbox.missing()), (Some(10), 1));
        assert_eq!((outbox.answered(1), outbox.answered(7)), (None, None));
    }

    #[test]
    fn the_next_connection_sends_what_has_no_row_and_what_comes() {
        let outbox = outbox(&["a", "b", "c"]);
        let mut first = outbox.body();
        assert_eq!(first.read(&mut [0; 6]).unwrap(), 6);
        outbox.answered(1);

        let next = outbox.body();
        outbox.add(vec![(30, b"d".to_vec())]);
        outbox.end();

        assert_eq!(rest(next), "a\nc\nd\n");
        assert_eq!([0, 1, 2].map(|place| outbox.answered(place)), [Some(0), Some(20), Some(30)]);
        assert_eq!((rest(first), outbox.missing()), (String::new(), 0), "the one before has nothing more to say");
    }
}
