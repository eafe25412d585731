//! A file beside the database: one record for each thing that is acknowledged and not yet in the database. A record costs
//! one writing of its own length, where a transaction of the database rewrites every page it touches.
//!
//! Layout: `LLMJ`, one byte of version, and the journal's own number (u64), by which a database knows it; then for each
//! record its length (u32), its XXH3-64 (u64) and the record itself. All numbers are little endian. Reading ends at the
//! first record that does not hold: a writing that was cut off, or damage.

use std::borrow::Cow;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use bytes::{Buf, BufMut, Bytes};
use xxhash_rust::xxh3::xxh3_64;

use crate::clock::Timestamp;
use crate::exchange::Key;
use crate::money::Usd;
use crate::store::Row;

/// What a journal begins with.
const START: &[u8; 5] = b"LLMJ\x01";

/// Bytes before the first record.
const BEFORE: usize = START.len() + 8;

/// Bytes before each record.
const HEAD: usize = 4 + 8;

/// What is kept of one acknowledged thing.
#[derive(Clone, Debug, PartialEq)]
pub enum Record<'a> {
    /// An entry.
    Kept(Cow<'a, Row>),
    /// A place that was taken.
    Admitted(Cow<'a, Admitted>),
}

/// One admission.
#[derive(Clone, Debug, PartialEq)]
pub struct Admitted {
    /// Of whom.
    pub subject: String,
    /// Counts the admissions of this subject, from 1.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// When it leaves its window.
    pub over_at: Timestamp,
    /// How many of this subject are worth keeping.
    pub kept: u32,
}

/// The open file.
#[derive(Debug)]
pub struct Journal {
    file: File,
    id: u64,
    length: u64,
    /// Kept between two records, so that most need no memory of their own.
    buffer: Vec<u8>,
}

/// What a journal held when it was opened.
#[derive(Debug, Default, PartialEq)]
pub struct Held {
    /// Each record with its number, in the order of their writing.
    pub records: Vec<(u64, Record<'static>)>,
    /// Bytes at its end that are no record, and were dropped.
    pub dropped: usize,
}

impl Journal {
    /// Opens a journal with what it holds, or makes one.
    pub fn open(path: &Path) -> io::Result<(Journal, Held)> {
        let mut file = OpenOptions::new().append(true).create(true).mode(0o600).open(path)?;
        let bytes = Bytes::from(fs::read(path)?);
        let mut rest = bytes.clone();
        let mut held = Held::default();
        if !(rest.starts_with(START) && rest.len() >= BEFORE) {
            held.dropped = rest.len();
            let id = fastrand::u64(..);
            file.set_len(0)?;
            file.write_all(&[START.as_slice(), &id.to_le_bytes()].concat())?;
            return Ok((Journal { file, id, length: BEFORE as u64, buffer: Vec::new() }, held));
        }
        let id = rest.split_to(BEFORE).slice(START.len()..).get_u64_le();
        while let Some((record, after)) = next(&rest) {
            held.records.push(record);
            rest = after;
        }
        held.dropped = rest.len();
        // It would hide whatever is written behind it.
        let length = (bytes.len() - rest.len()) as u64;
        file.set_len(length)?;
        Ok((Journal { file, id, length, buffer: Vec::new() }, held))
    }

    /// Its own number.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Writes a record. When this returns it outlives the process, though not yet a power loss. Where it fails, a part of
    /// the record may be there, behind which nothing would be read: it has to be [cut off](Journal::cut_off).
    pub fn append(&mut self, number: u64, record: &Record<'_>) -> io::Result<()> {
        self.buffer.clear();
        self.buffer.put_bytes(0, HEAD);
        self.buffer.put_u64_le(number);
        record.write(&mut self.buffer);
        let body = &self.buffer[HEAD..];
        let length = u32::try_from(body.len()).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
        let checksum = xxh3_64(body);
        let mut head = &mut self.buffer[..HEAD];
        head.put_u32_le(length);
        head.put_u64_le(checksum);
        self.file.write_all(&self.buffer)?;
        self.length += self.buffer.len() as u64;
        Ok(())
    }

    /// Takes away what a failed writing left.
    pub fn cut_off(&mut self) -> io::Result<()> {
        self.file.set_len(self.length)
    }

    /// Its length in bytes.
    pub fn len(&self) -> u64 {
        self.length
    }

    /// Forgets all records.
    pub fn clear(&mut self) -> io::Result<()> {
        if self.length > BEFORE as u64 {
            self.file.set_len(BEFORE as u64)?;
            self.length = BEFORE as u64;
        }
        Ok(())
    }
}

/// The first record of some bytes, its number, and what follows it. `None` where there is none, or it does not hold.
fn next(bytes: &Bytes) -> Option<((u64, Record<'static>), Bytes)> {
    let mut rest = bytes.clone();
    let length = usize::try_from(rest.try_get_u32_le().ok()?).ok()?;
    let checksum = rest.try_get_u64_le().ok()?;
    if length > rest.len() {
        return None;
    }
    let mut body = rest.split_to(length);
    if xxh3_64(&body) != checksum {
        return None;
    }
    let number = body.try_get_u64_le().ok()?;
    Some(((number, Record::read(body)?), rest))
}

const KEPT: u8 = 1;
const ADMITTED: u8 = 2;

impl Record<'_> {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Record::Kept(row) => {
                out.put_u8(KEPT);
                out.put_slice(&row.key.0);
                for time in [row.kept_at, row.fresh_until, row.gone_at] {
                    out.put_u64_le(time.0);
                }
                out.put_u8(u8::from(row.cost.is_some()));
                out.put_i64_le(row.cost.unwrap_or_default().0);
                for text in [&row.provider, &row.model, &row.namespace] {
                    put_text(out, text);
                }
                out.put_slice(&row.value);
            }
            Record::Admitted(admitted) => {
                let Admitted { subject, number, at, over_at, kept } = &**admitted;
                out.put_u8(ADMITTED);
                out.put_i64_le(*number);
                out.put_u64_le(at.0);
                out.put_u64_le(over_at.0);
                out.put_u32_le(*kept);
                put_text(out, subject);
            }
        }
    }

    fn read(mut bytes: Bytes) -> Option<Record<'static>> {
        match bytes.try_get_u8().ok()? {
            KEPT => {
                let key = Key(*bytes.split_first_chunk::<32>()?.0);
                bytes.advance(32);
                let mut time = || bytes.try_get_u64_le().map(Timestamp).ok();
                let (kept_at, fresh_until, gone_at) = (time()?, time()?, time()?);
                let has_cost = bytes.try_get_u8().ok()? != 0;
                let cost = bytes.try_get_i64_le().ok()?;
                let mut text = || take_text(&mut bytes);
                let (provider, model, namespace) = (text()?, text()?, text()?);
                let cost = has_cost.then_some(Usd(cost));
                let value = bytes;
                let row = Row { key, value, provider, model, namespace, kept_at, fresh_until, gone_at, cost };
                Some(Record::Kept(Cow::Owned(row)))
            }
            ADMITTED => {
                let number = bytes.try_get_i64_le().ok()?;
                let at = Timestamp(bytes.try_get_u64_le().ok()?);
                let over_at = Timestamp(bytes.try_get_u64_le().ok()?);
                let kept = bytes.try_get_u32_le().ok()?;
                let subject = take_text(&mut bytes)?;
                Some(Record::Admitted(Cow::Owned(Admitted { subject, number, at, over_at, kept })))
            }
            _ => None,
        }
    }
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    // What is longer than this does not fit into a record either, and is refused there.
    out.put_u32_le(u32::try_from(text.len()).unwrap_or(u32::MAX));
    out.put_slice(text.as_bytes());
}

fn take_text(bytes: &mut Bytes) -> Option<String> {
    let length = usize::try_from(bytes.try_get_u32_le().ok()?).ok()?;
    if length > bytes.len() {
        return None;
    }
    String::from_utf8(bytes.split_to(length).into()).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::path::PathBuf;

    use proptest::prelude::*;
    use tempfile::TempDir;

    use super::*;

    fn row(value: Vec<u8>, cost: Option<i64>, name: &str) -> Record<'static> {
        Record::Kept(Cow::Owned(Row {
            key: Key([7; 32]),
            value: value.into(),
            provider: name.to_owned(),
            model: "gpt-4o".to_owned(),
            namespace: String::new(),
            kept_at: Timestamp(1),
            fresh_until: Timestamp(2),
            gone_at: Timestamp(u64::MAX),
            cost: cost.map(Usd),
        }))
    }

    fn admitted(subject: &str, number: i64) -> Record<'static> {
        let (at, over_at) = (Timestamp(5), Timestamp(65));
        Record::Admitted(Cow::Owned(Admitted { subject: subject.to_owned(), number, at, over_at, kept: 20 }))
    }

    fn written(records: &[Record<'_>]) -> (TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let (mut journal, held) = Journal::open(&path).unwrap();
        assert_eq!(held, Held::default());
        for (number, record) in (1..).zip(records) {
            journal.append(number, record).unwrap();
        }
        assert_eq!(journal.len(), fs::metadata(&path).unwrap().len());
        (folder, path)
    }

    #[test]
    fn what_was_cut_off_is_no_record_and_hides_none() {
        let (_folder, path) = written(&[row(vec![1; 100], None, "openai"), admitted("me", 1)]);
        let whole = fs::read(&path).unwrap();
        for length in 0..whole.len() {
            fs::write(&path, &whole[..length]).unwrap();

            let (mut journal, held) = Journal::open(&path).unwrap();
            journal.append(9, &admitted("you", 3)).unwrap();

            let (again, then) = Journal::open(&path).unwrap();
            assert_eq!(again.id(), journal.id());
            assert_eq!((then.records.len(), then.dropped), (held.records.len() + 1, 0), "cut to {length}");
            assert_eq!(then.records.last().unwrap(), &(9, admitted("you", 3)));
        }
    }

    #[test]
    fn a_damaged_record_is_told_of() {
        let (_folder, path) = written(&[admitted("me", 1), admitted("me", 2)]);
        let mut bytes = fs::read(&path).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        fs::write(&path, bytes).unwrap();

        let (_, held) = Journal::open(&path).unwrap();

        assert_eq!(held.records, [(1, admitted("me", 1))]);
        assert!(held.dropped > 30, "{held:?}");
    }

    #[test]
    fn what_is_forgotten_is_not_read_again() {
        let (_folder, path) = written(&[admitted("me", 1)]);
        let (mut journal, _) = Journal::open(&path).unwrap();

        journal.clear().unwrap();
        journal.append(2, &admitted("me", 2)).unwrap();

        let (again, held) = Journal::open(&path).unwrap();
        assert_eq!(held.records, [(2, admitted("me", 2))]);
        assert_eq!(again.id(), journal.id());
    }

    proptest! {
        #[test]
        fn records_are_read_as_they_were_written(
            value in proptest::collection::vec(any::<u8>(), 0..300), cost in any::<Option<i64>>(), name in ".{0,40}",
            number in any::<i64>(),
        ) {
            let records = [row(value, cost, &name), admitted(&name, number)];

            let (_folder, path) = written(&records);

            let held: Vec<Record<'_>> = Journal::open(&path).unwrap().1.records.into_iter().map(|(_, record)| record).collect();
            prop_assert_eq!(held, records);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(next(&Bytes::from(bytes.clone())).is_none());
            let _ = Record::read(bytes.into());
        }
    }
}
