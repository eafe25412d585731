//! `POST /llm/batch`: lines in, rows out, over one connection and at the same time. What is kept is answered as it is read;
//! what has to be called keeps to a pace, so that a provider is never asked for more than it takes. As many lines are
//! read as are being answered: who does not read the rows is not read from.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::http::{Request, Uri};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, Stream, StreamExt};
use serde_json::Value;
use tokio::sync::Notify;

use super::asker::Asker;
use super::entries::read_query;
use super::exchange::amount;
use super::generate;
use super::lines::Lines;
use super::policy::check_cassette;
use super::teller::{Teller, too_late};
use crate::api::batch::{BatchQuery, BatchRow, LONGEST_LINE, Limited};
use crate::api::generate::{DryRunReply, GenerateReply, GenerateRequest};
use crate::api::problem::Problem;
use crate::api::span::Span;
use crate::daemon::access::Access;
use crate::daemon::reply::{Refused, tell_standing};
use crate::daemon::state::Daemon;
use crate::error::{Error, Kind, Result};
use crate::exchange::Mode;
use crate::pipeline::admit::{Class, Standing};
use crate::pipeline::pace::{Pace, Paced, is_given_up};
use crate::pipeline::purse::{Purse, SetAside};
use crate::pipeline::route::{Route, Routed};
use crate::pipeline::{Exchange, Source, foreseen_usage};
use crate::store::Limit;

/// Lines that are being answered at once, those that wait for a place among the calls included.
const LINES_AT_ONCE: usize = 256;

/// And their bytes; a longer line is answered alone.
const BYTES_AT_ONCE: usize = 16 << 20;

/// Rows that are sent together, where so many are done.
const ROWS_TOGETHER: usize = 64 << 10;

/// A line waits for llmc's own limits as long as it takes.
const AS_LONG_AS_IT_TAKES: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Answers lines as they come.
pub async fn batch(
    State(daemon): State<Arc<Daemon>>,
    asker: Asker,
    uri: Uri,
    request: Request<Body>,
) -> Result<Response, Refused> {
    let query: BatchQuery = read_query(&uri)?;
    daemon.refuse_while_stopping()?;
    if query.jobs == Some(0) {
        return Err(Error::new(Kind::Usage, "`jobs` is at least 1").into());
    }
    check_cassette(query.cassette.as_deref(), &daemon, &asker).await?;
    let purse = amount(query.max_cost)?.map(Purse::new);
    // A look ahead is a look. A batch waits for its place as its lines do.
    let class = if query.dry_run { Class::Standard } else { Class::Expensive };
    let admitted = asker.admit(&daemon, class).await;
    let can_wait = !query.dry_run && class.limit(asker.rates()).count > 0;
    let (standing, must_wait) = match admitted {
        Err(refused) if can_wait && refused.is_by_own_limit() => {
            (daemon.pipeline.limits.last_standing(&asker.subject, class, asker.rates()), true)
        }
        admitted => (admitted?, false),
    };
    let longest = request.extensions().get::<Arc<Access>>().map_or(LONGEST_LINE, |access| access.largest_body);
    let pace = Pace::new(query.jobs);
    let held_by = pace.held_by();
    let desk = Arc::new(Desk { daemon: Arc::clone(&daemon), asker, pace, purse, is_dry_run: query.dry_run });
    let held = held_back(class, class.limit(desk.asker.rates()));
    let place = must_wait.then(|| {
        let desk = Arc::clone(&desk);
        let place: BoxFuture<'static, Result<Standing>> = Box::pin(async move {
            let (limits, asker) = (&desk.daemon.pipeline.limits, &desk.asker);
            limits.admit(&asker.subject, class, asker.rates(), AS_LONG_AS_IT_TAKES).await
        });
        place
    });
    let mut rows = Rows {
        place,
        lines: Some(Lines::of(request.into_body(), longest.min(LONGEST_LINE))),
        index: 0,
        answering: FuturesUnordered::new(),
        bytes: 0,
        held: Some(Box::pin(async move {
            let mut held_by = held_by;
            let held = held_by.wait_for(Option::is_some).await.ok()?;
            (*held).map(|limit| held_back(Class::Llm, limit))
        })),
        stopped: Some(Box::pin(async move { daemon.stopped().await })),
        ready: Vec::new(),
        desk,
    };
    // Told before it is waited for: whoever gives up meanwhile is listened to.
    if rows.place.is_some() {
        rows.add(&held);
    }
    let mut response = Body::from_stream(rows).into_response();
    let head = response.headers_mut();
    head.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
    tell_standing(head, &standing);
    Ok(response)
}

/// What every line is answered with.
struct Desk {
    daemon: Arc<Daemon>,
    asker: Asker,
    pace: Arc<Pace>,
    purse: Option<Arc<Purse>>,
    is_dry_run: bool,
}

/// A line that is being answered: its bytes, and its row. No row where it was given up before anything was paid.
type Answering = BoxFuture<'static, (usize, Option<BatchRow>)>;

/// The rows, in the order they are done in.
struct Rows {
    desk: Arc<Desk>,
    /// The batch's own place, where it waits for one; until then no line is taken up.
    place: Option<BoxFuture<'static, Result<Standing>>>,
    lines: Option<Lines>,
    index: u64,
    answering: FuturesUnordered<Answering>,
    bytes: usize,
    held: Option<BoxFuture<'static, Option<BatchRow>>>,
    stopped: Option<BoxFuture<'static, ()>>,
    ready: Vec<u8>,
}

impl Rows {
    fn add(&mut self, row: &BatchRow) {
        // A row is text, numbers and maps with text for keys: there is nothing in it that JSON cannot hold.
        if serde_json::to_writer(&mut self.ready, row).is_ok() {
            self.ready.push(b'\n');
        }
    }

    /// Takes up the next line, where one is there and may be taken. True where something was done.
    fn take_up(&mut self, context: &mut Context<'_>) -> bool {
        if self.answering.len() >= LINES_AT_ONCE || self.bytes >= BYTES_AT_ONCE {
            return false;
        }
        let Some(lines) = &mut self.lines else { return false };
        let line = match lines.poll_next(context) {
            Poll::Pending => return false,
            Poll::Ready(Ok(Some(line))) => line,
            Poll::Ready(Ok(None)) => {
                self.lines = None;
                return true;
            }
            Poll::Ready(Err(error)) => {
                self.lines = None;
                self.add(&failed(None, &error));
                return true;
            }
        };
        let (desk, index, bytes) = (Arc::clone(&self.desk), self.index, line.len());
        self.index += 1;
        self.bytes += bytes;
        self.answering.push(Box::pin(async move { (bytes, desk.row(index, &line).await) }));
        true
    }
}

impl Stream for Rows {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let rows = self.get_mut();
        if let Some(stopped) = &mut rows.stopped
            && stopped.as_mut().poll(context).is_ready()
        {
            // What is in the air is finished; the rest is for the next daemon.
            rows.stopped = None;
            rows.lines = None;
            rows.desk.pace.give_up();
        }
        if let Some(held) = &mut rows.held
            && let Poll::Ready(row) = held.as_mut().poll(context)
        {
            rows.held = None;
            row.iter().for_each(|row| rows.add(row));
        }
        if let Some(place) = &mut rows.place {
            match place.as_mut().poll(context) {
                Poll::Ready(admitted) => {
                    rows.place = None;
                    if let Err(error) = admitted {
                        rows.lines = None;
                        rows.add(&failed(None, &error));
                    }
                }
                Poll::Pending if rows.lines.is_none() => return Poll::Ready(None),
                Poll::Pending if rows.ready.is_empty() => return Poll::Pending,
                Poll::Pending => return Poll::Ready(Some(Ok(std::mem::take(&mut rows.ready).into()))),
            }
        }
        while rows.ready.len() < ROWS_TOGETHER {
            let taken = rows.take_up(context);
            match rows.answering.poll_next_unpin(context) {
                Poll::Ready(Some((bytes, row))) => {
                    rows.bytes -= bytes;
                    row.iter().for_each(|row| rows.add(row));
                }
                Poll::Ready(None) if rows.lines.is_none() && rows.ready.is_empty() => return Poll::Ready(None),
                Poll::Ready(None) | Poll::Pending if !taken => break,
                Poll::Ready(None) | Poll::Pending => {}
            }
        }
        match rows.ready.is_empty() {
            true => Poll::Pending,
            false => Poll::Ready(Some(Ok(std::mem::take(&mut rows.ready).into()))),
        }
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        // Nobody reads on: what only waits is not to be called any more.
        self.desk.pace.give_up();
    }
}

/// Says which of llmc's own limits a batch waits for.
fn held_back(class: Class, limit: Limit) -> BatchRow {
    let setting = format!("rate_limit.{}", class.name());
    let limited = Limited { setting, count: limit.count, window: Span(limit.window) };
    BatchRow { limited: Some(limited), ..BatchRow::default() }
}

fn failed(index: Option<u64>, error: &Error) -> BatchRow {
    BatchRow { index, error: Some(Problem::from(error).error), ..BatchRow::default() }
}

impl Desk {
    async fn row(&self, index: u64, line: &[u8]) -> Option<BatchRow> {
        let index = Some(index);
        let row = if self.is_dry_run {
            self.foresee(line).await.map(|foreseen| BatchRow { foreseen: Some(foreseen), ..BatchRow::default() })
        } else {
            self.answer(line).await.map(|reply| BatchRow {
                text: Some(reply.text),
                raw: reply.raw,
                metadata: Some(reply.metadata),
                ..BatchRow::default()
            })
        };
        match row {
            Ok(row) => Some(BatchRow { index, ..row }),
            Err(error) if is_given_up(&error) => None,
            Err(error) => Some(failed(index, &error)),
        }
    }

    fn read(&self, line: &[u8]) -> Result<GenerateRequest> {
        let mut request = generate::read_request(line)?;
        for (field, is_set) in [("stream", request.stream), ("dryRun", request.dry_run), ("count", request.count)] {
            if is_set {
                return Err(Error::new(Kind::Usage, format!("`{field}` has no place in a line of a batch")));
            }
        }
        request.wait.get_or_insert(Span(AS_LONG_AS_IT_TAKES));
        Ok(request)
    }

    async fn foresee(&self, line: &[u8]) -> Result<DryRunReply> {
        let request = self.read(line)?;
        let (route, _) = generate::begin(&self.daemon, &self.asker, request, None, line.len()).await?;
        let foreseen = generate::dry_run_reply(&self.daemon, &route.first, generate::Counter::Here).await?;
        Ok(DryRunReply { key_material: Value::Null, ..foreseen })
    }

    async fn answer(&self, line: &[u8]) -> Result<GenerateReply> {
        let _expected = self.daemon.pipeline.expect_asker();
        let request = self.read(line)?;
        let (longest, raw) = (request.timeout.map(|longest| longest.0), request.raw);
        let (mut route, conversation) = generate::begin(&self.daemon, &self.asker, request, None, line.len()).await?;
        let explain = |error| match &conversation {
            Some(conversation) => conversation.explain(error),
            None => error,
        };
        let departed = longest.map(|_| Arc::new(Notify::new()));
        for exchange in route.exchanges() {
            exchange.paced = Some(Paced { pace: Arc::clone(&self.pace), departed: departed.clone() });
        }
        let Route { first, fallbacks } = route;
        let first = Arc::new(first);
        let Routed { answer, asked, attempts } = match self.daemon.pipeline.answer_kept(&first).await? {
            Some(answer) => Routed { answer, asked: first, attempts: Vec::new() },
            None => Box::pin(self.call(&first, fallbacks, longest.zip(departed))).await.map_err(explain)?,
        };
        let mut teller = Teller::new(&self.daemon, &asked, attempts, raw, None);
        teller.conversation = conversation;
        let Source::Whole(landed) = &answer.source else {
            return Err(Error::new(Kind::Other, "a line was answered as a stream"));
        };
        let landed = landed.clone();
        teller.end_turn(&landed).await?;
        teller.whole(&answer, &landed)
    }

    async fn call(
        &self,
        exchange: &Arc<Exchange>,
        fallbacks: Vec<Exchange>,
        limit: Option<(Duration, Arc<Notify>)>,
    ) -> Result<Routed> {
        let pipeline = &self.daemon.pipeline;
        // One that may not call needs no place among the calls.
        if exchange.policy.mode == Mode::Replay {
            return pipeline.answer_by(Route { first: Exchange::clone(exchange), fallbacks }).await;
        }
        let _place = match self.pace.enter().await {
            Some(place) => place,
            None => return Err(crate::pipeline::pace::given_up()),
        };
        let set_aside = self.set_aside(exchange).await?;
        let called = pipeline.answer_by(Route { first: Exchange::clone(exchange), fallbacks });
        let routed = match limit {
            None => called.await,
            Some((longest, departed)) => {
                let late = async {
                    // What waits for a limit is not late yet.
                    departed.notified().await;
                    tokio::time::sleep(longest).await;
                };
                tokio::select! {
                    answer = called => answer,
                    () = late => {
                        let late = too_late(longest, self.daemon.outlives_its_askers());
                        pipeline.ledger.failed(exchange.account(), &late);
                        Err(late)
                    }
                }
            }
        }?;
        if let (Some(set_aside), Source::Whole(landed)) = (set_aside, &routed.answer.source) {
            let is_paid = !routed.answer.status.is_cached() && !landed.found;
            set_aside.pay(landed.entry.facts.cost.filter(|_| is_paid).unwrap_or_default());
        }
        Ok(routed)
    }

    /// Sets aside what the call may cost, where the batch may cost only so much.
    async fn set_aside(&self, exchange: &Exchange) -> Result<Option<SetAside>> {
        let Some(purse) = &self.purse else { return Ok(None) };
        let Some(price) = exchange.registry.price(&exchange.provider, &exchange.model) else {
            let name = format!("{}/{}", exchange.provider.name, exchange.model);
            return Err(Error::new(Kind::Budget, format!("cannot hold `{name}` to `--max-cost`"))
                .because("it has no known price")
                .hint(format!("set one: [prices.\"{name}\"] input = …, output = …")));
        };
        self.daemon.pipeline.count_ahead(exchange).await;
        let estimate = price.cost(&foreseen_usage(exchange)?);
        purse.set_aside(estimate).await.map(Some).map_err(|spent| {
            let (estimate, spent) = (estimate.dollars(), spent.dollars());
            Error::new(Kind::Budget, "the batch may cost no more")
                .because(format!("${spent:.6} are spent and this call may cost ${estimate:.6}"))
                .hint("raise `--max-cost`, or bound the answers with `--max-tokens`")
        })
    }
}
