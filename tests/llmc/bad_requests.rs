//! What cannot be meant is refused, by name, before anything is asked or spent.

use serde_json::{Value, json};

use crate::support::World;
use crate::support::world::Answered;

async fn post(world: &World, body: impl Into<Vec<u8>>) -> Answered {
    world.send("POST", "/llm/generate", &[], body.into()).await
}

/// Refused as the asker's mistake; what the refusal says.
async fn refusal(world: &World, body: impl Into<Vec<u8>>) -> String {
    let answer = post(world, body).await;
    assert_eq!(answer.failure(), (400, "invalid_request".to_owned()));
    let error = answer.problem().error;
    [Some(error.message), error.cause, error.hint].into_iter().flatten().collect::<Vec<_>>().join(" | ")
}

#[tokio::test]
async fn each_mistake_is_named() {
    let world = World::new().answering("never").await;
    let mistakes = [
        (json!({"prompt": "hi", "temprature": 1}), "unknown field `temprature`"),
        (json!({"prompt": "hi", "cache": {"mod": "off"}}), "unknown field `mod`"),
        (json!({"prompt": "hi", "cache": {"mode": "sometimes"}}), "unknown variant `sometimes`"),
        (json!({"messages": [{"role": "user", "content": "hi", "name": "me"}]}), "unknown field `name`"),
        (json!({"prompt": 7}), "invalid type: integer `7`, expected a string"),
        (json!({"prompt": "hi", "temperature": "NaN"}), "invalid type: string \"NaN\", expected f64"),
        (json!({"prompt": "hi", "temperature": -1}), "`temperature` is out of range"),
        (json!({"prompt": "hi", "maxTokens": -1}), "invalid value: integer `-1`"),
        (json!({"prompt": "hi", "stop": 7}), "`stop` is neither a text nor a list of texts"),
        (json!({"prompt": "hi", "options": {"model": "dearer"}}), "`model` is no option"),
        (json!({"prompt": "hi", "options": []}), "invalid type: sequence, expected a map"),
        (json!({"prompt": "hi", "timeout": "soon"}), "expected a duration such as \"1h 30m\""),
        (json!({"prompt": "hi", "cache": {"ttl": -1}}), "expected a duration such as \"1h 30m\""),
        (json!({"prompt": "hi", "maxCost": -0.5}), "`maxCost` is no amount"),
        (json!({"prompt": "hi", "cache": {"namespace": ""}}), "`namespace` is empty"),
        (json!({"prompt": "hi", "run": "a\nb"}), "`run` is no name"),
        (json!({"prompt": "hi", "messages": [{"role": "user", "content": "hi"}]}), "both `prompt` and `messages`"),
        (json!({}), "there is no prompt"),
        (json!({"prompt": " \n"}), "the prompt is empty"),
        (json!({"prompt": "hi", "model": "nowhere/m"}), "there is no provider `nowhere`: known are `"),
        (json!({"messages": []}), "there is no prompt"),
        (json!({"messages": [{"role": "robot", "content": "hi"}]}), "unknown role `robot`"),
        (json!({"messages": [{"role": "user", "content": 7}]}), "`content` is neither text nor a list of parts"),
        (json!({"messages": [{"role": "user", "content": [{"type": "video"}]}]}), "`content` is neither text nor"),
        (json!({"prompt": "hi", "model": "locl/m"}), "did you mean"),
        (json!({"prompt": "hi", "provider": "locla"}), "did you mean `local`?"),
        (json!({"prompt": "hi", "model": "local/"}), "local"),
        (json!({"prompt": "hi", "model": "claude/c", "seed": 1}), "anthropic takes no seed"),
        (json!([{"prompt": "hi"}]), "cannot read the request"),
        (json!("hi"), "cannot read the request"),
        (Value::Null, "cannot read the request"),
    ];

    for (body, words) in mistakes {
        let said = refusal(&world, body.to_string()).await;
        assert!(said.contains(words), "{body}: {said}");
    }

    assert_eq!(world.upstream.count(), 0);
}

#[tokio::test]
async fn what_is_no_json_is_refused() {
    let world = World::new().answering("never").await;
    let bodies: [&[u8]; 7] = [
        b"",
        b"hi",
        b"{\"prompt\": \"hi\"",
        b"{\"prompt\": \"hi\"} {}",
        b"{\"prompt\": \"\xff\xfe\"}",
        b"{\"prompt\": \"hi\", \"temperature\": NaN}",
        b"{\"prompt\": \"hi\", \"temperature\": 1e999}",
    ];

    for body in bodies {
        let said = refusal(&world, body).await;
        assert!(said.starts_with("cannot read the request | "), "{said}");
    }
}

#[tokio::test]
async fn what_is_said_twice_has_no_meaning() {
    let world = World::new().answering("never").await;
    for body in [
        r#"{"prompt": "hi", "prompt": "ho"}"#,
        r#"{"prompt": "hi", "options": {"top_k": 1, "top_k": 2}}"#,
        r#"{"prompt": "hi", "options": {"top_k": 1, "top\u005fk": 2}}"#,
        r#"{"prompt": "hi", "options": {"logit_bias": {"1": 1, "1": 2}}}"#,
    ] {
        let said = refusal(&world, body).await;
        assert!(said.contains("duplicate field") || said.contains("a repeated member"), "{body}: {said}");
    }
    assert_eq!(world.upstream.count(), 0);
}

#[tokio::test]
async fn a_nesting_without_end_is_refused() {
    let world = World::new().answering("never").await;
    let deep = |depth: usize| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        format!("{{\"prompt\": \"hi\", \"options\": {{\"x\": {open}{close}}}}}")
    };

    assert_eq!(post(&world, deep(100)).await.status, 200);
    refusal(&world, deep(1_000)).await;
    refusal(&world, deep(1_000_000)).await;
}

#[tokio::test]
async fn a_long_prompt_is_answered_and_cached() {
    let world = World::new().on_disk().answering("that was long").await;
    let prompt = "All work and no play. ".repeat(10 << 20 >> 4);
    assert!(prompt.len() > 10 << 20);

    assert_eq!(world.generate(&prompt).await.metadata.cache_status.name(), "miss");
    let world = world.reopened().await;
    assert_eq!(world.generate(&prompt).await.metadata.cache_status.name(), "hit");
    assert_eq!(world.upstream.last_call().body()["messages"][0]["content"], json!(prompt));
}

#[tokio::test]
async fn a_body_without_end_is_refused() {
    let world = World::new().answering("never").await;

    let answer = post(&world, vec![b' '; 65 << 20]).await;

    assert_eq!(answer.failure(), (413, "too_large".to_owned()));
    let purge = world.send("POST", "/cache/purge", &[], vec![b' '; 65 << 20]).await;
    assert_eq!(purge.failure(), (413, "too_large".to_owned()));
}

#[tokio::test]
async fn a_path_that_is_not_there_is_named() {
    let world = World::new().answering("never").await;

    for (method, path) in [("GET", "/"), ("POST", "/llm/generat"), ("GET", "/cache/entries/ab/cd")] {
        let answer = world.send(method, path, &[], Vec::new()).await;
        assert_eq!(answer.failure(), (404, "not_found".to_owned()));
        assert_eq!(answer.problem().error.message, format!("there is no `{path}`"));
    }
}

#[tokio::test]
async fn a_method_that_makes_no_sense_is_refused() {
    let world = World::new().answering("never").await;

    for (method, path, allowed) in
        [("GET", "/llm/generate", "POST"), ("POST", "/cache/entries", "GET,HEAD"), ("DELETE", "/cache/purge", "POST")]
    {
        let answer = world.send(method, path, &[], Vec::new()).await;
        assert_eq!(answer.failure(), (405, "invalid_request".to_owned()));
        assert_eq!(answer.header("allow"), Some(allowed));
    }
}

#[tokio::test]
async fn a_client_of_another_protocol_is_told_and_can_still_ask_who_is_there() {
    let world = World::new().answering("never").await;
    let spoken = |method: &'static str, path: &'static str, protocol: &'static str| {
        world.send(method, path, &[("llmc-protocol", protocol)], br#"{"prompt":"hi"}"#.to_vec())
    };

    for protocol in ["2", "0", "", "one", "-1"] {
        let refused = spoken("POST", "/llm/generate", protocol).await;
        assert_eq!(refused.failure(), (412, "conflict".to_owned()), "{protocol}");
        assert_eq!((refused.header("llmc-protocol"), refused.header("llmc-version").is_some()), (Some("1"), true));
        assert_eq!(spoken("GET", "/status", protocol).await.json()["protocol"], 1);
    }
    assert_eq!(world.upstream.count(), 0);
    assert_eq!(spoken("POST", "/llm/generate", "1").await.status, 200);
    assert_eq!(spoken("POST", "/shutdown", "2").await.json()["stopping"], true);
}

#[tokio::test]
async fn a_daemon_that_is_stopping_takes_nothing_new() {
    let world = World::new().answering("never").await;
    world.send("POST", "/shutdown", &[], Vec::new()).await;

    let refused = post(&world, r#"{"prompt": "hi"}"#).await;

    assert_eq!(refused.failure(), (503, "unreachable".to_owned()));
    assert_eq!(refused.header("llmc-draining"), Some("1"));
    assert_eq!(world.get("/status").await.json()["draining"], true);
}

#[tokio::test]
async fn a_refused_request_spends_no_place() {
    let world = World::new().with_built_in_limits().with("rate_limit.llm = 1").answering("hello").await;

    for _ in 0..3 {
        refusal(&world, "{}").await;
    }

    assert_eq!(world.ask(json!({"prompt": "hi"})).await.status, 200);
}

#[tokio::test]
async fn a_key_that_is_missing_is_asked_for_by_its_variable() {
    let world = World::new().answering("never").await;

    let refused = world.ask(json!({"prompt": "hi", "model": "openai/gpt-4o"})).await;

    assert_eq!(refused.failure(), (401, "authentication_error".to_owned()));
    let error = refused.problem().error;
    let said = format!("{} {:?} {:?}", error.message, error.cause, error.hint);
    assert!(said.contains("OPENAI_API_KEY"), "{said}");
}

#[tokio::test]
async fn a_query_that_makes_no_sense_is_refused() {
    let world = World::new().answering("never").await;
    for (path, words) in [
        ("/cache/entries?colour=red", "unknown field `colour`"),
        ("/cache/entries?limit=many", "invalid digit"),
        ("/cache/entries?olderThan=soon", "expected a duration"),
        ("/cache/entries?sort=colour", "cannot sort by `colour`"),
        ("/cache/entries?key=xyz", "`xyz` is no key"),
        ("/llm/cache/stats?since=ever", "expected a duration"),
        ("/llm/cache/stats?when=now", "unknown field `when`"),
    ] {
        let answer = world.get(path).await;
        assert_eq!(answer.failure(), (400, "invalid_request".to_owned()), "{path}");
        let error = answer.problem().error;
        let said = format!("{} {:?}", error.message, error.cause);
        assert!(said.contains(words), "{path}: {said}");
    }
}
