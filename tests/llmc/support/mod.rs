//! The world the facts are shown in: a daemon in this process, a provider of one's own, a clock moved by hand.

pub mod failing;
pub mod leasing;
pub mod proxy;
pub mod redis;
pub mod rest;
pub mod shared;
pub mod upstream;
pub mod world;

pub use upstream::{Reply, feed, says};
pub use world::World;

/// True where the tests are to run with their full numbers.
pub fn at_length() -> bool {
    std::env::var_os("LLMC_LONG_TESTS").is_some_and(|value| value == "1")
}
