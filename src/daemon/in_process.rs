//! The daemon's router without a daemon: for a machine with no place for a socket, and for `--no-daemon`.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http_body_util::BodyExt;
use hyper::{Request, Response};
use tokio::runtime::{Handle, Runtime};
use tokio::time::timeout;
use tower::ServiceExt;

use super::guard::Subject;
use super::router;
use super::run::{Opened, open_store};
use super::state::{Daemon, Places};
use crate::clock::SystemClock;
use crate::config::{self, Environment, paths};
use crate::error::{Error, Kind, Result};
use crate::pipeline::Pipeline;

/// How long calls in the air get once the command is done.
const DRAIN_WITHIN: Duration = Duration::from_secs(5);

/// How long what waits for a shared store may take to be sent then.
const SEND_WITHIN: Duration = Duration::from_millis(500);

/// A daemon inside the command's own process.
pub struct InProcess {
    runtime: Option<Runtime>,
    handle: Handle,
    daemon: Arc<Daemon>,
    router: Router,
    opened: Opened,
    /// What the user should know: a memory store in place of the database.
    pub warning: Option<String>,
}

impl InProcess {
    /// Opens the store itself, or keeps answers in memory where the database is out of reach.
    pub fn open(environment: Environment) -> Result<InProcess> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(|error| Error::new(Kind::Other, "cannot start a runtime").because(error))?;
        let user_file = paths::config_file(&environment).ok();
        let (settings, stamp) = config::load_user_file(user_file.as_deref().unwrap_or(Path::new("")), &environment)?;
        let (opened, warning) = match open_store(&settings, &environment) {
            Ok(opened) => (opened, None),
            Err(error) => {
                let (opened, warning) = Opened::without_data(&settings, &environment, &error)?;
                (opened, Some(warning))
            }
        };
        let store = Arc::clone(&opened.store);
        let pipeline = Pipeline::new(store, Arc::new(SystemClock), settings.cache.memory_size);
        let places = Places { config: user_file, socket: None, data: opened.data.clone(), http: None };
        let daemon = Daemon::new(pipeline, environment, settings, stamp, places, opened.degraded.clone())?;
        let router = router::router(Arc::clone(&daemon));
        let handle = runtime.handle().clone();
        Ok(InProcess { runtime: Some(runtime), handle, daemon, router, opened, warning })
    }

    /// Asks, and waits for the head of the answer.
    pub fn ask(&self, mut request: Request<Body>) -> Response<Body> {
        let user = rustix::process::geteuid().as_raw();
        request.extensions_mut().insert(Subject(format!("user:{user}")));
        let answered = self.handle.block_on(self.router.clone().oneshot(request));
        answered.unwrap_or_else(|never| match never {})
    }

    /// The next piece of an answer's body; `None` at its end.
    pub fn next_piece(&self, body: &mut Body) -> Option<bytes::Bytes> {
        self.handle.block_on(async {
            loop {
                let frame = body.frame().await?.ok()?;
                if let Ok(piece) = frame.into_data() {
                    return Some(piece);
                }
            }
        })
    }
}

impl Drop for InProcess {
    fn drop(&mut self) {
        let (pipeline, settings) = (&self.daemon.pipeline, &self.daemon.house().settings);
        self.handle.block_on(async {
            pipeline.drain(DRAIN_WITHIN).await;
            self.daemon.sessions.settled(DRAIN_WITHIN).await;
            pipeline.sweep(settings.cache.max_size).await;
            // What cannot be sent now is sent by whoever opens the data next.
            if pipeline.store().is_shared() && pipeline.store().trouble().is_none() {
                let _ = timeout(SEND_WITHIN, pipeline.store().tend(pipeline.clock().now())).await;
            }
        });
        if let Some(runtime) = self.runtime.take() {
            // What is still at it by now, a key's command or a long call, must not keep the command from ending.
            runtime.shutdown_background();
        }
        // While the data are still claimed: a successor must not find them half closed.
        self.opened.close_at_once();
    }
}
