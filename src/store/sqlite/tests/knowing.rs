//! Which keys are known to be there: none that is kept is ever taken for missing.

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
