//! What clients of Anthropic's API expect besides the answers.

use serde_json::{Value, json};

use super::VERSION;
use crate::error::{Error, Kind};
use crate::provider::surface::{Forwards, Surface, sentence};

/// Anthropic's manners. Its streams tell their usage to everybody.
pub static SURFACE: Surface = Surface {
    forwards: &[
        Forwards::in_key_unless("anthropic-version", VERSION),
        Forwards::in_key("anthropic-beta"),
        Forwards::aside("anthropic-dangerous-direct-browser-access"),
    ],
    refusal,
    models_at: "/v1/models?limit=1",
    kept_back: &[],
};

fn refusal(error: &Error, status: u16) -> Value {
    let kind = match (error.kind(), status) {
        (Kind::Key, _) => "authentication_error",
        (Kind::RateLimit | Kind::Budget, _) => "rate_limit_error",
        (Kind::Forbidden, _) => "permission_error",
        (Kind::NotFound, _) => "not_found_error",
        (Kind::TooLarge, _) => "request_too_large",
        (Kind::Timeout, _) => "timeout_error",
        (_, 500..) => "api_error",
        _ => "invalid_request_error",
    };
    json!({"type": "error", "error": {"type": kind, "message": sentence(error)}})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_has_the_shape_clients_read() {
        let body = refusal(&Error::new(Kind::RateLimit, "too many"), 429);

        assert_eq!(body, json!({"type": "error", "error": {"type": "rate_limit_error", "message": "llmc: too many"}}));
    }
}
