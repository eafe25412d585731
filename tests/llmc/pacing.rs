//! A provider's own pace: what the settings allow it and what it asks for itself is waited for, not refused.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{Reply, World, says, until};

fn reply(tokens: u64) -> Reply {
    says("hello").using(json!({"prompt_tokens": tokens, "completion_tokens": 0})).into()
}

#[tokio::test]
async fn no_more_calls_at_a_time_than_a_provider_may_have_and_the_rest_wait_in_turn() {
    let world = World::new().with("providers.local.max_concurrent = 2").answering("hello").await;
    world.upstream.hold();
    let asked: Vec<_> = (0..6).map(|n| tokio::spawn(world.ask(json!({"prompt": format!("{n}")})))).collect();
    world.upstream.called(2).await;
    until("all are on their way", || async { world.daemon.pipeline.in_flight() == 6 }).await;
    assert_eq!(world.upstream.count(), 2);

    world.upstream.release();

    for each in asked {
        each.await.unwrap().reply();
    }
    assert_eq!(world.upstream.count(), 6);
}

#[tokio::test]
async fn a_call_too_many_for_the_minute_waits_or_is_told_whose_limit_it_was() {
    let world = World::new().with("providers.local.requests_per_minute = 1").answering("hello").await;
    world.ask(json!({"prompt": "one"})).await.reply();

    // The next place is free in a minute, which is just longer than is waited.
    let refused = world.ask(json!({"prompt": "two"})).await;

    assert_eq!(refused.failure(), (429, "rate_limit_exceeded".to_owned()));
    assert_eq!(refused.header("llmc-limited-by"), Some("llmc"));
    assert!(refused.problem().error.cause.unwrap().contains("`requests_per_minute` under [providers.local] is 1"));
    assert_eq!(world.ask(json!({"prompt": "one"})).await.cache_status(), "hit");
    world.clock.advance(Duration::from_secs(60));
    world.ask(json!({"prompt": "two"})).await.reply();
}

#[tokio::test]
async fn tokens_are_set_aside_by_estimate_and_settled_by_usage() {
    let world = World::new().with("providers.local.tokens_per_minute = 1000").replying(reply(300)).await;
    let asking = |prompt: &str| json!({"prompt": prompt, "maxTokens": 600});
    // Each may take some 610 tokens and takes 300.
    for prompt in ["one", "two"] {
        world.ask(asking(prompt)).await.reply();
        world.daemon.pipeline.flush().await;
    }
    let third = tokio::spawn(world.ask(asking("three")));
    until("it waits", || async { world.daemon.pipeline.in_flight() == 1 }).await;
    assert_eq!(world.upstream.count(), 2);

    // The first two began in one slot of ten seconds; seven on, no minute holds them.
    world.clock.advance(Duration::from_secs(70));

    third.await.unwrap().reply();
    assert_eq!(world.upstream.count(), 3);
}

#[tokio::test]
async fn a_provider_that_says_it_has_nothing_left_is_left_alone_until_it_has() {
    let nothing_left = says("hello");
    let used_up = Reply::from(nothing_left)
        .with_header("x-ratelimit-remaining-requests", "0")
        .with_header("x-ratelimit-reset-requests", "300ms");
    let world = World::new().replying(used_up).await;
    world.ask(json!({"prompt": "one"})).await.reply();
    let begun = Instant::now();

    world.ask(json!({"prompt": "two"})).await.reply();

    assert!(begun.elapsed() >= Duration::from_millis(250), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_pause_beyond_all_patience_is_told_as_the_providers() {
    let used_up = Reply::from(says("hello"))
        .with_header("x-ratelimit-remaining-tokens", "0")
        .with_header("x-ratelimit-reset-tokens", "30m");
    let world = World::new().replying(used_up).await;
    world.ask(json!({"prompt": "one"})).await.reply();

    let refused = world.ask(json!({"prompt": "two"})).await;

    assert_eq!((refused.status, refused.header("llmc-limited-by")), (429, Some("provider")));
    assert_eq!((refused.header("retry-after"), world.upstream.count()), (Some("1800"), 1));
    // Another key has limits of its own.
    world.ask_with_key("another", json!({"prompt": "two"})).await.reply();
}
