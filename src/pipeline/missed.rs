//! What runs asked for and had no answer to, where nothing may be called: told when a run ends, since whoever was refused
//! may have kept it to itself. Bounded, forgotten with the process.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::Error;
use crate::exchange::Key;

/// As many runs are remembered.
const RUNS: usize = 64;

/// Calls of one run that are told apart; of further ones each attempt counts.
const CALLS: usize = 1024;

/// Calls of one run that are described.
const DESCRIBED: usize = 5;

/// One that was missed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// `provider/model`
    pub model: String,
    /// Why: what is nearest, and where that differs.
    pub cause: String,
}

/// Those of one run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Misses {
    /// How many: a call that is tried again counts once.
    pub count: usize,
    /// The first few.
    pub first: Vec<Miss>,
}

#[derive(Default)]
struct Seen {
    run: String,
    calls: HashSet<Key>,
    count: usize,
    first: Vec<Miss>,
}

/// Those of all runs.
#[derive(Default)]
pub struct Missed(Mutex<VecDeque<Seen>>);

impl Missed {
    /// Notes that a run had no answer to a call, and why.
    pub fn note(&self, run: &str, call: Key, model: impl FnOnce() -> String, error: &Error) {
        if run.is_empty() {
            return;
        }
        let mut runs = self.runs();
        let at = runs.iter().position(|seen| seen.run == run).unwrap_or_else(|| {
            if runs.len() >= RUNS {
                runs.pop_front();
            }
            runs.push_back(Seen { run: run.to_owned(), ..Seen::default() });
            runs.len() - 1
        });
        let Some(seen) = runs.get_mut(at) else { return };
        if seen.calls.contains(&call) {
            return;
        }
        seen.count += 1;
        if seen.calls.len() < CALLS {
            seen.calls.insert(call);
        }
        if seen.first.len() < DESCRIBED {
            let cause = error.cause().map_or_else(|| error.message().to_owned(), ToString::to_string);
            seen.first.push(Miss { model: model(), cause });
        }
    }

    /// What a run has missed so far.
    pub fn of(&self, run: &str) -> Misses {
        let runs = self.runs();
        let seen = runs.iter().find(|seen| seen.run == run);
        seen.map_or_else(Misses::default, |seen| Misses { count: seen.count, first: seen.first.clone() })
    }

    /// Forgets a run, whose name is used anew.
    pub fn forget(&self, run: &str) {
        self.runs().retain(|seen| seen.run != run);
    }

    fn runs(&self) -> MutexGuard<'_, VecDeque<Seen>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    fn note(missed: &Missed, run: &str, call: u8) {
        let error = Error::new(Kind::ReplayMiss, "x").because("nothing is like it");
        missed.note(run, Key([call; 32]), || "echo/echo".to_owned(), &error);
    }

    #[test]
    fn a_call_that_is_tried_again_is_missed_once() {
        let missed = Missed::default();

        for call in [1, 1, 2, 1] {
            note(&missed, "r", call);
        }

        let told = missed.of("r");
        assert_eq!((told.count, told.first.len()), (2, 2));
        assert_eq!(told.first[0], Miss { model: "echo/echo".into(), cause: "nothing is like it".into() });
        assert_eq!(missed.of("s"), Misses::default());
    }

    #[test]
    fn memory_is_bounded_and_a_run_can_begin_anew() {
        let missed = Missed::default();

        for call in 0..=u8::MAX {
            note(&missed, "r", call);
            note(&missed, &call.to_string(), 0);
        }
        assert_eq!(missed.runs().len(), RUNS);
        assert_eq!(missed.of("255").count, 1);

        missed.forget("255");
        assert_eq!(missed.of("255").count, 0);
    }
}
