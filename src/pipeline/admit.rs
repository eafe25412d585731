//! Who may go on: the exact sliding windows of each class of request, and waiting in line for a place.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::{Clock, Timestamp};
use crate::config::settings::{RateLimitSettings, WhenStoreDown};
use crate::error::{Error, Kind, LimitedBy, Result};
use crate::store::memory::Memory;
use crate::store::{Admission, Limit, Store};

/// What a request costs the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// A call to a model.
    Llm,
    /// A read.
    Standard,
    /// A purge, an export, an import.
    Expensive,
}

impl Class {
    /// Every class, in the order they are shown.
    pub const ALL: [Class; 3] = [Class::Llm, Class::Standard, Class::Expensive];

    /// Its name in settings and answers.
    pub fn name(self) -> &'static str {
        match self {
            Class::Llm => "llm",
            Class::Standard => "standard",
            Class::Expensive => "expensive",
        }
    }

    /// Its limit under these settings.
    pub fn limit(self, rates: &RateLimitSettings) -> Limit {
        let count = match self {
            Class::Llm => rates.llm,
            Class::Standard => rates.standard,
            Class::Expensive => rates.expensive,
        };
        Limit { count, window: rates.window }
    }

    fn refusal(self) -> &'static str {
        match self {
            Class::Llm => "Too many LLM requests, please wait before trying again.",
            Class::Standard => "Too many requests, please wait before trying again.",
            Class::Expensive => "Too many expensive requests, please wait before trying again.",
        }
    }
}

/// How a caller stands with a limit; the `X-RateLimit-*` headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Admissions in any window.
    pub limit: Limit,
    /// Admissions left.
    pub remaining: u32,
    /// When the next place falls free.
    pub reset_at: Timestamp,
}

type Caller = (String, Class);

/// The limits of everybody on a store.
pub struct Limits {
    store: Arc<dyn Store>,
    /// Decides while the store cannot: each daemon then enforces the limit by itself.
    stand_in: Memory,
    clock: Arc<dyn Clock>,
    lines: Mutex<HashMap<Caller, Arc<tokio::sync::Mutex<()>>>>,
    last: Mutex<HashMap<Caller, Admission>>,
}

/// As good as for ever; no clock can hold the longest span that can be asked for.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Callers whose last decision is remembered for the headers of hits.
const REMEMBERED: usize = 4096;

impl Limits {
    /// Limits recorded in `store`.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Limits {
        Limits { store, stand_in: Memory::default(), clock, lines: Mutex::default(), last: Mutex::default() }
    }

    /// Takes a place, waiting in line for at most `wait`.
    pub async fn admit(
        &self,
        subject: &str,
        class: Class,
        rates: &RateLimitSettings,
        wait: Duration,
    ) -> Result<Standing> {
        let limit = class.limit(rates);
        let first = self.decide(subject, class, limit, rates.when_store_down).await?;
        if first.admitted {
            return Ok(standing(limit, first));
        }
        if wait.is_zero() || limit.count == 0 {
            return Err(self.refuse(class, limit, first));
        }
        let deadline = tokio::time::Instant::now() + wait.min(LONGEST_WAIT);
        let line = self.line(subject, class);
        // First come, first served: the lock is fair, and its holder is the only one who asks again.
        let Ok(_turn) = tokio::time::timeout_at(deadline, line.lock()).await else {
            return Err(self.refuse(class, limit, first));
        };
        loop {
            let decision = self.decide(subject, class, limit, rates.when_store_down).await?;
            if decision.admitted {
                return Ok(standing(limit, decision));
            }
            let pause = decision.reset_at.since(self.clock.now()).max(Duration::from_millis(1));
            if pause > deadline.saturating_duration_since(tokio::time::Instant::now()) {
                return Err(self.refuse(class, limit, decision));
            }
            tokio::time::sleep(pause).await;
        }
    }

    async fn decide(&self, subject: &str, class: Class, limit: Limit, when_down: WhenStoreDown) -> Result<Admission> {
        let now = self.clock.now();
        let whose = format!("{}:{subject}", class.name());
        let decision = match self.store.admit(whose.clone(), limit, now).await {
            Ok(decision) => decision,
            Err(error) => {
                tracing::warn!(%error, policy = ?when_down, "the limits cannot be looked up");
                match when_down {
                    WhenStoreDown::Local => self.stand_in.admit(whose, limit, now).await?,
                    WhenStoreDown::Allow => Admission { admitted: true, remaining: limit.count, reset_at: now },
                    WhenStoreDown::Deny => {
                        return Err(Error::new(Kind::Unreachable, "the limits cannot be looked up")
                            .because(error)
                            .hint("wait for the store, or set `when_store_down = \"local\"` under [rate_limit]"));
                    }
                }
            }
        };
        self.remember(subject, class, decision);
        Ok(decision)
    }

    fn remember(&self, subject: &str, class: Class, decision: Admission) {
        let mut last = lock(&self.last);
        if last.len() >= REMEMBERED {
            last.clear();
        }
        last.insert((subject.to_owned(), class), decision);
    }

    /// How a caller stands, from what this daemon decided last: exact while it is the only one, and never a look at
    /// the store on the way of a hit.
    pub fn last_standing(&self, subject: &str, class: Class, rates: &RateLimitSettings) -> Standing {
        let limit = class.limit(rates);
        let now = self.clock.now();
        match lock(&self.last).get(&(subject.to_owned(), class)) {
            Some(last) if last.reset_at > now => standing(limit, *last),
            Some(last) if last.remaining < limit.count => {
                Standing { limit, remaining: (last.remaining + 1).min(limit.count), reset_at: now }
            }
            _ => Standing { limit, remaining: limit.count, reset_at: now },
        }
    }

    /// What a caller is told who waits no longer.
    pub fn refusal(&self, subject: &str, class: Class, rates: &RateLimitSettings) -> Error {
        let Standing { limit, remaining, reset_at } = self.last_standing(subject, class, rates);
        self.refuse(class, limit, Admission { admitted: false, remaining, reset_at })
    }

    /// How a caller stands, from the store.
    pub async fn standing(&self, subject: &str, class: Class, rates: &RateLimitSettings) -> Result<Standing> {
        let limit = class.limit(rates);
        let whose = format!("{}:{subject}", class.name());
        let now = self.clock.now();
        let stands = match self.store.standing(whose.clone(), limit, now).await {
            Ok(stands) => stands,
            Err(error) => {
                tracing::warn!(%error, "the limits are kept by this daemon alone");
                self.stand_in.standing(whose, limit, now).await?
            }
        };
        Ok(standing(limit, stands))
    }

    fn refuse(&self, class: Class, limit: Limit, decision: Admission) -> Error {
        let wait = decision.reset_at.since(self.clock.now()).max(Duration::from_millis(1));
        let seconds = wait.as_millis().div_ceil(1000);
        let (name, count, window) = (class.name(), limit.count, humantime::format_duration(limit.window));
        // Only what asks a model has a flag to wait with.
        let patience = if class == Class::Llm { "ask with `--wait`" } else { "ask again then" };
        Error::new(Kind::RateLimit, class.refusal())
            .hint(format!(
                "the next place is free in {seconds} s: {patience}, or raise `rate_limit.{name}` (now {count} in {window})"
            ))
            .retry_after(wait)
            .limited_by(LimitedBy::Llmc)
    }

    fn line(&self, subject: &str, class: Class) -> Arc<tokio::sync::Mutex<()>> {
        let mut lines = lock(&self.lines);
        lines.retain(|_, line| Arc::strong_count(line) > 1);
        Arc::clone(lines.entry((subject.to_owned(), class)).or_default())
    }
}

fn standing(limit: Limit, decision: Admission) -> Standing {
    Standing { limit, remaining: decision.remaining, reset_at: decision.reset_at }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{FakeClock, SystemClock};

    fn rates(llm: u32, window: Duration) -> RateLimitSettings {
        RateLimitSettings { window, llm, ..RateLimitSettings::default() }
    }

    fn limits(clock: Arc<dyn Clock>) -> Limits {
        Limits::new(Arc::new(Memory::default()), clock)
    }

    #[tokio::test]
    async fn the_refusal_says_when_the_next_place_is_free() {
        let clock = Arc::new(FakeClock::at(Timestamp(1_000_000)));
        let limits = limits(clock.clone());
        let rates = rates(1, Duration::from_secs(60));
        limits.admit("me", Class::Llm, &rates, Duration::ZERO).await.unwrap();
        clock.advance(Duration::from_secs(48));

        let refusal = limits.admit("me", Class::Llm, &rates, Duration::ZERO).await.unwrap_err();

        assert_eq!(refusal.retry_after_value(), Some(Duration::from_secs(12)));
        assert_eq!(refusal.limited_by_value(), Some(LimitedBy::Llmc));
        assert_eq!(refusal.message(), "Too many LLM requests, please wait before trying again.");
    }

    #[tokio::test]
    async fn classes_and_callers_have_places_of_their_own() {
        let limits = limits(Arc::new(FakeClock::at(Timestamp(1_000_000))));
        let rates = rates(1, Duration::from_secs(60));
        limits.admit("me", Class::Llm, &rates, Duration::ZERO).await.unwrap();

        assert!(limits.admit("me", Class::Standard, &rates, Duration::ZERO).await.is_ok());
        assert!(limits.admit("you", Class::Llm, &rates, Duration::ZERO).await.is_ok());
        assert!(limits.admit("me", Class::Llm, &rates, Duration::ZERO).await.is_err());
    }

    #[tokio::test]
    async fn who_waits_gets_the_next_place() {
        let limits = limits(Arc::new(SystemClock));
        let rates = rates(1, Duration::from_millis(20));
        for _ in 0..5 {
            limits.admit("me", Class::Llm, &rates, Duration::from_secs(10)).await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_wait_that_cannot_be_met_is_refused_at_once() {
        let limits = limits(Arc::new(FakeClock::at(Timestamp(1_000_000))));
        let rates = rates(1, Duration::from_secs(3600));
        limits.admit("me", Class::Llm, &rates, Duration::ZERO).await.unwrap();

        let refusal = limits.admit("me", Class::Llm, &rates, Duration::from_secs(5)).await;

        assert_eq!(refusal.unwrap_err().kind(), Kind::RateLimit);
    }
}
