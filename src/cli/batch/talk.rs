//! The conversation of a batch with whoever answers, begun anew where a daemon went away.

use std::io::Read;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::thread::JoinHandle;

use super::feed::Event;
use super::outbox::Outbox;
use crate::cli::args::BatchArgs;
use crate::cli::context::Context;
use crate::cli::stats::query;
use crate::client::{Asked, Line, cut_short};
use crate::error::Result;
use crate::money::Usd;

/// Bytes of rows that are read at once.
const ROWS: usize = 64 << 10;

/// The conversation with whoever answers.
pub struct Talk<'a> {
    args: &'a BatchArgs,
    context: &'a Context<'a>,
    line: Box<dyn Line>,
    outbox: Arc<Outbox>,
    events: SyncSender<Event>,
    reading: Option<JoinHandle<()>>,
}

impl<'a> Talk<'a> {
    /// Begins one: what is in the outbox is asked for, and what comes into it; what comes back is told as it does.
    pub fn begin(
        args: &'a BatchArgs,
        context: &'a Context<'a>,
        line: Box<dyn Line>,
        outbox: Arc<Outbox>,
        events: SyncSender<Event>,
    ) -> Result<Talk<'a>> {
        let mut talk = Talk { args, context, line, outbox, events, reading: None };
        talk.ask(Usd::ZERO)?;
        Ok(talk)
    }

    /// Goes on with whoever comes after a daemon that went away, and has spent so much already.
    pub fn go_on(&mut self, spent: Usd) -> Result<()> {
        self.line = self.context.next_line()?;
        self.ask(spent)
    }

    /// Waits until the last who holds the line has let go of it: where this process answers, it has things to put away.
    pub fn end(self) {
        if let Some(reading) = self.reading {
            let _ = reading.join();
        }
    }

    fn ask(&mut self, spent: Usd) -> Result<()> {
        let asked = Asked { method: "POST", path: self.path(spent), ..Asked::default() };
        let body = Box::new(self.outbox.body());
        let (answered, events) = (self.context.converse_by(&mut *self.line, asked, body)?, self.events.clone());
        self.reading = Some(std::thread::spawn(move || read(answered.body, &events)));
        Ok(())
    }

    fn path(&self, spent: Usd) -> String {
        let args = self.args;
        // What is no amount is for the daemon to say.
        let left = |most: f64| (most - spent.dollars()).max(most.min(0.0));
        let cassette = args.asking.cassette.as_deref().map(|path| self.context.environment.absolute(path));
        query(
            "/llm/batch",
            &[
                ("jobs", args.jobs.map(|jobs| jobs.to_string())),
                ("maxCost", args.max_cost.map(|most| left(most).to_string())),
                ("cassette", cassette.and_then(|path| path.to_str().map(str::to_owned))),
                ("dryRun", args.dry_run.then(|| "true".to_owned())),
            ],
        )
    }
}

/// Reads rows as they come, and hands on whole ones.
fn read(mut body: Box<dyn Read + Send>, events: &SyncSender<Event>) {
    let (mut rows, mut piece) = (Vec::new(), vec![0; ROWS]);
    let ended = loop {
        match body.read(&mut piece) {
            Ok(0) if rows.is_empty() => break Ok(()),
            Ok(0) => break Err(cut_short(&std::io::ErrorKind::UnexpectedEof.into())),
            Ok(read) => {
                rows.extend_from_slice(&piece[..read]);
                let Some(end) = piece[..read].iter().rposition(|byte| *byte == b'\n') else { continue };
                let torn = rows.split_off(rows.len() - (read - end - 1));
                if events.send(Event::Rows(std::mem::replace(&mut rows, torn))).is_err() {
                    return;
                }
            }
            Err(error) => break Err(cut_short(&error)),
        }
    };
    drop(body);
    // Who is not there any more need not be told.
    let _ = events.send(Event::Answered(ended));
}
