//! Limits over several daemons: never one too many while the store decides; what holds while it cannot.

use serde_json::json;

use super::*;

/// What 64 askers at each daemon, all at once, are told.
async fn asked_at_once(daemons: &[World]) -> Vec<u16> {
    let mut askers = tokio::task::JoinSet::new();
    for (number, world) in daemons.iter().cycle().take(64 * daemons.len()).enumerate() {
        askers.spawn(world.ask(json!({"prompt": format!("prompt {number}")})));
    }
    askers.join_all().await.into_iter().map(|answered| answered.status).collect()
}

fn limited(plan: Plan, when_down: &str) -> World {
    let plan = plan.with_built_in_limits().with("rate_limit.llm = 20");
    plan.with(&format!("rate_limit.when_store_down = \"{when_down}\"")).begun()
}

fn count(statuses: &[u16], status: u16) -> usize {
    statuses.iter().filter(|found| **found == status).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_daemons_admit_no_more_than_one_may() {
    if !is_installed() {
        return;
    }
    let (redis, rest) = (Redis::start(&[]).await, Rest::start().await);
    let upstream = Arc::new(Upstream::start().await);
    let over_redis = (0..4).map(|_| daemon(&redis.url(), &upstream, PATIENT)).collect::<Vec<_>>();
    let over_rest = (0..4).map(|_| daemon_over_rest(&rest, &upstream)).collect::<Vec<_>>();
    for plans in [over_redis, over_rest] {
        let daemons: Vec<World> = plans.into_iter().map(|plan| limited(plan, "deny")).collect();

        let statuses = asked_at_once(&daemons).await;

        assert_eq!((count(&statuses, 200), count(&statuses, 429)), (20, 256 - 20));
    }
}

#[tokio::test]
async fn while_the_store_is_away_the_policy_holds() {
    if !is_installed() {
        return;
    }
    let mut redis = Redis::start(&[]).await;
    redis.stop();
    let upstream = Arc::new(Upstream::start().await);
    for (policy, admitted, refused, status) in [("local", 20, 4, 429), ("deny", 0, 24, 503), ("allow", 24, 0, 429)] {
        let world = limited(daemon(&redis.url(), &upstream, BUILT_IN), policy);
        let mut statuses = Vec::new();
        for number in 0..24 {
            let answered = world.ask(json!({"prompt": format!("{policy} {number}")})).await;
            assert_eq!(answered.header("llmc-degraded"), Some("store"));
            statuses.push(answered.status);
        }

        assert_eq!((count(&statuses, 200), count(&statuses, status)), (admitted, refused), "{policy}");
        let degraded = world.get("/status").await.json()["degraded"].to_string();
        assert!(degraded.contains("shared store"), "{degraded}");
    }
}
