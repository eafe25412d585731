//! The breaker before each provider: after five failed calls in a row it is left alone for a while, and whoever asks it
//! is told at once why, rather than made to wait for another failure. One at a time may then try it.
//!
//! The breaker before a shared store is another thing: it knows no clock, and is closed by whoever tends the store.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::judge;
use crate::clock::{Clock, Timestamp};
use crate::error::{Error, Kind, Result};
use crate::provider::registry::Provider;

/// Failed calls in a row, each with all its attempts, that open it.
const ENOUGH: u32 = 5;

/// How long a provider is left alone at first; twice as long each time it still fails.
const FIRST_PAUSE: Duration = Duration::from_secs(30);

/// The longest it is left alone, and how long a failure counts.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// Providers of one name may be at different places, as each asker's settings have it.
type Place = (String, String);

struct State {
    failures: u32,
    last: Timestamp,
    open: Option<Open>,
}

struct Open {
    until: Timestamp,
    pause: Duration,
    cause: Error,
    is_tried: bool,
}

/// A provider that is left alone.
#[derive(Clone, Debug, PartialEq)]
pub struct LeftAlone {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub base_url: String,
    /// Failed calls in a row.
    pub failures: u32,
    /// How much longer; zero where the next call tries it.
    pub left: Duration,
    /// The last failure.
    pub cause: Error,
}

/// The breakers of all providers; those of providers that answer take no place.
pub struct Breakers {
    clock: Arc<dyn Clock>,
    states: Mutex<BTreeMap<Place, State>>,
}

/// Leave to call a provider. Dropped without an outcome, it counts for nothing.
pub struct Leave<'a> {
    breakers: &'a Breakers,
    place: Option<Place>,
    is_trial: bool,
}

impl Breakers {
    /// All closed.
    pub fn new(clock: Arc<dyn Clock>) -> Breakers {
        Breakers { clock, states: Mutex::default() }
    }

    /// Leave to call a provider; the failure that keeps it closed where there is none. Who `insists` need not wait for the
    /// pause to end, only for whoever is trying now.
    pub fn leave_for(&self, provider: &Provider, insists: bool) -> Result<Leave<'_>> {
        if !provider.is_at_an_address() {
            return Ok(Leave { breakers: self, place: None, is_trial: false });
        }
        let place = (provider.name.clone(), provider.base_url.clone());
        let mut is_trial = false;
        if let Some(State { failures, open: Some(open), .. }) = self.states().get_mut(&place) {
            let left = open.until.since(self.clock.now());
            if open.is_tried || (!left.is_zero() && !insists) {
                return Err(refusal(&provider.name, *failures, left, &open.cause));
            }
            open.is_tried = true;
            is_trial = true;
        }
        Ok(Leave { breakers: self, place: Some(place), is_trial })
    }

    /// True where a provider is left alone now.
    pub fn is_left_alone(&self, provider: &Provider) -> bool {
        let place = (provider.name.clone(), provider.base_url.clone());
        self.states().get(&place).is_some_and(|state| state.open.is_some())
    }

    /// Who is left alone now.
    pub fn left_alone(&self) -> Vec<LeftAlone> {
        let now = self.clock.now();
        let states = self.states();
        let open = states.iter().filter_map(|((name, base_url), state)| {
            let open = state.open.as_ref()?;
            let (name, base_url) = (name.clone(), base_url.clone());
            let (left, cause) = (open.until.since(now), open.cause.clone());
            Some(LeftAlone { name, base_url, failures: state.failures, left, cause })
        });
        open.collect()
    }

    fn failed(&self, place: Place, is_trial: bool, error: &Error) {
        let now = self.clock.now();
        let mut states = self.states();
        let state = states.entry(place).or_insert(State { failures: 0, last: now, open: None });
        if state.open.is_none() && now.since(state.last) > LONGEST_PAUSE {
            state.failures = 0;
        }
        state.failures = state.failures.saturating_add(1);
        state.last = now;
        match &mut state.open {
            Some(open) if is_trial => {
                open.pause = (open.pause * 2).min(LONGEST_PAUSE);
                open.until = now.after(open.pause);
                open.cause = error.clone();
                open.is_tried = false;
            }
            // It began before the others had failed, and changes nothing.
            Some(_) => {}
            None if state.failures >= ENOUGH => {
                tracing::warn!(%error, failures = state.failures, "a provider is left alone for a while");
                let (until, pause) = (now.after(FIRST_PAUSE), FIRST_PAUSE);
                state.open = Some(Open { until, pause, cause: error.clone(), is_tried: false });
            }
            None => {}
        }
    }

    fn answered(&self, place: &Place) {
        if self.states().remove(place).is_some_and(|state| state.open.is_some()) {
            tracing::info!(provider = place.0, "a provider that was left alone answers again");
        }
    }

    fn states(&self) -> MutexGuard<'_, BTreeMap<Place, State>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Leave<'_> {
    /// Notes what came of the call. A refusal and a rate limit are answers, too.
    pub fn note<T>(mut self, outcome: &Result<T>) {
        let Some(place) = self.place.take() else { return };
        match outcome {
            Err(error) if error.kind() != Kind::RateLimit && judge::provider_is_down(error) => {
                self.breakers.failed(place, self.is_trial, error);
            }
            _ => self.breakers.answered(&place),
        }
    }
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        let Some(place) = self.place.take().filter(|_| self.is_trial) else { return };
        if let Some(State { open: Some(open), .. }) = self.breakers.states().get_mut(&place) {
            open.is_tried = false;
        }
    }
}

impl LeftAlone {
    /// In one sentence.
    pub fn sentence(&self) -> String {
        let pause = match seconds(self.left) {
            0 => "until the next call tries it".to_owned(),
            left => format!("for {left} s"),
        };
        format!("`{}` is left alone {pause}, after {} failures in a row: {}", self.name, self.failures, self.cause)
    }
}

fn seconds(left: Duration) -> u128 {
    left.as_millis().div_ceil(1000)
}

fn refusal(name: &str, failures: u32, left: Duration, cause: &Error) -> Error {
    // Somebody tries it now; that takes a moment.
    let left = left.max(Duration::from_secs(1));
    Error::new(cause.kind(), format!("`{name}` is left alone after {failures} failures in a row"))
        .because(cause)
        .hint(format!(
            "it is tried again in {} s; `--retries 0` tries it now, `--fallback MODEL` asks another",
            seconds(left)
        ))
        .retry_after(left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::FakeClock;
    use crate::config::settings::{ProviderSettings, Settings};
    use crate::provider::http::Client;
    use crate::provider::registry::Registry;

    struct Ward {
        clock: Arc<FakeClock>,
        breakers: Breakers,
        registry: Registry,
    }

    impl Ward {
        fn new() -> Ward {
            let clock = Arc::new(FakeClock::at(Timestamp(1_000_000)));
            let mut settings = Settings::default();
            let address = Some("http://127.0.0.1:9".to_owned());
            let local = ProviderSettings { base_url: address, ..ProviderSettings::of_kind("openai") };
            settings.providers.insert("local".to_owned(), local);
            let registry = Registry::new(&settings, &Client::new()).unwrap();
            Ward { breakers: Breakers::new(clock.clone()), clock, registry }
        }

        fn leave(&self, insists: bool) -> Result<Leave<'_>> {
            self.breakers.leave_for(self.registry.get("local").unwrap(), insists)
        }

        fn call(&self, outcome: Result<()>) {
            self.leave(false).unwrap().note(&outcome);
        }

        fn fail(&self, times: u32) {
            (0..times).for_each(|_| self.call(Err(down())));
        }

        fn after(&self, seconds: u64) -> &Ward {
            self.clock.advance(Duration::from_secs(seconds));
            self
        }
    }

    fn down() -> Error {
        Error::new(Kind::Provider, "`local` answered 503").upstream_status(503)
    }

    #[test]
    fn five_failures_in_a_row_open_it_and_four_do_not() {
        let ward = Ward::new();
        ward.fail(4);
        ward.call(Ok(()));
        ward.fail(4);
        assert!(ward.breakers.left_alone().is_empty());

        ward.fail(1);

        let refused = ward.leave(false).err().unwrap();
        assert_eq!((refused.kind(), refused.cause()), (Kind::Provider, Some("`local` answered 503")));
        assert_eq!(refused.retry_after_value(), Some(Duration::from_secs(30)));
        let words = "`local` is left alone for 30 s, after 5 failures in a row: `local` answered 503";
        assert_eq!(ward.breakers.left_alone()[0].sentence(), words);
    }

    #[test]
    fn one_at_a_time_tries_it_after_the_pause_and_a_success_closes_it() {
        let ward = Ward::new();
        ward.fail(5);
        assert!(ward.after(29).leave(false).is_err());

        let trial = ward.after(1).leave(false).unwrap();
        assert!(ward.leave(false).is_err());
        trial.note(&Ok(()));

        assert!(ward.leave(false).is_ok() && ward.leave(false).is_ok());
        assert!(ward.breakers.left_alone().is_empty());
    }

    #[test]
    fn each_failed_trial_doubles_the_pause_up_to_five_minutes() {
        let ward = Ward::new();
        ward.fail(5);

        for pause in [30, 60, 120, 240, 300, 300] {
            assert!(ward.after(pause - 1).leave(false).is_err(), "{pause}");
            ward.after(1).fail(1);
        }
    }

    #[test]
    fn a_trial_that_is_given_up_lets_the_next_one_try() {
        let ward = Ward::new();
        ward.fail(5);
        ward.after(30);

        drop(ward.leave(false).unwrap());

        assert!(ward.leave(false).is_ok());
    }

    #[test]
    fn who_insists_tries_at_once_and_nobody_else_meanwhile() {
        let ward = Ward::new();
        ward.fail(5);

        let trial = ward.leave(true).unwrap();

        assert!(ward.leave(true).is_err() && ward.leave(false).is_err());
        trial.note(&Ok(()));
        assert!(ward.leave(false).is_ok());
    }

    #[test]
    fn a_refusal_is_an_answer_and_old_failures_are_forgotten() {
        let ward = Ward::new();
        for error in [
            Error::new(Kind::Key, "x").upstream_status(401),
            Error::new(Kind::Provider, "x").upstream_status(400),
            Error::new(Kind::RateLimit, "x").upstream_status(429),
        ] {
            ward.fail(4);
            ward.call(Err(error));
        }
        ward.fail(4);
        ward.after(301).fail(4);

        assert!(ward.breakers.left_alone().is_empty());
    }

    #[test]
    fn who_began_before_it_opened_does_not_lengthen_the_pause() {
        let ward = Ward::new();
        let early = [ward.leave(false).unwrap(), ward.leave(false).unwrap()];
        ward.fail(5);

        early.into_iter().for_each(|leave| leave.note(&Err::<(), _>(down())));

        assert!(ward.after(30).leave(false).is_ok());
    }

    #[test]
    fn who_is_at_no_address_is_never_left_alone() {
        let ward = Ward::new();
        let echo = ward.registry.get("echo").unwrap();
        (0..9).for_each(|_| ward.breakers.leave_for(echo, false).unwrap().note(&Err::<(), _>(down())));
        assert!(ward.breakers.leave_for(echo, false).is_ok());
    }
}
