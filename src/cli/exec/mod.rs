//! `llmc exec -- CMD`: runs a program with its calls to models going through the cache, and with no key in its sight.

mod child;
mod surroundings;

use self::surroundings::Terms;
use super::args::ExecArgs;
use super::context::{Context, read_json};
use super::door::Door;
use super::screen::{Screen, harmless};
use super::{file, stats, table};
use crate::api::run::RunRequest;
use crate::api::span::Span;
use crate::api::stats::{Missed, MissedCall, StatsReply, Totals};
use crate::client::{Asked, Line};
use crate::config::{Environment, Override};
use crate::error::{Error, Kind, Result};
use crate::exchange::Mode;

/// Flags that stand for settings take part in `config::load`, so that there is one order of precedence.
pub fn note_overrides(args: &ExecArgs, environment: &mut Environment) {
    if let Some(namespace) = &args.namespace {
        environment.overrides.push(Override { key: "cache.namespace", flag: "--namespace", value: namespace.clone() });
    }
}

/// Runs the program; returns its exit code, or that of a gate it did not meet.
pub fn run(args: &ExecArgs, context: &Context<'_>) -> Result<u8> {
    if args.fail_under.is_some_and(|least| !(0.0..=100.0).contains(&least)) {
        return Err(Error::new(Kind::Usage, "`--fail-under` is out of range").hint("a percentage is 0 to 100"));
    }
    if let Some(flag) = args.command.first().map(|word| word.to_string_lossy()).filter(|word| word.starts_with('-')) {
        return Err(Error::new(
            Kind::Usage,
            format!("`{}` is neither a flag of `llmc exec` nor a command", harmless(&flag)),
        )
        .hint("`llmc exec --help` shows the flags; the command comes after `--`"));
    }
    let parent = context.environment.text("LLMC_RUN")?.map(str::to_owned);
    let run = match &args.run {
        Some(run) => run.clone(),
        // A program within a program is part of the same run.
        None => parent.clone().unwrap_or_else(|| format!("exec-{:08x}", fastrand::u32(..))),
    };
    let cache = &context.settings.settings.cache;
    let mode = super::generate::mode(args.mode, [args.offline, args.refresh, args.no_cache], cache.enabled, cache.mode);
    let cassette = args.cassette.as_deref().map(|path| context.environment.absolute(path));
    if let Some(path) = &cassette {
        file::expect_folder(path)?;
        if mode == Mode::Replay && !path.exists() {
            return Err(Error::new(Kind::Usage, format!("there is no cassette `{}`", path.display()))
                .hint("record it first, without `--offline`"));
        }
    }
    let request = RunRequest {
        run: run.clone(),
        // Each request's own `Cache-Control` counts where nothing else was asked for.
        mode: (mode != Mode::Auto).then_some(mode),
        namespace: Some(cache.namespace.clone()),
        max_cost: args.max_cost,
        cassette,
        wait: Some(Span(args.wait)),
        read_only: false,
        parent,
        again: None,
    };
    let mut line = context.lasting_line()?;
    let mut door = Door::open(&request, &mut *line, context)?;
    if let Some(line) = line.successor() {
        door.come_back(&request, line, context)?;
    }
    let before = totals(&run, &mut *line, context)?;
    let terms = Terms { mode: request.mode, namespace: request.namespace.clone(), cassette: request.cassette.clone() };
    let surroundings = surroundings::of_child(&door.reply, &terms, &context.settings.settings, &context.environment);
    let ended = child::run(&args.command, &surroundings);
    let after = totals(&run, &mut *line, context);
    door.close();
    let code = match ended {
        Ok(code) => code,
        Err((error, code)) => {
            context.screen.error(&error);
            return Ok(code);
        }
    };
    let (totals, missed) = since(&before, after?);
    tell(&run, &totals, &missed, &context.screen);
    match args.fail_under {
        Some(least) if code == 0 => stats::judge_rate(least, &totals).map(|()| 0),
        _ => Ok(code),
    }
}

fn totals(run: &str, line: &mut dyn Line, context: &Context<'_>) -> Result<StatsReply> {
    let path = stats::query("/llm/cache/stats", &[("run", Some(run.to_owned()))]);
    let asked = Asked { method: "GET", path, ..Asked::default() };
    let bytes = context.ask_by(line, asked)?.read_body()?;
    read_json(&bytes)
}

/// What was added to a run that may have begun before this program.
fn since(before: &StatsReply, after: StatsReply) -> (Totals, Missed) {
    let StatsReply { totals: mut after, mut missed, .. } = after;
    missed.first.drain(..before.missed.first.len().min(missed.first.len()));
    missed.count = missed.count.saturating_sub(before.missed.count);
    let before = &before.totals;
    for (now, then) in [
        (&mut after.hits, before.hits),
        (&mut after.misses, before.misses),
        (&mut after.coalesced, before.coalesced),
        (&mut after.stale, before.stale),
        (&mut after.refreshed, before.refreshed),
        (&mut after.bypassed, before.bypassed),
        (&mut after.passed, before.passed),
        (&mut after.rate_limited, before.rate_limited),
        (&mut after.errors, before.errors),
        (&mut after.unpriced_calls, before.unpriced_calls),
        (&mut after.unpriced_hits, before.unpriced_hits),
    ] {
        *now = now.saturating_sub(then);
    }
    after.saved_usd = (after.saved_usd - before.saved_usd).max(0.0);
    after.spent_usd = (after.spent_usd - before.spent_usd).max(0.0);
    after.hit_rate = crate::api::stats::hit_rate(after.hits, after.misses);
    (after, missed)
}

fn tell(run: &str, totals: &Totals, missed: &Missed, screen: &Screen) {
    if screen.json {
        let told = serde_json::json!({
            "schema_version": crate::api::SCHEMA_VERSION, "run": run, "hits": totals.hits, "misses": totals.misses,
            "coalesced": totals.coalesced, "stale": totals.stale, "refreshed": totals.refreshed,
            "bypassed": totals.bypassed, "passed": totals.passed, "errors": totals.errors,
            "rateLimited": totals.rate_limited,
            "hitRate": totals.hit_rate, "savedUsd": totals.saved_usd, "spentUsd": totals.spent_usd,
            "unpricedHits": totals.unpriced_hits, "unpricedCalls": totals.unpriced_calls, "missed": missed,
        });
        screen.note(told);
        return;
    }
    let mut parts = vec![counted(totals.hits, "hit", "hits"), counted(totals.misses, "miss", "misses")];
    for (count, one, many) in [
        (totals.coalesced, "shared call", "shared calls"),
        (totals.stale, "stale", "stale"),
        (totals.refreshed, "refreshed", "refreshed"),
        (totals.bypassed, "uncached", "uncached"),
        (totals.passed, "passed through", "passed through"),
        (totals.errors + totals.rate_limited, "failure", "failures"),
    ] {
        if count > 0 {
            parts.push(counted(count, one, many));
        }
    }
    let unpriced = if totals.unpriced_hits + totals.unpriced_calls > 0 { " (some unpriced)" } else { "" };
    let money =
        format!("saved {}, spent {}{unpriced}", table::dollars(totals.saved_usd), table::dollars(totals.spent_usd));
    screen.note(format_args!("llmc: {} · {money} · run {}", parts.join(", "), harmless(run)));
    tell_missed(missed, screen);
}

/// A program may keep to itself what it was refused, or fail far from where it was.
fn tell_missed(missed: &Missed, screen: &Screen) {
    if missed.is_empty() {
        return;
    }
    let count = counted(missed.count as u64, "call has", "calls have");
    screen.note(format_args!("llmc: {count} no answer here, and nothing may be called:"));
    for MissedCall { model, cause } in &missed.first {
        screen.note(format_args!("  {}: {}", harmless(model), harmless(cause)));
    }
    let others = missed.count.saturating_sub(missed.first.len());
    if others > 0 {
        screen.note(format_args!("  and {}", counted(others as u64, "other", "others")));
    }
}

fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
