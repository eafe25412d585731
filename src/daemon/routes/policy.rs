//! How a request may use the cache: what is configured, what its `Cache-Control` says (RFC 9111, section 5.2.1), what
//! its body asks for; the later counts.

use std::path::Path;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::header::CACHE_CONTROL;

use super::asker::Asker;
use crate::api::generate::CacheRequest;
use crate::api::span::Span;
use crate::daemon::state::Daemon;
use crate::error::{Error, Kind, Result};
use crate::exchange::{CachePolicy, Mode};

/// The longest name of a namespace or a run.
const LONGEST_NAME: usize = 200;

/// As good as for ever.
const ANY_SPAN: Duration = Duration::from_secs(u32::MAX as u64);

/// What `Cache-Control` of a request says. Words that are not known count for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    no_cache: bool,
    no_store: bool,
    only_if_cached: bool,
    max_age: Option<Duration>,
    min_fresh: Option<Duration>,
    max_stale: Option<Duration>,
    stale_if_error: Option<Duration>,
}

impl Words {
    /// Reads them from a request's head.
    pub fn read(head: &HeaderMap) -> Result<Words> {
        let mut words = Words::default();
        for value in head.get_all(CACHE_CONTROL) {
            let value = value.to_str().map_err(|_| unreadable("it holds other characters than ASCII"))?;
            for directive in value.split(',').map(str::trim).filter(|directive| !directive.is_empty()) {
                words.take(directive)?;
            }
        }
        Ok(words)
    }

    fn take(&mut self, directive: &str) -> Result<()> {
        let (name, value) = match directive.split_once('=') {
            Some((name, value)) => (name.trim(), Some(value.trim().trim_matches('"'))),
            None => (directive, None),
        };
        let span = || match value.map(str::parse) {
            // More seconds than a number holds are as good as for ever (RFC 9111, section 1.2.2).
            Some(Ok(seconds)) => Ok(Duration::from_secs(seconds).min(ANY_SPAN)),
            Some(Err(_)) if value.is_some_and(is_number) => Ok(ANY_SPAN),
            _ => Err(unreadable(&format!("`{name}` takes a number of seconds"))),
        };
        match name.to_ascii_lowercase().as_str() {
            "no-cache" => self.no_cache = true,
            "no-store" => self.no_store = true,
            "only-if-cached" => self.only_if_cached = true,
            "max-age" => self.max_age = Some(span()?),
            "min-fresh" => self.min_fresh = Some(span()?),
            "max-stale" if value.is_none() => self.max_stale = Some(ANY_SPAN),
            "max-stale" => self.max_stale = Some(span()?),
            "stale-if-error" => self.stale_if_error = Some(span()?),
            _ => {}
        }
        Ok(())
    }

    /// The mode they make of the one that is configured. Who is kept from calling out, or from the cache, stays so.
    fn mode(&self, configured: Mode) -> Mode {
        match configured {
            Mode::Replay => Mode::Replay,
            _ if self.only_if_cached => Mode::Replay,
            Mode::Off => Mode::Off,
            _ if self.no_store => Mode::Off,
            _ if self.no_cache || self.max_age == Some(Duration::ZERO) => Mode::Refresh,
            configured => configured,
        }
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn unreadable(cause: &str) -> Error {
    Error::new(Kind::Usage, "cannot read `Cache-Control`").because(cause)
}

/// How a request may use the cache.
pub fn policy(asked: &CacheRequest, asker: &Asker) -> Result<CachePolicy> {
    let (configured, words) = (&asker.house.settings.cache, &asker.words);
    let span = |asked: Option<Span>, said: Option<Duration>, configured: Duration| {
        asked.map(|span| span.0).or(said).unwrap_or(configured)
    };
    // What is switched off stays off for whoever does not ask for more.
    let configured_mode = if configured.enabled { configured.mode } else { Mode::Off };
    let namespace = named("namespace", asked.namespace.clone().unwrap_or_else(|| configured.namespace.clone()))?;
    if namespace.is_empty() {
        return Err(Error::new(Kind::Usage, "`namespace` is empty"));
    }
    Ok(CachePolicy {
        cassette: cassette(asked.cassette.as_deref(), asker)?.map(Path::to_owned),
        mode: asked.mode.unwrap_or_else(|| words.mode(configured_mode)),
        namespace,
        sample: asked.sample.unwrap_or(0),
        ttl: span(asked.ttl, None, configured.ttl),
        max_age: asked.max_age.map(|span| span.0).or(words.max_age),
        min_fresh: words.min_fresh.unwrap_or_default(),
        max_stale: words.max_stale.unwrap_or_default(),
        stale_if_error: span(asked.stale_if_error, words.stale_if_error, configured.stale_if_error),
        stale_while_revalidate: span(asked.stale_while_revalidate, None, configured.stale_while_revalidate),
    })
}

fn cassette<'a>(path: Option<&'a Path>, asker: &Asker) -> Result<Option<&'a Path>> {
    if path.is_some() && asker.imposed().is_some() {
        return Err(Error::new(Kind::Forbidden, "`cassette` names a file, which is not for this door"));
    }
    if path.is_some_and(|path| !path.is_absolute()) {
        return Err(Error::new(Kind::Usage, "`cassette` is no absolute path"));
    }
    Ok(path)
}

/// Fails where the cassette of what is about to be done cannot be read, so that nothing of it is done.
pub async fn check_cassette(path: Option<&Path>, daemon: &Daemon, asker: &Asker) -> Result<()> {
    match cassette(path, asker)? {
        Some(path) => daemon.pipeline.check_cassette(path).await,
        None => Ok(()),
    }
}

/// A name of a namespace or a run, where it is fit to be one.
pub fn named(field: &str, name: String) -> Result<String> {
    if name.len() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(Error::new(Kind::Usage, format!("`{field}` is no name"))
            .because(format!("it has control characters or is longer than {LONGEST_NAME} bytes")));
    }
    Ok(name)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn words(value: &str) -> Result<Words> {
        let mut head = HeaderMap::new();
        head.insert(CACHE_CONTROL, value.parse().unwrap());
        Words::read(&head)
    }

    #[test]
    fn words_are_read_however_they_are_spelled() {
        let read = words(r#"Max-Age="5",, min-fresh = 7 , max-stale, stale-if-error=99999999999999999999999, x=y"#);

        let read = read.unwrap();

        assert_eq!(read.max_age, Some(Duration::from_secs(5)));
        assert_eq!(read.min_fresh, Some(Duration::from_secs(7)));
        assert_eq!((read.max_stale, read.stale_if_error), (Some(ANY_SPAN), Some(ANY_SPAN)));
        assert_eq!(words("max-stale=3").unwrap().max_stale, Some(Duration::from_secs(3)));
    }

    #[test]
    fn a_span_that_is_none_is_refused() {
        for value in ["max-age", "max-age=", "max-age=-1", "min-fresh=soon", "max-stale=x"] {
            assert_eq!(words(value).unwrap_err().kind(), Kind::Usage, "{value}");
        }
    }

    #[test]
    fn the_word_that_calls_least_wins() {
        let mode = |value: &str, configured| words(value).unwrap().mode(configured);
        assert_eq!(mode("no-cache", Mode::Auto), Mode::Refresh);
        assert_eq!(mode("max-age=0", Mode::Auto), Mode::Refresh);
        assert_eq!(mode("max-age=1", Mode::Auto), Mode::Auto);
        assert_eq!(mode("no-cache, no-store", Mode::Auto), Mode::Off);
        assert_eq!(mode("only-if-cached, no-cache", Mode::Auto), Mode::Replay);
        assert_eq!(mode("no-cache", Mode::Off), Mode::Off);
        assert_eq!(mode("only-if-cached", Mode::Off), Mode::Replay);
        assert_eq!(mode("no-store", Mode::Replay), Mode::Replay);
    }
}
