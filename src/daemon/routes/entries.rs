//! `/cache/entries…`, `/cache/diff` and `/cache/purge`: listing, showing, comparing and removing what is kept.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::asker::Asker;
use super::body::{Whole, read_object};
use super::render;
use crate::api::SCHEMA_VERSION;
use crate::api::entries::{
    DiffQuery, DiffReply, DifferingField, EntriesReply, EntryFilter, EntryReply, EntrySummary, PurgeReply, PurgeRequest,
};
use crate::clock::Timestamp;
use crate::daemon::reply::{Refused, told};
use crate::daemon::state::Daemon;
use crate::error::{Error, Kind, Result};
use crate::exchange::{Entry, Form, Key, Operation};
use crate::pipeline::admit::Class;
use crate::pipeline::differ::first_difference;
use crate::provider;
use crate::store::{Filter, Listing};

/// Lists what a filter means.
pub async fn list(State(daemon): State<Arc<Daemon>>, asker: Asker, uri: Uri) -> Result<Response, Refused> {
    let filter: EntryFilter = read_query(&uri)?;
    let standing = asker.admit(&daemon, Class::Standard).await?;
    let now = daemon.pipeline.clock().now();
    let mut listed = find(&daemon, &filter).await?;
    sort(&mut listed, filter.sort.as_deref())?;
    let total = listed.len();
    listed.truncate(filter.limit.unwrap_or(usize::MAX));
    let entries = listed.iter().map(|listing| summary(listing, now)).collect();
    Ok(told(standing, &EntriesReply { schema_version: SCHEMA_VERSION, total, entries }))
}

/// Shows the one entry a prefix means.
pub async fn show(
    State(daemon): State<Arc<Daemon>>,
    asker: Asker,
    prefix: Result<Path<String>, PathRejection>,
) -> Result<Response, Refused> {
    let prefix = named_in(prefix)?;
    let standing = asker.admit(&daemon, Class::Standard).await?;
    let (listing, entry) = read_one(&daemon, &prefix).await?;
    let facts = &entry.facts;
    let text = dialect_of(&entry).and_then(|dialect| render::read(dialect, &entry).ok()).map(|reading| reading.text);
    let reply = EntryReply {
        schema_version: SCHEMA_VERSION,
        summary: summary(&listing, daemon.pipeline.clock().now()),
        kept_at: facts.kept_at.rfc3339(),
        material: serde_json::from_slice(&entry.material).unwrap_or(Value::Null),
        form: match facts.form {
            Form::Plain => "plain",
            Form::Stream => "stream",
        }
        .to_owned(),
        text: text.unwrap_or_default(),
        raw: String::from_utf8_lossy(&entry.body).into_owned(),
        finish_reason: facts.finish.name().to_owned(),
        cost_usd: facts.cost.map(crate::money::Usd::dollars),
    };
    Ok(told(standing, &reply))
}

/// Tells in which field the requests of two entries differ first.
pub async fn differ(State(daemon): State<Arc<Daemon>>, asker: Asker, uri: Uri) -> Result<Response, Refused> {
    let wanted: DiffQuery = read_query(&uri)?;
    let standing = asker.admit(&daemon, Class::Standard).await?;
    let (left, one) = read_one(&daemon, &wanted.left).await?;
    let (right, other) = read_one(&daemon, &wanted.right).await?;
    let [one, other] = [&one, &other].map(|entry| String::from_utf8_lossy(&entry.material));
    let difference = first_difference(&one, &other).map(|found| DifferingField {
        field: found.field().to_owned(),
        left: found.left,
        right: found.right,
    });
    let (left, right) = (left.key.to_string(), right.key.to_string());
    Ok(told(standing, &DiffReply { schema_version: SCHEMA_VERSION, left, right, difference }))
}

/// Removes the one entry a prefix means.
pub async fn delete(
    State(daemon): State<Arc<Daemon>>,
    asker: Asker,
    prefix: Result<Path<String>, PathRejection>,
) -> Result<Response, Refused> {
    let prefix = named_in(prefix)?;
    let standing = asker.admit(&daemon, Class::Standard).await?;
    let listing = find_one(&daemon, &prefix).await?;
    let removed = daemon.pipeline.cache.forget(vec![listing.key]).await?;
    Ok(told(standing, &PurgeReply { schema_version: SCHEMA_VERSION, removed, bytes: listing.bytes, dry_run: false }))
}

/// Removes what a filter means.
pub async fn purge(State(daemon): State<Arc<Daemon>>, asker: Asker, body: Whole) -> Result<Response, Refused> {
    let request: PurgeRequest =
        read_object(&body.0).map_err(|error| Error::new(Kind::Usage, "cannot read the request").because(error))?;
    refuse_unbounded(&request)?;
    let standing = asker.admit(&daemon, Class::Expensive).await?;
    let found = find(&daemon, &request.filter).await?;
    let bytes = found.iter().map(|listing| listing.bytes).sum();
    let mut removed = found.len() as u64;
    if !request.dry_run {
        removed = daemon.pipeline.cache.forget(found.into_iter().map(|listing| listing.key).collect()).await?;
    }
    Ok(told(standing, &PurgeReply { schema_version: SCHEMA_VERSION, removed, bytes, dry_run: request.dry_run }))
}

/// Nothing that leaves every entry meant may look like a filter.
fn refuse_unbounded(request: &PurgeRequest) -> Result<()> {
    let EntryFilter { key, model, provider, namespace, older_than, grep, sort, limit } = &request.filter;
    if sort.is_some() || limit.is_some() {
        return Err(Error::new(Kind::Usage, "a purge takes neither `sort` nor `limit`")
            .because("it removes every entry its filter means"));
    }
    let names = [key, model, provider, namespace].into_iter().any(Option::is_some);
    let searches = grep.as_deref().is_some_and(|text| !text.is_empty());
    if names || searches || older_than.is_some() || request.all {
        return Ok(());
    }
    Err(Error::new(Kind::Usage, "a purge of everything must say so").hint("give a filter, or `--all`"))
}

/// A query string as a request. An unknown or unreadable field is named.
pub fn read_query<T: DeserializeOwned>(uri: &Uri) -> Result<T> {
    axum::extract::Query::<T>::try_from_uri(uri)
        .map(|query| query.0)
        .map_err(|error| Error::new(Kind::Usage, "cannot read the query").because(error.body_text()))
}

/// What a path names.
pub fn named_in(name: Result<Path<String>, PathRejection>) -> Result<String> {
    name.map(|name| name.0).map_err(|error| Error::new(Kind::Usage, "cannot read the path").because(error.body_text()))
}

/// A filter as the store takes it.
pub fn columns(filter: &EntryFilter, now: Timestamp) -> Result<Filter> {
    Ok(Filter {
        key_prefix: filter.key.as_deref().map(read_prefix).transpose()?,
        provider: filter.provider.clone(),
        model: filter.model.clone(),
        namespace: filter.namespace.clone(),
        kept_before: filter.older_than.map(|span| now.before(span.0)),
    })
}

async fn find(daemon: &Daemon, filter: &EntryFilter) -> Result<Vec<Listing>> {
    let now = daemon.pipeline.clock().now();
    daemon.pipeline.cache.flush_touches().await;
    let wanted = columns(filter, now)?;
    let listed = daemon.pipeline.store().list(wanted, now).await?;
    match &filter.grep {
        None => Ok(listed),
        Some(text) => search(daemon, listed, &text.to_lowercase()).await,
    }
}

async fn search(daemon: &Daemon, listed: Vec<Listing>, text: &str) -> Result<Vec<Listing>> {
    let mut found = Vec::new();
    for listing in listed {
        if holds(daemon, &listing.key, text).await? {
            found.push(listing);
        }
    }
    Ok(found)
}

/// Whether prompt or answer of an entry hold a text, which is in lower case.
pub async fn holds(daemon: &Daemon, key: &Key, text: &str) -> Result<bool> {
    let Some(entry) = daemon.pipeline.cache.show(key).await? else { return Ok(false) };
    let answer = dialect_of(&entry).and_then(|dialect| render::read(dialect, &entry).ok());
    let has = |haystack: &str| haystack.to_lowercase().contains(text);
    Ok(has(&String::from_utf8_lossy(&entry.material)) || answer.is_some_and(|reading| has(&reading.text)))
}

async fn find_one(daemon: &Daemon, prefix: &str) -> Result<Listing> {
    let filter = EntryFilter { key: Some(prefix.to_owned()), ..EntryFilter::default() };
    let mut found = find(daemon, &filter).await?;
    match (found.len(), found.pop()) {
        (1, Some(listing)) => Ok(listing),
        (0, _) => Err(Error::new(Kind::NotFound, format!("no entry begins with `{prefix}`"))
            .hint("`llmc cache list` shows what is kept")),
        (many, _) => {
            Err(Error::new(Kind::Usage, format!("{many} entries begin with `{prefix}`")).hint("give more digits"))
        }
    }
}

/// The one entry a prefix means, with what is kept of it.
async fn read_one(daemon: &Daemon, prefix: &str) -> Result<(Listing, Arc<Entry>)> {
    let listing = find_one(daemon, prefix).await?;
    let entry = daemon.pipeline.cache.show(&listing.key).await?.ok_or_else(|| {
        Error::new(Kind::NotFound, format!("entry `{prefix}` cannot be read"))
            .hint("it is damaged and counts as a miss; `llmc cache delete` removes it")
    })?;
    Ok((listing, entry))
}

fn read_prefix(prefix: &str) -> Result<String> {
    let well_formed = !prefix.is_empty() && prefix.len() <= 64 && prefix.bytes().all(|digit| digit.is_ascii_hexdigit());
    if well_formed {
        return Ok(prefix.to_ascii_lowercase());
    }
    Err(Error::new(Kind::Usage, format!("`{prefix}` is no key")).because("a key is at most 64 hexadecimal digits"))
}

/// The dialect an entry was spoken in, from its material.
fn dialect_of(entry: &Entry) -> Option<&'static dyn provider::Dialect> {
    let material: Value = serde_json::from_slice(&entry.material).ok()?;
    let operation = Operation::named(material.get("operation")?.as_str()?)?;
    provider::speaks(material.get("kind")?.as_str()?, operation)
}

fn saved(listing: &Listing) -> Option<f64> {
    listing.cost.map(|cost| cost.dollars() * listing.hits as f64)
}

fn sort(listed: &mut [Listing], by: Option<&str>) -> Result<()> {
    match by {
        Some("hits") => listed.sort_by_key(|listing| std::cmp::Reverse(listing.hits)),
        None | Some("age") => listed.sort_by_key(|listing| std::cmp::Reverse(listing.kept_at)),
        Some("size") => listed.sort_by_key(|listing| std::cmp::Reverse(listing.bytes)),
        Some("saved") => {
            listed.sort_by(|left, right| saved(right).unwrap_or(0.0).total_cmp(&saved(left).unwrap_or(0.0)))
        }
        Some(other) => {
            return Err(
                Error::new(Kind::Usage, format!("cannot sort by `{other}`")).hint("one of hits, age, size, saved")
            );
        }
    }
    Ok(())
}

fn summary(listing: &Listing, now: Timestamp) -> EntrySummary {
    EntrySummary {
        key: listing.key.to_string(),
        provider: listing.provider.clone(),
        model: listing.model.clone(),
        namespace: listing.namespace.clone(),
        age_seconds: now.since(listing.kept_at).as_secs(),
        ttl_seconds: listing.fresh_until.since(now).as_secs(),
        bytes: listing.bytes,
        hits: listing.hits,
        saved_usd: saved(listing),
    }
}
