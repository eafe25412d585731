//! A database of any size that a daemon takes for its own: kept answers of `echo`, each to be found by its prompt.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::try_join_all;
use llmc::clock::{Clock, SystemClock, Timestamp};
use llmc::config::settings::Durability;
use llmc::exchange::{Entry, Facts, Finish, Form, Usage};
use llmc::money::Usd;
use llmc::pipeline::entry;
use llmc::pipeline::key::{Identity, fingerprint};
use llmc::provider::{self, Message, Part, Prompt, Role};
use llmc::store::sqlite::Sqlite;
use llmc::store::{Row, Store};
use serde_json::json;

const AT_ONCE: usize = 1_000;
const TTL: Duration = Duration::from_secs(30 * 24 * 3600);

/// The prompt whose answer is the entry of this number.
pub fn prompt(number: usize) -> String {
    format!("What is known of number {number}?")
}

pub fn run(database: &str, entries: usize) {
    let (store, warnings) = Sqlite::open(Path::new(database), Durability::Normal).unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
    let now = SystemClock.now();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        for first in (0..entries).step_by(AT_ONCE) {
            let numbers = first..entries.min(first + AT_ONCE);
            try_join_all(numbers.map(|number| store.put(row(number, now)))).await.unwrap();
        }
    });
    store.close();
}

fn row(number: usize, now: Timestamp) -> Row {
    let dialect = provider::dialect("echo").unwrap();
    let text = prompt(number);
    let asked = Prompt {
        model: "echo".into(),
        messages: vec![Message { role: Role::User, parts: vec![Part::Text(text.clone())] }],
        ..Prompt::default()
    };
    let body = serde_json::to_vec(&dialect.write(&asked).unwrap()).unwrap();
    let print = fingerprint(&Identity {
        namespace: "default",
        kind: dialect.kind(),
        base_url: dialect.base_url(),
        operation: dialect.operation(),
        model: None,
        body: &body,
        headers: &[],
        query: "",
        sample: 0,
    })
    .unwrap();
    let facts = Facts {
        form: Form::Plain,
        provider: "echo".into(),
        model: "echo".into(),
        namespace: "default".into(),
        usage: Usage { input: 8, output: 100, ..Usage::default() },
        usage_estimated: false,
        cost: Some(Usd(0)),
        finish: Finish::Stop,
        kept_at: now,
        ttl: TTL,
        grace: Duration::ZERO,
        latency: Duration::from_millis(900),
    };
    let kept = Entry { material: print.material, body: answer(&text, number), facts };
    Row {
        key: print.key,
        value: entry::seal(&kept).unwrap(),
        provider: "echo".into(),
        model: "echo".into(),
        namespace: "default".into(),
        kept_at: now,
        fresh_until: kept.facts.fresh_until(),
        gone_at: kept.facts.gone_at(),
        cost: kept.facts.cost,
    }
}

/// About half a KiB, of which half does not compress.
fn answer(text: &str, number: usize) -> Bytes {
    let mut random = fastrand::Rng::with_seed(number as u64);
    let noise: String = std::iter::repeat_with(|| random.alphanumeric()).take(256).collect();
    let answer = json!({
        "id": format!("chatcmpl-{number}"), "object": "chat.completion", "created": 1_760_000_000, "model": "echo",
        "choices": [{
            "index": 0, "message": {"role": "assistant", "content": format!("{text} {noise}")}, "finish_reason": "stop",
        }],
        "usage": {"prompt_tokens": 8, "completion_tokens": 100, "total_tokens": 108},
    });
    serde_json::to_vec(&answer).unwrap().into()
}
