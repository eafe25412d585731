#![allow(clippy::unwrap_used)]

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::provider::tests::{any_json, any_text, holds_for, object, parsed, unknown};

fn chunk(text: &str, logprobs: &Value, reason: &Value) -> String {
    let choice = json!({"text": text, "index": 0, "logprobs": logprobs, "finish_reason": reason});
    format!("data: {}\n\n", json!({"id": "cmpl-1", "object": "text_completion", "choices": [choice]}))
}

#[test]
fn a_stream_is_assembled_with_its_log_probabilities() {
    let logprobs = |token: &str, at: u64| json!({"tokens": [token], "token_logprobs": [-0.5], "text_offset": [at]});
    let stream = [
        chunk("Once", &logprobs("Once", 0), &Value::Null),
        chunk(" upon", &logprobs(" upon", 4), &Value::Null),
        chunk("", &Value::Null, &json!("length")),
        "data: {\"id\":\"cmpl-1\",\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\n\n"
            .to_owned(),
        "data: [DONE]\n\n".to_owned(),
    ]
    .concat();

    let answer = Completions.assemble(stream.as_bytes()).unwrap();

    assert_eq!(
        parsed(&answer),
        json!({
            "id": "cmpl-1", "object": "text_completion",
            "choices": [{
                "text": "Once upon", "index": 0, "finish_reason": "length",
                "logprobs": {"tokens": ["Once", " upon"], "token_logprobs": [-0.5, -0.5], "text_offset": [0, 4]}
            }],
            "usage": {"prompt_tokens": 1, "completion_tokens": 2}
        })
    );
    let reading = Completions.read(&answer).unwrap();
    assert_eq!(
        (reading.text.as_str(), reading.finish, reading.usage.unwrap().output),
        ("Once upon", Finish::Length, 2)
    );
}

#[test]
fn a_cut_stream_is_not_whole() {
    let begun = chunk("Once", &Value::Null, &Value::Null);

    assert!(Completions.assemble(begun.as_bytes()).is_err());
    assert!(Completions.assemble(b"").is_err());
}

#[test]
fn a_length_nobody_set_is_no_limit() {
    let body = json!({"max_tokens": 5});

    assert!(Completions.limits_length(body.as_object().unwrap()));
    assert!(!Completions.limits_length(&Map::new()));
}

#[test]
fn what_is_no_answer_is_called_what_it_is() {
    for (answer, words) in [
        (b"{}".as_slice(), "no choices"),
        (b"{\"choices\":[{\"message\":{}}]}", "no text"),
        (b"{\"error\":{\"message\":\"no luck\"}}", "no luck"),
    ] {
        assert!(Completions.read(answer).unwrap_err().to_string().contains(words));
    }
}

fn any_answer() -> impl Strategy<Value = Value> {
    let tokens = vec(any_text(), 0..3).prop_map(|tokens| json!({"tokens": tokens, "top_logprobs": null}));
    let logprobs = option::of(prop_oneof![Just(Value::Null), tokens]);
    let reason = prop_oneof![Just("stop"), Just("length"), Just("odd")];
    let choice = (any_text(), logprobs, reason, unknown()).prop_map(|(text, logprobs, reason, unknown)| {
        object([("text", Some(json!(text))), ("logprobs", logprobs), ("finish_reason", Some(json!(reason)))], unknown)
    });
    let usage = option::of(prop_oneof![Just(Value::Null), any_json()]);
    (vec(choice, 1..4), usage, unknown()).prop_map(|(mut choices, usage, unknown)| {
        for (index, choice) in choices.iter_mut().enumerate() {
            choice["index"] = json!(index);
        }
        let known = [
            ("id", Some(json!("cmpl-1"))),
            ("object", Some(json!("text_completion"))),
            ("choices", Some(json!(choices))),
            ("usage", usage),
        ];
        object(known, unknown)
    })
}

fn any_chunk() -> impl Strategy<Value = Value> {
    any_json().prop_map(|text| json!({"choices": [{"text": text, "logprobs": text, "finish_reason": "stop"}]}))
}

holds_for!(Completions, any_answer(), any_chunk());
