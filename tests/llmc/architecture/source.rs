//! Rust source as far as the architecture's facts need it: words with their lines, where the tests in a file begin, and
//! which top modules its paths lead to. Knows no rule.

use std::fs;
use std::path::{Path, PathBuf};

/// A file below `src/`.
pub struct Source {
    /// Its path from the root, such as `src/store/mod.rs`.
    pub path: String,
    /// Its module, outermost first: `["store"]`. The roots have none.
    pub module: Vec<String>,
    /// Everything but comments and blanks.
    pub tokens: Vec<Token>,
    /// How many lines come before its `mod tests`.
    pub lines: usize,
}

/// A piece of source.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// Counted from 1.
    pub line: usize,
    /// What it is.
    pub piece: Piece,
    /// In a module of tests.
    pub in_tests: bool,
}

/// What a piece of source is.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// An identifier or keyword.
    Word(String),
    /// The inside of a text literal.
    Text(String),
    /// `::`
    Path,
    /// Any other character.
    Mark(char),
}

impl Token {
    pub fn is_word(&self, word: &str) -> bool {
        matches!(&self.piece, Piece::Word(own) if own == word)
    }

    pub fn is_mark(&self, mark: char) -> bool {
        self.piece == Piece::Mark(mark)
    }
}

/// A path that leads out of its top module.
#[derive(Debug, PartialEq)]
pub struct Import {
    /// Where it is written.
    pub line: usize,
    /// The top module it leads to.
    pub to: String,
}

/// Every source file of the library and the program.
pub fn all() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    collect(&root.join("src"), &mut paths);
    paths.sort();
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        Source::new(&name, &fs::read_to_string(path).unwrap())
    };
    paths.iter().map(read).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

impl Source {
    /// Reads a file of this name.
    pub fn new(path: &str, text: &str) -> Source {
        let mut module: Vec<String> =
            path.trim_start_matches("src/").trim_end_matches(".rs").split('/').map(str::to_owned).collect();
        if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) && path != "src/main.rs" {
            module.pop();
        }
        let mut tokens = tokens(text);
        let is_all_tests = path.ends_with("/tests.rs");
        let first_of_tests = mark_tests(&mut tokens, is_all_tests);
        let lines = if is_all_tests { 0 } else { first_of_tests.map_or(text.lines().count(), |line| line - 1) };
        Source { path: path.to_owned(), module, tokens, lines }
    }

    /// The module at the top of the tree it belongs to; the root of the library has none.
    pub fn top(&self) -> Option<&str> {
        self.module.first().map(String::as_str)
    }

    /// Words and texts outside tests, with their lines.
    pub fn names(&self) -> impl Iterator<Item = (usize, &str)> {
        self.tokens.iter().filter(|token| !token.in_tests).filter_map(|token| match &token.piece {
            Piece::Word(text) | Piece::Text(text) => Some((token.line, text.as_str())),
            Piece::Path | Piece::Mark(_) => None,
        })
    }

    /// Every path that starts at `crate`, at the library's name or climbs with `super`, where it leads to another top module.
    pub fn imports(&self) -> Vec<Import> {
        let mut found = Vec::new();
        // One entry for each open brace: whether a module opened it.
        let mut braces: Vec<bool> = Vec::new();
        for at in 0..self.tokens.len() {
            let token = &self.tokens[at];
            if token.is_mark('{') {
                braces.push(at >= 2 && self.tokens[at - 2].is_word("mod"));
            } else if token.is_mark('}') {
                braces.pop();
            }
            if at > 0 && self.tokens[at - 1].piece == Piece::Path {
                continue;
            }
            let depth = self.module.len() + braces.iter().filter(|is_module| **is_module).count();
            if let Some(start) = self.start_at_root(at, depth) {
                self.heads(start, &mut found);
            }
        }
        found.retain(|import| Some(import.to.as_str()) != self.top());
        found
    }

    /// Where a path that begins at `at` goes on from the root of the crate.
    fn start_at_root(&self, at: usize, depth: usize) -> Option<usize> {
        let is_step = |at: usize, word: &str| {
            self.tokens.get(at).is_some_and(|token| token.is_word(word))
                && self.tokens.get(at + 1).is_some_and(|token| token.piece == Piece::Path)
        };
        if is_step(at, "crate") || is_step(at, "llmc") {
            return Some(at + 2);
        }
        let climbed = (0..).take_while(|step| is_step(at + 2 * step, "super")).count();
        (climbed > 0 && climbed >= depth).then_some(at + 2 * climbed)
    }

    /// The first words of a path, or of each path in a group.
    fn heads(&self, start: usize, found: &mut Vec<Import>) {
        let mut note = |token: &Token| {
            if let Piece::Word(word) = &token.piece
                && word != "self"
            {
                found.push(Import { line: token.line, to: word.clone() });
            }
        };
        let Some(first) = self.tokens.get(start) else { return };
        if !first.is_mark('{') {
            return note(first);
        }
        let mut depth = 0;
        for (at, token) in self.tokens.iter().enumerate().skip(start) {
            match token.piece {
                Piece::Mark('{') => depth += 1,
                Piece::Mark('}') => depth -= 1,
                _ if depth == 1 && matches!(self.tokens[at - 1].piece, Piece::Mark('{' | ',')) => note(token),
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }
}

/// Marks what lies in modules named `tests`; returns the line of the first one's attributes.
fn mark_tests(tokens: &mut [Token], all: bool) -> Option<usize> {
    let mut first = None;
    let mut depth = 0_usize;
    let mut inside: Option<usize> = all.then_some(0);
    for at in 0..tokens.len() {
        if tokens[at].is_mark('{') {
            depth += 1;
            if inside.is_none() && at >= 2 && tokens[at - 1].is_word("tests") && tokens[at - 2].is_word("mod") {
                inside = Some(depth);
                first = first.or_else(|| test_attribute(&tokens[..at]));
            }
        }
        tokens[at].in_tests = inside.is_some();
        if tokens[at].is_mark('}') {
            if inside == Some(depth) {
                inside = None;
            }
            depth = depth.saturating_sub(1);
        }
    }
    first
}

/// The line of the last `#[cfg(test)]`.
fn test_attribute(before: &[Token]) -> Option<usize> {
    let at = before.iter().rposition(|token| token.is_word("cfg"))?;
    before.get(at + 2).filter(|token| token.is_word("test"))?;
    Some(before[at].line)
}

/// Splits source into pieces, leaving out comments.
fn tokens(text: &str) -> Vec<Token> {
    let characters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < characters.len() {
        let (length, piece) = next(&characters[at..]);
        if let Some(piece) = piece {
            tokens.push(Token { line, piece, in_tests: false });
        }
        line += characters[at..at + length].iter().filter(|character| **character == '\n').count();
        at += length;
    }
    tokens
}

/// The piece that comes next and how long it is; none where it is a comment, a blank or a character literal.
fn next(rest: &[char]) -> (usize, Option<Piece>) {
    let second = rest.get(1).copied().unwrap_or(' ');
    match rest[0] {
        '/' if second == '/' => (until(rest, 0, |_, character| character == '\n'), None),
        '/' if second == '*' => (until(rest, 2, |at, _| rest[at - 2..at] == ['*', '/']), None),
        '"' => literal(rest, 0, 0),
        'b' | 'c' if second == '"' => literal(rest, 1, 0),
        'r' | 'b' if second == '#' || second == '"' || second == 'r' => raw(rest).unwrap_or_else(|| word(rest)),
        '\'' if second == '\\' => (until(rest, 3, |at, _| rest[at - 1] == '\''), None),
        '\'' if rest.get(2) == Some(&'\'') => (3, None),
        ':' if second == ':' => (2, Some(Piece::Path)),
        first if first.is_alphanumeric() || first == '_' => word(rest),
        first if first.is_whitespace() => (1, None),
        first => (1, Some(Piece::Mark(first))),
    }
}

fn until(rest: &[char], from: usize, is_end: impl Fn(usize, char) -> bool) -> usize {
    (from..rest.len()).find(|at| *at > 0 && is_end(*at, rest[*at])).unwrap_or(rest.len())
}

fn word(rest: &[char]) -> (usize, Option<Piece>) {
    let length = until(rest, 1, |_, character| !character.is_alphanumeric() && character != '_');
    (length, Some(Piece::Word(rest[..length].iter().collect())))
}

/// A text literal whose quote comes after `prefix` characters and is followed by `hashes` at its end.
fn literal(rest: &[char], prefix: usize, hashes: usize) -> (usize, Option<Piece>) {
    let is_raw = rest[..prefix].contains(&'r');
    let mut at = prefix + 1;
    while at < rest.len() {
        let ends = rest[at] == '"' && rest[at + 1..].iter().take(hashes).filter(|mark| **mark == '#').count() == hashes;
        if ends {
            break;
        }
        at += if rest[at] == '\\' && !is_raw { 2 } else { 1 };
    }
    let inside = rest.get(prefix + 1..at).unwrap_or_default().iter().collect();
    ((at + 1 + hashes).min(rest.len()), Some(Piece::Text(inside)))
}

/// `r"…"`, `r#"…"#`, `br"…"`; none where it only looks like one.
fn raw(rest: &[char]) -> Option<(usize, Option<Piece>)> {
    let letters = rest.iter().take_while(|character| matches!(character, 'r' | 'b')).count();
    let hashes = rest[letters..].iter().take_while(|character| **character == '#').count();
    (rest.get(letters + hashes) == Some(&'"')).then(|| literal(rest, letters + hashes, hashes))
}
