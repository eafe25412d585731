//! One connection, whichever door it came by.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite};

use super::waking::AtOnce;

/// Serves a connection to its end. A peer that begins a request must end its head within `head_within`. When `open` is
/// shut down it ends after the request it is at.
pub fn serve<I, S>(
    stream: I,
    service: S,
    head_within: Duration,
    open: &GracefulShutdown,
) -> impl Future<Output = ()> + use<I, S>
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    S: Service<Request<Incoming>, Response = Response<Body>, Error = Infallible> + Send + 'static,
    S::Future: Send + 'static,
{
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head_within)
        .serve_connection(TokioIo::new(stream), service);
    let connection = AtOnce::new(open.watch(connection));
    async move {
        // A peer that hangs up ends its own connection, not more.
        let _ = connection.await;
    }
}
