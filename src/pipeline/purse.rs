//! What many calls that belong together may cost in all. An estimate is set aside before a call and what it cost is paid
//! after it, so that calls side by side do not spend the same dollar twice.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::money::Usd;

/// A sum to be spent.
pub struct Purse {
    most: Usd,
    state: Mutex<State>,
    settled: Notify,
}

#[derive(Default)]
struct State {
    spent: Usd,
    set_aside: Usd,
}

/// Money set aside for one call. Given back when dropped, where nothing was paid.
pub struct SetAside {
    purse: Arc<Purse>,
    estimate: Usd,
}

impl Purse {
    /// A purse with so much in it.
    pub fn new(most: Usd) -> Arc<Purse> {
        Arc::new(Purse { most, state: Mutex::default(), settled: Notify::new() })
    }

    /// Sets an estimate aside. Where calls in the air may yet turn out cheaper, waits for them; fails with what is spent
    /// once the estimate is more than what is left.
    pub async fn set_aside(self: &Arc<Purse>, estimate: Usd) -> Result<SetAside, Usd> {
        loop {
            let settled = self.settled.notified();
            tokio::pin!(settled);
            // Before the look, so that no news is missed.
            settled.as_mut().enable();
            {
                let mut state = self.state();
                if state.spent + estimate > self.most {
                    return Err(state.spent);
                }
                if state.spent + state.set_aside + estimate <= self.most {
                    state.set_aside += estimate;
                    return Ok(SetAside { purse: Arc::clone(self), estimate });
                }
            }
            settled.await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SetAside {
    /// Pays what the call cost.
    pub fn pay(self, cost: Usd) {
        self.purse.state().spent += cost;
    }
}

impl Drop for SetAside {
    fn drop(&mut self) {
        let mut state = self.purse.state();
        state.set_aside = state.set_aside - self.estimate;
        drop(state);
        self.purse.settled.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn calls_side_by_side_never_spend_more_than_there_is() {
        let purse = Purse::new(Usd(100));
        let first = purse.set_aside(Usd(60)).await.unwrap();
        let second = {
            let purse = Arc::clone(&purse);
            tokio::spawn(async move { purse.set_aside(Usd(60)).await.is_ok() })
        };
        tokio::task::yield_now().await;
        assert!(!second.is_finished(), "the first may yet cost less");

        first.pay(Usd(40));

        assert!(second.await.unwrap());
    }

    #[tokio::test]
    async fn what_cannot_be_paid_is_refused_with_what_is_spent() {
        let purse = Purse::new(Usd(100));
        purse.set_aside(Usd(60)).await.unwrap().pay(Usd(70));

        assert_eq!(purse.set_aside(Usd(31)).await.err(), Some(Usd(70)));
        assert!(purse.set_aside(Usd(30)).await.is_ok());
    }

    #[tokio::test]
    async fn a_call_that_failed_cost_nothing() {
        let purse = Purse::new(Usd(100));
        drop(purse.set_aside(Usd(100)).await);

        assert!(purse.set_aside(Usd(100)).await.is_ok());
    }
}
