//! What a store that many daemons share does beyond what every store does: by the server's clock, for each other's
//! eyes, and in the face of trouble.

mod admitting;
mod changing;
mod lasting;
mod nonsense;
mod rest;
mod secure;
mod trouble;

use std::time::Duration;

use bytes::Bytes;
use llmc::clock::{Clock, SystemClock, Timestamp};
use llmc::exchange::Key;
use llmc::store::Row;

use crate::support::until;

/// What the store starts its keys with here.
const PREFIX: &str = "llm:cache";

fn now() -> Timestamp {
    SystemClock.now()
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn key(hex_start: &str) -> Key {
    Key::from_hex(&format!("{hex_start:0<64}")).unwrap()
}

/// An entry kept now, with so long to live.
fn row(hex_start: &str, value: &'static str, life: Duration) -> Row {
    Row {
        key: key(hex_start),
        value: Bytes::from_static(value.as_bytes()),
        provider: "openai".to_owned(),
        model: "gpt-4o".to_owned(),
        namespace: "default".to_owned(),
        kept_at: now(),
        fresh_until: now().after(life),
        gone_at: now().after(life),
        cost: None,
    }
}

/// The text a server holds under a name.
fn text(value: redis::Value) -> Option<String> {
    redis::from_redis_value(value).unwrap()
}
