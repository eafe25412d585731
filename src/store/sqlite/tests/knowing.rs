//! Which keys are known to be there: none that is kept is ever taken for missing.

use sha2::{Digest, Sha256};

use super::*;

/// Looks often enough for what is not there that the keys are read.
async fn seek_in_vain(store: &Sqlite) {
    for n in 100..=200 {
        assert_eq!(store.get(&key(n), NOW).await.unwrap(), None);
    }
}

#[tokio::test]
async fn entries_are_found_before_and_after_their_keys_were_read() {
    let folder = Folder::filled(3).await;
    let store = folder.open_well();
    let is_there = async |n| store.get(&key(n), NOW).await.unwrap().is_some();
    seek_in_vain(&store).await;
    assert!(is_there(1).await);
    assert!(!store.known.lacks(&key(100)));
    store.put(row(50, vec![1])).await.unwrap();

    store.tend(NOW).await;
    store.put(row(51, vec![1])).await.unwrap();
    store.put(row(52, vec![1; SMALL + 1])).await.unwrap();

    for n in [0, 1, 2, 50, 51, 52] {
        assert!(is_there(n).await, "{n}");
    }
    assert!(store.known.lacks(&key(100)));
    store.tend(NOW).await;
    assert!(is_there(51).await);
}

#[tokio::test]
async fn what_an_earlier_process_could_not_file_is_found_once_it_is_filed() {
    let folder = Folder::new();
    let store = folder.open_well();
    store.put(row(1, vec![1])).await.unwrap();
    let crashed = Folder::new();
    folder.copy_to(&crashed);
    drop(store);

    let store = crashed.open_well();
    store.tend(NOW).await;

    assert!(store.get(&key(1), NOW).await.unwrap().is_some());
}

#[tokio::test]
async fn what_could_not_be_filed_when_the_keys_were_read_is_found_once_it_is_filed() {
    let folder = Folder::filled(40).await;
    let store = folder.open_well();
    seek_in_vain(&store).await;
    may_have_pages(&store, 1).await;
    for n in 40..70 {
        store.put(row(n, vec![n; 3_000])).await.unwrap();
    }
    store.tend(NOW).await;
    assert!(store.trouble().is_some());

    may_have_pages(&store, 10_000).await;
    store.tend(NOW).await;
    assert_eq!(store.trouble(), None);

    for n in 0..70 {
        assert!(store.get(&key(n), NOW).await.unwrap().is_some(), "{n}");
    }
}

#[tokio::test]
async fn a_reading_that_meets_damage_loses_nothing_that_is_kept_after_it() {
    let folder = Folder::filled(40).await;
    let store = folder.open_well();
    seek_in_vain(&store).await;
    let mut bytes = fs::read(folder.file()).unwrap();
    bytes[4_096..].fill(0x5a);
    fs::write(folder.file(), bytes).unwrap();

    store.tend(NOW).await;
    store.put(row(50, vec![1])).await.unwrap();
    store.put(row(51, vec![1; SMALL + 1])).await.unwrap();
    store.tend(NOW).await;

    assert!(folder.names().contains(&"llmc.db.damaged-1".to_owned()), "{:?}", folder.names());
    for n in [50, 51] {
        assert!(store.get(&key(n), NOW).await.unwrap().is_some(), "{n}");
    }
}

#[tokio::test]
async fn what_was_removed_is_found_when_it_is_kept_again_whatever_was_read_meanwhile() {
    let folder = Folder::filled(3).await;
    let store = folder.open_well();
    store.remove(vec![key(1)]).await.unwrap();
    seek_in_vain(&store).await;
    store.tend(NOW).await;
    assert!(store.known.lacks(&key(1)));

    store.put(row(1, vec![7])).await.unwrap();

    assert_eq!(store.get(&key(1), NOW).await.unwrap(), Some(Bytes::from(vec![7])));
}

#[tokio::test]
async fn what_is_kept_for_an_asker_who_left_is_found() {
    let folder = Folder::filled(3).await;
    let store = folder.open_well();
    seek_in_vain(&store).await;
    store.tend(NOW).await;
    assert!(store.known.lacks(&key(50)));

    // Handed in and given up.
    let mut put = Box::pin(store.put(row(50, vec![1; SMALL + 1])));
    assert!(futures_util::poll!(&mut put).is_pending());
    drop(put);
    store.tend(NOW).await;
    store.ping().await.unwrap();

    assert!(store.get(&key(50), NOW).await.unwrap().is_some());
}

#[tokio::test]
async fn sums_that_are_wrong_do_not_make_the_sieve_too_small() {
    let folder = Folder::new();
    let store = folder.open_well();
    let keys = |range: std::ops::Range<u64>| range.map(|n| Key(Sha256::digest(n.to_be_bytes()).into()));
    for key in keys(0..9_000) {
        store.put(Row { key, ..row(0, vec![0]) }).await.unwrap();
    }
    store.tend(NOW).await;
    let reset = |connection: &Connection| connection.execute("UPDATE totals SET entries = 0", []);
    store.writer.run(reset).await.unwrap();

    let sieve = store.read(Sieve::read).await.unwrap();
    store.known.begin_at_once().end(sieve);

    assert!(keys(0..9_000).all(|key| !store.known.lacks(&key)));
    let passed = keys(9_000..19_000).filter(|key| !store.known.lacks(key)).count();
    assert!(passed < 100, "{passed} of 10,000 passed");
}
