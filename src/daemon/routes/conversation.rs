//! A prompt as a turn of a session: what was said before goes with it, and its answer becomes part of the session.

use std::sync::Arc;

use crate::api::generate::{ApiContent, ApiMessage, ApiPart, GenerateRequest};
use crate::daemon::routes::asker::Asker;
use crate::daemon::routes::exchange::said;
use crate::error::{Error, Kind, Result};
use crate::exchange::Mode;
use crate::pipeline::Exchange;
use crate::provider::{estimate, refusal};
use crate::session::{Appended, Origin, Sessions, Turn};

/// A turn on its way.
pub struct Conversation {
    subject: String,
    turn: Turn,
    tokens: u64,
    model: String,
}

/// What the asker is told of the session.
pub struct Told {
    /// Its name.
    pub id: String,
    /// True where it began with this answer.
    pub created: bool,
    /// What is not as one would think.
    pub warning: Option<String>,
}

/// True where a request goes on with a session.
pub fn is_meant(request: &GenerateRequest) -> bool {
    request.session.is_some() || request.continue_last
}

impl Conversation {
    /// Begins the turn a request asks for, once those before it have ended, and puts what was said into the request.
    pub async fn begin(sessions: &Arc<Sessions>, asker: &Asker, request: &mut GenerateRequest) -> Result<Conversation> {
        let settings = &asker.house.settings.session;
        let mut turn = match (request.session.take(), request.continue_last) {
            (Some(_), true) => {
                return Err(
                    Error::new(Kind::Usage, "both `session` and `continueLast` are given").hint("give one of them")
                );
            }
            (Some(id), false) => sessions.begin(settings, &id, Origin::Kept).await?,
            (None, _) => sessions.go_on(settings, &asker.subject).await?,
        };
        turn.ask(request.system.take(), said(request.prompt.take(), std::mem::take(&mut request.messages))?)?;
        request.system = turn.system().map(str::to_owned);
        request.messages = turn.messages().cloned().collect();
        let tokens = turn.messages().map(tokens).sum::<u64>() + turn.system().map_or(0, estimate::tokens);
        Ok(Conversation { subject: asker.subject.clone(), turn, tokens, model: String::new() })
    }

    /// Refuses a conversation that the model is known not to take, before it is called.
    pub fn refuse_too_long(&mut self, exchange: &Exchange) -> Result<()> {
        self.model = format!("{}/{}", exchange.provider.name, exchange.model);
        match exchange.provider.longest_prompt(&exchange.model) {
            Some(most) if self.tokens > most && exchange.policy.mode != Mode::Replay => {
                Err(self.too_long(format!("about {} tokens, and it takes {most} at most", self.tokens)))
            }
            _ => Ok(()),
        }
    }

    /// A failed call, in the words of a conversation where that is what it failed for.
    pub fn explain(&self, error: Error) -> Error {
        if !refusal::is_too_long(&error) {
            return error;
        }
        let explained = self.too_long(format!("about {} tokens; {error}", self.tokens));
        match error.upstream_status_value() {
            Some(status) => explained.upstream_status(status),
            None => explained,
        }
    }

    fn too_long(&self, cause: String) -> Error {
        Error::new(Kind::TooLarge, format!("the session `{}` is too long for `{}`", self.turn.id(), self.model))
            .because(cause)
            .hint("begin a new session, or ask a model with a longer context: `llmc models` shows them")
    }

    /// Appends the answer. What goes wrong is a warning: the answer was paid for and is told in any case.
    pub async fn end(self, answer: &str) -> Told {
        let Conversation { subject, turn, .. } = self;
        let id = turn.id().to_owned();
        let unchanged = |why: &str| format!("the session `{id}` does not hold this answer: {why}");
        let (created, warning) = match answer.trim().is_empty() {
            true => (false, Some(unchanged("it has no text"))),
            false => match turn.append(&subject, answer).await {
                Ok(Appended { created, apart, .. }) => (
                    created,
                    apart.then(|| {
                        format!("more was said in the session `{id}` meanwhile, which this answer does not know of")
                    }),
                ),
                Err(error) => {
                    tracing::warn!(%error, "a turn is not appended");
                    (false, Some(unchanged(&error.to_string())))
                }
            },
        };
        Told { id, created, warning }
    }
}

/// Roughly how many tokens a message is. Images count for nothing: what they amount to is for each vendor to say.
fn tokens(message: &ApiMessage) -> u64 {
    match &message.content {
        ApiContent::Text(text) => estimate::tokens(text),
        ApiContent::Parts(parts) => parts
            .iter()
            .map(|part| match part {
                ApiPart::Text { text } => estimate::tokens(text),
                ApiPart::Image { .. } => 0,
            })
            .sum(),
    }
}
