//! A store that is dead, frozen, slow, full, a replica, or wants another password: no job fails, none waits long, and
//! what is answered meanwhile is there for all when the store is back.

use llmc::config::settings::Durability;
use llmc::store::memory::Memory;
use llmc::store::sqlite::Sqlite;
use serde_json::json;

use super::*;
use crate::support::proxy::{Line, Proxy};
use crate::support::says;
use crate::support::world::Answered;

/// What a first job may cost on a busy machine; the deadlines in it add up to a third.
const ONCE: Duration = Duration::from_millis(1500);

async fn timed(world: &World, prompt: &str) -> (Answered, Duration) {
    let started = Instant::now();
    let answered = world.ask(json!({"prompt": prompt})).await;
    (answered, started.elapsed())
}

/// Jobs at a daemon whose store is in trouble: answered, soon, with one warning each, and hits from now on. So many were
/// answered before.
async fn answers_all_the_same(world: &World, before: u64) {
    let (first, took) = timed(world, "first").await;
    assert!(took < ONCE, "{took:?}");
    assert_eq!(first.reply().text, "hello");
    let mut whole = Duration::ZERO;
    for number in 0..10 {
        let (answered, took) = timed(world, &format!("prompt {number}")).await;
        assert_eq!(answered.header("llmc-degraded"), Some("store"), "{answered:?}");
        assert_eq!(answered.reply().metadata.warnings.len(), 1, "{answered:?}");
        whole += took;
    }
    // Were each to wait for the store but once, they would take twice as long.
    assert!(whole < Duration::from_secs(1), "{whole:?}");
    assert_eq!(world.ask(json!({"prompt": "first"})).await.cache_status(), "hit");
    let stats = world.stats().await;
    assert!(stats.degraded.iter().any(|trouble| trouble.contains("shared store")), "{:?}", stats.degraded);
    assert_eq!((stats.totals.misses, stats.totals.hits, stats.totals.errors), (11 + before, 1, 0));
}

/// Waits until a daemon has sent up what waited.
async fn back(world: &World) {
    until("the store is back", || async {
        world.tended().await;
        let stats = world.get("/status").await.json();
        stats["degraded"] == json!([])
    })
    .await;
    world.tended().await;
}

/// All of those jobs are hits at another daemon.
async fn known_to(other: &World) {
    for prompt in (0..10).map(|number| format!("prompt {number}")).chain(["first".to_owned()]) {
        let answered = other.ask(json!({"prompt": prompt, "cache": {"mode": "replay"}})).await;
        assert_eq!(answered.reply().text, "hello");
    }
}

#[tokio::test]
async fn a_server_that_froze_costs_one_job_half_a_second_and_loses_nothing() {
    if !is_installed() {
        return;
    }
    let redis = Redis::start(&[]).await;
    let upstream = Arc::new(Upstream::start().await);
    let world = daemon(&redis.url(), &upstream, BUILT_IN).with("cache.memory_size = \"0\"").begun();
    let other = daemon(&redis.url(), &upstream, PATIENT).begun();
    redis.freeze();

    answers_all_the_same(&world, 0).await;

    assert!(world.stats().await.store_failures > 0);
    redis.thaw();
    back(&world).await;
    known_to(&other).await;
    assert_eq!(upstream.count(), 11);
}

#[tokio::test]
async fn a_server_that_is_not_there_yet_gets_all_when_it_comes() {
    if !is_installed() {
        return;
    }
    let mut redis = Redis::start(&[]).await;
    let upstream = Arc::new(Upstream::start().await);
    redis.stop();
    let world = daemon(&redis.url(), &upstream, BUILT_IN).with("cache.memory_size = \"0\"").begun();

    answers_all_the_same(&world, 0).await;

    redis.restart_empty().await;
    back(&world).await;
    known_to(&daemon(&redis.url(), &upstream, PATIENT).begun()).await;
}

#[tokio::test]
async fn a_server_that_comes_back_empty_gets_what_was_answered_meanwhile() {
    if !is_installed() {
        return;
    }
    let mut redis = Redis::start(&[]).await;
    let upstream = Arc::new(Upstream::start().await);
    let world = daemon(&redis.url(), &upstream, BUILT_IN).with("cache.memory_size = \"0\"").begun();
    world.generate("before").await;
    redis.stop();
    world.generate("during").await;

    redis.restart_empty().await;
    back(&world).await;

    let other = daemon(&redis.url(), &upstream, PATIENT).begun();
    assert_eq!(other.ask(json!({"prompt": "during"})).await.cache_status(), "hit");
    assert_eq!(other.ask(json!({"prompt": "before"})).await.cache_status(), "miss");
}

#[tokio::test]
async fn a_slow_line_is_left_alone_and_a_dead_one_made_anew() {
    if !is_installed() {
        return;
    }
    let redis = Redis::start(&[]).await;
    let upstream = Arc::new(Upstream::start().await);
    for line in [Line::Slow(Duration::from_millis(200)), Line::Dead, Line::Half, Line::Cut] {
        redis.run_command(&["FLUSHALL"]).await;
        let before = upstream.count();
        let proxy = Proxy::to(redis.port).await;
        let world = daemon(&proxy.url(), &upstream, BUILT_IN).with("cache.memory_size = \"0\"").begun();
        world.tended().await;
        proxy.becomes(line);

        answers_all_the_same(&world, 0).await;

        proxy.becomes(Line::Good);
        back(&world).await;
        known_to(&daemon(&redis.url(), &upstream, PATIENT).begun()).await;
        assert_eq!(upstream.count() - before, 11, "{line:?}");
    }
}

#[tokio::test]
async fn a_wrong_password_fails_no_job() {
    if !is_installed() {
        return;
    }
    let redis = Redis::start(&["--requirepass", "right"]).await;
    let upstream = Arc::new(Upstream::start().await);
    let url = format!("redis://:hush-hush@127.0.0.1:{}", redis.port);
    let world = daemon(&url, &upstream, BUILT_IN).with("cache.memory_size = \"0\"").begun();

    answers_all_the_same(&world, 0).await;

    let warning = &world.generate("once more").await.metadata.warnings[0];
    assert!(warning.contains("authentication failed") && !warning.contains("hush"), "{warning}");
}

#[tokio::test]
async fn a_replica_is_read_from_and_gets_the_rest_when_it_is_the_primary() {
    if !is_installed() {
        return;
    }
    let redis = Redis::start(&[]).await;
    let upstream = Arc::new(Upstream::start().await);
    let world = daemon(&redis.url(), &upstream, PATIENT).with("cache.memory_size = \"0\"").begun();
    world.generate("before").await;
    redis.run_command(&["REPLICAOF", "127.0.0.1", "1"]).await;

    answers_all_the_same(&world, 1).await;

    assert_eq!(world.ask(json!({"prompt": "before"})).await.cache_status(), "hit");
    assert!(world.generate("x").await.metadata.warnings[0].contains("READONLY"));
    // However often it is tried meanwhile.
    for _ in 0..3 {
        world.tended().await;
        assert!(world.daemon.pipeline.store().trouble().is_some());
    }
    redis.run_command(&["REPLICAOF", "NO", "ONE"]).await;
    back(&world).await;
    known_to(&daemon(&redis.url(), &upstream, PATIENT).begun()).await;
}

#[tokio::test]
async fn a_full_server_is_read_from_and_gets_the_rest_when_there_is_room() {
    if !is_installed() {
        return;
    }
    let redis = Redis::start(&["--maxmemory-policy", "noeviction"]).await;
    let upstream = Arc::new(Upstream::start().await);
    let world = daemon(&redis.url(), &upstream, PATIENT).with("cache.memory_size = \"0\"").begun();
    world.generate("before").await;
    redis.run_command(&["CONFIG", "SET", "maxmemory", "1"]).await;

    answers_all_the_same(&world, 1).await;

    assert_eq!(world.ask(json!({"prompt": "before"})).await.cache_status(), "hit");
    assert!(world.generate("x").await.metadata.warnings[0].contains("OOM"));
    redis.run_command(&["CONFIG", "SET", "maxmemory", "0"]).await;
    back(&world).await;
    known_to(&daemon(&redis.url(), &upstream, PATIENT).begun()).await;
}

#[tokio::test]
async fn what_waits_outlives_its_daemon_and_is_sent_by_the_next() {
    if !is_installed() {
        return;
    }
    let mut redis = Redis::start(&[]).await;
    redis.stop();
    let upstream = Arc::new(Upstream::start().await);
    let folder = tempfile::tempdir().unwrap();
    let open = || Arc::new(Sqlite::open(&folder.path().join("llmc.sqlite"), Durability::Normal).unwrap().0);
    let local = open();
    let world = World::new().over(behind(&redis.url(), local.clone(), BUILT_IN)).asking(&upstream).begun();
    world.generate("hi").await;
    // Gone without a word: nothing is flushed.
    local.close();
    drop((world, local));

    redis.restart_empty().await;
    let world = World::new().over(behind(&redis.url(), open(), BUILT_IN)).asking(&upstream).begun();
    world.tended().await;

    let other = daemon(&redis.url(), &upstream, PATIENT).begun();
    assert_eq!(other.ask(json!({"prompt": "hi"})).await.cache_status(), "hit");
}

async fn refreshed(world: &World, text: &str) {
    world.upstream.answers(says(text));
    world.clock.advance(Duration::from_secs(1));
    let asked = json!({"prompt": "hi", "cache": {"mode": "refresh"}});
    assert_eq!(world.ask(asked).await.reply().text, text);
}

#[tokio::test]
async fn the_newest_answer_wins_wherever_it_waited() {
    if !is_installed() {
        return;
    }
    let redis = Redis::start(&[]).await;
    let upstream = Arc::new(Upstream::start().await);
    let proxy = Proxy::to(redis.port).await;
    let cut_off = daemon(&proxy.url(), &upstream, PATIENT).with("cache.memory_size = \"0\"").begun();
    let other = daemon(&redis.url(), &upstream, PATIENT).begun();
    refreshed(&cut_off, "first").await;
    proxy.becomes(Line::Cut);

    refreshed(&cut_off, "second").await;

    // At the server there is still the first.
    assert_eq!(cut_off.generate("hi").await.text, "second");
    other.clock.advance(Duration::from_secs(60));
    refreshed(&other, "third").await;
    proxy.becomes(Line::Good);
    back(&cut_off).await;
    assert_eq!(cut_off.generate("hi").await.text, "third");
    assert_eq!(other.generate("hi").await.text, "third");
}

#[tokio::test]
async fn a_purge_that_cannot_be_done_says_so_and_a_listing_shows_no_part_for_the_whole() {
    if !is_installed() {
        return;
    }
    let mut redis = Redis::start(&[]).await;
    let upstream = Arc::new(Upstream::start().await);
    let world = daemon(&redis.url(), &upstream, BUILT_IN).begun();
    let key = world.generate("before").await.metadata.cache_key;
    redis.stop();
    world.generate("during").await;

    for answered in [world.get("/cache/entries").await, world.purge(json!({"all": true})).await] {
        assert_eq!(answered.failure(), (503, "unreachable".to_owned()));
    }
    let store = world.daemon.pipeline.store();
    let error = store.remove(vec![llmc::exchange::Key::from_hex(&key).unwrap()]).await.unwrap_err();
    assert_eq!(error.message(), "cannot remove anything from the shared store");
}

#[tokio::test]
async fn what_was_forgotten_while_it_waited_is_never_sent() {
    if !is_installed() {
        return;
    }
    let mut redis = Redis::start(&[]).await;
    let upstream = Arc::new(Upstream::start().await);
    let local = Arc::new(Memory::new());
    let store = behind(&redis.url(), local, BUILT_IN);
    let world = World::new().over(store.clone()).asking(&upstream).begun();
    redis.stop();
    let key = llmc::exchange::Key::from_hex(&world.generate("during").await.metadata.cache_key).unwrap();

    store.remove(vec![key]).await.unwrap_err();

    redis.restart_empty().await;
    back(&world).await;
    assert_eq!(store.size().await.unwrap().entries, 0);
}
