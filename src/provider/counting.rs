//! How vendors count a prompt before they answer it: what the question is, and what its answer says. Pure; one of them a
//! vendor, and most have none. Costs nothing but the way there and back.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::error::{Error, Kind, Result};

/// What an API says of counting.
pub trait Counting: Send + Sync {
    /// The path of the question below the base URL, with a slash before it.
    fn path(&self, model: &str) -> Cow<'static, str>;

    /// The body that asks for the tokens of this one. What the question does not take is left out.
    fn ask(&self, model: &str, body: &Map<String, Value>) -> Map<String, Value>;

    /// The prompt tokens that its answer tells.
    fn read(&self, answer: &[u8]) -> Result<u64>;
}

/// The number under a name, which is all that counts of such an answer.
pub(super) fn number(answer: &[u8], name: &str) -> Result<u64> {
    let broken = || Error::new(Kind::Provider, "the answer is no count of tokens");
    let answer: Value = serde_json::from_slice(answer).map_err(|error| broken().because(error))?;
    answer.get(name).and_then(Value::as_u64).ok_or_else(|| broken().because(format!("it has no number `{name}`")))
}
