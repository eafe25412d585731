//! `GET /openapi.json`: the API for programs. Bodies are described from the types that read and write them; the paths are
//! one table, which a test holds against the router.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use axum::body::{Body, Bytes};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::api::entries::{
    DiffQuery, DiffReply, EntriesReply, EntryFilter, EntryReply, ImportQuery, ImportReply, PurgeReply, PurgeRequest,
};
use crate::api::generate::{GenerateReply, GenerateRequest};
use crate::api::problem::Problem;
use crate::api::run::RunRequest;
use crate::api::sessions::{CreateSession, PatchSession, SessionDeleted, SessionReply, SessionsQuery, SessionsReply};
use crate::api::stats::{StatsQuery, StatsReply};
use crate::api::status::{LimitsReply, ModelsReply, ProvidersQuery, ProvidersReply, ShutdownReply, StatusReply};

/// Says what a type looks like, and remembers the types it is made of.
type Describe = fn(&mut SchemaGenerator) -> Schema;

/// One operation of the native API.
struct Described {
    method: &'static str,
    path: &'static str,
    about: &'static str,
    query: Option<Describe>,
    body: Option<Describe>,
    /// `None` for any JSON.
    reply: Option<Describe>,
    /// The status of a success.
    status: &'static str,
}

fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

const fn described(method: &'static str, path: &'static str, about: &'static str) -> Described {
    Described { method, path, about, query: None, body: None, reply: None, status: "200" }
}

impl Described {
    const fn query(self, query: Describe) -> Described {
        Described { query: Some(query), ..self }
    }

    const fn body(self, body: Describe) -> Described {
        Described { body: Some(body), ..self }
    }

    const fn reply(self, reply: Describe) -> Described {
        Described { reply: Some(reply), ..self }
    }

    const fn created(self) -> Described {
        Described { status: "201", ..self }
    }
}

static API: &[Described] = &[
    described("post", "/llm/generate", "Answer one prompt, as an object or, with `stream`, as events")
        .body(of::<GenerateRequest>)
        .reply(of::<GenerateReply>),
    described("get", "/llm/cache/stats", "Statistics").query(of::<StatsQuery>).reply(of::<StatsReply>),
    described("delete", "/llm/cache/stats", "Set the statistics to zero"),
    described("get", "/llm/models", "What can be asked, and at what price").reply(of::<ModelsReply>),
    described("get", "/llm/providers", "Who can be asked, whether there is a key, and with `check` whether it works")
        .query(of::<ProvidersQuery>)
        .reply(of::<ProvidersReply>),
    described("get", "/sessions", "The sessions").query(of::<SessionsQuery>).reply(of::<SessionsReply>),
    described("post", "/sessions", "A new session").body(of::<CreateSession>).reply(of::<SessionReply>).created(),
    described("get", "/sessions/{id}", "One session").reply(of::<SessionReply>),
    described("patch", "/sessions/{id}", "Change a session by a merge patch")
        .body(of::<PatchSession>)
        .reply(of::<SessionReply>),
    described("delete", "/sessions/{id}", "Remove a session").reply(of::<SessionDeleted>),
    described("get", "/cache/entries", "What is kept").query(of::<EntryFilter>).reply(of::<EntriesReply>),
    described("get", "/cache/entries/{key}", "One entry, by its key or the beginning of it").reply(of::<EntryReply>),
    described("delete", "/cache/entries/{key}", "Remove one entry").reply(of::<PurgeReply>),
    described("get", "/cache/diff", "The first field in which the requests of two entries differ")
        .query(of::<DiffQuery>)
        .reply(of::<DiffReply>),
    described("post", "/cache/purge", "Remove entries").body(of::<PurgeRequest>).reply(of::<PurgeReply>),
    described("get", "/cache/export", "Entries, a line of JSON each").query(of::<EntryFilter>),
    described("post", "/cache/import", "Entries, a line of JSON each, into the cache")
        .query(of::<ImportQuery>)
        .reply(of::<ImportReply>),
    described("post", "/runs", "A door for one program, as events: open while it is listened to (on the socket only)")
        .body(of::<RunRequest>),
    described("get", "/limits", "How the caller stands with each limit").reply(of::<LimitsReply>),
    described("get", "/status", "How the daemon is").reply(of::<StatusReply>),
    described("post", "/reload", "Read the settings again (on the socket only)").reply(of::<StatusReply>),
    described("post", "/shutdown", "Finish what is in the air, then end (on the socket only)")
        .reply(of::<ShutdownReply>),
    described("get", "/openapi.json", "This document"),
];

/// The vendors' own APIs; what their bodies look like is the vendors' business.
static GATEWAY: [(&str, &str); 5] = [
    ("/v1/{path}", "The default provider"),
    ("/openai/{path}", "The provider `openai`"),
    ("/anthropic/{path}", "The provider `anthropic`"),
    ("/gemini/{path}", "The provider `gemini`"),
    ("/providers/{name}/{path}", "Any provider, by its name"),
];

/// The document.
pub async fn show() -> Response {
    static DOCUMENT: OnceLock<Bytes> = OnceLock::new();
    let document = DOCUMENT.get_or_init(|| document().to_string().into()).clone();
    ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], Body::from(document)).into_response()
}

fn document() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for described in API {
        let operation = operation(described, &mut generator);
        paths.entry(described.path).or_default().insert(described.method.to_owned(), operation);
    }
    for (path, about) in GATEWAY {
        for method in ["get", "post", "put", "patch", "delete"] {
            let about = format!("{about}, by its own API: cached where that is possible, else passed through");
            let operation = json!({
                "summary": about, "parameters": path_parameters(path),
                "responses": { "default": { "description": "As the vendor answers" } },
            });
            paths.entry(path).or_default().insert(method.to_owned(), operation);
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "llmc", "version": env!("CARGO_PKG_VERSION"), "description": env!("CARGO_PKG_DESCRIPTION") },
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "description": "Over TCP: `llmc daemon token`" },
            },
        },
        "security": [{}, { "token": [] }],
    })
}

fn operation(described: &Described, generator: &mut SchemaGenerator) -> Value {
    let mut parameters = path_parameters(described.path);
    if let Some(query) = described.query {
        parameters.extend(query_parameters(&query(generator), generator));
    }
    let json_of = |schema: Value| json!({ "application/json": { "schema": schema } });
    let reply = described.reply.map_or(json!({}), |reply| reply(generator).to_value());
    let problem = of::<Problem>(generator).to_value();
    let mut operation = json!({
        "summary": described.about,
        "responses": {
            described.status: { "description": "Done", "content": json_of(reply) },
            "default": { "description": "Refused or failed", "content": json_of(problem) },
        },
    });
    if !parameters.is_empty() {
        operation["parameters"] = Value::Array(parameters);
    }
    if let Some(body) = described.body {
        operation["requestBody"] = json!({ "content": json_of(body(generator).to_value()) });
    }
    operation
}

fn path_parameters(path: &str) -> Vec<Value> {
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    names.map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })).collect()
}

/// The members of a query's type, each a parameter.
fn query_parameters(query: &Schema, generator: &SchemaGenerator) -> Vec<Value> {
    let name = query.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
    let members = name.and_then(|name| generator.definitions().get(name)?.get("properties")?.as_object());
    let members = members.into_iter().flatten();
    members.map(|(name, schema)| json!({ "name": name, "in": "query", "schema": schema })).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document();
        let text = document.to_string();
        let references: Vec<&str> =
            text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();

        assert!(references.len() > 10);
        for reference in references {
            assert!(document.pointer(reference).is_some(), "{reference}");
        }
    }

    #[test]
    fn a_query_is_told_member_by_member() {
        let parameters = &document()["paths"]["/cache/entries"]["get"]["parameters"];
        let names: Vec<&str> = parameters.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();

        assert!(names.contains(&"olderThan") && names.contains(&"limit"), "{names:?}");
    }
}
