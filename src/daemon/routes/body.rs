//! A request's body, whole. One that is too long or cut is refused in the API's own words.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;

use crate::daemon::reply::Refused;
use crate::error::{Error, Kind};

/// All bytes of a body.
pub struct Whole(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Whole {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Whole, Refused> {
        let read = Bytes::from_request(request, state).await;
        read.map(Whole).map_err(|rejection| {
            let error = match rejection.status() {
                StatusCode::PAYLOAD_TOO_LARGE => Error::new(Kind::TooLarge, "the request is too large"),
                _ => Error::new(Kind::Usage, "the request did not come whole"),
            };
            error.because(rejection.body_text()).into()
        })
    }
}
