//! A recorded stream of events as the one response it amounts to, or why it is none. The last event has it whole.

use super::WHAT;
use crate::error::Result;
use crate::provider::fault;
use crate::provider::spelled::{Members, Spelled};
use crate::provider::sse::{self, Event};

pub fn assemble(stream: &[u8]) -> Result<Vec<u8>> {
    let mut items = Vec::new();
    let mut has_begun = false;
    for event in sse::parse(stream)? {
        if matches!(event.data.trim(), "" | "[DONE]") {
            continue;
        }
        let step: Option<Members> = serde_json::from_str(&event.data).ok();
        let step = step.ok_or_else(|| fault::broken_event(&event, "is not a JSON object"))?;
        let kind = step.get("type").and_then(Spelled::as_text).unwrap_or_else(|| event.name.clone());
        has_begun = true;
        match kind.as_str() {
            "response.completed" | "response.incomplete" => return finish(&step, items, &event),
            "response.failed" => {
                let response = step.get("response").map_or(event.data.as_str(), Spelled::spelling);
                return Err(fault::reported_in_stream(&Event { name: kind, data: response.to_owned() }));
            }
            "error" => return Err(fault::reported_in_stream(&event)),
            _ if step.filled("error").is_some() => return Err(fault::reported_in_stream(&event)),
            "response.output_item.done" => items.extend(step.get("item").cloned()),
            _ => {}
        }
    }
    Err(match serde_json::from_slice::<Members>(stream) {
        _ if has_begun => fault::cut_stream("`response.completed` never came"),
        Ok(_) => fault::reported(stream),
        Err(_) if looks_like_events(stream) => fault::cut_stream("no event came whole"),
        Err(cause) => fault::unreadable(WHAT, stream, &cause),
    })
}

fn looks_like_events(stream: &[u8]) -> bool {
    let start = stream.trim_ascii_start();
    start.starts_with(b"event:") || start.starts_with(b"data:")
}

fn finish(step: &Members, items: Vec<Spelled>, event: &Event) -> Result<Vec<u8>> {
    let response = step.get("response").and_then(Spelled::as_members);
    let mut response = response.ok_or_else(|| fault::broken_event(event, "completes no response"))?;
    // Some servers leave out at the end what they have sent before.
    let has_output = response.get("output").and_then(Spelled::as_list).is_some_and(|output| !output.is_empty());
    if !has_output && !items.is_empty() {
        response.set("output", Spelled::list(items));
    }
    Ok(response.spell().spelling().as_bytes().to_vec())
}
