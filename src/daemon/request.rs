//! A request's name, by which its answer, its line in the log and its event are found again.

use std::sync::Arc;

use axum::http::header::HeaderName;
use axum::http::{HeaderMap, HeaderValue};

use crate::api::headers;

/// The longest name that is taken from a request.
const LONGEST: usize = 128;

/// The name of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(pub Arc<str>);

impl RequestId {
    /// The one a request brings, where it can stand in a log; else a new one.
    pub fn of(head: &HeaderMap) -> RequestId {
        let sent = head.get(headers::REQUEST_ID).and_then(|sent| sent.to_str().ok()).filter(|sent| is_sane(sent));
        match sent {
            Some(sent) => RequestId(sent.into()),
            None => RequestId(format!("{:032x}", fastrand::u128(..)).into()),
        }
    }

    /// The header that tells it.
    pub fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        let value = HeaderValue::from_str(&self.0).ok()?;
        Some((headers::REQUEST_ID, value))
    }
}

fn is_sane(sent: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
    (1..=LONGEST).contains(&sent.len()) && sent.bytes().all(is_plain)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_could_forge_a_line_is_not_taken() {
        let of = |sent: &str| {
            let mut head = HeaderMap::new();
            head.insert(headers::REQUEST_ID, HeaderValue::from_str(sent).unwrap());
            RequestId::of(&head).0.to_string()
        };

        assert_eq!(of("build-7:a_b.c"), "build-7:a_b.c");
        for wrong in ["", "a b", "a\tb", "a\"b", &"x".repeat(129)] {
            assert_eq!(of(wrong).len(), 32, "{wrong}");
            assert_ne!(of(wrong), of(wrong));
        }
    }
}
