//! What is kept can be listed, searched, shown and forgotten, and never by accident all of it.

use std::time::Duration;

use llmc::api::entries::{DiffReply, DifferingField, EntriesReply, EntryReply, PurgeReply};
use serde_json::json;

use crate::support::{World, says};

const PRICE: &str = "prices.\"local/m\" = { input = 1000.0, output = 1000.0 }";

/// Four entries, each a minute younger than the one before.
async fn shelf() -> World {
    let world = World::new().with(PRICE).answering("short").await;
    let minute = Duration::from_secs(60);
    world.ask(json!({"prompt": "about cats"})).await.reply();
    world.clock.advance(minute);
    world.upstream.answers(says(&long_text()));
    world.ask(json!({"prompt": "about dogs"})).await.reply();
    world.clock.advance(minute);
    world.upstream.answers(says("a Zebra"));
    world.ask(json!({"prompt": "about horses", "model": "local/n"})).await.reply();
    world.clock.advance(minute);
    world.upstream.answers(says("short"));
    world.ask(json!({"prompt": "about cats", "model": "claude/c", "cache": {"namespace": "team"}})).await.reply();
    for (prompt, times) in [("about dogs", 1), ("about cats", 3)] {
        for _ in 0..times {
            world.generate(prompt).await;
        }
    }
    world
}

/// No compression makes this small.
fn long_text() -> String {
    let mut chance: u64 = 7;
    (0..3000)
        .map(|_| {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from(b'a' + u8::try_from((chance >> 33) % 26).unwrap())
        })
        .collect()
}

async fn listed(world: &World, query: &str) -> EntriesReply {
    world.get(&format!("/cache/entries{query}")).await.parsed()
}

async fn counted(world: &World, query: &str) -> usize {
    listed(world, query).await.entries.len()
}

/// What an entry is, in a word.
fn names(reply: &EntriesReply) -> Vec<String> {
    reply.entries.iter().map(|entry| format!("{}/{} {}", entry.provider, entry.model, entry.hits)).collect()
}

#[tokio::test]
async fn an_entry_is_listed_with_what_it_is_worth() {
    let world = shelf().await;

    let reply = listed(&world, "?model=m&sort=hits").await;

    assert_eq!((reply.total, names(&reply)), (2, vec!["local/m 3".to_owned(), "local/m 1".to_owned()]));
    let cats = &reply.entries[0];
    assert_eq!((cats.age_seconds, cats.ttl_seconds, cats.namespace.as_str()), (180, 3420, "default"));
    // 20 tokens at a thousandth of a dollar, three times.
    assert_eq!(cats.saved_usd, Some(0.06));
    assert!(cats.bytes > 0 && cats.key.len() == 64);
}

#[tokio::test]
async fn filters_mean_what_they_say() {
    let world = shelf().await;

    for (query, expected) in [
        ("", 4),
        ("?model=m", 2),
        ("?provider=claude", 1),
        ("?provider=local&model=n", 1),
        ("?namespace=team", 1),
        ("?namespace=nobody", 0),
        ("?olderThan=2m", 2),
        ("?olderThan=3m", 1),
        ("?olderThan=1h", 0),
        ("?grep=cats", 2),
        ("?grep=CATS", 2),
        ("?grep=zebra", 1),
        ("?grep=unicorn", 0),
        ("?grep=cats&provider=claude", 1),
    ] {
        assert_eq!(counted(&world, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn a_listing_is_in_the_order_asked_for_and_as_long() {
    let world = shelf().await;
    let first = async |query: &str| names(&listed(&world, query).await).remove(0);

    assert_eq!(first("?sort=hits").await, "local/m 3");
    assert_eq!(first("?sort=saved").await, "local/m 3");
    assert_eq!(first("?sort=size").await, "local/m 1");
    assert_eq!(first("?sort=age").await, "claude/c 0");
    let some = listed(&world, "?sort=age&limit=2").await;
    assert_eq!((some.total, some.entries.len()), (4, 2));
    assert_eq!(names(&listed(&world, "").await), names(&listed(&world, "?sort=age").await));
}

#[tokio::test]
async fn an_entry_is_shown_by_the_digits_it_alone_begins_with() {
    let world = shelf().await;
    let entry = listed(&world, "?provider=claude").await.entries.remove(0);

    for prefix in [&entry.key, &entry.key[..16], &entry.key[..16].to_uppercase()] {
        let shown: EntryReply = world.get(&format!("/cache/entries/{prefix}")).await.parsed();
        assert_eq!((&shown.summary, shown.text.as_str(), shown.form.as_str()), (&entry, "short", "plain"));
        assert_eq!(shown.material["body"]["messages"][0]["content"], "about cats");
        assert_eq!((shown.kept_at.as_str(), shown.finish_reason.as_str()), ("2027-01-15T08:03:00Z", "stop"));
        assert_eq!(shown.cost_usd, None);
        assert!(shown.raw.contains("\"end_turn\""));
    }
}

#[tokio::test]
async fn a_streamed_entry_is_shown_as_text_too() {
    let world = World::new().answering("word by word").await;
    let key = world.stream("hi").await.reply().metadata.cache_key;

    let shown: EntryReply = world.get(&format!("/cache/entries/{key}")).await.parsed();

    assert_eq!((shown.text.as_str(), shown.form.as_str()), ("word by word", "stream"));
}

#[tokio::test]
async fn two_entries_differ_first_where_they_were_asked_for_differently() {
    let world = World::new().answering("hello").await;
    let asked = [
        json!({"prompt": "hi", "temperature": 0}),
        json!({"prompt": "ho", "temperature": 0}),
        json!({"prompt": "hi"}),
        json!({"prompt": "hi", "temperature": 0, "cache": {"namespace": "team"}}),
    ];
    let mut keys = Vec::new();
    for call in asked {
        keys.push(world.ask(call).await.reply().metadata.cache_key);
    }
    let field = |field: &str, left: Option<&str>, right: Option<&str>| {
        let [left, right] = [left, right].map(|value| value.map(str::to_owned));
        Some(DifferingField { field: field.to_owned(), left, right })
    };

    for (right, wanted) in [
        (1, field("messages[0].content", Some("\"hi\""), Some("\"ho\""))),
        (2, field("temperature", Some("0"), None)),
        (3, field("namespace", Some("\"default\""), Some("\"team\""))),
        (0, None),
    ] {
        let (left, right) = (&keys[0], &keys[right]);
        let told: DiffReply =
            world.get(&format!("/cache/diff?left={}&right={}", &left[..16], right.to_uppercase())).await.parsed();

        assert_eq!((&told.left, &told.right, told.difference), (left, right, wanted));
    }
}

#[tokio::test]
async fn only_two_entries_that_are_there_are_compared() {
    let world = World::new().answering("hello").await;
    let key = world.ask(json!({"prompt": "hi"})).await.reply().metadata.cache_key;
    let absent = "0".repeat(64);

    for (query, status, kind) in [
        (format!("?left={key}&right={absent}"), 404, "not_found"),
        (format!("?left={absent}&right={key}"), 404, "not_found"),
        (format!("?left={key}"), 400, "invalid_request"),
        (format!("?left={key}&right="), 400, "invalid_request"),
        (format!("?left={key}&right={key}&middle={key}"), 400, "invalid_request"),
    ] {
        assert_eq!(world.get(&format!("/cache/diff{query}")).await.failure(), (status, kind.to_owned()), "{query}");
    }
}

#[tokio::test]
async fn digits_that_several_entries_begin_with_name_none() {
    let world = World::new().answering("hello").await;
    // Of seventeen keys, two begin with the same digit.
    for number in 0..17 {
        world.generate(&format!("number {number}")).await;
    }
    let keys: Vec<String> = listed(&world, "").await.entries.into_iter().map(|entry| entry.key).collect();
    let shared = keys.windows(2).find(|pair| pair[0][..1] == pair[1][..1]).unwrap()[0][..1].to_owned();

    for answer in
        [world.get(&format!("/cache/entries/{shared}")).await, world.delete(&format!("/cache/entries/{shared}")).await]
    {
        assert_eq!(answer.failure(), (400, "invalid_request".to_owned()));
        let error = answer.problem().error;
        assert!(error.message.ends_with(&format!("entries begin with `{shared}`")), "{}", error.message);
    }
    assert_eq!(counted(&world, "").await, 17);
}

#[tokio::test]
async fn a_key_that_is_none_is_told_from_one_that_is_not_there() {
    let world = shelf().await;

    assert_eq!(world.get("/cache/entries/xyz").await.failure(), (400, "invalid_request".to_owned()));
    assert_eq!(world.get("/cache/entries/%ff").await.failure(), (400, "invalid_request".to_owned()));
    let absent = "0".repeat(64);
    assert_eq!(world.get(&format!("/cache/entries/{absent}")).await.failure(), (404, "not_found".to_owned()));
    assert_eq!(world.delete(&format!("/cache/entries/{absent}")).await.failure(), (404, "not_found".to_owned()));
}

#[tokio::test]
async fn a_deleted_answer_is_asked_for_anew() {
    let world = World::new().on_disk().answering("bad").await;
    let key = world.generate("hi").await.metadata.cache_key;
    world.generate("other").await;
    world.upstream.answers(says("good"));

    let gone: PurgeReply = world.delete(&format!("/cache/entries/{}", &key[..20])).await.parsed();

    assert_eq!((gone.removed, gone.dry_run), (1, false));
    assert_eq!(world.generate("hi").await.text, "good");
    assert_eq!(world.generate("other").await.text, "bad");
}

#[tokio::test]
async fn a_purge_removes_what_its_filter_means_and_nothing_else() {
    let world = shelf().await;
    let before = listed(&world, "?grep=cats").await;
    let bytes: u64 = before.entries.iter().map(|entry| entry.bytes).sum();

    let foreseen: PurgeReply = world.purge(json!({"filter": {"grep": "cats"}, "dryRun": true})).await.parsed();
    assert_eq!((foreseen.removed, foreseen.bytes, foreseen.dry_run), (2, bytes, true));
    assert_eq!(counted(&world, "").await, 4);

    let purged: PurgeReply = world.purge(json!({"filter": {"grep": "cats"}})).await.parsed();
    assert_eq!((purged.removed, purged.bytes, purged.dry_run), (2, bytes, false));
    assert_eq!((counted(&world, "").await, counted(&world, "?grep=cats").await), (2, 0));
    assert_eq!(world.generate("about cats").await.metadata.cache_status.name(), "miss");
    assert_eq!(world.generate("about dogs").await.metadata.cache_status.name(), "hit");
}

#[tokio::test]
async fn a_purge_of_everything_must_say_so() {
    let world = shelf().await;

    for hasty in [
        json!({}),
        json!({"filter": {}}),
        json!({"all": false}),
        json!({"filter": {"grep": ""}}),
        json!({"filter": {"limit": 1}}),
        json!({"filter": {"sort": "hits"}}),
        json!({"filter": {"model": "m", "limit": 1}}),
        json!({"filter": {"key": ""}}),
        json!({"filters": {"model": "m"}}),
    ] {
        assert_eq!(world.purge(hasty.clone()).await.failure(), (400, "invalid_request".to_owned()), "{hasty}");
    }

    assert_eq!(counted(&world, "").await, 4);
    let all: PurgeReply = world.purge(json!({"all": true})).await.parsed();
    assert_eq!((all.removed, counted(&world, "").await), (4, 0));
}

#[tokio::test]
async fn a_refused_purge_spends_no_place() {
    let world = World::new().with_built_in_limits().with("rate_limit.expensive = 1").answering("hello").await;

    assert_eq!(world.purge(json!({})).await.status, 400);

    assert_eq!(world.purge(json!({"all": true})).await.status, 200);
}
