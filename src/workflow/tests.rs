use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::run::Terms;
use super::*;
use crate::api::generate::{GenerateReply, GenerateRequest};
use crate::api::workflow::{StepState, WorkflowFile, WorkflowReply, WorkflowSource, WorkflowStep};
use crate::error::{Error, Kind, Result};

/// Answers with what the prompt says behind `say:`, else with the prompt; notes down what it was asked, and how much at once.
#[derive(Default)]
struct Echo {
    asked: Mutex<Vec<GenerateRequest>>,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
}

impl Echo {
    fn prompts(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().map(|request| request.prompt.clone().unwrap_or_default()).collect()
    }
}

fn reply(text: &str) -> GenerateReply {
    let metadata = json!({
        "provider": "echo", "model": "echo", "cached": false, "cacheStatus": "miss", "cacheKey": "", "ageSeconds": 0,
        "ttlSeconds": null, "store": "memory", "namespace": "default", "finishReason": "stop", "estimatedTokens": 0,
        "usage": {"inputTokens": 0, "outputTokens": 0, "cachedInputTokens": 0, "reasoningTokens": 0},
        "estimatedCost": null, "savedCost": null, "priced": false, "latencyMs": 0.0, "originalLatencyMs": 0.0,
        "session": null, "runId": null,
    });
    serde_json::from_value(json!({"schema_version": 1, "text": text, "code": text, "metadata": metadata})).unwrap()
}

#[async_trait]
impl Asks for Echo {
    async fn ask(&self, request: GenerateRequest) -> Result<GenerateReply> {
        let now = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_at_once.fetch_max(now, Ordering::SeqCst);
        let prompt = request.prompt.clone().unwrap_or_default();
        self.asked.lock().unwrap().push(request);
        tokio::task::yield_now().await;
        self.at_once.fetch_sub(1, Ordering::SeqCst);
        match prompt.split_once("say:") {
            Some((_, text)) => Ok(reply(text)),
            None if prompt.contains("fail") => Err(Error::new(Kind::Provider, "it fell over")),
            None => Ok(reply(&prompt)),
        }
    }
}

fn file(toml: &str) -> WorkflowFile {
    read("w.toml", WorkflowSource::Toml(toml.to_owned())).unwrap()
}

async fn run_with(toml: &str, inputs: Value, echo: &Echo, jobs: usize) -> Result<WorkflowReply> {
    let plan = plan(file(toml))?;
    let Value::Object(inputs) = inputs else { panic!("inputs are an object") };
    let inputs = plan.inputs(inputs)?;
    let defaults = GenerateRequest::default();
    run(&plan, inputs, &Terms { asks: echo, defaults: &defaults, jobs, tell: &|_| {} }).await
}

async fn answer(toml: &str, inputs: Value) -> Result<WorkflowReply> {
    run_with(toml, inputs, &Echo::default(), 8).await
}

#[tokio::test]
async fn steps_build_on_each_other() {
    let toml = r#"
        name = "essay"
        output = "{{ inputs.topic }}: {{ steps.write.text }}"
        [inputs.topic]
        required = true
        [[step]]
        id = "write"
        prompt = "write after {{ steps.outline.text }}"
        [[step]]
        id = "outline"
        prompt = "outline {{ inputs.topic }}"
    "#;

    let reply = answer(toml, json!({"topic": "rivers"})).await.unwrap();

    assert_eq!(reply.output, "rivers: write after outline rivers");
    assert_eq!(reply.steps["outline"].text, "outline rivers");
}

#[tokio::test]
async fn without_an_output_the_last_step_is_the_answer() {
    let toml = "name = 'w'\n[[step]]\nid = 'a'\nprompt = 'one'\n[[step]]\nid = 'b'\nprompt = 'two'";
    assert_eq!(answer(toml, json!({})).await.unwrap().output, "two");
}

#[tokio::test]
async fn a_step_is_asked_for_each_item_and_its_answers_stay_in_order() {
    let toml = r#"
        name = "cities"
        output = "{{ steps.each.texts|join(',') }} {{ steps.each.items[1].text }}"
        [inputs.cities]
        default = ["Rome", "Oslo"]
        [[step]]
        id = "each"
        for_each = "inputs.cities"
        prompt = "{{ index }} {{ item }}"
    "#;

    let reply = answer(toml, json!({})).await.unwrap();

    assert_eq!(reply.output, "0 Rome,1 Oslo 1 Oslo");
    assert_eq!(reply.steps["each"].text, "0 Rome\n\n1 Oslo");
    assert!(answer(toml, json!({"cities": []})).await.unwrap_err().cause().unwrap().contains("undefined"));
    let error = answer(toml, json!({"cities": "Rome"})).await.unwrap_err();
    assert_eq!(error.message(), "step `each`: `for_each` is no list");
}

#[tokio::test]
async fn a_step_whose_condition_is_not_met_is_skipped_and_asks_nothing() {
    let toml = r#"
        name = "w"
        output = "{% if steps.a.skipped %}none{% else %}{{ steps.a.text }}{% endif %}"
        [inputs.wanted]
        default = false
        [[step]]
        id = "a"
        when = "inputs.wanted"
        prompt = "asked"
    "#;
    let echo = Echo::default();

    let reply = run_with(toml, json!({}), &echo, 8).await.unwrap();

    assert_eq!((reply.output, reply.steps["a"].skipped, echo.prompts().len()), (json!("none"), true, 0));
    assert_eq!(answer(toml, json!({"wanted": true})).await.unwrap().output, "asked");
}

#[tokio::test]
async fn an_answer_with_a_schema_is_at_hand_as_json() {
    let toml = r#"
        name = "w"
        output = "{{ steps.each.texts|join('+') }}"
        [[step]]
        id = "list"
        prompt = 'say:{"cities": ["Rome", "Oslo"]}'
        schema = { type = "object", required = ["cities"] }
        [[step]]
        id = "each"
        for_each = "steps.list.json.cities"
        prompt = "{{ item }}"
    "#;
    let echo = Echo::default();

    let reply = run_with(toml, json!({}), &echo, 8).await.unwrap();

    assert_eq!(reply.output, "Rome+Oslo");
    assert_eq!(echo.asked.lock().unwrap()[0].schema, Some(json!({"type": "object", "required": ["cities"]})));
}

#[tokio::test]
async fn an_output_with_a_schema_is_json_that_fits() {
    let toml = |said: &str| {
        format!(
            "name = 'w'\noutput_schema = {{ type = 'array', items = {{ type = 'integer' }} }}\n\
             [[step]]\nid = 'a'\nprompt = 'say:{said}'"
        )
    };

    assert_eq!(answer(&toml("[1, 2]"), json!({})).await.unwrap().output, json!([1, 2]));
    assert_eq!(answer(&toml("[1, true]"), json!({})).await.unwrap_err().kind(), Kind::Schema);
    assert_eq!(answer(&toml("no"), json!({})).await.unwrap_err().kind(), Kind::Schema);
}

#[tokio::test]
async fn no_more_is_asked_at_once_than_is_allowed() {
    let toml = "name = 'w'\n[[step]]\nid = 'a'\nfor_each = 'range(20)|list'\nprompt = '{{ item }}'";
    let echo = Echo::default();

    run_with(toml, json!({}), &echo, 3).await.unwrap();

    assert_eq!((echo.prompts().len(), echo.most_at_once.into_inner()), (20, 3));
}

#[tokio::test]
async fn a_failure_names_its_step_and_begins_nothing_more() {
    let toml = r#"
        name = "w"
        [[step]]
        id = "bad"
        prompt = "fail"
        [[step]]
        id = "after"
        prompt = "{{ steps.bad.text }}"
        [[step]]
        id = "beside"
        prompt = "fine"
    "#;
    let echo = Echo::default();

    let error = run_with(toml, json!({}), &echo, 8).await.unwrap_err();

    assert_eq!((error.kind(), error.message()), (Kind::Provider, "step `bad`: it fell over"));
    assert_eq!(echo.prompts(), ["fail", "fine"]);
}

#[tokio::test]
async fn every_step_is_told_of() {
    let plan =
        plan(file("name = 'w'\n[[step]]\nid = 'a'\nprompt = 'x'\n[[step]]\nid = 'b'\nwhen = 'false'\nprompt = 'y'"));
    let told = Mutex::new(Vec::new());
    let tell = |event: crate::api::workflow::StepEvent| told.lock().unwrap().push((event.step, event.state));
    let terms = Terms { asks: &Echo::default(), defaults: &GenerateRequest::default(), jobs: 8, tell: &tell };

    run(&plan.unwrap(), Map::new(), &terms).await.unwrap();

    let mut told = told.into_inner().unwrap();
    told.sort_by(|one, other| one.0.cmp(&other.0));
    let expected = [("a", StepState::Started), ("a", StepState::Done), ("b", StepState::Skipped)];
    assert_eq!(told, expected.map(|(step, state)| (step.to_owned(), state)));
}

fn wrong(toml: &str) -> Vec<String> {
    check(&file(toml))
}

#[test]
fn everything_that_is_wrong_is_found_at_once() {
    let toml = r#"
        name = "w"
        output = "{{ steps.outlin.text }}"
        [inputs.topic]
        required = true
        default = "x"
        [[step]]
        id = "outline"
        prompt = "{{ inputs.topik }} {{ item }}"
        needs = ["nobody"]
        temperature = -1.0
        [[step]]
        id = "outline"
        prompt = "{{ steps.outline.tex }}"
        when = "1 +"
        [[step]]
        id = "1st"
        prompt = "{{ steps.outline.json }}{{ other }}"
        schema = { type = 7 }
    "#;

    let wrong = wrong(toml);

    for part in [
        "output: there is no step `outlin`; did you mean `outline`?",
        "input `topic`: it is required and has a default",
        "step `outline`: prompt: there is no input `topik`; did you mean `topic`?",
        "step `outline`: prompt: `item` is there with `for_each` only",
        "step `outline`: needs: there is no step `nobody`",
        "step `outline`: `temperature` is not below 0 and not endless",
        "step `outline`: there is another of this name",
        "step `outline`: prompt: a step has no `tex`; did you mean `text`?",
        "step `outline`: `when` is no expression: ",
        "step `1st`: `id` is made of letters",
        "step `1st`: prompt: `steps.outline.json` is not there: the step has no `schema`",
        "step `1st`: prompt: `other` stands for nothing",
        "step `1st`: the schema cannot be used",
    ] {
        assert!(wrong.iter().any(|sentence| sentence.starts_with(part)), "{part}\n{wrong:#?}");
    }
    assert_eq!(wrong.len(), 13, "{wrong:#?}");
}

#[test]
fn a_circle_is_named_with_all_who_wait_in_it() {
    let toml = r#"
        name = "w"
        [[step]]
        id = "free"
        prompt = "x"
        [[step]]
        id = "a"
        prompt = "{{ steps.c.text }}{{ steps.free.text }}"
        [[step]]
        id = "b"
        prompt = "{{ steps.a.text }}"
        [[step]]
        id = "c"
        prompt = "x"
        needs = ["b"]
    "#;
    assert_eq!(wrong(toml), ["these steps wait for each other: a → c → b → a"]);
    assert_eq!(
        wrong("name = 'w'\n[[step]]\nid = 'a'\nprompt = '{{ steps.a.text }}'"),
        ["step `a`: it waits for itself"]
    );
    assert_eq!(wrong("name = 'w'"), ["it has no steps"]);
}

#[test]
fn a_file_that_is_none_is_told_with_its_line() {
    for (toml, part) in [
        ("name = 'w'\nnmae = 'x'", "line 2: unknown field `nmae`"),
        ("name = 'w'\n\n[[step]]\nid = 'a'", "line 3: missing field `prompt`"),
        ("name = ", "line 1: "),
        ("name = 'w'\n[[step]]\nid = 'a'\nprompt = 'x'\nmax_tokens = -5", "line 5: "),
        ("name = 'w'\n[[step]]\nid = 'a'\nprompt = 'x'\ncache = { tll = '1h' }", "line 5: unknown field `tll`"),
    ] {
        let error = read("w.toml", WorkflowSource::Toml(toml.to_owned())).unwrap_err();
        assert_eq!((error.kind(), error.message()), (Kind::Usage, "`w.toml` is no workflow"));
        assert!(error.cause().unwrap().starts_with(part), "{error}");
    }
}

#[test]
fn inputs_that_are_missing_or_unknown_are_all_named() {
    let plan = plan(file(
        "name = 'w'\n[inputs.a]\nrequired = true\ndescription = 'the first'\n[inputs.b]\n[[step]]\nid = 's'\nprompt = 'x'",
    ));

    let error = plan.as_ref().unwrap().inputs(Map::from_iter([("c".to_owned(), json!(1))])).unwrap_err();

    let cause = "there is no input `c`: it takes `a`, `b`; the input `a` (the first) is missing";
    assert_eq!((error.kind(), error.cause()), (Kind::Usage, Some(cause)));
}

#[test]
fn the_picture_shows_who_waits_for_whom() {
    let plan = plan(file(
        "name = 'w'\n[inputs.t]\n[[step]]\nid = 'a'\nprompt = '{{ inputs.t }}'\nschema = {}\n\
         [[step]]\nid = 'b'\nfor_each = 'steps.a.json'\nprompt = '{{ item }}'",
    ));
    let expected = "flowchart TD\n    input_t[/t/]\n    step_a[\"a\"]\n    step_b[[\"b\"]]\n    \
                    input_t --> step_a\n    step_a --> step_b\n";
    assert_eq!(mermaid(&plan.unwrap()), expected);
}

/// Says one answer after the other.
struct Author(Mutex<Vec<&'static str>>, Mutex<Vec<GenerateRequest>>);

#[async_trait]
impl Asks for Author {
    async fn ask(&self, request: GenerateRequest) -> Result<GenerateReply> {
        self.1.lock().unwrap().push(request);
        Ok(reply(self.0.lock().unwrap().remove(0)))
    }
}

const GOOD: &str = "name = 'w'\n[[step]]\nid = 'a'\nprompt = 'x'";
const BAD: &str = "name = 'w'\n[[step]]\nid = 'a'\nprompt = '{{ steps.b.text }}'";

#[tokio::test]
async fn what_a_model_wrote_is_mended_by_it_at_most_twice() {
    let author = Author(Mutex::new(vec![BAD, "no workflow at all", GOOD]), Mutex::default());

    let draft = draft("do x", &author, &GenerateRequest::default()).await.unwrap();

    assert_eq!((draft.toml.trim_end(), draft.repairs), (GOOD, 2));
    let asked = author.1.into_inner().unwrap();
    assert_eq!(asked.iter().map(|request| request.messages.len()).collect::<Vec<_>>(), [1, 3, 5]);
    let mend = serde_json::to_string(&asked[1].messages[2]).unwrap();
    assert!(mend.contains("there is no step `b`"), "{mend}");
}

#[tokio::test]
async fn a_model_that_cannot_write_one_is_a_clear_failure() {
    let author = Author(Mutex::new(vec![BAD, BAD, BAD, GOOD]), Mutex::default());

    let error = draft("do x", &author, &GenerateRequest::default()).await.err().unwrap();

    assert_eq!(error.kind(), Kind::Schema);
    assert!(error.cause().unwrap().contains("there is no step `b`"), "{error}");
    assert_eq!(author.1.into_inner().unwrap().len(), 3);
}

/// Steps that need some of those before them, in any order in the file.
fn graphs() -> impl Strategy<Value = Vec<(String, Vec<String>)>> {
    let needs = (1usize..12).prop_flat_map(|count| prop::collection::vec(any::<u16>(), count));
    needs.prop_flat_map(|bits| {
        let steps: Vec<(String, Vec<String>)> = bits
            .iter()
            .enumerate()
            .map(|(at, bits)| {
                let needs = (0..at).filter(|before| bits & (1 << before) != 0).map(|before| format!("s{before}"));
                (format!("s{at}"), needs.collect())
            })
            .collect();
        Just(steps).prop_shuffle()
    })
}

proptest! {
    #[test]
    fn any_graph_runs_each_step_once_and_after_its_needs(graph in graphs(), jobs in 1usize..5) {
        let steps = graph.iter().map(|(id, needs)| {
            let named: String = needs.iter().skip(1).map(|need| format!("{{{{ steps.{need}.text }}}}")).collect();
            WorkflowStep {
                id: id.clone(), prompt: format!("{id} {named}"), needs: needs.first().cloned().into_iter().collect(),
                ..WorkflowStep::default()
            }
        });
        let file = WorkflowFile { name: "w".into(), steps: steps.collect(), ..WorkflowFile::default() };
        let (plan, echo, defaults) = (plan(file).unwrap(), Echo::default(), GenerateRequest::default());
        let terms = Terms { asks: &echo, defaults: &defaults, jobs, tell: &|_| {} };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();

        let reply = runtime.block_on(run(&plan, Map::new(), &terms)).unwrap();

        let order: Vec<String> = echo.prompts().iter().map(|prompt| prompt.split(' ').next().unwrap().to_owned()).collect();
        let places: BTreeMap<&str, usize> = order.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
        prop_assert_eq!((order.len(), places.len(), reply.steps.len()), (graph.len(), graph.len(), graph.len()));
        for (id, needs) in &graph {
            for need in needs {
                prop_assert!(places[need.as_str()] < places[id.as_str()]);
            }
        }
    }
}
