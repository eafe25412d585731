//! `POST /runs`: opens a door on a loopback port for one program, for as long as whoever asked for it listens.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;

use super::asker::Asker;
use super::body::{Whole, read_object};
use super::exchange::amount;
use super::policy::{check_cassette, named};
use super::teller::{event_stream, native_event};
use crate::api::run::{RunReply, RunRequest};
use crate::config::token;
use crate::daemon::access::{Imposed, Keys};
use crate::daemon::reply::Refused;
use crate::daemon::router;
use crate::daemon::state::Daemon;
use crate::daemon::tcp::{OneRun, Place};
use crate::error::{Error, Kind, Result};
use crate::pipeline::admit::Class;
use crate::pipeline::budget::RunCeiling;

/// How often the listener is shown that the door is open; a listener that is gone is noticed by it.
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);

/// Opens a door. Only over the socket: whoever came by a door has one.
pub async fn open(
    State(daemon): State<Arc<Daemon>>,
    asker: Asker,
    head: HeaderMap,
    body: Whole,
) -> Result<Response, Refused> {
    if asker.imposed().is_some() {
        return Err(Error::new(Kind::Forbidden, "a door opens no further doors").into());
    }
    asker.admit(&daemon, Class::Standard).await?;
    daemon.refuse_while_stopping()?;
    let request: RunRequest =
        read_object(&body.0).map_err(|error| Error::new(Kind::Usage, "cannot read the request").because(error))?;
    let run = named("run", request.run.clone())?;
    if run.is_empty() {
        return Err(Error::new(Kind::Usage, "`run` is empty").into());
    }
    let parent = request.parent.as_deref().and_then(|parent| daemon.runs.terms(parent));
    let inherits = parent.is_some();
    if request.again.as_ref().is_some_and(|again| again.inherits) && !inherits {
        return Err(Error::new(Kind::Unreachable, "the run that this one is part of has no door yet").into());
    }
    let place = match &request.again {
        Some(again) => Place::again(&again.address, &again.token)?,
        None => Place::anywhere()?,
    };
    if request.again.is_none() {
        check_cassette(request.cassette.as_deref(), &daemon, &asker).await?;
        if daemon.runs.terms(&run).is_none() {
            daemon.pipeline.missed.forget(&run);
        }
    }
    let own = Keys::read(&head);
    let (inherited, mut ceilings) = parent.unwrap_or_default();
    // What only reads needs no keys, and what is not there cannot be used.
    let keys = if request.read_only { Keys::default() } else { own.or(inherited) };
    // A program within a program spends from both.
    ceilings.extend(ceiling(&request, &place)?);
    let imposed = imposed(&request, run.clone(), keys.clone(), ceilings.clone())?;

    let largest = usize::try_from(asker.house.settings.http.max_body).unwrap_or(usize::MAX);
    let door = OneRun::open(place, router::router(Arc::clone(&daemon)), &asker.subject, imposed, largest).await?;
    let guest = daemon.runs.begin(run.clone(), keys, ceilings);

    let reply = RunReply { address: door.address.to_string(), token: door.token.reveal().to_owned(), run, inherits };
    let first = Bytes::from(native_event("open", &reply));
    let events = stream::unfold((Some(first), door, guest, daemon), |(first, door, guest, daemon)| async move {
        let piece = match first {
            Some(first) => first,
            None => {
                tokio::select! {
                    () = tokio::time::sleep(SIGN_OF_LIFE) => {}
                    () = daemon.stopped() => return None,
                }
                daemon.note_request();
                Bytes::from_static(b": open\n\n")
            }
        };
        Some((Ok::<_, Infallible>(piece), (None, door, guest, daemon)))
    });
    Ok(event_stream(Body::from_stream(events)))
}

/// What this run may spend in all. Each has one of its own, however often its name has been used, and keeps it where its
/// door comes back.
fn ceiling(request: &RunRequest, place: &Place) -> Result<Option<RunCeiling>> {
    let of_run = |most| RunCeiling { name: format!("{}:{}", token::digest(&place.token), request.run), most };
    Ok(amount(request.max_cost)?.map(of_run))
}

fn imposed(request: &RunRequest, run: String, keys: Keys, ceilings: Vec<RunCeiling>) -> Result<Imposed> {
    let namespace = request.namespace.clone().map(|namespace| named("namespace", namespace)).transpose()?;
    let wait = request.wait.map(|span| span.0);
    let cassette = request.cassette.clone();
    Ok(Imposed {
        mode: request.mode,
        namespace,
        run: Some(run),
        ceilings,
        wait,
        cassette,
        keys,
        rates: None,
        read_only: request.read_only,
    })
}
