//! Real servers on port 0, well-behaved and not.

use std::borrow::Cow;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response as Answer};
use axum::routing::post;
use serde_json::{Map, Value};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::{Instant, timeout};

use super::*;
use crate::error::LimitedBy;
use crate::exchange::Operation;
use crate::provider::{Prompt, Reading, sse};

/// Reads the message of a refusal and nothing else.
struct Terse;

impl Dialect for Terse {
    fn kind(&self) -> &'static str {
        "terse"
    }
    fn base_url(&self) -> &'static str {
        ""
    }
    fn key_variable(&self) -> Option<&'static str> {
        None
    }
    fn operation(&self) -> Operation {
        Operation::ChatCompletions
    }
    fn generates(&self, _: &str) -> bool {
        true
    }
    fn path(&self, _: &str, _: Form) -> Cow<'static, str> {
        "".into()
    }
    fn model_in_path<'a>(&self, _: &'a str) -> Option<&'a str> {
        None
    }
    fn headers(&self, _: Option<&Secret>) -> Vec<(&'static str, Secret)> {
        Vec::new()
    }
    fn write(&self, _: &Prompt) -> Result<Map<String, Value>> {
        Ok(Map::new())
    }
    fn ask_for(&self, _: Form, body: &[u8]) -> Result<Vec<u8>> {
        Ok(body.to_vec())
    }
    fn limits_length(&self, _: &Map<String, Value>) -> bool {
        false
    }
    fn is_stateful(&self, _: &Map<String, Value>) -> bool {
        false
    }
    fn read(&self, _: &[u8]) -> Result<Reading> {
        Err(Error::new(Kind::Other, "not read here"))
    }
    fn assemble(&self, stream: &[u8]) -> Result<Vec<u8>> {
        Ok(stream.to_vec())
    }
    fn replay(&self, answer: &[u8]) -> Result<Vec<u8>> {
        Ok(answer.to_vec())
    }
    fn usage_hider(&self, _: &Map<String, Value>) -> Option<crate::provider::hide::UsageHider> {
        None
    }
    fn delta(&self, _: &sse::Event) -> Option<String> {
        None
    }
    fn error_message(&self, body: &[u8]) -> Option<String> {
        serde_json::from_slice::<Value>(body).ok()?.get("message")?.as_str().map(str::to_owned)
    }
}

const KEY: &str = "sk-0123456789abcdef";

fn carrier() -> HttpCarrier {
    HttpCarrier::new(Client::new(), "acme", &Terse)
}

fn call(address: SocketAddr, form: Form) -> Call {
    Call {
        url: format!("http://{address}/v1/ask"),
        headers: vec![("authorization", Secret::new(format!("Bearer {KEY}")))],
        body: Bytes::from_static(br#"{"a":1}"#),
        form,
    }
}

/// A server whose every answer is `answer`'s, given the request's headers and body.
async fn serving(answer: impl Fn(HeaderMap, Bytes) -> Answer + Clone + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route(
        "/v1/ask",
        post(move |headers: HeaderMap, body: Bytes| {
            let answer = answer.clone();
            async move { answer(headers, body) }
        }),
    );
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// A server that reads one request, says `words` and then hangs up, or holds the line.
async fn saying(words: &'static [u8], then: Then) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((mut line, _)) = listener.accept().await {
            let mut request = Vec::new();
            while !request.ends_with(b"{\"a\":1}") {
                let mut some = [0; 1024];
                match line.read(&mut some).await {
                    Ok(read) if read > 0 => request.extend_from_slice(&some[..read]),
                    _ => break,
                }
            }
            line.write_all(words).await.unwrap();
            if let Then::Hold = then {
                held.push(line);
            }
        }
    });
    address
}

#[derive(Clone, Copy)]
enum Then {
    HangUp,
    Hold,
}

async fn refusal_of(answer: impl Fn() -> Answer + Clone + Send + Sync + 'static) -> Error {
    let address = serving(move |_, _| answer()).await;
    carrier().send(call(address, Form::Plain)).await.err().unwrap()
}

async fn whole(arrival: Arrival) -> Result<Vec<u8>> {
    let pieces: Result<Vec<Bytes>> = arrival.body.collect::<Vec<_>>().await.into_iter().collect();
    Ok(pieces?.concat())
}

#[tokio::test]
async fn a_call_carries_its_body_and_headers_and_brings_the_answer_back() {
    let address = serving(|headers, body| {
        let line = |name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
        let names = ["authorization", "content-type", "accept", "user-agent"];
        format!("{:?} {}", names.map(line), String::from_utf8_lossy(&body)).into_response()
    })
    .await;

    let arrival = carrier().send(call(address, Form::Plain)).await.unwrap();

    assert_eq!(arrival.form, Form::Plain);
    let agent = concat!("llmc/", env!("CARGO_PKG_VERSION"));
    let expected = format!(r#"["Bearer {KEY}", "application/json", "application/json", "{agent}"] {{"a":1}}"#);
    assert_eq!(String::from_utf8(whole(arrival).await.unwrap()).unwrap(), expected);
}

#[tokio::test]
async fn the_form_is_the_one_the_provider_chose() {
    let events =
        serving(|_, _| ([("content-type", "Text/Event-Stream; charset=utf-8")], "data: x\n\n").into_response());
    let plain = serving(|_, _| ([("content-type", "application/json")], "{}").into_response());
    let (events, plain) = (events.await, plain.await);

    assert_eq!(carrier().send(call(events, Form::Plain)).await.unwrap().form, Form::Stream);
    assert_eq!(carrier().send(call(plain, Form::Stream)).await.unwrap().form, Form::Plain);
}

#[tokio::test]
async fn a_429_says_whose_limit_it_was_and_when_to_come_back() {
    let error = refusal_of(|| {
        (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "7")], r#"{"message": "slow down"}"#).into_response()
    })
    .await;

    assert_eq!(error.kind(), Kind::RateLimit);
    assert_eq!(error.limited_by_value(), Some(LimitedBy::Provider));
    assert_eq!(error.retry_after_value(), Some(Duration::from_secs(7)));
    assert_eq!(error.to_string(), "`acme` answered 429 Too Many Requests: slow down");
}

#[tokio::test]
async fn a_page_from_a_proxy_is_told_by_its_title() {
    let error = refusal_of(|| {
        (StatusCode::BAD_GATEWAY, "<html><head><title>nginx is sad</title></head></html>").into_response()
    })
    .await;

    assert_eq!(error.upstream_status_value(), Some(502));
    assert_eq!(error.to_string(), "`acme` answered 502 Bad Gateway: an HTML page titled `nginx is sad`");
}

#[tokio::test]
async fn a_refused_key_is_never_shown_even_where_the_provider_quotes_it() {
    let error = refusal_of(|| (StatusCode::UNAUTHORIZED, format!(r#"{{"message": "bad key {KEY}"}}"#)).into_response());
    let error = error.await;

    assert_eq!(error.kind(), Kind::Key);
    assert_eq!(error.cause(), Some("bad key …"));
    assert!(!format!("{error:?}").contains(KEY));
}

#[tokio::test]
async fn a_redirect_is_named_and_not_followed() {
    let elsewhere = serving(|_, _| "followed".into_response()).await;
    let target = format!("http://{elsewhere}/v1/ask?token=x");
    let error =
        refusal_of(move || (StatusCode::TEMPORARY_REDIRECT, [("location", target.clone())]).into_response()).await;

    assert_eq!(error.upstream_status_value(), Some(307));
    assert_eq!(error.cause(), Some(format!("it points to `http://{elsewhere}/v1/ask`").as_str()));
    assert!(error.hint_text().unwrap().contains("base_url"));
}

#[tokio::test]
async fn a_huge_refusal_is_read_in_part_and_shown_in_less() {
    let error = refusal_of(|| (StatusCode::INTERNAL_SERVER_ERROR, "x".repeat(8 << 20)).into_response()).await;

    assert_eq!(error.upstream_status_value(), Some(500));
    assert!(error.to_string().len() < 1000);
}

#[tokio::test]
async fn a_refusal_that_never_ends_is_told_by_its_status() {
    let address = saying(b"HTTP/1.1 503 x\r\ncontent-length: 100\r\n\r\nsorry", Then::Hold).await;
    let mut carrier = carrier();
    carrier.limits.refusal_time = Duration::from_millis(50);

    let error = carrier.send(call(address, Form::Plain)).await.err().unwrap();

    assert_eq!(error.upstream_status_value(), Some(503));
    assert_eq!(error.cause(), Some("sorry"));
}

#[tokio::test]
async fn nobody_listening_is_told_with_the_address() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);

    let error = carrier().send(call(address, Form::Plain)).await.err().unwrap();

    assert_eq!(error.to_string(), format!("cannot reach `acme` at `http://{address}`: connection refused"));
    assert_eq!(error.kind(), Kind::Provider);
    assert!(error.is_transient());
}

#[tokio::test]
async fn a_line_hung_up_before_an_answer_is_worth_another_call() {
    let address = saying(b"", Then::HangUp).await;

    let error = carrier().send(call(address, Form::Plain)).await.err().unwrap();

    assert_eq!(error.message(), format!("`acme` at `http://{address}` gave no answer"));
    assert!(error.is_transient() && error.cause().is_some());
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_not_asked_again_over_https() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut line, _) = listener.accept().await.unwrap();
        line.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        line
    });
    let mut over_tls = call(address, Form::Plain);
    over_tls.url = over_tls.url.replace("http://", "https://");

    let error = carrier().send(over_tls).await.err().unwrap();

    // Where the machine has no certificates at all, it is their absence that is told, and nobody is called.
    if error.kind() != Kind::Other {
        assert_eq!(error.message(), format!("cannot reach `acme` at `https://{address}`"));
        assert!(error.hint_text().unwrap().contains("`http://`"), "{error:?}");
    }
    assert!(!error.is_transient());
    server.abort();
}

#[tokio::test]
async fn a_cut_answer_ends_in_an_error() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"half\":";
    let address = saying(head, Then::HangUp).await;

    let arrival = carrier().send(call(address, Form::Plain)).await.unwrap();
    let error = whole(arrival).await.unwrap_err();

    assert_eq!(error.message(), "the answer of `acme` was cut");
    assert!(error.is_transient());
}

#[tokio::test]
async fn a_cut_stream_brings_what_came_and_then_an_error() {
    let head =
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n9\r\ndata: x\n\n\r\n";
    let address = saying(head, Then::HangUp).await;

    let arrival = carrier().send(call(address, Form::Stream)).await.unwrap();
    let pieces: Vec<Result<Bytes>> = arrival.body.collect().await;

    assert_eq!(pieces.len(), 2);
    assert_eq!(pieces[0].as_deref().unwrap(), b"data: x\n\n");
    assert_eq!(pieces[1].as_ref().unwrap_err().message(), "the answer of `acme` was cut");
}

#[tokio::test]
async fn an_answer_that_falls_silent_is_given_up() {
    let address = saying(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf", Then::Hold).await;
    let mut carrier = carrier();
    carrier.limits.silence = Duration::from_millis(50);

    let arrival = carrier.send(call(address, Form::Plain)).await.unwrap();
    let error = whole(arrival).await.unwrap_err();

    assert_eq!(error.kind(), Kind::Timeout);
    assert_eq!(error.to_string(), "the answer of `acme` stopped: no byte for 50ms");
}

#[tokio::test]
async fn an_answer_that_never_comes_ends_with_the_callers_patience() {
    let address = saying(b"", Then::Hold).await;
    let start = Instant::now();

    let outcome = timeout(Duration::from_millis(50), carrier().send(call(address, Form::Plain))).await;

    assert!(outcome.is_err());
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_plain_answer_has_a_largest_size_and_a_stream_has_none() {
    let plain = serving(|_, _| Body::from(vec![b' '; 3000]).into_response()).await;
    let events =
        serving(|_, _| ([("content-type", "text/event-stream")], Body::from(vec![b'\n'; 3000])).into_response()).await;
    let mut carrier = carrier();
    carrier.limits.plain_bytes = 2000;

    let arrival = carrier.send(call(plain, Form::Plain)).await.unwrap();
    assert_eq!(whole(arrival).await.unwrap_err().message(), "the answer of `acme` is too large");

    let arrival = carrier.send(call(events, Form::Stream)).await.unwrap();
    assert_eq!(whole(arrival).await.unwrap().len(), 3000);
}

#[tokio::test]
async fn a_key_no_header_may_carry_is_refused_unsent_and_unshown() {
    let mut broken = call("127.0.0.1:9".parse().unwrap(), Form::Plain);
    broken.headers = vec![("authorization", Secret::new(format!("Bearer {KEY}\n")))];

    let error = carrier().send(broken).await.err().unwrap();

    assert_eq!(error.kind(), Kind::Key);
    assert!(error.message().contains("`authorization`"));
    assert!(!format!("{error:?}").contains(KEY));
}

#[tokio::test]
async fn what_is_no_address_is_not_called() {
    for url in ["", "acme", "ftp://acme/x"] {
        let mut lost = call("127.0.0.1:9".parse().unwrap(), Form::Plain);
        lost.url = url.to_owned();
        assert_eq!(carrier().send(lost).await.err().unwrap().kind(), Kind::Usage, "{url}");
    }
}
