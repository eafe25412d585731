//! What only the file can get wrong: damage, full disks, modes, restarts, reading beside writing.
#![allow(clippy::unwrap_used)]

mod damage;
mod filing;
mod knowing;

use std::fs;
use std::sync::mpsc;
use std::time::Duration;

use tempfile::TempDir;

use super::*;
use crate::error::Kind;
use crate::money::Usd;
use crate::store::Slot;

const NOW: Timestamp = Timestamp(1_000);

struct Folder(TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("llmc.db")
    }

    fn open(&self) -> (Sqlite, Vec<String>) {
        Sqlite::open(&self.file(), Durability::Normal).unwrap()
    }

    /// Opens it, and is sure that nothing had to be said.
    fn open_well(&self) -> Sqlite {
        let (store, warnings) = self.open();
        assert_eq!(warnings, Vec::<String>::new());
        store
    }

    /// Copies what a killed process would leave.
    fn copy_to(&self, other: &Folder) {
        for name in self.names().iter().filter(|name| !name.ends_with("-shm")) {
            fs::copy(self.0.path().join(name), other.0.path().join(name)).unwrap();
        }
    }

    fn names(&self) -> Vec<String> {
        let name = |file: std::io::Result<fs::DirEntry>| file.unwrap().file_name().into_string().unwrap();
        let mut names: Vec<String> = fs::read_dir(self.0.path()).unwrap().map(name).collect();
        names.sort();
        names
    }

    /// A closed database with a few entries, counters and admissions.
    async fn filled(entries: u8) -> Folder {
        let folder = Folder::new();
        let store = folder.open_well();
        for n in 0..entries {
            store.put(row(n, vec![n; 700 * usize::from(n % 8)])).await.unwrap();
        }
        store.count("batch", vec![Count { slot: Slot::default(), field: "hits".to_owned(), by: 1 }]).await.unwrap();
        store.admit("user".to_owned(), minute(9), NOW).await.unwrap();
        drop(store);
        folder
    }
}

fn key(n: u8) -> Key {
    Key([n; 32])
}

fn row(n: u8, value: Vec<u8>) -> Row {
    Row {
        key: key(n),
        value: Bytes::from(value),
        provider: "openai".to_owned(),
        model: "gpt-4o".to_owned(),
        namespace: "default".to_owned(),
        kept_at: NOW,
        fresh_until: Timestamp(5_000),
        gone_at: Timestamp(9_000),
        cost: None,
    }
}

/// Lets the file grow to so many pages, and no further than it is where that is less.
async fn may_have_pages(store: &Sqlite, count: i64) {
    let set = move |connection: &Connection| {
        connection.query_row(&format!("PRAGMA max_page_count = {count}"), [], |_| Ok(()))
    };
    store.writer.run(set).await.unwrap();
}

fn minute(count: u32) -> Limit {
    Limit { count, window: Duration::from_secs(60) }
}

#[tokio::test]
async fn what_was_acknowledged_outlives_a_process_that_never_closed() {
    let folder = Folder::new();
    let store = folder.open_well();
    store.put(row(1, b"kept".to_vec())).await.unwrap();
    store.admit("user".to_owned(), minute(1), NOW).await.unwrap();
    store.count("batch", vec![Count { slot: Slot::default(), field: "hits".to_owned(), by: 3 }]).await.unwrap();
    let copy = Folder::new();

    // What a killed process leaves: the files as they are while the store is open.
    folder.copy_to(&copy);

    let again = copy.open_well();
    assert_eq!(again.get(&key(1), NOW).await.unwrap(), Some(Bytes::from("kept")));
    assert!(!again.admit("user".to_owned(), minute(1), NOW).await.unwrap().admitted);
    assert_eq!(again.counts(0).await.unwrap()[0].by, 3);
    assert_eq!(again.size().await.unwrap(), Size { entries: 1, bytes: 4 });
}

#[tokio::test]
async fn closing_leaves_one_file_and_further_asks_fail() {
    let folder = Folder::new();
    let store = folder.open_well();
    store.put(row(1, b"kept".to_vec())).await.unwrap();

    store.close();
    store.close();

    assert_eq!(folder.names(), ["llmc.db"]);
    assert_eq!(store.put(row(2, Vec::new())).await.unwrap_err().kind(), Kind::Unreachable);
    assert_eq!(store.get(&key(1), NOW).await.unwrap_err().kind(), Kind::Unreachable);
    drop(store);
    assert_eq!(folder.open_well().get(&key(1), NOW).await.unwrap(), Some(Bytes::from("kept")));
}

#[tokio::test]
async fn an_empty_file_is_a_new_store() {
    let folder = Folder::new();
    fs::write(folder.file(), "").unwrap();

    let store = folder.open_well();

    assert_eq!(store.size().await.unwrap(), Size::default());
}

#[tokio::test]
async fn a_store_of_the_version_before_is_brought_up_and_keeps_its_entries() {
    let folder = Folder::filled(3).await;
    let older = [
        "DROP TABLE journal; PRAGMA user_version = 3;",
        "DROP TABLE purses; DROP TABLE reservations; PRAGMA user_version = 2;",
        "DROP TABLE documents; PRAGMA user_version = 1;",
    ];
    for since in 1..=older.len() {
        // Each on top of the one after it.
        Connection::open(folder.file()).unwrap().execute_batch(&older[..since].concat()).unwrap();

        let store = folder.open_well();

        assert_eq!(store.size().await.unwrap().entries, 3);
        let name = format!("{since}");
        let written = store.write_document(&name, Bytes::new(), Expected::Absent, NOW, Timestamp(u64::MAX)).await;
        assert_eq!(written.unwrap(), Written::Done(1));
        let allowances = vec![Allowance { name, most: Usd(10), over_at: Timestamp(u64::MAX) }];
        let reservation =
            Reservation { id: since.to_string(), allowances, amount: Usd(7), span: Duration::from_secs(60) };
        assert!(store.reserve(reservation, NOW).await.unwrap().granted);
    }
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_left_alone() {
    let folder = Folder::filled(3).await;
    Connection::open(folder.file()).unwrap().execute_batch("PRAGMA user_version = 5").unwrap();
    let before = fs::read(folder.file()).unwrap();

    let error = Sqlite::open(&folder.file(), Durability::Normal).err().unwrap();

    assert!(error.hint_text().unwrap().starts_with("upgrade llmc"), "{error}");
    assert!(fs::read(folder.file()).unwrap() == before);
    assert!(!folder.names().iter().any(|name| name.contains("damaged")));
}

#[cfg(unix)]
#[cfg(unix)]
#[tokio::test]
async fn a_full_disk_is_a_clear_error_and_loses_nothing() {
    let folder = Folder::new();
    let store = folder.open_well();
    store.put(row(1, b"kept".to_vec())).await.unwrap();
    may_have_pages(&store, 40).await;

    let large = store.put(row(2, vec![0; 400_000]));
    let small = store.put(row(3, b"small".to_vec()));
    let (large, small) = tokio::join!(large, small);

    let error = large.unwrap_err();
    assert_eq!(error.kind(), Kind::Other);
    assert!(error.message().starts_with("cannot keep in `"), "{error}");
    assert_eq!(error.hint_text(), Some("free some space or lower `cache.max_size`"));
    small.unwrap();
    assert_eq!(store.get(&key(1), NOW).await.unwrap(), Some(Bytes::from("kept")));
    assert_eq!(store.get(&key(2), NOW).await.unwrap(), None);
    assert_eq!(store.size().await.unwrap(), Size { entries: 2, bytes: 9 });
    may_have_pages(&store, 10_000).await;
    store.put(row(2, vec![0; 400_000])).await.unwrap();
    assert!(!folder.names().iter().any(|name| name.contains("damaged")));
}

#[tokio::test]
async fn a_place_that_cannot_be_written_is_a_clear_error() {
    let folder = Folder::new();
    fs::write(folder.0.path().join("file"), "").unwrap();

    let under_a_file = folder.0.path().join("file").join("llmc.db");

    let error = Sqlite::open(&under_a_file, Durability::Normal).err().unwrap();
    assert!(error.message().starts_with("cannot open the store `"), "{error}");
    assert!(error.hint_text().unwrap().contains("writable"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_read_only_folder_is_a_clear_error() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    fs::set_permissions(folder.0.path(), fs::Permissions::from_mode(0o500)).unwrap();
    // The superuser may write everywhere but here.
    let place = match fs::write(folder.0.path().join("probe"), "") {
        Ok(()) => PathBuf::from("/proc/llmc.db"),
        Err(_) => folder.file(),
    };

    let error = Sqlite::open(&place, Durability::Normal).err().unwrap();

    fs::set_permissions(folder.0.path(), fs::Permissions::from_mode(0o700)).unwrap();
    assert!(error.hint_text().unwrap().contains("writable"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let modes = || -> Vec<u32> {
        let mode = |name: String| fs::metadata(folder.0.path().join(name)).unwrap().permissions().mode() & 0o777;
        folder.names().into_iter().map(mode).collect()
    };

    let store = folder.open_well();
    store.put(row(1, Vec::new())).await.unwrap();

    assert_eq!(modes(), [0o600; 4]);
    drop(store);
    fs::set_permissions(folder.file(), fs::Permissions::from_mode(0o644)).unwrap();
    let store = folder.open_well();
    store.put(row(1, Vec::new())).await.unwrap();
    assert_eq!(modes(), [0o600; 4]);
}

#[tokio::test]
async fn reading_goes_on_while_a_transaction_is_held_open() {
    let folder = Folder::new();
    let store = folder.open_well();
    store.put(row(1, b"kept".to_vec())).await.unwrap();
    store.tend(NOW).await;
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let (finish, wait) = mpsc::channel::<()>();
    let mut begun = Some(begun);
    let mut writing = Box::pin(store.writer.run(move |connection| {
        entries::keep(connection, &row(1, b"new".to_vec()))?;
        begun.take().map(|begun| begun.send(()));
        let _ = wait.recv();
        Ok(())
    }));
    tokio::select! {
        _ = &mut writing => panic!("it cannot be over"),
        begun = has_begun => begun.unwrap(),
    }

    let read = tokio::time::timeout(Duration::from_secs(20), store.get(&key(1), NOW)).await;
    let listed = tokio::time::timeout(Duration::from_secs(20), store.list(Filter::default(), NOW)).await;

    assert_eq!(read.unwrap().unwrap(), Some(Bytes::from("kept")));
    assert_eq!(listed.unwrap().unwrap().len(), 1);
    finish.send(()).unwrap();
    writing.await.unwrap();
    assert_eq!(store.get(&key(1), NOW).await.unwrap(), Some(Bytes::from("new")));
}

#[tokio::test]
async fn a_job_that_fails_or_panics_takes_no_neighbour_with_it() {
    let folder = Folder::new();
    let store = folder.open_well();
    let (finish, wait) = mpsc::channel::<()>();
    // Holds the writer, so that all the others are taken up together.
    let mut wait = Some(wait);
    let held = store.writer.run(move |_| {
        wait.take().map(|wait| wait.recv());
        Ok(())
    });
    let panicking = store.writer.run(|connection| -> rusqlite::Result<()> {
        entries::keep(connection, &row(8, Vec::new()))?;
        panic!("on purpose")
    });
    let failing = store.writer.run(|connection| {
        entries::keep(connection, &row(9, Vec::new()))?;
        connection.execute("INSERT INTO nowhere VALUES (1)", [])
    });
    let release = async { finish.send(()).unwrap() };

    let (held, before, panicked, failed, after, ()) = tokio::join!(
        held,
        store.writer.run(|connection| entries::keep(connection, &row(1, b"before".to_vec()))),
        panicking,
        failing,
        store.writer.run(|connection| entries::keep(connection, &row(2, b"after".to_vec()))),
        release
    );

    held.unwrap();
    before.unwrap();
    after.unwrap();
    assert_eq!(panicked.unwrap_err().kind(), Kind::Unreachable);
    assert_eq!(failed.unwrap_err().kind(), Kind::Other);
    let listed: Vec<Key> = store.list(Filter::default(), NOW).await.unwrap().iter().map(|entry| entry.key).collect();
    assert_eq!(listed, [key(1), key(2)]);
}

#[tokio::test]
async fn a_sweep_gives_space_back() {
    let folder = Folder::new();
    let store = folder.open_well();
    for n in 0..100 {
        store.put(row(n, vec![n; 50_000])).await.unwrap();
    }
    let pages =
        || store.writer.run(|connection| connection.query_row("PRAGMA page_count", [], |row| row.get::<_, i64>(0)));
    let full = pages().await.unwrap();

    store.sweep(Timestamp(9_000), u64::MAX).await.unwrap();

    let left = pages().await.unwrap();
    assert!(left < full / 4, "{left} of {full} pages are left");
}

#[tokio::test]
async fn a_lookup_reads_an_index_and_a_body() {
    let folder = Folder::filled(3).await;
    let connection = Connection::open(folder.file()).unwrap();

    let mut plan = connection
        .prepare(
            "EXPLAIN QUERY PLAN SELECT bodies.value FROM entries JOIN bodies ON bodies.id = entries.id \
             WHERE entries.key = ?1 AND bodies.gone_at > ?2",
        )
        .unwrap();
    let steps: Vec<String> =
        plan.query_map(rusqlite::params![key(1).0, 0], |row| row.get(3)).unwrap().map(Result::unwrap).collect();

    assert_eq!(
        steps,
        [
            "SEARCH entries USING COVERING INDEX sqlite_autoindex_entries_1 (key=?)",
            "SEARCH bodies USING INTEGER PRIMARY KEY (rowid=?)"
        ]
    );
}
