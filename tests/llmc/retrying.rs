//! When a provider is asked again, when not, and what an asker is told who gets no answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::net::TcpListener;

use crate::support::{Reply, World, feed, says};

fn hi() -> serde_json::Value {
    json!({"prompt": "hi"})
}

#[tokio::test]
async fn a_provider_that_recovers_is_asked_until_it_does() {
    let world = World::new().answering("at last").await;
    world.upstream.answers_next([429, 500, 503].map(Reply::failing));

    let answer = world.generate("hi").await;

    assert_eq!((answer.text.as_str(), answer.metadata.cache_status.name()), ("at last", "miss"));
    assert_eq!(world.upstream.count(), 4);
    assert_eq!(world.generate("hi").await.metadata.cache_status.name(), "hit");
    let totals = world.stats().await.totals;
    assert_eq!((totals.misses, totals.errors), (1, 0));
}

#[tokio::test]
async fn every_attempt_sends_the_same_bytes() {
    let world = World::new().answering("hello").await;
    world.upstream.answers_next([Reply::failing(500)]);

    world.generate("hi").await;

    let calls = world.upstream.calls();
    assert_eq!(calls[0].bytes, calls[1].bytes);
}

#[tokio::test]
async fn a_provider_that_does_not_recover_is_asked_as_often_as_set() {
    for (attempts, question) in [(4, hi()), (1, json!({"prompt": "hi", "retries": 0}))] {
        let world = World::new().replying(Reply::failing(503)).await;

        let answer = world.ask(question).await;

        assert_eq!(answer.failure(), (502, "provider_error".to_owned()));
        let error = answer.problem().error;
        assert_eq!(error.message, "`local` answered 503 Service Unavailable");
        assert_eq!((error.cause.as_deref(), error.upstream_status), (Some("no luck with 503"), Some(503)));
        assert_eq!(world.upstream.count(), attempts);
    }
}

#[tokio::test]
async fn what_will_not_pass_is_asked_once() {
    for status in [400, 401, 403, 404, 413, 422] {
        let world = World::new().replying(Reply::failing(status)).await;

        world.ask(hi()).await.problem();

        assert_eq!(world.upstream.count(), 1, "{status}");
    }
}

#[tokio::test]
async fn attempts_of_one_call_spend_one_place() {
    let plan = World::new().with_built_in_limits().with("rate_limit.llm = 1");
    let world = plan.answering("hello").await;
    world.upstream.answers_next([Reply::failing(500), Reply::failing(500)]);

    assert_eq!(world.ask(hi()).await.status, 200);
}

#[tokio::test]
async fn a_provider_that_says_when_to_come_back_is_not_asked_sooner() {
    let world = World::new().answering("hello").await;
    world.upstream.answers_next([Reply::failing(429).with_header("retry-after", "0.3")]);
    let started = Instant::now();

    world.generate("hi").await;

    assert!(started.elapsed() >= Duration::from_millis(300), "{:?}", started.elapsed());
    assert_eq!(world.upstream.count(), 2);
}

#[tokio::test]
async fn a_wait_that_is_too_long_is_left_to_the_asker() {
    let world = World::new().replying(Reply::failing(429).with_header("retry-after", "3600")).await;

    let answer = world.ask(hi()).await;

    assert_eq!(answer.failure(), (429, "rate_limit_exceeded".to_owned()));
    assert_eq!((answer.header("retry-after"), answer.header("llmc-limited-by")), (Some("3600"), Some("provider")));
    assert_eq!(answer.problem().retry_after, Some(3600));
    assert_eq!(world.upstream.count(), 1);
}

#[tokio::test]
async fn a_stream_that_breaks_before_its_first_byte_is_asked_for_again() {
    let world = World::new().answering("whole").await;
    let (broken, reply) = feed();
    world.upstream.answers_next([reply, Reply::failing(500)]);
    broken.cut();

    let told = world.stream("hi").await;

    assert_eq!((told.text.as_str(), told.cache_status()), ("whole", "miss"));
    assert_eq!(world.upstream.count(), 3);
}

#[tokio::test]
async fn nothing_is_asked_again_once_a_byte_has_reached_the_asker() {
    let world = World::new().answering("whole").await;
    let (broken, reply) = feed();
    world.upstream.answers_next([reply]);
    broken.say("rm -rf /tmp/");
    let mut events = world.listen(hi()).await;
    events.next_text().await;

    broken.cut();

    let told = events.told().await;
    assert_eq!((told.text.as_str(), told.problem().error.message.as_str()), ("", "the answer of `local` was cut"));
    assert_eq!(world.upstream.count(), 1);
}

#[tokio::test]
async fn a_plain_answer_that_breaks_in_the_middle_is_asked_for_again() {
    let world = World::new().answering("whole").await;
    world.upstream.answers_next([Reply::cut("{\"choices\":")]);

    assert_eq!(world.generate("hi").await.text, "whole");
    assert_eq!(world.upstream.count(), 2);
}

#[tokio::test]
async fn a_connection_that_breaks_is_tried_as_often_as_any_call() {
    let tried = Arc::new(AtomicUsize::new(0));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let counted = Arc::clone(&tried);
    tokio::spawn(async move {
        while let Ok((line, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            drop(line);
        }
    });
    let flaky = format!("providers.flaky = {{ kind = \"openai\", base_url = \"http://{address}\" }}");
    let world = World::new().with(&flaky).answering("never").await;

    let answer = world.ask(json!({"prompt": "hi", "model": "flaky/m"})).await;

    assert_eq!(answer.failure(), (502, "provider_error".to_owned()));
    assert_eq!(tried.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn a_provider_that_is_not_there_is_named() {
    let world = World::new().answering("never").await;
    world.upstream.goes_away().await;

    let problem = world.ask(hi()).await.problem();

    assert_eq!(problem.error.kind, "provider_error");
    let address = world.upstream.address;
    assert_eq!(problem.error.message, format!("cannot reach `local` at `http://{address}`"));
    assert_eq!(problem.error.cause.as_deref(), Some("connection refused"));
}

#[tokio::test]
async fn what_is_no_answer_is_called_what_it_is_and_not_kept() {
    let page = "<!DOCTYPE html><html><title>Sign in</title></html>";
    let half = "{\"id\":\"c1\",\"choices\":[{\"index\":0,\"mess";
    for (reply, words) in [
        (Reply::verbatim(200, "text/html", page), "the provider answered with HTML, not JSON"),
        (Reply::document(page), "the provider answered with HTML, not JSON"),
        (Reply::document(""), "the provider answered with nothing"),
        (Reply::document(half), "the provider's answer is cut"),
        (Reply::document("[1]"), "the provider's answer is no chat completion"),
        (Reply::document("{}"), "the provider's answer is no chat completion, it has no choices"),
        (Reply::recording(""), "the provider answered with nothing"),
        (Reply::recording("data: {\"choices\":[{\"index\":0"), "the provider's stream is cut"),
        (Reply::verbatim(502, "text/html", page), "`local` answered 502 Bad Gateway"),
        (Reply::verbatim(302, "text/plain", "").with_header("location", "/login"), "`local` answered 302 Found"),
    ] {
        let world = World::new().replying(reply).await;

        let problem = world.ask(hi()).await.problem();

        assert_eq!((problem.error.kind.as_str(), problem.error.message.as_str()), ("provider_error", words));
        world.upstream.answers(says("an answer"));
        assert_eq!(world.generate("hi").await.metadata.cache_status.name(), "miss", "{words}");
    }
}

#[tokio::test]
async fn a_provider_that_takes_longer_than_it_may_is_given_up() {
    let world = World::new().with_provider_timeout(Duration::from_millis(50)).answering("late").await;
    world.upstream.hold();

    let answer = world.ask(hi()).await;

    assert_eq!(answer.failure(), (504, "timeout".to_owned()));
    let error = answer.problem().error;
    assert_eq!(error.message, "no whole answer from `local` within 50ms");
    assert_eq!(error.hint.as_deref(), Some("raise `timeout` under [providers.local]"));
    assert_eq!(world.daemon.pipeline.in_flight(), 0);
}

#[tokio::test]
async fn a_stream_that_never_ends_is_given_up() {
    let (feed, reply) = feed();
    let world = World::new().with_provider_timeout(Duration::from_secs(1)).replying(reply).await;
    feed.say("and so on ");

    let told = world.stream("hi").await;

    assert_eq!((told.text.as_str(), told.problem().error.kind.as_str()), ("and so on ", "timeout"));
}

#[tokio::test]
async fn an_asker_that_cannot_wait_leaves_the_answer_to_the_next() {
    let world = World::new().answering("slow but good").await;
    world.upstream.hold();

    let answer = world.ask(json!({"prompt": "hi", "timeout": "20ms"})).await;

    assert_eq!(answer.failure(), (504, "timeout".to_owned()));
    assert_eq!(answer.problem().error.message, "no answer within 20ms");
    world.upstream.release();
    world.settled().await;
    let next = world.generate("hi").await;
    assert_eq!((next.text.as_str(), next.metadata.cache_status.name()), ("slow but good", "hit"));
    let totals = world.stats().await.totals;
    assert_eq!((totals.misses, totals.hits, totals.errors), (1, 1, 1));
}
