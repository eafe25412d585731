#![allow(clippy::unwrap_used)]

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

fn hidden(stream: &[u8]) -> String {
    let mut hider = UsageHider::new();
    let mut out = hider.push(stream);
    out.extend(hider.end());
    String::from_utf8(out).unwrap()
}

const ASKED: &str = "data: {\"id\":\"c\", \"choices\":[{\"delta\":{\"content\":\"\\\"usage\\\":null\"}}],\"usage\":null}\r\n\r\n\
    : still here\n\n\
    data:{\"usage\" : null , \"choices\":[{\"finish_reason\":\"stop\"}] }\n\n\
    data: {\"id\":\"c\",\"choices\":[ ],\"usage\":{\"prompt_tokens\":1}}\n\n\
    data: [DONE]\n\n";

const UNASKED: &str = "data: {\"id\":\"c\", \"choices\":[{\"delta\":{\"content\":\"\\\"usage\\\":null\"}}]}\r\n\r\n\
    : still here\n\n\
    data:{\"choices\":[{\"finish_reason\":\"stop\"}] }\n\n\
    data: [DONE]\n\n";

#[test]
fn what_was_asked_for_on_the_way_is_taken_out_and_nothing_else() {
    assert_eq!(hidden(ASKED.as_bytes()), UNASKED);
    assert_eq!(hidden(UNASKED.as_bytes()), UNASKED);
}

#[test]
fn usage_told_unasked_stays() {
    for event in [
        "data: {\"choices\":[{\"delta\":{}}],\"usage\":{\"prompt_tokens\":1}}\n\n",
        "data: {\"usage\":{\"prompt_tokens\":1}}\n\n",
        "data: {\"choices\":[],\"x\":{\"usage\":null}}\n\n",
        "data: {\"usage\":\n\n",
        "data: {\"usage\":1,\ndata: \"choices\":[]}\n\n",
    ] {
        assert_eq!(hidden(event.as_bytes()), event);
    }
}

#[test]
fn a_chunk_without_choices_keeps_what_else_it_says() {
    let azure = "data: {\"choices\":[],\"prompt_filter_results\":[],\"usage\":null}\n\n";

    assert_eq!(hidden(azure.as_bytes()), "data: {\"choices\":[],\"prompt_filter_results\":[]}\n\n");
}

#[test]
fn an_event_goes_on_as_soon_as_it_has_ended() {
    let mut hider = UsageHider::new();

    assert_eq!(hider.push(b"data: {\"choices\":[1]}\n"), b"");
    assert_eq!(hider.push(b"\ndata: {\"usa"), b"data: {\"choices\":[1]}\n\n");
    assert_eq!(hider.push(b"ge\":{},\"choices\":[]}\n\n"), b"");
    assert_eq!(hider.end(), b"");
}

#[test]
fn the_last_event_may_lack_its_blank_line() {
    assert_eq!(hidden(b"data: {\"choices\":[],\"usage\":{}}\n"), "");
    assert_eq!(hidden(b"data: [DONE]"), "data: [DONE]");
}

#[test]
fn an_event_without_end_is_let_through() {
    let mut hider = UsageHider::new();
    let line = vec![b'x'; sse::LARGEST_EVENT + 1];

    assert_eq!(hider.push(&line).len(), line.len());
    assert_eq!(hider.push(b"\n\ndata: {\"choices\":[],\"usage\":{}}\n\n"), b"\n\n");
}

fn stream_like() -> impl Strategy<Value = Vec<u8>> {
    let bit = prop_oneof![
        Just(ASKED.as_bytes().to_vec()),
        Just(b"data: {\"choices\":[],\"usage\":{}}".to_vec()),
        Just(b"data: {\"usage\":null,\"choices\":[{}]}".to_vec()),
        Just(b"\r".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\n\n".to_vec()),
        Just("\u{feff}".as_bytes().to_vec()),
        vec(any::<u8>(), 0..4),
    ];
    vec(bit, 0..16).prop_map(|bits| bits.concat())
}

proptest! {
    #[test]
    fn any_cut_gives_the_same_bytes(stream in stream_like(), sizes in vec(1_usize..9, 1..20)) {
        let mut whole = UsageHider::new();
        let mut expected = whole.push(&stream);
        expected.extend(whole.end());

        let mut hider = UsageHider::new();
        let mut out = Vec::new();
        let mut rest = stream.as_slice();
        for size in sizes.iter().cycle().take_while(|_| !stream.is_empty()) {
            let (now, later) = rest.split_at((*size).min(rest.len()));
            out.extend(hider.push(now));
            rest = later;
            if rest.is_empty() {
                break;
            }
        }
        out.extend(hider.end());

        prop_assert_eq!(out, expected);
    }
}
