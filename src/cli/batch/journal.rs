//! The output file. Rows are written to `FILE.part`, whole lines at a time and in order; when all are there it becomes
//! `FILE`. Good rows of earlier tries lie in `FILE.kept` until then. So at any moment every row that was ever written is in
//! one of the three, and `FILE` itself is whole or as it was.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use serde_json::value::RawValue;
use xxhash_rust::xxh3::Xxh3;

use super::row::Row;
use crate::config::folder;
use crate::error::{Error, Kind, Result};

/// The output in the making.
pub struct Journal {
    target: PathBuf,
    part: PathBuf,
    kept: PathBuf,
    file: File,
    /// Bytes of whole rows.
    whole: u64,
}

/// Good rows of earlier tries, by line.
#[derive(Default)]
pub struct Earlier {
    files: Vec<File>,
    rows: HashMap<u128, Place>,
}

#[derive(Clone, Copy)]
struct Place {
    file: u8,
    length: u32,
    at: u64,
}

impl Journal {
    /// Begins the output of `path`. With `resumes` also finds the good rows of earlier tries; without, they are dropped.
    ///
    /// Fails where another batch is writing the same file.
    pub fn begin(path: &Path, resumes: bool) -> Result<(Journal, Earlier)> {
        let cannot = |error: io::Error| cannot_write(path, &error);
        let target = folder::behind_links(path).map_err(cannot)?;
        let [part, kept] = ["part", "kept"].map(|ending| beside(&target, ending));
        let mode = fs::metadata(&target).ok().map_or(0o666, |facts| facts.permissions().mode() & 0o777);
        let lock = |path: &Path| -> Result<File> {
            let file = File::options().read(true).append(true).create(true).mode(mode).open(path).map_err(cannot)?;
            file.try_lock().map_err(|error| match error {
                fs::TryLockError::WouldBlock => {
                    Error::new(Kind::Usage, format!("another batch writes `{}`", path.display()))
                        .hint("wait for it, or name another file with `-O`")
                }
                fs::TryLockError::Error(error) => cannot(error),
            })?;
            Ok(file)
        };
        let file = lock(&part)?;
        // Nobody else writes beside this output now.
        remove_strays(&kept).map_err(cannot)?;
        let mut earlier = Earlier::default();
        if resumes {
            gather(&part, &kept, mode).map_err(cannot)?;
            for path in [&target, &kept] {
                earlier.add(path).map_err(|error| {
                    Error::new(Kind::Other, format!("cannot read `{}`", path.display())).because(error)
                })?;
            }
        } else {
            remove(&kept).map_err(cannot)?;
        }
        file.set_len(0).map_err(cannot)?;
        Ok((Journal { target, part, kept, file, whole: 0 }, earlier))
    }

    /// Adds whole rows. Where that fails, what was added before stays, and no half row does.
    pub fn add(&mut self, rows: &[u8]) -> Result<()> {
        if let Err(error) = self.file.write_all(rows) {
            // As much as can be done about it: a torn row is passed over when it is read.
            let _ = self.file.set_len(self.whole);
            return Err(cannot_write(&self.part, &error)
                .hint("what is done so far stays there: make room, and go on with `--resume`"));
        }
        self.whole += rows.len() as u64;
        Ok(())
    }

    /// Makes it the output.
    pub fn finish(self) -> Result<()> {
        let cannot = |error: io::Error| cannot_write(&self.target, &error);
        self.file.sync_all().map_err(cannot)?;
        fs::rename(&self.part, &self.target).map_err(cannot)?;
        remove(&self.kept).map_err(cannot)
    }

    /// Where the rows are until it is the output.
    pub fn part(&self) -> &Path {
        &self.part
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> Error {
    Error::new(Kind::Other, format!("cannot write `{}`", path.display())).because(error)
}

fn beside(target: &Path, ending: &str) -> PathBuf {
    let mut name = target.file_name().map(OsString::from).unwrap_or_default();
    name.push(".");
    name.push(ending);
    target.with_file_name(name)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Removes what a try that was killed while it wrote beside a file has left there.
fn remove_strays(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let start = format!(".{}.", path.file_name().unwrap_or_default().to_string_lossy());
    for found in fs::read_dir(folder)? {
        let found = found?;
        let name = found.file_name();
        if name.to_string_lossy().strip_prefix(&start).is_some_and(|rest| rest.ends_with(".part")) {
            remove(&found.path())?;
        }
    }
    Ok(())
}

/// Puts the good rows of a try that did not end with those of the tries before it. Whatever happens meanwhile, each row is
/// in one of the two files.
fn gather(part: &Path, kept: &Path, mode: u32) -> io::Result<()> {
    let mut rows = Earlier::default();
    rows.add(kept)?;
    let before = rows.rows.len();
    rows.add(part)?;
    if rows.rows.len() == before {
        return Ok(());
    }
    folder::replace_file(
        kept,
        Some(mode),
        |error| error,
        |file| {
            let mut output = io::BufWriter::new(&mut *file);
            let mut places: Vec<Place> = rows.rows.values().copied().collect();
            places.sort_by_key(|place| (place.file, place.at));
            for place in places {
                output.write_all(&rows.read(place)?)?;
            }
            output.flush()?;
            drop(output);
            file.sync_all()
        },
    )
}

impl Earlier {
    /// Notes the good rows of a file, where there is one. Whatever else is in it is passed over, a torn last line too.
    fn add(&mut self, path: &Path) -> io::Result<()> {
        let file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            file => file?,
        };
        let number = u8::try_from(self.files.len()).map_err(io::Error::other)?;
        let mut reader = BufReader::with_capacity(64 << 10, file.try_clone()?);
        let (mut line, mut at) = (Vec::new(), 0);
        while reader.read_until(b'\n', &mut line)? > 0 {
            let length = line.len() as u64;
            if line.ends_with(b"\n")
                && let Ok(row) = serde_json::from_slice::<Row<'_>>(&line)
                && row.error.is_none()
                && let Ok(length) = u32::try_from(length)
            {
                let name = name(row.id.map(RawValue::get), row.index, row.fingerprint.0);
                self.rows.insert(name, Place { file: number, length, at });
            }
            at += length;
            line.clear();
        }
        self.files.push(file);
        Ok(())
    }

    /// The good row of a line that has not changed since.
    pub fn find(&self, id: Option<&str>, index: u64, fingerprint: u128) -> Result<Option<Vec<u8>>> {
        let Some(place) = self.rows.get(&name(id, index, fingerprint)) else { return Ok(None) };
        let read = self.read(*place);
        read.map(Some).map_err(|error| Error::new(Kind::Other, "cannot read the rows done before").because(error))
    }

    fn read(&self, place: Place) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; usize::try_from(place.length).map_err(io::Error::other)?];
        let file = self.files.get(usize::from(place.file)).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        file.read_exact_at(&mut bytes, place.at)?;
        Ok(bytes)
    }
}

/// A line by its id, or by its index where it has none; and by what it says.
fn name(id: Option<&str>, index: u64, fingerprint: u128) -> u128 {
    let mut hash = Xxh3::new();
    hash.update(&fingerprint.to_le_bytes());
    match id {
        Some(id) => hash.update(id.as_bytes()),
        None => hash.update(&index.to_le_bytes()),
    }
    hash.digest128()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(index: u64, text: &str) -> Vec<u8> {
        format!("{{\"id\":\"r{index}\",\"index\":{index},\"text\":\"{text}\",\"metadata\":{{}},\"error\":null,\"fingerprint\":\"{index:x}\"}}\n")
            .into_bytes()
    }

    fn begin(path: &Path) -> (Journal, Earlier) {
        Journal::begin(path, true).unwrap()
    }

    fn found(earlier: &Earlier, index: u64) -> Option<Vec<u8>> {
        earlier.find(Some(&format!("\"r{index}\"")), 99, index.into()).unwrap()
    }

    #[test]
    fn rows_of_every_try_are_found_again_and_a_torn_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let (mut first, _) = begin(&path);
        first.add(&row(1, "one")).unwrap();
        drop(first);
        let (mut second, earlier) = begin(&path);
        assert_eq!(found(&earlier, 1), Some(row(1, "one")));
        second.add(&row(2, "two")).unwrap();
        second.file.write_all(b"{\"id\":\"r3\"").unwrap();
        drop((second, earlier));

        let (mut third, earlier) = begin(&path);

        assert_eq!([1, 2].map(|index| found(&earlier, index)), [Some(row(1, "one")), Some(row(2, "two"))]);
        assert_eq!(earlier.rows.len(), 2);
        third.add(&[row(1, "one"), row(2, "two")].concat()).unwrap();
        third.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), [row(1, "one"), row(2, "two")].concat());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_changed_line_and_a_failed_row_are_done_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let failed = String::from_utf8(row(2, "")).unwrap().replace("\"error\":null", "\"error\":{\"type\":\"x\"}");
        fs::write(&path, [row(1, "one"), failed.into_bytes(), b"junk\n".to_vec()].concat()).unwrap();

        let (_, earlier) = begin(&path);

        assert_eq!(found(&earlier, 2), None);
        assert_eq!(earlier.find(Some("\"r1\""), 0, 77).unwrap(), None);
        assert!(found(&earlier, 1).is_some());
    }

    #[test]
    fn two_batches_do_not_write_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let _first = begin(&path);

        let error = Journal::begin(&path, true).err().unwrap();

        assert!(error.to_string().contains("another batch"), "{error}");
    }

    #[test]
    fn the_output_stays_as_it_was_until_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        fs::write(&path, "before").unwrap();
        let (mut journal, _) = Journal::begin(&path, false).unwrap();

        journal.add(&row(1, "one")).unwrap();

        assert_eq!(fs::read(&path).unwrap(), b"before");
        journal.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), row(1, "one"));
    }
}
