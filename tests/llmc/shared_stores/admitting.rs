//! The sliding window across daemons, and leases.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use llmc::clock::Timestamp;
use llmc::store::memory::Memory;
use llmc::store::shared::Shared;
use llmc::store::{Limit, Store};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::support::redis::{Cluster, Redis, is_installed};
use crate::support::shared;

/// When an admission was asked for and when it was granted: it was recorded somewhere between.
type Span = (Instant, Instant);

/// No window holds more than the limit: the first and the last of any `count` + 1 are a window apart.
fn keeps_the_limit(mut granted: Vec<Span>, limit: Limit) -> bool {
    granted.sort_by_key(|(asked, _)| *asked);
    let places = usize::try_from(limit.count).unwrap();
    // Of any that overlap, the earliest question and the latest answer bound what the server did.
    let mut answered: Vec<Instant> = granted.iter().map(|(_, answered)| *answered).collect();
    answered.sort();
    // A clock that counts milliseconds may have just ticked.
    let slack = Duration::from_millis(1);
    (places..granted.len()).all(|last| answered[last] + slack >= granted[last - places].0 + limit.window)
}

async fn ask(store: &Shared, limit: Limit, now: Timestamp) -> Option<Span> {
    let asked = Instant::now();
    let admission = store.admit("user".to_owned(), limit, now).await.unwrap();
    admission.admitted.then(|| (asked, Instant::now()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn askers_with_skewed_clocks_share_one_window() {
    if !is_installed() {
        return;
    }
    let server = Redis::start(&[]).await;
    let limit = Limit { count: 20, window: millis(300) };
    let started = Instant::now();
    let mut daemons = tokio::task::JoinSet::new();
    for skew in [Timestamp(0), Timestamp(u64::MAX), now(), now().before(limit.window)] {
        let store = shared::redis(&server.url(), PREFIX);
        daemons.spawn(async move {
            let mut granted = Vec::new();
            while started.elapsed() < 5 * limit.window {
                granted.extend(ask(&store, limit, skew).await);
            }
            granted
        });
    }

    let granted: Vec<Span> = daemons.join_all().await.concat();

    // More than one window of them, and no window of more.
    assert!(granted.len() >= 40, "{}", granted.len());
    assert!(keeps_the_limit(granted, limit));
}

#[test]
fn no_interleaving_of_daemons_admits_too_many() {
    if !is_installed() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let server = runtime.block_on(Redis::start(&[]));
    let steps = proptest::collection::vec((0usize..4, 0u64..12, any::<u32>()), 1..60);
    let cases = AtomicU32::new(0);
    let config = Config { cases: 20, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&(steps, 1u32..6, 5u64..40), |(steps, count, window)| {
        let case = cases.fetch_add(1, Ordering::Relaxed);
        let limit = Limit { count, window: millis(window) };
        let granted: Vec<Span> = runtime.block_on(async {
            let daemons: Vec<Arc<Shared>> =
                (0..4).map(|_| Arc::new(shared::redis(&server.socket_url(), &format!("case{case}")))).collect();
            let mut asks = tokio::task::JoinSet::new();
            for (daemon, pause, skew) in steps {
                tokio::time::sleep(millis(pause)).await;
                let store = Arc::clone(&daemons[daemon]);
                asks.spawn(async move { ask(&store, limit, Timestamp(u64::from(skew))).await });
            }
            asks.join_all().await.into_iter().flatten().collect()
        });
        prop_assert!(!granted.is_empty());
        prop_assert!(keeps_the_limit(granted, limit));
        Ok(())
    });
    result.unwrap();
}

#[test]
fn the_script_decides_as_the_window_does() {
    if !is_installed() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let server = runtime.block_on(Redis::start(&[]));
    let store = shared::redis(&server.socket_url(), PREFIX).by_the_askers_clock();
    // Limits are changed by hand now and then, and clocks are set back.
    let steps = proptest::collection::vec((0u64..300, 0u32..6, 1u64..120, any::<bool>()), 1..60);
    let cases = AtomicU32::new(0);
    let config = Config { cases: 60, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&steps, |steps| {
        let case = cases.fetch_add(1, Ordering::Relaxed);
        let memory = Memory::new();
        for (now, count, window, only_asks) in steps {
            let (subject, now) = (format!("case{case}"), Timestamp(now));
            let limit = Limit { count, window: millis(window) };
            let (theirs, ours) = runtime.block_on(async {
                if only_asks {
                    let ours = store.standing(subject.clone(), limit, now).await;
                    (memory.standing(subject, limit, now).await, ours)
                } else {
                    (memory.admit(subject.clone(), limit, now).await, store.admit(subject, limit, now).await)
                }
            });
            prop_assert_eq!(ours.unwrap(), theirs.unwrap());
        }
        Ok(())
    });
    result.unwrap();
}

#[tokio::test]
async fn what_a_subject_costs_is_bounded_and_forgotten() {
    if !is_installed() {
        return;
    }
    let server = Redis::start(&[]).await;
    let store = shared::redis(&server.url(), PREFIX);
    for _ in 0..200 {
        store.admit("user".to_owned(), Limit { count: 20, window: millis(1) }, now()).await.unwrap();
    }

    let length = server.run_command(&["LLEN", "llm:cache:limit:user"]).await;
    let left = server.run_command(&["TTL", "llm:cache:limit:user"]).await;

    assert!(redis::from_redis_value::<i64>(length).unwrap() <= 20);
    assert!((1..=86_401).contains(&redis::from_redis_value::<i64>(left).unwrap()));
}

#[tokio::test]
async fn a_lease_has_one_holder_and_ends_by_itself() {
    if !is_installed() {
        return;
    }
    let cluster = Cluster::start().await;
    let [one, two] = [(); 2].map(|()| shared::redis(&cluster.url(), PREFIX));
    let long = Duration::from_secs(60);

    assert!(one.lease(&key("a"), "one", long).await.unwrap());
    assert!(one.lease(&key("a"), "one", long).await.unwrap());
    assert!(!two.lease(&key("a"), "two", long).await.unwrap());
    assert!(two.lease(&key("b"), "two", long).await.unwrap());
    two.release(&key("a"), "two").await.unwrap();
    assert!(!two.lease(&key("a"), "two", long).await.unwrap());
    one.release(&key("a"), "one").await.unwrap();

    assert!(two.lease(&key("a"), "two", millis(30)).await.unwrap());
    until("the lease of a dead holder ends", || async { one.lease(&key("a"), "one", long).await.unwrap() }).await;
}
