//! One call for equal prompts across daemons: who holds the lease of a key makes the call, the others wait for it.
//!
//! A lease ends by itself: a holder that died delays nobody for longer. One that lives renews it until the answer is
//! kept, or the call has failed.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;

use super::key::Fingerprint;
use super::{Exchange, Found, Pipeline};
use crate::exchange::{CacheStatus, Entry, Key};
use crate::store::Store;

/// The longest a dead holder can delay anybody.
pub const LEASE: Duration = Duration::from_secs(5);

/// How often a holder says that it lives.
const RENEW_EVERY: Duration = Duration::from_millis(1500);

/// How often those who wait ask: soon at first, as most calls they wait for are nearly done or just begun.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(150);

/// What came of asking for a lease.
pub enum Leased {
    /// Somebody made the call meanwhile.
    Found(Arc<Entry>),
    /// The call is ours to make. `None` where the store cannot say: then it is made all the same.
    Ours(Option<Lease>),
}

/// The right to make a call, given back when dropped.
pub struct Lease {
    key: Key,
    holder: String,
    store: Arc<dyn Store>,
    renewing: JoinHandle<()>,
    /// A daemon that stops waits for what is in here: nobody else should wait for a lease to end by itself.
    tasks: TaskTracker,
}

impl Lease {
    fn hold(store: Arc<dyn Store>, key: Key, holder: String, tasks: TaskTracker) -> Lease {
        let renewing = {
            let (store, holder) = (Arc::clone(&store), holder.clone());
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(RENEW_EVERY).await;
                    if let Err(error) = store.lease(&key, &holder, LEASE).await {
                        tracing::warn!(%error, "a lease cannot be renewed");
                    }
                }
            })
        };
        Lease { key, holder, store, renewing, tasks }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.renewing.abort();
        give_back(Arc::clone(&self.store), self.key, std::mem::take(&mut self.holder), &self.tasks);
    }
}

fn give_back(store: Arc<dyn Store>, key: Key, holder: String, tasks: &TaskTracker) {
    tasks.spawn(async move {
        if let Err(error) = store.release(&key, &holder).await {
            tracing::debug!(%error, "a lease is left to end by itself");
        }
    });
}

impl Pipeline {
    /// Waits until the call is ours or somebody else's answer is there.
    pub(super) async fn take_lease(&self, exchange: &Exchange, fingerprint: &Fingerprint) -> Leased {
        let Some(lease) = self.wait_for_lease(&fingerprint.key).await else { return Leased::Ours(None) };
        // Whoever held it before may have kept the answer since we looked.
        match self.fresh(exchange, fingerprint).await {
            Some(entry) => Leased::Found(entry),
            None => Leased::Ours(Some(lease)),
        }
    }

    /// Waits for the right to make a call. `None` where the store cannot say whose it is.
    pub(super) async fn wait_for_lease(&self, key: &Key) -> Option<Lease> {
        let holder = format!("{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        let mut pause = FIRST_PAUSE;
        let mut has_failed = false;
        loop {
            match self.store.lease(key, &holder, LEASE).await {
                Ok(true) => return Some(Lease::hold(Arc::clone(&self.store), *key, holder, self.tasks.clone())),
                Ok(false) => has_failed = false,
                // A hiccup is no reason for a second call.
                Err(_) if !has_failed && self.store.trouble().is_none() => has_failed = true,
                Err(error) => {
                    tracing::debug!(%error, "calls are not shared with other daemons");
                    // It may have been granted all the same, and nobody would renew it.
                    give_back(Arc::clone(&self.store), *key, holder, &self.tasks);
                    return None;
                }
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 3 / 2).min(LONGEST_PAUSE);
        }
    }

    /// A kept answer that can be served as a hit now.
    pub(super) async fn fresh(&self, exchange: &Exchange, fingerprint: &Fingerprint) -> Option<Arc<Entry>> {
        match self.judged(exchange, fingerprint).await {
            Found::Serve(entry, CacheStatus::Hit) => Some(entry),
            _ => None,
        }
    }
}
