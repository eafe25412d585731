//! News for the dashboard: the daemon's events, and signals. Each comes by a thread of its own that ends with the process.

use std::io::Read;
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use crate::api::events::{LostEvent, RequestEvent, StatsEvent};
use crate::cli::context::Context;
use crate::client::{Answered, Asked, Line, SocketLine};
use crate::error::{Error, Kind, Result};
use crate::provider::sse;

/// How long until a daemon that went away is asked for again.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Something to draw, or to end for.
pub enum News {
    /// A request came out so.
    Request(Box<RequestEvent>),
    /// The sums.
    Stats(Box<StatsEvent>),
    /// So many events came too fast.
    Lost(u64),
    /// The daemon does not answer, and why.
    Gone(String),
    /// A signal asks to end, with this exit code.
    Signal(u8),
}

/// Listens to the daemon from now on, and to its successors. Fails where there is none to begin with.
pub fn listen(context: &Context<'_>, news: SyncSender<News>) -> Result<()> {
    let asked = Asked { method: "GET", path: "/events?prompts=true".into(), ..Asked::default() };
    let asked = context.introduced(asked)?;
    let mut line = SocketLine::new(&context.environment, false)?;
    let mut answered = line.ask(&asked)?.successful();
    std::thread::spawn(move || {
        loop {
            let gone = match answered {
                Ok(answered) => relay(answered, &news),
                Err(error) => error.to_string(),
            };
            if news.send(News::Gone(gone)).is_err() {
                return;
            }
            std::thread::sleep(AGAIN_AFTER);
            answered = line.ask(&asked).and_then(Answered::successful);
        }
    });
    Ok(())
}

/// Passes events on until there are no more; says why.
fn relay(mut answered: Answered, news: &SyncSender<News>) -> String {
    let mut reader = sse::Reader::new();
    let mut bytes = [0; 16 * 1024];
    loop {
        let events = match answered.body.read(&mut bytes) {
            Ok(0) => return "the daemon has stopped".to_owned(),
            Ok(read) => reader.push(&bytes[..read]),
            Err(error) => return error.to_string(),
        };
        let events = match events {
            Ok(events) => events,
            Err(error) => return error.to_string(),
        };
        for event in events.iter().filter_map(read) {
            if news.send(event).is_err() {
                return String::new();
            }
        }
    }
}

/// An event as news; those of a later version are passed over.
fn read(event: &sse::Event) -> Option<News> {
    match event.name.as_str() {
        "request" => serde_json::from_str::<RequestEvent>(&event.data).ok().map(|event| News::Request(Box::new(event))),
        "stats" => serde_json::from_str::<StatsEvent>(&event.data).ok().map(|event| News::Stats(Box::new(event))),
        "lost" => serde_json::from_str::<LostEvent>(&event.data).ok().map(|lost| News::Lost(lost.events)),
        _ => None,
    }
}

/// Tells of signals that ask to end, from now on: the terminal must be given back first.
pub fn obey_signals(news: SyncSender<News>) -> Result<()> {
    let cannot = |error: std::io::Error| Error::new(Kind::Other, "cannot listen to signals").because(error);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(cannot)?;
    let (mut interrupt, mut terminate, mut hang_up) = {
        let _within = runtime.enter();
        let listen = |kind| signal(kind).map_err(cannot);
        (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?, listen(SignalKind::hangup())?)
    };
    std::thread::spawn(move || {
        let code = runtime.block_on(async {
            tokio::select! {
                _ = interrupt.recv() => 130,
                _ = terminate.recv() => 143,
                _ = hang_up.recv() => 129,
            }
        });
        // Whoever watched may have stopped by itself.
        let _ = news.send(News::Signal(code));
    });
    Ok(())
}
