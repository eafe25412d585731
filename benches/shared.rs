//! What it costs that others share the store: look-ups and admissions at a Redis beside `redis-benchmark`, and the REST
//! client beside bare REST. Each pair is measured in turn, over the same server, with the same bytes.
//!
//! Prints one line a figure: a name, operations a second, and the ratio to what it is compared with.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

#[allow(dead_code, unused_imports)]
#[path = "../tests/llmc/support/mod.rs"]
mod support;

use std::future::Future;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use llmc::clock::{Clock, SystemClock};
use llmc::exchange::{Entry, Facts, Finish, Form, Key, Usage};
use llmc::pipeline::Pipeline;
use llmc::pipeline::key::Fingerprint;
use llmc::store::fleet::Fleet;
use llmc::store::memory::Memory;
use llmc::store::{Limit, Row, Store};
use serde_json::json;

use support::redis::Redis;
use support::rest::{Rest, TOKEN};
use support::shared;

/// Bytes of a value, here and at `redis-benchmark`.
const VALUE: usize = 4 << 10;
/// Askers at once.
const AT_ONCE: usize = 64;
/// How long each is measured, after a tenth of it to warm up.
const SPAN: Duration = Duration::from_secs(3);
const ROUNDS: usize = 3;
const PREFIX: &str = "llm:cache";

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    if !support::redis::is_installed() || !support::redis::has("redis-benchmark", "--version") {
        return;
    }
    runtime.block_on(async {
        let redis = Redis::start(&[]).await;
        look_ups(&redis).await;
        admissions(&redis).await;
        rest().await;
    });
}

async fn look_ups(redis: &Redis) {
    let store: Arc<dyn Store> = Arc::new(shared::redis(&redis.socket_url(), PREFIX));
    let deadline = Duration::from_secs(10);
    let fleet = || Arc::new(Fleet::new(Arc::clone(&store), Arc::new(Memory::new()), Arc::new(SystemClock), deadline));
    let prints: Arc<Vec<Fingerprint>> = Arc::new((0..1_000).map(print).collect());
    let without = Pipeline::new(fleet(), Arc::new(SystemClock), 0);
    let with = Pipeline::new(fleet(), Arc::new(SystemClock), 64 << 20);
    for print in &*prints {
        without.cache.keep(print.key, Arc::new(entry(print))).await.unwrap();
    }
    // What waits is looked for in the embedded store; nothing does.
    for pipeline in [&without, &with] {
        pipeline.store().tend(SystemClock.now()).await;
    }
    let (mut bare, mut far, mut near) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        bare.push(redis_benchmark(redis).await);
        for (pipeline, rates) in [(&without, &mut far), (&with, &mut near)] {
            let look_up = |number: usize| {
                let (pipeline, prints) = (Arc::clone(pipeline), Arc::clone(&prints));
                async move { assert!(pipeline.cache.look_up(&prints[number % prints.len()]).await.is_some()) }
            };
            rates.push(rate(AT_ONCE, look_up).await);
        }
    }
    let bare = tell("redis-benchmark GET", bare, None);
    tell("look-up, memory tier off", far, Some(bare));
    tell("look-up, memory tier on", near, Some(bare));
}

async fn admissions(redis: &Redis) {
    let store = Arc::new(shared::redis(&redis.socket_url(), PREFIX));
    let limit = Limit { count: 20, window: Duration::from_secs(60) };
    // One in ten asks for the same place, as callers do.
    let admit = |number: usize| {
        let store = Arc::clone(&store);
        async move { assert!(store.admit(format!("user:{}", number % 10), limit, SystemClock.now()).await.is_ok()) }
    };
    tell("admission", vec![rate(AT_ONCE, admit).await], None);
}

async fn rest() {
    let rest = Rest::start().await;
    let store = Arc::new(shared::upstash(&rest, PREFIX));
    let print = print(0);
    store.put(row(&print)).await.unwrap();
    let name = format!("{PREFIX}:v1:{}", print.key);
    let client = reqwest::Client::builder().tls_certs_only([]).build().unwrap();
    let (mut bare, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let straight = |_| {
            let request = client.post(format!("{}/pipeline", rest.url)).bearer_auth(TOKEN);
            let request = request.header("upstash-encoding", "base64").body(json!([["GET", name]]).to_string());
            async move { drop(request.send().await.unwrap().bytes().await.unwrap()) }
        };
        bare.push(rate(AT_ONCE, straight).await);
        let through = |_| {
            let (store, key) = (Arc::clone(&store), print.key);
            async move { assert!(store.get(&key, SystemClock.now()).await.unwrap().is_some()) }
        };
        ours.push(rate(AT_ONCE, through).await);
    }
    let bare = tell("bare REST GET", bare, None);
    tell("look-up over REST", ours, Some(bare));
}

/// Operations a second, with so many under way at any time.
async fn rate<Done>(at_once: usize, operation: impl Fn(usize) -> Done) -> f64
where
    Done: Future<Output = ()> + Send + 'static,
{
    for span in [SPAN / 10, SPAN] {
        let begun = Instant::now();
        let mut running = tokio::task::JoinSet::new();
        let mut started = 0;
        while begun.elapsed() < span {
            while running.len() < at_once {
                running.spawn(operation(started));
                started += 1;
            }
            running.join_next().await.unwrap().unwrap();
        }
        while let Some(done) = running.join_next().await {
            done.unwrap();
        }
        if span == SPAN {
            return started as f64 / begun.elapsed().as_secs_f64();
        }
    }
    0.0
}

async fn redis_benchmark(redis: &Redis) -> f64 {
    let mut command = Command::new("redis-benchmark");
    command.arg("-s").arg(redis.socket()).args(["-t", "get", "-n", "100000", "--csv"]);
    command.args(["-c", &AT_ONCE.to_string(), "-d", &VALUE.to_string()]);
    // `-t get` looks for a key that nobody set; it is to be there, and of the same size.
    redis.run_command(&["SET", "key:__rand_int__", &"x".repeat(VALUE)]).await;
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().find(|line| line.starts_with("\"GET\"")).unwrap_or_else(|| panic!("{text}"));
    line.split(',').nth(1).unwrap().trim_matches('"').parse().unwrap()
}

/// Tells the median of several rates.
fn tell(name: &str, mut rates: Vec<f64>, beside: Option<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    let rate = rates[rates.len() / 2];
    let ratio = beside.map(|beside| format!("{:.2}", rate / beside)).unwrap_or_default();
    println!("{name}\t{rate:.0}\t{ratio}");
    rate
}

fn print(number: u64) -> Fingerprint {
    let mut bytes = [0; 32];
    fastrand::Rng::with_seed(number).fill(&mut bytes);
    Fingerprint { key: Key(bytes), material: Bytes::from(format!("{number:0256}")) }
}

/// An answer that no compression makes smaller, so that the value has the size it says.
fn entry(print: &Fingerprint) -> Entry {
    let mut body = vec![0; VALUE - 512];
    fastrand::Rng::with_seed(1).fill(&mut body);
    let facts = Facts {
        form: Form::Plain,
        provider: "openai".into(),
        model: "gpt-4o".into(),
        namespace: "default".into(),
        usage: Usage { input: 12, output: 488, ..Usage::default() },
        usage_estimated: false,
        cost: None,
        finish: Finish::Stop,
        kept_at: SystemClock.now(),
        ttl: Duration::from_secs(3600),
        grace: Duration::ZERO,
        latency: Duration::from_millis(2310),
    };
    Entry { material: print.material.clone(), body: body.into(), facts }
}

fn row(print: &Fingerprint) -> Row {
    let Facts { provider, model, namespace, .. } = entry(print).facts;
    let now = SystemClock.now();
    let (kept_at, fresh_until, gone_at) = (now, now.after(SPAN * 100), now.after(SPAN * 100));
    let value = vec![7; VALUE].into();
    Row { key: print.key, value, provider, model, namespace, kept_at, fresh_until, gone_at, cost: None }
}
