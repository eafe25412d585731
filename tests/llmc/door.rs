//! The TCP door lets in who has the token, by the right name, and nobody can hold it up or break it.

use std::time::Duration;

use llmc::config::secret::Secret;
use llmc::daemon::access::Imposed;
use llmc::daemon::tcp::{Bounds, OneRun, Place};
use llmc::exchange::Mode;
use serde_json::{Value, json};

use crate::support::World;
use crate::support::world::{Door, LARGEST_BODY, Line};

const CHAT: &str = "/v1/chat/completions";

fn bounds() -> Bounds {
    Bounds::of(64)
}

fn chat(text: &str) -> String {
    json!({"model": "m", "messages": [{"role": "user", "content": text}]}).to_string()
}

async fn ask(door: &Door, text: &str, more: &[(&str, &str)]) -> (u16, String) {
    let bearer = format!("Bearer {}", door.token);
    let mut headers = vec![("authorization", bearer.as_str()), ("content-type", "application/json")];
    headers.extend(more);
    door.send("POST", CHAT, &headers, chat(text)).await
}

#[tokio::test]
async fn the_token_opens_and_goes_no_further() {
    let world = World::new().answering("hello").await;
    let door = world.door(Imposed::default(), bounds()).await;

    let (status, answer) = ask(&door, "hi", &[]).await;
    assert_eq!(status, 200, "{answer}");
    for header in [("x-api-key", door.token.as_str()), ("x-goog-api-key", &door.token)] {
        assert_eq!(door.send("POST", CHAT, &[header], chat("hi")).await.0, 200, "{header:?}");
    }

    let (status, answer) = door.send("GET", &format!("/v1/models?key={}&a=b", door.token), &[], "").await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(world.upstream.last_call().query.as_deref(), Some("a=b"));
    assert!(answer.contains("llmc; fwd=bypass"), "{answer}");
    assert_eq!(world.upstream.count(), 2);
    for call in world.upstream.calls() {
        assert!(!format!("{:?} {:?}", call.headers, call.query).contains(&door.token));
    }
}

#[tokio::test]
async fn nobody_else_comes_in() {
    let world = World::new().answering("hello").await;
    let door = world.door(Imposed::default(), bounds()).await;
    let bearer = format!("Bearer {}", door.token);
    let token = ("authorization", bearer.as_str());
    let short = format!("Bearer {}", &door.token[..door.token.len() - 1]);

    for (headers, wanted) in [
        (&[][..], 401),
        (&[("authorization", "Bearer wrong")][..], 401),
        (&[("authorization", short.as_str())][..], 401),
        (&[token, ("host", "evil.example")][..], 421),
        (&[token, ("origin", "https://evil.example")][..], 403),
        (&[token, ("origin", "null")][..], 403),
    ] {
        let (status, answer) = door.send("POST", CHAT, headers, chat("hi")).await;
        assert_eq!(status, wanted, "{headers:?} {answer}");
        assert!(!answer.to_ascii_lowercase().contains("access-control"), "{answer}");
    }
    assert_eq!(door.send("POST", "/shutdown", &[token, ("content-type", "application/json")], "").await.0, 403);
    assert_eq!(door.send("POST", "/llm/generate", &[token, ("content-type", "text/plain")], "{}").await.0, 415);
    assert_eq!(world.upstream.count(), 0);
    assert!(!world.daemon.is_stopping());
}

#[tokio::test]
async fn a_token_that_was_changed_opens_nothing_any_more() {
    let world = World::new().answering("hello").await;
    let door = world.door(Imposed::default(), bounds()).await;
    assert_eq!(ask(&door, "hi", &[]).await.0, 200);

    door.access.change_token(Secret::new("llmc-another-one-altogether"));

    assert_eq!(ask(&door, "hi", &[]).await.0, 401);
    assert_eq!(ask(&door, "hi", &[("x-api-key", "llmc-another-one-altogether")]).await.0, 200);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_and_an_upload_is_not() {
    let world = World::new().answering("hello").await;
    let door = world.door(Imposed::default(), bounds()).await;
    let bearer = format!("Bearer {}", door.token);
    let token = ("authorization", bearer.as_str());
    let large = chat(&"x".repeat(LARGEST_BODY));

    let (status, answer) = door.send("POST", CHAT, &[token], &large).await;
    assert_eq!(status, 413, "{answer}");
    assert!(answer.contains("invalid_request_error"), "{answer}");
    let json = ("content-type", "application/json");
    let prompt = json!({"prompt": "x".repeat(LARGEST_BODY)}).to_string();
    assert_eq!(door.send("POST", "/llm/generate", &[token, json], prompt).await.0, 413);
    assert_eq!(world.upstream.count(), 0);

    let upload = vec![7; 100 * LARGEST_BODY];
    assert_eq!(door.send("POST", "/v1/files", &[token], &upload).await.0, 200);
    assert!(world.upstream.last_call().bytes == upload);
}

#[tokio::test]
async fn a_head_that_never_ends_is_hung_up_on() {
    let world = World::new().answering("hello").await;
    let door = world.door(Imposed::default(), Bounds { head_within: Duration::from_millis(50), ..bounds() }).await;

    let mut slow = door.connect().await;
    slow.write(b"POST /v1/chat/completions HTTP/1.1\r\nhost: 127").await;
    let mut silent = door.connect().await;

    assert!(!slow.rest().await.contains("200 OK"));
    assert_eq!(silent.rest().await, "");
    assert_eq!(ask(&door, "hi", &[]).await.0, 200);
}

#[tokio::test]
async fn an_idle_connection_is_hung_up_on() {
    let world = World::new().answering("hello").await;
    let door = world.door(Imposed::default(), Bounds { head_within: Duration::from_millis(200), ..bounds() }).await;
    let mut idle = door.connect().await;
    let head = format!("GET /status HTTP/1.1\r\nhost: {}\r\nx-api-key: {}\r\n\r\n", door.address, door.token);

    idle.write(head.as_bytes()).await;

    assert!(idle.rest().await.starts_with("HTTP/1.1 200 OK"));
}

#[tokio::test]
async fn who_comes_when_every_place_is_taken_is_told_so() {
    let world = World::new().answering("hello").await;
    let door = world.door(Imposed::default(), Bounds { connections: 1, ..bounds() }).await;
    let mut first = door.connect().await;
    let head = format!("GET /status HTTP/1.1\r\nhost: {}\r\nx-api-key: {}\r\n", door.address, door.token);
    first.write(head.as_bytes()).await;

    let (status, _) = door.connect().await.answer().await;

    assert_eq!(status, 503);
    first.write(b"connection: close\r\n\r\n").await;
    assert_eq!(first.answer().await.0, 200);
}

#[tokio::test]
async fn each_token_has_limits_of_its_own() {
    let world = World::new().with("rate_limit.llm = 1").answering("hello").await;
    let (one, other) = (world.door(Imposed::default(), bounds()).await, world.door(Imposed::default(), bounds()).await);

    assert_eq!(ask(&one, "a", &[]).await.0, 200);
    let (status, refused) = ask(&one, "b", &[]).await;
    assert_eq!(status, 429);
    assert!(refused.contains("llmc-limited-by: llmc") && refused.contains("retry-after: "), "{refused}");
    assert_eq!(ask(&other, "b", &[]).await.0, 200);
}

#[tokio::test]
async fn a_door_imposes_its_terms_on_everybody() {
    let world = World::new().answering("hello").await;
    let imposed = Imposed { namespace: Some("tests".into()), run: Some("run-7".into()), ..Imposed::default() };
    let open = world.door(imposed.clone(), bounds()).await;
    let offline = world.door(Imposed { mode: Some(Mode::Replay), ..imposed }, bounds()).await;

    assert_eq!(ask(&offline, "hi", &[("cache-control", "no-cache")]).await.0, 504);
    assert_eq!(world.upstream.count(), 0);
    assert_eq!(ask(&open, "hi", &[]).await.0, 200);
    let (status, answer) = ask(&offline, "hi", &[("cache-control", "no-store")]).await;
    assert_eq!(status, 200, "{answer}");

    let bearer = format!("Bearer {}", offline.token);
    assert_eq!(offline.send("GET", "/v1/models", &[("authorization", &bearer)], "").await.0, 504);
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let (status, answer) =
        offline.send("POST", "/llm/generate", &headers, r#"{"prompt":"hi","cache":{"mode":"off"}}"#).await;
    assert_eq!(status, 200, "{answer}");
    assert!(answer.contains("\"namespace\":\"tests\"") && answer.contains("\"runId\":\"run-7\""), "{answer}");
    assert_eq!(world.upstream.count(), 1);
    assert_eq!(world.stats_of("?run=run-7").await.totals.hits, 2);
}

#[tokio::test]
async fn a_door_opens_to_this_machine_only() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let refused = llmc::daemon::tcp::bind(address.parse().unwrap()).await.unwrap_err();
        assert!(refused.cause().unwrap().contains("others than this machine"), "{refused}");
    }
}

#[tokio::test]
async fn a_door_takes_no_settings_from_its_askers() {
    let world = World::new().answering("hello").await;
    let door = world.door(Imposed::default(), bounds()).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("evil.toml");
    std::fs::write(&file, "[providers.local]\nkind = \"echo\"\n").unwrap();

    let (status, answer) = ask(&door, "hi", &[("llmc-config", &format!("0 {}", file.display()))]).await;

    assert_eq!(status, 200, "{answer}");
    let body: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!(body["choices"][0]["message"]["content"], "hello");
}

#[tokio::test]
async fn a_door_for_one_run_closes_with_it() {
    let world = World::new().answering("hello").await;
    let imposed = Imposed { run: Some("run-9".into()), ..Imposed::default() };
    let run = OneRun::open(Place::anywhere().unwrap(), world.router(), "user:1", imposed, LARGEST_BODY).await.unwrap();
    let head = format!(
        "POST {CHAT} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\nx-api-key: {}\r\ncontent-length: {}\r\n\r\n",
        run.address,
        run.token.reveal(),
        chat("hi").len()
    );

    let mut line = Line::to(run.address).await.unwrap();
    line.write(format!("{head}{}", chat("hi")).as_bytes()).await;

    assert_eq!(line.answer().await.0, 200);
    assert_eq!(world.stats_of("?run=run-9").await.totals.misses, 1);
    let address = run.address;
    drop(run);
    let deadline = std::time::Instant::now() + Duration::from_secs(20);
    while Line::to(address).await.is_ok() {
        assert!(std::time::Instant::now() < deadline, "it is still open");
        tokio::task::yield_now().await;
    }
}
