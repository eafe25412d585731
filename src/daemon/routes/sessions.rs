//! `/sessions…`: making, showing, changing and removing conversations.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::{ETAG, IF_MATCH, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::Response;
use serde::de::DeserializeOwned;

use super::asker::Asker;
use super::body::{Whole, read_object};
use super::entries::{named_in, read_query};
use super::exchange::role;
use crate::api::SCHEMA_VERSION;
use crate::api::sessions::{
    CreateSession, PatchSession, SessionDeleted, SessionReply, SessionSummary, SessionsQuery, SessionsReply,
};
use crate::clock::Timestamp;
use crate::daemon::reply::{Refused, told};
use crate::daemon::state::Daemon;
use crate::error::{Error, Kind, Result};
use crate::pipeline::admit::{Class, Standing};
use crate::pipeline::long::beside_everybody;
use crate::session::{Condition, Draft, Kept, Listed, Patch};

/// Sessions in a list where nothing is said.
const LISTED: usize = 100;

/// The most a list shows: each session of it is read whole.
const MOST_LISTED: usize = 1000;

/// Makes a session.
pub async fn create(State(daemon): State<Arc<Daemon>>, asker: Asker, body: Whole) -> Result<Response, Refused> {
    let CreateSession { id, system, data, messages, ttl } =
        if body.0.is_empty() { CreateSession::default() } else { read(&body)? };
    messages.iter().try_for_each(|message| role(message).map(drop))?;
    let standing = asker.admit(&daemon, Class::Standard).await?;
    let draft = Draft { id, system, data, messages, ttl: ttl.map(|span| span.0) };
    let kept = daemon.sessions.create(&asker.house.settings.session, draft).await?;
    daemon.sessions.note_use(&asker.subject, &kept.session.id).await;
    let location = HeaderValue::from_str(&format!("/sessions/{}", kept.session.id));
    let mut response = shown(standing, kept);
    *response.status_mut() = StatusCode::CREATED;
    if let Ok(location) = location {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// Lists the first sessions by name.
pub async fn list(State(daemon): State<Arc<Daemon>>, asker: Asker, uri: Uri) -> Result<Response, Refused> {
    let SessionsQuery { limit } = read_query(&uri)?;
    let most = limit.unwrap_or(LISTED).min(MOST_LISTED);
    let standing = asker.admit(&daemon, Class::Standard).await?;
    let mut listed = daemon.sessions.list(&asker.house.settings.session, most + 1).await?;
    let more = listed.len() > most;
    listed.truncate(most);
    let now = daemon.pipeline.clock().now();
    let sessions = listed.into_iter().map(|listed| summary(listed, now)).collect();
    Ok(told(standing, &SessionsReply { schema_version: SCHEMA_VERSION, more, sessions }))
}

/// Shows a session.
pub async fn show(
    State(daemon): State<Arc<Daemon>>,
    asker: Asker,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, Refused> {
    let id = named_in(id)?;
    let standing = asker.admit(&daemon, Class::Standard).await?;
    let kept = daemon.sessions.read(&asker.house.settings.session, &id).await?;
    Ok(shown(standing, kept))
}

/// Changes a session's data or system text, under `If-Match` only where it still is what the asker read.
pub async fn change(
    State(daemon): State<Arc<Daemon>>,
    asker: Asker,
    id: Result<Path<String>, PathRejection>,
    head: HeaderMap,
    body: Whole,
) -> Result<Response, Refused> {
    let id = named_in(id)?;
    let condition = condition(&head)?;
    let PatchSession { data, system } = read(&body)?;
    let standing = asker.admit(&daemon, Class::Standard).await?;
    let settings = &asker.house.settings.session;
    let kept = daemon.sessions.change(settings, &id, &condition, &Patch { data, system }).await?;
    Ok(shown(standing, kept))
}

/// Removes a session, under `If-Match` only where it still is what the asker read.
pub async fn delete(
    State(daemon): State<Arc<Daemon>>,
    asker: Asker,
    id: Result<Path<String>, PathRejection>,
    head: HeaderMap,
) -> Result<Response, Refused> {
    let id = named_in(id)?;
    let condition = condition(&head)?;
    let standing = asker.admit(&daemon, Class::Standard).await?;
    daemon.sessions.remove(&asker.house.settings.session, &id, &condition).await?;
    Ok(told(standing, &SessionDeleted { id, deleted: true }))
}

fn read<T: DeserializeOwned>(body: &Whole) -> Result<T> {
    beside_everybody(body.0.len(), || read_object(&body.0))
        .map_err(|error| Error::new(Kind::Usage, "cannot read the request").because(error))
}

/// The versions `If-Match` asks for (RFC 9110, section 13.1.1). A weak tag is a version of nothing here.
fn condition(head: &HeaderMap) -> Result<Condition> {
    let mut versions = Vec::new();
    let mut values = head.get_all(IF_MATCH).iter().peekable();
    if values.peek().is_none() {
        return Ok(None);
    }
    for value in values {
        let malformed = || Error::new(Kind::Usage, "cannot read `If-Match`").hint("it holds an `ETag`, such as \"3\"");
        let value = value.to_str().map_err(|_| malformed())?.trim();
        if value == "*" {
            return Ok(None);
        }
        for tag in value.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
            let strong = tag.strip_prefix("W/").unwrap_or(tag);
            let inner = strong.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).ok_or_else(malformed)?;
            versions.extend(inner.parse::<u64>().ok().filter(|_| strong == tag));
        }
    }
    Ok(Some(versions))
}

fn shown(standing: Standing, kept: Kept) -> Response {
    let etag = HeaderValue::from_str(&format!("\"{}\"", kept.version));
    let Kept { session, version, gone_at, bytes } = kept;
    let reply = SessionReply {
        id: session.id,
        created_at: session.created_at.rfc3339(),
        expires_at: gone_at.rfc3339(),
        version,
        system: session.system,
        data: session.data,
        messages: session.messages,
    };
    let mut response = beside_everybody(bytes, || told(standing, &reply));
    if let Ok(etag) = etag {
        response.headers_mut().insert(ETAG, etag);
    }
    response
}

fn summary(listed: Listed, now: Timestamp) -> SessionSummary {
    let Listed { id, version, gone_at, bytes, facts } = listed;
    SessionSummary {
        id,
        created_at: facts.map(|(created_at, _)| created_at.rfc3339()),
        expires_at: gone_at.rfc3339(),
        ttl_seconds: gone_at.since(now).as_secs(),
        version,
        messages: facts.map(|(_, messages)| messages),
        bytes,
    }
}
