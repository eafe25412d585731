//! One turn: the place in line, the question, and its answer appended as one step.
//!
//! A turn holds its session from reading to appending, against other turns of this daemon by a fair lock, against those
//! of other daemons on the store by a lease, so that each answer follows from all that was said before. Should a lease
//! run out (a machine that slept, a reader who stalled), the append is still a compare-and-set: the turn then goes after
//! what is there, whole, and says that its answer did not know of it.
//!
//! A turn that is dropped appends nothing: an asker who left has seen no answer.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedMutexGuard, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use super::stored::{Kept, Session, refuse_large, seal};
use super::{MOST_TRIES, Sessions, missing, name, too_busy};
use crate::api::generate::{ApiContent, ApiMessage};
use crate::config::settings::SessionSettings;
use crate::error::{Error, Kind, Result};
use crate::exchange::Key;
use crate::store::{Expected, Store, Written};

/// A holder that died delays nobody longer.
const LEASE: Duration = Duration::from_secs(30);

/// How often a lease is renewed while its turn goes on.
const RENEW_EVERY: Duration = Duration::from_secs(8);

/// A store that says nothing for longer is away.
const HICCUP: Duration = Duration::from_secs(1);

/// Whoever holds a session longer has stalled, and others need not wait for it.
const LONGEST_TURN: Duration = Duration::from_secs(15 * 60);

/// How long to wait before a lease that another daemon holds is asked for again; doubles up to the second.
const ASK_AGAIN: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(200));

/// Whether a turn's session is there before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It must be.
    Kept,
    /// It begins with the turn.
    New,
}

/// The head of a line.
type Guard = OwnedMutexGuard<()>;

/// A turn that has begun.
pub struct Turn {
    sessions: Arc<Sessions>,
    settings: SessionSettings,
    id: String,
    kept: Option<Kept>,
    system: Option<String>,
    question: Vec<ApiMessage>,
    place: Place,
}

/// What came of an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The session's version now.
    pub version: u64,
    /// True where the session began with this turn.
    pub created: bool,
    /// True where something was said meanwhile that the answer did not know of.
    pub apart: bool,
}

impl Sessions {
    /// Begins a turn, once those before it have ended.
    pub async fn begin(self: &Arc<Self>, settings: &SessionSettings, id: &str, origin: Origin) -> Result<Turn> {
        self.begin_holding(settings, id, origin, None).await
    }

    /// The same; `also` is held for as long as the turn's place is.
    async fn begin_holding(
        self: &Arc<Self>,
        settings: &SessionSettings,
        id: &str,
        origin: Origin,
        also: Option<Guard>,
    ) -> Result<Turn> {
        name::check(id)?;
        let document = name::document(&settings.prefix, id);
        let place = self.take_place(&document, also).await?;
        let kept = self.find(settings, id).await?;
        if origin == Origin::Kept && kept.is_none() {
            return Err(missing(id));
        }
        let system = kept.as_ref().and_then(|kept| kept.session.system.clone());
        Ok(Turn {
            sessions: Arc::clone(self),
            settings: settings.clone(),
            id: id.to_owned(),
            kept,
            system,
            question: Vec::new(),
            place,
        })
    }

    /// Begins a turn in the session `subject` used last, or in a new one where there is none any more.
    pub async fn go_on(self: &Arc<Self>, settings: &SessionSettings, subject: &str) -> Result<Turn> {
        // One at a time, so that whoever asks next goes on with what this one begins. No document's name has a line
        // break in it.
        let beginning = self.line(&format!("last\n{subject}")).lock_owned().await;
        if let Some(last) = self.last_of(subject).await {
            match self.begin(settings, &last, Origin::Kept).await {
                Err(error) if error.kind() == Kind::NotFound => {}
                begun => return begun,
            }
        }
        self.begin_holding(settings, &name::make_up()?, Origin::New, Some(beginning)).await
    }

    async fn take_place(&self, document: &str, also: Option<Guard>) -> Result<Place> {
        let guard = self.line(document).lock_owned().await;
        let lease = Lease { store: Arc::clone(&self.store), key: name::lease(document), holder: name::make_up()? };
        let (end, mut ended) = oneshot::channel();
        let (tell, told) = oneshot::channel();
        // In a task of its own: an asker who leaves while the store is still deciding holds nothing.
        let keeper = self.keepers.spawn(async move {
            match lease.wait(&mut ended).await {
                Ok(true) => {
                    let _ = tell.send(Ok(()));
                    lease.keep((guard, also), ended).await;
                }
                Ok(false) => {}
                Err(error) => {
                    let _ = tell.send(Err(error));
                    // It may have been granted all the same.
                    lease.give_back().await;
                }
            }
        });
        let given_up = |_| Err(Error::new(Kind::Unreachable, "the turn was given up").hint("ask again"));
        told.await.unwrap_or_else(given_up)?;
        Ok(Place { end, keeper })
    }
}

impl Turn {
    /// Its session's name.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The system text the question goes under.
    pub fn system(&self) -> Option<&str> {
        self.system.as_deref()
    }

    /// All that was said, and the question.
    pub fn messages(&self) -> impl Iterator<Item = &ApiMessage> {
        self.said().iter().chain(&self.question)
    }

    /// Takes the question, and a system text where the conversation has not begun under another. Refuses what the
    /// session could not hold before anything is spent on it.
    pub fn ask(&mut self, system: Option<String>, question: Vec<ApiMessage>) -> Result<()> {
        if system.is_some() && system != self.system {
            if self.system.is_some() || !self.said().is_empty() {
                return Err(Error::new(Kind::Usage, format!("the conversation `{}` has begun", self.id))
                    .because("it has another system text, or none")
                    .hint(format!("leave the system text out, change it with `llmc session update {} --system TEXT`, or begin a new session", self.id)));
            }
            self.system = system;
        }
        let asked = serde_json::to_vec(&(&self.system, &question)).map_or(0, |asked| asked.len());
        refuse_large(&self.id, self.kept.as_ref().map_or(0, |kept| kept.bytes).saturating_add(asked))?;
        self.question = question;
        Ok(())
    }

    /// Appends the question of `subject` and its answer as one step, and gives the place back. An error means that
    /// nothing was appended; the session may be gone, or too large.
    pub async fn append(self, subject: &str, answer: &str) -> Result<Appended> {
        let appended = self.write(answer).await;
        if appended.is_ok() {
            self.sessions.note_use(subject, &self.id).await;
        }
        self.place.give_back().await;
        appended
    }

    async fn write(&self, answer: &str) -> Result<Appended> {
        let answer = ApiMessage { role: "assistant".to_owned(), content: ApiContent::Text(answer.to_owned()) };
        for _ in 0..MOST_TRIES {
            // Read again, as a session that was removed and made anew may have the same version.
            let (session, expected, until) = self.now_there().await?;
            let apart = session.messages != self.said();
            let now = self.sessions.clock.now();
            let mut session = session;
            if session.messages.is_empty() && session.system.is_none() {
                session.system.clone_from(&self.system);
            }
            session.messages.extend(self.question.iter().cloned());
            session.messages.push(answer.clone());
            let gone_at = session.gone_at(now, &self.settings).max(until);
            let value = seal(&session)?;
            let document = name::document(&self.settings.prefix, &self.id);
            let written = self.sessions.store.write_document(&document, value, expected, now, gone_at).await?;
            if let Written::Done(version) = written {
                return Ok(Appended { version, created: expected == Expected::Absent, apart });
            }
        }
        Err(too_busy(&self.id))
    }

    /// The session as it is now, what it must still be to be written, and the life it has.
    async fn now_there(&self) -> Result<(Session, Expected, crate::clock::Timestamp)> {
        let found = self.sessions.look_at(&self.settings, &self.id).await?;
        match (found, &self.kept) {
            (Some(now), Some(then)) if now.session.created_at == then.session.created_at => {
                Ok((now.session, Expected::Version(now.version), now.gone_at))
            }
            (None, None) => {
                let created_at = self.sessions.clock.now();
                let (id, data, messages) = (self.id.clone(), serde_json::Map::new(), Vec::new());
                let session = Session { id, created_at, ttl: None, system: None, data, messages };
                Ok((session, Expected::Absent, created_at))
            }
            _ => Err(Error::new(Kind::NotFound, format!("the session `{}` was removed meanwhile", self.id))),
        }
    }

    fn said(&self) -> &[ApiMessage] {
        self.kept.as_ref().map_or(&[], |kept| &kept.session.messages)
    }
}

/// A place in line. Dropped, it is given back soon; [`Place::give_back`] returns when it is.
struct Place {
    end: oneshot::Sender<()>,
    keeper: JoinHandle<()>,
}

impl Place {
    async fn give_back(self) {
        drop(self.end);
        // Fails only where the runtime is going down; then the lease runs out by itself.
        let _ = self.keeper.await;
    }
}

/// The right to a turn, against other daemons on the store.
struct Lease {
    store: Arc<dyn Store>,
    key: Key,
    holder: String,
}

impl Lease {
    async fn take(&self) -> Result<bool> {
        self.store.lease(&self.key, &self.holder, LEASE).await
    }

    /// Waits until the lease is taken. False where the asker left before.
    async fn wait(&self, ended: &mut oneshot::Receiver<()>) -> Result<bool> {
        let (mut pause, longest) = ASK_AGAIN;
        let mut answered_at = Instant::now();
        loop {
            match self.take().await {
                Ok(true) => return Ok(true),
                Ok(false) => answered_at = Instant::now(),
                // A hiccup of the store fails no conversation.
                Err(error) if error.is_transient() && answered_at.elapsed() < HICCUP => {}
                Err(error) => return Err(error),
            }
            tokio::select! {
                _ = &mut *ended => return Ok(false),
                () = sleep(pause) => {}
            }
            pause = (pause * 2).min(longest);
        }
    }

    async fn give_back(&self) {
        // A store that hangs must not keep the others in line.
        match timeout(LEASE, self.store.release(&self.key, &self.holder)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the lease of a turn runs out by itself"),
            Err(_) => tracing::warn!("the lease of a turn has run out"),
        }
    }

    /// Keeps the place until the turn has ended or stalled. Gives the lease back before the lock, so that the next in
    /// this daemon's line finds it free.
    async fn keep(self, guards: (Guard, Option<Guard>), mut ended: oneshot::Receiver<()>) {
        let stalled_at = Instant::now() + LONGEST_TURN;
        loop {
            tokio::select! {
                _ = &mut ended => break,
                () = sleep(RENEW_EVERY) => {}
            }
            if Instant::now() >= stalled_at {
                tracing::warn!("a turn has stalled, and its session is let go");
                break;
            }
            match timeout(RENEW_EVERY, self.take()).await {
                Ok(Ok(true)) => {}
                Ok(Ok(false)) => tracing::warn!("a turn went on for longer than its lease"),
                Ok(Err(error)) => tracing::warn!(%error, "cannot renew the lease of a turn"),
                Err(_) => tracing::warn!("cannot renew the lease of a turn in time"),
            }
        }
        self.give_back().await;
        drop(guards);
    }
}
