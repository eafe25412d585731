//! Who asks, by which settings, with which keys: read from a request's head.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;

use crate::api::headers;
use crate::config::secret::Secret;
use crate::daemon::guard::Subject;
use crate::daemon::reply::Refused;
use crate::daemon::state::{Daemon, House};
use crate::error::{Error, Kind, Result};
use crate::pipeline::SentKey;
use crate::pipeline::admit::{Class, Standing};

/// The asker of a request.
pub struct Asker {
    /// Whose limits it spends.
    pub subject: String,
    /// The settings it goes by.
    pub house: Arc<House>,
    keys: HashMap<String, Secret>,
    keys_complete: bool,
}

impl Asker {
    /// What the asker said of a provider's key.
    pub fn key_for(&self, provider: &str) -> SentKey {
        match self.keys.get(provider) {
            Some(secret) => SentKey::Given(secret.clone()),
            None if self.keys_complete => SentKey::NotFound,
            None => SentKey::Unsaid,
        }
    }

    /// Takes a place in a class of requests.
    pub async fn admit(&self, daemon: &Daemon, class: Class) -> Result<Standing, Refused> {
        let limits = &daemon.pipeline.limits;
        let rates = &self.house.settings.rate_limit;
        let admitted = limits.admit(&self.subject, class, rates, std::time::Duration::ZERO).await;
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
        let (keys, keys_complete) = read_keys(&parts.headers);
        Ok(Asker { subject, house, keys, keys_complete })
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

fn read_keys(head: &HeaderMap) -> (HashMap<String, Secret>, bool) {
    let mut keys = HashMap::new();
    let mut complete = false;
    for value in head.get_all(headers::PROVIDER_KEY) {
        let Ok(value) = value.to_str() else { continue };
        if value == headers::KEYS_COMPLETE {
            complete = true;
        } else if let Some((name, secret)) = value.split_once(' ') {
            keys.insert(name.to_owned(), Secret::new(secret));
        }
    }
    (keys, complete)
}
