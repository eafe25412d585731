//! Changes to a request's body that leave the rest of it byte for byte as it was. It reads nothing but names.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

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
            let is_it = serde_json::from_str::<Cow<'_, str>>(known.get()).is_ok_and(|known| known == name);
            if is_it {
                taken = Some(*value);
            }
            !is_it
        });
        taken
    }

    /// The object, with `added` at its end, where there is any.
    pub fn spell(&self, added: &[(&str, &str)]) -> Vec<u8> {
        let own = self.0.iter().map(|(name, value)| format!("{}:{}", name.get(), value.get()));
        let added = added.iter().map(|(name, value)| format!("\"{name}\":{value}"));
        format!("{{{}}}", own.chain(added).collect::<Vec<_>>().join(",")).into_bytes()
    }
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

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
