//! The top floor: joins the two wings, which know nothing of each other, and runs what was asked for.

use std::io::{self, Read};
use std::sync::Arc;

use axum::body::Body;
use bytes::{Buf, Bytes};
use futures_util::stream;
use hyper::Request;
use tokio::sync::mpsc;

use crate::api::{PROTOCOL, headers};
use crate::cli::{self, DaemonRun, Inside, Wiring};
use crate::client::{Answered, Asked, Line, Upload, nothing_to_send};
use crate::config::Environment;
use crate::daemon::run::{Start, run};
use crate::daemon::{InProcess, api_document};
use crate::error::{Error, Kind, Result};

/// Runs the program; returns its exit code.
pub fn main() -> u8 {
    let wiring = Wiring {
        api: api_document,
        in_process: |environment| inside(environment),
        daemon: |environment, DaemonRun { detached, log_to_file, idle_exit }| {
            run(&Start { detached, log_to_file, idle_exit }, environment)
        },
    };
    cli::main(&wiring)
}

/// Every man page: its file name and its text.
pub fn man_pages() -> Result<Vec<(String, String)>> {
    cli::man_pages(&api_document())
}

fn inside(environment: Environment) -> Result<Inside> {
    let mut house = InProcess::open(environment)?;
    let warning = house.warning.take();
    Ok(Inside { line: Box::new(InsideLine(Arc::new(house))), warning })
}

/// The client's line, ending in this process.
struct InsideLine(Arc<InProcess>);

impl Line for InsideLine {
    fn ask(&mut self, asked: &Asked) -> Result<Answered> {
        self.answer(asked, Body::from(asked.body.clone()))
    }

    fn send(&mut self, asked: &Asked, body: &mut Option<Upload>) -> Result<Answered> {
        let mut body = body.take().ok_or_else(nothing_to_send)?;
        let (sender, receiver) = mpsc::channel(2);
        // Ends when all is read, or when nobody listens any more.
        std::thread::spawn(move || {
            let mut piece = vec![0; 64 << 10];
            loop {
                let read = body.read(&mut piece);
                let is_end = !matches!(read, Ok(1..));
                let read = read.map(|read| Bytes::copy_from_slice(&piece[..read]));
                if sender.blocking_send(read).is_err() || is_end {
                    return;
                }
            }
        });
        let pieces = stream::unfold(receiver, |mut receiver| async { Some((receiver.recv().await?, receiver)) });
        self.answer(asked, Body::from_stream(pieces))
    }

    fn converse(&mut self, asked: &Asked, body: &mut Option<Upload>) -> Result<Answered> {
        self.send(asked, body)
    }

    fn successor(&self) -> Option<Box<dyn Line + Send>> {
        None
    }
}

impl InsideLine {
    fn answer(&self, asked: &Asked, body: Body) -> Result<Answered> {
        let mut request = Request::builder().method(asked.method).uri(&asked.path).header(headers::PROTOCOL, PROTOCOL);
        for (name, value) in &asked.headers {
            request = request.header(name, value);
        }
        let request = request.body(body).map_err(|error| Error::new(Kind::Usage, "cannot ask this").because(error))?;
        let (head, body) = self.0.ask(request).into_parts();
        let headers = head.headers.iter();
        let headers =
            headers.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        let headers = headers.collect();
        let body = InsideBody { house: Arc::clone(&self.0), body, piece: Bytes::new() };
        Ok(Answered { status: head.status.as_u16(), headers, body: Box::new(body) })
    }
}

struct InsideBody {
    house: Arc<InProcess>,
    body: Body,
    piece: Bytes,
}

impl Read for InsideBody {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            match self.house.next_piece(&mut self.body) {
                Some(piece) => self.piece = piece,
                None => return Ok(0),
            }
        }
        let length = self.piece.len().min(buffer.len());
        self.piece.copy_to_slice(&mut buffer[..length]);
        Ok(length)
    }
}
