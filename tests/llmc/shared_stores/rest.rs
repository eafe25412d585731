//! A store asked over REST: faults that pass, sizes, and a token that nobody sees.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use bytes::Bytes;
use llmc::error::Kind;
use llmc::store::{Count, Expected, Limit, Size, Slot, Store, Written};

use super::*;
use crate::support::redis::is_installed;
use crate::support::rest::{Fault, Rest, TOKEN};
use crate::support::shared;

const HOUR: Duration = Duration::from_secs(3600);

fn fault(status: u16) -> Fault {
    Fault { status, retry_after: None, is_run: false }
}

/// The commands are run; the answer is lost.
fn lost() -> Fault {
    Fault { is_run: true, ..fault(502) }
}

#[tokio::test]
async fn faults_that_pass_are_not_noticed() {
    if !is_installed() {
        return;
    }
    let rest = Rest::start().await;
    let store = shared::upstash(&rest, PREFIX);
    rest.fail([fault(500), Fault { retry_after: Some("0"), ..fault(429) }, fault(503)]);

    store.put(row("a", "1", HOUR)).await.unwrap();

    assert_eq!(store.get(&key("a"), now()).await.unwrap(), Some(Bytes::from("1")));
}

#[tokio::test]
async fn a_pause_that_is_asked_for_is_kept_and_one_too_long_is_told() {
    if !is_installed() {
        return;
    }
    let rest = Rest::start().await;
    let store = shared::upstash(&rest, PREFIX);

    rest.fail([Fault { retry_after: Some("0.2"), ..fault(429) }]);
    let started = Instant::now();
    store.ping().await.unwrap();
    assert!(started.elapsed() >= millis(200));

    rest.fail([Fault { retry_after: Some("60"), ..fault(429) }]);
    let started = Instant::now();
    let error = store.ping().await.unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(5));
    assert_eq!(error.retry_after_value(), Some(Duration::from_secs(60)));
}

#[tokio::test]
async fn faults_that_stay_are_told_after_a_few_tries() {
    if !is_installed() {
        return;
    }
    let rest = Rest::start().await;
    let store = shared::upstash(&rest, PREFIX);
    rest.fail([fault(500); 4]);

    let error = store.ping().await.unwrap_err();

    assert_eq!((error.kind(), rest.requests()), (Kind::Unreachable, 4));
    assert!(error.to_string().ends_with("500 Internal Server Error: upstream connect error"), "{error}");
}

#[tokio::test]
async fn what_is_sent_again_because_its_answer_was_lost_happens_once() {
    if !is_installed() {
        return;
    }
    let rest = Rest::start().await;
    let store = shared::upstash(&rest, PREFIX);
    let count = Count { slot: Slot { hour: 5, ..Slot::default() }, field: "hits".to_owned(), by: 3 };
    let limit = Limit { count: 3, window: HOUR };
    let end = now().after(HOUR);
    let write = async |name| store.write_document(name, Bytes::from("x"), Expected::Absent, now(), end).await.unwrap();
    let admit = async |subject: &str| store.admit(subject.to_owned(), limit, now()).await.unwrap();
    // The scripts are known to the server before an answer is lost: else that answer would be that it knows none.
    store.count("first", vec![Count { field: "other".to_owned(), ..count.clone() }]).await.unwrap();
    store.lease(&key("b"), "me", HOUR).await.unwrap();
    store.put(row("a", "1", HOUR)).await.unwrap();
    write("first").await;
    admit("other").await;

    rest.fail([lost()]);
    store.count("second", vec![count.clone()]).await.unwrap();
    assert!(store.counts(0).await.unwrap().contains(&count));

    rest.fail([lost()]);
    assert_eq!(write("s").await, Written::Done(1));

    rest.fail([lost()]);
    assert!(store.lease(&key("a"), "me", HOUR).await.unwrap());

    rest.fail([lost()]);
    store.put(row("a", "123", HOUR)).await.unwrap();
    assert_eq!(store.size().await.unwrap(), Size { entries: 1, bytes: 3 });

    // An admission takes two places then, never none.
    rest.fail([lost()]);
    assert!(admit("user").await.admitted);
    assert_eq!(store.standing("user".to_owned(), limit, now()).await.unwrap().remaining, 1);
}

#[tokio::test]
async fn a_value_that_is_too_large_is_refused_before_anything_is_sent() {
    if !is_installed() {
        return;
    }
    let rest = Rest::start().await;
    let store = shared::upstash(&rest, PREFIX);
    let of = |bytes: usize| Row { value: vec![7; bytes].into(), ..row("a", "", HOUR) };

    let error = store.put(of(8 << 20)).await.unwrap_err();

    assert_eq!((error.kind(), rest.requests()), (Kind::TooLarge, 0));
    assert!(error.to_string().contains("10 MiB"), "{error}");
    store.put(of(7 << 20)).await.unwrap();
    assert_eq!(store.get(&key("a"), now()).await.unwrap().map(|value| value.len()), Some(7 << 20));
}

#[tokio::test]
async fn the_token_is_in_no_error_and_no_debug_output() {
    if !is_installed() {
        return;
    }
    let rest = Rest::start().await;
    let wrong = "hush-hush-token";
    let transport = llmc::store::shared::rest::Rest::new(&rest.url, llmc::config::secret::Secret::new(wrong)).unwrap();
    let store = llmc::store::shared::Shared::over(Box::new(transport), PREFIX);

    // The server quotes what it was sent.
    let error = store.ping().await.unwrap_err();

    assert_eq!((error.kind(), rest.requests()), (Kind::Unreachable, 1));
    let shown = format!("{error} {error:?} {store:?}");
    assert!(shown.contains("401") && !shown.contains("hush") && !shown.contains(TOKEN), "{shown}");
}

#[tokio::test]
async fn a_server_that_is_away_or_none_of_its_kind_is_told_quickly() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let token = llmc::config::secret::Secret::new(TOKEN);
    let transport = llmc::store::shared::rest::Rest::new(&place, token).unwrap();
    let store = llmc::store::shared::Shared::over(Box::new(transport), PREFIX);
    let started = Instant::now();

    let error = store.ping().await.unwrap_err();

    assert!(started.elapsed() < Duration::from_secs(8));
    assert!(error.to_string().starts_with(&format!("cannot reach upstash at `{place}`: ")), "{error}");
    assert!(error.is_transient() && !format!("{error:?}").contains(TOKEN));
}

#[tokio::test]
async fn the_value_is_text_in_the_server() {
    if !is_installed() {
        return;
    }
    let rest = Rest::start().await;
    shared::upstash(&rest, PREFIX).put(row("a", "sealed", HOUR)).await.unwrap();

    let kept = text(rest.run_command(&["GET", &format!("llm:cache:v1:{}", key("a"))]).await);

    assert_eq!(kept.as_deref(), Some("c2VhbGVk"));
}

/// The server of these tests speaks the API as the vendor's client does. `tests/run.sh` fetches that client and says
/// where it is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_vendor_s_own_client_is_content_with_the_server() {
    let Some(folder) = std::env::var_os("LLMC_UPSTASH_CLIENT").filter(|_| is_installed()) else { return };
    let script = Path::new(&folder).join("client.mjs");
    std::fs::write(&script, include_str!("../../fixtures/upstash/client.mjs")).unwrap();
    let rest = Rest::start().await;
    let url = rest.url.clone();

    let node = move || Command::new("node").arg(script).args([url.as_str(), TOKEN]).output();
    let output = tokio::task::spawn_blocking(node).await.unwrap().unwrap();

    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
