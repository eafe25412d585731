//! How long things stay, by the server's clock, and under which names.

use std::time::{Duration, Instant};

use bytes::Bytes;
use llmc::clock::Timestamp;
use llmc::store::{Count, Expected, Filter, Row, Size, Slot, Store, Swept, Touch, Written};

use super::*;
use crate::support::redis::{Redis, is_installed};
use crate::support::shared;

/// Long enough for a busy machine to look in between.
const LIFE: Duration = Duration::from_secs(1);
/// Over soon, and not before it is kept.
const SHORT: Duration = Duration::from_millis(100);
const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn an_entry_ends_by_the_server_s_clock_and_not_before() {
    if !is_installed() {
        return;
    }
    let server = Redis::start(&[]).await;
    let store = shared::redis(&server.url(), PREFIX);

    let kept = Instant::now();
    store.put(row("a", "1", LIFE)).await.unwrap();
    store.touch(vec![Touch { key: key("a"), hits: 1, at: now() }]).await.unwrap();

    // Whatever the asker takes the time to be.
    assert_eq!(store.get(&key("a"), Timestamp(u64::MAX)).await.unwrap(), Some(Bytes::from("1")));
    until("the entry is gone", || async { store.get(&key("a"), Timestamp(0)).await.unwrap().is_none() }).await;
    // Its milliseconds began before `kept` was taken only where the clock ticked in between.
    assert!(kept.elapsed() + millis(2) >= LIFE, "{:?}", kept.elapsed());
}

#[tokio::test]
async fn a_second_put_brings_its_own_end_and_begins_without_hits() {
    if !is_installed() {
        return;
    }
    let server = Redis::start(&[]).await;
    let store = shared::redis(&server.url(), PREFIX);
    store.put(row("a", "first", HOUR)).await.unwrap();
    store.touch(vec![Touch { key: key("a"), hits: 7, at: now() }]).await.unwrap();

    store.put(Row { model: "o3".to_owned(), ..row("a", "2nd", LIFE) }).await.unwrap();

    let listed = store.list(Filter::default(), Timestamp(0)).await.unwrap();
    assert_eq!((listed[0].model.as_str(), listed[0].hits, listed[0].bytes), ("o3", 0, 3));
    assert_eq!(store.size().await.unwrap(), Size { entries: 1, bytes: 3 });
    until("the second is gone", || async { store.get(&key("a"), now()).await.unwrap().is_none() }).await;
}

#[tokio::test]
async fn what_was_over_before_it_came_is_not_kept_and_nor_is_what_it_replaces() {
    if !is_installed() {
        return;
    }
    let server = Redis::start(&[]).await;
    let store = shared::redis(&server.url(), PREFIX);
    store.put(row("a", "older", HOUR)).await.unwrap();

    // Answered while the server was away, and sent when it came back: its life began then.
    store.put(Row { gone_at: now().before(millis(1)), ..row("a", "late", HOUR) }).await.unwrap();

    assert_eq!(store.get(&key("a"), now()).await.unwrap(), None);
    assert_eq!(store.size().await.unwrap(), Size::default());
}

#[tokio::test]
async fn the_value_is_the_sealed_bytes_under_the_documented_name() {
    if !is_installed() {
        return;
    }
    let server = Redis::start(&[]).await;
    let store = shared::redis(&server.url(), PREFIX);

    store.put(row("a", "sealed", HOUR)).await.unwrap();
    store.put(Row { gone_at: Timestamp(u64::MAX), ..row("b", "endless", HOUR) }).await.unwrap();
    let session = store.write_document("session:x", Bytes::from("said"), Expected::Absent, now(), now().after(HOUR));
    assert_eq!(session.await.unwrap(), Written::Done(1));

    let name = |start: &str| format!("llm:cache:v1:{}", key(start));
    assert_eq!(text(server.run_command(&["GET", &name("a")]).await).as_deref(), Some("sealed"));
    let left =
        async |name: &str| -> i64 { redis::from_redis_value(server.run_command(&["PTTL", name]).await).unwrap() };
    assert!((3_500_000..=3_600_000).contains(&left(&name("a")).await));
    assert_eq!(left(&name("b")).await, -1);
    assert_eq!(text(server.run_command(&["HGET", "session:x", "value"]).await).as_deref(), Some("said"));
    assert!((3_500_000..=3_600_000).contains(&left("session:x").await));
}

#[tokio::test]
async fn what_ended_leaves_the_listings_and_one_daemon_a_minute_sees_to_it() {
    if !is_installed() {
        return;
    }
    let server = Redis::start(&[]).await;
    let [one, two, later] = [(); 3].map(|()| shared::redis(&server.url(), PREFIX));
    one.put(row("a", "1", SHORT)).await.unwrap();
    one.put(row("b", "22", HOUR)).await.unwrap();
    until("it ended", || async { one.get(&key("a"), now()).await.unwrap().is_none() }).await;

    let first = one.sweep(now(), 0).await.unwrap();
    assert_eq!(first, Swept { expired: 1, evicted: 0 });
    assert_eq!(one.size().await.unwrap(), Size { entries: 1, bytes: 2 });

    two.put(row("c", "333", SHORT)).await.unwrap();
    until("it ended", || async { two.get(&key("c"), now()).await.unwrap().is_none() }).await;
    assert_eq!(two.sweep(now(), 0).await.unwrap(), Swept::default());
    // When the minute is over.
    server.run_command(&["DEL", "llm:cache:turn:expiry"]).await;
    // Who asked already does not ask again so soon.
    assert_eq!(two.sweep(now(), 0).await.unwrap(), Swept::default());
    assert_eq!(later.sweep(now(), 0).await.unwrap(), Swept { expired: 1, evicted: 0 });
    // Sizes are the server's own business: nothing was evicted though nothing fits into 0 bytes.
    assert_eq!(two.get(&key("b"), now()).await.unwrap(), Some(Bytes::from("22")));
}

#[tokio::test]
async fn what_the_server_dropped_of_its_own_accord_leaves_the_listings() {
    if !is_installed() {
        return;
    }
    let server = Redis::start(&[]).await;
    let store = shared::redis(&server.url(), PREFIX);
    for name in ["a", "b"] {
        let kept_at = now().before(millis(70_000));
        store.put(Row { kept_at, ..row(name, "123", HOUR) }).await.unwrap();
        let end = now().after(HOUR);
        store.write_document(name, Bytes::new(), Expected::Absent, now(), end).await.unwrap();
    }
    server.run_command(&["DEL", &format!("llm:cache:v1:{}", key("a"))]).await;
    server.run_command(&["DEL", "b"]).await;

    let swept = store.sweep(now(), u64::MAX).await.unwrap();

    assert_eq!(swept, Swept { expired: 0, evicted: 1 });
    assert_eq!(store.size().await.unwrap(), Size { entries: 1, bytes: 3 });
    let names = server.run_command(&["ZRANGE", "{llm:cache:v1}:documents", "0", "-1"]).await;
    assert_eq!(redis::from_redis_value::<Vec<String>>(names).unwrap(), ["a"]);
}

#[tokio::test]
async fn a_document_lives_as_long_as_it_is_read_by_whoever_s_clock() {
    if !is_installed() {
        return;
    }
    let server = Redis::start(&[]).await;
    let store = shared::redis(&server.url(), PREFIX);
    // The writer's clock is years behind, the reader's years ahead.
    let (writer, reader) = (Timestamp(1_000), Timestamp(9_000_000_000_000));
    store.write_document("s", Bytes::from("x"), Expected::Absent, writer, writer.after(LIFE)).await.unwrap();

    let read = store.document("s", reader, None).await.unwrap().unwrap();
    assert!(read.gone_at > reader && read.gone_at <= reader.after(LIFE), "{read:?}");
    let lengthened = store.document("s", reader, Some(reader.after(HOUR))).await.unwrap().unwrap();
    assert_eq!(lengthened.gone_at, reader.after(HOUR));

    let shortened = store.write_document("s", Bytes::new(), Expected::Version(1), writer, writer.after(millis(20)));
    assert_eq!(shortened.await.unwrap(), Written::Done(2));
    until("it ended", || async { store.document("s", reader, None).await.unwrap().is_none() }).await;
    assert_eq!(store.documents("", 10, reader).await.unwrap(), []);
}

#[tokio::test]
async fn counters_are_kept_for_400_days() {
    if !is_installed() {
        return;
    }
    let server = Redis::start(&[]).await;
    let store = shared::redis(&server.url(), PREFIX);
    let count = |hour| Count { slot: Slot { hour, ..Slot::default() }, field: "hits".to_owned(), by: 1 };

    store.count("batch-0", vec![count(100)]).await.unwrap();
    store.count("batch-1", vec![count(9_700)]).await.unwrap();
    assert_eq!(store.counts(0).await.unwrap(), [count(100), count(9_700)]);
    store.count("batch-2", vec![count(9_701)]).await.unwrap();

    assert_eq!(store.counts(0).await.unwrap(), [count(9_700), count(9_701)]);
    let left = server.run_command(&["TTL", "{llm:cache:counts}:hour:9701"]).await;
    let left: i64 = redis::from_redis_value(left).unwrap();
    assert!((400 * 86_400 - 60..=400 * 86_400).contains(&left), "{left}");
}
