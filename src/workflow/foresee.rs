//! What a workflow would come to, without asking anybody: walked as if it ran as far as its answers are kept, and no
//! further, since nobody knows what a prompt says before the answers are there that it is made of.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde_json::{Map, Value};

use super::plan::Plan;
use super::run::{ask_for, gathered, items, named, read, variables};
use crate::api::SCHEMA_VERSION;
use crate::api::forecast::Forecast;
use crate::api::generate::{DryRunReply, GenerateReply, GenerateRequest};
use crate::api::workflow::{ItemReply, StepForecast, StepOutlook, StepReply, WorkflowForecast, WorkflowStep};
use crate::error::Result;

/// What would become of a prompt.
pub struct Foreseen {
    /// How it would be answered.
    pub told: DryRunReply,
    /// The answer, where it is kept.
    pub kept: Option<GenerateReply>,
}

/// Tells what would become of prompts.
#[async_trait]
pub trait Foresees: Send + Sync {
    /// Tells of one.
    async fn foresee(&self, request: GenerateRequest) -> Result<Foreseen>;
}

/// What running a workflow with these inputs would come to; each prompt is asked with `defaults` where its step does not
/// say otherwise.
pub async fn foresee(
    plan: &Plan,
    inputs: Map<String, Value>,
    defaults: &GenerateRequest,
    desk: &dyn Foresees,
) -> Result<WorkflowForecast> {
    let mut walk = Walk { plan, defaults, desk, sums: Forecast::default(), known: BTreeMap::new() };
    let mut told: BTreeMap<usize, StepForecast> = BTreeMap::new();
    let is_next = |told: &BTreeMap<usize, StepForecast>, at: &usize| {
        !told.contains_key(at) && plan.steps[*at].needs.iter().all(|need| told.contains_key(need))
    };
    while let Some(at) = (0..plan.steps.len()).find(|at| is_next(&told, at)) {
        let step = walk.step(at, &inputs).await.map_err(|error| named(error, &plan.file.steps[at].id))?;
        told.insert(at, step);
    }
    let unknown = told.values().filter(|step| step.state == StepOutlook::Unknown).count() as u64;
    let steps = told.into_iter().map(|(at, step)| (plan.file.steps[at].id.clone(), step)).collect();
    let name = plan.file.name.clone();
    Ok(WorkflowForecast { schema_version: SCHEMA_VERSION, dry_run: true, name, unknown, sums: walk.sums, steps })
}

/// A workflow that is walked.
struct Walk<'a> {
    plan: &'a Plan,
    defaults: &'a GenerateRequest,
    desk: &'a dyn Foresees,
    sums: Forecast,
    /// The steps whose answers are kept, or need not be asked for.
    known: BTreeMap<usize, StepReply>,
}

impl Walk<'_> {
    async fn step(&mut self, at: usize, inputs: &Map<String, Value>) -> Result<StepForecast> {
        let (file, step) = (&self.plan.file.steps[at], &self.plan.steps[at]);
        let outlook = |state| StepForecast { state, model: None, items: None, awaits: Vec::new(), sums: None };
        let unread = step.reads.iter().filter(|read| !self.known.contains_key(read));
        let awaits: Vec<String> = unread.map(|read| self.plan.file.steps[*read].id.clone()).collect();
        if !awaits.is_empty() {
            return Ok(StepForecast { awaits, ..outlook(StepOutlook::Unknown) });
        }
        let known = variables(self.plan, inputs, &self.known);
        if let Some(when) = &step.when
            && !when.is_true(&known)?
        {
            self.known.insert(at, StepReply { skipped: true, ..StepReply::default() });
            return Ok(outlook(StepOutlook::Skipped));
        }
        let each = match &step.for_each {
            None => vec![known],
            Some(for_each) => items(for_each, &known)?,
        };
        let (mut sums, mut model, mut kept) = (Forecast::default(), None, Vec::new());
        for known in &each {
            let foreseen = self.desk.foresee(ask_for(self.plan, at, self.defaults, known)?).await?;
            sums.add(&foreseen.told);
            self.sums.add(&foreseen.told);
            model.get_or_insert_with(|| format!("{}/{}", foreseen.told.provider, foreseen.told.model));
            kept.extend(foreseen.kept.map(|reply| read(reply, file)));
        }
        let items = step.for_each.as_ref().map(|_| each.len());
        let state = if sums.calls == 0 { StepOutlook::Hit } else { StepOutlook::Call };
        if kept.len() == each.len() {
            self.known.insert(at, whole(kept, items, file));
        }
        Ok(StepForecast { model, items, sums: Some(sums), ..outlook(state) })
    }
}

/// The kept answers of a step as what running it would give.
fn whole(mut kept: Vec<ItemReply>, items: Option<usize>, file: &WorkflowStep) -> StepReply {
    match (items, kept.pop()) {
        (None, Some(ItemReply { text, json, metadata })) => {
            StepReply { text, json, metadata: Some(metadata), ..StepReply::default() }
        }
        (_, last) => {
            kept.extend(last);
            gathered(kept, file)
        }
    }
}
