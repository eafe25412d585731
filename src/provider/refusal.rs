//! A provider's refusal as an error: what its status means, when to come back, and what its body says in one line.
//! Pure; no bytes are read here.

use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};

use crate::config::secret::Secret;
use crate::error::{Error, Kind, LimitedBy, Said};

/// Characters of a vendor's message that are shown.
const SHOWN: usize = 500;

/// The error for a status other than 2xx. Says nothing about which key was missing: the caller knows its name.
pub fn refusal(provider: &str, status: u16, cause: Option<String>, retry_after: Option<Duration>) -> Error {
    let kind = match status {
        401 | 403 => Kind::Key,
        429 => Kind::RateLimit,
        _ => Kind::Provider,
    };
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let spelled = reason.map(|reason| format!(" {reason}")).unwrap_or_default();
    let mut error = Error::new(kind, format!("`{provider}` answered {status}{spelled}")).upstream_status(status);
    if status == 429 {
        error = error.limited_by(LimitedBy::Provider);
    }
    if let Some(cause) = cause {
        error = error.because(cause);
    }
    match retry_after {
        Some(wait) => error.retry_after(wait),
        None => error,
    }
}

/// What vendors and servers say of a prompt that is longer than the model's context.
const TOO_LONG: [&str; 7] = [
    "context length",
    "context size",
    "context window",
    "context_length",
    "prompt is too long",
    "input is too long",
    "reduce the length of the messages",
];

/// True where a provider refused a prompt for its length.
pub fn is_too_long(error: &Error) -> bool {
    let is_refusal = matches!(error.upstream_status_value(), Some(400 | 413 | 422));
    let cause = error.cause().unwrap_or_default().to_ascii_lowercase();
    is_refusal && TOO_LONG.iter().any(|words| cause.contains(words))
}

/// How long the answer asks to wait: `retry-after-ms`, else `Retry-After` as seconds or as a date.
///
/// A date is measured from the answer's own `Date`, so that a wrong clock on this side changes nothing.
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |value: Option<&HeaderValue>| Some(value?.to_str().ok()?.trim().to_owned());
    if let Some(millis) = text(headers.get("retry-after-ms")).and_then(|text| text.parse::<f64>().ok()) {
        return Duration::try_from_secs_f64(millis / 1000.0).ok();
    }
    let asked = text(headers.get(RETRY_AFTER))?;
    if let Ok(seconds) = asked.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let until = httpdate::parse_http_date(&asked).ok()?;
    let sent = text(headers.get(DATE)).and_then(|date| httpdate::parse_http_date(&date).ok());
    Some(until.duration_since(sent.unwrap_or(now)).unwrap_or_default())
}

/// What a refusal's body says, for one line: the vendor's `message` where it has one, the title of an HTML page, else
/// its text.
pub fn cause(body: &[u8], message: Option<String>, secrets: &[(&'static str, Secret)]) -> Option<String> {
    let said = message.or_else(|| {
        let text = String::from_utf8_lossy(body);
        html_title(&text).or_else(|| Some(text.into_owned()))
    })?;
    let said = one_line(&without_secrets(said, secrets));
    (!said.is_empty()).then_some(said)
}

/// Headers of a refusal that tell a vendor's own clients whether and when to ask again, and what to quote.
const TELLING: [&str; 6] =
    ["content-type", "retry-after", "retry-after-ms", "x-should-retry", "request-id", "x-request-id"];

/// A refusal word for word, without the key some vendors quote.
pub fn verbatim(head: &HeaderMap, body: Vec<u8>, secrets: &[(&'static str, Secret)]) -> Said {
    let told = TELLING.iter().filter_map(|name| Some((*name, head.get(*name)?.to_str().ok()?.to_owned())));
    let body = match String::from_utf8(body) {
        Ok(text) => without_secrets(text, secrets).into(),
        Err(other) => other.into_bytes().into(),
    };
    Said { headers: told.collect(), body }
}

fn html_title(text: &str) -> Option<String> {
    // ASCII case only, so that offsets stay those of the original.
    let lower = text.to_ascii_lowercase();
    let start = lower.trim_start();
    if !start.starts_with("<!doctype html") && !start.starts_with("<html") {
        return None;
    }
    let title = lower.find("<title").and_then(|open| {
        let from = open + lower.get(open..)?.find('>')? + 1;
        let to = from + lower.get(from..)?.find("</title")?;
        text.get(from..to).map(one_line).filter(|title| !title.is_empty())
    });
    Some(title.map_or_else(|| "an HTML page".to_owned(), |title| format!("an HTML page titled `{title}`")))
}

/// Some vendors quote the key they refuse.
fn without_secrets(mut text: String, secrets: &[(&'static str, Secret)]) -> String {
    // Shorter words, such as a scheme's name, are no secret and occur in honest prose.
    let telling = |word: &&str| word.len() >= 8;
    for word in secrets.iter().flat_map(|(_, secret)| secret.reveal().split_whitespace()).filter(telling) {
        if text.contains(word) {
            text = text.replace(word, "…");
        }
    }
    text
}

/// Text from outside as one harmless line of bounded length.
pub fn one_line(text: &str) -> String {
    let mut line = String::new();
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    for (index, word) in words.enumerate() {
        if index > 0 {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() > 4 * SHOWN {
            break;
        }
    }
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    fn wait(pairs: &[(&'static str, &str)]) -> Option<Duration> {
        // Sun, 06 Nov 1994 08:49:37 GMT
        retry_after(&headers(pairs), UNIX_EPOCH + Duration::from_secs(784_111_777))
    }

    #[test]
    fn the_status_says_whose_fault_it_is() {
        let kind = |status| refusal("openai", status, None, None).kind();
        assert_eq!(kind(401), Kind::Key);
        assert_eq!(kind(403), Kind::Key);
        assert_eq!(kind(429), Kind::RateLimit);
        for other in [400, 404, 408, 500, 504, 529] {
            assert_eq!(kind(other), Kind::Provider);
        }
    }

    #[test]
    fn a_refusal_reads_as_one_sentence() {
        let error = refusal("openai", 429, Some("slow down".into()), Some(Duration::from_secs(2)));

        assert_eq!(error.to_string(), "`openai` answered 429 Too Many Requests: slow down");
        assert_eq!(error.limited_by_value(), Some(LimitedBy::Provider));
        assert_eq!(error.retry_after_value(), Some(Duration::from_secs(2)));
        assert_eq!(error.upstream_status_value(), Some(429));
        assert_eq!(refusal("a", 529, None, None).to_string(), "`a` answered 529");
    }

    #[test]
    fn a_prompt_that_is_too_long_is_recognised_in_every_vendors_words() {
        for said in [
            "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.",
            "prompt is too long: 208310 tokens > 200000 maximum",
            "the request exceeds the available context size, try increasing it",
            "Please reduce the length of the messages or completion.",
            "Your input exceeds the context window of this model.",
        ] {
            assert!(is_too_long(&refusal("a", 400, Some(said.into()), None)), "{said}");
            assert!(!is_too_long(&refusal("a", 500, Some(said.into()), None)), "{said}");
        }
        assert!(!is_too_long(&refusal("a", 400, Some("no such model".into()), None)));
        assert!(!is_too_long(&refusal("a", 400, None, None)));
    }

    #[test]
    fn a_wait_is_read_in_every_spelling() {
        assert_eq!(wait(&[("retry-after", "12")]), Some(Duration::from_secs(12)));
        assert_eq!(wait(&[("retry-after", "0.5")]), Some(Duration::from_millis(500)));
        assert_eq!(wait(&[("retry-after-ms", "250"), ("retry-after", "1")]), Some(Duration::from_millis(250)));
        assert_eq!(wait(&[("retry-after", "Sun, 06 Nov 1994 08:49:47 GMT")]), Some(Duration::from_secs(10)));
    }

    #[test]
    fn a_date_is_measured_from_the_answers_own_date() {
        let skewed = [("retry-after", "Mon, 07 Nov 1994 00:00:05 GMT"), ("date", "Mon, 07 Nov 1994 00:00:00 GMT")];
        assert_eq!(wait(&skewed), Some(Duration::from_secs(5)));
    }

    #[test]
    fn a_wait_that_is_none_is_ignored_and_one_gone_by_is_over() {
        for nonsense in ["", "soon", "-1", "inf", "NaN", "1e300"] {
            assert_eq!(wait(&[("retry-after", nonsense)]), None, "{nonsense}");
        }
        assert_eq!(wait(&[("retry-after", "Sat, 05 Nov 1994 08:49:37 GMT")]), Some(Duration::ZERO));
    }

    #[test]
    fn an_html_page_shrinks_to_its_title() {
        let page = b"\n<!DOCTYPE html>\n<html><head><TITLE lang=en>502\n Bad Gateway</TITLE></head><body>long</body>";
        assert_eq!(cause(page, None, &[]).unwrap(), "an HTML page titled `502 Bad Gateway`");
        assert_eq!(cause(b"<html><title>", None, &[]).unwrap(), "an HTML page");
    }

    #[test]
    fn the_vendors_message_comes_before_the_raw_body() {
        assert_eq!(cause(b"{}", Some("no such model".into()), &[]).unwrap(), "no such model");
        assert_eq!(cause(b" upstream\r\n down ", None, &[]).unwrap(), "upstream down");
        assert_eq!(cause(b"", None, &[]), None);
    }

    #[test]
    fn a_key_quoted_by_the_vendor_is_not_shown() {
        let secrets = [("authorization", Secret::new("Bearer sk-very-secret"))];
        let said = cause(b"Bearer key sk-very-secret is wrong", None, &secrets).unwrap();
        assert_eq!(said, "Bearer key … is wrong");
    }

    #[test]
    fn what_is_shown_is_short_and_harmless() {
        let line = one_line(&format!("\u{1b}[31m{}", "é".repeat(10_000)));
        assert_eq!(line.chars().count(), SHOWN + 1);
        assert!(line.starts_with("[31mé") && line.ends_with('…'));
    }
}
