//! Housekeeping: what is pending reaches the store within a second, what is gone leaves it, calls in the air land.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::{Interval, MissedTickBehavior, interval};

use super::{Pipeline, ledger};

/// At most this much of the books is lost with the process.
const FLUSH_EVERY: Duration = Duration::from_millis(500);

/// How often what is gone or too much is removed.
const SWEEP_EVERY: Duration = Duration::from_secs(5);

fn every(period: Duration) -> Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

impl Pipeline {
    /// Keeps house until the task is aborted or dropped.
    pub async fn keep_house(self: Arc<Self>, max_bytes: u64) {
        // Apart: what the store has to catch up on and to tidy takes its time, and the books must not wait for it.
        tokio::join!(self.keep_books(), self.keep_up(), self.keep_tidy(max_bytes));
    }

    async fn keep_up(&self) {
        let mut ticks = every(FLUSH_EVERY);
        loop {
            ticks.tick().await;
            self.cache.keep_up().await;
            self.store.tend(self.clock.now()).await;
        }
    }

    async fn keep_books(&self) {
        let mut ticks = every(FLUSH_EVERY);
        loop {
            ticks.tick().await;
            self.flush().await;
        }
    }

    async fn keep_tidy(&self, max_bytes: u64) {
        let mut ticks = every(SWEEP_EVERY);
        // The first comes at once: a daemon that has just started has better to do.
        ticks.tick().await;
        loop {
            ticks.tick().await;
            self.sweep(max_bytes).await;
        }
    }

    /// Moves the cache's own failures into the books.
    fn note_failures(&self) {
        let failures = self.cache.store_failures.swap(0, Ordering::Relaxed);
        self.ledger.noticed(ledger::field::STORE_FAILURES, failures);
        self.ledger.noticed(ledger::field::DAMAGED, self.cache.damaged.swap(0, Ordering::Relaxed));
    }

    /// Writes what is pending to the store.
    pub async fn flush(&self) {
        self.note_failures();
        self.cache.flush_touches().await;
        if let Err(error) = self.budgets.flush().await {
            tracing::warn!(%error, "what calls cost waits to be settled");
        }
        if let Err(error) = self.ledger.flush().await {
            tracing::warn!(%error, "statistics wait to be written");
        }
    }

    /// Removes what is gone or too much.
    pub async fn sweep(&self, max_bytes: u64) {
        match self.store.sweep(self.clock.now(), max_bytes).await {
            Ok(swept) => self.ledger.noticed(ledger::field::EVICTIONS, swept.evicted),
            Err(error) => tracing::warn!(%error, "cannot sweep the store"),
        }
    }

    /// Waits for the calls in the air, at most `longest`; then everything pending is written. Tells how many calls
    /// were given up.
    pub async fn drain(&self, longest: Duration) -> usize {
        self.askers.close();
        self.tasks.close();
        // Who is still on its way may yet make a call.
        let landed = async {
            self.askers.wait().await;
            self.tasks.wait().await;
        };
        let in_time = tokio::time::timeout(longest, landed).await;
        self.flush().await;
        if in_time.is_ok() { 0 } else { self.tasks.len() }
    }
}
