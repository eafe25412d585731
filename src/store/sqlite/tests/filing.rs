//! What waits beside the file: kept, found, filed, never brought back, and told of where it cannot be filed.

use super::*;
use crate::store::sealed;

/// A store beside which an entry and a place that was taken wait.
async fn with_what_waits(folder: &Folder) -> Sqlite {
    let store = folder.open_well();
    store.put(row(1, b"kept".to_vec())).await.unwrap();
    store.admit("user".to_owned(), minute(1), NOW).await.unwrap();
    store
}

#[tokio::test]
async fn what_waited_is_filed_in_the_end_and_found_meanwhile() {
    let folder = Folder::new();
    let store = folder.open_well();
    let journal = || fs::metadata(folder.0.path().join("llmc.db-pending")).unwrap().len();
    for n in 1..4 {
        store.put(row(n, vec![n; 100])).await.unwrap();
    }
    store.put(row(1, b"newer".to_vec())).await.unwrap();
    assert!(journal() > 300);
    assert_eq!(store.get(&key(1), NOW).await.unwrap(), Some(Bytes::from("newer")));
    assert_eq!(store.get(&key(1), Timestamp(9_000)).await.unwrap(), None);

    store.tend(NOW).await;

    // By the keeper, once it is on the disk.
    let begun = std::time::Instant::now();
    while journal() > 100 {
        assert!(begun.elapsed() < Duration::from_secs(60), "the journal is {} bytes long", journal());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(store.get(&key(1), NOW).await.unwrap(), Some(Bytes::from("newer")));
    assert_eq!(store.size().await.unwrap(), Size { entries: 3, bytes: 205 });
}

#[tokio::test]
async fn what_waits_loose_is_packed_when_it_is_filed_by_whoever_files_it() {
    let (folder, copy) = (Folder::new(), Folder::new());
    let store = folder.open_well();
    assert!(store.packs());
    let plain = b"word ".repeat(100);
    let (loose, packed) = (sealed::seal_loosely(&plain).unwrap(), sealed::seal(&plain).unwrap());

    store.put(row(1, loose.to_vec())).await.unwrap();

    assert_eq!(store.get(&key(1), NOW).await.unwrap(), Some(loose));
    folder.copy_to(&copy);
    for store in [store, copy.open_well()] {
        assert_eq!(store.size().await.unwrap(), Size { entries: 1, bytes: packed.len() as u64 });
        assert_eq!(store.get(&key(1), NOW).await.unwrap(), Some(packed.clone()));
    }
}

#[tokio::test]
async fn a_store_whose_commits_all_wait_for_the_disk_is_handed_what_is_packed() {
    let folder = Folder::new();
    let (store, _) = Sqlite::open(&folder.file(), Durability::Full).unwrap();
    assert!(!store.packs());
}

#[tokio::test]
async fn what_was_removed_does_not_come_back_from_the_journal() {
    let (folder, copy) = (Folder::new(), Folder::new());
    let store = with_what_waits(&folder).await;
    let journal = fs::read(folder.0.path().join("llmc.db-pending")).unwrap();
    store.remove(vec![key(1)]).await.unwrap();

    // Killed between the commit and the end of the journal.
    folder.copy_to(&copy);
    fs::write(copy.0.path().join("llmc.db-pending"), journal).unwrap();

    let again = copy.open_well();
    assert_eq!(again.get(&key(1), NOW).await.unwrap(), None);
    assert!(!again.admit("user".to_owned(), minute(1), NOW).await.unwrap().admitted);
    again.put(row(2, b"next".to_vec())).await.unwrap();
    drop(again);
    assert_eq!(copy.open_well().size().await.unwrap(), Size { entries: 1, bytes: 4 });
}

#[tokio::test]
async fn what_was_not_filed_outlives_a_database_that_is_damaged() {
    let (folder, copy) = (Folder::new(), Folder::new());
    let _store = with_what_waits(&folder).await;
    folder.copy_to(&copy);
    fs::write(copy.file(), "this is no database ".repeat(500)).unwrap();
    fs::remove_file(copy.0.path().join("llmc.db-wal")).unwrap();

    let (again, warnings) = copy.open();

    assert!(warnings[0].contains("damaged"), "{warnings:?}");
    assert_eq!(again.get(&key(1), NOW).await.unwrap(), Some(Bytes::from("kept")));
    assert!(!again.admit("user".to_owned(), minute(1), NOW).await.unwrap().admitted);
    drop(again);
    assert_eq!(copy.open_well().size().await.unwrap().entries, 1);
}

#[tokio::test]
async fn a_long_journal_takes_no_more_until_it_is_filed() {
    let folder = Folder::new();
    let store = folder.open_well();

    for n in 0..100 {
        store.put(row(n, vec![n; 60_000])).await.unwrap();
    }

    let journal = fs::metadata(folder.0.path().join("llmc.db-pending")).unwrap().len();
    assert!(journal < 5 << 20, "{journal}");
    drop(store);
    assert_eq!(folder.open_well().size().await.unwrap().entries, 100);
}

#[tokio::test]
async fn what_the_journal_held_is_filed_where_every_commit_is_to_be_on_the_disk() {
    let (folder, copy) = (Folder::new(), Folder::new());
    let store = folder.open_well();
    store.put(row(1, b"kept".to_vec())).await.unwrap();
    folder.copy_to(&copy);

    let (again, warnings) = Sqlite::open(&copy.file(), Durability::Full).unwrap();

    assert_eq!(warnings, Vec::<String>::new());
    again.put(row(2, b"next".to_vec())).await.unwrap();
    assert_eq!(again.size().await.unwrap(), Size { entries: 2, bytes: 8 });
    again.close();
    assert_eq!(copy.names(), ["llmc.db"]);
}

#[tokio::test]
async fn what_cannot_be_filed_waits_and_is_told_of() {
    let (folder, copy) = (Folder::filled(40).await, Folder::new());
    let store = folder.open_well();
    may_have_pages(&store, 1).await;
    for n in 100..130 {
        store.put(row(n, vec![n; 3_000])).await.unwrap();
    }
    assert_eq!(store.trouble(), None);

    store.tend(NOW).await;

    assert!(store.trouble().unwrap().contains("full"), "{:?}", store.trouble());
    assert_eq!(store.put(row(200, vec![0; 400_000])).await.unwrap_err().kind(), Kind::Other);
    assert!(store.admit("somebody".to_owned(), minute(1), NOW).await.is_err());
    assert_eq!(store.get(&key(100), NOW).await.unwrap(), Some(Bytes::from(vec![100; 3_000])));
    assert_eq!(store.remove(vec![key(100)]).await.unwrap_err().kind(), Kind::Other);
    assert_eq!(store.put(row(101, b"newer".to_vec())).await.unwrap_err().kind(), Kind::Other);
    store.remove(vec![key(1), key(2)]).await.unwrap();
    folder.copy_to(&copy);
    assert_eq!(copy.open_well().size().await.unwrap().entries, 68);

    may_have_pages(&store, 10_000).await;
    assert_eq!(store.size().await.unwrap().entries, 68);
    assert_eq!(store.trouble(), None);
    store.put(row(101, b"newer".to_vec())).await.unwrap();
    assert_eq!(store.get(&key(101), NOW).await.unwrap(), Some(Bytes::from("newer")));
    assert!(store.admit("somebody".to_owned(), minute(1), NOW).await.unwrap().admitted);
}
