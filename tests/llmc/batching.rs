//! `POST /llm/batch`: lines in and rows out at the same time, hits at once, calls at a pace.

use std::time::Duration;

use http_body_util::BodyExt;
use serde_json::{Value, json};

use crate::support::{Reply, World, says};

fn lines(prompts: &[&str]) -> String {
    prompts.iter().map(|prompt| json!({"prompt": prompt}).to_string() + "\n").collect()
}

/// The rows, by their line.
async fn batch(world: &World, query: &str, body: String) -> Vec<Value> {
    let answered = world.send("POST", &format!("/llm/batch{query}"), &[], body).await;
    assert_eq!(answered.status, 200, "{}", String::from_utf8_lossy(&answered.body));
    let text = String::from_utf8(answered.body.to_vec()).unwrap();
    let mut rows: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    rows.sort_by_key(|row| row["index"].as_u64());
    rows
}

#[tokio::test]
async fn each_line_has_a_row_and_equal_lines_are_one_call() {
    let world = World::new().answering("hello").await;
    world.generate("kept").await;

    let rows =
        batch(&world, "", lines(&["kept", "new", "new"]) + "{\"promt\": 1}\n" + lines(&["last"]).trim_end()).await;

    let status = |at: usize| rows[at]["metadata"]["cacheStatus"].as_str().unwrap_or_default().to_owned();
    assert_eq!(rows.len(), 5);
    assert_eq!((status(0).as_str(), status(4).as_str()), ("hit", "miss"));
    let mut equal = [status(1), status(2)];
    equal.sort();
    assert!(equal == ["coalesced", "miss"] || equal == ["hit", "miss"], "{equal:?}");
    assert_eq!(rows[3]["error"]["type"], "invalid_request");
    assert_eq!(world.upstream.count(), 3);
}

#[tokio::test]
async fn a_refusal_for_too_many_is_waited_out_and_costs_no_row() {
    let world = World::new().with("retry.base_delay = \"1ms\"").answering("hello").await;
    let refusals = (0..5).map(|_| Reply::failing(429));
    world.upstream.answers_next(refusals);
    let prompts: Vec<String> = (0..30).map(|at| format!("p{at}")).collect();

    let rows = batch(&world, "", lines(&prompts.iter().map(String::as_str).collect::<Vec<_>>())).await;

    assert!(rows.iter().all(|row| row["text"] == "hello"), "{rows:?}");
    assert_eq!(world.upstream.count(), 35);
}

#[tokio::test]
async fn what_waits_for_a_place_is_not_called_once_nobody_listens() {
    let world = World::new().answering("hello").await;
    world.upstream.hold();
    let prompts: Vec<String> = (0..40).map(|at| format!("p{at}")).collect();
    let body = lines(&prompts.iter().map(String::as_str).collect::<Vec<_>>());
    let asked = tokio::spawn(world.send("POST", "/llm/batch?jobs=4", &[], body));
    world.upstream.called(4).await;

    asked.abort();
    assert!(asked.await.unwrap_err().is_cancelled());
    world.upstream.release();
    world.settled().await;

    assert_eq!(world.upstream.count(), 4);
    assert_eq!(world.generate("p0").await.metadata.cache_status.name(), "hit", "what was in the air is kept");
}

#[tokio::test]
async fn time_spent_waiting_for_llmcs_own_limit_does_not_make_a_line_late() {
    let world = World::new().with("rate_limit.llm = 1").with("rate_limit.window = \"150ms\"").answering("hello").await;
    let clock = world.clock.clone();
    let ticking = tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_millis(10)).await;
            clock.advance(Duration::from_millis(10));
        }
    });
    let line = |at: usize| json!({"prompt": format!("p{at}"), "timeout": "140ms"}).to_string() + "\n";

    let rows = batch(&world, "", (0..4).map(line).collect()).await;

    ticking.abort();
    let limited: Vec<&Value> = rows.iter().filter(|row| row["index"].is_null()).collect();
    assert_eq!(limited.len(), 1);
    assert_eq!(limited[0]["limited"]["setting"], "rate_limit.llm");
    assert!(rows.iter().filter(|row| !row["index"].is_null()).all(|row| row["text"] == "hello"), "{rows:?}");
}

#[tokio::test]
async fn a_submission_is_one_expensive_request_and_waits_for_its_place() {
    let world = World::new().with("rate_limit.expensive = 1").answering("hello").await;
    assert_eq!(batch(&world, "", lines(&["a", "b"])).await.len(), 2);
    assert_eq!(batch(&world, "?dryRun=true", lines(&["a"])).await.len(), 1, "a look ahead needs none");

    let waiting = tokio::spawn(world.send("POST", "/llm/batch", &[], lines(&["c"])));
    let refused = world.send("POST", "/cache/purge", &[], r#"{"all": true}"#.to_owned()).await;

    assert_eq!(refused.failure(), (429, "rate_limit_exceeded".to_owned()));
    assert!(!waiting.is_finished());
    waiting.abort();
    assert_eq!(world.send("POST", "/llm/batch?jobs=0", &[], String::new()).await.status, 400);
    assert_eq!(world.send("POST", "/llm/batch?maxCost=-1", &[], String::new()).await.status, 400);
}

#[tokio::test]
async fn rows_come_while_lines_are_still_going_in() {
    let world = World::new().replying(says("hello")).await;
    let (sender, receiver) = tokio::sync::mpsc::channel::<Result<String, std::io::Error>>(1);
    let pieces = futures_util::stream::unfold(receiver, |mut from| async { Some((from.recv().await?, from)) });
    let request = axum::http::Request::post("/llm/batch")
        .header("llmc-provider-key", "*")
        .extension(llmc::daemon::Subject("user:1".to_owned()))
        .body(axum::body::Body::from_stream(pieces))
        .unwrap();
    let response = tower::ServiceExt::oneshot(world.router(), request).await.unwrap();
    let mut body = response.into_body();

    for prompt in ["a", "b"] {
        sender.send(Ok(lines(&[prompt]))).await.unwrap();
        let frame = tokio::time::timeout(Duration::from_secs(20), body.frame()).await.expect("a row");
        let row = frame.unwrap().unwrap().into_data().unwrap();
        assert!(String::from_utf8_lossy(&row).contains("\"text\":\"hello\""));
    }
    drop(sender);

    assert!(body.frame().await.is_none());
}
