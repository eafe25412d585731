//! What was acknowledged is there after `kill -9`, every time.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;

use super::home::Home;
use super::upstream::Upstream;
use super::{at_length, is_alive, line, signal, until};

const ASKERS: usize = 8;

fn question(prompt: &str, mode: &str) -> String {
    json!({"model": "echo/echo", "prompt": prompt, "cache": {"mode": mode, "ttl": "30d"}}).to_string()
}

/// Asks until the daemon is gone; tells what was acknowledged.
fn ask_until_it_dies(home: &Home, round: usize, stop: &AtomicBool, count: &AtomicUsize) -> Vec<String> {
    let acknowledged = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for asker in 0..ASKERS {
            let acknowledged = &acknowledged;
            scope.spawn(move || {
                for number in 0.. {
                    let prompt = format!("round {round} asker {asker} number {number}");
                    match line::ask(&home.socket(), "POST", "/llm/generate", &question(&prompt, "auto")) {
                        Ok(told) => {
                            assert_eq!(told.status, 200, "{told:?}");
                            acknowledged.lock().unwrap().push(prompt);
                            count.fetch_add(1, Ordering::Release);
                        }
                        Err(_) if stop.load(Ordering::Acquire) => return,
                        Err(error) => panic!("the daemon failed before it was killed: {error}"),
                    }
                }
            });
        }
    });
    acknowledged.into_inner().unwrap()
}

#[test]
fn heavy_no_acknowledged_answer_is_lost_in_kills() {
    let kills = if at_length() { 1_000 } else { 15 };
    let home = Arc::new(Home::new());
    let mut all = 0;
    for round in 0..kills {
        let pid = home.daemon();
        let (stop, count) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let askers = {
            let (home, stop, count) = (Arc::clone(&home), Arc::clone(&stop), Arc::clone(&count));
            std::thread::spawn(move || ask_until_it_dies(&home, round, &stop, &count))
        };
        // Anywhere between the first answers and a few batches of commits later.
        let (least, after) = (fastrand::usize(1..40), Duration::from_micros(fastrand::u64(0..30_000)));
        until("some are acknowledged", || count.load(Ordering::Acquire) >= least);
        let reached = Instant::now();
        until("the moment has come", || reached.elapsed() >= after);

        stop.store(true, Ordering::Release);
        signal(pid, rustix::process::Signal::KILL);
        let acknowledged = askers.join().unwrap();
        until("it is gone", || !is_alive(pid));
        home.daemon();

        assert!(acknowledged.len() >= least);
        let lost: Vec<_> = acknowledged
            .iter()
            .filter(|prompt| {
                let told = home.tell("POST", "/llm/generate", &question(prompt, "replay"));
                told.status != 200 || told.json()["text"] != prompt.as_str()
            })
            .collect();
        assert!(lost.is_empty(), "round {round}: {} of {} lost: {lost:?}", lost.len(), acknowledged.len());
        all += acknowledged.len();
        // The command line agrees, once in a while.
        if round % 10 == 0 {
            let prompt = acknowledged.last().unwrap();
            home.llmc(["generate", "--offline", prompt]).prints(format!("{prompt}\n")).says_nothing();
        }
        signal(home.pid(), rustix::process::Signal::KILL);
        until("the lock is free", || !home.is_claimed());
    }
    let status = {
        home.daemon();
        home.status().unwrap()
    };
    assert_eq!(status["degraded"], json!([]), "nothing was ever damaged");
    println!("{kills} kills, {all} acknowledged, 0 lost");
}

#[test]
fn counters_lose_at_most_the_last_second() {
    let home = Home::new();
    let pid = home.daemon();
    for number in 0..50 {
        let told = home.tell("POST", "/llm/generate", &question(&format!("p{number}"), "auto"));
        assert_eq!(told.status, 200);
    }
    home.tell("POST", "/llm/generate", &question("p0", "auto"));
    let counted_at = Instant::now();
    // The promise is about a second of the clock on the wall.
    until("a second has gone by", || counted_at.elapsed() >= Duration::from_secs(1));

    signal(pid, rustix::process::Signal::KILL);
    until("the lock is free", || !home.is_claimed());

    let stats = home.llmc(["stats", "--json"]).json();
    assert_eq!((stats["misses"].as_u64(), stats["hits"].as_u64()), (Some(50), Some(1)), "{stats}");
}

#[test]
fn a_daemon_that_is_told_to_stop_loses_no_count() {
    let home = Home::new();
    home.daemon();
    for _ in 0..3 {
        home.tell("POST", "/llm/generate", &question("hi", "auto"));
    }

    home.llmc(["daemon", "stop"]).ok();

    let stats = home.llmc(["stats", "--json"]).json();
    assert_eq!((stats["misses"].as_u64(), stats["hits"].as_u64()), (Some(1), Some(2)), "{stats}");
}

#[test]
fn a_call_in_the_air_when_the_daemon_is_killed_counts_against_the_budget() {
    let upstream = Upstream::held("paid for and never heard");
    let home = Home::new();
    let budget = "[budget]\ndaily_usd = 1.0\n[prices.\"fake/small\"]\ninput = 1.0\noutput = 10.0\n";
    home.configure(&format!("{}{budget}", upstream.settings("fake")));
    let pid = home.daemon();
    let asking = home.start(["generate", "-m", "fake/small", "--max-tokens", "1000", "hi"]);
    upstream.wait_for(1);

    signal(pid, rustix::process::Signal::KILL);
    until("it is gone", || !is_alive(pid));
    home.daemon();
    let limits = home.llmc(["limits", "--json"]).json();

    let day = &limits["budgets"][0];
    let held = day["reservedUsd"].as_f64().unwrap() + day["spentUsd"].as_f64().unwrap();
    assert!(held >= 0.01, "{limits}");
    assert!(day["leftUsd"].as_f64().unwrap() <= 0.99, "{limits}");
    upstream.release();
    asking.end();
}
