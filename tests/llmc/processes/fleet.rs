//! Two machines on one Redis, as far as one machine can tell: daemons with folders of their own, ended and frozen as
//! machines are.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::{Value, json};

use super::home::{Held, Home};
use super::upstream::{Reply, Upstream};
use super::{is_alive, signal, until};
use crate::support::redis::{free_port, is_installed};

/// A server in a folder of its own.
struct Redis {
    folder: tempfile::TempDir,
    port: u16,
    child: Child,
}

impl Redis {
    fn start() -> Redis {
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..20 {
            let port = free_port();
            if let Some(child) = run(&folder, port) {
                return Redis { folder, port, child };
            }
        }
        panic!("no server could be started");
    }

    /// Ends it as `kill -9` does, and starts it with nothing in it.
    fn restart_empty(&mut self) {
        self.stop();
        self.child = run(&self.folder, self.port).expect("the port is still free");
    }

    /// Says a command in plain words and waits for the answer.
    fn tell(&self, command: &str) {
        let mut line = std::net::TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        line.write_all(format!("{command}\r\n").as_bytes()).unwrap();
        let mut answer = [0; 5];
        line.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"+OK\r\n", "{command}");
    }

    fn stop(&mut self) {
        let _ = self.child.kill();
        self.child.wait().unwrap();
    }

    fn freeze(&self) -> Held {
        Held::still(self.child.id())
    }

    /// A home with a daemon to be at this server. No deadline passes by accident.
    fn home(&self, more: &str) -> Home {
        self.home_within("10s", more)
    }

    fn home_within(&self, timeout: &str, more: &str) -> Home {
        let home = Home::new();
        let url = format!("redis://127.0.0.1:{}", self.port);
        home.configure(&format!("[store]\nbackend = \"redis\"\nurl = \"{url}\"\ntimeout = \"{timeout}\"\n{more}"));
        home
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.stop();
    }
}

fn run(folder: &tempfile::TempDir, port: u16) -> Option<Child> {
    let mut command = Command::new("redis-server");
    command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--dir"]).arg(folder.path());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut is_up = false;
    until("the server is up or gone", || {
        is_up = std::net::TcpStream::connect(("127.0.0.1", port)).is_ok();
        is_up || child.try_wait().unwrap().is_some()
    });
    // Somebody else may have taken the port meanwhile, and be who answers.
    (is_up && child.try_wait().unwrap().is_none()).then_some(child)
}

fn status_of(answer: &Value) -> &str {
    answer["metadata"]["cacheStatus"].as_str().unwrap()
}

#[test]
fn what_one_machine_paid_for_the_other_has_until_either_forgets_it() {
    if !is_installed() {
        return;
    }
    let redis = Redis::start();
    let (one, other) = (redis.home(""), redis.home(""));

    assert_eq!(status_of(&one.generate(["hi"])), "miss");
    assert_eq!(status_of(&other.generate(["hi"])), "hit");

    assert_eq!(one.llmc(["cache", "purge", "--all", "--json"]).json()["removed"], 1);
    let purged_at = Instant::now();
    loop {
        let asked_at = Instant::now();
        if other.llmc(["generate", "--offline", "hi"]).code == 3 {
            break;
        }
        assert!(asked_at - purged_at < Duration::from_secs(1), "{:?}", asked_at - purged_at);
    }
}

#[test]
fn a_daemon_killed_amid_its_call_delays_the_other_no_longer_than_its_lease() {
    if !is_installed() {
        return;
    }
    let redis = Redis::start();
    let upstream = Upstream::held("done");
    let provider = upstream.settings("fake");
    let (one, other) = (redis.home(&provider), redis.home(&provider));
    let pid = one.daemon();
    other.daemon();
    let mut lost = one.start(["generate", "--model", "fake/small", "hi"]);
    upstream.wait_for(1);
    let follower = other.start(["generate", "--model", "fake/small", "hi"]);

    signal(pid, Signal::KILL);
    let killed_at = Instant::now();
    upstream.wait_for(2);

    // Five seconds, and what a busy machine adds.
    assert!(killed_at.elapsed() < Duration::from_secs(9), "{:?}", killed_at.elapsed());
    upstream.release();
    follower.end().prints("done\n");
    // Its command asks the daemon that is started in its place, and finds what the other was answered.
    assert!(lost.wait().success());
    assert!(!is_alive(pid));
    assert_eq!(upstream.calls().len(), 2);
}

#[test]
fn a_frozen_server_costs_one_command_half_a_second_and_nothing_answered_is_lost_to_a_kill() {
    if !is_installed() {
        return;
    }
    let redis = Redis::start();
    let upstream = Upstream::saying("done");
    let provider = upstream.settings("fake");
    let (one, other) = (redis.home_within("100ms", &provider), redis.home(&provider));
    let pid = one.daemon();
    let ask = |home: &Home, prompt: &str| home.llmc(["generate", "--model", "fake/small", prompt]);
    let frozen = redis.freeze();

    let started = Instant::now();
    let first = ask(&one, "first").prints("done\n");
    assert!(started.elapsed() < Duration::from_millis(2500), "{:?}", started.elapsed());
    assert_eq!(first.err.lines().count(), 1, "{}", first.err);
    first.says("llmc: warning: answers are kept on this machine until the shared store is back");
    ask(&one, "second").prints("done\n").says("shared store");
    ask(&one, "first").prints("done\n");
    assert_eq!(upstream.calls().len(), 2);
    let stats = one.llmc(["stats", "--json"]).json();
    assert!(stats["degraded"][0].as_str().unwrap().contains("shared store"), "{stats}");
    assert_eq!((&stats["misses"], &stats["hits"], &stats["errors"]), (&json!(2), &json!(1), &json!(0)));
    assert!(stats["storeFailures"].as_u64().unwrap() > 0, "{stats}");
    assert!(one.status().unwrap()["degraded"][0].as_str().unwrap().contains("shared store"));
    signal(pid, Signal::KILL);
    until("the daemon is gone", || !is_alive(pid));

    drop(frozen);
    one.daemon();

    until("the other has both", || {
        ["first", "second"]
            .iter()
            .all(|prompt| other.llmc(["generate", "--offline", "--model", "fake/small", prompt]).code == 0)
    });
    until("all is counted, and once", || other.llmc(["stats", "--json"]).json()["misses"] == 2);
    assert_eq!(upstream.calls().len(), 2);
}

#[test]
fn a_server_that_is_killed_and_comes_back_empty_fails_nothing() {
    if !is_installed() {
        return;
    }
    let mut redis = Redis::start();
    let (one, other) = (redis.home_within("100ms", ""), redis.home(""));
    one.llmc(["generate", "before"]).prints("before\n");
    redis.stop();

    for prompt in ["a", "b", "c"] {
        one.llmc(["generate", prompt]).prints(format!("{prompt}\n")).says("shared store");
    }

    redis.restart_empty();
    until("the other has them", || {
        ["a", "b", "c"].iter().all(|prompt| other.llmc(["generate", "--offline", prompt]).code == 0)
    });
    until("nothing is amiss any more", || one.status().unwrap()["degraded"] == json!([]));
    one.llmc(["generate", "d"]).prints("d\n").says_nothing();
    assert_eq!(status_of(&other.generate(["d"])), "hit");
}

#[test]
fn a_frozen_server_keeps_no_command_without_a_daemon_from_ending() {
    if !is_installed() {
        return;
    }
    let redis = Redis::start();
    let (one, other) = (redis.home_within("100ms", ""), redis.home(""));
    let frozen = redis.freeze();

    let started = Instant::now();
    one.llmc(["--no-daemon", "generate", "hi"]).prints("hi\n").says("shared store");
    // What it does at its end is among it: its books, its letters.
    assert!(started.elapsed() < Duration::from_millis(3500), "{:?}", started.elapsed());

    drop(frozen);
    one.daemon();
    until("what it was answered arrived", || other.llmc(["generate", "--offline", "hi"]).code == 0);
}

#[test]
fn statistics_are_the_fleets_and_with_local_ones_own() {
    if !is_installed() {
        return;
    }
    let redis = Redis::start();
    let (one, other) = (redis.home(""), redis.home(""));
    for home in [&one, &other] {
        home.llmc(["generate", "a"]).ok();
        home.llmc(["generate", "b"]).ok();
    }

    let sums = |home: &Home, arguments: &[&str]| {
        let stats = home.llmc(["stats", "--json"].iter().chain(arguments)).json();
        (stats["misses"].as_u64().unwrap(), stats["hits"].as_u64().unwrap())
    };
    // The other's last second may not have arrived yet.
    until("the sums are the fleet's", || sums(&one, &[]) == (2, 2) && sums(&other, &[]) == (2, 2));
    assert_eq!((sums(&one, &["--local"]), sums(&other, &["--local"])), ((2, 0), (0, 2)));
}

#[test]
fn four_daemons_admit_no_more_than_one_may_though_some_are_killed() {
    if !is_installed() {
        return;
    }
    let redis = Redis::start();
    let homes: Vec<Home> = (0..4).map(|_| redis.home("")).collect();
    for home in &homes {
        let settings = std::fs::read_to_string(home.path("config.toml")).unwrap();
        let settings = settings.replace("llm = 1000000", "llm = 20\nwhen_store_down = \"deny\"");
        std::fs::write(home.path("config.toml"), settings).unwrap();
    }
    let pids: Vec<u32> = homes.iter().map(Home::daemon).collect();
    let (admitted, asked) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|threads| {
        for asker in 0..64 {
            let (homes, admitted, asked) = (&homes, &admitted, &asked);
            threads.spawn(move || {
                for (number, home) in homes.iter().enumerate() {
                    let prompt = json!({"prompt": format!("{asker} {number}")}).to_string();
                    let told = home.try_telling("POST", "/llm/generate", &prompt);
                    asked.fetch_add(1, Ordering::Relaxed);
                    if told.is_ok_and(|told| told.status == 200) {
                        admitted.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
        until("some are asked", || asked.load(Ordering::Relaxed) >= 16);
        for pid in &pids[2..] {
            signal(*pid, Signal::KILL);
        }
    });

    // A place may be lost with a daemon that was killed, and none is gained.
    let admitted = admitted.into_inner();
    assert!((1..=20).contains(&admitted), "{admitted}");
    let next = homes[0].tell("POST", "/llm/generate", &json!({"prompt": "one more"}).to_string());
    assert_eq!(next.status, 429);
}

#[test]
fn turns_at_two_machines_end_as_whole_ordered_pairs() {
    if !is_installed() {
        return;
    }
    let redis = Redis::start();
    let upstream = Upstream::start(|call| Reply::text(&format!("to {}", call.said().as_str().unwrap())));
    let provider = upstream.settings("fake");
    let homes = [redis.home(&provider), redis.home(&provider)];
    homes.iter().for_each(|home| {
        home.daemon();
    });
    homes[0].llmc(["session", "create", "--id", "a"]).ok();
    std::thread::scope(|threads| {
        for number in 0..50 {
            let home = &homes[number % 2];
            threads.spawn(move || {
                let asked = json!({"prompt": format!("q{number}"), "session": "a", "model": "fake/small"});
                let told = home.tell("POST", "/llm/generate", &asked.to_string());
                assert_eq!(told.status, 200);
            });
        }
    });

    let session = homes[1].llmc(["session", "show", "a", "--json"]).json();

    let said = session["messages"].as_array().unwrap();
    assert_eq!(said.len(), 100);
    for pair in said.chunks(2) {
        assert_eq!((&pair[0]["role"], &pair[1]["role"]), (&json!("user"), &json!("assistant")));
        assert_eq!(pair[1]["content"], format!("to {}", pair[0]["content"].as_str().unwrap()));
    }
}

#[test]
fn the_doctor_tells_of_a_server_that_may_drop_limits_and_of_its_clock() {
    if !is_installed() {
        return;
    }
    let redis = Redis::start();
    let home = redis.home("");
    let found = |home: &Home| home.llmc(["doctor", "--offline"]).ok().out;

    let sound = found(&home);
    assert!(sound.contains("maxmemory-policy noeviction"), "{sound}");
    assert!(sound.contains("agrees with that of redis"), "{sound}");
    redis.tell("CONFIG SET maxmemory-policy allkeys-lru");

    let warned = found(&home);
    assert!(warned.contains("warning  eviction") && warned.contains("volatile-lru"), "{warned}");
}
