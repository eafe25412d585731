//! A provider of one's own: a real server on port 0 that speaks the vendors' APIs and does as it is told. It waits for
//! the test, never for the clock.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use futures_util::stream;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};

/// What never comes is given up after this.
const AT_LAST: Duration = Duration::from_secs(20);

/// One request as it arrived.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: String,
    pub path: String,
    pub query: Option<String>,
    pub headers: HeaderMap,
    pub bytes: Bytes,
}

impl Call {
    pub fn body(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    fn wants_stream(&self) -> bool {
        // An upload is no JSON, and asks for no stream.
        let wants = serde_json::from_slice::<Value>(&self.bytes).is_ok_and(|body| body["stream"] == json!(true));
        wants || self.path.split('?').next().is_some_and(|path| path.ends_with(":streamGenerateContent"))
    }

    fn api(&self) -> Api {
        match self.path.rsplit(['/', ':']).next() {
            Some("messages") => Api::Messages,
            Some("responses") => Api::Responses,
            Some("generateContent" | "streamGenerateContent") => Api::GenerateContent,
            _ => Api::Chat,
        }
    }
}

/// Which of the vendors' APIs a call speaks.
enum Api {
    Chat,
    Responses,
    Messages,
    GenerateContent,
}

/// What a call is answered with.
#[derive(Clone)]
pub struct Reply(Arc<dyn Fn(&Call) -> Response + Send + Sync>);

impl Reply {
    /// Whatever a function of the call says.
    pub fn by(answer: impl Fn(&Call) -> Reply + Send + Sync + 'static) -> Reply {
        Reply(Arc::new(move |call| (answer(call).0)(call)))
    }

    /// These bytes under this status and type, word for word.
    pub fn verbatim(status: u16, kind: &'static str, bytes: impl Into<Bytes>) -> Reply {
        let bytes = bytes.into();
        Reply(Arc::new(move |_| respond(status, kind, Body::from(bytes.clone()))))
    }

    /// A JSON document.
    pub fn document(bytes: impl Into<Bytes>) -> Reply {
        Reply::verbatim(200, "application/json", bytes)
    }

    /// A whole recorded stream.
    pub fn recording(bytes: impl Into<Bytes>) -> Reply {
        Reply::verbatim(200, "text/event-stream", bytes)
    }

    /// A refusal in OpenAI's shape, which Anthropic's differs from by what nobody reads.
    pub fn failing(status: u16) -> Reply {
        let body = json!({"error": {"message": format!("no luck with {status}"), "type": "some_error"}});
        Reply::verbatim(status, "application/json", body.to_string())
    }

    /// The first bytes of a longer document, then the line goes dead.
    pub fn cut(bytes: &'static str) -> Reply {
        Reply(Arc::new(move |_| {
            let pieces = [Ok(Bytes::from(bytes)), Err(io::Error::other("cut"))];
            let mut response = respond(200, "application/json", Body::from_stream(stream::iter(pieces)));
            let length = HeaderValue::from(bytes.len() + 1000);
            response.headers_mut().insert("content-length", length);
            response
        }))
    }

    /// The same with one more header.
    pub fn with_header(self, name: &'static str, value: &'static str) -> Reply {
        Reply(Arc::new(move |call| {
            let mut response = (self.0)(call);
            response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            response
        }))
    }
}

fn respond(status: u16, kind: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response.headers_mut().insert("content-type", HeaderValue::from_static(kind));
    response
}

/// An event stream that the test sends piece by piece.
pub fn feed() -> (Feed, Reply) {
    let (sender, receiver) = mpsc::unbounded_channel::<io::Result<Bytes>>();
    let receiver = Mutex::new(Some(receiver));
    let reply = Reply(Arc::new(move |_| {
        let receiver = receiver.lock().unwrap().take().expect("a feed answers one call");
        let pieces = stream::unfold(receiver, |mut receiver| async { Some((receiver.recv().await?, receiver)) });
        respond(200, "text/event-stream", Body::from_stream(pieces))
    }));
    (Feed(sender), reply)
}

/// The test's end of a stream; dropping it ends the stream in good order.
pub struct Feed(mpsc::UnboundedSender<io::Result<Bytes>>);

impl Feed {
    /// Sends a piece of text as OpenAI would.
    pub fn say(&self, text: &str) {
        self.send(event(&json!({"id": "c1", "choices": [{"index": 0, "delta": {"content": text}}]})));
    }

    /// Sends any bytes.
    pub fn send(&self, bytes: impl Into<Bytes>) {
        self.0.send(Ok(bytes.into())).unwrap();
    }

    /// Ends it as OpenAI would.
    pub fn finish(self) {
        self.send(event(&json!({"id": "c1", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})));
        self.send(event(&json!({"id": "c1", "choices": [], "usage": {"prompt_tokens": 12, "completion_tokens": 8}})));
        self.send("data: [DONE]\n\n");
    }

    /// Breaks the connection.
    pub fn cut(self) {
        self.0.send(Err(io::Error::other("cut"))).unwrap();
    }
}

fn event(data: &Value) -> String {
    format!("data: {data}\n\n")
}

fn named_event(data: &Value) -> String {
    format!("event: {}\n{}", data["type"].as_str().unwrap(), event(data))
}

/// A whole answer, in the API and the form it is asked for.
#[derive(Clone)]
pub struct Answer {
    text: String,
    finish: &'static str,
    usage: Option<Value>,
}

/// A good answer.
pub fn says(text: &str) -> Answer {
    Answer { text: text.to_owned(), finish: "stop", usage: None }
}

impl Answer {
    /// Ended for this reason, in the vendor's word.
    pub fn ending(self, finish: &'static str) -> Answer {
        Answer { finish, ..self }
    }

    /// With this usage, in the vendor's words.
    pub fn using(self, usage: Value) -> Answer {
        Answer { usage: Some(usage), ..self }
    }

    fn respond(&self, call: &Call) -> Response {
        let kind = if call.wants_stream() { "text/event-stream" } else { "application/json" };
        let text = match (call.api(), call.wants_stream()) {
            (Api::Chat, false) => self.chat_completion(),
            (Api::Chat, true) => self.chat_chunks(),
            (Api::Messages, false) => self.message(),
            (Api::Messages, true) => self.message_events(),
            (Api::Responses, false) => self.response().to_string(),
            (Api::Responses, true) => self.response_events(),
            (Api::GenerateContent, false) => self.content(&self.text, true).to_string(),
            (Api::GenerateContent, true) => self.content_events(),
        };
        respond(200, kind, Body::from(text))
    }

    /// Spelled as no serializer would, so that bytes changed on the way are noticed.
    pub fn chat_completion(&self) -> String {
        let text = json!(self.text);
        let usage = self.usage.clone().unwrap_or(json!({"prompt_tokens": 12, "completion_tokens": 8}));
        format!(
            "{{ \"id\":\"c1\",\"object\" : \"chat.completion\", \"temperature\":0.70, \"choices\":[ {{\"index\":0,\
             \"message\":{{\"role\":\"assistant\",\"content\":{text}}},\"finish_reason\":\"{}\"}} ],\n\
             \"usage\":{usage}  }}\n",
            self.finish
        )
    }

    fn chat_chunks(&self) -> String {
        let usage = self.usage.clone().unwrap_or(json!({"prompt_tokens": 12, "completion_tokens": 8}));
        let words = self.text.split_inclusive(' ');
        let mut chunks: Vec<Value> =
            words.map(|word| json!({"id": "c1", "choices": [{"index": 0, "delta": {"content": word}}]})).collect();
        chunks.push(json!({"id": "c1", "choices": [{"index": 0, "delta": {}, "finish_reason": self.finish}]}));
        chunks.push(json!({"id": "c1", "choices": [], "usage": usage}));
        chunks.iter().map(event).chain(["data: [DONE]\n\n".to_owned()]).collect()
    }

    fn response(&self) -> Value {
        let usage = self.usage.clone().unwrap_or(json!({"input_tokens": 12, "output_tokens": 8}));
        let (status, details) = match self.finish {
            "stop" => ("completed", Value::Null),
            "length" => ("incomplete", json!({"reason": "max_output_tokens"})),
            other => (other, Value::Null),
        };
        let said = json!({"type": "output_text", "text": self.text, "annotations": []});
        let message = json!({"type": "message", "id": "msg_1", "role": "assistant", "content": [said]});
        json!({"id": "resp_1", "object": "response", "status": status, "incomplete_details": details, "error": null,
            "output": [message], "usage": usage})
    }

    fn response_events(&self) -> String {
        let begun = json!({"id": "resp_1", "object": "response", "status": "in_progress", "output": []});
        let mut events = vec![json!({"type": "response.created", "response": begun})];
        let words = self.text.split_inclusive(' ');
        events.extend(words.map(|word| json!({"type": "response.output_text.delta", "delta": word})));
        let end = if self.finish == "length" { "response.incomplete" } else { "response.completed" };
        events.push(json!({"type": end, "response": self.response()}));
        events.iter().map(named_event).collect()
    }

    fn content(&self, text: &str, is_last: bool) -> Value {
        let content = json!({"role": "model", "parts": [{"text": text}]});
        if !is_last {
            return json!({"candidates": [{"content": content, "index": 0}], "modelVersion": "g-1"});
        }
        let reason = match self.finish {
            "stop" => "STOP",
            "length" => "MAX_TOKENS",
            other => other,
        };
        let usage = self.usage.clone().unwrap_or(json!({"promptTokenCount": 12, "candidatesTokenCount": 8}));
        json!({"candidates": [{"content": content, "finishReason": reason, "index": 0}], "usageMetadata": usage,
            "modelVersion": "g-1"})
    }

    fn content_events(&self) -> String {
        let words = self.text.split_inclusive(' ').map(|word| self.content(word, false));
        words.chain([self.content("", true)]).map(|data| event(&data)).collect()
    }

    fn stop_reason(&self) -> &str {
        match self.finish {
            "stop" => "end_turn",
            "length" => "max_tokens",
            other => other,
        }
    }

    fn message(&self) -> String {
        let usage = self.usage.clone().unwrap_or(json!({"input_tokens": 12, "output_tokens": 8}));
        json!({"id": "m1", "type": "message", "role": "assistant", "model": "claude",
            "content": [{"type": "text", "text": self.text}], "stop_reason": self.stop_reason(), "usage": usage})
        .to_string()
    }

    fn message_events(&self) -> String {
        let usage = self.usage.clone().unwrap_or(json!({"input_tokens": 12, "output_tokens": 8}));
        let mut events = vec![
            json!({"type": "message_start", "message": {"id": "m1", "type": "message", "role": "assistant",
                "model": "claude", "content": [], "stop_reason": null, "usage": usage}}),
            json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
        ];
        events.extend(self.text.split_inclusive(' ').map(
            |word| json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": word}}),
        ));
        events.push(json!({"type": "content_block_stop", "index": 0}));
        events.push(json!({"type": "message_delta", "delta": {"stop_reason": self.stop_reason()}, "usage": usage}));
        events.push(json!({"type": "message_stop"}));
        events.iter().map(named_event).collect()
    }
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Reply {
        Reply(Arc::new(move |call| answer.respond(call)))
    }
}

struct Stage {
    calls: Mutex<Vec<Call>>,
    count: watch::Sender<usize>,
    next: Mutex<VecDeque<Reply>>,
    otherwise: Mutex<Reply>,
    is_open: watch::Sender<bool>,
}

/// The server.
pub struct Upstream {
    pub address: SocketAddr,
    stage: Arc<Stage>,
    serving: Mutex<JoinHandle<()>>,
}

impl Upstream {
    pub async fn start() -> Upstream {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stage = Arc::new(Stage {
            calls: Mutex::default(),
            count: watch::Sender::new(0),
            next: Mutex::default(),
            otherwise: Mutex::new(says("hello").into()),
            is_open: watch::Sender::new(true),
        });
        let serving = Mutex::new(tokio::spawn(serve(listener, Arc::clone(&stage))));
        Upstream { address, stage, serving }
    }

    /// Answers so from now on.
    pub fn answers(&self, reply: impl Into<Reply>) {
        *self.stage.otherwise.lock().unwrap() = reply.into();
    }

    /// Answers the next calls so, one each.
    pub fn answers_next(&self, replies: impl IntoIterator<Item = Reply>) {
        self.stage.next.lock().unwrap().extend(replies);
    }

    /// Lets calls come in and keeps them waiting.
    pub fn hold(&self) {
        self.stage.is_open.send_replace(false);
    }

    /// Answers those who wait, and all others at once.
    pub fn release(&self) {
        self.stage.is_open.send_replace(true);
    }

    /// Refuses connections from now on, and breaks those that are open.
    pub async fn goes_away(&self) {
        let serving = std::mem::replace(&mut *self.serving.lock().unwrap(), tokio::spawn(async {}));
        serving.abort();
        let _ = serving.await;
    }

    /// Every call so far.
    pub fn calls(&self) -> Vec<Call> {
        self.stage.calls.lock().unwrap().clone()
    }

    /// The last of them.
    pub fn last_call(&self) -> Call {
        self.calls().pop().expect("a call")
    }

    /// How many there were.
    pub fn count(&self) -> usize {
        *self.stage.count.borrow()
    }

    /// Returns once so many calls have come in.
    pub async fn called(&self, times: usize) {
        let mut count = self.stage.count.subscribe();
        let came = tokio::time::timeout(AT_LAST, count.wait_for(|count| *count >= times)).await;
        came.expect("the calls never came").unwrap();
    }
}

async fn serve(listener: TcpListener, stage: Arc<Stage>) {
    let router = axum::Router::new().fallback(answer).with_state(stage);
    // Dropped with this task, and every connection with it.
    let mut connections = JoinSet::new();
    while let Ok((line, _)) = listener.accept().await {
        let service = TowerToHyperService::new(router.clone());
        connections.spawn(http1::Builder::new().serve_connection(TokioIo::new(line), service));
    }
}

async fn answer(State(stage): State<Arc<Stage>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let call = Call {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().map(str::to_owned),
        headers: head.headers,
        bytes,
    };
    let reply = stage.next.lock().unwrap().pop_front();
    let reply = reply.unwrap_or_else(|| stage.otherwise.lock().unwrap().clone());
    stage.calls.lock().unwrap().push(call.clone());
    stage.count.send_modify(|count| *count += 1);
    stage.is_open.subscribe().wait_for(|is_open| *is_open).await.unwrap();
    (reply.0)(&call)
}
