//! `llmc cache …`: looking at and managing what is kept.

use super::args::{CacheCommand, FilterArgs, Sorting};
use super::context::{Answerer, Context};
use super::generate;
use super::moving;
use super::screen::{Paint, harmless};
use super::stats::query;
use super::table::{self, Table};
use crate::api::entries::{
    DiffReply, EntriesReply, EntryFilter, EntryReply, Flaw, PurgeReply, PurgeRequest, VerifyReply,
};
use crate::api::span::Span;
use crate::client::Asked;
use crate::error::{Error, Kind, Result};

/// Digits of a key that are shown to people.
const SHOWN_DIGITS: usize = 12;

/// Runs one of the commands.
pub fn run(command: &CacheCommand, context: &Context<'_>) -> Result<()> {
    match command {
        CacheCommand::List { filter, sort, limit } => list(filter, *sort, *limit, context),
        CacheCommand::Show { key } => show(key, context),
        CacheCommand::Diff { left, right } => diff(left, right, context),
        CacheCommand::Key(args) => generate::show_key(args, context),
        CacheCommand::Delete { keys } => keys.iter().try_for_each(|key| delete(key, context)),
        CacheCommand::Export { file, filter } => moving::export(file.as_deref(), filter, context),
        CacheCommand::Import { file, force } => moving::import(file.as_deref(), *force, context),
        CacheCommand::Verify { delete } => verify(*delete, context),
        CacheCommand::Purge { filter, all, dry_run } => purge(filter, *all, *dry_run, context),
    }
}

/// A filter as parameters of a query.
pub fn parameters(filter: &FilterArgs, context: &Context<'_>) -> [(&'static str, Option<String>); 5] {
    let FilterArgs { model, provider, namespace, older_than, grep } = meant(filter, context);
    let older_than = older_than.map(|span| humantime::format_duration(span).to_string());
    [("model", model), ("provider", provider), ("namespace", namespace), ("olderThan", older_than), ("grep", grep)]
}

fn list(filter: &FilterArgs, sort: Option<Sorting>, limit: Option<usize>, context: &Context<'_>) -> Result<()> {
    let sort = sort.map(|sort| match sort {
        Sorting::Hits => "hits",
        Sorting::Age => "age",
        Sorting::Size => "size",
        Sorting::Saved => "saved",
    });
    let order = [("sort", sort.map(str::to_owned)), ("limit", limit.map(|limit| limit.to_string()))];
    let path = query("/cache/entries", &[&parameters(filter, context)[..], &order].concat());
    let reply: EntriesReply =
        context.ask_json(Answerer::WhoeverIsThere, Asked { method: "GET", path, ..Asked::default() })?;
    let screen = &context.screen;
    if screen.json {
        return screen.object(&reply);
    }
    if reply.total == 0 {
        screen.note("nothing is kept that fits");
        return Ok(());
    }
    let mut entries = Table::new(&["key", "model", "namespace", ">age", ">ttl", ">size", ">hits", ">saved"]);
    for entry in &reply.entries {
        entries.row([
            entry.key.chars().take(SHOWN_DIGITS).collect(),
            harmless(&format!("{}/{}", entry.provider, entry.model)),
            harmless(&entry.namespace),
            table::span(entry.age_seconds),
            if entry.ttl_seconds == 0 { "stale".to_owned() } else { table::span(entry.ttl_seconds) },
            table::bytes(entry.bytes),
            entry.hits.to_string(),
            entry.saved_usd.map_or("unpriced".to_owned(), table::dollars),
        ]);
    }
    entries.lines().iter().try_for_each(|line| screen.line(line))?;
    if reply.total > reply.entries.len() {
        screen.note(format_args!("{} of {}", reply.entries.len(), table::entries(reply.total as u64)));
    }
    Ok(())
}

fn read_key(key: &str) -> Result<&str> {
    if key.is_empty() || !key.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(Error::new(Kind::Usage, format!("`{key}` is no key"))
            .hint("a key is hexadecimal digits, as `llmc cache list` shows them"));
    }
    Ok(key)
}

fn one(key: &str) -> Result<String> {
    Ok(format!("/cache/entries/{}", read_key(key)?))
}

fn show(key: &str, context: &Context<'_>) -> Result<()> {
    let asked = Asked { method: "GET", path: one(key)?, ..Asked::default() };
    let entry: EntryReply = context.ask_json(Answerer::WhoeverIsThere, asked)?;
    let screen = &context.screen;
    if screen.json {
        return screen.object(&entry);
    }
    let summary = &entry.summary;
    let cost = entry.cost_usd.map_or("unpriced".to_owned(), table::dollars);
    let heading = |name: &str| screen.paint(Paint::Faint, format_args!("{name:<12}"));
    screen.line(format_args!("{}{}", heading("key"), summary.key))?;
    screen.line(format_args!(
        "{}{}",
        heading("model"),
        harmless(&format!("{}/{}", summary.provider, summary.model))
    ))?;
    screen.line(format_args!("{}{}", heading("namespace"), harmless(&summary.namespace)))?;
    screen.line(format_args!("{}{} ago, {}", heading("kept"), table::span(summary.age_seconds), entry.kept_at))?;
    screen.line(format_args!("{}{}", heading("fresh for"), table::span(summary.ttl_seconds)))?;
    screen.line(format_args!(
        "{}{}, {}, cost {cost}",
        heading("size"),
        table::bytes(summary.bytes),
        table::count(summary.hits, "hit", "hits")
    ))?;
    let material = serde_json::to_string(&entry.material)
        .map_err(|error| Error::new(Kind::Other, "cannot show the request").because(error))?;
    screen.line(format_args!("{}{}", heading("request"), harmless(&material)))?;
    screen.line("")?;
    screen.answer(&entry.text)
}

fn diff(left: &str, right: &str, context: &Context<'_>) -> Result<()> {
    let path = format!("/cache/diff?left={}&right={}", read_key(left)?, read_key(right)?);
    let asked = Asked { method: "GET", path, ..Asked::default() };
    let reply: DiffReply = context.ask_json(Answerer::WhoeverIsThere, asked)?;
    let screen = &context.screen;
    if screen.json {
        return screen.object(&reply);
    }
    let Some(difference) = &reply.difference else { return screen.line("the same request") };
    screen.line(format_args!("{} differs", harmless(&difference.field)))?;
    for (key, value) in [(&reply.left, &difference.left), (&reply.right, &difference.right)] {
        let digits: String = key.chars().take(SHOWN_DIGITS).collect();
        let value = value.as_deref().map_or("absent".into(), harmless);
        screen.line(format_args!("  {}  {value}", screen.paint(Paint::Faint, digits)))?;
    }
    Ok(())
}

fn delete(key: &str, context: &Context<'_>) -> Result<()> {
    let asked = Asked { method: "DELETE", path: one(key)?, ..Asked::default() };
    let reply: PurgeReply = context.ask_json(Answerer::WhoeverIsThere, asked)?;
    tell(&reply, context)
}

/// A filter as it is meant: `provider/model`, as listings show it, names both.
fn meant(filter: &FilterArgs, context: &Context<'_>) -> FilterArgs {
    let mut filter = filter.clone();
    let named = filter.model.as_deref().filter(|_| filter.provider.is_none()).and_then(|model| model.split_once('/'));
    if let Some((provider, model)) = named
        && context.settings.settings.providers.contains_key(provider)
    {
        (filter.provider, filter.model) = (Some(provider.to_owned()), Some(model.to_owned()));
    }
    filter
}

fn purge(filter: &FilterArgs, all: bool, dry_run: bool, context: &Context<'_>) -> Result<()> {
    let FilterArgs { model, provider, namespace, older_than, grep } = meant(filter, context);
    let filter =
        EntryFilter { model, provider, namespace, grep, older_than: older_than.map(Span), ..EntryFilter::default() };
    if all && filter != EntryFilter::default() {
        return Err(Error::new(Kind::Usage, "`--all` and a filter contradict each other").hint("give one of them"));
    }
    let body = serde_json::to_vec(&PurgeRequest { all, dry_run, filter })
        .map_err(|error| Error::new(Kind::Other, "cannot write the request").because(error))?;
    let asked = Asked { method: "POST", path: "/cache/purge".into(), body, ..Asked::default() };
    let reply: PurgeReply = context.ask_json(Answerer::WhoeverIsThere, asked)?;
    tell(&reply, context)
}

fn verify(delete: bool, context: &Context<'_>) -> Result<()> {
    let path = query("/cache/verify", &[("delete", delete.then(|| "true".to_owned()))]);
    let asked = Asked { method: "POST", path, ..Asked::default() };
    let reply: VerifyReply = context.ask_json(Answerer::WhoeverIsThere, asked)?;
    let screen = &context.screen;
    if screen.json {
        screen.object(&reply)?;
    } else {
        for Flaw { key, reason } in &reply.flaws {
            screen.line(format_args!("{key}  {}", harmless(reason)))?;
        }
        screen.note(format_args!(
            "{} read, {} never served, {} removed",
            table::entries(reply.checked),
            reply.flawed,
            reply.removed
        ));
    }
    match reply.flawed.saturating_sub(reply.removed) {
        0 => Ok(()),
        left => Err(Error::new(Kind::Other, format!("{} never served", table::count(left, "entry is", "entries are")))
            .hint("`llmc cache verify --delete` removes what is named")),
    }
}

fn tell(reply: &PurgeReply, context: &Context<'_>) -> Result<()> {
    if context.screen.json {
        return context.screen.object(reply);
    }
    let verb = if reply.dry_run { "would be forgotten" } else { "forgotten" };
    context.screen.line(format_args!("{} {verb}, {}", table::entries(reply.removed), table::bytes(reply.bytes)))
}
