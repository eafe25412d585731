//! A response as the stream of events it could have come in. Its last event has the response whole, as the API's has.

use super::WHAT;
use crate::error::Result;
use crate::provider::fault;
use crate::provider::spelled::{Members, Spelled, compact};
use crate::provider::sse::{self, Event};

/// Parts whose text comes bit by bit: their type, the member it is in, and what the events are called.
const STREAMED_PARTS: [(&str, &str, &str); 4] = [
    ("output_text", "text", "response.output_text"),
    ("refusal", "refusal", "response.refusal"),
    ("reasoning_text", "text", "response.reasoning_text"),
    ("summary_text", "text", "response.reasoning_summary_text"),
];

/// Items that are one string which comes bit by bit.
const STREAMED_ITEMS: [(&str, &str, &str); 2] = [
    ("function_call", "arguments", "response.function_call_arguments"),
    ("custom_tool_call", "input", "response.custom_tool_call_input"),
];

/// The lists of parts of an item, how their events are called, and how a part is counted in them.
const LISTS: [(&str, &str, &str); 2] = [
    ("summary", "response.reasoning_summary_part", "summary_index"),
    ("content", "response.content_part", "content_index"),
];

pub fn replay(answer: &[u8]) -> Result<Vec<u8>> {
    let response: Members = serde_json::from_slice(answer).map_err(|cause| fault::unreadable(WHAT, answer, &cause))?;
    let status = response.get("status").and_then(Spelled::as_text);
    if response.filled("error").is_some() || status.as_deref() == Some("failed") {
        return Err(fault::reported(answer));
    }
    let items = response.get("output").and_then(Spelled::as_list);
    let items = items.ok_or_else(|| fault::lacking(WHAT, "output", answer))?;

    let mut script = Script::default();
    for kind in ["response.created", "response.in_progress"] {
        script.say(kind, Members::of([("response", opening(&response).spell())]));
    }
    for (index, item) in (0..).zip(items) {
        let members = item.as_members().ok_or_else(|| fault::lacking(WHAT, "whole output", answer))?;
        script.play(index, &item, &members);
    }
    let end = if status.as_deref() == Some("incomplete") { "response.incomplete" } else { "response.completed" };
    script.say(end, Members::of([("response", response.spell())]));
    Ok(script.out)
}

/// The response before anything was said.
fn opening(response: &Members) -> Members {
    let before = |(name, value): (&str, &Spelled)| {
        let value = match name {
            "status" => Spelled::text("in_progress"),
            "output" => Spelled::list([]),
            "usage" | "incomplete_details" | "completed_at" => Spelled::null(),
            _ => value.clone(),
        };
        (name.to_owned(), value)
    };
    response.iter().map(before).collect()
}

fn kind_of(members: &Members) -> String {
    members.get("type").and_then(Spelled::as_text).unwrap_or_default()
}

#[derive(Default)]
struct Script {
    out: Vec<u8>,
    number: u64,
}

impl Script {
    fn say(&mut self, kind: &str, more: Members) {
        let mut event = Members::of([("type", Spelled::text(kind)), ("sequence_number", Spelled::number(self.number))]);
        more.into_iter().for_each(|(name, value)| event.set(name, value));
        self.number += 1;
        sse::write(&Event { name: kind.to_owned(), data: compact(event.spell().spelling()) }, &mut self.out);
    }

    fn play(&mut self, index: u64, item: &Spelled, members: &Members) {
        let kind = kind_of(members);
        let bits = STREAMED_ITEMS.iter().find(|(known, ..)| *known == kind);
        let is_list =
            |name: &str| matches!(kind.as_str(), "message" | "reasoning") && matches!(name, "content" | "summary");
        let mut begun = Members::default();
        for (name, value) in members.iter() {
            let before = match name {
                "status" => Spelled::text("in_progress"),
                _ if is_list(name) && value.as_list().is_some() => Spelled::list([]),
                _ if bits.is_some_and(|(_, member, _)| *member == name) && value.is_text() => Spelled::text(""),
                _ => value.clone(),
            };
            begun.set(name, before);
        }
        let index = ("output_index", Spelled::number(index));
        self.say("response.output_item.added", Members::of([index.clone(), ("item", begun.spell())]));

        let mut place = Members::default();
        members.get("id").into_iter().for_each(|id| place.set("item_id", id.clone()));
        place.set(index.0, index.1.clone());
        for (list, events, counter) in LISTS.iter().filter(|(list, ..)| is_list(list)) {
            let parts = members.get(list).and_then(Spelled::as_list).unwrap_or_default();
            for (number, part) in (0..).zip(parts) {
                let mut place = place.clone();
                place.set(*counter, Spelled::number(number));
                self.play_part(events, &place, part);
            }
        }
        if let Some((_, member, events)) = bits
            && let Some(text) = members.get(member).filter(|text| text.is_text())
        {
            self.bits(events, &place, text, None);
            let mut done = with(&place, member, text.clone());
            members.get("name").into_iter().for_each(|name| done.set("name", name.clone()));
            self.say(&format!("{events}.done"), done);
        }
        self.say("response.output_item.done", Members::of([index, ("item", item.clone())]));
    }

    fn play_part(&mut self, events: &str, place: &Members, part: Spelled) {
        let members = part.as_members().unwrap_or_default();
        let kind = kind_of(&members);
        let streamed = STREAMED_PARTS.iter().find(|(known, ..)| *known == kind);
        let streamed = streamed.and_then(|(_, member, events)| {
            let text = members.get(member).filter(|text| text.is_text())?;
            Some((*member, *events, text.clone()))
        });
        let Some((member, bits, text)) = streamed else {
            self.say(&format!("{events}.added"), with(place, "part", part.clone()));
            self.say(&format!("{events}.done"), with(place, "part", part));
            return;
        };

        let annotations = members.get("annotations").and_then(Spelled::as_list).unwrap_or_default();
        let mut begun = members.clone();
        begun.set(member, Spelled::text(""));
        for list in ["annotations", "logprobs"] {
            if members.get(list).is_some_and(|list| list.as_list().is_some()) {
                begun.set(list, Spelled::list([]));
            }
        }
        self.say(&format!("{events}.added"), with(place, "part", begun.spell()));
        // The SDKs' types want log probabilities beside every bit of text, even where there are none.
        let logprobs = (kind == "output_text").then(|| Spelled::list([]));
        self.bits(bits, place, &text, logprobs.clone());
        for (number, annotation) in (0..).zip(annotations) {
            let noted = with(place, "annotation_index", Spelled::number(number));
            self.say(&format!("{bits}.annotation.added"), with(&noted, "annotation", annotation));
        }
        let mut done = with(place, member, text);
        let logprobs = logprobs.map(|none| members.filled("logprobs").cloned().unwrap_or(none));
        logprobs.into_iter().for_each(|logprobs| done.set("logprobs", logprobs));
        self.say(&format!("{bits}.done"), done);
        self.say(&format!("{events}.done"), with(place, "part", part));
    }

    fn bits(&mut self, events: &str, place: &Members, text: &Spelled, logprobs: Option<Spelled>) {
        for bit in text.pieces().into_iter().filter(|bit| !bit.is_blank()) {
            let mut said = with(place, "delta", bit);
            logprobs.iter().for_each(|logprobs| said.set("logprobs", logprobs.clone()));
            self.say(&format!("{events}.delta"), said);
        }
    }
}

fn with(place: &Members, name: &str, value: Spelled) -> Members {
    let mut more = place.clone();
    more.set(name, value);
    more
}
