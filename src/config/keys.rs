//! The one table of keys. Reading, showing, setting, the template and the documentation follow from it.

use std::fmt::Write as _;
use std::time::Duration;

use crate::config::schema::{Known, Shape, Slot, known};
use crate::config::settings::{Ceiling, ProviderSettings, Settings};

const ZERO: Duration = Duration::ZERO;
const A_MILLISECOND: Duration = Duration::from_millis(1);
const A_SECOND: Duration = Duration::from_secs(1);
/// In bytes; less holds no long answer, and is most likely meant in another unit.
const LEAST_CACHE: u64 = 64 << 10;

/// Every key there is, in the order of the template; keys of one table stand together.
pub static KEYS: &[Known] = &[
    known("default_model", Slot::MaybeText(|s, _| &mut s.default_model, Shape::Plain))
        .about("The model where none is named: `provider/model`, a bare model or an alias.")
        .variable("LLMC_DEFAULT_MODEL")
        .flag_variable("LLMC_MODEL")
        .for_projects()
        .example("\"openai/gpt-4o\""),
    known("cache.enabled", Slot::Flag(|s, _| &mut s.cache.enabled))
        .about("False is the same as `mode = \"off\"`.")
        .variable("LLMC_CACHE_ENABLED"),
    known("cache.mode", Slot::Mode(|s, _| &mut s.cache.mode))
        .about("`auto`, `replay` (never call out), `refresh` (always call, keep the answer) or `off`.")
        .variable("LLMC_CACHE_MODE")
        .flag_variable("LLMC_MODE")
        .for_projects(),
    known("cache.ttl", Slot::Span(|s, _| &mut s.cache.ttl, ZERO))
        .about("How long a new answer stays fresh.")
        .variable("LLMC_CACHE_TTL")
        .flag_variable("LLMC_TTL")
        .for_projects(),
    known("cache.prefix", Slot::Text(|s, _| &mut s.cache.prefix, Shape::Label))
        .about("What keys start with in a shared store.")
        .variable("LLMC_CACHE_PREFIX"),
    known("cache.namespace", Slot::Text(|s, _| &mut s.cache.namespace, Shape::Label))
        .about("Namespaces share no answers.")
        .variable("LLMC_CACHE_NAMESPACE")
        .flag_variable("LLMC_NAMESPACE")
        .for_projects(),
    known("cache.max_size", Slot::Size(|s, _| &mut s.cache.max_size, LEAST_CACHE))
        .about("Bytes the embedded store may hold; least recently used answers go first.")
        .variable("LLMC_CACHE_MAX_SIZE"),
    known("cache.memory_size", Slot::Size(|s, _| &mut s.cache.memory_size, 0))
        .about("Bytes of answers held in memory before the store is asked.")
        .variable("LLMC_CACHE_MEMORY_SIZE"),
    known("cache.stale_if_error", Slot::Span(|s, _| &mut s.cache.stale_if_error, ZERO))
        .about("How long past its freshness an answer may stand in for a failing provider.")
        .variable("LLMC_CACHE_STALE_IF_ERROR"),
    known("cache.stale_while_revalidate", Slot::Span(|s, _| &mut s.cache.stale_while_revalidate, ZERO))
        .about("How long past its freshness an answer may be served while a new one is fetched.")
        .variable("LLMC_CACHE_STALE_WHILE_REVALIDATE"),
    known("store.backend", Slot::Backend(|s, _| &mut s.store.backend))
        .about("Where answers live: `embedded` (one SQLite file), `redis`, `upstash` or `memory`.")
        .variable("LLMC_STORE_BACKEND"),
    known("store.url", Slot::StoreUrl(|s, _| &mut s.store.url))
        .about("Where the shared store is; also `LLMC_REDIS_URL`, and `UPSTASH_REDIS_REST_URL` for `upstash`.")
        .variable("LLMC_STORE_URL")
        .example("\"redis://127.0.0.1:6379\""),
    known("store.token_file", Slot::File(|s, _| &mut s.store.token_file))
        .about("A file the token of `upstash` is in, where `UPSTASH_REDIS_REST_TOKEN` is not set.")
        .variable("LLMC_STORE_TOKEN_FILE")
        .example("\"~/.secrets/upstash\""),
    known("store.token_command", Slot::MaybeText(|s, _| &mut s.store.token_command, Shape::Plain))
        .about("A command that prints that token.")
        .variable("LLMC_STORE_TOKEN_COMMAND")
        .example("\"pass show upstash\""),
    known("store.timeout", Slot::Span(|s, _| &mut s.store.timeout, A_MILLISECOND))
        .about("How long a look-up in a shared store may take; after that it counts as a miss.")
        .variable("LLMC_STORE_TIMEOUT"),
    known("store.durability", Slot::Durability(|s, _| &mut s.store.durability))
        .about("What a power loss may cost: `normal` (the last second) or `full` (nothing).")
        .variable("LLMC_STORE_DURABILITY"),
    known("rate_limit.window", Slot::Span(|s, _| &mut s.rate_limit.window, A_MILLISECOND))
        .about("The sliding window of the limits below.")
        .variable("LLMC_RATE_LIMIT_WINDOW")
        .travelling(),
    known("rate_limit.llm", Slot::Count(|s, _| &mut s.rate_limit.llm, 0))
        .about("Calls to a model in a window.")
        .variable("LLMC_RATE_LIMIT_LLM")
        .travelling(),
    known("rate_limit.standard", Slot::Count(|s, _| &mut s.rate_limit.standard, 0))
        .about("Reads in a window.")
        .variable("LLMC_RATE_LIMIT_STANDARD")
        .travelling(),
    known("rate_limit.expensive", Slot::Count(|s, _| &mut s.rate_limit.expensive, 0))
        .about("Purges, exports and imports in a window.")
        .variable("LLMC_RATE_LIMIT_EXPENSIVE")
        .travelling(),
    known("rate_limit.count_hits", Slot::Flag(|s, _| &mut s.rate_limit.count_hits))
        .about("Whether an answer from the cache counts as a call.")
        .variable("LLMC_RATE_LIMIT_COUNT_HITS")
        .travelling(),
    known("rate_limit.when_store_down", Slot::WhenStoreDown(|s, _| &mut s.rate_limit.when_store_down))
        .about("While a shared store is away: `local` (each daemon holds the limit by itself), `deny` or `allow`.")
        .variable("LLMC_RATE_LIMIT_WHEN_STORE_DOWN")
        .travelling(),
    known("budget.daily_usd", Slot::MaybeDollars(|s, _| &mut s.budget.all.daily))
        .about("US dollars that may be spent in a day (UTC), by everybody on the store.")
        .variable("LLMC_BUDGET_DAILY_USD")
        .travelling()
        .example("5.0"),
    known("budget.monthly_usd", Slot::MaybeDollars(|s, _| &mut s.budget.all.monthly))
        .about("The same in a month.")
        .variable("LLMC_BUDGET_MONTHLY_USD")
        .travelling()
        .example("50.0"),
    known("budget.warn_at", Slot::Share(|s, _| &mut s.budget.warn_at))
        .about("The share of a budget from which answers carry a warning.")
        .variable("LLMC_BUDGET_WARN_AT")
        .travelling(),
    known("budget.unpriced", Slot::Unpriced(|s, _| &mut s.budget.unpriced))
        .about("A model without a price under a budget: `allow` (called, with a warning) or `deny`.")
        .variable("LLMC_BUDGET_UNPRICED")
        .travelling(),
    known("budget.namespaces.*.daily_usd", Slot::MaybeDollars(|s, name| &mut ceiling(s, name).daily))
        .about("US dollars that may be spent in a day in this namespace.")
        .example("1.0"),
    known("budget.namespaces.*.monthly_usd", Slot::MaybeDollars(|s, name| &mut ceiling(s, name).monthly))
        .about("The same in a month.")
        .example("10.0"),
    known("session.ttl", Slot::Span(|s, _| &mut s.session.ttl, A_SECOND))
        .about("How long a session is kept after its last use.")
        .variable("LLMC_SESSION_TTL"),
    known("session.prefix", Slot::Text(|s, _| &mut s.session.prefix, Shape::Label))
        .about("What the names of sessions start with in the store.")
        .variable("LLMC_SESSION_PREFIX"),
    known("http.listen", Slot::MaybeText(|s, _| &mut s.http.listen, Shape::Loopback))
        .about(
            "Where programs that know no sockets ask, with the token of `llmc daemon token`; off where it is not set.",
        )
        .variable("LLMC_HTTP_LISTEN")
        .example("\"127.0.0.1:4180\""),
    known("http.max_body", Slot::Size(|s, _| &mut s.http.max_body, 1))
        .about("The largest request there, but for what passes through to a provider.")
        .variable("LLMC_HTTP_MAX_BODY"),
    known("http.max_connections", Slot::Count(|s, _| &mut s.http.max_connections, 1))
        .about("Connections there at a time.")
        .variable("LLMC_HTTP_MAX_CONNECTIONS"),
    known("retry.max_attempts", Slot::Count(|s, _| &mut s.retry.max_attempts, 1))
        .about("Calls in all, the first among them.")
        .variable("LLMC_RETRY_MAX_ATTEMPTS")
        .travelling(),
    known("retry.base_delay", Slot::Span(|s, _| &mut s.retry.base_delay, ZERO))
        .about("The first wait is at most this; it doubles with each attempt.")
        .variable("LLMC_RETRY_BASE_DELAY")
        .travelling(),
    known("retry.max_delay", Slot::Span(|s, _| &mut s.retry.max_delay, ZERO))
        .about("The longest wait, also where the provider asks for more.")
        .variable("LLMC_RETRY_MAX_DELAY")
        .travelling(),
    known("routing.fallback", Slot::Texts(|s, _| &mut s.routing.fallback))
        .about("The models `generate` asks in turn where the first is away, failing, too slow or too busy.")
        .variable("LLMC_ROUTING_FALLBACK")
        .travelling(),
    known("daemon.idle_exit", Slot::Span(|s, _| &mut s.daemon.idle_exit, ZERO))
        .about("Leave after so long without a request; `0s` stays.")
        .variable("LLMC_DAEMON_IDLE_EXIT"),
    known("daemon.drain", Slot::Span(|s, _| &mut s.daemon.drain, ZERO))
        .about("How long `stop` waits for calls in the air.")
        .variable("LLMC_DAEMON_DRAIN"),
    known("log.format", Slot::LogFormat(|s, _| &mut s.log.format))
        .about("What a line of the daemon's log looks like: `text` or `json`.")
        .variable("LLMC_LOG_FORMAT"),
    known("providers.*.kind", Slot::Text(|s, name| &mut provider(s, name).kind, Shape::Kind))
        .about("Whose API it speaks: `openai`, `anthropic`, `gemini` or `echo`.")
        .example("\"openai\""),
    known("providers.*.base_url", Slot::MaybeText(|s, name| &mut provider(s, name).base_url, Shape::Url))
        .about("Where it is, where that is not the kind's own place.")
        .example("\"http://127.0.0.1:8080/v1\""),
    known("providers.*.models", Slot::Texts(|s, name| &mut provider(s, name).models))
        .about("Its models, so that they can be asked for without the provider's name.")
        .example("[\"smollm2\"]"),
    known("providers.*.api_key_env", Slot::MaybeText(|s, name| &mut provider(s, name).api_key_env, Shape::Variable))
        .about("The environment variable its key is in.")
        .example("\"LOCAL_API_KEY\""),
    known(
        "providers.*.api_key_command",
        Slot::MaybeText(|s, name| &mut provider(s, name).api_key_command, Shape::Plain),
    )
    .about("A command that prints its key.")
    .example("\"pass show local\""),
    known("providers.*.api_key_file", Slot::File(|s, name| &mut provider(s, name).api_key_file))
        .about("A file its key is in; a relative path starts at this file's folder.")
        .example("\"~/.secrets/local\""),
    known("providers.*.price", Slot::MaybePrice(|s, name| &mut provider(s, name).price))
        .about("What all its models cost, in US dollars per million tokens.")
        .example("{ input = 0.0, output = 0.0 }"),
    known("providers.*.timeout", Slot::Span(|s, name| &mut provider(s, name).timeout, A_SECOND))
        .about("The longest a whole call may take.")
        .example("\"10m\""),
    known("providers.*.count_tokens", Slot::Flag(|s, name| &mut provider(s, name).count_tokens))
        .about("Ask it how many tokens a prompt is before a call that a budget, `--max-cost` or `tokens_per_minute` measures.")
        .example("true"),
    known(
        "providers.*.requests_per_minute",
        Slot::MaybeCount(|s, name| &mut provider(s, name).pace.requests_per_minute, 1),
    )
    .about("Calls in any minute, by everybody on the store; further ones wait.")
    .example("500"),
    known(
        "providers.*.tokens_per_minute",
        Slot::MaybeCount(|s, name| &mut provider(s, name).pace.tokens_per_minute, 1),
    )
    .about("Tokens in any minute, prompts and answers, by everybody on the store; further calls wait.")
    .example("200000"),
    known("providers.*.max_concurrent", Slot::MaybeCount(|s, name| &mut provider(s, name).pace.max_concurrent, 1))
        .about("Calls at a time, by one daemon; further ones wait, first come, first served.")
        .example("8"),
    known("prices.*", Slot::Price(|s, name| s.prices.entry(name.to_owned()).or_default()))
        .about("What `provider/model` costs, in US dollars per million tokens, in place of the built-in price.")
        .example("{ input = 2.5, output = 10.0, cached_input = 1.25 }"),
    known("aliases.*", Slot::Text(|s, name| s.aliases.entry(name.to_owned()).or_default(), Shape::Plain))
        .about("A short name for a model.")
        .for_projects()
        .example("\"openai/gpt-4o-mini\""),
];

fn ceiling<'a>(settings: &'a mut Settings, namespace: &str) -> &'a mut Ceiling {
    settings.budget.namespaces.entry(namespace.to_owned()).or_default()
}

fn provider<'a>(settings: &'a mut Settings, name: &str) -> &'a mut ProviderSettings {
    // A new provider has no kind until its own `kind` line is read; the reader refuses one that never comes.
    settings.providers.entry(name.to_owned()).or_insert_with(|| ProviderSettings::of_kind(""))
}

/// The key of a path, and the name in it.
pub fn find<'a>(path: &[&'a str]) -> Option<(&'static Known, &'a str)> {
    KEYS.iter().find_map(|known| Some((known, known.name_in(path)?)))
}

/// The variables that go with each request.
pub fn travelling_variables() -> impl Iterator<Item = &'static str> {
    KEYS.iter().filter(|key| key.travels).filter_map(|key| key.variable)
}

/// What the names of all variables of llmc's own begin with.
pub const VARIABLE_START: &str = "LLMC_";

/// Variables that stand for no setting.
#[rustfmt::skip]
static OTHER_VARIABLES: [&str; 31] = [
    "LLMC_CASSETTE", "LLMC_COLOR", "LLMC_COMPLETE", "LLMC_CONFIG", "LLMC_COUNT", "LLMC_DATA_DIR", "LLMC_GATEWAY",
    "LLMC_JSON", "LLMC_LOG", "LLMC_MAX_AGE", "LLMC_MAX_COST", "LLMC_MAX_TOKENS", "LLMC_NO_DAEMON", "LLMC_NO_PROGRESS",
    "LLMC_NO_STDIN", "LLMC_PROVIDER", "LLMC_QUIET", "LLMC_REDIS_URL", "LLMC_REQUIRE_DAEMON", "LLMC_RETRIES", "LLMC_RUN",
    "LLMC_SEED", "LLMC_SOCKET", "LLMC_STATE_DIR", "LLMC_SYSTEM", "LLMC_TEMPERATURE", "LLMC_TIMEOUT", "LLMC_TOP_P",
    "LLMC_USAGE", "LLMC_VERBOSE", "LLMC_WAIT",
];

/// Every variable of llmc's own.
pub fn variables() -> impl Iterator<Item = &'static str> {
    let of_settings = KEYS.iter().flat_map(|key| [key.variable, key.flag_variable]).flatten();
    of_settings.chain(OTHER_VARIABLES)
}

/// The variable that an unknown one was most likely meant to be. `None` for one there is, and for one that is like none:
/// others may have variables whose names begin like llmc's.
pub fn meant_variable(typed: &str) -> Option<&'static str> {
    let word = typed.strip_prefix(VARIABLE_START)?;
    if variables().any(|known| known == typed) {
        return None;
    }
    // A slip or two; in a short word one makes another word.
    let most = if word.len() < 6 { 1 } else { 2 };
    let distance = |known: &str| strsim::damerau_levenshtein(typed, known);
    let (distance, nearest) =
        variables().map(|known| (distance(known), known)).min_by_key(|(distance, _)| *distance)?;
    (distance <= most).then_some(nearest)
}

/// The known key a wrong one was most likely meant to be, with the names it used.
pub fn nearest(segments: &[&str]) -> String {
    let typed = dotted(segments);
    let leaf = segments.last().copied().unwrap_or_default();
    let distance = |candidate: &str| {
        let own_leaf = candidate.rsplit('.').next().unwrap_or(candidate);
        let whole = strsim::damerau_levenshtein(&typed, candidate);
        // The right word in the wrong table, or part of one, is nearer than most slips.
        if own_leaf == leaf {
            whole.min(1)
        } else if own_leaf.split('_').any(|word| word == leaf) {
            whole.min(2)
        } else {
            whole
        }
    };
    KEYS.iter().map(|key| filled(key.path, segments)).min_by_key(|candidate| distance(candidate)).unwrap_or_default()
}

/// A pattern with the names of what was typed, so far as they go together.
fn filled(path: &str, segments: &[&str]) -> String {
    let mut out = Vec::new();
    for (index, word) in path.split('.').enumerate() {
        let typed = segments.get(index).copied().filter(|_| segments.first() == path.split('.').next().as_ref());
        out.push(match (word, typed) {
            ("*", Some(name)) => dotted(&[name]),
            ("*", None) => "NAME".to_owned(),
            (word, _) => word.to_owned(),
        });
    }
    out.join(".")
}

/// A path as TOML writes it: names that need quotes have them.
pub fn dotted(segments: &[&str]) -> String {
    let mut out = String::with_capacity(32);
    for (index, segment) in segments.iter().enumerate() {
        if index > 0 {
            out.push('.');
        }
        let is_bare = !segment.is_empty()
            && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        if is_bare {
            out.push_str(segment);
        } else {
            let _ = write!(out, "{segment:?}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_held_for_a_slip_only_where_it_is_near_to_one() {
        for (typed, meant) in [
            ("LLMC_MODLE", Some("LLMC_MODEL")),
            ("LLMC_CASETTE", Some("LLMC_CASSETTE")),
            ("LLMC_NAME_SPACE", Some("LLMC_NAMESPACE")),
            ("LLMC_RATELIMIT_LLM", Some("LLMC_RATE_LIMIT_LLM")),
            ("LLMC_TLL", Some("LLMC_TTL")),
            ("LLMC_MODEL", None),
            ("LLMC_IMAGE_TAG", None),
            ("LLMC_URL", None),
            ("LLMC_", None),
            ("OTHER_MODLE", None),
        ] {
            assert_eq!(meant_variable(typed), meant, "{typed}");
        }
    }

    #[test]
    fn the_nearest_key_is_the_one_that_was_meant() {
        for (typed, meant) in [
            (&["cache", "tll"][..], "cache.ttl"),
            (&["cashe", "ttl"], "cache.ttl"),
            (&["ttl"], "cache.ttl"),
            (&["namespace"], "cache.namespace"),
            (&["model"], "default_model"),
            (&["providers", "local", "baseurl"], "providers.local.base_url"),
            (&["providers", "openai", "api_key"], "providers.openai.api_key_env"),
        ] {
            assert_eq!(nearest(typed), meant);
        }
    }
}
