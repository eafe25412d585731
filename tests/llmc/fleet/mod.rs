//! Several daemons on one shared store: what one learns the others know, and none is the worse off for a store that is
//! slow, full, gone or back again with nothing in it.

mod counting;
mod limiting;
mod outage;
mod sharing;
mod waiting;

use std::sync::Arc;
use std::time::{Duration, Instant};

use llmc::clock::{FakeClock, SystemClock};
use llmc::store::Store;
use llmc::store::fleet::Fleet;
use llmc::store::memory::Memory;

use crate::support::redis::{Redis, is_installed};
use crate::support::rest::Rest;
use crate::support::shared;
use crate::support::upstream::Upstream;
use crate::support::world::{Plan, START};
use crate::support::{AT_LAST, World, until};

const PREFIX: &str = "llm:cache";

/// The deadline of look-ups where none is to pass, however busy the machine is.
const PATIENT: Duration = Duration::from_secs(10);

/// The deadline that is built in.
const BUILT_IN: Duration = Duration::from_millis(100);

/// The store of one daemon, at a Redis.
fn behind(url: &str, local: Arc<dyn Store>, deadline: Duration) -> Arc<Fleet> {
    let shared = Arc::new(shared::redis(url, PREFIX));
    Arc::new(Fleet::new(shared, local, Arc::new(FakeClock::at(START)), deadline))
}

/// A daemon to be, with memory behind the Redis.
fn daemon(url: &str, upstream: &Arc<Upstream>, deadline: Duration) -> Plan {
    World::new().over(behind(url, Arc::new(Memory::new()), deadline)).asking(upstream)
}

/// The same at a REST server.
fn daemon_over_rest(rest: &Rest, upstream: &Arc<Upstream>) -> Plan {
    let shared = Arc::new(shared::upstash(rest, PREFIX));
    let store = Fleet::new(shared, Arc::new(Memory::new()), Arc::new(SystemClock), PATIENT);
    World::new().over(Arc::new(store)).asking(upstream)
}
