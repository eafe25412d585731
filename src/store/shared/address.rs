//! Where a Redis is, read from `store.url`: one server, a cluster, or whom the Sentinels name.

use std::time::Duration;

use redis::io::tcp::TcpSettings;
use redis::io::tcp::socket2::TcpKeepalive;
use redis::sentinel::{SentinelClient, SentinelClientBuilder, SentinelServerType};
use redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo, TlsMode};

use crate::error::{Error, Kind, Result};

/// An address, taken apart. Credentials are in it, so it is never shown; its `place` is.
pub struct Address {
    /// Servers without credentials, for messages.
    pub place: String,
    /// Who is there.
    pub server: Server,
}

/// Who is at an address.
pub enum Server {
    /// One server.
    One(Box<ConnectionInfo>),
    /// Some of a cluster's nodes, from which the others are learned.
    Cluster(Vec<ConnectionInfo>),
    /// The Sentinels that know a primary.
    Sentinel(Box<Sentinels>),
}

/// The Sentinels, and what the primary they name is asked with.
pub struct Sentinels {
    places: Vec<ConnectionAddr>,
    service: String,
    to_primary: ConnectionInfo,
    /// What the Sentinels themselves are asked with, in order: user, password.
    to_sentinels: (Option<String>, Option<String>),
    is_secure: bool,
}

impl Address {
    /// Reads `redis://`, `rediss://` (TLS), `valkey://`, `valkeys://` and `unix:///path?db=N&user=…&pass=…`;
    /// `redis+cluster://host:port,host:port`; `redis+sentinel://host:port,host:port/service/db`, with
    /// `?sentinel_user=…&sentinel_password=…` where the Sentinels want their own. `rediss+…` are the same over TLS.
    pub fn read(url: &str) -> Result<Address> {
        let (scheme, rest) = url.split_once("://").ok_or_else(|| wrong("it has no `://`"))?;
        let Some((plain, kind)) = scheme.split_once('+').filter(|(_, kind)| *kind != "unix") else {
            let info = info(url)?;
            return Ok(Address { place: info.addr().to_string(), server: Server::One(Box::new(info)) });
        };
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, hosts) = authority.rsplit_once('@').map_or(("", authority), |(user, hosts)| (user, hosts));
        let user = if user.is_empty() { String::new() } else { format!("{user}@") };
        let each = |db: &str| {
            let of_host = |host: &str| info(&format!("{plain}://{user}{host}/{db}"));
            hosts.split(',').map(of_host).collect::<Result<Vec<ConnectionInfo>>>()
        };
        let place = hosts.to_owned();
        match kind {
            "cluster" => {
                if !matches!(path.trim_end_matches('/'), "" | "0") {
                    return Err(wrong("a cluster has no databases by number"));
                }
                Ok(Address { place, server: Server::Cluster(each("")?) })
            }
            "sentinel" => {
                let (service, db) = path.split_once('/').unwrap_or((path, ""));
                if service.is_empty() {
                    return Err(wrong("it does not name the service, as in `redis+sentinel://host:26379/mymaster`"));
                }
                let infos = each(db)?;
                let places = infos.iter().map(|info| info.addr().clone()).collect();
                let to_primary = infos.into_iter().next().ok_or_else(|| wrong("it names no host"))?;
                let to_sentinels = (in_query(query, "sentinel_user")?, in_query(query, "sentinel_password")?);
                let (service, is_secure) = (service.to_owned(), plain == "rediss");
                let sentinels = Sentinels { places, service, to_primary, to_sentinels, is_secure };
                Ok(Address { place, server: Server::Sentinel(Box::new(sentinels)) })
            }
            _ => Err(wrong("nothing is known of its kind")),
        }
    }
}

impl Sentinels {
    /// A client that asks them for the primary whenever it connects.
    pub fn client(&self) -> redis::RedisResult<SentinelClient> {
        let mut builder = SentinelClientBuilder::new(self.places.clone(), &self.service, SentinelServerType::Master)?;
        let primary = self.to_primary.redis_settings();
        builder = builder.set_client_to_redis_db(primary.db());
        builder = builder.set_client_to_redis_tcp_settings(tcp());
        if self.is_secure {
            builder = builder.set_client_to_redis_tls_mode(TlsMode::Secure);
            builder = builder.set_client_to_sentinel_tls_mode(TlsMode::Secure);
        }
        if let Some(user) = primary.username() {
            builder = builder.set_client_to_redis_username(user);
        }
        if let Some(password) = primary.password() {
            builder = builder.set_client_to_redis_password(password);
        }
        if let Some(user) = &self.to_sentinels.0 {
            builder = builder.set_client_to_sentinel_username(user);
        }
        if let Some(password) = &self.to_sentinels.1 {
            builder = builder.set_client_to_sentinel_password(password);
        }
        builder.build()
    }
}

fn info(url: &str) -> Result<ConnectionInfo> {
    let info = url.into_connection_info().map_err(|error| wrong(error.category()))?;
    Ok(info.set_tcp_settings(tcp()))
}

/// Commands leave at once, however small; and a line that somebody on the way forgot is found out while it is idle.
pub fn tcp() -> TcpSettings {
    TcpSettings::default().set_nodelay(true).set_keepalive(TcpKeepalive::new().with_time(Duration::from_secs(60)))
}

/// A value of the query, its `%`-escapes undone.
fn in_query(query: &str, name: &str) -> Result<Option<String>> {
    let url = reqwest::Url::parse(&format!("redis://host/?{query}")).map_err(|_| wrong("its query is none"))?;
    Ok(url.query_pairs().find(|(found, _)| found == name).map(|(_, value)| value.into_owned()))
}

fn wrong(cause: &str) -> Error {
    Error::new(Kind::Usage, "the store's address is none of a Redis server")
        .because(cause)
        .hint("set `store.url` to something like `redis://user:password@host:6379/0` or `unix:///path/to/socket`")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn one(url: &str) -> (String, i64, Option<String>, Option<String>) {
        let address = Address::read(url).unwrap();
        let Server::One(info) = address.server else { panic!("{url} is several servers") };
        let settings = info.redis_settings();
        let own = |text: Option<&str>| text.map(str::to_owned);
        (address.place, settings.db(), own(settings.username()), own(settings.password()))
    }

    #[test]
    fn a_server_has_a_place_a_database_and_credentials() {
        let some = |text: &str| Some(text.to_owned());

        assert_eq!(one("redis://h"), ("h:6379".to_owned(), 0, None, None));
        assert_eq!(one("rediss://me:p%40ss@h:1/3"), ("h:1".to_owned(), 3, some("me"), some("p@ss")));
        assert_eq!(one("valkey://:pw@h:1"), ("h:1".to_owned(), 0, None, some("pw")));
        assert_eq!(one("unix:///r.sock?db=2&pass=pw"), ("/r.sock".to_owned(), 2, None, some("pw")));
        assert_eq!(one("redis+unix:///r.sock?db=2"), ("/r.sock".to_owned(), 2, None, None));
    }

    #[test]
    fn a_cluster_is_several_nodes_with_the_same_credentials() {
        let address = Address::read("redis+cluster://u:pw@a:1,b:2,c").unwrap();

        let Server::Cluster(nodes) = address.server else { panic!("no cluster") };
        assert_eq!(address.place, "a:1,b:2,c");
        assert_eq!(nodes.iter().map(|node| node.addr().to_string()).collect::<Vec<_>>(), ["a:1", "b:2", "c:6379"]);
        assert!(nodes.iter().all(|node| node.redis_settings().password() == Some("pw")));
        assert!(nodes.iter().all(|node| node.tcp_settings().nodelay()));
    }

    #[test]
    fn sentinels_know_a_service_and_may_have_their_own_password() {
        let address = Address::read("redis+sentinel://u:pw@a:1,b:2/mymaster/4?sentinel_password=s%26x").unwrap();

        let Server::Sentinel(sentinels) = address.server else { panic!("no sentinels") };
        assert_eq!((sentinels.service.as_str(), sentinels.to_primary.redis_settings().db()), ("mymaster", 4));
        assert_eq!(sentinels.to_sentinels, (None, Some("s&x".to_owned())));
        assert!(sentinels.client().is_ok());
    }

    #[test]
    fn a_wrong_address_is_told_without_its_password() {
        for wrong in [
            "hush",
            "http://u:hush@h",
            "redis://u:hush@h/hush",
            "redis+cluster://u:hush@h/3",
            "redis+sentinel://u:hush@h",
            "redis+other://u:hush@h",
            "redis://u:hush@h:99999999",
            "unix://",
        ] {
            let error = Address::read(wrong).err().unwrap_or_else(|| panic!("{wrong} was taken"));

            assert!(!format!("{error} {error:?}").contains("hush"), "{error:?}");
        }
    }
}
