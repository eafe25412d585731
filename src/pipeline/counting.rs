//! The provider's own count of a prompt, asked for before the call, where somebody wants it more exactly than it can be
//! estimated here. Never for an answer that is kept, at most once for an exchange, and given up soon.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::BytesMut;
use futures_util::StreamExt;

use super::budget::Budget;
use super::call::find_key;
use super::{Exchange, Pipeline};
use crate::config::secret::Secret;
use crate::error::{Error, Kind, Result};
use crate::exchange::Form;
use crate::provider::Call;
use crate::provider::counting::Counting;
use crate::provider::registry::join;

/// A call waits no longer for a count that only makes its estimate better.
const WITHIN: Duration = Duration::from_secs(2);

/// A count is a number and some words around it.
const LONGEST: usize = 64 << 10;

/// The count of a prompt, once it is known, or that it cannot be had; clones of an exchange share it.
#[derive(Clone, Debug, Default)]
pub struct Counted(Arc<OnceLock<Option<u64>>>);

impl Counted {
    /// The prompt tokens, where the provider was asked and told.
    pub fn tokens(&self) -> Option<u64> {
        self.0.get().copied().flatten()
    }
}

impl Pipeline {
    /// Asks the provider for its count where that is set and something is measured by it. What goes wrong is no reason
    /// not to call: then the estimate holds.
    pub(super) async fn count_for_limits(&self, exchange: &Exchange, secret: Option<&Secret>) {
        let is_measured = exchange.max_cost.is_some()
            || !Budget::of_exchange(exchange, self.clock.now()).is_empty()
            || exchange.provider.pace().tokens_per_minute.is_some();
        if is_measured && exchange.provider.counts_tokens() {
            count_once(exchange, secret).await;
        }
    }

    /// The same for whoever measures a call before the pipeline sees it.
    pub async fn count_ahead(&self, exchange: &Exchange) {
        if !exchange.provider.counts_tokens() || self.breakers.is_left_alone(&exchange.provider) {
            return;
        }
        match find_key(exchange).await {
            Ok(secret) => count_once(exchange, secret.as_ref()).await,
            // The call itself will say so.
            Err(error) => tracing::debug!(%error, "a prompt is estimated"),
        }
    }

    /// Asks the provider for its count because somebody wants to know; `None` where its API has no such question.
    pub async fn count_asked(&self, exchange: &Exchange) -> Result<Option<u64>> {
        let Some(counting) = exchange.dialect().counting() else { return Ok(None) };
        let secret = find_key(exchange).await?;
        count(counting, exchange, secret.as_ref()).await.map(Some)
    }
}

async fn count_once(exchange: &Exchange, secret: Option<&Secret>) {
    let Some(counting) = exchange.dialect().counting() else { return };
    if exchange.counted.0.get().is_some() {
        return;
    }
    let counted = count(counting, exchange, secret).await.map_err(|error| {
        tracing::warn!(%error, provider = exchange.provider.name, "a prompt is estimated, since its count cannot be had");
    });
    // Whoever else asked meanwhile was told the same.
    let _ = exchange.counted.0.set(counted.ok());
}

async fn count(counting: &dyn Counting, exchange: &Exchange, secret: Option<&Secret>) -> Result<u64> {
    let provider = &exchange.provider;
    let url = join(&provider.base_url, &counting.path(&exchange.model));
    let body = serde_json::to_vec(&counting.ask(&exchange.model, &exchange.body_members()?))
        .map_err(|error| Error::new(Kind::Other, "cannot write the question").because(error))?;
    let mut headers = exchange.dialect().headers(secret);
    headers.extend(exchange.beside.headers.iter().cloned());
    let asking = async {
        let mut arrival = provider.send(Call { url, headers, body: body.into(), form: Form::Plain }).await?;
        let mut answer = BytesMut::new();
        while let Some(piece) = arrival.body.next().await {
            answer.extend_from_slice(&piece?);
            if answer.len() > LONGEST {
                return Err(Error::new(Kind::Provider, "the answer is no count of tokens").because("it is too long"));
            }
        }
        counting.read(&answer)
    };
    tokio::time::timeout(WITHIN, asking).await.unwrap_or_else(|_| {
        Err(Error::new(Kind::Timeout, format!("no count from `{}` within {} s", provider.name, WITHIN.as_secs())))
    })
}
