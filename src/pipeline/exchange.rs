//! One call as the pipeline takes it: what is asked of whom, on whose terms.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::budget::Ceilings;
use super::counting::Counted;
use super::flight::Terms;
use super::key::Identity;
use super::ledger::Account;
use super::pace::Paced;
use super::schema::Schema;
use crate::config::secret::Secret;
use crate::config::settings::{RateLimitSettings, RetrySettings};
use crate::error::{Error, Kind, Result};
use crate::exchange::{CachePolicy, Form, Operation};
use crate::money::Usd;
use crate::provider::Dialect;
use crate::provider::registry::{Provider, Registry};

/// One call, with everything that decides how it is answered.
#[derive(Clone)]
pub struct Exchange {
    /// Who is asked.
    pub provider: Arc<Provider>,
    /// Knows what models cost.
    pub registry: Arc<Registry>,
    /// The model asked for.
    pub model: String,
    /// What is asked.
    pub operation: Operation,
    /// The body. Whether it asks for a stream does not count: `form` does.
    pub body: Bytes,
    /// What goes to the provider beside the body.
    pub beside: Beside,
    /// True where it leans on state at the provider, so that no other answer can stand in.
    pub is_stateful: bool,
    /// True where the asker itself set how long the answer may be, so that one cut there is what was asked for.
    pub limits_length: bool,
    /// What the answer must fit.
    pub schema: Option<Arc<Schema>>,
    /// How often an answer that does not fit is asked for again.
    pub schema_retries: u32,
    /// How the asker wants the answer.
    pub form: Form,
    /// How the cache may be used.
    pub policy: CachePolicy,
    /// The key that came with the request.
    pub key: SentKey,
    /// The asker's limits.
    pub rates: RateLimitSettings,
    /// How often a call is tried.
    pub retry: RetrySettings,
    /// True where the asker itself said how often: a provider that is left alone is tried all the same.
    pub insists: bool,
    /// Whose limits they are.
    pub subject: String,
    /// The run it is counted for, or empty.
    pub run: String,
    /// The request it came with, as log and answer name it.
    pub request: Arc<str>,
    /// How long to wait for a place within the limits.
    pub wait: Duration,
    /// Do not call where the estimate is above this.
    pub max_cost: Option<Usd>,
    /// True where its asker does nothing but wait for it, in a task of its own: the call is then made in that task.
    pub attended: bool,
    /// The pace its call keeps to, where it is one of many.
    pub paced: Option<Paced>,
    /// What it may spend together with others.
    pub ceilings: Ceilings,
    /// The provider's own count of the prompt.
    pub counted: Counted,
}

/// What goes to the provider beside the body, where the asker speaks its API.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beside {
    /// Headers.
    pub headers: Vec<(&'static str, Secret)>,
    /// What of the headers changes the answer, ordered by name.
    pub weighing: Vec<(&'static str, String)>,
    /// The query, without its question mark; changes the answer where there is one.
    pub query: String,
}

/// What the asker said of the provider's key.
#[derive(Clone, Debug, PartialEq)]
pub enum SentKey {
    /// This one.
    Given(Secret),
    /// The asker looked and has none; only a configured command or file may help.
    NotFound,
    /// The asker does not deal in keys; the daemon's own environment counts too.
    Unsaid,
}

impl Exchange {
    /// The API it is asked through.
    pub fn dialect(&self) -> &'static dyn Dialect {
        self.provider.speaks(self.operation).unwrap_or(self.provider.dialect)
    }

    /// What its key is made of.
    pub fn identity(&self) -> Identity<'_> {
        Identity {
            namespace: &self.policy.namespace,
            kind: self.provider.dialect.kind(),
            base_url: &self.provider.base_url,
            operation: self.operation,
            model: self.dialect().model_in_path(&self.model),
            body: &self.body,
            headers: &self.beside.weighing,
            query: &self.beside.query,
            sample: self.policy.sample,
        }
    }

    /// Who it is counted for.
    pub fn account(&self) -> Account {
        Account {
            provider: self.provider.name.clone(),
            model: self.model.clone(),
            namespace: self.policy.namespace.clone(),
            run: self.run.clone(),
            request: Arc::clone(&self.request),
            body: self.body.clone(),
        }
    }

    pub(super) fn terms(&self) -> Terms {
        Terms {
            subject: self.subject.clone(),
            wait: self.wait,
            attempts: self.retry.max_attempts,
            max_cost: self.max_cost,
            ceilings: self.ceilings.clone(),
        }
    }

    pub(super) fn body_members(&self) -> Result<serde_json::Map<String, serde_json::Value>> {
        serde_json::from_slice(&self.body)
            .map_err(|error| Error::new(Kind::Usage, "cannot read the request body").because(error))
    }
}
