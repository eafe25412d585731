//! The layers put together: flag > environment > project file > user file > built-in, each value with its origin.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use xxhash_rust::xxh3::xxh3_64;

use crate::config::document::{Document, Owner};
use crate::config::environment::{Environment, Override};
use crate::config::keys::{KEYS, VARIABLE_START, dotted, find, nearest};
use crate::config::paths;
use crate::config::settings::{Backend, Settings};
use crate::config::value::{Raw, Value};
use crate::error::{Error, Kind, Result};
use crate::exchange::Mode;

/// The name of a project's file.
pub const PROJECT_FILE: &str = ".llmc.toml";
/// Nobody writes more by hand.
const LARGEST_FILE: u64 = 1 << 20;

/// Where a value came from; a later one wins over those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Nobody set it.
    BuiltIn,
    /// The user's own file.
    UserFile {
        /// Counted from 1.
        line: usize,
    },
    /// The project's file.
    ProjectFile {
        /// Counted from 1.
        line: usize,
    },
    /// A variable.
    Environment {
        /// Its name.
        variable: &'static str,
    },
    /// A flag.
    Flag {
        /// As typed.
        flag: &'static str,
    },
}

/// The origin of every value that is not built in, by dotted path.
pub type Origins = BTreeMap<String, Origin>;

/// The settings in force, and how they came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// What is in force.
    pub settings: Settings,
    /// The user's file that was read, or would be if it were there; `None` without a home.
    pub user_file: Option<PathBuf>,
    /// The project's file, where one applies.
    pub project_file: Option<PathBuf>,
    /// The hash of the user file's bytes, 0 without one: whether client and daemon have read the same.
    pub stamp: u64,
    /// What a person should know, one sentence each.
    pub warnings: Vec<String>,
    origins: Origins,
}

/// A setting as `config show` prints it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Dotted path.
    pub key: String,
    /// `None` where nothing is set.
    pub value: Option<Value>,
    /// Where it came from.
    pub origin: Origin,
}

/// Reads every layer.
pub fn load(environment: &Environment) -> Result<Resolved> {
    let mut settings = Settings::default();
    let mut origins = Origins::new();
    let mut warnings = Vec::new();

    // Without a home there is no user file, which is no reason to fail unless it is to be written.
    let user_file = paths::config_file(environment).ok();
    let mut stamp = 0;
    if let Some(path) = &user_file {
        stamp = apply_user_file(path, environment, &mut settings, &mut origins)?;
        if stamp == 0 && !path.exists() && paths::is_config_named(environment) {
            return Err(missing(path));
        }
    }
    let project = project_file(environment, &mut warnings)?;
    if let Some((path, bytes)) = &project {
        Document { path, owner: Owner::Project, bytes }.apply(&mut settings, &mut origins)?;
    }
    apply_variables(environment, Variables::All, &mut settings, &mut origins)?;
    apply_overrides(&environment.overrides, &mut settings, &mut origins)?;
    settle_mode(&mut settings, &origins);
    settle_store_url(environment, &mut settings, &mut origins)?;

    let project_file = project.map(|(path, _)| path);
    Ok(Resolved { settings, user_file, project_file, stamp, warnings, origins })
}

/// What the daemon goes by: built-in values, the user's file (a missing one is empty), and the variables of the
/// settings. Those of flags (`LLMC_TTL`, `LLMC_MODE`…) belong to single calls, which bring their own.
pub fn load_user_file(path: &Path, environment: &Environment) -> Result<(Settings, u64)> {
    let mut settings = Settings::default();
    let mut origins = Origins::new();
    let stamp = apply_user_file(path, environment, &mut settings, &mut origins)?;
    apply_variables(environment, Variables::OfSettings, &mut settings, &mut origins)?;
    settle_mode(&mut settings, &origins);
    settle_store_url(environment, &mut settings, &mut origins)?;
    Ok((settings, stamp))
}

impl Resolved {
    /// Where a value came from.
    pub fn origin(&self, key: &str) -> Origin {
        self.origins.get(key).copied().unwrap_or(Origin::BuiltIn)
    }

    /// An origin in words.
    pub fn describe(&self, origin: Origin) -> String {
        let file = |path: &Option<PathBuf>, line| match path {
            Some(path) => format!("{}:{line}", path.display()),
            None => format!("line {line}"),
        };
        match origin {
            Origin::BuiltIn => "built-in".to_owned(),
            Origin::UserFile { line } => file(&self.user_file, line),
            Origin::ProjectFile { line } => file(&self.project_file, line),
            Origin::Environment { variable } => variable.to_owned(),
            Origin::Flag { flag } => flag.to_owned(),
        }
    }

    /// Every setting, in the order of the table; keys with a name in them once for each name there is.
    pub fn shown(&self) -> Vec<Shown> {
        let mut settings = self.settings.clone();
        let mut out = Vec::new();
        for known in KEYS {
            let segments: Vec<&str> = known.path.split('.').collect();
            for name in self.names(known.path) {
                let path: Vec<&str> =
                    segments.iter().map(|segment| if *segment == "*" { name.as_str() } else { segment }).collect();
                let key = dotted(&path);
                out.push(Shown { value: known.value(&mut settings, &name), origin: self.origin(&key), key });
            }
        }
        out
    }

    /// One setting, by its dotted path.
    pub fn value(&self, key: &str) -> Result<Shown> {
        let segments = split(key)?;
        let path: Vec<&str> = segments.iter().map(String::as_str).collect();
        let (known, name) = find(&path).ok_or_else(|| unknown(&path))?;
        if !self.names(known.path).iter().any(|there| there == name) {
            return Err(Error::new(Kind::NotFound, format!("`{}` is not set", dotted(&path))));
        }
        let key = dotted(&path);
        Ok(Shown { value: known.value(&mut self.settings.clone(), name), origin: self.origin(&key), key })
    }

    fn names(&self, path: &str) -> Vec<String> {
        match path.split('.').next() {
            Some("providers") => self.settings.providers.keys().cloned().collect(),
            Some("prices") => self.settings.prices.keys().cloned().collect(),
            Some("aliases") => self.settings.aliases.keys().cloned().collect(),
            _ => vec![String::new()],
        }
    }
}

/// A dotted path in its parts; names with dots or slashes stand in quotes.
pub fn split(key: &str) -> Result<Vec<String>> {
    let parts = toml_edit::Key::parse(key)
        .map_err(|_| Error::new(Kind::Usage, format!("`{key}` is not the name of a setting")))?;
    Ok(parts.iter().map(|part| part.get().to_owned()).collect())
}

/// No such key.
pub fn unknown(path: &[&str]) -> Error {
    Error::new(Kind::Usage, format!("unknown setting `{}`", dotted(path)))
        .hint(format!("the nearest known key is `{}`", nearest(path)))
}

fn missing(path: &Path) -> Error {
    Error::new(Kind::Usage, format!("cannot read config file `{}`", path.display()))
        .because("there is no such file")
        .hint("`llmc config init` writes one")
}

fn apply_user_file(
    path: &Path,
    environment: &Environment,
    settings: &mut Settings,
    origins: &mut Origins,
) -> Result<u64> {
    let Some(bytes) = read_user_file(path)? else { return Ok(0) };
    Document { path, owner: Owner::User, bytes: &bytes }.apply(settings, origins)?;
    anchor_key_files(settings, path, environment.home());
    Ok(xxh3_64(&bytes))
}

/// The user's file, `None` where there is none.
pub fn read_user_file(path: &Path) -> Result<Option<Vec<u8>>> {
    let cannot =
        |cause: String| Error::new(Kind::Usage, format!("cannot read config file `{}`", path.display())).because(cause);
    match File::open(path).and_then(|file| read_limited(&file)) {
        Ok(bytes) if bytes.len() as u64 > LARGEST_FILE => Err(cannot("it is larger than 1 MiB".to_owned())),
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(cannot(error.to_string())),
    }
}

fn read_limited(mut file: &File) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    Read::by_ref(&mut file).take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Makes `~/key` and `key` whole: from the home, from the file's folder.
fn anchor_key_files(settings: &mut Settings, file: &Path, home: Option<&Path>) {
    let of_providers = settings.providers.values_mut().map(|provider| &mut provider.api_key_file);
    for place in of_providers.chain([&mut settings.store.token_file]) {
        let Some(path) = place.take() else { continue };
        let whole = match (path.strip_prefix("~"), home, file.parent()) {
            (Ok(below), Some(home), _) => home.join(below),
            (Err(_), _, Some(folder)) => folder.join(path),
            _ => path,
        };
        *place = Some(whole);
    }
}

/// The nearest project file upward. One that belongs to somebody else is passed over with a warning: in a shared
/// folder such as `/tmp` anybody could leave one.
fn project_file(environment: &Environment, warnings: &mut Vec<String>) -> Result<Option<(PathBuf, Vec<u8>)>> {
    for folder in environment.folder.iter().flat_map(|folder| folder.ancestors()) {
        let path = folder.join(PROJECT_FILE);
        // Not waiting: a pipe of that name would hold up every call made below it.
        let flags = (OFlags::NONBLOCK | OFlags::CLOEXEC).bits();
        let opened = File::options().read(true).custom_flags(i32::try_from(flags).unwrap_or_default()).open(&path);
        let file = match opened {
            Ok(file) => file,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => continue,
            Err(error) => {
                warnings.push(format!("`{}` is passed over: {error}", path.display()));
                continue;
            }
        };
        let facts = file.metadata().map_err(|error| unreadable(&path, error))?;
        if !facts.is_file() {
            warnings.push(format!("`{}` is passed over: it is not a regular file", path.display()));
            continue;
        }
        if facts.uid() != environment.user && facts.uid() != 0 {
            warnings.push(format!("`{}` is passed over: it belongs to another user", path.display()));
            continue;
        }
        let bytes = read_limited(&file).map_err(|error| unreadable(&path, error))?;
        if bytes.len() as u64 > LARGEST_FILE {
            return Err(unreadable(&path, "it is larger than 1 MiB"));
        }
        return Ok(Some((path, bytes)));
    }
    Ok(None)
}

fn unreadable(path: &Path, cause: impl std::fmt::Display) -> Error {
    Error::new(Kind::Usage, format!("cannot read project file `{}`", path.display())).because(cause)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Variables {
    OfSettings,
    All,
}

fn apply_variables(
    environment: &Environment,
    which: Variables,
    settings: &mut Settings,
    origins: &mut Origins,
) -> Result<()> {
    let set: Vec<&str> = environment.names_beginning(VARIABLE_START).collect();
    for known in KEYS {
        // The flag's own variable comes last, and so wins: it is the nearer one to the call.
        let of_flag = known.flag_variable.filter(|_| which == Variables::All);
        for variable in [known.variable, of_flag].into_iter().flatten().filter(|variable| set.contains(variable)) {
            let Some(text) = environment.text(variable)? else { continue };
            known
                .put(settings, "", Raw::Text(text))
                .map_err(|wrong| Error::new(Kind::Usage, format!("wrong value for `{variable}`")).because(wrong))?;
            origins.insert(known.path.to_owned(), Origin::Environment { variable });
        }
    }
    Ok(())
}

fn apply_overrides(overrides: &[Override], settings: &mut Settings, origins: &mut Origins) -> Result<()> {
    for Override { key, flag, value } in overrides {
        let path: Vec<&str> = key.split('.').collect();
        let (known, name) = find(&path).ok_or_else(|| unknown(&path))?;
        known
            .put(settings, name, Raw::Text(value))
            .map_err(|wrong| Error::new(Kind::Usage, format!("wrong value for `{flag}`")).because(wrong))?;
        origins.insert((*key).to_owned(), Origin::Flag { flag });
    }
    Ok(())
}

/// A backend's own variable stands for `store.url` where that backend is chosen, and only there: whoever has Upstash's
/// variable for another program did not mean Redis by it.
fn settle_store_url(environment: &Environment, settings: &mut Settings, origins: &mut Origins) -> Result<()> {
    let variable = match settings.store.backend {
        Backend::Redis => "LLMC_REDIS_URL",
        Backend::Upstash => "UPSTASH_REDIS_REST_URL",
        Backend::Embedded | Backend::Memory => return Ok(()),
    };
    let is_set_nearer = matches!(origins.get("store.url"), Some(Origin::Environment { .. } | Origin::Flag { .. }));
    let Some(text) = environment.text(variable)?.filter(|_| !is_set_nearer) else { return Ok(()) };
    let (known, name) = find(&["store", "url"]).ok_or_else(|| unknown(&["store", "url"]))?;
    known
        .put(settings, name, Raw::Text(text))
        .map_err(|wrong| Error::new(Kind::Usage, format!("wrong value for `{variable}`")).because(wrong))?;
    origins.insert(known.path.to_owned(), Origin::Environment { variable });
    Ok(())
}

/// `enabled = false` is `mode = "off"` of the same layer, so a mode that comes from a higher one lifts it.
fn settle_mode(settings: &mut Settings, origins: &Origins) {
    if settings.cache.enabled {
        return;
    }
    let rank = |key: &str| match origins.get(key) {
        None | Some(Origin::BuiltIn) => 0,
        Some(Origin::UserFile { .. }) => 1,
        Some(Origin::ProjectFile { .. }) => 2,
        Some(Origin::Environment { .. }) => 3,
        Some(Origin::Flag { .. }) => 4,
    };
    if rank("cache.mode") > rank("cache.enabled") && settings.cache.mode != Mode::Off {
        settings.cache.enabled = true;
    } else {
        settings.cache.mode = Mode::Off;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
