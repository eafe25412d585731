//! Whom a prompt goes to: the model that is asked for and, where that one fails for reasons of its own, the next.
//!
//! Each try is an exchange of its own, with its own key, price and place in the cache. Nothing is tried after the first
//! byte has reached the asker.

use std::sync::Arc;

use super::{Answer, Exchange, Pipeline};
use crate::error::{Error, Kind, LimitedBy, Result};

/// The exchanges a prompt may become, in turn.
pub struct Route {
    /// The one that is asked for.
    pub first: Exchange,
    /// The others, where the ones before have failed.
    pub fallbacks: Vec<Exchange>,
}

impl Route {
    /// All of them, in turn.
    pub fn exchanges(&mut self) -> impl Iterator<Item = &mut Exchange> {
        std::iter::once(&mut self.first).chain(&mut self.fallbacks)
    }
}

/// A try that failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// Who was asked.
    pub provider: String,
    /// The model.
    pub model: String,
    /// Why it failed.
    pub error: Error,
}

/// An answer, and how it was come by.
pub struct Routed {
    /// The answer.
    pub answer: Answer,
    /// What was asked for it.
    pub asked: Arc<Exchange>,
    /// Who failed before.
    pub attempts: Vec<Attempt>,
}

/// Whether the next model is to be asked after such a failure: where the provider is away, failing, too slow or too busy,
/// wants to be paid first, or has no key here. Not where the request itself is wrong, a key is refused or llmc's own limits
/// say no: that is to be seen and mended, or would be the same with the next.
pub fn falls_over(error: &Error) -> bool {
    match error.kind() {
        Kind::Provider => {
            error.upstream_status_value().is_none_or(|status| matches!(status, 402 | 408 | 409 | 500..=599))
        }
        Kind::RateLimit => error.limited_by_value() == Some(LimitedBy::Provider),
        // One that the provider refused has its status.
        Kind::Key => error.upstream_status_value().is_none(),
        // Nothing is called then; what a fallback once said is as good as it was.
        Kind::Timeout | Kind::ReplayMiss => true,
        _ => false,
    }
}

impl Pipeline {
    /// Answers by the first of a route that can. Fails as the last one tried did, with what came before in the cause.
    pub async fn answer_by(self: &Arc<Self>, route: Route) -> Result<Routed> {
        let Route { first, fallbacks } = route;
        let mut next = fallbacks.into_iter();
        let mut asked = Arc::new(first);
        let mut attempts = Vec::new();
        loop {
            let error = match self.answer_shared(&asked).await {
                Ok(answer) => return Ok(Routed { answer, asked, attempts }),
                Err(error) => error,
            };
            let following = if falls_over(&error) { next.next() } else { None };
            let Some(following) = following else { return Err(after(error, &attempts)) };
            tracing::info!(%error, provider = asked.provider.name, model = asked.model, "the next model is asked");
            let (provider, model) = (asked.provider.name.clone(), asked.model.clone());
            attempts.push(Attempt { provider, model, error });
            asked = Arc::new(following);
        }
    }
}

impl Attempt {
    /// In one sentence.
    pub fn sentence(&self) -> String {
        format!("`{}/{}` failed: {}", self.provider, self.model, self.error)
    }
}

/// The last failure, with those before it.
fn after(error: Error, attempts: &[Attempt]) -> Error {
    if attempts.is_empty() {
        return error;
    }
    let before: Vec<String> = attempts.iter().map(Attempt::sentence).collect();
    let before = format!("before that, {}", before.join("; "));
    let cause = match error.cause() {
        Some(cause) => format!("{cause}; {before}"),
        None => before,
    };
    error.because(cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_failures_of_the_providers_own_lead_to_the_next() {
        let status = |kind, status| Error::new(kind, "x").upstream_status(status);
        for passing in [402, 408, 500, 502, 503, 504, 529] {
            assert!(falls_over(&status(Kind::Provider, passing)), "{passing}");
        }
        for lasting in [301, 400, 404, 413, 422] {
            assert!(!falls_over(&status(Kind::Provider, lasting)), "{lasting}");
        }
        assert!(falls_over(&Error::new(Kind::Provider, "connection refused").transient()));
        assert!(falls_over(&Error::new(Kind::Timeout, "x")));
        assert!(falls_over(&Error::new(Kind::Key, "there is none")));
        assert!(!falls_over(&status(Kind::Key, 401)) && !falls_over(&status(Kind::Key, 403)));
        assert!(falls_over(&status(Kind::RateLimit, 429).limited_by(LimitedBy::Provider)));
        assert!(!falls_over(&Error::new(Kind::RateLimit, "x").limited_by(LimitedBy::Llmc)));
        for ours in [Kind::Usage, Kind::Budget, Kind::Schema, Kind::Unreachable, Kind::Other] {
            assert!(!falls_over(&Error::new(ours, "x")), "{ours:?}");
        }
    }

    #[test]
    fn the_last_failure_is_told_with_those_before_it() {
        let attempt = |model: &str, cause: &str| Attempt {
            provider: "p".to_owned(),
            model: model.to_owned(),
            error: Error::new(Kind::Timeout, "late").because(cause),
        };

        let told = after(Error::new(Kind::Key, "no key"), &[attempt("a", "1 s"), attempt("b", "2 s")]);

        assert_eq!(told.kind(), Kind::Key);
        assert_eq!(told.cause(), Some("before that, `p/a` failed: late: 1 s; `p/b` failed: late: 2 s"));
    }
}
