//! Every setting there is, typed, with its built-in value. Where a value came from is the business of `layers`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::config::secret::Secret;
use crate::exchange::Mode;
use crate::money::{Price, Usd};

/// What `kind` may be. Each is also a provider of that name, without a line of configuration.
pub const KINDS: &[&str] = &["openai", "anthropic", "gemini", "echo"];

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// The settings in force, all layers resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// `provider/model`, a bare model or an alias.
    pub default_model: Option<String>,
    /// `[cache]`
    pub cache: CacheSettings,
    /// `[store]`
    pub store: StoreSettings,
    /// `[rate_limit]`
    pub rate_limit: RateLimitSettings,
    /// `[budget]`
    pub budget: BudgetSettings,
    /// `[session]`
    pub session: SessionSettings,
    /// `[http]`
    pub http: HttpSettings,
    /// `[retry]`
    pub retry: RetrySettings,
    /// `[routing]`
    pub routing: RoutingSettings,
    /// `[daemon]`
    pub daemon: DaemonSettings,
    /// `[log]`
    pub log: LogSettings,
    /// `[providers.NAME]`
    pub providers: BTreeMap<String, ProviderSettings>,
    /// `[prices."provider/model"]`: overrides of the built-in table.
    pub prices: BTreeMap<String, Price>,
    /// `[aliases]`
    pub aliases: BTreeMap<String, String>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            default_model: None,
            cache: CacheSettings::default(),
            store: StoreSettings::default(),
            rate_limit: RateLimitSettings::default(),
            budget: BudgetSettings::default(),
            session: SessionSettings::default(),
            http: HttpSettings::default(),
            retry: RetrySettings::default(),
            routing: RoutingSettings::default(),
            daemon: DaemonSettings::default(),
            log: LogSettings::default(),
            providers: KINDS.iter().map(|kind| ((*kind).to_owned(), ProviderSettings::of_kind(kind))).collect(),
            prices: BTreeMap::new(),
            aliases: BTreeMap::new(),
        }
    }
}

/// `[cache]`
#[derive(Clone, Debug, PartialEq)]
pub struct CacheSettings {
    /// False is `mode = "off"`.
    pub enabled: bool,
    /// The mode where none is asked for.
    pub mode: Mode,
    /// How long a new answer stays fresh.
    pub ttl: Duration,
    /// What keys start with in a shared store.
    pub prefix: String,
    /// Tenants that share nothing.
    pub namespace: String,
    /// Bytes the embedded store may hold.
    pub max_size: u64,
    /// Bytes the first tier in memory may hold.
    pub memory_size: u64,
    /// How long past its freshness an answer may stand in for a failing provider.
    pub stale_if_error: Duration,
    /// How long past its freshness an answer may be served while a new one is fetched.
    pub stale_while_revalidate: Duration,
}

impl Default for CacheSettings {
    fn default() -> CacheSettings {
        CacheSettings {
            enabled: true,
            mode: Mode::Auto,
            ttl: HOUR,
            prefix: "llm:cache".to_owned(),
            namespace: "default".to_owned(),
            max_size: 1 << 30,
            memory_size: 32 << 20,
            stale_if_error: 24 * HOUR,
            stale_while_revalidate: Duration::ZERO,
        }
    }
}

/// `[store]`
#[derive(Clone, Debug, PartialEq)]
pub struct StoreSettings {
    /// Where answers live.
    pub backend: Backend,
    /// Where the shared store is. A secret: a password may be part of it.
    pub url: Option<Secret>,
    /// A file that holds the token of a store asked over REST.
    pub token_file: Option<PathBuf>,
    /// A command that prints that token.
    pub token_command: Option<String>,
    /// How long a look-up in a shared store may take before it counts as a miss.
    pub timeout: Duration,
    /// What a power loss may cost.
    pub durability: Durability,
}

impl Default for StoreSettings {
    fn default() -> StoreSettings {
        StoreSettings {
            backend: Backend::Embedded,
            url: None,
            token_file: None,
            token_command: None,
            timeout: Duration::from_millis(100),
            durability: Durability::Normal,
        }
    }
}

/// `store.backend`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// One SQLite file under the data folder.
    Embedded,
    /// A Redis or Valkey server that many daemons share.
    Redis,
    /// The same over Upstash's REST API.
    Upstash,
    /// Nothing outlives the daemon.
    Memory,
}

/// `store.durability`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// A power loss costs at most the last second; `kill -9` nothing.
    Normal,
    /// A power loss costs nothing; every kept answer waits for the disk.
    Full,
}

/// `[rate_limit]`: admissions per user in any `window`.
#[derive(Clone, Debug, PartialEq)]
pub struct RateLimitSettings {
    /// The sliding window.
    pub window: Duration,
    /// Calls to a model.
    pub llm: u32,
    /// Reads.
    pub standard: u32,
    /// Purges, exports, imports.
    pub expensive: u32,
    /// Whether a hit spends a place.
    pub count_hits: bool,
    /// What holds while the store cannot be asked.
    pub when_store_down: WhenStoreDown,
}

/// `rate_limit.when_store_down`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenStoreDown {
    /// Each daemon enforces the limit by itself.
    Local,
    /// Nobody is admitted.
    Deny,
    /// Everybody is.
    Allow,
}

impl Default for RateLimitSettings {
    fn default() -> RateLimitSettings {
        RateLimitSettings {
            window: MINUTE,
            llm: 20,
            standard: 100,
            expensive: 10,
            count_hits: false,
            when_store_down: WhenStoreDown::Local,
        }
    }
}

/// What may be spent by day and by month, in UTC; without a ceiling where `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ceiling {
    /// In a day.
    pub daily: Option<Usd>,
    /// In a month.
    pub monthly: Option<Usd>,
}

/// `[budget]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetSettings {
    /// Of everybody on the store.
    pub all: Ceiling,
    /// Of each namespace, `[budget.namespaces.NAME]`.
    pub namespaces: BTreeMap<String, Ceiling>,
    /// The share, in thousandths, from which answers carry a warning.
    pub warn_at: u32,
    /// What becomes of a model without a price.
    pub unpriced: Unpriced,
}

/// `budget.unpriced`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unpriced {
    /// It is called, with a warning that nothing counts it.
    Allow,
    /// It is not.
    Deny,
}

impl Default for BudgetSettings {
    fn default() -> BudgetSettings {
        BudgetSettings { all: Ceiling::default(), namespaces: BTreeMap::new(), warn_at: 800, unpriced: Unpriced::Allow }
    }
}

/// `[session]`
#[derive(Clone, Debug, PartialEq)]
pub struct SessionSettings {
    /// How long a session is kept after its last use, where it has no span of its own.
    pub ttl: Duration,
    /// What the names of sessions start with in the store.
    pub prefix: String,
}

impl Default for SessionSettings {
    fn default() -> SessionSettings {
        SessionSettings { ttl: 24 * HOUR, prefix: "session".to_owned() }
    }
}

/// `[http]`: the door for programs that know no sockets.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpSettings {
    /// The loopback address and port it listens on; `None` is off.
    pub listen: Option<String>,
    /// The largest body that is read whole, in bytes.
    pub max_body: u64,
    /// Connections at a time.
    pub max_connections: u32,
}

impl Default for HttpSettings {
    fn default() -> HttpSettings {
        HttpSettings { listen: None, max_body: 8 << 20, max_connections: 1024 }
    }
}

/// `[retry]`
#[derive(Clone, Debug, PartialEq)]
pub struct RetrySettings {
    /// Calls in all, the first among them.
    pub max_attempts: u32,
    /// The first wait's ceiling; it doubles with each attempt.
    pub base_delay: Duration,
    /// The longest wait, a provider's `Retry-After` included: one that asks for more is told to the asker.
    pub max_delay: Duration,
}

impl Default for RetrySettings {
    fn default() -> RetrySettings {
        RetrySettings { max_attempts: 4, base_delay: Duration::from_millis(500), max_delay: MINUTE }
    }
}

/// `[routing]`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RoutingSettings {
    /// The models asked in turn where the first fails.
    pub fallback: Vec<String>,
}

/// `[daemon]`
#[derive(Clone, Debug, PartialEq)]
pub struct DaemonSettings {
    /// Leave after this long without a request; zero stays.
    pub idle_exit: Duration,
    /// How long `stop` waits for calls in the air.
    pub drain: Duration,
}

impl Default for DaemonSettings {
    fn default() -> DaemonSettings {
        DaemonSettings { idle_exit: Duration::ZERO, drain: Duration::from_secs(30) }
    }
}

/// `[log]`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogSettings {
    /// What a line of the daemon's log looks like.
    pub format: LogFormat,
}

impl Default for LogSettings {
    fn default() -> LogSettings {
        LogSettings { format: LogFormat::Text }
    }
}

/// `log.format`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// An object a line.
    Json,
}

/// `[providers.NAME]`
#[derive(Clone, Debug, PartialEq)]
pub struct ProviderSettings {
    /// Whose API it speaks: `openai`, `anthropic`, `gemini` or `echo`.
    pub kind: String,
    /// Where it is; the kind's own where `None`. No slash at the end.
    pub base_url: Option<String>,
    /// The environment variable its key is in; the kind's own where `None`.
    pub api_key_env: Option<String>,
    /// A command that prints the key.
    pub api_key_command: Option<String>,
    /// A file that holds the key.
    pub api_key_file: Option<PathBuf>,
    /// The models it has, for bare names.
    pub models: Vec<String>,
    /// One price for all its models.
    pub price: Option<Price>,
    /// The longest a whole call may take.
    pub timeout: Duration,
    /// Whether it is asked how many tokens a prompt is, where something is measured by them.
    pub count_tokens: bool,
    /// How fast it may be asked.
    pub pace: Pace,
}

/// How fast a provider may be asked; as fast as it likes where `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// Calls in any minute, of all daemons on the store.
    pub requests_per_minute: Option<u32>,
    /// Tokens in any minute, prompts and answers together, of all daemons on the store.
    pub tokens_per_minute: Option<u32>,
    /// Calls at a time, of this daemon.
    pub max_concurrent: Option<u32>,
}

impl ProviderSettings {
    /// A provider of a kind, everything else as the kind has it.
    pub fn of_kind(kind: &str) -> ProviderSettings {
        ProviderSettings {
            kind: kind.to_owned(),
            base_url: None,
            api_key_env: None,
            api_key_command: None,
            api_key_file: None,
            models: Vec::new(),
            price: None,
            timeout: 10 * MINUTE,
            count_tokens: false,
            pace: Pace::default(),
        }
    }
}

impl Settings {
    /// What a model's name stands for: an alias's target, else itself.
    pub fn meant<'a>(&'a self, model: &'a str) -> &'a str {
        self.aliases.get(model).map_or(model, String::as_str)
    }
}
