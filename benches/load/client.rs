//! As little of a client as measuring takes: requests as bytes, answers read no further than to their end.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use llmc::api::{PROTOCOL, headers};
use serde_json::{Value, json};

/// A chat completion as a program's SDK asks for it, through a door that wants this token.
pub fn chat(prompt: &str, host: &str, token: &str) -> Vec<u8> {
    let body = json!({"model": "echo", "messages": [{"role": "user", "content": prompt}]}).to_string();
    let head = format!(
        "POST /providers/echo/v1/chat/completions HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.into_bytes(), body.into_bytes()].concat()
}

/// A `generate` as it goes over the socket.
pub fn generate(prompt: &str, model: &str, stream: bool) -> Vec<u8> {
    post("/llm/generate", &json!({"prompt": prompt, "model": model, "stream": stream}))
}

pub fn post(path: &str, body: &Value) -> Vec<u8> {
    let (body, protocol) = (body.to_string(), headers::PROTOCOL);
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: llmc\r\n{protocol}: {PROTOCOL}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.into_bytes(), body.into_bytes()].concat()
}

pub fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: llmc\r\n\r\n").into_bytes()
}

/// How much of an answer is there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Progress {
    Nothing,
    Begun,
    Whole,
}

/// Looks at what has come of an answer. Panics where it is not a success.
pub fn progress(bytes: &[u8]) -> Progress {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Progress::Nothing };
    let head = std::str::from_utf8(&bytes[..end]).unwrap();
    let start = end + 4;
    assert!(head.starts_with("HTTP/1.1 200 "), "{}", String::from_utf8_lossy(bytes));
    let length = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find_map(|(name, value)| name.eq_ignore_ascii_case("content-length").then(|| value.parse::<usize>().unwrap()));
    let is_whole = match length {
        Some(length) => bytes.len() - start >= length,
        None => bytes.ends_with(b"\r\n0\r\n\r\n"),
    };
    match (is_whole, bytes.len() > start) {
        (true, _) => Progress::Whole,
        (false, true) => Progress::Begun,
        (false, false) => Progress::Nothing,
    }
}

/// What an answer took.
#[derive(Clone, Copy, Debug)]
pub struct Took {
    /// To the first byte of its body.
    pub first: Duration,
    /// To its end.
    pub whole: Duration,
}

/// One connection that is kept, blocking.
pub struct Connection<S> {
    stream: S,
    pub answer: Vec<u8>,
    piece: Box<[u8]>,
}

pub fn over_socket(path: &str) -> Connection<UnixStream> {
    Connection::new(UnixStream::connect(path).unwrap_or_else(|error| panic!("cannot reach {path}: {error}")))
}

pub fn over_tcp(address: &str) -> Connection<TcpStream> {
    let stream = TcpStream::connect(address).unwrap_or_else(|error| panic!("cannot reach {address}: {error}"));
    stream.set_nodelay(true).unwrap();
    Connection::new(stream)
}

impl<S: Read + Write> Connection<S> {
    pub fn new(stream: S) -> Connection<S> {
        Connection { stream, answer: Vec::new(), piece: vec![0; 64 << 10].into() }
    }

    pub fn ask(&mut self, request: &[u8]) -> Took {
        self.answer.clear();
        let asked = Instant::now();
        self.stream.write_all(request).unwrap();
        let mut first = None;
        loop {
            let read = self.stream.read(&mut self.piece).unwrap();
            assert!(read > 0, "hung up on: {}", String::from_utf8_lossy(&self.answer));
            let since = asked.elapsed();
            self.answer.extend_from_slice(&self.piece[..read]);
            match progress(&self.answer) {
                Progress::Nothing => {}
                Progress::Begun => first = first.or(Some(since)),
                Progress::Whole => return Took { first: first.unwrap_or(since), whole: since },
            }
        }
    }

    /// Panics unless the last answer came from the cache, by its head.
    pub fn must_be_cached(&self) {
        let text = String::from_utf8_lossy(&self.answer);
        assert!(text.contains("cache-status: llmc; hit"), "no hit: {text}");
    }

    /// Panics unless the last answer came about in this way.
    pub fn must_be(&self, status: &str) {
        let text = String::from_utf8_lossy(&self.answer);
        assert!(text.contains(&format!("\"cacheStatus\":\"{status}\"")), "no {status}: {text}");
    }
}
