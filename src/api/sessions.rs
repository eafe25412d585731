//! `/sessions…`: conversations, and data beside them.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::generate::ApiMessage;
use super::span::Span;

/// `POST /sessions`. An empty body means a session with a name of its own and nothing in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CreateSession {
    /// Its name; one that nobody can guess where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The system text of its conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// Anything that is to be kept with it.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub data: Map<String, Value>,
    /// What has been said already, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<ApiMessage>,
    /// How long it is kept after its last use; as configured where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<Span>,
}

/// `PATCH /sessions/{id}`, a merge patch (RFC 7396) of the members that may be changed: `null` takes one away.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PatchSession {
    /// A merge patch of the data.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub data: Option<Option<Map<String, Value>>>,
    /// The new system text.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub system: Option<Option<String>>,
}

/// A member that is there, were it null.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// A session, whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionReply {
    /// Its name.
    pub id: String,
    /// When it was made, RFC 3339.
    pub created_at: String,
    /// When it will be gone if nobody uses it, RFC 3339.
    pub expires_at: String,
    /// Grows with every change; its `ETag`.
    pub version: u64,
    /// The system text; null where there is none.
    pub system: Option<String>,
    /// What is kept with it.
    pub data: Map<String, Value>,
    /// What was said, oldest first.
    pub messages: Vec<ApiMessage>,
}

/// Which sessions, in the query of `GET /sessions`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SessionsQuery {
    /// At most so many; 100 where nothing is said, 1000 at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

/// `GET /sessions`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SessionsReply {
    /// The version of this object.
    pub schema_version: u32,
    /// True where there are more than these.
    pub more: bool,
    /// The sessions, in the order of their names.
    pub sessions: Vec<SessionSummary>,
}

/// A session without what was said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionSummary {
    /// Its name.
    pub id: String,
    /// When it was made, RFC 3339; null where the session cannot be read.
    pub created_at: Option<String>,
    /// When it will be gone if nobody uses it, RFC 3339.
    pub expires_at: String,
    /// Seconds until then.
    pub ttl_seconds: u64,
    /// Its version.
    pub version: u64,
    /// How many messages it holds; null where the session cannot be read.
    pub messages: Option<usize>,
    /// Bytes it takes.
    pub bytes: u64,
}

/// `DELETE /sessions/{id}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SessionDeleted {
    /// Its name.
    pub id: String,
    /// Always true.
    pub deleted: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_that_is_null_is_not_one_that_is_absent() {
        let patch = |text: &str| serde_json::from_str::<PatchSession>(text).unwrap();

        assert_eq!(patch("{}"), PatchSession::default());
        assert_eq!(patch(r#"{"system": null}"#).system, Some(None));
        assert_eq!(patch(r#"{"system": "x", "data": null}"#).data, Some(None));
        let there_and_back = serde_json::to_string(&patch(r#"{"data": null}"#)).unwrap();
        assert_eq!(there_and_back, r#"{"data":null}"#);
    }
}
