//! What to say of an answer that is none: the same words for every vendor. It decides nothing about retries.

use serde_json::Value;
use serde_json::error::Category;

use crate::error::{Error, Kind};
use crate::provider::sse::Event;

/// The most characters of an answer that an error quotes.
const LONGEST_EXCERPT: usize = 200;

/// The most characters of a vendor's own message.
const LONGEST_MESSAGE: usize = 500;

/// A text on one line, without control characters, cut where it is too long.
pub fn printable(text: &str, longest: usize) -> String {
    let mut line = String::new();
    let mut count = 0;
    for word in text.split(|character: char| character.is_whitespace() || character.is_control()) {
        if word.is_empty() {
            continue;
        }
        if count > 0 {
            line.push(' ');
            count += 1;
        }
        for character in word.chars() {
            if count + 1 >= longest {
                line.push('…');
                return line;
            }
            line.push(character);
            count += 1;
        }
    }
    line
}

fn excerpt(answer: &[u8]) -> String {
    // Bytes enough for every character wanted, so that a huge page is not read whole.
    let start = answer.get(..LONGEST_EXCERPT * 8).unwrap_or(answer);
    printable(&String::from_utf8_lossy(start), LONGEST_EXCERPT)
}

fn fault(message: impl Into<String>) -> Error {
    Error::new(Kind::Provider, message)
}

/// An answer that could not be read as `what`.
pub fn unreadable(what: &str, answer: &[u8], cause: &serde_json::Error) -> Error {
    let quoted = excerpt(answer);
    match (answer.trim_ascii_start().first(), cause.classify()) {
        (None, _) => fault("the provider answered with nothing"),
        (Some(b'<'), _) => fault("the provider answered with HTML, not JSON").because(quoted),
        (_, Category::Eof) => fault("the provider's answer is cut").because(quoted),
        (_, Category::Data) => fault(format!("the provider's answer is no {what}")).because(quoted),
        (_, Category::Io | Category::Syntax) => fault("the provider's answer is not JSON").because(quoted),
    }
}

/// An answer that is JSON but lacks what makes it `what`.
pub fn lacking(what: &str, lack: &str, answer: &[u8]) -> Error {
    fault(format!("the provider's answer is no {what}, it has no {lack}")).because(excerpt(answer))
}

/// An error object where an answer should be.
pub fn reported(answer: &[u8]) -> Error {
    let cause = error_message(answer).unwrap_or_else(|| excerpt(answer));
    fault("the provider answered with an error").because(printable(&cause, LONGEST_EXCERPT))
}

/// An error in the middle of a stream.
pub fn reported_in_stream(event: &Event) -> Error {
    let data = event.data.as_bytes();
    let cause = error_message(data).unwrap_or_else(|| excerpt(data));
    fault("the provider broke its stream off with an error").because(printable(&cause, LONGEST_EXCERPT))
}

/// An event that makes no sense where it stands.
pub fn broken_event(event: &Event, lack: &str) -> Error {
    fault(format!("an event of the provider's stream {lack}")).because(excerpt(event.data.as_bytes()))
}

/// A stream that ended before its answer did.
pub fn cut_stream(lack: &str) -> Error {
    fault("the provider's stream is cut").because(lack)
}

/// The message in an error's body, in the shapes vendors and those who copy them use.
pub fn error_message(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let body = body.get(0).unwrap_or(&body);
    let error = body.get("error");
    let candidates = [
        error.and_then(|error| error.get("message")),
        error,
        body.get("message"),
        body.get("detail"),
        body.pointer("/detail/message"),
        body.pointer("/detail/0/msg"),
    ];
    let message = candidates.into_iter().flatten().find_map(Value::as_str)?;
    Some(printable(message, LONGEST_MESSAGE)).filter(|message| !message.is_empty())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_never_reach_a_terminal() {
        assert_eq!(printable("a\u{1b}[31mb\r\n\tc\u{9b}d\0", 80), "a [31mb c d");
    }

    #[test]
    fn a_long_text_is_cut() {
        let text = "ä".repeat(900);

        assert_eq!(printable(&text, 200).chars().count(), 200);
        assert!(printable(&text, 200).ends_with('…'));
    }

    #[test]
    fn the_message_is_found_in_every_shape() {
        for body in [
            r#"{"error":{"message":"no","type":"x"}}"#,
            r#"{"type":"error","error":{"type":"x","message":"no"}}"#,
            r#"{"error":"no"}"#,
            r#"{"message":"no"}"#,
            r#"{"object":"error","message":"no","code":400}"#,
            r#"{"detail":"no"}"#,
            r#"{"detail":[{"loc":["body"],"msg":"no"}]}"#,
            r#"[{"error":{"message":"no"}}]"#,
            r#"{"error":null,"message":"no"}"#,
        ] {
            assert_eq!(error_message(body.as_bytes()).as_deref(), Some("no"), "{body}");
        }
    }

    #[test]
    fn where_there_is_no_message_none_is_made_up() {
        for body in ["", "<html>", "{}", "[]", "7", r#"{"error":{}}"#, r#"{"error":{"message":""}}"#] {
            assert_eq!(error_message(body.as_bytes()), None, "{body}");
        }
    }

    #[test]
    fn an_unreadable_answer_is_called_what_it_is() {
        for (answer, words) in [
            ("", "answered with nothing"),
            (" \n", "answered with nothing"),
            ("<!DOCTYPE html><h1>Bad gateway</h1>", "HTML"),
            ("{\"a\":", "is cut"),
            ("upstream timed out", "not JSON"),
            ("7", "no map"),
        ] {
            let cause = serde_json::from_str::<serde_json::Map<String, Value>>(answer).unwrap_err();

            let error = unreadable("map", answer.as_bytes(), &cause);

            assert!(error.to_string().contains(words), "{error}");
        }
    }
}
