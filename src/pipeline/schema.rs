//! The schema an answer must fit: read before any call is made, and held against every answer before it is kept or
//! served. It never looks outside of itself.

use std::collections::HashMap;

use jsonschema::{PatternOptions, Validator};
use serde_json::Value;
use xxhash_rust::xxh3::xxh3_64;

use super::call::Called;
use super::flight::Flight;
use super::key::Fingerprint;
use super::{Exchange, Pipeline};
use crate::error::{Error, Kind, Result};
use crate::exchange::{CacheStatus, Entry, Finish};
use crate::provider::Reading;
use crate::provider::refusal::one_line;

/// More bytes than any schema that a vendor takes.
const LONGEST: usize = 64 << 10;

/// More levels than any schema that a vendor takes.
const DEEPEST: usize = 64;

/// References multiply: a few lines can stand for more comparisons than there is time for.
const MOST_PARTS: u64 = 1_000_000;

/// How often a pattern with look-around may step back, and how large one may be compiled, in bytes.
const MOST_STEPS_BACK: usize = 100_000;
const LARGEST_PATTERN: usize = 1 << 20;

/// A JSON Schema, fit to be asked for.
#[derive(Debug)]
pub struct Schema {
    validator: Validator,
    stamp: u64,
}

impl Schema {
    /// Reads a schema. Fails with [`Kind::Usage`] where it is none, points outside of itself, or is more than 64 KiB long
    /// or 64 levels deep.
    pub fn read(schema: &Value) -> Result<Schema> {
        let refuse = |cause: &dyn std::fmt::Display| {
            Error::new(Kind::Usage, "the schema cannot be used").because(one_line(&cause.to_string()))
        };
        if !schema.is_object() {
            return Err(refuse(&"it is no JSON object"));
        }
        if depth(schema) > DEEPEST {
            return Err(refuse(&format_args!("it is more than {DEEPEST} levels deep")));
        }
        let spelled = schema.to_string();
        if spelled.len() > LONGEST {
            return Err(refuse(&format_args!("it is longer than {} KiB", LONGEST >> 10)));
        }
        if parts(schema, schema, &mut HashMap::new()) > MOST_PARTS {
            return Err(refuse(&"its references stand for more than a million parts"));
        }
        let patterns = PatternOptions::fancy_regex().backtrack_limit(MOST_STEPS_BACK).size_limit(LARGEST_PATTERN);
        let validator = jsonschema::options().offline().with_pattern_options(patterns).build(schema);
        let validator = validator.map_err(|error| match error.kind() {
            jsonschema::error::ValidationErrorKind::Referencing(_) => {
                refuse(&error).hint("a `$ref` leads to another part of the same schema: `#/$defs/NAME`")
            }
            _ => match error.instance_path().as_str() {
                "" => refuse(&error),
                path => refuse(&format_args!("at `{path}`: {error}")),
            },
        })?;
        Ok(Schema { validator, stamp: xxh3_64(spelled.as_bytes()) })
    }

    /// A hash of its spelling: askers with different ones share no call.
    pub fn stamp(&self) -> u64 {
        self.stamp
    }

    /// The answer as JSON that fits. Fails with [`Kind::Schema`], which names the first place that does not, and why.
    pub fn fit(&self, text: &str) -> Result<Value> {
        let unfit =
            |cause: String| Error::new(Kind::Schema, "the answer does not fit the schema").because(cause).hint(AGAIN);
        let answer: Value =
            serde_json::from_str(text.trim()).map_err(|error| match text.trim_start().starts_with("```") {
                true => unfit("it is fenced as Markdown, not JSON alone".to_owned())
                    .hint("the provider takes no schemas, it seems: say in the prompt that JSON alone is wanted"),
                false => unfit(format!("it is not JSON: {error}")),
            })?;
        let mut errors = self.validator.iter_errors(&answer);
        let Some(first) = errors.next() else {
            drop(errors);
            return Ok(answer);
        };
        let place = match first.instance_path().as_str() {
            "" => "at the top".to_owned(),
            path => format!("at `{}`", one_line(path)),
        };
        let more = match errors.count() {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        Err(unfit(format!("{place}: {}{more}", one_line(&first.to_string()))))
    }

    fn check(&self, reading: &Reading) -> Result<()> {
        let fit = self.fit(&reading.text).map(drop);
        match reading.finish {
            Finish::Length => fit.map_err(|error| {
                error.because("it was cut at the most tokens it may have").hint("raise `--max-tokens`")
            }),
            _ => fit,
        }
    }
}

const AGAIN: &str = "ask again with `--schema-retries 2`, or loosen the schema";

/// How many levels of arrays and objects there are.
fn depth(value: &Value) -> usize {
    // No recursion: what is measured here may be too deep for one.
    let (mut deepest, mut waiting) = (0, vec![(value, 1)]);
    while let Some((value, level)) = waiting.pop() {
        deepest = deepest.max(level);
        match value {
            Value::Array(items) => waiting.extend(items.iter().map(|item| (item, level + 1))),
            Value::Object(members) => waiting.extend(members.values().map(|member| (member, level + 1))),
            _ => {}
        }
    }
    deepest
}

/// How many parts a schema has where each reference stands for what it leads to; one that leads back counts as one.
fn parts(part: &Value, root: &Value, known: &mut HashMap<*const Value, u64>) -> u64 {
    if let Some(count) = known.get(&std::ptr::from_ref(part)) {
        return *count;
    }
    known.insert(part, 1);
    let mut count: u64 = 1;
    let mut add = |part| count = count.saturating_add(parts(part, root, known));
    match part {
        Value::Array(items) => items.iter().for_each(&mut add),
        Value::Object(members) => {
            members.values().for_each(&mut add);
            let reference = members.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix('#'));
            reference.and_then(|path| root.pointer(path)).into_iter().for_each(add);
        }
        _ => {}
    }
    known.insert(part, count);
    count
}

impl Exchange {
    /// Fails where an answer does not fit the schema it was to fit.
    pub(super) fn refuse_unfit(&self, entry: &Entry) -> Result<()> {
        let Some(schema) = &self.schema else { return Ok(()) };
        schema.check(&self.dialect().read_in(entry.facts.form, &entry.body)?)
    }

    /// True where an answer that was kept can be served: whoever kept it may have asked for another schema, or none.
    pub(super) fn takes(&self, entry: &Entry) -> bool {
        self.refuse_unfit(entry).is_ok()
    }
}

impl Pipeline {
    /// Calls until the answer fits, as often as the asker pays for. Every call is counted.
    pub(super) async fn call_for_fit(
        &self,
        exchange: &Exchange,
        fingerprint: &Fingerprint,
        flight: &Flight,
        status: CacheStatus,
    ) -> Result<Called> {
        let mut left = exchange.schema_retries;
        loop {
            let called = self.call(exchange, fingerprint, flight).await?;
            self.ledger.called(exchange.account(), status, &called.entry.facts);
            match exchange.refuse_unfit(&called.entry) {
                Ok(()) => return Ok(called),
                // Once something has reached an asker, nothing else may.
                Err(error) if left == 0 || flight.has_published() => return Err(error),
                Err(error) => tracing::info!(%error, left, "an answer that does not fit is asked for again"),
            }
            left -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn reading(text: &str, finish: Finish) -> Reading {
        Reading { text: text.to_owned(), finish, usage: None, is_empty: false }
    }

    fn check(schema: &Value, text: &str) -> Result<()> {
        Schema::read(schema).unwrap().check(&reading(text, Finish::Stop))
    }

    fn refused(schema: &Value) -> Error {
        Schema::read(schema).err().unwrap_or_else(|| panic!("taken: {schema}"))
    }

    #[test]
    fn an_answer_that_fits_is_json_and_nothing_else() {
        let schema = json!({"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}});

        assert_eq!(check(&schema, " {\"n\": 1}\n"), Ok(()));
        for text in ["", "1", "{}", "{\"n\": \"1\"}", "{\"n\": 1} and more", "```json\n{\"n\": 1}\n```"] {
            assert_eq!(check(&schema, text).unwrap_err().kind(), Kind::Schema, "{text}");
        }
    }

    #[test]
    fn the_place_that_does_not_fit_is_named_and_why() {
        let item = json!({"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}});
        let schema = json!({"type": "array", "items": item});

        let error = check(&schema, r#"[{"name": "a"}, {"name": 3}, {}]"#).unwrap_err();

        assert_eq!(error.cause(), Some("at `/1/name`: 3 is not of type \"string\" (and 1 more)"));
        assert!(check(&schema, "7").unwrap_err().cause().unwrap().starts_with("at the top: "));
    }

    #[test]
    fn an_answer_cut_for_its_length_is_said_to_be() {
        let schema = Schema::read(&json!({"type": "object"})).unwrap();

        let error = schema.check(&reading("{\"a\": ", Finish::Length)).unwrap_err();

        assert_eq!(error.hint_text(), Some("raise `--max-tokens`"));
    }

    #[test]
    fn a_schema_that_is_none_is_refused_before_any_call() {
        let mut deep = json!({"type": "string"});
        (0..40).for_each(|_| deep = json!({"properties": {"a": deep}}));
        for (schema, words) in [
            (json!(true), "no JSON object"),
            (json!([]), "no JSON object"),
            (json!({"type": "strng"}), "at `/type`"),
            (json!({"properties": 7}), "at `/properties`"),
            (json!({"pattern": "("}), "pattern"),
            (json!({"$ref": "#/$defs/nowhere"}), "nowhere"),
            (deep, "levels deep"),
            (json!({"description": "x".repeat(70_000)}), "longer than 64 KiB"),
        ] {
            let error = refused(&schema);
            assert_eq!(error.kind(), Kind::Usage);
            assert!(error.to_string().contains(words), "{error}");
        }
    }

    #[test]
    fn a_schema_never_looks_outside_of_itself() {
        for outside in ["http://127.0.0.1:9/schema.json", "file:///etc/hostname", "other.json#/a", "urn:x:y"] {
            let error = refused(&json!({"properties": {"a": {"$ref": outside}}}));
            assert_eq!(error.kind(), Kind::Usage);
            assert!(error.hint_text().unwrap().contains("$defs"), "{error}");
        }
        assert_eq!(refused(&json!({"$schema": "http://127.0.0.1:9/draft"})).kind(), Kind::Usage);
    }

    #[test]
    fn a_schema_whose_references_multiply_is_refused_and_one_that_shares_parts_is_not() {
        let doubling = |levels: usize| {
            let mut parts = serde_json::Map::new();
            for level in 0..levels {
                let next = json!({"$ref": format!("#/$defs/{}", level + 1)});
                parts.insert(level.to_string(), json!({"anyOf": [next, next]}));
            }
            parts.insert(levels.to_string(), json!({"type": "string"}));
            json!({"$ref": "#/$defs/0", "$defs": parts})
        };

        assert!(check(&doubling(8), "\"a\"").is_ok());
        assert!(refused(&doubling(40)).to_string().contains("more than a million parts"));
    }

    #[test]
    fn a_schema_that_leads_back_to_itself_comes_to_an_end() {
        let tree = json!({"type": "object", "properties": {"next": {"$ref": "#"}}});
        let round = json!({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}});

        assert_eq!(check(&tree, r#"{"next": {"next": {}}}"#), Ok(()));
        assert!(check(&tree, r#"{"next": {"next": 7}}"#).is_err());
        for round in [json!({"$ref": "#"}), json!({"allOf": [{"$ref": "#"}]}), json!({"not": {"$ref": "#"}}), round] {
            let _ = Schema::read(&round).map(|schema| schema.check(&reading("{}", Finish::Stop)));
        }
    }
}
