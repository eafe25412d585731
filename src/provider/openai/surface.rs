//! What clients of OpenAI's API expect besides the answers.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::error::{Error, Kind};
use crate::provider::surface::{Forwards, Surface, sentence};

/// OpenAI's manners, and those of whoever speaks its API.
pub static SURFACE: Surface = Surface {
    forwards: &[
        Forwards::aside("openai-organization"),
        Forwards::aside("openai-project"),
        Forwards::in_key("openai-beta"),
        // Routers name the program that asks by these.
        Forwards::aside("http-referer"),
        Forwards::aside("x-title"),
    ],
    refusal,
    wants_usage,
    is_usage,
};

fn refusal(error: &Error, status: u16) -> Value {
    let kind = match (error.kind(), status) {
        (Kind::Key, _) => "authentication_error",
        (Kind::RateLimit, _) => "rate_limit_error",
        (Kind::Budget, _) => "insufficient_quota",
        (_, 500..) => "server_error",
        _ => "invalid_request_error",
    };
    json!({"error": {"message": sentence(error), "type": kind, "param": null, "code": error.kind().name()}})
}

#[derive(Deserialize)]
struct Chunk<'a> {
    #[serde(borrow)]
    choices: Option<Vec<&'a serde_json::value::RawValue>>,
    usage: Option<serde::de::IgnoredAny>,
}

/// The chunk that `include_usage` adds: no choice and a usage. A chunk that says more is the server's own doing.
fn is_usage(data: &str) -> bool {
    // Most chunks are told apart without being read.
    data.contains("\"usage\"")
        && serde_json::from_str::<Chunk<'_>>(data)
            .is_ok_and(|chunk| chunk.usage.is_some() && chunk.choices.is_some_and(|choices| choices.is_empty()))
}

fn wants_usage(body: &Map<String, Value>) -> bool {
    body.get("stream_options").and_then(|options| options.get("include_usage")) == Some(&Value::Bool(true))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_the_chunk_that_was_asked_for_is_usage() {
        assert!(is_usage(r#"{"id":"c","choices":[],"usage":{"prompt_tokens":1}}"#));
        for other in [
            r#"{"id":"c","choices":[],"usage":null}"#,
            r#"{"id":"c","choices":[{"index":0}],"usage":{"prompt_tokens":1}}"#,
            r#"{"id":"c","choices":[],"prompt_filter_results":[]}"#,
            r#"{"choices":[{"delta":{"content":"\"usage\""}}]}"#,
            "[DONE]",
            "",
        ] {
            assert!(!is_usage(other), "{other}");
        }
    }

    #[test]
    fn usage_is_wanted_where_it_is_asked_for() {
        let body = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap();
        assert!(wants_usage(&body(r#"{"stream_options":{"include_usage":true}}"#)));
        for other in ["{}", r#"{"stream_options":null}"#, r#"{"stream_options":{"include_usage":false}}"#] {
            assert!(!wants_usage(&body(other)), "{other}");
        }
    }

    #[test]
    fn a_refusal_has_the_shape_clients_read() {
        let error = Error::new(Kind::Key, "no key for `openai`").hint("set `OPENAI_API_KEY`");

        let body = refusal(&error, 401);

        assert_eq!(body["error"]["message"], "llmc: no key for `openai`; set `OPENAI_API_KEY`");
        assert_eq!(body["error"]["type"], "authentication_error");
        assert!(body["error"]["param"].is_null());
    }
}
