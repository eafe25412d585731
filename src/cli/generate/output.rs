//! What comes back: streamed to a terminal, whole or not at all into a pipe or a file.

use std::io::{BufRead, BufReader, ErrorKind};

use crate::api::generate::{DeltaEvent, GenerateReply, GenerateRequest, Metadata};
use crate::api::problem::Problem;
use crate::cli::args::GenerateArgs;
use crate::cli::context::{Answerer, Context, read_json};
use crate::cli::file;
use crate::cli::screen::whole_lines;
use crate::cli::table;
use crate::client::{Answered, cut_short};
use crate::error::Result;
use crate::provider::sse;

/// Asks, and prints as the flags say.
pub fn print(args: &GenerateArgs, request: &GenerateRequest, context: &Context<'_>) -> Result<()> {
    let asked = super::asked(request)?;
    let mut answered = context.screen.turning("asking", || context.ask(Answerer::Daemon, asked))?;
    if request.stream {
        let reply = print_stream(answered, context)?;
        return tell_usage(args, &reply, context);
    }
    let reply: GenerateReply = read_json(&answered.read_body()?)?;
    tell_besides(&reply.metadata, context);
    print_whole(args, &reply, context)?;
    tell_usage(args, &reply, context)
}

/// What the asker should know besides the answer.
fn tell_besides(metadata: &Metadata, context: &Context<'_>) {
    for warning in &metadata.warnings {
        context.screen.warn(warning);
    }
    if let Some(id) = metadata.session.as_ref().filter(|_| metadata.session_created) {
        context.screen.note(format_args!("session {id} begun; `-c` goes on with it"));
    }
}

fn print_whole(args: &GenerateArgs, reply: &GenerateReply, context: &Context<'_>) -> Result<()> {
    let text = if args.extract {
        &reply.code
    } else if let Some(raw) = reply.raw.as_ref().filter(|_| args.raw) {
        raw
    } else {
        &reply.text
    };
    let output = args.output.as_deref().filter(|path| !file::is_standard_output(path));
    match output {
        Some(path) => file::replace(path, |output| output.add(whole_lines(text).as_bytes()))?,
        None if context.screen.json => {}
        None => return context.screen.answer(text),
    }
    if context.screen.json { context.screen.object(reply) } else { Ok(()) }
}

/// Prints pieces as they come; the last event holds the whole.
fn print_stream(answered: Answered, context: &Context<'_>) -> Result<GenerateReply> {
    let mut reader = sse::Reader::new();
    let mut body = BufReader::with_capacity(16 * 1024, answered.body);
    let mut ends_line = true;
    loop {
        let piece = body.fill_buf().map_err(|error| cut_short(&error))?;
        if piece.is_empty() {
            return Err(
                cut_short(&ErrorKind::UnexpectedEof.into()).hint("the part above is not the whole answer: ask again")
            );
        }
        let events = reader.push(piece)?;
        let length = piece.len();
        body.consume(length);
        for event in events {
            match event.name.as_str() {
                "delta" => {
                    let delta: DeltaEvent = read_json(event.data.as_bytes())?;
                    ends_line = delta.text.ends_with('\n');
                    context.screen.piece(&delta.text)?;
                }
                "done" => {
                    if !ends_line {
                        context.screen.piece("\n")?;
                    }
                    let reply: GenerateReply = read_json(event.data.as_bytes())?;
                    tell_besides(&reply.metadata, context);
                    return Ok(reply);
                }
                "error" => {
                    if !ends_line {
                        context.screen.piece("\n")?;
                    }
                    return Err(read_json::<Problem>(event.data.as_bytes())?.into());
                }
                _ => {}
            }
        }
    }
}

/// `hit · openai/gpt-4o · 512 tokens · saved $0.0051 · 0.4 ms`
fn tell_usage(args: &GenerateArgs, reply: &GenerateReply, context: &Context<'_>) -> Result<()> {
    if args.usage && !context.screen.json {
        context.screen.note(usage_line(reply));
    }
    Ok(())
}

fn usage_line(reply: &GenerateReply) -> String {
    let metadata = &reply.metadata;
    let money = match (metadata.cached, metadata.estimated_cost) {
        (_, None) => "unpriced".to_owned(),
        (true, Some(amount)) => format!("saved {}", dollars(amount)),
        (false, Some(amount)) => format!("cost {}", dollars(amount)),
    };
    let about = if metadata.usage_estimated { "about " } else { "" };
    format!(
        "{} · {}/{} · {about}{} tokens · {money} · {}",
        metadata.cache_status.name(),
        metadata.provider,
        metadata.model,
        metadata.estimated_tokens,
        table::millis(metadata.latency_ms)
    )
}

/// Four digits, and more for the calls that would look free with so few.
fn dollars(amount: f64) -> String {
    if amount != 0.0 && amount < 0.001 { format!("${amount:.6}") } else { format!("${amount:.4}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cheap_call_does_not_look_free() {
        assert_eq!([0.0, 0.000042, 0.0051, 1.5].map(dollars), ["$0.0000", "$0.000042", "$0.0051", "$1.5000"]);
    }
}
