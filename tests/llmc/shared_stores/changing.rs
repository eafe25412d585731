//! What one daemon learns of the others' doings.

use std::time::Duration;

use llmc::store::{Changes, Store};

use super::*;
use crate::support::redis::{Redis, is_installed};
use crate::support::shared;

const HOUR: Duration = Duration::from_secs(3600);

async fn changes(store: &dyn Store, cursor: Option<&str>) -> Changes {
    store.changes(cursor).await.unwrap().unwrap()
}

#[tokio::test]
async fn what_others_keep_and_remove_is_told_once_and_one_s_own_never() {
    if !is_installed() {
        return;
    }
    let server = Redis::start(&[]).await;
    let [one, two] = [(); 2].map(|()| shared::redis(&server.url(), PREFIX));
    two.put(row("e", "before", HOUR)).await.unwrap();
    let start = changes(&one, None).await;
    assert_eq!((start.keys.len(), start.lost_track), (0, false));

    two.put(row("a", "1", HOUR)).await.unwrap();
    one.put(row("b", "1", HOUR)).await.unwrap();
    two.remove(vec![key("c"), key("d")]).await.unwrap();

    let told = changes(&one, Some(&start.cursor)).await;
    assert_eq!((told.keys, told.lost_track), ([key("a"), key("c"), key("d")].to_vec(), false));
    let nothing = changes(&one, Some(&told.cursor)).await;
    assert_eq!(nothing, Changes { cursor: told.cursor, ..Changes::default() });
}

#[tokio::test]
async fn thousands_of_changes_are_told_completely() {
    if !is_installed() {
        return;
    }
    let server = Redis::start(&[]).await;
    let [one, two] = [(); 2].map(|()| shared::redis(&server.url(), PREFIX));
    let start = changes(&one, None).await;
    let keys: Vec<_> = (0..2_500u32).map(|n| key(&format!("{n:08x}"))).collect();
    for key in &keys {
        two.remove(vec![*key]).await.unwrap();
    }

    let told = changes(&one, Some(&start.cursor)).await;

    assert_eq!((told.keys, told.lost_track), (keys, false));
}

#[tokio::test]
async fn whoever_was_away_too_long_is_told_to_trust_nothing() {
    if !is_installed() {
        return;
    }
    let server = Redis::start(&[]).await;
    let [one, two] = [(); 2].map(|()| shared::redis(&server.url(), PREFIX));
    let start = changes(&one, None).await;
    two.put(row("a", "1", HOUR)).await.unwrap();
    server.run_command(&["XTRIM", "{llm:cache:v1}:changes", "MAXLEN", "1"]).await;

    let lost = changes(&one, Some(&start.cursor)).await;

    assert_eq!((lost.keys.len(), lost.lost_track), (0, true));
    two.put(row("b", "1", HOUR)).await.unwrap();
    let told = changes(&one, Some(&lost.cursor)).await;
    assert_eq!((told.keys, told.lost_track), ([key("b")].to_vec(), false));
}

#[tokio::test]
async fn a_server_that_was_emptied_is_told_whether_written_to_since_or_not() {
    if !is_installed() {
        return;
    }
    let server = Redis::start(&[]).await;
    let [one, two] = [(); 2].map(|()| shared::redis(&server.url(), PREFIX));

    let start = changes(&one, None).await;
    server.run_command(&["FLUSHALL"]).await;
    let lost = changes(&one, Some(&start.cursor)).await;
    assert!(lost.lost_track);
    assert!(!changes(&one, Some(&lost.cursor)).await.lost_track);

    server.run_command(&["FLUSHALL"]).await;
    two.put(row("a", "1", HOUR)).await.unwrap();
    assert!(changes(&one, Some(&lost.cursor)).await.lost_track);
}
