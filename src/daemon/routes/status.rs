//! `GET /status`, `POST /shutdown`, `POST /reload`, `GET /limits`.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::response::Response;

use super::asker::Asker;
use crate::api::status::{BudgetStatus, LimitStatus, LimitsReply, ShutdownReply, StatusReply, StoreStatus};
use crate::api::{PROTOCOL, SCHEMA_VERSION};
use crate::config::settings::BudgetSettings;
use crate::daemon::reply::{Refused, json};
use crate::daemon::state::Daemon;
use crate::error::Result;
use crate::pipeline::admit::Class;
use crate::pipeline::budget::Budget;

/// A store that takes longer is not well.
const WELL_WITHIN: Duration = Duration::from_millis(100);

/// How the daemon is. Answers within the deadline of a ping, however the store is.
pub async fn status(State(daemon): State<Arc<Daemon>>) -> Response {
    let shown = |path: &Option<std::path::PathBuf>| path.as_deref().map(Path::to_string_lossy).map(Into::into);
    json(&StatusReply {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        protocol: PROTOCOL,
        pid: std::process::id(),
        uptime_seconds: daemon.uptime().as_secs(),
        draining: daemon.is_stopping(),
        in_flight: daemon.pipeline.in_flight() as u64,
        store: store_status(&daemon).await,
        degraded: daemon.degraded(),
        config: shown(&daemon.places.config),
        socket: shown(&daemon.places.socket),
        data: shown(&daemon.places.data),
        http: daemon.places.http.map(|address| address.to_string()),
    })
}

/// How the store is.
pub async fn store_status(daemon: &Daemon) -> StoreStatus {
    let store = daemon.pipeline.store();
    let started = Instant::now();
    let healthy = matches!(tokio::time::timeout(WELL_WITHIN, store.ping()).await, Ok(Ok(())));
    let took = started.elapsed().as_micros() as f64 / 1e3;
    StoreStatus { backend: store.backend().to_owned(), healthy, latency_ms: healthy.then_some(took) }
}

/// Begins to stop, and says so.
pub async fn shutdown(State(daemon): State<Arc<Daemon>>) -> Response {
    daemon.stop();
    json(&ShutdownReply { stopping: true, pid: std::process::id() })
}

/// Reads the settings again.
pub async fn reload(State(daemon): State<Arc<Daemon>>) -> Result<Response, Refused> {
    daemon.reload()?;
    Ok(status(State(daemon)).await)
}

/// How the caller stands with each limit. Asking spends nothing.
pub async fn limits(State(daemon): State<Arc<Daemon>>, asker: Asker) -> Result<Response, Refused> {
    Ok(json(&standing(&daemon, &asker).await?))
}

/// The same as an object.
pub async fn standing(daemon: &Daemon, asker: &Asker) -> Result<LimitsReply> {
    let rates = asker.rates();
    let mut limits = Vec::new();
    for class in Class::ALL {
        let standing = daemon.pipeline.limits.standing(&asker.subject, class, rates).await?;
        limits.push(LimitStatus {
            class: class.name().to_owned(),
            limit: standing.limit.count,
            remaining: standing.remaining,
            window_seconds: standing.limit.window.as_secs_f64(),
            reset_at: standing.reset_at.0,
        });
    }
    let budgets = budgets(daemon, &asker.house.settings.budget).await?;
    Ok(LimitsReply { schema_version: SCHEMA_VERSION, limits, budgets })
}

async fn budgets(daemon: &Daemon, settings: &BudgetSettings) -> Result<Vec<BudgetStatus>> {
    let budgets = Budget::all(settings, daemon.pipeline.clock().now());
    let spendings = daemon.pipeline.budgets.standing(&budgets).await?;
    let each = budgets.into_iter().zip(spendings).map(|(budget, spending)| BudgetStatus {
        period: budget.period.name().to_owned(),
        namespace: budget.namespace,
        limit_usd: budget.allowance.most.dollars(),
        spent_usd: spending.spent.dollars(),
        reserved_usd: spending.reserved.dollars(),
        left_usd: spending.left(budget.allowance.most).dollars(),
        reset_at: budget.allowance.over_at.0,
    });
    Ok(each.collect())
}
