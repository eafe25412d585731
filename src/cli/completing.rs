//! Completions that know what there is: models, providers, sessions, namespaces, entries, keys of settings. A shell asks
//! for them by a variable; whatever goes wrong, there are fewer of them and nothing is said.

use std::ffi::OsStr;

use clap::{Arg, Command};
use clap_complete::Shell;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::{CompleteEnv, Shells};
use serde::de::DeserializeOwned;

use super::manual;
use crate::api::entries::EntriesReply;
use crate::api::sessions::SessionsReply;
use crate::api::stats::StatsReply;
use crate::client;
use crate::config::keys::KEYS;
use crate::config::{self, Environment, Settings, paths};
use crate::error::{Error, Kind, Result};
use crate::provider::{self, prices};

/// The variable by which a shell asks.
pub const VARIABLE: &str = "LLMC_COMPLETE";

/// More than a person reads.
const MOST: usize = 200;

/// So many digits of a key tell an entry from all others, for people.
const DIGITS: usize = 12;

/// True where a shell asks for completions. The first thing that is looked at, so it costs no more than a look.
pub fn is_asked() -> bool {
    std::env::var_os(VARIABLE).is_some_and(|shell| !shell.is_empty())
}

/// Answers the shell; the exit code.
pub fn answer() -> u8 {
    let folder = std::env::current_dir().ok();
    // A shell that nobody knows, a reader that has gone: then nothing is completed.
    let _ = CompleteEnv::with_factory(knowing).var(VARIABLE).try_complete(std::env::args_os(), folder.as_deref());
    0
}

/// What makes a shell ask this program for completions.
pub fn registration(shell: Shell) -> Result<String> {
    let cannot = |cause: String| Error::new(Kind::Other, "cannot write completions").because(cause);
    let shells = Shells::builtins();
    let completer = shells.completer(&shell.to_string()).ok_or_else(|| cannot(format!("`{shell}` is not known")))?;
    let mut script = Vec::new();
    let written = completer.write_registration(VARIABLE, "llmc", "llmc", "llmc", &mut script);
    written.map_err(|error| cannot(error.to_string()))?;
    Ok(String::from_utf8_lossy(&script).into_owned())
}

/// The commands, with what each value may be.
fn knowing() -> Command {
    taught(manual::command(), "")
}

fn taught(command: Command, above: &str) -> Command {
    let own = command.get_name().to_owned();
    let command = command.mut_args(|argument| match source(above, &own, argument.get_id().as_str()) {
        Some(source) => with(argument, source),
        None => argument,
    });
    command.mut_subcommands(|sub| taught(sub, &own))
}

/// Lists what there is; a candidate and what to say of it.
type Source = fn(&Environment) -> Option<Vec<(String, String)>>;

/// Where the values of an argument come from.
fn source(above: &str, command: &str, argument: &str) -> Option<Source> {
    match (above, command, argument) {
        (_, _, "model" | "fallback") => Some(models),
        (_, _, "provider") => Some(providers),
        (_, _, "namespace") => Some(namespaces),
        (_, _, "session") => Some(sessions),
        ("session", "show" | "update" | "delete" | "export", "id" | "ids") => Some(sessions),
        ("cache", "show" | "delete" | "diff", "key" | "keys" | "left" | "right") => Some(entries),
        ("config", "get" | "set" | "unset", "key") => Some(settings_keys),
        _ => None,
    }
}

fn with(argument: Arg, source: Source) -> Arg {
    argument.add(ArgValueCompleter::new(move |typed: &OsStr| {
        let Some(typed) = typed.to_str() else { return Vec::new() };
        let found = source(&Environment::of_process()).unwrap_or_default();
        let fitting = found.into_iter().filter(|(value, _)| value.starts_with(typed)).take(MOST);
        let candidate = |(value, about): (String, String)| {
            let about = (!about.is_empty()).then(|| about.into());
            CompletionCandidate::new(value).help(about)
        };
        fitting.map(candidate).collect()
    }))
}

fn settings(environment: &Environment) -> Option<Settings> {
    config::load(environment).ok().map(|resolved| resolved.settings)
}

/// Aliases, then every model that the settings or the price lists name.
fn models(environment: &Environment) -> Option<Vec<(String, String)>> {
    let settings = settings(environment)?;
    let mut found: Vec<(String, String)> =
        settings.aliases.iter().map(|(alias, model)| (alias.clone(), format!("stands for {model}"))).collect();
    for (name, provider) in &settings.providers {
        let Some(dialect) = provider::dialect(&provider.kind) else { continue };
        let base_url = provider.base_url.as_deref().unwrap_or(dialect.base_url());
        let mut models = provider.models.clone();
        let listed = prices::vendor(base_url).into_iter().flat_map(prices::models);
        models.extend(listed.filter(|model| model.mode != "embedding").map(|model| model.name.to_owned()));
        if models.is_empty() && dialect.kind() == "echo" {
            models.push("echo".to_owned());
        }
        models.sort();
        models.dedup();
        found.extend(models.into_iter().map(|model| (format!("{name}/{model}"), String::new())));
    }
    Some(found)
}

fn providers(environment: &Environment) -> Option<Vec<(String, String)>> {
    let settings = settings(environment)?;
    Some(settings.providers.into_iter().map(|(name, provider)| (name, provider.base_url.unwrap_or_default())).collect())
}

/// Every key, those of providers and aliases with the names there are. Broken settings are what `set` mends: then the
/// keys without a name in them.
fn settings_keys(environment: &Environment) -> Option<Vec<(String, String)>> {
    let about = |key: &str| {
        let path: Vec<&str> = key.split('.').collect();
        config::keys::find(&path).map_or(String::new(), |(known, _)| known.about.to_owned())
    };
    match config::load(environment) {
        Ok(resolved) => {
            Some(resolved.shown().into_iter().map(|shown| (shown.key.clone(), about(&shown.key))).collect())
        }
        Err(_) => {
            let plain = KEYS.iter().filter(|known| !known.path.contains('*'));
            Some(plain.map(|known| (known.path.to_owned(), known.about.to_owned())).collect())
        }
    }
}

fn sessions(environment: &Environment) -> Option<Vec<(String, String)>> {
    let reply: SessionsReply = glance(environment, &format!("/sessions?limit={MOST}"))?;
    let about = |messages: Option<usize>| messages.map_or(String::new(), |count| format!("{count} messages"));
    Some(reply.sessions.into_iter().map(|session| (session.id, about(session.messages))).collect())
}

fn namespaces(environment: &Environment) -> Option<Vec<(String, String)>> {
    let reply: StatsReply = glance(environment, "/llm/cache/stats?by=namespace")?;
    Some(reply.groups.into_iter().map(|group| (group.name, String::new())).collect())
}

fn entries(environment: &Environment) -> Option<Vec<(String, String)>> {
    let reply: EntriesReply = glance(environment, &format!("/cache/entries?limit={MOST}"))?;
    let digits = |key: &str| key.chars().take(DIGITS).collect::<String>();
    let about = |entry: &crate::api::entries::EntrySummary| format!("{}/{}", entry.provider, entry.model);
    Some(reply.entries.iter().map(|entry| (digits(&entry.key), about(entry))).collect())
}

/// Asks the daemon, if one runs and answers at once.
fn glance<T: DeserializeOwned>(environment: &Environment, path: &str) -> Option<T> {
    let socket = paths::socket(environment).ok()?;
    serde_json::from_slice(&client::glance(&socket, path)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_argument_that_is_taught_is_there() {
        let command = knowing();
        let taught = |path: &[&str], argument: &str| {
            let found = path.iter().try_fold(&command, |at, name| at.find_subcommand(name));
            let argument = found.and_then(|at| at.get_arguments().find(|known| known.get_id() == argument));
            argument.is_some_and(|argument| argument.get::<ArgValueCompleter>().is_some())
        };

        for (path, argument) in [
            (&["generate"][..], "model"),
            (&["generate"], "fallback"),
            (&["generate"], "provider"),
            (&["generate"], "namespace"),
            (&["generate"], "session"),
            (&["batch"], "model"),
            (&["session", "show"], "id"),
            (&["session", "update"], "id"),
            (&["session", "delete"], "ids"),
            (&["session", "export"], "id"),
            (&["cache", "show"], "key"),
            (&["cache", "delete"], "keys"),
            (&["cache", "diff"], "left"),
            (&["cache", "diff"], "right"),
            (&["cache", "list"], "model"),
            (&["config", "get"], "key"),
            (&["config", "set"], "key"),
            (&["config", "unset"], "key"),
        ] {
            assert!(taught(path, argument), "{path:?} {argument}");
        }
        assert!(!taught(&["session", "create"], "id"), "a new session has a new name");
    }
}
