//! Requests that pass through as they are: whatever a vendor offers besides the operations that are cached. Adds the
//! key, changes nothing else, and neither reads nor keeps what goes by in either direction.

use axum::http::header::{
    AUTHORIZATION, CONNECTION, CONTENT_TYPE, COOKIE, HOST, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRAILER,
    TRANSFER_ENCODING, UPGRADE,
};
use axum::http::{HeaderMap, HeaderName, Method, Response};
use reqwest::{Body, Url};

use super::http::{header, unanswered};
use super::registry::{Provider, join};
use crate::config::secret::Secret;
use crate::error::{Error, Kind, Result};

/// Headers that concern one connection (RFC 9110, section 7.6.1).
static OF_ONE_CONNECTION: [HeaderName; 7] =
    [CONNECTION, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE];

/// Headers in which clients send a key, whatever the vendor.
pub static CREDENTIALS: [HeaderName; 4] = [
    AUTHORIZATION,
    HeaderName::from_static("x-api-key"),
    HeaderName::from_static("x-goog-api-key"),
    HeaderName::from_static("api-key"),
];

/// Headers of llmc itself begin so, and go no further than here.
const OWN: &str = "llmc-";

/// A request on its way through.
pub struct Passing {
    /// What is to be done.
    pub method: Method,
    /// Path and query below the base URL, as they came.
    pub path: String,
    /// The headers as they came.
    pub headers: HeaderMap,
    /// The body as it comes; `None` where there is none.
    pub body: Option<Body>,
}

impl Provider {
    /// Sends a request on and gives back whatever is answered, whatever its status.
    pub async fn pass(&self, passing: Passing, secret: Option<&Secret>) -> Result<Response<Body>> {
        let Some(client) = &self.client else {
            return Err(Error::new(Kind::NotFound, format!("`{}` has no `{}`", self.name, passing.path)));
        };
        let address = below(&self.base_url, &passing.path);
        let url = Url::parse(&address).map_err(|failure| {
            Error::new(Kind::Usage, format!("`{}` has no such place", self.name)).because(failure)
        })?;
        let mut headers = passing.headers;
        keep_to_oneself(&mut headers);
        for (name, value) in self.dialect.headers(secret) {
            // What the asker says of the body and of the API's version stays.
            if CREDENTIALS.iter().any(|credential| credential == name) || !headers.contains_key(name) {
                let (name, value) = header(&self.name, name, &value)?;
                if name != CONTENT_TYPE {
                    headers.insert(name, value);
                }
            }
        }
        let mut request = client.suited(&url)?.request(passing.method, url.clone()).headers(headers);
        if let Some(body) = passing.body {
            request = request.body(body);
        }
        let response = request.send().await.map_err(|failure| unanswered(&self.name, &url, &failure))?;
        let mut response: Response<Body> = response.into();
        drop_connection_headers(response.headers_mut());
        Ok(response)
    }
}

/// Takes out what is not meant for the provider: the door's credentials, llmc's own words, what concerns the connection.
fn keep_to_oneself(headers: &mut HeaderMap) {
    drop_connection_headers(headers);
    headers.remove(HOST);
    headers.remove(COOKIE);
    for credential in &CREDENTIALS {
        headers.remove(credential);
    }
    let own: Vec<HeaderName> = headers.keys().filter(|name| name.as_str().starts_with(OWN)).cloned().collect();
    for name in own {
        headers.remove(name);
    }
}

/// Takes out what concerns one connection, whatever else `Connection` names included.
pub fn drop_connection_headers(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    let keep_alive = HeaderName::from_static("keep-alive");
    for name in OF_ONE_CONNECTION.iter().chain(&named).chain([&keep_alive]) {
        headers.remove(name);
    }
}

/// A path and query below a base URL that may have a query of its own.
fn below(base_url: &str, path: &str) -> String {
    match path.split_once('?') {
        Some((path, query)) => {
            let address = join(base_url, path);
            let between = if address.contains('?') { '&' } else { '?' };
            format!("{address}{between}{query}")
        }
        None => join(base_url, path),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_query_stays_whatever_the_base_has() {
        assert_eq!(below("http://h/v1", "/v1/files?limit=2"), "http://h/v1/files?limit=2");
        assert_eq!(below("http://h/d?api-version=1", "/files?limit=2"), "http://h/d/files?api-version=1&limit=2");
    }

    #[test]
    fn what_is_not_the_providers_stays_here() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("host", "127.0.0.1:4180"),
            ("connection", "keep-alive, x-hop"),
            ("x-hop", "1"),
            ("authorization", "Bearer llmc-secret"),
            ("x-api-key", "llmc-secret"),
            ("llmc-provider-key", "openai sk-x"),
            ("openai-organization", "org"),
            ("accept", "*/*"),
        ] {
            headers.insert(name, value.parse().unwrap());
        }

        keep_to_oneself(&mut headers);

        let mut left: Vec<&str> = headers.keys().map(HeaderName::as_str).collect();
        left.sort_unstable();
        assert_eq!(left, ["accept", "openai-organization"]);
    }
}
