//! How long an answer is fresh, and what one past its time is still good for.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Reply, World, says};

const HOUR: Duration = Duration::from_secs(3600);
const A_MILLISECOND: Duration = Duration::from_millis(1);

fn with_cache(cache: Value) -> Value {
    json!({"prompt": "hi", "cache": cache})
}

#[tokio::test]
async fn an_answer_is_fresh_until_its_time_is_up_and_not_a_moment_longer() {
    let world = World::new().answering("first").await;
    world.generate("hi").await;
    world.upstream.answers(says("second"));

    world.clock.advance(HOUR - A_MILLISECOND);
    assert_eq!(world.generate("hi").await.text, "first");

    world.clock.advance(A_MILLISECOND);
    let next = world.generate("hi").await;
    assert_eq!((next.text.as_str(), next.metadata.cache_status.name()), ("second", "miss"));
}

#[tokio::test]
async fn each_answer_has_the_time_it_was_asked_with() {
    let world = World::new().with("cache.ttl = \"10m\"").answering("hello").await;
    let as_set = world.ask(with_cache(json!({}))).await.reply();
    let as_asked = world.ask(with_cache(json!({"ttl": "2h", "namespace": "other"}))).await.reply();

    assert_eq!((as_set.metadata.ttl_seconds, as_asked.metadata.ttl_seconds), (Some(600), Some(7200)));

    world.clock.advance(HOUR);
    assert_eq!(world.ask(with_cache(json!({}))).await.cache_status(), "miss");
    assert_eq!(world.ask(with_cache(json!({"namespace": "other"}))).await.cache_status(), "hit");
}

#[tokio::test]
async fn a_time_without_end_has_none() {
    let world = World::new().on_disk().answering("hello").await;
    let always = || with_cache(json!({"ttl": u64::MAX, "staleIfError": u64::MAX, "maxAge": u64::MAX}));
    world.ask(always()).await.reply();

    world.clock.advance(100_000 * 24 * HOUR);

    let world = world.reopened().await;
    assert_eq!(world.ask(always()).await.cache_status(), "hit");
    assert_eq!(world.get("/cache/entries").await.json()["total"], 1);
}

#[tokio::test]
async fn a_hit_never_lengthens_the_time() {
    let world = World::new().answering("hello").await;
    world.generate("hi").await;

    for _ in 0..3 {
        world.clock.advance(HOUR / 4);
        assert_eq!(world.ask(with_cache(json!({"ttl": "10h"}))).await.cache_status(), "hit");
    }

    world.clock.advance(HOUR / 4);
    assert_eq!(world.ask(with_cache(json!({}))).await.cache_status(), "miss");
}

#[tokio::test]
async fn who_wants_nothing_older_is_asked_anew() {
    let world = World::new().answering("old").await;
    world.generate("hi").await;
    world.clock.advance(Duration::from_secs(30));
    world.upstream.answers(says("new"));

    let old_enough = world.ask(with_cache(json!({"maxAge": "30s"}))).await.reply();
    let too_old = world.ask(with_cache(json!({"maxAge": "29s"}))).await.reply();

    assert_eq!((old_enough.text.as_str(), too_old.text.as_str()), ("old", "new"));
    assert_eq!(world.generate("hi").await.text, "new");
}

#[tokio::test]
async fn a_stale_answer_stands_in_for_a_provider_that_fails() {
    for failure in [Reply::failing(500), Reply::failing(503), Reply::failing(429), Reply::cut("{\"id\":"), page()] {
        let world = World::new().answering("kept").await;
        world.generate("hi").await;
        world.clock.advance(2 * HOUR);
        world.upstream.answers(failure);

        let answer = world.ask(with_cache(json!({}))).await;

        assert_eq!((answer.cache_status(), answer.reply().text.as_str()), ("stale", "kept"));
        assert_eq!(answer.header("cache-status"), Some("llmc; hit; detail=stale"));
        assert_eq!(answer.header("age"), Some("7200"));
        assert_eq!(answer.reply().metadata.ttl_seconds, Some(0));
        assert_eq!(world.stats().await.totals.stale, 1);
    }
}

fn page() -> Reply {
    Reply::verbatim(200, "text/html", "<html><title>Login</title></html>")
}

#[tokio::test]
async fn a_stale_answer_stands_in_for_a_provider_that_is_gone() {
    let world = World::new().answering("kept").await;
    world.generate("hi").await;
    world.clock.advance(2 * HOUR);
    world.upstream.goes_away().await;

    assert_eq!(world.ask(with_cache(json!({}))).await.cache_status(), "stale");
    let streamed = world.stream("hi").await;
    assert_eq!((streamed.cache_status(), streamed.text.as_str()), ("stale", "kept"));
}

#[tokio::test]
async fn a_stale_answer_stands_in_for_a_provider_that_takes_too_long() {
    let world = World::new().with_provider_timeout(Duration::from_secs(1)).answering("kept").await;
    world.generate("hi").await;
    world.clock.advance(2 * HOUR);
    world.upstream.hold();

    assert_eq!(world.ask(with_cache(json!({}))).await.cache_status(), "stale");
}

#[tokio::test]
async fn a_wrong_request_and_a_refused_key_are_told_and_not_covered_up() {
    for (status, kind) in [(400, "provider_error"), (404, "provider_error"), (401, "authentication_error")] {
        let world = World::new().answering("kept").await;
        world.generate("hi").await;
        world.clock.advance(2 * HOUR);
        world.upstream.answers(Reply::failing(status));

        let problem = world.ask(with_cache(json!({}))).await.problem();

        assert_eq!((problem.error.kind.as_str(), problem.error.upstream_status), (kind, Some(status)));
    }
}

#[tokio::test]
async fn nothing_stands_in_where_that_is_not_wanted_or_too_old() {
    let world = World::new().with("cache.stale_if_error = \"2h\"").answering("kept").await;
    world.generate("hi").await;
    world.upstream.answers(Reply::failing(500));

    world.clock.advance(2 * HOUR);
    assert_eq!(world.ask(with_cache(json!({"staleIfError": 0}))).await.status, 502);
    assert_eq!(world.ask(with_cache(json!({"maxAge": "1h"}))).await.status, 502);
    assert_eq!(world.ask(with_cache(json!({}))).await.cache_status(), "stale");

    world.clock.advance(HOUR);
    assert_eq!(world.ask(with_cache(json!({}))).await.status, 502);
}

#[tokio::test]
async fn a_provider_that_is_back_is_asked() {
    let world = World::new().answering("old").await;
    world.generate("hi").await;
    world.clock.advance(2 * HOUR);
    world.upstream.answers(Reply::failing(500));
    world.generate("hi").await;

    world.upstream.answers(says("new"));

    let fresh = world.generate("hi").await;
    assert_eq!((fresh.text.as_str(), fresh.metadata.cache_status.name()), ("new", "miss"));
}

#[tokio::test]
async fn a_stale_answer_is_served_at_once_while_one_call_fetches_a_new_one() {
    let world = World::new().with("cache.stale_while_revalidate = \"10m\"").answering("old").await;
    world.generate("hi").await;
    world.clock.advance(HOUR + Duration::from_secs(60));
    world.upstream.answers(says("new"));
    world.upstream.hold();

    for _ in 0..3 {
        let stale = world.generate("hi").await;
        assert_eq!((stale.text.as_str(), stale.metadata.cache_status.name()), ("old", "stale"));
    }

    world.upstream.release();
    world.settled().await;
    let fresh = world.generate("hi").await;
    assert_eq!((fresh.text.as_str(), fresh.metadata.cache_status.name()), ("new", "hit"));
    assert_eq!(world.upstream.count(), 2);
    let totals = world.stats().await.totals;
    assert_eq!((totals.misses, totals.stale, totals.refreshed, totals.hits), (1, 3, 1, 1));
}

#[tokio::test]
async fn a_new_answer_that_cannot_be_fetched_leaves_the_old_one() {
    let world = World::new().with("cache.stale_while_revalidate = \"10m\"").answering("old").await;
    world.generate("hi").await;
    world.clock.advance(HOUR);
    world.upstream.answers(Reply::failing(400));

    world.generate("hi").await;
    world.settled().await;

    assert_eq!(world.generate("hi").await.text, "old");
}

#[tokio::test]
async fn what_is_past_any_use_is_swept() {
    let world = World::new().on_disk().with("cache.stale_if_error = \"1h\"").answering("hello").await;
    world.generate("hi").await;
    assert_eq!(world.stats().await.entries, 1);

    world.clock.advance(2 * HOUR);
    world.daemon.pipeline.sweep(u64::MAX).await;

    assert_eq!(world.stats().await.entries, 0);
}
