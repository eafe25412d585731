//! What prompts would come to together, added up from what each of them would.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

use super::generate::DryRunReply;
use crate::exchange::CacheStatus;
use crate::money::Usd;

/// Sums over prompts that are not sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Forecast {
    /// Those that would cost nothing: their answer is kept, or that of an equal one will be.
    pub hits: u64,
    /// Those that would be called for.
    pub calls: u64,
    /// Prompt tokens of those.
    pub estimated_input_tokens: u64,
    /// Answer tokens, at most or by an assumption.
    pub estimated_output_tokens: u64,
    /// What they would cost, in dollars; null where every call is unpriced.
    pub estimated_cost: Option<f64>,
    /// Calls to models without a price.
    pub unpriced: u64,
    #[serde(skip)]
    cost: Usd,
    #[serde(skip)]
    keys: HashSet<u128>,
}

impl Default for Forecast {
    fn default() -> Forecast {
        Forecast {
            hits: 0,
            calls: 0,
            estimated_input_tokens: 0,
            estimated_output_tokens: 0,
            estimated_cost: Some(0.0),
            unpriced: 0,
            cost: Usd::ZERO,
            keys: HashSet::new(),
        }
    }
}

impl Forecast {
    /// Counts a prompt. One that is asked for twice is called once.
    pub fn add(&mut self, foreseen: &DryRunReply) {
        let mut is_new = || self.keys.insert(xxh3_128(foreseen.cache_key.as_bytes()));
        let shares = foreseen.cache_status == CacheStatus::Miss;
        if foreseen.cache_status.is_cached() || (shares && !is_new()) {
            self.hits += 1;
            return;
        }
        self.calls += 1;
        self.estimated_input_tokens = self.estimated_input_tokens.saturating_add(foreseen.estimated_input_tokens);
        self.estimated_output_tokens = self.estimated_output_tokens.saturating_add(foreseen.estimated_output_tokens);
        match foreseen.estimated_cost.and_then(Usd::from_dollars) {
            Some(cost) => self.cost += cost,
            None => self.unpriced += 1,
        }
        self.estimated_cost = (self.unpriced < self.calls).then(|| self.cost.dollars());
    }
}
