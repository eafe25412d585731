//! A door of the daemon's on a loopback port, open for as long as somebody here listens.

use std::io::{BufRead, BufReader, Read};

use super::context::{Context, read_json};
use crate::api::run::{RunReply, RunRequest};
use crate::client::{Answered, Asked, Line, cut_short};
use crate::error::{Error, Kind, Result};
use crate::provider::sse;

/// A door that stays open while it is held.
pub struct Door {
    /// Where it is, and what opens it.
    pub reply: RunReply,
    stream: Option<BufReader<Box<dyn Read + Send>>>,
}

impl Door {
    /// Has one opened. Fails with [`Kind::Unreachable`] where the daemon ends before it has.
    pub fn open(request: &RunRequest, line: &mut dyn Line, context: &Context<'_>) -> Result<Door> {
        let body = serde_json::to_vec(request)
            .map_err(|error| Error::new(Kind::Other, "cannot write the request").because(error))?;
        let asked = Asked { method: "POST", path: "/runs".into(), body, ..Asked::default() };
        let Answered { body, .. } = context.ask_by(line, asked)?;
        let mut stream = BufReader::new(body);
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
                let reply = read_json(event.data.as_bytes())?;
                return Ok(Door { reply, stream: Some(stream) });
            }
        }
    }

    /// Waits until the daemon closes it.
    pub fn wait(mut self) {
        if let Some(mut stream) = self.stream.take() {
            // However it ends, nobody comes in any more.
            let _ = std::io::copy(&mut stream, &mut std::io::sink());
        }
    }

    /// Closes it.
    pub fn close(&mut self) {
        self.stream = None;
    }
}
