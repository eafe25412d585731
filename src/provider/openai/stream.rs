//! A recorded stream of chunks as the one completion it amounts to, or why it is none.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::provider::fault;
use crate::provider::spelled::{Members, Spelled, Sum, add_member, spell_members};
use crate::provider::sse::{self, Event};

/// The data of the last event.
pub const DONE: &str = "[DONE]";

/// One of an answer's choices, as its pieces add it up.
pub trait Choice: Default {
    /// What the errors call the answer.
    const WHAT: &str;

    /// What the answer calls itself.
    const OBJECT: &str;

    /// Adds a piece; `None` where it is broken.
    fn take(&mut self, piece: Members) -> Option<()>;

    /// True where it is known why it ended.
    fn has_ended(&self) -> bool;

    /// The whole.
    fn finish(self, index: u64) -> Spelled;
}

/// Assembles an answer with choices of this kind.
pub fn assemble<C: Choice>(stream: &[u8]) -> Result<Vec<u8>> {
    let mut assembly: Assembly<C> = Assembly { top: Members::default(), choices: BTreeMap::new() };
    let mut is_done = ends_with_done(stream);
    for event in sse::parse(stream)? {
        if event.data.trim() == DONE {
            is_done = true;
            break;
        }
        assembly.take(&event)?;
    }
    assembly.finish(is_done, stream)
}

/// Servers that close the connection right behind the last line leave its event without the blank line.
fn ends_with_done(stream: &[u8]) -> bool {
    let last = stream.trim_ascii_end().rsplit(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
    last.strip_prefix(b"data:").is_some_and(|data| data.trim_ascii() == DONE.as_bytes())
}

/// What the chunks so far add up to.
struct Assembly<C> {
    top: Members,
    choices: BTreeMap<u64, C>,
}

impl<C: Choice> Assembly<C> {
    fn take(&mut self, event: &Event) -> Result<()> {
        if event.data.trim().is_empty() {
            return Ok(());
        }
        if event.name == "error" {
            return Err(fault::reported_in_stream(event));
        }
        let chunk: Option<Members> = serde_json::from_str(&event.data).ok();
        let chunk = chunk.ok_or_else(|| fault::broken_event(event, "is not a JSON object"))?;
        let is_error_object = chunk.get("object").is_some_and(|object| object.spelling() == "\"error\"");
        if chunk.filled("error").is_some() || is_error_object {
            return Err(fault::reported_in_stream(event));
        }
        for (name, value) in chunk {
            match name.as_str() {
                // Random padding against eavesdroppers: it belongs to the chunk, not to the answer.
                "obfuscation" => {}
                "object" => self.top.set(name, Spelled::text(C::OBJECT)),
                "choices" => {
                    for (position, choice) in (0..).zip(value.as_list().unwrap_or_default()) {
                        let piece = choice.as_members();
                        let taken = piece.and_then(|piece| {
                            let index = piece.get("index").and_then(Spelled::as_number).unwrap_or(position);
                            self.choices.entry(index).or_default().take(piece)
                        });
                        taken.ok_or_else(|| fault::broken_event(event, "has a broken choice"))?;
                    }
                    self.top.set(name, Spelled::null());
                }
                _ => self.top.set_unless_blank(name, value),
            }
        }
        Ok(())
    }

    fn finish(mut self, is_done: bool, stream: &[u8]) -> Result<Vec<u8>> {
        if self.choices.is_empty() {
            return match (self.top == Members::default(), is_done) {
                (true, false) => Err(no_stream(C::WHAT, stream)),
                _ => Err(fault::lacking(C::WHAT, "choices", stream)),
            };
        }
        if !self.choices.values().all(C::has_ended) {
            return Err(fault::cut_stream("a choice never ended"));
        }
        // Some servers never say that they are done, but the usage comes last, where it comes at all.
        if !is_done && self.top.filled("usage").is_none() {
            return Err(fault::cut_stream("neither `[DONE]` nor the usage came"));
        }
        self.top.set("object", Spelled::text(C::OBJECT));
        let choices = std::mem::take(&mut self.choices).into_iter().map(|(index, choice)| choice.finish(index));
        self.top.set("choices", Spelled::list(choices));
        Ok(self.top.spell().spelling().as_bytes().to_vec())
    }
}

/// Bytes without a single event: an error page, a plain error object, nothing at all.
fn no_stream(what: &str, stream: &[u8]) -> crate::error::Error {
    match serde_json::from_slice::<Members>(stream) {
        Ok(_) => fault::reported(stream),
        Err(_) if stream.trim_ascii_start().starts_with(b"data:") => fault::cut_stream("no event came whole"),
        Err(cause) => fault::unreadable(what, stream, &cause),
    }
}

/// A choice of a chat completion.
#[derive(Default)]
pub struct Said {
    message: Message,
    logprobs: Option<Sum>,
    rest: Members,
}

impl Choice for Said {
    const WHAT: &str = super::WHAT;
    const OBJECT: &str = "chat.completion";

    fn take(&mut self, piece: Members) -> Option<()> {
        let said = piece.filled("delta").or_else(|| piece.filled("message"));
        if let Some(message) = said.and_then(Spelled::as_members) {
            self.message.take(message)?;
        }
        for (name, value) in piece {
            match name.as_str() {
                "index" | "delta" | "message" => {}
                "logprobs" => add(&mut self.logprobs, value),
                "finish_reason" if value.is_blank() => {}
                _ => self.rest.set_unless_blank(name, value),
            }
        }
        Some(())
    }

    fn has_ended(&self) -> bool {
        self.rest.get("finish_reason").is_some()
    }

    fn finish(self, index: u64) -> Spelled {
        let mut choice = Members::default();
        choice.set("index", Spelled::number(index));
        choice.set("message", self.message.finish());
        if let Some(logprobs) = self.logprobs {
            choice.set("logprobs", logprobs.spell());
        }
        self.rest.into_iter().for_each(|(name, value)| choice.set(name, value));
        choice.spell()
    }
}

/// Adds a piece to what may be there.
pub fn add(sum: &mut Option<Sum>, piece: Spelled) {
    match sum {
        Some(sum) => sum.add(piece),
        None => *sum = Some(Sum::One(piece)),
    }
}

#[derive(Default)]
struct Message {
    role: Option<Spelled>,
    content: Content,
    rest: Vec<(String, Sum)>,
    calls: BTreeMap<u64, Vec<(String, Sum)>>,
    /// `null` or an empty array: said, but no call.
    no_calls: Option<Spelled>,
}

impl Message {
    /// `None` where a tool call is not an object.
    fn take(&mut self, delta: Members) -> Option<()> {
        for (name, value) in delta {
            match name.as_str() {
                "role" if !value.is_blank() || self.role.is_none() => self.role = Some(value),
                "role" => {}
                "content" => self.content.take(value),
                "tool_calls" => match value.as_list() {
                    Some(calls) if !calls.is_empty() => {
                        calls.iter().try_for_each(|call| self.take_call(call.as_members()?))?;
                    }
                    _ => self.no_calls = Some(value),
                },
                _ => add_member(&mut self.rest, name, value),
            }
        }
        Some(())
    }

    fn take_call(&mut self, piece: Members) -> Option<()> {
        let last = self.calls.last_key_value().map(|(index, _)| *index);
        let has_id = piece.get("id").is_some_and(|id| !id.is_blank());
        // Without an index, an id begins a call and everything else goes on with the last one.
        let guess = match last {
            Some(last) if has_id => last.saturating_add(1),
            Some(last) => last,
            None => 0,
        };
        let index = piece.get("index").and_then(Spelled::as_number).unwrap_or(guess);
        let call = self.calls.entry(index).or_default();
        for (name, value) in piece {
            let known = call.iter_mut().find(|(known, _)| *known == name);
            match (name.as_str(), known) {
                ("index", _) => {}
                ("id" | "type", Some((_, sum))) if !value.is_blank() => *sum = Sum::One(value),
                ("id" | "type", Some(_)) => {}
                _ => add_member(call, name, value),
            }
        }
        Some(())
    }

    fn finish(self) -> Spelled {
        let mut message = Members::default();
        message.set("role", self.role.filter(|role| !role.is_null()).unwrap_or_else(|| Spelled::text("assistant")));
        if let Some(content) = self.content.finish() {
            message.set("content", content);
        }
        spell_members(self.rest).into_iter().for_each(|(name, value)| message.set(name, value));
        if self.calls.is_empty() {
            self.no_calls.into_iter().for_each(|none| message.set("tool_calls", none));
        } else {
            let calls = self.calls.into_values().map(|call| spell_members(call).spell());
            message.set("tool_calls", Spelled::list(calls));
        }
        message.spell()
    }
}

/// A string that grows; or parts, between which some servers send strings.
#[derive(Default)]
struct Content {
    parts: Option<Vec<Spelled>>,
    text: Option<Sum>,
}

impl Content {
    fn take(&mut self, piece: Spelled) {
        if let Some(more) = piece.as_list() {
            self.close_text();
            self.parts.get_or_insert_default().extend(more);
            return;
        }
        add(&mut self.text, piece);
    }

    /// Makes the text so far a part.
    fn close_text(&mut self) {
        let text = self.text.take().map(Sum::spell).filter(|text| !text.is_blank());
        if let Some(text) = text {
            let mut part = Members::default();
            part.set("type", Spelled::text("text"));
            part.set("text", text);
            self.parts.get_or_insert_default().push(part.spell());
        }
    }

    fn finish(mut self) -> Option<Spelled> {
        if self.parts.is_none() {
            return self.text.map(Sum::spell);
        }
        self.close_text();
        self.parts.map(Spelled::list)
    }
}

#[cfg(test)]
mod tests;
