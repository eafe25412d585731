//! What sessions are called: names people give, and names nobody can guess.

use sha2::{Digest, Sha256};

use crate::error::{Error, Kind, Result};
use crate::exchange::Key;

/// The longest name, in bytes.
const LONGEST: usize = 128;

/// Letters and digits that are not mistaken for one another when read aloud or copied by hand.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Letters of a name that is made up: five random bits each, 80 in all.
const MADE_UP: usize = 16;

/// Refuses what is no name. Letters, digits and `-_.:`, so that it stands in a path and in a shell as it is.
pub fn check(id: &str) -> Result<()> {
    let is_spelled = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte));
    // `.` and `..` would be taken out of a path before it arrives.
    if is_spelled && id.len() <= LONGEST && id.bytes().any(|byte| byte != b'.') {
        return Ok(());
    }
    let shown: String = id.chars().take(LONGEST).collect();
    Err(Error::new(Kind::Usage, format!("a session cannot be called `{shown}`"))
        .hint(format!("letters, digits and `-_.:`, {LONGEST} at most")))
}

/// A new name, from the system's own randomness: whoever knows it can read what was said.
pub fn make_up() -> Result<String> {
    let mut bytes = [0; MADE_UP];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::new(Kind::Other, "the system gives no random numbers").because(error))?;
    Ok(bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect())
}

/// The document a session is kept in.
pub fn document(prefix: &str, id: &str) -> String {
    format!("{prefix}:{id}")
}

/// What the turns of a session are leased by. Never the key of an entry, which is the hash of a JSON object.
pub fn lease(document: &str) -> Key {
    Key(Sha256::new().chain_update("session\0").chain_update(document).finalize().into())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_name_stands_in_a_path_and_in_a_shell_as_it_is() {
        for good in ["a", "Notes-2026_11.b:c", "...a", &"x".repeat(128)] {
            assert!(check(good).is_ok(), "{good}");
        }
        for bad in ["", ".", "..", "a b", "a/b", "ä", "a\n", "%2e", "*", &"x".repeat(129)] {
            let error = check(bad).unwrap_err();
            assert_eq!(error.kind(), Kind::Usage, "{bad}");
        }
    }

    #[test]
    fn no_two_names_made_up_are_the_same_and_each_is_a_name() {
        let names: BTreeSet<String> = (0..1000).map(|_| make_up().unwrap()).collect();

        assert_eq!(names.len(), 1000);
        assert!(names.iter().all(|name| name.len() == MADE_UP && check(name).is_ok()));
        let letters: BTreeSet<char> = names.iter().flat_map(|name| name.chars()).collect();
        assert_eq!(letters.len(), LETTERS.len());
    }

    #[test]
    fn sessions_are_leased_apart() {
        assert_ne!(lease("session:a"), lease("session:b"));
    }
}
