//! Requests that hold several items, each with an answer of its own: how they come apart and go together again. Pure.

use crate::error::Result;

/// One item, as the request that asks for it alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The body of that request.
    pub body: Vec<u8>,
    /// Roughly its tokens, at least one: its part of what the whole costs.
    pub weight: u64,
}

/// What an API says of requests of several items.
pub trait Joint: Send + Sync {
    /// The items in their order; at least one. `None` where the body holds none, or none that can be told apart.
    fn split(&self, body: &[u8]) -> Option<Vec<Part>>;

    /// The body that asks for some of its items alone, by their places, and is otherwise as spelled.
    fn choose(&self, body: &[u8], places: &[usize]) -> Result<Vec<u8>>;

    /// The answer to each item from the answer to all, with its part of the usage by these weights. `None` where it does
    /// not answer each of them exactly once.
    fn divide(&self, answer: &[u8], weights: &[u64]) -> Option<Vec<Vec<u8>>>;

    /// The answer to all items from the answer to each, in order; at least one.
    fn merge(&self, answers: &[&[u8]]) -> Result<Vec<u8>>;
}
