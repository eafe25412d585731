//! A server that answers anything at all: every verb ends in an answer or an error, and never takes the process down.

use async_trait::async_trait;
use bytes::Bytes;
use llmc::error::Result;
use llmc::store::shared::Shared;
use llmc::store::shared::transport::{Command, Order, Reply, Transport};
use llmc::store::{Count, Expected, Filter, Limit, Slot, Store, Touch};
use proptest::prelude::*;

use super::*;

/// Answers each command with the next of its replies, over and over.
struct Odd {
    replies: Vec<Reply>,
    next: std::sync::atomic::AtomicUsize,
}

#[async_trait]
impl Transport for Odd {
    fn backend(&self) -> &'static str {
        "redis"
    }

    fn place(&self) -> &str {
        "nowhere"
    }

    async fn run(&self, commands: &[Command], _order: Order) -> Result<Vec<Reply>> {
        let reply = |_: &Command| {
            let next = self.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            // A walk that never ends would be one of honest steps: it is cut short here, not in the store.
            if next > 200 { Reply::Nil } else { self.replies[next % self.replies.len()].clone() }
        };
        Ok(commands.iter().map(reply).collect())
    }

    fn pack(&self, value: Bytes) -> Result<Bytes> {
        Ok(value)
    }

    fn unpack(&self, packed: Bytes) -> Option<Bytes> {
        (packed.len() % 7 != 6).then_some(packed)
    }
}

fn reply() -> impl Strategy<Value = Reply> {
    let text = prop_oneof![
        "[0-9]{0,20}",
        "-?[0-9]{1,19}",
        "[0-9a-f]{64}",
        "\\[[0-9]{1,20},1,2,3,null,\"a\",\"b\",\"c\"\\]",
        "[0-9]{13}-[0-9]",
        ".{0,8}",
    ];
    let leaf = prop_oneof![
        Just(Reply::Nil),
        any::<i64>().prop_map(Reply::Number),
        text.prop_map(|text| Reply::Text(Bytes::from(text))),
        proptest::collection::vec(any::<u8>(), 0..80).prop_map(|bytes| Reply::Text(Bytes::from(bytes))),
        prop_oneof!["NOSCRIPT x", "OOM x", ".{0,8}"].prop_map(Reply::Failed),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| proptest::collection::vec(inner, 0..5).prop_map(Reply::List))
}

async fn every_verb(store: &Shared) {
    let (end, limit) = (now().after(millis(1_000)), Limit { count: 3, window: millis(10) });
    let count = Count { slot: Slot::default(), field: "hits".to_owned(), by: 1 };
    let _ = store.get(&key("a"), now()).await;
    let _ = store.put(row("a", "1", millis(1_000))).await;
    let _ = store.remove(vec![key("a"), key("b")]).await;
    let _ = store.touch(vec![Touch { key: key("a"), hits: u64::MAX, at: now() }]).await;
    let _ = store.list(Filter::default(), now()).await;
    let whole = Filter { key_prefix: Some(key("a").to_string()), ..Filter::default() };
    let _ = store.list(whole, now()).await;
    let _ = store.sweep(now(), 0).await;
    let _ = store.size().await;
    let _ = store.admit("user".to_owned(), limit, now()).await;
    let _ = store.standing("user".to_owned(), limit, now()).await;
    let _ = store.count("batch", vec![count]).await;
    let _ = store.counts(0).await;
    let _ = store.reset_counts().await;
    let _ = store.document("a", now(), Some(end)).await;
    let _ = store.write_document("a", Bytes::new(), Expected::Version(1), now(), end).await;
    let _ = store.remove_document("a", now()).await;
    let _ = store.documents("a", 10, now()).await;
    let _ = store.lease(&key("a"), "me", millis(10)).await;
    let _ = store.release(&key("a"), "me").await;
    let _ = store.changes(None).await;
    let _ = store.changes(Some("1-1")).await;
    let _ = store.ping().await;
    let _ = store.warnings().await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_answer_however_odd_is_more_than_an_error(replies in proptest::collection::vec(reply(), 1..12)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let odd = Odd { replies, next: std::sync::atomic::AtomicUsize::new(0) };

        runtime.block_on(every_verb(&Shared::over(Box::new(odd), PREFIX)));
    }
}
