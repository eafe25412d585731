//! Answers that must fit a schema: how vendors are told of it, and what becomes of one that does not fit.

use serde_json::{Value, json};

use crate::support::{Reply, World, feed, says};

const GOOD: &str = r#"{"name": "Rhine"}"#;
const BAD: &str = r#"{"name": 7}"#;

fn river() -> Value {
    json!({"type": "object", "properties": {"name": {"type": "string", "minLength": 1}}, "required": ["name"]})
}

fn asking(schema: &Value) -> Value {
    json!({"prompt": "a river", "schema": schema})
}

fn asking_often(retries: u32) -> Value {
    json!({"prompt": "a river", "schema": river(), "schemaRetries": retries})
}

#[tokio::test]
async fn each_vendor_is_told_the_schema_in_its_own_way() {
    let world = World::new().answering(GOOD).await;
    let closed = json!({"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"],
        "additionalProperties": false});

    let mut sent = Vec::new();
    for model in ["local/m", "local/o3-pro", "claude/c", "google/g"] {
        let mut body = asking(&closed);
        body["model"] = json!(model);
        assert_eq!(world.ask(body).await.reply().text, GOOD, "{model}");
        sent.push(world.upstream.last_call().body());
    }

    let told = json!({"name": "answer", "schema": closed, "strict": true});
    assert_eq!(sent[0]["response_format"], json!({"type": "json_schema", "json_schema": told}));
    let told = json!({"type": "json_schema", "name": "answer", "schema": closed, "strict": true});
    assert_eq!(sent[1]["text"]["format"], told);
    assert_eq!(sent[2]["output_config"]["format"], json!({"type": "json_schema", "schema": closed}));
    let told = json!({"responseMimeType": "application/json", "responseJsonSchema": closed});
    assert_eq!(sent[3]["generationConfig"], told);
}

#[tokio::test]
async fn a_schema_that_cannot_be_promised_is_not_asked_for_strictly() {
    let world = World::new().answering(GOOD).await;

    world.ask(asking(&river())).await.reply();

    let told = &world.upstream.last_call().body()["response_format"]["json_schema"];
    assert_eq!((&told["strict"], &told["schema"]), (&json!(false), &river()));
}

#[tokio::test]
async fn an_answer_off_its_schema_is_told_and_not_kept() {
    let world = World::new().answering(GOOD).await;
    world.upstream.answers_next([says(BAD).into()]);

    let off = world.ask(asking(&river())).await;

    assert_eq!(off.failure(), (422, "schema_mismatch".to_owned()));
    let error = off.problem().error;
    assert_eq!(error.message, "the answer does not fit the schema");
    assert_eq!(error.cause.as_deref(), Some("at `/name`: 7 is not of type \"string\""));
    assert_eq!(world.upstream.count(), 1);
    assert_eq!(world.ask(asking(&river())).await.cache_status(), "miss");
    assert_eq!(world.ask(asking(&river())).await.cache_status(), "hit");
    let totals = world.stats().await.totals;
    assert_eq!((totals.misses, totals.hits, totals.errors), (2, 1, 1));
}

#[tokio::test]
async fn an_answer_off_its_schema_is_asked_for_again_as_often_as_said_and_each_is_paid_for() {
    let world = World::new().with("prices.\"local/m\" = { input = 1.0, output = 1.0 }").answering(GOOD).await;
    world.upstream.answers_next([says(BAD).into(), says("no JSON").into()]);

    let reply = world.ask(asking_often(2)).await.reply();

    assert_eq!((reply.text.as_str(), world.upstream.count()), (GOOD, 3));
    let totals = world.stats().await.totals;
    assert_eq!((totals.misses, totals.errors), (3, 0));
    assert_eq!(totals.spent_usd, 3.0 * 20.0 / 1e6);
}

#[tokio::test]
async fn the_last_misfit_is_told_when_retries_run_out() {
    let world = World::new().answering(BAD).await;

    assert_eq!(world.ask(asking_often(1)).await.failure().0, 422);

    assert_eq!(world.upstream.count(), 2);
    assert_eq!(world.ask(asking_often(11)).await.failure(), (400, "invalid_request".to_owned()));
    let alone = world.ask(json!({"prompt": "x", "schemaRetries": 1})).await;
    assert_eq!(alone.failure(), (400, "invalid_request".to_owned()));
}

#[tokio::test]
async fn what_a_program_kept_without_looking_is_not_served_to_who_looks() {
    let world = World::new().answering(BAD).await;
    world.ask(asking(&river())).await.problem();
    let same = world.upstream.last_call().bytes;

    let kept = world.send("POST", "/providers/local/v1/chat/completions", &[], same).await;

    assert_eq!(kept.status, 200);
    assert_eq!(world.ask(asking(&river())).await.failure().0, 422);
    assert_eq!(world.upstream.count(), 3);
    let mut offline = asking(&river());
    offline["cache"] = json!({"mode": "replay"});
    assert_eq!(world.ask(offline).await.failure(), (504, "replay_miss".to_owned()));
    world.upstream.answers(says(GOOD));
    assert_eq!(world.ask(asking(&river())).await.cache_status(), "miss");
}

#[tokio::test]
async fn two_schemas_that_one_vendor_cannot_tell_apart_are_held_apart() {
    let world = World::new().answering(r#"{"name": "Po"}"#).await;
    let mut longer = river();
    longer["properties"]["name"]["minLength"] = json!(3);
    let ask = |schema: &Value| {
        let mut body = asking(schema);
        body["model"] = json!("claude/c");
        world.ask(body)
    };

    assert_eq!(ask(&river()).await.status, 200);

    assert_eq!(ask(&longer).await.failure().0, 422);
    assert_eq!(ask(&river()).await.cache_status(), "hit");
}

#[tokio::test]
async fn a_stream_comes_as_it_comes_and_is_held_against_the_schema_at_its_end() {
    let world = World::new().answering(GOOD).await;
    let (pieces, reply) = feed();
    world.upstream.answers_next([reply]);

    pieces.say("{\"name\": ");
    let mut events = world.listen(asking_often(3)).await;
    assert_eq!(events.next_text().await, "{\"name\": ");
    pieces.say("7}");
    pieces.finish();
    let told = events.told().await;

    assert_eq!((told.text.as_str(), told.problem().error.kind.as_str()), ("7}", "schema_mismatch"));
    assert_eq!(world.upstream.count(), 1, "what has reached the asker is not asked for again");
    let told = world.listen(asking(&river())).await.told().await;
    assert_eq!((told.text.as_str(), told.cache_status()), (GOOD, "miss"));
    assert_eq!(world.listen(asking(&river())).await.told().await.cache_status(), "hit");
}

#[tokio::test]
async fn a_turn_whose_answer_is_off_its_schema_is_none() {
    let world = World::new().answering(BAD).await;
    world.post_session(json!({"id": "a"})).await;
    let mut turn = asking(&river());
    turn["session"] = json!("a");

    assert_eq!(world.ask(turn.clone()).await.failure().0, 422);

    assert_eq!(world.session("a").await["messages"], json!([]));
    world.upstream.answers(says(GOOD));
    assert_eq!(world.ask(turn).await.status, 200);
    assert_eq!(world.session("a").await["messages"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_broken_schema_costs_nothing() {
    let world = World::new().answering(GOOD).await;
    let outside = json!({"$ref": "http://127.0.0.1:9/x"});

    for schema in [json!({"type": "strng"}), json!([]), json!("x"), outside] {
        let refused = world.ask(asking(&schema)).await;
        assert_eq!(refused.failure(), (400, "invalid_request".to_owned()), "{schema}");
    }

    let twice = r#"{"prompt": "x", "schema": {"type": "object", "type": "array"}}"#;
    assert_eq!(world.send("POST", "/llm/generate", &[], twice).await.status, 400);
    let mut body = asking(&river());
    body["options"] = json!({"response_format": {"type": "text"}});
    assert_eq!(world.ask(body).await.failure().0, 400);
    assert_eq!(world.upstream.count(), 0);
}

#[tokio::test]
async fn echo_is_held_to_schemas_like_everybody() {
    let world = World::new().replying(Reply::failing(500)).await;
    let ask = |prompt: &str| world.ask(json!({"model": "echo/echo", "prompt": prompt, "schema": river()}));

    assert_eq!(ask(GOOD).await.reply().code, GOOD);
    assert_eq!(ask(BAD).await.failure().0, 422);
}
