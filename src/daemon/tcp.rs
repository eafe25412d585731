//! The TCP door: the same router on a loopback port, for programs that know no sockets. Whoever comes in must show a
//! token, and nobody can hold a place for long without one.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tower::ServiceExt;

use super::access::{Access, Denied, Imposed};
use super::connection;
use super::guard::Subject;
use super::reply::Refused;
use crate::config::secret::Secret;
use crate::config::token;
use crate::error::{Error, Kind, Result};

/// How much of the house the door may take up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Connections at a time.
    pub connections: usize,
    /// A connection on which no whole head comes within this is closed: that of a slow asker, and an idle one.
    pub head_within: Duration,
}

impl Bounds {
    /// So many connections, none of them idle for longer than half a minute.
    pub fn of(connections: usize) -> Bounds {
        Bounds { connections, head_within: Duration::from_secs(30) }
    }
}

/// How long open connections get to finish once the door is closed.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);

/// Connections of a run that may wait to be accepted.
const WAITING: u32 = 1024;

/// Connections at a time of one run.
const CONNECTIONS_OF_A_RUN: usize = 1024;

/// For whoever comes when every place is taken.
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// Listens on a loopback address; any other is refused, since neither keys nor answers are hidden on the way.
pub async fn bind(address: SocketAddr) -> Result<TcpListener> {
    expect_loopback(address)?;
    TcpListener::bind(address).await.map_err(|error| cannot_listen(address).because(error))
}

fn expect_loopback(address: SocketAddr) -> Result<()> {
    if address.ip().is_loopback() {
        return Ok(());
    }
    Err(cannot_listen(address)
        .because("others than this machine could reach it")
        .hint("set `http.listen` to an address of 127.0.0.1 or [::1]"))
}

fn cannot_listen(address: SocketAddr) -> Error {
    Error::new(Kind::Unreachable, format!("cannot listen on `{address}`"))
}

/// Where the door of a run is, and what opens it.
#[derive(Clone, Debug)]
pub struct Place {
    address: SocketAddr,
    /// What opens it.
    pub token: Secret,
}

impl Place {
    /// A free port, and a token nobody else has.
    pub fn anywhere() -> Result<Place> {
        Ok(Place { address: SocketAddr::from(([127, 0, 0, 1], 0)), token: token::draw()? })
    }

    /// Where a daemon that is gone had one.
    pub fn again(address: &str, token: &str) -> Result<Place> {
        let place = address.parse().ok().zip(token::accept(token));
        let (address, token) = place.ok_or_else(|| Error::new(Kind::Usage, "`again` names no door"))?;
        Ok(Place { address, token })
    }

    /// Listens there. Who holds the port until a daemon comes back must be able to share it.
    fn listen(&self) -> Result<TcpListener> {
        expect_loopback(self.address)?;
        let socket = || {
            let socket = TcpSocket::new_v4()?;
            socket.set_reuseaddr(true)?;
            socket.set_reuseport(true)?;
            socket.bind(self.address)?;
            socket.listen(WAITING)
        };
        socket().map_err(|error| cannot_listen(self.address).because(error))
    }
}

/// A door that is open for one run, to its token alone. Closed when dropped; what is answered then is answered to its end.
pub struct OneRun {
    /// Where it is.
    pub address: SocketAddr,
    /// What opens it.
    pub token: Secret,
    _closed: oneshot::Sender<()>,
}

impl OneRun {
    /// Opens one to `router`. Who comes by it spends the limits of `subject`, on the terms that are imposed.
    pub async fn open(
        place: Place,
        router: Router,
        subject: &str,
        imposed: Imposed,
        largest_body: usize,
    ) -> Result<OneRun> {
        let (listener, token) = (place.listen()?, place.token);
        let cannot =
            |error: std::io::Error| Error::new(Kind::Unreachable, "cannot open a door for the run").because(error);
        let address = listener.local_addr().map_err(cannot)?;
        let access = Access::new(address, token.clone(), Some(subject.to_owned()), largest_body).imposing(imposed);
        let (closing, closed) = oneshot::channel::<()>();
        tokio::spawn(async move {
            // Nobody sends anything: the sender's end is the news.
            let closed = async { drop(closed.await) };
            serve(listener, router, Arc::new(access), Bounds::of(CONNECTIONS_OF_A_RUN), closed).await;
        });
        Ok(OneRun { address, token, _closed: closing })
    }
}

/// Serves whoever `access` lets in until `closed`; then lets open connections finish.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    access: Arc<Access>,
    bounds: Bounds,
    closed: impl Future<Output = ()>,
) {
    let open = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(bounds.connections.min(Semaphore::MAX_PERMITS)));
    tokio::pin!(closed);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut closed => break,
        };
        match accepted {
            Ok((stream, _)) => match Arc::clone(&places).try_acquire_owned() {
                Ok(place) => serve_one(stream, place, router.clone(), Arc::clone(&access), &open, bounds.head_within),
                Err(_) => turn_away(stream),
            },
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                // Out of descriptors, most likely: others must close before another try helps.
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    let _ = tokio::time::timeout(CLOSE_WITHIN, open.shutdown()).await;
}

fn turn_away(mut stream: TcpStream) {
    tokio::spawn(async move {
        // Whoever does not read it learns from the closed connection.
        let _ = tokio::time::timeout(CLOSE_WITHIN, stream.write_all(FULL)).await;
    });
}

fn serve_one(
    stream: TcpStream,
    place: OwnedSemaphorePermit,
    router: Router,
    access: Arc<Access>,
    open: &GracefulShutdown,
    head_within: Duration,
) {
    // Answers are written whole or piece by piece on purpose; none of them should wait for more.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| answer(router.clone(), Arc::clone(&access), request));
    let connection = connection::serve(stream, service, head_within, open);
    tokio::spawn(async move {
        connection.await;
        drop(place);
    });
}

async fn answer(router: Router, access: Arc<Access>, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    let (mut head, body) = request.into_parts();
    let subject = match access.admit(&mut head) {
        Ok(subject) => subject,
        Err(Denied { status, error }) => {
            let mut response = Refused::from(error).into_response();
            *response.status_mut() = status;
            return Ok(response);
        }
    };
    head.extensions.insert(Subject(subject));
    head.extensions.insert(Arc::clone(&access.imposed));
    head.extensions.insert(access);
    router.oneshot(Request::from_parts(head, Body::new(body))).await
}
