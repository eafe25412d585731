//! `GET /cache/export` and `POST /cache/import`: entries as lines, one at a time, so that a store may hold more than
//! memory does.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::http::{Request, Uri};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;

use super::asker::Asker;
use super::entries::{columns, holds, read_query};
use super::lines::Lines;
use crate::api::entries::{EntryFilter, ImportQuery, ImportReply, RefusedLine};
use crate::api::{SCHEMA_VERSION, headers};
use crate::daemon::reply::{Refused, tell_standing, told};
use crate::daemon::state::Daemon;
use crate::error::{Error, Kind, Result};
use crate::exchange::Key;
use crate::pipeline::admit::Class;
use crate::pipeline::moving::{Moved, Present};
use crate::store::Filter;

/// The media type of entries, a line of JSON each.
pub const LINES: &str = "application/x-ndjson";

/// Keys looked up at once: 32 bytes each, and at a server a walk through all there is.
const AT_ONCE: usize = 50_000;

/// The longest line that is read: the longest answer, every byte of it escaped.
const LONGEST_LINE: usize = 512 << 20;

/// With so many lines that are no entries it is no export.
const MOST_REFUSED: usize = 10_000;

/// Writes what a filter means, in the order of keys.
pub async fn export(State(daemon): State<Arc<Daemon>>, asker: Asker, uri: Uri) -> Result<Response, Refused> {
    let filter: EntryFilter = read_query(&uri)?;
    if filter.sort.is_some() || filter.limit.is_some() {
        return Err(Error::new(Kind::Usage, "an export takes neither `sort` nor `limit`").into());
    }
    let standing = asker.admit(&daemon, Class::Expensive).await?;
    let is_whole = filter == EntryFilter::default();
    let wanted = columns(&filter, daemon.pipeline.clock().now())?;
    let mut walk = Walk::over(&daemon, wanted, filter.grep);
    // Before the head: a store that cannot be read is an error, not half an export.
    walk.look_up().await?;
    let lines = stream::unfold(Some(walk), |walk| async move {
        let mut walk = walk?;
        match walk.next().await {
            Ok(Some(line)) => Some((Ok(line), Some(walk))),
            Ok(None) => None,
            Err(error) => {
                tracing::warn!(%error, "an export ends before its end");
                Some((Err(error.to_string()), None))
            }
        }
    });
    let mut response = Body::from_stream(lines).into_response();
    let head = response.headers_mut();
    head.insert(CONTENT_TYPE, HeaderValue::from_static(LINES));
    if is_whole && let Ok(size) = daemon.pipeline.store().size().await {
        head.insert(headers::ENTRIES, HeaderValue::from(size.entries));
    }
    tell_standing(head, &standing);
    Ok(response)
}

/// A walk through the entries a filter means, in the order of their keys.
pub(super) struct Walk {
    daemon: Arc<Daemon>,
    wanted: Filter,
    grep: Option<String>,
    keys: VecDeque<Key>,
    after: Option<Key>,
}

impl Walk {
    pub(super) fn over(daemon: &Arc<Daemon>, wanted: Filter, grep: Option<String>) -> Walk {
        Walk { daemon: Arc::clone(daemon), wanted, grep, keys: VecDeque::new(), after: None }
    }

    async fn look_up(&mut self) -> Result<()> {
        let pipeline = &self.daemon.pipeline;
        let now = pipeline.clock().now();
        self.keys = pipeline.store().keys(self.wanted.clone(), self.after, AT_ONCE, now).await?.into();
        self.after = self.keys.back().copied().or(self.after);
        Ok(())
    }

    /// The next key.
    pub(super) async fn next_key(&mut self) -> Result<Option<Key>> {
        if self.keys.is_empty() {
            self.look_up().await?;
        }
        Ok(self.keys.pop_front())
    }

    /// The next line, its end included.
    async fn next(&mut self) -> Result<Option<Bytes>> {
        while let Some(key) = self.next_key().await? {
            if let Some(text) = &self.grep
                && !holds(&self.daemon, &key, &text.to_lowercase()).await?
            {
                continue;
            }
            // One that is gone meanwhile, or damaged, is not exported.
            if let Some(mut line) = self.daemon.pipeline.line_of(&key).await? {
                line.push('\n');
                return Ok(Some(line.into()));
            }
        }
        Ok(None)
    }
}

/// Keeps what the lines of a body say. What was kept stays kept, whatever follows.
pub async fn import(
    State(daemon): State<Arc<Daemon>>,
    asker: Asker,
    uri: Uri,
    request: Request<Body>,
) -> Result<Response, Refused> {
    let query: ImportQuery = read_query(&uri)?;
    let standing = asker.admit(&daemon, Class::Expensive).await?;
    let present = if query.force { Present::IsReplaced } else { Present::Stays };
    let mut lines = Lines::of(request.into_body(), LONGEST_LINE);
    let mut reply = ImportReply { schema_version: SCHEMA_VERSION, ..ImportReply::default() };
    while let Some(line) = lines.next().await.map_err(|error| stopped(lines.number() + 1, &error))? {
        if line.trim_ascii().is_empty() {
            continue;
        }
        match daemon.pipeline.keep_line(&line, present).await {
            Ok(Moved::Kept) => reply.imported += 1,
            Ok(Moved::Same) => reply.present += 1,
            Ok(Moved::Another) => reply.differing += 1,
            Ok(Moved::Over) => reply.expired += 1,
            Err(error) if error.kind() == Kind::Usage && reply.refused.len() < MOST_REFUSED => {
                reply.refused.push(RefusedLine { line: lines.number(), message: error.to_string() });
            }
            Err(error) => return Err(stopped(lines.number(), &error).into()),
        }
    }
    Ok(told(standing, &reply))
}

fn stopped(line: u64, error: &Error) -> Error {
    Error::new(error.kind(), format!("the import stops at line {line}"))
        .because(error)
        .hint("what came before is kept; import again, and what is there already is passed over")
}
