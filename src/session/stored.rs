//! A session as it is stored: versioned JSON, bounded in size. What cannot be read is an error that says so.

use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::api::generate::{ApiContent, ApiMessage, ApiPart};
use crate::clock::Timestamp;
use crate::config::settings::SessionSettings;
use crate::error::{Error, Kind, Result};
use crate::pipeline::long::beside_everybody;
use crate::store::Document;

/// The most bytes a session may take in the store.
pub const LARGEST: usize = 8 << 20;

/// The version of the stored form.
const FORMAT: u32 = 1;

/// What a session holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Its name.
    pub id: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// How long it is kept after its last use, where not as configured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<Duration>,
    /// The system text of its conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// What is kept with it.
    pub data: Map<String, Value>,
    /// What was said, oldest first.
    pub messages: Vec<ApiMessage>,
}

impl Session {
    /// When it is gone if it is used at `now` for the last time.
    pub fn gone_at(&self, now: Timestamp, settings: &SessionSettings) -> Timestamp {
        now.after(self.ttl.unwrap_or(settings.ttl))
    }
}

/// A session as the store has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// What it holds.
    pub session: Session,
    /// Grows with every change.
    pub version: u64,
    /// When it will be gone if nobody uses it.
    pub gone_at: Timestamp,
    /// Bytes it takes.
    pub bytes: usize,
}

#[derive(Serialize)]
struct Sealed<'a> {
    format: u32,
    #[serde(flatten)]
    session: &'a Session,
}

#[derive(Deserialize)]
struct Label {
    format: u32,
}

/// A session as bytes. One that has grown too large is refused.
pub fn seal(session: &Session) -> Result<Bytes> {
    let sealed = beside_everybody(spoken(session), || serde_json::to_vec(&Sealed { format: FORMAT, session }))
        .map_err(|error| {
            Error::new(Kind::Other, format!("cannot write the session `{}`", session.id)).because(error)
        })?;
    refuse_large(&session.id, sealed.len())?;
    Ok(sealed.into())
}

/// Bytes of what was said, which is most of a session that is long.
fn spoken(session: &Session) -> usize {
    let said = |message: &ApiMessage| match &message.content {
        ApiContent::Text(text) => text.len(),
        ApiContent::Parts(parts) => parts.iter().map(part).sum(),
    };
    session.messages.iter().map(said).sum()
}

fn part(part: &ApiPart) -> usize {
    match part {
        ApiPart::Text { text } => text.len(),
        ApiPart::Image { data, .. } => data.len(),
    }
}

/// Refuses a session of so many bytes where that is too many.
pub fn refuse_large(id: &str, bytes: usize) -> Result<()> {
    if bytes <= LARGEST {
        return Ok(());
    }
    Err(Error::new(Kind::TooLarge, format!("the session `{id}` would be too large"))
        .because(format!("{bytes} bytes, and {LARGEST} are the most"))
        .hint("begin a new one; `llmc session export` keeps this one"))
}

/// The session in a document.
pub fn open(id: &str, document: Document) -> Result<Kept> {
    let Document { value, version, gone_at, .. } = document;
    let unreadable = |cause: String, hint: String| {
        Error::new(Kind::Other, format!("the session `{id}` cannot be read")).because(cause).hint(hint)
    };
    let damaged = |error: serde_json::Error| {
        unreadable(error.to_string(), format!("it is damaged; `llmc session delete {id}` removes it"))
    };
    let bytes = value.len();
    beside_everybody(bytes, || {
        let label: Label = serde_json::from_slice(&value).map_err(damaged)?;
        if label.format != FORMAT {
            let cause = format!("it is of format {}, and this llmc knows {FORMAT}", label.format);
            return Err(unreadable(cause, "another version of llmc wrote it".to_owned()));
        }
        let session = serde_json::from_slice(&value).map_err(damaged)?;
        Ok(Kept { session, version, gone_at, bytes })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn document(value: impl Into<Bytes>) -> Document {
        Document { name: "session:a".to_owned(), version: 3, value: value.into(), gone_at: Timestamp(9) }
    }

    fn session(text: &str) -> Session {
        let message = json!({"role": "user", "content": text});
        Session {
            id: "a".to_owned(),
            created_at: Timestamp(7),
            ttl: Some(Duration::from_millis(1500)),
            system: Some("be kind".to_owned()),
            data: json!({"n": 1, "deep": {"list": [1, null]}}).as_object().unwrap().clone(),
            messages: vec![serde_json::from_value(message).unwrap()],
        }
    }

    #[test]
    fn what_is_sealed_is_opened_as_it_was() {
        let session = session("hi");

        let kept = open("a", document(seal(&session).unwrap())).unwrap();

        assert_eq!((kept.session, kept.version, kept.gone_at), (session, 3, Timestamp(9)));
    }

    #[test]
    fn the_stored_form_is_as_it_was_in_every_release() {
        let stored = br#"{"format":1,"id":"a","createdAt":7,"ttl":{"secs":1,"nanos":500000000},"system":"be kind","data":{"n":1,"deep":{"list":[1,null]}},"messages":[{"role":"user","content":"hi"}]}"#;

        assert_eq!(seal(&session("hi")).unwrap(), stored.as_slice());
        assert_eq!(open("a", document(stored.as_slice())).unwrap().session, session("hi"));
    }

    #[test]
    fn another_format_is_told_apart_from_damage() {
        let newer = open("a", document(r#"{"format":2,"turns":[]}"#)).unwrap_err();
        assert!(newer.to_string().contains("format 2"), "{newer}");

        for damage in
            ["", "{", "[]", r#"{"format":1}"#, r#"{"format":1,"id":"a","createdAt":-1,"data":{},"messages":[]}"#]
        {
            let error = open("a", document(damage)).unwrap_err();
            assert_eq!(error.message(), "the session `a` cannot be read", "{damage}");
            assert!(error.hint_text().unwrap().contains("llmc session delete a"));
        }
    }

    #[test]
    fn a_session_that_has_grown_too_large_is_refused_with_its_size() {
        let error = seal(&session(&"x".repeat(LARGEST))).unwrap_err();

        assert_eq!(error.kind(), Kind::TooLarge);
        assert!(error.cause().unwrap().contains("8388608 are the most"), "{error}");
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = open("a", document(bytes));
        }

        #[test]
        fn no_text_is_changed_on_the_way(text: String) {
            prop_assert_eq!(open("a", document(seal(&session(&text)).unwrap())).unwrap().session, session(&text));
        }
    }
}
