//! Whom a prompt goes to where a model fails: when the next is asked, what that costs, what is said of it, and when a
//! failing provider is left alone.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::upstream::Upstream;
use crate::support::world::Plan;
use crate::support::{Reply, World, feed, says};

/// A world whose `local/m` fails so, with a `spare/s` beside it that answers "spare".
async fn failing(plan: Plan, reply: impl Into<Reply>) -> (World, Arc<Upstream>) {
    let spare = Arc::new(Upstream::start().await);
    spare.answers(says("spare"));
    let world = beside(plan, &spare).replying(reply).await;
    (world, spare)
}

fn beside(plan: Plan, spare: &Upstream) -> Plan {
    let address = spare.address;
    plan.with(&format!(
        "providers.spare = {{ kind = \"openai\", base_url = \"http://{address}/v1\", models = [\"s\"] }}"
    ))
    .with("prices.\"local/m\" = { input = 1.0, output = 1.0 }")
    .with("prices.\"spare/s\" = { input = 3.0, output = 3.0 }")
}

fn asking() -> Value {
    json!({"prompt": "hi", "fallback": ["spare/s"]})
}

#[tokio::test]
async fn where_a_model_fails_the_next_answers_and_that_is_said() {
    let (world, spare) = failing(World::new(), Reply::failing(503)).await;

    let reply = world.ask(asking()).await.reply();

    let metadata = reply.metadata;
    assert_eq!((reply.text.as_str(), metadata.provider.as_str(), metadata.model.as_str()), ("spare", "spare", "s"));
    assert_eq!(metadata.fallback_from.as_deref(), Some("local/m"));
    let attempt = &metadata.attempts[0];
    assert_eq!((attempt.provider.as_str(), attempt.kind.as_str()), ("local", "provider_error"));
    let failure = "`local` answered 503 Service Unavailable: no luck with 503";
    assert_eq!(attempt.message, failure);
    assert_eq!(metadata.warnings, [format!("`local/m` failed: {failure}; `spare/s` answers in its place")]);
    assert_eq!((world.upstream.count(), spare.count()), (2, 1), "one who is not alone is asked twice at most");
}

#[tokio::test]
async fn an_answer_without_a_fallback_says_nothing_of_one() {
    let (world, spare) = failing(World::new(), says("first")).await;

    let answer = world.ask(asking()).await.json();

    assert_eq!(answer["text"], "first");
    assert_eq!((answer["metadata"].get("attempts"), answer["metadata"].get("fallbackFrom")), (None, None));
    assert_eq!(spare.count(), 0);
}

#[tokio::test]
async fn each_try_has_its_own_price_and_place_in_the_cache() {
    let (world, spare) = failing(World::new(), Reply::failing(500)).await;
    assert_eq!(world.ask(asking()).await.cache_status(), "miss");

    let again = world.ask(asking()).await.reply();

    assert_eq!((again.text.as_str(), again.metadata.cache_status.name(), spare.count()), ("spare", "hit", 1));
    assert_eq!(again.metadata.saved_cost, Some(60.0 / 1e6));
    world.upstream.answers(says("first"));
    assert_eq!(world.ask(asking()).await.reply().text, "first");
    world.upstream.answers(Reply::failing(500));
    let kept = world.ask(asking()).await.reply();
    assert_eq!((kept.text.as_str(), kept.metadata.cache_status.name()), ("first", "hit"));
    let stats = world.stats_of("?by=provider").await;
    let of = |name: &str| stats.groups.iter().find(|group| group.name == name).unwrap().totals.clone();
    assert_eq!((of("local").misses, of("local").hits, of("local").errors), (1, 1, 2));
    assert_eq!((of("spare").misses, of("spare").hits, of("spare").errors), (1, 1, 0));
    assert_eq!(stats.totals.spent_usd, 80.0 / 1e6);
    assert_eq!(stats.totals.saved_usd, 80.0 / 1e6);
}

#[tokio::test]
async fn what_the_next_would_not_mend_is_told_at_once() {
    for (status, kind) in [(400, "provider_error"), (401, "authentication_error"), (404, "provider_error")] {
        let (world, spare) = failing(World::new(), Reply::failing(status)).await;

        assert_eq!(world.ask(asking()).await.failure().1, kind);

        assert_eq!(spare.count(), 0, "{status}");
    }
}

#[tokio::test]
async fn every_way_to_be_away_leads_to_the_next() {
    for status in [402, 408, 429, 500, 529] {
        let (world, _spare) = failing(World::new(), Reply::failing(status)).await;
        assert_eq!(world.ask(asking()).await.reply().text, "spare", "{status}");
    }
    let (world, _spare) = failing(World::new(), Reply::document("<html>")).await;
    assert_eq!(world.ask(asking()).await.reply().text, "spare");

    world.upstream.goes_away().await;
    let mut other = asking();
    other["prompt"] = json!("other");
    assert_eq!(world.ask(other).await.reply().text, "spare");

    let slow = World::new().with_provider_timeout(Duration::from_secs(1));
    let (world, _spare) = failing(slow, says("late")).await;
    world.upstream.hold();
    assert_eq!(world.ask(asking()).await.reply().metadata.attempts[0].kind, "timeout");
    world.upstream.release();
}

#[tokio::test]
async fn a_provider_that_asks_for_a_long_wait_is_not_waited_for() {
    let (world, spare) = failing(World::new(), Reply::failing(429).with_header("retry-after", "30")).await;

    assert_eq!(world.ask(asking()).await.reply().text, "spare");

    assert_eq!((world.upstream.count(), spare.count()), (1, 1));
}

#[tokio::test]
async fn a_missing_key_leads_to_the_next_and_alone_is_named() {
    let plan =
        World::new().with("providers.paid = { kind = \"openai\", models = [\"p\"], api_key_env = \"PAID_KEY\" }");
    let (world, _spare) = failing(plan, says("first")).await;

    let alone = world.ask(json!({"prompt": "hi", "model": "paid/p"})).await;
    let reply = world.ask(json!({"prompt": "hi", "model": "paid/p", "fallback": ["spare/s"]})).await.reply();

    assert_eq!((alone.status, alone.problem().error.message.as_str()), (401, "no API key for `paid`"));
    assert_eq!(reply.text, "spare");
    assert!(reply.metadata.warnings[0].contains("no API key for `paid`"), "{:?}", reply.metadata.warnings);
}

#[tokio::test]
async fn a_stream_that_fails_before_its_first_byte_falls_over_and_after_it_breaks() {
    let (world, spare) = failing(World::new(), Reply::failing(500)).await;
    let told = world.listen(asking()).await.told().await;
    assert_eq!((told.text.as_str(), told.reply().metadata.fallback_from.as_deref()), ("spare", Some("local/m")));

    let (pieces, reply) = feed();
    world.upstream.answers_next([reply]);
    pieces.say("half an ");
    let mut other = asking();
    other["prompt"] = json!("other");
    let mut events = world.listen(other).await;
    assert_eq!(events.next_text().await, "half an ");
    pieces.cut();

    assert_eq!(events.told().await.problem().error.kind, "provider_error");
    assert_eq!(spare.count(), 1);
}

#[tokio::test]
async fn where_all_fail_the_last_is_told_with_those_before_it() {
    let (world, spare) = failing(World::new(), Reply::failing(500)).await;
    spare.answers(Reply::failing(400));

    let error = world.ask(asking()).await.problem().error;

    assert_eq!((error.message.as_str(), error.upstream_status), ("`spare` answered 400 Bad Request", Some(400)));
    let before = "no luck with 400; before that, `local/m` failed: `local` answered 500";
    assert!(error.cause.as_deref().unwrap().starts_with(before), "{error:?}");
}

#[tokio::test]
async fn a_chain_can_be_set_and_a_request_can_do_without() {
    let plan = World::new().with("routing.fallback = [\"local/m\", \"spare/s\"]");
    let (world, spare) = failing(plan, Reply::failing(500)).await;

    assert_eq!(world.generate("hi").await.text, "spare");
    assert_eq!(world.upstream.count(), 2, "the one that failed is not its own fallback");
    let alone = world.ask(json!({"prompt": "hi", "routingMode": "single-model"})).await;
    assert_eq!(alone.failure().0, 502);
    let vendor = json!({"model": "m", "messages": [{"role": "user", "content": "hi"}]});
    let path = "/providers/local/v1/chat/completions";
    assert_eq!(world.send("POST", path, &[], vendor.to_string()).await.status, 500);
    assert_eq!(spare.count(), 1);
}

#[tokio::test]
async fn a_route_that_leads_nowhere_is_refused_before_any_call() {
    let (world, _spare) = failing(World::new(), says("first")).await;

    for (body, words) in [
        (json!({"prompt": "x", "fallback": ["nobody"]}), "the fallback `nobody` cannot be asked"),
        (json!({"prompt": "x", "seed": 1, "fallback": ["claude/c"]}), "the fallback `claude/c` cannot be asked"),
        (json!({"prompt": "x", "routingMode": "fallback"}), "there is nothing to fall back on"),
        (json!({"prompt": "x", "routingMode": "single-model", "fallback": ["spare/s"]}), "`routingMode`"),
        (json!({"prompt": "x", "fallback": vec!["spare/s"; 9]}), "too many fallbacks"),
    ] {
        let refused = world.ask(body).await;
        assert_eq!(refused.status, 400);
        assert!(refused.problem().error.message.contains(words), "{:?}", refused.problem());
    }
    assert_eq!(world.upstream.count(), 0);
}

#[tokio::test]
async fn a_replay_gives_the_answer_that_the_recording_had() {
    let (world, _spare) = failing(World::new(), Reply::failing(500)).await;
    world.ask(asking()).await.reply();
    let calls = world.upstream.count();

    let mut replay = asking();
    replay["cache"] = json!({"mode": "replay"});
    let replayed = world.ask(replay).await;

    assert_eq!((replayed.reply().text.as_str(), replayed.cache_status()), ("spare", "replay"));
    assert_eq!(world.upstream.count(), calls);
}

#[tokio::test]
async fn an_answer_in_anothers_place_belongs_to_the_session() {
    let (world, _spare) = failing(World::new(), Reply::failing(500)).await;
    world.post_session(json!({"id": "a"})).await;
    let mut turn = asking();
    turn["session"] = json!("a");

    world.ask(turn).await.reply();

    assert_eq!(world.session("a").await["messages"][1]["content"], "spare");
}

// ---- providers that are left alone ---------------------------------------------------------------------------

async fn five_failures(plan: Plan) -> (World, Arc<Upstream>) {
    let (world, spare) = failing(plan.with("retry.max_attempts = 1"), Reply::failing(503)).await;
    for prompt in ["1", "2", "3", "4", "5"] {
        assert_eq!(world.ask(json!({"prompt": prompt})).await.failure().0, 502);
    }
    (world, spare)
}

#[tokio::test]
async fn a_provider_that_keeps_failing_is_left_alone_and_that_is_shown() {
    let (world, _spare) = five_failures(World::new()).await;

    let refused = world.ask(json!({"prompt": "hi"})).await;

    assert_eq!(world.upstream.count(), 5);
    let problem = refused.problem();
    assert_eq!(problem.error.message, "`local` is left alone after 5 failures in a row");
    assert_eq!(problem.retry_after, Some(30));
    assert!(problem.error.cause.unwrap().contains("answered 503"));
    let sentence = "`local` is left alone for 30 s, after 5 failures in a row: `local` answered 503";
    let shown = |value: &Value| value.as_str().is_some_and(|text| text.starts_with(sentence));
    let status = world.get("/status").await.json();
    assert!(status["degraded"].as_array().unwrap().iter().any(shown), "{status}");
    let providers = world.get("/llm/providers").await.json();
    let local = providers["providers"].as_array().unwrap().iter().find(|one| one["name"] == "local").unwrap();
    assert!(shown(&local["leftAlone"]), "{local}");
}

#[tokio::test]
async fn one_call_tries_it_after_the_pause_and_closes_the_matter() {
    let (world, _spare) = five_failures(World::new()).await;
    world.clock.advance(Duration::from_secs(30));
    world.upstream.answers(says("back"));
    world.upstream.hold();

    let trial = tokio::spawn(world.ask(json!({"prompt": "trial"})));
    world.upstream.called(6).await;
    assert_eq!(world.ask(json!({"prompt": "meanwhile"})).await.failure().0, 502);
    world.upstream.release();

    assert_eq!(trial.await.unwrap().reply().text, "back");
    assert_eq!(world.generate("after").await.text, "back");
    assert_eq!(world.get("/status").await.json()["degraded"], json!([]));
}

#[tokio::test]
async fn who_says_how_often_to_try_tries_it_all_the_same() {
    let (world, _spare) = five_failures(World::new()).await;
    world.upstream.answers(says("back"));

    assert_eq!(world.ask(json!({"prompt": "hi", "retries": 0})).await.reply().text, "back");

    assert_eq!(world.generate("after").await.text, "back");
}

#[tokio::test]
async fn a_provider_that_is_left_alone_costs_who_has_a_fallback_no_time() {
    let (world, spare) = five_failures(World::new()).await;

    let reply = world.ask(asking()).await.reply();

    assert_eq!((reply.text.as_str(), world.upstream.count(), spare.count()), ("spare", 5, 1));
    assert!(reply.metadata.attempts[0].message.contains("is left alone"));
    assert_eq!(world.ask(asking()).await.cache_status(), "hit");
}

// ---- whether providers work ----------------------------------------------------------------------------------

fn named<'a>(providers: &'a Value, name: &str) -> &'a Value {
    providers["providers"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap()
}

#[tokio::test]
async fn a_check_asks_each_for_its_models_and_counts_as_no_call() {
    let (world, spare) = failing(World::new(), Reply::document("{\"data\": []}")).await;
    spare.answers(Reply::failing(401));

    let checked = world.send("GET", "/llm/providers?check=true", &[("llmc-provider-key", "local sk-1")], "").await;
    let providers = checked.json();

    let local = &named(&providers, "local")["check"];
    assert_eq!((&local["ok"], &local["status"], &local["problem"]), (&json!(true), &json!(200), &Value::Null));
    assert!(local["latencyMs"].as_f64().unwrap() > 0.0);
    let refused = &named(&providers, "spare")["check"];
    assert_eq!((&refused["ok"], &refused["problem"]), (&json!(false), &json!("authentication_error")));
    for unasked in ["echo", "openai"] {
        assert_eq!(named(&providers, unasked).get("check"), None, "{unasked}");
    }
    let mut asked: Vec<String> =
        world.upstream.calls().iter().map(|call| format!("{} {}", call.method, call.path)).collect();
    asked.sort();
    assert_eq!(asked, ["GET /v1/models", "GET /v1/models", "GET /v1beta/models"]);
    let keys: Vec<_> =
        world.upstream.calls().iter().filter_map(|call| Some(call.header("authorization")?.to_owned())).collect();
    assert_eq!(keys, ["Bearer sk-1"]);
    assert!(!String::from_utf8_lossy(&checked.body).contains("sk-1"));
    let totals = world.stats().await.totals;
    assert_eq!((totals.misses, totals.errors), (0, 0));
    assert_eq!(named(&world.get("/llm/providers").await.json(), "local").get("check"), None);
}

#[tokio::test]
async fn a_provider_that_is_away_fails_its_check_and_one_without_a_list_does_not() {
    let (world, spare) = failing(World::new(), says("x")).await;
    world.upstream.goes_away().await;
    spare.answers(Reply::failing(404));

    let providers = world.get("/llm/providers?check=true").await.json();

    let local = &named(&providers, "local")["check"];
    assert_eq!(
        (&local["ok"], &local["status"], &local["problem"]),
        (&json!(false), &Value::Null, &json!("provider_error"))
    );
    assert!(local["detail"].as_str().unwrap().contains("cannot reach"), "{local}");
    let listless = &named(&providers, "spare")["check"];
    assert_eq!((&listless["ok"], &listless["status"]), (&json!(true), &json!(404)));
    assert_eq!(world.get("/llm/providers?chek=true").await.status, 400);
}
