//! The pure decisions of the cache: what is worth keeping, and what a kept answer is good for now.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::error::{Error, Kind, LimitedBy};
use crate::exchange::{CachePolicy, Facts, Finish, Mode};
use crate::provider::Reading;

/// What a kept answer is good for at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Serve it.
    Fresh,
    /// Past its freshness, but the asker takes it so: serve it.
    Accepted,
    /// Serve it and fetch a new one meanwhile.
    StaleWhileRevalidate,
    /// Serve it only if the provider fails.
    StaleIfError,
    /// Of no use.
    Unusable,
}

/// Judges a kept answer. In replay mode whatever is still kept is served: there is no call that could better it.
pub fn judge(facts: &Facts, policy: &CachePolicy, now: Timestamp) -> Verdict {
    let age = now.since(facts.kept_at);
    if policy.max_age.is_some_and(|most| age > most) || now >= facts.gone_at() {
        return Verdict::Unusable;
    }
    let fresh_until = facts.fresh_until();
    if now.after(policy.min_fresh) < fresh_until || policy.mode == Mode::Replay {
        return Verdict::Fresh;
    }
    let past = now.since(fresh_until);
    let within = |span: Duration| !span.is_zero() && past <= span;
    if now < fresh_until {
        // Fresh, but not for as long as is asked.
        return if policy.stale_if_error.is_zero() { Verdict::Unusable } else { Verdict::StaleIfError };
    }
    if within(policy.max_stale) {
        Verdict::Accepted
    } else if within(policy.stale_while_revalidate) {
        Verdict::StaleWhileRevalidate
    } else if within(policy.stale_if_error) {
        Verdict::StaleIfError
    } else {
        Verdict::Unusable
    }
}

/// How long past its freshness an answer kept under this policy can be of use.
pub fn grace(policy: &CachePolicy) -> Duration {
    policy.stale_if_error.max(policy.stale_while_revalidate)
}

/// Whether an answer may be served to anyone else: whole, not empty, and cut short only where that was asked for.
/// Checked on writing and again on reading.
pub fn is_worth_keeping(finish: &Finish, is_empty: bool, limits_length: bool) -> bool {
    !is_empty
        && match finish {
            Finish::Stop | Finish::ToolCalls => true,
            Finish::Length => limits_length,
            // Filtered answers lack what was filtered; unknown endings are not known to be whole.
            Finish::ContentFilter | Finish::Other(_) => false,
        }
}

/// [`is_worth_keeping`] for a reading.
pub fn may_keep(reading: &Reading, limits_length: bool) -> bool {
    is_worth_keeping(&reading.finish, reading.is_empty, limits_length)
}

/// Whether the provider itself is failing, so that a stale answer is better than none. A refused key, a wrong request
/// and llmc's own limits are not the provider's failure.
pub fn provider_is_down(error: &Error) -> bool {
    match error.kind() {
        Kind::Provider => error.upstream_status_value().is_none_or(|status| status >= 500 || status == 408),
        Kind::Timeout | Kind::Unreachable => true,
        Kind::RateLimit => error.limited_by_value() == Some(LimitedBy::Provider),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::entry;
    use bytes::Bytes;

    const HOUR: Duration = Duration::from_secs(3600);

    fn policy() -> CachePolicy {
        CachePolicy {
            cassette: None,
            mode: Mode::Auto,
            namespace: "default".into(),
            sample: 0,
            ttl: HOUR,
            max_age: None,
            min_fresh: Duration::ZERO,
            max_stale: Duration::ZERO,
            stale_if_error: 2 * HOUR,
            stale_while_revalidate: Duration::from_secs(60),
        }
    }

    fn facts() -> Facts {
        let mut facts = entry::tests::entry(&Bytes::new(), &Bytes::new()).facts;
        facts.kept_at = Timestamp(0);
        facts.ttl = HOUR;
        facts.grace = 2 * HOUR;
        facts
    }

    fn at(span: Duration) -> Timestamp {
        Timestamp(0).after(span)
    }

    #[test]
    fn an_answer_is_fresh_until_its_ttl_and_not_a_moment_longer() {
        let judged = |span| judge(&facts(), &policy(), at(span));
        assert_eq!(judged(HOUR - Duration::from_millis(1)), Verdict::Fresh);
        assert_eq!(judged(HOUR), Verdict::StaleWhileRevalidate);
        assert_eq!(judged(HOUR + Duration::from_secs(61)), Verdict::StaleIfError);
        assert_eq!(judged(3 * HOUR), Verdict::Unusable);
    }

    #[test]
    fn max_age_is_a_bound_for_every_mode() {
        for mode in [Mode::Auto, Mode::Replay] {
            let policy = CachePolicy { mode, max_age: Some(Duration::from_secs(5)), ..policy() };
            assert_eq!(judge(&facts(), &policy, at(Duration::from_secs(5))), Verdict::Fresh);
            assert_eq!(judge(&facts(), &policy, at(Duration::from_secs(6))), Verdict::Unusable);
        }
    }

    #[test]
    fn who_takes_a_stale_answer_gets_it_and_who_wants_a_fresher_one_does_not() {
        let takes = CachePolicy { max_stale: Duration::from_secs(30), ..policy() };
        assert_eq!(judge(&facts(), &takes, at(HOUR + Duration::from_secs(30))), Verdict::Accepted);
        assert_eq!(judge(&facts(), &takes, at(HOUR + Duration::from_secs(31))), Verdict::StaleWhileRevalidate);
        let wants = CachePolicy { min_fresh: Duration::from_secs(30), ..policy() };
        assert_eq!(judge(&facts(), &wants, at(HOUR - Duration::from_secs(31))), Verdict::Fresh);
        assert_eq!(judge(&facts(), &wants, at(HOUR - Duration::from_secs(30))), Verdict::StaleIfError);
    }

    #[test]
    fn replay_serves_what_is_still_kept() {
        let policy = CachePolicy { mode: Mode::Replay, ..policy() };
        assert_eq!(judge(&facts(), &policy, at(2 * HOUR)), Verdict::Fresh);
        assert_eq!(judge(&facts(), &policy, at(3 * HOUR)), Verdict::Unusable);
    }

    #[test]
    fn a_zero_span_of_staleness_serves_nothing_stale() {
        let policy = CachePolicy { stale_if_error: Duration::ZERO, stale_while_revalidate: Duration::ZERO, ..policy() };
        assert_eq!(judge(&facts(), &policy, at(HOUR)), Verdict::Unusable);
    }

    #[test]
    fn only_whole_answers_are_kept() {
        assert!(is_worth_keeping(&Finish::Stop, false, false));
        assert!(is_worth_keeping(&Finish::ToolCalls, false, false));
        assert!(is_worth_keeping(&Finish::Length, false, true));
        assert!(!is_worth_keeping(&Finish::Length, false, false));
        assert!(!is_worth_keeping(&Finish::Stop, true, false));
        assert!(!is_worth_keeping(&Finish::ContentFilter, false, true));
        assert!(!is_worth_keeping(&Finish::Other("pause_turn".into()), false, true));
    }

    #[test]
    fn a_refused_key_is_not_a_provider_that_is_down() {
        let provider = |status| Error::new(Kind::Provider, "x").upstream_status(status);
        assert!(provider_is_down(&provider(503)));
        assert!(!provider_is_down(&provider(400)));
        assert!(!provider_is_down(&Error::new(Kind::Key, "x").upstream_status(401)));
        assert!(provider_is_down(&Error::new(Kind::RateLimit, "x").limited_by(LimitedBy::Provider)));
        assert!(!provider_is_down(&Error::new(Kind::RateLimit, "x").limited_by(LimitedBy::Llmc)));
    }
}
