//! Running a workflow: whatever waits for nobody any more is asked, side by side. What fails stops what has not begun;
//! what is in the air lands first, and is kept, so that the next run goes on from there.

use std::collections::BTreeMap;

use async_trait::async_trait;
use futures_util::stream::{FuturesUnordered, StreamExt};
use serde_json::{Map, Value, json};
use tokio::sync::Semaphore;

use super::plan::{Plan, Planned};
use crate::api::SCHEMA_VERSION;
use crate::api::generate::{GenerateReply, GenerateRequest};
use crate::api::workflow::{ItemReply, StepEvent, StepReply, StepState, WorkflowReply, WorkflowStep};
use crate::error::{Error, Kind, Result};
use crate::template::Expression;

/// Answers prompts.
#[async_trait]
pub trait Asks: Send + Sync {
    /// Answers one.
    async fn ask(&self, request: GenerateRequest) -> Result<GenerateReply>;
}

/// How one is run.
pub struct Terms<'a> {
    /// Who answers.
    pub asks: &'a dyn Asks,
    /// What is asked with every prompt, where the step does not say otherwise.
    pub defaults: &'a GenerateRequest,
    /// Calls side by side at most.
    pub jobs: usize,
    /// Is told how the steps fare.
    pub tell: &'a (dyn Fn(StepEvent) + Send + Sync),
}

/// More items than a step is asked for.
const MOST_ITEMS: usize = 10_000;

/// Runs a workflow with these inputs.
///
/// Fails with what the first step failed with, naming it.
pub async fn run(plan: &Plan, inputs: Map<String, Value>, terms: &Terms<'_>) -> Result<WorkflowReply> {
    let places = Semaphore::new(terms.jobs.max(1));
    let mut done: BTreeMap<usize, StepReply> = BTreeMap::new();
    let mut begun = vec![false; plan.steps.len()];
    let mut running = FuturesUnordered::new();
    let mut failure = None;
    loop {
        if failure.is_none() {
            let known = variables(plan, &inputs, &done);
            for (at, step) in plan.steps.iter().enumerate() {
                if !begun[at] && step.needs.iter().all(|need| done.contains_key(need)) {
                    begun[at] = true;
                    let step = Step { plan, at, step, terms, places: &places };
                    let known = known.clone();
                    running.push(async move { (at, step.run(known).await) });
                }
            }
        }
        let Some((at, outcome)) = running.next().await else { break };
        match outcome {
            Ok(reply) => drop(done.insert(at, reply)),
            Err(error) => {
                let id = &plan.file.steps[at].id;
                let event = StepEvent { error: Some(error.to_string()), ..event(id, StepState::Failed) };
                (terms.tell)(event);
                failure.get_or_insert_with(|| named(error, id));
                // Nobody else is let in.
                places.close();
            }
        }
    }
    if let Some(error) = failure {
        return Err(error);
    }
    let output = output(plan, &inputs, &done)?;
    let steps = done.into_iter().map(|(at, reply)| (plan.file.steps[at].id.clone(), reply)).collect();
    Ok(WorkflowReply { schema_version: SCHEMA_VERSION, name: plan.file.name.clone(), output, steps })
}

/// An error of a step, which says so.
pub(super) fn named(error: Error, id: &str) -> Error {
    let message = format!("step `{id}`: {}", error.message());
    error.with_message(message)
}

fn event(id: &str, state: StepState) -> StepEvent {
    StepEvent {
        step: id.to_owned(),
        state,
        item: None,
        items: None,
        cache_status: None,
        cost: None,
        latency_ms: None,
        error: None,
    }
}

/// One step, about to be asked.
struct Step<'a> {
    plan: &'a Plan,
    at: usize,
    step: &'a Planned,
    terms: &'a Terms<'a>,
    places: &'a Semaphore,
}

impl Step<'_> {
    async fn run(&self, known: Map<String, Value>) -> Result<StepReply> {
        let id = &self.plan.file.steps[self.at].id;
        if let Some(when) = &self.step.when
            && !when.is_true(&known)?
        {
            (self.terms.tell)(event(id, StepState::Skipped));
            return Ok(StepReply { skipped: true, ..StepReply::default() });
        }
        let Some(for_each) = &self.step.for_each else {
            let ItemReply { text, json, metadata } = self.ask(&known, None).await?;
            return Ok(StepReply { text, json, metadata: Some(metadata), ..StepReply::default() });
        };
        let items = items(for_each, &known)?;
        let count = items.len();
        let prompts = items
            .into_iter()
            .enumerate()
            .map(|(index, known)| async move { self.ask(&known, Some((index, count))).await });
        let answers: Vec<Result<ItemReply>> = futures_util::future::join_all(prompts).await;
        let items = answers.into_iter().collect::<Result<Vec<ItemReply>>>()?;
        Ok(gathered(items, &self.plan.file.steps[self.at]))
    }

    async fn ask(&self, known: &Map<String, Value>, item: Option<(usize, usize)>) -> Result<ItemReply> {
        let file = &self.plan.file.steps[self.at];
        let request = ask_for(self.plan, self.at, self.terms.defaults, known)?;
        let given_up = |_| Error::new(Kind::Other, "it was not begun, because another one failed");
        let _place = self.places.acquire().await.map_err(given_up)?;
        let (index, count) = (item.map(|(index, _)| index), item.map(|(_, count)| count));
        let told = |state| StepEvent { item: index, items: count, ..event(&file.id, state) };
        (self.terms.tell)(told(StepState::Started));
        let reply = self.terms.asks.ask(request).await?;
        (self.terms.tell)(StepEvent {
            cache_status: Some(reply.metadata.cache_status),
            cost: reply.metadata.estimated_cost,
            latency_ms: Some(reply.metadata.latency_ms),
            ..told(StepState::Done)
        });
        Ok(read(reply, file))
    }
}

/// The model and the provider a step asks, by its own words or by those that hold for all.
pub fn whom<'a>(step: &'a WorkflowStep, defaults: &'a GenerateRequest) -> (Option<&'a str>, Option<&'a str>) {
    match (step.model.as_deref(), step.provider.as_deref()) {
        (None, None) => (defaults.model.as_deref(), defaults.provider.as_deref()),
        own => own,
    }
}

/// What a step asks for, with what is known filled in.
pub(super) fn ask_for(
    plan: &Plan,
    at: usize,
    defaults: &GenerateRequest,
    known: &Map<String, Value>,
) -> Result<GenerateRequest> {
    let (step, templates) = (&plan.file.steps[at], &plan.steps[at]);
    let mut request = defaults.clone();
    request.prompt = Some(templates.prompt.render(known)?);
    if let Some(system) = &templates.system {
        request.system = Some(system.render(known)?);
    }
    let (model, provider) = whom(step, defaults);
    (request.model, request.provider) = (model.map(str::to_owned), provider.map(str::to_owned));
    request.temperature = step.temperature.or(request.temperature);
    request.max_tokens = step.max_tokens.or(request.max_tokens);
    request.top_p = step.top_p.or(request.top_p);
    request.seed = step.seed.or(request.seed);
    if !step.stop.is_empty() {
        request.stop.clone_from(&step.stop);
    }
    request.options.extend(step.options.clone());
    request.schema = step.schema.clone().or(request.schema);
    request.cache.mode = step.cache.mode.or(request.cache.mode);
    request.cache.ttl = step.cache.ttl.or(request.cache.ttl);
    request.cache.max_age = step.cache.max_age.or(request.cache.max_age);
    request.cache.sample = step.cache.sample.or(request.cache.sample);
    Ok(request)
}

/// What is known to the prompt of each item of a list.
pub(super) fn items(for_each: &Expression, known: &Map<String, Value>) -> Result<Vec<Map<String, Value>>> {
    let items = match for_each.value(known)? {
        Value::Array(items) if items.len() <= MOST_ITEMS => items,
        Value::Array(_) => {
            return Err(Error::new(Kind::Usage, format!("`for_each` has more than {MOST_ITEMS} items")));
        }
        other => return Err(Error::new(Kind::Usage, "`for_each` is no list").because(kind_of(&other))),
    };
    let each = items.into_iter().enumerate().map(|(index, item)| {
        let mut known = known.clone();
        known.insert("item".to_owned(), item);
        known.insert("index".to_owned(), index.into());
        known
    });
    Ok(each.collect())
}

/// An answer, and the JSON it is where it has to be.
pub(super) fn read(reply: GenerateReply, file: &WorkflowStep) -> ItemReply {
    let json = match file.schema {
        None => None,
        // It fits its schema, so it is JSON.
        Some(_) => serde_json::from_str(reply.text.trim()).ok(),
    };
    ItemReply { text: reply.text, json, metadata: reply.metadata }
}

/// The answers for all items of a step.
pub(super) fn gathered(items: Vec<ItemReply>, file: &WorkflowStep) -> StepReply {
    let text = items.iter().map(|item| item.text.trim_end()).collect::<Vec<_>>().join("\n\n");
    let json = items.iter().map(|item| item.json.clone()).collect::<Option<Vec<Value>>>().map(Value::Array);
    let json = json.filter(|_| file.schema.is_some());
    StepReply { text, json, items: Some(items), ..StepReply::default() }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "it is nothing",
        Value::Bool(_) => "it is true or false",
        Value::Number(_) => "it is a number",
        Value::String(_) => "it is text: with a `schema`, its JSON is at hand as `steps.ID.json`",
        Value::Array(_) => "it is a list",
        Value::Object(_) => "it is an object",
    }
}

/// What templates can name: the inputs, and the steps that are done.
pub(super) fn variables(
    plan: &Plan,
    inputs: &Map<String, Value>,
    done: &BTreeMap<usize, StepReply>,
) -> Map<String, Value> {
    let steps: Map<String, Value> = done
        .iter()
        .map(|(at, reply)| {
            let texts = reply.items.iter().flatten().map(|item| Value::from(item.text.as_str())).collect::<Vec<_>>();
            let mut step = json!({"text": reply.text, "skipped": reply.skipped, "metadata": reply.metadata});
            if let Some(members) = step.as_object_mut() {
                members.extend(reply.json.clone().map(|json| ("json".to_owned(), json)));
                if reply.items.is_some() {
                    members.insert("items".to_owned(), json!(reply.items));
                    members.insert("texts".to_owned(), Value::Array(texts));
                }
            }
            (plan.file.steps[*at].id.clone(), step)
        })
        .collect();
    let mut known = Map::new();
    known.insert("inputs".to_owned(), Value::Object(inputs.clone()));
    known.insert("steps".to_owned(), Value::Object(steps));
    known
}

fn output(plan: &Plan, inputs: &Map<String, Value>, done: &BTreeMap<usize, StepReply>) -> Result<Value> {
    let text = match &plan.output {
        Some(template) => template.render(variables(plan, inputs, done))?,
        None => done.last_key_value().map(|(_, reply)| reply.text.clone()).unwrap_or_default(),
    };
    let Some(schema) = &plan.output_schema else { return Ok(Value::String(text)) };
    schema.fit(&text).map_err(|error| {
        let message = format!("the output of the workflow `{}` does not fit its schema", plan.file.name);
        error.with_message(message)
    })
}
