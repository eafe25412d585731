//! Lets a stream through byte for byte, but for events that are not for the asker.

use super::sse;

/// A stream on its way to somebody who is not told everything.
pub struct Sieve {
    is_unwanted: fn(&str) -> bool,
    /// The beginning of an event whose end has not come.
    held: Vec<u8>,
}

impl Sieve {
    /// Keeps back the events whose data is unwanted.
    pub fn new(is_unwanted: fn(&str) -> bool) -> Sieve {
        Sieve { is_unwanted, held: Vec::new() }
    }

    /// Takes the next bytes and gives back the wanted events that are whole by now.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.held.extend_from_slice(bytes);
        let mut passed = Vec::with_capacity(self.held.len());
        let mut begin = 0;
        while let Some(length) = event_length(&self.held[begin..]) {
            let event = &self.held[begin..begin + length];
            if self.is_wanted(event) {
                passed.extend_from_slice(event);
            }
            begin += length;
        }
        self.held.drain(..begin);
        passed
    }

    /// What is left at the end: the beginning of an event that never came whole.
    pub fn finish(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.held)
    }

    fn is_wanted(&self, event: &[u8]) -> bool {
        sse::parse(event).map_or(true, |events| !events.iter().any(|event| (self.is_unwanted)(&event.data)))
    }
}

/// The wanted events of a whole recording.
pub fn sift(recording: &[u8], is_unwanted: fn(&str) -> bool) -> Vec<u8> {
    let mut sieve = Sieve::new(is_unwanted);
    let mut passed = sieve.push(recording);
    passed.extend(sieve.finish());
    passed
}

/// The length of the first event with the blank line that ends it; `None` where that has not come yet.
fn event_length(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    let mut is_line_empty = true;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match (byte, bytes.get(at)) {
            // Half a line end, perhaps.
            (b'\r', None) => return None,
            (b'\r', Some(b'\n')) => at += 1,
            (b'\r' | b'\n', _) => {}
            _ => {
                is_line_empty = false;
                continue;
            }
        }
        if is_line_empty {
            return Some(at);
        }
        is_line_empty = true;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_unwanted(data: &str) -> bool {
        data == "secret"
    }

    #[test]
    fn unwanted_events_are_kept_back_and_all_else_stays_byte_for_byte() {
        let stream = b": note\r\n\r\ndata:  a\r\rdata: secret\n\nevent: x\ndata: b\n\n\ndata: secret";

        let passed = sift(stream, is_unwanted);

        assert_eq!(passed, b": note\r\n\r\ndata:  a\r\revent: x\ndata: b\n\n\ndata: secret");
    }

    proptest! {
        #[test]
        fn a_stream_cut_anywhere_passes_the_same(
            parts in prop::collection::vec(prop::sample::select(vec!["data: a", "data: secret", ":", "\n", "\r\n", "\r", "\n\n"]), 0..30),
            cuts in prop::collection::vec(0_usize..200, 0..8),
        ) {
            let stream = parts.concat().into_bytes();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(stream.len())).collect();
            cuts.sort_unstable();
            let mut sieve = Sieve::new(is_unwanted);
            let mut passed = Vec::new();
            let mut begin = 0;
            for cut in cuts.into_iter().chain([stream.len()]) {
                passed.extend(sieve.push(&stream[begin..cut]));
                begin = cut;
            }
            passed.extend(sieve.finish());

            prop_assert_eq!(passed, sift(&stream, is_unwanted));
        }
    }
}
