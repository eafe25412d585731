//! `POST /llm/generate`.

use std::fmt::Display;
use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::asker::Asker;
use super::body::{Whole, read_object};
use super::conversation::{self, Conversation};
use super::routing::route;
use super::teller::{Deadline, Teller, within};
use crate::api::generate::{DryRunReply, EstimatedBy, GenerateReply, GenerateRequest};
use crate::api::{SCHEMA_VERSION, number};
use crate::daemon::reply::{Refused, json, tell_standing};
use crate::daemon::state::Daemon;
use crate::error::{Error, Kind, Result};
use crate::exchange::{Mode, Usage};
use crate::pipeline::admit::Class;
use crate::pipeline::budget::RunCeiling;
use crate::pipeline::canonical;
use crate::pipeline::long::beside_everybody;
use crate::pipeline::route::{Route, Routed};
use crate::pipeline::{Exchange, Foresight, SentKey, Source, foreseen_usage};
use crate::provider::tokenizer;
use crate::workflow::Foreseen;

/// Answers one prompt, and tells how the asker stands with the limit, whatever came of it.
pub async fn generate(State(daemon): State<Arc<Daemon>>, asker: Asker, body: Whole) -> Response {
    // Boxed: what is around it is moved several times before it is begun.
    let told = Box::pin(answer(&daemon, &asker, &body.0)).await;
    let mut response = told.unwrap_or_else(|error| Refused::from(error).into_response());
    let rates = asker.rates();
    tell_standing(response.headers_mut(), &daemon.pipeline.limits.last_standing(&asker.subject, Class::Llm, rates));
    response
}

async fn answer(daemon: &Arc<Daemon>, asker: &Asker, body: &[u8]) -> Result<Response> {
    // Before the look: a daemon that begins to stop after it waits for what is asked here.
    let _expected = daemon.pipeline.expect_asker();
    daemon.refuse_while_stopping()?;
    let request = beside_everybody(body.len(), || read_request(body))?;
    let deadline = request.timeout.and_then(|longest| Deadline::after(longest.0));
    let (dry_run, count, raw) = (request.dry_run, request.count, request.raw);
    if count && !dry_run {
        return Err(Error::new(Kind::Usage, "`count` is given without `dryRun`").hint("give `dryRun`, too"));
    }
    let (mut route, conversation) = begin(daemon, asker, request, deadline, body.len()).await?;
    route.exchanges().for_each(|exchange| exchange.attended = true);
    if dry_run {
        let counter = if count { Counter::Provider } else { Counter::Here };
        return Ok(json(&dry_run_reply(daemon, &route.first, counter).await?));
    }
    let account = route.first.account();
    let asked = within(deadline, daemon.outlives_its_askers(), daemon.pipeline.answer_by(route)).await;
    let answered = asked.unwrap_or_else(|error| {
        // The one failure the pipeline does not see: its own future was dropped.
        daemon.pipeline.ledger.failed(account, &error);
        Err(error)
    });
    let Routed { answer, asked, attempts } = match (&conversation, answered) {
        (Some(conversation), Err(error)) => return Err(conversation.explain(error)),
        (_, answered) => answered?,
    };
    let mut teller = Teller::new(daemon, &asked, attempts, raw, deadline);
    teller.conversation = conversation;
    if let Source::Whole(landed) = &answer.source {
        teller.end_turn(landed).await?;
    }
    beside_everybody(body.len(), || teller.tell(answer))
}

/// The route that a request of so many bytes amounts to, and the turn of a session it is, where it is one.
pub(super) async fn begin(
    daemon: &Daemon,
    asker: &Asker,
    mut request: GenerateRequest,
    deadline: Option<Deadline>,
    bytes: usize,
) -> Result<(Route, Option<Conversation>)> {
    let mut conversation = None;
    if conversation::is_meant(&request) {
        // Boxed: a prompt without a session, which most are, need not carry the size of this along.
        let begun = Box::pin(Conversation::begin(&daemon.sessions, asker, &mut request));
        conversation = Some(in_turn(deadline, begun).await?);
    }
    let mut route = beside_everybody(bytes, || route(request, asker))?;
    // Within a program that sees no keys, those of its run are meant.
    for exchange in route.exchanges() {
        let Some((keys, ceilings)) = daemon.runs.terms(&exchange.run) else { continue };
        if asker.imposed().is_none() {
            exchange.ceilings.runs = ceilings;
        }
        if !matches!(exchange.key, SentKey::Given(_))
            && let given @ SentKey::Given(_) = keys.find(&exchange.provider.name)
        {
            exchange.key = given;
        }
    }
    if let Some(conversation) = &mut conversation {
        conversation.refuse_too_long(&route.first)?;
    }
    Ok((route, conversation))
}

/// One answer, whole, for whoever asks for several, which spend from one sum where that is limited.
pub(super) async fn reply(
    daemon: &Arc<Daemon>,
    asker: &Asker,
    request: GenerateRequest,
    ceiling: Option<&RunCeiling>,
) -> Result<GenerateReply> {
    let _expected = daemon.pipeline.expect_asker();
    daemon.refuse_while_stopping()?;
    let bytes = request.prompt.as_ref().map_or(0, String::len);
    let deadline = request.timeout.and_then(|longest| Deadline::after(longest.0));
    let (mut route, conversation) = begin(daemon, asker, request, deadline, bytes).await?;
    route.exchanges().for_each(|exchange| exchange.ceilings.runs.extend(ceiling.cloned()));
    let asked = within(deadline, daemon.outlives_its_askers(), daemon.pipeline.answer_by(route));
    let Routed { answer, asked, attempts } = asked.await??;
    let mut teller = Teller::new(daemon, &asked, attempts, false, deadline);
    teller.conversation = conversation;
    let Source::Whole(landed) = &answer.source else {
        return Err(Error::new(Kind::Other, "an answer came as a stream that was asked for whole"));
    };
    teller.end_turn(landed).await?;
    beside_everybody(landed.entry.body.len(), || teller.whole(&answer, landed))
}

/// Waits for a turn until the asker's deadline. Nothing has been called by then.
async fn in_turn<T>(deadline: Option<Deadline>, waited_for: impl Future<Output = Result<T>>) -> Result<T> {
    within(deadline, true, waited_for).await.unwrap_or_else(|error| {
        Err(error.because("another turn of the session is in the air").hint("ask again, or raise `--timeout`"))
    })
}

/// A request as it came, in one meaning only.
pub(super) fn read_request(body: &[u8]) -> Result<GenerateRequest> {
    let refuse = |cause: &dyn Display| Error::new(Kind::Usage, "cannot read the request").because(cause);
    let request: GenerateRequest = read_object(body).map_err(|error| refuse(&error))?;
    if !request.options.is_empty() || request.schema.is_some() {
        // Members the vendor is sent as they are must have one meaning; the reader above takes the last of several.
        let text = std::str::from_utf8(body).map_err(|error| refuse(&error))?;
        canonical::parse(text).map_err(|error| refuse(&error))?;
        if let Some(number) = number::too_long(text) {
            return Err(
                refuse(&format_args!("{number} is longer than 64 bits")).hint("write it as a float or a string")
            );
        }
    }
    Ok(request)
}

/// Who is to count the tokens of a prompt that is not sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Counter {
    /// The daemon itself, which calls nobody.
    Here,
    /// The provider, where it can be asked.
    Provider,
}

/// What would become of a prompt, and the answer where it is kept.
pub(super) async fn foresee(daemon: &Arc<Daemon>, asker: &Asker, request: GenerateRequest) -> Result<Foreseen> {
    let bytes = request.prompt.as_ref().map_or(0, String::len);
    let (route, _) = begin(daemon, asker, request, None, bytes).await?;
    let foresight = daemon.pipeline.foresee(&route.first).await?;
    let teller = Teller::new(daemon, &route.first, Vec::new(), false, None);
    let kept = foresight.answer().map(|(answer, landed)| teller.whole(&answer, &landed)).transpose()?;
    Ok(Foreseen { told: told_ahead(daemon, &route.first, &foresight, Counter::Here).await?, kept })
}

/// What would happen to an exchange.
pub(super) async fn dry_run_reply(daemon: &Daemon, exchange: &Exchange, counter: Counter) -> Result<DryRunReply> {
    let foresight = daemon.pipeline.foresee(exchange).await?;
    told_ahead(daemon, exchange, &foresight, counter).await
}

async fn told_ahead(
    daemon: &Daemon,
    exchange: &Exchange,
    foresight: &Foresight,
    counter: Counter,
) -> Result<DryRunReply> {
    let (usage, estimated_by, warnings) = match &foresight.entry {
        Some(entry) => (entry.facts.usage, EstimatedBy::Kept, Vec::new()),
        None => foreseen(daemon, exchange, counter).await?,
    };
    let price = exchange.registry.price(&exchange.provider, &exchange.model);
    let cost = match &foresight.entry {
        Some(_) => Some(0.0),
        None => price.map(|price| price.cost(&usage).dollars()),
    };
    Ok(DryRunReply {
        schema_version: SCHEMA_VERSION,
        dry_run: true,
        provider: exchange.provider.name.clone(),
        model: exchange.model.clone(),
        cache_status: foresight.status,
        cache_key: foresight.fingerprint.key.to_string(),
        key_material: serde_json::from_slice(&foresight.fingerprint.material).unwrap_or(Value::Null),
        estimated_input_tokens: usage.input,
        estimated_output_tokens: usage.output,
        estimated_by,
        estimated_cost: cost,
        priced: price.is_some(),
        warnings,
    })
}

/// What a call may use, who counted it, and what is to be known of that.
async fn foreseen(daemon: &Daemon, exchange: &Exchange, counter: Counter) -> Result<(Usage, EstimatedBy, Vec<String>)> {
    let usage = foreseen_usage(exchange)?;
    let here = if tokenizer::is_exact(&exchange.model) { EstimatedBy::Tokenizer } else { EstimatedBy::Rule };
    // One that may not call is not to ask either.
    if counter == Counter::Here || exchange.policy.mode == Mode::Replay {
        return Ok((usage, here, Vec::new()));
    }
    Ok(match daemon.pipeline.count_asked(exchange).await {
        Ok(Some(input)) => (Usage { input, ..usage }, EstimatedBy::Provider, Vec::new()),
        Ok(None) => (usage, here, Vec::new()),
        Err(error) => (usage, here, vec![format!("the tokens are estimated: {error}")]),
    })
}
