//! Money in integers: how many tokens, what a token costs, what a call cost. Floats appear only where a person or JSON
//! reads the sum.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};

/// US dollars in billionths (nano-dollars), so that sums never drift.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Usd(pub i64);

impl Usd {
    /// Nothing at all.
    pub const ZERO: Usd = Usd(0);

    /// From a person's figure; `None` where it is no amount (negative, NaN, beyond nine billion).
    pub fn from_dollars(dollars: f64) -> Option<Usd> {
        let nanos = dollars * 1e9;
        (nanos.is_finite() && (0.0..9e18).contains(&nanos)).then_some(Usd(nanos.round() as i64))
    }

    /// Divided among weights, to the nano-dollar; the shares add up to it.
    pub fn divided(self, weights: &[u64]) -> Vec<Usd> {
        let nanos = u64::try_from(self.0).unwrap_or_default();
        shares(nanos, weights).into_iter().map(|share| Usd(i64::try_from(share).unwrap_or(i64::MAX))).collect()
    }

    /// For people and JSON.
    pub fn dollars(self) -> f64 {
        self.0 as f64 / 1e9
    }
}

impl Add for Usd {
    type Output = Usd;
    fn add(self, other: Usd) -> Usd {
        Usd(self.0.saturating_add(other.0))
    }
}

impl Sub for Usd {
    type Output = Usd;
    fn sub(self, other: Usd) -> Usd {
        Usd(self.0.saturating_sub(other.0))
    }
}

impl AddAssign for Usd {
    fn add_assign(&mut self, other: Usd) {
        *self = *self + other;
    }
}

impl Sum for Usd {
    fn sum<I: Iterator<Item = Usd>>(all: I) -> Usd {
        all.fold(Usd::ZERO, Add::add)
    }
}

/// Trillionths of a dollar a token: a list price of 0.15 dollars a million tokens is 150,000 of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct TokenPrice(pub u64);

impl TokenPrice {
    /// From a list price in dollars a million tokens; `None` where it is no price.
    pub fn from_dollars_per_million(dollars: f64) -> Option<TokenPrice> {
        let picos = dollars * 1e6;
        (picos.is_finite() && (0.0..1e15).contains(&picos)).then_some(TokenPrice(picos.round() as u64))
    }

    /// As the list price it came from.
    pub fn dollars_per_million(self) -> f64 {
        self.0 as f64 / 1e6
    }
}

/// Tokens of a call, in one convention for all vendors: `input` holds the cached and cache-written
/// tokens, `output` holds the reasoning tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// All prompt tokens.
    pub input: u64,
    /// All answer tokens.
    pub output: u64,
    /// Of the prompt tokens, those the provider had cached.
    #[serde(default)]
    pub cached_input: u64,
    /// Of the prompt tokens, those charged for writing to the provider's cache.
    #[serde(default)]
    pub cache_write: u64,
    /// Of the answer tokens, those spent on reasoning.
    #[serde(default)]
    pub reasoning: u64,
}

impl Usage {
    /// Prompt and answer together.
    pub fn total(&self) -> u64 {
        self.input.saturating_add(self.output)
    }

    /// Divided among weights; the shares add up to it.
    pub fn divided(&self, weights: &[u64]) -> Vec<Usage> {
        let kinds = [self.input, self.output, self.cached_input, self.cache_write, self.reasoning];
        let shared = kinds.map(|kind| shares(kind, weights));
        let share = |place: usize| {
            let [input, output, cached_input, cache_write, reasoning] =
                shared.each_ref().map(|shares| shares.get(place).copied().unwrap_or_default());
            Usage { input, output, cached_input, cache_write, reasoning }
        };
        (0..weights.len()).map(share).collect()
    }
}

impl Sum for Usage {
    fn sum<I: Iterator<Item = Usage>>(all: I) -> Usage {
        all.fold(Usage::default(), |sum, more| Usage {
            input: sum.input.saturating_add(more.input),
            output: sum.output.saturating_add(more.output),
            cached_input: sum.cached_input.saturating_add(more.cached_input),
            cache_write: sum.cache_write.saturating_add(more.cache_write),
            reasoning: sum.reasoning.saturating_add(more.reasoning),
        })
    }
}

/// Divides a sum among weights, in whole numbers that add up to it again. Weights of nothing at all count alike, and none
/// counts for more than four billion.
pub fn shares(sum: u64, weights: &[u64]) -> Vec<u64> {
    let is_nothing = weights.iter().all(|weight| *weight == 0);
    let weigh = |weight: &u64| if is_nothing { 1 } else { u128::from(*weight).min(u128::from(u32::MAX)) };
    let all: u128 = weights.iter().map(weigh).sum();
    let (mut passed, mut given) = (0, 0);
    let share = |weight: &u64| {
        passed += weigh(weight);
        // At most `sum`, as what has passed is at most all.
        let due = u64::try_from(u128::from(sum) * passed / all).unwrap_or(sum);
        let share = due - given;
        given = due;
        share
    };
    weights.iter().map(share).collect()
}

/// What a model charges. A kind of token without a price of its own costs what its parent kind does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Price {
    /// Prompt tokens.
    pub input: TokenPrice,
    /// Answer tokens.
    pub output: TokenPrice,
    /// Prompt tokens the provider had cached.
    pub cached_input: Option<TokenPrice>,
    /// Prompt tokens the provider charged for writing to its cache.
    pub cache_write: Option<TokenPrice>,
    /// Answer tokens spent on reasoning.
    pub reasoning_output: Option<TokenPrice>,
    /// Prices of a call whose prompt is longer than the tier's threshold.
    pub tier: Option<Tier>,
}

/// The dearer prices of a long prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier {
    /// Applies where the prompt has more tokens than this.
    pub above_tokens: u64,
    /// Prompt tokens, all of them.
    pub input: TokenPrice,
    /// Answer tokens.
    pub output: TokenPrice,
}

impl Price {
    /// What a call with this usage cost, rounded once to the nano-dollar.
    pub fn cost(&self, usage: &Usage) -> Usd {
        let (input, output) = match self.tier {
            Some(tier) if usage.input > tier.above_tokens => (tier.input, tier.output),
            _ => (self.input, self.output),
        };
        let cached = usage.cached_input.min(usage.input);
        let written = usage.cache_write.min(usage.input - cached);
        let reasoning = usage.reasoning.min(usage.output);
        let of = |tokens: u64, price: TokenPrice| u128::from(tokens) * u128::from(price.0);
        let picos = of(usage.input - cached - written, input)
            + of(cached, self.cached_input.unwrap_or(input))
            + of(written, self.cache_write.unwrap_or(input))
            + of(usage.output - reasoning, output)
            + of(reasoning, self.reasoning_output.unwrap_or(output));
        Usd(i64::try_from((picos + 500) / 1000).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(input: f64, output: f64) -> Price {
        Price {
            input: TokenPrice::from_dollars_per_million(input).unwrap(),
            output: TokenPrice::from_dollars_per_million(output).unwrap(),
            ..Price::default()
        }
    }

    #[test]
    fn a_million_tokens_cost_the_list_price() {
        let usage = Usage { input: 1_000_000, output: 1_000_000, ..Usage::default() };
        assert_eq!(price(0.15, 0.6).cost(&usage), Usd(750_000_000));
    }

    #[test]
    fn cached_written_and_reasoning_tokens_have_their_own_price_and_are_counted_once() {
        let dear = Price {
            cached_input: TokenPrice::from_dollars_per_million(1.0),
            cache_write: TokenPrice::from_dollars_per_million(5.0),
            reasoning_output: TokenPrice::from_dollars_per_million(8.0),
            ..price(4.0, 10.0)
        };
        let usage = Usage { input: 100, output: 50, cached_input: 40, cache_write: 10, reasoning: 20 };
        // 50 × 4 + 40 × 1 + 10 × 5 + 30 × 10 + 20 × 8 = 750 millionths
        assert_eq!(dear.cost(&usage), Usd(750_000));
    }

    #[test]
    fn a_long_prompt_pays_the_tier() {
        let tiered = Price {
            tier: Some(Tier {
                above_tokens: 200_000,
                input: TokenPrice::from_dollars_per_million(2.0).unwrap(),
                output: TokenPrice::from_dollars_per_million(3.0).unwrap(),
            }),
            ..price(1.0, 1.0)
        };
        let at = |input| tiered.cost(&Usage { input, output: 1_000_000, ..Usage::default() });
        assert_eq!(at(200_000), Usd(1_200_000_000));
        assert_eq!(at(200_001), Usd(3_400_002_000));
    }

    #[test]
    fn no_amount_is_made_of_a_number_that_is_none() {
        for wrong in [-1.0, f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(Usd::from_dollars(wrong), None);
            assert_eq!(TokenPrice::from_dollars_per_million(wrong), None);
        }
    }

    #[test]
    fn shares_add_up_to_what_was_divided() {
        assert_eq!(shares(10, &[1, 1, 1]), [3, 3, 4]);
        assert_eq!(shares(7, &[0, 0]), [3, 4]);
        assert_eq!(shares(5, &[2, 0, 3]), [2, 0, 3]);
        assert_eq!(
            shares(u64::MAX, &[u64::MAX, u64::MAX]).iter().map(|share| u128::from(*share)).sum::<u128>(),
            u128::from(u64::MAX)
        );
        assert!(shares(5, &[]).is_empty());
        assert_eq!(Usd(100).divided(&[1, 2]), [Usd(33), Usd(67)]);
        let usage = Usage { input: 11, cached_input: 3, ..Usage::default() };
        assert_eq!(usage.divided(&[5, 1, 9]).into_iter().sum::<Usage>(), usage);
    }
}
