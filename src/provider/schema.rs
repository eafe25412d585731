//! How APIs are told the schema an answer must fit. What they make of it is theirs: the answer is held against the schema
//! as it was asked for, whatever was sent.

use serde_json::{Map, Value, json};

use crate::error::{Error, Kind, Result};

/// What the APIs that want a name for a schema are told.
pub const NAME: &str = "answer";

/// Puts a value at a path of names, beside whatever options have put there; an error where one has put this very thing.
pub fn put(body: &mut Map<String, Value>, path: &[&str], value: Value) -> Result<()> {
    let taken = || {
        Error::new(Kind::Usage, format!("`{}` is asked for by an option and by the schema", path.join(".")))
            .hint("leave one of them out")
    };
    let Some((last, above)) = path.split_last() else { return Ok(()) };
    let mut place = body;
    for name in above {
        place = place.entry(*name).or_insert_with(|| json!({})).as_object_mut().ok_or_else(taken)?;
    }
    match place.insert((*last).to_owned(), value) {
        None => Ok(()),
        Some(_) => Err(taken()),
    }
}

/// The keywords that decoders which promise a schema take.
const STRICT: [&str; 22] = [
    "$defs",
    "$ref",
    "$schema",
    "additionalProperties",
    "anyOf",
    "const",
    "definitions",
    "description",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "items",
    "maxItems",
    "maximum",
    "minItems",
    "minimum",
    "multipleOf",
    "pattern",
    "properties",
    "required",
    "title",
];

/// True where a schema is within what a `strict` decoder takes: objects that are closed and whose members are all
/// required, and no keyword beyond those it knows. It refuses others, so that for them it must not be asked to be strict.
pub fn is_strict(schema: &Value) -> bool {
    schema.get("type").is_some_and(|kind| kind == "object") && schema.get("anyOf").is_none() && is_strict_below(schema)
}

fn is_strict_below(schema: &Value) -> bool {
    let Some(members) = schema.as_object() else { return false };
    let is_known = |name: &String| name == "type" || STRICT.contains(&name.as_str());
    let properties = members.get("properties").and_then(Value::as_object);
    let is_object = properties.is_some() || members.get("type").is_some_and(names_objects);
    let required = members.get("required").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let is_required = |name: &String| required.iter().any(|one| one.as_str() == Some(name));
    let is_closed = members.get("additionalProperties") == Some(&Value::Bool(false));
    members.keys().all(is_known)
        && (!is_object || is_closed)
        && properties.into_iter().flat_map(Map::keys).all(is_required)
        && below(members).all(is_strict_below)
}

/// The schemas within one.
fn below(members: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    members.iter().flat_map(|(name, value)| -> Vec<&Value> {
        match (name.as_str(), value) {
            ("properties" | "$defs" | "definitions", Value::Object(named)) => named.values().collect(),
            ("anyOf", Value::Array(several)) => several.iter().collect(),
            ("items", one) => vec![one],
            _ => Vec::new(),
        }
    })
}

fn names_objects(kind: &Value) -> bool {
    kind == "object" || kind.as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "object"))
}

/// Bounds that a decoder of closed objects refuses; it is told them in words.
const BOUNDS: [&str; 13] = [
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "uniqueItems",
];

/// A schema for a decoder that takes closed objects alone and no bounds: objects are closed where nothing is said of
/// further members, `oneOf` is `anyOf`, and bounds stand in the description. What fits it may be off the bounds.
pub fn closed(schema: &Value) -> Value {
    let Some(members) = schema.as_object() else { return schema.clone() };
    let mut closed = Map::new();
    let mut bounds = Vec::new();
    for (name, value) in members {
        match (name.as_str(), value) {
            (bound, _) if BOUNDS.contains(&bound) => bounds.push(format!("{bound}: {value}")),
            ("properties" | "$defs" | "definitions", Value::Object(named)) => {
                let named = named.iter().map(|(name, schema)| (name.clone(), self::closed(schema)));
                closed.insert(name.clone(), named.collect());
            }
            ("anyOf" | "oneOf", Value::Array(several)) => {
                closed.insert("anyOf".to_owned(), several.iter().map(self::closed).collect());
            }
            ("allOf", Value::Array(several)) => {
                closed.insert(name.clone(), several.iter().map(self::closed).collect());
            }
            ("items", one) => {
                closed.insert(name.clone(), self::closed(one));
            }
            _ => {
                closed.insert(name.clone(), value.clone());
            }
        }
    }
    if closed.get("type").is_some_and(names_objects) || closed.contains_key("properties") {
        closed.entry("additionalProperties").or_insert(Value::Bool(false));
    }
    if !bounds.is_empty() {
        let said = closed.get("description").and_then(Value::as_str).unwrap_or_default();
        let bounds = format!("{{{}}}", bounds.join(", "));
        let said = if said.is_empty() { bounds } else { format!("{said}\n\n{bounds}") };
        closed.insert("description".to_owned(), Value::String(said));
    }
    Value::Object(closed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person() -> Value {
        let pets = json!({"type": "array", "items": {"type": "string"}});
        json!({"type": "object", "properties": {"name": {"type": "string"}, "pets": pets},
            "required": ["name", "pets"], "additionalProperties": false})
    }

    #[test]
    fn a_schema_is_strict_where_every_object_is_closed_and_every_member_required() {
        assert!(is_strict(&person()));
        let mut open = person();
        open.as_object_mut().unwrap().remove("additionalProperties");
        let mut loose = person();
        loose["required"] = json!(["name"]);
        let mut within = person();
        within["properties"]["pets"]["items"] = json!({"type": "object"});
        let mut unknown = person();
        unknown["properties"]["name"]["minLength"] = json!(1);
        for other in [open, loose, within, unknown, json!({"type": "array"}), json!({})] {
            assert!(!is_strict(&other), "{other}");
        }
    }

    #[test]
    fn a_closed_schema_says_its_bounds_in_words() {
        let age = json!({"type": "integer", "minimum": 0, "description": "In years"});
        let schema = json!({"type": "object", "properties": {"age": age, "minimum": {"type": "object"}},
            "oneOf": [{"required": ["age"]}]});

        assert_eq!(
            closed(&schema),
            json!({"type": "object",
                "properties": {
                    "age": {"type": "integer", "description": "In years\n\n{minimum: 0}"},
                    "minimum": {"type": "object", "additionalProperties": false},
                },
                "anyOf": [{"required": ["age"]}], "additionalProperties": false})
        );
    }

    #[test]
    fn what_an_option_asks_for_is_not_overridden() {
        let mut body = json!({"text": {"verbosity": "low"}, "format": 7}).as_object().unwrap().clone();

        put(&mut body, &["text", "format"], json!(1)).unwrap();

        assert_eq!(body["text"], json!({"verbosity": "low", "format": 1}));
        assert_eq!(put(&mut body, &["text", "format"], json!(2)).unwrap_err().kind(), Kind::Usage);
        assert_eq!(put(&mut body, &["format", "x"], json!(2)).unwrap_err().kind(), Kind::Usage);
    }
}
