//! A daemon in this process, over a store of choice, with a clock that stands until it is moved.

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request};
use http_body_util::BodyExt;
use llmc::api::generate::GenerateReply;
use llmc::api::problem::Problem;
use llmc::api::stats::StatsReply;
use llmc::clock::{Clock, FakeClock, Timestamp};
use llmc::config::settings::Durability;
use llmc::config::token;
use llmc::config::{self, Environment, Settings};
use llmc::daemon::access::{Access, Imposed};
use llmc::daemon::tcp::{self, Bounds};
use llmc::daemon::{Daemon, Places, Subject, router};
use llmc::pipeline::Pipeline;
use llmc::provider::sse;
use llmc::store::Store;
use llmc::store::memory::Memory;
use llmc::store::sqlite::Sqlite;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tower::ServiceExt;

use super::AT_LAST;
use super::upstream::{Reply, Upstream, says};

/// A full hour, so that a test knows when the next one begins.
pub const START: Timestamp = Timestamp(1_800_000_000_000);

const NO_VARIABLES: [(&str, &str); 0] = [];

/// A world yet to be made.
#[derive(Clone, Default)]
pub struct Plan {
    settings: String,
    built_in_limits: bool,
    provider_timeout: Option<Duration>,
    on_disk: bool,
    store: Option<Arc<dyn Store>>,
    upstream: Option<Arc<Upstream>>,
}

impl Plan {
    /// Adds a line of settings, its key dotted.
    pub fn with(mut self, line: &str) -> Plan {
        self.settings.push_str(line);
        self.settings.push('\n');
        self
    }

    /// With the limits everybody has; otherwise nobody is held up by them.
    pub fn with_built_in_limits(self) -> Plan {
        Plan { built_in_limits: true, ..self }
    }

    /// With providers that must answer within this.
    pub fn with_provider_timeout(self, timeout: Duration) -> Plan {
        Plan { provider_timeout: Some(timeout), ..self }
    }

    /// Keeps everything in a file.
    pub fn on_disk(self) -> Plan {
        Plan { on_disk: true, ..self }
    }

    /// Keeps everything in this store.
    pub fn over(self, store: Arc<dyn Store>) -> Plan {
        Plan { store: Some(store), ..self }
    }

    /// Asks a provider that others ask as well.
    pub fn asking(self, upstream: &Arc<Upstream>) -> Plan {
        Plan { upstream: Some(Arc::clone(upstream)), ..self }
    }

    /// Makes it, with the provider it was told to ask.
    pub fn begun(mut self) -> World {
        let upstream = self.upstream.take().expect("a provider to ask");
        self.build(upstream, Arc::new(FakeClock::at(START)), tempfile::tempdir().unwrap())
    }

    /// Makes it, with a provider that answers so.
    pub async fn answering(self, text: &str) -> World {
        self.replying(says(text)).await
    }

    /// Makes it, with a provider that replies so.
    pub async fn replying(self, reply: impl Into<Reply>) -> World {
        let upstream = Upstream::start().await;
        upstream.answers(reply);
        let folder = tempfile::tempdir().unwrap();
        self.build(Arc::new(upstream), Arc::new(FakeClock::at(START)), folder)
    }

    fn build(self, upstream: Arc<Upstream>, clock: Arc<FakeClock>, folder: tempfile::TempDir) -> World {
        let environment = Environment::new(NO_VARIABLES, None);
        let file = folder.path().join("config.toml");
        std::fs::write(&file, self.text(&upstream)).unwrap();
        let (mut settings, stamp) = config::load_user_file(&file, &environment).unwrap();
        self.tune(&mut settings);

        let store: Arc<dyn Store> = match &self.store {
            Some(store) => Arc::clone(store),
            None if self.on_disk => {
                let (store, warnings) = Sqlite::open(&database(folder.path()), Durability::Normal).unwrap();
                assert_eq!(warnings, Vec::<String>::new());
                Arc::new(store)
            }
            None => Arc::new(Memory::new()),
        };
        let pipeline = Pipeline::new(store, Arc::clone(&clock) as Arc<dyn Clock>, settings.cache.memory_size);
        let places = Places { config: Some(file), ..Places::default() };
        let daemon = Daemon::new(pipeline, environment, settings, stamp, places, Vec::new()).unwrap();
        let router = router::router(Arc::clone(&daemon));
        World { plan: self, daemon, router, clock, upstream, folder }
    }

    fn text(&self, upstream: &Upstream) -> String {
        let address = upstream.address;
        let mut text = format!(
            "providers.local.kind = \"openai\"\nproviders.local.base_url = \"http://{address}/v1\"\n\
             providers.local.models = [\"m\"]\n\
             providers.claude.kind = \"anthropic\"\nproviders.claude.base_url = \"http://{address}\"\n\
             providers.claude.models = [\"c\"]\n\
             providers.google.kind = \"gemini\"\nproviders.google.base_url = \"http://{address}/v1beta\"\n\
             providers.google.models = [\"g\"]\n"
        );
        let mut lines = vec![("default_model", "\"local/m\""), ("retry.base_delay", "\"1ms\"")];
        if !self.built_in_limits {
            lines.extend([("rate_limit.llm", "1000000"), ("rate_limit.standard", "1000000")]);
            lines.push(("rate_limit.expensive", "1000000"));
        }
        for (key, value) in lines.into_iter().filter(|(key, _)| !self.settings.contains(key)) {
            text.push_str(&format!("{key} = {value}\n"));
        }
        text + &self.settings
    }

    fn tune(&self, settings: &mut Settings) {
        if let Some(timeout) = self.provider_timeout {
            settings.providers.values_mut().for_each(|provider| provider.timeout = timeout);
        }
    }
}

fn database(folder: &std::path::Path) -> PathBuf {
    folder.join("llmc.sqlite")
}

/// A daemon and all it depends on.
pub struct World {
    plan: Plan,
    pub daemon: Arc<Daemon>,
    router: Router,
    pub clock: Arc<FakeClock>,
    pub upstream: Arc<Upstream>,
    folder: tempfile::TempDir,
}

impl World {
    /// In memory, with built-in settings but for the limits.
    #[allow(clippy::new_ret_no_self)]
    pub fn new() -> Plan {
        Plan::default()
    }

    /// Where its database is.
    pub fn database(&self) -> PathBuf {
        database(self.folder.path())
    }

    /// Where its settings are; a reload reads them again.
    pub fn settings_file(&self) -> PathBuf {
        self.folder.path().join("config.toml")
    }

    /// The next daemon over the same store, at the same time.
    pub async fn reopened(self) -> World {
        self.settled().await;
        let World { plan, daemon, router, clock, upstream, folder } = self;
        drop((daemon, router));
        plan.build(upstream, clock, folder)
    }

    /// Waits until no call is in the air.
    pub async fn settled(&self) {
        let given_up = self.daemon.pipeline.drain(AT_LAST).await;
        assert_eq!(given_up, 0, "calls never landed");
    }

    /// Has the daemon do what it does beside all asking.
    pub async fn tended(&self) {
        let pipeline = &self.daemon.pipeline;
        pipeline.flush().await;
        pipeline.cache.keep_up().await;
        pipeline.store().tend(pipeline.clock().now()).await;
    }

    /// Asks for a prompt and expects an answer.
    pub async fn generate(&self, prompt: &str) -> GenerateReply {
        self.ask(json!({"prompt": prompt})).await.reply()
    }

    /// Asks to generate; whatever comes back. Lives apart from the world, so that it can be spawned.
    pub fn ask(&self, body: Value) -> impl Future<Output = Answered> + Send + use<> {
        self.send("POST", "/llm/generate", &[], body.to_string())
    }

    /// The same with a key for the provider.
    pub fn ask_with_key(&self, key: &str, body: Value) -> impl Future<Output = Answered> + Send + use<> {
        let key = format!("local {key}");
        self.send("POST", "/llm/generate", &[("llmc-provider-key", &key)], body.to_string())
    }

    /// Asks for a stream and expects one.
    pub async fn listen(&self, mut body: Value) -> Events {
        body["stream"] = json!(true);
        let request = request("POST", "/llm/generate", &[], body.to_string());
        let response = answered(self.router.clone(), request).await;
        let (head, body) = response.into_parts();
        assert_eq!(head.headers["content-type"], "text/event-stream");
        Events { headers: head.headers, body, reader: sse::Reader::new(), waiting: Vec::new() }
    }

    /// Asks for a stream and hears it to its end.
    pub async fn stream(&self, prompt: &str) -> Told {
        self.listen(json!({"prompt": prompt})).await.told().await
    }

    pub async fn get(&self, path: &str) -> Answered {
        self.send("GET", path, &[], String::new()).await
    }

    pub async fn delete(&self, path: &str) -> Answered {
        self.send("DELETE", path, &[], String::new()).await
    }

    pub async fn purge(&self, body: Value) -> Answered {
        self.send("POST", "/cache/purge", &[], body.to_string()).await
    }

    /// The statistics, once every call has landed.
    pub async fn stats(&self) -> StatsReply {
        self.stats_of("").await
    }

    /// The statistics a query asks for.
    pub async fn stats_of(&self, query: &str) -> StatsReply {
        self.settled().await;
        self.get(&format!("/llm/cache/stats{query}")).await.parsed()
    }

    /// What answers, for doors of a test's own.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Opens a TCP door to it, on a free port.
    pub async fn door(&self, imposed: Imposed, bounds: Bounds) -> Door {
        let listener = tcp::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = listener.local_addr().unwrap();
        let token = token::draw().unwrap();
        let access = Arc::new(Access::new(address, token.clone(), None, LARGEST_BODY).imposing(imposed));
        let (router, known) = (self.router.clone(), Arc::clone(&access));
        let serving =
            tokio::spawn(async move { tcp::serve(listener, router, known, bounds, std::future::pending()).await });
        Door { address, token: token.reveal().to_owned(), access, serving }
    }

    /// Any request, whose answer is read as it comes.
    pub async fn open(&self, method: &str, path: &str, headers: &[(&str, &str)], body: String) -> Pieces {
        let response = answered(self.router.clone(), request(method, path, headers, body)).await;
        assert_eq!(response.status(), 200);
        Pieces(response.into_body())
    }

    /// Any request.
    pub fn send<B: Into<Body>>(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: B,
    ) -> impl Future<Output = Answered> + Send + use<B> {
        let asked = answered(self.router.clone(), request(method, path, headers, body.into()));
        async move {
            let (head, body) = asked.await.into_parts();
            let body = body.collect().await.unwrap().to_bytes();
            Answered { status: head.status.as_u16(), headers: head.headers, body }
        }
    }
}

fn request(method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    // The asker has looked for keys, so that none of the machine the test runs on is used.
    for (name, value) in headers.iter().chain(&[("llmc-provider-key", "*")]) {
        request = request.header(*name, *value);
    }
    request.extension(Subject("user:1".to_owned())).body(body.into()).unwrap()
}

async fn answered(router: Router, request: Request<Body>) -> axum::response::Response {
    let answered = tokio::time::timeout(AT_LAST, router.oneshot(request)).await;
    answered.expect("no answer").unwrap_or_else(|never| match never {})
}

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Answered {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answered {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// A success, read.
    pub fn parsed<T: DeserializeOwned>(&self) -> T {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        self.parsed()
    }

    pub fn reply(&self) -> GenerateReply {
        self.parsed()
    }

    /// How the cache was used.
    pub fn cache_status(&self) -> &'static str {
        self.reply().metadata.cache_status.name()
    }

    /// A failure, read: its status, and what went wrong.
    pub fn problem(&self) -> Problem {
        assert!(self.status >= 400, "{} {}", self.status, String::from_utf8_lossy(&self.body));
        assert_eq!(self.header("content-type"), Some("application/json"));
        serde_json::from_slice(&self.body).unwrap()
    }

    /// A failure as its status and kind.
    pub fn failure(&self) -> (u16, String) {
        (self.status, self.problem().error.kind)
    }
}

/// The largest body a door takes.
pub const LARGEST_BODY: usize = 8 << 10;

/// A TCP door, closed when dropped.
pub struct Door {
    pub address: SocketAddr,
    pub token: String,
    pub access: Arc<Access>,
    serving: JoinHandle<()>,
}

impl Door {
    /// A connection to it.
    pub async fn connect(&self) -> Line {
        Line::to(self.address).await.unwrap()
    }

    /// Any request with these headers and no others but the host and the length.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> (u16, String) {
        let mut line = self.connect().await;
        let body = body.as_ref();
        let mut head = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
        if !headers.iter().any(|(name, _)| *name == "host") {
            head.push_str(&format!("host: {}\r\n", self.address));
        }
        headers.iter().for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
        line.write(format!("{head}\r\n").as_bytes()).await;
        line.write(body).await;
        line.answer().await
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// A TCP connection.
pub struct Line(TcpStream);

impl Line {
    /// One to any address, if somebody listens there.
    pub async fn to(address: SocketAddr) -> std::io::Result<Line> {
        TcpStream::connect(address).await.map(Line)
    }

    /// Whoever has hung up already does not mind.
    pub async fn write(&mut self, bytes: &[u8]) {
        let _ = self.0.write_all(bytes).await;
    }

    /// Everything until the other side hangs up.
    pub async fn rest(&mut self) -> String {
        let mut bytes = Vec::new();
        // A reset after the answer is no less an end.
        let read = tokio::time::timeout(AT_LAST, self.0.read_to_end(&mut bytes)).await;
        let _ = read.expect("the other side never hung up");
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The status of the answer, and the whole of it.
    pub async fn answer(&mut self) -> (u16, String) {
        let answer = self.rest().await;
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        (status.unwrap_or_else(|| panic!("no answer: {answer}")), answer)
    }
}

/// Bytes as they come.
pub struct Pieces(Body);

impl Pieces {
    /// The next piece; `None` at the end.
    pub async fn piece(&mut self) -> Option<Bytes> {
        let frame = tokio::time::timeout(AT_LAST, self.0.frame()).await.expect("the stream stopped")?;
        Some(frame.unwrap().into_data().unwrap())
    }

    /// Whether the next thing that happens is that it breaks off.
    pub async fn breaks(&mut self) -> bool {
        let frame = tokio::time::timeout(AT_LAST, self.0.frame()).await.expect("the stream stopped");
        frame.is_some_and(|frame| frame.is_err())
    }
}

/// A stream as it comes.
pub struct Events {
    pub headers: HeaderMap,
    body: Body,
    reader: sse::Reader,
    waiting: Vec<sse::Event>,
}

impl Events {
    /// The next event's name and data; `None` at the end.
    pub async fn next(&mut self) -> Option<(String, Value)> {
        while self.waiting.is_empty() {
            let frame = tokio::time::timeout(AT_LAST, self.body.frame()).await.expect("the stream stopped")?;
            let events = self.reader.push(&frame.unwrap().into_data().unwrap()).unwrap();
            self.waiting.extend(events);
        }
        let event = self.waiting.remove(0);
        Some((event.name, serde_json::from_str(&event.data).unwrap()))
    }

    /// The text of the next `delta`.
    pub async fn next_text(&mut self) -> String {
        let (name, data) = self.next().await.expect("an event");
        assert_eq!(name, "delta", "{data}");
        data["text"].as_str().unwrap().to_owned()
    }

    /// Everything to the end.
    pub async fn told(mut self) -> Told {
        let mut text = String::new();
        loop {
            let (name, data) = self.next().await.expect("a stream ends with `done` or `error`");
            match name.as_str() {
                "delta" => text.push_str(data["text"].as_str().unwrap()),
                _ => {
                    assert!(self.next().await.is_none(), "more after `{name}`");
                    return Told { text, end: name, last: data };
                }
            }
        }
    }
}

/// A stream that was heard to its end.
#[derive(Clone, Debug)]
pub struct Told {
    /// All deltas.
    pub text: String,
    /// `done` or `error`.
    pub end: String,
    /// The last event.
    pub last: Value,
}

impl Told {
    /// The whole object.
    pub fn reply(&self) -> GenerateReply {
        assert_eq!(self.end, "done", "{}", self.last);
        serde_json::from_value(self.last.clone()).unwrap()
    }

    pub fn cache_status(&self) -> &'static str {
        self.reply().metadata.cache_status.name()
    }

    /// What broke it.
    pub fn problem(&self) -> Problem {
        assert_eq!(self.end, "error", "{}", self.last);
        serde_json::from_value(self.last.clone()).unwrap()
    }
}
