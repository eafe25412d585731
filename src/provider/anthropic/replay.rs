//! A message as the stream of events it could have come in, usage included.

use super::WHAT;
use crate::error::Result;
use crate::provider::fault;
use crate::provider::spelled::{Members, Spelled, compact};
use crate::provider::sse::{self, Event, pieces};

pub fn replay(answer: &[u8]) -> Result<Vec<u8>> {
    let message: Members = serde_json::from_slice(answer).map_err(|cause| fault::unreadable(WHAT, answer, &cause))?;
    let is_error = message.get("type").is_some_and(|kind| kind.spelling() == "\"error\"");
    if is_error || message.filled("error").is_some() {
        return Err(fault::reported(answer));
    }
    let blocks = message.get("content").and_then(Spelled::as_list);
    let blocks = blocks.ok_or_else(|| fault::lacking(WHAT, "content", answer))?;

    let mut script = Script::default();
    script.say("message_start", [("message", opening(&message).spell())]);
    for (index, block) in (0..).zip(blocks) {
        let block = block.as_members().ok_or_else(|| fault::lacking(WHAT, "whole content", answer))?;
        script.play(index, block);
    }
    script.close(&message);
    Ok(script.out)
}

/// The message before anything was said.
fn opening(message: &Members) -> Members {
    let mut opening = Members::default();
    for (name, value) in message.iter() {
        let value = match (name, value.as_members()) {
            ("content", _) => Spelled::list([]),
            ("stop_reason" | "stop_sequence", _) => Spelled::null(),
            ("usage", Some(mut usage)) if usage.get("output_tokens").and_then(Spelled::as_number).is_some() => {
                usage.set("output_tokens", Spelled::number(1));
                usage.spell()
            }
            _ => value.clone(),
        };
        opening.set(name, value);
    }
    opening
}

#[derive(Default)]
struct Script {
    out: Vec<u8>,
}

impl Script {
    fn say<const N: usize>(&mut self, kind: &str, more: [(&str, Spelled); N]) {
        let data =
            Members::of([("type", Spelled::text(kind))]).into_iter().chain(Members::of(more)).collect::<Members>();
        sse::write(&Event { name: kind.to_owned(), data: compact(data.spell().spelling()) }, &mut self.out);
    }

    fn play(&mut self, index: u64, block: Members) {
        let takes_input = block.get("type").and_then(Spelled::as_text).is_some_and(|kind| kind.ends_with("tool_use"));
        let mut start = Members::default();
        let mut deltas = Vec::new();
        for (name, value) in block {
            let begun = match name.as_str() {
                "text" | "thinking" if value.is_text() => {
                    let kind = format!("{name}_delta");
                    deltas.extend(
                        value
                            .pieces()
                            .into_iter()
                            .filter(|piece| !piece.is_blank())
                            .map(|piece| delta(&kind, &name, piece)),
                    );
                    Spelled::text("")
                }
                "signature" if value.is_text() => {
                    deltas.push(delta("signature_delta", "signature", value));
                    Spelled::text("")
                }
                "input" if takes_input => {
                    let said = if value.spelling() == "{}" { "" } else { value.spelling() };
                    deltas.push(delta("input_json_delta", "partial_json", Spelled::text("")));
                    let input = pieces(said).into_iter().map(Spelled::text);
                    deltas.extend(input.map(|piece| delta("input_json_delta", "partial_json", piece)));
                    Members::default().spell()
                }
                "citations" if value.as_list().is_some() => {
                    let citations = value.as_list().unwrap_or_default();
                    deltas.extend(citations.into_iter().map(|citation| delta("citations_delta", "citation", citation)));
                    Spelled::list([])
                }
                _ => value,
            };
            start.set(name, begun);
        }
        self.say("content_block_start", [("index", Spelled::number(index)), ("content_block", start.spell())]);
        for delta in deltas {
            self.say("content_block_delta", [("index", Spelled::number(index)), ("delta", delta.spell())]);
        }
        self.say("content_block_stop", [("index", Spelled::number(index))]);
    }

    fn close(&mut self, message: &Members) {
        // A stream without a reason to end looks cut to everyone who reads it.
        let reason = message.get("stop_reason").filter(|reason| !reason.is_blank()).cloned();
        let mut end = Members::of([("stop_reason", reason.unwrap_or_else(|| Spelled::text("end_turn")))]);
        if let Some(sequence) = message.get("stop_sequence") {
            end.set("stop_sequence", sequence.clone());
        }
        match message.get("usage") {
            Some(usage) => self.say("message_delta", [("delta", end.spell()), ("usage", usage.clone())]),
            None => self.say("message_delta", [("delta", end.spell())]),
        }
        self.say("message_stop", []);
    }
}

fn delta(kind: &str, name: &str, value: Spelled) -> Members {
    Members::of([("type", Spelled::text(kind)), (name, value)])
}
