//! What a daemon is compared with: a server that does nothing over a socket, and a provider that answers at once.

use axum::Router;
use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use bytes::Bytes;
use futures_util::stream;
use serde_json::json;
use tokio::net::{TcpListener, UnixListener};

/// A text the provider answers with, in pieces where a stream is asked for.
const WORDS: usize = 32;

pub fn run(socket: &str) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let bare = UnixListener::bind(socket).unwrap();
        let provider = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = provider.local_addr().unwrap();
        // Or the end of a stream waits for the acknowledgement of its beginning.
        let provider = provider.tap_io(|stream| stream.set_nodelay(true).unwrap());
        let thousand = Bytes::from(vec![b'a'; 1 << 10]);
        let nothing = Router::new().route("/", get(move || async move { thousand.clone() }));
        let calls = Router::new().route("/v1/chat/completions", post(complete));
        let calls = [1 << 10, 16 << 10].into_iter().fold(calls, |router, size| {
            let bytes = Bytes::from(vec![b'a'; size]);
            router.route(&format!("/{size}"), get(move || async move { bytes.clone() }))
        });
        println!("http://{address}/v1");
        let served = tokio::join!(axum::serve(bare, nothing).into_future(), axum::serve(provider, calls).into_future());
        served.0.and(served.1).unwrap();
    });
}

async fn complete(body: Bytes) -> Response {
    let asked: serde_json::Value = serde_json::from_slice(&body).unwrap();
    if asked["stream"] == true { streamed() } else { plain() }
}

fn plain() -> Response {
    let answer = json!({
        "id": "c1", "object": "chat.completion", "created": 1_760_000_000, "model": "m",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "word ".repeat(WORDS)}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 8, "completion_tokens": WORDS, "total_tokens": 8 + WORDS},
    });
    ([(CONTENT_TYPE, "application/json")], answer.to_string()).into_response()
}

fn streamed() -> Response {
    let chunk = |choices: serde_json::Value| {
        let chunk = json!({
            "id": "c1", "object": "chat.completion.chunk", "created": 1_760_000_000, "model": "m", "choices": choices,
        });
        format!("data: {chunk}\n\n")
    };
    let word = || chunk(json!([{"index": 0, "delta": {"content": "word "}, "finish_reason": null}]));
    let mut events =
        vec![chunk(json!([{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": null}]))];
    events.extend(std::iter::repeat_with(word).take(WORDS));
    events.push(chunk(json!([{"index": 0, "delta": {}, "finish_reason": "stop"}])));
    events.push("data: [DONE]\n\n".to_owned());
    let events = events.into_iter().map(Ok::<_, std::convert::Infallible>);
    ([(CONTENT_TYPE, "text/event-stream")], Body::from_stream(stream::iter(events))).into_response()
}
