//! Answers in a vendor's own bytes: what was recorded, in the form that is asked for; and refusals in its shape.

use std::io;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use super::caching::tell_caching;
use super::teller::event_stream;
use crate::api::headers;
use crate::api::problem::whole_seconds;
use crate::error::{Error, Kind, LimitedBy, Result};
use crate::exchange::{Entry, Form};
use crate::pipeline::flight::Heard;
use crate::pipeline::{Answer, Live, Pipeline, Source};
use crate::provider::Dialect;
use crate::provider::hide::UsageHider;
use crate::provider::sse;
use crate::provider::surface::Surface;

/// More than an answer has, so that there is room for all of them from the beginning.
const HEADERS: usize = 16;

/// Tells answers to an asker who speaks the vendor's API.
pub struct Teller {
    /// What the bytes mean.
    pub dialect: &'static dyn Dialect,
    /// How the asker wants the answer.
    pub shape: Shape,
    /// Takes out of a stream what the asker did not ask for.
    pub hider: Option<UsageHider>,
}

/// How an answer is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One JSON document.
    Plain,
    /// Server-sent events.
    Events,
    /// The data of those events as one JSON array.
    Array,
}

impl Teller {
    /// The response an answer amounts to.
    pub fn tell(self, pipeline: &Pipeline, answer: Answer) -> Result<Response> {
        let mut head = HeaderMap::with_capacity(HEADERS);
        let landed = match &answer.source {
            Source::Whole(landed) => Some(landed),
            Source::Live(_) => None,
        };
        tell_caching(&mut head, pipeline, &answer, landed);
        let mut response = match answer.source {
            Source::Whole(landed) => {
                let shape = self.shape;
                let body = Body::from(self.bytes(&landed.entry)?);
                match shape {
                    Shape::Plain | Shape::Array => {
                        ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
                    }
                    Shape::Events => event_stream(body),
                }
            }
            Source::Live(live) => event_stream(passed_on(*live, self.hider)),
        };
        head.extend(std::mem::take(response.headers_mut()));
        *response.headers_mut() = head;
        Ok(response)
    }

    /// What was recorded, in the form that is asked for.
    fn bytes(self, entry: &Entry) -> Result<Bytes> {
        let body = match (self.shape, entry.facts.form) {
            (Shape::Plain, Form::Stream) => Bytes::from(self.dialect.assemble(&entry.body)?),
            (Shape::Events | Shape::Array, Form::Plain) => Bytes::from(self.dialect.replay(&entry.body)?),
            _ => entry.body.clone(),
        };
        if self.shape == Shape::Array {
            return Ok(sse::array(&body)?.into());
        }
        Ok(match self.hider {
            Some(mut hider) => {
                let mut told = hider.push(&body);
                told.extend(hider.end());
                told.into()
            }
            None => body,
        })
    }
}

/// A stream in the air, as it comes.
fn passed_on(live: Live, hider: Option<UsageHider>) -> Body {
    Body::from_stream(stream::unfold(Some((live, hider)), |state| async move {
        let (mut live, mut hider) = state?;
        loop {
            let passed = match (live.hear().await, &mut hider) {
                (Heard::Chunk(chunk), None) => chunk,
                (Heard::Chunk(chunk), Some(hider)) => Bytes::from(hider.push(&chunk)),
                // What broke on its way here breaks off there too: nobody may take a part for the whole.
                (Heard::End(Err(error)), _) if was_cut(&error) => return Some((Err(io::Error::other(error)), None)),
                (Heard::End(_), Some(_)) => {
                    let rest = hider.take().map(UsageHider::end).unwrap_or_default();
                    return (!rest.is_empty()).then(|| (Ok(Bytes::from(rest)), None));
                }
                (Heard::End(_), None) => return None,
            };
            if !passed.is_empty() {
                return Some((Ok(passed), Some((live, hider))));
            }
        }
    }))
}

/// False for a stream that came to its end and said there that it failed: its asker has been told by the vendor itself.
fn was_cut(error: &Error) -> bool {
    error.is_transient() || matches!(error.kind(), Kind::Timeout | Kind::Unreachable)
}

/// A refusal: the provider's own words where it is the provider's, else llmc's in the vendor's shape.
pub fn refuse(surface: &Surface, error: &Error) -> Response {
    let status = error.upstream_status_value().unwrap_or(error.kind().http_status());
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match error.said_value() {
        Some(said) => {
            let mut response = Body::from(said.body.clone()).into_response();
            for (name, value) in &said.headers {
                if let Ok(value) = HeaderValue::try_from(value) {
                    response.headers_mut().insert(HeaderName::from_static(name), value);
                }
            }
            response
        }
        None => {
            let body = (surface.refusal)(error, status.as_u16()).to_string();
            let mut response = ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response();
            if let Some(wait) = error.retry_after_value() {
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(whole_seconds(wait)));
            }
            if is_final(error) {
                response.headers_mut().insert("x-should-retry", HeaderValue::from_static("false"));
            }
            response
        }
    };
    *response.status_mut() = status;
    if let Some(whose) = error.limited_by_value() {
        response.headers_mut().insert(headers::LIMITED_BY, HeaderValue::from_static(LimitedBy::name(whose)));
    }
    if error.kind() == Kind::ReplayMiss {
        // Neither a hit nor sent on (RFC 9211, section 2).
        let status = HeaderValue::from_static("llmc; detail=nothing-kept");
        response.headers_mut().insert(headers::CACHE_STATUS, status);
    }
    response
}

/// True where the vendors' own clients would ask again by the status, and in vain.
fn is_final(error: &Error) -> bool {
    matches!(error.kind(), Kind::ReplayMiss | Kind::Budget)
}
