#![allow(clippy::unwrap_used)]

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::exchange::{Finish, Usage};
use crate::provider::tests::{any_json, any_text, holds_for, maybe_text, object, parsed, unknown};
use crate::provider::{Message, Role};

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../../../tests/fixtures/responses/", $name)).as_slice()
    };
}

fn prompt() -> Prompt {
    let said = Message { role: Role::User, parts: vec![Part::Text("hi".to_owned())] };
    Prompt { model: "o3-pro".to_owned(), messages: vec![said], ..Prompt::default() }
}

fn written(prompt: &Prompt) -> Value {
    Value::Object(Responses.write(prompt).unwrap())
}

#[test]
fn only_models_that_answer_in_no_other_way_are_asked_this_way() {
    for model in ["o1-pro", "o3-pro", "o3-pro-2025-06-10", "gpt-5-pro", "gpt-5-codex"] {
        assert!(Responses.generates(model), "{model}");
    }
    for model in ["gpt-4o", "o3", "gpt-5", "openai/o3-pro", "smollm2"] {
        assert!(!Responses.generates(model), "{model}");
    }
}

#[test]
fn everything_a_prompt_sets_is_in_the_body_and_options_win() {
    let mut full = prompt();
    full.system = Some("be brief".to_owned());
    full.messages[0].parts.push(Part::Image { media_type: "image/png".to_owned(), data: "iVBO".to_owned() });
    full.messages.push(Message { role: Role::Assistant, parts: vec![Part::Text("yes?".to_owned())] });
    (full.temperature, full.top_p, full.max_tokens) = (Some(0.7), Some(0.9), Some(16));
    full.options = Map::from_iter([("top_p".to_owned(), json!(0.1)), ("stream".to_owned(), json!(true))]);

    assert_eq!(
        written(&full),
        json!({
            "model": "o3-pro", "instructions": "be brief",
            "input": [
                {"role": "user", "content": [
                    {"type": "input_text", "text": "hi"},
                    {"type": "input_image", "image_url": "data:image/png;base64,iVBO"}
                ]},
                {"role": "assistant", "content": "yes?"}
            ],
            "temperature": 0.7, "max_output_tokens": 16, "top_p": 0.1
        })
    );
    assert_eq!(written(&prompt()), json!({"model": "o3-pro", "input": [{"role": "user", "content": "hi"}]}));
}

#[test]
fn what_the_api_does_not_take_is_refused_with_a_way_out() {
    for refused in [Prompt { seed: Some(1), ..prompt() }, Prompt { stop: vec!["END".to_owned()], ..prompt() }] {
        let error = Responses.write(&refused).unwrap_err();

        assert_eq!(error.kind(), Kind::Usage);
        assert!(error.hint_text().is_some());
    }
}

#[test]
fn asking_for_a_stream_and_back_alters_nothing_else() {
    let body = br#"{"input":"hi","temperature":0.70}"#;

    let stream = Responses.ask_for(Form::Stream, body).unwrap();

    assert_eq!(stream, br#"{"input":"hi","temperature":0.70,"stream":true}"#);
    assert_eq!(Responses.ask_for(Form::Plain, &stream).unwrap(), body);
    assert_eq!(Responses.ask_for(Form::Plain, b"{ }").unwrap(), b"{ }");
}

#[test]
fn a_body_that_leans_on_the_provider_is_stateful() {
    for (body, is_stateful) in [
        (json!({"store": true}), true),
        (json!({"background": true}), true),
        (json!({"previous_response_id": "resp_1"}), true),
        (json!({"conversation": "conv_1"}), true),
        (json!({"store": false, "previous_response_id": null}), false),
        (json!({"input": "hi"}), false),
    ] {
        assert_eq!(Responses.is_stateful(body.as_object().unwrap()), is_stateful, "{body}");
    }
}

#[test]
fn a_plain_answer_is_read() {
    let reading = Responses.read(fixture!("plain.json")).unwrap();

    assert_eq!(reading.text, "9.8 is larger than 9.11, because 8 tenths are more.");
    assert_eq!(reading.finish, Finish::Stop);
    assert_eq!(reading.usage, Some(Usage { input: 20, output: 61, cached_input: 16, reasoning: 54, cache_write: 0 }));
}

#[test]
fn calls_refusals_and_cut_answers_are_told_apart() {
    for (answer, text, finish) in [
        (fixture!("calls.json"), "", Finish::ToolCalls),
        (fixture!("refusal.json"), "", Finish::Stop),
        (fixture!("length.json"), "Once upon a", Finish::Length),
    ] {
        let reading = Responses.read(answer).unwrap();

        assert_eq!((reading.text.as_str(), reading.finish, reading.is_empty), (text, finish, false));
    }
    for (answer, finish) in [
        (
            json!({"status": "incomplete", "incomplete_details": {"reason": "content_filter"}, "output": []}),
            Finish::ContentFilter,
        ),
        (json!({"status": "queued", "output": []}), Finish::Other("queued".to_owned())),
        (json!({"output": []}), Finish::Other("unknown".to_owned())),
    ] {
        let reading = Responses.read(answer.to_string().as_bytes()).unwrap();

        assert_eq!((reading.finish, reading.is_empty), (finish, true));
    }
}

#[test]
fn what_is_no_answer_is_called_what_it_is() {
    for (answer, words) in [
        (b"".as_slice(), "answered with nothing"),
        (b"{}", "no output"),
        (b"{\"status\":\"failed\",\"error\":{\"message\":\"no luck\"},\"output\":[]}", "no luck"),
        (b"{\"error\":{\"message\":\"no luck\"}}", "no luck"),
    ] {
        let error = Responses.read(answer).unwrap_err();

        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn the_last_event_has_the_answer() {
    let answer = Responses.assemble(fixture!("text.sse")).unwrap();

    assert_eq!(Responses.read(&answer).unwrap().text, "9.8 is larger.");
    assert_eq!(parsed(&answer)["usage"]["total_tokens"], 81);
}

#[test]
fn items_sent_before_make_up_for_an_empty_end() {
    let stream = "data: {\"type\":\"response.output_item.done\",\"item\":{\"type\":\"message\",\"content\":[]}}\n\n\
        data: {\"type\":\"response.completed\",\"response\":{\"status\":\"completed\",\"output\":[]}}\n\n";

    let answer = Responses.assemble(stream.as_bytes()).unwrap();

    assert_eq!(parsed(&answer)["output"], json!([{"type": "message", "content": []}]));
}

#[test]
fn a_cut_stream_is_not_whole() {
    let whole = std::str::from_utf8(fixture!("text.sse")).unwrap();
    let events: Vec<&str> = whole.split_inclusive("\n\n").collect();
    for kept in 0..events.len() {
        assert!(Responses.assemble(events[..kept].concat().as_bytes()).is_err(), "{kept} events");
    }
}

#[test]
fn an_error_in_the_stream_is_an_error() {
    for stream in [
        "event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"no luck\"}\n\n",
        "data: {\"type\":\"response.failed\",\"response\":{\"error\":{\"message\":\"no luck\"}}}\n\n",
    ] {
        let error = Responses.assemble(stream.as_bytes()).unwrap_err();

        assert_eq!(error.to_string(), "the provider broke its stream off with an error: no luck");
    }
}

#[test]
fn a_replayed_stream_has_the_shape_of_a_real_one() {
    let events = sse::parse(&Responses.replay(fixture!("plain.json")).unwrap()).unwrap();
    let steps: Vec<Value> = events.iter().map(|event| parsed(event.data.as_bytes())).collect();

    assert!(events.iter().zip(&steps).all(|(event, step)| step["type"] == *event.name));
    assert!((0..).zip(&steps).all(|(number, step)| step["sequence_number"] == json!(number)));
    let mut names: Vec<&str> = events.iter().map(|event| event.name.trim_start_matches("response.")).collect();
    names.dedup();
    assert_eq!(
        names,
        [
            "created",
            "in_progress",
            "output_item.added",
            "reasoning_summary_part.added",
            "reasoning_summary_text.delta",
            "reasoning_summary_text.done",
            "reasoning_summary_part.done",
            "output_item.done",
            "output_item.added",
            "content_part.added",
            "output_text.delta",
            "output_text.annotation.added",
            "output_text.done",
            "content_part.done",
            "output_item.done",
            "completed",
        ]
    );
    let first = &steps[0]["response"];
    assert_eq!(
        (&first["status"], &first["output"], &first["usage"]),
        (&json!("in_progress"), &json!([]), &Value::Null)
    );
    let delta = steps.iter().find(|step| step["type"] == "response.output_text.delta").unwrap();
    assert_eq!(
        (&delta["item_id"], &delta["output_index"], &delta["content_index"]),
        (&json!("msg_1"), &json!(1), &json!(0))
    );
}

#[test]
fn calls_are_replayed_bit_by_bit_and_a_cut_answer_is_cut_again() {
    let events = sse::parse(&Responses.replay(fixture!("calls.json")).unwrap()).unwrap();
    let bits = |name: &str| -> String {
        let data = events.iter().filter(|event| event.name == name).map(|event| parsed(event.data.as_bytes()));
        data.map(|step| step["delta"].as_str().unwrap().to_owned()).collect()
    };

    assert_eq!(bits("response.function_call_arguments.delta"), "{\"city\":\"Zürich\", \"days\": 3}");
    assert_eq!(bits("response.custom_tool_call_input.delta"), "select 1");
    let cut = sse::parse(&Responses.replay(fixture!("length.json")).unwrap()).unwrap();
    assert_eq!(cut.last().unwrap().name, "response.incomplete");
}

fn any_part() -> impl Strategy<Value = Value> {
    let list = || option::of(vec(any_json(), 0..3).prop_map(Value::from));
    prop_oneof![
        (any_text(), list(), list(), unknown()).prop_map(|(text, annotations, logprobs, unknown)| {
            let known = [
                ("type", Some(json!("output_text"))),
                ("text", Some(json!(text))),
                ("annotations", annotations),
                ("logprobs", logprobs),
            ];
            object(known, unknown)
        }),
        any_text().prop_map(|text| json!({"type": "refusal", "refusal": text})),
        any_json().prop_map(|odd| json!({"type": "x", "x_odd": odd})),
    ]
}

fn any_item() -> impl Strategy<Value = Value> {
    let message = (vec(any_part(), 0..3), unknown()).prop_map(|(parts, unknown)| {
        let known = [("type", Some(json!("message"))), ("id", Some(json!("msg_1"))), ("content", Some(json!(parts)))];
        object(known, unknown)
    });
    let summary = vec(any_text().prop_map(|text| json!({"type": "summary_text", "text": text})), 0..3);
    prop_oneof![
        message,
        (summary, maybe_text()).prop_map(|(summary, sealed)| {
            let known =
                [("type", Some(json!("reasoning"))), ("summary", Some(json!(summary))), ("encrypted_content", sealed)];
            object(known, Map::new())
        }),
        any_text().prop_map(|arguments| json!({"type": "function_call", "name": "f", "arguments": arguments})),
        any_json().prop_map(|action| json!({"type": "web_search_call", "id": "ws_1", "action": action})),
    ]
}

fn any_answer() -> impl Strategy<Value = Value> {
    let status = prop_oneof![Just("completed"), Just("incomplete"), Just("odd")];
    (vec(any_item(), 0..4), status, option::of(any_json()), unknown()).prop_map(|(output, status, usage, unknown)| {
        let known = [
            ("id", Some(json!("resp_1"))),
            ("object", Some(json!("response"))),
            ("status", Some(json!(status))),
            ("output", Some(json!(output))),
            ("usage", usage),
            ("error", Some(Value::Null)),
        ];
        object(known, unknown)
    })
}

fn any_step() -> impl Strategy<Value = Value> {
    prop_oneof![
        any_json().prop_map(|response| json!({"type": "response.completed", "response": response})),
        any_json().prop_map(|item| json!({"type": "response.output_item.done", "item": item})),
        any_json().prop_map(|delta| json!({"type": "response.output_text.delta", "delta": delta})),
        any_json().prop_map(|error| json!({"type": "response.failed", "response": {"error": error}})),
    ]
}

holds_for!(Responses, any_answer(), any_step());
