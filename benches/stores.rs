//! What it costs to find, to keep and to let in: the memory tier and both stores, at two sizes.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use criterion::{BenchmarkId, Criterion};
use futures_util::future::try_join_all;
use llmc::clock::{Clock, SystemClock, Timestamp};
use llmc::config::settings::Durability;
use llmc::exchange::{Entry, Facts, Finish, Form, Key, Usage};
use llmc::money::Usd;
use llmc::pipeline::Pipeline;
use llmc::pipeline::key::Fingerprint;
use llmc::store::memory::Memory;
use llmc::store::sqlite::Sqlite;
use llmc::store::{Limit, Row, Store};
use tokio::runtime::Runtime;

const SIZES: [u64; 2] = [1_000, 100_000];

/// A sealed entry of a usual answer.
const VALUE: usize = 2 << 10;

/// Rows put side by side while a store is filled.
const FILLED_AT_ONCE: u64 = 500;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let runtime = Runtime::new().unwrap();
    tier(&mut criterion, &runtime);
    for entries in SIZES {
        let memory = Memory::new();
        store(&mut criterion, &runtime, &memory, entries);

        let folder = tempfile::tempdir().unwrap();
        let (sqlite, _) = Sqlite::open(&folder.path().join("llmc.sqlite"), Durability::Normal).unwrap();
        store(&mut criterion, &runtime, &sqlite, entries);
    }
    criterion.final_summary();
}

/// The way of a hit through the first tier.
fn tier(criterion: &mut Criterion, runtime: &Runtime) {
    let pipeline = Pipeline::new(Arc::new(Memory::new()), Arc::new(SystemClock), 64 << 20);
    let prints: Vec<Fingerprint> = (0..1_000)
        .map(|number| Fingerprint { key: key(number), material: Bytes::from(format!("{number:01024}")) })
        .collect();
    runtime.block_on(async {
        for print in &prints {
            pipeline.cache.keep(print.key, Arc::new(entry(print))).await.unwrap();
        }
    });

    criterion.bench_function("memory tier/look up", |bencher| {
        bencher.iter_custom(|times| {
            runtime.block_on(async {
                let begun = Instant::now();
                for print in prints.iter().cycle().take(count(times)) {
                    assert!(pipeline.cache.look_up(print).await.is_some());
                }
                begun.elapsed()
            })
        });
    });
}

fn store(criterion: &mut Criterion, runtime: &Runtime, store: &dyn Store, entries: u64) {
    let now = SystemClock.now();
    runtime.block_on(fill(store, entries, now));
    let mut group = criterion.benchmark_group(store.backend());

    group.bench_function(BenchmarkId::new("get", entries), |bencher| {
        let mut random = fastrand::Rng::with_seed(1);
        bencher.iter_custom(|times| {
            runtime.block_on(async {
                let keys: Vec<Key> = (0..times).map(|_| key(random.u64(0..entries))).collect();
                let begun = Instant::now();
                for key in &keys {
                    assert!(store.get(key, now).await.unwrap().is_some());
                }
                begun.elapsed()
            })
        });
    });

    group.bench_function(BenchmarkId::new("get what is not there", entries), |bencher| {
        let mut random = fastrand::Rng::with_seed(3);
        let mut strangers = |count: u64| (0..count).map(|_| key(random.u64(entries..))).collect::<Vec<Key>>();
        bencher.iter_custom(|times| {
            runtime.block_on(async {
                // As a daemon does: what is looked for in vain often enough is then known not to be there.
                for key in strangers(2 * entries) {
                    store.get(&key, now).await.unwrap();
                }
                store.tend(now).await;
                let keys = strangers(times);
                let begun = Instant::now();
                for key in &keys {
                    assert!(store.get(key, now).await.unwrap().is_none());
                }
                begun.elapsed()
            })
        });
    });

    group.bench_function(BenchmarkId::new("put", entries), |bencher| {
        let mut random = fastrand::Rng::with_seed(2);
        bencher.iter_custom(|times| {
            runtime.block_on(async {
                let mut spent = Duration::ZERO;
                for _ in 0..times {
                    // In place of what is there, so that the size stays what it says.
                    let row = row(random.u64(0..entries), now);
                    let begun = Instant::now();
                    store.put(row).await.unwrap();
                    spent += begun.elapsed();
                }
                spent
            })
        });
    });

    if entries == SIZES[0] {
        admissions(&mut group, runtime, store);
    }
    group.finish();
}

fn admissions(
    group: &mut criterion::BenchmarkGroup<'_, criterion::measurement::WallTime>,
    runtime: &Runtime,
    store: &dyn Store,
) {
    let limit = Limit { count: 20, window: Duration::from_secs(60) };
    let mut now = SystemClock.now();
    group.bench_function("admit", |bencher| {
        bencher.iter_custom(|times| {
            runtime.block_on(async {
                let begun = Instant::now();
                for _ in 0..times {
                    // The window stays full and everybody is let in: the most there is to read and to write.
                    now = now.after(limit.window / limit.count);
                    assert!(store.admit("someone".to_owned(), limit, now).await.unwrap().admitted);
                }
                begun.elapsed()
            })
        });
    });
}

async fn fill(store: &dyn Store, entries: u64, now: Timestamp) {
    for first in (0..entries).step_by(count(FILLED_AT_ONCE)) {
        let numbers = first..entries.min(first + FILLED_AT_ONCE);
        try_join_all(numbers.map(|number| store.put(row(number, now)))).await.unwrap();
    }
}

fn row(number: u64, now: Timestamp) -> Row {
    let mut value = vec![0; VALUE];
    fastrand::Rng::with_seed(number).fill(&mut value);
    Row {
        key: key(number),
        value: value.into(),
        provider: "openai".into(),
        model: "gpt-4o".into(),
        namespace: "default".into(),
        kept_at: now,
        fresh_until: now.after(Duration::from_secs(3600)),
        gone_at: now.after(Duration::from_secs(90_000)),
        cost: Some(Usd(5_000)),
    }
}

/// Keys are hashes: next to nothing in common, and the same ones each time.
fn key(number: u64) -> Key {
    let mut bytes = [0; 32];
    fastrand::Rng::with_seed(number.wrapping_mul(0x9e37_79b9_7f4a_7c15)).fill(&mut bytes);
    Key(bytes)
}

fn entry(print: &Fingerprint) -> Entry {
    let facts = Facts {
        form: Form::Plain,
        provider: "openai".into(),
        model: "gpt-4o".into(),
        namespace: "default".into(),
        usage: Usage { input: 12, output: 488, ..Usage::default() },
        usage_estimated: false,
        cost: Some(Usd(5_000)),
        finish: Finish::Stop,
        kept_at: SystemClock.now(),
        ttl: Duration::from_secs(3600),
        grace: Duration::ZERO,
        latency: Duration::from_millis(2310),
    };
    Entry { material: print.material.clone(), body: vec![b'a'; 4 << 10].into(), facts }
}

fn count(times: u64) -> usize {
    usize::try_from(times).unwrap()
}
