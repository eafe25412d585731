//! A REST server of a test's own, in the manner of Upstash, over a real Redis: `/`, `/pipeline`, `/multi-exec`, a bearer
//! token, answers in base64 where asked for, and faults on demand.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use redis::aio::{ConnectionLike, MultiplexedConnection};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::redis::{Redis, connection};

/// The token it wants.
pub const TOKEN: &str = "very-secret-token";
const LARGEST_REQUEST: usize = 10 << 20;

/// What a request is answered with in place of the truth.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    pub status: u16,
    pub retry_after: Option<&'static str>,
    /// Whether the commands are run all the same: the answer alone is lost.
    pub is_run: bool,
}

/// The server.
pub struct Rest {
    pub url: String,
    shelf: Arc<Shelf>,
    task: JoinHandle<()>,
    _redis: Redis,
}

struct Shelf {
    connection: MultiplexedConnection,
    faults: Mutex<VecDeque<Fault>>,
    requests: Mutex<usize>,
}

impl Rest {
    /// One over an empty Redis.
    pub async fn start() -> Rest {
        let redis = Redis::start(&[]).await;
        let connection = connection(&redis.socket_url()).await;
        let shelf = Arc::new(Shelf { connection, faults: Mutex::default(), requests: Mutex::default() });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new()
            .fallback(answer)
            .layer(axum::extract::DefaultBodyLimit::max(2 * LARGEST_REQUEST))
            .with_state(Arc::clone(&shelf));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Rest { url, shelf, task, _redis: redis }
    }

    /// The next requests fail so, in turn.
    pub fn fail(&self, faults: impl IntoIterator<Item = Fault>) {
        self.shelf.faults.lock().unwrap().extend(faults);
    }

    /// Requests so far.
    pub fn requests(&self) -> usize {
        *self.shelf.requests.lock().unwrap()
    }

    /// Runs a command past the store.
    pub async fn run_command(&self, words: &[&str]) -> redis::Value {
        self._redis.run_command(words).await
    }
}

impl Drop for Rest {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(State(shelf): State<Arc<Shelf>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    *shelf.requests.lock().unwrap() += 1;
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if header("authorization") != Some(&format!("Bearer {TOKEN}")) {
        let said = header("authorization").unwrap_or_default();
        return refuse(StatusCode::UNAUTHORIZED, &format!("Unauthorized: {said} is no token"));
    }
    let fault = shelf.faults.lock().unwrap().pop_front();
    if let Some(fault) = fault.filter(|fault| !fault.is_run) {
        return fail(fault);
    }
    if body.len() > LARGEST_REQUEST {
        return refuse(StatusCode::BAD_REQUEST, "ERR max request size exceeded");
    }
    let in_base64 = header("upstash-encoding") == Some("base64");
    let Ok(request) = serde_json::from_slice::<Value>(&body) else {
        return refuse(StatusCode::BAD_REQUEST, "ERR failed to parse command");
    };
    let answer = match uri.path().trim_end_matches('/') {
        "" => {
            let answer = one(&shelf, &request, in_base64).await;
            if let Some(error) = answer.get("error").and_then(Value::as_str) {
                return refuse(StatusCode::BAD_REQUEST, error);
            }
            answer
        }
        "/pipeline" => {
            let mut answers = Vec::new();
            for command in request.as_array().unwrap_or(&Vec::new()) {
                answers.push(one(&shelf, command, in_base64).await);
            }
            Value::Array(answers)
        }
        "/multi-exec" => transaction(&shelf, &request, in_base64).await,
        _ => return refuse(StatusCode::NOT_FOUND, "no such path"),
    };
    match fault {
        Some(fault) => fail(fault),
        None => axum::Json(answer).into_response(),
    }
}

fn refuse(status: StatusCode, message: &str) -> Response {
    (status, axum::Json(json!({"error": message}))).into_response()
}

fn fail(fault: Fault) -> Response {
    let status = StatusCode::from_u16(fault.status).unwrap();
    let mut response = (status, "upstream connect error\n").into_response();
    if let Some(wait) = fault.retry_after {
        response.headers_mut().insert("retry-after", wait.parse().unwrap());
    }
    response
}

fn command(request: &Value) -> redis::Cmd {
    let mut command = redis::Cmd::new();
    for word in request.as_array().unwrap_or(&Vec::new()) {
        match word {
            Value::String(text) => command.arg(text),
            other => command.arg(other.to_string()),
        };
    }
    command
}

async fn one(shelf: &Shelf, request: &Value, in_base64: bool) -> Value {
    let mut connection = shelf.connection.clone();
    match connection.req_packed_command(&command(request)).await {
        Ok(redis::Value::ServerError(error)) => failed(error.code(), error.details()),
        Ok(value) => json!({"result": result(value, in_base64)}),
        Err(error) => failed(error.code().unwrap_or("ERR"), error.detail()),
    }
}

fn failed(code: &str, detail: Option<&str>) -> Value {
    json!({"error": format!("{code} {}", detail.unwrap_or_default())})
}

async fn transaction(shelf: &Shelf, request: &Value, in_base64: bool) -> Value {
    let mut pipeline = redis::pipe();
    pipeline.atomic();
    for command in request.as_array().unwrap_or(&Vec::new()) {
        pipeline.add_command(self::command(command));
    }
    let mut connection = shelf.connection.clone();
    match pipeline.query_async::<Vec<redis::Value>>(&mut connection).await {
        Ok(values) => values.into_iter().map(|value| json!({"result": result(value, in_base64)})).collect(),
        Err(error) => failed(error.code().unwrap_or("ERR"), error.detail()),
    }
}

fn result(value: redis::Value, in_base64: bool) -> Value {
    match value {
        redis::Value::Nil => Value::Null,
        redis::Value::Int(number) => json!(number),
        redis::Value::Okay => json!("OK"),
        redis::Value::SimpleString(text) => encoded(text.as_bytes(), in_base64),
        redis::Value::BulkString(bytes) => encoded(&bytes, in_base64),
        redis::Value::Array(items) => items.into_iter().map(|item| result(item, in_base64)).collect(),
        other => panic!("an answer of an unknown kind: {other:?}"),
    }
}

fn encoded(bytes: &[u8], in_base64: bool) -> Value {
    if in_base64 { json!(BASE64.encode(bytes)) } else { json!(String::from_utf8_lossy(bytes)) }
}
