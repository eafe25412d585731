//! An answer told to who asked for it: whole, or as events as they come, within the time the asker waits.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Serialize;
use tokio::time::Instant;

use super::caching::tell_caching;
use super::conversation::{Conversation, Told};
use super::render::{self, Frame};
use crate::api::generate::{DeltaEvent, FailedAttempt, GenerateReply, Metadata};
use crate::api::problem::Problem;
use crate::daemon::reply::json;
use crate::daemon::state::Daemon;
use crate::error::{Error, Kind, Result};
use crate::exchange::Form;
use crate::pipeline::flight::{Heard, Landed};
use crate::pipeline::route::Attempt;
use crate::pipeline::{Answer, Exchange, Live, Source};
use crate::provider::{Dialect, sse};

/// When the asker stops waiting.
#[derive(Clone, Copy)]
pub(super) struct Deadline {
    at: Instant,
    longest: Duration,
}

impl Deadline {
    /// `None` where it lies beyond what a clock can hold.
    pub(super) fn after(longest: Duration) -> Option<Deadline> {
        Instant::now().checked_add(longest).map(|at| Deadline { at, longest })
    }
}

/// Waits until the asker's deadline. What is waited for belongs to the pipeline and goes on without the asker.
pub(super) async fn within<T>(
    deadline: Option<Deadline>,
    goes_on: bool,
    waited_for: impl Future<Output = T>,
) -> Result<T> {
    let Some(Deadline { at, longest }) = deadline else { return Ok(waited_for.await) };
    tokio::time::timeout_at(at, waited_for).await.map_err(|_| too_late(longest, goes_on))
}

/// The error of an answer that did not come in time. `goes_on`: its call does not end with the asker.
pub(super) fn too_late(longest: Duration, goes_on: bool) -> Error {
    let late = Error::new(Kind::Timeout, format!("no answer within {}", humantime::format_duration(longest)));
    late.hint(match goes_on {
        true => "the call goes on and its answer will be kept: ask again, or raise `--timeout`",
        false => "raise `--timeout`: without a daemon the call ends with the command",
    })
}

/// What is needed to tell an answer once the exchange is on its way.
pub(super) struct Teller {
    daemon: Arc<Daemon>,
    dialect: &'static dyn Dialect,
    form: Form,
    run: String,
    raw: bool,
    deadline: Option<Deadline>,
    /// The turn this answer ends.
    pub(super) conversation: Option<Conversation>,
    /// The models that failed before.
    attempts: Vec<Attempt>,
    told: Option<Told>,
}

impl Teller {
    /// For an answer to this exchange, after these attempts.
    pub(super) fn new(
        daemon: &Arc<Daemon>,
        exchange: &Exchange,
        attempts: Vec<Attempt>,
        raw: bool,
        deadline: Option<Deadline>,
    ) -> Teller {
        Teller {
            daemon: Arc::clone(daemon),
            dialect: exchange.dialect(),
            form: exchange.form,
            run: exchange.run.clone(),
            raw,
            deadline,
            conversation: None,
            attempts,
            told: None,
        }
    }

    /// Makes a whole answer part of its session, where it has one.
    pub(super) async fn end_turn(&mut self, landed: &Landed) -> Result<()> {
        if let Some(conversation) = self.conversation.take() {
            let text = render::text(self.dialect, landed)?;
            self.told = Some(Box::pin(conversation.end(&text)).await);
        }
        Ok(())
    }

    /// The answer, in the form it was asked for.
    pub(super) fn tell(self, answer: Answer) -> Result<Response> {
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

    /// A whole answer as the object that is told.
    pub(super) fn whole(&self, answer: &Answer, landed: &Landed) -> Result<GenerateReply> {
        let text = render::text(self.dialect, landed)?;
        let mut reply = render::reply(&self.frame(answer), landed, text);
        reply.metadata.warnings.extend(self.daemon.pipeline.store().trouble());
        self.tell_attempts(&mut reply.metadata);
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

    /// Who was asked before, and why another one answered.
    fn tell_attempts(&self, metadata: &mut Metadata) {
        metadata.fallback_from = self.attempts.first().map(|attempt| format!("{}/{}", attempt.provider, attempt.model));
        for attempt in &self.attempts {
            let instead = format!("`{}/{}` answers in its place", metadata.provider, metadata.model);
            metadata.warnings.push(format!("{}; {instead}", attempt.sentence()));
            metadata.attempts.push(FailedAttempt {
                provider: attempt.provider.clone(),
                model: attempt.model.clone(),
                kind: attempt.error.kind().name().to_owned(),
                message: attempt.error.to_string(),
            });
        }
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
