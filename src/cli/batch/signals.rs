//! Signals that ask a batch to end: the first in good order, the second at once.

use std::sync::mpsc::SyncSender;

use tokio::signal::unix::{SignalKind, signal};

use super::feed::Event;
use crate::error::{Error, Kind, Result};

/// What a shell tells of a program that was interrupted, and of one that was terminated.
const INTERRUPTED: u8 = 130;
const TERMINATED: u8 = 143;

/// Tells of signals from now on.
pub fn listen(events: SyncSender<Event>) -> Result<()> {
    let cannot = |error: std::io::Error| Error::new(Kind::Other, "cannot listen to signals").because(error);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(cannot)?;
    let (mut interrupt, mut terminate) = {
        let _within = runtime.enter();
        let listen = |kind| signal(kind).map_err(cannot);
        (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?)
    };
    // Ends with the process.
    std::thread::spawn(move || {
        let mut was_told = false;
        loop {
            let code = runtime.block_on(async {
                tokio::select! {
                    _ = interrupt.recv() => INTERRUPTED,
                    _ = terminate.recv() => TERMINATED,
                }
            });
            if was_told || events.send(Event::Interrupted(code)).is_err() {
                std::process::exit(code.into());
            }
            was_told = true;
        }
    });
    Ok(())
}
