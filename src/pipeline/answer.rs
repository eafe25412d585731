//! An answer on its way to the asker, and how it is counted when it gets there.

use std::sync::Arc;
use std::time::Instant;

use super::Pipeline;
use super::cassette::Cassette;
use super::flight::{Heard, Landed, Listener};
use super::key::Fingerprint;
use super::ledger::Account;
use crate::error::Result;
use crate::exchange::{CacheStatus, Key};

/// An answer on its way to the asker.
pub struct Answer {
    /// How it came about.
    pub status: CacheStatus,
    /// What it is kept under.
    pub fingerprint: Fingerprint,
    /// Why it was not in the cache, where that is known.
    pub detail: Option<String>,
    /// True where it was there, past its freshness, and was not used.
    pub found_stale: bool,
    /// The answer itself.
    pub source: Source,
    /// When the asker asked.
    pub started: Instant,
}

impl Answer {
    /// One of which nothing else is known.
    pub(super) fn of(status: CacheStatus, fingerprint: Fingerprint, source: Source, started: Instant) -> Answer {
        Answer { status, fingerprint, detail: None, found_stale: false, source, started }
    }
}

/// Where the bytes of an answer come from.
pub enum Source {
    /// All is there.
    Whole(Landed),
    /// Bytes are still coming; only where a stream was asked for.
    Live(Box<Live>),
}

/// A stream in the air, counted when it ends.
pub struct Live {
    pub(super) first: Option<Heard>,
    pub(super) listener: Listener,
    pub(super) end: Counting,
    pub(super) recorded_in: Option<(Arc<Cassette>, Key)>,
}

impl Live {
    /// The next piece, or the end.
    pub async fn hear(&mut self) -> Heard {
        let heard = match self.first.take() {
            Some(heard) => heard,
            None => self.listener.hear().await,
        };
        let Heard::End(mut outcome) = heard else { return heard };
        self.end.count(&outcome);
        if let (Ok(landed), Some((cassette, key))) = (&mut outcome, self.recorded_in.take()) {
            cassette.record(key, landed).await;
        }
        Heard::End(outcome)
    }

    /// When it has ended, it is to be recorded.
    pub(super) fn record_in(&mut self, cassette: Arc<Cassette>, key: Key) {
        self.recorded_in = Some((cassette, key));
    }
}

/// Counts what came of a flight for one asker.
pub(super) struct Counting {
    pub pipeline: Arc<Pipeline>,
    pub account: Account,
    pub status: CacheStatus,
    pub started: Instant,
}

impl Counting {
    pub fn count(&self, outcome: &Result<Landed>) {
        match outcome {
            // The call itself is counted by its flight, so that it is counted even if nobody waits for it.
            Ok(landed) if self.status == CacheStatus::Coalesced => {
                let ledger = &self.pipeline.ledger;
                ledger.served(self.account.clone(), self.status, &landed.entry.facts, self.started.elapsed());
            }
            Ok(_) => {}
            Err(error) => self.pipeline.ledger.failed(self.account.clone(), error),
        }
    }
}
