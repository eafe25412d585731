//! What a vendor's own clients expect of its API besides the answers: which headers go on to the vendor, and errors
//! in its shape. Pure; one of them a vendor.

use serde_json::Value;

use crate::error::Error;

/// One vendor's manners towards its clients.
pub struct Surface {
    /// The headers of a request that go on to the vendor.
    pub forwards: &'static [Forwards],
    /// The body of a refusal with this status, as the vendor would have worded it.
    pub refusal: fn(&Error, u16) -> Value,
    /// Where its models are listed, below the base URL: the cheapest thing to ask with a key.
    pub models_at: &'static str,
    /// Parameters of a query that do not go on: they say how the answer is to be told, or who asks.
    pub kept_back: &'static [&'static str],
}

/// A header that goes on to the vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forwards {
    /// Its name, in lower case.
    pub name: &'static str,
    /// Whether it changes the answer.
    pub weight: Weight,
}

/// Whether a header changes the answer, and so is part of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// It says who pays or who asks.
    None,
    /// It does.
    Full,
    /// It does, unless it says what is said where it is missing.
    Unless(&'static str),
}

impl Forwards {
    /// A header that changes nothing of the answer.
    pub const fn aside(name: &'static str) -> Forwards {
        Forwards { name, weight: Weight::None }
    }

    /// A header that changes the answer.
    pub const fn in_key(name: &'static str) -> Forwards {
        Forwards { name, weight: Weight::Full }
    }

    /// A header that changes the answer unless it has this value.
    pub const fn in_key_unless(name: &'static str, value: &'static str) -> Forwards {
        Forwards { name, weight: Weight::Unless(value) }
    }

    /// What of its value is part of the key: a list without its order, its repeats and its spaces.
    pub fn weighs(&self, value: &str) -> Option<String> {
        let mut items: Vec<&str> = value.split(',').map(str::trim).filter(|item| !item.is_empty()).collect();
        items.sort_unstable();
        items.dedup();
        let items = items.join(",");
        match self.weight {
            Weight::None => None,
            Weight::Unless(usual) if items == usual => None,
            Weight::Full | Weight::Unless(_) => (!items.is_empty()).then_some(items),
        }
    }
}

/// What failed, why, and what to do, in the one sentence that a vendor's clients show.
pub fn sentence(error: &Error) -> String {
    match error.hint_text() {
        Some(hint) => format!("llmc: {error}; {hint}"),
        None => format!("llmc: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_weighs_the_same_in_any_order() {
        let beta = Forwards::in_key("x-beta");

        assert_eq!(beta.weighs("b, a,b").as_deref(), Some("a,b"));
        assert_eq!(beta.weighs("a,b"), beta.weighs(" b ,a"));
        assert_eq!(beta.weighs(" , "), None);
    }

    #[test]
    fn what_is_said_where_nothing_is_said_weighs_nothing() {
        let version = Forwards::in_key_unless("x-version", "1");

        assert_eq!(version.weighs("1"), None);
        assert_eq!(version.weighs("2").as_deref(), Some("2"));
        assert_eq!(Forwards::aside("x-team").weighs("red"), None);
    }
}
