//! A recorded stream, each event of which is a whole answer of a piece, as the one answer it amounts to, or why it is none.

use std::collections::BTreeMap;

use super::WHAT;
use crate::error::Result;
use crate::provider::fault;
use crate::provider::spelled::{Members, Spelled, Sum, add_member, overlaid, spell_members};
use crate::provider::sse::{self, Event};

pub fn assemble(stream: &[u8]) -> Result<Vec<u8>> {
    let mut assembly = Assembly::default();
    for event in events(stream)? {
        assembly.take(&event)?;
    }
    assembly.finish(stream)
}

/// True where the stream is a JSON array of answers, not events.
pub fn is_array(stream: &[u8]) -> bool {
    stream.trim_ascii_start().starts_with(b"[")
}

fn events(stream: &[u8]) -> Result<Vec<Event>> {
    if !is_array(stream) {
        return sse::parse(stream);
    }
    let items: Vec<Spelled> =
        serde_json::from_slice(stream).map_err(|cause| fault::unreadable(WHAT, stream, &cause))?;
    Ok(items.iter().map(|item| Event { name: String::new(), data: item.to_string() }).collect())
}

/// What the events so far add up to.
#[derive(Default)]
struct Assembly {
    top: Members,
    candidates: BTreeMap<u64, Candidate>,
}

impl Assembly {
    fn take(&mut self, event: &Event) -> Result<()> {
        if event.data.trim().is_empty() {
            return Ok(());
        }
        let piece: Option<Members> = serde_json::from_str(&event.data).ok();
        let piece = piece.ok_or_else(|| fault::broken_event(event, "is not a JSON object"))?;
        if event.name == "error" || piece.filled("error").is_some() {
            return Err(fault::reported_in_stream(event));
        }
        for (name, value) in piece {
            match name.as_str() {
                "candidates" => {
                    for (position, candidate) in (0..).zip(value.as_list().unwrap_or_default()) {
                        let candidate = candidate.as_members();
                        let candidate =
                            candidate.ok_or_else(|| fault::broken_event(event, "has a broken candidate"))?;
                        let index = candidate.get("index").and_then(Spelled::as_number).unwrap_or(position);
                        self.candidates.entry(index).or_default().take(candidate);
                    }
                    self.top.set(name, Spelled::null());
                }
                "usageMetadata" => {
                    let usage = overlaid(self.top.get(&name), value);
                    self.top.set(name, usage);
                }
                _ => self.top.set_unless_blank(name, value),
            }
        }
        Ok(())
    }

    fn finish(mut self, stream: &[u8]) -> Result<Vec<u8>> {
        let is_blocked = self.top.filled("promptFeedback").is_some();
        if self.candidates.is_empty() && !is_blocked {
            return Err(match serde_json::from_slice::<Members>(stream) {
                _ if self.top != Members::default() => fault::cut_stream("no candidate came"),
                Ok(_) => fault::reported(stream),
                Err(_) if stream.trim_ascii_start().starts_with(b"data:") => fault::cut_stream("no event came whole"),
                Err(cause) => fault::unreadable(WHAT, stream, &cause),
            });
        }
        if !self.candidates.values().all(Candidate::has_ended) {
            return Err(fault::cut_stream("a candidate never ended"));
        }
        let candidates = std::mem::take(&mut self.candidates).into_values().map(Candidate::finish);
        if self.top.get("candidates").is_some() {
            self.top.set("candidates", Spelled::list(candidates));
        }
        Ok(self.top.spell().spelling().as_bytes().to_vec())
    }
}

#[derive(Default)]
struct Candidate {
    content: Option<Content>,
    /// Lists that go on from event to event.
    sums: Vec<(String, Sum)>,
    rest: Members,
}

impl Candidate {
    fn take(&mut self, piece: Members) {
        for (name, value) in piece {
            match (name.as_str(), value.as_members()) {
                ("content", Some(content)) => self.content.get_or_insert_default().take(content),
                ("citationMetadata" | "logprobsResult", _) => add_member(&mut self.sums, name, value),
                ("groundingMetadata" | "urlContextMetadata", _) => {
                    let metadata = overlaid(self.rest.get(&name), value);
                    self.rest.set(name, metadata);
                }
                _ => self.rest.set_unless_blank(name, value),
            }
        }
    }

    fn has_ended(&self) -> bool {
        self.rest.get("finishReason").is_some_and(|reason| !reason.is_blank())
    }

    fn finish(self) -> Spelled {
        let mut candidate = Members::default();
        if let Some(content) = self.content {
            candidate.set("content", content.finish());
        }
        self.rest.into_iter().for_each(|(name, value)| candidate.set_unless_blank(name, value));
        spell_members(self.sums).into_iter().for_each(|(name, value)| candidate.set(name, value));
        candidate.spell()
    }
}

#[derive(Default)]
struct Content {
    rest: Members,
    parts: Option<Vec<Part>>,
}

impl Content {
    fn take(&mut self, piece: Members) {
        for (name, value) in piece {
            match value.as_list() {
                Some(more) if name == "parts" => self.go_on(more),
                _ => self.rest.set_unless_blank(name, value),
            }
        }
    }

    /// A text goes on with the text that the next event begins with. Two in one event are two parts.
    fn go_on(&mut self, more: Vec<Spelled>) {
        let parts = self.parts.get_or_insert_default();
        let mut more = more.into_iter().map(Part::new);
        match (parts.last_mut(), more.next()) {
            (Some(Part::Text { text, thought }), Some(Part::Text { text: next, thought: of_next }))
                if *thought == of_next =>
            {
                text.add(next.spell());
            }
            (_, first) => parts.extend(first),
        }
        parts.extend(more);
    }

    fn finish(self) -> Spelled {
        let mut content = Members::default();
        if let Some(parts) = self.parts {
            content.set("parts", Spelled::list(parts.into_iter().map(Part::finish)));
        }
        self.rest.into_iter().for_each(|(name, value)| content.set_unless_blank(name, value));
        content.spell()
    }
}

/// A piece of what is said.
enum Part {
    /// Text that may go on in the next event.
    Text { text: Sum, thought: Option<Spelled> },
    /// Anything else, and text that is signed: a signature holds for one part.
    Other(Spelled),
}

impl Part {
    fn new(part: Spelled) -> Part {
        match plain_text(&part) {
            Some((text, thought)) => Part::Text { text: Sum::One(text), thought },
            None => Part::Other(part),
        }
    }

    fn finish(self) -> Spelled {
        match self {
            Part::Text { text, thought } => text_part(text.spell(), thought),
            Part::Other(part) => part,
        }
    }
}

/// The text of a part that is nothing else, and its flag for a thought.
pub fn plain_text(part: &Spelled) -> Option<(Spelled, Option<Spelled>)> {
    let members = part.as_members()?;
    let text = members.get("text").filter(|text| text.is_text())?.clone();
    let is_plain = members.iter().all(|(name, _)| matches!(name, "text" | "thought"));
    is_plain.then(|| (text, members.get("thought").cloned()))
}

/// The reverse of [`plain_text`].
pub fn text_part(text: Spelled, thought: Option<Spelled>) -> Spelled {
    let mut part = Members::of([("text", text)]);
    thought.into_iter().for_each(|thought| part.set("thought", thought));
    part.spell()
}
