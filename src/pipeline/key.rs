//! The cache key: what makes two calls the same. A documented contract; `VERSION` changes when it does.

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::canonical::{self, Node};
use crate::error::{Error, Kind, Result};
use crate::exchange::{Key, Operation};

/// Part of every key: a new rule is a new version, never a silent change.
pub const VERSION: u32 = 1;

/// Members of the body that change how an answer travels or who is named, not what it says.
pub const LEFT_OUT: [&str; 4] = ["stream", "stream_options", "user", "metadata"];

/// All that makes a call what it is.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    /// Tenants share nothing.
    pub namespace: &'a str,
    /// Whose API.
    pub kind: &'a str,
    /// Which server.
    pub base_url: &'a str,
    /// What is asked of it.
    pub operation: Operation,
    /// The model, where the API has it in the address of a call and not in the body.
    pub model: Option<&'a str>,
    /// The whole body as sent.
    pub body: &'a [u8],
    /// Headers that change the answer, ordered by name.
    pub headers: &'a [(&'static str, String)],
    /// The query, without its question mark; empty where there is none.
    pub query: &'a str,
    /// Which of several answers.
    pub sample: u32,
}

/// A key and the canonical material it is the hash of.
#[derive(Clone, Debug, PartialEq)]
pub struct Fingerprint {
    /// SHA-256 of the material.
    pub key: Key,
    /// Canonical JSON, compared on every hit.
    pub material: Bytes,
}

/// Fingerprints a call. Fails where the body is no JSON object with one meaning.
pub fn fingerprint(identity: &Identity<'_>) -> Result<Fingerprint> {
    // Destructured, so that a new field cannot be left out of the key by forgetting it.
    let Identity { namespace, kind, base_url, operation, model, body, headers, query, sample } = *identity;

    let refuse = |cause: &dyn std::fmt::Display| Error::new(Kind::Usage, "cannot read the request body").because(cause);
    let text = std::str::from_utf8(body).map_err(|error| refuse(&error))?;
    let Node::Object(members) = canonical::parse(text).map_err(|error| refuse(&error))? else {
        return Err(refuse(&"it is not a JSON object"));
    };

    // The members of the material in canonical order.
    let mut material = String::with_capacity(body.len() + 160);
    material.push_str("{\"base_url\":");
    canonical::write_string(base_url, &mut material);
    material.push_str(",\"body\":");
    canonical::write_members(members.iter().filter(|(name, _)| !LEFT_OUT.contains(&name.as_ref())), &mut material);
    // There only where something is said, so that a call without them has the key it always had.
    if !headers.is_empty() {
        material.push_str(",\"headers\":{");
        for (index, (name, value)) in headers.iter().enumerate() {
            write_member(if index > 0 { "," } else { "" }, name, value, &mut material);
        }
        material.push('}');
    }
    let query = Some(query).filter(|query| !query.is_empty());
    let (namespace, operation) = (Some(namespace), Some(operation.name()));
    for (name, value) in
        [("kind", Some(kind)), ("model", model), ("namespace", namespace), ("operation", operation), ("query", query)]
    {
        if let Some(value) = value {
            write_member(",", name, value, &mut material);
        }
    }
    material.push_str(&format!(",\"sample\":{sample},\"version\":{VERSION}}}"));

    let key = Key(Sha256::digest(material.as_bytes()).into());
    Ok(Fingerprint { key, material: material.into() })
}

fn write_member(before: &str, name: &str, value: &str, material: &mut String) {
    material.push_str(before);
    canonical::write_string(name, material);
    material.push(':');
    canonical::write_string(value, material);
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"temperature":0.7}"#;

    fn identity(body: &[u8]) -> Identity<'_> {
        Identity {
            namespace: "default",
            kind: "openai",
            base_url: "https://api.openai.com/v1",
            operation: Operation::ChatCompletions,
            model: None,
            body,
            headers: &[],
            query: "",
            sample: 0,
        }
    }

    fn key(body: &[u8]) -> Key {
        fingerprint(&identity(body)).unwrap().key
    }

    #[test]
    fn how_an_answer_travels_is_not_in_the_key() {
        let other = br#"{"stream":true,"stream_options":{"include_usage":true},"user":"u1","metadata":{"a":"b"},
            "temperature":0.70,"messages":[{"content":"Hi","role":"user"}],"model":"gpt-4o"}"#;

        assert_eq!(key(BODY), key(other));
    }

    #[test]
    fn every_other_member_is_in_the_key() {
        let text = std::str::from_utf8(BODY).unwrap();
        for change in [
            text.replace("gpt-4o", "gpt-4O"),
            text.replace("Hi", "hi"),
            text.replace("\"user\"", "\"system\""),
            text.replace("0.7", "0.71"),
            text.replace("}]", "}],\"max_tokens\":16"),
            text.replace("}]", "}],\"max_tokens\":null"),
            text.replace("}]", "}],\"top_k\":40"),
            text.replace("}]", "}],\"seed\":9007199254740993"),
            text.replace("\"content\":\"Hi\"", "\"content\":\"Hi\",\"user\":\"nested\""),
        ] {
            assert_ne!(key(BODY), key(change.as_bytes()), "{change}");
        }
        let seed = |digits: &str| key(text.replace("}]", &format!("}}],\"seed\":{digits}")).as_bytes());
        assert_ne!(seed("9007199254740993"), seed("9007199254740992"));
    }

    #[test]
    fn where_and_for_whom_is_in_the_key() {
        let base = identity(BODY);
        let first = fingerprint(&base).unwrap().key;
        for other in [
            Identity { namespace: "team", ..base },
            Identity { kind: "anthropic", ..base },
            Identity { base_url: "http://127.0.0.1:1/v1", ..base },
            Identity { operation: Operation::Messages, ..base },
            Identity { model: Some("gpt-4o"), ..base },
            Identity { sample: 1, ..base },
            Identity { headers: &[("x-beta", "a".to_owned())], ..base },
            Identity { query: "beta=true", ..base },
        ] {
            assert_ne!(fingerprint(&other).unwrap().key, first);
        }
    }

    #[test]
    fn a_body_without_one_meaning_has_no_key() {
        for body in [&b"[]"[..], b"", b"\xff", b"{\"model\":1,\"model\":2}", b"{\"a\":\"\\ud800\"}"] {
            assert_eq!(fingerprint(&identity(body)).unwrap_err().kind(), Kind::Usage);
        }
    }

    #[test]
    fn material_is_itself_canonical() {
        let headers = [("x-beta", "a".to_owned()), ("x-version", "2".to_owned())];
        for identity in [identity(BODY), Identity { headers: &headers, query: "beta=\"true\"", ..identity(BODY) }] {
            let material = fingerprint(&identity).unwrap().material;
            let text = std::str::from_utf8(&material).unwrap();

            let mut again = String::new();
            canonical::parse(text).unwrap().write(&mut again);

            assert_eq!(again, text);
        }
    }

    fn headers_of(vector: &serde_json::Value) -> Vec<(&'static str, String)> {
        let known = ["anthropic-beta", "anthropic-version", "openai-beta"];
        let said = |name: &'static str| Some((name, vector["headers"][name].as_str()?.to_owned()));
        known.into_iter().filter_map(said).collect()
    }

    /// Committed vectors: a change here orphans every cache in the world, so it needs a new `VERSION`.
    #[test]
    fn golden_vectors_hold() {
        let vectors = include_str!("../../tests/fixtures/key_vectors.jsonl");
        for line in vectors.lines() {
            let vector: serde_json::Value = serde_json::from_str(line).unwrap();
            let field = |name: &str| vector[name].as_str().unwrap();
            let headers = headers_of(&vector);
            let made = fingerprint(&Identity {
                namespace: field("namespace"),
                kind: field("kind"),
                base_url: field("base_url"),
                operation: Operation::named(field("operation")).unwrap(),
                model: vector["model"].as_str(),
                body: field("body").as_bytes(),
                headers: &headers,
                query: vector["query"].as_str().unwrap_or_default(),
                sample: u32::try_from(vector["sample"].as_u64().unwrap()).unwrap(),
            })
            .unwrap();
            assert_eq!(std::str::from_utf8(&made.material).unwrap(), field("material"));
            assert_eq!(made.key.to_string(), field("key"));
        }
        assert!(vectors.lines().count() >= 10);
    }
}
