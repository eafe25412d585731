//! A request's body, whole. One that is too long, too slow or cut is refused in the API's own words.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::Extensions;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::{DeserializeOwned, Error as _};

use crate::daemon::access::Access;
use crate::daemon::reply::Refused;
use crate::error::{Error, Kind, Result};

/// A prompt with its images may have this many bytes, where the door sets no bound of its own.
const LARGEST: usize = 64 << 20;

/// Nobody takes longer to send one, and whoever does holds a place that others wait for.
const WITHIN: Duration = Duration::from_secs(120);

/// All bytes of a body.
pub struct Whole(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Whole {
    type Rejection = Refused;

    async fn from_request(request: Request, _: &S) -> Result<Whole, Refused> {
        let (head, body) = request.into_parts();
        Ok(Whole(read_whole(&head.extensions, body).await?))
    }
}

/// What a JSON object says. An array, whose items could be taken for members in their order, is none.
pub fn read_object<T: DeserializeOwned>(body: &[u8]) -> serde_json::Result<T> {
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'[') => Err(serde_json::Error::custom("invalid type: sequence, expected an object")),
        _ => serde_json::from_slice(body),
    }
}

/// All bytes of a body, as many as the door lets in that it came by.
pub async fn read_whole(extensions: &Extensions, body: Body) -> Result<Bytes> {
    let largest = extensions.get::<Arc<Access>>().map_or(LARGEST, |access| access.largest_body);
    let collected = tokio::time::timeout(WITHIN, Limited::new(body, largest).collect()).await;
    let cut = |cause: &dyn std::fmt::Display| Error::new(Kind::Usage, "the request did not come whole").because(cause);
    match collected {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Error::new(Kind::TooLarge, "the request is too large")
            .because(format!("more than {largest} bytes"))
            .hint("over TCP, `http.max_body` is the bound")),
        Ok(Err(error)) => Err(cut(&error)),
        Err(_) => Err(cut(&"it took too long")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::sessions::CreateSession;

    #[test]
    fn an_array_is_not_taken_for_an_object() {
        for body in ["[]", " [null]", "7", "\"a\""] {
            assert!(read_object::<CreateSession>(body.as_bytes()).is_err(), "{body}");
        }
        assert!(read_object::<CreateSession>(b" {}").is_ok());
    }
}
