//! Counters as statistics: sums, rates, grades and percentiles. Pure.

use std::collections::BTreeMap;

use crate::api::stats::{DaySums, Group, Latencies, Percentiles, Totals, Trend, hit_rate};
use crate::clock::Timestamp;
use crate::error::{Error, Kind, Result};
use crate::money::Usd;
use crate::pipeline::histogram;
use crate::pipeline::ledger::field;
use crate::store::{Count, Slot};

/// What statistics can be grouped by.
pub const GROUPINGS: [&str; 6] = ["model", "provider", "namespace", "day", "hour", "run"];

/// How far back the trend looks.
pub const TREND_HOURS: u32 = 48;

/// Sums of named counters.
#[derive(Default)]
pub struct Sums(BTreeMap<String, i64>);

impl Sums {
    /// Adds one counter.
    pub fn add(&mut self, count: &Count) {
        let sum = self.0.entry(count.field.clone()).or_default();
        *sum = sum.saturating_add(count.by);
    }

    /// One counter, never below zero.
    pub fn of(&self, field: &str) -> u64 {
        self.0.get(field).copied().map_or(0, |sum| u64::try_from(sum).unwrap_or(0))
    }

    fn dollars(&self, field: &str) -> f64 {
        Usd(self.0.get(field).copied().unwrap_or(0)).dollars()
    }

    fn percentiles(&self, start: &str) -> Percentiles {
        let mut buckets: Vec<(u32, u64)> = self
            .0
            .range(start.to_owned()..)
            .take_while(|(name, _)| name.starts_with(start))
            .filter_map(|(name, count)| Some((name[start.len()..].parse().ok()?, u64::try_from(*count).ok()?)))
            .collect();
        buckets.sort_unstable();
        let at = |share| histogram::percentile(&buckets, share).map(|millis| (millis * 1e3).round() / 1e3);
        Percentiles { p50: at(0.5), p99: at(0.99) }
    }

    /// The statistics they amount to.
    pub fn totals(&self) -> Totals {
        let (hits, misses) = (self.of(field::HITS), self.of(field::MISSES));
        let rate = hit_rate(hits, misses);
        let saved = self.dollars(field::SAVED);
        Totals {
            hits,
            misses,
            hit_rate: rate,
            estimated_savings: format!("${saved:.2}"),
            saved_usd: saved,
            spent_usd: self.dollars(field::SPENT),
            baseline_usd: self.dollars(field::BASELINE),
            grade: rate.map(|rate| grade(rate).to_owned()),
            coalesced: self.of(field::COALESCED),
            stale: self.of(field::STALE),
            refreshed: self.of(field::REFRESHED),
            bypassed: self.of(field::BYPASSED),
            passed: self.of(field::PASSED),
            rate_limited: self.of(field::RATE_LIMITED),
            errors: self.of(field::ERRORS),
            saved_tokens: self.of(field::SAVED_TOKENS),
            spent_tokens: self.of(field::SPENT_TOKENS),
            saved_seconds: self.of(field::SAVED_MILLIS) as f64 / 1e3,
            unpriced_hits: self.of(field::UNPRICED_HITS),
            unpriced_calls: self.of(field::UNPRICED_CALLS),
            latency_ms: Latencies {
                hit: self.percentiles(field::HIT_LATENCY),
                miss: self.percentiles(field::CALL_LATENCY),
            },
        }
    }
}

/// The last 24 hours, `this_hour` among them, and the 24 before.
pub fn trend(counts: &[Count], this_hour: u32) -> Trend {
    let day = |from: u32, to: u32| {
        let mut sums = Sums::default();
        let age = |count: &&Count| this_hour.checked_sub(count.slot.hour);
        counts
            .iter()
            .filter(|count| age(count).is_some_and(|age| (from..to).contains(&age)))
            .for_each(|count| sums.add(count));
        DaySums {
            hit_rate: hit_rate(sums.of(field::HITS), sums.of(field::MISSES)),
            saved_usd: sums.dollars(field::SAVED),
            spent_usd: sums.dollars(field::SPENT),
        }
    };
    Trend { last_day: day(0, TREND_HOURS / 2), day_before: day(TREND_HOURS / 2, TREND_HOURS) }
}

fn grade(rate: f64) -> &'static str {
    match rate {
        rate if rate > 60.0 => "good",
        rate if rate >= 30.0 => "ok",
        _ => "review",
    }
}

/// When an hour began, told to so many characters.
fn beginning(slot: &Slot, length: usize) -> String {
    Timestamp(u64::from(slot.hour) * 3_600_000).rfc3339()[..length].to_owned()
}

/// The same counters in groups, ordered by name.
pub fn groups(counts: &[Count], by: &str) -> Result<Vec<Group>> {
    let name: fn(&Slot) -> String = match by {
        "model" => |slot| format!("{}/{}", slot.provider, slot.model),
        "provider" => |slot| slot.provider.clone(),
        "namespace" => |slot| slot.namespace.clone(),
        "day" => |slot| beginning(slot, "2026-01-01".len()),
        "hour" => |slot| beginning(slot, "2026-01-01T00".len()),
        "run" => |slot| slot.run.clone(),
        other => {
            return Err(Error::new(Kind::Usage, format!("cannot group by `{other}`"))
                .hint(format!("one of {}", GROUPINGS.join(", "))));
        }
    };
    let mut sums: BTreeMap<String, Sums> = BTreeMap::new();
    // Counters without a provider are the house's own and belong to no group.
    for count in counts.iter().filter(|count| !count.slot.provider.is_empty()) {
        sums.entry(name(&count.slot)).or_default().add(count);
    }
    Ok(sums.into_iter().map(|(name, sums)| Group { name, totals: sums.totals() }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(model: &str, field: &str, by: i64) -> Count {
        let slot = Slot { hour: 24, provider: "openai".into(), model: model.into(), ..Slot::default() };
        Count { slot, field: field.into(), by }
    }

    fn totals(counts: &[Count]) -> Totals {
        let mut sums = Sums::default();
        counts.iter().for_each(|count| sums.add(count));
        sums.totals()
    }

    #[test]
    fn the_original_services_example_holds() {
        let shown = totals(&[
            count("gpt-4o", field::HITS, 150),
            count("gpt-4o", field::MISSES, 50),
            count("gpt-4o", field::SAVED, 1_500_000_000),
        ]);

        assert_eq!((shown.hits, shown.misses, shown.hit_rate), (150, 50, Some(75.0)));
        assert_eq!(shown.estimated_savings, "$1.50");
        assert_eq!(shown.grade.as_deref(), Some("good"));
    }

    #[test]
    fn nothing_of_nothing_is_no_rate() {
        assert_eq!(totals(&[]).hit_rate, None);
        assert_eq!(totals(&[]).grade, None);
    }

    #[test]
    fn grades_have_their_bounds() {
        assert_eq!([60.1, 60.0, 30.0, 29.9].map(grade), ["good", "ok", "ok", "review"]);
        assert_eq!(hit_rate(1, 2), Some(33.3));
    }

    #[test]
    fn a_day_is_compared_with_the_one_before() {
        let at = |hour, field: &str, by| {
            let mut count = count("a", field, by);
            count.slot.hour = hour;
            count
        };
        let counts = [
            at(100, field::HITS, 3),
            at(77, field::MISSES, 1),
            at(76, field::MISSES, 1),
            at(53, field::HITS, 1),
            at(53, field::SAVED, 2_000_000_000),
            at(52, field::HITS, 100),
        ];

        let Trend { last_day, day_before } = trend(&counts, 100);

        assert_eq!((last_day.hit_rate, last_day.saved_usd), (Some(75.0), 0.0));
        assert_eq!((day_before.hit_rate, day_before.saved_usd), (Some(50.0), 2.0));
    }

    #[test]
    fn groups_are_by_what_was_asked() {
        let counts = [count("a", field::HITS, 1), count("b", field::HITS, 2), count("b", field::HITS, 3)];

        let by_model = groups(&counts, "model").unwrap();
        let by_day = groups(&counts, "day").unwrap();

        let shown: Vec<_> = by_model.iter().map(|group| (group.name.as_str(), group.totals.hits)).collect();
        assert_eq!(shown, [("openai/a", 1), ("openai/b", 5)]);
        assert_eq!((by_day[0].name.as_str(), by_day[0].totals.hits), ("1970-01-02", 6));
        assert_eq!(groups(&counts, "hour").unwrap()[0].name, "1970-01-02T00");
        assert!(groups(&counts, "colour").is_err());
    }
}
