//! One TOML file put onto the settings, each key by the table of known ones; every error names file, line and key.

use std::fmt;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use crate::config::keys::{KEYS, dotted, find, nearest};
use crate::config::layers::{Origin, Origins};
use crate::config::schema::{Known, Scope};
use crate::config::settings::{ProviderSettings, Settings};
use crate::config::value::{Raw, listed};
use crate::error::{Error, Kind, Result};

/// Whose file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The user's own: may set everything.
    User,
    /// A project's: may set what concerns one call only.
    Project,
}

/// A file being read.
#[derive(Clone, Copy)]
pub struct Document<'a> {
    /// Where it lies.
    pub path: &'a Path,
    /// Whose it is.
    pub owner: Owner,
    /// What is in it.
    pub bytes: &'a [u8],
}

impl Document<'_> {
    /// Puts every key of the file in its place.
    pub fn apply(&self, settings: &mut Settings, origins: &mut Origins) -> Result<()> {
        let text = std::str::from_utf8(self.bytes).map_err(|error| {
            let line = line_at(self.bytes, error.valid_up_to());
            self.error(format!("cannot read `{}`", self.path.display())).because(format!("not UTF-8 text, line {line}"))
        })?;
        let table = DeTable::parse(text).map_err(|error| {
            // The library's own display repeats the line, which may hold a secret.
            let line = error.span().map_or(1, |span| line_at(self.bytes, span.start));
            self.error(format!("cannot read `{}`", self.path.display()))
                .because(format!("line {line}: {}", error.message()))
        })?;
        self.walk(table.get_ref(), &mut Vec::new(), settings, origins)?;
        self.check(settings)
    }

    fn walk<'t>(
        &self,
        table: &'t DeTable<'_>,
        path: &mut Vec<&'t str>,
        settings: &mut Settings,
        origins: &mut Origins,
    ) -> Result<()> {
        for (key, value) in table {
            path.push(key.get_ref());
            let line = line_at(self.bytes, key.span().start);
            match (find(path), value.get_ref()) {
                (Some((known, name)), value) => {
                    self.check_scope(known, path, line)?;
                    known.put(settings, name, Raw::Toml(value)).map_err(|wrong| {
                        self.error(format!("wrong value for {}", self.place(path, line))).because(wrong)
                    })?;
                    origins.insert(dotted(path), self.origin(line));
                }
                (None, value) if KEYS.iter().any(|known| known.is_below(path)) => {
                    let DeValue::Table(inner) = value else {
                        let wrong = Raw::Toml(value).wrong("a table");
                        return Err(self.error(format!("wrong value for {}", self.place(path, line))).because(wrong));
                    };
                    if let (["providers", name], Owner::User) = (path.as_slice(), self.owner) {
                        // So that a table with nothing in it is not passed over in silence.
                        settings.providers.entry((*name).to_owned()).or_insert_with(|| ProviderSettings::of_kind(""));
                    }
                    self.walk(inner, path, settings, origins)?;
                }
                (None, _) => {
                    let hint = format!("the nearest known key is `{}`", nearest(path));
                    return Err(self.error(format!("unknown key {}", self.place(path, line))).hint(hint));
                }
            }
            path.pop();
        }
        Ok(())
    }

    fn check_scope(&self, known: &Known, path: &[&str], line: usize) -> Result<()> {
        if self.owner == Owner::User || known.scope == Scope::Call {
            return Ok(());
        }
        let allowed: Vec<&str> =
            KEYS.iter().filter(|key| key.scope == Scope::Call).map(|key| key.path.trim_end_matches(".*")).collect();
        Err(self
            .error(format!("a project file may not set {}", self.place(path, line)))
            .because(format!("it may set nothing but {}", listed(&allowed)))
            .hint("set it in your own file; `llmc config path` says where that is"))
    }

    /// What no single value can get wrong.
    fn check(&self, settings: &Settings) -> Result<()> {
        for (name, provider) in &settings.providers {
            let table = format!("[providers.{}]", dotted(&[name]));
            if provider.kind.is_empty() {
                return Err(self
                    .error(format!("`{table}` in `{}` has no `kind`", self.path.display()))
                    .hint("add `kind = \"openai\"` for anything that speaks OpenAI's API"));
            }
            if provider.api_key_command.is_some() && provider.api_key_file.is_some() {
                return Err(self
                    .error(format!(
                        "`{table}` in `{}` has both `api_key_command` and `api_key_file`",
                        self.path.display()
                    ))
                    .hint("keep one of them"));
            }
        }
        Ok(())
    }

    fn origin(&self, line: usize) -> Origin {
        match self.owner {
            Owner::User => Origin::UserFile { line },
            Owner::Project => Origin::ProjectFile { line },
        }
    }

    fn place(&self, path: &[&str], line: usize) -> impl fmt::Display {
        format!("`{}` in `{}`, line {line}", dotted(path), self.path.display())
    }

    fn error(&self, message: String) -> Error {
        Error::new(Kind::Usage, message)
    }
}

fn line_at(bytes: &[u8], offset: usize) -> usize {
    1 + bytes.iter().take(offset).filter(|byte| **byte == b'\n').count()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    fn apply(owner: Owner, bytes: &[u8]) -> Result<Settings> {
        let mut settings = Settings::default();
        let document = Document { path: Path::new("/etc/x.toml"), owner, bytes };
        document.apply(&mut settings, &mut Origins::default())?;
        Ok(settings)
    }

    fn user(text: &str) -> Result<Settings> {
        apply(Owner::User, text.as_bytes())
    }

    #[test]
    fn a_file_sets_what_it_names_and_nothing_else() {
        let settings = user(
            "default_model = 'local/m'\n[cache]\nttl = '2h'\nmax_size = 65536\n[providers.local]\nkind = 'openai'\n\
             base_url = 'http://127.0.0.1:1/v1/'\nprice = { input = 0.0, output = 0 }\n[providers.openai]\ntimeout = '1m'\n\
             [prices.\"openai/gpt-4o\"]\ninput = 1.0\noutput = 2.0\n[aliases]\nfast = 'openai/gpt-4o-mini'\n",
        )
        .unwrap();

        assert_eq!(settings.default_model.as_deref(), Some("local/m"));
        assert_eq!(settings.cache.ttl, Duration::from_secs(7200));
        assert_eq!(settings.cache.max_size, 65536);
        assert_eq!(settings.cache.namespace, "default");
        assert_eq!(settings.providers["local"].base_url.as_deref(), Some("http://127.0.0.1:1/v1"));
        assert_eq!(settings.providers["openai"].kind, "openai");
        assert_eq!(settings.providers["openai"].timeout, Duration::from_secs(60));
        assert_eq!(settings.prices["openai/gpt-4o"].output.dollars_per_million(), 2.0);
        assert_eq!(settings.aliases["fast"], "openai/gpt-4o-mini");
    }

    #[test]
    fn a_wrong_value_is_told_with_file_line_key_and_both_values() {
        let error = user("[cache]\n\nttl = 'soon'\n").unwrap_err();

        assert_eq!(error.kind(), Kind::Usage);
        assert_eq!(
            error.to_string(),
            "wrong value for `cache.ttl` in `/etc/x.toml`, line 3: found `soon`, wanted a duration such as `\"90s\"`, \
             `\"1h\"` or `\"7d\"`"
        );
    }

    #[test]
    fn an_unknown_key_names_the_nearest() {
        let error = user("[cache]\nttl = '1h'\ntll = '1h'\n").unwrap_err();

        assert_eq!(error.to_string(), "unknown key `cache.tll` in `/etc/x.toml`, line 3");
        assert_eq!(error.hint_text(), Some("the nearest known key is `cache.ttl`"));
    }

    #[test]
    fn a_quoted_dot_is_part_of_a_name() {
        assert!(user("\"cache.ttl\" = '1h'\n").unwrap_err().to_string().starts_with("unknown key"));
        assert!(user("[cache]\n\"\" = '1h'\n").unwrap_err().to_string().starts_with("unknown key"));
        assert_eq!(user("[aliases]\n\"a.b\" = 'a/b'\n").unwrap().aliases["a.b"], "a/b");
    }

    #[test]
    fn a_syntax_error_names_its_line_and_keeps_the_rest_to_itself() {
        let error = user("[cache]\nttl = = 'sk-0123456789'\n").unwrap_err();

        assert!(error.to_string().starts_with("cannot read `/etc/x.toml`: line 2: "), "{error}");
        assert!(!error.to_string().contains("sk-"), "{error}");
    }

    #[test]
    fn a_project_file_may_not_say_where_keys_go() {
        for text in [
            "[providers.openai]\nbase_url = 'http://evil.example/v1'",
            "[providers.openai]\napi_key_command = 'cat /etc/passwd'",
            "[store]\nbackend = 'memory'",
            "[cache]\nmax_size = 1",
            "[prices.\"openai/gpt-4o\"]\ninput = 0",
        ] {
            let error = apply(Owner::Project, text.as_bytes()).unwrap_err();

            assert!(error.to_string().starts_with("a project file may not set"), "{error}");
            assert!(error.to_string().contains("/etc/x.toml"), "{error}");
            assert!(error.hint_text().is_some());
        }
    }

    #[test]
    fn a_project_file_may_say_what_one_call_asks_for() {
        let text =
            "default_model = 'a/b'\naliases.x = 'a/c'\n[cache]\nttl = '1m'\nnamespace = 'team'\nmode = 'replay'\n";

        let settings = apply(Owner::Project, text.as_bytes()).unwrap();

        assert_eq!(settings.cache.namespace, "team");
    }

    #[test]
    fn a_provider_without_a_kind_and_one_with_two_keys_are_refused() {
        for text in [
            "[providers.local]",
            "[providers.local]\nbase_url = 'http://h'",
            "[providers.openai]\napi_key_command = 'x'\napi_key_file = '/y'",
            "[providers.local]\nkind = 'gemni'",
            "cache = 3",
            "[cache.ttl]\nx = 1",
            "[providers]\nopenai = 'x'",
        ] {
            let error = user(text).unwrap_err();

            assert!(error.to_string().contains("/etc/x.toml"), "{text}: {error}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_told_as_such() {
        let error = apply(Owner::User, b"[cache]\n\xff\xfe").unwrap_err();

        assert_eq!(error.to_string(), "cannot read `/etc/x.toml`: not UTF-8 text, line 2");
    }

    fn line() -> impl Strategy<Value = String> {
        let keys: Vec<String> = KEYS.iter().map(|key| key.path.replace('*', "\"a/b\"")).collect();
        let values = prop_oneof![
            any::<i64>().prop_map(|number| number.to_string()),
            any::<f64>().prop_map(|number| format!("{number:?}")),
            any::<String>().prop_map(|text| format!("{text:?}")),
            Just("{ input = 1, output = nan }".to_owned()),
            Just("[[[1]]]".to_owned()),
            Just("1979-05-27".to_owned()),
            "[0-9]{1,25} ?[a-zA-Z]{0,3}".prop_map(|text| format!("'{text}'")),
        ];
        (prop::sample::select(keys), values).prop_map(|(key, value)| format!("{key} = {value}\n"))
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused_with_the_file_named(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            for owner in [Owner::User, Owner::Project] {
                if let Err(error) = apply(owner, &bytes) {
                    prop_assert!(error.to_string().contains("/etc/x.toml"), "{}", error);
                }
            }
        }

        #[test]
        fn any_text_is_read_or_refused_with_the_file_named(text in any::<String>()) {
            if let Err(error) = user(&text) {
                prop_assert!(error.to_string().contains("/etc/x.toml"), "{}", error);
            }
        }

        #[test]
        fn any_value_for_a_known_key_is_read_or_refused_with_the_file_named(lines in prop::collection::vec(line(), 1..4)) {
            if let Err(error) = user(&lines.concat()) {
                prop_assert!(error.to_string().contains("/etc/x.toml"), "{}", error);
            }
        }
    }
}
