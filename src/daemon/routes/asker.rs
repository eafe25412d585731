//! Who asks, by which settings, with which keys: read from a request's head.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;

use super::policy::Words;
use crate::api::headers;
use crate::config::settings::RateLimitSettings;
use crate::daemon::access::{Imposed, Keys};
use crate::daemon::guard::Subject;
use crate::daemon::reply::Refused;
use crate::daemon::request::RequestId;
use crate::daemon::state::{Daemon, House};
use crate::error::{Error, Kind, Result};
use crate::pipeline::admit::{Class, Standing};
use crate::pipeline::budget::Ceilings;
use crate::pipeline::{Exchange, SentKey};
use crate::provider::registry::Provider;

/// The asker of a request.
pub struct Asker {
    /// Whose limits it spends.
    pub subject: String,
    /// The settings it goes by.
    pub house: Arc<House>,
    /// What its `Cache-Control` says.
    pub words: Words,
    /// The name of this request, in the log and on its answer.
    pub request: Arc<str>,
    keys: Keys,
    imposed: Option<Arc<Imposed>>,
}

impl Asker {
    /// What the asker said of a provider's key.
    pub fn key_for(&self, provider: &str) -> SentKey {
        let door = self.imposed.as_ref().map(|imposed| &imposed.keys);
        match (self.keys.find(provider), door) {
            (SentKey::Unsaid, Some(keys)) => keys.find(provider),
            (found, _) => found,
        }
    }

    /// True where a key for the provider is at hand.
    pub fn has_key(&self, provider: &Provider) -> bool {
        match self.key_for(&provider.name) {
            SentKey::Given(_) => true,
            sent => provider.may_have_key(sent == SentKey::Unsaid),
        }
    }

    /// Makes an exchange keep to the budgets and to the terms of the door it came by, whatever it asks for itself.
    pub fn impose_on(&self, exchange: &mut Exchange) {
        if let Some(imposed) = &self.imposed {
            imposed.apply(exchange);
        }
        // After the namespace is settled.
        let runs = std::mem::take(&mut exchange.ceilings.runs);
        exchange.ceilings = Ceilings::of(&self.house.settings.budget, &exchange.policy.namespace, runs);
    }

    /// The terms of the door it came by.
    pub fn imposed(&self) -> Option<&Imposed> {
        self.imposed.as_deref()
    }

    /// The limits it is held to.
    pub fn rates(&self) -> &RateLimitSettings {
        let imposed = self.imposed.as_ref().and_then(|imposed| imposed.rates.as_ref());
        imposed.unwrap_or(&self.house.settings.rate_limit)
    }

    /// Takes a place in a class of requests.
    pub async fn admit(&self, daemon: &Daemon, class: Class) -> Result<Standing, Refused> {
        self.admit_within(daemon, class, std::time::Duration::ZERO).await
    }

    /// The same, waiting for a place for so long.
    pub async fn admit_within(
        &self,
        daemon: &Daemon,
        class: Class,
        wait: std::time::Duration,
    ) -> Result<Standing, Refused> {
        let limits = &daemon.pipeline.limits;
        let rates = self.rates();
        let admitted = limits.admit(&self.subject, class, rates, wait).await;
        admitted.map_err(|error| Refused::at(limits.last_standing(&self.subject, class, rates), error))
    }
}

impl FromRequestParts<Arc<Daemon>> for Asker {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, daemon: &Arc<Daemon>) -> Result<Asker, Refused> {
        let Some(Subject(subject)) = parts.extensions.get::<Subject>().cloned() else {
            return Err(Error::new(Kind::Forbidden, "nobody knows who asks").into());
        };
        let house = match parts.headers.get(headers::CONFIG) {
            None => daemon.house(),
            Some(value) => {
                let (path, stamp) = read_config(value.as_bytes())
                    .ok_or_else(|| Error::new(Kind::Usage, format!("cannot read the `{}` header", headers::CONFIG)))?;
                daemon.house_of(&path, stamp, read_variables(&parts.headers))?
            }
        };
        let words = Words::read(&parts.headers)?;
        let imposed = parts.extensions.get::<Arc<Imposed>>().cloned();
        let request = parts.extensions.get::<RequestId>().map(|id| Arc::clone(&id.0)).unwrap_or_default();
        Ok(Asker { subject, house, words, request, keys: Keys::read(&parts.headers), imposed })
    }
}

/// `STAMP PATH`; header values hold any bytes but controls, and the path is taken as UTF-8.
fn read_config(value: &[u8]) -> Option<(String, u64)> {
    let (stamp, path) = std::str::from_utf8(value).ok()?.split_once(' ')?;
    Some((path.to_owned(), u64::from_str_radix(stamp, 16).ok()?))
}

fn read_variables(head: &HeaderMap) -> Vec<(String, String)> {
    let values = head.get_all(headers::VARIABLE).into_iter();
    let pairs = values.filter_map(|value| std::str::from_utf8(value.as_bytes()).ok()?.split_once(' '));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
