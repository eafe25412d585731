//! The runs that have a door: the keys their programs cannot see, and what they may spend.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::access::Keys;
use crate::pipeline::budget::RunCeiling;

/// One door of a run.
struct Door {
    number: u64,
    keys: Keys,
    ceilings: Vec<RunCeiling>,
}

/// Runs by name.
#[derive(Clone, Default)]
pub struct Runs(Arc<Mutex<HashMap<String, Vec<Door>>>>);

/// A run for as long as it is held.
pub struct Guest {
    runs: Runs,
    run: String,
    number: u64,
}

impl Runs {
    /// Notes the keys of a run and what it may spend; two of one name may go on at once.
    pub fn begin(&self, run: String, keys: Keys, ceilings: Vec<RunCeiling>) -> Guest {
        let number = fastrand::u64(..);
        self.lock().entry(run.clone()).or_default().push(Door { number, keys, ceilings });
        Guest { runs: self.clone(), run, number }
    }

    /// True where no run goes on.
    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    /// The keys of a run that goes on, and what it may spend.
    pub fn terms(&self, run: &str) -> Option<(Keys, Vec<RunCeiling>)> {
        self.lock().get(run)?.last().map(|door| (door.keys.clone(), door.ceilings.clone()))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Vec<Door>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut runs = self.runs.lock();
        if let Some(guests) = runs.get_mut(&self.run) {
            guests.retain(|door| door.number != self.number);
            if guests.is_empty() {
                runs.remove(&self.run);
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::config::secret::Secret;
    use crate::pipeline::SentKey;

    #[test]
    fn keys_are_known_for_as_long_as_a_run_goes_on() {
        let runs = Runs::default();
        let keys = |key: &str| Keys::new([("openai".to_owned(), Secret::new(key))].into(), true);
        let first = runs.begin("r".to_owned(), keys("one"), Vec::new());
        let second = runs.begin("r".to_owned(), keys("two"), Vec::new());
        assert_eq!(runs.terms("r").unwrap().0.find("openai"), SentKey::Given(Secret::new("two")));

        drop(second);
        assert_eq!(runs.terms("r").unwrap().0.find("openai"), SentKey::Given(Secret::new("one")));
        drop(first);
        assert!(runs.terms("r").is_none());
    }
}
