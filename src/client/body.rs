//! Bodies of HTTP/1.1 answers: by length and in chunks (RFC 9112, sections 6.2 and 7.1). A cut one is an error.

use std::io::{self, BufRead, Read};

/// Room that is made for a body before any of it has come.
const MOST_TRUSTED: usize = 1 << 20;

/// A body of a known length.
pub struct UntilEnd<R> {
    inner: R,
    left: u64,
}

impl<R: BufRead> UntilEnd<R> {
    /// The next `length` bytes.
    pub fn new(inner: R, length: u64) -> UntilEnd<R> {
        UntilEnd { inner, left: length }
    }
}

impl<R: BufRead> Read for UntilEnd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        read_within(&mut self.inner, &mut self.left, buffer)
    }

    /// Into room that is made at once, as far as what is announced is likely to come.
    fn read_to_end(&mut self, bytes: &mut Vec<u8>) -> io::Result<usize> {
        bytes.reserve(usize::try_from(self.left).unwrap_or(usize::MAX).min(MOST_TRUSTED));
        let read = (&mut self.inner).take(self.left).read_to_end(bytes)?;
        self.left -= read as u64;
        if self.left > 0 { Err(cut()) } else { Ok(read) }
    }
}

/// A body in chunks.
pub struct Chunked<R> {
    inner: R,
    left: u64,
    state: State,
}

#[derive(PartialEq)]
enum State {
    First,
    Within,
    Ended,
}

impl<R: BufRead> Chunked<R> {
    /// The chunks that follow.
    pub fn new(inner: R) -> Chunked<R> {
        Chunked { inner, left: 0, state: State::First }
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        let read = self.inner.by_ref().take(1024).read_line(&mut line)?;
        if read == 0 || !line.ends_with('\n') { Err(cut()) } else { Ok(line.trim_end().to_owned()) }
    }

    fn next_chunk(&mut self) -> io::Result<()> {
        if self.state == State::Within && !self.line()?.is_empty() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a chunk is longer than it says"));
        }
        let line = self.line()?;
        let size = line.split(';').next().unwrap_or_default().trim();
        self.left = u64::from_str_radix(size, 16)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "a chunk's size is no number"))?;
        self.state = State::Within;
        if self.left == 0 {
            while !self.line()?.is_empty() {}
            self.state = State::Ended;
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Chunked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 && self.state != State::Ended {
            self.next_chunk()?;
        }
        read_within(&mut self.inner, &mut self.left, buffer)
    }
}

fn read_within(inner: &mut impl Read, left: &mut u64, buffer: &mut [u8]) -> io::Result<usize> {
    let most = usize::try_from(*left).unwrap_or(usize::MAX).min(buffer.len());
    if most == 0 {
        return Ok(0);
    }
    let read = inner.read(&mut buffer[..most])?;
    if read == 0 {
        return Err(cut());
    }
    *left -= read as u64;
    Ok(read)
}

fn cut() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the answer was cut short")
}
