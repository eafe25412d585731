//! How this vendor counts a prompt.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::resource;
use crate::error::Result;
use crate::provider::counting::{Counting, number};

/// Asks this vendor.
pub(super) struct Counter;

impl Counting for Counter {
    fn path(&self, model: &str) -> Cow<'static, str> {
        format!("/v1beta/{}:countTokens", resource(model)).into()
    }

    /// The whole request goes within the question: by itself that takes the conversation alone, and counts neither the
    /// system text nor the tools.
    fn ask(&self, model: &str, body: &Map<String, Value>) -> Map<String, Value> {
        let mut request = Map::from_iter([("model".to_owned(), json!(resource(model)))]);
        request.extend(body.clone());
        Map::from_iter([("generateContentRequest".to_owned(), Value::Object(request))])
    }

    fn read(&self, answer: &[u8]) -> Result<u64> {
        number(answer, "totalTokens")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_holds_the_whole_request_and_its_model() {
        let body =
            json!({"contents": [{"role": "user", "parts": [{"text": "hi"}]}], "systemInstruction": {"parts": []}});
        let body = body.as_object().unwrap();

        let asked = Counter.ask("gemini-2.5-flash", body);

        let request = asked["generateContentRequest"].as_object().unwrap();
        assert_eq!(request["model"], "models/gemini-2.5-flash");
        assert!(body.iter().all(|(name, value)| request[name] == *value));
        assert_eq!(Counter.path("models/gemini-2.5-flash"), "/v1beta/models/gemini-2.5-flash:countTokens");
        assert_eq!(Counter.path("tunedModels/mine"), "/v1beta/tunedModels/mine:countTokens");
    }

    #[test]
    fn the_answer_is_the_vendors_count() {
        let counted = Counter.read(include_bytes!("../../../tests/fixtures/gemini/count.json"));
        assert_eq!(counted, Ok(31));
        assert!(Counter.read(b"{\"promptTokensDetails\": []}").is_err());
    }
}
