//! Programs that speak a vendor's API get the vendor's own bytes, from the cache where they can, and pass through where
//! they cannot.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::world::Answered;
use crate::support::{Reply, World, feed, says};

const CHAT: &str = "/providers/local/v1/chat/completions";
const MESSAGES: &str = "/providers/claude/v1/messages";

fn chat(text: &str) -> Value {
    json!({"model": "m", "messages": [{"role": "user", "content": text}]})
}

fn messages(text: &str) -> Value {
    json!({"model": "c", "max_tokens": 64, "messages": [{"role": "user", "content": text}]})
}

fn streamed(mut body: Value) -> Value {
    body["stream"] = json!(true);
    body
}

fn with_usage(body: Value) -> Value {
    let mut body = streamed(body);
    body["stream_options"] = json!({"include_usage": true});
    body
}

async fn ask(world: &World, path: &str, body: &Value) -> Answered {
    world.send("POST", path, &[("content-type", "application/json")], body.to_string()).await
}

async fn ask_saying(world: &World, path: &str, headers: &[(&str, &str)], body: &Value) -> Answered {
    world.send("POST", path, headers, body.to_string()).await
}

fn status_of(answered: &Answered) -> &str {
    assert_eq!(answered.status, 200, "{}", String::from_utf8_lossy(&answered.body));
    answered.header("cache-status").unwrap()
}

#[tokio::test]
async fn a_hit_is_byte_for_byte_what_the_provider_said() {
    let world = World::new().answering("hello").await;

    let miss = ask(&world, CHAT, &chat("hi")).await;
    let hit = ask(&world, CHAT, &chat("hi")).await;

    assert_eq!(world.upstream.count(), 1);
    assert_eq!(miss.body, says("hello").chat_completion());
    assert_eq!(hit.body, miss.body);
    assert_eq!(status_of(&miss), "llmc; fwd=uri-miss; stored; ttl=3600");
    assert_eq!(status_of(&hit), "llmc; hit; ttl=3600");
    assert_eq!((hit.header("age"), hit.header("content-type")), (Some("0"), Some("application/json")));
    assert_eq!(hit.header("llmc-key").unwrap().len(), 64);
    assert!(hit.header("x-ratelimit-limit").is_some());
}

#[tokio::test]
async fn every_way_in_leads_to_one_entry() {
    let world = World::new().answering("hello").await;
    ask(&world, CHAT, &chat("hi")).await;

    for path in ["/v1/chat/completions", "/providers/local/chat/completions", CHAT] {
        assert_eq!(status_of(&ask(&world, path, &chat("hi")).await), "llmc; hit; ttl=3600", "{path}");
    }

    assert_eq!(world.generate("hi").await.metadata.cache_status.name(), "hit");
    assert_eq!(world.upstream.count(), 1);
}

#[tokio::test]
async fn the_body_goes_on_as_it_was_spelled() {
    let world = World::new().answering("hello").await;
    let body = r#"{ "model":"m","seed":123456789012345678901234567890, "messages":[{"role":"user","content":"h\u0069"}], "x_new":1.50 }"#;

    world.send("POST", CHAT, &[], body).await;

    assert_eq!(world.upstream.last_call().bytes, body);
    assert_eq!(world.upstream.last_call().path, "/v1/chat/completions");
}

#[tokio::test]
async fn a_plain_answer_is_told_as_a_stream_and_a_stream_as_a_plain_answer() {
    for (path, body) in [(CHAT, chat("hi")), (MESSAGES, messages("hi"))] {
        for first_streamed in [false, true] {
            let world = World::new().answering("so it is told").await;
            let (first, second) = match first_streamed {
                true => (with_usage(body.clone()), body.clone()),
                false => (body.clone(), with_usage(body.clone())),
            };

            assert!(status_of(&ask(&world, path, &first).await).contains("fwd=uri-miss"));
            let other = ask(&world, path, &second).await;

            assert_eq!(world.upstream.count(), 1, "{path} {first_streamed}");
            assert!(status_of(&other).starts_with("llmc; hit"));
            let text = String::from_utf8(other.body.to_vec()).unwrap();
            if first_streamed {
                assert_eq!(other.header("content-type"), Some("application/json"));
                assert!(text.contains("so it is told"), "{text}");
            } else {
                assert_eq!(other.header("content-type"), Some("text/event-stream"));
                assert!(text.contains("data: ") && text.contains("told"), "{text}");
            }
        }
    }
}

#[tokio::test]
async fn a_recorded_stream_is_told_byte_for_byte() {
    let world = World::new().answering("so it is told").await;

    let miss = ask(&world, MESSAGES, &streamed(messages("hi"))).await;
    let hit = ask(&world, MESSAGES, &streamed(messages("hi"))).await;

    assert_eq!((status_of(&hit), world.upstream.count()), ("llmc; hit; ttl=3600", 1));
    assert_eq!(hit.body, miss.body);
}

#[tokio::test]
async fn usage_is_told_only_to_who_asked_for_it() {
    let world = World::new().answering("so it is told").await;
    let tells_usage = |answered: &Answered| String::from_utf8_lossy(&answered.body).contains("prompt_tokens");

    let unasked = ask(&world, CHAT, &streamed(chat("hi"))).await;
    let unasked_hit = ask(&world, CHAT, &streamed(chat("hi"))).await;
    let asked_hit = ask(&world, CHAT, &with_usage(chat("hi"))).await;

    assert_eq!(world.upstream.last_call().body()["stream_options"]["include_usage"], true);
    assert_eq!(world.upstream.count(), 1);
    assert!(!tells_usage(&unasked) && !tells_usage(&unasked_hit) && tells_usage(&asked_hit));
    assert_eq!(unasked.body, unasked_hit.body);
    assert!(unasked.body.ends_with(b"data: [DONE]\n\n"));
    let replayed = World::new().answering("plain").await;
    ask(&replayed, CHAT, &chat("hi")).await;
    assert!(!tells_usage(&ask(&replayed, CHAT, &streamed(chat("hi"))).await));
}

#[tokio::test]
async fn bytes_of_a_miss_are_passed_on_as_they_come() {
    let (feed, reply) = feed();
    let world = World::new().replying(reply).await;

    feed.say("one ");
    let mut stream = world.open("POST", CHAT, &[], streamed(chat("hi")).to_string()).await;
    let first = stream.piece().await.unwrap();
    feed.say("two");
    let second = stream.piece().await.unwrap();
    feed.finish();
    let mut rest = Vec::new();
    while let Some(piece) = stream.piece().await {
        rest.extend(piece);
    }

    assert!(String::from_utf8_lossy(&first).contains("one "));
    assert!(String::from_utf8_lossy(&second).contains("two"));
    assert!(rest.ends_with(b"data: [DONE]\n\n"));
}

#[tokio::test]
async fn a_stream_that_breaks_breaks_for_its_asker_too() {
    let (feed, reply) = feed();
    let world = World::new().replying(reply).await;
    feed.say("half");
    let mut stream = world.open("POST", CHAT, &[], streamed(chat("hi")).to_string()).await;
    stream.piece().await.unwrap();
    feed.cut();

    assert!(stream.breaks().await);
}

#[tokio::test]
async fn a_providers_refusal_comes_in_its_own_words() {
    let world = World::new().with("retry.max_attempts = 1").answering("hello").await;
    for (status, body) in [
        (400, r#"{"error": {"message":"no such thing", "type":"invalid_request_error","param":"x","code":null}}"#),
        (429, r#"{"error":{"message":"slow down","type":"tokens","code":"rate_limit_exceeded"}}"#),
        (503, "<html>busy</html>"),
    ] {
        let reply = Reply::verbatim(status, "application/json; charset=utf-8", body).with_header("retry-after", "7");
        world.upstream.answers_next([reply.with_header("x-request-id", "r1")]);

        let refused = ask(&world, CHAT, &chat("hi")).await;

        assert_eq!((refused.status, &refused.body[..]), (status, body.as_bytes()));
        assert_eq!(refused.header("content-type"), Some("application/json; charset=utf-8"));
        assert_eq!((refused.header("retry-after"), refused.header("x-request-id")), (Some("7"), Some("r1")));
        assert_eq!(refused.header("llmc-limited-by"), (status == 429).then_some("provider"));
    }
    assert_eq!(world.upstream.count(), 3);
}

#[tokio::test]
async fn a_key_that_a_provider_quotes_is_not_told() {
    let world = World::new().answering("hello").await;
    world.upstream.answers(Reply::verbatim(401, "application/json", r#"{"error":{"message":"bad sk-very-secret"}}"#));

    let refused = ask_saying(&world, CHAT, &[("authorization", "Bearer sk-very-secret")], &chat("hi")).await;

    assert_eq!(refused.status, 401);
    assert!(!String::from_utf8_lossy(&refused.body).contains("sk-very-secret"));
}

#[tokio::test]
async fn a_refusal_of_our_own_has_the_shape_of_the_api() {
    let world = World::new().with("rate_limit.llm = 1").answering("hello").await;
    ask(&world, CHAT, &chat("first")).await;

    let by_openai = ask(&world, CHAT, &chat("second")).await;
    let by_anthropic = ask(&world, MESSAGES, &messages("second")).await;

    let wait = by_openai.header("retry-after").unwrap().parse::<u64>().unwrap();
    assert_eq!((by_openai.status, by_openai.header("llmc-limited-by")), (429, Some("llmc")));
    assert!(wait > 0 && wait <= 60, "{wait}");
    let body: Value = serde_json::from_slice(&by_openai.body).unwrap();
    assert_eq!(body["error"]["type"], "rate_limit_error");
    assert!(body["error"]["message"].as_str().unwrap().contains("Too many LLM requests"));
    let body: Value = serde_json::from_slice(&by_anthropic.body).unwrap();
    assert_eq!(
        (by_anthropic.status, &body["type"], &body["error"]["type"]),
        (429, &json!("error"), &json!("rate_limit_error"))
    );
}

#[tokio::test]
async fn a_missing_key_is_told_as_a_client_expects_it() {
    let world = World::new().answering("hello").await;

    let refused = ask(&world, "/openai/v1/chat/completions", &chat("hi")).await;

    let body: Value = serde_json::from_slice(&refused.body).unwrap();
    assert_eq!((refused.status, &body["error"]["type"]), (401, &json!("authentication_error")));
    assert!(body["error"]["message"].as_str().unwrap().contains("OPENAI_API_KEY"));
}

#[tokio::test]
async fn what_is_no_request_is_refused_in_the_shape_of_the_api() {
    let world = World::new().answering("hello").await;
    for body in ["", "[]", "{\"model\":1,\"model\":2}", "{"] {
        let refused = world.send("POST", MESSAGES, &[], body).await;

        let told: Value = serde_json::from_slice(&refused.body).unwrap();
        assert_eq!((refused.status, &told["error"]["type"]), (400, &json!("invalid_request_error")), "{body}");
    }
    assert_eq!(world.upstream.count(), 0);
}

#[tokio::test]
async fn the_askers_own_key_is_used_and_a_stand_in_is_not() {
    let world = World::new().answering("hello").await;
    let key_seen = |world: &World| world.upstream.last_call().header("authorization").map(str::to_owned);

    ask_saying(&world, CHAT, &[("authorization", "Bearer sk-mine")], &chat("1")).await;
    assert_eq!(key_seen(&world).as_deref(), Some("Bearer sk-mine"));
    ask_saying(&world, CHAT, &[("authorization", "Bearer llmc")], &chat("2")).await;
    assert_eq!(key_seen(&world), None);
    ask_saying(&world, CHAT, &[("authorization", "Bearer llmc-0123456789")], &chat("3")).await;
    assert_eq!(key_seen(&world), None);
    let both = [("authorization", "Bearer sk-mine"), ("llmc-provider-key", "local sk-named")];
    ask_saying(&world, CHAT, &both, &chat("4")).await;
    assert_eq!(key_seen(&world).as_deref(), Some("Bearer sk-named"));
    ask_saying(&world, MESSAGES, &[("x-api-key", "sk-ant")], &messages("5")).await;
    assert_eq!(world.upstream.last_call().header("x-api-key"), Some("sk-ant"));
}

#[tokio::test]
async fn headers_that_change_the_answer_go_on_and_are_in_the_key() {
    let world = World::new().answering("hello").await;
    ask(&world, MESSAGES, &messages("hi")).await;

    let usual = ask_saying(&world, MESSAGES, &[("anthropic-version", "2023-06-01")], &messages("hi")).await;
    let beta = [("anthropic-beta", "b-1, a-1"), ("anthropic-version", "2023-06-01")];
    let first = ask_saying(&world, MESSAGES, &beta, &messages("hi")).await;
    let sent = world.upstream.last_call();
    let again = ask_saying(&world, MESSAGES, &[("anthropic-beta", "a-1,b-1")], &messages("hi")).await;
    let other = ask_saying(&world, MESSAGES, &[("anthropic-version", "2099-01-01")], &messages("hi")).await;

    assert!(status_of(&usual).starts_with("llmc; hit"));
    assert!(status_of(&first).contains("fwd=uri-miss"));
    assert_eq!(sent.header("anthropic-beta"), Some("b-1, a-1"));
    assert!(status_of(&again).starts_with("llmc; hit"));
    assert!(status_of(&other).contains("fwd=uri-miss"));
    assert_eq!(world.upstream.last_call().header("anthropic-version"), Some("2099-01-01"));
    assert_eq!(world.upstream.count(), 3);
}

#[tokio::test]
async fn who_pays_goes_on_and_is_not_in_the_key() {
    let world = World::new().answering("hello").await;

    ask_saying(&world, CHAT, &[("openai-organization", "org-1"), ("x-secret-of-ours", "1")], &chat("hi")).await;
    let other = ask_saying(&world, CHAT, &[("openai-organization", "org-2")], &chat("hi")).await;

    let sent = world.upstream.last_call();
    assert_eq!((sent.header("openai-organization"), sent.header("x-secret-of-ours")), (Some("org-1"), None));
    assert!(status_of(&other).starts_with("llmc; hit"));
}

#[tokio::test]
async fn a_query_goes_on_and_is_in_the_key() {
    let world = World::new().answering("hello").await;
    let beta = format!("{MESSAGES}?beta=true");

    ask(&world, MESSAGES, &messages("hi")).await;
    let first = ask(&world, &beta, &messages("hi")).await;
    let again = ask(&world, &beta, &messages("hi")).await;

    assert!(status_of(&first).contains("fwd=uri-miss") && status_of(&again).starts_with("llmc; hit"));
    assert_eq!(world.upstream.last_call().query.as_deref(), Some("beta=true"));
}

#[tokio::test]
async fn what_leans_on_state_at_the_provider_is_not_kept() {
    let world = World::new().answering("hello").await;
    let mut body = chat("hi");
    body["store"] = json!(true);

    for _ in 0..2 {
        assert_eq!(status_of(&ask(&world, CHAT, &body).await), "llmc; fwd=bypass");
    }

    assert_eq!(world.upstream.count(), 2);
}

#[tokio::test]
async fn everything_else_passes_through_untouched() {
    let world = World::new().answering("hello").await;
    let reply = Reply::verbatim(206, "audio/mpeg", vec![0, 159, 146, 150]).with_header("x-request-id", "r1");
    world.upstream.answers(reply);
    let upload: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
    let headers = [
        ("content-type", "multipart/form-data; boundary=x"),
        ("authorization", "Bearer sk-mine"),
        ("x-custom", "kept"),
        ("connection", "x-hop"),
        ("x-hop", "1"),
    ];

    let passed = world.send("PUT", "/providers/local/v1/files/a%20b?purpose=x&y=1", &headers, upload.clone()).await;

    let call = world.upstream.last_call();
    assert_eq!((call.path.as_str(), call.query.as_deref()), ("/v1/files/a%20b", Some("purpose=x&y=1")));
    assert_eq!(call.method, "PUT");
    assert!(call.bytes == upload, "{} bytes of {}", call.bytes.len(), upload.len());
    assert_eq!(call.header("content-type"), Some("multipart/form-data; boundary=x"));
    assert_eq!((call.header("authorization"), call.header("x-custom")), (Some("Bearer sk-mine"), Some("kept")));
    assert_eq!((call.header("x-hop"), call.header("llmc-provider-key")), (None, None));
    assert_eq!((passed.status, &passed.body[..]), (206, &[0, 159, 146, 150][..]));
    assert_eq!((passed.header("content-type"), passed.header("x-request-id")), (Some("audio/mpeg"), Some("r1")));
    assert_eq!(passed.header("cache-status"), Some("llmc; fwd=bypass"));
}

#[tokio::test]
async fn a_failure_of_what_passes_through_is_passed_too() {
    let world = World::new().answering("hello").await;
    world.upstream.answers(Reply::failing(404));

    let passed = world.get("/providers/claude/v1/models").await;

    assert_eq!(passed.status, 404);
    assert!(String::from_utf8_lossy(&passed.body).contains("no luck with 404"));
    assert_eq!(world.upstream.last_call().header("anthropic-version"), Some("2023-06-01"));
}

#[tokio::test]
async fn another_protocol_is_refused_clearly() {
    let world = World::new().answering("hello").await;
    let headers = [("upgrade", "websocket"), ("connection", "upgrade")];

    let refused = world.send("GET", "/providers/local/v1/realtime?model=m", &headers, "").await;

    assert_eq!(refused.status, 501);
    assert!(String::from_utf8_lossy(&refused.body).contains("WebSocket"));
    assert_eq!(world.upstream.count(), 0);
}

#[tokio::test]
async fn nobody_of_that_name_is_told_in_our_own_words() {
    let world = World::new().answering("hello").await;

    let (status, kind) = ask(&world, "/providers/lokal/v1/chat/completions", &chat("hi")).await.failure();

    assert_eq!((status, kind.as_str()), (404, "not_found"));
}

#[tokio::test]
async fn cache_control_means_what_it_says() {
    let world = World::new().answering("hello").await;
    let said = |words: &'static str| [("cache-control", words)];

    let nothing_kept = ask_saying(&world, CHAT, &said("only-if-cached"), &chat("hi")).await;
    assert_eq!((nothing_kept.status, nothing_kept.header("x-should-retry")), (504, Some("false")));
    assert_eq!(nothing_kept.header("cache-status"), Some("llmc; detail=nothing-kept"));
    assert_eq!(world.upstream.count(), 0);

    ask_saying(&world, CHAT, &said("no-store"), &chat("hi")).await;
    assert_eq!(ask_saying(&world, CHAT, &said("only-if-cached"), &chat("hi")).await.status, 504);

    ask(&world, CHAT, &chat("hi")).await;
    assert_eq!(world.upstream.count(), 2);
    assert_eq!(ask_saying(&world, CHAT, &said("only-if-cached"), &chat("hi")).await.status, 200);
    assert_eq!(
        status_of(&ask_saying(&world, CHAT, &said("no-cache"), &chat("hi")).await),
        "llmc; fwd=request; stored; ttl=3600"
    );
    assert_eq!(world.upstream.count(), 3);

    world.clock.advance(Duration::from_secs(100));
    assert!(status_of(&ask_saying(&world, CHAT, &said("max-age=100"), &chat("hi")).await).starts_with("llmc; hit"));
    assert!(status_of(&ask_saying(&world, CHAT, &said("max-age=99"), &chat("hi")).await).contains("fwd="));
    assert!(status_of(&ask_saying(&world, CHAT, &said("min-fresh=3600"), &chat("hi")).await).contains("fwd="));

    world.clock.advance(Duration::from_secs(3610));
    assert_eq!(
        status_of(&ask_saying(&world, CHAT, &said("max-stale=10"), &chat("hi")).await),
        "llmc; hit; detail=stale"
    );
    assert_eq!(world.upstream.count(), 5);
    assert_eq!(ask_saying(&world, CHAT, &said("max-age=soon"), &chat("hi")).await.status, 400);
}

#[tokio::test]
async fn stale_if_error_is_the_askers_to_set() {
    let world =
        World::new().with("retry.max_attempts = 1").with("cache.stale_if_error = \"1h\"").answering("hello").await;
    ask(&world, CHAT, &chat("hi")).await;
    world.clock.advance(Duration::from_secs(3700));
    world.upstream.answers(Reply::failing(503));

    let without = ask_saying(&world, CHAT, &[("cache-control", "stale-if-error=0")], &chat("hi")).await;
    let with = ask_saying(&world, CHAT, &[("cache-control", "stale-if-error=600")], &chat("hi")).await;

    assert_eq!((without.status, with.status), (503, 200));
    assert_eq!(status_of(&with), "llmc; hit; detail=stale");
}

#[tokio::test]
async fn a_miss_says_what_it_was_nearest_to() {
    let world = World::new().answering("hello").await;
    let mut body = chat("hi");
    let first = ask(&world, CHAT, &body).await;
    body["temperature"] = json!(0.7);

    let missed = ask(&world, CHAT, &body).await;
    let other = ask(&world, CHAT, &json!({"model": "else", "messages": [], "n": 1, "seed": 7})).await;

    let near = &first.header("llmc-key").unwrap()[..12];
    let wanted = format!("llmc; fwd=uri-miss; stored; ttl=3600; detail=\"temperature differs from {near}\"");
    assert_eq!(status_of(&first), "llmc; fwd=uri-miss; stored; ttl=3600");
    assert_eq!(status_of(&missed), wanted);
    assert!(!status_of(&other).contains("detail"), "{}", status_of(&other));
}

#[tokio::test]
async fn a_miss_by_age_alone_is_told_as_stale() {
    let world = World::new().with("cache.stale_if_error = \"1h\"").answering("hello").await;
    ask(&world, CHAT, &chat("hi")).await;
    world.clock.advance(Duration::from_secs(3700));

    let missed = ask(&world, CHAT, &chat("hi")).await;

    assert_eq!((status_of(&missed), world.upstream.count()), ("llmc; fwd=stale; stored; ttl=3600", 2));
}

#[tokio::test]
async fn azures_paths_and_headers_are_asked_as_openais_own() {
    let world = World::new().answering("hello").await;
    let path = "/providers/local/openai/deployments/m/chat/completions?api-version=2024-10-21";
    let key = [("api-key", "sk-mine")];

    let first = ask_saying(&world, path, &key, &chat("hi")).await;
    let sent = world.upstream.last_call();
    let unnamed = json!({"messages": chat("hi")["messages"]});
    let again = ask_saying(&world, path, &key, &unnamed).await;
    let by_openai = ask(&world, CHAT, &chat("hi")).await;

    assert!(status_of(&first).contains("fwd=uri-miss"));
    assert_eq!((sent.path.as_str(), &sent.query), ("/v1/chat/completions", &None));
    assert_eq!(sent.header("authorization"), Some("Bearer sk-mine"));
    assert!(status_of(&again).starts_with("llmc; hit") && status_of(&by_openai).starts_with("llmc; hit"));
}

#[tokio::test]
async fn what_passes_through_is_counted_and_costs_nothing() {
    let world = World::new().answering("hello").await;

    world.get("/providers/local/v1/models").await;
    world.get("/providers/local/v1/files").await;

    let totals = world.stats().await.totals;
    assert_eq!((totals.passed, totals.bypassed, totals.misses, totals.errors), (2, 0, 0, 0));
    assert_eq!((totals.baseline_usd, totals.unpriced_calls), (0.0, 0));
}
