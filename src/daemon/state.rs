//! What the routes share: the pipeline, the settings in force, and whether the daemon is still taking requests.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::access::Access;
use super::runs::Runs;
use crate::config::{self, Environment, Settings, paths, token};
use crate::error::{Error, Kind, Result};
use crate::pipeline::Pipeline;
use crate::pipeline::breaker::LeftAlone;
use crate::provider::http::Client;
use crate::provider::registry::Registry;
use crate::session::Sessions;

/// Settings of other files and variables than the daemon's own, at most so many at a time.
const GUESTS: usize = 16;

/// On a busy machine whoever started a daemon may take so long to get to its question.
const FIRST_WITHIN: Duration = Duration::from_secs(5);

/// Where the daemon's things are, for `status`.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The settings file it goes by.
    pub config: Option<PathBuf>,
    /// The socket it listens on.
    pub socket: Option<PathBuf>,
    /// Where its data lies.
    pub data: Option<PathBuf>,
    /// The TCP address it listens on.
    pub http: Option<SocketAddr>,
}

/// Settings and the providers made of them.
pub struct House {
    /// The settings.
    pub settings: Settings,
    /// The providers and prices.
    pub registry: Arc<Registry>,
    /// A hash of the file they were read from.
    pub stamp: u64,
}

/// A settings file and the variables that go with it.
type Guest = (PathBuf, Vec<(String, String)>);

/// All that a request may need.
pub struct Daemon {
    /// The way of every exchange.
    pub pipeline: Arc<Pipeline>,
    /// The conversations.
    pub sessions: Arc<Sessions>,
    /// Programs that have a door of their own.
    pub runs: Runs,
    /// Where the daemon's things are.
    pub places: Places,
    environment: Environment,
    client: Client,
    house: RwLock<Arc<House>>,
    guests: RwLock<HashMap<Guest, Arc<House>>>,
    own_variables: Vec<(String, String)>,
    started: Instant,
    asked: AtomicU64,
    stopping: watch::Sender<bool>,
    /// What opens the TCP door, where there is one.
    access: OnceLock<Arc<Access>>,
    degraded: Vec<String>,
}

impl Daemon {
    /// A daemon with the settings of `environment`.
    pub fn new(
        pipeline: Arc<Pipeline>,
        environment: Environment,
        settings: Settings,
        stamp: u64,
        places: Places,
        degraded: Vec<String>,
    ) -> Result<Arc<Daemon>> {
        let client = Client::new();
        let own = environment.travelling().map(|(name, value)| (name.to_owned(), value.to_string_lossy().into_owned()));
        let own_variables = own.collect();
        let registry = Arc::new(Registry::new(&settings, &client)?);
        let last_session = paths::state_folder(&environment).ok().map(|folder| folder.join("last_session.json"));
        let sessions = Sessions::new(Arc::clone(pipeline.store()), Arc::clone(pipeline.clock()), last_session);
        Ok(Arc::new(Daemon {
            pipeline,
            sessions,
            runs: Runs::default(),
            places,
            environment,
            client,
            house: RwLock::new(Arc::new(House { settings, registry, stamp })),
            guests: RwLock::default(),
            own_variables,
            started: Instant::now(),
            asked: AtomicU64::new(0),
            stopping: watch::Sender::new(false),
            access: OnceLock::new(),
            degraded,
        }))
    }

    /// The settings in force.
    pub fn house(&self) -> Arc<House> {
        Arc::clone(&self.house.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The settings an asker goes by: those of the file it read, as it read them, and of its own variables. So an edit
    /// is in force with the next command, and two shells do not get in each other's way.
    pub fn house_of(&self, path: &str, stamp: u64, variables: Vec<(String, String)>) -> Result<Arc<House>> {
        let path = PathBuf::from(path);
        let is_ours = self.places.config.as_ref() == Some(&path) && variables == self.own_variables;
        if is_ours {
            let house = self.house();
            return if house.stamp == stamp { Ok(house) } else { self.reload() };
        }
        let whose = (path, variables);
        if let Some(guest) = self.guests.read().unwrap_or_else(PoisonError::into_inner).get(&whose)
            && guest.stamp == stamp
        {
            return Ok(Arc::clone(guest));
        }
        let guest = self.read(Some(whose.0.clone()), &self.environment.of_asker(&whose.1))?;
        let mut guests = self.guests.write().unwrap_or_else(PoisonError::into_inner);
        if guests.len() >= GUESTS {
            guests.clear();
        }
        guests.insert(whose, Arc::clone(&guest));
        Ok(guest)
    }

    /// Opens the TCP door to whoever this lets in.
    pub fn open_to(&self, access: &Arc<Access>) {
        // There is one door and it is opened once.
        let _ = self.access.set(Arc::clone(access));
    }

    /// Reads the daemon's own settings file again, and the token of the TCP door. A file that cannot be read leaves the
    /// old settings in force.
    pub fn reload(&self) -> Result<Arc<House>> {
        self.reload_token();
        let fresh = self.read(self.places.config.clone(), &self.environment)?;
        *self.house.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&fresh);
        tracing::info!("settings read again");
        Ok(fresh)
    }

    fn reload_token(&self) {
        let Some(access) = self.access.get() else { return };
        match paths::data_folder(&self.environment).and_then(|data| token::find_or_make(&data)) {
            Ok(token) => access.change_token(token),
            Err(error) => tracing::warn!(%error, "the token stays as it was"),
        }
    }

    fn read(&self, path: Option<PathBuf>, environment: &Environment) -> Result<Arc<House>> {
        let (settings, stamp) = config::load_user_file(path.as_deref().unwrap_or(Path::new("")), environment)?;
        let registry = Arc::new(Registry::new(&settings, &self.client)?);
        Ok(Arc::new(House { settings, registry, stamp }))
    }

    /// What is not as it should be, in plain words.
    pub fn degraded(&self) -> Vec<String> {
        let alone = self.pipeline.breakers.left_alone();
        let alone = alone.iter().map(LeftAlone::sentence);
        self.degraded.iter().cloned().chain(self.pipeline.store().trouble()).chain(alone).collect()
    }

    /// How long it has been running.
    pub fn uptime(&self) -> Duration {
        self.started.elapsed()
    }

    /// Notes that somebody asked something.
    pub fn note_request(&self) {
        let now = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.asked.store(now.max(1), Ordering::Relaxed);
    }

    /// How long nobody has asked anything. Whoever started it gets a while to ask first.
    pub fn idle(&self) -> Duration {
        let asked = match self.asked.load(Ordering::Relaxed) {
            0 => FIRST_WITHIN,
            asked => Duration::from_millis(asked),
        };
        self.started.elapsed().saturating_sub(asked)
    }

    /// True where calls go on when their asker has left; false in a command's own process, which ends with it.
    pub fn outlives_its_askers(&self) -> bool {
        self.places.socket.is_some()
    }

    /// Begins to stop: what is in the air is finished, nothing new is taken.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// True once it takes nothing new.
    pub fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Returns when it begins to stop.
    pub async fn stopped(&self) {
        let mut stopping = self.stopping.subscribe();
        let _ = stopping.wait_for(|stopping| *stopping).await;
    }

    /// Refuses while stopping; the client then asks the next daemon.
    pub fn refuse_while_stopping(&self) -> Result<()> {
        if self.is_stopping() {
            return Err(Error::new(Kind::Unreachable, "the daemon is stopping").hint("ask again"));
        }
        Ok(())
    }
}
