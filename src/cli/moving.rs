//! `llmc cache export` and `llmc cache import`: entries as lines, out of one store and into another.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal};
use std::path::Path;

use super::args::FilterArgs;
use super::cache::parameters;
use super::context::{Answerer, Context, read_json};
use super::file;
use super::screen::{Counted, harmless};
use super::stats::query;
use super::table;
use crate::api::entries::ImportReply;
use crate::api::headers;
use crate::client::{Answered, Asked, Upload, cut_short};
use crate::error::{Error, Kind, Result};

/// Lines that are shown one by one; with `--json` all are.
const SHOWN: usize = 20;

/// Writes the entries a filter means.
pub fn export(file: Option<&Path>, filter: &FilterArgs, context: &Context<'_>) -> Result<()> {
    let path = query("/cache/export", &parameters(filter, context));
    let answered = context.ask(Answerer::WhoeverIsThere, Asked { method: "GET", path, ..Asked::default() })?;
    let screen = &context.screen;
    let Some(file) = file.filter(|file| !file::is_standard_output(file)) else {
        let exported = each_line(answered, context, |line| screen.piece(&String::from_utf8_lossy(line)))?;
        screen.note(format_args!("{} exported", table::entries(exported)));
        return Ok(());
    };
    let mut exported = 0;
    file::replace(file, |output| {
        exported = each_line(answered, context, |line| output.add(line))?;
        Ok(())
    })?;
    if screen.json {
        return screen.object(&serde_json::json!({"schema_version": 1, "exported": exported}));
    }
    screen.note(format_args!("{} exported", table::entries(exported)));
    Ok(())
}

/// Hands on each line as it comes; tells how many there were.
fn each_line(answered: Answered, context: &Context<'_>, mut write: impl FnMut(&[u8]) -> Result<()>) -> Result<u64> {
    let about = answered.header(headers::ENTRIES).and_then(|entries| entries.parse().ok());
    let bar = context.screen.bar("exporting", about, Counted::Entries);
    let mut body = BufReader::with_capacity(64 << 10, answered.body);
    let (mut line, mut lines) = (Vec::new(), 0);
    loop {
        line.clear();
        let read = body
            .read_until(b'\n', &mut line)
            .map_err(|error| cut_short(&error).hint("`llmc daemon logs` says why; nothing was written over"));
        if read? == 0 {
            bar.finish_and_clear();
            return Ok(lines);
        }
        write(&line)?;
        lines += 1;
        bar.inc(1);
    }
}

/// Keeps the entries of a file, or of standard input.
pub fn import(file: Option<&Path>, force: bool, context: &Context<'_>) -> Result<()> {
    let (body, length) = open(file)?;
    let bar = context.screen.bar("importing", length, Counted::Bytes);
    let path = query("/cache/import", &[("force", force.then(|| "true".to_owned()))]);
    let asked = Asked { method: "POST", path, ..Asked::default() };
    let answered = context.send(asked, Box::new(bar.wrap_read(body)));
    bar.finish_and_clear();
    let reply: ImportReply = read_json(&answered?.read_body()?)?;
    tell(&reply, context)?;
    match reply.refused.len() {
        0 => Ok(()),
        some => {
            Err(Error::new(Kind::Usage, format!("{} no entries", table::count(some as u64, "line is", "lines are")))
                .hint("the others are imported; a line must be as `llmc cache export` writes it"))
        }
    }
}

fn open(file: Option<&Path>) -> Result<(Upload, Option<u64>)> {
    match file.filter(|file| *file != Path::new("-")) {
        Some(file) => {
            let cannot = |error| Error::new(Kind::Usage, format!("cannot read `{}`", file.display())).because(error);
            let opened = File::open(file).map_err(cannot)?;
            let facts = opened.metadata().map_err(cannot)?;
            if facts.is_dir() {
                return Err(Error::new(Kind::Usage, format!("`{}` is a folder", file.display())));
            }
            Ok((Box::new(opened), facts.is_file().then_some(facts.len())))
        }
        None if io::stdin().is_terminal() => Err(Error::new(Kind::Usage, "nothing to import")
            .hint("name a file that `llmc cache export` wrote, or pipe one in")),
        None => Ok((Box::new(io::stdin()), None)),
    }
}

fn tell(reply: &ImportReply, context: &Context<'_>) -> Result<()> {
    let screen = &context.screen;
    if screen.json {
        return screen.object(reply);
    }
    let mut parts = vec![format!("{} imported", table::entries(reply.imported))];
    for (count, what) in [
        (reply.present, "here already"),
        (reply.differing, "with another answer here, which stays (`--force` replaces it)"),
        (reply.expired, "expired"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    screen.line(parts.join(", "))?;
    for refused in reply.refused.iter().take(SHOWN) {
        screen.warn(format_args!("line {}: {}", refused.line, harmless(&refused.message)));
    }
    if reply.refused.len() > SHOWN {
        let numbers: Vec<String> = reply.refused[SHOWN..].iter().map(|refused| refused.line.to_string()).collect();
        screen.warn(format_args!("and lines {}; `--json` says why", numbers.join(", ")));
    }
    Ok(())
}
