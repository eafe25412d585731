//! What a key is: where its value goes, what it takes, how it is shown. The keys themselves are in `keys`.

use std::path::PathBuf;
use std::time::Duration;

use crate::config::secret::Secret;
use crate::config::settings::{Backend, Durability, KINDS, LogFormat, Settings, Unpriced, WhenStoreDown};
use crate::config::value::{Raw, Value, Wrong, is_plain, listed, quoted, show_size, show_span};
use crate::exchange::Mode;
use crate::money::{Price, Usd};

/// The place of a value among the settings; the name stands where the key's path has `*`.
pub(super) type At<T> = for<'a> fn(&'a mut Settings, &str) -> &'a mut T;

/// What a key takes, and where it is put.
#[derive(Clone, Copy)]
pub(super) enum Slot {
    Flag(At<bool>),
    Count(At<u32>, u32),
    Size(At<u64>, u64),
    Span(At<Duration>, Duration),
    Mode(At<Mode>),
    Backend(At<Backend>),
    Durability(At<Durability>),
    LogFormat(At<LogFormat>),
    WhenStoreDown(At<WhenStoreDown>),
    Text(At<String>, Shape),
    MaybeText(At<Option<String>>, Shape),
    File(At<Option<PathBuf>>),
    StoreUrl(At<Option<Secret>>),
    Texts(At<Vec<String>>),
    Price(At<Price>),
    MaybePrice(At<Option<Price>>),
    MaybeCount(At<Option<u32>>, u32),
    MaybeDollars(At<Option<Usd>>),
    /// Thousandths; written as a fraction.
    Share(At<u32>),
    Unpriced(At<Unpriced>),
}

/// What a text must look like.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// Anything visible.
    Plain,
    /// Part of a key in a store.
    Label,
    /// One of the providers' kinds.
    Kind,
    /// Where a provider is.
    Url,
    /// An address and port that only this machine can reach.
    Loopback,
    /// The name of an environment variable.
    Variable,
}

/// Which files may set a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The user's own file, and a project's: it concerns the one call only.
    Call,
    /// The user's own file alone: it decides where keys and data go.
    User,
}

/// One key.
pub struct Known {
    /// Dotted; `*` stands for a name.
    pub path: &'static str,
    /// What it means, in a sentence.
    pub about: &'static str,
    /// Which files may set it.
    pub scope: Scope,
    /// The variable of the setting.
    pub variable: Option<&'static str>,
    /// True where the variable's value goes with each request: it is of the shell that asks, not of the one that
    /// happened to start the daemon.
    pub travels: bool,
    /// The variable of the flag that stands for the setting: for one call, so that the daemon leaves it alone.
    pub flag_variable: Option<&'static str>,
    /// A value for the template where nothing is built in, as TOML.
    pub example: &'static str,
    slot: Slot,
}

pub(super) const fn known(path: &'static str, slot: Slot) -> Known {
    Known {
        path,
        about: "",
        scope: Scope::User,
        variable: None,
        travels: false,
        flag_variable: None,
        example: "",
        slot,
    }
}

impl Known {
    pub(super) const fn about(self, about: &'static str) -> Known {
        Known { about, ..self }
    }

    pub(super) const fn variable(self, variable: &'static str) -> Known {
        Known { variable: Some(variable), ..self }
    }

    pub(super) const fn travelling(self) -> Known {
        Known { travels: true, ..self }
    }

    pub(super) const fn flag_variable(self, variable: &'static str) -> Known {
        Known { flag_variable: Some(variable), ..self }
    }

    pub(super) const fn for_projects(self) -> Known {
        Known { scope: Scope::Call, ..self }
    }

    pub(super) const fn example(self, example: &'static str) -> Known {
        Known { example, ..self }
    }
}

impl Known {
    /// The name among `segments` that stands for `*`; `None` where this is not their key.
    pub fn name_in<'a>(&self, segments: &[&'a str]) -> Option<&'a str> {
        let mut name = "";
        let mut pattern = Some(self.path);
        for segment in segments {
            let (below, stands_for_any) = behind(pattern?, segment)?;
            pattern = below;
            if stands_for_any {
                name = segment;
            }
        }
        pattern.is_none().then_some(name)
    }

    /// True where `segments` are the table this key is in, or a table around that.
    pub fn is_below(&self, segments: &[&str]) -> bool {
        let below = segments.iter().try_fold(self.path, |pattern, segment| behind(pattern, segment)?.0);
        below.is_some()
    }

    /// Reads a value and puts it in its place.
    pub fn put(&self, settings: &mut Settings, name: &str, raw: Raw<'_>) -> Result<(), Wrong> {
        self.check_name(name)?;
        match self.slot {
            Slot::Flag(at) => *at(settings, name) = raw.flag()?,
            Slot::Count(at, least) => *at(settings, name) = raw.count(least)?,
            Slot::Size(at, least) => *at(settings, name) = raw.size(least)?,
            Slot::Span(at, least) => *at(settings, name) = raw.span(least)?,
            Slot::Mode(at) => *at(settings, name) = word(raw, MODES)?,
            Slot::Backend(at) => *at(settings, name) = word(raw, BACKENDS)?,
            Slot::Durability(at) => *at(settings, name) = word(raw, DURABILITIES)?,
            Slot::LogFormat(at) => *at(settings, name) = word(raw, LOG_FORMATS)?,
            Slot::WhenStoreDown(at) => *at(settings, name) = word(raw, WHENS)?,
            Slot::Text(at, shape) => *at(settings, name) = shape.read(raw)?,
            Slot::MaybeText(at, shape) => *at(settings, name) = Some(shape.read(raw)?),
            Slot::File(at) => *at(settings, name) = Some(PathBuf::from(Shape::Plain.read(raw)?)),
            Slot::StoreUrl(at) => *at(settings, name) = Some(read_store_url(raw)?),
            Slot::Texts(at) => *at(settings, name) = raw.texts()?,
            Slot::Price(at) => *at(settings, name) = raw.price()?,
            Slot::MaybePrice(at) => *at(settings, name) = Some(raw.price()?),
            Slot::MaybeCount(at, least) => *at(settings, name) = Some(raw.count(least)?),
            Slot::MaybeDollars(at) => *at(settings, name) = Some(raw.dollars()?),
            Slot::Share(at) => *at(settings, name) = raw.share()?,
            Slot::Unpriced(at) => *at(settings, name) = word(raw, UNPRICED)?,
        }
        Ok(())
    }

    /// The value in its place; `None` where there is none. Takes a copy of the settings, since asking for a name
    /// makes its place.
    pub fn value(&self, settings: &mut Settings, name: &str) -> Option<Value> {
        match self.slot {
            Slot::Flag(at) => Some(Value::Flag(*at(settings, name))),
            Slot::Count(at, _) => Some(Value::Count(*at(settings, name))),
            Slot::Size(at, _) => Some(Value::Text(show_size(*at(settings, name)))),
            Slot::Span(at, _) => Some(Value::Text(show_span(*at(settings, name)))),
            Slot::Mode(at) => Some(spelled(*at(settings, name), MODES)),
            Slot::Backend(at) => Some(spelled(*at(settings, name), BACKENDS)),
            Slot::Durability(at) => Some(spelled(*at(settings, name), DURABILITIES)),
            Slot::LogFormat(at) => Some(spelled(*at(settings, name), LOG_FORMATS)),
            Slot::WhenStoreDown(at) => Some(spelled(*at(settings, name), WHENS)),
            Slot::Text(at, _) => {
                Some(Value::Text(at(settings, name).clone())).filter(|value| *value != Value::Text(String::new()))
            }
            Slot::MaybeText(at, _) => at(settings, name).clone().map(Value::Text),
            Slot::File(at) => at(settings, name).as_ref().map(|path| Value::Text(path.display().to_string())),
            Slot::StoreUrl(at) => at(settings, name).as_ref().map(|url| Value::Text(without_password(url.reveal()))),
            Slot::Texts(at) => Some(Value::Texts(at(settings, name).clone())),
            Slot::Price(at) => Some(Value::Price(*at(settings, name))),
            Slot::MaybePrice(at) => at(settings, name).map(Value::Price),
            Slot::MaybeCount(at, _) => at(settings, name).map(Value::Count),
            Slot::MaybeDollars(at) => at(settings, name).map(|sum| Value::Number(sum.dollars())),
            Slot::Share(at) => Some(Value::Number(f64::from(*at(settings, name)) / 1000.0)),
            Slot::Unpriced(at) => Some(spelled(*at(settings, name), UNPRICED)),
        }
    }

    /// The type, in a word or two, for documentation.
    pub fn takes(&self) -> &'static str {
        match self.slot {
            Slot::Flag(_) => "true or false",
            Slot::Count(..) | Slot::MaybeCount(..) => "whole number",
            Slot::Size(..) => "size",
            Slot::Span(..) => "duration",
            Slot::Mode(_) | Slot::Backend(_) | Slot::Durability(_) | Slot::LogFormat(_) | Slot::WhenStoreDown(_) => {
                "word"
            }
            Slot::Unpriced(_) => "word",
            Slot::MaybeDollars(_) => "US dollars",
            Slot::Share(_) => "fraction",
            Slot::Text(..) | Slot::MaybeText(..) | Slot::StoreUrl(_) => "text",
            Slot::File(_) => "path",
            Slot::Texts(_) => "list of texts",
            Slot::Price(_) | Slot::MaybePrice(_) => "price",
        }
    }

    /// True where a file keeps the value as text, exactly as typed.
    pub fn is_text(&self) -> bool {
        !matches!(
            self.slot,
            Slot::Flag(_)
                | Slot::Count(..)
                | Slot::Texts(_)
                | Slot::Price(_)
                | Slot::MaybePrice(_)
                | Slot::MaybeCount(..)
                | Slot::MaybeDollars(_)
                | Slot::Share(_)
        )
    }

    fn check_name(&self, name: &str) -> Result<(), Wrong> {
        let wanted = match self.path.split('.').next() {
            Some("prices") if is_model_name(name) => return Ok(()),
            Some("budget") if self.path.contains('*') && !is_label(name) => {
                "a namespace of letters, digits and `-_.:/`, 128 at most"
            }
            Some("prices") => "a name such as `openai/gpt-4o`, provider and model",
            Some("providers" | "aliases") if !is_short_name(name) => {
                "a name of letters, digits, `-`, `_` and `.`, 64 at most, that starts with a letter or digit"
            }
            _ => return Ok(()),
        };
        Err(Wrong { found: format!("the name {}", quoted(name)), wanted: wanted.to_owned() })
    }
}

/// What of a pattern is below its first word, where that word is `segment` or stands for any; and whether it does.
/// A hit asks this of every key for every line of the settings, so that it looks at no more than it must.
fn behind<'p>(pattern: &'p str, segment: &str) -> Option<(Option<&'p str>, bool)> {
    let (rest, stands_for_any) = match pattern.as_bytes().first() {
        Some(b'*') => (&pattern[1..], true),
        // Most are told apart by this.
        first if first != segment.as_bytes().first() => return None,
        _ => (pattern.strip_prefix(segment)?, false),
    };
    let below = if rest.is_empty() { None } else { Some(rest.strip_prefix('.')?) };
    // A dot within a segment was quoted: it is part of a name, and parts nothing.
    (stands_for_any || !segment.contains('.')).then_some((below, stands_for_any))
}

fn is_short_name(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter))
}

fn is_model_name(name: &str) -> bool {
    name.split_once('/').is_some_and(|(provider, model)| is_short_name(provider) && is_plain(model))
}

const MODES: &[(&str, Mode)] =
    &[("auto", Mode::Auto), ("replay", Mode::Replay), ("refresh", Mode::Refresh), ("off", Mode::Off)];
const WHENS: &[(&str, WhenStoreDown)] =
    &[("local", WhenStoreDown::Local), ("deny", WhenStoreDown::Deny), ("allow", WhenStoreDown::Allow)];
const UNPRICED: &[(&str, Unpriced)] = &[("allow", Unpriced::Allow), ("deny", Unpriced::Deny)];
const BACKENDS: &[(&str, Backend)] = &[
    ("embedded", Backend::Embedded),
    ("redis", Backend::Redis),
    ("upstash", Backend::Upstash),
    ("memory", Backend::Memory),
];
const LOG_FORMATS: &[(&str, LogFormat)] = &[("text", LogFormat::Text), ("json", LogFormat::Json)];
const DURABILITIES: &[(&str, Durability)] = &[("normal", Durability::Normal), ("full", Durability::Full)];

fn word<T: Copy>(raw: Raw<'_>, words: &[(&str, T)]) -> Result<T, Wrong> {
    let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
    let text = raw.text(&listed(&names))?;
    let found = words.iter().find(|(name, _)| *name == text);
    found.map(|(_, value)| *value).ok_or_else(|| raw.wrong(listed(&names)))
}

fn spelled<T: PartialEq>(value: T, words: &[(&str, T)]) -> Value {
    let name = words.iter().find(|(_, known)| *known == value).map_or("", |(name, _)| *name);
    Value::Text(name.to_owned())
}

impl Shape {
    fn read(self, raw: Raw<'_>) -> Result<String, Wrong> {
        let wanted = match self {
            Shape::Plain => "text without control characters".to_owned(),
            Shape::Label => "letters, digits and `-_.:/`, 128 at most".to_owned(),
            Shape::Kind => listed(KINDS),
            Shape::Url => "an address such as `https://host/v1`, without user, query or fragment".to_owned(),
            Shape::Loopback => {
                "an address and port that only this machine can reach, such as `127.0.0.1:4180`".to_owned()
            }
            Shape::Variable => "the name of an environment variable".to_owned(),
        };
        let text = raw.text(&wanted)?;
        match self {
            Shape::Url => read_url(text).ok_or_else(|| hidden(raw, wanted)),
            // Whoever puts the key itself here shall not find it in a log.
            Shape::Variable if !is_variable(text) => Err(hidden(raw, wanted)),
            Shape::Plain if !is_plain(text) => Err(raw.wrong(wanted)),
            Shape::Label if !is_label(text) => Err(raw.wrong(wanted)),
            Shape::Loopback if !is_loopback(text) => Err(raw.wrong(wanted)),
            Shape::Kind if !KINDS.contains(&text) => Err(raw.wrong(wanted)),
            _ => Ok(text.to_owned()),
        }
    }
}

/// Tells what was found only where it cannot be a secret.
fn hidden(raw: Raw<'_>, wanted: String) -> Wrong {
    let wrong = raw.wrong(wanted);
    let letters = raw.text("").unwrap_or_default();
    let may_be_secret = letters.contains('@') || letters.contains('?') || !letters.contains("://");
    if may_be_secret && letters.len() > 12 {
        return Wrong { found: "something else, not shown here since it may hold a key".to_owned(), ..wrong };
    }
    wrong
}

fn is_label(text: &str) -> bool {
    is_plain(text)
        && text.len() <= 128
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.:/".contains(letter))
}

fn is_loopback(text: &str) -> bool {
    text.parse::<std::net::SocketAddr>().is_ok_and(|address| address.ip().is_loopback())
}

fn is_variable(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// What the address of a store may start with.
const STORE_SCHEMES: &[&str] = &[
    "redis",
    "rediss",
    "valkey",
    "valkeys",
    "unix",
    "redis+cluster",
    "rediss+cluster",
    "redis+sentinel",
    "rediss+sentinel",
    "http",
    "https",
];

/// The address of a shared store. What is wrong with it is told without it: a password may be part of it.
fn read_store_url(raw: Raw<'_>) -> Result<Secret, Wrong> {
    let wanted =
        "an address such as `redis://user:password@host:6379/0`, `unix:///path`, or `https://host` for Upstash";
    let text = raw.text(wanted)?;
    let is_address = text
        .split_once("://")
        .is_some_and(|(scheme, place)| STORE_SCHEMES.contains(&scheme) && !place.is_empty() && is_plain(place));
    if is_address && !text.contains(char::is_whitespace) {
        return Ok(Secret::new(text));
    }
    Err(Wrong {
        found: "something else, not shown here since it may hold a password".to_owned(),
        wanted: wanted.to_owned(),
    })
}

/// The address with `…` for its password, wherever that stands: after the user, or in the query.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return "…".to_owned() };
    let (place, query) = rest.split_once('?').map_or((rest, None), |(place, query)| (place, Some(query)));
    // A password with a question mark of its own: where it ends is anybody's guess.
    if query.is_some_and(|query| query.contains('@')) {
        return format!("{scheme}://…");
    }
    let place = match place.rsplit_once('@') {
        Some((user, host)) => {
            let name = user.split(':').next().unwrap_or_default();
            if user.contains(':') { format!("{name}:…@{host}") } else { format!("{user}@{host}") }
        }
        None => place.to_owned(),
    };
    let hide = |pair: &str| match pair.split_once('=') {
        Some((name @ ("db" | "user" | "sentinel_user"), value)) => format!("{name}={value}"),
        Some((name, _)) => format!("{name}=…"),
        None => "…".to_owned(),
    };
    let query = query.map(|query| query.split('&').map(hide).collect::<Vec<_>>().join("&"));
    query.map_or_else(|| format!("{scheme}://{place}"), |query| format!("{scheme}://{place}?{query}"))
}

/// The address in its usual spelling, without a slash at its end.
fn read_url(text: &str) -> Option<String> {
    let url = reqwest::Url::parse(text).ok()?;
    let fits = matches!(url.scheme(), "http" | "https")
        && url.host_str().is_some_and(|host| !host.is_empty())
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none()
        && is_plain(text)
        && !text.contains(char::is_whitespace);
    fits.then(|| url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
