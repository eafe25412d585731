//! Files that are damaged, or none of llmc's: set aside, named, and never the end of the store.

use super::*;

#[tokio::test]
async fn what_is_no_database_is_set_aside_and_named() {
    let folder = Folder::new();
    let garbage = "this was never a database; ".repeat(500);
    fs::write(folder.file(), &garbage).unwrap();

    let (store, warnings) = folder.open();

    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].contains(folder.file().to_str().unwrap()), "{warnings:?}");
    assert!(warnings[0].contains("llmc.db.damaged-1"), "{warnings:?}");
    assert_eq!(fs::read_to_string(folder.0.path().join("llmc.db.damaged-1")).unwrap(), garbage);
    store.put(row(1, b"new".to_vec())).await.unwrap();
    drop(store);
    assert_eq!(folder.open_well().size().await.unwrap().entries, 1);
}

#[tokio::test]
async fn a_second_damaged_file_does_not_take_the_place_of_the_first() {
    let folder = Folder::new();

    for content in ["first, which is not a database", "second, which is none either"] {
        fs::write(folder.file(), content.repeat(100)).unwrap();
        drop(folder.open());
    }

    assert_eq!(folder.names(), ["llmc.db", "llmc.db.damaged-1", "llmc.db.damaged-2"]);
}

#[tokio::test]
async fn a_cut_file_is_set_aside() {
    let folder = Folder::filled(40).await;
    let whole = fs::metadata(folder.file()).unwrap().len();

    for kept in [whole - 1, whole / 2, 4_096, 1_000, 50] {
        let cut = Folder::new();
        let bytes = fs::read(folder.file()).unwrap();
        fs::write(cut.file(), &bytes[..usize::try_from(kept).unwrap()]).unwrap();

        let (store, warnings) = cut.open();

        assert_eq!(warnings.len(), 1, "cut to {kept}");
        assert_eq!(store.size().await.unwrap(), Size::default(), "cut to {kept}");
    }
}

#[tokio::test]
async fn another_programs_database_is_set_aside_whole() {
    let folder = Folder::new();
    let other = Connection::open(folder.file()).unwrap();
    other.execute_batch("CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup')").unwrap();
    drop(other);

    let (_store, warnings) = folder.open();

    assert_eq!(warnings.len(), 1);
    let aside = Connection::open(folder.0.path().join("llmc.db.damaged-1")).unwrap();
    let soup: String = aside.query_row("SELECT name FROM recipes", [], |row| row.get(0)).unwrap();
    assert_eq!(soup, "soup");
}

#[tokio::test]
async fn flipped_bytes_never_panic_and_never_keep_the_store_from_working() {
    let folder = Folder::filled(40).await;
    let whole = fs::read(folder.file()).unwrap();
    // Every byte of the header and of the first page's own, then one in a while.
    let offsets = (0..120).chain((120..whole.len()).step_by(whole.len() / 120));

    for offset in offsets {
        let flipped = Folder::new();
        let mut bytes = whole.clone();
        bytes[offset] ^= 0xff;
        fs::write(flipped.file(), &bytes).unwrap();

        let store = match Sqlite::open(&flipped.file(), Durability::Normal) {
            Ok((store, _)) => store,
            Err(error) => {
                // A flip in the version makes the file look like that of a newer llmc, which is left alone.
                assert!(error.hint_text().is_some_and(|hint| hint.starts_with("upgrade")), "at {offset}: {error}");
                continue;
            }
        };
        for n in 0..40 {
            if let Ok(Some(value)) = store.get(&key(n), NOW).await {
                assert!(value.len() <= 700 * 7 + 255, "at {offset}");
            }
        }
        let _ = store.list(Filter::default(), NOW).await;
        let _ = store.counts(0).await;
        let _ = store.standing("user".to_owned(), minute(9), NOW).await;
        store.put(row(200, b"after".to_vec())).await.unwrap_or_else(|error| panic!("at {offset}: {error}"));
        store.tend(NOW).await;
        assert_eq!(store.trouble(), None, "at {offset}");
        drop(store);
        let again = flipped.open().0;
        assert_eq!(again.get(&key(200), NOW).await.unwrap(), Some(Bytes::from("after")), "at {offset}");
    }
}

#[tokio::test]
async fn damage_met_while_running_costs_the_entries_and_nothing_else() {
    let folder = Folder::filled(40).await;
    let store = folder.open_well();
    let size = fs::metadata(folder.file()).unwrap().len();

    // Every page behind the schema is overwritten under the running store.
    let file = fs::OpenOptions::new().write(true).open(folder.file()).unwrap();
    std::os::unix::fs::FileExt::write_all_at(&file, &vec![0xa5; usize::try_from(size - 4_096).unwrap()], 4_096)
        .unwrap();

    assert_eq!(store.get(&key(7), NOW).await.unwrap(), None);
    store.put(row(7, b"again".to_vec())).await.unwrap();
    assert_eq!(store.get(&key(7), NOW).await.unwrap(), Some(Bytes::from("again")));
    assert_eq!(store.list(Filter::default(), NOW).await.unwrap().len(), 1);
    assert!(folder.names().contains(&"llmc.db.damaged-1".to_owned()));
    store.put(row(8, b"more".to_vec())).await.unwrap();
    let copy = Folder::new();
    folder.copy_to(&copy);
    assert_eq!(copy.open_well().get(&key(8), NOW).await.unwrap(), Some(Bytes::from("more")));
    drop(store);
    assert_eq!(folder.open_well().size().await.unwrap(), Size { entries: 2, bytes: 9 });
}

#[tokio::test]
async fn a_listing_of_a_damaged_file_begins_anew() {
    let folder = Folder::filled(40).await;
    let store = folder.open_well();
    let file = fs::OpenOptions::new().write(true).open(folder.file()).unwrap();
    let size = usize::try_from(fs::metadata(folder.file()).unwrap().len()).unwrap();
    std::os::unix::fs::FileExt::write_all_at(&file, &vec![0xa5; size - 4_096], 4_096).unwrap();

    let listed = store.list(Filter::default(), NOW).await.unwrap();

    assert_eq!(listed, []);
    assert!(folder.names().contains(&"llmc.db.damaged-1".to_owned()));
}

#[tokio::test]
async fn a_damaged_index_is_no_reason_not_to_open() {
    let folder = Folder::new();
    let store = folder.open_well();
    for n in 0..250 {
        store.put(row(n, vec![n; 6_000])).await.unwrap();
    }
    store.tend(NOW).await;
    let root = |connection: &Connection| {
        connection.query_row("SELECT rootpage FROM sqlite_master WHERE name = 'entries_by_use'", [], |row| row.get(0))
    };
    let root = usize::from(store.read::<u16, _>(root).await.unwrap());
    drop(store);
    let mut bytes = fs::read(folder.file()).unwrap();
    let size = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
    assert!(bytes.len() > 1 << 20);
    bytes[(root - 1) * size..root * size].fill(0x5a);
    fs::write(folder.file(), bytes).unwrap();

    let store = folder.open_well();

    assert!(store.get(&key(7), NOW).await.unwrap().is_some());
}
