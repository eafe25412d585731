//! Work on long bodies: reading, hashing and packing megabytes takes long enough to keep everybody else waiting, pings
//! among them. It is done on a thread that others need not wait for. Nothing may be awaited within.

use tokio::runtime::{Handle, RuntimeFlavor};

/// From this many bytes on, work is long.
pub const LONG: usize = 256 << 10;

/// Does work on a body of so many bytes.
pub fn beside_everybody<T>(bytes: usize, work: impl FnOnce() -> T) -> T {
    let can_step_aside = || Handle::try_current().is_ok_and(|now| now.runtime_flavor() == RuntimeFlavor::MultiThread);
    if bytes >= LONG && can_step_aside() { tokio::task::block_in_place(work) } else { work() }
}
