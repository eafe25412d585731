//! What each mode costs, and that a hit says what the provider said, in whichever form it is asked for.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Reply, World, says};

const HOUR: Duration = Duration::from_secs(3600);

fn in_mode(mode: &str) -> Value {
    json!({"prompt": "hi", "cache": {"mode": mode}})
}

#[tokio::test]
async fn a_cached_answer_costs_no_call() {
    let world = World::new().answering("hello").await;

    let first = world.ask(json!({"prompt": "hi"})).await;
    let second = world.ask(json!({"prompt": "hi"})).await;

    assert_eq!(world.upstream.count(), 1);
    assert_eq!((first.cache_status(), second.cache_status()), ("miss", "hit"));
    assert_eq!((first.reply().text, second.reply().text), ("hello".to_owned(), "hello".to_owned()));
    assert_eq!(first.header("cache-status"), Some("llmc; fwd=uri-miss; stored; ttl=3600"));
    assert_eq!(second.header("cache-status"), Some("llmc; hit; ttl=3600"));
    assert_eq!(first.header("llmc-key"), Some(second.reply().metadata.cache_key.as_str()));
}

#[tokio::test]
async fn a_hit_tells_its_age_and_what_is_left_of_its_time() {
    let world = World::new().answering("hello").await;
    world.generate("hi").await;
    world.clock.advance(Duration::from_secs(12));

    let hit = world.ask(json!({"prompt": "hi"})).await;

    let metadata = hit.reply().metadata;
    assert_eq!((metadata.age_seconds, metadata.ttl_seconds), (12, Some(3588)));
    assert_eq!((hit.header("age"), hit.header("cache-status")), (Some("12"), Some("llmc; hit; ttl=3588")));
    assert!(metadata.cached);
    assert_eq!((metadata.store.as_str(), metadata.namespace.as_str()), ("memory", "default"));
}

#[tokio::test]
async fn whatever_changes_the_question_changes_the_key() {
    let world = World::new().answering("hello").await;
    let questions = [
        json!({"prompt": "hi"}),
        json!({"prompt": "Hi"}),
        json!({"prompt": "hi", "system": "be brief"}),
        json!({"prompt": "hi", "temperature": 0.7}),
        json!({"prompt": "hi", "maxTokens": 16}),
        json!({"prompt": "hi", "topP": 0.5}),
        json!({"prompt": "hi", "seed": 7}),
        json!({"prompt": "hi", "stop": "x"}),
        json!({"prompt": "hi", "model": "local/other"}),
        json!({"prompt": "hi", "model": "claude/c"}),
        json!({"prompt": "hi", "options": {"top_k": 40}}),
        json!({"prompt": "hi", "cache": {"namespace": "team"}}),
        json!({"prompt": "hi", "cache": {"sample": 1}}),
    ];

    for question in &questions {
        assert_eq!(world.ask(question.clone()).await.cache_status(), "miss", "{question}");
    }

    assert_eq!(world.upstream.count(), questions.len());
    for question in &questions {
        assert_eq!(world.ask(question.clone()).await.cache_status(), "hit", "{question}");
    }
}

#[tokio::test]
async fn who_asks_and_how_it_is_spelled_is_not_in_the_key() {
    let world = World::new().answering("hello").await;
    world.ask(json!({"prompt": "hi", "temperature": 0.5})).await.reply();

    let others = [
        json!({"messages": [{"role": "user", "content": "hi"}], "temperature": 0.50}),
        json!({"messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}], "temperature": 0.5}),
        json!({"prompt": "hi", "temperature": 0.5, "options": {"user": "u1", "metadata": {"a": "b"}}}),
        json!({"prompt": "hi", "temperature": 0.5, "model": "m"}),
        json!({"prompt": "hi", "temperature": 0.5, "run": "r1", "retries": 9}),
    ];

    for other in others {
        assert_eq!(world.ask(other.clone()).await.cache_status(), "hit", "{other}");
    }
}

#[tokio::test]
async fn off_neither_reads_nor_writes() {
    let world = World::new().answering("first").await;
    let bypass = world.ask(in_mode("off")).await;
    assert_eq!(bypass.cache_status(), "bypass");
    assert_eq!(bypass.header("cache-status"), Some("llmc; fwd=bypass"));
    assert_eq!(bypass.reply().metadata.ttl_seconds, None);

    assert_eq!(world.ask(in_mode("auto")).await.cache_status(), "miss");
    world.upstream.answers(says("second"));
    assert_eq!(world.ask(in_mode("off")).await.reply().text, "second");

    assert_eq!(world.ask(in_mode("auto")).await.reply().text, "first");
    assert_eq!(world.upstream.count(), 3);
}

#[tokio::test]
async fn a_cache_that_is_switched_off_is_off() {
    let world = World::new().with("cache.enabled = false").answering("hello").await;

    let statuses = [world.ask(json!({"prompt": "hi"})).await, world.ask(json!({"prompt": "hi"})).await];

    assert_eq!(statuses.map(|answer| answer.cache_status()), ["bypass", "bypass"]);
    assert_eq!(world.upstream.count(), 2);
}

#[tokio::test]
async fn refresh_replaces_what_is_kept() {
    let world = World::new().answering("old").await;
    world.generate("hi").await;
    world.clock.advance(HOUR / 2);
    world.upstream.answers(says("new"));

    let refreshed = world.ask(in_mode("refresh")).await;

    assert_eq!((refreshed.cache_status(), refreshed.reply().text.as_str()), ("refresh", "new"));
    assert_eq!(refreshed.header("cache-status"), Some("llmc; fwd=request; stored; ttl=3600"));
    let next = world.generate("hi").await;
    assert_eq!((next.text.as_str(), next.metadata.ttl_seconds), ("new", Some(3600)));
    assert_eq!(world.upstream.count(), 2);
}

#[tokio::test]
async fn a_refresh_that_fails_leaves_the_kept_answer() {
    let world = World::new().answering("old").await;
    world.generate("hi").await;
    world.upstream.answers(Reply::failing(400));

    assert_eq!(world.ask(in_mode("refresh")).await.failure(), (502, "provider_error".to_owned()));

    assert_eq!(world.generate("hi").await.text, "old");
}

#[tokio::test]
async fn replay_never_calls() {
    let world = World::new().answering("hello").await;

    let nothing = world.ask(in_mode("replay")).await;

    assert_eq!(nothing.failure(), (504, "replay_miss".to_owned()));
    assert_eq!(world.upstream.count(), 0);
    world.generate("hi").await;
    let recorded = world.ask(in_mode("replay")).await;
    assert_eq!((recorded.cache_status(), recorded.reply().text.as_str()), ("replay", "hello"));
    assert_eq!(world.upstream.count(), 1);
}

#[tokio::test]
async fn replay_serves_what_is_past_its_time_for_as_long_as_it_is_kept() {
    let world = World::new().with("cache.stale_if_error = \"2h\"").answering("hello").await;
    world.generate("hi").await;

    world.clock.advance(2 * HOUR);
    assert_eq!(world.ask(in_mode("replay")).await.cache_status(), "replay");

    world.clock.advance(HOUR);
    assert_eq!(world.ask(in_mode("replay")).await.failure().1, "replay_miss");
    assert_eq!(world.upstream.count(), 1);
}

#[tokio::test]
async fn a_hit_outlives_the_daemon() {
    let world = World::new().on_disk().answering("hello").await;
    let first = world.generate("hi").await;

    let world = world.reopened().await;
    let second = world.generate("hi").await;

    assert_eq!(second.metadata.cache_status.name(), "hit");
    assert_eq!((second.text, second.metadata.cache_key), (first.text, first.metadata.cache_key));
    assert_eq!((second.metadata.store.as_str(), world.upstream.count()), ("embedded", 1));
}

#[tokio::test]
async fn plain_and_streamed_share_one_entry_in_both_directions() {
    for model in ["local/m", "claude/c"] {
        let world = World::new().answering("one two  three\n\nfour 🙂").await;
        let question = |prompt: &str| json!({"prompt": prompt, "model": model});

        let plain = world.ask(question("plain first")).await.reply();
        let replayed = world.listen(question("plain first")).await.told().await;
        let streamed = world.listen(question("stream first")).await.told().await;
        let collected = world.ask(question("stream first")).await.reply();

        assert_eq!(world.upstream.count(), 2);
        assert_eq!((replayed.cache_status(), collected.metadata.cache_status.name()), ("hit", "hit"));
        assert_eq!(streamed.cache_status(), "miss");
        let texts = [plain.text.as_str(), &replayed.text, &streamed.text, &collected.text, &streamed.reply().text];
        assert_eq!(texts, ["one two  three\n\nfour 🙂"; 5], "{model}");
        assert_eq!(plain.metadata.cache_key, replayed.reply().metadata.cache_key);
        assert_eq!(plain.metadata.usage, collected.metadata.usage);
    }
}

#[tokio::test]
async fn a_stream_asks_the_provider_for_its_usage() {
    let world = World::new().answering("hello").await;

    let told = world.stream("hi").await;

    assert_eq!(world.upstream.last_call().body()["stream_options"], json!({"include_usage": true}));
    assert_eq!(told.reply().metadata.usage.input_tokens, 12);
    assert!(!told.reply().metadata.usage_estimated);
}

#[tokio::test]
async fn a_hit_as_a_stream_comes_in_pieces_and_says_that_it_is_done() {
    let text = "the quick brown fox jumps over the lazy dog ".repeat(20);
    let world = World::new().answering(&text).await;
    world.generate("hi").await;

    let mut events = world.listen(json!({"prompt": "hi"})).await;

    assert_eq!(events.headers["cache-status"], "llmc; hit; ttl=3600");
    assert_eq!(events.headers["cache-control"], "no-store");
    let first = events.next_text().await;
    assert!(text.starts_with(&first) && first.len() < text.len() / 2, "{first}");
    let rest = events.told().await;
    assert_eq!(first + &rest.text, text);
    assert_eq!(rest.reply().text, text);
}

#[tokio::test]
async fn raw_is_the_vendors_own_bytes() {
    let world = World::new().answering("hello").await;
    let raw = json!({"prompt": "hi", "raw": true});

    let (miss, hit) = (world.ask(raw.clone()).await.reply(), world.ask(raw.clone()).await.reply());

    assert_eq!(miss.raw, Some(says("hello").chat_completion()));
    assert_eq!(hit.raw, miss.raw);
    assert_eq!(world.listen(raw).await.told().await.reply().raw, miss.raw);
    assert_eq!(world.generate("hi").await.raw, None);
}

#[tokio::test]
async fn a_streamed_answer_is_raw_as_the_document_it_amounts_to() {
    let world = World::new().answering("hello you").await;
    world.stream("hi").await;

    let raw = world.ask(json!({"prompt": "hi", "raw": true})).await.reply().raw.unwrap();

    let document: Value = serde_json::from_str(&raw).unwrap();
    assert_eq!(document["object"], "chat.completion");
    assert_eq!(document["choices"][0]["message"]["content"], "hello you");
}

#[tokio::test]
async fn code_is_the_first_fenced_block_or_all() {
    let world = World::new().answering("so:\n```rust\nfn x() {}\n```\nand\n```\ny\n```\n").await;
    assert_eq!(world.generate("block").await.code, "fn x() {}\n");

    world.upstream.answers(says("no block"));
    assert_eq!(world.generate("none").await.code, "no block");
}

#[tokio::test]
async fn a_dry_run_says_what_would_happen_and_calls_nobody() {
    let world = World::new().answering("hello").await;
    let dry = |mut question: Value| {
        question["dryRun"] = json!(true);
        world.ask(question)
    };

    let before = dry(json!({"prompt": "hi"})).await.json();
    assert_eq!((&before["cacheStatus"], world.upstream.count()), (&json!("miss"), 0));
    let key = world.generate("hi").await.metadata.cache_key;
    let after = dry(json!({"prompt": "hi"})).await.json();

    assert_eq!((&after["cacheStatus"], &after["cacheKey"]), (&json!("hit"), &json!(key)));
    assert_eq!(before["keyMaterial"]["body"]["messages"][0]["content"], "hi");
    let stateful = dry(json!({"prompt": "hi", "options": {"store": true}})).await.json();
    assert_eq!(stateful["cacheStatus"], "bypass");
    assert_eq!(dry(in_mode("off")).await.json()["cacheStatus"], "bypass");
    assert_eq!(world.upstream.count(), 1);
}
