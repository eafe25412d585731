//! `GET /status`, `GET /checkup`, `POST /shutdown`, `POST /reload`, `GET /limits`.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::response::Response;

use super::asker::Asker;
use crate::api::status::{
    BudgetStatus, CheckupReply, LimitStatus, LimitsReply, ShutdownReply, StatusReply, StoreStatus,
};
use crate::api::{PROTOCOL, SCHEMA_VERSION};
use crate::clock::Timestamp;
use crate::config::settings::BudgetSettings;
use crate::daemon::reply::{Refused, json, told};
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

/// A close look at the store. Reads the whole file, so that it takes a while where much is kept.
pub async fn checkup(State(daemon): State<Arc<Daemon>>, asker: Asker) -> Result<Response, Refused> {
    let standing = asker.admit(&daemon, Class::Standard).await?;
    let store = daemon.pipeline.store();
    let clock = daemon.pipeline.clock();
    let (asked_at, examined) = (clock.now(), store.examine().await?);
    let between = asked_at.after(clock.now().since(asked_at) / 2);
    let size = store.size().await.unwrap_or_default();
    let reply = CheckupReply {
        schema_version: SCHEMA_VERSION,
        store: store_status(&daemon).await,
        entries: size.entries,
        bytes: size.bytes,
        max_bytes: (!store.is_shared()).then_some(daemon.house().settings.cache.max_size),
        damage: examined.damage,
        eviction: examined.eviction,
        clock_ahead_ms: examined.clock.map(|theirs| ahead(theirs, between)),
        warnings: examined.warnings,
    };
    Ok(told(standing, &reply))
}

/// How far one clock is ahead of another, in milliseconds.
pub fn ahead(theirs: Timestamp, ours: Timestamp) -> i64 {
    i64::try_from(theirs.0).unwrap_or(i64::MAX).saturating_sub(i64::try_from(ours.0).unwrap_or(i64::MAX))
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
    let budgets = budgets(&daemon, &asker.house.settings.budget).await?;
    Ok(json(&LimitsReply { schema_version: SCHEMA_VERSION, limits, budgets }))
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
