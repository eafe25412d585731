//! What would happen to an exchange: the way of a dry run, which does nothing.

use std::sync::Arc;
use std::time::Instant;

use super::flight::Landed;
use super::judge::Verdict;
use super::key::{self, Fingerprint};
use super::{Answer, Exchange, Pipeline, Source, judge, long};
use crate::error::Result;
use crate::exchange::{CacheStatus, Entry, Mode};

/// What would happen to an exchange.
pub struct Foresight {
    /// What it would be kept under.
    pub fingerprint: Fingerprint,
    /// `Hit`, `Stale` or `Miss` (or what the mode makes of it).
    pub status: CacheStatus,
    /// The answer that would be served.
    pub entry: Option<Arc<Entry>>,
}

impl Foresight {
    /// The answer that would be served, as if it were; it counts for nothing.
    pub fn answer(&self) -> Option<(Answer, Landed)> {
        let landed = Landed::found(Arc::clone(self.entry.as_ref()?));
        let source = Source::Whole(landed.clone());
        Some((Answer::of(self.status, self.fingerprint.clone(), source, Instant::now()), landed))
    }
}

impl Pipeline {
    /// What would happen, without doing any of it.
    pub async fn foresee(&self, exchange: &Exchange) -> Result<Foresight> {
        let fingerprint = long::beside_everybody(exchange.body.len(), || key::fingerprint(&exchange.identity()))?;
        let policy = &exchange.policy;
        let (status, entry) = match policy.mode {
            Mode::Off => (CacheStatus::Bypass, None),
            Mode::Auto | Mode::Refresh if self.passes_by(exchange) => (CacheStatus::Bypass, None),
            Mode::Refresh => (CacheStatus::Refresh, None),
            Mode::Auto | Mode::Replay => {
                match self.cache.look_up(&fingerprint).await.filter(|entry| exchange.takes(entry)) {
                    Some(entry) => match judge::judge(&entry.facts, policy, self.clock.now()) {
                        Verdict::Fresh if policy.mode == Mode::Replay => (CacheStatus::Replay, Some(entry)),
                        Verdict::Fresh => (CacheStatus::Hit, Some(entry)),
                        Verdict::Accepted | Verdict::StaleWhileRevalidate => (CacheStatus::Stale, Some(entry)),
                        Verdict::StaleIfError | Verdict::Unusable => (CacheStatus::Miss, None),
                    },
                    None => (CacheStatus::Miss, None),
                }
            }
        };
        Ok(Foresight { fingerprint, status, entry })
    }
}
