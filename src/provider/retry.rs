//! When to ask a provider again, and how long to wait first. Sees no request: whoever calls decides what one attempt is,
//! and must not let it outlive the first byte given to an asker.

use std::future::Future;
use std::time::Duration;

use crate::config::settings::RetrySettings;
use crate::error::{Error, Result};

/// True where the same call may work when made again: the statuses 408, 409, 429 and 5xx, and a broken connection.
///
/// A limit of llmc's own has no upstream status and is never waited out here.
pub fn is_worth_another(error: &Error) -> bool {
    match error.upstream_status_value() {
        Some(status) => matches!(status, 408 | 409 | 429 | 500..=599),
        None => error.is_transient(),
    }
}

/// How long to wait after `failed` attempts, the last of which ended in `error`; `None` where it was the last.
///
/// Full jitter: anything from nothing to a ceiling that doubles with each attempt, so that many callers who failed
/// together do not come back together. A `Retry-After` comes before the jitter: never sooner, and where it alone is
/// longer than the longest wait, the asker is told instead. `jitter` is a chance from 0 to 1.
pub fn next(failed: u32, error: &Error, settings: &RetrySettings, jitter: f64) -> Option<Duration> {
    if failed >= settings.max_attempts || !is_worth_another(error) {
        return None;
    }
    let doublings = failed.saturating_sub(1).min(31);
    let ceiling = settings.base_delay.saturating_mul(1 << doublings).min(settings.max_delay);
    let asked = error.retry_after_value().unwrap_or_default();
    let room = settings.max_delay.checked_sub(asked)?;
    let chance = if jitter.is_finite() { jitter.clamp(0.0, 1.0) } else { 0.0 };
    Some(asked + ceiling.min(room).mul_f64(chance))
}

/// Calls until it works or [`next`] gives up, and returns the last outcome. `call` is told how many attempts failed
/// before it; `is_final` can forbid any further one; `chance` is asked once a wait.
pub async fn with_retries<T, Attempt>(
    settings: &RetrySettings,
    chance: impl Fn() -> f64,
    is_final: impl Fn() -> bool,
    mut call: impl FnMut(u32) -> Attempt,
) -> Result<T>
where
    Attempt: Future<Output = Result<T>>,
{
    let mut failed = 0;
    loop {
        let error = match call(failed).await {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        failed += 1;
        if is_final() {
            return Err(error);
        }
        match next(failed, &error, settings, chance()) {
            Some(wait) => {
                tracing::info!(%error, failed, ?wait, "a call is tried again");
                tokio::time::sleep(wait).await;
            }
            None => return Err(error),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::cell::Cell;

    use tokio::time::Instant;

    use super::*;
    use crate::error::{Kind, LimitedBy};

    const SECOND: Duration = Duration::from_secs(1);

    fn settings() -> RetrySettings {
        RetrySettings { max_attempts: 4, base_delay: SECOND, max_delay: 30 * SECOND }
    }

    fn status(status: u16) -> Error {
        Error::new(Kind::Provider, "it failed").upstream_status(status)
    }

    #[test]
    fn only_what_may_pass_is_asked_again() {
        for passing in [408, 409, 429, 500, 502, 503, 504, 529] {
            assert!(next(1, &status(passing), &settings(), 0.5).is_some(), "{passing}");
        }
        for lasting in [301, 400, 401, 403, 404, 413, 422] {
            assert_eq!(next(1, &status(lasting), &settings(), 0.5), None, "{lasting}");
        }
        assert!(next(1, &Error::new(Kind::Provider, "cut").transient(), &settings(), 0.5).is_some());
        assert_eq!(next(1, &Error::new(Kind::Provider, "no JSON"), &settings(), 0.5), None);
    }

    #[test]
    fn a_limit_of_our_own_is_not_waited_out() {
        let own = Error::new(Kind::RateLimit, "too many").limited_by(LimitedBy::Llmc).retry_after(SECOND);
        assert_eq!(next(1, &own, &settings(), 0.5), None);
    }

    #[test]
    fn the_ceiling_doubles_up_to_the_longest_wait() {
        let many = RetrySettings { max_attempts: u32::MAX, ..settings() };
        let ceilings: Vec<u64> =
            (1..=7).map(|failed| next(failed, &status(500), &many, 1.0).unwrap().as_secs()).collect();
        assert_eq!(ceilings, [1, 2, 4, 8, 16, 30, 30]);
        assert_eq!(next(u32::MAX - 1, &status(500), &many, 1.0), Some(30 * SECOND));
    }

    #[test]
    fn the_jitter_is_full() {
        assert_eq!(next(3, &status(500), &settings(), 0.0), Some(Duration::ZERO));
        assert_eq!(next(3, &status(500), &settings(), 0.5), Some(2 * SECOND));
        assert_eq!(next(3, &status(500), &settings(), f64::NAN), Some(Duration::ZERO));
    }

    #[test]
    fn a_retry_after_is_never_undercut_and_the_longest_wait_never_passed() {
        let wait = |seconds: u32, jitter| next(1, &status(429).retry_after(seconds * SECOND), &settings(), jitter);
        assert_eq!(wait(7, 0.0), Some(7 * SECOND));
        assert_eq!(wait(7, 1.0), Some(8 * SECOND));
        assert_eq!(wait(30, 1.0), Some(30 * SECOND));
        assert_eq!(wait(31, 0.0), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_recovers_is_made_until_it_does() {
        let start = Instant::now();

        let outcome = with_retries(
            &settings(),
            || 1.0,
            || false,
            async |failed| match failed {
                0 | 1 => Err(status(503)),
                _ => Ok(failed),
            },
        )
        .await;

        assert_eq!(outcome, Ok(2));
        assert_eq!(start.elapsed(), 3 * SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn the_last_error_is_told_when_attempts_run_out() {
        let calls = Cell::new(0);

        let outcome: Result<()> = with_retries(
            &settings(),
            || 0.0,
            || false,
            async |_| {
                calls.set(calls.get() + 1);
                Err(status(500 + calls.get()))
            },
        )
        .await;

        assert_eq!(outcome, Err(status(504)));
        assert_eq!(calls.get(), 4);
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_key_is_asked_once() {
        let calls = Cell::new(0);

        let outcome: Result<()> = with_retries(
            &settings(),
            || 0.0,
            || false,
            async |_| {
                calls.set(calls.get() + 1);
                Err(status(401))
            },
        )
        .await;

        assert!(outcome.is_err());
        assert_eq!(calls.get(), 1);
    }
}
