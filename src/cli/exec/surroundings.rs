//! What the program sees in its environment: the door in place of the vendors, its token in place of their keys.
//!
//! The names are those the vendors' own SDKs read, and where they differ those of LiteLLM and LangChain. Ollama's own client
//! speaks an API that is not cached, and finds the server where it always does: its variable stays as it is.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::api::run::RunReply;
use crate::config::secret::key_sources;
use crate::config::{Environment, Settings};
use crate::exchange::Mode;
use crate::provider;

/// Variables that are removed, and then those that are set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Surroundings {
    /// Names.
    pub removed: BTreeSet<String>,
    /// Names and values.
    pub set: Vec<(String, String)>,
}

/// Variables with the address of a vendor's API, and where below the door that API is.
const ADDRESSES: &[(&str, &str)] = &[
    ("OPENAI_BASE_URL", "/openai/v1"),
    ("OPENAI_API_BASE", "/openai/v1"),
    ("ANTHROPIC_BASE_URL", "/anthropic"),
    ("ANTHROPIC_API_BASE", "/anthropic"),
    ("ANTHROPIC_API_URL", "/anthropic"),
    ("GOOGLE_GEMINI_BASE_URL", "/gemini"),
    ("GEMINI_API_BASE", "/gemini"),
];

/// Variables with a key, which the token stands for.
const KEYS: &[&str] =
    &["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GENERATIVE_AI_API_KEY"];

/// Providers whose own clients, or LiteLLM's and LangChain's for them, read an address from variables of these names: with
/// `_BASE_URL` and with `_API_BASE`. Some put `/openai/v1` behind it, others nothing: the door takes either.
const BY_NAME: &[(&str, &str)] = &[
    ("deepseek", "DEEPSEEK"),
    ("fireworks", "FIREWORKS"),
    ("groq", "GROQ"),
    ("mistral", "MISTRAL"),
    ("openrouter", "OPENROUTER"),
    ("xai", "XAI"),
];

/// Variables with the address of Azure's resource, below which its clients name a deployment; and those with its key.
const AZURE_ADDRESSES: &[&str] = &["AZURE_OPENAI_ENDPOINT", "AZURE_API_BASE"];
const AZURE_KEYS: &[&str] = &["AZURE_OPENAI_API_KEY", "AZURE_API_KEY"];

/// Without a version these clients ask nothing. Whichever it is, it goes no further than the door.
const AZURE_VERSIONS: &[(&str, &str)] = &[("OPENAI_API_VERSION", "2024-10-21"), ("AZURE_API_VERSION", "2024-10-21")];

/// Tokens of Azure's that would go before the key.
const AZURE_TOKENS: &[&str] = &["AZURE_OPENAI_AD_TOKEN", "AZURE_AD_TOKEN"];

/// The provider that Azure's clients are led to; the one of OpenAI's own where there is none of this name.
const AZURE: &str = "azure";

/// Variables that would lead around the door, and keys to more than calls.
const LEADING_AROUND: &[&str] = &[
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_PROXY",
    "OPENAI_ADMIN_KEY",
    "OPENAI_PROXY",
    "OPENAI_ORG_ID",
    "OPENAI_ORGANIZATION",
    "OPENAI_PROJECT_ID",
    "UPSTASH_REDIS_REST_TOKEN",
    "LLMC_REDIS_URL",
    "LLMC_STORE_URL",
];

/// The terms of the run, as an `llmc` within the program is to keep to them: it asks the daemon and not the door.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// How the cache may be used, where anything is said of it.
    pub mode: Option<Mode>,
    /// The tenant.
    pub namespace: Option<String>,
    /// Where answers are recorded.
    pub cassette: Option<PathBuf>,
}

impl Terms {
    fn variables(&self) -> Vec<(String, String)> {
        let mode = self.mode.map(|mode| ("LLMC_MODE", mode.name().to_owned()));
        let namespace = self.namespace.clone().map(|namespace| ("LLMC_NAMESPACE", namespace));
        let cassette =
            self.cassette.as_ref().and_then(|path| path.to_str()).map(|path| ("LLMC_CASSETTE", path.to_owned()));
        [mode, namespace, cassette].into_iter().flatten().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// What a program is to see that comes by this door.
pub fn of_child(door: &RunReply, terms: &Terms, settings: &Settings, environment: &Environment) -> Surroundings {
    let mut removed: BTreeSet<String> = LEADING_AROUND.iter().map(|name| (*name).to_owned()).collect();
    for (name, provider) in &settings.providers {
        let own = provider::dialect(&provider.kind).and_then(provider::Dialect::key_variable);
        removed.extend(key_sources(name, provider, own).variable().map(str::to_owned));
    }
    let mut set = Vec::new();
    for (name, below) in ADDRESSES {
        set.push(((*name).to_owned(), format!("http://{}{below}", door.address)));
    }
    for name in KEYS {
        set.push(((*name).to_owned(), door.token.clone()));
    }
    for (provider, start) in BY_NAME.iter().filter(|(provider, _)| settings.providers.contains_key(*provider)) {
        for end in ["_BASE_URL", "_API_BASE"] {
            set.push((format!("{start}{end}"), format!("http://{}/providers/{provider}", door.address)));
        }
    }
    for (name, value) in azure(door, settings, environment) {
        removed.extend(AZURE_TOKENS.iter().map(|name| (*name).to_owned()));
        set.push((name.to_owned(), value));
    }
    // A provider of another name is asked below the door under that name; its key is the token, too.
    for name in &removed {
        if name.ends_with("_API_KEY") && !set.iter().any(|(known, _)| known == name) {
            set.push((name.clone(), door.token.clone()));
        }
    }
    set.push(("LLMC_RUN".to_owned(), door.run.clone()));
    set.extend(terms.variables());
    set.push(("LLMC_GATEWAY".to_owned(), format!("http://{}", door.address)));
    for name in ["NO_PROXY", "no_proxy"] {
        let others = environment.variable(name).and_then(|value| value.to_str()).unwrap_or_default();
        let host = door.address.split(':').next().unwrap_or_default();
        let all = if others.is_empty() { host.to_owned() } else { format!("{others},{host}") };
        set.push((name.to_owned(), all));
    }
    Surroundings { removed, set }
}

/// What leads Azure's clients to the door. Nothing where they ask a resource that no provider stands for: nobody here could
/// answer in its place.
fn azure(door: &RunReply, settings: &Settings, environment: &Environment) -> Vec<(&'static str, String)> {
    let is_set = |name: &str| environment.variable(name).is_some_and(|value| !value.is_empty());
    let is_known = settings.providers.contains_key(AZURE);
    if !is_known && AZURE_ADDRESSES.iter().any(|name| is_set(name)) {
        return Vec::new();
    }
    let below = if is_known { format!("/providers/{AZURE}") } else { String::new() };
    let addresses = AZURE_ADDRESSES.iter().map(|name| (*name, format!("http://{}{below}", door.address)));
    let keys = AZURE_KEYS.iter().map(|name| (*name, door.token.clone()));
    let versions = AZURE_VERSIONS.iter().filter(|(name, _)| !is_set(name));
    addresses.chain(keys).chain(versions.map(|(name, version)| (*name, (*version).to_owned()))).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::config::settings::ProviderSettings;

    fn child(settings: &Settings, variables: &[(&str, &str)]) -> Surroundings {
        let door = RunReply {
            address: "127.0.0.1:4000".into(),
            token: "llmc-token".into(),
            run: "r1".into(),
            inherits: false,
        };
        of_child(&door, &Terms::default(), settings, &Environment::new(variables.iter().copied(), None))
    }

    fn value<'a>(child: &'a Surroundings, name: &str) -> Option<&'a str> {
        child.set.iter().find(|(set, _)| set == name).map(|(_, value)| value.as_str())
    }

    #[test]
    fn sdks_find_the_door_and_its_token() {
        let child = child(&Settings::default(), &[]);
        assert_eq!(value(&child, "OPENAI_BASE_URL"), Some("http://127.0.0.1:4000/openai/v1"));
        assert_eq!(value(&child, "ANTHROPIC_BASE_URL"), Some("http://127.0.0.1:4000/anthropic"));
        assert_eq!(value(&child, "OPENAI_API_KEY"), Some("llmc-token"));
        assert_eq!(value(&child, "LLMC_RUN"), Some("r1"));
        assert_eq!(value(&child, "NO_PROXY"), Some("127.0.0.1"));
    }

    #[test]
    fn keys_of_every_provider_are_out_of_sight() {
        let mut settings = Settings::default();
        let own = ProviderSettings { api_key_env: Some("SECRET_THING".into()), ..ProviderSettings::of_kind("openai") };
        settings.providers.insert("mine".into(), own);
        let other = ProviderSettings { base_url: Some("http://x/v1".into()), ..ProviderSettings::of_kind("openai") };
        settings.providers.insert("groq".into(), other);

        let child = child(&settings, &[("NO_PROXY", "intern")]);

        for name in ["SECRET_THING", "GROQ_API_KEY", "ANTHROPIC_AUTH_TOKEN", "OPENAI_ADMIN_KEY"] {
            assert!(child.removed.contains(name), "{name}");
        }
        assert_eq!(value(&child, "GROQ_API_KEY"), Some("llmc-token"));
        assert_eq!(value(&child, "GOOGLE_GENERATIVE_AI_API_KEY"), Some("llmc-token"));
        assert_eq!(value(&child, "SECRET_THING"), None);
        assert_eq!(value(&child, "NO_PROXY"), Some("intern,127.0.0.1"));
    }

    #[test]
    fn a_provider_that_is_known_is_found_by_its_own_clients() {
        let mut settings = Settings::default();
        let elsewhere =
            ProviderSettings { base_url: Some("http://x/v1".into()), ..ProviderSettings::of_kind("openai") };
        settings.providers.insert("groq".into(), elsewhere.clone());
        settings.providers.insert("mine".into(), elsewhere);

        let child = child(&settings, &[]);

        for name in ["GROQ_BASE_URL", "GROQ_API_BASE"] {
            assert_eq!(value(&child, name), Some("http://127.0.0.1:4000/providers/groq"), "{name}");
        }
        // Other names may be the program's own.
        for name in ["MINE_BASE_URL", "MISTRAL_BASE_URL"] {
            assert_eq!(value(&child, name), None, "{name}");
        }
    }

    #[test]
    fn azures_clients_are_led_to_whoever_can_answer_in_its_place() {
        let mut settings = Settings::default();
        let elsewhere = [("AZURE_OPENAI_ENDPOINT", "https://mine.example"), ("OPENAI_API_VERSION", "2025-01-01")];

        let unset = child(&settings, &[]);
        assert_eq!(value(&unset, "AZURE_OPENAI_ENDPOINT"), Some("http://127.0.0.1:4000"));
        assert_eq!(value(&unset, "AZURE_OPENAI_API_KEY"), Some("llmc-token"));
        assert!(value(&unset, "OPENAI_API_VERSION").is_some());
        let of_nobody = child(&settings, &elsewhere);
        assert!(
            value(&of_nobody, "AZURE_OPENAI_ENDPOINT").is_none() && value(&of_nobody, "AZURE_OPENAI_API_KEY").is_none()
        );

        let own =
            ProviderSettings { base_url: Some("https://x/openai/v1".into()), ..ProviderSettings::of_kind("openai") };
        settings.providers.insert("azure".into(), own);
        let known = child(&settings, &elsewhere);
        assert_eq!(value(&known, "AZURE_OPENAI_ENDPOINT"), Some("http://127.0.0.1:4000/providers/azure"));
        assert_eq!(value(&known, "OPENAI_API_VERSION"), None);
        assert_eq!(known.set.iter().filter(|(name, _)| name == "AZURE_API_KEY").count(), 1);
        assert!(known.removed.contains("AZURE_OPENAI_AD_TOKEN"));
    }
}
