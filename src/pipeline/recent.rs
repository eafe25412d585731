//! What was kept last, so that a miss can say how near it was to a hit. Bounded, forgotten with the process, and never
//! asked on the way of a hit.

use std::borrow::Borrow;
use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use xxhash_rust::xxh3::xxh3_64;

use super::differ::{Difference, first_difference};
use super::key::Fingerprint;
use super::parts;
use crate::exchange::Key;

/// As many calls are remembered.
const MOST: usize = 64;

/// Materials longer than this are not: to read them on each miss would take longer than it tells.
const LONGEST: usize = 32 << 10;

/// Digits of a key that a person needs to find it.
const SHOWN: usize = 12;

struct Seen {
    key: Key,
    material: Bytes,
    says: Says,
}

/// What a call says. Told apart by one number where it can be: most are of another.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Says {
    hash: u64,
    members: Vec<Member>,
}

impl Says {
    fn of(members: Vec<Member>) -> Says {
        let mut hasher = DefaultHasher::new();
        members.hash(&mut hasher);
        Says { hash: hasher.finish(), members }
    }
}

/// A member of a body, hashed: name and value.
type Member = (u64, u64);

/// The calls that were kept last.
#[derive(Default)]
pub struct Recent(Mutex<VecDeque<Seen>>);

impl Recent {
    /// Remembers a call whose answer was kept.
    pub fn remember(&self, fingerprint: &Fingerprint) {
        let Some(says) = said(&fingerprint.material) else { return };
        let mut seen = self.seen();
        seen.retain(|known| known.key != fingerprint.key);
        if seen.len() >= MOST {
            seen.pop_front();
        }
        seen.push_back(Seen { key: fingerprint.key, material: fingerprint.material.clone(), says });
    }

    /// What differs between a call and the nearest one that was kept, and the beginning of that one's key. `None` where
    /// none was like it at all.
    pub fn why_missed(&self, fingerprint: &Fingerprint) -> Option<String> {
        let own = self.seen().iter().rev().find(|known| known.key == fingerprint.key).map(|known| known.says.clone());
        let says = own.or_else(|| said(&fingerprint.material))?;
        let (key, material) = {
            let seen = self.seen();
            // The latest of several that are as near.
            let others = seen.iter().rev().filter(|known| known.key != fingerprint.key);
            let found = others.map(|known| (&known.says, known));
            let known = most_alike(&says, found)?;
            (known.key, known.material.clone())
        };
        let difference = difference(&material, fingerprint)?;
        Some(format!("{difference} differs from {}", &key.to_string()[..SHOWN]))
    }

    fn seen(&self) -> MutexGuard<'_, VecDeque<Seen>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Of some calls the nearest to one that is wanted, and the first difference of the two. `None` where none is like it.
pub fn nearest<'a>(wanted: &Fingerprint, calls: impl Iterator<Item = (Key, &'a Bytes)>) -> Option<(Key, Difference)> {
    let says = said(&wanted.material)?;
    let found = calls.filter_map(|(key, material)| Some((said(material)?, (key, material))));
    let (key, material) = most_alike(&says, found)?;
    Some((key, difference(material, wanted)?))
}

/// The first of those that are least apart from a call that says this. `None` where none is like it: of two that share
/// no more than half of what they say, nobody would call one the other.
fn most_alike<S: Borrow<Says>, T>(wanted: &Says, calls: impl Iterator<Item = (S, T)>) -> Option<T> {
    let mut least: Option<(usize, T)> = None;
    for (says, one) in calls {
        let says = says.borrow();
        let nearer = match &least {
            // Mostly the first is one member apart: then only the same members are nearer.
            Some((1, _)) => (says == wanted).then_some(0),
            Some((least, _)) => Some(apart(says, wanted)).filter(|apart| apart < least),
            None => Some(apart(says, wanted)),
        };
        least = nearer.map(|apart| (apart, one)).or(least);
    }
    let (apart, nearest) = least?;
    (apart * 2 <= wanted.members.len()).then_some(nearest)
}

/// How many members two calls do not share.
fn apart(known: &Says, wanted: &Says) -> usize {
    let (known, wanted) = (&known.members, &wanted.members);
    // Both are in canonical order, so that what they share mostly stands at the same place.
    let is_shared = |(place, member): &(usize, &Member)| wanted.get(*place) == Some(*member) || wanted.contains(member);
    known.len().max(wanted.len()) - known.iter().enumerate().filter(is_shared).count()
}

fn difference(known: &[u8], wanted: &Fingerprint) -> Option<Difference> {
    first_difference(std::str::from_utf8(known).ok()?, std::str::from_utf8(&wanted.material).ok()?)
}

/// What a material says. `None` where it is too long to be looked at.
fn said(material: &[u8]) -> Option<Says> {
    let text = Some(material).filter(|material| material.len() <= LONGEST)?;
    Some(Says::of(members(std::str::from_utf8(text).ok()?)?))
}

/// The members of a material and of the body in it, hashed.
fn members(text: &str) -> Option<Vec<Member>> {
    let mut hashed = Vec::with_capacity(16);
    let mut note = |name: &str, value: &str| hashed.push((xxh3_64(name.as_bytes()), xxh3_64(value.as_bytes())));
    let mut body = Some(());
    parts::each_member(text, |(name, value)| match name {
        "\"body\"" => body = parts::each_member(value, |(name, value)| note(name, value)),
        // The same for nearly everybody: what they share makes nobody near.
        "\"kind\"" | "\"sample\"" | "\"version\"" => {}
        // A member of the body may have the same name.
        name => note(&name[1..], value),
    })?;
    body.map(|()| hashed)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::exchange::Operation;
    use crate::pipeline::key::{Identity, fingerprint};

    fn identity(body: &[u8]) -> Identity<'_> {
        Identity {
            namespace: "default",
            kind: "openai",
            base_url: "http://h/v1",
            operation: Operation::ChatCompletions,
            model: None,
            body,
            headers: &[],
            query: "",
            sample: 0,
        }
    }

    fn call(body: &str) -> Fingerprint {
        fingerprint(&identity(body.as_bytes())).unwrap()
    }

    #[test]
    fn the_nearest_is_found_and_the_first_difference_named() {
        let recent = Recent::default();
        let near = call(r#"{"model":"m","messages":[{"role":"user","content":"hi"}],"temperature":0.5}"#);
        recent.remember(&call(r#"{"model":"other","messages":[],"n":1,"seed":5}"#));
        recent.remember(&near);

        let why =
            recent.why_missed(&call(r#"{"model":"m","messages":[{"role":"user","content":"hi"}],"temperature":0.7}"#));

        assert_eq!(why.unwrap(), format!("temperature differs from {}", &near.key.to_string()[..12]));
    }

    #[test]
    fn the_same_but_for_its_sample_is_nearer_than_a_later_one_that_says_something_else() {
        let recent = Recent::default();
        let body = br#"{"model":"m","messages":[{"role":"user","content":"hi"}]}"#;
        recent.remember(&call(std::str::from_utf8(body).unwrap()));
        recent.remember(&call(r#"{"model":"m","messages":[{"role":"user","content":"ho"}]}"#));

        let why = recent.why_missed(&fingerprint(&Identity { sample: 1, ..identity(body) }).unwrap());

        assert!(why.unwrap().starts_with("sample differs from "));
    }

    #[test]
    fn what_is_nothing_alike_explains_nothing() {
        let recent = Recent::default();
        assert_eq!(recent.why_missed(&call("{}")), None);
        recent.remember(&call(r#"{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7}"#));

        assert_eq!(recent.why_missed(&call(r#"{"q":1,"r":2,"s":3,"t":4,"u":5,"v":6,"w":7}"#)), None);
    }

    proptest! {
        #[test]
        fn the_most_alike_is_the_first_that_is_least_apart(
            says in anything_said(), calls in prop::collection::vec(anything_said(), 0..12),
        ) {
            let found = most_alike(&says, calls.iter().zip(0..));

            let nearest = (0..).zip(&calls).min_by_key(|(_, known)| apart(known, &says));
            let alike = nearest.filter(|(_, known)| apart(known, &says) * 2 <= says.members.len());
            prop_assert_eq!(found, alike.map(|(number, _)| number));
        }
    }

    /// Names are unique and in order, as in canonical text.
    fn anything_said() -> impl Strategy<Value = Says> {
        let members = prop::collection::btree_map(0_u64..5, 0_u64..2, 1..5);
        members.prop_map(|members| Says::of(members.into_iter().collect()))
    }

    #[test]
    fn no_more_is_remembered_than_was_meant() {
        let recent = Recent::default();
        for number in 0..MOST + 10 {
            recent.remember(&call(&format!("{{\"n\":{number}}}")));
        }
        recent.remember(&call(&format!("{{\"n\":\"{}\"}}", "x".repeat(LONGEST))));

        assert_eq!(recent.seen().len(), MOST);
    }
}
