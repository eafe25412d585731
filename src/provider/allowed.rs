//! What a provider says of its own limits beside an answer: whether it would refuse the next call, and for how long.
//! Pure; reads headers.

use std::time::{Duration, SystemTime};

use reqwest::header::HeaderMap;

/// Nobody is kept waiting longer for a header's sake.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// How long a provider takes no further call, where one of its limits has nothing left; of several the longest.
///
/// Vendors call them `x-ratelimit-remaining-requests` with `x-ratelimit-reset-requests`, or the like with the two words at
/// the end; a reset is a span such as `6m0s`, a number of seconds, or a moment (RFC 3339).
pub fn pause(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let used_up = headers.iter().filter_map(|(name, value)| {
        let name = name.as_str();
        let is_used_up = name.contains("ratelimit") && value.to_str().ok()?.trim().parse::<f64>().ok()? <= 0.0;
        let reset = (is_used_up && name.contains("remaining")).then(|| name.replace("remaining", "reset"))?;
        let wait = span(headers.get(reset)?.to_str().ok()?.trim(), now)?;
        (!wait.is_zero()).then_some(wait.min(LONGEST))
    });
    used_up.max()
}

fn span(text: &str, now: SystemTime) -> Option<Duration> {
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    if let Ok(moment) = humantime::parse_rfc3339_weak(text) {
        return Some(moment.duration_since(now).unwrap_or_default());
    }
    // Go's spelling, which has fractions: `1.5s`, `6m0s`, `20ms`.
    let mut sum = Duration::ZERO;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
        let (number, after) = rest.split_at(digits);
        let letters = after.find(|letter: char| letter.is_ascii_digit()).unwrap_or(after.len());
        let (unit, next) = after.split_at(letters);
        let one = match unit {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            "d" => 86_400.0,
            _ => return None,
        };
        sum = sum.checked_add(Duration::try_from_secs_f64(number.parse::<f64>().ok()? * one).ok()?)?;
        rest = next;
    }
    Some(sum)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn paused(pairs: &[(&'static str, &'static str)]) -> Option<Duration> {
        let headers = pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        pause(&headers, humantime::parse_rfc3339("2027-01-15T08:00:00Z").unwrap())
    }

    #[test]
    fn a_limit_with_nothing_left_is_waited_for() {
        let requests = ("x-ratelimit-remaining-requests", "0");
        let wait = |reset| paused(&[requests, ("x-ratelimit-reset-requests", reset)]);
        assert_eq!(wait("1s"), Some(Duration::from_secs(1)));
        assert_eq!(wait("6m0s"), Some(Duration::from_secs(360)));
        assert_eq!(wait("20ms"), Some(Duration::from_millis(20)));
        assert_eq!(wait("1m1.5s"), Some(Duration::from_millis(61_500)));
        assert_eq!(wait("30"), Some(Duration::from_secs(30)));
        assert_eq!(wait("9999h"), Some(LONGEST));
        assert_eq!(
            paused(&[
                ("anthropic-ratelimit-tokens-remaining", "0"),
                ("anthropic-ratelimit-tokens-reset", "2027-01-15T08:00:05Z"),
                requests,
                ("x-ratelimit-reset-requests", "1s"),
            ]),
            Some(Duration::from_secs(5))
        );
    }

    #[test]
    fn what_says_nothing_of_the_kind_is_passed_over() {
        let left = ("x-ratelimit-remaining-requests", "1");
        assert_eq!(paused(&[left, ("x-ratelimit-reset-requests", "1s")]), None);
        for reset in ["", "soon", "1y", "-1", "s", "NaN", "2020-01-01T00:00:00Z"] {
            assert_eq!(paused(&[("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", reset)]), None);
        }
        assert_eq!(paused(&[("x-ratelimit-remaining-requests", "0")]), None);
    }
}
