//! What a filter means, decided without a store: the range of keys a prefix spans, and whether an entry matches.

use std::ops::RangeInclusive;

use super::{Filter, Listing};
use crate::exchange::Key;

impl Filter {
    /// The one entry of a key.
    pub(crate) fn of(key: &Key) -> Filter {
        Filter { key_prefix: Some(key.to_string()), ..Filter::default() }
    }

    /// The keys the prefix spans; `None` where no key can match, as with a prefix that is not hexadecimal.
    pub(crate) fn keys(&self) -> Option<RangeInclusive<Key>> {
        let prefix = self.key_prefix.as_deref().unwrap_or_default();
        if prefix.len() > 64 || !prefix.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let first = Key::from_hex(&format!("{prefix:0<64}"))?;
        let last = Key::from_hex(&format!("{prefix:f<64}"))?;
        Some(first..=last)
    }

    /// Whether an entry of these columns is meant, its key aside.
    pub(crate) fn means(&self, entry: &Listing) -> bool {
        let is = |wanted: &Option<String>, value: &str| wanted.as_deref().is_none_or(|wanted| wanted == value);
        is(&self.provider, &entry.provider)
            && is(&self.model, &entry.model)
            && is(&self.namespace, &entry.namespace)
            && self.kept_before.is_none_or(|moment| entry.kept_at <= moment)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn keys(prefix: &str) -> Option<RangeInclusive<Key>> {
        Filter { key_prefix: Some(prefix.to_owned()), ..Filter::default() }.keys()
    }

    #[test]
    fn a_prefix_spans_the_keys_that_start_with_it() {
        let range = keys("aBc").unwrap();

        assert!(range.start().to_string().starts_with("abc000"));
        assert!(range.end().to_string().starts_with("abcfff"));
    }

    #[test]
    fn a_whole_key_spans_itself() {
        let whole = "7".repeat(64);

        let range = keys(&whole).unwrap();

        assert_eq!(range.start(), range.end());
    }

    #[test]
    fn no_key_starts_with_what_is_not_hexadecimal_or_too_long() {
        for wrong in ["x", "ab-", "é", &"0".repeat(65)] {
            assert_eq!(keys(wrong), None);
        }
    }
}
