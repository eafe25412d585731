//! The daemon's life: claim, open, listen, serve, drain.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::access::Access;
use super::socket::Door;
use super::state::{Daemon, Places};
use super::tcp::Bounds;
#[cfg(feature = "otlp")]
use super::traces;
use super::{detach, log, router, tcp};
use crate::claim::{self, Claim};
use crate::clock::{Clock, SystemClock};
use crate::config::paths::Socket;
use crate::config::settings::{Backend, LogFormat};
use crate::config::{self, Environment, Settings, folder, paths, token};
use crate::error::{Error, Kind, Result};
use crate::pipeline::Pipeline;
use crate::store::fleet::Fleet;
use crate::store::memory::Memory;
use crate::store::sqlite::Sqlite;
use crate::store::{Store, shared};

/// How long a new daemon waits for its predecessor to finish what it has in the air.
const SUCCEED_WITHIN: Duration = Duration::from_secs(45);

/// More threads than this help no cache and cost idle memory.
const MOST_THREADS: usize = 8;

/// How a daemon is started.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// Leave the shell behind, and tell the starter on standard output when the socket answers.
    pub detached: bool,
    /// Log to the file, which a detached one does in any case.
    pub log_to_file: bool,
    /// In place of `daemon.idle_exit`.
    pub idle_exit: Option<Duration>,
}

/// Runs a daemon until it is told to stop.
pub fn run(start: &Start, environment: Environment) -> Result<()> {
    if !start.detached {
        return live(start, environment);
    }
    detach::let_go()?;
    live(start, environment).inspect_err(|error| {
        tracing::error!(%error, "cannot start");
        let _ = detach::failed(error);
    })
}

fn live(start: &Start, environment: Environment) -> Result<()> {
    detach::forbid_core_dumps();
    let target = if start.detached || start.log_to_file {
        folder::prepare_private_dir(&paths::state_folder(&environment)?)?;
        log::Target::File(paths::log_file(&environment)?)
    } else {
        log::Target::Screen
    };
    log::begin(target, log_format(&environment))?;
    let threads = std::thread::available_parallelism().map_or(2, usize::from).min(MOST_THREADS);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .thread_name("llmc")
        .enable_all()
        .build()
        .map_err(|error| Error::new(Kind::Other, "cannot start a runtime").because(error))?;
    // In a task of its own, so that a connection is served by the thread that accepted it.
    let outcome = runtime.block_on(async {
        let life = tokio::spawn(serve(start.clone(), environment)).await;
        life.unwrap_or_else(|error| Err(Error::new(Kind::Other, "the daemon failed").because(error)))
    });
    runtime.shutdown_timeout(Duration::from_secs(1));
    // The kernel lets go of these when the process is no more: until then something in it may be using the data.
    outcome.map(std::mem::forget)
}

/// What the settings say of the log. Settings that cannot be read are told of by whoever goes by them, in a log of text.
fn log_format(environment: &Environment) -> LogFormat {
    let path = paths::config_file(environment).unwrap_or_default();
    config::load_user_file(&path, environment).map_or(LogFormat::Text, |(settings, _)| settings.log.format)
}

/// What makes a process the daemon of its socket and its data.
type Claims = (Claim, Option<Claim>);

async fn serve(start: Start, environment: Environment) -> Result<Claims> {
    let socket = paths::socket(&environment)?;
    let is_the_daemon = claim_socket(&socket)?;
    let user_file = paths::config_file(&environment).ok();
    let (settings, stamp) = config::load_user_file(user_file.as_deref().unwrap_or(Path::new("")), &environment)?;
    let opened = open_store(&settings, &environment)?;

    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let pipeline = Pipeline::new(Arc::clone(&opened.store), clock, settings.cache.memory_size);
    let max_size = settings.cache.max_size;
    let idle_exit = start.idle_exit.unwrap_or(settings.daemon.idle_exit);
    let mut degraded = opened.degraded.clone();
    let http = settings.http.clone();
    // Whoever asks over the socket is not refused for a port that somebody else has.
    let tcp = open_to_tcp(&settings, &environment).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "programs that know no sockets are not served");
        degraded.push(error.to_string());
        None
    });
    let address = tcp.as_ref().map(|(_, _, address)| *address);
    let places =
        Places { config: user_file, socket: Some(socket.path.clone()), data: opened.data.clone(), http: address };
    let daemon = Daemon::new(Arc::clone(&pipeline), environment, settings, stamp, places, degraded)?;

    let door = match Door::passed()? {
        Some(door) => door,
        None => Door::bind(&socket)?,
    };
    #[cfg(feature = "otlp")]
    let traces = traces::Traces::begin(&pipeline);
    let housekeeping = tokio::spawn(Arc::clone(&pipeline).keep_house(max_size));
    let signals = tokio::spawn(obey_signals(Arc::clone(&daemon)));
    let watch = tokio::spawn(leave_when_idle(Arc::clone(&daemon), idle_exit));
    if start.detached {
        detach::ready()?;
    }
    tracing::info!(socket = %socket.path.display(), http = ?address, pid = std::process::id(), "listening");

    let router = router::router(Arc::clone(&daemon));
    let by_tcp = tcp.map(|(listener, access, _)| {
        daemon.open_to(&access);
        let (daemon, router) = (Arc::clone(&daemon), router.clone());
        let most = usize::try_from(http.max_connections).unwrap_or(usize::MAX);
        tokio::spawn(async move { tcp::serve(listener, router, access, Bounds::of(most), daemon.stopped()).await })
    });
    door.serve(Arc::clone(&daemon), router).await;
    if let Some(by_tcp) = by_tcp {
        // It closes when the daemon stops, and has waited for its connections by itself.
        let _ = by_tcp.await;
    }

    for task in [housekeeping, signals, watch] {
        task.abort();
    }
    #[cfg(feature = "otlp")]
    if let Some(traces) = traces {
        traces.end().await;
    }
    // What was counted while the last connections were closing.
    pipeline.flush().await;
    let owns_the_data = opened.close().await;
    tracing::info!("stopped");
    Ok((is_the_daemon, owns_the_data))
}

/// The TCP door, where one is configured: a listener, what opens it, and the address it really has.
async fn open_to_tcp(
    settings: &Settings,
    environment: &Environment,
) -> Result<Option<(TcpListener, Arc<Access>, SocketAddr)>> {
    let Some(listen) = &settings.http.listen else { return Ok(None) };
    let cannot =
        |cause: &dyn std::fmt::Display| Error::new(Kind::Usage, format!("cannot listen on `{listen}`")).because(cause);
    let address = listen.parse().map_err(|error: std::net::AddrParseError| cannot(&error))?;
    let token = token::find_or_make(&paths::data_folder(environment)?)?;
    let listener = tcp::bind(address).await?;
    let address = listener.local_addr().map_err(|error| cannot(&error))?;
    let largest = usize::try_from(settings.http.max_body).unwrap_or(usize::MAX);
    Ok(Some((listener, Arc::new(Access::new(address, token, None, largest)), address)))
}

fn claim_socket(socket: &Socket) -> Result<Claim> {
    socket.prepare()?;
    let lock = claim::socket_lock(&socket.path);
    let mut claim = Claim::wait(&lock, SUCCEED_WITHIN)?.ok_or_else(|| {
        Error::new(Kind::Conflict, format!("a daemon is already running on `{}`", socket.path.display()))
            .hint("`llmc daemon status` shows it, `llmc daemon stop` ends it")
    })?;
    claim.sign(&lock)?;
    Ok(claim)
}

/// A store and what keeps it ours.
pub(super) struct Opened {
    pub store: Arc<dyn Store>,
    pub claim: Option<Claim>,
    pub data: Option<PathBuf>,
    pub degraded: Vec<String>,
    embedded: Option<Arc<Sqlite>>,
}

impl Opened {
    /// A store that ends with the process.
    pub fn in_memory() -> Opened {
        Opened { store: Arc::new(Memory::default()), claim: None, data: None, degraded: Vec::new(), embedded: None }
    }

    /// What can be had where the data are out of reach, and what a person should know of it: answers in memory, or the
    /// shared store with nothing behind it.
    pub fn without_data(settings: &Settings, environment: &Environment, why: &Error) -> Result<(Opened, String)> {
        if matches!(settings.store.backend, Backend::Redis | Backend::Upstash) {
            let opened = Opened::in_memory().behind_shared(settings, environment)?;
            let lost = "what is answered while the shared store is away is lost with this command";
            return Ok((opened, format!("{lost}: {why}")));
        }
        Ok((Opened::in_memory(), format!("answers are kept for this command only: {why}")))
    }

    /// The same with a shared store before it.
    fn behind_shared(mut self, settings: &Settings, environment: &Environment) -> Result<Opened> {
        let (shared, warnings) = shared::connect(settings, environment)?;
        for warning in &warnings {
            tracing::warn!("{warning}");
        }
        self.degraded.extend(warnings);
        self.store = Arc::new(Fleet::new(Arc::new(shared), self.store, Arc::new(SystemClock), settings.store.timeout));
        Ok(self)
    }

    /// Closes the database here and now, for who ends with it.
    pub fn close_at_once(&self) {
        if let Some(embedded) = &self.embedded {
            embedded.close();
        }
    }

    /// Closes the database, whoever still holds on to the store: a successor must not find it half closed. Hands on the
    /// claim to it.
    async fn close(self) -> Option<Claim> {
        if let Some(embedded) = self.embedded {
            // Fails only where closing panicked; the database then recovers when it is opened next.
            let _ = tokio::task::spawn_blocking(move || embedded.close()).await;
        }
        self.claim
    }
}

pub(super) fn open_store(settings: &Settings, environment: &Environment) -> Result<Opened> {
    match settings.store.backend {
        Backend::Memory => Ok(Opened::in_memory()),
        Backend::Embedded => open_embedded(settings, environment),
        Backend::Redis | Backend::Upstash => open_embedded(settings, environment)?.behind_shared(settings, environment),
    }
}

fn open_embedded(settings: &Settings, environment: &Environment) -> Result<Opened> {
    let folder = paths::data_folder(environment)?;
    folder::prepare_private_dir(&folder)?;
    let Some(claim) = Claim::attempt(&folder.join("daemon.lock"))? else {
        return Err(Error::new(
            Kind::Unreachable,
            format!("the data in `{}` belong to another daemon", folder.display()),
        )
        .hint("use its socket, or set `LLMC_DATA_DIR` to a folder of its own"));
    };
    let (store, degraded) = Sqlite::open(&folder.join("llmc.sqlite"), settings.store.durability)?;
    for warning in &degraded {
        tracing::warn!("{warning}");
    }
    let store = Arc::new(store);
    let embedded = Some(Arc::clone(&store));
    Ok(Opened { store, claim: Some(claim), data: Some(folder), degraded, embedded })
}

/// SIGTERM and SIGINT stop, SIGHUP reads the settings again.
async fn obey_signals(daemon: Arc<Daemon>) {
    let (Ok(mut terminate), Ok(mut interrupt), Ok(mut hang_up)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()), signal(SignalKind::hangup()))
    else {
        tracing::warn!("signals are not obeyed");
        return;
    };
    loop {
        tokio::select! {
            _ = terminate.recv() => daemon.stop(),
            _ = interrupt.recv() => daemon.stop(),
            _ = hang_up.recv() => {
                if let Err(error) = daemon.reload() {
                    tracing::warn!(%error, "the settings stay as they were");
                }
            }
        }
    }
}

async fn leave_when_idle(daemon: Arc<Daemon>, longest: Duration) {
    if longest.is_zero() {
        return;
    }
    loop {
        // A program that runs behind a door of its own may be silent for as long as it likes.
        let is_busy = daemon.pipeline.in_flight() > 0 || !daemon.runs.is_empty();
        let idle = if is_busy { Duration::ZERO } else { daemon.idle() };
        match longest.checked_sub(idle) {
            Some(rest) if !rest.is_zero() => tokio::time::sleep(rest).await,
            _ => {
                tracing::info!("nobody has asked anything for a while");
                return daemon.stop();
            }
        }
    }
}
