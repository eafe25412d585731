//! What can be said to the daemon: every path, in one table.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use tracing::Instrument;

use super::reply::Refused;
use super::request::RequestId;
use super::routes::{
    batch, dashboard, entries, events, gateway, generate, metrics, moving, openapi, providers, runs, sessions, stats,
    status, verifying, workflow,
};
use super::state::Daemon;
use crate::api::{PROTOCOL, headers};
use crate::error::{Error, Kind};

/// The whole native API.
pub fn router(daemon: Arc<Daemon>) -> Router {
    Router::new()
        .route("/llm/generate", post(generate::generate))
        .route("/llm/batch", post(batch::batch))
        .route("/llm/execute-workflow", post(workflow::execute))
        .route("/llm/workflow/generate", post(workflow::write))
        .route("/llm/cache/stats", get(stats::show).delete(stats::reset))
        .route("/llm/models", get(providers::models))
        .route("/llm/providers", get(providers::providers))
        .route("/sessions", get(sessions::list).post(sessions::create))
        .route("/sessions/{id}", get(sessions::show).patch(sessions::change).delete(sessions::delete))
        .route("/cache/entries", get(entries::list))
        .route("/cache/entries/{key}", get(entries::show).delete(entries::delete))
        .route("/cache/diff", get(entries::differ))
        .route("/cache/purge", post(entries::purge))
        .route("/cache/verify", post(verifying::verify))
        .route("/v1/{*path}", any(gateway::gateway))
        .route("/openai/{*path}", any(gateway::gateway))
        .route("/anthropic/{*path}", any(gateway::gateway))
        .route("/gemini/{*path}", any(gateway::gateway))
        .route("/providers/{name}/{*path}", any(gateway::gateway))
        .route("/runs", post(runs::open))
        .route("/dashboard", get(dashboard::show))
        .route("/dashboard/{file}", get(dashboard::file))
        .route("/dashboard/figures", get(dashboard::figures))
        .route("/openapi.json", get(openapi::show))
        .route("/cache/export", get(moving::export))
        .route("/cache/import", post(moving::import))
        .route("/events", get(events::listen))
        .route("/metrics", get(metrics::show))
        .route("/limits", get(status::limits))
        .route("/checkup", get(status::checkup))
        .route("/status", get(status::status))
        .route("/reload", post(status::reload))
        .route("/shutdown", post(status::shutdown))
        .fallback(unknown_path)
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(Arc::clone(&daemon), shake_hands))
        .with_state(daemon)
}

/// Every answer says who gave it; a client of another protocol is told so rather than misunderstood.
async fn shake_hands(State(daemon): State<Arc<Daemon>>, mut request: Request, next: Next) -> Response {
    let spoken = request.headers().get(headers::PROTOCOL).and_then(|value| value.to_str().ok()).map(str::parse::<u32>);
    let id = RequestId::of(request.headers());
    request.extensions_mut().insert(id.clone());
    let frozen = matches!(request.uri().path(), "/status" | "/shutdown");
    if !frozen {
        daemon.note_request();
    }
    let mut response = match spoken {
        Some(spoken) if spoken != Ok(PROTOCOL) && !frozen => Refused::from(
            Error::new(Kind::Conflict, "client and daemon speak different protocols")
                .because(format!("the daemon speaks {PROTOCOL}"))
                .hint("`llmc daemon restart`"),
        )
        .into_response(),
        _ => {
            let span = tracing::debug_span!("request", id = &*id.0);
            next.run(request).instrument(span).await
        }
    };
    let head = response.headers_mut();
    head.extend(id.header());
    head.insert(headers::VERSION, HeaderValue::from_static(env!("CARGO_PKG_VERSION")));
    head.insert(headers::PROTOCOL, HeaderValue::from(PROTOCOL));
    if daemon.pipeline.store().trouble().is_some() {
        head.insert(headers::DEGRADED, HeaderValue::from_static("store"));
    }
    if daemon.is_stopping() {
        head.insert(headers::DRAINING, HeaderValue::from_static("1"));
    }
    response
}

async fn unknown_path(request: Request) -> Response {
    let error = Error::new(Kind::NotFound, format!("there is no `{}`", request.uri().path()));
    Refused::from(error).into_response()
}

async fn wrong_method(request: Request) -> Response {
    let (method, path) = (request.method(), request.uri().path());
    let error = Error::new(Kind::Usage, format!("`{path}` does not answer {method}"));
    let mut response = Refused::from(error).into_response();
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response
}
