//! The first half of the way alone: an answer that is there already. Nobody is called.

use std::sync::Arc;
use std::time::Instant;

use super::admit::Class;
use super::{Answer, Exchange, Found, Pipeline, key, long};
use crate::error::Result;
use crate::exchange::{CacheStatus, Mode};

impl Pipeline {
    /// The answer that is kept, counted as served; `None` where [`answer`](Pipeline::answer) would call.
    ///
    /// Fails where the cassette cannot be read, or where hits count and the limit is reached.
    pub async fn answer_kept(self: &Arc<Self>, exchange: &Arc<Exchange>) -> Result<Option<Answer>> {
        let started = Instant::now();
        let fingerprint = long::beside_everybody(exchange.body.len(), || key::fingerprint(&exchange.identity()))?;
        if let Some(path) = exchange.policy.cassette.as_ref().filter(|_| !self.passes_by(exchange)) {
            if exchange.policy.mode != Mode::Refresh
                && let Some(entry) = self.cassettes.at(path).find(&fingerprint).await?
            {
                let status = if exchange.policy.mode == Mode::Replay { CacheStatus::Replay } else { CacheStatus::Hit };
                return Ok(Some(self.serve(exchange, fingerprint, entry, status, started)));
            }
            // What the cache has is to be recorded as well, which is not for this half of the way.
            return Ok(None);
        }
        let Found::Serve(entry, status) = self.look_up(exchange, &fingerprint).await else { return Ok(None) };
        if exchange.rates.count_hits {
            self.limits.admit(&exchange.subject, Class::Llm, &exchange.rates, exchange.wait).await?;
        }
        Ok(Some(self.serve(exchange, fingerprint, entry, status, started)))
    }
}
