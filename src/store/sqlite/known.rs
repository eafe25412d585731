//! Which keys are surely not in the database: most that are looked up there are not, and need not be looked for.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use super::entries;
use crate::exchange::Key;

/// So many lookups in vain are borne before the keys are read: a command or two would not make up for it.
const BORNE: u64 = 64;

/// The fewest and the most entries a sieve is made for: 8 KiB and 64 MiB.
const FEWEST: u64 = 4 << 10;
const MOST: u64 = 32 << 20;

/// Bits for each entry, and those of them a key sets: one in two hundred keys that are not there passes a full sieve.
const BITS: u64 = 16;
const PROBES: usize = 3;

/// The keys in the database, read now and then and added to as entries are kept. Removed ones stay: they are sought in vain
/// until that happens often enough for the keys to be read again.
pub struct Known(Mutex<State>);

struct State {
    /// `None` until the keys were read for the first time, and once the store is closed.
    sieve: Option<Sieve>,
    /// How many entries the sieve has room for; where there is none, how many there were.
    entries: u64,
    /// What was kept since the keys began to be read; `None` while nobody reads them.
    meanwhile: Option<Vec<Key>>,
    /// The number of the last reading that began. Those before it are void.
    reading: u64,
    in_vain: u64,
}

impl Known {
    /// Of a database that holds so many entries.
    pub fn of(entries: u64) -> Known {
        let sieve = (entries == 0).then(|| Sieve::with_room_for(0));
        let entries = sieve.as_ref().map_or(entries, |sieve| sieve.room);
        Known(Mutex::new(State { sieve, entries, meanwhile: None, reading: 0, in_vain: 0 }))
    }

    /// True where nothing is in the database under this key; false where there may be.
    pub fn lacks(&self, key: &Key) -> bool {
        self.state().sieve.as_ref().is_some_and(|sieve| !sieve.may_hold(key))
    }

    /// Notes what was kept, before that is acknowledged: once it waits to be filed, or within the transaction that keeps it.
    /// Whoever reads the keys afterwards waits for either to be in the database.
    pub fn kept(&self, key: &Key) {
        let mut state = self.state();
        if let Some(sieve) = &mut state.sieve {
            sieve.add(key);
        }
        if let Some(meanwhile) = &mut state.meanwhile {
            meanwhile.push(*key);
        }
    }

    /// Notes that a key was not there, though it might have been.
    pub fn sought_in_vain(&self) {
        self.state().in_vain += 1;
    }

    /// Begins to read the keys, where it is time to.
    pub fn begin(self: &Arc<Known>) -> Option<Reading> {
        let mut state = self.state();
        // Reading the keys of 32 entries takes about as long as a lookup.
        if state.in_vain <= BORNE.saturating_add(state.entries / 32) {
            return None;
        }
        state.in_vain = 0;
        drop(state);
        Some(self.begin_at_once())
    }

    /// Begins to read them. Any reading that is not at its end is void.
    pub fn begin_at_once(self: &Arc<Known>) -> Reading {
        let mut state = self.state();
        state.meanwhile = Some(Vec::new());
        state.reading += 1;
        Reading { known: Arc::clone(self), number: state.reading }
    }

    /// Knows nothing any more.
    pub fn close(&self) {
        let mut state = self.state();
        state.sieve = None;
        state.meanwhile = None;
        state.reading += 1;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing stops half-way through a change.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The keys being read. Dropped where that came to nothing.
pub struct Reading {
    known: Arc<Known>,
    number: u64,
}

impl Reading {
    /// Takes what was read, with all that was kept by the time this reading began. A void one changes nothing.
    pub fn end(self, mut read: Sieve) {
        let mut state = self.known.state();
        if state.reading == self.number {
            state.meanwhile.take().unwrap_or_default().iter().for_each(|key| read.add(key));
            state.entries = read.room;
            state.sieve = Some(read);
        }
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        let mut state = self.known.state();
        if state.reading == self.number {
            state.meanwhile = None;
        }
    }
}

/// A Bloom filter. Keys are digests: any of their bits do for a hash.
pub struct Sieve {
    bits: Vec<u64>,
    room: u64,
}

impl Sieve {
    fn with_room_for(entries: u64) -> Sieve {
        let room = entries.saturating_mul(2).clamp(FEWEST, MOST).next_power_of_two();
        Sieve { bits: vec![0; usize::try_from(room * BITS / 64).unwrap_or(0)], room }
    }

    /// Of all the keys in the database.
    pub fn read(connection: &Connection) -> rusqlite::Result<Sieve> {
        let mut entries = entries::size(connection)?.entries;
        loop {
            let mut sieve = Sieve::with_room_for(entries);
            let mut count = 0;
            entries::every_key(connection, |key| {
                sieve.add(&key);
                count += 1;
            })?;
            // The sum may be wrong, where somebody else wrote it.
            if count <= sieve.room || sieve.room == MOST {
                return Ok(sieve);
            }
            entries = count;
        }
    }

    fn add(&mut self, key: &Key) {
        for (word, bit) in self.places(key) {
            self.bits[word] |= bit;
        }
    }

    fn may_hold(&self, key: &Key) -> bool {
        self.places(key).iter().all(|(word, bit)| self.bits[*word] & bit != 0)
    }

    fn places(&self, key: &Key) -> [(usize, u64); PROBES] {
        let mut places = [(0, 0); PROBES];
        for (place, bytes) in places.iter_mut().zip(key.0.as_chunks().0) {
            let hash = u64::from_le_bytes(*bytes);
            // As many words as a power of two: their number less one has all the bits of a word's place.
            let word = usize::try_from(hash >> 6).unwrap_or(usize::MAX) & (self.bits.len() - 1);
            *place = (word, 1 << (hash & 63));
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    fn key(number: u64) -> Key {
        Key(Sha256::digest(number.to_be_bytes()).into())
    }

    fn due(known: &Arc<Known>) -> Reading {
        (0..=BORNE + MOST)
            .find_map(|_| {
                known.sought_in_vain();
                known.begin()
            })
            .unwrap()
    }

    fn known(entries: u64) -> Arc<Known> {
        Arc::new(Known::of(entries))
    }

    #[test]
    fn what_was_kept_is_never_lacking_and_of_the_rest_few_are_sought() {
        let known = known(0);
        (0..FEWEST).for_each(|number| known.kept(&key(number)));

        assert!((0..FEWEST).all(|number| !known.lacks(&key(number))));
        let passed = (FEWEST..FEWEST + 10_000).filter(|number| !known.lacks(&key(*number))).count();
        assert!(passed < 100, "{passed} of 10,000 passed a full sieve");
    }

    #[test]
    fn until_the_keys_were_read_and_after_the_end_anything_may_be_there() {
        let known = known(1);

        assert!(!known.lacks(&key(1)));
        due(&known).end(Sieve::with_room_for(0));
        assert!(known.lacks(&key(1)));
        known.close();
        assert!(!known.lacks(&key(1)));
    }

    #[test]
    fn what_is_kept_while_the_keys_are_read_is_known() {
        let known = known(0);
        let reading = due(&known);
        known.kept(&key(1));
        reading.end(Sieve::with_room_for(0));

        assert!(!known.lacks(&key(1)));
    }

    #[test]
    fn a_reading_that_was_given_up_changes_nothing() {
        let known = known(0);
        drop(due(&known));
        known.kept(&key(1));

        assert!(known.state().meanwhile.is_none());
        assert!(!known.lacks(&key(1)));
        assert!(known.lacks(&key(2)));
    }

    #[test]
    fn a_void_reading_takes_nothing_from_the_one_that_began_after_it() {
        let known = known(1);
        let (void, given_up) = (due(&known), due(&known));
        let current = due(&known);
        known.kept(&key(1));
        void.end(Sieve::with_room_for(0));
        drop(given_up);
        assert!(!known.lacks(&key(2)));
        current.end(Sieve::with_room_for(0));

        assert!(!known.lacks(&key(1)));
        assert!(known.lacks(&key(2)));
    }

    #[test]
    fn the_keys_are_read_only_once_that_takes_less_than_was_sought_in_vain() {
        let known = known(3_200);
        (0..BORNE + 100).for_each(|_| known.sought_in_vain());

        assert!(known.begin().is_none());
        known.sought_in_vain();
        assert!(known.begin().is_some());
        assert!(known.begin().is_none());
    }

    #[test]
    fn a_sieve_has_an_end_whatever_the_database_claims_to_hold() {
        assert_eq!(Sieve::with_room_for(u64::MAX).room, MOST);
    }
}
