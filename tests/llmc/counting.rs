//! The provider's own count of a prompt: asked for where somebody wants it, never for an answer that is kept, and done
//! without where it cannot be had.

use serde_json::{Value, json};

use crate::support::upstream::Call;
use crate::support::world::Plan;
use crate::support::{Reply, World, says};

/// Anthropic's and Gemini's counts are far above what is estimated here.
const COUNTED: u64 = 2000;

fn is_count(call: &Call) -> bool {
    call.path.ends_with("/count_tokens") || call.path.ends_with(":countTokens")
}

/// Counts, and answers everything else.
fn counting() -> Reply {
    Reply::by(|call| match is_count(call) {
        true => Reply::document(json!({"input_tokens": COUNTED, "totalTokens": COUNTED}).to_string()),
        false => says("hello").using(json!({"input_tokens": 12, "output_tokens": 8})).into(),
    })
}

/// Answers, and refuses to count.
fn not_counting() -> Reply {
    Reply::by(|call| if is_count(call) { Reply::failing(500) } else { says("hello").into() })
}

/// A thousandth of a dollar for a thousand tokens in, and nothing for those out.
fn priced() -> Plan {
    World::new().with("prices.\"claude/c\" = { input = 1.0, output = 0.0 }")
}

fn counts(world: &World) -> usize {
    world.upstream.calls().iter().filter(|call| is_count(call)).count()
}

async fn foreseen(world: &World, model: &str) -> Value {
    world.ask(json!({"prompt": "hi", "model": model, "dryRun": true, "count": true})).await.json()
}

#[tokio::test]
async fn a_dry_run_tells_the_providers_count_where_it_is_asked_for() {
    let world = priced().replying(counting()).await;

    for model in ["claude/c", "google/g"] {
        let told = foreseen(&world, model).await;
        assert_eq!((&told["estimatedInputTokens"], &told["estimatedBy"]), (&json!(COUNTED), &json!("provider")));
    }
    assert_eq!(foreseen(&world, "claude/c").await["estimatedCost"], 0.002);
    let asked = &world.upstream.calls()[0];
    assert_eq!(
        (asked.path.as_str(), &asked.body()["messages"][0]["content"]),
        ("/v1/messages/count_tokens", &json!("hi"))
    );
    assert_eq!(world.upstream.calls()[1].path, "/v1beta/models/g:countTokens");
    assert_eq!(counts(&world), world.upstream.count(), "and calls for nothing else");
}

#[tokio::test]
async fn a_dry_run_asks_nobody_where_that_is_not_said_or_not_known_or_not_allowed() {
    let world = priced().with("providers.claude.count_tokens = true").replying(counting()).await;

    let plain = world.ask(json!({"prompt": "hi", "model": "claude/c", "dryRun": true})).await.json();
    assert_eq!(plain["estimatedBy"], "rule");
    assert_eq!(foreseen(&world, "local/m").await["estimatedBy"], "rule");
    assert_eq!(foreseen(&world, "local/gpt-4o").await["estimatedBy"], "tokenizer");
    let offline =
        json!({"prompt": "hi", "model": "claude/c", "dryRun": true, "count": true, "cache": {"mode": "replay"}});
    assert_eq!(world.ask(offline).await.json()["estimatedBy"], "rule");
    assert_eq!(world.upstream.count(), 0);
    assert_eq!(world.ask(json!({"prompt": "hi", "count": true})).await.failure().0, 400);

    world.ask(json!({"prompt": "hi", "model": "claude/c"})).await.reply();
    let kept = foreseen(&world, "claude/c").await;
    assert_eq!((&kept["estimatedBy"], &kept["estimatedInputTokens"]), (&json!("kept"), &json!(12)));
    assert_eq!(counts(&world), 0, "nothing is measured, so nothing is counted");
}

#[tokio::test]
async fn a_count_that_cannot_be_had_is_estimated_with_a_warning() {
    let world = priced().replying(not_counting()).await;

    let told = foreseen(&world, "claude/c").await;

    assert_eq!(told["estimatedBy"], "rule");
    let warning = told["warnings"][0].as_str().unwrap();
    assert!(warning.starts_with("the tokens are estimated: `claude` answered 500"), "{warning}");
    world.upstream.goes_away().await;
    assert_eq!(foreseen(&world, "claude/c").await["estimatedBy"], "rule");
}

#[tokio::test]
async fn what_a_call_sets_aside_is_by_the_providers_count_where_that_is_set() {
    let bounded = |most: f64| json!({"prompt": "hi", "model": "claude/c", "maxCost": most});
    let world = priced().with("providers.claude.count_tokens = true").replying(counting()).await;

    let refused = world.ask(bounded(0.0019)).await;

    assert_eq!(refused.failure(), (429, "budget_exceeded".to_owned()));
    assert_eq!((counts(&world), world.upstream.count()), (1, 1));
    assert_eq!(world.ask(bounded(0.0021)).await.cache_status(), "miss");
    assert_eq!((counts(&world), world.upstream.count()), (2, 3));
    assert_eq!(world.ask(bounded(0.0)).await.cache_status(), "hit");
    assert_eq!(counts(&world), 2, "a hit needs no count");
    let unset = priced().replying(counting()).await;
    assert_eq!(unset.ask(bounded(0.0019)).await.cache_status(), "miss");
    assert_eq!(counts(&unset), 0);
}

#[tokio::test]
async fn a_budget_a_pace_and_a_batch_measure_by_one_count_a_call() {
    let plan =
        priced().with("providers.claude.count_tokens = true").with("providers.claude.tokens_per_minute = 100000");
    let world = plan.with("budget.daily_usd = 0.0019").replying(counting()).await;
    let line = json!({"prompt": "hi", "model": "claude/c"}).to_string();

    let refused = world.ask(json!({"prompt": "hi", "model": "claude/c"})).await;
    assert_eq!(refused.failure(), (429, "budget_exceeded".to_owned()));
    assert_eq!(counts(&world), 1);

    let world = priced().with("providers.claude.count_tokens = true").replying(counting()).await;
    let rows = world.send("POST", "/llm/batch?maxCost=0.0019", &[], line.clone()).await;
    assert!(String::from_utf8_lossy(&rows.body).contains("budget_exceeded"));
    let rows = world.send("POST", "/llm/batch?maxCost=0.0021", &[], line).await;
    assert!(String::from_utf8_lossy(&rows.body).contains("\"text\":\"hello\""));
    assert_eq!((counts(&world), world.upstream.count()), (2, 3));
}

#[tokio::test]
async fn a_call_is_made_by_the_estimate_where_the_count_fails_or_takes_too_long() {
    let measured = priced().with("providers.claude.count_tokens = true").with("budget.daily_usd = 1.0");
    let world = measured.clone().replying(not_counting()).await;
    let asked = json!({"prompt": "hi", "model": "claude/c"});
    assert_eq!(world.ask(asked.clone()).await.cache_status(), "miss");

    let late = measured.replying(says("hello")).await;
    late.upstream.hold();
    let answer = tokio::spawn(late.ask(asked));
    // The count that never comes, and then the call all the same.
    late.upstream.called(2).await;
    late.upstream.release();

    assert_eq!(answer.await.unwrap().cache_status(), "miss");
    assert!(is_count(&late.upstream.calls()[0]) && !is_count(&late.upstream.calls()[1]));
}

#[tokio::test]
async fn a_clients_own_question_for_a_count_passes_through() {
    let world = World::new().replying(counting()).await;
    let question = json!({"model": "c", "messages": [{"role": "user", "content": "hi"}]}).to_string();

    for _ in 0..2 {
        let path = "/providers/claude/v1/messages/count_tokens";
        let answered = world.send("POST", path, &[("content-type", "application/json")], question.clone()).await;
        assert_eq!(answered.json()["input_tokens"], COUNTED);
    }

    assert_eq!((world.upstream.count(), world.stats().await.totals.passed), (2, 2));
}
