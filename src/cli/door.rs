//! A door of the daemon's on a loopback port, open for as long as somebody here listens.

use std::io::{BufRead, BufReader, Read};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use tokio::net::TcpSocket;

use super::context::{Context, read_json};
use super::screen::Screen;
use crate::api::run::{RunReply, RunRequest};
use crate::client::{Answered, Asked, Line, cut_short};
use crate::error::{Error, Kind, Result};
use crate::provider::sse;

/// A door that cannot be opened again is tried again after a while, which doubles between these.
const SOONEST: Duration = Duration::from_millis(20);
const LATEST: Duration = Duration::from_secs(2);

/// A door that stays open while it is held.
pub struct Door {
    /// Where it is, and what opens it.
    pub reply: RunReply,
    stream: Option<Stream>,
    /// Held by a door that comes back: its end ends that.
    closing: Option<Sender<()>>,
}

/// The signs of life of an open door.
type Stream = BufReader<Box<dyn Read + Send>>;

impl Door {
    /// Has one opened. Fails with [`Kind::Unreachable`] where the daemon ends before it has.
    pub fn open(request: &RunRequest, line: &mut dyn Line, context: &Context<'_>) -> Result<Door> {
        let (reply, stream) = listen(context.ask_by(line, asking(request)?)?)?;
        Ok(Door { reply, stream: Some(stream), closing: None })
    }

    /// Has it opened again whenever its daemon ends before it is closed, by the one that comes next: at the same place,
    /// to the same token, on the terms of `request`.
    pub fn come_back(
        &mut self,
        request: &RunRequest,
        mut line: Box<dyn Line + Send>,
        context: &Context<'_>,
    ) -> Result<()> {
        let again = RunRequest { again: Some(self.reply.clone()), ..request.clone() };
        let asked = context.introduced(asking(&again)?)?;
        let Some(mut stream) = self.stream.take() else { return Ok(()) };
        let reserved = reserve(&self.reply);
        let (closing, closed) = channel();
        self.closing = Some(closing);
        let screen = context.screen.clone();
        // Ends with the door, or with the process where it waits for a daemon by then.
        std::thread::spawn(move || {
            let _reserved = reserved;
            loop {
                listen_to_the_end(&mut stream);
                let Some(next) = reopened(&mut *line, &asked, &closed, &screen) else { return };
                stream = next;
            }
        });
        Ok(())
    }

    /// Waits until the daemon closes it.
    pub fn wait(mut self) {
        if let Some(mut stream) = self.stream.take() {
            listen_to_the_end(&mut stream);
        }
    }

    /// Closes it, at the latest with this process.
    pub fn close(&mut self) {
        self.stream = None;
        self.closing = None;
    }
}

fn asking(request: &RunRequest) -> Result<Asked> {
    let body = serde_json::to_vec(request)
        .map_err(|error| Error::new(Kind::Other, "cannot write the request").because(error))?;
    Ok(Asked { method: "POST", path: "/runs".into(), body, ..Asked::default() })
}

/// Reads on until the door is open.
fn listen(answered: Answered) -> Result<(RunReply, Stream)> {
    let mut stream = BufReader::new(answered.body);
    let mut reader = sse::Reader::new();
    loop {
        let piece = stream.fill_buf().map_err(|error| cut_short(&error))?;
        if piece.is_empty() {
            return Err(Error::new(Kind::Unreachable, "the daemon closed its door").hint("run it again"));
        }
        let length = piece.len();
        let events = reader.push(piece)?;
        stream.consume(length);
        if let Some(event) = events.first() {
            return Ok((read_json(event.data.as_bytes())?, stream));
        }
    }
}

fn listen_to_the_end(stream: &mut Stream) {
    // However it ends, nobody comes in any more.
    let _ = std::io::copy(stream, &mut std::io::sink());
}

/// Asks for the door until it is open again; `None` where it was closed meanwhile.
fn reopened(line: &mut dyn Line, asked: &Asked, closed: &Receiver<()>, screen: &Screen) -> Option<Stream> {
    let (mut pause, mut is_told) = (Duration::ZERO, false);
    // Nothing is ever sent: the sender's end is the news.
    while closed.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        match line.ask(asked).and_then(Answered::successful).and_then(listen) {
            Ok((_, stream)) => {
                screen.detail("llmc: the door is open again");
                return Some(stream);
            }
            Err(error) if pause >= LATEST && !is_told => {
                screen.warn(format_args!("the door of this run is not open again yet: {error}"));
                is_told = true;
            }
            Err(_) => {}
        }
        pause = (pause * 2).clamp(SOONEST, LATEST);
    }
    None
}

/// Keeps everybody else from the door's port while no daemon listens there: bound and not listened on, it refuses who
/// comes, and can be shared by this user alone.
fn reserve(door: &RunReply) -> Option<TcpSocket> {
    // Elsewhere a bound socket may swallow connections that are meant for who listens.
    if !cfg!(target_os = "linux") {
        return None;
    }
    let socket = TcpSocket::new_v4().ok()?;
    socket.set_reuseaddr(true).ok()?;
    socket.set_reuseport(true).ok()?;
    socket.bind(door.address.parse().ok()?).ok()?;
    Some(socket)
}
