//! A request's body line by line, as it comes.

use std::task::{Context, Poll, ready};

use axum::body::{Body, BodyDataStream};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;

use crate::error::{Error, Kind, Result};

/// A body line by line.
pub struct Lines {
    body: BodyDataStream,
    waiting: BytesMut,
    /// How much of what waits has no end of a line in it.
    looked_at: usize,
    longest: usize,
    number: u64,
    is_over: bool,
}

impl Lines {
    /// The lines of a body, none longer than `longest` bytes.
    pub fn of(body: Body, longest: usize) -> Lines {
        let body = body.into_data_stream();
        Lines { body, waiting: BytesMut::new(), looked_at: 0, longest, number: 0, is_over: false }
    }

    /// The number of the line that was read last, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The next line without its end; `None` at the end of the body. After an error there is none.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        std::future::poll_fn(|context| self.poll_next(context)).await
    }

    /// The same for who has other things to look after.
    pub fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>>> {
        while !self.is_over {
            if let Some(end) = self.waiting[self.looked_at..].iter().position(|byte| *byte == b'\n') {
                let end = self.looked_at + end;
                let mut line = self.waiting.split_to(end + 1);
                line.truncate(end);
                return Poll::Ready(Ok(Some(self.found(line))));
            }
            self.looked_at = self.waiting.len();
            if self.looked_at > self.longest {
                let cause = format!("it has more than {} MiB", self.longest >> 20);
                return Poll::Ready(self.fail(Error::new(Kind::TooLarge, "it is too long").because(cause)));
            }
            match ready!(self.body.poll_next_unpin(context)) {
                Some(Ok(piece)) => self.waiting.extend_from_slice(&piece),
                Some(Err(error)) => {
                    let cut = Error::new(Kind::Usage, "the request did not come whole").because(error);
                    return Poll::Ready(self.fail(cut));
                }
                None => self.is_over = true,
            }
        }
        if self.waiting.is_empty() {
            return Poll::Ready(Ok(None));
        }
        let last = self.waiting.split();
        Poll::Ready(Ok(Some(self.found(last))))
    }

    fn found(&mut self, line: BytesMut) -> Bytes {
        self.looked_at = 0;
        self.number += 1;
        line.freeze()
    }

    fn fail(&mut self, error: Error) -> Result<Option<Bytes>> {
        self.is_over = true;
        self.waiting.clear();
        Err(error)
    }
}
