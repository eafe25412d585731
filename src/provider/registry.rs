//! Every provider that can be asked, as the settings have it: its dialect, its address, its price, its way out. Finds no
//! keys and makes no calls of its own.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::echo::{Echo, EchoCarrier};
use super::http::{Client, HttpCarrier};
use super::surface::Surface;
use super::{Arrival, Call, Carrier, Dialect, anthropic, gemini, openai, prices};
use crate::config::Environment;
use crate::config::secret::{self, KeySource, KeySources, Secret};
use crate::config::settings::{Pace, ProviderSettings, Settings};
use crate::error::{Error, Kind, Result};
use crate::exchange::{Form, Operation};
use crate::money::Price;

/// Every kind there is; each has a provider of the same name, configured or not.
const KINDS: &[&str] = &["openai", "anthropic", "gemini", "echo"];

/// The longest a call may take where no setting says.
const TIMEOUT: Duration = Duration::from_secs(600);

static OPENAI: openai::OpenAi = openai::OpenAi;
static RESPONSES: openai::responses::Responses = openai::responses::Responses;
static COMPLETIONS: openai::completions::Completions = openai::completions::Completions;
static EMBEDDINGS: openai::embeddings::Embeddings = openai::embeddings::Embeddings;
static ANTHROPIC: anthropic::Anthropic = anthropic::Anthropic;
static GEMINI: gemini::Gemini = gemini::Gemini;
static ECHO: Echo = Echo::speaking(&OPENAI);

/// Everything that can be asked of anyone; of each kind the first is what its other ones fall back on.
static DIALECTS: [&dyn Dialect; 7] = [&OPENAI, &RESPONSES, &COMPLETIONS, &EMBEDDINGS, &ANTHROPIC, &GEMINI, &ECHO];

/// The first dialect behind `kind = "…"`.
pub fn dialect(kind: &str) -> Option<&'static dyn Dialect> {
    of_kind(kind).next()
}

/// How a kind is asked for an operation; `None` where it knows no such thing.
pub fn speaks(kind: &str, operation: Operation) -> Option<&'static dyn Dialect> {
    of_kind(kind).find(|dialect| dialect.operation() == operation)
}

fn of_kind(kind: &str) -> impl Iterator<Item = &'static dyn Dialect> {
    DIALECTS.into_iter().filter(move |dialect| dialect.kind() == kind)
}

/// The manners behind `kind = "…"`; those of the one most copied where there are none of its own.
fn surface(kind: &str) -> &'static Surface {
    match kind {
        "anthropic" => &anthropic::SURFACE,
        "gemini" => &gemini::SURFACE,
        _ => &openai::SURFACE,
    }
}

/// What a path asks for.
#[derive(Clone)]
pub struct AskedAt {
    /// The operation's API.
    pub dialect: &'static dyn Dialect,
    /// The model and the form, where the path and not the body says them.
    pub model: Option<String>,
    /// See `model`.
    pub form: Option<Form>,
    /// The model, where the path names a deployment: what the body then need not say, and the query says for nothing.
    pub deployment: Option<String>,
}

/// One provider, ready to be asked.
pub struct Provider {
    /// What it is called in `provider/model`.
    pub name: String,
    /// Its API; the one of several that says where it is and what its refusals look like.
    pub dialect: &'static dyn Dialect,
    /// What its clients expect besides answers.
    pub surface: &'static Surface,
    /// Its address, without a slash at its end; part of the cache key.
    pub base_url: String,
    /// The models it is known to have, for bare names.
    pub models: Vec<String>,
    /// Where its key is looked for.
    pub key: KeySources,
    /// The longest a whole call may take.
    pub timeout: Duration,
    /// Carries its calls. [`Provider::send`] is this with better errors.
    pub carrier: Arc<dyn Carrier>,
    /// For what passes through; `None` where it is at no address.
    pub(super) client: Option<Client>,
    vendor: Option<&'static str>,
    price: Option<Price>,
    settings: ProviderSettings,
}

impl Provider {
    fn new(name: &str, settings: &ProviderSettings, client: &Client) -> Result<Provider> {
        let dialect = dialect(&settings.kind).ok_or_else(|| {
            Error::new(Kind::Usage, format!("unknown kind `{}` of the provider `{name}`", settings.kind))
                .hint(format!("one of `{}`", KINDS.join("`, `")))
        })?;
        if name.is_empty() || name.contains('/') {
            let nameless = Error::new(Kind::Usage, format!("a provider cannot be called `{name}`"));
            return Err(nameless.because("a name has a letter and no slash, so that `provider/model` can be read"));
        }
        let is_echo = dialect.kind() == ECHO.kind();
        let base_url = match &settings.base_url {
            Some(url) if !is_echo => address(name, url)?,
            _ => dialect.base_url().to_owned(),
        };
        let vendor = prices::vendor(&base_url);
        let mut models = settings.models.clone();
        if is_echo && models.is_empty() {
            models.push(ECHO.kind().to_owned());
        }
        let carrier: Arc<dyn Carrier> = if is_echo {
            Arc::new(EchoCarrier::new(name))
        } else {
            Arc::new(HttpCarrier::new(client.clone(), name, dialect))
        };
        let key = secret::key_sources(name, settings, dialect.key_variable());
        let price = settings.price.or_else(|| is_echo.then(Price::default));
        let timeout = settings.timeout;
        Ok(Provider {
            name: name.to_owned(),
            dialect,
            surface: surface(dialect.kind()),
            base_url,
            models,
            key,
            timeout,
            carrier,
            client: (!is_echo).then(|| client.clone()),
            vendor,
            price,
            settings: settings.clone(),
        })
    }

    /// The name of its API; part of the cache key.
    pub fn kind(&self) -> &'static str {
        self.dialect.kind()
    }

    /// The vendor whose own address this is; `None` for a proxy, a reseller, a server of one's own.
    pub fn vendor(&self) -> Option<&'static str> {
        self.vendor
    }

    /// True where it is somewhere else, and so may be away; false where it answers within this process.
    pub fn is_at_an_address(&self) -> bool {
        self.client.is_some()
    }

    /// True where a call without a key is bound to be refused, so that it need not be made.
    pub fn needs_key(&self) -> bool {
        self.key.required
    }

    /// True where looking for its key may find one; `own_variables` says whether this process's environment counts.
    pub fn may_have_key(&self, own_variables: bool) -> bool {
        self.key.sources.iter().any(|source| match source {
            KeySource::Variable(name) => own_variables && std::env::var_os(name).is_some_and(|value| !value.is_empty()),
            KeySource::Command(_) | KeySource::File(_) => true,
        })
    }

    /// Its key; `None` where it has none and needs none. Runs the key's command where there is one.
    pub async fn find_key(&self, own_variables: bool) -> Result<Option<Secret>> {
        let variables = if own_variables { own_environment() } else { no_environment() };
        // A command takes its time and a file may lie far away; variables are at hand.
        let is_at_hand = self.key.sources.iter().all(|source| matches!(source, KeySource::Variable(_)));
        let found = if is_at_hand {
            self.key.find(&self.name, variables)?
        } else {
            let (name, places) = (self.name.clone(), self.key.clone());
            let looked = tokio::task::spawn_blocking(move || places.find(&name, variables)).await;
            looked.map_err(|error| Error::new(Kind::Other, "the search for a key failed").because(error))??
        };
        Ok(found.map(|found| found.secret))
    }

    /// True where it is asked how many tokens a prompt is before a call that is measured by them.
    pub fn counts_tokens(&self) -> bool {
        self.settings.count_tokens
    }

    /// How fast it may be asked.
    pub fn pace(&self) -> Pace {
        self.settings.pace
    }

    /// How it is asked for an operation; `None` where its API has no such thing.
    pub fn speaks(&self, operation: Operation) -> Option<&'static dyn Dialect> {
        speaks(self.kind(), operation)
    }

    /// How `generate` asks it for a model.
    pub fn dialect_for(&self, model: &str) -> &'static dyn Dialect {
        of_kind(self.kind()).find(|dialect| dialect.generates(model)).unwrap_or(self.dialect)
    }

    /// The whole address of a call in one of its dialects.
    pub fn url(&self, dialect: &dyn Dialect, model: &str, form: Form) -> String {
        join(&self.base_url, &dialect.path(model, form))
    }

    /// What its clients ask for by this path, with or without the version that the base URL may end with; `None` where it
    /// is nothing that can be cached.
    pub fn asked_at(&self, path: &str) -> Option<AskedAt> {
        if let Some((model, form)) = gemini::asked_at(path).filter(|_| self.kind() == GEMINI.kind()) {
            return Some(AskedAt { dialect: &GEMINI, model: Some(model), form: Some(form), deployment: None });
        }
        let deployment = openai::deployment::asked_at(path).filter(|_| self.kind() == OPENAI.kind());
        let path = deployment.map_or(path, |(_, rest)| rest);
        let is_copy = self.base_url.split('?').next().is_some_and(|base| base.ends_with(COPIED));
        let path = path.strip_prefix("/openai").filter(|rest| is_copy && rest.starts_with("/v1/")).unwrap_or(path);
        let bare = path.strip_prefix("/v1").filter(|rest| rest.starts_with('/'));
        let is_at = |dialect: &&'static dyn Dialect| {
            let own = dialect.path("", Form::Plain);
            own == path || Some(own.as_ref()) == bare || own.strip_prefix("/v1") == Some(path)
        };
        let dialect = of_kind(self.kind()).find(is_at)?;
        Some(AskedAt { dialect, model: None, form: None, deployment: deployment.map(|(name, _)| name.to_owned()) })
    }

    /// The model asked where none is named: the first it lists, else a small one of its vendor's.
    pub fn default_model(&self) -> Option<&str> {
        if let Some(first) = self.models.first() {
            return Some(first);
        }
        match self.vendor().unwrap_or(if self.name == self.kind() { self.kind() } else { "" }) {
            "openai" => Some("gpt-4o-mini"),
            "anthropic" => Some("claude-haiku-4-5"),
            "gemini" => Some("gemini-2.5-flash"),
            _ => None,
        }
    }

    /// The longest prompt a model takes, in tokens, where its vendor is asked and states it.
    pub fn longest_prompt(&self, model: &str) -> Option<u64> {
        prices::find(self.vendor()?, model)?.max_input_tokens
    }

    /// Carries one call, once. A refused key is told with the place to set it.
    pub async fn send(&self, call: Call) -> Result<Arrival> {
        self.carrier.send(call).await.map_err(|error| match error.kind() {
            Kind::Key => error.hint(self.key_hint()),
            _ => error,
        })
    }

    fn key_hint(&self) -> String {
        let places: Vec<String> = self.key.sources.iter().map(ToString::to_string).collect();
        if places.is_empty() {
            return format!("set `api_key_env` under [providers.{}] to the variable its key is in", self.name);
        }
        format!("look at the key in {}", places.join(" or "))
    }
}

/// What this process was started with. It changes none of it, and reads it once.
fn own_environment() -> &'static Environment {
    static OWN: OnceLock<Environment> = OnceLock::new();
    OWN.get_or_init(Environment::of_process)
}

fn no_environment() -> &'static Environment {
    const NO_VARIABLES: [(&str, &str); 0] = [];
    static NONE: OnceLock<Environment> = OnceLock::new();
    NONE.get_or_init(|| Environment::new(NO_VARIABLES, None))
}

fn address(name: &str, url: &str) -> Result<String> {
    let wrong = || Error::new(Kind::Usage, format!("the `base_url` of `{name}` is no address to call"));
    let parsed = reqwest::Url::parse(url).map_err(|failure| wrong().because(failure))?;
    if !matches!(parsed.scheme(), "http" | "https") {
        return Err(wrong().because("it does not start with `http://` or `https://`"));
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        let named = wrong().because("it holds a user name or a password, which would be kept with every answer");
        return Err(named.hint("use `api_key_env`, `api_key_command` or `api_key_file`"));
    }
    Ok(url.trim_end_matches('/').to_owned())
}

/// What the paths of vendors begin with, and people put at the end of a base URL.
const VERSIONS: [&str; 3] = [COPIED, "/v1", "/v1beta"];

/// The same where somebody's own API stands beside a copy of OpenAI's.
const COPIED: &str = "/openai/v1";

/// A path below a base URL. A version both of them name is named once, and the queries of both stay at the end.
pub fn join(base_url: &str, path: &str) -> String {
    let apart = |whole| str::split_once(whole, '?').unwrap_or((whole, ""));
    let ((base, base_query), (path, path_query)) = (apart(base_url), apart(path));
    let base = base.trim_end_matches('/');
    let mut named = VERSIONS.iter().filter(|version| base.ends_with(**version));
    let below = named.find_map(|version| path.strip_prefix(version).filter(|rest| rest.starts_with('/')));
    let queries: Vec<&str> = [base_query, path_query].into_iter().filter(|query| !query.is_empty()).collect();
    let mark = if queries.is_empty() { "" } else { "?" };
    format!("{base}{}{mark}{}", below.unwrap_or(path), queries.join("&"))
}

/// All providers, by name.
pub struct Registry {
    providers: BTreeMap<String, Arc<Provider>>,
    prices: BTreeMap<String, Price>,
}

impl Registry {
    /// The configured providers and the built-in ones they do not replace. `client` may be handed on to the next
    /// registry, so that new settings keep the connections.
    pub fn new(settings: &Settings, client: &Client) -> Result<Registry> {
        Registry::of(&settings.providers, &settings.prices, client)
    }

    pub(super) fn of(
        configured: &BTreeMap<String, ProviderSettings>,
        prices: &BTreeMap<String, Price>,
        client: &Client,
    ) -> Result<Registry> {
        let built_in = KINDS.iter().map(|kind| ((*kind).to_owned(), built_in(kind)));
        let mut all: BTreeMap<String, ProviderSettings> = built_in.collect();
        all.extend(configured.iter().map(|(name, settings)| (name.clone(), settings.clone())));
        let providers = all
            .iter()
            .map(|(name, settings)| Ok((name.clone(), Arc::new(Provider::new(name, settings, client)?))))
            .collect::<Result<_>>()?;
        Ok(Registry { providers, prices: prices.clone() })
    }

    /// The provider of this name.
    pub fn get(&self, name: &str) -> Option<&Arc<Provider>> {
        self.providers.get(name)
    }

    /// Every provider's name, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.providers.keys().map(String::as_str)
    }

    /// Every provider, by name.
    pub fn providers(&self) -> impl Iterator<Item = &Arc<Provider>> {
        self.providers.values()
    }

    /// Where a model's price comes from: `prices` or `provider` (the settings), or `built-in` (the table of list prices).
    pub fn price_source(&self, provider: &Provider, model: &str) -> Option<&'static str> {
        if self.prices.contains_key(&format!("{}/{model}", provider.name)) {
            return Some("prices");
        }
        provider.price.map(|_| "provider").or_else(|| self.price(provider, model).map(|_| "built-in"))
    }

    /// What a provider charges for a model: `[prices]`, else the provider's own `price`, else the built-in table where
    /// it is the vendor itself that is asked. `None` is unknown, which is not free.
    pub fn price(&self, provider: &Provider, model: &str) -> Option<Price> {
        let overridden = self.prices.get(&format!("{}/{model}", provider.name)).copied();
        overridden.or(provider.price).or_else(|| prices::lookup(provider.vendor()?, model).copied())
    }
}

fn built_in(kind: &str) -> ProviderSettings {
    ProviderSettings {
        kind: kind.to_owned(),
        base_url: None,
        api_key_env: None,
        api_key_command: None,
        api_key_file: None,
        models: Vec::new(),
        price: None,
        timeout: TIMEOUT,
        count_tokens: false,
        pace: Pace::default(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests;
