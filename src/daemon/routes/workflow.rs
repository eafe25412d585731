//! `POST /llm/execute-workflow` and `POST /llm/workflow/generate`: several prompts that build on each other, and having a
//! model write such a thing.

use std::convert::Infallible;
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use futures_util::StreamExt;
use futures_util::stream;
use serde::de::DeserializeOwned;
use tokio::sync::mpsc::{self, UnboundedSender};

use super::asker::Asker;
use super::body::Whole;
use super::exchange::amount;
use super::generate;
use super::policy::check_cassette;
use super::teller::{event_stream, native_event};
use crate::api::SCHEMA_VERSION;
use crate::api::generate::{GenerateReply, GenerateRequest};
use crate::api::problem::Problem;
use crate::api::span::Span;
use crate::api::workflow::{StepEvent, WorkflowReply, WorkflowRequest, WorkflowWish, WorkflowWritten};
use crate::daemon::reply::{Refused, json};
use crate::daemon::state::Daemon;
use crate::error::{Error, Kind, Result};
use crate::pipeline::budget::RunCeiling;
use crate::provider::resolve::Asked;
use crate::workflow::{Asks, Foreseen, Foresees, Plan, Terms, draft, foresee, plan, read, run, whom};

/// Calls of one workflow side by side, where nothing is said.
const JOBS: usize = 8;

/// A step waits for llmc's own limits as long as it takes: whoever runs a workflow wants the whole of it.
const AS_LONG_AS_IT_TAKES: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Runs a workflow.
pub async fn execute(State(daemon): State<Arc<Daemon>>, asker: Asker, body: Whole) -> Result<Response, Refused> {
    daemon.refuse_while_stopping()?;
    let WorkflowRequest { workflow, inputs, defaults, jobs, max_cost, stream, dry_run } = read_body(&body)?;
    refuse_prompt(&defaults)?;
    if jobs == Some(0) {
        return Err(Error::new(Kind::Usage, "`jobs` is at least 1").into());
    }
    check_cassette(defaults.cache.cassette.as_deref(), &daemon, &asker).await?;
    // Found by nobody else: what one workflow may spend is its own.
    let ceiling = |most| RunCeiling { name: format!("workflow:{:032x}", fastrand::u128(..)), most };
    let ceiling = amount(max_cost)?.map(ceiling);
    let plan = plan(read("workflow", workflow)?)?;
    let inputs = plan.inputs(inputs)?;
    expect_providers(&plan, &defaults, &asker)?;
    if dry_run {
        return Ok(json(&foresee(&plan, inputs, &defaults, &Desk { daemon, asker, ceiling }).await?));
    }
    let run = Run { desk: Desk { daemon, asker, ceiling }, plan, inputs, defaults, jobs: jobs.unwrap_or(JOBS) };
    match stream {
        true => Ok(event_stream(run.told())),
        false => Ok(json(&run.finish(&|_| {}).await?)),
    }
}

/// Has a workflow written.
pub async fn write(State(daemon): State<Arc<Daemon>>, asker: Asker, body: Whole) -> Result<Response, Refused> {
    daemon.refuse_while_stopping()?;
    let WorkflowWish { description, defaults } = read_body(&body)?;
    refuse_prompt(&defaults)?;
    check_cassette(defaults.cache.cassette.as_deref(), &daemon, &asker).await?;
    let drafted = draft(&description, &Desk { daemon, asker, ceiling: None }, &defaults).await?;
    Ok(json(&WorkflowWritten {
        schema_version: SCHEMA_VERSION,
        workflow: drafted.toml,
        repairs: drafted.repairs,
        metadata: drafted.metadata,
    }))
}

/// Fails where a step asks somebody who is not there: found before the steps before it are paid for.
fn expect_providers(plan: &Plan, defaults: &GenerateRequest, asker: &Asker) -> Result<()> {
    let settings = &asker.house.settings;
    for step in &plan.file.steps {
        let (model, provider) = whom(step, defaults);
        let default_model = settings.default_model.as_deref();
        let asked = Asked { model, provider, default_model, aliases: &settings.aliases };
        asker.house.registry.resolve(&asked, |provider| asker.has_key(provider)).map_err(|error| {
            let failed = Error::new(error.kind(), format!("the step `{}` cannot be asked", step.id)).because(&error);
            failed.hint(error.hint_text().unwrap_or("name another `model`"))
        })?;
    }
    Ok(())
}

fn read_body<T: DeserializeOwned>(body: &Whole) -> Result<T> {
    let refuse = |cause: &dyn Display| Error::new(Kind::Usage, "cannot read the request").because(cause);
    serde_json::from_slice(&body.0).map_err(|error| refuse(&error))
}

/// The prompts are the workflow's own.
fn refuse_prompt(defaults: &GenerateRequest) -> Result<()> {
    let fields = [
        ("prompt", defaults.prompt.is_some()),
        ("messages", !defaults.messages.is_empty()),
        ("session", defaults.session.is_some()),
        ("continueLast", defaults.continue_last),
        ("stream", defaults.stream),
        ("dryRun", defaults.dry_run),
        ("count", defaults.count),
        ("raw", defaults.raw),
    ];
    match fields.into_iter().find(|(_, is_set)| *is_set) {
        Some((name, _)) => Err(Error::new(Kind::Usage, format!("`defaults.{name}` has no place in a workflow"))),
        None => Ok(()),
    }
}

/// Answers the prompts of one asker.
struct Desk {
    daemon: Arc<Daemon>,
    asker: Asker,
    /// What all of them may cost together.
    ceiling: Option<RunCeiling>,
}

#[async_trait]
impl Asks for Desk {
    async fn ask(&self, mut request: GenerateRequest) -> Result<GenerateReply> {
        request.wait.get_or_insert(Span(AS_LONG_AS_IT_TAKES));
        generate::reply(&self.daemon, &self.asker, request, self.ceiling.as_ref()).await
    }
}

#[async_trait]
impl Foresees for Desk {
    async fn foresee(&self, request: GenerateRequest) -> Result<Foreseen> {
        generate::foresee(&self.daemon, &self.asker, request).await
    }
}

struct Run {
    desk: Desk,
    plan: Plan,
    inputs: serde_json::Map<String, serde_json::Value>,
    defaults: GenerateRequest,
    jobs: usize,
}

impl Run {
    async fn finish(self, tell: &(dyn Fn(StepEvent) + Send + Sync)) -> Result<WorkflowReply> {
        let terms = Terms { asks: &self.desk, defaults: &self.defaults, jobs: self.jobs, tell };
        run(&self.plan, self.inputs, &terms).await
    }

    /// What becomes of the steps as it does, then the whole answer.
    fn told(self) -> Body {
        let (sender, receiver) = mpsc::unbounded_channel();
        let events = stream::unfold(receiver, |mut receiver| async { Some((receiver.recv().await?, receiver)) });
        // Nothing comes of this one but what it sends.
        let work = stream::once(self.told_to(sender)).filter_map(|()| async { None });
        Body::from_stream(stream::select(events, work).map(Ok::<String, Infallible>))
    }

    async fn told_to(self, sender: UnboundedSender<String>) {
        // Who does not listen any more drops this, too.
        let send = |event: String| drop(sender.send(event));
        let ended = self.finish(&|event| send(native_event("step", &event))).await;
        send(match ended {
            Ok(reply) => native_event("done", &reply),
            Err(error) => native_event("error", &Problem::from(&error)),
        });
    }
}
