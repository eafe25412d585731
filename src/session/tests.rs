//! Sessions over a store in memory, with a clock moved by hand.

use futures_util::future::join_all;
use serde_json::json;

use super::*;
use crate::api::generate::ApiContent;
use crate::clock::FakeClock;
use crate::store::memory::Memory;

const START: Timestamp = Timestamp(1_000_000);
const HOUR: Duration = Duration::from_secs(3600);

struct Room {
    clock: Arc<FakeClock>,
    store: Arc<Memory>,
    sessions: Arc<Sessions>,
    settings: SessionSettings,
}

fn room() -> Room {
    let (clock, store) = (Arc::new(FakeClock::at(START)), Arc::new(Memory::new()));
    let sessions = Sessions::new(store.clone(), clock.clone(), None);
    Room { clock, store, sessions, settings: SessionSettings::default() }
}

impl Room {
    async fn make(&self, id: &str) -> Kept {
        self.draft(Draft { id: Some(id.to_owned()), ..Draft::default() }).await.unwrap()
    }

    async fn draft(&self, draft: Draft) -> Result<Kept> {
        self.sessions.create(&self.settings, draft).await
    }

    async fn read(&self, id: &str) -> Result<Kept> {
        self.sessions.read(&self.settings, id).await
    }

    async fn patch(&self, id: &str, condition: Condition, data: Value) -> Result<Kept> {
        let data = Some(data.as_object().cloned());
        self.sessions.change(&self.settings, id, &condition, &Patch { data, system: None }).await
    }

    async fn begin(&self, id: &str) -> Turn {
        self.sessions.begin(&self.settings, id, Origin::Kept).await.unwrap()
    }

    async fn turn(&self, id: &str, question: &str, answer: &str) -> Result<Appended> {
        let mut turn = self.begin(id).await;
        turn.ask(None, says(question)).unwrap();
        turn.append("me", answer).await
    }
}

fn says(text: &str) -> Vec<ApiMessage> {
    vec![ApiMessage { role: "user".to_owned(), content: ApiContent::Text(text.to_owned()) }]
}

fn texts<'a>(messages: impl IntoIterator<Item = &'a ApiMessage>) -> Vec<&'a str> {
    let text = |message: &'a ApiMessage| match &message.content {
        ApiContent::Text(text) => text.as_str(),
        ApiContent::Parts(_) => "parts",
    };
    messages.into_iter().map(text).collect()
}

#[tokio::test]
async fn every_use_begins_a_sessions_life_anew_and_a_look_at_the_list_does_not() {
    let room = room();
    let made = room.make("a").await;
    assert_eq!(made.gone_at, START.after(24 * HOUR));

    room.clock.advance(23 * HOUR);
    assert_eq!(room.read("a").await.unwrap().gone_at, START.after(47 * HOUR));
    room.clock.advance(23 * HOUR);
    room.patch("a", None, json!({"n": 1})).await.unwrap();
    room.clock.advance(23 * HOUR);
    room.turn("a", "hi", "hello").await.unwrap();
    room.clock.advance(23 * HOUR);
    let listed = room.sessions.list(&room.settings, 10).await.unwrap();
    assert_eq!(listed[0].gone_at, START.after((69 + 24) * HOUR));
    room.clock.advance(HOUR);

    assert_eq!(room.read("a").await.unwrap_err().kind(), Kind::NotFound);
}

#[tokio::test]
async fn a_session_may_have_a_span_of_its_own() {
    let room = room();
    let draft = Draft { id: Some("a".into()), ttl: Some(HOUR), ..Draft::default() };
    assert_eq!(room.draft(draft).await.unwrap().gone_at, START.after(HOUR));

    room.clock.advance(HOUR / 2);

    assert_eq!(room.read("a").await.unwrap().gone_at, START.after(HOUR * 3 / 2));
    let short = Draft { ttl: Some(Duration::from_millis(999)), ..Draft::default() };
    assert_eq!(room.draft(short).await.unwrap_err().kind(), Kind::Usage);
}

#[tokio::test]
async fn a_session_that_is_there_is_not_made_again() {
    let room = room();
    room.make("a").await;
    room.patch("a", None, json!({"n": 1})).await.unwrap();

    let again = room.draft(Draft { id: Some("a".into()), ..Draft::default() }).await.unwrap_err();

    assert_eq!(again.kind(), Kind::Exists);
    assert_eq!(room.read("a").await.unwrap().session.data["n"], 1);
}

#[tokio::test]
async fn a_change_is_made_under_its_condition_or_not_at_all() {
    let room = room();
    room.make("a").await;
    assert_eq!(room.patch("a", Some(vec![1]), json!({"n": 1, "m": 1})).await.unwrap().version, 2);

    let late = room.patch("a", Some(vec![1]), json!({"n": 2})).await.unwrap_err();
    let gone = room.sessions.remove(&room.settings, "a", &Some(vec![1, 7])).await.unwrap_err();

    assert_eq!((late.kind(), gone.kind()), (Kind::Conflict, Kind::Conflict));
    let changed = room.patch("a", Some(vec![9, 2]), json!({"m": null})).await.unwrap();
    assert_eq!((changed.version, Value::Object(changed.session.data)), (3, json!({"n": 1})));
    room.sessions.remove(&room.settings, "a", &Some(vec![3])).await.unwrap();
    assert_eq!(room.patch("a", None, json!({})).await.unwrap_err().kind(), Kind::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_changes_at_once_none_is_lost() {
    let room = Arc::new(room());
    room.make("a").await;

    let patches = (0..100).map(|number| {
        let room = Arc::clone(&room);
        tokio::spawn(async move { room.patch("a", None, json!({format!("n{number}"): number})).await.unwrap() })
    });
    join_all(patches).await;

    let kept = room.read("a").await.unwrap();
    assert_eq!((kept.session.data.len(), kept.version), (100, 101));
}

#[tokio::test(flavor = "multi_thread")]
async fn turns_at_once_follow_one_another() {
    let room = Arc::new(room());
    room.make("a").await;

    let turns = (0..50).map(|number| {
        let room = Arc::clone(&room);
        tokio::spawn(async move {
            let mut turn = room.begin("a").await;
            turn.ask(None, says(&format!("question {number}"))).unwrap();
            let answer = format!("answer {number} after {}", turn.messages().count() - 1);
            tokio::task::yield_now().await;
            turn.append("me", &answer).await.unwrap()
        })
    });
    let appended = join_all(turns).await;

    assert!(appended.iter().all(|appended| !appended.as_ref().unwrap().apart));
    let kept = room.read("a").await.unwrap();
    let said = texts(&kept.session.messages);
    assert_eq!(said.len(), 100);
    for (at, pair) in said.chunks(2).enumerate() {
        let number = pair[0].strip_prefix("question ").unwrap();
        assert_eq!(pair[1], format!("answer {number} after {}", 2 * at));
    }
}

#[tokio::test]
async fn a_turn_and_a_change_of_the_data_do_not_meet() {
    let room = room();
    room.make("a").await;
    let mut turn = room.begin("a").await;
    turn.ask(None, says("hi")).unwrap();

    room.patch("a", None, json!({"n": 1})).await.unwrap();
    let appended = turn.append("me", "hello").await.unwrap();

    assert_eq!(appended, Appended { version: 3, created: false, apart: false });
    let session = room.read("a").await.unwrap().session;
    assert_eq!((texts(&session.messages), session.data["n"].clone()), (vec!["hi", "hello"], json!(1)));
}

#[tokio::test]
async fn a_turn_that_is_dropped_appends_nothing_and_frees_its_place() {
    let room = room();
    room.make("a").await;
    let mut left = room.begin("a").await;
    left.ask(None, says("never mind")).unwrap();
    drop(left);

    room.turn("a", "hi", "hello").await.unwrap();

    assert_eq!(texts(&room.read("a").await.unwrap().session.messages), ["hi", "hello"]);
}

#[tokio::test]
async fn a_session_removed_meanwhile_is_not_brought_back() {
    let room = room();
    room.make("a").await;
    let mut turn = room.begin("a").await;
    turn.ask(None, says("hi")).unwrap();
    room.sessions.remove(&room.settings, "a", &None).await.unwrap();

    assert_eq!(turn.append("me", "hello").await.unwrap_err().kind(), Kind::NotFound);
    assert_eq!(room.read("a").await.unwrap_err().kind(), Kind::NotFound);
}

#[tokio::test]
async fn another_session_of_the_same_name_is_left_alone() {
    let room = room();
    room.make("a").await;
    let mut turn = room.begin("a").await;
    turn.ask(None, says("hi")).unwrap();
    room.sessions.remove(&room.settings, "a", &None).await.unwrap();
    room.clock.advance(Duration::from_millis(1));
    room.make("a").await;

    assert!(turn.append("me", "hello").await.is_err());

    assert!(room.read("a").await.unwrap().session.messages.is_empty());
}

#[tokio::test]
async fn a_new_session_is_kept_with_its_first_turn_and_not_before() {
    let room = room();
    let mut turn = room.sessions.go_on(&room.settings, "me").await.unwrap();
    turn.ask(Some("be kind".into()), says("hi")).unwrap();
    assert_eq!(room.sessions.list(&room.settings, 10).await.unwrap(), []);
    let id = turn.id().to_owned();

    let appended = turn.append("me", "hello").await.unwrap();

    assert!(appended.created);
    let next = room.sessions.go_on(&room.settings, "me").await.unwrap();
    assert_eq!((next.id(), next.system()), (id.as_str(), Some("be kind")));
    assert_eq!(texts(next.messages()), ["hi", "hello"]);
    drop(next);
    room.sessions.remove(&room.settings, &id, &None).await.unwrap();
    assert_ne!(room.sessions.go_on(&room.settings, "me").await.unwrap().id(), id);
}

#[tokio::test]
async fn a_system_text_is_set_before_anything_is_said_and_stays() {
    let room = room();
    room.make("a").await;
    let mut turn = room.begin("a").await;
    turn.ask(Some("be kind".into()), says("hi")).unwrap();
    turn.append("me", "hello").await.unwrap();

    let mut same = room.begin("a").await;
    assert!(same.ask(Some("be kind".into()), says("hi")).is_ok());
    drop(same);
    let other = room.begin("a").await.ask(Some("be terse".into()), says("hi")).unwrap_err();

    assert_eq!(other.kind(), Kind::Usage);
    assert!(other.hint_text().unwrap().contains("llmc session update a --system"), "{other}");
    assert_eq!(room.read("a").await.unwrap().session.system.as_deref(), Some("be kind"));
}

#[tokio::test]
async fn a_question_the_session_cannot_hold_is_refused_before_it_is_asked() {
    let room = room();
    room.make("a").await;
    room.turn("a", &"x".repeat(LARGEST / 2), "hello").await.unwrap();

    let refused = room.begin("a").await.ask(None, says(&"x".repeat(LARGEST / 2))).unwrap_err();

    assert_eq!(refused.kind(), Kind::TooLarge);
}

#[tokio::test]
async fn what_is_damaged_is_told_listed_and_removed() {
    let room = room();
    room.make("a").await;
    let gone_at = START.after(HOUR);
    room.store.write_document("session:b", "{".into(), Expected::Absent, START, gone_at).await.unwrap();

    assert!(room.read("b").await.unwrap_err().to_string().contains("cannot be read"));
    let listed = room.sessions.list(&room.settings, 10).await.unwrap();
    let facts: Vec<_> = listed.iter().map(|listed| (listed.id.as_str(), listed.facts)).collect();
    assert_eq!(facts, [("a", Some((START, 0))), ("b", None)]);
    room.sessions.remove(&room.settings, "b", &None).await.unwrap();
    assert_eq!(room.sessions.list(&room.settings, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn sessions_of_another_prefix_are_not_seen() {
    let room = room();
    room.make("a").await;
    let others = SessionSettings { prefix: "team".into(), ..SessionSettings::default() };

    assert_eq!(room.sessions.list(&others, 10).await.unwrap(), []);
    assert!(room.sessions.read(&others, "a").await.is_err());
}
