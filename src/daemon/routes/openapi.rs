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

use super::metrics::OPEN_METRICS;
use super::moving::LINES;
use crate::api::batch::{BatchQuery, BatchRow};
use crate::api::dashboard::{FiguresQuery, FiguresReply};
use crate::api::entries::{
    DiffQuery, DiffReply, EntriesReply, EntryFilter, EntryReply, ImportQuery, ImportReply, PurgeReply, PurgeRequest,
    VerifyQuery, VerifyReply,
};
use crate::api::events::EventsQuery;
use crate::api::generate::{DryRunReply, GenerateReply, GenerateRequest};
use crate::api::problem::Problem;
use crate::api::run::RunRequest;
use crate::api::sessions::{CreateSession, PatchSession, SessionDeleted, SessionReply, SessionsQuery, SessionsReply};
use crate::api::stats::{StatsQuery, StatsReply};
use crate::api::status::{
    CheckupReply, LimitsReply, ModelsReply, ProvidersQuery, ProvidersReply, ShutdownReply, StatusReply,
};
use crate::api::workflow::{WorkflowForecast, WorkflowReply, WorkflowRequest, WorkflowWish, WorkflowWritten};

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
    /// The media type of what is sent.
    sent_as: &'static str,
    /// The media types of a success.
    told_as: &'static [&'static str],
}

const JSON: &str = "application/json";
const EVENTS: &str = "text/event-stream";
const HTML: &str = "text/html";
const SCRIPT: &str = "text/javascript";
const STYLE: &str = "text/css";

fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

const fn described(method: &'static str, path: &'static str, about: &'static str) -> Described {
    Described {
        method,
        path,
        about,
        query: None,
        body: None,
        reply: None,
        status: "200",
        sent_as: JSON,
        told_as: &[JSON],
    }
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

    const fn sent_as(self, sent_as: &'static str) -> Described {
        Described { sent_as, ..self }
    }

    const fn told_as(self, told_as: &'static [&'static str]) -> Described {
        Described { told_as, ..self }
    }

    const fn created(self) -> Described {
        Described { status: "201", ..self }
    }
}

/// An answer, or with `dryRun` what would become of one.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "a shape, which is described and never made")]
enum Generated {
    Answered(Box<GenerateReply>),
    Foreseen(Box<DryRunReply>),
}

/// What came of a workflow, or with `dryRun` what would.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "a shape, which is described and never made")]
enum Executed {
    Done(Box<WorkflowReply>),
    Foreseen(Box<WorkflowForecast>),
}

static API: &[Described] = &[
    described("post", "/llm/generate", "Answer one prompt, as an object or, with `stream`, as events")
        .body(of::<GenerateRequest>)
        .reply(of::<Generated>)
        .told_as(&[JSON, EVENTS]),
    described("post", "/llm/batch", "Answer prompts, a line of JSON each, as lines in the order they are done in")
        .query(of::<BatchQuery>)
        .body(of::<GenerateRequest>)
        .reply(of::<BatchRow>)
        .sent_as(LINES)
        .told_as(&[LINES]),
    described("post", "/llm/execute-workflow", "Run a workflow; with `stream`, tell of every step as events")
        .body(of::<WorkflowRequest>)
        .reply(of::<Executed>)
        .told_as(&[JSON, EVENTS]),
    described("post", "/llm/workflow/generate", "Have a model write a workflow")
        .body(of::<WorkflowWish>)
        .reply(of::<WorkflowWritten>),
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
    described("post", "/cache/verify", "Read every entry, and name those that can never be served")
        .query(of::<VerifyQuery>)
        .reply(of::<VerifyReply>),
    described("get", "/cache/export", "Entries, a line of JSON each").query(of::<EntryFilter>).told_as(&[LINES]),
    described("post", "/cache/import", "Entries, a line of JSON each, into the cache")
        .query(of::<ImportQuery>)
        .reply(of::<ImportReply>)
        .sent_as(LINES),
    described("post", "/runs", "A door for one program, as events: open while it is listened to (on the socket only)")
        .body(of::<RunRequest>)
        .told_as(&[EVENTS]),
    described("get", "/dashboard", "The page").told_as(&[HTML]),
    described("get", "/dashboard/{file}", "A file of the page").told_as(&[SCRIPT, STYLE]),
    described("get", "/dashboard/figures", "All that the page shows at a glance")
        .query(of::<FiguresQuery>)
        .reply(of::<FiguresReply>),
    described("get", "/events", "What happens, as events: `request` for each one answered, `stats` every second")
        .query(of::<EventsQuery>)
        .told_as(&[EVENTS]),
    described("get", "/metrics", "What the daemon has counted since it started, for a monitor")
        .told_as(&[OPEN_METRICS]),
    described("get", "/limits", "How the caller stands with each limit").reply(of::<LimitsReply>),
    described("get", "/checkup", "A close look at the store: its file, its size, its clock").reply(of::<CheckupReply>),
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

/// The document as a value.
pub fn document() -> Value {
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
    let reply = described.reply.map_or(json!({}), |reply| reply(generator).to_value());
    // What is no JSON has no schema but that it is text.
    let schema_as = |media_type: &str, schema: &Value| match media_type {
        JSON => json!({ "schema": schema }),
        // Each event has a shape of its own, by its name.
        EVENTS => json!({ "schema": {} }),
        _ => json!({ "schema": { "type": "string" } }),
    };
    let told = described.told_as.iter().map(|media_type| ((*media_type).to_owned(), schema_as(media_type, &reply)));
    let told: Map<String, Value> = told.collect();
    let problem = of::<Problem>(generator).to_value();
    let mut operation = json!({
        "summary": described.about,
        "responses": {
            described.status: { "description": "Done", "content": told },
            "default": { "description": "Refused or failed", "content": { JSON: { "schema": problem } } },
        },
    });
    if !parameters.is_empty() {
        operation["parameters"] = Value::Array(parameters);
    }
    let body = described.body.map(|body| body(generator).to_value());
    if body.is_some() || described.sent_as != JSON {
        let schema = schema_as(described.sent_as, &body.unwrap_or_default());
        operation["requestBody"] = json!({ "required": true, "content": { described.sent_as: schema } });
    }
    operation
}

fn path_parameters(path: &str) -> Vec<Value> {
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let parameter = |name: &str| {
        let schema = match SPELLED.iter().find(|(known, _)| *known == name) {
            Some((_, pattern)) => json!({ "type": "string", "pattern": pattern }),
            None => json!({ "type": "string" }),
        };
        json!({ "name": name, "in": "path", "required": true, "schema": schema })
    };
    names.map(parameter).collect()
}

/// How what stands in a path is spelled: the beginning of a key, a file of the page, the name of a session.
const SPELLED: [(&str, &str); 3] =
    [("key", "^[0-9a-f]{1,64}$"), ("file", "^[a-z]+[.](css|js)$"), ("id", "^[A-Za-z0-9_:-][A-Za-z0-9_.:-]{0,127}$")];

/// The members of a query's type, each a parameter.
fn query_parameters(query: &Schema, generator: &SchemaGenerator) -> Vec<Value> {
    let name = query.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
    let Some(described) = name.and_then(|name| generator.definitions().get(name)) else { return Vec::new() };
    let required = described.get("required").and_then(Value::as_array);
    let is_required = |name: &str| required.is_some_and(|names| names.iter().any(|required| required == name));
    let members = described.get("properties").and_then(Value::as_object).into_iter().flatten();
    let parameter = |(name, schema): (&String, &Value)| json!({ "name": name, "in": "query", "required": is_required(name), "schema": schema });
    members.map(parameter).collect()
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
