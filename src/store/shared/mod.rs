//! The shared stores: one logic over a server that many daemons use at once, reached over Redis's own protocol
//! ([`resp`]) or Upstash's REST API ([`rest`]).
//!
//! What must not come apart is one script. Spans go by the server's clock, so daemons whose clocks differ agree. Size is
//! the server's own business (`maxmemory`): a sweep only tidies the listings here.

mod address;
mod admissions;
mod budgets;
mod changes;
mod counters;
mod documents;
mod entries;
mod house;
mod names;
mod reading;
pub mod resp;
pub mod rest;
mod script;
pub mod transport;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;

use self::names::Names;
use self::reading::Answer;
use self::script::Step;
use self::transport::{Command, Order, Reply, Transport};
use super::{
    Admission, Allowance, Changes, Count, Document, Examined, Expected, Filter, Limit, Listing, Reservation, Reserved,
    Row, Settlement, Size, Spending, Store, Swept, Touch, Written,
};
use crate::clock::{Clock, SystemClock, Timestamp, millis};
use crate::config::environment::Environment;
use crate::config::secret::store_token;
use crate::config::settings::{Backend, Settings};
use crate::error::{Error, Kind, Result};
use crate::exchange::Key;

/// The longest span a server is asked to remember anything for.
const LONGEST: Duration = Duration::from_secs(100 * 366 * 24 * 3600);

/// Keys or rows one step handles at most, so that no script holds up the server and no request grows too large.
const AT_ONCE: usize = 500;

/// The store of `backend = "redis"` and `backend = "upstash"`.
pub struct Shared {
    transport: Box<dyn Transport>,
    names: Names,
    time: Time,
    /// Tells this daemon's own changes from those of others.
    writer: String,
    asked: house::Asked,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (backend, place) = (self.transport.backend(), self.transport.place());
        out.debug_struct("Shared").field("backend", &backend).field("place", &place).finish_non_exhaustive()
    }
}

/// What moments are judged by.
enum Time {
    /// The server's clock. This machine's tells only how long an entry still has.
    Servers(Arc<dyn Clock>),
    /// The `now` of whoever asks.
    Askers,
}

/// The store that the settings name, and what a person should know about them. Nothing is connected yet: that happens
/// when it is first used, and where it fails, that verb fails. Fails itself only where the settings make no sense.
pub fn connect(settings: &Settings, environment: &Environment) -> Result<(Shared, Vec<String>)> {
    let url = settings.store.url.as_ref();
    let mut warnings = Vec::new();
    let transport: Box<dyn Transport> = match settings.store.backend {
        Backend::Upstash => {
            let url = url.ok_or_else(|| {
                Error::new(Kind::Usage, "no address for the store `upstash`")
                    .hint("set UPSTASH_REDIS_REST_URL, or `url` under [store]")
            })?;
            let (token, warning) = store_token(&settings.store, environment)?;
            warnings.extend(warning);
            Box::new(rest::Rest::new(url.reveal(), token)?)
        }
        _ => Box::new(resp::Resp::new(url.map_or("redis://127.0.0.1:6379", |url| url.reveal()))?),
    };
    Ok((Shared::over(transport, &settings.cache.prefix), warnings))
}

impl Shared {
    /// A store over a transport, its keys starting with `prefix`.
    pub fn over(transport: Box<dyn Transport>, prefix: &str) -> Shared {
        let names = Names::new(prefix);
        let writer = format!("{:016x}", fastrand::u64(..));
        Shared { transport, names, time: Time::Servers(Arc::new(SystemClock)), writer, asked: house::Asked::default() }
    }

    /// The same store judging by the `now` of whoever asks, for tests that move a clock by hand. An entry then ends at
    /// the server so long after its `kept_at` as it was to live.
    pub fn by_the_askers_clock(self) -> Shared {
        Shared { time: Time::Askers, ..self }
    }

    /// The same store with its documents under names of its own, for several that share a server and must not meet.
    pub fn with_documents_below(mut self, below: &str) -> Shared {
        self.names.set_documents_below(below);
        self
    }

    /// What a person should know about the server's settings: that it may drop what should stay, or loses all when it
    /// stops. Silent where it does not tell.
    pub async fn warnings(&self) -> Vec<String> {
        house::warnings(self).await
    }

    /// The moment a script is to go by: nothing where it is to ask the server.
    fn moment(&self, now: Timestamp) -> String {
        match self.time {
            Time::Servers(_) => String::new(),
            Time::Askers => now.0.to_string(),
        }
    }

    /// Runs one step; its answer.
    async fn ask(&self, step: impl Into<Step>) -> Result<Answer<'_>> {
        let answers = self.ask_all(vec![step.into()], Order::Given).await?;
        answers.into_iter().next().ok_or_else(|| self.nonsense())
    }

    /// Runs steps in one go; an answer each. Fails where any step does.
    async fn ask_all(&self, steps: Vec<Step>, order: Order) -> Result<Vec<Answer<'_>>> {
        self.try_all(steps, order).await?.into_iter().map(|reply| self.answer(reply)).collect()
    }

    /// The same, telling of each step whether it failed. A script that the server does not know is sent in full.
    async fn try_all(&self, steps: Vec<Step>, order: Order) -> Result<Vec<Reply>> {
        if steps.is_empty() {
            return Ok(Vec::new());
        }
        let commands: Vec<Command> = steps.iter().map(Step::command).collect();
        let mut replies = self.transport.run(&commands, order).await?;
        if replies.len() != steps.len() {
            return Err(self.nonsense());
        }
        let is_unknown = |reply: &Reply| matches!(reply, Reply::Failed(message) if message.starts_with("NOSCRIPT"));
        let unknown = replies.iter().zip(&steps).enumerate().filter(|(_, (reply, _))| is_unknown(reply));
        let (places, again): (Vec<usize>, Vec<Command>) =
            unknown.filter_map(|(at, (_, step))| Some((at, step.in_full()?))).unzip();
        if !again.is_empty() {
            for (at, reply) in places.into_iter().zip(self.transport.run(&again, order).await?) {
                replies[at] = reply;
            }
        }
        Ok(replies)
    }

    fn answer(&self, reply: Reply) -> Result<Answer<'_>> {
        match reply {
            Reply::Failed(message) => Err(self.refused(&message)),
            reply => Ok(Answer { reply, from: &*self.transport }),
        }
    }

    fn refused(&self, message: &str) -> Error {
        let (backend, place) = (self.transport.backend(), self.transport.place());
        let error = Error::new(Kind::Unreachable, format!("{backend} at `{place}` refused")).because(message);
        match message.split(' ').next() {
            Some("OOM") => {
                error.hint("it is full: raise its `maxmemory`, or let it evict (`maxmemory-policy volatile-lru`)")
            }
            Some("NOAUTH" | "WRONGPASS" | "NOPERM") => error.hint("check user and password in `store.url`"),
            Some("READONLY") => {
                error.hint("it is a replica: point `store.url` at the primary, or use Sentinel").transient()
            }
            Some("LOADING" | "MASTERDOWN" | "TRYAGAIN" | "CLUSTERDOWN" | "BUSY") => error.transient(),
            _ => error,
        }
    }

    fn nonsense(&self) -> Error {
        reading::nonsense(&*self.transport)
    }
}

/// A span in milliseconds as a server takes it.
fn span(span: Duration) -> String {
    millis(span.min(LONGEST)).to_string()
}

#[async_trait]
impl Store for Shared {
    fn backend(&self) -> &'static str {
        self.transport.backend()
    }

    fn is_shared(&self) -> bool {
        true
    }

    async fn get(&self, key: &Key, _now: Timestamp) -> Result<Option<Bytes>> {
        entries::look_up(self, key).await
    }

    async fn put(&self, row: Row) -> Result<()> {
        entries::keep(self, row).await
    }

    async fn remove(&self, keys: Vec<Key>) -> Result<u64> {
        entries::remove(self, &keys).await
    }

    async fn touch(&self, touches: Vec<Touch>) -> Result<()> {
        entries::touch(self, &touches).await
    }

    async fn list(&self, filter: Filter, now: Timestamp) -> Result<Vec<Listing>> {
        entries::list(self, &filter, now).await
    }

    async fn keys(&self, filter: Filter, after: Option<Key>, most: usize, now: Timestamp) -> Result<Vec<Key>> {
        entries::keys(self, &filter, after, most, now).await
    }

    async fn sweep(&self, now: Timestamp, _max_bytes: u64) -> Result<Swept> {
        house::sweep(self, now).await
    }

    async fn size(&self) -> Result<Size> {
        entries::size(self).await
    }

    async fn admit(&self, subject: String, limit: Limit, now: Timestamp) -> Result<Admission> {
        admissions::decide(self, &subject, limit, now, admissions::Yes::Recorded).await
    }

    async fn standing(&self, subject: String, limit: Limit, now: Timestamp) -> Result<Admission> {
        admissions::decide(self, &subject, limit, now, admissions::Yes::Unrecorded).await
    }

    async fn reserve(&self, reservation: Reservation, now: Timestamp) -> Result<Reserved> {
        budgets::reserve(self, &reservation, now).await
    }

    async fn settle(&self, settlements: Vec<Settlement>, now: Timestamp) -> Result<()> {
        budgets::settle(self, &settlements, now).await
    }

    async fn spending(&self, allowances: Vec<Allowance>, now: Timestamp) -> Result<Vec<Spending>> {
        budgets::spending(self, &allowances, now).await
    }

    async fn count(&self, batch: &str, counts: Vec<Count>) -> Result<()> {
        counters::add(self, batch, &counts).await
    }

    async fn counts(&self, since_hour: u32) -> Result<Vec<Count>> {
        counters::since(self, since_hour).await
    }

    async fn reset_counts(&self) -> Result<()> {
        counters::reset(self).await
    }

    async fn document(&self, name: &str, now: Timestamp, extend_to: Option<Timestamp>) -> Result<Option<Document>> {
        documents::read(self, name, now, extend_to).await
    }

    async fn write_document(
        &self,
        name: &str,
        value: Bytes,
        expected: Expected,
        now: Timestamp,
        gone_at: Timestamp,
    ) -> Result<Written> {
        documents::write(self, name, value, expected, now, gone_at).await
    }

    async fn remove_document(&self, name: &str, now: Timestamp) -> Result<bool> {
        documents::remove(self, name, now).await
    }

    async fn documents(&self, prefix: &str, most: usize, now: Timestamp) -> Result<Vec<Document>> {
        documents::list(self, prefix, most, now).await
    }

    async fn lease(&self, key: &Key, holder: &str, span: Duration) -> Result<bool> {
        admissions::lease(self, key, holder, span).await
    }

    async fn release(&self, key: &Key, holder: &str) -> Result<()> {
        admissions::release(self, key, holder).await
    }

    async fn changes(&self, cursor: Option<&str>) -> Result<Option<Changes>> {
        changes::since(self, cursor).await.map(Some)
    }

    async fn examine(&self) -> Result<Examined> {
        house::examine(self).await
    }

    async fn ping(&self) -> Result<()> {
        self.ask(Command::new("PING")).await.map(|_| ())
    }
}
