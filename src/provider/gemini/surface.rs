//! What Gemini's own clients expect besides answers.

use serde_json::{Value, json};

use crate::error::{Error, Kind};
use crate::provider::surface::{Forwards, Surface, sentence};

/// Gemini's manners (<https://ai.google.dev/api>; errors as in google.rpc.Status).
pub static SURFACE: Surface = Surface {
    forwards: &[Forwards::aside("x-goog-user-project")],
    // How the answer is told, and a key.
    kept_back: &["alt", "key"],
    refusal,
    models_at: "/v1beta/models?pageSize=1",
};

fn refusal(error: &Error, status: u16) -> Value {
    let name = match (error.kind(), status) {
        (Kind::Key, _) => "UNAUTHENTICATED",
        (Kind::Forbidden, _) => "PERMISSION_DENIED",
        (Kind::NotFound, _) => "NOT_FOUND",
        (Kind::RateLimit | Kind::Budget, _) => "RESOURCE_EXHAUSTED",
        (Kind::Timeout, _) => "DEADLINE_EXCEEDED",
        (Kind::Unreachable, _) => "UNAVAILABLE",
        (_, 500..) => "INTERNAL",
        _ => "INVALID_ARGUMENT",
    };
    json!({"error": {"code": status, "message": sentence(error), "status": name}})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_has_the_shape_clients_read() {
        let body = refusal(&Error::new(Kind::RateLimit, "too many"), 429);

        assert_eq!(body, json!({"error": {"code": 429, "message": "llmc: too many", "status": "RESOURCE_EXHAUSTED"}}));
    }
}
