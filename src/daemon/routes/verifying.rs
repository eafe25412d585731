//! `POST /cache/verify`: reads every entry as a look-up would, one at a time, and names those that are never served.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;

use super::asker::Asker;
use super::entries::read_query;
use super::moving::Walk;
use crate::api::SCHEMA_VERSION;
use crate::api::entries::{Flaw, VerifyQuery, VerifyReply};
use crate::daemon::reply::{Refused, told};
use crate::daemon::state::Daemon;
use crate::pipeline::admit::Class;
use crate::store::Filter;

/// Flawed entries that are named; beyond these they are counted.
const MOST_NAMED: usize = 10_000;

/// Verifies what is kept, and with `delete` removes what is flawed.
pub async fn verify(State(daemon): State<Arc<Daemon>>, asker: Asker, uri: Uri) -> Result<Response, Refused> {
    let query: VerifyQuery = read_query(&uri)?;
    let class = if query.delete { Class::Expensive } else { Class::Standard };
    let standing = asker.admit(&daemon, class).await?;
    let mut walk = Walk::over(&daemon, Filter::default(), None);
    let mut reply = VerifyReply { schema_version: SCHEMA_VERSION, ..VerifyReply::default() };
    while let Some(key) = walk.next_key().await? {
        reply.checked += 1;
        let Some(reason) = daemon.pipeline.flaw(&key).await? else { continue };
        reply.flawed += 1;
        if query.delete {
            reply.removed += daemon.pipeline.cache.forget(vec![key]).await?;
        }
        if reply.flaws.len() < MOST_NAMED {
            reply.flaws.push(Flaw { key: key.to_string(), reason: reason.to_owned() });
        }
    }
    Ok(told(standing, &reply))
}
