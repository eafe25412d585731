//! An entry as bytes: versioned, checksummed, compressed. Whatever cannot be opened is a miss, never an answer.
//!
//! Layout: `LLMC`, one byte of version, the XXH3-64 of what follows (little endian), then an LZ4 block with its length
//! before it, which holds the facts (JSON), the material and the body, each after its length (u32, little endian).

use bytes::{Buf, Bytes};
use xxhash_rust::xxh3::xxh3_64;

use crate::exchange::{Entry, Facts};

const MAGIC: &[u8; 4] = b"LLMC";
const VERSION: u8 = 1;
const HEADER: usize = 4 + 1 + 8;

/// No sealed entry unpacks to more: a store's bytes are not trusted with the size of an allocation.
const LARGEST: usize = 512 << 20;

/// Why bytes are no entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// Not sealed by this program.
    Foreign,
    /// Sealed by a version that is not known here.
    UnknownVersion,
    /// The checksum or the structure does not hold.
    Broken,
}

impl Damage {
    /// For a warning.
    pub fn describe(self) -> &'static str {
        match self {
            Damage::Foreign => "it is not an entry",
            Damage::UnknownVersion => "it was written by another version of llmc",
            Damage::Broken => "its checksum does not hold",
        }
    }
}

/// Packs an entry. `None` where it is too large to be kept.
pub fn seal(entry: &Entry) -> Option<Bytes> {
    let facts = serde_json::to_vec(&entry.facts).ok()?;
    let mut plain = Vec::with_capacity(12 + facts.len() + entry.material.len() + entry.body.len());
    for part in [&facts[..], &entry.material, &entry.body] {
        plain.extend_from_slice(&u32::try_from(part.len()).ok()?.to_le_bytes());
        plain.extend_from_slice(part);
    }
    if plain.len() > LARGEST {
        return None;
    }
    let packed = lz4_flex::block::compress_prepend_size(&plain);
    let mut sealed = Vec::with_capacity(HEADER + packed.len());
    sealed.extend_from_slice(MAGIC);
    sealed.push(VERSION);
    sealed.extend_from_slice(&xxh3_64(&packed).to_le_bytes());
    sealed.extend_from_slice(&packed);
    Some(sealed.into())
}

/// Unpacks an entry, or says why not.
pub fn open(sealed: &[u8]) -> Result<Entry, Damage> {
    let (header, packed) = sealed.split_at_checked(HEADER).ok_or(Damage::Foreign)?;
    if !header.starts_with(MAGIC) {
        return Err(Damage::Foreign);
    }
    if header[4] != VERSION {
        return Err(Damage::UnknownVersion);
    }
    if header[5..] != xxh3_64(packed).to_le_bytes() {
        return Err(Damage::Broken);
    }
    let claimed = packed.first_chunk().map(|size| u32::from_le_bytes(*size)).ok_or(Damage::Broken)?;
    if usize::try_from(claimed).map_or(true, |size| size > LARGEST) {
        return Err(Damage::Broken);
    }
    let mut plain = Bytes::from(lz4_flex::block::decompress_size_prepended(packed).map_err(|_| Damage::Broken)?);
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

    #[test]
    fn a_flipped_bit_anywhere_is_noticed() {
        let sealed = seal(&entry(b"{\"a\":1}", b"some answer, some answer, some answer")).unwrap();
        for bit in 0..sealed.len() * 8 {
            let mut bytes = sealed.to_vec();
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(open(&bytes).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn an_entry_of_another_version_is_told_apart() {
        let mut bytes = seal(&entry(b"{}", b"x")).unwrap().to_vec();
        bytes[4] = 200;
        assert_eq!(open(&bytes), Err(Damage::UnknownVersion));
        assert_eq!(open(b"hello"), Err(Damage::Foreign));
    }

    #[test]
    fn a_length_that_lies_allocates_nothing() {
        let packed = [0xff, 0xff, 0xff, 0xff, 0x00];
        let mut bytes = MAGIC.to_vec();
        bytes.push(VERSION);
        bytes.extend_from_slice(&xxh3_64(&packed).to_le_bytes());
        bytes.extend_from_slice(&packed);
        assert_eq!(open(&bytes), Err(Damage::Broken));
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_the_same(material in prop::collection::vec(any::<u8>(), 0..300),
                                         body in prop::collection::vec(any::<u8>(), 0..3000)) {
            let entry = entry(&material, &body);
            prop_assert_eq!(open(&seal(&entry).unwrap()), Ok(entry));
        }

        #[test]
        fn any_bytes_open_or_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), sealed in any::<bool>()) {
            let mut all = MAGIC.to_vec();
            if sealed {
                all.push(VERSION);
                all.extend_from_slice(&xxh3_64(&bytes).to_le_bytes());
            }
            all.extend_from_slice(&bytes);
            prop_assert!(open(&all).is_err());
        }
    }
}
