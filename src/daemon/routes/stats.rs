//! `GET /llm/cache/stats`; `DELETE` forgets the counters.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;

use super::asker::Asker;
use super::status::store_status;
use super::totals::{Sums, TREND_HOURS, groups, trend};
use crate::api::SCHEMA_VERSION;
use crate::api::stats::{Missed, MissedCall, StatsQuery, StatsReply};
use crate::clock::Timestamp;
use crate::daemon::reply::{Refused, told};
use crate::daemon::routes::entries::read_query;
use crate::daemon::state::Daemon;
use crate::error::Result;
use crate::pipeline::admit::Class;
use crate::pipeline::ledger::field;
use crate::pipeline::missed::{Miss, Misses};
use crate::store::Count;

/// The statistics a query asks for.
pub async fn show(State(daemon): State<Arc<Daemon>>, asker: Asker, uri: Uri) -> Result<Response, Refused> {
    let query: StatsQuery = read_query(&uri)?;
    let standing = asker.admit(&daemon, Class::Standard).await?;
    let (mut reply, counts) = read(&daemon, &query).await?;
    reply.groups = query.by.map_or(Ok(Vec::new()), |by| groups(&counts, &by))?;
    Ok(told(standing, &reply))
}

/// The statistics without their groups, and the counters they were made of.
pub async fn read(daemon: &Daemon, query: &StatsQuery) -> Result<(StatsReply, Vec<Count>)> {
    let pipeline = &daemon.pipeline;
    pipeline.flush().await;
    let now = pipeline.clock().now();
    let since_hour = query.since.map_or(0, |span| now.before(span.0).hour());
    // What the trend compares is read along.
    let first_hour = since_hour.min(now.hour().saturating_sub(TREND_HOURS));
    let mut counts = match query.local {
        true => pipeline.ledger.own_counts(first_hour).await?,
        false => pipeline.ledger.counts(first_hour).await,
    };
    if let Some(run) = &query.run {
        counts.retain(|count| count.slot.run == *run);
    }
    let trend = trend(&counts, now.hour());
    counts.retain(|count| count.slot.hour >= since_hour);
    let mut sums = Sums::default();
    counts.iter().for_each(|count| sums.add(count));
    let first = counts.iter().map(|count| count.slot.hour).min();
    let size = pipeline.store().size().await.unwrap_or_default();
    let reply = StatsReply {
        schema_version: SCHEMA_VERSION,
        totals: sums.totals(),
        entries: size.entries,
        bytes: size.bytes,
        evictions: sums.of(field::EVICTIONS),
        store_failures: sums.of(field::STORE_FAILURES),
        damaged: sums.of(field::DAMAGED),
        store: store_status(daemon).await,
        degraded: daemon.degraded(),
        since: first.map(|hour| Timestamp(u64::from(hour) * 3_600_000).rfc3339()),
        trend,
        missed: query.run.as_deref().map_or_else(Missed::default, |run| missed(daemon, run)),
        groups: Vec::new(),
    };
    Ok((reply, counts))
}

fn missed(daemon: &Daemon, run: &str) -> Missed {
    let Misses { count, first } = daemon.pipeline.missed.of(run);
    let first = first.into_iter().map(|Miss { model, cause }| MissedCall { model, cause });
    Missed { count, first: first.collect() }
}

/// Forgets every counter.
pub async fn reset(State(daemon): State<Arc<Daemon>>, asker: Asker) -> Result<Response, Refused> {
    let standing = asker.admit(&daemon, Class::Expensive).await?;
    daemon.pipeline.ledger.reset().await?;
    Ok(told(standing, &serde_json::json!({ "schema_version": SCHEMA_VERSION, "reset": true })))
}
