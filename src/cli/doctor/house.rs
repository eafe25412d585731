//! What can be seen without asking anybody: settings, folders and files, the disk, the log.

use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use super::Finding;
use crate::cli::table::bytes;
use crate::config::{Environment, Resolved, paths};
use crate::error::Result;

/// Less room than this and answers are soon not kept.
const SCARCE: u64 = 1 << 30;
/// Less than this and nothing works for long.
const TOO_LITTLE: u64 = 64 << 20;

/// A log that is put aside in time is not as long as this.
const LONG_LOG: u64 = 64 << 20;

/// Whether the settings can be read, and which file they are from.
pub fn settings(loaded: &Result<Resolved>, environment: &Environment) -> Finding {
    let resolved = match loaded {
        Ok(resolved) => resolved,
        Err(error) => return Finding::failure("settings", error),
    };
    let file = resolved.user_file.clone().or_else(|| paths::config_file(environment).ok());
    let mut found = match file {
        Some(file) if file.exists() => format!("sound, from {}", file.display()),
        Some(file) => format!("as built in; {} is not there", file.display()),
        None => "as built in".to_owned(),
    };
    if let Some(project) = &resolved.project_file {
        found.push_str(&format!(" and {}", project.display()));
    }
    Finding::ok("settings", found)
}

/// What a place is for, and who may see it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Privacy {
    /// Nobody else may look in.
    Private,
    /// Others may look in and write nothing.
    Readable,
}

/// Whose the folders and files are, and what others may do with them.
pub fn folders(environment: &Environment) -> Vec<Finding> {
    let socket = paths::socket(environment);
    let mut findings: Vec<Finding> = socket.iter().flat_map(|socket| socket_of(&socket.path, environment)).collect();
    findings.extend(socket.as_ref().err().map(|error| Finding::failure("socket", error)));
    let files = |folder: &Path| ["llmc.sqlite", "token"].map(|name| folder.join(name));
    match paths::data_folder(environment) {
        Ok(folder) => {
            findings.push(folder_of("data", &folder, environment, Privacy::Private));
            findings.extend(files(&folder).iter().filter_map(|file| open_file("data", file)));
        }
        Err(error) => findings.push(Finding::failure("data", &error)),
    }
    findings
}

fn socket_of(path: &Path, environment: &Environment) -> Vec<Finding> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    let mut findings = vec![folder_of("socket", folder, environment, Privacy::Readable)];
    if let Ok(facts) = fs::symlink_metadata(path) {
        if !facts.file_type().is_socket() {
            let found = format!("{} is no socket", path.display());
            findings.push(Finding::problem("socket", found, "move it away, or name another place by `LLMC_SOCKET`"));
        } else {
            findings.extend(open_file("socket", path));
        }
    }
    findings
}

fn folder_of(about: &'static str, path: &Path, environment: &Environment, privacy: Privacy) -> Finding {
    let shown = path.display();
    let facts = match fs::symlink_metadata(path) {
        Ok(facts) => facts,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Finding::ok(about, format!("{shown} is not there yet; it is made when it is needed"));
        }
        Err(error) => {
            return Finding::problem(about, format!("cannot look at {shown}: {error}"), "name a folder of your own");
        }
    };
    if !facts.is_dir() {
        return Finding::problem(about, format!("{shown} is a link or a file"), "name a folder of your own");
    }
    if facts.uid() != environment.user {
        let found = format!("{shown} belongs to user {}, not to user {}", facts.uid(), environment.user);
        return Finding::problem(
            about,
            found,
            format!("name a folder of your own, or `chown {}` it", environment.user),
        );
    }
    let mode = facts.mode() & 0o7777;
    let advice = format!("`chmod 700 {shown}`");
    if mode & 0o022 != 0 {
        return Finding::problem(about, format!("others may write to {shown} (mode {mode:04o})"), advice);
    }
    if privacy == Privacy::Private && mode & 0o077 != 0 {
        return Finding::warning(about, format!("others may look into {shown} (mode {mode:04o})"), advice);
    }
    Finding::ok(about, format!("{shown}, yours (mode {mode:04o})"))
}

/// A file that others may read or write; nothing where none is there, or it is private.
fn open_file(about: &'static str, path: &Path) -> Option<Finding> {
    let mode = fs::symlink_metadata(path).ok()?.mode() & 0o777;
    (mode & 0o077 != 0).then(|| {
        let found = format!("others have rights to {} (mode {mode:04o})", path.display());
        Finding::warning(about, found, format!("`chmod 600 {}`", path.display()))
    })
}

/// The room left where the data are.
pub fn disk(environment: &Environment) -> Finding {
    let folder = match paths::data_folder(environment) {
        Ok(folder) => folder,
        Err(error) => return Finding::failure("disk", &error),
    };
    let nearest = folder.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("/")).to_owned();
    match free(&nearest) {
        Ok(left) => room(left, &folder),
        Err(error) => {
            let found = format!("cannot tell how much room is left at {}: {error}", nearest.display());
            Finding::warning("disk", found, "`df` may know")
        }
    }
}

fn free(path: &Path) -> std::io::Result<u64> {
    let facts = rustix::fs::statvfs(path)?;
    Ok(facts.f_bavail.saturating_mul(facts.f_frsize))
}

fn room(left: u64, folder: &Path) -> Finding {
    let found = format!("{} left at {}", bytes(left), folder.display());
    let advice = "make room, lower `cache.max_size`, or move the data with `LLMC_DATA_DIR`";
    if left < TOO_LITTLE {
        return Finding::problem("disk", found, advice);
    }
    if left < SCARCE { Finding::warning("disk", found, advice) } else { Finding::ok("disk", found) }
}

/// The log, and how long it is.
pub fn log(environment: &Environment) -> Finding {
    let path = match paths::log_file(environment) {
        Ok(path) => path,
        Err(error) => return Finding::failure("log", &error),
    };
    let mut aside = path.clone().into_os_string();
    aside.push(".1");
    let length = |path: &Path| fs::metadata(path).map(|facts: Metadata| facts.len()).ok();
    let Some(own) = length(&path) else {
        return Finding::ok("log", format!("{} is not there yet", path.display()));
    };
    let whole = own + length(&PathBuf::from(aside)).unwrap_or(0);
    let found = format!("{}, {}", path.display(), bytes(whole));
    if whole > LONG_LOG {
        return Finding::warning("log", found, "it should have been put aside: remove it, then `llmc daemon restart`");
    }
    open_file("log", &path).unwrap_or_else(|| Finding::ok("log", found))
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn little_room_is_told_before_there_is_none() {
        let of = |left| room(left, Path::new("/data")).state;

        assert_eq!([0, TOO_LITTLE, SCARCE].map(of), [State::Problem, State::Warning, State::Ok]);
    }

    #[test]
    fn a_folder_is_judged_by_what_others_may_do_with_it() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().unwrap();
        let environment = Environment::new([("A", "b")], None);
        let judged = |mode: u32, privacy| {
            fs::set_permissions(root.path(), fs::Permissions::from_mode(mode)).unwrap();
            folder_of("data", root.path(), &environment, privacy).state
        };

        assert_eq!(judged(0o777, Privacy::Readable), State::Problem);
        assert_eq!(judged(0o755, Privacy::Private), State::Warning);
        assert_eq!(judged(0o755, Privacy::Readable), State::Ok);
        assert_eq!(judged(0o700, Privacy::Private), State::Ok);
        let mut stranger = environment.clone();
        stranger.user = stranger.user.wrapping_add(1);
        assert_eq!(folder_of("data", root.path(), &stranger, Privacy::Private).state, State::Problem);
    }
}
