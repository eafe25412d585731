//! Folders nobody else can look into or write to: made, opened without following links, and judged by what was
//! opened, never by a name that may have changed hands meanwhile.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fd::OwnedFd;
use rustix::fs::{Mode, OFlags, fchmod, fstat, open};
use rustix::io::Errno;

use crate::error::{Error, Kind, Result};

/// What to do where a folder is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Make it, for us alone.
    Create,
    /// Say that there is none.
    Leave,
}

/// A folder of llmc's own: made with mode 0700 where it is missing, tightened to it where it is ours, refused otherwise.
pub fn prepare_private_dir(path: &Path) -> Result<OwnedFd> {
    open_ours(path, Missing::Create, Judge::Tighten)?.ok_or_else(|| gone(path))
}

/// The same without making it: `None` where there is none.
pub fn open_private_dir(path: &Path) -> Result<Option<OwnedFd>> {
    open_ours(path, Missing::Leave, Judge::Tighten)
}

/// The folder of a path that was given: ours, and nobody else may write to it; never changed.
pub fn open_given_dir(path: &Path, missing: Missing) -> Result<Option<OwnedFd>> {
    open_ours(path, missing, Judge::Refuse)
}

/// It vanished while it was being made.
pub fn gone(path: &Path) -> Error {
    unusable(path).because("it is not there")
}

/// True where a folder is there and belongs to `user`.
pub fn is_owned_by(path: &Path, user: u32) -> bool {
    path.symlink_metadata().is_ok_and(|facts| facts.is_dir() && facts.uid() == user)
}

/// True where a folder belongs to `user`, or where it could be made in one that does.
pub fn could_hold_ours(path: &Path, user: u32) -> bool {
    let nearest = path.ancestors().find_map(|folder| folder.metadata().ok());
    nearest.is_some_and(|facts| facts.is_dir() && facts.uid() == user)
}

/// What to do with a folder of ours that others have rights to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Judge {
    Tighten,
    Refuse,
}

fn open_ours(path: &Path, missing: Missing, judge: Judge) -> Result<Option<OwnedFd>> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mut opened = open(path, flags, Mode::empty());
    if opened.as_ref().err() == Some(&Errno::NOENT) {
        if missing == Missing::Leave {
            return Ok(None);
        }
        create(path)?;
        opened = open(path, flags, Mode::empty());
    }
    let folder = opened.map_err(|error| match error {
        Errno::LOOP | Errno::NOTDIR => unusable(path).because("it is a link or a file, not a folder"),
        other => unusable(path).because(other),
    })?;

    let facts = fstat(&folder).map_err(|error| unusable(path).because(error))?;
    let user = rustix::process::geteuid().as_raw();
    let mode = facts.st_mode & 0o7777;
    if facts.st_uid != user {
        return Err(refused(path).because(format!("it belongs to user {}, not to user {user}", facts.st_uid)));
    }
    match judge {
        Judge::Tighten if mode & 0o077 != 0 => {
            fchmod(&folder, Mode::RWXU).map_err(|error| refused(path).because(error))?;
        }
        Judge::Refuse if mode & 0o022 != 0 => {
            return Err(refused(path).because(format!("others may write to it (mode {mode:04o})")));
        }
        _ => {}
    }
    Ok(Some(folder))
}

fn create(path: &Path) -> Result<()> {
    match DirBuilder::new().recursive(true).mode(0o700).create(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(Error::new(Kind::Other, format!("cannot make folder `{}`", path.display())).because(error))
        }
        _ => Ok(()),
    }
}

fn unusable(path: &Path) -> Error {
    Error::new(Kind::Forbidden, format!("cannot use folder `{}`", path.display()))
        .hint("name a folder of your own that nobody else can write to")
}

fn refused(path: &Path) -> Error {
    Error::new(Kind::Forbidden, format!("folder `{}` is not private", path.display()))
        .hint("name a folder of your own that nobody else can write to, never a shared one such as `/tmp`")
}

/// Writes beside a file, then renames: whoever reads sees the old one or the new one, never half of either. `write` is
/// given the new file, which is made with this mode, for nobody else to see before it has it; where none is given it is
/// made as the umask says. Fails with what `write` fails with, or what `cannot` makes of a failure; then nothing has
/// changed.
pub fn replace_file<E>(
    target: &Path,
    mode: Option<u32>,
    cannot: impl Fn(io::Error) -> E,
    write: impl FnOnce(&mut File) -> Result<(), E>,
) -> Result<(), E> {
    let mut name = OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(format!(".{}.part", std::process::id()));
    let beside = target.with_file_name(name);
    let written = make_anew(&beside, mode).map_err(&cannot).and_then(|mut file| write(&mut file));
    let replaced = written.and_then(|()| fs::rename(&beside, target).map_err(&cannot));
    replaced.inspect_err(|_| {
        // Best effort: what matters is told.
        let _ = fs::remove_file(&beside);
    })
}

fn make_anew(path: &Path, mode: Option<u32>) -> io::Result<File> {
    // What an earlier process of the same number left behind.
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = File::options();
    options.write(true).create_new(true);
    let Some(mode) = mode else { return options.open(path) };
    let file = options.mode(0o600).open(path)?;
    file.set_permissions(fs::Permissions::from_mode(mode))?;
    Ok(file)
}

/// Links that lead to one another at most.
const MOST_LINKS: usize = 40;

/// The file a path stands for, through links, whether it is there or not: what is to be written or replaced.
pub fn behind_links(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&target) {
            // A relative link starts at its own folder; an absolute one replaces it.
            Ok(link) => target = target.parent().unwrap_or(Path::new("")).join(link),
            Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::NotFound) => {
                return Ok(target);
            }
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("its links lead in a circle"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_missing_folder_is_made_for_us_alone() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a/b");

        prepare_private_dir(&path).unwrap();

        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o700, 0o700));
    }

    #[test]
    fn a_folder_of_ours_that_is_too_open_is_tightened() {
        let root = tempfile::tempdir().unwrap();
        fs::set_permissions(root.path(), Permissions::from_mode(0o777)).unwrap();

        prepare_private_dir(root.path()).unwrap();

        assert_eq!(mode(root.path()), 0o700);
    }

    #[test]
    fn a_link_is_not_followed_and_a_file_is_no_folder() {
        let root = tempfile::tempdir().unwrap();
        let (real, link, file) = (root.path().join("real"), root.path().join("link"), root.path().join("file"));
        fs::create_dir(&real).unwrap();
        symlink(&real, &link).unwrap();
        fs::write(&file, "").unwrap();

        for path in [&link, &file] {
            let error = prepare_private_dir(path).unwrap_err();
            assert!(error.to_string().contains("a link or a file"), "{error}");
            assert!(open_given_dir(path, Missing::Create).is_err());
        }
    }

    #[test]
    fn a_given_folder_others_may_write_to_is_refused_and_left_as_it_is() {
        let root = tempfile::tempdir().unwrap();
        fs::set_permissions(root.path(), Permissions::from_mode(0o1777)).unwrap();

        let error = open_given_dir(root.path(), Missing::Create).unwrap_err();

        assert!(error.to_string().contains("mode 1777"), "{error}");
        assert!(error.hint_text().unwrap().contains("/tmp"));
        assert_eq!(mode(root.path()), 0o777);
    }

    #[test]
    fn a_given_folder_others_may_read_is_taken_as_it_is() {
        let root = tempfile::tempdir().unwrap();
        fs::set_permissions(root.path(), Permissions::from_mode(0o755)).unwrap();

        assert!(open_given_dir(root.path(), Missing::Create).unwrap().is_some());
        assert_eq!(mode(root.path()), 0o755);
    }

    #[test]
    fn bare_tmp_is_refused() {
        assert!(open_given_dir(Path::new("/tmp"), Missing::Create).is_err());
    }

    #[test]
    fn looking_for_a_folder_does_not_make_it() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("none");

        assert!(open_private_dir(&path).unwrap().is_none());
        assert!(!path.exists());
    }

    #[test]
    fn a_path_through_links_stands_for_what_they_lead_to_even_if_it_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        symlink("second", at("first")).unwrap();
        symlink(at("file"), at("second")).unwrap();

        assert_eq!(behind_links(&at("first")).unwrap(), at("file"));
        assert_eq!(behind_links(&at("plain")).unwrap(), at("plain"));
        symlink("circle", at("circle")).unwrap();
        assert!(behind_links(&at("circle")).is_err());
    }
}
