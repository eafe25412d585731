//! Asking the daemon: a blocking exchange over the local socket, with no runtime, no TLS and no thread.

mod body;
mod http;
mod socket;
mod start;

use std::io::Read;

pub use socket::{Alive, GONE_WITHIN, LOOK_EVERY, SocketLine, end, glance, is_claimed, peek, stuck, wait_until_gone};
pub use start::{start, this_program};

use axum::http::HeaderName;

use crate::api::problem::Problem;
use crate::error::{Error, Kind, Result};

/// A request to the native API.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// `GET`, `POST`, `PATCH`, `DELETE`.
    pub method: &'static str,
    /// Path and query.
    pub path: String,
    /// Headers besides the protocol's own.
    pub headers: Vec<(HeaderName, String)>,
    /// A JSON body, or nothing.
    pub body: Vec<u8>,
}

/// A body that is read as it is sent.
pub type Upload = Box<dyn Read + Send>;

/// The error of a body that was sent before.
pub fn nothing_to_send() -> Error {
    Error::new(Kind::Other, "there is nothing to send any more")
}

/// The error of a body that cannot be read.
pub fn unreadable(error: &std::io::Error) -> Error {
    Error::new(Kind::Other, "cannot read what is to be sent").because(error)
}

/// An answer of the native API.
pub struct Answered {
    /// The HTTP status.
    pub status: u16,
    /// Its headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Its body, read as it comes.
    pub body: Box<dyn Read + Send>,
}

impl Answered {
    /// A header's value.
    pub fn header(&self, name: impl AsRef<str>) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name.as_ref()).map(|(_, value)| value.as_str())
    }

    /// The whole body.
    pub fn read_body(&mut self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.body.read_to_end(&mut bytes).map_err(|error| cut_short(&error))?;
        Ok(bytes)
    }

    /// The body where the request succeeded, the error it tells of where it did not.
    pub fn successful(mut self) -> Result<Answered> {
        if self.status < 400 {
            return Ok(self);
        }
        let bytes = self.read_body()?;
        Err(match serde_json::from_slice::<Problem>(&bytes) {
            Ok(problem) => problem.into(),
            Err(_) => Error::new(Kind::Other, format!("the daemon answered {}", self.status))
                .because(String::from_utf8_lossy(&bytes).chars().take(200).collect::<String>()),
        })
    }
}

/// The answer broke off.
pub fn cut_short(error: &std::io::Error) -> Error {
    let cut = Error::new(Kind::Unreachable, "the daemon's answer was cut short");
    // An end too soon says no more than that.
    let cut = if error.kind() == std::io::ErrorKind::UnexpectedEof { cut } else { cut.because(error) };
    cut.hint("ask again; `llmc daemon logs` may say more")
}

/// Something that answers the native API: the socket, or the same router in this process.
pub trait Line {
    /// Asks, and returns when the head of the answer is there.
    fn ask(&mut self, asked: &Asked) -> Result<Answered>;

    /// The same with a body that is read as it is sent, in place of the one in `asked`. Asked once: what was read of it
    /// cannot be sent again. It is taken once there is somebody to send it to.
    fn send(&mut self, asked: &Asked, body: &mut Option<Upload>) -> Result<Answered>;

    /// The same where both sides speak at once: returns with the head of the answer, while a thread of its own sends the
    /// body. What goes wrong there is told by the answer, which then ends early.
    fn converse(&mut self, asked: &Asked, body: &mut Option<Upload>) -> Result<Answered>;

    /// Another line, which leads to whoever answers once this answerer is gone; `None` where that ends with this process.
    fn successor(&self) -> Option<Box<dyn Line + Send>>;
}
