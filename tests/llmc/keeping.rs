//! What is worth keeping: whole, successful answers, and nothing else.

use serde_json::{Value, json};

use crate::support::upstream::Answer;
use crate::support::{Reply, World, feed, says};

/// Asks twice and tells how many calls that took.
async fn calls_of_two(world: &World, question: Value) -> usize {
    let before = world.upstream.count();
    for _ in 0..2 {
        world.ask(question.clone()).await;
        world.settled().await;
    }
    world.upstream.count() - before
}

async fn is_kept(answer: Answer, question: Value) -> bool {
    let world = World::new().replying(answer).await;
    calls_of_two(&world, question).await == 1
}

#[tokio::test]
async fn errors_are_never_kept() {
    for status in [400, 401, 403, 404, 422] {
        let world = World::new().replying(Reply::failing(status)).await;
        assert_eq!(calls_of_two(&world, json!({"prompt": "hi"})).await, 2, "{status}");
    }
}

#[tokio::test]
async fn an_error_under_the_status_of_success_is_never_kept() {
    let error = r#"{"error":{"message":"overloaded","code":503}}"#;
    let world = World::new().replying(Reply::document(error)).await;

    let failed = world.ask(json!({"prompt": "hi"})).await;

    assert_eq!(failed.failure(), (502, "provider_error".to_owned()));
    assert_eq!(failed.problem().error.cause.as_deref(), Some("overloaded"));
    assert_eq!(calls_of_two(&world, json!({"prompt": "hi"})).await, 2);
}

#[tokio::test]
async fn an_empty_answer_is_served_and_not_kept() {
    let world = World::new().answering("").await;

    let answer = world.ask(json!({"prompt": "hi"})).await;

    assert_eq!((answer.reply().text.as_str(), answer.reply().metadata.ttl_seconds), ("", None));
    assert_eq!(answer.header("cache-status"), Some("llmc; fwd=uri-miss"));
    assert_eq!(calls_of_two(&world, json!({"prompt": "hi"})).await, 2);
}

#[tokio::test]
async fn a_filtered_answer_is_served_and_not_kept() {
    assert!(!is_kept(says("I can not").ending("content_filter"), json!({"prompt": "hi"})).await);
    assert!(!is_kept(says("half").ending("refusal"), json!({"prompt": "hi", "model": "claude/c"})).await);
}

#[tokio::test]
async fn an_ending_nobody_knows_is_not_kept() {
    assert!(!is_kept(says("well").ending("tired"), json!({"prompt": "hi"})).await);
}

#[tokio::test]
async fn an_answer_cut_for_length_is_kept_only_where_the_request_set_the_length() {
    let cut = says("once upon a").ending("length");

    assert!(!is_kept(cut.clone(), json!({"prompt": "hi"})).await);
    assert!(is_kept(cut.clone(), json!({"prompt": "hi", "maxTokens": 3})).await);
    assert!(is_kept(cut.clone(), json!({"prompt": "hi", "options": {"max_completion_tokens": 3}})).await);
    assert!(is_kept(cut.clone(), json!({"prompt": "hi", "model": "claude/c", "maxTokens": 3})).await);
    // This vendor wants a length in any case; the one llmc fills in is nobody's wish.
    assert!(!is_kept(cut, json!({"prompt": "hi", "model": "claude/c"})).await);
}

#[tokio::test]
async fn a_streamed_answer_is_judged_like_a_plain_one() {
    for answer in [says(""), says("cut").ending("length"), says("no").ending("content_filter")] {
        let world = World::new().replying(answer).await;

        world.stream("hi").await;
        world.stream("hi").await;

        assert_eq!(world.upstream.count(), 2);
    }
}

#[tokio::test]
async fn a_tool_call_is_an_answer() {
    let call = json!({"id": "c1", "choices": [{"index": 0, "finish_reason": "tool_calls", "message": {
        "role": "assistant", "content": null,
        "tool_calls": [{"id": "t1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}}]});
    let world = World::new().replying(Reply::document(call.to_string())).await;

    assert_eq!(calls_of_two(&world, json!({"prompt": "hi"})).await, 1);
    let hit = world.generate("hi").await;
    assert_eq!((hit.text.as_str(), hit.metadata.finish_reason.as_str()), ("", "tool_calls"));
}

#[tokio::test]
async fn a_stream_that_is_cut_is_told_and_not_kept() {
    let (feed, reply) = feed();
    let world = World::new().answering("whole").await;
    world.upstream.answers_next([reply]);
    feed.say("half");
    let mut events = world.listen(json!({"prompt": "hi"})).await;
    assert_eq!(events.next_text().await, "half");

    feed.cut();

    let told = events.told().await;
    assert_eq!(told.problem().error.kind, "provider_error");
    assert_eq!(world.upstream.count(), 1);
    assert_eq!(world.generate("hi").await.text, "whole");
}

#[tokio::test]
async fn a_stream_that_stops_without_its_end_is_told_and_not_kept() {
    let endings = [
        "",
        "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n",
        "data: [DONE]\n\n",
        "data: {\"error\":{\"message\":\"overloaded\"}}\n\n",
        "data: {\"choices\":[{\"in",
    ];
    for ending in endings {
        let (feed, reply) = feed();
        let world = World::new().answering("whole").await;
        world.upstream.answers_next([reply]);
        feed.say("half");
        feed.send(ending);
        drop(feed);

        let told = world.stream("hi").await;

        assert_eq!((told.text.as_str(), told.end.as_str()), ("half", "error"), "{ending}");
        assert_eq!(told.problem().error.kind, "provider_error");
        assert_eq!(world.generate("hi").await.text, "whole", "{ending}");
        assert_eq!(world.stats().await.totals.errors, 1);
    }
}

#[tokio::test]
async fn what_leans_on_state_at_the_provider_passes_by() {
    for options in [json!({"store": true}), json!({"previous_response_id": "r1"}), json!({"background": true})] {
        let world = World::new().answering("hello").await;
        let question = json!({"prompt": "hi", "options": options});

        assert_eq!(world.ask(question.clone()).await.cache_status(), "bypass");

        assert_eq!(calls_of_two(&world, question).await, 2);
        assert_eq!(world.stats().await.entries, 0);
    }
}

#[tokio::test]
async fn what_only_looks_like_state_is_cached() {
    let world = World::new().answering("hello").await;
    assert_eq!(calls_of_two(&world, json!({"prompt": "hi", "options": {"store": false}})).await, 1);
}

#[tokio::test]
async fn a_plain_answer_to_who_asked_for_a_stream_is_served_and_kept() {
    let world = World::new().replying(Reply::document(says("plain after all").chat_completion())).await;

    let told = world.stream("hi").await;

    assert_eq!((told.text.as_str(), told.cache_status()), ("plain after all", "miss"));
    assert_eq!(world.stream("hi").await.cache_status(), "hit");
}

#[tokio::test]
async fn no_key_is_ever_kept() {
    let world = World::new().on_disk().answering("hello").await;
    world.ask_with_key("sk-very-secret-0123456789", json!({"prompt": "hi"})).await.reply();
    world.upstream.answers(Reply::failing(400));
    world.ask_with_key("sk-very-secret-0123456789", json!({"prompt": "fails"})).await.problem();
    world.stats().await;

    assert_eq!(world.upstream.last_call().header("authorization"), Some("Bearer sk-very-secret-0123456789"));
    for file in std::fs::read_dir(world.database().parent().unwrap()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(14).any(|window| window == b"sk-very-secret"), "{}", path.display());
    }
}
