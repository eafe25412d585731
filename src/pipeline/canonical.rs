//! JSON read without loss and written in one spelling (RFC 8785), so that equal requests have equal bytes.
//!
//! Departs from RFC 8785 where it would merge different requests: integers beyond 2^53 keep their digits, and so does
//! a number that no double can hold. Refuses what has no single meaning: repeated members, lone surrogates.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

/// How deep arrays and objects may nest, as in `serde_json`.
pub const DEEPEST: usize = 127;

/// A JSON value that borrows from its text; numbers keep their spelling.
#[derive(Clone, Debug, PartialEq)]
pub enum Node<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it was spelled.
    Number(&'a str),
    /// A string, unescaped.
    String(Cow<'a, str>),
    /// An array.
    Array(Vec<Node<'a>>),
    /// An object, in the order it was written.
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
}

/// Why a text is not JSON with one meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Byte offset.
    pub at: usize,
    /// What was wrong there.
    pub what: &'static str,
}

impl fmt::Display for Malformed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} at byte {}", self.what, self.at)
    }
}

/// Reads one JSON document.
pub fn parse(text: &str) -> Result<Node<'_>, Malformed> {
    let mut parser = Parser { text, bytes: text.as_bytes(), at: 0 };
    parser.skip_space();
    let node = parser.value(0)?;
    parser.skip_space();
    match parser.peek() {
        None => Ok(node),
        Some(_) => Err(parser.wrong("more after the end")),
    }
}

impl Node<'_> {
    /// Appends the canonical spelling.
    pub fn write(&self, out: &mut String) {
        match self {
            Node::Null => out.push_str("null"),
            Node::Bool(true) => out.push_str("true"),
            Node::Bool(false) => out.push_str("false"),
            Node::Number(spelled) => write_number(spelled, out),
            Node::String(text) => write_string(text, out),
            Node::Array(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Node::Object(members) => write_members(members.iter(), out),
        }
    }
}

/// Appends an object of these members, in canonical order.
pub fn write_members<'m, 'a: 'm>(members: impl Iterator<Item = &'m (Cow<'a, str>, Node<'a>)>, out: &mut String) {
    let mut sorted: Vec<_> = members.collect();
    sorted.sort_unstable_by(|(left, _), (right, _)| by_utf16(left, right));
    out.push('{');
    for (index, (name, value)) in sorted.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_string(name, out);
        out.push(':');
        value.write(out);
    }
    out.push('}');
}

/// The order of RFC 8785, section 3.2.3: by UTF-16 code units.
pub(super) fn by_utf16(left: &str, right: &str) -> Ordering {
    if left.is_ascii() && right.is_ascii() {
        return left.cmp(right);
    }
    left.encode_utf16().cmp(right.encode_utf16())
}

/// Appends a string as RFC 8785, section 3.2.2.2 spells it.
pub fn write_string(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    loop {
        let (clean, special) = rest.split_at(clean_length(rest.as_bytes()));
        out.push_str(clean);
        let Some(&byte) = special.as_bytes().first() else { break };
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            0x08 => "\\b",
            b'\t' => "\\t",
            b'\n' => "\\n",
            0x0c => "\\f",
            b'\r' => "\\r",
            _ => "",
        };
        if escape.is_empty() {
            out.push_str("\\u00");
            out.push(if byte < 0x10 { '0' } else { '1' });
            out.push(char::from(b"0123456789abcdef"[usize::from(byte & 15)]));
        } else {
            out.push_str(escape);
        }
        // What is special is one byte long.
        rest = &special[1..];
    }
    out.push('"');
}

/// How many bytes stand before the first that ends a string or is spelled otherwise in one: a quote, a backslash, a
/// control character. Eight at a time, since prompts are long and such bytes few.
pub(super) fn clean_length(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    // The high bit of each byte below `bound`, which is at most 128. A borrow can mark others, but only above a right one.
    let below = |word: u64, bound: u8| word.wrapping_sub(ONES * u64::from(bound)) & !word & HIGHS;
    let is = |word: u64, byte: u8| below(word ^ (ONES * u64::from(byte)), 1);

    let (words, rest) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let special = below(word, 0x20) | is(word, b'"') | is(word, b'\\');
        if special != 0 {
            return at * 8 + special.trailing_zeros() as usize / 8;
        }
    }
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0x00..=0x1f);
    words.len() * 8 + rest.iter().position(is_special).unwrap_or(rest.len())
}

/// `0.70` and `7e-1` become `0.7`; `9007199254740993` stays.
fn write_number(spelled: &str, out: &mut String) {
    if !spelled.contains(['.', 'e', 'E']) {
        out.push_str(if spelled == "-0" { "0" } else { spelled });
        return;
    }
    match spelled.parse::<f64>() {
        Ok(value) if holds(value, spelled) => out.push_str(ryu_js::Buffer::new().format_finite(value)),
        _ => out.push_str(spelled),
    }
}

/// False where the double lost the number altogether: overflow, or underflow to zero.
fn holds(value: f64, spelled: &str) -> bool {
    let mantissa = spelled.split(['e', 'E']).next().unwrap_or_default();
    value.is_finite() && (value != 0.0 || !mantissa.contains(|digit: char| ('1'..='9').contains(&digit)))
}

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn wrong(&self, what: &'static str) -> Malformed {
        Malformed { at: self.at, what }
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node<'a>, Malformed> {
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(Node::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Node::Bool(true)),
            Some(b'f') => self.word("false", Node::Bool(false)),
            Some(b'n') => self.word("null", Node::Null),
            Some(_) => Err(self.wrong("no JSON value")),
            None => Err(self.wrong("an early end")),
        }
    }

    fn word(&mut self, word: &str, node: Node<'a>) -> Result<Node<'a>, Malformed> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(self.wrong("no JSON value"));
        }
        self.at += word.len();
        Ok(node)
    }

    fn object(&mut self, depth: usize) -> Result<Node<'a>, Malformed> {
        self.open(depth)?;
        let mut members: Vec<(Cow<'a, str>, Node<'a>)> = Vec::new();
        if self.closes(b'}') {
            return Ok(Node::Object(members));
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.wrong("no member name"));
            }
            let name = self.string()?;
            self.skip_space();
            if self.peek() != Some(b':') {
                return Err(self.wrong("no colon"));
            }
            self.at += 1;
            self.skip_space();
            let value = self.value(depth + 1)?;
            members.push((name, value));
            if !self.goes_on(b'}')? {
                break;
            }
        }
        if has_repeats(&members) {
            return Err(self.wrong("a repeated member"));
        }
        Ok(Node::Object(members))
    }

    fn array(&mut self, depth: usize) -> Result<Node<'a>, Malformed> {
        self.open(depth)?;
        let mut items = Vec::new();
        if self.closes(b']') {
            return Ok(Node::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if !self.goes_on(b']')? {
                return Ok(Node::Array(items));
            }
        }
    }

    fn open(&mut self, depth: usize) -> Result<(), Malformed> {
        if depth >= DEEPEST {
            return Err(self.wrong("too deep a nesting"));
        }
        self.at += 1;
        self.skip_space();
        Ok(())
    }

    fn closes(&mut self, end: u8) -> bool {
        let closed = self.peek() == Some(end);
        self.at += usize::from(closed);
        closed
    }

    /// True after a comma, false after the end.
    fn goes_on(&mut self, end: u8) -> Result<bool, Malformed> {
        self.skip_space();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                self.skip_space();
                Ok(true)
            }
            Some(byte) if byte == end => {
                self.at += 1;
                Ok(false)
            }
            Some(_) => Err(self.wrong("no comma")),
            None => Err(self.wrong("an early end")),
        }
    }

    /// RFC 8259, section 6.
    fn number(&mut self) -> Result<Node<'a>, Malformed> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits()?,
            _ => return Err(self.wrong("no digit")),
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(Node::Number(&self.text[start..self.at]))
    }

    fn digits(&mut self) -> Result<(), Malformed> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(self.wrong("no digit")) } else { Ok(()) }
    }

    fn string(&mut self) -> Result<Cow<'a, str>, Malformed> {
        self.at += 1;
        let start = self.at;
        self.skip_clean();
        match self.peek() {
            Some(b'"') => {
                let text = &self.text[start..self.at];
                self.at += 1;
                Ok(Cow::Borrowed(text))
            }
            Some(b'\\') => self.escaped_string(start).map(Cow::Owned),
            Some(_) => Err(self.wrong("a control character")),
            None => Err(self.wrong("an early end")),
        }
    }

    fn skip_clean(&mut self) {
        self.at += clean_length(&self.bytes[self.at..]);
    }

    fn escaped_string(&mut self, start: usize) -> Result<String, Malformed> {
        let mut text = self.text[start..self.at].to_owned();
        loop {
            let clean = self.at;
            self.skip_clean();
            text.push_str(&self.text[clean..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => {
                    self.at += 1;
                    text.push(self.escape()?);
                }
                Some(_) => return Err(self.wrong("a control character")),
                None => return Err(self.wrong("an early end")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Malformed> {
        let escape = self.peek().ok_or_else(|| self.wrong("an early end"))?;
        self.at += 1;
        Ok(match escape {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(),
            _ => return Err(self.wrong("an unknown escape")),
        })
    }

    fn unicode_escape(&mut self) -> Result<char, Malformed> {
        let first = self.hex4()?;
        let code = match first {
            0xd800..=0xdbff => {
                if !self.bytes[self.at..].starts_with(b"\\u") {
                    return Err(self.wrong("a lone surrogate"));
                }
                self.at += 2;
                let second = self.hex4()?;
                if !(0xdc00..=0xdfff).contains(&second) {
                    return Err(self.wrong("a lone surrogate"));
                }
                0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
            }
            other => other,
        };
        char::from_u32(code).ok_or_else(|| self.wrong("a lone surrogate"))
    }

    fn hex4(&mut self) -> Result<u32, Malformed> {
        let digits = self.bytes.get(self.at..self.at + 4).ok_or_else(|| self.wrong("an early end"))?;
        let mut code = 0;
        for digit in digits {
            let value = char::from(*digit).to_digit(16).ok_or_else(|| self.wrong("no hexadecimal digit"))?;
            code = code * 16 + value;
        }
        self.at += 4;
        Ok(code)
    }
}

fn has_repeats(members: &[(Cow<'_, str>, Node<'_>)]) -> bool {
    // Few members: comparing each pair is cheaper than any set.
    if members.len() <= 16 {
        return members
            .iter()
            .enumerate()
            .any(|(index, (name, _))| members[..index].iter().any(|(other, _)| other == name));
    }
    let mut names: Vec<&str> = members.iter().map(|(name, _)| name.as_ref()).collect();
    names.sort_unstable();
    names.windows(2).any(|pair| pair[0] == pair[1])
}

#[cfg(test)]
mod tests;
