//! HTTP/1.1 from the asking side (RFC 9112): one request, one answer, then the connection is dropped.

use std::io::{self, BufRead, BufReader, Read, Write};

use super::body::{Chunked, UntilEnd};
use super::{Answered, Asked};
use crate::api::{PROTOCOL, headers};

/// The longest head that is read.
const LONGEST_HEAD: usize = 64 * 1024;

/// Most answers whole; each page more is one more that the kernel has to find for a process that ends at once.
const READ_AT_ONCE: usize = 8 * 1024;

/// Writes a request in one piece.
pub fn write(connection: &mut impl Write, asked: &Asked) -> io::Result<()> {
    let mut bytes = head(asked, asked.body.len())?;
    if asked.body.is_empty() {
        bytes.extend_from_slice(b"\r\n");
    } else {
        write!(bytes, "content-type: application/json\r\ncontent-length: {}\r\n\r\n", asked.body.len())?;
        bytes.extend_from_slice(&asked.body);
    }
    connection.write_all(&bytes)
}

/// Writes the head of a request whose body follows in chunks.
pub fn write_head(connection: &mut impl Write, asked: &Asked) -> io::Result<()> {
    let mut bytes = head(asked, 0)?;
    bytes.extend_from_slice(b"content-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n");
    connection.write_all(&bytes)
}

/// Writes a chunk; an empty one ends the body.
pub fn write_chunk(connection: &mut impl Write, chunk: &[u8]) -> io::Result<()> {
    let mut bytes = Vec::with_capacity(chunk.len() + 16);
    write!(bytes, "{:x}\r\n", chunk.len())?;
    bytes.extend_from_slice(chunk);
    bytes.extend_from_slice(b"\r\n");
    connection.write_all(&bytes)
}

fn head(asked: &Asked, more: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(512 + more);
    write!(bytes, "{} {} HTTP/1.1\r\nhost: llmc\r\n{}: {PROTOCOL}\r\n", asked.method, asked.path, headers::PROTOCOL)?;
    for (name, value) in &asked.headers {
        if value.bytes().any(|byte| byte < 0x20 || byte == 0x7f) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("the header `{name}` has control characters"),
            ));
        }
        write!(bytes, "{name}: {value}\r\n")?;
    }
    Ok(bytes)
}

/// Reads the head of an answer; its body is read as it comes.
pub fn read<R: Read + Send + 'static>(connection: R) -> io::Result<Answered> {
    let mut reader = BufReader::with_capacity(READ_AT_ONCE, connection);
    let (status, headers) = parse_head(&read_head(&mut reader)?)?;
    let value = |wanted: &str| headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let is_chunked = value("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"));
    let length = match value("content-length") {
        Some(length) => Some(length.parse::<u64>().map_err(|_| invalid("its length is no number"))?),
        None => None,
    };
    let body: Box<dyn Read + Send> = match (is_chunked, length) {
        (true, _) => Box::new(Chunked::new(reader)),
        (false, Some(length)) => Box::new(UntilEnd::new(reader, length)),
        (false, None) => Box::new(reader),
    };
    Ok(Answered { status, headers, body })
}

/// Status and headers. Read here and not by the server's parser: that one looks for vector instructions first, which
/// takes longer than an answer's whole head.
fn parse_head(head: &[u8]) -> io::Result<(u16, Vec<(String, String)>)> {
    let text = String::from_utf8_lossy(head);
    let mut lines = text.lines();
    let mut words = lines.next().unwrap_or_default().split(' ');
    let version = words.next().unwrap_or_default();
    let status = words.next().and_then(|code| code.parse().ok()).filter(|code| (100..1000).contains(code));
    let status = status.filter(|_| version.starts_with("HTTP/1.")).ok_or_else(|| invalid("it has no status"))?;
    let fields = lines.filter(|line| !line.is_empty()).map(|line| {
        let (name, value) = line.split_once(':').ok_or_else(|| invalid("a header has no colon"))?;
        Ok((name.to_ascii_lowercase(), value.trim().to_owned()))
    });
    Ok((status, fields.collect::<io::Result<_>>()?))
}

fn read_head(reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(1024);
    loop {
        let start = head.len();
        let read = reader.by_ref().take((LONGEST_HEAD - start) as u64).read_until(b'\n', &mut head)?;
        if read == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the daemon hung up"));
        }
        if matches!(&head[start..], b"\r\n" | b"\n") {
            return Ok(head);
        }
        if head.len() >= LONGEST_HEAD {
            return Err(invalid("its head is too long"));
        }
    }
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("this is no HTTP answer: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::headers::CONFIG;
    use proptest::prelude::*;

    fn body_of(bytes: &'static [u8]) -> io::Result<String> {
        let mut text = String::new();
        read(bytes)?.body.read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn bodies_are_read_by_length_by_chunks_or_to_the_end() {
        assert_eq!(body_of(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi, more").unwrap(), "hi");
        assert_eq!(
            body_of(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n3;x=y\r\n!!!\r\n0\r\n\r\n")
                .unwrap(),
            "hi!!!"
        );
        assert_eq!(body_of(b"HTTP/1.1 200 OK\r\n\r\nall of it").unwrap(), "all of it");
    }

    #[test]
    fn a_body_is_read_to_its_end_and_no_further_whatever_was_read_before() {
        let body = "0123456789".repeat(2_000);
        let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}, more", body.len());
        let mut answered = read(io::Cursor::new(answer)).unwrap();
        let mut bytes = vec![0; 3];
        answered.body.read_exact(&mut bytes).unwrap();

        assert_eq!(answered.body.read_to_end(&mut bytes).unwrap(), body.len() - 3);

        assert_eq!(bytes, body.as_bytes());
        assert_eq!(answered.body.read_to_end(&mut bytes).unwrap(), 0);
        let mut short =
            read(io::Cursor::new(format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\nhi", u64::MAX))).unwrap();
        assert!(short.body.read_to_end(&mut bytes).is_err());
    }

    #[test]
    fn a_body_cut_short_is_an_error() {
        assert!(body_of(b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\nhi").is_err());
        assert!(body_of(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhi").is_err());
        assert!(body_of(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n").is_err());
        assert!(body_of(b"HTTP/1.1 200").is_err());
    }

    #[test]
    fn a_header_cannot_smuggle_another() {
        let asked =
            Asked { method: "GET", path: "/".into(), headers: vec![(CONFIG, "a\r\ny: b".into())], body: Vec::new() };
        assert!(write(&mut Vec::new(), &asked).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300), chunked in any::<bool>()) {
            let mut all = if chunked { b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec() } else { Vec::new() };
            all.extend_from_slice(&bytes);
            if let Ok(mut answered) = read(io::Cursor::new(all)) {
                let _ = answered.body.read_to_end(&mut Vec::new());
            }
        }
    }
}
