//! An entry as bytes, for a store. Whatever cannot be opened is a miss, never an answer.
//!
//! Layout, within a [seal](crate::store::sealed): the facts (JSON), the material and the body, each after its length (u32,
//! little endian).

use bytes::{Buf, Bytes};

use crate::exchange::{Entry, Facts};
use crate::store::sealed::{self, Damage};

/// Seals an entry. `None` where it is too large to be kept.
pub fn seal(entry: &Entry) -> Option<Bytes> {
    sealed::seal(&plain(entry)?)
}

/// Seals an entry for a store that [packs](crate::store::Store::packs) by itself.
pub fn seal_loosely(entry: &Entry) -> Option<Bytes> {
    sealed::seal_loosely(&plain(entry)?)
}

fn plain(entry: &Entry) -> Option<Vec<u8>> {
    let facts = serde_json::to_vec(&entry.facts).ok()?;
    let mut plain = Vec::with_capacity(12 + facts.len() + entry.material.len() + entry.body.len());
    for part in [&facts[..], &entry.material, &entry.body] {
        plain.extend_from_slice(&u32::try_from(part.len()).ok()?.to_le_bytes());
        plain.extend_from_slice(part);
    }
    Some(plain)
}

/// Opens an entry, or says why not.
pub fn open(sealed: &[u8]) -> Result<Entry, Damage> {
    let mut plain = sealed::open(sealed)?;
    let facts = take_part(&mut plain)?;
    let facts: Facts = serde_json::from_slice(&facts).map_err(|_| Damage::Broken)?;
    let material = take_part(&mut plain)?;
    let body = take_part(&mut plain)?;
    if plain.has_remaining() { Err(Damage::Broken) } else { Ok(Entry { material, body, facts }) }
}

fn take_part(plain: &mut Bytes) -> Result<Bytes, Damage> {
    let length = plain.try_get_u32_le().map_err(|_| Damage::Broken)?;
    let length = usize::try_from(length).map_err(|_| Damage::Broken)?;
    if length > plain.remaining() { Err(Damage::Broken) } else { Ok(plain.split_to(length)) }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::exchange::{Finish, Form, Usage};
    use crate::money::Usd;
    use proptest::prelude::*;
    use std::time::Duration;

    pub(crate) fn entry(material: &[u8], body: &[u8]) -> Entry {
        Entry {
            material: Bytes::copy_from_slice(material),
            body: Bytes::copy_from_slice(body),
            facts: Facts {
                form: Form::Plain,
                provider: "openai".into(),
                model: "gpt-4o".into(),
                namespace: "default".into(),
                usage: Usage { input: 12, output: 488, ..Usage::default() },
                usage_estimated: false,
                cost: Some(Usd(5_000)),
                finish: Finish::Stop,
                kept_at: Timestamp(1_000),
                ttl: Duration::from_secs(3600),
                grace: Duration::from_secs(86_400),
                latency: Duration::from_millis(2310),
            },
        }
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_the_same(material in prop::collection::vec(any::<u8>(), 0..300),
                                         body in prop::collection::vec(any::<u8>(), 0..3000)) {
            let entry = entry(&material, &body);
            prop_assert_eq!(open(&seal(&entry).unwrap()), Ok(entry.clone()));
            prop_assert_eq!(open(&seal_loosely(&entry).unwrap()), Ok(entry));
        }

        #[test]
        fn what_is_no_entry_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(open(&sealed::seal(&bytes).unwrap()), Err(Damage::Broken));
        }
    }
}
