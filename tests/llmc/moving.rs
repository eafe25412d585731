//! Entries leave one store as lines and come into another as what they were; lines that are no entries are named.

use std::sync::Arc;
use std::time::Duration;

use llmc::api::entries::{ImportReply, RefusedLine};
use llmc::store::memory::Memory;
use serde_json::{Value, json};

use crate::support::redis::{Redis, is_installed};
use crate::support::upstream::Upstream;
use crate::support::{World, says, shared};

async fn export(world: &World, query: &str) -> String {
    let answered = world.get(&format!("/cache/export{query}")).await;
    assert_eq!(answered.status, 200, "{answered:?}");
    assert_eq!(answered.header("content-type"), Some("application/x-ndjson"));
    String::from_utf8(answered.body.to_vec()).unwrap()
}

async fn import(world: &World, query: &str, lines: &str) -> ImportReply {
    world.send("POST", &format!("/cache/import{query}"), &[], lines.to_owned()).await.parsed()
}

fn counts(reply: &ImportReply) -> [u64; 5] {
    [reply.imported, reply.present, reply.differing, reply.expired, reply.refused.len() as u64]
}

/// A daemon that was asked three things, one of them as a stream, one of another provider.
async fn shelf(upstream: &Arc<Upstream>) -> World {
    let world = World::new().asking(upstream).begun();
    upstream.answers(says("snow ☃ \u{7f}"));
    world.generate("plain").await;
    world.stream("streamed").await.reply();
    world.ask(json!({"prompt": "other", "model": "claude/c", "cache": {"namespace": "team"}})).await.reply();
    world
}

async fn raw(world: &World, asked: Value) -> (String, Option<String>) {
    let mut asked = asked;
    asked["raw"] = json!(true);
    let reply = world.ask(asked).await.reply();
    assert_eq!(reply.metadata.cache_status.name(), "hit");
    (reply.text, reply.raw)
}

#[tokio::test]
async fn what_is_moved_is_a_hit_there_byte_for_byte() {
    let upstream = Arc::new(Upstream::start().await);
    let from = shelf(&upstream).await;
    let mut to = vec![World::new().asking(&upstream).begun(), World::new().on_disk().asking(&upstream).begun()];
    let redis = if is_installed() { Some(Redis::start(&[]).await) } else { None };
    if let Some(redis) = &redis {
        let store = Arc::new(shared::redis(&redis.url(), "llm:cache"));
        to.push(World::new().over(store).asking(&upstream).begun());
    }
    let lines = export(&from, "").await;
    assert_eq!(lines.lines().count(), 3);

    for to in to {
        assert_eq!(counts(&import(&to, "", &lines).await), [3, 0, 0, 0, 0]);

        for asked in [
            json!({"prompt": "plain"}),
            json!({"prompt": "streamed"}),
            json!({"prompt": "other", "model": "claude/c", "cache": {"namespace": "team"}}),
        ] {
            assert_eq!(raw(&to, asked.clone()).await, raw(&from, asked).await);
        }
        assert_eq!(export(&to, "").await, lines);
        assert_eq!(counts(&import(&to, "", &lines).await), [0, 3, 0, 0, 0]);
    }
    assert_eq!(upstream.count(), 3);
}

#[tokio::test]
async fn lines_are_in_the_order_of_their_keys_and_say_what_they_are() {
    let world = shelf(&Arc::new(Upstream::start().await)).await;

    let lines = export(&world, "").await;

    assert_eq!(world.get("/cache/export").await.header("llmc-entries"), Some("3"));
    let values: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let keys: Vec<&str> = values.iter().map(|line| line["key"].as_str().unwrap()).collect();
    assert!(keys.is_sorted());
    assert!(values.iter().all(|line| line["version"] == 1 && line["material"]["body"]["model"].is_string()));
    assert!(lines.ends_with("}\n"));
}

#[tokio::test]
async fn an_export_takes_the_filters_of_a_listing() {
    let world = shelf(&Arc::new(Upstream::start().await)).await;
    for (query, count) in
        [("?model=c", 1), ("?namespace=default", 2), ("?grep=PLAIN", 1), ("?provider=none", 0), ("?olderThan=1h", 0)]
    {
        assert_eq!(export(&world, query).await.lines().count(), count, "{query}");
    }
    for wrong in ["?sort=hits", "?limit=1", "?colour=red", "?key=xyz"] {
        assert_eq!(world.get(&format!("/cache/export{wrong}")).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn another_answer_stays_unless_it_is_to_be_replaced() {
    let upstream = Arc::new(Upstream::start().await);
    let (from, to) = (World::new().asking(&upstream).begun(), World::new().asking(&upstream).begun());
    from.generate("hi").await;
    upstream.answers(says("other"));
    to.generate("hi").await;
    let lines = export(&from, "").await;

    assert_eq!(counts(&import(&to, "", &lines).await), [0, 0, 1, 0, 0]);
    assert_eq!(to.generate("hi").await.text, "other");

    assert_eq!(counts(&import(&to, "?force=true", &lines).await), [1, 0, 0, 0, 0]);
    assert_eq!(to.generate("hi").await.text, "hello");
}

#[tokio::test]
async fn lines_that_are_no_entries_are_named_and_the_others_are_kept() {
    let upstream = Arc::new(Upstream::start().await);
    let from = World::new().asking(&upstream).begun();
    from.generate("hi").await;
    let good = export(&from, "").await;
    let good = good.trim_end();
    let changed = |from: &str, to: &str| {
        let changed = good.replacen(from, to, 1);
        assert_ne!(changed, good, "{from}");
        changed
    };
    let broken = [
        "nonsense".to_owned(),
        good[..good.len() / 2].to_owned(),
        changed("\"content\":\"hi\"", "\"content\":\"ho\""),
        changed("\"version\":1", "\"version\":7"),
        // What would never have been kept, or says that it was.
        changed("finish_reason\\\":\\\"stop", "finish_reason\\\":\\\"length"),
        changed("\"finish\":\"stop\"", "\"finish\":\"content_filter\""),
        changed("choices", "noises"),
        changed("\"kept_at\":1800000000000", "\"kept_at\":1900000000000"),
    ];
    let to = World::new().asking(&upstream).begun();
    let lines = format!("{}\n\n{good}", broken.join("\n"));

    let reply = import(&to, "", &lines).await;

    assert_eq!((reply.imported, reply.refused.len()), (1, broken.len()), "{:?}", reply.refused);
    let numbers: Vec<u64> = reply.refused.iter().map(|RefusedLine { line, .. }| *line).collect();
    assert_eq!(numbers, (1..=broken.len() as u64).collect::<Vec<_>>());
    assert!(reply.refused[2].message.contains("its key is not that of its material"), "{:?}", reply.refused);
    assert_eq!(to.ask(json!({"prompt": "hi"})).await.cache_status(), "hit");
    assert_eq!(to.get("/cache/entries").await.json()["total"], 1);
}

#[tokio::test]
async fn what_is_over_is_passed_over_and_what_is_left_of_a_life_is_moved() {
    let upstream = Arc::new(Upstream::start().await);
    let plan = World::new().with("cache.ttl = \"1h\"").with("cache.stale_if_error = \"0s\"");
    let (from, to) = (plan.clone().asking(&upstream).begun(), plan.asking(&upstream).begun());
    from.generate("hi").await;
    let lines = export(&from, "").await;
    to.clock.advance(Duration::from_secs(3000));

    assert_eq!(counts(&import(&to, "", &lines).await), [1, 0, 0, 0, 0]);
    assert_eq!(to.generate("hi").await.metadata.ttl_seconds, Some(600));

    to.clock.advance(Duration::from_secs(600));
    assert_eq!(counts(&import(&to, "", &lines).await), [0, 0, 0, 1, 0]);
}

#[tokio::test]
async fn exports_and_imports_are_dear_and_one_that_is_none_stops() {
    let world = World::new().with_built_in_limits().with("rate_limit.expensive = 2").answering("hello").await;

    let answered = world.send("POST", "/cache/import", &[], "x\n".repeat(10_001)).await;
    assert_eq!(answered.status, 400);
    assert_eq!(answered.problem().error.message, "the import stops at line 10001");
    export(&world, "").await;

    assert_eq!(world.get("/cache/export").await.status, 429);
    assert_eq!(world.send("POST", "/cache/import", &[], "").await.status, 429);
}

#[tokio::test]
async fn a_store_that_fails_ends_an_export_before_it_begins_and_says_where_an_import_stopped() {
    let store = Arc::new(crate::support::failing::Failing::default());
    let world = World::new().over(store.clone()).answering("hello").await;
    world.generate("hi").await;
    let lines = export(&world, "").await;
    store.fail();

    assert_eq!(world.get("/cache/export").await.status, 500);
    let answered = world.send("POST", "/cache/import", &[], format!("\n{lines}")).await;

    assert_eq!(answered.status, 500);
    assert!(answered.problem().error.message.starts_with("the import stops at line 2"), "{answered:?}");
}

#[tokio::test]
async fn a_memory_full_of_other_answers_stays_as_it_is() {
    let upstream = Arc::new(Upstream::start().await);
    let from = shelf(&upstream).await;
    let store = Arc::new(Memory::new());
    let to = World::new().over(store).asking(&upstream).begun();

    import(&to, "", &export(&from, "").await).await;

    assert_eq!(to.stats().await.entries, 3);
    assert_eq!(to.ask(json!({"prompt": "plain"})).await.cache_status(), "hit");
}
