//! `POST /llm/execute-workflow` and `POST /llm/workflow/generate`.

use serde_json::{Value, json};

use crate::support::{Reply, World, says};

async fn post(world: &World, path: &str, body: &Value) -> (u16, Value) {
    let answered = world.send("POST", path, &[], body.to_string()).await;
    (answered.status, serde_json::from_slice(&answered.body).unwrap_or(Value::Null))
}

const TWO: &str = r#"
name = "two"
output = "{{ steps.second.text }}!"
[inputs.topic]
required = true
[[step]]
id = "first"
prompt = "first {{ inputs.topic }}"
[[step]]
id = "second"
prompt = "second after {{ steps.first.text }}"
"#;

#[tokio::test]
async fn steps_are_asked_once_and_then_kept() {
    let world = World::new().answering("hello").await;
    let asked = json!({"workflow": TWO, "inputs": {"topic": "rivers"}, "defaults": {"model": "local/m"}});

    let (status, first) = post(&world, "/llm/execute-workflow", &asked).await;
    let (_, again) = post(&world, "/llm/execute-workflow", &asked).await;

    assert_eq!((status, &first["output"]), (200, &json!("hello!")), "{first}");
    assert_eq!(first["steps"]["second"]["metadata"]["cacheStatus"], "miss");
    assert_eq!(again["steps"]["second"]["metadata"]["cacheStatus"], "hit");
    assert_eq!(again["output"], first["output"]);
    assert_eq!(world.upstream.count(), 2);
}

#[tokio::test]
async fn a_workflow_spends_no_more_than_it_may_and_what_is_kept_passes() {
    // A call costs up to $0.011 ahead, and $0.004 once it is made.
    let usage = json!({"prompt_tokens": 800, "completion_tokens": 200});
    let plan = World::new().with("prices.\"local/m\" = { input = 2.5, output = 10.0 }");
    let world = plan.replying(says("hello").using(usage)).await;
    let asked = |most: f64| {
        json!({"workflow": TWO, "inputs": {"topic": "rivers"}, "maxCost": most,
            "defaults": {"model": "local/m", "maxTokens": 1000}})
    };

    let (status, refused) = post(&world, "/llm/execute-workflow", &asked(0.0125)).await;
    assert_eq!((status, &refused["error"]["type"]), (429, &json!("budget_exceeded")), "{refused}");
    assert!(refused["error"]["message"].as_str().unwrap().starts_with("step `second`: "), "{refused}");
    assert_eq!(world.upstream.count(), 1);

    let (status, _) = post(&world, "/llm/execute-workflow", &asked(0.0125)).await;
    assert_eq!((status, world.upstream.count()), (200, 2));
    assert_eq!(post(&world, "/llm/execute-workflow", &asked(0.0)).await.0, 200);
    assert_eq!(post(&world, "/llm/execute-workflow", &asked(-1.0)).await.0, 400);
}

#[tokio::test]
async fn a_step_that_asks_nobody_is_found_before_any_is_paid_for() {
    let world = World::new().answering("hello").await;
    let lost = TWO.replace("prompt = \"second", "model = \"nowhere/m\"\nprompt = \"second");
    let asked = json!({"workflow": lost, "inputs": {"topic": "rivers"}, "defaults": {"model": "local/m"}});

    let (status, refused) = post(&world, "/llm/execute-workflow", &asked).await;

    let error = &refused["error"];
    assert_eq!((status, &error["message"]), (400, &json!("the step `second` cannot be asked")), "{refused}");
    assert!(error["hint"].as_str().unwrap().contains("there is no provider `nowhere`"), "{refused}");
    assert_eq!(world.upstream.count(), 0);
}

#[tokio::test]
async fn a_workflow_may_come_as_an_object() {
    let world = World::new().answering("hello").await;
    let workflow = json!({"name": "one", "step": [{"id": "a", "prompt": "x", "model": "local/m"}]});

    let (status, reply) = post(&world, "/llm/execute-workflow", &json!({"workflow": workflow})).await;

    assert_eq!((status, &reply["output"]), (200, &json!("hello")), "{reply}");
}

#[tokio::test]
async fn a_run_that_failed_goes_on_from_what_is_kept() {
    let world = World::new().with("retry.max_attempts = 1").answering("hello").await;
    let asked = json!({"workflow": TWO, "inputs": {"topic": "rivers"}, "defaults": {"model": "local/m"}});
    world.upstream.answers_next([says("one").into(), Reply::failing(500)]);

    let (status, failed) = post(&world, "/llm/execute-workflow", &asked).await;
    let (_, mended) = post(&world, "/llm/execute-workflow", &asked).await;

    assert_eq!(status, 502);
    assert!(failed["error"]["message"].as_str().unwrap().starts_with("step `second`: "), "{failed}");
    assert_eq!(mended["steps"]["first"]["metadata"]["cacheStatus"], "hit");
    assert_eq!((world.upstream.count(), &mended["output"]), (3, &json!("hello!")));
}

#[tokio::test]
async fn what_is_wrong_is_told_before_anything_is_called() {
    let world = World::new().answering("hello").await;
    let wrong = [
        (json!({"workflow": TWO}), "the input `topic` is missing"),
        (json!({"workflow": "name = 'w'\n[[step]]\nid = 'a'\nprompt = '{{ steps.b.text }}'"}), "there is no step `b`"),
        (json!({"workflow": "name = "}), "line 1"),
        (json!({"workflow": TWO, "inputs": {"topic": "x"}, "jobs": 0}), "`jobs` is at least 1"),
        (json!({"workflow": TWO, "inputs": {"topic": "x"}, "defaults": {"prompt": "x"}}), "`defaults.prompt`"),
        (json!({"workflw": TWO}), "workflw"),
    ];
    for (body, part) in wrong {
        let (status, reply) = post(&world, "/llm/execute-workflow", &body).await;
        assert_eq!(status, 400, "{reply}");
        assert!(reply.to_string().contains(part), "{part}: {reply}");
    }
    assert_eq!(world.upstream.count(), 0);
}

#[tokio::test]
async fn every_step_is_an_event_and_the_whole_comes_last() {
    let world = World::new().answering("hello").await;
    let asked = json!({"workflow": TWO, "inputs": {"topic": "x"}, "defaults": {"model": "local/m"}, "stream": true});

    let answered = world.send("POST", "/llm/execute-workflow", &[], asked.to_string()).await;

    let text = String::from_utf8(answered.body.to_vec()).unwrap();
    let names: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("event: ")).collect();
    assert_eq!(names, ["step", "step", "step", "step", "done"], "{text}");
    let last = text.lines().filter_map(|line| line.strip_prefix("data: ")).next_back().unwrap();
    assert_eq!(serde_json::from_str::<Value>(last).unwrap()["output"], "hello!");
}

#[tokio::test]
async fn a_model_writes_a_workflow_that_can_be_run() {
    let world = World::new().answering("x").await;
    let good = "```toml\nname = \"w\"\n[[step]]\nid = \"a\"\nprompt = \"x\"\n```";
    world.upstream.answers_next([says("```toml\nname = 1\n```").into(), says(good).into()]);
    let wish = json!({"description": "do x", "defaults": {"model": "local/m"}});

    let (status, written) = post(&world, "/llm/workflow/generate", &wish).await;

    assert_eq!((status, &written["repairs"]), (200, &json!(1)), "{written}");
    assert_eq!(written["workflow"], "name = \"w\"\n[[step]]\nid = \"a\"\nprompt = \"x\"\n");
    let (status, refused) = post(&world, "/llm/workflow/generate", &json!({"description": " "})).await;
    assert_eq!(status, 400, "{refused}");
}

const LOOKING_AHEAD: &str = r#"
name = "ahead"
[inputs.topic]
required = true
[[step]]
id = "first"
prompt = "first {{ inputs.topic }}"
[[step]]
id = "each"
for_each = "['a', 'b', 'b']"
prompt = "{{ item }} of {{ steps.first.text }}"
[[step]]
id = "idle"
when = "inputs.topic == 'seas'"
prompt = "never"
[[step]]
id = "after"
needs = ["each"]
prompt = "apart"
[[step]]
id = "last"
prompt = "{{ steps.each.texts|join(' ') }} {{ steps.idle.skipped }}"
"#;

#[tokio::test]
async fn a_look_ahead_walks_as_far_as_answers_are_kept_and_calls_nobody() {
    let world = World::new().with("prices.\"local/m\" = { input = 1.0, output = 1.0 }").answering("hello").await;
    let ahead = |more: Value| {
        let mut asked = json!({"workflow": LOOKING_AHEAD, "inputs": {"topic": "rivers"}, "dryRun": true,
            "defaults": {"model": "local/m", "maxTokens": 100}});
        asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        asked
    };
    let state = |told: &Value, step: &str| told["steps"][step]["state"].as_str().unwrap().to_owned();
    let states = |told: &Value| ["first", "each", "idle", "after", "last"].map(|step| state(told, step));

    let (status, nothing) = post(&world, "/llm/execute-workflow", &ahead(json!({}))).await;
    assert_eq!((status, states(&nothing)), (200, ["call", "unknown", "skipped", "call", "unknown"].map(str::to_owned)));
    assert_eq!((&nothing["calls"], &nothing["unknown"], &nothing["dryRun"]), (&json!(2), &json!(2), &json!(true)));
    assert_eq!(nothing["steps"]["last"]["awaits"], json!(["each"]));
    assert_eq!(nothing["steps"]["each"].get("calls"), None);
    assert_eq!(world.upstream.count(), 0);

    world.ask(json!({"prompt": "first rivers", "model": "local/m", "maxTokens": 100})).await.reply();
    let (_, begun) = post(&world, "/llm/execute-workflow", &ahead(json!({}))).await;
    assert_eq!(states(&begun), ["hit", "call", "skipped", "call", "unknown"]);
    let each = &begun["steps"]["each"];
    assert_eq!(
        (&each["items"], &each["calls"], &each["hits"], &each["model"]),
        (&json!(3), &json!(2), &json!(1), &json!("local/m"))
    );
    assert_eq!((&begun["hits"], &begun["calls"], &begun["estimatedOutputTokens"]), (&json!(2), &json!(3), &json!(300)));
    let tokens = begun["estimatedInputTokens"].as_f64().unwrap() + 300.0;
    assert_eq!(begun["estimatedCost"], tokens / 1e6);

    post(&world, "/llm/execute-workflow", &ahead(json!({"dryRun": false}))).await;
    let calls = world.upstream.count();
    let (_, done) = post(&world, "/llm/execute-workflow", &ahead(json!({}))).await;
    assert_eq!(states(&done), ["hit", "hit", "skipped", "hit", "hit"]);
    assert_eq!((&done["calls"], &done["unknown"], &done["estimatedCost"]), (&json!(0), &json!(0), &json!(0.0)));
    let totals = world.stats().await.totals;
    assert_eq!(
        (world.upstream.count(), totals.misses, totals.hits + totals.coalesced),
        (calls, 5, 2),
        "a look counts nothing"
    );
}

#[tokio::test]
async fn a_look_ahead_finds_what_is_wrong_with_a_step() {
    let world = World::new().answering("hello").await;
    let workflow =
        "name = 'w'\n[[step]]\nid = 'a'\nfor_each = 'inputs.x'\nprompt = '{{ item }}'\n[inputs.x]\ndefault = 'no'";

    let (status, told) = post(&world, "/llm/execute-workflow", &json!({"workflow": workflow, "dryRun": true})).await;

    assert_eq!(status, 400, "{told}");
    assert!(told["error"]["message"].as_str().unwrap().starts_with("step `a`: `for_each` is no list"), "{told}");
}
