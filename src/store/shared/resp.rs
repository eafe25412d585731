//! Redis's own protocol: one line to the server that everybody uses at once, made when first needed and made anew once
//! it is lost. Every step has a deadline, and no error shows a password.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::future::{BoxFuture, FutureExt, Shared as Joined, join_all};
use redis::aio::{ConnectionLike, MultiplexedConnection};
use redis::cluster::{ClusterClient, ClusterClientBuilder};
use redis::cluster_async::ClusterConnection;
use redis::{AsyncConnectionConfig, Cmd, ErrorKind, Pipeline, RedisError, RedisResult, Value};

use super::address::{Address, Sentinels, Server, tcp};
use super::transport::{Command, Order, Reply, Transport};
use crate::config::secret::Secret;
use crate::error::{Error, Kind, Result};

/// A server that is there is reached sooner.
const TO_CONNECT: Duration = Duration::from_secs(1);
/// No answer takes longer, one to a large listing included: they come in steps.
const TO_ANSWER: Duration = Duration::from_secs(3);
/// Commands to a cluster that are under way at once.
const SIDE_BY_SIDE: usize = 64;

/// A line to the server, or to all servers of a cluster. Clones share it.
#[derive(Clone)]
enum Line {
    One(MultiplexedConnection),
    Cluster(ClusterConnection),
}

/// A line being made, or made: all who need it wait for the same attempt.
type Attempt = Joined<BoxFuture<'static, Result<Line>>>;

/// The way to a Redis or Valkey server.
pub struct Resp {
    address: Arc<Address>,
    passwords: Arc<Vec<Secret>>,
    attempt: Mutex<Option<Attempt>>,
}

impl Resp {
    /// The way to the server of an address such as `redis://host:6379`; nothing is connected yet.
    pub fn new(url: &str) -> Result<Resp> {
        let address = Address::read(url)?;
        Ok(Resp { passwords: Arc::new(passwords(url)), address: Arc::new(address), attempt: Mutex::new(None) })
    }

    /// The line, made now where there is none.
    async fn line(&self) -> Result<(Line, Attempt)> {
        let attempt = {
            let mut slot = self.attempt.lock().unwrap_or_else(PoisonError::into_inner);
            slot.get_or_insert_with(|| connecting(Arc::clone(&self.address), Arc::clone(&self.passwords))).clone()
        };
        match attempt.clone().await {
            Ok(line) => Ok((line, attempt)),
            Err(error) => {
                self.forget(&attempt);
                Err(error)
            }
        }
    }

    /// Gives a line up, so that the next to need one makes it anew; not where that happened already.
    fn forget(&self, lost: &Attempt) {
        let mut slot = self.attempt.lock().unwrap_or_else(PoisonError::into_inner);
        if slot.as_ref().is_some_and(|current| current.ptr_eq(lost)) {
            *slot = None;
        }
    }
}

/// Starts to connect. It goes on by itself where all who wait for it give up.
fn connecting(address: Arc<Address>, passwords: Arc<Vec<Secret>>) -> Attempt {
    let attempt = tokio::spawn(async move {
        let place = address.place.clone();
        let failed = |cause: String| {
            Error::new(Kind::Unreachable, format!("cannot reach redis at `{place}`")).because(cause).transient()
        };
        // Names are looked up, Sentinels asked, and a password checked on the way: all of it within this.
        match tokio::time::timeout(2 * TO_CONNECT, connect(&address)).await {
            Ok(Ok(line)) => Ok(line),
            Ok(Err(error)) if is_refusal(&error) => {
                Err(failed(told(&error, &passwords)).hint("check user and password in `store.url`"))
            }
            Ok(Err(error)) => {
                Err(failed(told(&error, &passwords)).hint("start it, or set `backend = \"embedded\"` under [store]"))
            }
            Err(_) => Err(failed("no connection in time".to_owned())
                .hint("check `store.url`, or set `backend = \"embedded\"` under [store]")),
        }
    });
    let joined = async move {
        let ended = attempt.await;
        ended.unwrap_or_else(|_| Err(Error::new(Kind::Unreachable, "cannot reach redis").because("llmc is stopping")))
    };
    joined.boxed().shared()
}

async fn connect(address: &Address) -> RedisResult<Line> {
    // Another part of the process may have installed one; any will do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config =
        AsyncConnectionConfig::new().set_connection_timeout(Some(TO_CONNECT)).set_response_timeout(Some(TO_ANSWER));
    match &address.server {
        Server::One(info) => {
            let client = redis::Client::open(info.as_ref().clone())?;
            Ok(Line::One(client.get_multiplexed_async_connection_with_config(&config).await?))
        }
        Server::Sentinel(sentinels) => Ok(Line::One(primary(sentinels, &config).await?)),
        Server::Cluster(nodes) => {
            let client: ClusterClient = ClusterClientBuilder::new(nodes.clone())
                .connection_timeout(TO_CONNECT)
                .response_timeout(TO_ANSWER)
                .tcp_settings(tcp())
                .retries(3)
                .min_retry_wait(10)
                .max_retry_wait(200)
                .build()?;
            Ok(Line::Cluster(client.get_async_connection().await?))
        }
    }
}

async fn primary(sentinels: &Sentinels, config: &AsyncConnectionConfig) -> RedisResult<MultiplexedConnection> {
    sentinels.client()?.get_async_connection_with_config(config).await
}

impl Line {
    async fn run(&mut self, commands: &[Command], order: Order) -> RedisResult<Vec<Reply>> {
        match (self, order) {
            (Line::One(connection), _) => {
                let [command] = commands else {
                    let mut pipeline = Pipeline::with_capacity(commands.len());
                    for command in commands {
                        pipeline.add_command(packed(command));
                    }
                    let values = connection.req_packed_commands(&pipeline, 0, commands.len()).await?;
                    return values.into_iter().map(reply).collect();
                };
                Ok(vec![one(connection.req_packed_command(&packed(command)).await)?])
            }
            (Line::Cluster(connection), Order::Given) => {
                let mut replies = Vec::with_capacity(commands.len());
                for command in commands {
                    replies.push(one(connection.req_packed_command(&packed(command)).await)?);
                }
                Ok(replies)
            }
            (Line::Cluster(connection), Order::Any) => {
                let mut replies = Vec::with_capacity(commands.len());
                for some in commands.chunks(SIDE_BY_SIDE) {
                    let asked = some.iter().map(|command| {
                        let mut connection = connection.clone();
                        async move { one(connection.req_packed_command(&packed(command)).await) }
                    });
                    for reply in join_all(asked).await {
                        replies.push(reply?);
                    }
                }
                Ok(replies)
            }
        }
    }
}

fn packed(command: &Command) -> Cmd {
    let mut packed = Cmd::new();
    for argument in &command.0 {
        packed.arg(argument.as_ref());
    }
    packed
}

/// What the server refused is a reply; what broke on the way is an error.
fn one(result: RedisResult<Value>) -> RedisResult<Reply> {
    match result {
        Ok(value) => reply(value),
        Err(error) if matches!(error.kind(), ErrorKind::Server(_) | ErrorKind::Extension) && error.code().is_some() => {
            Ok(Reply::Failed(refusal(error.code(), error.detail())))
        }
        Err(error) => Err(error),
    }
}

fn reply(value: Value) -> RedisResult<Reply> {
    Ok(match value {
        Value::Nil => Reply::Nil,
        Value::Int(number) => Reply::Number(number),
        Value::Boolean(yes) => Reply::Number(i64::from(yes)),
        Value::BulkString(bytes) => Reply::Text(Bytes::from(bytes)),
        Value::SimpleString(text) => Reply::Text(Bytes::from(text)),
        Value::Okay => Reply::Text(Bytes::from_static(b"OK")),
        Value::Array(items) | Value::Set(items) => {
            Reply::List(items.into_iter().map(reply).collect::<RedisResult<_>>()?)
        }
        Value::Map(pairs) => {
            let items = pairs.into_iter().flat_map(|(name, value)| [name, value]);
            Reply::List(items.map(reply).collect::<RedisResult<_>>()?)
        }
        Value::ServerError(error) => Reply::Failed(refusal(Some(error.code()), error.details())),
        _ => return Err(RedisError::from((ErrorKind::UnexpectedReturnType, "an answer of an unknown kind"))),
    })
}

fn refusal(code: Option<&str>, detail: Option<&str>) -> String {
    [code, detail].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[async_trait]
impl Transport for Resp {
    fn backend(&self) -> &'static str {
        "redis"
    }

    fn place(&self) -> &str {
        &self.address.place
    }

    async fn run(&self, commands: &[Command], order: Order) -> Result<Vec<Reply>> {
        let mut is_second_try = false;
        loop {
            let (mut line, attempt) = self.line().await?;
            let error = match line.run(commands, order).await {
                Ok(replies) => {
                    // One that became a replica while it was connected: whoever is asked next may know the primary.
                    if replies.iter().any(is_from_a_replica) {
                        self.forget(&attempt);
                    }
                    return Ok(replies);
                }
                Err(error) => error,
            };
            // After a deadline, too: whatever comes late must not be taken for the answer to something else.
            if error.is_unrecoverable_error() || error.is_timeout() || error.is_io_error() {
                self.forget(&attempt);
            }
            // A server may hang up on a line that nobody used; that is found out by using it.
            if is_second_try || !error.is_connection_dropped() || error.is_timeout() {
                return Err(self.unanswered(&error));
            }
            is_second_try = true;
        }
    }

    fn pack(&self, value: Bytes) -> Result<Bytes> {
        Ok(value)
    }

    fn unpack(&self, packed: Bytes) -> Option<Bytes> {
        Some(packed)
    }
}

impl Resp {
    fn unanswered(&self, error: &RedisError) -> Error {
        let cause = told(error, &self.passwords);
        Error::new(Kind::Unreachable, format!("redis at `{}` gave no answer", self.address.place))
            .because(cause)
            .transient()
    }
}

fn is_from_a_replica(reply: &Reply) -> bool {
    matches!(reply, Reply::Failed(message) if message.starts_with("READONLY"))
}

fn is_refusal(error: &RedisError) -> bool {
    error.kind() == ErrorKind::AuthenticationFailed || matches!(error.code(), Some("NOAUTH" | "WRONGPASS" | "NOPERM"))
}

/// The cause in plain words, without what is secret.
fn told(error: &RedisError, passwords: &[Secret]) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    if error.is_connection_refusal() {
        return "connection refused".to_owned();
    }
    let said = match error.code() {
        Some(code) => refusal(Some(code), error.detail()),
        None => error.to_string(),
    };
    passwords.iter().fold(said, |said, password| said.replace(password.reveal(), "…"))
}

/// What must not be shown of an address, as it is spelled there and as it is meant.
fn passwords(url: &str) -> Vec<Secret> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let user = rest.rsplit_once('@').map(|(user, _)| user).unwrap_or_default();
    let in_place = user.split_once(':').map(|(_, password)| password);
    let query = rest.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let in_query = query.split('&').filter_map(|pair| pair.split_once('=')).filter(|(name, _)| name.contains("pass"));
    let spelled = in_place.into_iter().chain(in_query.map(|(_, value)| value));
    let meant = |spelled: &str| {
        let url = reqwest::Url::parse(&format!("redis://host/?p={spelled}")).ok()?;
        url.query_pairs().next().map(|(_, value)| value.into_owned())
    };
    let both = spelled.flat_map(|spelled| [Some(spelled.to_owned()), meant(spelled)]).flatten();
    // Replacing a letter or two would make riddles of honest messages.
    both.filter(|password| password.len() > 3).map(Secret::new).collect()
}
