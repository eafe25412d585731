//! What a call may use, before it is made: the prompt as its provider counted it, or as counted here, the answer as long as the request allows.

use super::Exchange;
use super::long::{LONG, beside_everybody};
use crate::error::Result;
use crate::exchange::{Operation, Usage};
use crate::provider::tokenizer;

/// The answer length assumed where the request sets none.
const ASSUMED_ANSWER_TOKENS: u64 = 1024;

/// The usage a call may have.
pub fn foreseen_usage(exchange: &Exchange) -> Result<Usage> {
    counting(exchange, || {
        let body = exchange.body_members()?;
        let settings = body.get("generationConfig").and_then(|settings| settings.as_object());
        let numbers = |names: &[&str]| -> Vec<u64> {
            let places = [Some(&body), settings].into_iter().flatten();
            places.flat_map(|place| names.iter().filter_map(|name| place.get(*name)?.as_u64())).collect()
        };
        let longest = ["max_completion_tokens", "max_tokens", "max_output_tokens", "maxOutputTokens"];
        let asked = match exchange.operation {
            // The answer is numbers, which cost nothing.
            Operation::Embeddings => Some(0),
            _ => numbers(&longest).first().copied(),
        };
        let answers = numbers(&["n", "best_of", "candidateCount"]).into_iter().max().unwrap_or(1);
        let estimate = || tokenizer::prompt_tokens(&exchange.model, exchange.operation, &body);
        Ok(Usage {
            input: exchange.counted.tokens().unwrap_or_else(estimate),
            output: asked.unwrap_or(ASSUMED_ANSWER_TOKENS).saturating_mul(answers.max(1)),
            ..Usage::default()
        })
    })
}

/// The usage of a call whose provider told none.
pub(super) fn estimated_usage(exchange: &Exchange, answer: &str) -> Usage {
    counting(exchange, || {
        let body = exchange.body_members().unwrap_or_default();
        Usage {
            input: tokenizer::prompt_tokens(&exchange.model, exchange.operation, &body),
            output: tokenizer::tokens(&exchange.model, answer),
            ..Usage::default()
        }
    })
}

/// Counts where nobody need wait for it, which is also where a tokenizer is loaded.
fn counting<T>(exchange: &Exchange, count: impl FnOnce() -> T) -> T {
    let is_quick = tokenizer::is_at_hand(&exchange.model);
    beside_everybody(if is_quick { exchange.body.len() } else { LONG }, count)
}
