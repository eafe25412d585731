//! The pace of many calls that belong together: how many are in the air at once. It grows while the provider takes them
//! and halves when the provider says that they are too many (additive increase, multiplicative decrease).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::Instant;

use super::admit::Class;
use super::flight::Flight;
use super::{Exchange, Pipeline};
use crate::error::{Error, Kind, LimitedBy, Result};
use crate::store::Limit;

/// Calls at once in the beginning, at the least and at the most, where the asker does not say how many.
const FIRST: usize = 8;
const LEAST: usize = 1;
const MOST: usize = 64;

/// The longest rest a provider can ask of all.
const LONGEST_REST: Duration = Duration::from_secs(60);

/// How an exchange keeps to a pace.
#[derive(Clone)]
pub struct Paced {
    /// The pace it keeps to.
    pub pace: Arc<Pace>,
    /// Told when its call is let go, after all waiting for limits.
    pub departed: Option<Arc<Notify>>,
}

/// How many calls may be in the air at once.
pub struct Pace {
    places: Arc<Semaphore>,
    state: Mutex<State>,
    held_by: watch::Sender<Option<Limit>>,
    is_given_up: watch::Sender<bool>,
}

struct State {
    /// False where the asker said how many.
    adapts: bool,
    size: usize,
    /// Places that are taken away as soon as they fall free.
    owed: usize,
    /// Answers since it last grew.
    answers: usize,
    /// When it was last halved. What was sent before says nothing of the new pace.
    halved_at: Option<Instant>,
    rests_until: Option<Instant>,
}

/// A place among the calls in the air, free again when dropped.
pub struct Place {
    pace: Arc<Pace>,
    permit: Option<OwnedSemaphorePermit>,
}

impl Pace {
    /// A pace of so many calls at once; one that adapts where nobody says how many.
    pub fn new(fixed: Option<usize>) -> Arc<Pace> {
        let size = fixed.unwrap_or(FIRST).clamp(1, Semaphore::MAX_PERMITS);
        let state = State { adapts: fixed.is_none(), size, owed: 0, answers: 0, halved_at: None, rests_until: None };
        Arc::new(Pace {
            places: Arc::new(Semaphore::new(size)),
            state: Mutex::new(state),
            held_by: watch::Sender::new(None),
            is_given_up: watch::Sender::new(false),
        })
    }

    /// A place, first come, first served; `None` once all is given up.
    pub async fn enter(self: &Arc<Pace>) -> Option<Place> {
        let entered = async {
            let permit = Arc::clone(&self.places).acquire_owned().await.ok()?;
            let place = Place { pace: Arc::clone(self), permit: Some(permit) };
            loop {
                let rests_until = self.state().rests_until;
                match rests_until.filter(|until| *until > Instant::now()) {
                    Some(until) => tokio::time::sleep_until(until).await,
                    None => return Some(place),
                }
            }
        };
        tokio::select! {
            biased;
            () = self.given_up() => None,
            place = entered => place,
        }
    }

    /// Gives up what waits for a place or a limit. What is in the air is not touched.
    pub fn give_up(&self) {
        self.is_given_up.send_replace(true);
    }

    async fn given_up(&self) {
        // The sender lives in what is borrowed, so this only ever ends for the news.
        let _ = self.is_given_up.subscribe().wait_for(|is_given_up| *is_given_up).await;
    }

    /// The limit of llmc's own that has held a call back, when there first is one.
    pub fn held_by(&self) -> watch::Receiver<Option<Limit>> {
        self.held_by.subscribe()
    }

    /// How many calls there may be at once now.
    pub fn size(&self) -> usize {
        self.state().size
    }

    /// Notes how one attempt, sent at `sent`, went.
    pub(super) fn note<T>(&self, sent: Instant, outcome: &Result<T>) {
        match outcome {
            Err(error) if error.upstream_status_value() == Some(429) => self.slow_down(sent, error.retry_after_value()),
            Ok(_) => self.speed_up(),
            Err(_) => {}
        }
    }

    fn slow_down(&self, sent: Instant, rest: Option<Duration>) {
        let mut state = self.state();
        let now = Instant::now();
        if let Some(rest) = rest {
            let until = now + rest.min(LONGEST_REST);
            state.rests_until = Some(state.rests_until.map_or(until, |before| before.max(until)));
        }
        if !state.adapts || state.halved_at.is_some_and(|halved| sent < halved) {
            return;
        }
        let size = (state.size / 2).max(LEAST);
        let fewer = state.size - size;
        state.owed += fewer - self.places.forget_permits(fewer);
        state.size = size;
        state.answers = 0;
        state.halved_at = Some(now);
    }

    fn speed_up(&self) {
        let mut state = self.state();
        // It says nothing that the provider bears what was not asked of it.
        let is_in_use = self.places.available_permits() == 0 && self.held_by.borrow().is_none();
        if !state.adapts || state.size >= MOST || !is_in_use {
            return;
        }
        state.answers += 1;
        // Doubles with every round until it was too much once; then one more a round.
        if state.halved_at.is_none() || state.answers >= state.size {
            state.answers = 0;
            state.size += 1;
            match state.owed {
                0 => self.places.add_permits(1),
                _ => state.owed -= 1,
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.pace.state();
        if state.owed > 0 {
            state.owed -= 1;
            if let Some(permit) = self.permit.take() {
                permit.forget();
            }
        }
    }
}

const GIVEN_UP: &str = "the call was given up before it was made";

/// The error of a call that was given up before anything was paid.
pub fn given_up() -> Error {
    Error::new(Kind::Unreachable, GIVEN_UP).hint("what it was made for ended meanwhile: ask again")
}

/// True for a call that was given up by who led it; whoever joined it had better make it.
pub fn is_given_up(error: &Error) -> bool {
    error.message() == GIVEN_UP
}

impl Pipeline {
    /// Takes a place within the limits of calls, as patiently as the exchange says. One that keeps to a pace is told what
    /// holds it, and stops waiting where all is given up.
    pub(super) async fn admit_call(&self, exchange: &Exchange, flight: &Flight) -> Result<()> {
        let admit = |wait| self.limits.admit(&exchange.subject, Class::Llm, &exchange.rates, wait);
        match admit(Duration::ZERO).await {
            Err(error) if error.limited_by_value() == Some(LimitedBy::Llmc) && !exchange.wait.is_zero() => {
                // Who has joined this call and would wait no longer is not to be kept here.
                let _in_line = flight.wait_in_line();
                match &exchange.paced {
                    None => admit(exchange.wait).await?,
                    Some(paced) => {
                        let limit = Class::Llm.limit(&exchange.rates);
                        paced.pace.held_by.send_if_modified(|held| held.replace(limit).is_none());
                        tokio::select! {
                            biased;
                            () = paced.pace.given_up() => return Err(given_up()),
                            admitted = admit(exchange.wait) => admitted?,
                        }
                    }
                }
            }
            admitted => admitted?,
        };
        if let Some(departed) = exchange.paced.as_ref().and_then(|paced| paced.departed.as_ref()) {
            departed.notify_one();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused() -> Result<()> {
        Err(Error::new(Kind::RateLimit, "slow down").upstream_status(429))
    }

    async fn full(pace: &Arc<Pace>) -> Vec<Place> {
        let mut places = Vec::new();
        for _ in 0..pace.size() {
            places.push(pace.enter().await.unwrap());
        }
        places
    }

    #[tokio::test(start_paused = true)]
    async fn it_grows_while_all_goes_well_and_never_above_the_most() {
        let pace = Pace::new(None);
        let mut sizes = Vec::new();

        for _ in 0..5 {
            let mut places = full(&pace).await;
            for _ in 0..places.len() {
                pace.note(Instant::now(), &Ok(()));
                // The place that this made is taken at once.
                while pace.places.available_permits() > 0 {
                    places.push(pace.enter().await.unwrap());
                }
            }
            sizes.push(pace.size());
        }

        assert_eq!(sizes.first(), Some(&(2 * FIRST)));
        assert_eq!(sizes.last(), Some(&MOST));
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_halves_it_once_for_all_that_was_sent_before() {
        let pace = Pace::new(None);
        let places = full(&pace).await;
        let sent = Instant::now();
        tokio::time::advance(Duration::from_millis(1)).await;

        for _ in 0..5 {
            pace.note(sent, &refused());
        }

        assert_eq!(pace.size(), FIRST / 2);
        drop(places);
        assert_eq!(pace.places.available_permits(), FIRST / 2);
        for _ in 0..9 {
            pace.note(Instant::now(), &refused());
            tokio::time::advance(Duration::from_millis(1)).await;
        }
        assert_eq!(pace.size(), LEAST);
        assert_eq!(pace.places.available_permits(), LEAST);
    }

    #[tokio::test(start_paused = true)]
    async fn a_pace_that_was_asked_for_stays() {
        let pace = Pace::new(Some(3));
        let places = full(&pace).await;

        pace.note(Instant::now(), &Ok(()));
        pace.note(Instant::now(), &refused());

        assert_eq!(pace.size(), 3);
        drop(places);
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_goes_on_before_the_provider_wants_it() {
        let pace = Pace::new(Some(1));
        let rest = Duration::from_secs(7);
        let error = Error::new(Kind::RateLimit, "slow down").upstream_status(429).retry_after(rest);
        pace.note(Instant::now(), &Err::<(), _>(error));
        let asked = Instant::now();

        pace.enter().await.unwrap();

        assert_eq!(asked.elapsed(), rest);
    }

    #[tokio::test]
    async fn who_waits_is_told_when_all_is_given_up() {
        let pace = Pace::new(Some(1));
        let _place = pace.enter().await.unwrap();
        let waiting = {
            let pace = Arc::clone(&pace);
            tokio::spawn(async move { pace.enter().await.is_none() })
        };

        pace.give_up();

        assert!(waiting.await.unwrap());
    }
}
