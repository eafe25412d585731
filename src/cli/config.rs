//! `llmc config …`: showing and changing settings.

use serde_json::{Map, Value, json};

use super::args::ConfigCommand;
use super::screen::{Paint, Screen};
use crate::config::settings::Settings;
use crate::config::{self, Environment, edit, paths};
use crate::error::{Kind, Result};
use crate::provider::http::Client;
use crate::provider::registry::Registry;
use crate::provider::resolve::Asked;

/// Runs one of the commands.
pub fn run(command: &ConfigCommand, environment: &Environment, screen: &Screen) -> Result<()> {
    match command {
        ConfigCommand::Path => screen.line(paths::config_file(environment)?.display()),
        ConfigCommand::Show { origin } => show(*origin, environment, screen),
        ConfigCommand::Get { key } => get(key, environment, screen),
        ConfigCommand::Set { key, value } => {
            let path = paths::config_file(environment)?;
            edit::set_in_file(&path, key, value)?;
            screen.note(format_args!("written to {}{}", path.display(), when_in_force(key)));
            Ok(())
        }
        ConfigCommand::Unset { key } => {
            let path = paths::config_file(environment)?;
            match edit::unset_in_file(&path, key)? {
                true => screen.note(format_args!("taken out of {}{}", path.display(), when_in_force(key))),
                false => screen.note(format_args!("`{key}` is not set in {}", path.display())),
            }
            Ok(())
        }
        ConfigCommand::Init => {
            let path = paths::config_file(environment)?;
            edit::init_file(&path)?;
            screen.note(format_args!("written to {}", path.display()));
            Ok(())
        }
        ConfigCommand::Check => {
            let resolved = config::load(environment)?;
            for warning in &resolved.warnings {
                screen.warn(warning);
            }
            expect_models(&resolved.settings)?;
            screen.note("the settings are sound");
            Ok(())
        }
    }
}

/// Fails where the default model or an alias leads to no provider.
fn expect_models(settings: &Settings) -> Result<()> {
    let registry = Registry::new(settings, &Client::new())?;
    let default = settings.default_model.as_ref().map(|model| ("default_model".to_owned(), model));
    let aliases = settings.aliases.iter().map(|(name, model)| (format!("aliases.{name}"), model));
    for (key, model) in default.into_iter().chain(aliases) {
        let asked = Asked { model: Some(model), provider: None, default_model: None, aliases: &settings.aliases };
        // Whose key is at hand may change; that somebody has the model does not.
        registry.resolve(&asked, |_| true).map_err(|wrong| {
            let message = format!("`{key}` leads nowhere: {}", wrong.message());
            wrong.with_message(message).as_kind(Kind::Usage)
        })?;
    }
    Ok(())
}

/// What is to be said of a change to this setting, where it takes more than the next command.
fn when_in_force(key: &str) -> &'static str {
    // These are what a daemon is made of; all others are read with every command.
    let is_of_the_daemon = ["store", "daemon", "http", "cache.max_size", "cache.memory_size", "cache.prefix"]
        .iter()
        .any(|table| key.strip_prefix(table).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')));
    if is_of_the_daemon { "; `llmc daemon restart` puts it in force" } else { "" }
}

fn show(with_origin: bool, environment: &Environment, screen: &Screen) -> Result<()> {
    let resolved = config::load(environment)?;
    let shown = resolved.shown();
    if screen.json {
        let mut object = Map::new();
        for setting in &shown {
            let value = setting.value.as_ref().map_or(Value::Null, config::value::Value::json);
            let entry = if with_origin {
                json!({ "value": value, "origin": resolved.describe(setting.origin) })
            } else {
                value
            };
            object.insert(setting.key.clone(), entry);
        }
        return screen.object(&object);
    }
    let width = shown.iter().map(|setting| setting.key.len()).max().unwrap_or(0);
    let values: Vec<String> = shown
        .iter()
        .map(|setting| {
            setting.value.as_ref().map_or("(not set)".to_owned(), |value| value.toml().to_string().trim().to_owned())
        })
        .collect();
    let value_width = values.iter().map(|value| value.chars().count()).max().unwrap_or(0).min(40);
    for (setting, value) in shown.iter().zip(&values) {
        let origin =
            if with_origin { screen.paint(Paint::Faint, resolved.describe(setting.origin)) } else { String::new() };
        let line = format!("{:<width$}  {value:<value_width$}  {origin}", setting.key);
        screen.line(line.trim_end())?;
    }
    Ok(())
}

fn get(key: &str, environment: &Environment, screen: &Screen) -> Result<()> {
    let shown = config::load(environment)?.value(key)?;
    if screen.json {
        return screen.object(&shown.value.as_ref().map_or(Value::Null, config::value::Value::json));
    }
    match &shown.value {
        Some(value) => screen.line(value),
        None => Ok(()),
    }
}
