//! Changes to a request's body that leave the rest of it byte for byte as it was. It reads nothing but names.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::error::{Error, Kind, Result};

/// The members of an object, names and values as spelled.
#[derive(Default)]
pub struct Body<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'a> Body<'a> {
    /// Reads the top of a body.
    pub fn read(body: &'a [u8]) -> Result<Body<'a>> {
        serde_json::from_slice(body)
            .map_err(|cause| Error::new(Kind::Usage, "the request's body is not a JSON object").because(cause))
    }

    /// Takes every member of a name out and gives the last one's value.
    pub fn take(&mut self, name: &str) -> Option<&'a RawValue> {
        let mut taken = None;
        self.0.retain(|(known, value)| {
            let is_it = is_called(known, name);
            if is_it {
                taken = Some(*value);
            }
            !is_it
        });
        taken
    }

    /// The value of a name, the last where there are several.
    pub fn last(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().rfind(|(known, _)| is_called(known, name)).map(|(_, value)| *value)
    }

    /// The bytes of `text`, which this was read from, that the only member of a name takes up: with the comma before it,
    /// or after it where it is the first.
    pub fn range_of(&self, name: &str, text: &str) -> Option<Range<usize>> {
        let mut places = self.0.iter().enumerate().filter(|(_, (known, _))| is_called(known, name));
        let (at, (known, value)) = places.next().filter(|_| places.clone().next().is_none())?;
        let offset = |part: &RawValue| (part.get().as_ptr() as usize).checked_sub(text.as_ptr() as usize);
        let end = |part: &RawValue| Some(offset(part)? + part.get().len());
        let before = at.checked_sub(1).and_then(|before| self.0.get(before));
        let range = match (before, self.0.get(at + 1)) {
            (Some((_, before)), _) => end(before)?..end(value)?,
            (None, Some((next, _))) => offset(known)?..offset(next)?,
            (None, None) => offset(known)?..end(value)?,
        };
        text.get(range.clone()).map(|_| range)
    }

    /// The object, with `added` at its end, where there is any.
    pub fn spell(&self, added: &[(&str, &str)]) -> Vec<u8> {
        let own = self.0.iter().map(|(name, value)| format!("{}:{}", name.get(), value.get()));
        let added = added.iter().map(|(name, value)| format!("\"{name}\":{value}"));
        format!("{{{}}}", own.chain(added).collect::<Vec<_>>().join(",")).into_bytes()
    }
}

fn is_called(known: &RawValue, name: &str) -> bool {
    serde_json::from_str::<Cow<'_, str>>(known.get()).is_ok_and(|known| known == name)
}

impl<'de: 'a, 'a> Deserialize<'de> for Body<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Body<'a>, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Body<'de>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Body<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry::<&RawValue, &RawValue>()? {
                    members.push(member);
                }
                Ok(Body(members))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

/// What is asked, under any vendor's names: most of a body, and nothing that says how it is to be answered.
const ASKED: [&str; 9] = [
    "messages",
    "contents",
    "input",
    "prompt",
    "system",
    "systemInstruction",
    "system_instruction",
    "instructions",
    "tools",
];

/// The members of a body that say how it is to be answered. What is asked is passed over, for it is long and a hit has
/// no need of it.
pub fn manner(body: &[u8]) -> serde_json::Result<Map<String, Value>> {
    let Body(members) = serde_json::from_slice(body)?;
    let mut manner = Map::new();
    for (name, value) in members {
        let name: String = serde_json::from_str(name.get())?;
        if !ASKED.contains(&name.as_str()) {
            manner.insert(name, serde_json::from_str(value.get())?);
        }
    }
    Ok(manner)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn how_to_answer_is_read_without_what_is_asked() {
        let body = br#"{"model":"m","messages":[{"role":"user"}],"stream_options":{"include_usage":true},"tools":[1]}"#;

        let manner = manner(body).unwrap();

        assert_eq!(Value::Object(manner), serde_json::json!({"model": "m", "stream_options": {"include_usage": true}}));
        for broken in [&b"{\"messages\":[}"[..], b"[]", b"{\"input\":1} x", b"7"] {
            assert!(super::manner(broken).is_err());
        }
    }

    #[test]
    fn what_is_left_keeps_its_spelling() {
        let text = r#"{ "n": 123456789012345678901234567890 , "x":1,"\u0061":1.50E+2, "deep":{ "b":0.10 } }"#;
        let mut body = Body::read(text.as_bytes()).unwrap();

        let taken = body.take("x").map(RawValue::get);

        assert_eq!(taken, Some("1"));
        assert_eq!(
            body.spell(&[("y", "true")]),
            br#"{"n":123456789012345678901234567890,"\u0061":1.50E+2,"deep":{ "b":0.10 },"y":true}"#
        );
    }

    #[test]
    fn a_name_is_found_however_it_is_spelled() {
        let mut body = Body::read(br#"{"a":1,"\u0061":2}"#).unwrap();

        assert_eq!(body.take("a").map(RawValue::get), Some("2"));
        assert_eq!(body.spell(&[]), b"{}");
    }

    #[test]
    fn what_is_no_object_is_the_askers_mistake() {
        for body in ["", "[]", "{", "7", "{}{}"] {
            assert_eq!(Body::read(body.as_bytes()).err().unwrap().kind(), Kind::Usage, "{body}");
        }
    }
}
