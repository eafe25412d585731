//! `GET /dashboard…`: the page and its files, and the figures it shows.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, Uri};
use axum::response::{IntoResponse, Response};

use super::asker::Asker;
use super::entries::{named_in, read_query};
use super::stats;
use super::status;
use super::totals::groups;
use crate::api::SCHEMA_VERSION;
use crate::api::dashboard::{FiguresQuery, FiguresReply, Groups};
use crate::api::stats::StatsQuery;
use crate::daemon::page::{self, File};
use crate::daemon::reply::{Refused, json};
use crate::daemon::state::Daemon;
use crate::error::{Error, Kind};
use crate::store::Count;

/// Hours that are told one by one.
const HOURS: u32 = 48;

/// The page.
pub async fn show() -> Result<Response, Refused> {
    sent("")
}

/// A file of the page.
pub async fn file(name: Result<Path<String>, PathRejection>) -> Result<Response, Refused> {
    sent(&named_in(name)?)
}

fn sent(name: &str) -> Result<Response, Refused> {
    let File { media_type, text, .. } = page::file(name)
        .filter(|file| file.name.is_empty() == name.is_empty())
        .ok_or_else(|| Error::new(Kind::NotFound, format!("there is no `{}/{name}`", page::PATH)))?;
    let head = [
        (CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(page::POLICY)),
        // Another version of the program has other files.
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    ];
    Ok((head, *text).into_response())
}

/// All that the page shows at a glance. Asking spends nothing: a page that is left open must not use up the limits it
/// shows.
pub async fn figures(State(daemon): State<Arc<Daemon>>, asker: Asker, uri: Uri) -> Result<Response, Refused> {
    let query: FiguresQuery = read_query(&uri)?;
    let (stats, mut counts) = stats::read(&daemon, &StatsQuery { since: query.since, ..StatsQuery::default() }).await?;
    let [model, provider, namespace, day] = ["model", "provider", "namespace", "day"].map(|by| groups(&counts, by));
    let now = daemon.pipeline.clock().now().hour();
    counts.retain(|Count { slot, .. }| slot.hour.saturating_add(HOURS) > now);
    let by =
        Groups { model: model?, provider: provider?, namespace: namespace?, day: day?, hour: groups(&counts, "hour")? };
    let limits = status::standing(&daemon, &asker).await?;
    let status = status::read(&daemon).await;
    Ok(json(&FiguresReply { schema_version: SCHEMA_VERSION, stats, by, limits, status }))
}
