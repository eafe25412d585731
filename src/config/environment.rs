//! What the process was given: variables, folder, flags. Everything below asks this and never the process itself.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::keys::travelling_variables;
use crate::error::{Error, Kind, Result};

/// A flag that stands for a setting.
#[derive(Clone, Debug, PartialEq)]
pub struct Override {
    /// The setting, such as `cache.ttl`.
    pub key: &'static str,
    /// The flag as typed, such as `--ttl`, for messages.
    pub flag: &'static str,
    /// Its value as typed.
    pub value: String,
}

/// The folders the platform sets aside for llmc.
#[derive(Clone, Debug, PartialEq)]
pub struct Platform {
    /// For `config.toml`.
    pub config: PathBuf,
    /// For the database.
    pub data: PathBuf,
    /// For the log.
    pub state: PathBuf,
}

/// Everything a setting or a path may depend on.
#[derive(Clone)]
pub struct Environment {
    variables: Arc<BTreeMap<OsString, OsString>>,
    /// The working folder, where there is one.
    pub folder: Option<PathBuf>,
    /// The platform's folders; `None` without a home.
    pub platform: Option<Platform>,
    /// The effective user.
    pub user: u32,
    /// `--config`
    pub config: Option<PathBuf>,
    /// `--socket`
    pub socket: Option<PathBuf>,
    /// Flags that stand for settings; a later one wins.
    pub overrides: Vec<Override>,
}

impl Environment {
    /// The names of variables that begin so.
    pub fn names_beginning<'a>(&'a self, start: &'a str) -> impl Iterator<Item = &'a str> {
        let from = (Bound::Included(OsStr::new(start)), Bound::Unbounded);
        let names = self.variables.range::<OsStr, _>(from).map(|(name, _)| name.as_os_str());
        let begin_so = names.take_while(move |name| name.as_encoded_bytes().starts_with(start.as_bytes()));
        begin_so.filter_map(OsStr::to_str)
    }

    /// The names of all variables.
    pub fn names(&self) -> impl Iterator<Item = &OsStr> {
        self.variables.keys().map(OsString::as_os_str)
    }

    /// The process's own, without flags.
    pub fn of_process() -> Environment {
        let mut environment = Environment::new(std::env::vars_os(), std::env::current_dir().ok());
        environment.platform = environment.home().and_then(|_| platform());
        environment
    }

    /// Made of given variables, without platform folders: `XDG_*` or `LLMC_*` variables say where things are.
    pub fn new<K, V>(variables: impl IntoIterator<Item = (K, V)>, folder: Option<PathBuf>) -> Environment
    where
        K: Into<OsString>,
        V: Into<OsString>,
    {
        Environment {
            variables: Arc::new(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect()),
            folder,
            platform: None,
            user: rustix::process::geteuid().as_raw(),
            config: None,
            socket: None,
            overrides: Vec::new(),
        }
    }

    /// This one with an asker's own variables for all that [travel](travelling_variables) with a request, set or not.
    pub fn of_asker(&self, travelled: &[(String, String)]) -> Environment {
        let mut variables = BTreeMap::clone(&self.variables);
        for name in travelling_variables() {
            variables.remove(OsStr::new(name));
        }
        let known = travelled.iter().filter(|(name, _)| travelling_variables().any(|travelling| travelling == name));
        variables.extend(known.map(|(name, value)| (name.into(), value.into())));
        Environment { variables: Arc::new(variables), ..self.clone() }
    }

    /// The variables that travel with a request, as they are set here.
    pub fn travelling(&self) -> impl Iterator<Item = (&'static str, &OsStr)> {
        travelling_variables().filter_map(|name| Some((name, self.variable(name)?)))
    }

    /// A variable's value; an empty one counts as not set.
    pub fn variable(&self, name: &str) -> Option<&OsStr> {
        self.variables.get(OsStr::new(name)).map(OsString::as_os_str).filter(|value| !value.is_empty())
    }

    /// A variable's value as text.
    pub fn text(&self, name: &str) -> Result<Option<&str>> {
        let Some(value) = self.variable(name) else { return Ok(None) };
        let text = value.to_str().ok_or_else(|| Error::new(Kind::Usage, format!("`{name}` is not UTF-8 text")))?;
        Ok(Some(text))
    }

    /// A variable's value as a path; a relative one starts at the working folder.
    pub fn path(&self, name: &str) -> Option<PathBuf> {
        self.variable(name).map(|value| self.absolute(Path::new(value)))
    }

    /// An `XDG_*` folder. One that is empty or relative is ignored, as the XDG specification wants.
    pub fn xdg(&self, name: &str) -> Option<&Path> {
        self.variable(name).map(Path::new).filter(|path| path.is_absolute())
    }

    /// The user's home.
    pub fn home(&self) -> Option<&Path> {
        self.xdg("HOME")
    }

    /// A path from the working folder on. The daemon works in `/`, so every path is made whole before it gets there.
    pub fn absolute(&self, path: &Path) -> PathBuf {
        match &self.folder {
            Some(folder) => folder.join(path),
            None => path.to_owned(),
        }
    }
}

impl fmt::Debug for Environment {
    /// Names only: keys are among the values.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Environment")
            .field("variables", &self.variables.keys())
            .field("folder", &self.folder)
            .field("platform", &self.platform)
            .field("config", &self.config)
            .field("socket", &self.socket)
            .field("overrides", &self.overrides)
            .finish_non_exhaustive()
    }
}

fn platform() -> Option<Platform> {
    let folders = directories::ProjectDirs::from("", "", "llmc")?;
    Some(Platform {
        config: folders.config_dir().to_owned(),
        data: folders.data_dir().to_owned(),
        state: folders.state_dir().unwrap_or_else(|| folders.data_local_dir()).to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_is_not_set() {
        let environment = Environment::new([("LLMC_MODEL", "")], None);

        assert_eq!(environment.variable("LLMC_MODEL"), None);
    }

    #[test]
    fn a_relative_xdg_folder_is_ignored() {
        let environment = Environment::new([("XDG_CONFIG_HOME", "here"), ("XDG_DATA_HOME", "/there")], None);

        assert_eq!(environment.xdg("XDG_CONFIG_HOME"), None);
        assert_eq!(environment.xdg("XDG_DATA_HOME"), Some(Path::new("/there")));
    }

    #[test]
    fn debug_output_shows_no_values() {
        let environment = Environment::new([("OPENAI_API_KEY", "sk-hidden")], None);

        let shown = format!("{environment:?}");

        assert!(shown.contains("OPENAI_API_KEY") && !shown.contains("sk-hidden"), "{shown}");
    }
}
