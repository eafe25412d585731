//! What happens, as it happens: an event for each request answered, and tallies since the process began. In memory only;
//! what is to outlast the process is the ledger's.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::broadcast;

use super::histogram;
use super::ledger::Account;
use crate::afterwards::afterwards;
use crate::clock::Timestamp;
use crate::error::Kind;
use crate::money::Usd;

/// What may wait for a slow listener; older events are lost to it.
const MOST_WAITING: usize = 1024;

/// So many providers are told apart; the settings of guests could name any number.
const MOST_PROVIDERS: usize = 64;

/// The name of those beyond.
const OTHERS: &str = "other";

/// So much of a prompt is shown, in characters.
const SHOWN_CHARS: usize = 80;

/// How a request came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Outcome {
    Hit,
    Miss,
    Coalesced,
    Stale,
    Refresh,
    Bypass,
    Passed,
    Limited,
    Failed,
}

impl Outcome {
    /// Every one, in the order of [`Tally::outcomes`].
    pub const ALL: [Outcome; 9] = [
        Outcome::Hit,
        Outcome::Miss,
        Outcome::Coalesced,
        Outcome::Stale,
        Outcome::Refresh,
        Outcome::Bypass,
        Outcome::Passed,
        Outcome::Limited,
        Outcome::Failed,
    ];

    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Hit => "hit",
            Outcome::Miss => "miss",
            Outcome::Coalesced => "coalesced",
            Outcome::Stale => "stale",
            Outcome::Refresh => "refresh",
            Outcome::Bypass => "bypass",
            Outcome::Passed => "passed",
            Outcome::Limited => "limited",
            Outcome::Failed => "failed",
        }
    }
}

/// One request, answered or not.
#[derive(Clone, Debug)]
pub struct Happening {
    /// When.
    pub at: Timestamp,
    /// Who asked for what, and under which name.
    pub account: Account,
    /// How it came out.
    pub outcome: Outcome,
    /// How long it took, where that is known.
    pub latency: Option<Duration>,
    /// What it cost; `None` where nobody knows.
    pub cost: Option<Usd>,
    /// What it did not cost, since it was kept.
    pub saved: Option<Usd>,
    /// How long its asker did not wait.
    pub saved_time: Duration,
    /// Tokens of prompt and answer.
    pub tokens: u64,
    /// How many of the like this stands for: the items of one call.
    pub times: u64,
    /// Why it failed.
    pub failed: Option<Kind>,
    /// The beginning of the prompt, where somebody listens for it.
    pub prompt: Option<String>,
}

/// Tallies of one provider.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// By outcome.
    pub outcomes: [u64; 9],
    /// What cached answers did not cost.
    pub saved: Usd,
    /// What calls cost.
    pub spent: Usd,
    /// Tokens of cached answers.
    pub saved_tokens: u64,
    /// Tokens of calls.
    pub spent_tokens: u64,
    /// How long askers did not wait.
    pub saved_time: Duration,
    /// Calls to models without a price.
    pub unpriced_calls: u64,
    /// Cached answers of models without one.
    pub unpriced_hits: u64,
}

impl Tally {
    fn add(&mut self, happening: &Happening) {
        let times = happening.times;
        let count = &mut self.outcomes[happening.outcome as usize];
        *count = count.saturating_add(times);
        match happening.outcome {
            Outcome::Hit | Outcome::Coalesced | Outcome::Stale => {
                self.saved = Usd(self.saved.0.saturating_add(happening.saved.unwrap_or_default().0));
                self.saved_tokens = self.saved_tokens.saturating_add(happening.tokens);
                self.saved_time = self.saved_time.saturating_add(happening.saved_time);
                self.unpriced_hits += u64::from(happening.saved.is_none());
            }
            Outcome::Miss | Outcome::Refresh | Outcome::Bypass => {
                self.spent = Usd(self.spent.0.saturating_add(happening.cost.unwrap_or_default().0));
                self.spent_tokens = self.spent_tokens.saturating_add(happening.tokens);
                self.unpriced_calls += u64::from(happening.cost.is_none());
            }
            Outcome::Passed | Outcome::Limited | Outcome::Failed => {}
        }
    }
}

/// Durations, counted.
#[derive(Clone, Debug, Default)]
pub struct Timings {
    /// In the buckets of [`histogram`].
    fine: BTreeMap<u32, u64>,
    /// By the bound they are within; the last has none.
    within: [u64; BOUNDS.len() + 1],
    /// All of them together.
    pub sum: Duration,
}

/// The bounds told to a monitor, in seconds: from a hit in memory to the longest call.
pub const BOUNDS: [f64; 18] = [
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0,
    300.0,
];

impl Timings {
    fn add(&mut self, took: Duration) {
        *self.fine.entry(histogram::bucket(took)).or_default() += 1;
        let place = BOUNDS.iter().position(|bound| took.as_secs_f64() <= *bound).unwrap_or(BOUNDS.len());
        self.within[place] += 1;
        self.sum = self.sum.saturating_add(took);
    }

    /// How many.
    pub fn count(&self) -> u64 {
        self.within.iter().sum()
    }

    /// How many lie within each bound and above the one before; the last bound is infinite.
    pub fn by_bound(&self) -> Vec<(f64, u64)> {
        BOUNDS.into_iter().chain([f64::INFINITY]).zip(self.within).collect()
    }

    /// The value below which a share of them lies, in milliseconds.
    pub fn percentile(&self, share: f64) -> Option<f64> {
        let counts: Vec<(u32, u64)> = self.fine.iter().map(|(bucket, count)| (*bucket, *count)).collect();
        histogram::percentile(&counts, share).map(|millis| (millis * 1e3).round() / 1e3)
    }
}

/// All that was counted since the process began.
#[derive(Clone, Debug, Default)]
pub struct Tallies {
    /// By provider.
    pub providers: BTreeMap<String, Tally>,
    /// How long answers from the cache took.
    pub hit: Timings,
    /// How long calls took.
    pub miss: Timings,
    /// How long the store took to look something up.
    pub store_get: Timings,
    /// How long it took to keep something.
    pub store_put: Timings,
}

impl Tallies {
    /// Those of all providers together.
    pub fn all(&self) -> Tally {
        let mut all = Tally::default();
        for tally in self.providers.values() {
            all.outcomes.iter_mut().zip(tally.outcomes).for_each(|(sum, count)| *sum += count);
            all.saved = Usd(all.saved.0.saturating_add(tally.saved.0));
            all.spent = Usd(all.spent.0.saturating_add(tally.spent.0));
            all.saved_tokens = all.saved_tokens.saturating_add(tally.saved_tokens);
            all.spent_tokens = all.spent_tokens.saturating_add(tally.spent_tokens);
            all.saved_time = all.saved_time.saturating_add(tally.saved_time);
            all.unpriced_calls += tally.unpriced_calls;
            all.unpriced_hits += tally.unpriced_hits;
        }
        all
    }
}

/// Tells listeners and counts.
pub struct Pulse {
    tallies: Mutex<Tallies>,
    events: broadcast::Sender<Arc<Happening>>,
    want_prompts: AtomicUsize,
}

impl Default for Pulse {
    fn default() -> Pulse {
        let events = broadcast::Sender::new(MOST_WAITING);
        Pulse { tallies: Mutex::default(), events, want_prompts: AtomicUsize::new(0) }
    }
}

/// Somebody who listens.
pub struct Audience {
    /// What happens from now on. Who is slow loses the oldest and is told how many.
    pub events: broadcast::Receiver<Arc<Happening>>,
    wants_prompts: Option<Arc<Pulse>>,
}

impl Drop for Audience {
    fn drop(&mut self) {
        if let Some(pulse) = &self.wants_prompts {
            pulse.want_prompts.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl Pulse {
    /// Counts a request, tells who listens, and writes it to the log, after the answer where it is at hand.
    pub fn note(&self, mut happening: Happening) {
        self.count(&happening);
        let (is_heard, is_logged) = (self.events.receiver_count() > 0, is_logged(&happening));
        if !(is_heard || is_logged) {
            return;
        }
        let body = std::mem::take(&mut happening.account.body);
        if is_heard && self.want_prompts.load(Ordering::Relaxed) > 0 {
            happening.prompt = beginning(&body);
        }
        let happening = Arc::new(happening);
        if is_heard {
            // Whoever listened may have left by now.
            let _ = self.events.send(Arc::clone(&happening));
        }
        if is_logged {
            let span = tracing::Span::current();
            afterwards(move || span.in_scope(|| log(&happening)));
        }
    }

    fn count(&self, happening: &Happening) {
        let mut tallies = self.tallies();
        match (happening.outcome, happening.latency) {
            (Outcome::Hit | Outcome::Stale, Some(took)) => tallies.hit.add(took),
            (Outcome::Miss | Outcome::Refresh | Outcome::Bypass, Some(took)) => tallies.miss.add(took),
            _ => {}
        }
        let name = happening.account.provider.as_str();
        if let Some(tally) = tallies.providers.get_mut(name) {
            return tally.add(happening);
        }
        let name = if tallies.providers.len() < MOST_PROVIDERS { name } else { OTHERS };
        tallies.providers.entry(name.to_owned()).or_default().add(happening);
    }

    /// Notes how long the store took to look something up.
    pub fn looked_up(&self, took: Duration) {
        self.tallies().store_get.add(took);
    }

    /// Notes how long the store took to keep something.
    pub fn kept(&self, took: Duration) {
        self.tallies().store_put.add(took);
    }

    /// What was counted so far.
    pub fn so_far(&self) -> Tallies {
        self.tallies().clone()
    }

    /// Listens from now on; with `prompts` also to what is asked.
    pub fn listen(self: &Arc<Self>, prompts: bool) -> Audience {
        if prompts {
            self.want_prompts.fetch_add(1, Ordering::Relaxed);
        }
        Audience { events: self.events.subscribe(), wants_prompts: prompts.then(|| Arc::clone(self)) }
    }

    fn tallies(&self) -> MutexGuard<'_, Tallies> {
        self.tallies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Hits are many and cost nothing.
fn is_logged(happening: &Happening) -> bool {
    happening.outcome != Outcome::Hit || tracing::enabled!(tracing::Level::DEBUG)
}

/// A line a request, without what was asked or what the vendor says about it.
fn log(happening: &Happening) {
    let Happening { account, outcome, latency, failed, .. } = happening;
    let (request, provider, model) = (&*account.request, &account.provider, &account.model);
    let (outcome, millis) = (outcome.name(), latency.map(|took| took.as_secs_f64() * 1e3));
    match failed {
        _ if happening.outcome == Outcome::Hit => {
            tracing::debug!(request, provider, model, outcome, millis, "answered");
        }
        Some(kind) => tracing::info!(request, provider, model, outcome, kind = kind.name(), "not answered"),
        None => tracing::info!(request, provider, model, outcome, millis, "answered"),
    }
}

/// The beginning of what was said last in a request of any vendor's.
fn beginning(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let said = ["messages", "contents", "input", "prompt"].iter().find_map(|name| body.get(name))?;
    let text = last_text(said)?;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SHOWN_CHARS).collect())
}

fn last_text(said: &Value) -> Option<&str> {
    match said {
        Value::String(text) => Some(text),
        Value::Array(several) => several.iter().rev().find_map(last_text),
        Value::Object(members) => {
            ["text", "content", "parts"].iter().find_map(|name| members.get(*name).and_then(last_text))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
