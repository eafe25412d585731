//! Equal prompts in the air are one call, and that call belongs to nobody who might leave.

use std::collections::BTreeMap;
use std::future::Future;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::world::{Answered, Plan, Told};
use crate::support::{Reply, World, feed, says};

const ASKERS: usize = 1000;

/// Has everybody ask before anybody is answered.
async fn all_at_once<T: Send + 'static>(
    world: &World,
    askers: impl Iterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    world.upstream.hold();
    let asked: Vec<_> = askers.map(tokio::spawn).collect();
    world.upstream.called(1).await;
    world.upstream.release();
    join_all(asked).await.into_iter().map(Result::unwrap).collect()
}

fn raw() -> Value {
    json!({"prompt": "hi", "raw": true})
}

fn tally<'a>(statuses: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    statuses.fold(BTreeMap::new(), |mut tally, status| {
        *tally.entry(status).or_default() += 1;
        tally
    })
}

async fn a_thousand_plain(plan: Plan) -> (World, Vec<Answered>) {
    let world = plan.answering("one answer for everybody").await;
    let answers = all_at_once(&world, (0..ASKERS).map(|_| world.ask(raw()))).await;
    (world, answers)
}

#[tokio::test]
async fn a_thousand_equal_askers_cost_one_call() {
    let (world, answers) = a_thousand_plain(World::new()).await;

    assert_eq!(world.upstream.count(), 1);
    let said = says("one answer for everybody").chat_completion();
    assert!(answers.iter().all(|answer| answer.reply().raw.as_ref() == Some(&said)));
    let statuses = tally(answers.iter().map(Answered::cache_status));
    assert_eq!(statuses, BTreeMap::from([("miss", 1), ("coalesced", ASKERS - 1)]));
    let stats = world.stats().await;
    assert_eq!((stats.totals.misses, stats.totals.coalesced, stats.totals.errors), (1, 999, 0));
    assert_eq!((stats.totals.spent_tokens, stats.totals.saved_tokens), (20, 20 * 999));
}

#[tokio::test]
async fn a_thousand_equal_askers_cost_one_call_with_a_store_on_disk() {
    let (world, answers) = a_thousand_plain(World::new().on_disk()).await;

    assert_eq!(world.upstream.count(), 1);
    assert!(answers.iter().all(|answer| answer.reply().text == "one answer for everybody"));
    let stats = world.stats().await;
    assert_eq!(stats.totals.misses, 1);
    assert_eq!(stats.totals.coalesced + stats.totals.hits, 999);
}

#[tokio::test]
async fn a_thousand_equal_askers_spend_one_place() {
    let plan = World::new().with_built_in_limits().with("rate_limit.llm = 1");

    let (_, answers) = a_thousand_plain(plan).await;

    assert!(answers.iter().all(|answer| answer.status == 200));
}

#[tokio::test]
async fn a_thousand_listeners_cost_one_call_and_hear_the_same() {
    let world = World::new().answering("word after word after word").await;
    let world = std::sync::Arc::new(world);
    let listeners = (0..ASKERS).map(|_| {
        let world = std::sync::Arc::clone(&world);
        async move { world.stream("hi").await }
    });

    let told: Vec<Told> = all_at_once(&world, listeners).await;

    assert_eq!(world.upstream.count(), 1);
    assert!(told.iter().all(|told| told.text == "word after word after word"));
    assert!(told.iter().all(|told| told.reply().text == "word after word after word"));
    let statuses = tally(told.iter().map(Told::cache_status));
    assert_eq!(statuses, BTreeMap::from([("miss", 1), ("coalesced", ASKERS - 1)]));
}

#[tokio::test]
async fn plain_and_streamed_askers_share_a_call_whoever_is_first() {
    for first_streams in [true, false] {
        let world = std::sync::Arc::new(World::new().answering("one two three").await);
        let askers = (0..ASKERS).map(|number| {
            let world = std::sync::Arc::clone(&world);
            async move {
                if (number % 2 == 0) == first_streams {
                    world.stream("hi").await.text
                } else {
                    world.generate("hi").await.text
                }
            }
        });

        let texts = all_at_once(&world, askers).await;

        assert_eq!(world.upstream.count(), 1);
        assert_eq!(world.upstream.last_call().body()["stream"] == json!(true), first_streams);
        assert!(texts.iter().all(|text| text == "one two three"));
    }
}

#[tokio::test]
async fn who_comes_late_to_a_stream_gets_all_of_it() {
    let (feed, reply) = feed();
    let world = World::new().replying(reply).await;
    feed.say("one ");
    let mut first = world.listen(json!({"prompt": "hi"})).await;
    assert_eq!(first.next_text().await, "one ");

    feed.say("two ");
    assert_eq!(first.next_text().await, "two ");
    let mut late = world.listen(json!({"prompt": "hi"})).await;
    let plain = tokio::spawn(world.ask(json!({"prompt": "hi"})));
    assert_eq!(late.next_text().await + &late.next_text().await, "one two ");
    feed.say("three");
    assert_eq!((first.next_text().await, late.next_text().await), ("three".to_owned(), "three".to_owned()));
    feed.finish();

    let (first, late, plain) = (first.told().await, late.told().await, plain.await.unwrap());
    assert_eq!((first.cache_status(), late.cache_status(), plain.cache_status()), ("miss", "coalesced", "coalesced"));
    assert_eq!([first.reply().text, late.reply().text, plain.reply().text], ["one two three"; 3]);
    assert_eq!(world.upstream.count(), 1);
}

#[tokio::test]
async fn the_first_piece_does_not_wait_for_the_last() {
    let (feed, reply) = feed();
    let world = World::new().replying(reply).await;
    feed.say("here");

    let mut events = world.listen(json!({"prompt": "hi"})).await;

    assert_eq!(events.next_text().await, "here");
    assert_eq!(events.headers["cache-status"], "llmc; fwd=uri-miss");
    assert_eq!(world.daemon.pipeline.in_flight(), 1);
    feed.finish();
    assert_eq!(events.told().await.reply().text, "here");
}

#[tokio::test]
async fn an_asker_that_leaves_loses_nothing() {
    let world = World::new().answering("paid for").await;
    world.upstream.hold();
    let asker = tokio::spawn(world.ask(json!({"prompt": "hi"})));
    world.upstream.called(1).await;

    asker.abort();
    assert!(asker.await.unwrap_err().is_cancelled());
    world.upstream.release();

    let billed = world.stats().await.totals;
    assert_eq!((billed.misses, billed.spent_tokens), (1, 20));
    let next = world.generate("hi").await;
    assert_eq!((next.text.as_str(), next.metadata.cache_status.name()), ("paid for", "hit"));
}

#[tokio::test]
async fn a_listener_that_leaves_in_the_middle_loses_nothing() {
    let (feed, reply) = feed();
    let world = World::new().replying(reply).await;
    feed.say("half ");
    let mut events = world.listen(json!({"prompt": "hi"})).await;
    assert_eq!(events.next_text().await, "half ");

    drop(events);
    feed.say("and half");
    feed.finish();

    assert_eq!(world.stats().await.totals.misses, 1);
    let next = world.generate("hi").await;
    assert_eq!((next.text.as_str(), next.metadata.cache_status.name()), ("half and half", "hit"));
}

#[tokio::test]
async fn samplers_who_switch_the_cache_off_get_a_call_each() {
    let world = World::new().answering("hello").await;
    world.upstream.hold();

    let question = json!({"prompt": "hi", "cache": {"mode": "off"}});
    let asked: Vec<_> = (0..5).map(|_| tokio::spawn(world.ask(question.clone()))).collect();
    world.upstream.called(5).await;
    world.upstream.release();

    for answer in join_all(asked).await {
        assert_eq!(answer.unwrap().cache_status(), "bypass");
    }
}

#[tokio::test]
async fn a_refused_key_fails_nobody_but_its_owner() {
    let only_good = |call: &crate::support::upstream::Call| match call.header("authorization") {
        Some("Bearer good-key") => says("hello").into(),
        _ => Reply::failing(401),
    };
    let world = World::new().replying(Reply::by(only_good)).await;
    world.upstream.hold();

    let bad = tokio::spawn(world.ask_with_key("bad-key", json!({"prompt": "hi"})));
    let good = tokio::spawn(world.ask_with_key("good-key", json!({"prompt": "hi"})));
    let nobody = tokio::spawn(world.ask(json!({"prompt": "hi"})));
    let also_good = tokio::spawn(world.ask_with_key("good-key", json!({"prompt": "hi"})));
    world.upstream.called(3).await;
    world.upstream.release();

    assert_eq!(bad.await.unwrap().failure(), (401, "authentication_error".to_owned()));
    assert_eq!(nobody.await.unwrap().failure(), (401, "authentication_error".to_owned()));
    assert_eq!(good.await.unwrap().cache_status(), "miss");
    assert_eq!(also_good.await.unwrap().cache_status(), "coalesced");
    assert_eq!(world.upstream.count(), 3);
}

#[tokio::test]
async fn a_failed_call_is_told_to_all_who_shared_it_and_to_nobody_after() {
    let world = World::new().replying(Reply::failing(400)).await;

    let answers = all_at_once(&world, (0..10).map(|_| world.ask(raw()))).await;

    assert!(answers.iter().all(|answer| answer.failure() == (502, "provider_error".to_owned())));
    assert_eq!(world.upstream.count(), 1);
    assert_eq!(world.stats().await.totals.errors, 10);
    world.upstream.answers(says("better"));
    assert_eq!(world.generate("hi").await.text, "better");
}

#[tokio::test]
async fn other_prompts_do_not_wait_for_a_slow_one() {
    let slow_is_held =
        |call: &crate::support::upstream::Call| says(&call.body()["messages"][0]["content"].to_string()).into();
    let (feed, reply) = feed();
    let world = World::new().replying(Reply::by(slow_is_held)).await;
    world.upstream.answers_next([reply]);
    let slow = tokio::spawn(world.ask(json!({"prompt": "slow"})));
    world.upstream.called(1).await;

    assert_eq!(world.generate("quick").await.text, "\"quick\"");

    feed.say("at last");
    feed.finish();
    assert_eq!(slow.await.unwrap().reply().text, "at last");
}

#[tokio::test]
async fn who_tries_harder_is_not_bound_by_the_retries_of_the_call_it_joined() {
    let world = World::new().answering("at last").await;
    world.upstream.answers_next([Reply::failing(503)]);
    world.upstream.hold();

    let hasty = tokio::spawn(world.ask(json!({"prompt": "hi", "retries": 0})));
    world.upstream.called(1).await;
    let patient: Vec<_> = (0..5).map(|_| tokio::spawn(world.ask(json!({"prompt": "hi"})))).collect();
    // They join the call before it fails; who came later would only make this test easier to pass.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    world.upstream.release();

    assert_eq!(hasty.await.unwrap().failure(), (502, "provider_error".to_owned()));
    for answer in join_all(patient).await {
        assert_eq!(answer.unwrap().reply().text, "at last");
    }
    assert_eq!(world.upstream.count(), 2);
}
