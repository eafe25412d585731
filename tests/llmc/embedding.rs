//! A batch of texts to embed is answered text by text: what is kept is served, and only the rest is asked for.

use std::time::Duration;

use llmc::daemon::access::Imposed;
use llmc::daemon::tcp::Bounds;
use llmc::exchange::Mode;
use serde_json::{Value, json};

use crate::support::world::{Answered, Plan};
use crate::support::{Reply, World};

const PATH: &str = "/providers/local/v1/embeddings";
const BODY: [(&str, &str); 1] = [("content-type", "application/json")];

/// A vector that says what was embedded.
fn vector(input: &Value, body: &Value) -> Value {
    match (&body["encoding_format"], input) {
        (Value::String(_), input) => json!(format!("base64 of {input}")),
        (_, Value::String(text)) => json!([text.len(), 0.5]),
        (_, tokens) => tokens.clone(),
    }
}

/// Embeds whatever is asked for, a token a letter, in an order of its own.
fn embeds() -> Reply {
    Reply::by(|call| {
        let body = call.body();
        let inputs = match &body["input"] {
            Value::Array(inputs) if inputs.iter().any(|input| !input.is_number()) => inputs.clone(),
            one => vec![one.clone()],
        };
        let letters: usize = inputs.iter().map(|input| input.to_string().len() - 2).sum();
        let item = |(index, input)| json!({"object": "embedding", "index": index, "embedding": vector(input, &body)});
        let items: Vec<Value> = inputs.iter().enumerate().map(item).rev().collect();
        let usage = json!({"prompt_tokens": letters, "total_tokens": letters});
        Reply::document(json!({"object": "list", "data": items, "model": "m-1", "usage": usage}).to_string())
    })
}

fn priced() -> Plan {
    World::new().with("prices.\"local/m\" = { input = 1.0, output = 0.0 }")
}

fn texts(texts: &[&str]) -> Value {
    json!({"model": "m", "input": texts})
}

async fn ask(world: &World, body: &Value) -> Answered {
    world.send("POST", PATH, &BODY, body.to_string()).await
}

fn status_of(answered: &Answered) -> &str {
    assert_eq!(answered.status, 200, "{}", String::from_utf8_lossy(&answered.body));
    answered.header("cache-status").unwrap()
}

/// The vectors in order; their indexes are checked.
fn vectors(answered: &Answered) -> Vec<Value> {
    let mut items = answered.json()["data"].as_array().unwrap().clone();
    items.sort_by_key(|item| item["index"].as_u64());
    assert!(items.iter().enumerate().all(|(place, item)| item["index"] == json!(place)), "{items:?}");
    items.into_iter().map(|item| item["embedding"].clone()).collect()
}

fn asked_for(world: &World) -> Vec<Value> {
    world.upstream.calls().iter().map(|call| call.body()["input"].clone()).collect()
}

#[tokio::test]
async fn only_what_is_not_kept_is_asked_for() {
    let world = World::new().replying(embeds()).await;

    let first = ask(&world, &texts(&["a", "bb", "ccc"])).await;
    let second = ask(&world, &texts(&["dddd", "bb", "eeeee", "a"])).await;
    let third = ask(&world, &texts(&["eeeee", "ccc"])).await;

    assert_eq!(asked_for(&world), [json!(["a", "bb", "ccc"]), json!(["dddd", "eeeee"])]);
    assert_eq!(vectors(&second), [json!([4, 0.5]), json!([2, 0.5]), json!([5, 0.5]), json!([1, 0.5])]);
    assert_eq!(vectors(&third), [json!([5, 0.5]), json!([3, 0.5])]);
    let told = second.json();
    assert_eq!((&told["object"], &told["model"]), (&json!("list"), &json!("m-1")));
    assert_eq!(told["usage"], json!({"prompt_tokens": 12, "total_tokens": 12}));
    assert_eq!(status_of(&first), "llmc; fwd=uri-miss; stored; ttl=3600; detail=\"0 of 3 items were kept\"");
    assert_eq!(status_of(&second), "llmc; fwd=uri-miss; stored; ttl=3600; detail=\"2 of 4 items were kept\"");
    assert_eq!(status_of(&third), "llmc; hit; ttl=3600");
}

#[tokio::test]
async fn an_item_of_a_batch_and_the_same_alone_are_one_entry() {
    let world = World::new().replying(embeds()).await;
    let alone = |input: Value| json!({"model": "m", "input": input});

    ask(&world, &alone(json!("a"))).await;
    let batch = ask(&world, &json!({"model": "m", "input": ["a", "bb"], "user": "somebody"})).await;
    let single = ask(&world, &alone(json!("bb"))).await;
    let of_one = ask(&world, &texts(&["bb"])).await;
    ask(&world, &alone(json!([[7, 8], [9]]))).await;
    let tokens = ask(&world, &alone(json!([7, 8]))).await;

    assert_eq!(asked_for(&world), [json!("a"), json!(["bb"]), json!([[7, 8], [9]])]);
    assert_eq!(vectors(&batch), [json!([1, 0.5]), json!([2, 0.5])]);
    assert_eq!(single.json()["data"][0]["index"], 0);
    assert_eq!(vectors(&tokens), [json!([7, 8])]);
    for hit in [&single, &of_one, &tokens] {
        assert_eq!(status_of(hit), "llmc; hit; ttl=3600");
    }
    assert_eq!(single.body, of_one.body);
    assert_eq!(single.header("llmc-key").unwrap().len(), 64);
}

#[tokio::test]
async fn whatever_changes_a_vector_is_a_key_of_its_own() {
    let world = World::new().replying(embeds()).await;
    let with = |name: &str, value: Value| {
        let mut body = texts(&["a", "b"]);
        body[name] = value;
        body
    };

    let base64 = ask(&world, &with("encoding_format", json!("base64"))).await;
    for body in [texts(&["a", "b"]), with("dimensions", json!(2)), with("model", json!("other"))] {
        assert!(status_of(&ask(&world, &body).await).contains("fwd=uri-miss"));
    }
    let again = ask(&world, &with("encoding_format", json!("base64"))).await;

    assert_eq!(vectors(&base64), [json!("base64 of \"a\""), json!("base64 of \"b\"")]);
    assert_eq!((vectors(&again), world.upstream.count()), (vectors(&base64), 4));
    assert!(status_of(&again).starts_with("llmc; hit"));
}

#[tokio::test]
async fn a_batch_of_which_nothing_is_kept_goes_on_and_comes_back_as_spelled() {
    let world = World::new().answering("").await;
    let told = "{ \"object\":\"list\", \"data\":[ {\"index\":1,\"embedding\":[1.0]},\n {\"index\":0,\"embedding\":[2]}], \"usage\":{\"total_tokens\":3,\"cost\":0.1} }";
    world.upstream.answers(Reply::document(told));
    let body = r#"{ "input" : ["\u0061","b"], "model":"m","x_new":1.50 }"#;

    let answered = world.send("POST", "/v1/embeddings", &BODY, body).await;

    assert_eq!(world.upstream.last_call().bytes, body);
    assert_eq!(answered.body, told);
    assert_eq!(
        vectors(&ask(&world, &json!({"model": "m", "input": ["b", "a"], "x_new": 1.5})).await),
        [json!([1.0]), json!([2])]
    );
    assert_eq!(world.upstream.count(), 1);
}

#[tokio::test]
async fn items_are_counted_and_money_adds_up_to_the_nano_dollar() {
    let world = priced().replying(embeds()).await;

    ask(&world, &texts(&["a", "bb", "cccc", "a"])).await;
    ask(&world, &texts(&["bb", "cccc", "ddddddddddd"])).await;
    ask(&world, &texts(&["a", "bb", "cccc", "ddddddddddd"])).await;

    let totals = world.stats().await.totals;
    assert_eq!((totals.misses, totals.coalesced, totals.hits), (4, 1, 6));
    // 18 letters were paid for, at a millionth of a dollar each.
    assert_eq!(totals.spent_usd, 0.000018);
    assert_eq!(totals.baseline_usd, totals.spent_usd + totals.saved_usd);
    assert!(totals.saved_usd > 0.000018, "{}", totals.saved_usd);
}

#[tokio::test]
async fn a_call_is_admitted_once_however_many_items_it_asks_for() {
    let world = World::new().with("rate_limit.llm = 2").replying(embeds()).await;

    assert_eq!(ask(&world, &texts(&["a", "b", "c"])).await.status, 200);
    assert_eq!(ask(&world, &texts(&["c", "d", "e"])).await.status, 200);
    assert_eq!(ask(&world, &texts(&["a", "b", "c", "d", "e"])).await.status, 200);
    let refused = ask(&world, &texts(&["a", "f"])).await;

    assert_eq!((refused.status, refused.header("llmc-limited-by")), (429, Some("llmc")));
    assert_eq!(world.upstream.count(), 2);
}

#[tokio::test]
async fn equal_batches_in_the_air_are_one_call() {
    let world = priced().replying(embeds()).await;
    ask(&world, &texts(&["kept"])).await;
    world.upstream.hold();
    let batch = texts(&["a", "kept", "b"]).to_string();

    let askers: Vec<_> = (0..5).map(|_| tokio::spawn(world.send("POST", PATH, &BODY, batch.clone()))).collect();
    world.upstream.called(2).await;
    world.upstream.release();
    let mut statuses = Vec::new();
    for asker in askers {
        let answered = asker.await.unwrap();
        assert_eq!(vectors(&answered), [json!([1, 0.5]), json!([4, 0.5]), json!([1, 0.5])]);
        statuses.push(status_of(&answered).to_owned());
    }

    assert_eq!(world.upstream.count(), 2);
    let totals = world.stats().await.totals;
    assert_eq!((totals.misses, totals.hits + totals.coalesced), (3, 13));
    assert_eq!(totals.baseline_usd, totals.spent_usd + totals.saved_usd);
    assert_eq!(statuses.iter().filter(|status| status.contains("stored")).count(), 1, "{statuses:?}");
}

#[tokio::test]
async fn a_batch_goes_on_by_what_cache_control_says() {
    let world = World::new().replying(embeds()).await;
    let say = async |words, batch: &[&str]| {
        world.send("POST", PATH, &[BODY[0], ("cache-control", words)], texts(batch).to_string()).await
    };

    assert_eq!(say("only-if-cached", &["a", "b"]).await.status, 504);
    assert_eq!(status_of(&say("no-store", &["a", "b"]).await), "llmc; fwd=bypass");
    assert_eq!(say("only-if-cached", &["a", "b"]).await.status, 504);
    ask(&world, &texts(&["a"])).await;
    assert_eq!(say("only-if-cached", &["a", "b"]).await.status, 504);
    ask(&world, &texts(&["a", "b"])).await;
    assert_eq!(status_of(&say("only-if-cached", &["b", "a"]).await), "llmc; hit; ttl=3600");
    assert_eq!(status_of(&say("no-cache", &["b", "a"]).await), "llmc; fwd=request; stored; ttl=3600");

    assert_eq!(asked_for(&world), [json!(["a", "b"]), json!(["a"]), json!(["b"]), json!(["b", "a"])]);
}

#[tokio::test]
async fn expired_items_stand_in_while_the_provider_is_down() {
    let world =
        World::new().with("retry.max_attempts = 1").with("cache.stale_if_error = \"1h\"").replying(embeds()).await;
    ask(&world, &texts(&["a", "b"])).await;
    world.clock.advance(Duration::from_secs(3700));
    world.upstream.answers(Reply::failing(503));

    let stale = ask(&world, &texts(&["b", "a"])).await;
    let refused = ask(&world, &texts(&["b", "new"])).await;

    assert_eq!((status_of(&stale), stale.header("age")), ("llmc; hit; detail=stale", Some("3700")));
    assert_eq!(refused.status, 503);
    let totals = world.stats().await.totals;
    assert_eq!((totals.stale, totals.errors, totals.misses), (2, 1, 2));
}

#[tokio::test]
async fn items_past_their_freshness_are_fetched_anew_in_one_call() {
    let world = World::new().with("cache.stale_while_revalidate = \"1h\"").replying(embeds()).await;
    ask(&world, &texts(&["a", "b"])).await;
    world.clock.advance(Duration::from_secs(3700));

    let stale = ask(&world, &texts(&["b", "a"])).await;
    world.settled().await;
    let fresh = ask(&world, &texts(&["a", "b"])).await;

    assert_eq!((status_of(&stale), status_of(&fresh)), ("llmc; hit; detail=stale", "llmc; hit; ttl=3600"));
    assert_eq!(world.upstream.count(), 2);
}

#[tokio::test]
async fn an_answer_that_is_not_one_vector_an_item_is_passed_on_and_not_kept() {
    let world = World::new().replying(embeds()).await;
    ask(&world, &texts(&["kept"])).await;
    let odd = r#"{"object":"list","data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[2]}]}"#;
    world.upstream.answers(Reply::document(odd));

    let first = ask(&world, &texts(&["a", "b"])).await;
    let with_kept = ask(&world, &texts(&["kept", "a", "b"])).await;

    assert_eq!((&first.body[..], &with_kept.body[..]), (odd.as_bytes(), odd.as_bytes()));
    assert!(!status_of(&first).contains("stored"));
    assert_eq!(status_of(&with_kept), "llmc; fwd=bypass");
    assert_eq!(world.upstream.last_call().body()["input"], json!(["kept", "a", "b"]));
    world.upstream.answers(embeds());
    assert!(status_of(&ask(&world, &texts(&["a"])).await).contains("fwd=uri-miss"));
}

#[tokio::test]
async fn what_is_no_batch_goes_to_the_vendor_untouched() {
    let world = World::new().with("retry.max_attempts = 1").replying(Reply::failing(400)).await;
    for body in [
        r#"{"model":"m","input":[ ]}"#,
        r#"{"model":"m","input":["a", 1]}"#,
        r#"{"model":"m","input":7}"#,
        r#"{"model":"m"}"#,
    ] {
        let refused = world.send("POST", PATH, &BODY, body).await;

        assert_eq!((refused.status, world.upstream.last_call().bytes.as_ref()), (400, body.as_bytes()));
    }
}

#[tokio::test]
async fn a_failed_call_keeps_nothing_and_counts_once() {
    let world = World::new().with("retry.max_attempts = 1").replying(Reply::failing(500)).await;

    let refused = ask(&world, &texts(&["a", "b", "c"])).await;

    assert!(refused.status >= 500);
    let totals = world.stats().await.totals;
    assert_eq!((totals.errors, totals.misses, totals.hits), (1, 0, 0));
}

#[tokio::test]
async fn thousands_of_items_are_kept_in_one_go_and_served_from_the_disk() {
    let world = World::new().on_disk().replying(embeds()).await;
    let all: Vec<String> = (0..2048).map(|number| format!("text {number}")).collect();
    let batch = json!({"model": "m", "input": all});

    ask(&world, &batch).await;
    let world = world.reopened().await;
    let hit = ask(&world, &batch).await;

    assert_eq!((status_of(&hit), world.upstream.count()), ("llmc; hit; ttl=3600", 1));
    assert_eq!(vectors(&hit).len(), 2048);
    assert_eq!(world.stats().await.totals.misses, 2048);
}

#[tokio::test]
async fn a_cassette_holds_a_batch_item_by_item() {
    let world = World::new().replying(embeds()).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("llm.jsonl");
    let imposed = |mode| Imposed { mode, cassette: Some(path.clone()), ..Imposed::default() };
    let recording = world.door(imposed(None), Bounds::of(8)).await;
    let replaying = world.door(imposed(Some(Mode::Replay)), Bounds::of(8)).await;
    let ask = async |door: &crate::support::world::Door, batch: &[&str]| {
        let bearer = format!("Bearer {}", door.token);
        door.send("POST", PATH, &[("authorization", &bearer), BODY[0]], texts(batch).to_string()).await
    };

    assert_eq!(ask(&recording, &["a", "b"]).await.0, 200);
    assert_eq!(ask(&recording, &["b", "c"]).await.0, 200);
    let (status, told) = ask(&replaying, &["c", "a"]).await;
    let (missed, why) = ask(&replaying, &["c", "d"]).await;

    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 3);
    assert_eq!((status, told.contains("llmc; hit")), (200, true), "{told}");
    assert_eq!((missed, why.contains("nothing is recorded")), (504, true), "{why}");
    assert_eq!(world.upstream.count(), 2);
}
