//! Statistics of a fleet: the sums of all daemons, each thing counted once, and one's own beside them.

use super::*;
use crate::support::proxy::{Line, Proxy};

#[tokio::test]
async fn the_sums_are_the_fleets_and_a_daemons_own_beside_them() {
    if !is_installed() {
        return;
    }
    let redis = Redis::start(&[]).await;
    let upstream = Arc::new(Upstream::start().await);
    let daemons: Vec<World> = (0..2).map(|_| daemon(&redis.url(), &upstream, PATIENT).begun()).collect();
    daemons[0].generate("a").await;
    daemons[0].generate("b").await;
    daemons[1].generate("a").await;
    for world in &daemons {
        world.tended().await;
    }

    for world in &daemons {
        let stats = world.stats().await;
        assert_eq!((stats.totals.misses, stats.totals.hits), (2, 1));
    }
    let own = daemons[0].stats_of("?local=true").await.totals;
    assert_eq!((own.misses, own.hits), (2, 0));
    let own = daemons[1].stats_of("?local=true").await.totals;
    assert_eq!((own.misses, own.hits), (0, 1));
}

#[tokio::test]
async fn what_was_counted_is_counted_once_whichever_answers_are_lost() {
    if !is_installed() {
        return;
    }
    let redis = Redis::start(&[]).await;
    let upstream = Arc::new(Upstream::start().await);
    let proxy = Proxy::to(redis.port).await;
    let world = daemon(&proxy.url(), &upstream, PATIENT).begun();
    for (round, line) in [Line::Good, Line::Cut, Line::Half, Line::Good, Line::Cut].into_iter().enumerate() {
        world.generate(&format!("prompt {round}")).await;
        // What was counted arrives; whether it did, the daemon is told only on a good line.
        proxy.becomes(line);
        world.tended().await;
        world.tended().await;
        proxy.becomes(Line::Good);
    }
    until("all is sent", || async {
        world.tended().await;
        world.daemon.pipeline.store().trouble().is_none()
    })
    .await;
    world.tended().await;

    let other = daemon(&redis.url(), &upstream, PATIENT).begun();
    assert_eq!(other.stats().await.totals.misses, 5);
    assert_eq!(world.stats_of("?local=true").await.totals.misses, 5);
}
