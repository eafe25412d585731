//! Who may go on, what those are told who may not, and that no window ever holds too many.

use std::sync::{Arc, Barrier};
use std::time::Duration;

use llmc::api::status::LimitsReply;
use llmc::clock::{Clock, FakeClock, Timestamp};
use llmc::config::settings::{Durability, RateLimitSettings};
use llmc::pipeline::admit::{Class, Limits};
use llmc::store::sqlite::Sqlite;
use serde_json::{Value, json};

use crate::support::world::{Answered, Plan, START};
use crate::support::{Reply, World};

const MINUTE: Duration = Duration::from_secs(60);

fn limited() -> Plan {
    World::new().with_built_in_limits()
}

fn question(number: usize) -> Value {
    json!({"prompt": format!("number {number}")})
}

/// Asks so many different things and tells how many were answered.
async fn admitted(world: &World, numbers: std::ops::Range<usize>) -> usize {
    let mut admitted = 0;
    for number in numbers {
        admitted += usize::from(world.ask(question(number)).await.status == 200);
    }
    admitted
}

fn standing(answer: &Answered) -> [Option<&str>; 3] {
    ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"].map(|name| answer.header(name))
}

#[tokio::test]
async fn the_call_after_the_last_place_is_refused_in_the_services_own_words() {
    let world = limited().answering("hello").await;
    assert_eq!(admitted(&world, 0..20).await, 20);
    world.clock.advance(Duration::from_millis(48_001));

    let refused = world.ask(question(20)).await;

    assert_eq!(refused.status, 429);
    assert_eq!(refused.header("retry-after"), Some("12"));
    assert_eq!(refused.header("llmc-limited-by"), Some("llmc"));
    let reset = START.after(MINUTE).0.to_string();
    assert_eq!(standing(&refused), [Some("20"), Some("0"), Some(reset.as_str())]);
    let body: Value = serde_json::from_slice(&refused.body).unwrap();
    assert_eq!(body["error"]["message"], "Too many LLM requests, please wait before trying again.");
    assert_eq!(body["error"]["type"], "rate_limit_exceeded");
    assert_eq!(body["retryAfter"], 12);
    assert_eq!(world.upstream.count(), 20);
    assert_eq!(world.stats().await.totals.rate_limited, 1);
}

#[tokio::test]
async fn every_answer_tells_how_its_asker_stands() {
    let world = limited().answering("hello").await;

    for left in (0..20).rev() {
        let answer = world.ask(question(left)).await;
        assert_eq!(standing(&answer)[..2], [Some("20"), Some(left.to_string().as_str())]);
    }

    let hit = world.ask(question(0)).await;
    assert_eq!((hit.cache_status(), standing(&hit)[1]), ("hit", Some("0")));
}

#[tokio::test]
async fn a_hit_spends_nothing() {
    let world = limited().with("rate_limit.llm = 1").answering("hello").await;

    for _ in 0..50 {
        assert_eq!(world.ask(question(1)).await.status, 200);
    }

    assert_eq!(world.ask(question(2)).await.status, 429);
    assert_eq!(world.ask(question(1)).await.cache_status(), "hit");
}

#[tokio::test]
async fn a_hit_spends_a_place_where_that_is_set() {
    let plan = limited().with("rate_limit.llm = 2").with("rate_limit.count_hits = true");
    let world = plan.answering("hello").await;

    let statuses =
        [world.ask(question(1)).await.status, world.ask(question(1)).await.status, world.ask(question(1)).await.status];

    assert_eq!(statuses, [200, 200, 429]);
    assert_eq!(world.upstream.count(), 1);
}

#[tokio::test]
async fn a_refusal_counts_for_nothing() {
    let world = limited().answering("hello").await;
    assert_eq!(admitted(&world, 0..20).await, 20);
    world.clock.advance(MINUTE - Duration::from_millis(1));
    assert_eq!(admitted(&world, 100..130).await, 0);

    world.clock.advance(Duration::from_millis(1));

    assert_eq!(admitted(&world, 200..230).await, 20);
}

#[tokio::test]
async fn the_window_slides() {
    let world = limited().answering("hello").await;
    assert_eq!(admitted(&world, 0..10).await, 10);
    world.clock.advance(MINUTE / 2);
    assert_eq!(admitted(&world, 10..25).await, 10);
    world.clock.advance(MINUTE / 2);

    assert_eq!(admitted(&world, 30..50).await, 10);
}

#[tokio::test]
async fn a_restart_forgets_no_admission() {
    let world = limited().on_disk().answering("hello").await;
    assert_eq!(admitted(&world, 0..20).await, 20);

    let world = world.reopened().await;

    assert_eq!(world.ask(question(20)).await.status, 429);
    world.clock.advance(MINUTE);
    assert_eq!(world.ask(question(20)).await.status, 200);
}

#[tokio::test]
async fn a_limit_of_none_leaves_the_cache() {
    let world = limited().answering("hello").await;
    world.ask(question(1)).await.reply();
    let settings = std::fs::read_to_string(world.settings_file()).unwrap();
    std::fs::write(world.settings_file(), settings + "rate_limit.llm = 0\n").unwrap();
    assert_eq!(world.send("POST", "/reload", &[], String::new()).await.status, 200);

    assert_eq!(world.ask(question(1)).await.cache_status(), "hit");
    assert_eq!(world.ask(json!({"prompt": "new", "wait": "1h"})).await.status, 429);
}

#[tokio::test]
async fn a_refused_stream_is_no_stream() {
    let world = limited().with("rate_limit.llm = 0").answering("hello").await;

    let refused = world.ask(json!({"prompt": "hi", "stream": true})).await;

    assert_eq!(refused.failure(), (429, "rate_limit_exceeded".to_owned()));
}

#[tokio::test]
async fn a_look_ahead_spends_nothing() {
    let world = limited().with("rate_limit.llm = 1").answering("hello").await;

    for number in 0..5 {
        let ahead = json!({"prompt": format!("number {number}"), "dryRun": true});
        assert_eq!(world.ask(ahead).await.status, 200);
    }

    assert_eq!(world.ask(question(0)).await.status, 200);
}

#[tokio::test]
async fn a_providers_limit_is_called_the_providers() {
    let world = World::new().replying(Reply::failing(429)).await;

    let refused = world.ask(json!({"prompt": "hi", "retries": 0})).await;

    assert_eq!(refused.failure(), (429, "rate_limit_exceeded".to_owned()));
    assert_eq!(refused.header("llmc-limited-by"), Some("provider"));
    assert_eq!(refused.problem().error.limited_by.as_deref(), Some("provider"));
    let totals = world.stats().await.totals;
    assert_eq!((totals.rate_limited, totals.errors), (0, 1));
}

#[tokio::test]
async fn who_waits_is_admitted_when_a_place_is_free() {
    let plan = limited().with("rate_limit.llm = 1").with("rate_limit.window = \"30ms\"");
    let world = plan.answering("hello").await;
    world.ask(question(1)).await.reply();
    let waiting = tokio::spawn(world.ask(json!({"prompt": "number 2", "wait": "10s"})));
    assert_eq!(world.ask(question(3)).await.status, 429);

    world.clock.advance(Duration::from_millis(30));

    assert_eq!(waiting.await.unwrap().status, 200);
}

#[tokio::test]
async fn who_joins_a_call_that_waits_is_kept_no_longer_than_it_would_wait() {
    let world = limited().with("rate_limit.llm = 1").answering("hello").await;
    world.ask(question(1)).await.reply();
    let patient = tokio::spawn(world.ask(json!({"prompt": "number 2", "wait": "1h"})));
    while world.daemon.pipeline.in_flight() == 0 {
        tokio::task::yield_now().await;
    }

    for impatient in [question(2), json!({"prompt": "number 2", "wait": "5ms"})] {
        let refused = world.ask(impatient).await;
        assert_eq!((refused.status, refused.header("retry-after")), (429, Some("60")));
        assert_eq!(refused.header("llmc-limited-by"), Some("llmc"));
    }
    assert!(!patient.is_finished());
    assert_eq!(world.upstream.count(), 1);
}

#[tokio::test]
async fn who_joins_a_call_that_has_its_place_is_not_cut_off() {
    let world = limited().answering("hello").await;
    world.upstream.hold();
    let patient = tokio::spawn(world.ask(json!({"prompt": "number 1", "wait": "1h"})));
    world.upstream.called(1).await;
    let impatient = tokio::spawn(world.ask(question(1)));
    // Another is answered meanwhile: whoever could be cut off has been.
    assert_eq!(world.get("/llm/models").await.status, 200);

    world.upstream.release();

    assert_eq!(impatient.await.unwrap().reply().metadata.cache_status.name(), "coalesced");
    assert_eq!(patient.await.unwrap().status, 200);
    assert_eq!(world.upstream.count(), 1);
}

#[tokio::test]
async fn a_wait_without_end_is_a_wait() {
    let plan = limited().with("rate_limit.llm = 1").with("rate_limit.window = \"10ms\"");
    let world = plan.answering("hello").await;
    world.ask(question(1)).await.reply();
    let waiting = tokio::spawn(world.ask(json!({"prompt": "number 2", "wait": u64::MAX})));
    assert_eq!(world.ask(question(3)).await.status, 429);

    world.clock.advance(Duration::from_millis(10));

    assert_eq!(waiting.await.unwrap().status, 200);
}

#[tokio::test]
async fn who_would_wait_too_long_is_told_at_once() {
    let world = limited().with("rate_limit.llm = 1").answering("hello").await;
    world.ask(question(1)).await.reply();

    let refused = world.ask(json!({"prompt": "number 2", "wait": "59s"})).await;

    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("60")));
}

#[tokio::test]
async fn reads_and_purges_have_limits_of_their_own() {
    let plan = limited().with("rate_limit.standard = 3").with("rate_limit.expensive = 1");
    let world = plan.answering("hello").await;
    let reads = ["/cache/entries", "/llm/models", "/llm/providers", "/llm/cache/stats", "/cache/entries/ab"];

    let mut statuses = Vec::new();
    for path in reads {
        statuses.push(world.get(path).await.status);
    }
    assert_eq!(statuses, [200, 200, 200, 429, 429]);
    let refused = world.get("/llm/models").await;
    assert_eq!(refused.problem().error.message, "Too many requests, please wait before trying again.");
    assert_eq!(standing(&refused)[..2], [Some("3"), Some("0")]);

    let purge = json!({"all": true});
    assert_eq!(world.purge(purge.clone()).await.status, 200);
    let refused = world.purge(purge).await;
    assert_eq!(refused.problem().error.message, "Too many expensive requests, please wait before trying again.");
    assert_eq!(standing(&refused)[..2], [Some("1"), Some("0")]);
    assert_eq!(world.delete("/llm/cache/stats").await.status, 429);
    assert_eq!(world.ask(question(1)).await.status, 200);
}

#[tokio::test]
async fn asking_how_one_stands_spends_nothing() {
    let world = limited().answering("hello").await;
    world.ask(question(1)).await.reply();

    let mut shown: Vec<LimitsReply> = Vec::new();
    for _ in 0..3 {
        shown.push(world.get("/limits").await.parsed());
    }

    assert_eq!(shown[0], shown[2]);
    let remaining: Vec<_> = shown[0].limits.iter().map(|limit| (limit.class.as_str(), limit.remaining)).collect();
    assert_eq!(remaining, [("llm", 19), ("standard", 100), ("expensive", 10)]);
    assert_eq!(shown[0].limits[0].reset_at, START.after(MINUTE).0);
}

/// Rounds of the race; time moves on between two of them, by less than a window.
const ROUNDS: usize = 25;
const STEP: Duration = Duration::from_secs(7);
const THREADS: usize = 25;
const TRIES: usize = 1000;

#[test]
fn heavy_no_window_holds_too_many_however_many_ask() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = Sqlite::open(&folder.path().join("llmc.sqlite"), Durability::Normal).unwrap();
    let clock = Arc::new(FakeClock::at(START));
    let limits = Arc::new(Limits::new(Arc::new(store), Arc::clone(&clock) as Arc<dyn Clock>));
    let rates = RateLimitSettings::default();
    let barrier = Arc::new(Barrier::new(THREADS));

    let threads: Vec<_> = (0..THREADS)
        .map(|thread| {
            let (limits, clock, rates) = (Arc::clone(&limits), Arc::clone(&clock), rates.clone());
            let barrier = Arc::clone(&barrier);
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                let mut admitted: Vec<Timestamp> = Vec::new();
                for _ in 0..ROUNDS {
                    for _ in 0..TRIES / ROUNDS {
                        let asked = limits.admit("user:1", Class::Llm, &rates, Duration::ZERO);
                        if runtime.block_on(asked).is_ok() {
                            admitted.push(clock.now());
                        }
                    }
                    barrier.wait();
                    if thread == 0 {
                        clock.advance(STEP);
                    }
                    barrier.wait();
                }
                admitted
            })
        })
        .collect();
    let mut admitted: Vec<Timestamp> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    admitted.sort_unstable();

    for (index, first) in admitted.iter().enumerate() {
        let window = admitted[index..].iter().take_while(|at| at.since(*first) < MINUTE).count();
        assert!(window <= 20, "{window} in the window from {first:?}");
    }
    // All places that fell free were taken: 175 seconds hold three windows, each filled at its beginning.
    assert_eq!(admitted.len(), 60);
}
