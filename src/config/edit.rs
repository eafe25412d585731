//! Writing the user's file: one value changed with comments and layout kept, or a commented template to start from.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;

use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

use crate::config::document::{Document, Owner};
use crate::config::folder;
use crate::config::keys::{KEYS, dotted, find};
use crate::config::layers::{self, Origins};
use crate::config::settings::Settings;
use crate::config::value::Raw;
use crate::error::{Error, Kind, Result};

/// Sets one value in the user's file, which is made where there is none.
pub fn set_in_file(path: &Path, key: &str, value: &str) -> Result<()> {
    let changed = set(&read(path)?, path, key, value)?;
    write(path, changed.as_bytes())
}

/// Takes one value, or a table with all that is in it, out of the user's file. False where the file does not have it.
pub fn unset_in_file(path: &Path, key: &str) -> Result<bool> {
    let Some(changed) = unset(&read(path)?, path, key)? else { return Ok(false) };
    write(path, changed.as_bytes())?;
    Ok(true)
}

fn read(path: &Path) -> Result<String> {
    let bytes = layers::read_user_file(path)?.unwrap_or_default();
    String::from_utf8(bytes)
        .map_err(|_| Error::new(Kind::Usage, format!("cannot read `{}`", path.display())).because("not UTF-8 text"))
}

/// Writes the template; a file that is there is left alone.
pub fn init_file(path: &Path) -> Result<()> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(Error::new(Kind::Conflict, format!("`{}` is there already", path.display()))
            .hint("`llmc config set KEY VALUE` changes it"));
    }
    write(path, template().as_bytes())
}

/// The text of a file with one value set; refused where the whole would not be a good file. `path` is for messages.
pub fn set(text: &str, path: &Path, key: &str, value: &str) -> Result<String> {
    let segments = layers::split(key)?;
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let (known, name) = find(&segments).ok_or_else(|| layers::unknown(&segments))?;

    let mut scratch = Settings::default();
    known
        .put(&mut scratch, name, Raw::Text(value))
        .map_err(|wrong| Error::new(Kind::Usage, format!("wrong value for `{}`", dotted(&segments))).because(wrong))?;
    let value = match known.value(&mut scratch, name) {
        Some(read) if !known.is_text() => read.toml(),
        _ => Value::from(value.trim()),
    };

    check(text, path)?;
    let mut document: DocumentMut = text.parse().map_err(|_| unreadable(path))?;
    put(document.as_table_mut(), &segments, value).ok_or_else(|| unreadable(path))?;
    let changed = document.to_string();
    check(&changed, path)?;
    Ok(changed)
}

/// The text of a file without a value; `None` where it is not in there. A key that nobody knows can be taken out as well, which
/// is how a file is mended.
pub fn unset(text: &str, path: &Path, key: &str) -> Result<Option<String>> {
    let segments = layers::split(key)?;
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let mut document: DocumentMut = text.parse().map_err(|_| unreadable(path))?;
    if take(document.as_table_mut(), &segments).is_none() {
        find(&segments).ok_or_else(|| layers::unknown(&segments))?;
        return Ok(None);
    }
    let changed = document.to_string();
    if check(text, path).is_ok() {
        check(&changed, path)?;
    }
    Ok(Some(changed))
}

fn take(table: &mut dyn TableLike, path: &[&str]) -> Option<Item> {
    let (first, rest) = path.split_first()?;
    if rest.is_empty() {
        return table.remove(first);
    }
    take(table.get_mut(first)?.as_table_like_mut()?, rest)
}

fn check(text: &str, path: &Path) -> Result<()> {
    Document { path, owner: Owner::User, bytes: text.as_bytes() }.apply(&mut Settings::default(), &mut Origins::new())
}

fn unreadable(path: &Path) -> Error {
    Error::new(Kind::Usage, format!("cannot change `{}`", path.display())).hint("edit it by hand")
}

fn put(table: &mut dyn TableLike, path: &[&str], mut value: Value) -> Option<()> {
    let (first, rest) = path.split_first()?;
    if !rest.is_empty() {
        let inner = table.entry(first).or_insert_with(|| {
            let mut fresh = Table::new();
            fresh.set_implicit(true);
            Item::Table(fresh)
        });
        return put(inner.as_table_like_mut()?, rest, value);
    }
    match table.get_mut(first).and_then(Item::as_value_mut) {
        Some(old) => {
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        None => {
            table.insert(first, Item::Value(value));
        }
    }
    Some(())
}

/// A file in which every key is explained and commented out, with its built-in value or an example.
pub fn template() -> String {
    let mut settings = Settings::default();
    let mut out = String::from(
        "# What llmc goes by. A line that is commented out shows the built-in value, or an example.\n\
         # In force: flag, then environment, then project file (.llmc.toml), then this file.\n\n",
    );
    let mut table = "";
    for known in KEYS {
        let (its_table, leaf) = known.path.rsplit_once('.').unwrap_or(("", known.path));
        if its_table != table {
            table = its_table;
            let comment = if known.path.contains('*') { "# " } else { "" };
            let _ = writeln!(out, "\n{comment}[{}]", table.replace('*', "local"));
        }
        let value = known.value(&mut settings, "").filter(|_| known.example.is_empty());
        let value = value.map_or_else(|| known.example.to_owned(), |value| value.toml().to_string());
        let leaf = match (leaf, table) {
            ("*", "prices") => "\"openai/gpt-4o\"",
            ("*", _) => "fast",
            (leaf, _) => leaf,
        };
        let _ = writeln!(out, "# {}\n# {leaf} = {value}", known.about);
    }
    out
}

/// Replaces a file in one step, so that nobody ever reads half of it. A new one is the user's alone.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let cannot =
        |error: std::io::Error| Error::new(Kind::Other, format!("cannot write `{}`", path.display())).because(error);
    // A link, as dotfile managers make, stays one: its target is replaced.
    let target = folder::behind_links(path).map_err(cannot)?;
    let folder = target.parent().unwrap_or(Path::new("/"));
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(cannot)?;
    let mode = fs::metadata(&target).map(|facts| facts.permissions().mode() & 0o777).unwrap_or(0o600);
    folder::replace_file(&target, Some(mode), cannot, |file| {
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(cannot)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn set_in(text: &str, key: &str, value: &str) -> Result<String> {
        set(text, Path::new("/etc/x.toml"), key, value)
    }

    #[test]
    fn setting_a_value_keeps_comments_and_layout() {
        let text = "# mine\n[cache]\n  ttl   = \"1h\"   # short\n# the end\n";

        let changed = set_in(text, "cache.ttl", "2h").unwrap();

        assert_eq!(changed, "# mine\n[cache]\n  ttl   = \"2h\"   # short\n# the end\n");
    }

    #[test]
    fn tables_are_made_where_they_are_missing() {
        let text = set_in("", "providers.local.kind", "openai").unwrap();
        let text = set_in(&text, "providers.local.models", "a,b").unwrap();
        let text = set_in(&text, "providers.local.price", "{ input = 1, output = 2 }").unwrap();
        let text = set_in(&text, "default_model", "local/a").unwrap();
        let text = set_in(&text, "prices.\"openai/gpt-4o\"", "{ input = 1, output = 2 }").unwrap();
        let text = set_in(&text, "rate_limit.llm", "7").unwrap();

        assert_eq!(
            text,
            "default_model = \"local/a\"\n[providers.local]\nkind = \"openai\"\nmodels = [\"a\", \"b\"]\n\
             price = { input = 1.0, output = 2.0 }\n\n[prices]\n\"openai/gpt-4o\" = { input = 1.0, output = 2.0 }\n\n\
             [rate_limit]\nllm = 7\n"
        );
    }

    #[test]
    fn a_wrong_value_changes_nothing_and_says_so() {
        assert!(set_in("", "cache.ttl", "soon").unwrap_err().to_string().contains("cache.ttl"));
        assert!(set_in("", "cache.tll", "1h").unwrap_err().hint_text().is_some());
        assert!(set_in("", "providers.new.base_url", "http://h").unwrap_err().to_string().contains("kind"));
        assert!(set_in("nonsense", "cache.ttl", "1h").unwrap_err().to_string().contains("/etc/x.toml"));
    }

    #[test]
    fn a_value_or_a_table_is_taken_out_and_the_rest_stays() {
        let unset = |text: &str, key: &str| unset(text, Path::new("/etc/x.toml"), key);
        let text =
            "# mine\n[cache]\nttl = \"1h\"   # short\nenabled = true # yes\n\n[providers.a]\nkind = \"openai\"\n";

        let changed = unset(text, "cache.ttl").unwrap().unwrap();

        assert_eq!(changed, text.replace("ttl = \"1h\"   # short\n", ""));
        assert_eq!(unset(text, "cache.namespace").unwrap(), None);
        assert_eq!(unset(text, "providers.a").unwrap().unwrap(), text.split_once("\n[prov").unwrap().0);
        assert!(unset(text, "cache.tll").unwrap_err().hint_text().is_some());
        let needed = format!("{text}base_url = \"http://127.0.0.1:1\"\n");
        assert!(
            unset(&needed, "providers.a.kind").unwrap_err().to_string().contains("kind"),
            "it would be no good file"
        );
        assert_eq!(unset("[cache]\ntll = 1\n", "cache.tll").unwrap().as_deref(), Some("[cache]\n"), "a mend");
    }

    #[test]
    fn the_template_says_every_key_and_sets_none() {
        let text = template();
        let mut settings = Settings::default();
        let document = Document { path: Path::new("t"), owner: Owner::User, bytes: text.as_bytes() };

        document.apply(&mut settings, &mut Origins::new()).unwrap();

        assert_eq!(settings, Settings::default());
        for known in KEYS.iter().filter(|known| !known.path.ends_with('*')) {
            let leaf = known.path.rsplit('.').next().unwrap();
            assert!(text.contains(&format!("# {leaf} = ")), "{leaf}");
        }
    }

    #[test]
    fn the_template_with_every_comment_taken_away_is_a_good_file() {
        let text = template();
        let live: String = text
            .lines()
            .map(|line| {
                line.strip_prefix("# ").filter(|rest| rest.starts_with('[') || rest.contains(" = ")).unwrap_or(line)
            })
            // Prose and the two ways to a key, of which one is allowed.
            .filter(|line| !line.starts_with("False is") && !line.starts_with("api_key_file"))
            .map(|line| format!("{line}\n"))
            .collect();

        check(&live, Path::new("t")).unwrap();

        assert!(live.contains("\nttl = \"1h\"\n"), "{live}");
    }

    #[test]
    fn a_new_file_is_private_and_an_old_one_keeps_its_mode() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("new/llmc/config.toml");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;

        set_in_file(&path, "cache.ttl", "2h").unwrap();
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));

        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        set_in_file(&path, "cache.ttl", "3h").unwrap();
        assert_eq!(mode(&path), 0o640);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_linked_file_stays_a_link() {
        let root = tempfile::tempdir().unwrap();
        let (real, link) = (root.path().join("real.toml"), root.path().join("config.toml"));
        fs::write(&real, "# mine\n").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();

        set_in_file(&link, "cache.ttl", "2h").unwrap();

        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(fs::read_to_string(&real).unwrap().contains("ttl"));
    }

    #[test]
    fn init_never_touches_a_file_that_is_there() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("config.toml");

        init_file(&path).unwrap();
        let error = init_file(&path).unwrap_err();

        assert_eq!(error.kind(), Kind::Conflict);
    }
}
