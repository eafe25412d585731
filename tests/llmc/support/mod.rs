//! The world the facts are shown in: a daemon in this process, a provider of one's own, a clock moved by hand.

pub mod failing;
pub mod leasing;
pub mod proxy;
pub mod redis;
pub mod rest;
pub mod shared;
pub mod upstream;
pub mod world;

use std::time::{Duration, Instant};

pub use upstream::{Reply, feed, says};
pub use world::World;

/// What never comes is given up after this.
pub const AT_LAST: Duration = Duration::from_secs(20);

/// Waits until something is the case.
pub async fn until<Asked: Future<Output = bool>>(what: &str, is_so: impl Fn() -> Asked) {
    let deadline = Instant::now() + AT_LAST;
    while !is_so().await {
        assert!(Instant::now() < deadline, "still not: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// True where the tests are to run with their full numbers.
pub fn at_length() -> bool {
    std::env::var_os("LLMC_LONG_TESTS").is_some_and(|value| value == "1")
}
