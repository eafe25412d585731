//! What a store keeps, sealed: versioned and checksummed, and packed before it stays. Whatever cannot be opened is damage,
//! and never taken for something else.
//!
//! Layout: `LLMC`, one byte of version, the XXH3-64 of what follows (little endian), then an LZ4 block with its length
//! before it (u32, little endian).

use bytes::{BufMut, Bytes};
use xxhash_rust::xxh3::xxh3_64;

const MAGIC: &[u8; 4] = b"LLMC";
const VERSION: u8 = 1;
const HEADER: usize = 4 + 1 + 8;

/// Nothing sealed opens to more: a store's bytes are not trusted with the size of an allocation.
const LARGEST: usize = 512 << 20;

/// Why bytes cannot be opened.
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

/// Seals and packs. `None` where it is too large to be kept.
pub fn seal(plain: &[u8]) -> Option<Bytes> {
    if plain.len() > LARGEST {
        return None;
    }
    let block = lz4_flex::block::compress_prepend_size(plain);
    let mut sealed = Vec::with_capacity(HEADER + block.len());
    sealed.put_bytes(0, HEADER);
    sealed.put_slice(&block);
    Some(headed(sealed))
}

/// Seals what is to be [packed](pack) later: as quick as to copy it. `None` where it is too large to be kept.
pub fn seal_loosely(plain: &[u8]) -> Option<Bytes> {
    let length = u32::try_from(plain.len()).ok().filter(|_| plain.len() <= LARGEST)?;
    let mut sealed = Vec::with_capacity(HEADER + 4 + 2 + plain.len() / 255 + plain.len());
    sealed.put_bytes(0, HEADER);
    sealed.put_u32_le(length);
    // One sequence of nothing but literals (LZ4 Block Format Description, "Compressed block format").
    match plain.len().checked_sub(15) {
        None => sealed.push((plain.len() << 4) as u8),
        Some(beyond) => {
            sealed.push(15 << 4);
            sealed.put_bytes(255, beyond / 255);
            sealed.push((beyond % 255) as u8);
        }
    }
    sealed.put_slice(plain);
    Some(headed(sealed))
}

/// The same, packed. What is so already, or cannot be opened, stays as it is.
pub fn pack(sealed: &Bytes) -> Bytes {
    if !is_loose(sealed) {
        return sealed.clone();
    }
    let packed = open(sealed).ok().and_then(|plain| seal(&plain));
    packed.filter(|packed| packed.len() < sealed.len()).unwrap_or_else(|| sealed.clone())
}

/// True where what is sealed can stand in it as it is.
fn is_loose(sealed: &[u8]) -> bool {
    let block = sealed.get(HEADER..).unwrap_or_default();
    claimed(block).is_some_and(|claimed| block.len() > claimed)
}

/// The length that a block says it opens to.
fn claimed(block: &[u8]) -> Option<usize> {
    block.first_chunk().and_then(|size| usize::try_from(u32::from_le_bytes(*size)).ok())
}

/// What was sealed, or why it cannot be opened.
pub fn open(sealed: &[u8]) -> Result<Bytes, Damage> {
    let (header, block) = sealed.split_at_checked(HEADER).ok_or(Damage::Foreign)?;
    if !header.starts_with(MAGIC) {
        return Err(Damage::Foreign);
    }
    if header[4] != VERSION {
        return Err(Damage::UnknownVersion);
    }
    if header[5..] != xxh3_64(block).to_le_bytes() {
        return Err(Damage::Broken);
    }
    let claimed = claimed(block).filter(|size| *size <= LARGEST).ok_or(Damage::Broken)?;
    let plain = lz4_flex::block::decompress_size_prepended(block).map_err(|_| Damage::Broken)?;
    if plain.len() == claimed { Ok(plain.into()) } else { Err(Damage::Broken) }
}

/// Fills in the header, for which there is room.
fn headed(mut sealed: Vec<u8>) -> Bytes {
    let checksum = xxh3_64(&sealed[HEADER..]);
    let mut header = &mut sealed[..HEADER];
    header.put_slice(MAGIC);
    header.put_u8(VERSION);
    header.put_u64_le(checksum);
    sealed.into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_flipped_bit_anywhere_is_noticed() {
        for sealed in [seal, seal_loosely].map(|seal| seal(b"some answer, some answer, some answer").unwrap()) {
            for bit in 0..sealed.len() * 8 {
                let mut bytes = sealed.to_vec();
                bytes[bit / 8] ^= 1 << (bit % 8);
                assert!(open(&bytes).is_err(), "bit {bit}");
            }
        }
    }

    #[test]
    fn what_was_sealed_by_another_version_is_told_apart() {
        let mut bytes = seal(b"x").unwrap().to_vec();
        bytes[4] = 200;
        assert_eq!(open(&bytes), Err(Damage::UnknownVersion));
        assert_eq!(open(b"hello"), Err(Damage::Foreign));
    }

    #[test]
    fn a_length_that_lies_allocates_nothing() {
        let mut sealed = vec![0; HEADER];
        sealed.put_slice(&[0xff, 0xff, 0xff, 0xff, 0x00]);
        assert_eq!(open(&headed(sealed)), Err(Damage::Broken));
    }

    #[test]
    fn packing_makes_it_shorter_and_leaves_alone_what_cannot_be_opened() {
        let plain = b"word ".repeat(100);
        let loose = seal_loosely(&plain).unwrap();

        let packed = pack(&loose);

        assert_eq!(packed, seal(&plain).unwrap());
        assert!(packed.len() * 4 < loose.len());
        assert_eq!(pack(&packed).as_ptr(), packed.as_ptr());
        assert_eq!(pack(&Bytes::from_static(b"hello")), "hello");
    }

    #[test]
    fn every_length_of_literals_is_spelled_right() {
        for length in (0..600).chain([4094, 4095, 4096, 70_000]) {
            let plain: Vec<u8> = (0..length).map(|_| fastrand::u8(..)).collect();
            assert_eq!(open(&seal_loosely(&plain).unwrap()).unwrap(), plain, "{length}");
        }
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_the_same(plain in prop::collection::vec(any::<u8>(), 0..3000)) {
            for sealed in [seal(&plain).unwrap(), seal_loosely(&plain).unwrap()] {
                prop_assert_eq!(open(&sealed), Ok(Bytes::from(plain.clone())));
                prop_assert_eq!(open(&pack(&sealed)), Ok(Bytes::from(plain.clone())));
            }
        }

        #[test]
        fn any_bytes_open_or_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), is_sealed in any::<bool>()) {
            if is_sealed {
                let claimed = bytes.first_chunk().map(|size| u32::from_le_bytes(*size));
                if let Ok(plain) = open(&headed([vec![0; HEADER], bytes].concat())) {
                    prop_assert_eq!(u32::try_from(plain.len()).ok(), claimed);
                }
            } else {
                prop_assert!(open(&[MAGIC.as_slice(), &[VERSION], &bytes].concat()).is_err());
            }
        }
    }
}
