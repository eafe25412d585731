//! Where things lie: one resolver for client and daemon, so that they cannot miss each other. Creates nothing.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use rustix::fd::{AsRawFd, OwnedFd};
use rustix::fs::{Mode, OFlags};

use crate::config::environment::{Environment, Platform};
use crate::config::folder::{self, Missing};
use crate::error::{Error, Kind, Result};

const SOCKET: &str = "llmc.sock";

/// The user's config file: `--config`, `LLMC_CONFIG`, `$XDG_CONFIG_HOME/llmc/`, the platform's place.
pub fn config_file(environment: &Environment) -> Result<PathBuf> {
    if let Some(path) = &environment.config {
        return Ok(environment.absolute(path));
    }
    if let Some(path) = environment.path("LLMC_CONFIG") {
        return Ok(path);
    }
    let folder = folder_of(environment, "XDG_CONFIG_HOME", |platform| &platform.config)
        .ok_or_else(|| homeless("config file", "XDG_CONFIG_HOME, or LLMC_CONFIG"))?;
    Ok(folder.join("config.toml"))
}

/// True where the user said which file it is, so that it has to be there.
pub fn is_config_named(environment: &Environment) -> bool {
    environment.config.is_some() || environment.variable("LLMC_CONFIG").is_some()
}

/// The database's folder: `LLMC_DATA_DIR`, `$XDG_DATA_HOME/llmc`, the platform's place.
pub fn data_folder(environment: &Environment) -> Result<PathBuf> {
    environment
        .path("LLMC_DATA_DIR")
        .or_else(|| folder_of(environment, "XDG_DATA_HOME", |platform| &platform.data))
        .ok_or_else(|| homeless("data folder", "XDG_DATA_HOME, or LLMC_DATA_DIR"))
}

/// The log's folder: `LLMC_STATE_DIR`, `$XDG_STATE_HOME/llmc`, the platform's place.
pub fn state_folder(environment: &Environment) -> Result<PathBuf> {
    environment
        .path("LLMC_STATE_DIR")
        .or_else(|| folder_of(environment, "XDG_STATE_HOME", |platform| &platform.state))
        .ok_or_else(|| homeless("log", "XDG_STATE_HOME, or LLMC_STATE_DIR"))
}

/// The daemon's log.
pub fn log_file(environment: &Environment) -> Result<PathBuf> {
    Ok(state_folder(environment)?.join("daemon.log"))
}

/// Where the daemon listens.
#[derive(Clone, Debug, PartialEq)]
pub struct Socket {
    /// The socket itself.
    pub path: PathBuf,
    parent: Parent,
}

/// Whose folder the socket is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Parent {
    /// llmc's: made and tightened as needed.
    Own,
    /// The one of a path that somebody gave: judged, never changed.
    Given,
}

impl Socket {
    /// The folder it is in.
    pub fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("/"))
    }

    /// For the daemon: the folder, made where it is missing and found safe.
    pub fn prepare(&self) -> Result<OwnedFd> {
        match self.parent {
            Parent::Own => folder::prepare_private_dir(self.folder()),
            Parent::Given => {
                let opened = folder::open_given_dir(self.folder(), Missing::Create)?;
                opened.ok_or_else(|| folder::gone(self.folder()))
            }
        }
    }

    /// For the client: the folder, found safe; `None` where there is none and so no daemon.
    pub fn open_folder(&self) -> Result<Option<OwnedFd>> {
        match self.parent {
            Parent::Own => folder::open_private_dir(self.folder()),
            Parent::Given => folder::open_given_dir(self.folder(), Missing::Leave),
        }
    }
}

/// The longest path a socket address holds, its closing zero not counted (`sockaddr_un`: 108 bytes on Linux, 104 elsewhere).
const LONGEST_ADDRESS: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// A path short enough for a socket address, good for as long as this lives.
#[derive(Debug)]
pub struct Reachable {
    path: PathBuf,
    _folder: Option<OwnedFd>,
}

impl Reachable {
    /// The path.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Socket {
    /// The socket by a path that fits an address.
    pub fn reachable(&self) -> io::Result<Reachable> {
        self.reachable_as(self.path.file_name().unwrap_or_default())
    }

    /// A neighbour of the socket by a path that fits an address: a long one goes through the folder's descriptor.
    pub fn reachable_as(&self, name: &OsStr) -> io::Result<Reachable> {
        let path = self.folder().join(name);
        let length = path.as_os_str().len();
        if length <= LONGEST_ADDRESS {
            return Ok(Reachable { path, _folder: None });
        }
        if !cfg!(target_os = "linux") {
            let what = format!(
                "its path has {length} bytes, and a socket's may have {LONGEST_ADDRESS}: set LLMC_SOCKET to a shorter one"
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        }
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let folder = rustix::fs::open(self.folder(), flags, Mode::empty())?;
        let path = PathBuf::from(format!("/proc/self/fd/{}", folder.as_raw_fd())).join(name);
        Ok(Reachable { path, _folder: Some(folder) })
    }
}

/// The socket: `--socket`, `LLMC_SOCKET`, `$XDG_RUNTIME_DIR/llmc/`, `/run/user/UID/llmc/`, `$XDG_STATE_HOME/llmc/run/`.
pub fn socket(environment: &Environment) -> Result<Socket> {
    let given = match &environment.socket {
        Some(path) => Some(environment.absolute(path)),
        None => environment.path("LLMC_SOCKET"),
    };
    if let Some(path) = given {
        if path.file_name().is_none() || !path.is_absolute() {
            return Err(Error::new(Kind::Usage, format!("`{}` is no path for a socket", path.display()))
                .hint("name a file in a folder of your own"));
        }
        return Ok(Socket { path, parent: Parent::Given });
    }
    let folder = runtime_folder(environment)?;
    Ok(Socket { path: folder.join(SOCKET), parent: Parent::Own })
}

fn runtime_folder(environment: &Environment) -> Result<PathBuf> {
    // After `su` the variable may still name the other user's folder: making ours there would lock them out.
    if let Some(folder) = environment.xdg("XDG_RUNTIME_DIR")
        && folder::could_hold_ours(folder, environment.user)
    {
        return Ok(folder.join("llmc"));
    }
    let by_user = PathBuf::from(format!("/run/user/{}", environment.user));
    if folder::is_owned_by(&by_user, environment.user) {
        return Ok(by_user.join("llmc"));
    }
    let state = folder_of(environment, "XDG_STATE_HOME", |platform| &platform.state)
        .ok_or_else(|| homeless("socket", "XDG_RUNTIME_DIR, or LLMC_SOCKET"))?;
    Ok(state.join("run"))
}

fn folder_of(environment: &Environment, xdg: &str, platform: fn(&Platform) -> &PathBuf) -> Option<PathBuf> {
    let from_xdg = environment.xdg(xdg).map(|folder| folder.join("llmc"));
    from_xdg.or_else(|| environment.platform.as_ref().map(|folders| platform(folders).clone()))
}

fn homeless(what: &str, variables: &str) -> Error {
    Error::new(Kind::Usage, format!("no place for the {what}"))
        .because("HOME is not set")
        .hint(format!("set HOME, {variables}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn given(variables: &[(&str, &str)]) -> Environment {
        Environment::new(variables.iter().copied(), Some(PathBuf::from("/project")))
    }

    fn at_home(variables: &[(&str, &str)]) -> Environment {
        let mut environment = given(variables);
        environment.platform = Some(Platform {
            config: PathBuf::from("/home/u/.config/llmc"),
            data: PathBuf::from("/home/u/.local/share/llmc"),
            state: PathBuf::from("/home/u/.local/state/llmc"),
        });
        environment
    }

    #[test]
    fn the_config_file_is_the_first_that_applies() {
        let mut environment = at_home(&[("LLMC_CONFIG", "c.toml"), ("XDG_CONFIG_HOME", "/x")]);
        assert_eq!(config_file(&environment).unwrap(), Path::new("/project/c.toml"));

        environment.config = Some(PathBuf::from("flag.toml"));
        assert_eq!(config_file(&environment).unwrap(), Path::new("/project/flag.toml"));

        let by_xdg = config_file(&at_home(&[("XDG_CONFIG_HOME", "/x")])).unwrap();
        assert_eq!(by_xdg, Path::new("/x/llmc/config.toml"));

        let by_platform = config_file(&at_home(&[("XDG_CONFIG_HOME", "relative"), ("LLMC_CONFIG", "")])).unwrap();
        assert_eq!(by_platform, Path::new("/home/u/.config/llmc/config.toml"));
    }

    #[test]
    fn data_and_log_have_their_own_variables() {
        let environment = at_home(&[("LLMC_DATA_DIR", "/d"), ("LLMC_STATE_DIR", "s")]);

        assert_eq!(data_folder(&environment).unwrap(), Path::new("/d"));
        assert_eq!(log_file(&environment).unwrap(), Path::new("/project/s/daemon.log"));
    }

    #[test]
    fn without_a_home_the_error_says_what_to_set() {
        let environment = given(&[]);

        let error = data_folder(&environment).unwrap_err();

        assert_eq!(error.hint_text(), Some("set HOME, XDG_DATA_HOME, or LLMC_DATA_DIR"));
    }

    #[test]
    fn the_socket_is_in_the_runtime_folder_where_that_is_ours() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().display().to_string();

        let socket = socket(&at_home(&[("XDG_RUNTIME_DIR", &folder)])).unwrap();

        assert_eq!(socket.path, root.path().join("llmc/llmc.sock"));
    }

    #[test]
    fn a_runtime_folder_of_somebody_else_is_passed_over() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().display().to_string();
        let mut environment = at_home(&[("XDG_RUNTIME_DIR", &folder)]);
        environment.user = environment.user.wrapping_add(12_345);

        let socket = socket(&environment).unwrap();

        assert_eq!(socket.path, Path::new("/home/u/.local/state/llmc/run/llmc.sock"));
    }

    #[test]
    fn a_given_socket_is_made_whole_and_wins() {
        let mut environment = at_home(&[("LLMC_SOCKET", "x.sock")]);
        assert_eq!(socket(&environment).unwrap().path, Path::new("/project/x.sock"));

        environment.socket = Some(PathBuf::from("/y/z.sock"));
        assert_eq!(socket(&environment).unwrap().path, Path::new("/y/z.sock"));

        environment.socket = Some(PathBuf::from("/"));
        assert!(socket(&environment).is_err());
    }

    #[test]
    fn a_client_finds_no_folder_where_no_daemon_ever_was() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().display().to_string();
        let socket = socket(&at_home(&[("XDG_RUNTIME_DIR", &folder)])).unwrap();

        assert!(socket.open_folder().unwrap().is_none());
        socket.prepare().unwrap();
        assert!(socket.open_folder().unwrap().is_some());
    }
}
