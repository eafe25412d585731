//! Answers as HTTP: JSON bodies, errors with their status, and the headers of limits and caching.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::api::headers;
use crate::api::problem::Problem;
use crate::error::{Error, Kind, LimitedBy};
use crate::pipeline::admit::Standing;

/// A failed request.
pub struct Refused {
    error: Error,
    standing: Option<Standing>,
}

impl Refused {
    /// A refusal that also tells how the asker stands with the limit.
    pub fn at(standing: Standing, error: Error) -> Refused {
        Refused { error, standing: Some(standing) }
    }

    /// True where a limit of llmc's own is the reason, so that waiting helps.
    pub fn is_by_own_limit(&self) -> bool {
        self.error.limited_by_value() == Some(LimitedBy::Llmc)
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Refused {
        Refused { error, standing: None }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Refused { error, standing } = self;
        let problem = Problem::from(&error);
        let mut response = json(&problem);
        *response.status_mut() =
            StatusCode::from_u16(error.kind().http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let head = response.headers_mut();
        if let Some(standing) = standing {
            tell_standing(head, &standing);
        }
        if let Some(seconds) = problem.retry_after {
            head.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(whose) = error.limited_by_value() {
            head.insert(headers::LIMITED_BY, HeaderValue::from_static(whose.name()));
        }
        response
    }
}

/// A JSON answer.
pub fn json<T: Serialize>(value: &T) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => {
            ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], Body::from(bytes)).into_response()
        }
        Err(error) => Refused::from(Error::new(Kind::Other, "cannot write the answer").because(error)).into_response(),
    }
}

/// A JSON answer to whoever stands so with the limit.
pub fn told<T: Serialize>(standing: Standing, value: &T) -> Response {
    let mut response = json(value);
    tell_standing(response.headers_mut(), &standing);
    response
}

/// The `X-RateLimit-*` headers.
pub fn tell_standing(head: &mut HeaderMap, standing: &Standing) {
    head.insert(headers::LIMIT, HeaderValue::from(standing.limit.count));
    head.insert(headers::REMAINING, HeaderValue::from(standing.remaining));
    head.insert(headers::RESET, HeaderValue::from(standing.reset_at.0));
}
