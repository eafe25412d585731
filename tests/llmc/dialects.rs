//! Prompts to vendors of different tongues: each is asked in its own, and its answer understood.

use llmc::exchange::Form;
use llmc::provider;
use serde_json::{Value, json};

use crate::support::upstream::{Reply, says};
use crate::support::world::World;

#[tokio::test]
async fn a_model_of_gemini_is_named_in_the_address() {
    let world = World::new().answering("from afar").await;

    let reply = world.ask(json!({"prompt": "hi", "model": "google/g-2.5", "maxTokens": 9})).await.reply();

    assert_eq!((reply.text.as_str(), reply.metadata.usage.input_tokens), ("from afar", 12));
    let call = world.upstream.last_call();
    assert_eq!(call.path, "/v1beta/models/g-2.5:generateContent");
    assert_eq!(
        call.body(),
        json!({"contents": [{"role": "user", "parts": [{"text": "hi"}]}], "generationConfig": {"maxOutputTokens": 9}})
    );
}

#[tokio::test]
async fn the_key_of_gemini_travels_in_its_header() {
    let world = World::new().answering("hello").await;
    let key = [("llmc-provider-key", "google g-secret")];

    world.send("POST", "/llm/generate", &key, json!({"prompt": "hi", "model": "g"}).to_string()).await.reply();

    assert_eq!(world.upstream.last_call().header("x-goog-api-key"), Some("g-secret"));
}

#[tokio::test]
async fn two_models_of_one_body_have_two_answers() {
    let world = World::new().answering("hello").await;

    world.ask(json!({"prompt": "hi", "model": "google/g-1"})).await.reply();
    let other = world.ask(json!({"prompt": "hi", "model": "google/g-2"})).await;
    let same = world.ask(json!({"prompt": "hi", "model": "google/models/g-1"})).await;

    assert_eq!((other.cache_status(), same.cache_status()), ("miss", "hit"));
    assert_eq!(world.upstream.count(), 2);
}

#[tokio::test]
async fn in_every_tongue_a_plain_answer_and_a_stream_share_an_entry() {
    for model in ["local/m", "local/o3-pro", "claude/c", "google/g"] {
        for streamed_first in [false, true] {
            let world = World::new().answering("one two three").await;
            let body = json!({"prompt": "hi", "model": model});

            let told = if streamed_first {
                let told = world.listen(body.clone()).await.told().await;
                world.settled().await;
                assert_eq!(world.ask(body).await.cache_status(), "hit", "{model}");
                told
            } else {
                world.ask(body.clone()).await.reply();
                let told = world.listen(body).await.told().await;
                assert_eq!(told.cache_status(), "hit", "{model}");
                told
            };

            assert_eq!((told.text.as_str(), told.reply().text.as_str()), ("one two three", "one two three"), "{model}");
            assert_eq!(world.upstream.count(), 1, "{model}");
        }
    }
}

#[tokio::test]
async fn a_model_that_only_responds_is_asked_for_a_response() {
    let world = World::new().answering("deep thoughts").await;

    let reply = world.ask(json!({"prompt": "hi", "system": "be brief", "model": "local/o3-pro"})).await.reply();

    assert_eq!((reply.text.as_str(), reply.metadata.usage.output_tokens), ("deep thoughts", 8));
    let call = world.upstream.last_call();
    assert_eq!(call.path, "/v1/responses");
    assert_eq!(
        call.body(),
        json!({"model": "o3-pro", "instructions": "be brief", "input": [{"role": "user", "content": "hi"}]})
    );
}

#[tokio::test]
async fn an_answer_cut_for_length_is_kept_where_the_length_was_asked_for() {
    for model in ["local/o3-pro", "google/g"] {
        let world = World::new().replying(says("once upon").ending("length")).await;
        let (free, bounded) =
            (json!({"prompt": "hi", "model": model}), json!({"prompt": "hi", "model": model, "maxTokens": 2}));

        for _ in 0..2 {
            assert_eq!(world.ask(free.clone()).await.cache_status(), "miss", "{model}");
        }
        world.ask(bounded.clone()).await.reply();

        assert_eq!(world.ask(bounded).await.cache_status(), "hit", "{model}");
    }
}

#[tokio::test]
async fn what_gemini_blocks_or_filters_is_not_kept() {
    let blocked = json!({"promptFeedback": {"blockReason": "SAFETY"}}).to_string();
    for reply in [Reply::document(blocked), says("half an ans").ending("SAFETY").into()] {
        let world = World::new().replying(reply).await;

        for _ in 0..2 {
            let reply = world.ask(json!({"prompt": "hi", "model": "g"})).await.reply();

            assert_eq!((reply.metadata.finish_reason.as_str(), reply.metadata.cached), ("content_filter", false));
        }
    }
}

#[tokio::test]
async fn an_array_where_events_were_asked_for_is_understood() {
    let piece = |text: &str, reason: Value| json!({"candidates": [{"content": {"parts": [{"text": text}]}, "finishReason": reason}]});
    let array = json!([piece("one ", Value::Null), piece("two", json!("STOP"))]).to_string();
    let world = World::new().replying(Reply::document(array)).await;

    let told = world.listen(json!({"prompt": "hi", "model": "g"})).await.told().await;

    assert_eq!(told.text, "one two");
}

#[tokio::test]
async fn an_entry_is_shown_in_the_tongue_it_was_spoken_in() {
    for model in ["local/o3-pro", "google/g"] {
        let world = World::new().answering("hello").await;
        let key = world.ask(json!({"prompt": "hi", "model": model})).await.reply().metadata.cache_key;

        let shown = world.get(&format!("/cache/entries/{key}")).await.json();

        assert_eq!(shown["text"], "hello", "{model}");
    }
}

#[test]
fn every_operation_has_its_dialect_and_its_address() {
    for (kind, operations) in [
        ("openai", vec!["chat.completions", "responses", "completions", "embeddings"]),
        ("anthropic", vec!["messages"]),
        ("gemini", vec!["generateContent"]),
        ("echo", vec!["chat.completions"]),
    ] {
        for operation in llmc::exchange::Operation::ALL.iter().copied() {
            let dialect = provider::speaks(kind, operation);

            assert_eq!(dialect.is_some(), operations.contains(&operation.name()), "{kind} {}", operation.name());
            if let Some(dialect) = dialect {
                assert!(dialect.path("m", Form::Plain).starts_with('/') && dialect.kind() == kind);
            }
        }
    }
}
