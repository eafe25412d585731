//! An answer as the stream of events it could have come in: each a whole answer of a piece, the usage in the last.

use std::borrow::Cow;

use super::WHAT;
use super::stream::{self, plain_text, text_part};
use crate::error::Result;
use crate::provider::fault;
use crate::provider::spelled::{Members, Spelled, compact};
use crate::provider::sse::{self, Event};

/// What every event repeats; all else at the top is said once.
const REPEATED: [&str; 2] = ["modelVersion", "responseId"];

pub fn replay(answer: &[u8]) -> Result<Vec<u8>> {
    let answer = if stream::is_array(answer) { Cow::Owned(stream::assemble(answer)?) } else { Cow::Borrowed(answer) };
    let top: Members = serde_json::from_slice(&answer).map_err(|cause| fault::unreadable(WHAT, &answer, &cause))?;
    if top.filled("error").is_some() {
        return Err(fault::reported(&answer));
    }
    let mut out = Vec::new();
    let candidates = top.get("candidates").and_then(Spelled::as_list).unwrap_or_default();
    if candidates.is_empty() {
        if top.filled("promptFeedback").is_none() {
            return Err(fault::lacking(WHAT, "candidates", &answer));
        }
        write(&top, &mut out);
        return Ok(out);
    }
    let mut pieces = Vec::new();
    for (position, candidate) in (0..).zip(candidates) {
        let candidate = candidate.as_members().ok_or_else(|| fault::lacking(WHAT, "whole candidates", &answer))?;
        play(position, candidate, &mut pieces);
    }

    let last = pieces.len() - 1;
    for (number, piece) in pieces.into_iter().enumerate() {
        let mut event = Members::of([("candidates", Spelled::list([piece]))]);
        for (name, value) in top.iter() {
            let is_due = match name {
                "candidates" => false,
                "usageMetadata" => number == last,
                _ => number == 0 || REPEATED.contains(&name),
            };
            if is_due {
                event.set(name, value.clone());
            }
        }
        write(&event, &mut out);
    }
    Ok(out)
}

/// Appends a candidate in pieces, the last of which says why it ended.
fn play(position: u64, candidate: Members, pieces: &mut Vec<Spelled>) {
    let said = candidate.get("index").filter(|index| position == 0 || index.as_number().is_some()).cloned();
    let index = said.or_else(|| (position > 0).then(|| Spelled::number(position)));
    let mut rest = Members::default();
    let mut contents = Vec::new();
    for (name, value) in candidate {
        match (name.as_str(), value.as_members()) {
            ("index", _) => {}
            ("content", Some(content)) => contents = split(content),
            _ => rest.set(name, value),
        }
    }
    // A stream without a reason to end looks cut to everyone who reads it.
    if rest.get("finishReason").is_none_or(Spelled::is_blank) {
        rest.set("finishReason", Spelled::text("STOP"));
    }

    let mut begun: Vec<Members> =
        contents.into_iter().map(|content| Members::of([("content", content.spell())])).collect();
    let mut closing = begun.pop().unwrap_or_default();
    rest.into_iter().for_each(|(name, value)| closing.set(name, value));
    begun.push(closing);
    for mut piece in begun {
        index.iter().for_each(|index| piece.set("index", index.clone()));
        pieces.push(piece.spell());
    }
}

/// Content in pieces that add up to it: one for each bit of text, one for each other part.
fn split(content: Members) -> Vec<Members> {
    let Some(parts) = content.get("parts").and_then(Spelled::as_list) else { return vec![content] };
    let mut groups: Vec<Vec<Spelled>> = Vec::new();
    // The flag of the text that whoever reads the next event would go on with.
    let mut open: Option<Option<Spelled>> = None;
    for part in parts {
        let Some((text, thought)) = plain_text(&part) else {
            groups.push(vec![part]);
            open = None;
            continue;
        };
        for (number, piece) in text.pieces().into_iter().enumerate() {
            let piece = text_part(piece, thought.clone());
            match groups.last_mut() {
                // Beside the text before it, it is no more of that text.
                Some(group) if number == 0 && open.as_ref() == Some(&thought) => group.push(piece),
                _ => groups.push(vec![piece]),
            }
        }
        open = Some(thought);
    }
    if groups.is_empty() {
        return vec![content];
    }
    let of_group = |(number, group): (usize, Vec<Spelled>)| {
        let due = content.iter().filter(|(name, _)| number == 0 || *name == "role");
        let mut piece: Members = due.map(|(name, value)| (name.to_owned(), value.clone())).collect();
        piece.set("parts", Spelled::list(group));
        piece
    };
    groups.into_iter().enumerate().map(of_group).collect()
}

fn write(event: &Members, out: &mut Vec<u8>) {
    sse::write(&Event { name: String::new(), data: compact(event.spell().spelling()) }, out);
}
