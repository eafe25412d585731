//! `llmc batch`: many prompts, one a line, over one connection to whoever answers. One thread reads and sends the lines,
//! one reads the rows that come back, and this one puts them in order and writes them. All of them hold a bounded number
//! of lines, so that a batch may be of any length.

mod feed;
mod journal;
mod line;
mod order;
mod outbox;
mod progress;
mod row;
mod signals;
mod sink;
mod source;
mod talk;
mod tally;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Instant;

use serde::Deserialize;
use serde_json::value::RawValue;

use self::feed::{Event, Fate, Feed, Room};
use self::journal::Earlier;
use self::line::Composer;
use self::order::Order;
use self::outbox::Outbox;
use self::progress::Progress;
use self::row::{Fingerprint, Row};
use self::sink::Sink;
use self::source::{Records, Shape};
use self::talk::Talk;
use self::tally::{Forecast, Tally};
use super::again::Again;
use super::args::BatchArgs;
use super::context::Context;
use super::screen::{Screen, harmless};
use super::{generate, table};
use crate::api::batch::Limited;
use crate::api::generate::DryRunReply;
use crate::api::problem::{Detail, Problem};
use crate::error::{Error, Kind, Result};
use crate::template::Template;

/// What happens waits to be looked at in a line no longer than this.
const EVENTS: usize = 64;

/// Failures that are told one by one.
const SHOWN: u64 = 10;

/// Does a batch; returns its exit code.
pub fn run(args: &BatchArgs, context: &Context<'_>) -> Result<u8> {
    let started = Instant::now();
    let shape = match (args.lines, args.csv) {
        (true, _) => Shape::Text,
        (_, true) => Shape::Csv,
        _ => Shape::Json,
    };
    let composer = composer(args, context)?;
    let (input, length) = source::open(&args.file)?;
    let records = Records::of(input, shape, length.is_some())?;
    let (sink, earlier) = match args.dry_run {
        true => (Sink::nowhere(), Earlier::default()),
        false => Sink::open(args.output.as_deref(), args.resume, &context.screen)?,
    };

    let (events, happening) = sync_channel(EVENTS);
    signals::listen(events.clone())?;
    let room = Arc::new(Room::default());
    let outbox = Arc::<Outbox>::default();
    let feed = Feed::new(records, shape, composer, earlier, Arc::clone(&room), Arc::clone(&outbox), events.clone());
    let line = context.lasting_line()?;
    let mut talk = Talk::begin(args, context, line, Arc::clone(&outbox), events)?;
    std::thread::spawn(move || feed.run());

    let mut desk = Desk {
        args,
        screen: &context.screen,
        room,
        outbox,
        again: Again::by(context),
        order: Order::default(),
        sink,
        tally: Tally::default(),
        forecast: Forecast::default(),
        progress: Progress::begin(args, &context.screen),
        limits_told: Vec::new(),
    };
    let ended = desk.work(&happening, &mut talk);
    desk.progress.bar.finish_and_clear();
    let ended = ended?;
    if matches!(ended, End::Whole) {
        talk.end();
    }
    desk.end(ended, started)
}

fn composer(args: &BatchArgs, context: &Context<'_>) -> Result<Composer> {
    let defaults = generate::asking(&args.asking, false, context)?;
    let Some(path) = &args.template else { return Composer::new(&defaults, None) };
    let source = generate::input::read_text(path)?;
    let template = Template::compile(&path.display().to_string(), &source)?;
    Composer::new(&defaults, Some((template, &source)))
}

/// A row as it comes.
#[derive(Deserialize)]
struct Told<'a> {
    index: Option<u64>,
    #[serde(borrow)]
    text: Option<&'a RawValue>,
    #[serde(borrow)]
    raw: Option<&'a RawValue>,
    #[serde(borrow)]
    metadata: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
    foreseen: Option<DryRunReply>,
    limited: Option<Limited>,
}

/// What counts of an answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Counts {
    cached: bool,
    estimated_cost: Option<f64>,
}

/// A row, or a part of one, borrowed from its bytes.
fn parsed<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|error| {
        Error::new(Kind::Other, "cannot read the daemon's answer").because(error).hint("`llmc daemon restart`")
    })
}

/// How the work ended.
enum End {
    /// Every line has a row.
    Whole,
    /// Too many lines failed.
    TooManyErrors,
    /// A signal came; its exit code.
    Interrupted(u8),
    /// The lines or the rows broke off.
    Broken(Error),
}

struct Desk<'a> {
    args: &'a BatchArgs,
    screen: &'a Screen,
    room: Arc<Room>,
    outbox: Arc<Outbox>,
    again: Again,
    order: Order,
    sink: Sink,
    tally: Tally,
    forecast: Forecast,
    progress: Progress,
    limits_told: Vec<String>,
}

impl Desk<'_> {
    fn work(&mut self, happening: &Receiver<Event>, talk: &mut Talk<'_>) -> Result<End> {
        let (mut fed, mut answered) = (None, None);
        loop {
            let event = match happening.try_recv() {
                Ok(event) => Some(event),
                Err(_) => {
                    // Nothing more is there at the moment: what is done is shown.
                    self.sink.flush()?;
                    self.progress.show(&self.tally, self.screen);
                    match happening.recv_timeout(self.progress.pause()) {
                        Ok(event) => Some(event),
                        Err(RecvTimeoutError::Timeout) => None,
                        Err(RecvTimeoutError::Disconnected) => {
                            return Ok(End::Broken(Error::new(Kind::Other, "the batch broke off")));
                        }
                    }
                }
            };
            match event {
                None => continue,
                Some(Event::Begun(slots)) => {
                    for slot in slots {
                        self.count(&slot.fate);
                        self.order.begin(slot);
                    }
                    self.write()?;
                }
                Some(Event::Rows(rows)) => {
                    for row in rows.split(|byte| *byte == b'\n').filter(|row| !row.is_empty()) {
                        self.take(row)?;
                    }
                    self.write()?;
                }
                Some(Event::Fed(ended)) => fed = Some(ended),
                Some(Event::Answered(ended)) => answered = Some(ended),
                Some(Event::Interrupted(code)) => return Ok(End::Interrupted(code)),
            }
            let is_done = matches!(fed, Some(Ok(()))) && self.outbox.missing() == 0;
            if !is_done && self.args.max_errors.is_some_and(|most| self.tally.failed >= most) {
                return Ok(End::TooManyErrors);
            }
            if let Some(Err(error)) = &fed {
                return Ok(End::Broken(error.clone()));
            }
            let broken = match answered.take() {
                None => continue,
                Some(Ok(())) if is_done => return Ok(End::Whole),
                Some(Ok(())) => Error::new(Kind::Unreachable, "the daemon stopped before all was done"),
                Some(Err(error)) => error,
            };
            if let Err(error) = self.go_on(broken, talk) {
                return Ok(End::Broken(error));
            }
        }
    }

    /// Asks again for what has no row, where that helps against a failure.
    fn go_on(&mut self, mut broken: Error, talk: &mut Talk<'_>) -> Result<()> {
        loop {
            self.again.bear(broken.clone())?;
            let missing = table::count(self.outbox.missing() as u64, "line", "lines");
            self.progress.bar.suspend(|| self.screen.warn(format_args!("{broken}; asking again, for {missing}")));
            match talk.go_on(self.tally.spent) {
                Ok(()) => return Ok(()),
                Err(error) => broken = error,
            }
        }
    }

    fn count(&mut self, fate: &Fate) {
        match fate {
            Fate::Sent => {}
            Fate::Broken(_, error) => {
                self.tally.failed(error.kind().name());
                self.forecast.failed();
                // It begins with the number of its line.
                self.tell_failure(error);
            }
            Fate::Done(_) => self.tally.resumed(),
        }
    }

    /// Tells of the first failures; all are in the rows.
    fn tell_failure(&self, why: impl std::fmt::Display) {
        if self.tally.failed <= SHOWN {
            let why = harmless(&why.to_string()).replace('\n', " ");
            self.progress.bar.suspend(|| self.screen.warn(why));
        }
    }

    fn take(&mut self, row: &[u8]) -> Result<()> {
        let told: Told<'_> = parsed(row)?;
        if let Some(limited) = &told.limited {
            self.tell_limit(limited);
        }
        let Some(place) = told.index else {
            return match told.error {
                Some(error) => {
                    let detail = parsed(error.get().as_bytes())?;
                    Err(Problem { error: detail, retry_after: None }.into())
                }
                None => Ok(()),
            };
        };
        let answered = self.outbox.answered(place);
        let Some(line) = answered.and_then(|index| self.order.line(index)) else { return Ok(()) };
        self.again.renew();
        if let Some(metadata) = told.metadata {
            let counts: Counts = parsed(metadata.get().as_bytes())?;
            self.tally.answered(counts.cached, counts.estimated_cost);
        }
        let mut why = None;
        if let Some(error) = told.error {
            let failure: Detail = parsed(error.get().as_bytes())?;
            self.tally.failed(&failure.kind);
            self.forecast.failed();
            let cause = failure.cause.map(|cause| format!(": {cause}")).unwrap_or_default();
            why = Some(format!("line {}: {}{cause}", line.number, failure.message));
        }
        if let Some(foreseen) = &told.foreseen {
            self.forecast.add(foreseen);
        }
        let id = line.id.as_deref().and_then(|id| serde_json::from_str(id).ok());
        let index = line.index;
        let row = row::written(&Row {
            id,
            index,
            text: told.text,
            raw: told.raw,
            metadata: told.metadata,
            error: told.error,
            fingerprint: Fingerprint(line.fingerprint),
        });
        // Held until those before it are there.
        self.room.weigh(row.len());
        self.order.finish(index, row);
        why.iter().for_each(|why| self.tell_failure(why));
        Ok(())
    }

    /// Writes what is done in order, and makes room for as many.
    fn write(&mut self) -> Result<()> {
        let (mut lines, mut bytes) = (0, 0);
        while let Some((row, of_line)) = self.order.next() {
            self.sink.add(&row)?;
            lines += 1;
            bytes += row.len() + of_line;
        }
        if lines > 0 {
            self.room.leave(lines, bytes);
        }
        Ok(())
    }

    fn tell_limit(&mut self, limited: &Limited) {
        let Limited { setting, count, window } = limited;
        if self.limits_told.contains(setting) {
            return;
        }
        self.limits_told.push(setting.clone());
        let window = humantime::format_duration(window.0);
        self.progress.bar.suspend(|| {
            self.screen.note(format_args!(
                "llmc: held back by llmc's own limit, not by the provider: `{setting}` is {count} in {window}"
            ));
            self.screen.note(format_args!(
                "hint: `llmc config set {setting} {}` raises it; what goes on waits for a place meanwhile",
                count.saturating_mul(10).max(10)
            ));
        });
    }

    /// Puts the output in its place where it is whole, tells what came of it all, and chooses the exit code.
    fn end(mut self, end: End, started: Instant) -> Result<u8> {
        self.room.close();
        let is_whole = matches!(end, End::Whole);
        if self.args.dry_run {
            return match end {
                End::Whole => self.foretell(),
                End::Broken(error) => Err(error),
                End::TooManyErrors => Ok(Kind::Provider.exit_code()),
                End::Interrupted(code) => Ok(code),
            };
        }
        if !is_whole {
            for row in std::mem::take(&mut self.order).rest() {
                self.sink.add(&row)?;
            }
        }
        let (part, rows_on_screen) = (self.sink.part().map(std::path::Path::to_owned), self.sink.is_screen());
        match is_whole {
            true => self.sink.finish()?,
            false => self.sink.flush()?,
        }
        let took = started.elapsed();
        match (self.screen.json, rows_on_screen) {
            (false, _) => self.screen.note(self.tally.told(took)),
            (true, false) => self.screen.object(&self.tally.summary(took, is_whole))?,
            (true, true) => {
                let summary = serde_json::to_string(&self.tally.summary(took, is_whole));
                self.screen.note(summary.unwrap_or_default());
            }
        }
        if self.tally.failed > SHOWN {
            self.screen.note(format_args!("hint: the rows say why {} failed, each under `error`", self.tally.failed));
        }
        if !is_whole && let Some(part) = &part {
            self.screen.note(format_args!(
                "hint: what is done is in `{}`; the same command with `--resume` does the rest",
                part.display()
            ));
        }
        match end {
            End::Whole if self.tally.over_budget > 0 => Ok(Kind::Budget.exit_code()),
            End::Whole if self.tally.failed > 0 => Ok(Kind::Provider.exit_code()),
            End::Whole => Ok(0),
            End::TooManyErrors => {
                let failed = table::count(self.tally.failed, "line", "lines");
                self.screen.note(format_args!("llmc: {failed} failed, so the rest is left (`--max-errors`)"));
                Ok(Kind::Provider.exit_code())
            }
            End::Interrupted(code) => Ok(code),
            End::Broken(error) => Err(error),
        }
    }

    fn foretell(self) -> Result<u8> {
        let failures = self.forecast.failures();
        let forecast = self.forecast.whole();
        if self.screen.json {
            self.screen.object(&forecast)?;
        } else {
            for line in forecast.lines() {
                self.screen.line(line)?;
            }
        }
        Ok(if failures > 0 { Kind::Provider.exit_code() } else { 0 })
    }
}
