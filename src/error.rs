//! What went wrong, to what, and what to do. One table maps a kind to its exit code, HTTP status and wire name.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

/// A result whose error is already fit to show a person.
pub type Result<T, E = Error> = std::result::Result<T, E>;

macro_rules! kinds {
    ($($(#[doc = $about:literal])* $kind:ident => $exit:literal, $status:literal, $name:literal;)*) => {
        /// Why something failed, as far as a caller can act on it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Kind { $($(#[doc = $about])* $kind,)* }

        impl Kind {
            /// Every kind there is, for tables in documentation and tests.
            pub const ALL: &'static [Kind] = &[$(Kind::$kind,)*];

            /// The process exit code.
            pub fn exit_code(self) -> u8 { match self { $(Kind::$kind => $exit,)* } }

            /// The HTTP status of an answer that reports it.
            pub fn http_status(self) -> u16 { match self { $(Kind::$kind => $status,)* } }

            /// The `type` member on the wire.
            pub fn name(self) -> &'static str { match self { $(Kind::$kind => $name,)* } }

            /// What it means, in a sentence.
            pub fn about(self) -> &'static str {
                match self { $(Kind::$kind => concat!($($about),*).trim_ascii(),)* }
            }

            /// The kind behind a wire name.
            pub fn from_name(name: &str) -> Option<Kind> { match name { $($name => Some(Kind::$kind),)* _ => None } }
        }
    };
}

kinds! {
    /// None of the below: a bug, a disk, a permission.
    Other => 1, 500, "internal_error";
    /// The request itself is wrong: a flag, a field, a file that is not what it should be.
    Usage => 2, 400, "invalid_request";
    /// What was named does not exist.
    NotFound => 1, 404, "not_found";
    /// What was to be made is there already.
    Exists => 1, 409, "already_exists";
    /// Two changed the same thing at once.
    Conflict => 1, 412, "conflict";
    /// The asker may not do this.
    Forbidden => 1, 403, "forbidden";
    /// More bytes than will be taken.
    TooLarge => 2, 413, "too_large";
    /// Replay was asked for and nothing is recorded.
    ReplayMiss => 3, 504, "replay_miss";
    /// The provider's key is missing or was refused.
    Key => 4, 401, "authentication_error";
    /// A rate limit, llmc's or the provider's.
    RateLimit => 5, 429, "rate_limit_exceeded";
    /// A spending limit.
    Budget => 5, 429, "budget_exceeded";
    /// The daemon or a required store cannot be reached.
    Unreachable => 6, 503, "unreachable";
    /// It took longer than allowed.
    Timeout => 7, 504, "timeout";
    /// The answer does not fit the schema asked for.
    Schema => 8, 422, "schema_mismatch";
    /// The provider failed, or said something that is no answer.
    Provider => 9, 502, "provider_error";
    /// A gate such as `--fail-under` was not met.
    Gate => 10, 409, "gate_not_met";
}

/// Whose limit refused a call; the `Llmc-Limited-By` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitedBy {
    /// A limit set in llmc's own configuration.
    Llmc,
    /// The provider answered 429.
    Provider,
}

impl LimitedBy {
    /// The header's value.
    pub fn name(self) -> &'static str {
        match self {
            LimitedBy::Llmc => "llmc",
            LimitedBy::Provider => "provider",
        }
    }
}

/// What a provider said when it refused, word for word, for askers who speak its API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The headers that its clients go by, names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body; cut where it is very long.
    pub body: Bytes,
}

/// An error ready to be shown: what failed, to what, and what to do about it.
///
/// Cloned freely: one failed call may be told to a thousand askers.
#[derive(Clone, Debug, PartialEq)]
pub struct Error(Box<Parts>);

#[derive(Clone, Debug, PartialEq)]
struct Parts {
    kind: Kind,
    message: String,
    cause: Option<String>,
    hint: Option<String>,
    retry_after: Option<Duration>,
    limited_by: Option<LimitedBy>,
    upstream_status: Option<u16>,
    said: Option<Arc<Said>>,
    transient: bool,
}

impl Error {
    /// An error of a kind. `message`: what failed, to what; lower case, no full stop.
    pub fn new(kind: Kind, message: impl Into<String>) -> Error {
        Error(Box::new(Parts {
            kind,
            message: message.into(),
            cause: None,
            hint: None,
            retry_after: None,
            limited_by: None,
            upstream_status: None,
            said: None,
            transient: false,
        }))
    }

    /// The same error as one of another kind, where who asked sees in it something else than who failed.
    pub fn as_kind(mut self, kind: Kind) -> Error {
        self.0.kind = kind;
        self
    }

    /// The same error under another message, which says more of what failed.
    pub fn with_message(mut self, message: impl Into<String>) -> Error {
        self.0.message = message.into();
        self
    }

    /// Adds the cause, once, where the fact is known.
    pub fn because(mut self, cause: impl fmt::Display) -> Error {
        self.0.cause = Some(cause.to_string());
        self
    }

    /// Adds what to do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Error {
        self.0.hint = Some(hint.into());
        self
    }

    /// Adds when asking again may work.
    pub fn retry_after(mut self, wait: Duration) -> Error {
        self.0.retry_after = Some(wait);
        self
    }

    /// Adds whose limit it was.
    pub fn limited_by(mut self, whose: LimitedBy) -> Error {
        self.0.limited_by = Some(whose);
        self
    }

    /// Adds the HTTP status the provider answered with.
    pub fn upstream_status(mut self, status: u16) -> Error {
        self.0.upstream_status = Some(status);
        self
    }

    /// Adds what the provider said, word for word.
    pub fn said(mut self, said: Said) -> Error {
        self.0.said = Some(Arc::new(said));
        self
    }

    /// Marks a broken connection: the same call may well work when made again.
    pub fn transient(mut self) -> Error {
        self.0.transient = true;
        self
    }

    /// Why it failed.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// What failed, to what, without the cause.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The cause, where one is known.
    pub fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    /// What to do, where something can be done.
    pub fn hint_text(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// When asking again may work.
    pub fn retry_after_value(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whose limit it was.
    pub fn limited_by_value(&self) -> Option<LimitedBy> {
        self.0.limited_by
    }

    /// The HTTP status the provider answered with.
    pub fn upstream_status_value(&self) -> Option<u16> {
        self.0.upstream_status
    }

    /// What the provider said, word for word.
    pub fn said_value(&self) -> Option<&Said> {
        self.0.said.as_deref()
    }

    /// True where a connection broke, so that the same call may well work when made again.
    pub fn is_transient(&self) -> bool {
        self.0.transient
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.cause {
            Some(cause) => write!(out, "{}: {cause}", self.0.message),
            None => out.write_str(&self.0.message),
        }
    }
}

impl std::error::Error for Error {}
