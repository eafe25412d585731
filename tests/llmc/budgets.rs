//! What may be spent: refused before it is spent, settled at what it was, exact whoever spends beside.

use std::sync::Arc;
use std::time::Duration;

use llmc::api::status::{BudgetStatus, LimitsReply};
use llmc::clock::FakeClock;
use llmc::daemon::access::Keys;
use llmc::money::Usd;
use llmc::pipeline::budget::RunCeiling;
use llmc::store::Store;
use llmc::store::fleet::Fleet;
use llmc::store::memory::Memory;
use serde_json::{Value, json};

use crate::support::redis::{Redis, is_installed};
use crate::support::upstream::Upstream;
use crate::support::world::{Plan, START};
use crate::support::{Reply, World, says, shared};

const HOUR: Duration = Duration::from_secs(3600);

/// An answer that costs four thousandths of a dollar; a thousand tokens of answer may cost ten.
fn four_thousandths() -> Reply {
    says("hello").using(json!({"prompt_tokens": 800, "completion_tokens": 200, "total_tokens": 1000})).into()
}

fn priced() -> Plan {
    World::new().with("prices.\"local/m\" = { input = 2.5, output = 10.0 }")
}

fn asking(prompt: &str) -> Value {
    json!({"prompt": prompt, "maxTokens": 1000})
}

async fn budgets(world: &World) -> Vec<BudgetStatus> {
    world.settled().await;
    world.get("/limits").await.parsed::<LimitsReply>().budgets
}

#[tokio::test]
async fn a_call_beyond_the_day_is_refused_until_the_next() {
    let world = priced().with("budget.daily_usd = 0.016").replying(four_thousandths()).await;
    world.ask(asking("one")).await.reply();
    world.ask(asking("two")).await.reply();

    let refused = world.ask(asking("three")).await;

    assert_eq!(refused.failure(), (429, "budget_exceeded".to_owned()));
    assert_eq!(refused.header("llmc-limited-by"), Some("llmc"));
    // It is eight in the morning.
    assert_eq!(refused.header("retry-after"), Some("57600"));
    let error = refused.problem().error;
    assert!(error.message.contains("beyond the daily budget"), "{}", error.message);
    assert_eq!(error.cause.unwrap(), "of $0.016000 $0.008000 are spent and $0.000000 set aside");
    assert!(error.hint.unwrap().contains("2027-01-16T00:00:00Z"));
    assert_eq!(world.upstream.count(), 2);
    assert_eq!(world.ask(asking("one")).await.cache_status(), "hit", "what is kept costs nothing");

    world.clock.advance(16 * HOUR - Duration::from_millis(1));
    assert_eq!(world.ask(asking("three")).await.status, 429);
    world.clock.advance(Duration::from_millis(1));
    world.ask(asking("three")).await.reply();
}

#[tokio::test]
async fn the_month_goes_on_when_the_day_begins_anew() {
    let plan = priced().with("budget.daily_usd = 0.012").with("budget.monthly_usd = 0.016");
    let world = plan.on_disk().replying(four_thousandths()).await;
    world.ask(asking("one")).await.reply();
    assert_eq!(world.ask(asking("two")).await.status, 429);
    world.clock.advance(24 * HOUR);
    world.ask(asking("two")).await.reply();
    world.clock.advance(24 * HOUR);

    let world = world.reopened().await;
    let refused = world.ask(asking("three")).await;

    // The clock of a world made anew begins where the first one did: the first day, which is spent as well.
    assert_eq!(refused.status, 429);
    assert!(refused.problem().error.message.contains("monthly"), "{}", refused.problem().error.message);
}

#[tokio::test]
async fn limits_tell_what_is_spent_set_aside_and_left() {
    let plan = priced().with("budget.daily_usd = 1.0").with("budget.namespaces.team.monthly_usd = 0.5");
    let world = plan.replying(four_thousandths()).await;
    world.ask(asking("one")).await.reply();
    let mut of_team = asking("two");
    of_team["cache"] = json!({"namespace": "team"});
    world.ask(of_team).await.reply();

    let all = budgets(&world).await;

    let day = BudgetStatus {
        period: "daily".to_owned(),
        namespace: None,
        limit_usd: 1.0,
        spent_usd: 0.008,
        reserved_usd: 0.0,
        left_usd: 0.992,
        reset_at: START.after(16 * HOUR).0,
    };
    assert_eq!(all[0], day);
    assert_eq!((all[1].namespace.as_deref(), all[1].spent_usd, all[1].left_usd), (Some("team"), 0.004, 0.496));
    assert_eq!(all.len(), 2);
}

#[tokio::test]
async fn a_namespace_has_a_budget_of_its_own() {
    let world = priced().with("budget.namespaces.team.daily_usd = 0.001").replying(four_thousandths()).await;
    let mut of_team = asking("one");
    of_team["cache"] = json!({"namespace": "team"});

    let refused = world.ask(of_team).await;

    assert!(refused.problem().error.hint.unwrap().contains("budget.namespaces.team.daily_usd"));
    world.ask(asking("one")).await.reply();
}

#[tokio::test]
async fn what_a_failed_call_set_aside_is_given_back() {
    let world = priced().with("budget.daily_usd = 0.011").replying(Reply::failing(400)).await;
    for prompt in ["one", "two", "three"] {
        assert_eq!(world.ask(asking(prompt)).await.status, 502);
    }

    assert_eq!((budgets(&world).await[0].spent_usd, budgets(&world).await[0].reserved_usd), (0.0, 0.0));
}

#[tokio::test]
async fn an_answer_warns_when_a_budget_is_nearly_used_up() {
    let world =
        priced().with("budget.daily_usd = 0.02").with("budget.warn_at = 0.4").replying(four_thousandths()).await;

    let first = world.ask(asking("one")).await.reply().metadata.warnings;
    let second = world.ask(asking("two")).await.reply().metadata.warnings;

    assert_eq!(first, Vec::<String>::new());
    assert_eq!(second, ["the daily budget is nearly used up: $0.008000 of $0.020000"]);
}

#[tokio::test]
async fn a_model_without_a_price_is_called_with_a_warning_or_not_at_all() {
    let world = World::new().with("budget.daily_usd = 1.0").answering("hello").await;
    let warned = world.generate("hi").await.metadata.warnings;
    assert_eq!(warned, ["`local/m` has no known price, so that no budget counts it"]);

    let strict = World::new().with("budget.daily_usd = 1.0").with("budget.unpriced = \"deny\"").answering("x").await;
    assert_eq!(strict.ask(json!({"prompt": "hi"})).await.failure(), (429, "budget_exceeded".to_owned()));
    assert_eq!(strict.upstream.count(), 0);
}

#[tokio::test]
async fn a_run_spends_no_more_than_it_may_and_what_is_within_it_counts() {
    let world = priced().replying(four_thousandths()).await;
    let ceiling = |name: &str, most| RunCeiling { name: name.to_owned(), most: Usd(most) };
    let ceilings = vec![ceiling("outer", 15_000_000), ceiling("inner", 1_000_000_000)];
    let _open = world.daemon.runs.begin("r".to_owned(), Keys::default(), ceilings);
    let of_run = |prompt: &str| json!({"prompt": prompt, "maxTokens": 1000, "run": "r"});
    world.ask(of_run("one")).await.reply();
    world.ask(of_run("two")).await.reply();

    let refused = world.ask(of_run("three")).await;

    assert_eq!((refused.status, refused.header("retry-after")), (429, None));
    assert!(refused.problem().error.message.contains("the budget of this run"));
    world.ask(asking("three")).await.reply();
}

#[tokio::test]
async fn a_coalesced_asker_needs_no_budget_and_pays_for_no_other() {
    let world = priced().replying(four_thousandths()).await;
    let bounded = |most: f64| json!({"prompt": "hi", "maxTokens": 1000, "maxCost": most});
    world.upstream.hold();
    let leader = tokio::spawn(world.ask(bounded(1.0)));
    world.upstream.called(1).await;
    let follower = tokio::spawn(world.ask(bounded(0.0)));
    world.upstream.release();

    assert_eq!(leader.await.unwrap().cache_status(), "miss");
    let follower = follower.await.unwrap().cache_status();
    assert!(["coalesced", "hit"].contains(&follower), "{follower}");
    assert_eq!(world.upstream.count(), 1);
}

/// What 64 askers at each daemon, all at once, are told.
async fn asked_at_once(daemons: &[World]) -> usize {
    let mut askers = tokio::task::JoinSet::new();
    for (number, world) in daemons.iter().cycle().take(64 * daemons.len()).enumerate() {
        askers.spawn(world.ask(asking(&format!("prompt {number}"))));
    }
    askers.join_all().await.into_iter().filter(|answered| answered.status == 200).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn askers_at_two_daemons_never_overshoot_together() {
    if !is_installed() {
        return;
    }
    let redis = Redis::start(&[]).await;
    let upstream = Arc::new(Upstream::start().await);
    upstream.answers(four_thousandths());
    let daemons: Vec<World> = (0..2)
        .map(|_| {
            let there = Arc::new(shared::redis(&redis.url(), "llm:cache"));
            let clock = Arc::new(FakeClock::at(START));
            let store = Fleet::new(there, Arc::new(Memory::new()), clock, Duration::from_secs(10));
            let plan = priced().over(Arc::new(store)).asking(&upstream).with("budget.daily_usd = 0.1");
            plan.with("rate_limit.when_store_down = \"deny\"").begun()
        })
        .collect();

    let paid = asked_at_once(&daemons).await;

    for world in &daemons {
        world.settled().await;
        world.daemon.pipeline.flush().await;
    }
    let [of_one, of_other] = [budgets(&daemons[0]).await, budgets(&daemons[1]).await];
    assert_eq!(of_one, of_other);
    let spent = of_one[0].spent_usd;
    assert!((spent - paid as f64 * 0.004).abs() < 1e-9, "{spent} for {paid}");
    assert!(spent <= 0.1 && paid >= 9, "{spent} for {paid}");
    assert_eq!((of_one[0].reserved_usd, upstream.count()), (0.0, paid));
}

#[tokio::test]
async fn while_the_store_is_away_each_daemon_goes_on_from_what_it_knew_and_tells_it_later() {
    if !is_installed() {
        return;
    }
    let mut redis = Redis::start(&[]).await;
    let upstream = Arc::new(Upstream::start().await);
    upstream.answers(four_thousandths());
    let clock = Arc::new(FakeClock::at(START));
    let there: Arc<dyn Store> = Arc::new(shared::redis(&redis.url(), "llm:cache"));
    let store = Fleet::new(there, Arc::new(Memory::new()), clock, Duration::from_secs(2));
    let world = priced().over(Arc::new(store)).asking(&upstream).with("budget.daily_usd = 0.0175").begun();
    world.ask(asking("one")).await.reply();
    world.settled().await;
    assert_eq!(budgets(&world).await[0].spent_usd, 0.004);

    redis.stop();
    world.ask(asking("two")).await.reply();
    assert_eq!(world.ask(asking("three")).await.failure(), (429, "budget_exceeded".to_owned()));
}
