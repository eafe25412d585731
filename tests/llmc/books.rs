//! The books, held to what the providers really answered: whatever is asked, by whichever door and daemon, and whoever
//! fails in between, what was spent is what they were paid, and what was saved is what the same answers had cost before.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use llmc::api::stats::Totals;
use llmc::api::status::LimitsReply;
use llmc::money::Usd;
use llmc::provider::sse;
use llmc::store::memory::Memory;
use llmc::store::{Count, Store};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::upstream::{Call, Upstream};
use crate::support::world::Answered;
use crate::support::{Reply, World, at_length, says};

/// Whom a prompt may go to, and what a token costs there, going in and coming out, in nano-dollars. The last has no price.
const MODELS: [(&str, i64, i64); 4] =
    [("local/m", 150, 600), ("claude/c", 3_000, 15_000), ("spare/s", 1_100, 4_400), ("google/g", 0, 0)];

/// How a provider fails: every so many calls, in this way.
#[derive(Clone, Copy, Debug)]
struct Failing {
    every: usize,
    how: How,
}

#[derive(Clone, Copy, Debug)]
enum How {
    Refused,
    Down,
    Cut,
    /// No failure: the answer ends for its length, which is paid for and not kept.
    TooLong,
}

/// What is asked at once.
#[derive(Clone, Debug)]
enum Asked {
    /// The same prompt twice, side by side, streamed or not.
    Prompt { prompt: u8, streamed: bool, has_fallback: bool },
    /// One whose answer never fits, asked for so often again.
    Misfit { prompt: u8, again: u8 },
    /// Lines, some of them equal.
    Batch { prompts: Vec<u8>, most: Option<f64> },
    /// A step, one for each of so many items, and one that needs both.
    Workflow { prompt: u8, items: u8 },
    /// The same through the vendor's own API, which knows no namespaces and no runs.
    Gateway { prompt: u8, streamed: bool },
}

#[derive(Clone, Debug)]
struct Step {
    daemon: usize,
    model: usize,
    namespace: &'static str,
    run: &'static str,
    mode: &'static str,
    asked: Asked,
    tokens: (u16, u16),
    failing: Option<Failing>,
    spare_fails: bool,
    passes: Duration,
}

fn asked() -> impl Strategy<Value = Asked> {
    let prompt = || 0u8..4;
    prop_oneof![
        4 => (prompt(), any::<bool>(), any::<bool>())
            .prop_map(|(prompt, streamed, has_fallback)| Asked::Prompt { prompt, streamed, has_fallback }),
        1 => (prompt(), 0u8..3).prop_map(|(prompt, again)| Asked::Misfit { prompt, again }),
        2 => (prop::collection::vec(prompt(), 1..12), prop::option::weighted(0.3, 0.0..0.02))
            .prop_map(|(prompts, most)| Asked::Batch { prompts, most }),
        2 => (prompt(), 0u8..4).prop_map(|(prompt, items)| Asked::Workflow { prompt, items }),
        1 => (prompt(), any::<bool>()).prop_map(|(prompt, streamed)| Asked::Gateway { prompt, streamed }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let how = prop::sample::select(vec![How::Refused, How::Down, How::Cut, How::TooLong]);
    let failing = prop::option::weighted(0.4, (1usize..4, how).prop_map(|(every, how)| Failing { every, how }));
    let mode = prop::sample::select(vec!["auto", "auto", "auto", "refresh", "off", "replay"]);
    // Past the freshness of an answer (an hour), and past what a provider is left alone for.
    let passes = prop::sample::select(vec![0, 0, 0, 0, 60, 2 * 3600]).prop_map(Duration::from_secs);
    let whose = (prop::sample::select(vec!["default", "team"]), prop::sample::select(vec!["", "r1", "r2"]));
    let who = (0usize..2, 0..MODELS.len());
    (who, whose, mode, asked(), (0u16..2000, 0u16..2000), failing, prop::bool::weighted(0.2), passes).prop_map(
        |((daemon, model), (namespace, run), mode, asked, tokens, failing, spare_fails, passes)| Step {
            daemon,
            model,
            namespace,
            run,
            mode,
            asked,
            tokens,
            failing,
            spare_fails,
            passes,
        },
    )
}

/// What a model's answer cost.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Paid {
    model: usize,
    nanos: i64,
}

/// The till of all providers: what they were paid for each answer, by its text, which no other has.
#[derive(Default)]
struct Till {
    answers: Mutex<HashMap<String, Paid>>,
    count: AtomicUsize,
}

impl Till {
    /// An answer that is paid for: to this call, with so many tokens and a few more each time.
    fn answers(&self, call: &Call, tokens: (u16, u16), finish: &'static str) -> Reply {
        let count = self.count.fetch_add(1, Ordering::SeqCst);
        let (input, output) = (i64::from(tokens.0) + count as i64 % 7, i64::from(tokens.1) + count as i64 % 5);
        let (name, usage) = match &call.path {
            path if path.ends_with("messages") => ("claude/c", ["input_tokens", "output_tokens"]),
            path if path.contains("models/g:") => ("google/g", ["promptTokenCount", "candidatesTokenCount"]),
            _ if call.body()["model"] == "s" => ("spare/s", ["prompt_tokens", "completion_tokens"]),
            _ => ("local/m", ["prompt_tokens", "completion_tokens"]),
        };
        let model = MODELS.iter().position(|(known, ..)| *known == name).unwrap();
        let (_, per_input, per_output) = MODELS[model];
        let text = format!("answer {count}");
        let paid = Paid { model, nanos: input * per_input + output * per_output };
        self.answers.lock().unwrap().insert(text.clone(), paid);
        says(&text).using(json!({usage[0]: input, usage[1]: output})).ending(finish).into()
    }

    fn paid_for(&self, text: &str) -> Paid {
        *self.answers.lock().unwrap().get(text).unwrap_or_else(|| panic!("nobody answered `{text}`"))
    }
}

/// True where an answer that came about so cost its asker nothing.
fn is_free(status: &Value) -> bool {
    ["hit", "stale", "coalesced", "replay"].iter().any(|free| status == free)
}

/// Everything an answer says in events; an answer that is none is one of its own.
fn events(answered: &Answered) -> Vec<Value> {
    let read = |text: &[u8]| serde_json::from_slice(text).unwrap();
    if answered.header("content-type") != Some("text/event-stream") {
        return vec![read(&answered.body)];
    }
    let events = sse::parse(&answered.body).unwrap().into_iter().filter(|event| event.data != "[DONE]");
    events.map(|event| read(event.data.as_bytes())).collect()
}

/// The text of an answer in OpenAI's words.
fn spoken(answered: &Answered) -> String {
    let events = events(answered);
    let choices = events.iter().map(|event| &event["choices"][0]);
    let texts =
        choices.filter_map(|choice| choice["message"]["content"].as_str().or(choice["delta"]["content"].as_str()));
    texts.collect()
}

/// Sums of nano-dollars by model, namespace and run. Where nothing came together there is none.
#[derive(Debug, Default, PartialEq)]
struct Sums(BTreeMap<[String; 3], i64>);

impl Sums {
    fn add(&mut self, model: &str, namespace: &str, run: &str, nanos: i64) {
        if nanos != 0 {
            *self.0.entry([model, namespace, run].map(str::to_owned)).or_default() += nanos;
        }
    }

    fn whole(&self) -> i64 {
        self.0.values().sum()
    }

    /// The same grouped as the statistics are.
    fn by(&self, group: &str) -> BTreeMap<String, i64> {
        let mut sums = BTreeMap::new();
        for ([model, namespace, run], nanos) in &self.0 {
            let name = match group {
                "model" => model,
                "provider" => model.split('/').next().unwrap(),
                "namespace" => namespace,
                _ => run,
            };
            *sums.entry(name.to_owned()).or_default() += nanos;
        }
        sums
    }
}

/// What is written in the books under a name.
fn written(counts: &[Count], field: &str) -> Sums {
    let mut sums = Sums::default();
    for Count { slot, by, .. } in counts.iter().filter(|count| count.field == field) {
        sums.add(&format!("{}/{}", slot.provider, slot.model), &slot.namespace, &slot.run, *by);
    }
    sums
}

/// Two daemons on one store, and the providers they ask.
struct Market {
    till: Arc<Till>,
    upstream: Arc<Upstream>,
    spare: Arc<Upstream>,
    store: Arc<dyn Store>,
    daemons: Vec<World>,
}

impl Market {
    async fn open() -> Market {
        let (upstream, spare) = (Arc::new(Upstream::start().await), Arc::new(Upstream::start().await));
        let store: Arc<dyn Store> = Arc::new(Memory::new());
        let address = spare.address;
        let mut plan = World::new()
            .with(&format!("providers.spare = {{ kind = \"openai\", base_url = \"http://{address}/v1\" }}"))
            .with("budget.monthly_usd = 100000.0")
            .with("retry.max_attempts = 2");
        for (name, input, output) in MODELS.iter().filter(|(_, input, _)| *input > 0) {
            let dollars = |nanos: &i64| *nanos as f64 / 1e3;
            let (input, output) = (dollars(input), dollars(output));
            plan = plan.with(&format!("prices.\"{name}\" = {{ input = {input:?}, output = {output:?} }}"));
        }
        let daemons = (0..2).map(|_| plan.clone().over(Arc::clone(&store)).asking(&upstream).begun()).collect();
        Market { till: Arc::default(), upstream, spare, store, daemons }
    }

    /// How the providers answer from now on.
    fn prepare(&self, step: &Step) {
        let (till, tokens, failing, count) = (Arc::clone(&self.till), step.tokens, step.failing, AtomicUsize::new(1));
        self.upstream.answers(Reply::by(move |call| {
            let count = count.fetch_add(1, Ordering::SeqCst);
            match failing.filter(|failing| count.is_multiple_of(failing.every)).map(|failing| failing.how) {
                None => till.answers(call, tokens, "stop"),
                Some(How::TooLong) => till.answers(call, tokens, "length"),
                Some(How::Refused) => Reply::failing(400),
                Some(How::Down) => Reply::failing(503),
                Some(How::Cut) => Reply::cut("{ \"choices\":"),
            }
        }));
        let (till, fails) = (Arc::clone(&self.till), step.spare_fails);
        self.spare.answers(Reply::by(move |call| match fails {
            true => Reply::failing(503),
            false => till.answers(call, tokens, "stop"),
        }));
        self.daemons.iter().for_each(|world| world.clock.advance(step.passes));
    }

    /// Asks; what each answer that cost its asker nothing had cost when it was called for.
    async fn ask(&self, step: &Step) -> Vec<Paid> {
        let world = &self.daemons[step.daemon];
        let cache = json!({"mode": step.mode, "namespace": step.namespace, "staleWhileRevalidate": "1h"});
        let mut asked = json!({"model": MODELS[step.model].0, "cache": cache});
        if !step.run.is_empty() {
            asked["run"] = json!(step.run);
        }
        let said = |prompt: &u8| json!(format!("prompt {prompt}"));
        match &step.asked {
            Asked::Prompt { prompt, streamed, has_fallback } => {
                asked["prompt"] = said(prompt);
                if *has_fallback {
                    asked["fallback"] = json!(["spare/s"]);
                }
                let told = match streamed {
                    false => {
                        let (one, other) = tokio::join!(world.ask(asked.clone()), world.ask(asked));
                        [one, other].map(|answered| serde_json::from_slice(&answered.body).unwrap())
                    }
                    true => {
                        asked["stream"] = json!(true);
                        let (one, other) = tokio::join!(world.ask(asked.clone()), world.ask(asked));
                        [one, other].map(|answered| events(&answered).pop().unwrap())
                    }
                };
                self.free(told.iter())
            }
            Asked::Misfit { prompt, again } => {
                asked["prompt"] = json!(format!("prompt {prompt} as a number"));
                (asked["schema"], asked["schemaRetries"]) = (json!({"type": "number"}), json!(again));
                assert!(world.ask(asked).await.status >= 400);
                Vec::new()
            }
            Asked::Batch { prompts, most } => {
                let line = |prompt| {
                    asked["prompt"] = said(prompt);
                    asked.to_string() + "\n"
                };
                let lines: String = prompts.iter().map(line).collect();
                let query = most.map_or(String::new(), |most| format!("?maxCost={most}"));
                let answered = world.send("POST", &format!("/llm/batch{query}"), &[], lines).await;
                let rows = answered.body.split(|byte| *byte == b'\n').filter(|row| !row.is_empty());
                let rows: Vec<Value> = rows.map(|row| serde_json::from_slice(row).unwrap()).collect();
                assert_eq!(rows.len(), prompts.len());
                self.free(rows.iter())
            }
            Asked::Workflow { prompt, items } => {
                let items: Vec<u8> = (0..*items).collect();
                let steps = json!([
                    {"id": "first", "prompt": said(prompt)},
                    {"id": "each", "prompt": "prompt {{ item }}", "for_each": json!(items).to_string()},
                    {"id": "last", "prompt": "{{ steps.first.text }} and {{ steps.each.texts }}"},
                ]);
                let workflow = json!({"name": "w", "step": steps});
                let body = json!({"workflow": workflow, "defaults": asked, "stream": true});
                let answered = world.send("POST", "/llm/execute-workflow", &[], body.to_string()).await;
                // One that fails tells of its answers nevertheless, though not what they say.
                let done = events(&answered).into_iter().filter(|event| event["state"] == "done");
                let free = done.filter(|event| is_free(&event["cacheStatus"]));
                let nanos = |event: Value| Usd::from_dollars(event["cost"].as_f64().unwrap_or_default()).unwrap().0;
                free.map(|event| Paid { model: step.model, nanos: nanos(event) }).collect()
            }
            Asked::Gateway { prompt, streamed } => {
                let message = json!({"role": "user", "content": said(prompt)});
                let body = json!({"model": "m", "messages": [message], "stream": streamed});
                let path = "/providers/local/v1/chat/completions";
                let answered = world.send("POST", path, &[], body.to_string()).await;
                let is_free = answered.header("cache-status").is_some_and(|status| status.starts_with("llmc; hit"));
                let text = is_free.then(|| spoken(&answered));
                text.iter().map(|text| self.till.paid_for(text)).collect()
            }
        }
    }

    /// What the free ones among such answers had cost.
    fn free<'a>(&self, told: impl Iterator<Item = &'a Value>) -> Vec<Paid> {
        let free = told.filter(|answer| is_free(&answer["metadata"]["cacheStatus"]));
        free.map(|answer| self.till.paid_for(answer["text"].as_str().unwrap())).collect()
    }

    /// What the providers were paid since they had given so many answers.
    fn paid_since(&self, answers: usize) -> Vec<Paid> {
        (answers..self.till.count.load(Ordering::SeqCst))
            .map(|count| self.till.paid_for(&format!("answer {count}")))
            .collect()
    }

    async fn settled(&self) {
        for world in &self.daemons {
            world.settled().await;
        }
    }

    /// Holds the books of both daemons to what they should say.
    async fn audit(&self, spent: &Sums, saved: &Sums) {
        for world in &self.daemons {
            world.daemon.pipeline.flush().await;
        }
        let counts = self.store.counts(0).await.unwrap();
        assert_eq!(written(&counts, "spent_nanos"), *spent);
        assert_eq!(written(&counts, "saved_nanos"), *saved);
        assert_eq!(written(&counts, "baseline_nanos").whole(), spent.whole() + saved.whole());
        for world in &self.daemons {
            let totals = world.stats().await.totals;
            assert_eq!(money(&totals), [spent.whole(), saved.whole()]);
            for by in ["model", "provider", "namespace", "run"] {
                let told = world.stats_of(&format!("?by={by}")).await.groups;
                for (at, sums) in [spent, saved].into_iter().enumerate() {
                    let told = told.iter().map(|group| (group.name.clone(), money(&group.totals)[at]));
                    let told: BTreeMap<String, i64> = told.filter(|(_, nanos)| *nanos != 0).collect();
                    assert_eq!(told, sums.by(by), "by {by}");
                }
            }
            let month = world.get("/limits").await.parsed::<LimitsReply>().budgets.remove(0);
            assert_eq!((month.spent_usd, month.reserved_usd), (Usd(spent.whole()).dollars(), 0.0));
        }
    }
}

/// What is spent and what is saved, in nano-dollars. Baseline is both.
fn money(totals: &Totals) -> [i64; 2] {
    let [spent, saved, baseline] =
        [totals.spent_usd, totals.saved_usd, totals.baseline_usd].map(|dollars| Usd::from_dollars(dollars).unwrap().0);
    assert_eq!(baseline, spent + saved);
    [spent, saved]
}

async fn walk(steps: Vec<Step>) {
    let market = Market::open().await;
    let (mut spent, mut saved) = (Sums::default(), Sums::default());
    for step in steps {
        market.prepare(&step);
        let before = market.till.count.load(Ordering::SeqCst);
        let free = market.ask(&step).await;
        // An answer past its freshness is renewed for whoever asks next.
        market.settled().await;
        let (namespace, run) = match step.asked {
            Asked::Gateway { .. } => ("default", ""),
            _ => (step.namespace, step.run),
        };
        let note = |sums: &mut Sums, paid: Paid| sums.add(MODELS[paid.model].0, namespace, run, paid.nanos);
        market.paid_since(before).into_iter().for_each(|paid| note(&mut spent, paid));
        free.into_iter().for_each(|paid| note(&mut saved, paid));
    }
    market.audit(&spent, &saved).await;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if at_length() { 1_000 } else { 32 }))]
    #[test]
    fn the_books_say_what_the_providers_were_paid(steps in prop::collection::vec(step(), 1..24)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(walk(steps));
    }
}
