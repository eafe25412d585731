//! How commands reach a server: the one verb a transport answers, what it carries, and what comes back.

use async_trait::async_trait;
use bytes::Bytes;

use crate::error::Result;

/// A command: its name and its arguments, each any bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command(pub Vec<Bytes>);

impl Command {
    /// A command without arguments yet.
    pub fn new(name: &'static str) -> Command {
        Command(vec![Bytes::from_static(name.as_bytes())])
    }

    /// Adds an argument.
    pub fn with(mut self, argument: impl Into<Bytes>) -> Command {
        self.0.push(argument.into());
        self
    }
}

/// What a server says to one command.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// Nothing there.
    Nil,
    /// A whole number.
    Number(i64),
    /// Bytes, a status among them.
    Text(Bytes),
    /// Several.
    List(Vec<Reply>),
    /// The command failed; its code and message, such as `OOM command not allowed…`.
    Failed(String),
}

/// Whether commands of one batch build on each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// One after the other.
    Given,
    /// Any: a cluster may serve them side by side.
    Any,
}

/// A way to one server, or to one cluster of them. It connects when first asked, and again after it lost its way.
#[async_trait]
pub trait Transport: Send + Sync {
    /// The name of the backend.
    fn backend(&self) -> &'static str;

    /// The server, for messages: never with a password or a token.
    fn place(&self) -> &str;

    /// Carries commands in one go; a reply each. Fails as a whole where no answer came. A batch whose answer was lost
    /// is sent again, so commands must be such that twice does no harm.
    async fn run(&self, commands: &[Command], order: Order) -> Result<Vec<Reply>>;

    /// An opaque value as the server keeps it; fails where it is more than the server takes.
    fn pack(&self, value: Bytes) -> Result<Bytes>;

    /// What [`Transport::pack`] made of a value, undone; `None` where it never made it.
    fn unpack(&self, packed: Bytes) -> Option<Bytes>;
}
