//! `/openapi.json` is true: it names every path and method there is, and real answers are as it says.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::World;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

async fn document(world: &World) -> Value {
    world.get("/openapi.json").await.json()
}

/// Every method of every route, as the router has them.
fn routes() -> BTreeSet<(String, String)> {
    let source = include_str!("../../src/daemon/router.rs");
    let mut routes = BTreeSet::new();
    for route in source.split(".route(\"").skip(1) {
        let (path, handlers) = route.split_once('"').unwrap();
        let handlers = handlers.lines().next().unwrap();
        let path = path.replace("{*", "{");
        let has = |method: &str| handlers.contains("any(") || handlers.contains(&format!("{method}("));
        routes.extend(METHODS.iter().filter(|method| has(method)).map(|method| (path.clone(), (*method).to_owned())));
    }
    routes
}

/// What of a value is not as a schema says. Knows the words the schemas use.
fn misfits(document: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#')).unwrap();
        return misfits(document, target, value, at);
    }
    for word in ["anyOf", "oneOf"] {
        if let Some(choices) = schema[word].as_array() {
            let fits = choices.iter().any(|choice| misfits(document, choice, value, at).is_empty());
            return if fits { Vec::new() } else { vec![format!("{at} fits none of {word}: {value}")] };
        }
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let is_of = |wanted: &Value| *wanted == kind || (*wanted == "number" && kind == "integer");
    let fits = match &schema["type"] {
        Value::Null => true,
        Value::Array(kinds) => kinds.iter().any(is_of),
        one => is_of(one),
    };
    if !fits {
        return vec![format!("{at} is {kind}, not {}", schema["type"])];
    }
    let mut found = Vec::new();
    if let Some(words) = schema["enum"].as_array() {
        found.extend((!words.contains(value)).then(|| format!("{at} is none of {words:?}: {value}")));
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        found.extend(misfits(document, &schema["items"], item, &format!("{at}[{index}]")));
    }
    if let Some(members) = value.as_object() {
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        found.extend(required.filter(|name| !members.contains_key(*name)).map(|name| format!("{at} lacks `{name}`")));
        for (name, member) in members {
            match schema["properties"].get(name) {
                Some(known) => found.extend(misfits(document, known, member, &format!("{at}.{name}"))),
                None if schema["properties"].is_object() && schema["additionalProperties"].is_null() => {
                    found.push(format!("{at} has `{name}`, which nobody described"));
                }
                None => {}
            }
        }
    }
    found
}

#[tokio::test]
async fn the_document_names_every_path_and_method_there_is() {
    let world = World::new().answering("hello").await;
    let document = document(&world).await;

    let paths = document["paths"].as_object().unwrap();
    let named = paths.iter().flat_map(|(path, operations)| {
        operations.as_object().unwrap().keys().map(move |method| (path.clone(), method.clone()))
    });

    assert_eq!(named.collect::<BTreeSet<_>>(), routes());
    assert_eq!(document["openapi"], "3.1.0");
}

#[tokio::test]
async fn real_answers_are_as_the_document_says() {
    let world = World::new().answering("hello").await;
    let document = document(&world).await;
    let hit = json!({"prompt": "hi"}).to_string();
    world.send("POST", "/llm/generate", &[], hit.clone()).await;
    let key = world.send("POST", "/llm/generate", &[], hit.clone()).await.header("llmc-key").unwrap().to_owned();
    let session = json!({"id": "s", "data": {"a": 1}, "messages": [{"role": "user", "content": "hi"}]}).to_string();
    let entry = format!("/cache/entries/{key}");
    let diff = format!("/cache/diff?left={key}&right={key}");

    for (method, described, path, body) in [
        ("POST", "/llm/generate", "/llm/generate", hit.as_str()),
        ("POST", "/sessions", "/sessions", &session),
        ("PATCH", "/sessions/{id}", "/sessions/s", r#"{"data":{"b":[1]}}"#),
        ("GET", "/sessions/{id}", "/sessions/s", ""),
        ("GET", "/sessions", "/sessions?limit=3", ""),
        ("DELETE", "/sessions/{id}", "/sessions/s", ""),
        ("GET", "/llm/cache/stats", "/llm/cache/stats?by=model", ""),
        ("GET", "/llm/models", "/llm/models", ""),
        ("GET", "/llm/providers", "/llm/providers", ""),
        ("GET", "/limits", "/limits", ""),
        ("GET", "/checkup", "/checkup", ""),
        ("GET", "/status", "/status", ""),
        ("GET", "/cache/entries", "/cache/entries?model=m", ""),
        ("GET", "/cache/entries/{key}", &entry, ""),
        ("GET", "/cache/diff", &diff, ""),
        ("POST", "/cache/purge", "/cache/purge", r#"{"filter":{"model":"m"},"dryRun":true}"#),
        ("DELETE", "/cache/entries/{key}", &entry, ""),
        ("GET", "/cache/entries", "/cache/entries?colour=red", ""),
    ] {
        let answered = world.send(method, path, &[], body.to_owned()).await;
        let responses = &document["paths"][described][method.to_lowercase()]["responses"];
        let response = responses.get(answered.status.to_string()).unwrap_or(&responses["default"]);
        let schema = &response["content"]["application/json"]["schema"];
        let answer: Value = serde_json::from_slice(&answered.body).unwrap();

        assert!(schema.is_object(), "{method} {path}: {}", answered.status);
        assert_eq!(misfits(&document, schema, &answer, ""), [""; 0], "{method} {path} {}", answered.status);
        assert_eq!(answered.status >= 400, path.contains("colour"), "{method} {path}: {answer}");
    }
}
