//! Who waits for whom: never for an asker who left.

use llmc::config::settings::SessionSettings;
use llmc::session::{Draft, Origin, Sessions};

use super::*;
use crate::support::proxy::{Line, Proxy};

#[tokio::test]
async fn an_asker_who_leaves_while_the_store_decides_holds_no_session() {
    if !is_installed() {
        return;
    }
    let redis = Redis::start(&[]).await;
    let proxy = Proxy::to(redis.port).await;
    let sessions = |url: &str| {
        let store = behind(url, Arc::new(Memory::new()), PATIENT);
        Sessions::new(store, Arc::new(FakeClock::at(START)), None)
    };
    let (slow, other) = (sessions(&proxy.url()), sessions(&redis.url()));
    let settings = SessionSettings::default();
    slow.create(&settings, Draft { id: Some("a".to_owned()), ..Draft::default() }).await.unwrap();
    proxy.becomes(Line::Slow(Duration::from_millis(300)));
    let leaving = tokio::spawn({
        let (slow, settings) = (Arc::clone(&slow), settings.clone());
        async move { slow.begin(&settings, "a", Origin::Kept).await.map(drop) }
    });
    until("the lease is taken", || async {
        let leases = redis.run_command(&["KEYS", "llm:cache:lease:*"]).await;
        leases != redis::Value::Array(Vec::new())
    })
    .await;

    leaving.abort();

    let turn = tokio::time::timeout(AT_LAST, other.begin(&settings, "a", Origin::Kept)).await;
    turn.expect("the lease is given back long before it ends").unwrap();
}
