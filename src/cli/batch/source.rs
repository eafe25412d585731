//! The lines of a batch as they are read: one after the other, none longer than can be sent, a broken one by itself.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::api::batch::LONGEST_LINE;
use crate::error::{Error, Kind, Result};

/// How lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A JSON object each.
    Json,
    /// Plain text.
    Text,
    /// Rows of CSV under a heading.
    Csv,
}

/// A line.
#[derive(Debug)]
pub struct Record {
    /// Its number in the file, from 1. A row of CSV has that of its first line.
    pub number: u64,
    /// What it says, or why nobody can tell.
    pub content: Result<Content>,
}

/// What a line says.
#[derive(Debug, PartialEq)]
pub enum Content {
    /// Text: a JSON object, or a prompt.
    Text(String),
    /// Names of fields and their text.
    Fields(Vec<(Arc<str>, String)>),
}

/// The lines of a file.
pub struct Records {
    reading: Reading,
    /// Whether more may be read without waiting for anybody.
    is_file: bool,
}

enum Reading {
    Lines { reader: BufReader<Box<dyn Read + Send>>, number: u64 },
    Csv(Box<Csv>),
}

struct Csv {
    reader: csv::Reader<Bounded>,
    names: Vec<Arc<str>>,
    row: csv::ByteRecord,
    read: Arc<AtomicUsize>,
    is_over: bool,
}

/// Opens a file, or standard input. Also tells how long it is, where it is a file.
pub fn open(path: &Path) -> Result<(Box<dyn Read + Send>, Option<u64>)> {
    if path == Path::new("-") {
        if io::stdin().is_terminal() {
            return Err(Error::new(Kind::Usage, "there are no lines to read")
                .hint("name a file, or pipe one in: `llmc batch - < prompts.jsonl`"));
        }
        return Ok((Box::new(io::stdin()), None));
    }
    let cannot = |error| Error::new(Kind::Usage, format!("cannot read `{}`", path.display())).because(error);
    let opened = File::open(path).map_err(cannot)?;
    let facts = opened.metadata().map_err(cannot)?;
    if facts.is_dir() {
        return Err(Error::new(Kind::Usage, format!("`{}` is a folder", path.display())));
    }
    Ok((Box::new(opened), facts.is_file().then_some(facts.len())))
}

impl Records {
    /// The lines of what was opened. Fails where a heading of CSV is none.
    pub fn of(input: Box<dyn Read + Send>, shape: Shape, is_file: bool) -> Result<Records> {
        let reading = match shape {
            Shape::Csv => Reading::Csv(Box::new(Csv::of(input)?)),
            _ => Reading::Lines { reader: BufReader::with_capacity(64 << 10, input), number: 0 },
        };
        Ok(Records { reading, is_file })
    }

    /// Whether the next line is there already. Where it is not, what was read before should not wait for it.
    pub fn has_more(&self) -> bool {
        match &self.reading {
            Reading::Lines { reader, .. } => self.is_file || reader.buffer().contains(&b'\n'),
            Reading::Csv(_) => self.is_file,
        }
    }

    /// The next line; blank ones are passed over. Fails where the file itself cannot be read on.
    pub fn next(&mut self) -> Result<Option<Record>> {
        match &mut self.reading {
            Reading::Lines { reader, number } => next_line(reader, number),
            Reading::Csv(csv) => csv.next(),
        }
    }
}

fn unreadable(error: &io::Error) -> Error {
    Error::new(Kind::Usage, "cannot read the lines").because(error)
}

fn too_long(number: u64) -> Error {
    Error::new(Kind::TooLarge, format!("line {number} is too long"))
        .because(format!("more than {} MiB", LONGEST_LINE >> 20))
}

/// The error of a line that is not what it should be.
pub fn broken(number: u64, what: &str, cause: impl std::fmt::Display) -> Error {
    Error::new(Kind::Usage, format!("line {number} {what}")).because(cause)
}

fn next_line(reader: &mut impl BufRead, number: &mut u64) -> Result<Option<Record>> {
    loop {
        let mut bytes = Vec::new();
        let most = LONGEST_LINE as u64 + 1;
        let read = reader.by_ref().take(most).read_until(b'\n', &mut bytes).map_err(|error| unreadable(&error))?;
        if read == 0 {
            return Ok(None);
        }
        *number += 1;
        if bytes.last() == Some(&b'\n') {
            bytes.pop();
            if bytes.last() == Some(&b'\r') {
                bytes.pop();
            }
        } else if read as u64 == most {
            drop(bytes);
            skip_line(reader)?;
            return Ok(Some(Record { number: *number, content: Err(too_long(*number)) }));
        }
        if *number == 1 && bytes.starts_with(b"\xef\xbb\xbf") {
            bytes.drain(..3);
        }
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        return Ok(Some(Record { number: *number, content: text(bytes, *number).map(Content::Text) }));
    }
}

fn skip_line(reader: &mut impl BufRead) -> Result<()> {
    loop {
        let piece = reader.fill_buf().map_err(|error| unreadable(&error))?;
        let (length, is_end) = match piece.iter().position(|byte| *byte == b'\n') {
            Some(end) => (end + 1, true),
            None => (piece.len(), piece.is_empty()),
        };
        reader.consume(length);
        if is_end {
            return Ok(());
        }
    }
}

fn text(bytes: Vec<u8>, number: u64) -> Result<String> {
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return Err(broken(number, "is no text", format!("byte {at} is NUL")));
    }
    String::from_utf8(bytes)
        .map_err(|error| broken(number, "is no UTF-8 text", format!("byte {}", error.utf8_error().valid_up_to())))
}

impl Csv {
    fn of(input: Box<dyn Read + Send>) -> Result<Csv> {
        let read = Arc::new(AtomicUsize::new(0));
        let bounded = Bounded { input, read: Arc::clone(&read) };
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(64 << 10).from_reader(bounded);
        let mut row = csv::ByteRecord::new();
        let mut names = Vec::new();
        let is_over = !reader.read_byte_record(&mut row).map_err(|error| heading(&error))?;
        for (at, name) in row.iter().enumerate() {
            let name = if at == 0 { name.strip_prefix(b"\xef\xbb\xbf").unwrap_or(name) } else { name };
            let name = std::str::from_utf8(name).map_err(|error| heading(&error))?.trim();
            if name.is_empty() || names.iter().any(|known: &Arc<str>| **known == *name) {
                return Err(heading(&format_args!("the name of field {} is empty or there twice", at + 1)));
            }
            names.push(Arc::from(name));
        }
        Ok(Csv { reader, names, row, read, is_over })
    }

    fn next(&mut self) -> Result<Option<Record>> {
        if self.is_over {
            return Ok(None);
        }
        self.read.store(0, Ordering::Relaxed);
        match self.reader.read_byte_record(&mut self.row) {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(error) => {
                let number = self.reader.position().line();
                self.is_over = true;
                let is_long =
                    matches!(error.kind(), csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge);
                if is_long {
                    return Ok(Some(Record { number, content: Err(too_long(number)) }));
                }
                return Err(Error::new(Kind::Usage, "cannot read the lines").because(error));
            }
        }
        let number = self.row.position().map_or(0, csv::Position::line);
        Ok(Some(Record { number, content: self.fields(number) }))
    }

    fn fields(&self, number: u64) -> Result<Content> {
        let (found, wanted) = (self.row.len(), self.names.len());
        if found != wanted {
            return Err(broken(number, "does not fit the heading", format!("{found} fields in place of {wanted}")));
        }
        let cells = self.names.iter().zip(&self.row);
        let fields = cells.map(|(name, cell)| Ok((Arc::clone(name), text(cell.to_vec(), number)?)));
        fields.collect::<Result<_>>().map(Content::Fields)
    }
}

fn heading(cause: &dyn std::fmt::Display) -> Error {
    Error::new(Kind::Usage, "the first line is no heading of CSV").because(cause)
}

/// Stops a row of CSV that never ends, such as one with a quote too many.
struct Bounded {
    input: Box<dyn Read + Send>,
    read: Arc<AtomicUsize>,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        if self.read.fetch_add(read, Ordering::Relaxed) > LONGEST_LINE {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(input: impl Into<Vec<u8>>, shape: Shape) -> Vec<(u64, Result<Content>)> {
        let mut records = Records::of(Box::new(io::Cursor::new(input.into())), shape, true).unwrap();
        std::iter::from_fn(|| records.next().unwrap()).map(|record| (record.number, record.content)).collect()
    }

    fn says(text: &str) -> Result<Content> {
        Ok(Content::Text(text.to_owned()))
    }

    #[test]
    fn lines_are_numbered_and_blank_ones_passed_over() {
        let found = records("\u{feff}one\r\n\n  \ntwo", Shape::Text);
        assert_eq!(found, [(1, says("one")), (4, says("two"))]);
        assert!(records("", Shape::Text).is_empty());
    }

    #[test]
    fn a_broken_line_does_not_break_the_next() {
        let mut input = b"a\n\xff\nb\0c\n".to_vec();
        input.extend(std::iter::repeat_n(b'x', LONGEST_LINE + 7));
        input.extend(b"\nlast");

        let found = records(input, Shape::Json);

        let told: Vec<String> =
            found.iter().filter_map(|(_, line)| line.as_ref().err().map(Error::to_string)).collect();
        assert_eq!(
            told,
            [
                "line 2 is no UTF-8 text: byte 0",
                "line 3 is no text: byte 1 is NUL",
                "line 4 is too long: more than 16 MiB"
            ]
        );
        assert_eq!(found.last(), Some(&(5, says("last"))));
    }

    #[test]
    fn rows_of_csv_are_fields() {
        let found = records("id,prompt\n1,\"a,\nb\"\n2\n3,c\n", Shape::Csv);

        let fields = |id: &str, prompt: &str| {
            Ok(Content::Fields(vec![("id".into(), id.to_owned()), ("prompt".into(), prompt.to_owned())]))
        };
        assert_eq!((found[0].0, &found[0].1), (2, &fields("1", "a,\nb")));
        assert_eq!(
            found[1].1.as_ref().unwrap_err().to_string(),
            "line 4 does not fit the heading: 1 fields in place of 2"
        );
        assert_eq!((found[2].0, &found[2].1), (5, &fields("3", "c")));
    }

    #[test]
    fn a_heading_names_every_field_once() {
        for heading in ["a,a\n", "a,\n"] {
            let input = Box::new(io::Cursor::new(heading.as_bytes().to_vec()));
            assert!(Records::of(input, Shape::Csv, true).is_err(), "{heading}");
        }
        assert!(records("", Shape::Csv).is_empty());
    }
}
