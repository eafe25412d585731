//! A store that fails costs the cache, never the answer, and nothing wrong is ever served.

use std::sync::Arc;

use rusqlite::Connection;
use serde_json::json;

use crate::support::failing::Failing;
use crate::support::world::Plan;
use crate::support::{World, says};

fn over_failing() -> (Arc<Failing>, Plan) {
    let store = Arc::new(Failing::default());
    (Arc::clone(&store), World::new().over(store))
}

#[tokio::test]
async fn answers_keep_coming_and_say_what_is_wrong() {
    let (store, plan) = over_failing();
    let world = plan.answering("hello").await;
    store.fail();

    let answer = world.generate("hi").await;

    assert_eq!(answer.text, "hello");
    let warning = "the answer is kept in memory only: cannot keep in `it`: the disk is full";
    assert_eq!(answer.metadata.warnings, [warning]);
    assert!(world.stream("streamed").await.reply().metadata.warnings.contains(&warning.to_owned()));
}

#[tokio::test]
async fn what_was_answered_meanwhile_is_a_hit_all_the_same() {
    let (store, plan) = over_failing();
    let world = plan.answering("hello").await;
    store.fail();
    world.generate("hi").await;

    assert_eq!(world.generate("hi").await.metadata.cache_status.name(), "hit");
    assert_eq!(world.upstream.count(), 1);
}

#[tokio::test]
async fn a_store_that_cannot_be_read_is_a_miss() {
    let (store, plan) = over_failing();
    let world = plan.with("cache.memory_size = \"0\"").answering("hello").await;
    world.generate("hi").await;
    assert_eq!(world.generate("hi").await.metadata.cache_status.name(), "hit");

    store.fail();
    assert_eq!(world.generate("hi").await.metadata.cache_status.name(), "miss");

    store.recover();
    assert_eq!(world.generate("hi").await.metadata.cache_status.name(), "hit");
}

#[tokio::test]
async fn failures_are_counted_and_nothing_counted_is_lost() {
    let (store, plan) = over_failing();
    let world = plan.answering("hello").await;
    world.generate("before").await;
    store.fail();
    world.generate("during").await;

    let meanwhile = world.stats().await;
    assert!(!meanwhile.store.healthy);
    assert_eq!((meanwhile.totals.misses, meanwhile.store_failures), (2, 2));

    store.recover();
    let after = world.stats().await;
    assert!(after.store.healthy);
    assert_eq!((after.totals.misses, after.store_failures), (2, 2));
}

#[tokio::test]
async fn a_full_store_still_tells_what_was_counted_before() {
    let (store, plan) = over_failing();
    let world = plan.answering("hello").await;
    world.generate("before").await;
    assert_eq!(world.stats().await.totals.misses, 1);
    store.fill();
    world.generate("during").await;

    let meanwhile = world.stats().await;

    assert_eq!((meanwhile.totals.misses, meanwhile.store_failures), (2, 1));
    store.recover();
    let after = world.stats().await;
    assert_eq!((after.totals.misses, after.store_failures), (2, 1));
}

#[tokio::test]
async fn statistics_come_even_where_there_is_nothing_to_write() {
    let (store, plan) = over_failing();
    let world = plan.answering("hello").await;
    store.fail();

    assert_eq!(world.stats().await.totals.misses, 0);
}

#[tokio::test]
async fn the_limits_hold_without_a_store() {
    let (store, plan) = over_failing();
    let world = plan.with_built_in_limits().with("rate_limit.llm = 2").answering("hello").await;
    store.fail();

    let mut statuses = Vec::new();
    for number in 0..4 {
        statuses.push(world.ask(json!({"prompt": format!("number {number}")})).await.status);
    }

    assert_eq!(statuses, [200, 200, 429, 429]);
    let limits = world.get("/limits").await.json();
    assert_eq!(limits["limits"][0]["remaining"], 0);
}

#[tokio::test]
async fn what_only_the_store_knows_is_an_error_that_says_so() {
    let (store, plan) = over_failing();
    let world = plan.answering("hello").await;
    store.fail();

    for answer in [world.get("/cache/entries").await, world.purge(json!({"all": true})).await] {
        assert_eq!(answer.status, 500);
        assert_eq!(answer.problem().error.message, "cannot keep in `it`");
    }
}

#[tokio::test]
async fn a_store_that_hangs_does_not_hang_the_status() {
    let (store, plan) = over_failing();
    let world = plan.answering("hello").await;
    store.hang();

    let status = world.get("/status").await.json();

    assert_eq!((&status["store"]["healthy"], &status["store"]["backend"]), (&json!(false), &json!("failing")));
}

/// Changes the database behind the daemon's back, once all that was answered is in it.
async fn meddle(world: &World, statement: &str) {
    world.tended().await;
    let connection = Connection::open(world.database()).unwrap();
    connection.execute_batch(statement).unwrap();
}

#[tokio::test]
async fn a_database_that_takes_nothing_more_still_serves_what_it_has() {
    let world = World::new().on_disk().answering("hello").await;
    world.generate("before").await;
    meddle(&world, "CREATE TRIGGER full BEFORE INSERT ON entries BEGIN SELECT RAISE(FAIL, 'it is full'); END").await;

    let during = world.generate("during").await;
    world.tended().await;
    let later = world.generate("later").await;

    assert_eq!((during.text.as_str(), later.text.as_str()), ("hello", "hello"));
    assert!(later.metadata.warnings[0].contains("it is full"), "{:?}", later.metadata.warnings);
    assert_eq!(world.stats().await.store_failures, 1);
    assert_eq!(world.generate("before").await.metadata.cache_status.name(), "hit");

    meddle(&world, "DROP TRIGGER full").await;
    let world = world.reopened().await;
    assert_eq!(world.generate("during").await.metadata.cache_status.name(), "hit");
    assert_eq!(world.generate("before").await.metadata.warnings, Vec::<String>::new());
}

#[tokio::test]
async fn a_damaged_entry_is_a_miss_that_is_counted_and_asked_for_anew() {
    for damage in [
        "UPDATE bodies SET value = CAST(substr(value, 1, length(value) - 1) AS BLOB)",
        "UPDATE bodies SET value = CAST(substr(value, 1, 40) || x'ff00ff00' || substr(value, 45) AS BLOB)",
        "UPDATE bodies SET value = x''",
        "UPDATE bodies SET value = CAST('hello' AS BLOB)",
        "UPDATE bodies SET value = zeroblob(1000000)",
    ] {
        let world = World::new().on_disk().answering("first").await;
        world.generate("hi").await;
        meddle(&world, damage).await;
        let world = world.reopened().await;
        world.upstream.answers(says("second"));

        let anew = world.generate("hi").await;

        assert_eq!((anew.text.as_str(), anew.metadata.cache_status.name()), ("second", "miss"), "{damage}");
        assert_eq!(world.stats().await.damaged, 1, "{damage}");
        let world = world.reopened().await;
        assert_eq!(world.generate("hi").await.metadata.cache_status.name(), "hit");
    }
}

#[tokio::test]
async fn an_entry_under_anothers_key_is_never_served() {
    let world = World::new().on_disk().answering("for a").await;
    world.generate("a").await;
    world.upstream.answers(says("for b"));
    world.generate("b").await;
    meddle(
        &world,
        "UPDATE bodies SET value = (SELECT other.value FROM bodies AS other WHERE other.id != bodies.id LIMIT 1) \
         WHERE id = (SELECT max(id) FROM bodies)",
    )
    .await;
    let world = world.reopened().await;

    let (a, b) = (world.generate("a").await, world.generate("b").await);

    assert_eq!((a.text.as_str(), a.metadata.cache_status.name()), ("for a", "hit"));
    assert_eq!((b.text.as_str(), b.metadata.cache_status.name()), ("for b", "miss"));
    assert_eq!(world.stats().await.damaged, 1);
}

#[tokio::test]
async fn a_damaged_entry_can_be_listed_and_deleted() {
    let world = World::new().on_disk().answering("hello").await;
    let key = world.generate("hi").await.metadata.cache_key;
    meddle(&world, "UPDATE bodies SET value = x'00'").await;
    let world = world.reopened().await;

    assert_eq!(world.get("/cache/entries").await.json()["total"], 1);
    assert_eq!(world.get(&format!("/cache/entries/{key}")).await.failure(), (404, "not_found".to_owned()));
    assert_eq!(world.delete(&format!("/cache/entries/{key}")).await.json()["removed"], 1);
    assert_eq!(world.get("/cache/entries").await.json()["total"], 0);
}

#[tokio::test]
async fn what_can_never_be_served_is_named_and_removed() {
    let world = World::new().on_disk().answering("hello").await;
    let sound = world.generate("hi").await.metadata.cache_key;
    let bent = world.generate("ho").await.metadata.cache_key;
    let swapped = world.generate("he").await.metadata.cache_key;
    assert_eq!(world.send("POST", "/cache/verify", &[], "").await.json()["flaws"], json!([]));
    meddle(
        &world,
        "UPDATE bodies SET value = CAST(substr(value, 1, length(value) - 1) AS BLOB) WHERE id = 2; \
         UPDATE bodies SET value = (SELECT other.value FROM bodies AS other WHERE other.id = 1) WHERE id = 3",
    )
    .await;
    let world = world.reopened().await;

    let told = world.send("POST", "/cache/verify", &[], "").await.json();

    assert_eq!((&told["checked"], &told["flawed"], &told["removed"]), (&json!(3), &json!(2), &json!(0)));
    let mut named: Vec<_> =
        told["flaws"].as_array().unwrap().iter().map(|flaw| (&flaw["key"], &flaw["reason"])).collect();
    named.sort_by_key(|(_, reason)| reason.to_string());
    let (broken, foreign) = (json!("its checksum does not hold"), json!("its key is not that of its request"));
    assert_eq!(named, [(&json!(bent), &broken), (&json!(swapped), &foreign)]);

    assert_eq!(world.send("POST", "/cache/verify?delete=true", &[], "").await.json()["removed"], 2);
    let told = world.send("POST", "/cache/verify", &[], "").await.json();
    assert_eq!((&told["checked"], &told["flawed"]), (&json!(1), &json!(0)));
    assert_eq!(world.get(&format!("/cache/entries/{sound}")).await.status, 200);
}
