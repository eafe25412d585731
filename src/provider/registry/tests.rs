//! Providers as settings have them: their addresses, their prices, their keys.

use futures_util::StreamExt;

use super::*;
use crate::exchange::Finish;
use crate::money::TokenPrice;

pub(in crate::provider) fn at(kind: &str, base_url: &str, models: &[&str]) -> ProviderSettings {
    ProviderSettings {
        base_url: Some(base_url.to_owned()),
        models: models.iter().map(|model| (*model).to_owned()).collect(),
        ..built_in(kind)
    }
}

pub(in crate::provider) fn registry<const N: usize>(configured: [(&str, ProviderSettings); N]) -> Registry {
    try_registry(configured).unwrap()
}

fn try_registry<const N: usize>(configured: [(&str, ProviderSettings); N]) -> Result<Registry> {
    let configured = configured.map(|(name, settings)| (name.to_owned(), settings));
    Registry::of(&BTreeMap::from(configured), &BTreeMap::new(), &Client::new())
}

fn dollars(input: f64) -> Price {
    Price { input: TokenPrice::from_dollars_per_million(input).unwrap(), ..Price::default() }
}

#[test]
fn the_built_in_providers_are_there_unconfigured() {
    let registry = registry([]);
    assert_eq!(registry.names().collect::<Vec<_>>(), ["anthropic", "echo", "gemini", "openai"]);
    for kind in KINDS {
        assert_eq!(registry.get(kind).unwrap().kind(), *kind);
    }
}

#[test]
fn a_configured_provider_replaces_the_built_in_one() {
    let registry = registry([("openai", at("openai", "http://127.0.0.1:1/v1/", &[]))]);
    assert_eq!(registry.get("openai").unwrap().base_url, "http://127.0.0.1:1/v1");
}

#[test]
fn a_copy_of_openais_api_is_asked_below_its_own_place_too() {
    let registry = registry([
        ("copy", at("openai", "https://x.example/openai/v1", &[])),
        ("plain", at("openai", "https://x.example/v1", &[])),
    ]);
    let is_asked_at = |name, path| registry.get(name).unwrap().asked_at(path).is_some();

    for path in ["/openai/v1/chat/completions", "/v1/chat/completions", "/chat/completions"] {
        assert!(is_asked_at("copy", path), "{path}");
    }
    assert!(!is_asked_at("plain", "/openai/v1/chat/completions"));
}

#[test]
fn a_version_in_both_base_and_path_is_named_once() {
    assert_eq!(join("http://127.0.0.1:8080/v1", "/v1/messages"), "http://127.0.0.1:8080/v1/messages");
    assert_eq!(join("http://127.0.0.1:8080", "/v1/messages"), "http://127.0.0.1:8080/v1/messages");
    assert_eq!(join("http://h/v1/", "/chat/completions"), "http://h/v1/chat/completions");
    assert_eq!(join("http://h/openai/v1", "/openai/v1/models"), "http://h/openai/v1/models");
    assert_eq!(join("http://h/openai/v1", "/v1/models"), "http://h/openai/v1/models");
    assert_eq!(join("http://h/v1", "/openai/v1/models"), "http://h/v1/openai/v1/models");
    assert_eq!(join("http://h/v1", "/v1beta/x"), "http://h/v1/v1beta/x");
    assert_eq!(join("http://h/v1beta/", "/v1beta/x"), "http://h/v1beta/x");
    assert_eq!(join("http://h/d?api-version=1", "/chat"), "http://h/d/chat?api-version=1");
    assert_eq!(join("http://h/d?a=1", "/chat?b=2"), "http://h/d/chat?a=1&b=2");
}

#[test]
fn the_vendors_own_paths_are_whole() {
    let registry = registry([]);
    let url = |name: &str| {
        let provider = registry.get(name).unwrap();
        provider.url(provider.dialect, "m", Form::Plain)
    };
    assert_eq!(url("openai"), "https://api.openai.com/v1/chat/completions");
    assert_eq!(url("anthropic"), "https://api.anthropic.com/v1/messages");
    assert!(url("gemini").ends_with("googleapis.com/v1beta/models/m:generateContent"));
    assert!(url("echo").starts_with("echo:/"));
}

#[test]
fn settings_that_cannot_work_are_refused() {
    for (name, settings) in [
        ("x", built_in("opneai")),
        ("x", at("openai", "127.0.0.1:8080", &[])),
        ("x", at("openai", "file:///etc/passwd", &[])),
        ("x", at("openai", "https://me:secret@h/v1", &[])),
        ("a/b", built_in("echo")),
        ("", built_in("echo")),
    ] {
        let error = try_registry([(name, settings)]).err().unwrap();
        assert_eq!(error.kind(), Kind::Usage);
        assert!(!format!("{error:?}").contains("secret"));
    }
}

#[test]
fn a_vendors_price_is_only_the_vendors() {
    let registry = registry([
        ("groq", at("openai", "https://api.groq.com/openai/v1", &[])),
        ("local", at("openai", "http://127.0.0.1:8080/v1", &[])),
    ]);
    let price = |name: &str, model: &str| registry.price(registry.get(name).unwrap(), model);
    assert_eq!(price("openai", "gpt-4o-mini").unwrap().input, TokenPrice(150_000));
    assert_eq!(price("groq", "openai/gpt-oss-20b").unwrap().input, TokenPrice(75_000));
    assert_eq!(price("groq", "gpt-4o-mini"), None);
    assert_eq!(price("local", "gpt-4o-mini"), None);
    assert_eq!(price("openai", "gpt-99"), None);
    assert_eq!(price("echo", "echo"), Some(Price::default()));
}

#[test]
fn the_nearest_price_counts() {
    let mut local = at("openai", "http://127.0.0.1:8080/v1", &[]);
    local.price = Some(Price::default());
    let providers = BTreeMap::from([("local".to_owned(), local)]);
    let prices = BTreeMap::from([("local/big".to_owned(), dollars(7.0)), ("openai/gpt-4o".to_owned(), dollars(8.0))]);

    let registry = Registry::of(&providers, &prices, &Client::new()).unwrap();

    let price = |name: &str, model: &str| registry.price(registry.get(name).unwrap(), model);
    assert_eq!(price("local", "big"), Some(dollars(7.0)));
    assert_eq!(price("local", "small"), Some(Price::default()));
    assert_eq!(price("openai", "gpt-4o"), Some(dollars(8.0)));
}

#[test]
fn only_a_vendor_is_sure_to_want_a_key() {
    let registry = registry([("local", at("openai", "http://127.0.0.1:8080/v1", &[]))]);
    let needs = |name: &str| registry.get(name).unwrap().needs_key();
    assert!(needs("openai") && needs("anthropic"));
    assert!(!needs("local") && !needs("echo"));
}

#[tokio::test]
async fn a_missing_key_is_told_with_the_place_to_set_it() {
    let registry = registry([]);
    let missing = registry.get("anthropic").unwrap().find_key(false).await.unwrap_err();
    assert_eq!(missing.kind(), Kind::Key);
    assert!(missing.hint_text().unwrap().contains("ANTHROPIC_API_KEY"));
}

#[tokio::test]
async fn echo_is_understood_by_its_own_dialect_in_either_form() {
    let registry = registry([]);
    let echo = registry.get("echo").unwrap();
    let body = br#"{"model":"echo","messages":[{"role":"user","content":"say it\nagain"}]}"#;

    for form in [Form::Plain, Form::Stream] {
        let call = Call {
            url: echo.url(echo.dialect, "echo", form),
            headers: echo.dialect.headers(None),
            body: echo.dialect.ask_for(form, body).unwrap().into(),
            form,
        };
        let pieces: Vec<_> = echo.send(call).await.unwrap().body.collect().await;
        let bytes = pieces.into_iter().collect::<Result<Vec<_>>>().unwrap().concat();
        let answer = if form == Form::Stream { echo.dialect.assemble(&bytes).unwrap() } else { bytes };

        let reading = echo.dialect.read(&answer).unwrap();

        assert_eq!(reading.text, "say it\nagain", "{form:?}");
        assert_eq!(reading.finish, Finish::Stop);
        assert_eq!(reading.usage.unwrap().output, 3);
    }
}

#[test]
fn every_default_model_has_a_price() {
    let registry = registry([]);
    for provider in registry.providers() {
        assert!(registry.price(provider, provider.default_model().unwrap()).is_some(), "{}", provider.name);
    }
}
