#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};

use super::super::OpenAi;
use crate::error::Kind;
use crate::provider::Dialect;
use crate::provider::tests::parsed;

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../../../tests/fixtures/openai/", $name)).as_slice()
    };
}

fn assembled(stream: &[u8]) -> Value {
    parsed(&OpenAi.assemble(stream).unwrap())
}

#[test]
fn a_streamed_text_is_assembled() {
    let answer = assembled(fixture!("text.sse"));

    assert_eq!(
        answer,
        json!({
            "id": "chatcmpl-C1yText", "object": "chat.completion", "created": 1_763_806_000, "model": "gpt-4o-2024-08-06",
            "service_tier": "default", "system_fingerprint": "fp_7a53abb7a2",
            "choices": [{
                "index": 0, "message": {"role": "assistant", "content": "Grüß Gott 🦀!", "refusal": null},
                "logprobs": null, "finish_reason": "stop"
            }],
            "usage": {
                "prompt_tokens": 9, "completion_tokens": 6, "total_tokens": 15,
                "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
                "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0}
            }
        })
    );
}

#[test]
fn streamed_tool_calls_are_merged_by_index() {
    let answer = assembled(fixture!("tool_calls.sse"));

    assert_eq!(
        answer["choices"][0]["message"],
        json!({"role": "assistant", "content": null, "refusal": null, "tool_calls": [
            {"id": "call_a1", "type": "function", "function": {"name": "get_weather", "arguments": "{\"city\":\"Zürich\"}"}},
            {"id": "call_b2", "type": "function", "function": {"name": "get_time", "arguments": "{}"}}
        ]})
    );
}

#[test]
fn tool_calls_without_an_index_follow_their_ids() {
    let chunk = |calls: Value, reason: Value| {
        format!(
            "data: {}\n\n",
            json!({"choices": [{"index": 0, "delta": {"tool_calls": calls}, "finish_reason": reason}]})
        )
    };
    let stream = [
        chunk(json!([{"id": "a", "function": {"name": "f", "arguments": "1"}}]), Value::Null),
        chunk(json!([{"function": {"arguments": "2"}}]), Value::Null),
        chunk(json!([{"id": "b", "function": {"name": "g", "arguments": "3"}}]), json!("tool_calls")),
        "data: [DONE]\n\n".to_owned(),
    ];

    let calls = &assembled(stream.concat().as_bytes())["choices"][0]["message"]["tool_calls"];

    assert_eq!(
        *calls,
        json!([{"id": "a", "function": {"name": "f", "arguments": "12"}}, {"id": "b", "function": {"name": "g", "arguments": "3"}}])
    );
}

#[test]
fn streamed_reasoning_is_kept_beside_the_text() {
    let answer = OpenAi.assemble(fixture!("reasoning.sse")).unwrap();
    let message = &parsed(&answer)["choices"][0]["message"];

    assert_eq!(message["reasoning_content"], "The tenths digit decides.");
    assert_eq!(message["content"], "9.8");
    assert_eq!(OpenAi.read(&answer).unwrap().usage.unwrap().reasoning, 54);
}

#[test]
fn azures_empty_first_chunk_hides_nothing() {
    let answer = assembled(fixture!("azure.sse"));

    assert_eq!(answer["id"], "chatcmpl-C1yAz");
    assert_eq!(answer["created"], 1_763_806_600);
    assert_eq!(answer["choices"][0]["message"]["content"], "Hello there");
    assert!(answer["prompt_filter_results"].is_array());
}

#[test]
fn text_between_parts_becomes_a_part() {
    let content = &assembled(fixture!("parts.sse"))["choices"][0]["message"]["content"];

    assert_eq!(content[0]["type"], "thinking");
    assert_eq!(content[1], json!({"type": "text", "text": "Forty-two."}));
}

#[test]
fn a_cut_stream_is_not_whole() {
    let whole = fixture!("text.sse");
    let events: Vec<&str> = std::str::from_utf8(whole).unwrap().split_inclusive("\n\n").collect();
    for kept in 0..events.len() - 2 {
        let cut = events[..kept].concat();

        assert!(OpenAi.assemble(cut.as_bytes()).is_err(), "{kept} events");
    }
    let error = OpenAi.assemble(fixture!("cut.sse")).unwrap_err();

    assert_eq!(error.to_string(), "the provider's stream is cut: a choice never ended");
}

#[test]
fn a_server_that_never_says_done_is_believed_by_its_usage() {
    assert_eq!(assembled(fixture!("never_done.sse"))["choices"][0]["message"]["content"], "Whole.");
}

#[test]
fn done_without_its_blank_line_is_done() {
    let stream = br#"data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}

data: [DONE]"#;

    assert_eq!(assembled(stream)["choices"][0]["message"]["content"], "a");
}

#[test]
fn an_error_in_the_stream_is_an_error() {
    let named = b"event: error\ndata: {\"message\":\"The server is overloaded\"}\n\n";
    let old = b"data: {\"object\":\"error\",\"message\":\"The server is overloaded\",\"code\":500}\n\n";
    for stream in [fixture!("error.sse"), named, old] {
        let error = OpenAi.assemble(stream).unwrap_err();

        assert_eq!(error.kind(), Kind::Provider);
        assert!(error.to_string().ends_with("The server is overloaded"), "{error}");
    }
}

#[test]
fn what_is_no_stream_is_called_what_it_is() {
    for (stream, words) in [
        (b"".as_slice(), "answered with nothing"),
        (b"<html>", "HTML"),
        (b"data: {\"choices\"", "no event came whole"),
        (b"data: what\n\n", "not a JSON object"),
        (b"data: [DONE]\n\n", "no choices"),
        (fixture!("error.json"), "The server had an error"),
    ] {
        let error = OpenAi.assemble(stream).unwrap_err();

        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn an_absurd_index_costs_no_memory() {
    let call = json!({"index": u64::MAX, "id": "a", "function": {"name": "f", "arguments": ""}});
    let late = json!({"id": "b", "function": {"name": "g", "arguments": ""}});
    let chunk =
        json!({"choices": [{"index": 1_000_000_000, "delta": {"tool_calls": [call, late]}, "finish_reason": "stop"}]});

    let answer = assembled(format!("data: {chunk}\n\ndata: [DONE]\n\n").as_bytes());

    assert_eq!(answer["choices"][0]["index"], 1_000_000_000);
}
