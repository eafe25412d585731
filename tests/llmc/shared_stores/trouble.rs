//! A server that is away, slow, full, emptied, or wants another password.

use std::time::{Duration, Instant};

use bytes::Bytes;
use llmc::error::{Error, Kind};
use llmc::store::{Limit, Store};

use super::*;
use crate::support::redis::{Cluster, Redis, command, is_installed};
use crate::support::shared;

const HOUR: Duration = Duration::from_secs(3600);
/// A failing verb may take this long on a busy machine; the deadlines themselves are shorter.
const QUICK: Duration = Duration::from_secs(8);

/// The error of a ping, which must come quickly and hold no password.
async fn failing(url: &str) -> Error {
    let started = Instant::now();
    let store = shared::redis(url, PREFIX);

    let error = store.ping().await.unwrap_err();

    assert!(started.elapsed() < QUICK, "{:?}", started.elapsed());
    assert_eq!(error.kind(), Kind::Unreachable);
    assert!(!format!("{error:?}").contains("hush"), "{error:?}");
    error
}

#[tokio::test]
async fn a_server_that_is_away_is_told_at_once_and_every_time() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);

    let error = failing(&format!("redis://u:hush-hush@127.0.0.1:{port}")).await;

    assert_eq!(error.to_string(), format!("cannot reach redis at `127.0.0.1:{port}`: connection refused"));
    assert!(error.hint_text().is_some() && error.is_transient());
    for url in ["unix:///nowhere/at/all?pass=hush-hush", "redis+cluster://u:hush-hush@127.0.0.1:1,127.0.0.1:2"] {
        failing(url).await;
    }
    failing("redis+sentinel://u:hush-hush@127.0.0.1:1/mymaster?sentinel_password=hush2").await;
    // Too long for a name, so that nobody is asked for it.
    failing(&format!("redis://u:hush-hush@{}", "n".repeat(70))).await;
}

#[tokio::test]
async fn a_server_that_accepts_and_says_nothing_is_given_up() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let silent = tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            kept.push(stream);
        }
    });

    let error = failing(&format!("redis://127.0.0.1:{port}")).await;

    assert!(error.to_string().contains("in time"), "{error}");
    silent.abort();
}

#[tokio::test]
async fn a_wrong_password_is_told_without_it() {
    if !is_installed() {
        return;
    }
    let server = Redis::start(&["--requirepass", "right"]).await;
    let at = format!("127.0.0.1:{}", server.port);

    for url in [format!("redis://:hush-hush@{at}"), format!("redis://u:hush-hush@{at}"), format!("redis://{at}")] {
        let error = failing(&url).await;
        assert!(error.hint_text().unwrap().contains("password"), "{error:?}");
    }

    shared::redis(&format!("redis://:right@{at}"), PREFIX).ping().await.unwrap();
    shared::redis(&format!("redis://default:right@{at}/3"), PREFIX).ping().await.unwrap();
}

#[tokio::test]
async fn a_server_that_comes_back_empty_is_found_again() {
    if !is_installed() {
        return;
    }
    let mut server = Redis::start(&[]).await;
    let store = shared::redis(&server.url(), PREFIX);
    let limit = Limit { count: 1, window: HOUR };
    store.put(row("a", "1", HOUR)).await.unwrap();
    store.admit("user".to_owned(), limit, now()).await.unwrap();

    server.stop();
    assert_eq!(store.get(&key("a"), now()).await.unwrap_err().kind(), Kind::Unreachable);
    server.restart_empty().await;

    // The very next call works, scripts that the new server never saw included.
    assert_eq!(store.get(&key("a"), now()).await.unwrap(), None);
    assert!(store.admit("user".to_owned(), limit, now()).await.unwrap().admitted);
}

#[tokio::test]
async fn a_line_that_the_server_hung_up_on_is_made_anew_unnoticed() {
    if !is_installed() {
        return;
    }
    let server = Redis::start(&[]).await;
    let store = shared::redis(&server.url(), PREFIX);
    store.put(row("a", "1", HOUR)).await.unwrap();

    server.run_command(&["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]).await;

    assert_eq!(store.get(&key("a"), now()).await.unwrap(), Some(Bytes::from("1")));
}

#[tokio::test]
async fn scripts_that_the_server_forgot_are_sent_again() {
    if !is_installed() {
        return;
    }
    let cluster = Cluster::start().await;
    let store = shared::redis(&cluster.url(), PREFIX);
    for value in ["1", "22"] {
        for node in &cluster.nodes {
            node.run_command(&["SCRIPT", "FLUSH"]).await;
        }

        store.put(row("a", value, HOUR)).await.unwrap();

        assert_eq!(store.size().await.unwrap().bytes, u64::try_from(value.len()).unwrap());
    }
}

#[tokio::test]
async fn a_full_server_is_an_error_and_what_is_there_is_still_read() {
    if !is_installed() {
        return;
    }
    let server = Redis::start(&["--maxmemory-policy", "noeviction"]).await;
    let store = shared::redis(&server.url(), PREFIX);
    store.put(row("a", "1", HOUR)).await.unwrap();
    server.run_command(&["CONFIG", "SET", "maxmemory", "1"]).await;

    let error = store.put(row("b", "2", HOUR)).await.unwrap_err();

    assert!(error.to_string().contains("OOM") && error.hint_text().unwrap().contains("maxmemory"), "{error:?}");
    assert_eq!(store.get(&key("a"), now()).await.unwrap(), Some(Bytes::from("1")));
}

#[tokio::test]
async fn settings_that_lose_things_are_told() {
    if !is_installed() {
        return;
    }
    let careless = Redis::start(&["--maxmemory-policy", "allkeys-lru"]).await;
    let careful = Redis::start(&["--appendonly", "yes", "--maxmemory-policy", "volatile-lru"]).await;
    let secretive = Redis::start(&["--rename-command", "CONFIG", ""]).await;

    let told = shared::redis(&careless.url(), PREFIX).warnings().await;

    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("allkeys-lru") && told[1].contains("restart"), "{told:?}");
    assert_eq!(shared::redis(&careful.url(), PREFIX).warnings().await, [""; 0]);
    assert_eq!(shared::redis(&secretive.url(), PREFIX).warnings().await, [""; 0]);
}

#[tokio::test]
async fn sentinels_name_the_primary() {
    if !is_installed() {
        return;
    }
    let primary = Redis::start(&[]).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sentinel.conf");
    std::fs::write(&file, format!("sentinel monitor mymaster 127.0.0.1 {} 1\n", primary.port)).unwrap();
    let sentinel = Redis::start_with(Some(&file), &["--sentinel"]).await;
    let url = format!("redis+sentinel://127.0.0.1:{}/mymaster", sentinel.port);
    let store = shared::redis(&url, PREFIX);

    store.put(row("a", "1", HOUR)).await.unwrap();

    let there = command(&primary.socket_url(), &["EXISTS", &format!("llm:cache:v1:{}", key("a"))]).await;
    assert_eq!(there, redis::Value::Int(1));
    let unknown = shared::redis(&url.replace("mymaster", "other"), PREFIX);
    assert_eq!(unknown.ping().await.unwrap_err().kind(), Kind::Unreachable);
}
