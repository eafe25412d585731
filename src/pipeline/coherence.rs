//! Keeps the first tier true to a store that others change too: what they kept anew or removed is not served from memory
//! a second later.
//!
//! The store tells of changes when asked (a bounded log), and is asked again before anything is served that was last
//! known to be true too long ago. Asking, unlike subscribing, works over REST as well, and leaves no time in which a lost
//! connection goes unnoticed. While nobody asks for answers nobody asks for changes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::clock::millis;
use crate::exchange::Key;
use crate::store::Store;

/// For so long what memory holds is taken for true.
const TRUSTED: Duration = Duration::from_millis(900);

/// While answers are asked for, changes are fetched beside the asking from this age on, so that no asker has to.
const FETCHED_FROM: Duration = Duration::from_millis(400);

/// Nobody has asked for an answer for so long: memory may age.
const IDLE: Duration = Duration::from_secs(10);

/// How far the changes of others are known.
pub struct Coherence {
    store: Arc<dyn Store>,
    begun: Instant,
    /// Milliseconds since `begun`, plus one; 0 is never.
    known_at: AtomicU64,
    asked_at: AtomicU64,
    cursor: Mutex<Option<String>>,
}

/// What is not to be served any more.
pub enum Outdated {
    /// These.
    Keys(Vec<Key>),
    /// Anything.
    Everything,
}

impl Coherence {
    /// Nothing known yet.
    pub fn with(store: Arc<dyn Store>) -> Coherence {
        let (known_at, asked_at) = (AtomicU64::new(0), AtomicU64::new(0));
        Coherence { store, begun: Instant::now(), known_at, asked_at, cursor: Mutex::default() }
    }

    /// Before something is served: `forget` is told of what must not be.
    pub async fn ensure(&self, forget: impl Fn(Outdated)) {
        if !self.store.is_shared() {
            return;
        }
        self.asked_at.store(self.now(), Ordering::Relaxed);
        if self.is_older_than(TRUSTED) {
            self.fetch(TRUSTED, forget).await;
        }
    }

    /// Beside all asking, a few times a second.
    pub async fn keep_up(&self, forget: impl Fn(Outdated)) {
        let asked_at = self.asked_at.load(Ordering::Relaxed);
        let is_asked = asked_at > 0 && self.now().saturating_sub(asked_at) < millis(IDLE);
        if is_asked && self.is_older_than(FETCHED_FROM) {
            self.fetch(FETCHED_FROM, forget).await;
        }
    }

    async fn fetch(&self, age: Duration, forget: impl Fn(Outdated)) {
        let mut cursor = self.cursor.lock().await;
        if !self.is_older_than(age) {
            return;
        }
        let asked_at = self.now();
        match self.store.changes(cursor.as_deref()).await {
            Ok(Some(changes)) => {
                *cursor = Some(changes.cursor);
                if changes.lost_track {
                    forget(Outdated::Everything);
                } else if !changes.keys.is_empty() {
                    forget(Outdated::Keys(changes.keys));
                }
            }
            Ok(None) => {}
            // Nobody can be asked; what memory holds is the best there is. Caught up on as soon as it is back.
            Err(error) => tracing::debug!(%error, "what others changed is not known"),
        }
        self.known_at.store(asked_at, Ordering::Release);
    }

    fn is_older_than(&self, age: Duration) -> bool {
        let known_at = self.known_at.load(Ordering::Acquire);
        known_at == 0 || self.now().saturating_sub(known_at) >= millis(age)
    }

    fn now(&self) -> u64 {
        millis(self.begun.elapsed()) + 1
    }
}
