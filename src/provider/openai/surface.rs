//! What clients of OpenAI's API expect besides the answers.

use serde_json::{Value, json};

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
    models_at: "/models",
    kept_back: &[],
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_has_the_shape_clients_read() {
        let error = Error::new(Kind::Key, "no key for `openai`").hint("set `OPENAI_API_KEY`");

        let body = refusal(&error, 401);

        assert_eq!(body["error"]["message"], "llmc: no key for `openai`; set `OPENAI_API_KEY`");
        assert_eq!(body["error"]["type"], "authentication_error");
        assert!(body["error"]["param"].is_null());
    }
}
