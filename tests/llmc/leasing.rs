//! Turns of several daemons on one store: who holds a session, for how long, and what becomes of those who wait.

use std::sync::Arc;
use std::time::Duration;

use llmc::api::generate::{ApiContent, ApiMessage};
use llmc::clock::{FakeClock, Timestamp};
use llmc::config::settings::SessionSettings;
use llmc::session::{Appended, Draft, Origin, Sessions, Turn};
use serde_json::json;
use tokio::time::{Instant, sleep, timeout};

use crate::support::World;
use crate::support::leasing::Leasing;
use crate::support::upstream::Upstream;

const MINUTE: Duration = Duration::from_secs(60);

/// Two daemons on one store, and a session in it.
struct Pair {
    store: Arc<Leasing>,
    one: Arc<Sessions>,
    other: Arc<Sessions>,
}

async fn pair() -> Pair {
    let (store, clock) = (Arc::new(Leasing::default()), Arc::new(FakeClock::at(Timestamp(1_000))));
    let daemon = || Sessions::new(store.clone(), clock.clone(), None);
    let (one, other) = (daemon(), daemon());
    let draft = Draft { id: Some("a".to_owned()), ..Draft::default() };
    one.create(&SessionSettings::default(), draft).await.unwrap();
    Pair { store, one, other }
}

async fn begin(sessions: &Arc<Sessions>) -> Turn {
    let mut turn = sessions.begin(&SessionSettings::default(), "a", Origin::Kept).await.unwrap();
    let question = ApiMessage { role: "user".to_owned(), content: ApiContent::Text("hi".to_owned()) };
    turn.ask(None, vec![question]).unwrap();
    turn
}

#[tokio::test(start_paused = true)]
async fn a_turn_is_held_for_as_long_as_its_call_takes() {
    let pair = pair().await;
    let turn = begin(&pair.one).await;
    let waiting = tokio::spawn({
        let other = Arc::clone(&pair.other);
        async move { begin(&other).await.append("me", "second").await.unwrap() }
    });
    sleep(10 * MINUTE).await;
    assert!(!waiting.is_finished());

    let first = turn.append("me", "first").await.unwrap();

    let second = waiting.await.unwrap();
    assert!(!first.apart && !second.apart);
    assert_eq!((first.version, second.version), (2, 3));
    assert_eq!(pair.store.held(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_holder_that_died_delays_nobody_longer_than_its_lease() {
    let pair = pair().await;
    let turn = begin(&pair.one).await;
    pair.store.bereave();
    let bereft_at = Instant::now();

    let next = timeout(MINUTE, begin(&pair.other)).await.unwrap();

    assert!(bereft_at.elapsed() <= Duration::from_secs(31), "{:?}", bereft_at.elapsed());
    next.append("me", "second").await.unwrap();
    // The one that was taken for dead was only asleep: its turn is whole all the same, and says so.
    assert_eq!(turn.append("me", "first").await.unwrap(), Appended { version: 3, created: false, apart: true });
}

#[tokio::test(start_paused = true)]
async fn a_reader_who_stalls_is_passed_by_in_the_end() {
    let pair = pair().await;
    let stalled = begin(&pair.one).await;

    let next = timeout(20 * MINUTE, begin(&pair.one)).await.expect("its place is given to the next");

    next.append("me", "second").await.unwrap();
    assert!(stalled.append("me", "first").await.unwrap().apart);
}

#[tokio::test(start_paused = true)]
async fn an_ended_turn_is_given_back_before_its_daemon_goes() {
    let pair = pair().await;
    drop(begin(&pair.one).await);

    pair.one.settled(MINUTE).await;

    assert_eq!(pair.store.held(), 0);
}

#[tokio::test]
async fn a_hiccup_while_another_daemon_makes_the_call_makes_no_second_one() {
    let (store, upstream) = (Arc::new(Leasing::default()), Arc::new(Upstream::start().await));
    let daemon = || World::new().over(store.clone()).asking(&upstream).begun();
    let (one, other) = (daemon(), daemon());
    upstream.hold();
    let holder = tokio::spawn(one.ask(json!({"prompt": "hi"})));
    upstream.called(1).await;
    let follower = tokio::spawn(other.ask(json!({"prompt": "hi"})));
    store.asked(1).await;

    store.fail_once();
    store.asked(2).await;
    upstream.release();

    assert_eq!(holder.await.unwrap().cache_status(), "miss");
    assert_eq!(follower.await.unwrap().cache_status(), "hit");
    assert_eq!(upstream.count(), 1);
}
