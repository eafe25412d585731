//! One call in the air for equal prompts: whoever asks first owns the call's place, the rest listen.
//!
//! A flight belongs to no asker. Listeners may come late (they get what has come, then the rest) and leave early.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use tokio::runtime::Handle;
use tokio::sync::watch;

use super::budget::Ceilings;
use super::pace;
use crate::error::{Error, Kind, LimitedBy};
use crate::exchange::{Entry, Form, Key};
use crate::money::Usd;
use crate::provider::retry;

/// Equal prompts paid with the same key share a flight: a refused key must not fail an asker with a good one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FlightId {
    /// The prompt.
    pub key: Key,
    /// A hash of the credential.
    pub payer: u64,
}

/// On whose account a call is made, and how hard it is tried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Whose limits it spends.
    pub subject: String,
    /// How long it waits for a place within them.
    pub wait: Duration,
    /// How often it is tried.
    pub attempts: u32,
    /// What it may cost at most.
    pub max_cost: Option<Usd>,
    /// What it may spend together with others.
    pub ceilings: Ceilings,
}

impl Terms {
    /// Whether a call that failed on these terms may work on those of somebody who joined it.
    pub fn are_worse_than(&self, others: &Terms, error: &Error) -> bool {
        if pace::is_given_up(error) {
            return true;
        }
        if error.kind() == Kind::Budget {
            return self.max_cost != others.max_cost || self.ceilings != others.ceilings;
        }
        if error.limited_by_value() == Some(LimitedBy::Llmc) {
            return self.subject != others.subject || self.wait < others.wait;
        }
        retry::is_worth_another(error) && self.attempts < others.attempts
    }
}

/// A whole answer, and whether it was kept.
#[derive(Clone, Debug)]
pub struct Landed {
    /// The answer.
    pub entry: Arc<Entry>,
    /// True where the next asker will find it.
    pub kept: bool,
    /// True where it was there already and no call was made.
    pub found: bool,
    /// What the asker should know of the keeping.
    pub warning: Option<String>,
    /// What it says, where that was read to weigh it.
    pub text: Option<Arc<str>>,
}

impl Landed {
    /// An answer that was called for, and kept where nothing else is said.
    pub fn called(entry: Arc<Entry>) -> Landed {
        Landed { entry, kept: true, found: false, warning: None, text: None }
    }

    /// An answer that was there already.
    pub fn found(entry: Arc<Entry>) -> Landed {
        Landed { found: true, ..Landed::called(entry) }
    }
}

/// What came of a call.
pub type Outcome = Result<Landed, Error>;

#[derive(Default)]
struct Recorded {
    form: Option<Form>,
    chunks: Vec<Bytes>,
    outcome: Option<Outcome>,
    /// True while the call waits for a place within its asker's limits.
    in_line: bool,
}

/// A call in the air.
pub struct Flight {
    terms: Terms,
    recorded: Mutex<Recorded>,
    news: watch::Sender<()>,
}

impl Flight {
    fn on(terms: Terms) -> Flight {
        Flight { terms, recorded: Mutex::default(), news: watch::Sender::new(()) }
    }

    /// On whose account it is.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    fn recorded(&self) -> MutexGuard<'_, Recorded> {
        self.recorded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Passes a piece of a stream on to all listeners. From now on the call is not retried.
    pub fn publish(&self, chunk: Bytes) {
        {
            let mut recorded = self.recorded();
            recorded.form = Some(Form::Stream);
            recorded.chunks.push(chunk);
        }
        self.news.send_replace(());
    }

    /// Says for as long as it is held that the call waits for a place within its asker's limits.
    pub fn wait_in_line(&self) -> InLine<'_> {
        self.recorded().in_line = true;
        self.news.send_replace(());
        InLine(self)
    }

    /// True once anything has been passed on.
    pub fn has_published(&self) -> bool {
        !self.recorded().chunks.is_empty()
    }

    /// Ends the flight.
    pub fn land(&self, outcome: Outcome) {
        self.recorded().outcome.get_or_insert(outcome);
        self.news.send_replace(());
    }

    /// Listens from the beginning.
    pub fn listen(self: &Arc<Flight>) -> Listener {
        Listener { news: self.news.subscribe(), flight: Arc::clone(self), next: 0, flying: None }
    }
}

/// A call that waits for a place.
pub struct InLine<'a>(&'a Flight);

impl Drop for InLine<'_> {
    fn drop(&mut self) {
        self.0.recorded().in_line = false;
        self.0.news.send_replace(());
    }
}

/// One asker's place at a flight.
pub struct Listener {
    flight: Arc<Flight>,
    news: watch::Receiver<()>,
    next: usize,
    flying: Option<Flying>,
}

/// A call being made, to its landing.
type Flying = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What a listener hears next.
#[derive(Debug)]
pub enum Heard {
    /// A piece of the stream.
    Chunk(Bytes),
    /// The end; nothing follows.
    End(Outcome),
}

impl Listener {
    /// What it listens to.
    pub fn flight(&self) -> &Flight {
        &self.flight
    }

    /// Returns once `longest` has passed and the call still waits for a place; never where it has one by then.
    pub fn out_of_patience(&self, longest: Duration) -> impl Future<Output = ()> + use<> {
        let (flight, mut news) = (Arc::clone(&self.flight), self.news.clone());
        async move {
            tokio::time::sleep(longest).await;
            loop {
                news.borrow_and_update();
                if flight.recorded().in_line {
                    return;
                }
                // The sender lives in the flight that is held here, so this only ever wakes for news.
                let _ = news.changed().await;
            }
        }
    }

    /// The next piece, or the end.
    pub async fn hear(&mut self) -> Heard {
        self.land().await;
        loop {
            self.news.borrow_and_update();
            {
                let recorded = self.flight.recorded();
                if let Some(chunk) = recorded.chunks.get(self.next) {
                    self.next += 1;
                    return Heard::Chunk(chunk.clone());
                }
                if let Some(outcome) = &recorded.outcome {
                    return Heard::End(outcome.clone());
                }
            }
            // The sender lives in the flight this listener holds, so this only ever wakes for news.
            let _ = self.news.changed().await;
        }
    }

    /// Makes the call while its outcome is waited for: one task for both, where there would be two that wait for each
    /// other. Whoever waits must do nothing else meanwhile, since others may listen. Where it leaves, the call goes on in a
    /// task of its own.
    pub fn fly(&mut self, flying: impl Future<Output = ()> + Send + 'static) {
        // A panic costs the call, which then lands in an error, and not whatever else the task does.
        self.flying = Some(Box::pin(AssertUnwindSafe(flying).catch_unwind().map(drop)));
    }

    /// Makes the call, where that is left to this listener.
    async fn land(&mut self) {
        if let Some(flying) = &mut self.flying {
            flying.await;
            self.flying = None;
        }
    }

    /// Waits for the end, passing over the pieces.
    pub async fn outcome(&mut self) -> Outcome {
        self.land().await;
        loop {
            self.news.borrow_and_update();
            if let Some(outcome) = self.flight.recorded().outcome.clone() {
                return outcome;
            }
            let _ = self.news.changed().await;
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // Without a runtime the process is ending, and the call with it.
        if let Some(flying) = self.flying.take()
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(flying);
        }
    }
}

/// The calls in the air.
#[derive(Default)]
pub struct Flights {
    air: Mutex<HashMap<FlightId, Arc<Flight>>>,
    landings: AtomicU64,
}

/// A place at a flight.
pub enum Place {
    /// The first to ask: must see to the call and land it.
    Leader(Departure),
    /// The call is already in the air.
    Follower(Listener),
}

impl Flights {
    /// Joins the flight of an equal prompt, or begins one on these terms.
    pub fn join(self: &Arc<Flights>, id: FlightId, terms: Terms) -> Place {
        let mut air = self.air();
        if let Some(flight) = air.get(&id) {
            return Place::Follower(flight.listen());
        }
        let flight = Arc::new(Flight::on(terms));
        air.insert(id, Arc::clone(&flight));
        Place::Leader(Departure { flight, lands_in: Some((Arc::clone(self), id)) })
    }

    /// A flight nobody else can join.
    pub fn alone(terms: Terms) -> Departure {
        Departure { flight: Arc::new(Flight::on(terms)), lands_in: None }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.air().len()
    }

    /// How many have landed; an asker that sees it unchanged has missed none.
    pub fn landings(&self) -> u64 {
        self.landings.load(Ordering::Acquire)
    }

    fn air(&self) -> MutexGuard<'_, HashMap<FlightId, Arc<Flight>>> {
        self.air.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The duty to land a flight. Dropped without landing (a panic, a shutdown), it lands in an error: nobody hangs.
pub struct Departure {
    flight: Arc<Flight>,
    lands_in: Option<(Arc<Flights>, FlightId)>,
}

impl Departure {
    /// The flight itself.
    pub fn flight(&self) -> &Arc<Flight> {
        &self.flight
    }

    /// Ends the flight for all listeners; new askers of the same prompt begin anew.
    pub fn land(self, outcome: Outcome) {
        self.leave_the_air();
        self.flight.land(outcome);
    }

    fn leave_the_air(&self) {
        if let Some((flights, id)) = &self.lands_in {
            let mut air = flights.air();
            if air.get(id).is_some_and(|flight| Arc::ptr_eq(flight, &self.flight)) {
                flights.landings.fetch_add(1, Ordering::Release);
                air.remove(id);
            }
        }
    }
}

impl Drop for Departure {
    fn drop(&mut self) {
        self.leave_the_air();
        let lost = Error::new(Kind::Unreachable, "the call was given up before it ended")
            .hint("the daemon stopped meanwhile: ask again");
        self.flight.land(Err(lost));
    }
}

#[cfg(test)]
mod tests;
