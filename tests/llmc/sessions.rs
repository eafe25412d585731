//! `/sessions`: made, shown, changed, listed and removed over HTTP.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::World;
use crate::support::world::Answered;

const DAY: Duration = Duration::from_secs(24 * 3600);

impl World {
    pub async fn post_session(&self, body: Value) -> Answered {
        self.send("POST", "/sessions", &[], body.to_string()).await
    }

    pub async fn patch_session(&self, id: &str, headers: &[(&str, &str)], body: Value) -> Answered {
        self.send("PATCH", &format!("/sessions/{id}"), headers, body.to_string()).await
    }

    /// A session as it is; there must be one.
    pub async fn session(&self, id: &str) -> Value {
        self.get(&format!("/sessions/{id}")).await.json()
    }
}

fn made(answer: &Answered) -> Value {
    assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
    serde_json::from_slice(&answer.body).unwrap()
}

#[tokio::test]
async fn a_session_is_made_and_found_where_its_location_says() {
    let world = World::new().answering("never").await;
    let wanted = json!({"id": "notes", "system": "be kind", "data": {"n": 1},
        "messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]});

    let answer = world.post_session(wanted.clone()).await;

    let session = made(&answer);
    assert_eq!(answer.header("location"), Some("/sessions/notes"));
    assert_eq!(answer.header("etag"), Some("\"1\""));
    for name in ["id", "system", "data", "messages"] {
        assert_eq!(session[name], wanted[name]);
    }
    assert_eq!(session["version"], 1);
    assert_eq!(session["createdAt"], "2027-01-15T08:00:00Z");
    assert_eq!(session["expiresAt"], "2027-01-16T08:00:00Z");
    let found = world.get("/sessions/notes").await;
    assert_eq!((found.json(), found.header("etag")), (session, Some("\"1\"")));
}

#[tokio::test]
async fn a_session_without_a_name_gets_one_that_nobody_can_guess() {
    let world = World::new().answering("never").await;

    let first = made(&world.send("POST", "/sessions", &[], "").await);
    let second = made(&world.post_session(json!({})).await);

    let ids = [&first, &second].map(|session| session["id"].as_str().unwrap().to_owned());
    assert_ne!(ids[0], ids[1]);
    assert!(ids.iter().all(|id| id.len() == 16));
    assert_eq!((&first["system"], &first["data"], &first["messages"]), (&Value::Null, &json!({}), &json!([])));
}

#[tokio::test]
async fn what_is_there_already_is_not_made_again() {
    let world = World::new().answering("never").await;
    made(&world.post_session(json!({"id": "a"})).await);

    let again = world.post_session(json!({"id": "a"})).await;

    assert_eq!(again.failure(), (409, "already_exists".to_owned()));
}

#[tokio::test]
async fn every_mistake_is_named() {
    let world = World::new().answering("never").await;
    made(&world.post_session(json!({"id": "a"})).await);
    for (body, words) in [
        (json!({"name": "a"}), "unknown field `name`"),
        (json!({"id": "a b"}), "a session cannot be called `a b`"),
        (json!({"id": ""}), "a session cannot be called ``"),
        (json!({"data": []}), "invalid type: sequence"),
        (json!({"ttl": "soon"}), "expected a duration"),
        (json!({"ttl": 0}), "a session cannot be kept for so short"),
        (json!({"messages": [{"role": "robot", "content": "hi"}]}), "unknown role `robot`"),
    ] {
        let refused = world.post_session(body).await;
        assert_eq!(refused.failure(), (400, "invalid_request".to_owned()));
        let error = refused.problem().error;
        assert!(format!("{} {:?}", error.message, error.cause).contains(words), "{error:?}");
    }
    for body in [json!({"messages": []}), json!({"data": 7}), json!({"data": [1]}), json!({"system": 7}), json!(null)] {
        assert_eq!(world.patch_session("a", &[], body.clone()).await.status, 400, "{body}");
    }
    for path in ["/sessions/%ff", "/sessions/a%20b", "/sessions?limit=x", "/sessions?most=1"] {
        assert_eq!(world.get(path).await.status, 400, "{path}");
    }
    for (method, path) in [("GET", "/sessions/b"), ("DELETE", "/sessions/b"), ("PATCH", "/sessions/b")] {
        let missing = world.send(method, path, &[], "{}").await;
        assert_eq!(missing.failure(), (404, "not_found".to_owned()), "{method}");
        assert!(missing.problem().error.hint.unwrap().contains("llmc session create --id b"));
    }
}

#[tokio::test]
async fn a_patch_merges_the_data_and_replaces_the_system_text() {
    let world = World::new().answering("never").await;
    made(&world.post_session(json!({"id": "a", "data": {"keep": 1, "drop": 2, "deep": {"x": 1, "y": 2}}})).await);

    let patch = json!({"data": {"drop": null, "deep": {"y": null, "z": [1]}, "new": true}, "system": "be kind"});
    let answer = world.patch_session("a", &[], patch).await;

    let session = answer.json();
    assert_eq!(session["data"], json!({"keep": 1, "deep": {"x": 1, "z": [1]}, "new": true}));
    assert_eq!((&session["system"], &session["version"]), (&json!("be kind"), &json!(2)));
    assert_eq!(answer.header("etag"), Some("\"2\""));
    let emptied = world.patch_session("a", &[], json!({"data": null, "system": null})).await.json();
    assert_eq!((&emptied["data"], &emptied["system"]), (&json!({}), &Value::Null));
}

#[tokio::test]
async fn a_change_under_if_match_is_made_to_what_was_read_or_not_at_all() {
    let world = World::new().answering("never").await;
    let read = made(&world.post_session(json!({"id": "a"})).await);
    assert_eq!(read["version"], 1);
    let patch = |tag: &'static str| {
        let body = json!({"data": {"tag": tag}}).to_string();
        world.send("PATCH", "/sessions/a", &[("if-match", tag)], body)
    };
    assert_eq!(patch("\"1\"").await.status, 200);

    for stale in ["\"1\"", "\"1\", \"7\"", "W/\"2\"", "\"other\""] {
        assert_eq!(patch(stale).await.failure(), (412, "conflict".to_owned()), "{stale}");
    }
    let kept = world.send("DELETE", "/sessions/a", &[("if-match", "\"1\"")], "").await;

    assert_eq!(kept.failure(), (412, "conflict".to_owned()));
    assert_eq!(world.session("a").await["data"], json!({"tag": "\"1\""}));
    assert_eq!(patch("2").await.failure(), (400, "invalid_request".to_owned()));
    assert_eq!(patch("\"7\", \"2\"").await.status, 200);
    assert_eq!(patch("*").await.status, 200);
    assert_eq!(world.send("DELETE", "/sessions/a", &[("if-match", "\"4\"")], "").await.status, 200);
}

#[tokio::test]
async fn every_access_makes_it_live_for_another_day() {
    let world = World::new().answering("hello").await;
    made(&world.post_session(json!({"id": "a"})).await);
    let almost = DAY - Duration::from_secs(1);

    world.clock.advance(almost);
    assert_eq!(world.session("a").await["expiresAt"], "2027-01-17T07:59:59Z");
    world.clock.advance(almost);
    assert_eq!(world.patch_session("a", &[], json!({"data": {"n": 1}})).await.status, 200);
    world.clock.advance(almost);
    assert_eq!(world.ask(json!({"prompt": "hi", "session": "a"})).await.status, 200);
    world.clock.advance(almost);
    assert_eq!(world.session("a").await["messages"].as_array().unwrap().len(), 2);
    world.clock.advance(DAY);

    assert_eq!(world.get("/sessions/a").await.status, 404);
    assert_eq!(world.get("/sessions").await.json()["sessions"], json!([]));
}

#[tokio::test]
async fn the_configured_span_counts_where_a_session_has_none_of_its_own() {
    let world = World::new().with("session.ttl = \"1h\"").with("session.prefix = \"mine\"").answering("never").await;

    let configured = made(&world.post_session(json!({"id": "a"})).await);
    let own = made(&world.post_session(json!({"id": "b", "ttl": "7d"})).await);

    assert_eq!(configured["expiresAt"], "2027-01-15T09:00:00Z");
    assert_eq!(own["expiresAt"], "2027-01-22T08:00:00Z");
    let store = world.daemon.pipeline.store();
    let names = store.documents("mine:", 10, llmc::clock::Timestamp(0)).await.unwrap();
    assert_eq!(names.iter().map(|document| document.name.as_str()).collect::<Vec<_>>(), ["mine:a", "mine:b"]);
}

#[tokio::test]
async fn a_list_is_in_the_order_of_names_and_says_where_there_are_more() {
    let world = World::new().answering("never").await;
    for id in ["c", "a", "b"] {
        made(&world.post_session(json!({"id": id, "messages": [{"role": "user", "content": "hi"}]})).await);
    }

    let all = world.get("/sessions").await.json();
    let two = world.get("/sessions?limit=2").await.json();

    let ids = |list: &Value| -> Vec<String> {
        let sessions = list["sessions"].as_array().unwrap();
        sessions.iter().map(|session| session["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        (ids(&all), &all["more"], &all["schema_version"]),
        (vec!["a".into(), "b".into(), "c".into()], &json!(false), &json!(1))
    );
    assert_eq!((ids(&two), &two["more"]), (vec!["a".into(), "b".into()], &json!(true)));
    let first = &all["sessions"][0];
    assert_eq!((&first["messages"], &first["version"], &first["ttlSeconds"]), (&json!(1), &json!(1), &json!(86_400)));
    assert!(first["bytes"].as_u64().unwrap() > 50);
}

#[tokio::test]
async fn what_is_deleted_is_gone() {
    let world = World::new().answering("never").await;
    made(&world.post_session(json!({"id": "a"})).await);

    let deleted = world.delete("/sessions/a").await.json();

    assert_eq!(deleted, json!({"id": "a", "deleted": true}));
    assert_eq!(world.get("/sessions/a").await.status, 404);
    assert_eq!(made(&world.post_session(json!({"id": "a"})).await)["version"], 1);
}

#[tokio::test]
async fn a_session_too_large_is_refused() {
    let world = World::new().answering("never").await;

    let refused = world.post_session(json!({"id": "a", "data": {"x": "x".repeat(9 << 20)}})).await;

    assert_eq!(refused.failure(), (413, "too_large".to_owned()));
    assert!(refused.problem().error.cause.unwrap().contains("8388608 are the most"));
    assert_eq!(world.get("/sessions/a").await.status, 404);
}

#[tokio::test]
async fn sessions_count_as_reads() {
    let world = World::new().with_built_in_limits().with("rate_limit.standard = 3").answering("never").await;
    let first = world.post_session(json!({"id": "a"})).await;
    assert_eq!((first.header("x-ratelimit-limit"), first.header("x-ratelimit-remaining")), (Some("3"), Some("2")));
    world.get("/sessions").await;
    world.get("/sessions/a").await;

    let refused = world.delete("/sessions/a").await;

    assert_eq!(refused.failure(), (429, "rate_limit_exceeded".to_owned()));
}
