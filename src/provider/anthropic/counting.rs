//! How this vendor counts a prompt.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::error::Result;
use crate::provider::counting::{Counting, number};

/// The members of a request that have tokens; the question is refused with any other, such as the answer's length.
const COUNTED: [&str; 8] =
    ["model", "messages", "system", "tools", "tool_choice", "thinking", "output_config", "cache_control"];

/// Asks this vendor.
pub(super) struct Counter;

impl Counting for Counter {
    fn path(&self, _model: &str) -> Cow<'static, str> {
        "/v1/messages/count_tokens".into()
    }

    fn ask(&self, _model: &str, body: &Map<String, Value>) -> Map<String, Value> {
        let counted = body.iter().filter(|(name, _)| COUNTED.contains(&name.as_str()));
        counted.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    fn read(&self, answer: &[u8]) -> Result<u64> {
        number(answer, "input_tokens")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_question_has_what_is_counted_and_nothing_else() {
        let body = json!({"model": "claude-haiku-4-5", "max_tokens": 9, "temperature": 0.5, "stop_sequences": ["x"],
            "system": "Be brief.", "messages": [{"role": "user", "content": "hi"}], "tools": [{"name": "t"}]});

        let asked = Counter.ask("claude-haiku-4-5", body.as_object().unwrap());

        let names: Vec<&str> = asked.keys().map(String::as_str).collect();
        assert_eq!(names, ["model", "system", "messages", "tools"]);
    }

    #[test]
    fn the_answer_is_the_vendors_count() {
        let counted = Counter.read(include_bytes!("../../../tests/fixtures/anthropic/count.json"));
        assert_eq!(counted, Ok(2095));
        for broken in ["", "{}", "{\"input_tokens\": -1}", "{\"input_tokens\": \"9\"}", "[2095]"] {
            assert!(Counter.read(broken.as_bytes()).is_err(), "{broken}");
        }
    }
}
