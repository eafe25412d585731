//! The local socket: bound privately and put in place whole, served to the same user only, left behind by nobody.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use interprocess::local_socket::tokio::{Listener, Stream, prelude::*};
use interprocess::local_socket::{GenericFilePath, ListenerOptions};
use interprocess::os::unix::local_socket::ListenerOptionsExt;
use tower::ServiceExt;

use super::state::Daemon;
use super::{connection, guard};
use crate::config::paths::Socket;
use crate::error::{Error, Kind, Result};

/// A peer that begins a request must end its head within this.
const HEAD_WITHIN: Duration = Duration::from_secs(30);

/// How long open connections get to finish once all calls have landed.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);

/// A listener and the file it owns, if it owns one.
pub struct Door {
    listener: Listener,
    file: Option<OwnFile>,
}

struct OwnFile {
    path: PathBuf,
    inode: u64,
}

impl Door {
    /// Takes over the listener a service manager passed, where one did. Its file is the manager's.
    pub fn passed() -> Result<Option<Door>> {
        // Without its number the variables were meant for a process further up, and so were the descriptors.
        let is_meant = std::env::var("LISTEN_PID").is_ok_and(|pid| pid == std::process::id().to_string());
        if !is_meant {
            return Ok(None);
        }
        let wrong =
            |error: std::io::Error| Error::new(Kind::Usage, "cannot use the socket that was passed").because(error);
        let Some(listener) = listenfd::ListenFd::from_env().take_unix_listener(0).map_err(wrong)? else {
            return Ok(None);
        };
        listener.set_nonblocking(true).map_err(wrong)?;
        let descriptor = std::os::fd::OwnedFd::from(listener);
        let listener = interprocess::os::unix::uds_local_socket::tokio::Listener::try_from(descriptor)
            .map_err(|_| Error::new(Kind::Usage, "cannot use the socket that was passed"))?;
        Ok(Some(Door { listener: listener.into(), file: None }))
    }

    /// Binds under a name of its own, readable by nobody else, then renames: whoever sees the socket can use it.
    pub fn bind(socket: &Socket) -> Result<Door> {
        let path = &socket.path;
        let cannot = |error: &dyn std::fmt::Display| {
            Error::new(Kind::Unreachable, format!("cannot listen on `{}`", path.display())).because(error)
        };
        let mut name = std::ffi::OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(format!(".{}", std::process::id()));
        let temporary = socket.folder().join(&name);
        let _ = fs::remove_file(&temporary);
        let bindable = socket.reachable_as(&name).map_err(|error| cannot(&error))?;
        let listener = ListenerOptions::new()
            .name(bindable.path().to_fs_name::<GenericFilePath>().map_err(|error| cannot(&error))?)
            .reclaim_name(false)
            .mode(0o600)
            .create_tokio()
            .map_err(|error| cannot(&error))?;
        fs::rename(&temporary, path).map_err(|error| cannot(&error))?;
        let inode = fs::symlink_metadata(path).map_err(|error| cannot(&error))?.ino();
        Ok(Door { listener, file: Some(OwnFile { path: path.clone(), inode }) })
    }

    /// Serves until the daemon stops; then closes the door, lets calls and connections finish, and returns.
    pub async fn serve(self, daemon: Arc<Daemon>, router: Router) {
        let open = GracefulShutdown::new();
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                () = daemon.stopped() => break,
            };
            match accepted {
                Ok(stream) => serve_one(stream, router.clone(), &open),
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    // Out of descriptors, most likely: others must close before another try helps.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
        self.close();
        let drain = daemon.house().settings.daemon.drain;
        let given_up = daemon.pipeline.drain(drain).await;
        if given_up > 0 {
            tracing::warn!(calls = given_up, "stopped before every call had ended");
        }
        let _ = tokio::time::timeout(CLOSE_WITHIN, open.shutdown()).await;
        daemon.sessions.settled(CLOSE_WITHIN).await;
    }

    fn close(self) {
        let Some(file) = self.file else { return };
        // A successor may have put its own socket there already.
        if fs::symlink_metadata(&file.path).is_ok_and(|found| found.ino() == file.inode) {
            let _ = fs::remove_file(&file.path);
        }
    }
}

fn serve_one(stream: Stream, router: Router, open: &GracefulShutdown) {
    let Some(subject) = stream.peer_creds().ok().as_ref().and_then(guard::subject_of) else {
        tracing::warn!("refused a connection of another user");
        return;
    };
    let service = router.map_request(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(subject.clone());
        request
    });
    tokio::spawn(connection::serve(stream, TowerToHyperService::new(service), HEAD_WITHIN, open));
}
