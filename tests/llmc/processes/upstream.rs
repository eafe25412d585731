//! A provider of a test's own, on this machine: notes what it was asked, answers as it was told to, when it was told to.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};

use serde_json::{Value, json};

use super::{DEADLINE, until};

/// What it was asked.
#[derive(Clone, Debug)]
pub struct Call {
    pub head: String,
    /// What is no JSON, as text.
    pub body: Value,
}

impl Call {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// The last message.
    pub fn said(&self) -> &Value {
        &self.body["messages"].as_array().unwrap().last().unwrap()["content"]
    }
}

/// What it answers.
#[derive(Clone, Debug)]
pub struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Reply {
    /// A whole answer.
    pub fn text(text: &str) -> Reply {
        let body = json!({
            "id": "x", "object": "chat.completion", "created": 0, "model": "small",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7},
        });
        Reply { status: 200, headers: vec![("content-type", "application/json".into())], body: body.to_string() }
    }

    /// A refusal.
    pub fn refusal(status: u16, message: &str) -> Reply {
        let body = json!({"error": {"message": message, "type": "x", "code": null}});
        Reply { status, headers: vec![("content-type", "application/json".into())], body: body.to_string() }
    }

    /// Events that end before the answer does.
    pub fn cut_stream(text: &str) -> Reply {
        let event = json!({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}]});
        let headers = vec![("content-type", "text/event-stream".into())];
        Reply { status: 200, headers, body: format!("data: {event}\n\n") }
    }

    pub fn with(mut self, name: &'static str, value: &str) -> Reply {
        self.headers.push((name, value.to_owned()));
        self
    }
}

#[derive(Default)]
struct Shared {
    calls: Mutex<Vec<Call>>,
    is_held: Mutex<bool>,
    released: Condvar,
}

pub struct Upstream {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Upstream {
    /// Answers at once.
    pub fn start(answer: impl Fn(&Call) -> Reply + Send + Sync + 'static) -> Upstream {
        Upstream::begin(false, answer)
    }

    /// Answers every prompt with the same text.
    pub fn saying(text: &'static str) -> Upstream {
        Upstream::start(move |_| Reply::text(text))
    }

    /// Keeps its answers back until it is told to [`release`](Upstream::release) them.
    pub fn held(text: &'static str) -> Upstream {
        Upstream::begin(true, move |_| Reply::text(text))
    }

    fn begin(is_held: bool, answer: impl Fn(&Call) -> Reply + Send + Sync + 'static) -> Upstream {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared { is_held: Mutex::new(is_held), ..Shared::default() });
        let (answer, theirs) = (Arc::new(answer), Arc::clone(&shared));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (answer, shared) = (Arc::clone(&answer), Arc::clone(&theirs));
                std::thread::spawn(move || serve(stream.unwrap(), &shared, &*answer));
            }
        });
        Upstream { address, shared }
    }

    /// The settings that make it a provider of this name.
    pub fn settings(&self, name: &str) -> String {
        format!("\n[providers.{name}]\nkind = \"openai\"\nbase_url = \"{}\"\nmodels = [\"small\"]\n", self.url())
    }

    pub fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// All it was asked so far.
    pub fn calls(&self) -> Vec<Call> {
        self.shared.calls.lock().unwrap().clone()
    }

    /// What it was asked last.
    pub fn last(&self) -> Call {
        self.calls().pop().expect("a call was made")
    }

    /// Waits until it was asked so often.
    pub fn wait_for(&self, count: usize) {
        until("the provider was asked", || self.shared.calls.lock().unwrap().len() >= count);
    }

    /// Lets it answer whatever it was and will be asked.
    pub fn release(&self) {
        *self.shared.is_held.lock().unwrap() = false;
        self.shared.released.notify_all();
    }
}

fn serve(stream: TcpStream, shared: &Shared, answer: &(dyn Fn(&Call) -> Reply + Send + Sync)) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    while let Some(call) = read(&mut reader) {
        shared.calls.lock().unwrap().push(call.clone());
        let is_held = shared.is_held.lock().unwrap();
        drop(shared.released.wait_timeout_while(is_held, DEADLINE, |is_held| *is_held).unwrap());
        let reply = answer(&call);
        let mut head = format!("HTTP/1.1 {} X\r\ncontent-length: {}\r\n", reply.status, reply.body.len());
        for (name, value) in &reply.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        // A caller who has hung up is no concern of the provider's.
        if write!(stream, "{head}\r\n{}", reply.body).is_err() {
            return;
        }
    }
}

fn read(reader: &mut impl BufRead) -> Option<Call> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    let body = serde_json::from_slice(&body).unwrap_or_else(|_| String::from_utf8_lossy(&body).into());
    Some(Call { head, body })
}
