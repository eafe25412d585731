//! What calls cost, what hits save, and that baseline = spent + saved, always.

use std::time::Duration;

use llmc::api::stats::{StatsReply, Totals};
use serde_json::{Value, json};

use crate::support::world::Plan;
use crate::support::{Reply, World, says};

const HOUR: Duration = Duration::from_secs(3600);

/// 600 fresh at 2.5, 400 cached at 1.25 and 200 out at 10 millionths: 4 thousandths of a dollar.
fn openai_usage() -> Value {
    json!({"prompt_tokens": 1000, "prompt_tokens_details": {"cached_tokens": 400},
           "completion_tokens": 200, "completion_tokens_details": {"reasoning_tokens": 50}, "total_tokens": 1200})
}

/// 600 fresh at 3, 400 cached at 0.3, 100 written at 3.75 and 200 out at 15 millionths: 5.295 thousandths.
fn anthropic_usage() -> Value {
    json!({"input_tokens": 600, "cache_read_input_tokens": 400, "cache_creation_input_tokens": 100,
           "output_tokens": 200})
}

fn priced() -> Plan {
    World::new()
        .with("prices.\"local/m\" = { input = 2.5, output = 10.0, cached_input = 1.25 }")
        .with("prices.\"claude/c\" = { input = 3.0, output = 15.0, cached_input = 0.3, cache_write = 3.75 }")
}

fn money(totals: &Totals) -> [f64; 3] {
    [totals.spent_usd, totals.saved_usd, totals.baseline_usd]
}

#[tokio::test]
async fn openais_cached_tokens_are_inside_the_prompts() {
    let world = priced().replying(says("hello").using(openai_usage())).await;

    let (miss, hit) = (world.generate("hi").await.metadata, world.generate("hi").await.metadata);

    assert_eq!((miss.estimated_cost, miss.saved_cost, miss.priced), (Some(0.004), Some(0.0), true));
    assert_eq!((hit.estimated_cost, hit.saved_cost), (Some(0.004), Some(0.004)));
    let usage = miss.usage;
    assert_eq!((usage.input_tokens, usage.cached_input_tokens), (1000, 400));
    assert_eq!((usage.output_tokens, usage.reasoning_tokens), (200, 50));
    assert_eq!((miss.estimated_tokens, miss.usage_estimated), (1200, false));
}

#[tokio::test]
async fn anthropics_cached_tokens_stand_beside_the_prompts() {
    let world = priced().replying(says("hello").using(anthropic_usage())).await;

    let miss = world.ask(json!({"prompt": "hi", "model": "claude/c"})).await.reply().metadata;

    assert_eq!(miss.estimated_cost, Some(0.005295));
    assert_eq!((miss.usage.input_tokens, miss.usage.cached_input_tokens), (1100, 400));
    assert_eq!(miss.estimated_tokens, 1300);
}

#[tokio::test]
async fn a_stream_costs_what_the_plain_answer_does() {
    for (model, usage, cost) in [("local/m", openai_usage(), 0.004), ("claude/c", anthropic_usage(), 0.005295)] {
        let world = priced().replying(says("hello you").using(usage)).await;

        let told = world.listen(json!({"prompt": "hi", "model": model})).await.told().await;

        assert_eq!(told.reply().metadata.estimated_cost, Some(cost));
        assert_eq!(world.stats().await.totals.spent_usd, cost);
    }
}

#[tokio::test]
async fn money_adds_up_over_every_way_to_an_answer() {
    let plan = priced().with("cache.stale_while_revalidate = \"0s\"");
    let world = plan.replying(says("hello").using(openai_usage())).await;
    let in_mode = |mode: &str| json!({"prompt": "hi", "cache": {"mode": mode}});

    world.upstream.hold();
    let together: Vec<_> = (0..3).map(|_| tokio::spawn(world.ask(in_mode("auto")))).collect();
    world.upstream.called(1).await;
    world.upstream.release();
    for asked in together {
        asked.await.unwrap().reply();
    }
    for mode in ["auto", "replay", "refresh", "off"] {
        world.ask(in_mode(mode)).await.reply();
    }
    world.clock.advance(HOUR);
    world.upstream.answers(Reply::failing(500));
    world.ask(in_mode("auto")).await.reply();
    world.ask(json!({"prompt": "fails"})).await.problem();

    let totals = world.stats().await.totals;
    let counted = [totals.misses, totals.coalesced, totals.hits, totals.refreshed, totals.bypassed, totals.stale];
    assert_eq!((counted, totals.errors), ([1, 2, 2, 1, 1, 1], 1));
    // Three calls, five answers that cost nothing.
    assert_eq!(money(&totals), [0.012, 0.02, 0.032]);
    assert_eq!((totals.spent_tokens, totals.saved_tokens), (3600, 6000));
    assert_eq!(totals.estimated_savings, "$0.02");
    assert_eq!((totals.hit_rate, totals.grade.as_deref()), (Some(66.7), Some("good")));
}

#[tokio::test]
async fn a_model_without_a_price_is_unpriced_and_not_free() {
    let world = World::new().answering("hello").await;

    let (miss, hit) = (world.generate("hi").await.metadata, world.ask(json!({"prompt": "hi"})).await.json());

    assert_eq!((miss.estimated_cost, miss.saved_cost, miss.priced), (None, None, false));
    let metadata = &hit["metadata"];
    assert_eq!([&metadata["estimatedCost"], &metadata["savedCost"]], [&Value::Null; 2]);
    let totals = world.stats().await.totals;
    assert_eq!((totals.unpriced_calls, totals.unpriced_hits, money(&totals)), (1, 1, [0.0; 3]));
}

#[tokio::test]
async fn a_model_that_is_free_has_a_price() {
    let world = World::new().answering("never").await;

    let answer = world.ask(json!({"prompt": "hi", "model": "echo/echo"})).await.reply().metadata;

    assert_eq!((answer.estimated_cost, answer.priced), (Some(0.0), true));
    assert_eq!(world.stats().await.totals.unpriced_calls, 0);
}

#[tokio::test]
async fn usage_that_is_not_told_is_estimated_and_said_to_be() {
    let world = priced().replying(says("x".repeat(400).as_str()).using(Value::Null)).await;

    let metadata = world.generate("hi").await.metadata;

    assert!(metadata.usage_estimated);
    assert_eq!(metadata.usage.output_tokens, 100);
    assert!(metadata.estimated_cost.is_some_and(|cost| cost >= 0.001));
}

#[tokio::test]
async fn usage_that_cannot_be_true_breaks_nothing() {
    let most = u64::MAX;
    let usage = json!({"prompt_tokens": most, "completion_tokens": most, "total_tokens": most,
        "prompt_tokens_details": {"cached_tokens": most}, "completion_tokens_details": {"reasoning_tokens": most}});
    let world = priced().replying(says("hello").using(usage)).await;

    for _ in 0..3 {
        assert_eq!(world.generate("hi").await.text, "hello");
    }

    let totals = world.stats().await.totals;
    assert_eq!((totals.misses, totals.hits), (1, 2));
    assert!(money(&totals).iter().all(|dollars| *dollars > 0.0));
}

#[tokio::test]
async fn a_call_that_may_cost_too_much_is_not_made() {
    let world = priced().answering("hello").await;
    let bounded = |prompt: &str, most: f64| json!({"prompt": prompt, "maxTokens": 1000, "maxCost": most});

    let refused = world.ask(bounded("hi", 0.009)).await;

    assert_eq!(refused.failure(), (429, "budget_exceeded".to_owned()));
    assert_eq!(world.upstream.count(), 0);
    assert_eq!(world.ask(bounded("hi", 0.011)).await.status, 200);
    // What is kept costs nothing.
    assert_eq!(world.ask(bounded("hi", 0.0)).await.cache_status(), "hit");
}

#[tokio::test]
async fn nobody_can_hold_a_model_without_a_price_to_a_sum() {
    let world = World::new().answering("hello").await;

    let refused = world.ask(json!({"prompt": "hi", "maxCost": 100.0})).await;

    assert_eq!(refused.failure(), (429, "budget_exceeded".to_owned()));
    assert!(refused.problem().error.hint.unwrap().contains("[prices.\"local/m\"]"));
    assert_eq!(world.upstream.count(), 0);
}

#[tokio::test]
async fn nothing_of_nothing_is_no_rate() {
    let world = World::new().answering("hello").await;

    let stats = world.get("/llm/cache/stats").await.json();

    assert_eq!([&stats["hitRate"], &stats["grade"], &stats["since"]], [&Value::Null; 3]);
    assert_eq!([&stats["latencyMs"]["hit"]["p50"], &stats["latencyMs"]["miss"]["p99"]], [&Value::Null; 2]);
    assert_eq!((&stats["hits"], &stats["estimatedSavings"]), (&json!(0), &json!("$0.00")));
}

/// Five answers over two models, namespaces, runs and days.
async fn busy() -> World {
    let world = priced().on_disk().answering("hello").await;
    world.ask(json!({"prompt": "a", "run": "r1"})).await.reply();
    world.ask(json!({"prompt": "a", "run": "r2"})).await.reply();
    world.ask(json!({"prompt": "b", "model": "claude/c", "run": "r1"})).await.reply();
    world.clock.advance(24 * HOUR);
    world.ask(json!({"prompt": "c", "cache": {"namespace": "team"}})).await.reply();
    world.ask(json!({"prompt": "c", "cache": {"namespace": "team"}, "run": "r2"})).await.reply();
    world
}

async fn grouped(world: &World, by: &str) -> Vec<(String, u64, u64)> {
    let stats = world.stats_of(&format!("?by={by}")).await;
    stats.groups.into_iter().map(|group| (group.name, group.totals.hits, group.totals.misses)).collect()
}

#[tokio::test]
async fn statistics_come_in_groups() {
    let world = busy().await;

    let named = |groups: &[(&str, u64, u64)]| -> Vec<_> {
        groups.iter().map(|(name, hits, misses)| ((*name).to_owned(), *hits, *misses)).collect()
    };
    assert_eq!(grouped(&world, "model").await, named(&[("claude/c", 0, 1), ("local/m", 2, 2)]));
    assert_eq!(grouped(&world, "provider").await, named(&[("claude", 0, 1), ("local", 2, 2)]));
    assert_eq!(grouped(&world, "namespace").await, named(&[("default", 1, 2), ("team", 1, 1)]));
    assert_eq!(grouped(&world, "day").await, named(&[("2027-01-15", 1, 2), ("2027-01-16", 1, 1)]));
    assert_eq!(grouped(&world, "run").await, named(&[("", 0, 1), ("r1", 0, 2), ("r2", 2, 0)]));
    let wrong = world.get("/llm/cache/stats?by=colour").await;
    assert_eq!(wrong.problem().error.message, "cannot group by `colour`");
}

#[tokio::test]
async fn statistics_are_of_a_time_and_of_a_run() {
    let world = busy().await;
    let counted = |stats: StatsReply| (stats.totals.hits, stats.totals.misses, stats.since);

    let all = counted(world.stats_of("").await);
    assert_eq!(all, (2, 3, Some("2027-01-15T08:00:00Z".to_owned())));
    let late = counted(world.stats_of("?since=1h").await);
    assert_eq!(late, (1, 1, Some("2027-01-16T08:00:00Z".to_owned())));
    assert_eq!(counted(world.stats_of("?run=r1").await).1, 2);
    assert_eq!(counted(world.stats_of("?run=r2&since=1h").await).0, 1);
    assert_eq!(counted(world.stats_of("?run=nobody").await), (0, 0, None));
}

#[tokio::test]
async fn statistics_are_the_same_after_a_restart() {
    let world = busy().await;
    let before = world.stats_of("?by=model").await;

    let world = world.reopened().await;
    let after = world.stats_of("?by=model").await;

    assert_eq!((&after.totals, &after.groups), (&before.totals, &before.groups));
    assert_eq!((after.entries, after.bytes, &after.since), (before.entries, before.bytes, &before.since));
    assert!(before.totals.latency_ms.hit.p50.is_some() && before.totals.latency_ms.miss.p99.is_some());
}

#[tokio::test]
async fn statistics_can_begin_anew_and_the_answers_stay() {
    let world = busy().await;
    assert_eq!(world.stats().await.totals.misses, 3);

    assert_eq!(world.delete("/llm/cache/stats").await.json()["reset"], true);

    let stats = world.stats().await;
    assert_eq!((stats.totals, stats.entries), (World::new().answering("x").await.stats().await.totals, 3));
}
