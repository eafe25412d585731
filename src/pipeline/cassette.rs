//! Cassettes: the answers of a run in one file beside its tests, a line each, sorted by key, made to be committed.
//!
//! Many may write one at once, in several processes: each takes the file's lock, reads what is there, adds its own and
//! puts the whole in place of the old. A line that cannot be read fails whoever needs the cassette, with its number:
//! half a merge is not quietly recorded over.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::flight::Landed;
use super::key::Fingerprint;
use super::{line, recent};
use crate::config::folder;
use crate::error::{Error, Kind, Result};
use crate::exchange::{Entry, Key};

/// Broken lines that are named in one error.
const NAMED: usize = 3;

/// Cassettes held at a time.
const HELD: usize = 64;

/// No cassette is longer: it is read whole.
const LONGEST: u64 = 1 << 30;

/// Digits of a key that a person needs to find it.
const SHOWN: usize = 12;

/// The cassettes in use.
#[derive(Default)]
pub struct Cassettes(Mutex<HashMap<PathBuf, Arc<Cassette>>>);

impl Cassettes {
    /// The cassette of a file, which need not be there yet.
    pub fn at(&self, path: &Path) -> Arc<Cassette> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= HELD && !held.contains_key(path) {
            held.clear();
        }
        let made = || Arc::new(Cassette { path: path.to_owned(), known: Mutex::default() });
        Arc::clone(held.entry(path.to_owned()).or_insert_with(made))
    }
}

/// One file.
pub struct Cassette {
    path: PathBuf,
    known: Mutex<Known>,
}

type Lines = BTreeMap<Key, Arc<Entry>>;

#[derive(Default)]
struct Known {
    stamp: Option<Stamp>,
    lines: Lines,
}

/// Tells a file from what it was before.
type Stamp = (u64, u64, u64, i64, i64);

impl Cassette {
    /// Fails where it is there and cannot be read: known before anything is called.
    pub async fn check(self: &Arc<Self>) -> Result<()> {
        let cassette = Arc::clone(self);
        beside(move || cassette.current().map(drop)).await
    }

    /// The answer recorded for exactly this call.
    pub async fn find(self: &Arc<Self>, wanted: &Fingerprint) -> Result<Option<Arc<Entry>>> {
        let found = self.find_all(vec![wanted.clone()]).await?;
        Ok(found.into_iter().next().flatten())
    }

    /// The answers recorded for some calls, in their order.
    pub async fn find_all(self: &Arc<Self>, wanted: Vec<Fingerprint>) -> Result<Vec<Option<Arc<Entry>>>> {
        let cassette = Arc::clone(self);
        beside(move || {
            let known = cassette.current()?;
            let find = |wanted: &Fingerprint| {
                known.get(&wanted.key).filter(|entry| entry.material == wanted.material).cloned()
            };
            Ok(wanted.iter().map(find).collect())
        })
        .await
    }

    /// Why nothing was found: the nearest call that is recorded, and the first field in which it differs.
    pub async fn miss(self: &Arc<Self>, wanted: &Fingerprint) -> Error {
        let (cassette, wanted) = (Arc::clone(self), wanted.clone());
        let explained = beside(move || {
            let known = cassette.current()?;
            let error =
                Error::new(Kind::ReplayMiss, format!("nothing is recorded for this call in {}", cassette.name()));
            let recorded = known.iter().map(|(key, entry)| (*key, &entry.material));
            let cause = match recent::nearest(&wanted, recorded) {
                Some((key, difference)) => {
                    let key = key.to_string();
                    let values = [&difference.left, &difference.right].map(|value| shown(value.as_deref()));
                    let [there, here] = values;
                    format!("the nearest is {}, whose `{difference}` is {there} and not {here}", &key[..SHOWN])
                }
                None if known.is_empty() && !cassette.path.exists() => "there is no such file".to_owned(),
                None => format!("it holds {} calls, none of them like it", known.len()),
            };
            Ok(error.because(cause).hint("record it with `--mode auto`, or look with `llmc cache key --json`"))
        });
        explained.await.unwrap_or_else(|error| error)
    }

    /// Records an answer that was kept. What is there already with the same body stays as it is, so that recording again
    /// changes nothing.
    pub async fn record(self: &Arc<Self>, key: Key, landed: &mut Landed) {
        let entry = Arc::clone(&landed.entry);
        self.record_all(vec![(key, entry)], landed).await;
    }

    /// The same for an answer that is kept in parts.
    pub async fn record_all(self: &Arc<Self>, entries: Vec<(Key, Arc<Entry>)>, landed: &mut Landed) {
        if !landed.kept {
            return;
        }
        let cassette = Arc::clone(self);
        if let Err(error) = beside(move || cassette.add(entries)).await {
            tracing::warn!(%error, "an answer is not recorded");
            landed.warning = Some(format!("the answer is not recorded: {error}"));
        }
    }

    fn name(&self) -> String {
        format!("`{}`", self.path.display())
    }

    /// What the file holds now; read again where it has changed.
    fn current(&self) -> Result<Lines> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = match fs::metadata(&self.path) {
            Ok(facts) => Some(stamp(&facts)),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(self.unreadable(&error)),
        };
        if stamp.is_none() || known.stamp != stamp {
            let mut text = Vec::new();
            if stamp.is_some() {
                let file = File::open(&self.path).map_err(|error| self.unreadable(&error))?;
                file.take(LONGEST).read_to_end(&mut text).map_err(|error| self.unreadable(&error))?;
            }
            *known = Known { stamp, lines: self.parse(&text)? };
        }
        // Entries are shared, so this copies pointers.
        Ok(known.lines.clone())
    }

    fn parse(&self, text: &[u8]) -> Result<Lines> {
        let (mut lines, mut broken) = (Lines::new(), Vec::new());
        for (number, text) in text.split(|byte| *byte == b'\n').enumerate() {
            if text.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            match line::read(text) {
                Ok((key, entry, _)) => drop(lines.insert(key, Arc::new(entry))),
                Err(error) => broken.push(format!("line {}: {error}", number + 1)),
            }
        }
        if broken.is_empty() {
            return Ok(lines);
        }
        let others = broken.len().saturating_sub(NAMED);
        broken.truncate(NAMED);
        let others = if others > 0 { format!(", and {others} more") } else { String::new() };
        Err(Error::new(Kind::Usage, format!("cannot read the cassette {}", self.name()))
            .because(format!("{}{others}", broken.join("; ")))
            .hint("take the broken lines out, or begin another file"))
    }

    fn add(&self, mut entries: Vec<(Key, Arc<Entry>)>) -> Result<()> {
        let cannot = |error: io::Error| {
            Error::new(Kind::Other, format!("cannot write the cassette {}", self.name())).because(error)
        };
        // Held to the end: who waits for it sees another file in its place then, and tries anew.
        let _alone = lock(&self.path).map_err(cannot)?;
        let mut lines = self.current()?;
        let is_known = |(key, entry): &(Key, Arc<Entry>)| {
            lines.get(key).is_some_and(|known| known.body == entry.body && known.material == entry.material)
        };
        entries.retain(|entry| !is_known(entry));
        if entries.is_empty() {
            return Ok(());
        }
        lines.extend(entries);
        let mut text = Vec::new();
        for (key, entry) in &lines {
            if let Some(line) = line::write(key, entry) {
                text.extend_from_slice(line.as_bytes());
                text.push(b'\n');
            }
        }
        let mode = fs::metadata(&self.path).map_err(cannot)?.permissions().mode() & 0o7777;
        folder::replace_file(&self.path, Some(mode), cannot, |file| file.write_all(&text).map_err(cannot))?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Known { stamp: fs::metadata(&self.path).ok().map(|facts| stamp(&facts)), lines };
        Ok(())
    }

    fn unreadable(&self, error: &io::Error) -> Error {
        Error::new(Kind::Usage, format!("cannot read the cassette {}", self.name())).because(error)
    }
}

/// Takes the lock of the file itself, which is made where there is none. Whoever held it before has put another file in
/// its place: then that one is to be locked.
fn lock(path: &Path) -> io::Result<File> {
    loop {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        file.lock()?;
        let (held, there) = (file.metadata()?, fs::metadata(path));
        if there.is_ok_and(|there| (there.dev(), there.ino()) == (held.dev(), held.ino())) {
            return Ok(file);
        }
    }
}

fn stamp(facts: &fs::Metadata) -> Stamp {
    (facts.dev(), facts.ino(), facts.len(), facts.mtime(), facts.mtime_nsec())
}

fn shown(value: Option<&str>) -> String {
    const MOST: usize = 60;
    match value {
        None => "absent".to_owned(),
        Some(value) if value.chars().count() > MOST => format!("{}…", value.chars().take(MOST).collect::<String>()),
        Some(value) => value.to_owned(),
    }
}

/// Files are waited for beside everybody else.
async fn beside<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(Error::new(Kind::Other, "a cassette was let go of").because(error)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::pipeline::entry::tests::entry;
    use crate::pipeline::line::tests::identified;

    fn landed(call: &Fingerprint, body: &str) -> Landed {
        Landed::called(Arc::new(entry(&call.material, body.as_bytes())))
    }

    fn at(folder: &tempfile::TempDir) -> Arc<Cassette> {
        Cassettes::default().at(&folder.path().join("llm.jsonl"))
    }

    fn text(folder: &tempfile::TempDir) -> String {
        fs::read_to_string(folder.path().join("llm.jsonl")).unwrap()
    }

    #[tokio::test]
    async fn what_is_recorded_is_found_by_whoever_reads_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let call = identified("hi");
        let mut answer = landed(&call, "hello");

        at(&folder).record(call.key, &mut answer).await;

        assert_eq!(answer.warning, None);
        assert_eq!(at(&folder).find(&call).await.unwrap().unwrap().body, "hello");
        assert!(at(&folder).find(&identified("ho")).await.unwrap().is_none());
    }

    #[tokio::test]
    async fn lines_are_sorted_and_recording_again_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        for prompt in ["c", "a", "b"] {
            let call = identified(prompt);
            at(&folder).record(call.key, &mut landed(&call, prompt)).await;
        }
        let before = text(&folder);
        assert!(before.lines().is_sorted_by_key(|line| line.split_once("\"key\":").unwrap().1.to_owned()));

        let call = identified("a");
        let mut later = landed(&call, "a");
        Arc::make_mut(&mut later.entry).facts.latency *= 2;
        at(&folder).record(call.key, &mut later).await;
        assert_eq!(text(&folder), before);

        at(&folder).record(call.key, &mut landed(&call, "new")).await;
        assert_eq!(text(&folder).lines().count(), 3);
        assert_eq!(at(&folder).find(&call).await.unwrap().unwrap().body, "new");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn many_writers_at_once_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..60 {
            // Some share what a process holds in memory, some do not.
            let cassette = at(&folder);
            tasks.spawn(async move {
                let call = identified(&number.to_string());
                let mut answer = landed(&call, "x");
                cassette.record(call.key, &mut answer).await;
                answer.warning
            });
        }

        assert!(tasks.join_all().await.iter().all(Option::is_none));
        assert_eq!(text(&folder).lines().count(), 60);
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
        assert_eq!(names, ["llm.jsonl"]);
    }

    #[tokio::test]
    async fn a_broken_line_is_named_by_its_number_and_not_recorded_over() {
        let folder = tempfile::tempdir().unwrap();
        let call = identified("hi");
        at(&folder).record(call.key, &mut landed(&call, "hello")).await;
        let broken = format!("{}<<<<<<< ours\n", text(&folder));
        fs::write(folder.path().join("llm.jsonl"), &broken).unwrap();

        let error = at(&folder).find(&call).await.unwrap_err();
        let mut answer = landed(&identified("ho"), "x");
        at(&folder).record(identified("ho").key, &mut answer).await;

        assert!(error.to_string().contains("line 2"), "{error}");
        assert!(answer.warning.unwrap().contains("line 2"));
        assert_eq!(text(&folder), broken);
    }

    #[tokio::test]
    async fn a_miss_names_the_nearest_and_what_differs() {
        let folder = tempfile::tempdir().unwrap();
        let call = identified("hi");
        at(&folder).record(call.key, &mut landed(&call, "hello")).await;

        let miss = at(&folder).miss(&identified("ho")).await;

        assert_eq!(miss.kind(), Kind::ReplayMiss);
        let said = miss.to_string();
        assert!(said.contains(&call.key.to_string()[..12]), "{said}");
        assert!(said.contains("`messages[0].content` is \"hi\" and not \"ho\""), "{said}");
    }

    #[tokio::test]
    async fn what_was_not_worth_keeping_is_not_recorded() {
        let folder = tempfile::tempdir().unwrap();
        let call = identified("hi");
        let mut answer = Landed { kept: false, ..landed(&call, "cut") };

        at(&folder).record(call.key, &mut answer).await;

        assert!(!folder.path().join("llm.jsonl").exists());
    }
}
