//! Sessions: what was said between a person and a model, turn by turn, with data beside it, kept for a while after its
//! last use.
//!
//! A session is one document of the store, and every change is one compare-and-set of it: nothing is ever half there,
//! and of two changes at once the later one builds on the earlier. A [`Turn`] is a question and its answer, appended as
//! one such change. Knows no provider: what a conversation costs and whether a model takes it is for others to say.

mod last;
pub mod merge;
mod name;
mod stored;
mod turn;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Map, Value};
use tokio_util::task::TaskTracker;

pub use self::stored::{Kept, LARGEST, Session};
pub use self::turn::{Appended, Origin, Turn};

use self::last::Last;
use crate::api::generate::ApiMessage;
use crate::clock::{Clock, Timestamp};
use crate::config::settings::SessionSettings;
use crate::error::{Error, Kind, Result};
use crate::store::{Document, Expected, Store, Written};

/// A change that loses against others is made anew so often; each time somebody else has got ahead.
const MOST_TRIES: usize = 256;

/// No session is kept for less.
const SHORTEST_TTL: Duration = Duration::from_secs(1);

/// The sessions of a store.
pub struct Sessions {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    /// Who waits for a turn, by document: first come, first served.
    lines: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
    keepers: TaskTracker,
    last: Arc<Last>,
}

/// A session to be made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// Its name, where it is to have a certain one.
    pub id: Option<String>,
    /// The system text.
    pub system: Option<String>,
    /// What is kept with it.
    pub data: Map<String, Value>,
    /// What has been said already.
    pub messages: Vec<ApiMessage>,
    /// How long it is kept after its last use, where not as configured.
    pub ttl: Option<Duration>,
}

/// What is to be changed; the outer `None` leaves a member alone, the inner one takes it away.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patch {
    /// A merge patch of the data.
    pub data: Option<Option<Map<String, Value>>>,
    /// The system text.
    pub system: Option<Option<String>>,
}

/// The versions a session may have for a change to be made; `None` is any.
pub type Condition = Option<Vec<u64>>;

/// One of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Its name.
    pub id: String,
    /// Its version.
    pub version: u64,
    /// When it will be gone if nobody uses it.
    pub gone_at: Timestamp,
    /// Bytes it takes.
    pub bytes: u64,
    /// When it was made and how many messages it holds; `None` where it cannot be read.
    pub facts: Option<(Timestamp, usize)>,
}

impl Sessions {
    /// The sessions in `store`. Which one each user used last is remembered in `last_file`, where there is a place.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, last_file: Option<PathBuf>) -> Arc<Sessions> {
        Arc::new(Sessions {
            store,
            clock,
            lines: Mutex::default(),
            keepers: TaskTracker::new(),
            last: Arc::new(Last::new(last_file)),
        })
    }

    /// Makes a session. One that is there already is left as it is: [`Kind::Exists`].
    pub async fn create(&self, settings: &SessionSettings, draft: Draft) -> Result<Kept> {
        let Draft { id, system, data, messages, ttl } = draft;
        let id = named(id)?;
        if let Some(short) = ttl.filter(|ttl| *ttl < SHORTEST_TTL) {
            return Err(Error::new(Kind::Usage, "a session cannot be kept for so short")
                .because(format!("{}, and a second is the least", humantime::format_duration(short))));
        }
        let now = self.clock.now();
        let session = Session { id, created_at: now, ttl, system, data, messages };
        let gone_at = session.gone_at(now, settings);
        let value = stored::seal(&session)?;
        let bytes = value.len();
        let name = name::document(&settings.prefix, &session.id);
        match self.store.write_document(&name, value, Expected::Absent, now, gone_at).await? {
            Written::Done(version) => Ok(Kept { session, version, gone_at, bytes }),
            Written::Conflict(_) => {
                Err(Error::new(Kind::Exists, format!("there is a session `{}` already", session.id))
                    .hint(format!("`llmc session show {}` shows it; choose another name, or none", session.id)))
            }
        }
    }

    /// A session; its life begins anew.
    pub async fn read(&self, settings: &SessionSettings, id: &str) -> Result<Kept> {
        name::check(id)?;
        self.find(settings, id).await?.ok_or_else(|| missing(id))
    }

    /// Changes a session. Where others change it at the same time, the patch is applied to what they left; under a
    /// condition it is then refused: [`Kind::Conflict`].
    pub async fn change(
        &self,
        settings: &SessionSettings,
        id: &str,
        condition: &Condition,
        patch: &Patch,
    ) -> Result<Kept> {
        name::check(id)?;
        for _ in 0..MOST_TRIES {
            let kept = self.look_at(settings, id).await?.ok_or_else(|| missing(id))?;
            meets(condition, &kept)?;
            let mut session = kept.session;
            apply(&mut session, patch);
            let now = self.clock.now();
            let gone_at = session.gone_at(now, settings).max(kept.gone_at);
            let value = stored::seal(&session)?;
            let bytes = value.len();
            let name = name::document(&settings.prefix, id);
            let written =
                self.store.write_document(&name, value, Expected::Version(kept.version), now, gone_at).await?;
            if let Written::Done(version) = written {
                return Ok(Kept { session, version, gone_at, bytes });
            }
        }
        Err(too_busy(id))
    }

    /// Removes a session, readable or not. A turn in the air then finds nothing to be appended to.
    pub async fn remove(&self, settings: &SessionSettings, id: &str, condition: &Condition) -> Result<()> {
        name::check(id)?;
        if condition.is_some() {
            meets(condition, &self.look_at(settings, id).await?.ok_or_else(|| missing(id))?)?;
        }
        let name = name::document(&settings.prefix, id);
        if self.store.remove_document(&name, self.clock.now()).await? { Ok(()) } else { Err(missing(id)) }
    }

    /// The first sessions by name, at most `most`. A look at the list is no use of a session.
    pub async fn list(&self, settings: &SessionSettings, most: usize) -> Result<Vec<Listed>> {
        let prefix = name::document(&settings.prefix, "");
        let documents = self.store.documents(&prefix, most, self.clock.now()).await?;
        let list = |document: Document| {
            let id = document.name.strip_prefix(&prefix).unwrap_or(&document.name).to_owned();
            let (version, gone_at, bytes) = (document.version, document.gone_at, document.value.len() as u64);
            let facts =
                stored::open(&id, document).ok().map(|kept| (kept.session.created_at, kept.session.messages.len()));
            Listed { id, version, gone_at, bytes, facts }
        };
        Ok(documents.into_iter().map(list).collect())
    }

    /// The session `subject` used last.
    pub async fn last_of(&self, subject: &str) -> Option<String> {
        let (last, subject) = (Arc::clone(&self.last), subject.to_owned());
        tokio::task::spawn_blocking(move || last.of(&subject)).await.ok().flatten()
    }

    /// Notes that `subject` used a session.
    pub async fn note_use(&self, subject: &str, id: &str) {
        let (last, subject, id) = (Arc::clone(&self.last), subject.to_owned(), id.to_owned());
        // Fails only where noting panicked; then the session before counts as the last.
        let _ = tokio::task::spawn_blocking(move || last.note(&subject, &id)).await;
    }

    /// Waits until every turn that ended has given its place back, at most `longest`: so that nobody waits for a lease
    /// of a process that is no more.
    pub async fn settled(&self, longest: Duration) {
        self.keepers.close();
        let _ = tokio::time::timeout(longest, self.keepers.wait()).await;
    }

    /// A session as it stands, its life begun anew.
    async fn find(&self, settings: &SessionSettings, id: &str) -> Result<Option<Kept>> {
        let Some(kept) = self.look_at(settings, id).await? else { return Ok(None) };
        let now = self.clock.now();
        let name = name::document(&settings.prefix, id);
        let until = kept.session.gone_at(now, settings);
        let document = self.store.document(&name, now, Some(until)).await?;
        document.map(|document| stored::open(id, document)).transpose()
    }

    /// A session as it stands.
    async fn look_at(&self, settings: &SessionSettings, id: &str) -> Result<Option<Kept>> {
        let name = name::document(&settings.prefix, id);
        let document = self.store.document(&name, self.clock.now(), None).await?;
        document.map(|document| stored::open(id, document)).transpose()
    }

    fn line(&self, document: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut lines = lock(&self.lines);
        lines.retain(|_, line| Arc::strong_count(line) > 1);
        Arc::clone(lines.entry(document.to_owned()).or_default())
    }
}

/// The name asked for, else one that is made up.
fn named(id: Option<String>) -> Result<String> {
    match id {
        Some(id) => name::check(&id).map(|()| id),
        None => name::make_up(),
    }
}

fn apply(session: &mut Session, patch: &Patch) {
    match &patch.data {
        None => {}
        Some(None) => session.data.clear(),
        Some(Some(data)) => merge::merge_members(&mut session.data, data.clone()),
    }
    if let Some(system) = &patch.system {
        session.system.clone_from(system);
    }
}

fn meets(condition: &Condition, kept: &Kept) -> Result<()> {
    match condition {
        Some(versions) if !versions.contains(&kept.version) => {
            Err(Error::new(Kind::Conflict, format!("the session `{}` has changed meanwhile", kept.session.id))
                .because(format!("its version is {}", kept.version))
                .hint("read it again, and make the change to what it is now"))
        }
        _ => Ok(()),
    }
}

fn missing(id: &str) -> Error {
    Error::new(Kind::NotFound, format!("there is no session `{id}`"))
        .hint(format!("`llmc session create --id {id}` begins it, `llmc session list` shows those there are"))
}

fn too_busy(id: &str) -> Error {
    Error::new(Kind::Conflict, format!("the session `{id}` is changed by others all the time")).hint("ask again")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
