//! The token of the TCP door: kept in a private file beside the data, made when it is first needed.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::folder;
use super::secret::Secret;
use crate::error::{Error, Kind, Result};

/// Every token begins so, and no vendor's key does: it is told apart wherever it turns up.
pub const START: &str = "llmc-";

/// Random bytes of a token.
const LENGTH: usize = 32;

/// No token is longer.
const LONGEST: u64 = 1024;

/// Where the token of a data folder is.
fn file(data: &Path) -> PathBuf {
    data.join("token")
}

/// The token of a data folder; makes one where there is none.
pub fn find_or_make(data: &Path) -> Result<Secret> {
    folder::prepare_private_dir(data)?;
    match read(&file(data))? {
        Some(token) => Ok(token),
        None => {
            make(data)?;
            // Of two that make one at once, the later counts for both.
            read(&file(data))?.ok_or_else(|| unusable(&file(data)).because("it vanished"))
        }
    }
}

/// Makes a new token in place of the one there is.
pub fn make(data: &Path) -> Result<Secret> {
    folder::prepare_private_dir(data)?;
    let path = file(data);
    let token = draw()?;
    let cannot =
        |error: std::io::Error| Error::new(Kind::Other, format!("cannot write `{}`", path.display())).because(error);
    folder::replace_file(&path, Some(0o600), cannot, |file| {
        writeln!(file, "{}", token.reveal()).and_then(|()| file.sync_all()).map_err(cannot)
    })?;
    Ok(token)
}

/// A new token, kept nowhere: for a door that is open for one run.
pub fn draw() -> Result<Secret> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).map_err(|error| Error::new(Kind::Other, "cannot draw a token").because(error))?;
    Ok(Secret::new(bytes.iter().fold(START.to_owned(), |token, byte| token + &format!("{byte:02x}"))))
}

/// A token that was drawn before; `None` for what is none.
pub fn accept(text: &str) -> Option<Secret> {
    let is_long = (START.len() + LENGTH..=LONGEST as usize).contains(&text.len());
    let is_one = is_long && text.starts_with(START) && text.bytes().all(|byte| byte.is_ascii_graphic());
    is_one.then(|| Secret::new(text))
}

/// What stands for a token where it must not be seen.
pub fn digest(token: &Secret) -> String {
    let digest = Sha256::digest(token.reveal().as_bytes());
    digest.iter().take(6).fold(String::new(), |name, byte| name + &format!("{byte:02x}"))
}

fn read(path: &Path) -> Result<Option<Secret>> {
    let nofollow = rustix::fs::OFlags::NOFOLLOW.bits() as i32;
    let opened: std::io::Result<File> = OpenOptions::new().read(true).custom_flags(nofollow).open(path);
    let opened = match opened {
        Ok(opened) => opened,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unusable(path).because(error)),
    };
    let facts = opened.metadata().map_err(|error| unusable(path).because(error))?;
    if facts.uid() != rustix::process::geteuid().as_raw() || facts.mode() & 0o077 != 0 {
        return Err(unusable(path).because(format!("others may read it (mode {:04o})", facts.mode() & 0o7777)));
    }
    let mut text = String::new();
    opened.take(LONGEST).read_to_string(&mut text).map_err(|error| unusable(path).because(error))?;
    let token = accept(text.trim()).ok_or_else(|| unusable(path).because("it holds no token"))?;
    Ok(Some(token))
}

fn unusable(path: &Path) -> Error {
    Error::new(Kind::Forbidden, format!("cannot use the token in `{}`", path.display()))
        .hint("`llmc daemon token --rotate` makes a new one")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let outer = tempfile::tempdir().unwrap();
        let data = outer.path().join("data");
        (outer, data)
    }

    #[test]
    fn a_token_is_made_once_and_for_its_owner_alone() {
        let (_outer, data) = folder();

        let first = find_or_make(&data).unwrap();

        assert_eq!(find_or_make(&data).unwrap(), first);
        assert_eq!(first.reveal().len(), START.len() + 2 * LENGTH);
        assert_eq!(fs::metadata(file(&data)).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_new_token_takes_the_place_of_the_old() {
        let (_outer, data) = folder();
        let first = find_or_make(&data).unwrap();

        let second = make(&data).unwrap();

        assert_ne!(first, second);
        assert_eq!(find_or_make(&data).unwrap(), second);
    }

    #[test]
    fn a_file_that_others_can_read_or_that_holds_none_is_refused() {
        let (_outer, data) = folder();
        find_or_make(&data).unwrap();
        fs::set_permissions(file(&data), fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(find_or_make(&data).unwrap_err().kind(), Kind::Forbidden);
        make(&data).unwrap();
        fs::write(file(&data), "short").unwrap();
        assert_eq!(find_or_make(&data).unwrap_err().kind(), Kind::Forbidden);
    }
}
