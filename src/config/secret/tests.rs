//! Where a key may come from, and that it is never shown.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::*;

fn find(
    name: &str,
    provider: &ProviderSettings,
    kinds_own: Option<&str>,
    environment: &Environment,
) -> Result<Option<Found>> {
    key_sources(name, provider, kinds_own).find(name, environment)
}

const OWN: Option<&str> = Some("OPENAI_API_KEY");

fn openai() -> ProviderSettings {
    ProviderSettings::of_kind("openai")
}

fn with(variables: &[(&str, &str)]) -> Environment {
    Environment::new(variables.iter().copied(), None)
}

fn key(found: Result<Option<Found>>) -> String {
    found.unwrap().unwrap().secret.reveal().to_owned()
}

#[test]
fn the_environment_wins_over_the_command() {
    let provider = ProviderSettings { api_key_command: Some("echo sk-command".to_owned()), ..openai() };

    assert_eq!(key(find("openai", &provider, OWN, &with(&[("OPENAI_API_KEY", "sk-env\n")]))), "sk-env");
    assert_eq!(key(find("openai", &provider, OWN, &with(&[]))), "sk-command");
    assert_eq!(key(find("openai", &provider, OWN, &with(&[("OPENAI_API_KEY", "  ")]))), "sk-command");
}

#[test]
fn a_missing_key_says_what_to_set() {
    let error = find("openai", &openai(), OWN, &with(&[])).unwrap_err();

    assert_eq!((error.kind(), error.message()), (Kind::Key, "no API key for `openai`"));
    assert_eq!(error.hint_text(), Some("set OPENAI_API_KEY, or `api_key_command` under [providers.openai]"));
}

#[test]
fn the_vendors_key_never_goes_to_another_address_by_accident() {
    let elsewhere = ProviderSettings { base_url: Some("https://elsewhere.example".to_owned()), ..openai() };
    let environment = with(&[("OPENAI_API_KEY", "sk-vendor"), ("MY_PROXY_API_KEY", "sk-proxy")]);

    assert_eq!(find("local", &elsewhere, OWN, &environment).unwrap(), None);
    assert_eq!(key(find("my-proxy", &elsewhere, OWN, &environment)), "sk-proxy");
    assert_eq!(key(find("openai", &elsewhere, OWN, &environment)), "sk-vendor");
    assert_eq!(key(find("second", &openai(), OWN, &environment)), "sk-vendor");
}

#[test]
fn a_kind_without_keys_needs_none() {
    assert_eq!(find("echo", &ProviderSettings::of_kind("echo"), None, &with(&[])).unwrap(), None);
}

#[test]
fn a_key_named_in_the_settings_has_to_be_there() {
    let elsewhere = ProviderSettings {
        base_url: Some("http://127.0.0.1:1".to_owned()),
        api_key_env: Some("LOCAL_KEY".to_owned()),
        ..openai()
    };

    assert_eq!(find("local", &elsewhere, OWN, &with(&[])).unwrap_err().kind(), Kind::Key);
    assert_eq!(key(find("local", &elsewhere, OWN, &with(&[("LOCAL_KEY", "k")]))), "k");
}

#[test]
fn a_key_that_is_no_header_is_refused_without_being_shown() {
    for wrong in ["sk-se\ncret", "sk-se\tcret", "sk-sécret", "sk-se\u{1b}cret"] {
        let error = find("openai", &openai(), OWN, &with(&[("OPENAI_API_KEY", wrong)])).unwrap_err();

        let shown = format!("{error} {error:?}");
        assert!(shown.contains("OPENAI_API_KEY") && !shown.contains("cret"), "{shown}");
    }
}

#[test]
fn a_key_file_is_trimmed_and_one_that_others_may_read_is_warned_of() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("key");
    fs::write(&path, "  sk-file\r\n").unwrap();
    let provider = ProviderSettings { api_key_file: Some(path.clone()), ..openai() };
    let found = |mode| {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        find("openai", &provider, OWN, &with(&[])).unwrap().unwrap()
    };

    assert_eq!((found(0o600).secret.reveal(), found(0o600).warning), ("sk-file", None));
    assert!(found(0o644).warning.unwrap().contains("chmod 600"));
}

#[test]
fn a_key_file_that_is_missing_empty_or_no_file_is_told() {
    let root = tempfile::tempdir().unwrap();
    let empty = root.path().join("empty");
    fs::write(&empty, "\n").unwrap();
    for path in [empty, root.path().join("none"), root.path().to_owned()] {
        let provider = ProviderSettings { api_key_file: Some(path), ..openai() };

        assert_eq!(find("openai", &provider, OWN, &with(&[])).unwrap_err().kind(), Kind::Key);
    }
}

#[test]
fn a_failing_command_is_told_with_its_complaint() {
    let provider =
        ProviderSettings { api_key_command: Some("echo sk-printed; echo locked >&2; exit 1".to_owned()), ..openai() };

    let error = find("openai", &provider, OWN, &with(&[])).unwrap_err();

    assert!(error.to_string().contains("locked") && !error.to_string().contains("sk-printed"), "{error}");
}

#[test]
fn the_store_s_token_is_found_and_its_absence_told() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("token");
    fs::write(&path, "from-file\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let none = StoreSettings::default();
    let file = StoreSettings { token_file: Some(path), ..none.clone() };
    let command = StoreSettings { token_command: Some("echo printed".to_owned()), ..file.clone() };
    let token = |store: &StoreSettings, environment: &Environment| {
        store_token(store, environment).map(|(token, _)| token.reveal().to_owned())
    };

    let variable = with(&[("UPSTASH_REDIS_REST_TOKEN", "named")]);
    assert_eq!(token(&command, &variable).unwrap(), "named");
    assert_eq!(token(&command, &with(&[])).unwrap(), "printed");
    assert_eq!(token(&file, &with(&[])).unwrap(), "from-file");
    assert!(token(&none, &with(&[])).unwrap_err().hint_text().unwrap().contains("UPSTASH_REDIS_REST_TOKEN"));
    let odd = token(&none, &with(&[("UPSTASH_REDIS_REST_TOKEN", "sec\nret")])).unwrap_err();
    assert!(!format!("{odd:?}").contains("sec"), "{odd:?}");
}

#[test]
fn debug_output_hides_the_key() {
    let found = find("openai", &openai(), OWN, &with(&[("OPENAI_API_KEY", "sk-1234")]));

    assert!(!format!("{found:?}").contains("sk-1234"));
}
