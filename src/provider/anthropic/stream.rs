//! A recorded stream of events as the one message it amounts to, or why it is none.

use std::collections::BTreeMap;

use super::WHAT;
use crate::error::{Error, Result};
use crate::provider::fault;
use crate::provider::spelled::{Members, Spelled, Sum, add_member, overlaid, spell_members};
use crate::provider::sse::{Event, parse};

pub fn assemble(stream: &[u8]) -> Result<Vec<u8>> {
    let mut assembly = Assembly::default();
    for event in parse(stream)? {
        if assembly.take(&event)? {
            return assembly.finish(stream);
        }
    }
    Err(match (&assembly.message, serde_json::from_slice::<Members>(stream)) {
        (Some(_), _) => fault::cut_stream("`message_stop` never came"),
        (None, Ok(_)) => fault::reported(stream),
        (None, Err(_)) if looks_like_events(stream) => fault::cut_stream("`message_start` never came"),
        (None, Err(cause)) => fault::unreadable(WHAT, stream, &cause),
    })
}

fn looks_like_events(stream: &[u8]) -> bool {
    let start = stream.trim_ascii_start();
    start.starts_with(b"event:") || start.starts_with(b"data:")
}

/// What the events so far add up to.
#[derive(Default)]
struct Assembly {
    message: Option<Members>,
    usage: Option<Spelled>,
    blocks: BTreeMap<u64, Block>,
}

impl Assembly {
    /// True where the message is over.
    fn take(&mut self, event: &Event) -> Result<bool> {
        if event.data.trim().is_empty() {
            return Ok(false);
        }
        if event.name == "error" {
            return Err(fault::reported_in_stream(event));
        }
        let step: Option<Members> = serde_json::from_str(&event.data).ok();
        let step = step.ok_or_else(|| fault::broken_event(event, "is not a JSON object"))?;
        let kind = step.get("type").and_then(Spelled::as_text).unwrap_or_else(|| event.name.clone());
        if kind == "error" || step.filled("error").is_some() {
            return Err(fault::reported_in_stream(event));
        }
        match (kind.as_str(), &mut self.message) {
            ("message_start", message) => {
                let start = step.get("message").and_then(Spelled::as_members);
                let start = start.ok_or_else(|| fault::broken_event(event, "starts no message"))?;
                self.usage = start.get("usage").cloned();
                *message = Some(start);
            }
            ("content_block_start" | "content_block_delta" | "message_delta" | "message_stop", None) => {
                return Err(fault::broken_event(event, "comes before `message_start`"));
            }
            ("content_block_start", _) => {
                let block = step.get("content_block").and_then(Spelled::as_members);
                let block = block.ok_or_else(|| fault::broken_event(event, "starts no block"))?;
                self.blocks.insert(index(&step, event)?, Block::new(block));
            }
            ("content_block_delta", _) => {
                let block = self.blocks.get_mut(&index(&step, event)?);
                let block = block.ok_or_else(|| fault::broken_event(event, "goes on with no block"))?;
                let delta = step.get("delta").and_then(Spelled::as_members);
                block.take(delta.ok_or_else(|| fault::broken_event(event, "has no delta"))?);
            }
            ("message_delta", Some(message)) => {
                for (name, value) in step {
                    match name.as_str() {
                        "type" => {}
                        "delta" => {
                            let changes = value.as_members().unwrap_or_default();
                            changes.into_iter().for_each(|(name, value)| message.set_unless_blank(name, value));
                        }
                        // The counts are cumulative: the later one of a name is the whole.
                        "usage" => self.usage = Some(overlaid(self.usage.as_ref(), value)),
                        _ => message.set_unless_blank(name, value),
                    }
                }
            }
            ("message_stop", _) => return Ok(true),
            _ => {}
        }
        Ok(false)
    }

    fn finish(self, stream: &[u8]) -> Result<Vec<u8>> {
        let mut message = self.message.ok_or_else(|| fault::lacking(WHAT, "start", stream))?;
        if message.get("stop_reason").is_none_or(Spelled::is_blank) {
            return Err(fault::cut_stream("no `stop_reason` came"));
        }
        let said = message.get("content").and_then(Spelled::as_list).unwrap_or_default();
        let blocks: Result<Vec<Spelled>> = self.blocks.into_values().map(Block::finish).collect();
        message.set("content", Spelled::list(said.into_iter().chain(blocks?)));
        if let Some(usage) = self.usage {
            message.set("usage", usage);
        }
        Ok(message.spell().spelling().as_bytes().to_vec())
    }
}

fn index(step: &Members, event: &Event) -> Result<u64> {
    step.get("index").and_then(Spelled::as_number).ok_or_else(|| fault::broken_event(event, "has no index"))
}

struct Block {
    members: Vec<(String, Sum)>,
    /// The spelling of `input`, which comes as strings.
    input: Option<Sum>,
}

impl Block {
    fn new(start: Members) -> Block {
        Block { members: start.into_iter().map(|(name, value)| (name, Sum::One(value))).collect(), input: None }
    }

    fn take(&mut self, delta: Members) {
        for (name, value) in delta {
            match name.as_str() {
                "type" => {}
                "partial_json" => match &mut self.input {
                    Some(sum) => sum.add(value),
                    None => self.input = Some(Sum::One(value)),
                },
                "citation" => add_member(&mut self.members, "citations".to_owned(), Spelled::list([value])),
                // Comes whole, and again should it change.
                "signature" => self.set(name, value),
                _ => add_member(&mut self.members, name, value),
            }
        }
    }

    fn set(&mut self, name: String, value: Spelled) {
        match self.members.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => *sum = Sum::One(value),
            None => self.members.push((name, Sum::One(value))),
        }
    }

    fn finish(mut self) -> Result<Spelled> {
        if let Some(input) = self.input.take() {
            let broken = || -> Error { fault::cut_stream("the input of a tool is not JSON") };
            let text = input.spell().as_text().ok_or_else(broken)?;
            let text = if text.trim().is_empty() { "{}" } else { &text };
            self.set("input".to_owned(), Spelled::read(text).map_err(|_| broken())?);
        }
        Ok(spell_members(self.members).spell())
    }
}
