//! Askers who come late, leave early and share what came.

use super::*;
use crate::error::Kind;

fn id(byte: u8) -> FlightId {
    FlightId { key: Key([byte; 32]), payer: 0 }
}

fn leader(flights: &Arc<Flights>, byte: u8) -> Departure {
    match flights.join(id(byte), Terms::default()) {
        Place::Leader(departure) => departure,
        Place::Follower(_) => panic!("somebody else is in the air"),
    }
}

#[tokio::test]
async fn a_late_listener_hears_all_from_the_beginning() {
    let flights = Arc::new(Flights::default());
    let departure = leader(&flights, 1);
    departure.flight().publish(Bytes::from_static(b"one"));
    let Place::Follower(mut late) = flights.join(id(1), Terms::default()) else { panic!("a second leader") };
    departure.flight().publish(Bytes::from_static(b"two"));
    let entry = Arc::new(crate::pipeline::entry::tests::entry(b"", b"onetwo"));
    departure.land(Ok(Landed::called(entry)));

    let mut heard = Vec::new();
    let end = loop {
        match late.hear().await {
            Heard::Chunk(chunk) => heard.push(chunk),
            Heard::End(outcome) => break outcome,
        }
    };

    assert_eq!(heard, ["one", "two"]);
    assert_eq!(end.unwrap().entry.body, "onetwo");
}

#[tokio::test]
async fn a_flight_that_is_given_up_fails_its_listeners_and_frees_its_place() {
    let flights = Arc::new(Flights::default());
    let departure = leader(&flights, 1);
    let mut listener = departure.flight().listen();

    drop(departure);

    assert!(listener.outcome().await.is_err());
    assert_eq!(flights.count(), 0);
}

/// A leader that makes its call itself, and somebody who joined.
fn attended(call: impl Future<Output = ()> + Send + 'static) -> (Arc<Flights>, Listener, Listener) {
    let flights = Arc::new(Flights::default());
    let departure = leader(&flights, 1);
    let mut leading = departure.flight().listen();
    let Place::Follower(joined) = flights.join(id(1), Terms::default()) else { panic!("a second leader") };
    leading.fly(async move {
        call.await;
        let entry = Arc::new(crate::pipeline::entry::tests::entry(b"", b"answer"));
        departure.land(Ok(Landed::called(entry)));
    });
    (flights, leading, joined)
}

#[tokio::test]
async fn a_call_goes_on_for_those_who_joined_when_its_maker_leaves() {
    let (hold, held) = tokio::sync::oneshot::channel::<()>();
    let (_flights, mut leading, mut joined) = attended(async move { drop(held.await) });
    let left = tokio::time::timeout(Duration::from_millis(1), leading.outcome()).await;
    assert!(left.is_err());

    drop(leading);
    hold.send(()).unwrap();

    assert_eq!(joined.outcome().await.unwrap().entry.body, "answer");
}

#[tokio::test]
async fn a_call_that_panics_is_an_error_for_all_and_no_more() {
    let (flights, mut leading, mut joined) = attended(async { panic!("on purpose") });

    assert_eq!(leading.outcome().await.unwrap_err().kind(), Kind::Unreachable);

    assert!(joined.outcome().await.is_err());
    assert_eq!(flights.count(), 0);
}

#[test]
fn who_would_wait_or_try_longer_is_not_bound_by_who_would_not() {
    let terms = |wait, attempts| Terms {
        subject: "me".to_owned(),
        wait: Duration::from_secs(wait),
        attempts,
        ..Terms::default()
    };
    let limited = Error::new(Kind::RateLimit, "x").limited_by(LimitedBy::Llmc);
    assert!(terms(0, 1).are_worse_than(&terms(5, 1), &limited));
    assert!(!terms(5, 1).are_worse_than(&terms(5, 9), &limited));
    assert!(terms(5, 1).are_worse_than(&Terms { subject: "you".to_owned(), ..terms(0, 1) }, &limited));

    let failing = Error::new(Kind::Provider, "x").upstream_status(503);
    assert!(terms(0, 1).are_worse_than(&terms(0, 4), &failing));
    assert!(!terms(0, 4).are_worse_than(&terms(9, 4), &failing));
    let refused = Error::new(Kind::Provider, "x").upstream_status(400);
    assert!(!terms(0, 1).are_worse_than(&terms(0, 4), &refused));
}

#[tokio::test]
async fn other_prompts_and_other_payers_fly_apart() {
    let flights = Arc::new(Flights::default());
    let _first = leader(&flights, 1);
    let _second = leader(&flights, 2);
    let other_payer = FlightId { payer: 9, ..id(1) };
    assert!(matches!(flights.join(other_payer, Terms::default()), Place::Leader(_)));
    assert!(matches!(flights.join(id(2), Terms::default()), Place::Follower(_)));
}
