//! Server-sent events as the HTML standard words them: bytes in, cut anywhere, events out, and back again.
//! It opens no connection and knows no vendor.

use crate::error::{Error, Kind, Result};

/// The most bytes one event may have.
pub const LARGEST_EVENT: usize = 16 << 20;

/// A replayed text is cut into about this many pieces at most.
const MOST_PIECES: usize = 512;

/// A replayed piece has at least this many bytes, where the text has them.
const SMALLEST_PIECE: usize = 24;

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// The `event:` field; empty where there is none.
    pub name: String,
    /// The `data:` lines, joined by line feeds.
    pub data: String,
}

/// Reads a stream as it comes. An event that no blank line ends is never given out.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    line: Vec<u8>,
    name: String,
    data: Option<String>,
    is_past_first_line: bool,
    is_after_carriage_return: bool,
    is_broken: bool,
}

impl Reader {
    /// A reader at the start of a stream.
    pub fn new() -> Reader {
        Reader::default()
    }

    /// Takes the next bytes and gives out the events they complete. After an error it stays broken.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<Event>> {
        let mut events = Vec::new();
        let mut rest = bytes;
        if self.is_after_carriage_return && !rest.is_empty() {
            self.is_after_carriage_return = false;
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        }
        while let Some(end) = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')) {
            let (line, ended) = rest.split_at(end);
            self.take(line)?;
            events.extend(self.end_line());
            rest = match ended {
                [b'\r', b'\n', after @ ..] => after,
                [b'\r'] => {
                    self.is_after_carriage_return = true;
                    &[]
                }
                [_, after @ ..] => after,
                [] => &[],
            };
        }
        self.take(rest)?;
        Ok(events)
    }

    fn take(&mut self, bytes: &[u8]) -> Result<()> {
        let size = self.line.len() + bytes.len() + self.name.len() + self.data.as_ref().map_or(0, String::len);
        self.is_broken |= size > LARGEST_EVENT;
        if self.is_broken {
            return Err(Error::new(Kind::Provider, "an event of the provider's stream is larger than 16 MiB"));
        }
        self.line.extend_from_slice(bytes);
        Ok(())
    }

    fn end_line(&mut self) -> Option<Event> {
        let mut bytes = self.line.as_slice();
        if !self.is_past_first_line {
            self.is_past_first_line = true;
            bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        }
        let event = if bytes.is_empty() {
            let name = std::mem::take(&mut self.name);
            self.data.take().map(|data| Event { name, data })
        } else {
            let line = String::from_utf8_lossy(bytes);
            let (field, value) = line.split_once(':').unwrap_or((&line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match (field, &mut self.data) {
                ("event", _) => self.name = value.to_owned(),
                ("data", Some(data)) => {
                    data.push('\n');
                    data.push_str(value);
                }
                ("data", none) => *none = Some(value.to_owned()),
                _ => {}
            }
            None
        };
        self.line.clear();
        event
    }
}

/// All events of a whole recording.
pub fn parse(recording: &[u8]) -> Result<Vec<Event>> {
    Reader::new().push(recording)
}

/// Appends an event as it goes over the wire. Line ends inside its data all become line feeds.
pub fn write(event: &Event, out: &mut Vec<u8>) {
    if !event.name.is_empty() {
        out.extend_from_slice(b"event: ");
        out.extend(event.name.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')));
        out.push(b'\n');
    }
    for line in event.data.replace("\r\n", "\n").split(['\r', '\n']) {
        out.extend_from_slice(b"data: ");
        out.extend_from_slice(line.as_bytes());
        out.push(b'\n');
    }
    out.push(b'\n');
}

/// Cuts a text as a model would send it: a few words at a time, each but the first with its space before it.
pub fn pieces(text: &str) -> Vec<&str> {
    let smallest = SMALLEST_PIECE.max(text.len() / MOST_PIECES);
    let largest = smallest * 3;
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, character) in text.char_indices() {
        let size = at - start;
        if size >= largest || (size >= smallest && character.is_whitespace()) {
            pieces.extend(text.get(start..at));
            start = at;
        }
    }
    pieces.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    pieces
}

/// A recorded stream as the JSON array of its events' data, as some APIs send it to who does not ask for events.
pub fn array(recording: &[u8]) -> Result<Vec<u8>> {
    let data: Vec<String> = parse(recording)?.into_iter().map(|event| event.data).collect();
    Ok(format!("[{}]", data.join(",\r\n")).into_bytes())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn event(name: &str, data: &str) -> Event {
        Event { name: name.to_owned(), data: data.to_owned() }
    }

    fn data_of(stream: &[u8]) -> Vec<String> {
        parse(stream).unwrap().into_iter().map(|event| event.data).collect()
    }

    #[test]
    fn an_event_has_a_name_and_lines_of_data() {
        let events = parse(b"event: delta\ndata: one\ndata: two\n\ndata: three\n\n").unwrap();

        assert_eq!(events, [event("delta", "one\ntwo"), event("", "three")]);
    }

    #[test]
    fn the_three_line_ends_are_equal() {
        for end in ["\n", "\r", "\r\n"] {
            let stream = ["data: a", "data: b", "", "data: c", "", ""].join(end);

            assert_eq!(data_of(stream.as_bytes()), ["a\nb", "c"], "{end:?}");
        }
    }

    #[test]
    fn one_space_after_the_colon_goes_and_no_more() {
        assert_eq!(data_of(b"data:a\n\ndata: a\n\ndata:  a\n\n"), ["a", "a", " a"]);
    }

    #[test]
    fn a_byte_order_mark_counts_only_at_the_start() {
        assert_eq!(data_of("\u{feff}data: a\n\n\u{feff}data: b\n\n".as_bytes()), ["a"]);
    }

    #[test]
    fn comments_and_unknown_fields_are_passed_over() {
        assert_eq!(data_of(b": keep-alive\n\nid: 7\nretry: 10\nfoo: bar\nfoo\ndata: a\n:\n\n"), ["a"]);
    }

    #[test]
    fn a_data_field_without_a_colon_is_an_empty_line() {
        assert_eq!(data_of(b"data\n\ndata\ndata\n\ndata:\n\n"), ["", "\n", ""]);
    }

    #[test]
    fn a_name_without_data_is_no_event_and_does_not_linger() {
        let events = parse(b"event: lost\n\ndata: a\n\n").unwrap();

        assert_eq!(events, [event("", "a")]);
    }

    #[test]
    fn an_event_no_blank_line_ends_is_not_given_out() {
        assert_eq!(data_of(b"data: a\n\ndata: b\n"), ["a"]);
        assert_eq!(data_of(b"data: a\n\ndata: b"), ["a"]);
    }

    #[test]
    fn a_line_end_cut_in_two_is_one_line_end() {
        let mut reader = Reader::new();

        let mut events = reader.push(b"data: a\r").unwrap();
        events.extend(reader.push(b"\ndata: b\r").unwrap());
        events.extend(reader.push(b"").unwrap());
        events.extend(reader.push(b"\n\r\n").unwrap());

        assert_eq!(events, [event("", "a\nb")]);
    }

    #[test]
    fn bytes_that_are_no_text_become_replacement_characters() {
        assert_eq!(data_of(b"data: a\xff\xf0\x9f\n\n"), ["a\u{fffd}\u{fffd}"]);
    }

    #[test]
    fn an_event_too_large_breaks_the_reader() {
        let mut reader = Reader::new();
        let line = [b"data: ".as_slice(), &vec![b'x'; LARGEST_EVENT / 2], b"\n"].concat();

        reader.push(&line).unwrap();
        let error = reader.push(&line).unwrap_err();

        assert_eq!(error.kind(), Kind::Provider);
        assert!(reader.push(b"\n").is_err());
    }

    #[test]
    fn many_events_may_be_larger_than_one() {
        let line = [b"data: ".as_slice(), &vec![b'x'; LARGEST_EVENT / 2], b"\n\n"].concat();
        let mut reader = Reader::new();

        let count: usize = (0..3).map(|_| reader.push(&line).unwrap().len()).sum();

        assert_eq!(count, 3);
    }

    #[test]
    fn pieces_are_a_few_whole_words() {
        let text = "The quick brown fox jumps over the lazy dog, and then it sleeps.";

        assert_eq!(pieces(text), ["The quick brown fox jumps", " over the lazy dog, and then", " it sleeps."]);
    }

    #[test]
    fn a_long_text_is_not_cut_into_countless_pieces() {
        assert!(pieces(&"word ".repeat(1 << 20)).len() <= MOST_PIECES + 1);
    }

    fn stream_like() -> impl Strategy<Value = Vec<u8>> {
        let bit = prop_oneof![
            Just(b"data: ".to_vec()),
            Just(b"event:".to_vec()),
            Just(b"\n".to_vec()),
            Just(b"\r".to_vec()),
            Just(b"\r\n".to_vec()),
            Just(b"\n\n".to_vec()),
            Just(b"\xef\xbb\xbf".to_vec()),
            Just(":".as_bytes().to_vec()),
            Just("grüße 🦀".as_bytes().to_vec()),
            proptest::collection::vec(any::<u8>(), 0..4),
        ];
        proptest::collection::vec(bit, 0..40).prop_map(|bits| bits.concat())
    }

    proptest! {
        #[test]
        fn any_cut_gives_the_same_events(stream in stream_like(), sizes in proptest::collection::vec(0_usize..7, 1..20)) {
            let mut reader = Reader::new();
            let mut events = Vec::new();
            let mut rest = stream.as_slice();
            let mut next = sizes.iter().cycle();
            let mut turns = 0;
            while !rest.is_empty() {
                let size = next.next().copied().unwrap_or(1).max(turns % 2).min(rest.len());
                let (now, later) = rest.split_at(size);
                events.extend(reader.push(now).unwrap());
                rest = later;
                turns += 1;
            }

            prop_assert_eq!(events, parse(&stream).unwrap());
        }

        #[test]
        fn what_is_written_is_read_back(name in "[a-z_]{0,8}", data in "[^\r]{0,60}") {
            let written = event(&name, &data);
            let mut out = Vec::new();

            write(&written, &mut out);

            prop_assert_eq!(parse(&out).unwrap(), [written]);
        }

        #[test]
        fn pieces_add_up_to_the_text(text in "(\\PC|[ \n]){0,300}") {
            let cut = pieces(&text);

            prop_assert_eq!(cut.concat(), text.clone());
            prop_assert!(cut.iter().all(|piece| !piece.is_empty() && piece.len() <= SMALLEST_PIECE * 3 + 4));
        }
    }
}
