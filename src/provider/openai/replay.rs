//! A chat completion as the stream of chunks it could have come in, usage included.

use super::WHAT;
use super::stream::DONE;
use crate::error::Result;
use crate::provider::fault;
use crate::provider::spelled::{Members, Spelled, compact};
use crate::provider::sse::{self, Event};

/// What every chunk repeats; all else at the top is said once.
const REPEATED: [&str; 5] = ["id", "created", "model", "system_fingerprint", "service_tier"];

/// The strings of a message that come piece by piece, in the order a model makes them.
const STREAMED: [&str; 4] = ["reasoning_content", "reasoning", "content", "refusal"];

pub fn replay(answer: &[u8]) -> Result<Vec<u8>> {
    let top: Members = serde_json::from_slice(answer).map_err(|cause| fault::unreadable(WHAT, answer, &cause))?;
    if top.filled("error").is_some() {
        return Err(fault::reported(answer));
    }
    let choices = top.get("choices").and_then(Spelled::as_list).filter(|choices| !choices.is_empty());
    let choices = choices.ok_or_else(|| fault::lacking(WHAT, "choices", answer))?;
    let mut script = Script::new(&top, "chat.completion.chunk");
    for (position, choice) in (0..).zip(&choices) {
        let choice = choice.as_members().ok_or_else(|| fault::lacking(WHAT, "choices", answer))?;
        let message = choice.get("message").and_then(Spelled::as_members);
        let message = message.ok_or_else(|| fault::lacking(WHAT, "message", answer))?;
        script.play(position, choice, message).ok_or_else(|| fault::lacking(WHAT, "whole tool calls", answer))?;
    }
    Ok(script.end(top.filled("usage")))
}

/// The chunks of a stream, as they are written.
pub struct Script {
    out: Vec<u8>,
    /// What the next chunk says once.
    once: String,
    repeated: String,
    /// `usage` in all chunks but the last.
    no_usage: &'static str,
}

impl Script {
    /// For an answer with these members at its top, in chunks that call themselves `object`.
    pub fn new(top: &Members, object: &str) -> Script {
        let mut repeated = Members::default();
        let mut once = Members::default();
        for (name, value) in top.iter() {
            match name {
                "object" | "choices" | "usage" => {}
                _ if REPEATED.contains(&name) => repeated.set(name, value.clone()),
                _ => once.set(name, value.clone()),
            }
        }
        repeated.set("object", Spelled::text(object));
        Script {
            out: Vec::new(),
            once: once
                .iter()
                .map(|(name, value)| format!(",{}", Members::of([(name, value.clone())]).spell_inside()))
                .collect(),
            repeated: repeated.spell_inside(),
            no_usage: if top.get("usage").is_some() { ",\"usage\":null" } else { "" },
        }
    }

    /// `None` where a tool call is not an object.
    fn play(&mut self, position: u64, choice: Members, message: Members) -> Option<()> {
        let index = choice.get("index").and_then(Spelled::as_number).unwrap_or(position);
        let mut opening = Members::default();
        let mut streamed = Vec::new();
        let mut calls = Vec::new();
        for (name, value) in message {
            let order = STREAMED.iter().position(|known| *known == name);
            if let Some(order) = order.filter(|_| value.is_text() && !value.is_blank()) {
                opening.set(name.as_str(), Spelled::text(""));
                streamed.push((order, name, value));
            } else if let Some(list) = value.as_list().filter(|list| name == "tool_calls" && !list.is_empty()) {
                calls = list;
            } else {
                opening.set(name, value);
            }
        }
        streamed.sort_by_key(|(order, ..)| *order);

        self.say(index, &opening);
        for (_, name, text) in streamed {
            for piece in text.pieces() {
                self.say(index, &Members::of([(name.as_str(), piece)]));
            }
        }
        for (number, call) in (0..).zip(calls) {
            self.call(index, number, call.as_members()?);
        }
        self.close(index, choice);
        Some(())
    }

    fn call(&mut self, index: u64, number: u64, call: Members) {
        let mut opening = Members::of([("index", Spelled::number(number))]);
        let mut arguments = Vec::new();
        for (name, value) in call {
            let function = value.as_members().filter(|_| name == "function");
            let text = function.as_ref().and_then(|function| function.get("arguments")).filter(|text| text.is_text());
            match (name.as_str(), text.cloned(), function) {
                ("index", ..) => {}
                (_, Some(text), Some(mut function)) => {
                    arguments = text.pieces();
                    function.set("arguments", Spelled::text(""));
                    opening.set(name, function.spell());
                }
                _ => opening.set(name, value),
            }
        }
        self.say(index, &Members::of([("tool_calls", Spelled::list([opening.spell()]))]));
        for piece in arguments {
            let mut more = Members::of([("index", Spelled::number(number))]);
            more.set("function", Members::of([("arguments", piece)]).spell());
            self.say(index, &Members::of([("tool_calls", Spelled::list([more.spell()]))]));
        }
    }

    fn close(&mut self, index: u64, choice: Members) {
        let mut closing = Members::default();
        closing.set("index", Spelled::number(index));
        closing.set("delta", Members::default().spell());
        for (name, value) in choice {
            if !matches!(name.as_str(), "index" | "message" | "delta") {
                closing.set(name, value);
            }
        }
        // A stream without a reason to end looks cut to everyone who reads it.
        if closing.get("finish_reason").is_none_or(Spelled::is_blank) {
            closing.set("finish_reason", Spelled::text("stop"));
        }
        self.chunk(closing.spell().spelling());
    }

    fn say(&mut self, index: u64, delta: &Members) {
        self.chunk(&format!("{{\"index\":{index},\"delta\":{},\"finish_reason\":null}}", delta.spell()));
    }

    /// Writes a chunk with a piece of one choice.
    pub fn chunk(&mut self, choice: &str) {
        let Script { repeated, no_usage, .. } = self;
        let once = std::mem::take(&mut self.once);
        write(&format!("{{{repeated}{once},\"choices\":[{choice}]{no_usage}}}"), &mut self.out);
    }

    /// Writes what comes last, and gives out the whole.
    pub fn end(mut self, usage: Option<&Spelled>) -> Vec<u8> {
        if let Some(usage) = usage {
            write(&format!("{{{},\"choices\":[],\"usage\":{usage}}}", self.repeated), &mut self.out);
        }
        write(DONE, &mut self.out);
        self.out
    }
}

fn write(data: &str, out: &mut Vec<u8>) {
    sse::write(&Event { name: String::new(), data: compact(data) }, out);
}
