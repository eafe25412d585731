//! A row of the output: what came of a line, in one line of JSON that `--resume` can read again.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::api::problem::{Detail, Problem};
use crate::error::Error;

/// A row as it is written.
#[derive(Debug, Deserialize, Serialize)]
pub struct Row<'a> {
    /// The id of its line.
    #[serde(borrow)]
    pub id: Option<&'a RawValue>,
    /// Which line, from 0, blank ones not counted.
    pub index: u64,
    /// The answer.
    #[serde(borrow)]
    pub text: Option<&'a RawValue>,
    /// The provider's own JSON, where the line asked for it.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<&'a RawValue>,
    /// How it came about.
    #[serde(borrow)]
    pub metadata: Option<&'a RawValue>,
    /// What went wrong.
    #[serde(borrow)]
    pub error: Option<&'a RawValue>,
    /// A hash of the line.
    pub fingerprint: Fingerprint,
}

/// A hash of a line, in hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint(pub u128);

impl Serialize for Fingerprint {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:032x}", self.0))
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Fingerprint, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        u128::from_str_radix(&text, 16).map(Fingerprint).map_err(serde::de::Error::custom)
    }
}

/// A row with its line's end.
pub fn written(row: &Row<'_>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1024);
    // Into memory, and of parts that are JSON already: there is nothing that could fail.
    let _ = serde_json::to_writer(&mut bytes, row);
    bytes.push(b'\n');
    bytes
}

/// A row that was written before, with the place its line has now.
pub fn placed(bytes: Vec<u8>, index: u64) -> Vec<u8> {
    match serde_json::from_slice::<Row<'_>>(&bytes) {
        Ok(row) if row.index != index => written(&Row { index, ..row }),
        _ => bytes,
    }
}

/// The row of a line that failed on this side.
pub fn failed(id: Option<&str>, index: u64, fingerprint: u128, error: &Error) -> Vec<u8> {
    let detail: Detail = Problem::from(error).error;
    let error = serde_json::value::to_raw_value(&detail).ok();
    let id = id.and_then(|id| serde_json::from_str(id).ok());
    let error = error.as_deref();
    written(&Row { id, index, text: None, raw: None, metadata: None, error, fingerprint: Fingerprint(fingerprint) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    #[test]
    fn a_row_is_read_as_it_was_written() {
        let error = Error::new(Kind::Usage, "line 3 is no JSON object").because("x");

        let bytes = failed(Some("\"a\\n\""), 2, 0xabc, &error);

        let row: Row<'_> = serde_json::from_slice(&bytes).unwrap();
        assert_eq!((row.index, row.fingerprint, row.id.map(RawValue::get)), (2, Fingerprint(0xabc), Some("\"a\\n\"")));
        let moved = placed(bytes.clone(), 7);
        assert_eq!(serde_json::from_slice::<Row<'_>>(&moved).unwrap().index, 7);
        assert_eq!(placed(bytes.clone(), 2), bytes);
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(
            text,
            "{\"id\":\"a\\n\",\"index\":2,\"text\":null,\"metadata\":null,\"error\":{\"type\":\"invalid_request\",\
             \"message\":\"line 3 is no JSON object\",\"cause\":\"x\"},\
             \"fingerprint\":\"00000000000000000000000000000abc\"}\n"
        );
    }
}
