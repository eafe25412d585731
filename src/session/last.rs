//! Which session each user used last, in a small file of this machine's: on a shared store the users of two machines may
//! go by one name.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::config::folder;
use crate::error::{Error, Kind, Result};

/// Users whose last session is remembered.
const MOST: usize = 256;

/// No such file is longer.
const LONGEST: u64 = 1 << 20;

/// Remembers in a file, or for this process alone where there is no place for one.
pub struct Last {
    file: Option<PathBuf>,
    known: Mutex<BTreeMap<String, String>>,
}

impl Last {
    /// Remembers in `file`, in a folder of llmc's own.
    pub fn new(file: Option<PathBuf>) -> Last {
        Last { file, known: Mutex::default() }
    }

    /// The session `subject` used last. Another daemon may have served that use, so the file is read each time.
    pub fn of(&self, subject: &str) -> Option<String> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(read) = self.file.as_deref().and_then(read) {
            *known = read;
        }
        known.get(subject).cloned()
    }

    /// Notes that `subject` used the session `id`. One that cannot be written is remembered by this process.
    pub fn note(&self, subject: &str, id: &str) {
        if self.of(subject).as_deref() == Some(id) {
            return;
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST && !known.contains_key(subject) {
            known.pop_first();
        }
        known.insert(subject.to_owned(), id.to_owned());
        if let Some(Err(error)) = self.file.as_deref().map(|file| write(file, &known)) {
            tracing::warn!(%error, "which session was used last is known to this process alone");
        }
    }
}

/// `None` where there is no such file, or none that can be read: then nobody used a session last.
fn read(file: &Path) -> Option<BTreeMap<String, String>> {
    let is_ours = fs::symlink_metadata(file).is_ok_and(|facts| facts.is_file() && facts.len() <= LONGEST);
    if !is_ours {
        return None;
    }
    serde_json::from_slice(&fs::read(file).ok()?).ok()
}

/// Writes beside the file, then renames: whoever reads sees the old or the new.
fn write(file: &Path, known: &BTreeMap<String, String>) -> Result<()> {
    let cannot =
        |error: io::Error| Error::new(Kind::Other, format!("cannot write `{}`", file.display())).because(error);
    let parent = file.parent().unwrap_or(Path::new("/"));
    folder::prepare_private_dir(parent)?;
    let bytes = serde_json::to_vec(known).map_err(io::Error::other).map_err(cannot)?;
    folder::replace_file(file, Some(0o600), cannot, |new| new.write_all(&bytes).map_err(cannot))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_last_session_is_remembered_beyond_the_process_and_for_each_user() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state/sessions.json");
        let before = Last::new(Some(file.clone()));
        before.note("me", "a");
        before.note("you", "b");
        before.note("me", "c");

        let after = Last::new(Some(file.clone()));

        assert_eq!(after.of("me").as_deref(), Some("c"));
        assert_eq!(after.of("you").as_deref(), Some("b"));
        assert_eq!(after.of("nobody"), None);
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn what_another_daemon_noted_counts() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sessions.json");
        let (one, other) = (Last::new(Some(file.clone())), Last::new(Some(file)));
        one.note("me", "a");

        other.note("me", "b");

        assert_eq!(one.of("me").as_deref(), Some("b"));
    }

    #[test]
    fn a_damaged_file_is_as_none_and_is_mended() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sessions.json");
        fs::write(&file, b"\xff{").unwrap();
        let last = Last::new(Some(file.clone()));
        assert_eq!(last.of("me"), None);

        last.note("me", "a");

        assert_eq!(Last::new(Some(file)).of("me").as_deref(), Some("a"));
    }

    #[test]
    fn without_a_place_for_a_file_this_process_remembers() {
        for file in [None, Some(PathBuf::from("/proc/none/sessions.json"))] {
            let last = Last::new(file);

            last.note("me", "a");

            assert_eq!(last.of("me").as_deref(), Some("a"));
        }
    }

    #[test]
    fn so_many_users_are_remembered_and_no_more() {
        let last = Last::new(None);
        (0..2 * MOST).for_each(|user| last.note(&format!("user:{user}"), "a"));

        assert_eq!(last.known.lock().unwrap().len(), MOST);
        assert!(last.of(&format!("user:{}", 2 * MOST - 1)).is_some());
    }
}
