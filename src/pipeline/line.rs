//! An entry as a line of text: how entries are moved between stores, and recorded beside tests. One JSON object, its
//! members always in the same order and spelled the same way, so that lines can be sorted and compared.
//!
//! What makes a key is in the line as JSON, and the key is made from it anew when the line is read: one that was changed
//! by hand is no entry any more. Nothing secret is in an entry, and so in no line.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::{canonical, key};
use crate::error::{Error, Kind, Result};
use crate::exchange::{Entry, Facts, Key};

/// The version of the form. Lines of a later one are refused, not guessed at.
pub const VERSION: u32 = 1;

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    key: String,
    material: &'a RawValue,
    facts: &'a Facts,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_base64: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    #[serde(rename = "version")]
    _version: u32,
    key: String,
    material: Box<RawValue>,
    facts: Facts,
    body: Option<String>,
    body_base64: Option<String>,
}

#[derive(Deserialize)]
struct Label {
    version: u32,
}

/// What of the material says where an entry belongs.
#[derive(Deserialize)]
pub struct Origin {
    /// Whose API.
    pub kind: String,
    namespace: String,
    /// The version of the key.
    pub version: u32,
    /// What was asked.
    pub body: serde_json::Map<String, serde_json::Value>,
}

/// An entry as a line, without its end. `None` where it is none that could be read back.
pub fn write(key: &Key, entry: &Entry) -> Option<String> {
    let material = RawValue::from_string(std::str::from_utf8(&entry.material).ok()?.to_owned()).ok()?;
    let body = std::str::from_utf8(&entry.body).ok();
    let body_base64 = body.is_none().then(|| BASE64.encode(&entry.body));
    let (version, key) = (VERSION, key.to_string());
    serde_json::to_string(&Written { version, key, material: &material, facts: &entry.facts, body, body_base64 }).ok()
}

/// The entry of a line, its key, and where it belongs. Fails with [`Kind::Usage`] where the line is none, or says of
/// itself what is not so.
pub fn read(line: &[u8]) -> Result<(Key, Entry, Origin)> {
    let Label { version } = serde_json::from_slice(line).map_err(|error| refused(&error))?;
    if version != VERSION {
        return Err(refused(&format_args!("it is of version {version}, and this llmc knows {VERSION}")));
    }
    let Read { key, material, facts, body, body_base64, .. } =
        serde_json::from_slice(line).map_err(|error| refused(&error))?;
    let material = canonical_text(material.get())?;
    let made = key_of(material.as_bytes());
    if made.to_string() != key {
        return Err(refused(&format_args!("its key is not that of its material, which is {made}")));
    }
    let origin = origin(material.as_bytes()).map_err(|error| refused(&error))?;
    if origin.version != key::VERSION {
        return Err(refused(&format_args!(
            "its key is of version {}, and this llmc knows {}",
            origin.version,
            key::VERSION
        )));
    }
    if origin.namespace != facts.namespace {
        return Err(refused(&"its facts name another namespace than its material"));
    }
    let body = match (body, body_base64) {
        (Some(text), None) => Bytes::from(text),
        (None, Some(text)) => Bytes::from(BASE64.decode(text).map_err(|error| refused(&error))?),
        _ => return Err(refused(&"it has not one body")),
    };
    Ok((made, Entry { material: material.into(), body, facts }, origin))
}

/// The key that a material makes.
pub fn key_of(material: &[u8]) -> Key {
    Key(Sha256::digest(material).into())
}

/// Where what a material was made of belongs.
pub fn origin(material: &[u8]) -> serde_json::Result<Origin> {
    serde_json::from_slice(material)
}

fn canonical_text(text: &str) -> Result<String> {
    let node = canonical::parse(text).map_err(|error| refused(&error))?;
    let mut canonical = String::with_capacity(text.len());
    node.write(&mut canonical);
    Ok(canonical)
}

fn refused(cause: &dyn std::fmt::Display) -> Error {
    Error::new(Kind::Usage, "this is no entry").because(cause)
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pipeline::entry::tests::entry;
    use crate::pipeline::key::{Fingerprint, Identity, fingerprint};

    pub(crate) fn identified(prompt: &str) -> Fingerprint {
        let body = serde_json::json!({"model": "m", "messages": [{"role": "user", "content": prompt}], "n": 1e21});
        let body = body.to_string();
        let (operation, kind) = (crate::exchange::Operation::ChatCompletions, "openai");
        let base_url = "http://localhost/v1";
        let identity = Identity {
            namespace: "default",
            kind,
            base_url,
            operation,
            model: None,
            body: body.as_bytes(),
            headers: &[],
            query: "",
            sample: 0,
        };
        fingerprint(&identity).unwrap()
    }

    #[test]
    fn the_form_is_as_it_was_in_every_release() {
        let Fingerprint { key, material } = identified("hi");

        let line = write(&key, &entry(&material, b"text")).unwrap();

        let facts = serde_json::to_string(&entry(b"", b"").facts).unwrap();
        let material = std::str::from_utf8(&material).unwrap();
        let form = format!(r#"{{"version":1,"key":"{key}","material":{material},"facts":{facts},"body":"text"}}"#);
        assert_eq!(line, form);
    }

    #[test]
    fn the_spelling_of_the_material_does_not_matter_and_its_meaning_does() {
        let Fingerprint { key, material } = identified("hi");
        let line = write(&key, &entry(&material, b"text")).unwrap();

        let spaced = line.replace("\"sample\":0", "\"sample\" : 0.0").replace("\"hi\"", "\"\\u0068i\"");
        assert_eq!(read(spaced.as_bytes()).unwrap().1.material, material);

        for (from, to, why) in [
            ("\"hi\"", "\"ho\"", "its key"),
            ("{\"version\":1", "{\"version\":2", "version 2"),
            ("\"body\":\"text\"", "\"body\":\"text\",\"body_base64\":\"\"", "not one body"),
            (",\"body\":\"text\"", "", "not one body"),
            ("\"namespace\":\"default\",\"usage", "\"namespace\":\"x\",\"usage", "another namespace"),
            ("{\"version\":1", "{\"version\":1,\"other\":1", "other"),
        ] {
            let changed = line.replacen(from, to, 1);
            assert_ne!(changed, line, "{from}");
            let error = read(changed.as_bytes()).err().unwrap_or_else(|| panic!("{to} was taken"));
            assert!(error.to_string().contains(why), "{error}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_the_same(prompt: String, body in prop::collection::vec(any::<u8>(), 0..200)) {
            let Fingerprint { key, material } = identified(&prompt);
            let entry = entry(&material, &body);
            let line = write(&key, &entry).unwrap();
            prop_assert!(!line.contains('\n'));
            let (read_key, read_entry, _) = read(line.as_bytes()).unwrap();
            prop_assert_eq!((read_key, read_entry), (key, entry));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(read(&bytes).is_err());
        }

        #[test]
        fn no_damage_makes_it_panic(at: prop::sample::Index, byte: u8, cut: prop::sample::Index) {
            let Fingerprint { key, material } = identified("hi");
            let mut line = write(&key, &entry(&material, b"text")).unwrap().into_bytes();
            let at = at.index(line.len());
            line[at] = byte;
            let _ = read(&line);
            line.truncate(cut.index(line.len()));
            prop_assert!(read(&line).is_err());
        }
    }
}
