//! `POST /llm/generate`.

use std::convert::Infallible;
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Serialize;
use serde_json::Value;
use tokio::time::Instant;

use super::asker::Asker;
use super::body::Whole;
use super::caching::tell_caching;
use super::conversation::{self, Conversation, Told};
use super::exchange::exchange;
use super::render::{self, Frame};
use crate::api::generate::{DeltaEvent, DryRunReply, GenerateReply, GenerateRequest};
use crate::api::problem::Problem;
use crate::api::{SCHEMA_VERSION, number};
use crate::daemon::reply::{Refused, json, tell_standing};
use crate::daemon::state::Daemon;
use crate::error::{Error, Kind, Result};
use crate::exchange::{Form, Usage};
use crate::pipeline::admit::Class;
use crate::pipeline::canonical;
use crate::pipeline::flight::{Heard, Landed};
use crate::pipeline::long::beside_everybody;
use crate::pipeline::{Answer, Exchange, Live, SentKey, Source, foreseen_usage};
use crate::provider::{Dialect, sse};

/// Answers one prompt, and tells how the asker stands with the limit, whatever came of it.
pub async fn generate(State(daemon): State<Arc<Daemon>>, asker: Asker, body: Whole) -> Response {
    let told = answer(&daemon, &asker, &body.0).await;
    let mut response = told.unwrap_or_else(|error| Refused::from(error).into_response());
    let rates = asker.rates();
    tell_standing(response.headers_mut(), &daemon.pipeline.limits.last_standing(&asker.subject, Class::Llm, rates));
    response
}

async fn answer(daemon: &Arc<Daemon>, asker: &Asker, body: &[u8]) -> Result<Response> {
    // Before the look: a daemon that begins to stop after it waits for what is asked here.
    let _expected = daemon.pipeline.expect_asker();
    daemon.refuse_while_stopping()?;
    let mut request = beside_everybody(body.len(), || read_request(body))?;
    let deadline = request.timeout.and_then(|longest| Deadline::after(longest.0));
    let (dry_run, raw) = (request.dry_run, request.raw);
    let mut conversation = None;
    if conversation::is_meant(&request) {
        // Boxed: a prompt without a session, which most are, need not carry the size of this along.
        let begun = Box::pin(Conversation::begin(&daemon.sessions, asker, &mut request));
        conversation = Some(in_turn(deadline, begun).await?);
    }
    let mut exchange = beside_everybody(body.len(), || exchange(request, asker))?;
    if asker.imposed().is_none() && !exchange.run.is_empty() {
        exchange.ceilings.runs = daemon.runs.ceilings(&exchange.run);
    }
    // Within a program that sees no keys, those of its run are meant.
    if !matches!(exchange.key, SentKey::Given(_))
        && let Some(keys) = daemon.runs.keys(&exchange.run)
        && let given @ SentKey::Given(_) = keys.find(&exchange.provider.name)
    {
        exchange.key = given;
    }
    if let Some(conversation) = &mut conversation {
        conversation.refuse_too_long(&exchange)?;
    }
    if dry_run {
        return Ok(json(&dry_run_reply(daemon, &exchange).await?));
    }
    let mut teller = Teller::new(daemon, &exchange, raw, deadline);
    let account = exchange.account();
    let asked = within(deadline, daemon.outlives_its_askers(), daemon.pipeline.answer(exchange)).await;
    let answered = asked.unwrap_or_else(|error| {
        // The one failure the pipeline does not see: its own future was dropped.
        daemon.pipeline.ledger.failed(&account, &error);
        Err(error)
    });
    let answer = match (&conversation, answered) {
        (Some(conversation), Err(error)) => return Err(conversation.explain(error)),
        (_, answered) => answered?,
    };
    teller.conversation = conversation;
    if let Source::Whole(landed) = &answer.source {
        teller.end_turn(landed).await?;
    }
    beside_everybody(body.len(), || teller.tell(answer))
}

/// When the asker stops waiting.
#[derive(Clone, Copy)]
struct Deadline {
    at: Instant,
    longest: Duration,
}

impl Deadline {
    /// `None` where it lies beyond what a clock can hold.
    fn after(longest: Duration) -> Option<Deadline> {
        Instant::now().checked_add(longest).map(|at| Deadline { at, longest })
    }
}

/// Waits until the asker's deadline. What is waited for belongs to the pipeline and goes on without the asker.
async fn within<T>(deadline: Option<Deadline>, goes_on: bool, waited_for: impl Future<Output = T>) -> Result<T> {
    let Some(Deadline { at, longest }) = deadline else { return Ok(waited_for.await) };
    tokio::time::timeout_at(at, waited_for).await.map_err(|_| {
        let late = Error::new(Kind::Timeout, format!("no answer within {}", humantime::format_duration(longest)));
        late.hint(match goes_on {
            true => "the call goes on and its answer will be kept: ask again, or raise `--timeout`",
            false => "raise `--timeout`: without a daemon the call ends with the command",
        })
    })
}

/// Waits for a turn until the asker's deadline. Nothing has been called by then.
async fn in_turn<T>(deadline: Option<Deadline>, waited_for: impl Future<Output = Result<T>>) -> Result<T> {
    within(deadline, true, waited_for).await.unwrap_or_else(|error| {
        Err(error.because("another turn of the session is in the air").hint("ask again, or raise `--timeout`"))
    })
}

fn read_request(body: &[u8]) -> Result<GenerateRequest> {
    let refuse = |cause: &dyn Display| Error::new(Kind::Usage, "cannot read the request").because(cause);
    let request: GenerateRequest = serde_json::from_slice(body).map_err(|error| refuse(&error))?;
    if !request.options.is_empty() {
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

/// What is needed to tell an answer once the exchange is on its way.
struct Teller {
    daemon: Arc<Daemon>,
    dialect: &'static dyn Dialect,
    form: Form,
    run: String,
    raw: bool,
    deadline: Option<Deadline>,
    /// The turn this answer ends.
    conversation: Option<Conversation>,
    told: Option<Told>,
}

impl Teller {
    fn new(daemon: &Arc<Daemon>, exchange: &Exchange, raw: bool, deadline: Option<Deadline>) -> Teller {
        Teller {
            daemon: Arc::clone(daemon),
            dialect: exchange.dialect(),
            form: exchange.form,
            run: exchange.run.clone(),
            raw,
            deadline,
            conversation: None,
            told: None,
        }
    }

    /// Makes a whole answer part of its session, where it has one.
    async fn end_turn(&mut self, landed: &Landed) -> Result<()> {
        if let Some(conversation) = self.conversation.take() {
            let text = render::read(self.dialect, &landed.entry)?.text;
            self.told = Some(Box::pin(conversation.end(&text)).await);
        }
        Ok(())
    }

    fn tell(self, answer: Answer) -> Result<Response> {
        match (&answer.source, self.form) {
            (Source::Whole(landed), Form::Plain) => {
                let mut response = json(&self.whole(&answer, landed)?);
                tell_caching(response.headers_mut(), &self.daemon.pipeline, &answer, Some(landed));
                Ok(response)
            }
            (Source::Whole(landed), Form::Stream) => {
                let mut response = event_stream(Body::from(self.replayed(&answer, landed)?));
                tell_caching(response.headers_mut(), &self.daemon.pipeline, &answer, Some(landed));
                Ok(response)
            }
            (Source::Live(_), _) => {
                let mut head = HeaderMap::new();
                tell_caching(&mut head, &self.daemon.pipeline, &answer, None);
                let mut response = event_stream(self.live(answer));
                response.headers_mut().extend(head);
                Ok(response)
            }
        }
    }

    fn frame<'a>(&'a self, answer: &'a Answer) -> Frame<'a> {
        Frame {
            status: answer.status,
            fingerprint: &answer.fingerprint,
            started: answer.started,
            now: self.daemon.pipeline.clock().now(),
            store: self.daemon.pipeline.store().backend(),
            run: &self.run,
        }
    }

    fn whole(&self, answer: &Answer, landed: &Landed) -> Result<GenerateReply> {
        let text = render::read(self.dialect, &landed.entry)?.text;
        let mut reply = render::reply(&self.frame(answer), landed, text);
        reply.metadata.warnings.extend(self.daemon.pipeline.store().trouble());
        if let Some(told) = &self.told {
            reply.metadata.session = Some(told.id.clone());
            reply.metadata.session_created = told.created;
            reply.metadata.warnings.extend(told.warning.clone());
        }
        if self.raw {
            reply.raw = Some(render::raw(self.dialect, &landed.entry)?);
        }
        Ok(reply)
    }

    /// A kept answer as the events it would have come in.
    fn replayed(&self, answer: &Answer, landed: &Landed) -> Result<String> {
        let entry = &landed.entry;
        let recorded = match entry.facts.form {
            Form::Stream => entry.body.clone(),
            Form::Plain => self.dialect.replay(&entry.body)?.into(),
        };
        let mut events = String::new();
        for event in sse::parse(&recorded)? {
            if let Some(text) = self.dialect.delta(&event).filter(|text| !text.is_empty()) {
                events.push_str(&native_event("delta", &DeltaEvent { text }));
            }
        }
        events.push_str(&native_event("done", &self.whole(answer, landed)?));
        Ok(events)
    }

    /// Events as they come, then the whole answer.
    fn live(self, answer: Answer) -> Body {
        let state = Some((self, answer, sse::Reader::new()));
        Body::from_stream(stream::unfold(state, |state| async move {
            let (mut teller, mut answer, mut reader) = state?;
            let Source::Live(live) = &mut answer.source else { return None };
            let (events, goes_on) = teller.next_events(live, &mut reader).await;
            match goes_on {
                Next::More => Some((Ok::<_, Infallible>(events), Some((teller, answer, reader)))),
                Next::Whole(landed) => {
                    let last = match teller.end_turn(&landed).await {
                        Ok(()) => teller.last_event(&answer, &landed),
                        Err(error) => native_event("error", &Problem::from(&error)),
                    };
                    Some((Ok(last), None))
                }
                Next::Broken => Some((Ok(events), None)),
            }
        }))
    }

    async fn next_events(&self, live: &mut Live, reader: &mut sse::Reader) -> (String, Next) {
        loop {
            let chunk = match within(self.deadline, self.daemon.outlives_its_askers(), live.hear()).await {
                Ok(Heard::Chunk(chunk)) => chunk,
                Ok(Heard::End(Ok(landed))) => return (String::new(), Next::Whole(landed)),
                Ok(Heard::End(Err(error))) | Err(error) => {
                    return (native_event("error", &Problem::from(&error)), Next::Broken);
                }
            };
            let read = match reader.push(&chunk) {
                Ok(read) => read,
                Err(error) => return (native_event("error", &Problem::from(&error)), Next::Broken),
            };
            let texts = read.iter().filter_map(|event| self.dialect.delta(event)).filter(|text| !text.is_empty());
            let events: String = texts.map(|text| native_event("delta", &DeltaEvent { text })).collect();
            if !events.is_empty() {
                return (events, Next::More);
            }
        }
    }

    fn last_event(&self, answer: &Answer, landed: &Landed) -> String {
        match self.whole(answer, landed) {
            Ok(reply) => native_event("done", &reply),
            Err(error) => native_event("error", &Problem::from(&error)),
        }
    }
}

enum Next {
    More,
    Whole(Landed),
    Broken,
}

pub(super) fn native_event<T: Serialize>(name: &str, data: &T) -> String {
    format!("event: {name}\ndata: {}\n\n", serde_json::to_string(data).unwrap_or_default())
}

/// Events, which nobody else may keep.
pub fn event_stream(body: Body) -> Response {
    let head = [
        (CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (head, body).into_response()
}

async fn dry_run_reply(daemon: &Daemon, exchange: &Exchange) -> Result<DryRunReply> {
    let foresight = daemon.pipeline.foresee(exchange).await?;
    let usage: Usage = match &foresight.entry {
        Some(entry) => entry.facts.usage,
        None => foreseen_usage(exchange)?,
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
        estimated_cost: cost,
        priced: price.is_some(),
    })
}
