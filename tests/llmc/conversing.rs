//! Turns of a conversation: what is sent, what is appended, and in which order.

use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::leasing::Leasing;
use crate::support::{Reply, World, feed, says};
use llmc::store::Store;
use llmc::store::memory::Memory;

impl World {
    async fn with_session(self, id: &str) -> World {
        assert_eq!(self.post_session(json!({"id": id})).await.status, 201);
        self
    }

    /// A turn that goes well; what is said of it.
    async fn turn(&self, id: &str, prompt: &str) -> Value {
        self.ask(json!({"prompt": prompt, "session": id})).await.json()
    }

    /// Who said what, in order.
    async fn said(&self, id: &str) -> Vec<(String, String)> {
        let session = self.session(id).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let messages = session["messages"].as_array().unwrap();
        messages.iter().map(|message| (text(&message["role"]), text(&message["content"]))).collect()
    }
}

/// An answer that says how many messages it was given.
fn counting() -> Reply {
    Reply::by(|call| says(&format!("after {}", call.body()["messages"].as_array().unwrap().len() - 1)).into())
}

fn pairs(said: &[(&str, &str)]) -> Vec<(String, String)> {
    said.iter().map(|(role, text)| ((*role).to_owned(), (*text).to_owned())).collect()
}

#[tokio::test]
async fn a_prompt_goes_with_all_that_was_said_and_its_answer_is_said_next() {
    let world = World::new().replying(counting()).await;
    world.post_session(json!({"id": "a", "system": "be kind"})).await;

    let first = world.turn("a", "one").await;
    let second = world.turn("a", "two").await;

    assert_eq!((&first["text"], &second["text"]), (&json!("after 1"), &json!("after 3")));
    assert_eq!(second["metadata"]["session"], "a");
    assert_eq!(second["metadata"].get("sessionCreated"), None);
    let sent = world.upstream.last_call().body()["messages"].clone();
    let expected = json!([
        {"role": "system", "content": "be kind"}, {"role": "user", "content": "one"},
        {"role": "assistant", "content": "after 1"}, {"role": "user", "content": "two"},
    ]);
    assert_eq!(sent, expected);
    let said = [("user", "one"), ("assistant", "after 1"), ("user", "two"), ("assistant", "after 3")];
    assert_eq!(world.said("a").await, pairs(&said));
    assert_eq!(world.session("a").await["version"], 3);
}

#[tokio::test]
async fn a_streamed_answer_is_said_when_it_has_ended() {
    let world = World::new().replying(counting()).await.with_session("a").await;

    let told = world.listen(json!({"prompt": "one", "session": "a"})).await.told().await;

    let reply = told.reply();
    assert_eq!((reply.text.as_str(), reply.metadata.session.as_deref()), ("after 0", Some("a")));
    assert_eq!(world.said("a").await, pairs(&[("user", "one"), ("assistant", "after 0")]));
    let replayed = world.with_session("b").await;
    let told = replayed.listen(json!({"prompt": "one", "session": "b"})).await.told().await;
    assert_eq!(told.cache_status(), "hit");
    assert_eq!(replayed.said("b").await.len(), 2);
}

#[tokio::test]
async fn an_answer_from_the_cache_is_a_turn_like_any_other() {
    let world = World::new().replying(counting()).await.with_session("a").await.with_session("b").await;
    for prompt in ["one", "two"] {
        world.turn("a", prompt).await;
    }

    let hits = [world.turn("b", "one").await, world.turn("b", "two").await];

    assert!(hits.iter().all(|hit| hit["metadata"]["cacheStatus"] == "hit"));
    assert_eq!(world.upstream.count(), 2);
    assert_eq!(world.said("a").await, world.said("b").await);
}

async fn fifty_at_once(worlds: &[World]) -> Vec<(String, String)> {
    let turns = (0..50).map(|number| {
        let mut body = json!({"prompt": format!("question {number}"), "session": "a", "timeout": "60s"});
        let world = &worlds[number % worlds.len()];
        let streams = number % 3 == 0;
        body["stream"] = json!(streams);
        tokio::spawn(world.ask(body))
    });
    for answer in join_all(turns).await {
        let answer = answer.unwrap();
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    }
    worlds[0].said("a").await
}

/// Whole pairs; tells how many answers follow from all that was said before them.
fn in_order(said: &[(String, String)]) -> usize {
    assert_eq!(said.len(), 100);
    let mut asked = std::collections::BTreeSet::new();
    let mut following = 0;
    for (at, pair) in said.chunks(2).enumerate() {
        assert_eq!((pair[0].0.as_str(), pair[1].0.as_str()), ("user", "assistant"));
        assert!(asked.insert(pair[0].1.clone()), "{} twice", pair[0].1);
        following += usize::from(pair[1].1 == format!("after {}", 2 * at));
    }
    following
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_turns_at_once_end_as_fifty_pairs_each_following_from_those_before() {
    let world = World::new().replying(counting()).await.with_session("a").await;

    let said = fifty_at_once(&[world]).await;

    assert_eq!(in_order(&said), 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_turns_at_once_are_in_order_on_disk_too() {
    let world = World::new().on_disk().replying(counting()).await.with_session("a").await;

    let said = fifty_at_once(&[world]).await;

    assert_eq!(in_order(&said), 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn turns_of_two_daemons_on_one_store_follow_one_another() {
    let store = Arc::new(Leasing::default());
    let plan = World::new().over(Arc::clone(&store) as Arc<dyn Store>);
    let one = plan.clone().replying(counting()).await.with_session("a").await;
    let other = plan.replying(counting()).await;

    let worlds = [one, other];
    let said = fifty_at_once(&worlds).await;

    assert_eq!(in_order(&said), 50);
    for world in &worlds {
        world.settled().await;
    }
    assert_eq!(store.held(), 0, "every lease was given back");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_leases_turns_of_two_daemons_are_whole_all_the_same_and_say_so() {
    let plan = World::new().over(Arc::new(Memory::new()));
    let one = plan.clone().replying(counting()).await.with_session("a").await;
    let other = plan.replying(counting()).await;
    one.upstream.hold();
    let late = tokio::spawn(one.ask(json!({"prompt": "slow", "session": "a"})));
    one.upstream.called(1).await;
    other.turn("a", "quick").await;
    one.upstream.release();

    let late = late.await.unwrap().reply();

    assert!(late.metadata.warnings[0].contains("more was said in the session `a` meanwhile"), "{late:?}");
    let said = [("user", "quick"), ("assistant", "after 0"), ("user", "slow"), ("assistant", "after 0")];
    assert_eq!(one.said("a").await, pairs(&said));
    one.delete("/sessions/a").await;
    let one = one.with_session("a").await;
    in_order(&fifty_at_once(&[one, other]).await);
}

#[tokio::test]
async fn a_call_that_fails_appends_nothing() {
    let world = World::new().with("retry.max_attempts = 1").replying(Reply::failing(500)).await.with_session("a").await;

    let failed = world.ask(json!({"prompt": "hi", "session": "a"})).await;
    let (pieces, reply) = feed();
    world.upstream.answers_next([reply]);
    pieces.say("half an ");
    let mut events = world.listen(json!({"prompt": "ho", "session": "a"})).await;
    assert_eq!(events.next_text().await, "half an ");
    pieces.cut();
    assert_eq!(events.told().await.end, "error");

    assert_eq!(failed.status, 502);
    let session = world.session("a").await;
    assert_eq!((&session["version"], &session["messages"]), (&json!(1), &json!([])));
    world.upstream.answers(says("well"));
    assert_eq!(world.turn("a", "hi").await["text"], "well");
}

#[tokio::test]
async fn a_prompt_that_cannot_be_meant_holds_nothing_up() {
    let world = World::new().answering("hello").await.with_session("a").await;
    for body in [
        json!({"session": "a"}),
        json!({"session": "a", "prompt": "hi", "messages": [{"role": "user", "content": "hi"}]}),
        json!({"session": "a", "prompt": "hi", "temperature": -1}),
        json!({"session": "a", "prompt": "hi", "continueLast": true}),
        json!({"session": "a b", "prompt": "hi"}),
    ] {
        assert_eq!(world.ask(body.clone()).await.failure(), (400, "invalid_request".to_owned()), "{body}");
    }

    let missing = world.ask(json!({"prompt": "hi", "session": "b"})).await;

    assert_eq!(missing.failure(), (404, "not_found".to_owned()));
    assert!(missing.problem().error.hint.unwrap().contains("llmc session create --id b"));
    assert_eq!(world.turn("a", "hi").await["text"], "hello");
    assert_eq!(world.upstream.count(), 1);
}

#[tokio::test]
async fn an_asker_who_leaves_before_the_end_leaves_the_session_as_it_was() {
    let world = World::new().answering("hello").await.with_session("a").await;
    let (pieces, reply) = feed();
    world.upstream.answers_next([reply]);
    pieces.say("never ");
    let mut events = world.listen(json!({"prompt": "hi", "session": "a"})).await;
    assert_eq!(events.next_text().await, "never ");

    drop(events);
    pieces.finish();
    world.settled().await;

    assert_eq!(world.said("a").await, []);
    assert_eq!(world.turn("a", "hi again").await["text"], "hello");
}

#[tokio::test]
async fn who_will_not_wait_for_a_turn_is_told_what_it_waits_for() {
    let world = World::new().answering("hello").await.with_session("a").await;
    world.upstream.hold();
    let slow = tokio::spawn(world.ask(json!({"prompt": "hi", "session": "a"})));
    world.upstream.called(1).await;

    let hasty = world.ask(json!({"prompt": "ho", "session": "a", "timeout": 0.05})).await;

    assert_eq!(hasty.failure(), (504, "timeout".to_owned()));
    assert_eq!(hasty.problem().error.cause.as_deref(), Some("another turn of the session is in the air"));
    world.upstream.release();
    assert_eq!(slow.await.unwrap().status, 200);
    assert_eq!(world.said("a").await.len(), 2);
}

#[tokio::test]
async fn an_answer_whose_session_has_gone_is_told_with_a_warning() {
    let world = World::new().answering("hello").await.with_session("a").await;
    world.upstream.hold();
    let asked = tokio::spawn(world.ask(json!({"prompt": "hi", "session": "a"})));
    world.upstream.called(1).await;
    world.delete("/sessions/a").await;
    world.upstream.release();

    let reply = asked.await.unwrap().reply();

    assert_eq!(reply.text, "hello");
    assert_eq!(
        reply.metadata.warnings,
        ["the session `a` does not hold this answer: the session `a` was removed meanwhile"]
    );
    assert_eq!(world.get("/sessions/a").await.status, 404);
}

#[tokio::test]
async fn a_system_text_begins_a_conversation_and_is_no_part_of_one_that_has_begun() {
    let world = World::new().answering("hello").await.with_session("a").await;
    let ask = |system: &'static str| world.ask(json!({"prompt": "hi", "session": "a", "system": system}));

    assert_eq!(ask("be kind").await.status, 200);
    assert_eq!(ask("be kind").await.status, 200);
    let refused = ask("be terse").await;

    assert_eq!(refused.failure(), (400, "invalid_request".to_owned()));
    assert!(refused.problem().error.hint.unwrap().contains("llmc session update a --system"));
    assert_eq!(world.session("a").await["system"], "be kind");
    assert_eq!(world.upstream.last_call().body()["messages"][0], json!({"role": "system", "content": "be kind"}));
}

#[tokio::test]
async fn the_last_session_goes_on_and_where_there_is_none_one_begins() {
    let world = World::new().replying(counting()).await;
    let go_on = |prompt: &'static str| world.ask(json!({"prompt": prompt, "continueLast": true}));

    let begun = go_on("one").await.reply().metadata;
    let went_on = go_on("two").await.reply();

    assert!(begun.session_created && !went_on.metadata.session_created);
    assert_eq!((went_on.metadata.session, went_on.text.as_str()), (begun.session, "after 2"));
    assert_eq!(world.post_session(json!({"id": "b"})).await.status, 201);
    assert_eq!(go_on("three").await.reply().metadata.session.as_deref(), Some("b"));
    world.delete("/sessions/b").await;
    assert!(go_on("four").await.reply().metadata.session_created);
}

#[tokio::test(flavor = "multi_thread")]
async fn prompts_that_go_on_at_the_same_moment_go_on_with_one_session() {
    let world = World::new().replying(counting()).await;

    let asked =
        (0..8).map(|number| tokio::spawn(world.ask(json!({"prompt": format!("{number}"), "continueLast": true}))));
    let replies: Vec<_> = join_all(asked).await.into_iter().map(|answer| answer.unwrap().reply().metadata).collect();

    assert!(replies.iter().all(|metadata| metadata.session == replies[0].session));
    assert_eq!(replies.iter().filter(|metadata| metadata.session_created).count(), 1);
    assert_eq!(world.said(replies[0].session.as_ref().unwrap()).await.len(), 16);
}

#[tokio::test]
async fn a_session_that_would_begin_with_a_failed_call_does_not() {
    let world = World::new().with("retry.max_attempts = 1").replying(Reply::failing(500)).await;

    assert_eq!(world.ask(json!({"prompt": "one", "continueLast": true})).await.status, 502);

    assert_eq!(world.get("/sessions").await.json()["sessions"], json!([]));
}

#[tokio::test]
async fn a_dry_run_sees_the_conversation_and_changes_nothing() {
    let world = World::new().answering("hello").await.with_session("a").await;
    world.turn("a", "hi").await;

    let foreseen = world.ask(json!({"prompt": "ho", "session": "a", "dryRun": true})).await.json();

    assert_eq!(foreseen["keyMaterial"]["body"]["messages"].as_array().unwrap().len(), 3);
    assert_eq!(world.session("a").await["version"], 2);
    assert_eq!(world.upstream.count(), 1);
}

#[tokio::test]
async fn a_conversation_too_long_for_its_model_is_refused_with_its_tokens() {
    let world = World::new().answering("never").await;
    let long =
        json!([{"role": "user", "content": "word ".repeat(110_000)}, {"role": "assistant", "content": "indeed"}]);
    world.post_session(json!({"id": "a", "messages": long})).await;

    let refused = world.ask(json!({"prompt": "hi", "session": "a", "model": "openai/gpt-4o-mini"})).await;

    assert_eq!(refused.failure(), (413, "too_large".to_owned()));
    let error = refused.problem().error;
    assert_eq!(error.message, "the session `a` is too long for `openai/gpt-4o-mini`");
    assert_eq!(error.cause.as_deref(), Some("about 137503 tokens, and it takes 128000 at most"));
}

#[tokio::test]
async fn a_providers_word_that_it_is_too_long_is_told_with_our_count() {
    let body = json!({"error": {"message": "This model's maximum context length is 16 tokens.", "code": "context_length_exceeded"}});
    let refusal = Reply::verbatim(400, "application/json", body.to_string());
    let world = World::new().replying(refusal).await.with_session("a").await;

    let refused = world.ask(json!({"prompt": "four words, six tokens", "session": "a"})).await;

    assert_eq!(refused.failure(), (413, "too_large".to_owned()));
    let error = refused.problem().error;
    assert_eq!(error.message, "the session `a` is too long for `local/m`");
    assert!(error.cause.unwrap().starts_with("about 6 tokens; `local` answered 400 Bad Request: This model's maximum"));
    assert_eq!(world.said("a").await, []);
}

#[tokio::test]
async fn an_answer_without_text_is_told_and_not_appended() {
    let world = World::new().answering("").await.with_session("a").await;

    let reply = world.turn("a", "hi").await;

    assert_eq!(reply["metadata"]["warnings"], json!(["the session `a` does not hold this answer: it has no text"]));
    assert_eq!(world.said("a").await, []);
}

#[tokio::test]
async fn images_are_part_of_what_was_said() {
    let world = World::new().answering("a cat").await.with_session("a").await;
    let parts =
        json!([{"type": "text", "text": "what is it?"}, {"type": "image", "mediaType": "image/png", "data": "AAAA"}]);
    let question = json!([{"role": "user", "content": parts}]);
    assert_eq!(world.ask(json!({"messages": question, "session": "a"})).await.status, 200);

    world.turn("a", "sure?").await;

    assert_eq!(world.session("a").await["messages"][0]["content"], parts);
    let sent = world.upstream.last_call().body()["messages"][0]["content"][1]["image_url"]["url"].clone();
    assert_eq!(sent, "data:image/png;base64,AAAA");
}

#[tokio::test]
async fn a_conversation_goes_on_after_a_restart() {
    let world = World::new().on_disk().replying(counting()).await.with_session("a").await;
    world.turn("a", "one").await;

    let world = world.reopened().await;

    assert_eq!(world.turn("a", "two").await["text"], "after 2");
    assert_eq!(world.said("a").await.len(), 4);
}

#[tokio::test]
async fn either_vendor_is_told_what_was_said_in_its_own_words() {
    let world = World::new().answering("hello").await;
    world.post_session(json!({"id": "a", "system": "be kind"})).await;
    world.turn("a", "one").await;

    let reply = world.ask(json!({"prompt": "two", "session": "a", "model": "claude/c"})).await;

    assert_eq!(reply.status, 200);
    let sent = world.upstream.last_call().body();
    assert_eq!(sent["messages"].as_array().unwrap().len(), 3);
    assert_eq!(world.said("a").await.len(), 4);
}
