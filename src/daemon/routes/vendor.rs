//! Answers in a vendor's own bytes: what was recorded, in the form that is asked for; and refusals in its shape.

use std::io;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use super::caching::tell_caching;
use super::generate::event_stream;
use crate::api::headers;
use crate::api::problem::whole_seconds;
use crate::error::{Error, Kind, LimitedBy, Result};
use crate::exchange::{Entry, Form};
use crate::pipeline::flight::Heard;
use crate::pipeline::{Answer, Live, Pipeline, Source};
use crate::provider::Dialect;
use crate::provider::sieve::{Sieve, sift};
use crate::provider::surface::Surface;

/// Tells answers to an asker who speaks the vendor's API.
pub struct Teller {
    /// What the bytes mean.
    pub dialect: &'static dyn Dialect,
    /// How the asker wants the answer.
    pub form: Form,
    /// Tells the events of a stream that the asker did not ask for.
    pub unwanted: Option<fn(&str) -> bool>,
}

impl Teller {
    /// The response an answer amounts to.
    pub fn tell(&self, pipeline: &Pipeline, answer: Answer) -> Result<Response> {
        let mut caching = HeaderMap::new();
        let landed = match &answer.source {
            Source::Whole(landed) => Some(landed),
            Source::Live(_) => None,
        };
        tell_caching(&mut caching, pipeline, &answer, landed);
        let mut response = match answer.source {
            Source::Whole(landed) => {
                let body = Body::from(self.bytes(&landed.entry)?);
                match self.form {
                    Form::Plain => {
                        ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
                    }
                    Form::Stream => event_stream(body),
                }
            }
            Source::Live(live) => event_stream(passed_on(live, self.unwanted)),
        };
        response.headers_mut().extend(caching);
        Ok(response)
    }

    /// What was recorded, in the form that is asked for.
    fn bytes(&self, entry: &Entry) -> Result<Bytes> {
        let body = match (self.form, entry.facts.form) {
            (Form::Plain, Form::Stream) => Bytes::from(self.dialect.assemble(&entry.body)?),
            (Form::Stream, Form::Plain) => Bytes::from(self.dialect.replay(&entry.body)?),
            _ => entry.body.clone(),
        };
        Ok(match self.unwanted {
            Some(is_unwanted) => Bytes::from(sift(&body, is_unwanted)),
            None => body,
        })
    }
}

/// A stream in the air, as it comes.
fn passed_on(live: Live, unwanted: Option<fn(&str) -> bool>) -> Body {
    let sieve = unwanted.map(Sieve::new);
    Body::from_stream(stream::unfold(Some((live, sieve)), |state| async move {
        let (mut live, mut sieve) = state?;
        loop {
            let passed = match (live.hear().await, &mut sieve) {
                (Heard::Chunk(chunk), None) => chunk,
                (Heard::Chunk(chunk), Some(sieve)) => Bytes::from(sieve.push(&chunk)),
                // What broke on its way here breaks off there too: nobody may take a part for the whole.
                (Heard::End(Err(error)), _) if was_cut(&error) => return Some((Err(io::Error::other(error)), None)),
                (Heard::End(_), Some(sieve)) => {
                    let rest = sieve.finish();
                    return (!rest.is_empty()).then(|| (Ok(Bytes::from(rest)), None));
                }
                (Heard::End(_), None) => return None,
            };
            if !passed.is_empty() {
                return Some((Ok(passed), Some((live, sieve))));
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
    response
}

/// True where the vendors' own clients would ask again by the status, and in vain.
fn is_final(error: &Error) -> bool {
    matches!(error.kind(), Kind::ReplayMiss | Kind::Budget)
}
