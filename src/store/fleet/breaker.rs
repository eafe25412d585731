//! The breaker before a store that may be away: after two failures in a row nobody is kept waiting for it any more, until
//! it has answered again.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::{Error, Kind, Result};

/// Failures in a row that open it. One may be a hiccup; waiting for a third would cost a command half a second.
const ENOUGH: u32 = 2;

/// Closed while the store answers.
#[derive(Debug, Default)]
pub struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    failures: u32,
    /// Why it is open.
    open: Option<Error>,
}

impl Breaker {
    /// Why the store is not to be asked; `None` while it is.
    pub fn open(&self) -> Option<Error> {
        self.state().open.clone()
    }

    /// The store answered.
    pub fn succeeded(&self) {
        let mut state = self.state();
        state.failures = 0;
        if state.open.take().is_some() {
            tracing::info!("the shared store answers again");
        }
    }

    /// Notes what came of asking.
    pub fn note<T>(&self, outcome: &Result<T>) {
        match outcome {
            // It answered, if only that it takes nothing of this size.
            Err(error) if error.kind() != Kind::TooLarge => self.failed(error),
            _ => self.succeeded(),
        }
    }

    /// The store failed.
    pub fn failed(&self, error: &Error) {
        let mut state = self.state();
        state.failures = state.failures.saturating_add(1);
        if state.failures >= ENOUGH && state.open.is_none() {
            tracing::warn!(%error, "the shared store is left alone until it answers again");
            state.open = Some(error.clone());
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_after_two_failures_in_a_row_and_closes_with_a_success() {
        let (breaker, error) = (Breaker::default(), Error::new(Kind::Unreachable, "away"));
        breaker.failed(&error);
        breaker.succeeded();
        breaker.failed(&error);
        assert!(breaker.open().is_none());

        breaker.failed(&error);
        assert_eq!(breaker.open().map(|cause| cause.to_string()), Some("away".to_owned()));

        breaker.succeeded();
        assert!(breaker.open().is_none());
    }
}
