//! Latency in buckets an eighth of an octave wide, so that percentiles add up across hours and daemons.

use std::time::Duration;

/// Which bucket a duration falls into.
pub fn bucket(took: Duration) -> u32 {
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    if micros < 8 {
        return micros as u32;
    }
    let octave = micros.ilog2();
    let eighth = (micros >> (octave - 3)) as u32 & 7;
    (octave - 2) * 8 + eighth
}

/// The middle of a bucket, in milliseconds.
pub fn middle_millis(bucket: u32) -> f64 {
    if bucket < 8 {
        return f64::from(bucket) / 1e3;
    }
    // The last octave of 64 bits; a larger bucket was never counted by us.
    let octave = (bucket / 8 + 2).min(63);
    let width = 1u64 << (octave - 3);
    let lower = (1u64 << octave) + u64::from(bucket % 8) * width;
    (lower as f64 + width as f64 / 2.0) / 1e3
}

/// The value below which a share of all counted durations lies, in milliseconds; `None` where there are none.
/// `counts` are pairs of bucket and count, ordered by bucket; `share` is between 0 and 1.
pub fn percentile(counts: &[(u32, u64)], share: f64) -> Option<f64> {
    let total: u64 = counts.iter().map(|(_, count)| count).sum();
    let wanted = ((total as f64 * share).ceil() as u64).max(1);
    let mut seen = 0;
    counts
        .iter()
        .find(|(_, count)| {
            seen += count;
            seen >= wanted
        })
        .map(|(bucket, _)| middle_millis(*bucket))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_never_more_than_an_eighth_off() {
        for micros in (0..200).chain((0..60).map(|power| 1u64 << power)).chain([12_345, 999_999, 2_310_000]) {
            let shown = middle_millis(bucket(Duration::from_micros(micros))) * 1e3;
            let off = (shown - micros as f64).abs();
            assert!(off <= micros as f64 / 8.0 + 0.5, "{micros} is shown as {shown}");
        }
    }

    #[test]
    fn buckets_are_in_order() {
        let buckets: Vec<u32> = (0..100_000).map(|micros| bucket(Duration::from_micros(micros))).collect();
        assert!(buckets.is_sorted());
    }

    #[test]
    fn percentiles_are_of_all_that_was_counted() {
        let counts = [(bucket(Duration::from_millis(1)), 98), (bucket(Duration::from_secs(1)), 2)];
        assert!((percentile(&counts, 0.5).unwrap() - 1.0).abs() < 0.1);
        assert!((percentile(&counts, 0.99).unwrap() - 1000.0).abs() < 100.0);
        assert_eq!(percentile(&[], 0.5), None);
    }
}
