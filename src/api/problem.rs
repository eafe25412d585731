//! Errors on the wire: `{"error": {"type", "message", …}, "retryAfter": 12}`.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Kind, LimitedBy};

/// The body of a failed request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// What went wrong.
    pub error: Detail,
    /// Whole seconds until asking again may work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Detail {
    /// The kind of error, see [`Kind::name`].
    #[serde(rename = "type")]
    pub kind: String,
    /// What failed, to what.
    pub message: String,
    /// The cause, where one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Whose limit it was: `llmc` or `provider`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limited_by: Option<String>,
    /// The HTTP status the provider answered with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upstream_status: Option<u16>,
}

/// A wait in whole seconds, never shorter than it is.
pub fn whole_seconds(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u64::MAX)
}

impl From<&Error> for Problem {
    fn from(error: &Error) -> Problem {
        Problem {
            error: Detail {
                kind: error.kind().name().to_owned(),
                message: error.message().to_owned(),
                cause: error.cause().map(str::to_owned),
                hint: error.hint_text().map(str::to_owned),
                limited_by: error.limited_by_value().map(|whose| whose.name().to_owned()),
                upstream_status: error.upstream_status_value(),
            },
            retry_after: error.retry_after_value().map(whole_seconds),
        }
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Error {
        let Detail { kind, message, cause, hint, limited_by, upstream_status } = problem.error;
        let mut error = Error::new(Kind::from_name(&kind).unwrap_or(Kind::Other), message);
        if let Some(cause) = cause {
            error = error.because(cause);
        }
        if let Some(hint) = hint {
            error = error.hint(hint);
        }
        if let Some(seconds) = problem.retry_after {
            error = error.retry_after(Duration::from_secs(seconds));
        }
        if let Some(status) = upstream_status {
            error = error.upstream_status(status);
        }
        match limited_by.as_deref() {
            Some("llmc") => error.limited_by(LimitedBy::Llmc),
            Some("provider") => error.limited_by(LimitedBy::Provider),
            _ => error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_comes_through_the_wire_whole() {
        let error = Error::new(Kind::RateLimit, "too many")
            .because("20 in 60 s")
            .hint("wait")
            .retry_after(Duration::from_secs(12))
            .upstream_status(429)
            .limited_by(LimitedBy::Provider);

        let wire = serde_json::to_string(&Problem::from(&error)).unwrap();

        assert_eq!(Error::from(serde_json::from_str::<Problem>(&wire).unwrap()), error);
    }

    #[test]
    fn a_wait_is_rounded_up() {
        assert_eq!(whole_seconds(Duration::from_millis(1)), 1);
        assert_eq!(whole_seconds(Duration::from_millis(11_001)), 12);
    }
}
