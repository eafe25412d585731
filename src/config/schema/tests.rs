//! The table of settings held against the settings themselves.

use super::*;
use crate::config::keys::KEYS;

fn put(path: &str, name: &str, text: &str) -> Result<Settings, Wrong> {
    let mut settings = Settings::default();
    let key = KEYS.iter().find(|key| key.path == path).unwrap();
    key.put(&mut settings, name, Raw::Text(text))?;
    Ok(settings)
}

#[test]
fn every_built_in_value_is_shown_and_read_back_as_itself() {
    let mut settings = Settings::default();
    for key in KEYS.iter().filter(|key| !key.path.contains('*')) {
        let Some(value) = key.value(&mut settings.clone(), "") else { continue };
        key.put(&mut settings, "", Raw::Text(&value.to_string())).unwrap();
    }

    assert_eq!(settings, Settings::default());
}

#[test]
fn every_plain_key_has_the_variable_its_name_suggests() {
    for key in KEYS.iter().filter(|key| !key.path.contains('*')) {
        let name = format!("LLMC_{}", key.path.replace('.', "_").to_uppercase());

        assert_eq!(key.variable, Some(name.as_str()), "{}", key.path);
    }
}

#[test]
fn every_example_is_a_value_the_key_takes() {
    for key in KEYS.iter().filter(|key| !key.example.is_empty()) {
        let name = if key.path.starts_with("prices") { "openai/gpt-4o" } else { "local" };
        let parsed = toml::de::DeValue::parse(key.example).unwrap();
        let mut settings = Settings::default();

        assert_eq!(key.put(&mut settings, name, Raw::Toml(parsed.get_ref())), Ok(()), "{}", key.path);
        assert!(key.value(&mut settings, name).is_some(), "{}", key.path);
    }
}

#[test]
fn an_address_is_http_and_nothing_but_an_address() {
    let good = put("providers.*.base_url", "local", "HTTP://Host:80/v1/").unwrap();
    assert_eq!(good.providers["local"].base_url.as_deref(), Some("http://host/v1"));

    for wrong in [
        "",
        "host/v1",
        "ftp://host",
        "file:///etc",
        "http://",
        "https://u:p@host",
        "https://u@host",
        "https://h/?a=1",
        "https://h/#a",
        "https://h/a b",
    ] {
        assert!(put("providers.*.base_url", "local", wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_key_put_where_its_variable_belongs_is_not_repeated() {
    let wrong = put("providers.*.api_key_env", "openai", "sk-proj-0123456789abcdef").unwrap_err();
    assert!(!wrong.to_string().contains("0123456789"), "{wrong}");

    let wrong = put("providers.*.base_url", "openai", "https://user:sk-0123456789@host/v1").unwrap_err();
    assert!(!wrong.to_string().contains("0123456789"), "{wrong}");
}

#[test]
fn a_store_s_address_is_shown_without_its_password() {
    let shown = |url: &str| {
        let mut settings = put("store.url", "", url).unwrap();
        assert!(!format!("{settings:?}").contains("hush"));
        KEYS.iter().find(|key| key.path == "store.url").unwrap().value(&mut settings, "").unwrap().to_string()
    };

    assert_eq!(shown("redis://h:6379/2"), "redis://h:6379/2");
    assert_eq!(shown("rediss://me:hush@h:6379/2"), "rediss://me:…@h:6379/2");
    assert_eq!(shown("redis://:hu@sh@h"), "redis://:…@h");
    assert_eq!(shown("redis://:hu/sh@h"), "redis://:…@h");
    assert_eq!(shown("redis://:hu?sh@h"), "redis://…");
    assert_eq!(shown("unix:///run/r.sock?db=1&pass=hush"), "unix:///run/r.sock?db=1&pass=…");
    assert_eq!(shown("redis+sentinel://u:hush@a:1,b:2/mymaster"), "redis+sentinel://u:…@a:1,b:2/mymaster");
    for wrong in ["hush", "ftp://u:hush@h", "redis://", "redis://u:hush@h /x"] {
        assert!(!put("store.url", "", wrong).unwrap_err().to_string().contains("hush"), "{wrong}");
    }
}

#[test]
fn names_with_odd_letters_are_refused() {
    for name in ["", "a/b", "a b", "ä", "-x", "a\n", &"x".repeat(65)] {
        assert!(put("aliases.*", name, "openai/gpt-4o").is_err(), "{name:?}");
        assert!(put("providers.*.kind", name, "openai").is_err(), "{name:?}");
    }
    assert!(put("prices.*", "gpt-4o", "{ input = 1, output = 1 }").is_err());
}

#[test]
fn a_window_of_nothing_is_refused_and_a_limit_of_nothing_is_not() {
    assert!(put("rate_limit.window", "", "0s").is_err());
    assert_eq!(put("rate_limit.llm", "", "0").unwrap().rate_limit.llm, 0);
    assert!(put("retry.max_attempts", "", "0").is_err());
    assert!(put("cache.max_size", "", "0").is_err());
}
