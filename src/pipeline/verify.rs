//! Whether what is kept can be served: an entry judged for itself, before anybody asks for it.

use super::long::beside_everybody;
use super::{Pipeline, entry, key, line};
use crate::error::Result;
use crate::exchange::Key;

impl Pipeline {
    /// Why an entry is never served; `None` where it is, or is gone meanwhile. Fails where the store does.
    pub async fn flaw(&self, key: &Key) -> Result<Option<&'static str>> {
        let sealed = self.store.get(key, self.clock.now()).await?;
        Ok(sealed.and_then(|sealed| beside_everybody(sealed.len(), || judged(key, &sealed))))
    }
}

/// What a look-up would find wrong, whatever it asks for.
fn judged(key: &Key, sealed: &[u8]) -> Option<&'static str> {
    let entry = match entry::open(sealed) {
        Ok(entry) => entry,
        Err(damage) => return Some(damage.describe()),
    };
    if line::key_of(&entry.material) != *key {
        return Some("its key is not that of its request");
    }
    match line::origin(&entry.material) {
        Err(_) => Some("its request cannot be read"),
        Ok(origin) if origin.version != key::VERSION => Some("its key is of another version"),
        Ok(_) => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::pipeline::entry::tests::entry;
    use crate::pipeline::line::tests::identified;

    #[test]
    fn an_entry_is_judged_by_its_seal_its_key_and_its_version() {
        let call = identified("hi");
        let sealed = entry::seal(&entry(&call.material, b"hello")).unwrap();
        assert_eq!(judged(&call.key, &sealed), None);

        let mut bent = sealed.to_vec();
        *bent.last_mut().unwrap() ^= 1;
        assert_eq!(judged(&call.key, &bent), Some("its checksum does not hold"));
        assert_eq!(judged(&call.key, b""), Some("it is not an entry"));
        assert_eq!(judged(&Key([1; 32]), &sealed), Some("its key is not that of its request"));

        let other = std::str::from_utf8(&call.material).unwrap().replace("\"version\":1}", "\"version\":9}");
        let sealed = entry::seal(&entry(other.as_bytes(), b"hello")).unwrap();
        assert_eq!(judged(&line::key_of(other.as_bytes()), &sealed), Some("its key is of another version"));
        let sealed = entry::seal(&entry(b"{}", b"hello")).unwrap();
        assert_eq!(judged(&line::key_of(b"{}"), &sealed), Some("its request cannot be read"));
    }
}
