//! The runs that have a door, and the keys their programs cannot see.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::access::Keys;

/// The doors of a run, each with its number and its keys.
type Doors = Vec<(u64, Keys)>;

/// Runs by name.
#[derive(Clone, Default)]
pub struct Runs(Arc<Mutex<HashMap<String, Doors>>>);

/// A run for as long as it is held.
pub struct Guest {
    runs: Runs,
    run: String,
    number: u64,
}

impl Runs {
    /// Notes the keys of a run; two of one name may go on at once.
    pub fn begin(&self, run: String, keys: Keys) -> Guest {
        let number = fastrand::u64(..);
        self.lock().entry(run.clone()).or_default().push((number, keys));
        Guest { runs: self.clone(), run, number }
    }

    /// The keys of a run that goes on.
    pub fn keys(&self, run: &str) -> Option<Keys> {
        self.lock().get(run)?.last().map(|(_, keys)| keys.clone())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Doors>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut runs = self.runs.lock();
        if let Some(guests) = runs.get_mut(&self.run) {
            guests.retain(|(number, _)| *number != self.number);
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
        let first = runs.begin("r".to_owned(), keys("one"));
        let second = runs.begin("r".to_owned(), keys("two"));
        assert_eq!(runs.keys("r").unwrap().find("openai"), SentKey::Given(Secret::new("two")));

        drop(second);
        assert_eq!(runs.keys("r").unwrap().find("openai"), SentKey::Given(Secret::new("one")));
        drop(first);
        assert!(runs.keys("r").is_none());
    }
}
