//! Time as an argument: the wall clock the pipeline asks, and one that tests move by hand.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// Milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub u64);

impl Timestamp {
    /// This moment plus `span`.
    pub fn after(self, span: Duration) -> Timestamp {
        Timestamp(self.0.saturating_add(millis(span)))
    }

    /// This moment less `span`, not before the epoch.
    pub fn before(self, span: Duration) -> Timestamp {
        Timestamp(self.0.saturating_sub(millis(span)))
    }

    /// How long ago `earlier` was; zero where it lies ahead.
    pub fn since(self, earlier: Timestamp) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }

    /// Whole hours since the epoch, the grain of the statistics.
    pub fn hour(self) -> u32 {
        u32::try_from(self.0 / 3_600_000).unwrap_or(u32::MAX)
    }

    /// RFC 3339 in UTC, to the second.
    pub fn rfc3339(self) -> String {
        // The formatter stops at the year 9999.
        const LAST: u64 = 253_402_300_799_000;
        let time = UNIX_EPOCH + Duration::from_millis(self.0.min(LAST));
        humantime::format_rfc3339_seconds(time).to_string()
    }
}

/// A duration's whole milliseconds, saturating.
pub fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

/// The wall clock.
pub trait Clock: Send + Sync {
    /// This moment.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(millis(since_epoch))
    }
}

/// A clock that stands until a test moves it.
#[derive(Debug)]
pub struct FakeClock(AtomicU64);

impl FakeClock {
    /// Standing at `start`.
    pub fn at(start: Timestamp) -> FakeClock {
        FakeClock(AtomicU64::new(start.0))
    }

    /// Moves on by `span`.
    pub fn advance(&self, span: Duration) {
        self.0.fetch_add(millis(span), Ordering::SeqCst);
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}
