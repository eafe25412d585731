//! The exact sliding window: from the newest admissions of a subject, whether one more fits. It reads no clock and keeps
//! nothing beyond the process; the stores see to that.

use std::collections::VecDeque;
use std::time::Duration;

use super::{Admission, Limit};
use crate::clock::Timestamp;

/// How long after its last admission has left the window a subject is forgotten.
pub const FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// A window that ends now, being filled from a log read newest first.
///
/// The log needs its newest `limit.count` times only: if the last of them is out of the window, so is all that is older.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    limit: Limit,
    now: Timestamp,
    taken: u32,
    oldest: Option<Timestamp>,
}

impl Window {
    /// An empty one.
    pub fn ending(now: Timestamp, limit: Limit) -> Window {
        Window { limit, now, taken: 0, oldest: None }
    }

    /// Takes in the next older admission. False once no older one can matter.
    pub fn see(&mut self, admitted_at: Timestamp) -> bool {
        if self.oldest.is_none() {
            // A clock set back would make old admissions look young for ever, and new ones look older than them.
            self.now = self.now.max(admitted_at);
        }
        if self.taken >= self.limit.count || self.now.since(admitted_at) >= self.limit.window {
            return false;
        }
        self.taken += 1;
        self.oldest = Some(admitted_at);
        true
    }

    /// The decision, without taking the place.
    pub fn standing(&self) -> Admission {
        let remaining = self.limit.count.saturating_sub(self.taken);
        Admission {
            admitted: remaining > 0,
            remaining,
            reset_at: self.oldest.map_or(self.now, |oldest| oldest.after(self.limit.window)),
        }
    }

    /// The decision, and the time to put into the log where it is a yes.
    pub fn admit(mut self) -> (Admission, Option<Timestamp>) {
        if !self.standing().admitted {
            return (self.standing(), None);
        }
        let at = self.now;
        self.taken += 1;
        self.oldest = self.oldest.or(Some(at));
        (Admission { admitted: true, ..self.standing() }, Some(at))
    }
}

/// A subject's admissions, newest first, as many as its limit counts.
#[derive(Clone, Debug, Default)]
pub struct Log {
    times: VecDeque<Timestamp>,
    /// When the newest of them leaves its window.
    over_at: Timestamp,
}

impl Log {
    /// One that was kept elsewhere, newest first, and the end of its newest window.
    pub fn of(times: VecDeque<Timestamp>, over_at: Timestamp) -> Log {
        Log { times, over_at }
    }

    /// Decides, and notes a yes: at which time it is noted.
    pub fn admit(&mut self, limit: Limit, now: Timestamp) -> (Admission, Option<Timestamp>) {
        let (admission, record) = fill(self.times.iter().copied(), limit, now).admit();
        if let Some(at) = record {
            self.times.push_front(at);
            self.times.truncate(kept(limit));
            self.over_at = at.after(limit.window);
        }
        (admission, record)
    }

    /// The same decision, noting nothing.
    pub fn standing(&self, limit: Limit, now: Timestamp) -> Admission {
        fill(self.times.iter().copied(), limit, now).standing()
    }

    /// True once nobody needs to remember it.
    pub fn is_forgotten(&self, now: Timestamp) -> bool {
        self.over_at.after(FORGOTTEN_AFTER) <= now
    }
}

/// Fills a window from a whole log.
fn fill(newest_first: impl IntoIterator<Item = Timestamp>, limit: Limit, now: Timestamp) -> Window {
    let mut window = Window::ending(now, limit);
    for admitted_at in newest_first {
        if !window.see(admitted_at) {
            break;
        }
    }
    window
}

/// How many times of a log are worth keeping under a limit.
fn kept(limit: Limit) -> usize {
    usize::try_from(limit.count).unwrap_or(usize::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn limit(count: u32, millis: u64) -> Limit {
        Limit { count, window: Duration::from_millis(millis) }
    }

    fn ask(log: &mut Log, limit: Limit, now: u64) -> Admission {
        log.admit(limit, Timestamp(now)).0
    }

    #[test]
    fn a_place_falls_free_exactly_when_the_window_has_passed() {
        let mut log = Log::default();
        let two = limit(2, 100);

        let answers: Vec<Admission> = [10, 50, 109, 110, 149, 150].map(|now| ask(&mut log, two, now)).to_vec();

        let admitted: Vec<bool> = answers.iter().map(|answer| answer.admitted).collect();
        assert_eq!(admitted, [true, true, false, true, false, true]);
        let left: Vec<u32> = answers.iter().map(|answer| answer.remaining).collect();
        assert_eq!(left, [1, 0, 0, 0, 0, 0]);
        let resets: Vec<u64> = answers.iter().map(|answer| answer.reset_at.0).collect();
        assert_eq!(resets, [110, 110, 110, 150, 150, 210]);
    }

    #[test]
    fn a_limit_of_none_admits_nobody() {
        let refused = fill([], limit(0, 100), Timestamp(5)).admit();

        assert_eq!(refused, (Admission { admitted: false, remaining: 0, reset_at: Timestamp(5) }, None));
    }

    #[test]
    fn standing_takes_no_place() {
        let window = fill([], limit(3, 100), Timestamp(5));

        assert_eq!(window.standing(), Admission { admitted: true, remaining: 3, reset_at: Timestamp(5) });
        assert_eq!(window.admit().0, Admission { admitted: true, remaining: 2, reset_at: Timestamp(105) });
    }

    #[test]
    fn time_that_runs_backwards_admits_nobody_early() {
        let mut log = Log::default();
        let one = limit(1, 100);

        assert!(ask(&mut log, one, 1_000).admitted);
        assert!(!ask(&mut log, one, 0).admitted);
        assert!(!ask(&mut log, one, 1_099).admitted);
        assert!(ask(&mut log, one, 1_100).admitted);
    }

    #[test]
    fn a_limit_that_was_lowered_counts_what_is_there() {
        let mut log = Log::default();
        for now in 0..5 {
            ask(&mut log, limit(5, 100), now);
        }

        let lowered = ask(&mut log, limit(2, 100), 50);

        assert_eq!(lowered, Admission { admitted: false, remaining: 0, reset_at: Timestamp(103) });
    }

    /// The most admissions in any half-open window that starts at one of them; no other window can hold more.
    fn fullest(admitted: &[u64], window: u64) -> usize {
        let in_window = |start: u64| admitted.iter().filter(|&&at| at >= start && at < start + window).count();
        admitted.iter().map(|&start| in_window(start)).max().unwrap_or(0)
    }

    proptest! {
        #[test]
        fn no_window_holds_more_than_the_limit(
            times in proptest::collection::vec(0u64..400, 0..200), count in 0u32..12, window in 1u64..120,
        ) {
            let mut log = Log::default();
            let mut admitted = Vec::new();
            for now in times {
                if ask(&mut log, limit(count, window), now).admitted {
                    // The time that counts: never below the newest before it.
                    admitted.push(now.max(admitted.last().copied().unwrap_or(0)));
                }
                prop_assert!(log.times.len() <= kept(limit(count, window)));
            }

            prop_assert!(fullest(&admitted, window) <= usize::try_from(count).unwrap());
        }

        #[test]
        fn nobody_is_refused_who_could_have_been_admitted(
            steps in proptest::collection::vec(0u64..40, 0..200), count in 0u32..12, window in 1u64..120,
        ) {
            let mut log = Log::default();
            let mut admitted: Vec<u64> = Vec::new();
            let mut now = 0;
            for step in steps {
                now += step;
                let inside = admitted.iter().filter(|&&at| now - at < window).count();
                let fits = inside < usize::try_from(count).unwrap();

                let answer = ask(&mut log, limit(count, window), now);

                prop_assert_eq!(answer.admitted, fits);
                let after = inside + usize::from(fits);
                prop_assert_eq!(usize::try_from(answer.remaining).unwrap(), usize::try_from(count).unwrap() - after);
                if fits {
                    admitted.push(now);
                }
            }
        }

        #[test]
        fn a_refused_caller_is_admitted_at_the_reset(
            steps in proptest::collection::vec(0u64..20, 1..100), count in 1u32..8, window in 1u64..120,
        ) {
            let mut log = Log::default();
            let mut now = 0;
            for step in steps {
                now += step;
                let answer = ask(&mut log, limit(count, window), now);
                if !answer.admitted {
                    let before = log.standing(limit(count, window), Timestamp(answer.reset_at.0 - 1));
                    prop_assert!(!before.admitted);
                    prop_assert!(log.standing(limit(count, window), answer.reset_at).admitted);
                }
            }
        }
    }
}
