//! Who may ask what over TCP, with and without a token.

use super::*;
use axum::http::Request;

const TOKEN: &str = "llmc-0123456789abcdef";

fn access() -> Access {
    Access::new("127.0.0.1:4180".parse().unwrap(), Secret::new(TOKEN), None, 1024)
}

fn asked(method: &str, path: &str, headers: &[(&str, &str)]) -> Result<Parts, StatusCode> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut head = request.body(()).unwrap().into_parts().0;
    access().admit(&mut head).map_err(|denied| denied.status)?;
    Ok(head)
}

fn status(method: &str, path: &str, headers: &[(&str, &str)]) -> u16 {
    asked(method, path, headers).map_or_else(|status| status.as_u16(), |_| 200)
}

const HOST: (&str, &str) = ("host", "127.0.0.1:4180");
const BEARER: (&str, &str) = ("authorization", "Bearer llmc-0123456789abcdef");

#[test]
fn the_token_is_taken_wherever_a_client_puts_its_key() {
    for header in
        [BEARER, ("authorization", "bearer llmc-0123456789abcdef"), ("x-api-key", TOKEN), ("x-goog-api-key", TOKEN)]
    {
        assert_eq!(status("GET", "/v1/models", &[HOST, header]), 200, "{header:?}");
    }
    assert_eq!(status("GET", &format!("/gemini/v1beta/models?key={TOKEN}&a=b"), &[HOST]), 200);
    for wrong in ["", "Bearer", "Bearer x", "Basic llmc-0123456789abcdef", "Bearer llmc-0123456789abcdef0"] {
        assert_eq!(status("GET", "/v1/models", &[HOST, ("authorization", wrong)]), 401, "{wrong}");
    }
    assert_eq!(status("GET", "/v1/models", &[HOST]), 401);
}

#[test]
fn an_empty_token_opens_nothing() {
    let closed = Access::new("127.0.0.1:1".parse().unwrap(), Secret::new(""), None, 1);
    let request = Request::builder().uri("/v1/models?key=").header("host", "127.0.0.1:1").body(()).unwrap();
    assert!(closed.admit(&mut request.into_parts().0).is_err());
}

#[test]
fn nothing_of_the_token_is_left_in_what_goes_on() {
    let head = asked("GET", &format!("/gemini/x?a=b&key={TOKEN}"), &[HOST, ("llmc-config", "0 /etc/x")]).unwrap();
    assert_eq!(head.uri.path_and_query().unwrap().as_str(), "/gemini/x?a=b");
    assert!(head.headers.get("llmc-config").is_none());
    let head = asked("GET", "/v1/models", &[HOST, BEARER, ("x-api-key", "sk-other")]).unwrap();
    assert!(head.headers.get("authorization").is_none() && head.headers.get("x-api-key").is_none());
}

#[test]
fn only_the_exact_host_is_answered() {
    for host in ["127.0.0.1:4180", "localhost:4180", "LOCALHOST:4180", "[::1]:4180"] {
        assert_eq!(status("GET", "/v1/models", &[("host", host), BEARER]), 200, "{host}");
    }
    for host in ["127.0.0.1", "localhost", "evil.example:4180", "localhost:80", "127.0.0.1:4180.evil.example", ""] {
        assert_eq!(status("GET", "/v1/models", &[("host", host), BEARER]), 421, "{host}");
    }
    assert_eq!(status("GET", "/v1/models", &[BEARER]), 421);
    assert_eq!(status("GET", "http://evil.example/v1/models", &[HOST, BEARER]), 421);
}

#[test]
fn web_pages_and_forms_are_turned_away() {
    for origin in ["https://evil.example", "null", "http://127.0.0.1:4180"] {
        assert_eq!(status("GET", "/v1/models", &[HOST, BEARER, ("origin", origin)]), 403, "{origin}");
    }
    let form = ("content-type", "text/plain");
    assert_eq!(status("POST", "/llm/generate", &[HOST, BEARER, form]), 415);
    assert_eq!(status("POST", "/llm/generate", &[HOST, BEARER]), 415);
    assert_eq!(
        status("POST", "/llm/generate", &[HOST, BEARER, ("content-type", "application/json; charset=utf-8")]),
        200
    );
    assert_eq!(status("POST", "/openai/v1/files", &[HOST, BEARER, ("content-type", "multipart/form-data")]), 200);
}

#[test]
fn the_page_needs_no_token_and_what_it_shows_does() {
    for path in ["/dashboard", "/dashboard/page.js"] {
        assert_eq!(status("GET", path, &[HOST]), 200, "{path}");
        assert_eq!(status("GET", path, &[("host", "evil.example:4180")]), 421, "{path}");
        assert_eq!(status("GET", path, &[HOST, ("origin", "https://evil.example")]), 403, "{path}");
        assert_eq!(status("GET", path, &[HOST, ("origin", "http://127.0.0.1:4180")]), 200, "{path}");
        assert_eq!(status("POST", path, &[HOST]), 401, "{path}");
    }
    let own = ("origin", "http://127.0.0.1:4180");
    assert_eq!(status("GET", "/dashboard/figures", &[HOST, BEARER, own]), 200);
    assert_eq!(status("GET", "/dashboard/figures", &[HOST, BEARER, ("origin", "http://localhost:4180")]), 403);
    for (method, path) in [("DELETE", "/cache/entries/ab"), ("GET", "/cache/export"), ("POST", "/llm/generate")] {
        assert_eq!(status(method, path, &[HOST, BEARER, own]), 403, "{method} {path}");
    }
    for path in ["/dashboard/figures", "/dashboard/x", "/dashboard/", "/cache/entries"] {
        assert_eq!(status("GET", path, &[HOST]), 401, "{path}");
        assert_eq!(status("GET", path, &[HOST, BEARER]), 200, "{path}");
    }
}

#[test]
fn a_door_that_only_shows_asks_and_changes_nothing() {
    let shows = access().imposing(Imposed { read_only: true, ..Imposed::default() });
    let status = |method: &str, path: &str| {
        let request = Request::builder().method(method).uri(path).header(HOST.0, HOST.1).header(BEARER.0, BEARER.1);
        let request = request.header("content-type", "application/json").body(()).unwrap();
        shows.admit(&mut request.into_parts().0).map_or_else(|denied| denied.status.as_u16(), |_| 200)
    };

    for path in ["/dashboard/figures", "/cache/entries?sort=saved", "/cache/entries/ab", "/events"] {
        assert_eq!(status("GET", path), 200, "{path}");
    }
    for (method, path) in [
        ("POST", "/llm/generate"),
        ("POST", "/cache/purge"),
        ("DELETE", "/cache/entries/ab"),
        ("DELETE", "/llm/cache/stats"),
        ("PATCH", "/sessions/a"),
        ("GET", "/llm/providers?check=true"),
        ("GET", "/cache/export"),
        ("GET", "/v1/models"),
        ("GET", "/openai/v1/models"),
    ] {
        assert_eq!(status(method, path), 403, "{method} {path}");
    }
}

#[test]
fn the_daemon_is_not_stopped_from_outside() {
    for path in ["/shutdown", "/reload"] {
        assert_eq!(status("POST", path, &[HOST, BEARER, ("content-type", "application/json")]), 403);
    }
}
