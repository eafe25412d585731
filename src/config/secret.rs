//! A string that never shows itself: not in debug output, not in errors, wiped when dropped. And where a provider's
//! key is found; no key is ever part of a message.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::OFlags;
use zeroize::Zeroizing;

use crate::config::command;
use crate::config::environment::Environment;
use crate::config::settings::{ProviderSettings, StoreSettings};
use crate::config::token::START;
use crate::error::{Error, Kind, Result};

/// A person may have to unlock something first.
const PATIENCE: Duration = Duration::from_secs(30);

/// A provider's key or any header that carries one.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(Zeroizing::new(text.into()))
    }

    /// The text itself, for the wire and nothing else.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// True where nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret(…)")
    }
}

/// Keeps what this process holds out of a core of it. The programs it starts are as they would be.
pub fn forbid_core_dumps() {
    // Fails nowhere; elsewhere only a limit could do it, and that would be handed on to those programs.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

/// Where a key comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum KeySource {
    /// An environment variable.
    Variable(String),
    /// What a command prints.
    Command(String),
    /// What a file holds.
    File(PathBuf),
}

impl fmt::Display for KeySource {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeySource::Variable(name) => write!(out, "`{name}`"),
            KeySource::Command(_) => out.write_str("`api_key_command`"),
            KeySource::File(path) => write!(out, "`{}`", path.display()),
        }
    }
}

/// A key and where it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The key.
    pub secret: Secret,
    /// Where it was.
    pub source: KeySource,
    /// What a person should know about that place.
    pub warning: Option<String>,
}

/// Where a provider's key may be, the first that has one wins, and whether it can do without.
#[derive(Clone, Debug, PartialEq)]
pub struct KeySources {
    /// In order.
    pub sources: Vec<KeySource>,
    /// True where a call without a key is no use.
    pub required: bool,
}

impl KeySources {
    /// The variable among them.
    pub fn variable(&self) -> Option<&str> {
        self.sources.iter().find_map(|source| match source {
            KeySource::Variable(name) => Some(name.as_str()),
            KeySource::Command(_) | KeySource::File(_) => None,
        })
    }

    /// The key of the provider of this name; `None` where it has none and needs none.
    pub fn find(&self, name: &str, environment: &Environment) -> Result<Option<Found>> {
        for source in &self.sources {
            let (text, warning) = match source {
                KeySource::Variable(variable) => (from_variable(variable, environment), None),
                KeySource::Command(line) => {
                    let printed = command::output(line, PATIENCE).map_err(|cause| {
                        failed(name, source).because(cause).hint("run the command yourself to see more")
                    })?;
                    (Some(printed), None)
                }
                KeySource::File(path) => {
                    let (text, warning) = from_file(path).map_err(|cause| failed(name, source).because(cause))?;
                    (Some(text), warning)
                }
            };
            let Some(text) = text else { continue };
            let secret = checked(&text).map_err(|cause| failed(name, source).because(cause))?;
            if let Some(secret) = secret {
                return Ok(Some(Found { secret, source: source.clone(), warning }));
            }
        }
        if self.required { Err(missing(name, self)) } else { Ok(None) }
    }
}

/// Where to look. `kinds_own` is the variable of the provider's kind.
///
/// The kind's own key goes to the kind's own place, or where `[providers.openai]` itself was pointed. A provider of
/// another name at another address is somebody else: it gets `NAME_API_KEY`, never the vendor's key by accident.
pub fn key_sources(name: &str, provider: &ProviderSettings, kinds_own: Option<&str>) -> KeySources {
    let is_vendor = provider.base_url.is_none() || name == provider.kind;
    let by_default = kinds_own.map(|own| if is_vendor { own.to_owned() } else { named_variable(name) });
    let variable = provider.api_key_env.clone().or(by_default);
    let command = provider.api_key_command.clone();
    let file = provider.api_key_file.clone();

    let required =
        (kinds_own.is_some() && is_vendor) || provider.api_key_env.is_some() || command.is_some() || file.is_some();
    let sources = [variable.map(KeySource::Variable), command.map(KeySource::Command), file.map(KeySource::File)];
    KeySources { sources: sources.into_iter().flatten().collect(), required }
}

/// The key of a provider as far as variables go: what an asker can see without running or opening anything.
pub fn from_environment(
    name: &str,
    provider: &ProviderSettings,
    kinds_own: Option<&str>,
    environment: &Environment,
) -> Result<Option<Secret>> {
    let sources = key_sources(name, provider, kinds_own);
    let Some(variable) = sources.variable() else { return Ok(None) };
    let Some(text) = from_variable(variable, environment) else { return Ok(None) };
    checked(&text).map_err(|cause| failed(name, &KeySource::Variable(variable.to_owned())).because(cause))
}

/// The token of a store asked over REST, and what a person should know about the place it was in: from the variable
/// `UPSTASH_REDIS_REST_TOKEN`, else what `store.token_command` prints, else what `store.token_file` holds.
pub fn store_token(store: &StoreSettings, environment: &Environment) -> Result<(Secret, Option<String>)> {
    const VARIABLE: &str = "UPSTASH_REDIS_REST_TOKEN";
    let cannot = |place: &str| Error::new(Kind::Usage, format!("cannot use the store's token from {place}"));
    let (place, text, warning) = if let Some(text) = from_variable(VARIABLE, environment) {
        (format!("`{VARIABLE}`"), text, None)
    } else if let Some(line) = &store.token_command {
        let place = "`store.token_command`".to_owned();
        (place.clone(), command::output(line, PATIENCE).map_err(|cause| cannot(&place).because(cause))?, None)
    } else if let Some(path) = &store.token_file {
        let place = format!("`{}`", path.display());
        let (text, warning) = from_file(path).map_err(|cause| cannot(&place).because(cause))?;
        (place, text, warning)
    } else {
        return Err(Error::new(Kind::Usage, "no token for the store `upstash`")
            .hint(format!("set {VARIABLE}, or `token_file` or `token_command` under [store]")));
    };
    match checked(&text) {
        Ok(Some(token)) => Ok((token, warning)),
        Ok(None) => Err(cannot(&place).because("it is empty")),
        Err(cause) => Err(cannot(&place).because(cause)),
    }
}

/// `my-proxy` looks in `MY_PROXY_API_KEY`.
fn named_variable(name: &str) -> String {
    let letters =
        name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' });
    let mut variable: String = letters.collect();
    variable.push_str("_API_KEY");
    variable
}

fn from_variable(variable: &str, environment: &Environment) -> Option<Zeroizing<Vec<u8>>> {
    // The token of one of our own doors stands for a key and is none: no provider must ever see it.
    let value = environment.variable(variable).filter(|value| !value.as_encoded_bytes().starts_with(START.as_bytes()));
    value.map(|value| Zeroizing::new(value.as_encoded_bytes().to_vec()))
}

fn from_file(path: &Path) -> Result<(Zeroizing<Vec<u8>>, Option<String>), String> {
    // Not waiting: a pipe nobody writes to would never end.
    let flags = (OFlags::NONBLOCK | OFlags::CLOEXEC).bits();
    let file = File::options()
        .read(true)
        .custom_flags(i32::try_from(flags).unwrap_or_default())
        .open(path)
        .map_err(|error| error.to_string())?;
    let facts = file.metadata().map_err(|error| error.to_string())?;
    if !facts.is_file() {
        return Err("it is not a regular file".to_owned());
    }
    let mut text = Zeroizing::new(Vec::with_capacity(command::LARGEST_KEY + 1));
    file.take(command::LARGEST_KEY as u64 + 1).read_to_end(&mut text).map_err(|error| error.to_string())?;
    if text.len() > command::LARGEST_KEY {
        return Err(format!("it holds more than {} bytes", command::LARGEST_KEY));
    }
    let warning = (facts.mode() & 0o077 != 0)
        .then(|| format!("others may read the key in `{}`: `chmod 600` keeps it to you", path.display()));
    Ok((text, warning))
}

/// The key without the white space around it; `None` where that is all there is.
fn checked(bytes: &[u8]) -> Result<Option<Secret>, &'static str> {
    let bytes = bytes.trim_ascii();
    if bytes.is_empty() {
        return Ok(None);
    }
    if !bytes.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        return Err("it holds something other than one line of printable ASCII, so it is no key");
    }
    // All of it is ASCII by now, so nothing is replaced and nothing copied twice.
    std::str::from_utf8(bytes).map(|text| Some(Secret::new(text))).map_err(|_| "it is no text")
}

fn failed(name: &str, source: &KeySource) -> Error {
    Error::new(Kind::Key, format!("cannot use the API key for `{name}` from {source}"))
}

fn missing(name: &str, sources: &KeySources) -> Error {
    let error = Error::new(Kind::Key, format!("no API key for `{name}`"));
    match sources.variable() {
        Some(variable) => error.hint(format!("set {variable}, or `api_key_command` under [providers.{name}]")),
        None => error.hint(format!("set `api_key_env` under [providers.{name}]")),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
