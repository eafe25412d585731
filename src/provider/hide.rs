//! Takes out of a stream of chunks what an asker did not ask for: llmc asks every provider for the usage, to keep the books.
//! All else stays byte for byte as it came, however it was cut on the way.

use std::ops::Range;

use serde_json::value::RawValue;

use super::body::Body;
use super::sse;

/// Hides the usage of one stream whose chunks have `choices`.
///
/// A chunk of usage and no choices goes; so does the `"usage": null` of the others, which stands there only because
/// usage was asked for. Usage that came beside choices stays: the provider says it unasked.
#[derive(Clone, Debug, Default)]
pub struct UsageHider {
    /// The event that is yet to end.
    held: Vec<u8>,
    /// How much of it is known to hold no end.
    searched: usize,
}

impl UsageHider {
    /// At the start of a stream.
    pub fn new() -> UsageHider {
        UsageHider::default()
    }

    /// Takes the next bytes and gives out those of the events they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.held.extend_from_slice(bytes);
        let mut out = Vec::new();
        let mut start = 0;
        while let Some(end) = end_of_event(&self.held[start..], self.searched - start.min(self.searched)) {
            hide_in(&self.held[start..start + end], &mut out);
            start += end;
            self.searched = start;
        }
        self.held.drain(..start);
        // A blank line may have begun in the last bytes.
        self.searched = self.held.len().saturating_sub(3);
        if self.held.len() > sse::LARGEST_EVENT {
            out.append(&mut self.held);
            self.searched = 0;
        }
        out
    }

    /// The bytes after the last whole event.
    pub fn end(mut self) -> Vec<u8> {
        let mut out = Vec::new();
        hide_in(&std::mem::take(&mut self.held), &mut out);
        out
    }
}

/// Where the first event ends: behind its blank line. Looks from `from` on.
fn end_of_event(bytes: &[u8], from: usize) -> Option<usize> {
    let ends = |at: usize| match bytes.get(at..) {
        Some([b'\r', b'\n', ..]) => Some(at + 2),
        // The second half of this line end may be on its way.
        Some([b'\r']) => None,
        Some([b'\r' | b'\n', ..]) => Some(at + 1),
        _ => None,
    };
    (from..bytes.len()).find_map(|at| ends(ends(at)?))
}

/// Appends an event as the asker may see it.
fn hide_in(event: &[u8], out: &mut Vec<u8>) {
    match verdict(event) {
        Verdict::Keep => out.extend_from_slice(event),
        Verdict::Drop => {}
        Verdict::Without(range) => {
            out.extend_from_slice(&event[..range.start]);
            out.extend_from_slice(&event[range.end..]);
        }
    }
}

#[derive(Debug, PartialEq)]
enum Verdict {
    Keep,
    Drop,
    /// All but these bytes.
    Without(Range<usize>),
}

fn verdict(event: &[u8]) -> Verdict {
    let Some((start, data)) = only_data(event).filter(|(_, data)| data.contains("\"usage\"")) else {
        return Verdict::Keep;
    };
    let Ok(members) = Body::read(data.as_bytes()) else { return Verdict::Keep };
    let has_no_choices = members.last("choices").is_some_and(|choices| is_empty_list(choices.get()));
    match members.last("usage").map(RawValue::get) {
        Some("null") => members
            .range_of("usage", data)
            .map_or(Verdict::Keep, |range| Verdict::Without(start + range.start..start + range.end)),
        Some(_) if has_no_choices => Verdict::Drop,
        _ => Verdict::Keep,
    }
}

fn is_empty_list(list: &str) -> bool {
    list.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).is_some_and(|inside| inside.trim().is_empty())
}

/// The one line of data of an event, and where it begins. Nobody sends a chunk in several.
fn only_data(event: &[u8]) -> Option<(usize, &str)> {
    let text = std::str::from_utf8(event).ok()?;
    let mut found = None;
    let mut at = 0;
    for line in text.split_inclusive(['\r', '\n']) {
        let own = line.trim_end_matches(['\r', '\n']);
        let field = if at == 0 { own.trim_start_matches('\u{feff}') } else { own };
        if let Some(data) = field.strip_prefix("data:") {
            if found.is_some() {
                return None;
            }
            found = Some((at + own.len() - data.len(), data));
        }
        at += line.len();
    }
    found
}

#[cfg(test)]
mod tests;
