//! What every request pays for in this process: the canonical form, the key, sealing, opening, and streams.

#![allow(clippy::unwrap_used)]

use std::hint::black_box;
use std::time::Duration;

use bytes::Bytes;
use criterion::{BenchmarkId, Criterion, Throughput};
use llmc::clock::Timestamp;
use llmc::exchange::{Entry, Facts, Finish, Form, Operation, Usage};
use llmc::money::Usd;
use llmc::pipeline::key::{Identity, fingerprint};
use llmc::pipeline::{canonical, entry};
use llmc::provider::{self, sse};
use serde_json::json;

const SIZES: [(&str, usize); 3] = [("1 KiB", 1 << 10), ("16 KiB", 16 << 10), ("1 MiB", 1 << 20)];

/// The piece of a stream that arrives at once.
const PIECE: usize = 1400;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    keys(&mut criterion);
    seals(&mut criterion);
    streams(&mut criterion);
    criterion.final_summary();
}

fn keys(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("canonical form");
    for (name, size) in SIZES {
        let body = body(size);
        let text = std::str::from_utf8(&body).unwrap();
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.iter(|| {
                let mut out = String::with_capacity(text.len());
                canonical::parse(black_box(text)).unwrap().write(&mut out);
                out
            });
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("key");
    for (name, size) in SIZES {
        let body = body(size);
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.iter(|| fingerprint(&identity(black_box(&body))).unwrap());
        });
    }
    group.finish();
}

fn seals(criterion: &mut Criterion) {
    let material = fingerprint(&identity(&body(1 << 10))).unwrap().material;
    let kept = Entry { material, body: answer(4 << 10), facts: facts() };
    let sealed = entry::seal(&kept).unwrap();

    let mut group = criterion.benchmark_group("entry of 4 KiB");
    group.throughput(Throughput::Bytes(kept.body.len() as u64));
    group.bench_function("seal", |bencher| bencher.iter(|| entry::seal(black_box(&kept)).unwrap()));
    group.bench_function("open", |bencher| bencher.iter(|| entry::open(black_box(&sealed)).unwrap()));
    group.finish();
}

fn streams(criterion: &mut Criterion) {
    let dialect = provider::dialect("openai").unwrap();
    let plain = answer(4 << 10);
    let stream = dialect.replay(&plain).unwrap();
    let long = dialect.replay(&answer(1 << 20)).unwrap();

    let mut group = criterion.benchmark_group("stream");
    group.throughput(Throughput::Bytes(long.len() as u64));
    group.bench_function("read events", |bencher| {
        bencher.iter(|| {
            let mut reader = sse::Reader::new();
            long.chunks(PIECE).map(|piece| reader.push(black_box(piece)).unwrap().len()).sum::<usize>()
        });
    });
    group.throughput(Throughput::Bytes(stream.len() as u64));
    group.bench_function("assemble 4 KiB", |bencher| bencher.iter(|| dialect.assemble(black_box(&stream)).unwrap()));
    group.throughput(Throughput::Bytes(plain.len() as u64));
    group.bench_function("replay 4 KiB", |bencher| bencher.iter(|| dialect.replay(black_box(&plain)).unwrap()));
    group.finish();
}

fn identity(body: &[u8]) -> Identity<'_> {
    Identity {
        namespace: "default",
        kind: "openai",
        base_url: "https://api.openai.com/v1",
        operation: Operation::ChatCompletions,
        model: None,
        body,
        headers: &[],
        query: "",
        sample: 0,
    }
}

/// A conversation of about `size` bytes in turns of a few hundred.
fn body(size: usize) -> Vec<u8> {
    let turn = text(300);
    let turns: Vec<_> = (0..(size / 340).max(1))
        .map(|number| json!({"role": if number % 2 == 0 { "user" } else { "assistant" }, "content": turn}))
        .collect();
    let body = json!({"model": "gpt-4o", "temperature": 0.7, "max_tokens": 512, "messages": turns});
    serde_json::to_vec(&body).unwrap()
}

fn answer(size: usize) -> Bytes {
    let answer = json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1_760_000_000, "model": "gpt-4o",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text(size)}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 12, "completion_tokens": 488, "total_tokens": 500},
    });
    serde_json::to_vec(&answer).unwrap().into()
}

fn text(size: usize) -> String {
    let mut random = fastrand::Rng::with_seed(7);
    let mut text = String::with_capacity(size + 12);
    while text.len() < size {
        let letters = random.usize(2..9);
        text.extend(std::iter::repeat_with(|| random.lowercase()).take(letters));
        text.push_str(["\n", "\" ", " ", " ", " ", " "][random.usize(0..6)]);
    }
    text.truncate(size);
    text
}

fn facts() -> Facts {
    Facts {
        form: Form::Plain,
        provider: "openai".into(),
        model: "gpt-4o".into(),
        namespace: "default".into(),
        usage: Usage { input: 12, output: 488, ..Usage::default() },
        usage_estimated: false,
        cost: Some(Usd(5_000)),
        finish: Finish::Stop,
        kept_at: Timestamp(1_000),
        ttl: Duration::from_secs(3600),
        grace: Duration::from_secs(86_400),
        latency: Duration::from_millis(2310),
    }
}
