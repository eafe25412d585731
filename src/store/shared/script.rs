//! The scripts: what has to happen in one step happens in the server, each on keys of one slot.

use std::sync::OnceLock;

use bytes::Bytes;
use redis::Script as Hashed;

use super::transport::Command;

/// A Lua script, known to the server by its hash once it has seen the text.
pub struct Script {
    text: &'static str,
    hash: OnceLock<String>,
}

impl Script {
    const fn new(text: &'static str) -> Script {
        Script { text, hash: OnceLock::new() }
    }

    fn hash(&self) -> &str {
        self.hash.get_or_init(|| Hashed::new(self.text).get_hash().to_owned())
    }

    /// The command that runs it by its hash.
    pub fn run<K: AsRef<str>>(&'static self, keys: &[K]) -> Run {
        let command = Command::new("EVALSHA").with(self.hash().to_owned()).with(keys.len().to_string());
        let command = keys.iter().fold(command, |command, key| command.with(key.as_ref().to_owned()));
        Run { script: self, command }
    }
}

/// A script with its keys and arguments, ready to be sent.
#[derive(Clone)]
pub struct Run {
    script: &'static Script,
    command: Command,
}

impl Run {
    /// Adds an argument.
    pub fn with(mut self, argument: impl Into<Bytes>) -> Run {
        self.command = self.command.with(argument);
        self
    }

    /// The same with the whole text, for a server that does not know it yet.
    fn in_full(&self) -> Command {
        let mut command = self.command.clone();
        if let [name, text, ..] = command.0.as_mut_slice() {
            *name = Bytes::from_static(b"EVAL");
            *text = Bytes::from_static(self.script.text.as_bytes());
        }
        command
    }
}

/// One step of a batch.
#[derive(Clone)]
pub enum Step {
    /// A command of the server's own.
    Plain(Command),
    /// A script of ours.
    Script(Run),
}

impl Step {
    /// As it is sent first.
    pub fn command(&self) -> Command {
        match self {
            Step::Plain(command) => command.clone(),
            Step::Script(run) => run.command.clone(),
        }
    }

    /// As it is sent to a server that does not know the script; `None` where there is none.
    pub fn in_full(&self) -> Option<Command> {
        match self {
            Step::Plain(_) => None,
            Step::Script(run) => Some(run.in_full()),
        }
    }
}

impl From<Command> for Step {
    fn from(command: Command) -> Step {
        Step::Plain(command)
    }
}

impl From<Run> for Step {
    fn from(run: Run) -> Step {
        Step::Script(run)
    }
}

macro_rules! scripts {
    ($($(#[$doc:meta])* $name:ident = $($file:literal)+;)*) => {
        $($(#[$doc])* pub static $name: Script = Script::new(concat!($(include_str!(concat!("lua/", $file, ".lua")),)+));)*
    };
}

scripts! {
    /// Decides an admission.
    ADMIT = "clock" "admit";
    /// Lists an entry that is about to be kept.
    KEEP = "clock" "keep";
    /// Takes entries out of the listings.
    REMOVE = "drop" "remove";
    /// The same for those past their end.
    EXPIRE = "clock" "drop" "expire";
    /// Counts hits.
    TOUCH = "clock" "touch";
    /// Entries and bytes.
    SIZE = "size";
    /// Adds to counters.
    COUNT = "clock" "count";
    /// Forgets all counters.
    RESET = "reset";
    /// Reads a document.
    READ = "clock" "document" "read";
    /// Writes one.
    WRITE = "clock" "document" "write";
    /// Removes one.
    FORGET = "clock" "document" "forget";
    /// Sets money aside.
    RESERVE = "clock" "purse" "reserve";
    /// Settles what was set aside.
    SETTLE = "clock" "purse" "settle";
    /// How purses stand.
    SPENDING = "clock" "purse" "spending";
    /// Takes a lease.
    LEASE = "lease";
    /// Gives it back.
    RELEASE = "release";
}
