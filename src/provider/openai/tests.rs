#![allow(clippy::unwrap_used)]

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::exchange::{Finish, Usage};
use crate::provider::Message;
use crate::provider::tests::{any_json, any_text, holds_for, maybe_text, object, parsed, unknown};

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../../tests/fixtures/openai/", $name)).as_slice()
    };
}

fn assembled(stream: &[u8]) -> Value {
    parsed(&OpenAi.assemble(stream).unwrap())
}

fn said(text: &str) -> Message {
    Message { role: Role::User, parts: vec![Part::Text(text.to_owned())] }
}

fn prompt(model: &str) -> Prompt {
    Prompt { model: model.to_owned(), messages: vec![said("hi")], ..Prompt::default() }
}

fn written(prompt: &Prompt) -> Value {
    Value::Object(OpenAi.write(prompt).unwrap())
}

#[test]
fn a_bare_prompt_is_a_bare_body() {
    assert_eq!(written(&prompt("gpt-4o")), json!({"model": "gpt-4o", "messages": [{"role": "user", "content": "hi"}]}));
}

#[test]
fn everything_a_prompt_sets_is_in_the_body_and_options_win() {
    let mut full = prompt("gpt-4o");
    full.system = Some("be brief".to_owned());
    full.temperature = Some(0.7);
    full.max_tokens = Some(16);
    full.top_p = Some(0.9);
    full.seed = Some(-1);
    full.stop = vec!["END".to_owned()];
    full.options = Map::from_iter([
        ("temperature".to_owned(), json!(0.1)),
        ("logprobs".to_owned(), json!(true)),
        ("stream".to_owned(), json!(true)),
    ]);

    assert_eq!(
        written(&full),
        json!({
            "model": "gpt-4o",
            "messages": [{"role": "system", "content": "be brief"}, {"role": "user", "content": "hi"}],
            "temperature": 0.1, "max_tokens": 16, "top_p": 0.9, "seed": -1, "stop": ["END"], "logprobs": true
        })
    );
}

#[test]
fn an_image_makes_the_content_an_array_of_parts() {
    let mut seen = prompt("gpt-4o");
    let image = Part::Image { media_type: "image/png".to_owned(), data: "iVBO".to_owned() };
    seen.messages[0].parts.push(image);

    assert_eq!(
        written(&seen)["messages"][0]["content"],
        json!([{"type": "text", "text": "hi"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBO"}}])
    );
}

#[test]
fn the_limits_name_follows_the_model() {
    for model in ["o1", "o3-mini", "o4-mini-2025-04-16", "gpt-5", "gpt-5.1-codex", "gpt-6-nano", "ft:gpt-5:acme::1"] {
        assert_eq!(limit_name(model), "max_completion_tokens", "{model}");
    }
    for model in ["gpt-4o", "gpt-4.1", "gpt-3.5-turbo", "gpt-oss:20b", "olmo-2", "openai/gpt-5", "o", "llama3.2", "ö1"]
    {
        assert_eq!(limit_name(model), "max_tokens", "{model}");
    }
}

#[test]
fn an_option_decides_the_limits_name() {
    let mut limited = prompt("gpt-4o");
    limited.max_tokens = Some(16);
    limited.options.insert("max_completion_tokens".to_owned(), json!(32));

    let body = written(&limited);

    assert_eq!(body["max_completion_tokens"], 32);
    assert!(body.get("max_tokens").is_none());
}

#[test]
fn a_prompt_without_messages_is_refused() {
    let mut empty = prompt("gpt-4o");
    empty.messages.clear();

    assert_eq!(OpenAi.write(&empty).unwrap_err().kind(), Kind::Usage);
}

#[test]
fn asking_for_a_stream_asks_for_usage_and_alters_nothing_else() {
    let body = br#"{"seed":123456789012345678901234567890,"temperature":0.70,"stream":false,"\u006d":[1.0E1]}"#;

    let asked = OpenAi.ask_for(Form::Stream, body).unwrap();

    assert_eq!(
        String::from_utf8(asked).unwrap(),
        r#"{"seed":123456789012345678901234567890,"temperature":0.70,"\u006d":[1.0E1],"stream":true,"stream_options":{"include_usage":true}}"#
    );
}

#[test]
fn stream_options_of_the_asker_are_kept() {
    for (options, kept) in [
        (r#"{"include_usage":false,"x":1.0}"#, r#"{"x":1.0,"include_usage":true}"#),
        ("null", r#"{"include_usage":true}"#),
        ("7", r#"{"include_usage":true}"#),
    ] {
        let body = format!(r#"{{"stream_options":{options},"n":1}}"#);

        let asked = OpenAi.ask_for(Form::Stream, body.as_bytes()).unwrap();

        assert_eq!(String::from_utf8(asked).unwrap(), format!(r#"{{"n":1,"stream":true,"stream_options":{kept}}}"#));
    }
}

#[test]
fn asking_plainly_takes_the_stream_away() {
    let body = br#"{"stream":true,"n":1.0,"stream_options":{"include_usage":true}}"#;

    assert_eq!(OpenAi.ask_for(Form::Plain, body).unwrap(), br#"{"n":1.0}"#);
    assert_eq!(OpenAi.ask_for(Form::Plain, b"{ \"n\": 1 }").unwrap(), b"{ \"n\": 1 }");
}

#[test]
fn a_limit_counts_only_where_it_is_set() {
    for (body, is_limited) in [
        (json!({"max_tokens": 5}), true),
        (json!({"max_completion_tokens": 5}), true),
        (json!({"max_tokens": null}), false),
        (json!({}), false),
    ] {
        assert_eq!(OpenAi.limits_length(body.as_object().unwrap()), is_limited, "{body}");
    }
}

#[test]
fn a_body_that_leans_on_the_provider_is_stateful() {
    for (body, is_stateful) in [
        (json!({"store": true}), true),
        (json!({"background": true}), true),
        (json!({"previous_response_id": "resp_1"}), true),
        (json!({"conversation": {"id": "c"}}), true),
        (json!({"store": false, "background": null, "previous_response_id": null, "conversation": null}), false),
        (json!({"model": "m"}), false),
    ] {
        assert_eq!(OpenAi.is_stateful(body.as_object().unwrap()), is_stateful, "{body}");
    }
}

#[test]
fn the_key_travels_as_a_bearer_token_and_only_where_there_is_one() {
    let with = OpenAi.headers(Some(&Secret::new("sk-1")));
    let without = OpenAi.headers(None);

    assert!(with.contains(&("authorization", Secret::new("Bearer sk-1"))));
    assert!(without.iter().all(|(name, _)| *name != "authorization"));
    assert_eq!(OpenAi.headers(Some(&Secret::new(""))).len(), without.len());
}

#[test]
fn a_plain_answer_is_read() {
    let reading = OpenAi.read(fixture!("plain.json")).unwrap();

    assert_eq!(reading.text, "Das Wetter ist schön: 21 °C und kaum Wind. 🌤");
    assert_eq!(reading.finish, Finish::Stop);
    assert_eq!(reading.usage, Some(Usage { input: 1117, output: 18, cached_input: 1024, ..Usage::default() }));
    assert!(!reading.is_empty);
}

#[test]
fn tool_calls_refusals_and_reasoning_are_something() {
    for (answer, text, finish) in [
        (fixture!("tool_calls.json"), "", Finish::ToolCalls),
        (fixture!("refusal.json"), "", Finish::Stop),
        (fixture!("reasoning.json"), "9.8 is larger.", Finish::Stop),
        (fixture!("length.json"), "Once upon a time there was a", Finish::Length),
    ] {
        let reading = OpenAi.read(answer).unwrap();

        assert_eq!((reading.text.as_str(), reading.finish, reading.is_empty), (text, finish, false));
    }
}

#[test]
fn an_answer_with_nothing_in_it_is_empty() {
    for message in [
        json!({"content": ""}),
        json!({"content": null, "tool_calls": [], "refusal": "", "reasoning": null}),
        json!({}),
        json!({"content": []}),
    ] {
        let answer = json!({"choices": [{"message": message, "finish_reason": "stop"}]}).to_string();

        assert!(OpenAi.read(answer.as_bytes()).unwrap().is_empty, "{answer}");
    }
}

#[test]
fn content_may_be_parts() {
    let content =
        json!([{"type": "thinking", "thinking": []}, {"type": "text", "text": "a"}, {"type": "text", "text": "b"}]);
    let answer = json!({"choices": [{"message": {"content": content}, "finish_reason": "stop"}]}).to_string();

    assert_eq!(OpenAi.read(answer.as_bytes()).unwrap().text, "ab");
}

#[test]
fn one_choice_cut_for_length_cuts_the_answer() {
    let choice = |reason| json!({"message": {"content": "a"}, "finish_reason": reason});
    let answer = json!({"choices": [choice("stop"), choice("length")]}).to_string();

    assert_eq!(OpenAi.read(answer.as_bytes()).unwrap().finish, Finish::Length);
}

#[test]
fn usage_is_brought_to_one_convention() {
    let usage_of = |usage: Value| {
        let answer = json!({"choices": [{"message": {"content": "a"}, "finish_reason": "stop"}], "usage": usage});
        OpenAi.read(answer.to_string().as_bytes()).unwrap().usage
    };
    let deepseek = OpenAi.read(fixture!("reasoning.json")).unwrap().usage;
    let xai = usage_of(
        json!({"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 35, "completion_tokens_details": {"reasoning_tokens": 20}}),
    );

    assert_eq!(deepseek, Some(Usage { input: 20, output: 61, cached_input: 16, reasoning: 54, cache_write: 0 }));
    assert_eq!(xai, Some(Usage { input: 10, output: 25, reasoning: 20, ..Usage::default() }));
    assert_eq!(usage_of(json!(null)), None);
    assert_eq!(usage_of(json!({})), None);
}

#[test]
fn what_is_no_answer_is_called_what_it_is() {
    for (answer, words) in [
        (b"".as_slice(), "answered with nothing"),
        (b"<html><body>502</body></html>", "HTML"),
        (b"{\"choices\":[{\"message\":{\"content\":\"Ha", "is cut"),
        (b"stream timeout", "not JSON"),
        (b"{}", "no choices"),
        (b"{\"choices\":[]}", "no choices"),
        (b"{\"choices\":[{\"finish_reason\":\"stop\"}]}", "no message"),
        (b"{\"choices\":7}", "no chat completion"),
        (b"{\"choices\":[{\"message\":{\"content\":\"a\"},\"finish_reason\":\"error\"}]}", "with an error"),
        (fixture!("error.json"), "The server had an error"),
    ] {
        let error = OpenAi.read(answer).unwrap_err();

        assert_eq!(error.kind(), Kind::Provider);
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn every_fixture_survives_replay_and_assembly() {
    for answer in [
        fixture!("plain.json"),
        fixture!("tool_calls.json"),
        fixture!("refusal.json"),
        fixture!("reasoning.json"),
        fixture!("logprobs.json"),
        fixture!("length.json"),
    ] {
        let stream = OpenAi.replay(answer).unwrap();

        assert_eq!(assembled(&stream), parsed(answer));
        assert!(stream.ends_with(b"data: [DONE]\n\n"));
    }
}

#[test]
fn a_replayed_stream_has_the_shape_of_a_real_one() {
    let stream = OpenAi.replay(fixture!("plain.json")).unwrap();
    let events = sse::parse(&stream).unwrap();
    let chunks: Vec<Value> = events[..events.len() - 1].iter().map(|event| parsed(event.data.as_bytes())).collect();

    assert!(
        chunks
            .iter()
            .all(|chunk| chunk["object"] == "chat.completion.chunk" && chunk["id"] == "chatcmpl-C1x8vQ2mT7pLr4")
    );
    assert_eq!(chunks[0]["choices"][0]["delta"]["role"], "assistant");
    let last = &chunks[chunks.len() - 1];
    assert_eq!((&last["choices"], &last["usage"]["total_tokens"]), (&json!([]), &json!(1135)));
    assert_eq!(chunks[chunks.len() - 2]["choices"][0]["finish_reason"], "stop");
    assert!(chunks.len() > 4, "the text came in one piece");
    assert!(events.iter().all(|event| !event.data.contains('\n')));
}

#[test]
fn the_deltas_of_a_replay_are_the_text() {
    for answer in [fixture!("plain.json"), fixture!("reasoning.json"), fixture!("logprobs.json")] {
        let events = sse::parse(&OpenAi.replay(answer).unwrap()).unwrap();

        let text: String = events.iter().filter_map(|event| OpenAi.delta(event)).collect();

        assert_eq!(text, OpenAi.read(answer).unwrap().text);
    }
}

#[test]
fn numbers_keep_their_spelling_through_replay_and_assembly() {
    let answer = br#"{"id":"a","object":"chat.completion","big":123456789012345678901234567890,"choices":[{"index":0,"message":{"role":"assistant","content":"a"},"logprobs":{"content":[{"token":"a","logprob":-0.10000000000000000001}]},"finish_reason":"stop"}]}"#;

    let again = String::from_utf8(OpenAi.assemble(&OpenAi.replay(answer).unwrap()).unwrap()).unwrap();

    assert!(again.contains("\"big\":123456789012345678901234567890"), "{again}");
    assert!(again.contains("-0.10000000000000000001"), "{again}");
}

#[test]
fn an_error_is_not_replayed() {
    assert_eq!(OpenAi.replay(fixture!("error.json")).unwrap_err().kind(), Kind::Provider);
    assert!(OpenAi.replay(b"{\"choices\":[]}").is_err());
}

fn any_calls() -> impl Strategy<Value = Option<Value>> {
    let function =
        ("[a-z_]{1,9}", any_text()).prop_map(|(name, arguments)| json!({"name": name, "arguments": arguments}));
    let call = ("call_[a-z]{3}", function, unknown()).prop_map(|(id, function, unknown)| {
        object([("id", Some(json!(id))), ("type", Some(json!("function"))), ("function", Some(function))], unknown)
    });
    option::of(vec(call, 0..4).prop_map(Value::from))
}

fn any_message() -> impl Strategy<Value = Value> {
    let parts = vec(any_text().prop_map(|text| json!({"type": "text", "text": text})), 0..3).prop_map(Value::from);
    let content = prop_oneof![4 => maybe_text(), 1 => parts.prop_map(Some)];
    let function = option::of(any_text().prop_map(|arguments| json!({"name": "f", "arguments": arguments})));
    (content, maybe_text(), maybe_text(), maybe_text(), any_calls(), function, unknown()).prop_map(
        |(content, refusal, reasoning_content, reasoning, calls, function, unknown)| {
            let known = [
                ("role", Some(json!("assistant"))),
                ("content", content),
                ("refusal", refusal),
                ("reasoning_content", reasoning_content),
                ("reasoning", reasoning),
                ("tool_calls", calls),
                ("function_call", function),
            ];
            object(known, unknown)
        },
    )
}

fn any_choice() -> impl Strategy<Value = Value> {
    let tokens =
        vec((any_text(), -9.0..0.0_f64).prop_map(|(token, logprob)| json!({"token": token, "logprob": logprob})), 0..3);
    let logprobs = option::of(
        option::of(tokens)
            .prop_map(|tokens| tokens.map_or(Value::Null, |tokens| json!({"content": tokens, "refusal": null}))),
    );
    let reason = prop_oneof![Just("stop"), Just("length"), Just("tool_calls"), Just("content_filter"), Just("odd")];
    (any_message(), logprobs, reason, unknown()).prop_map(|(message, logprobs, reason, unknown)| {
        let known = [("message", Some(message)), ("logprobs", logprobs), ("finish_reason", Some(json!(reason)))];
        object(known, unknown)
    })
}

fn any_answer() -> impl Strategy<Value = Value> {
    let usage =
        prop_oneof![Just(Value::Null), any_json(), (0..99_u64).prop_map(|count| json!({"prompt_tokens": count}))];
    let choices = vec(any_choice(), 1..4);
    (choices, option::of(usage), maybe_text(), unknown()).prop_map(|(mut choices, usage, tier, unknown)| {
        for (index, choice) in choices.iter_mut().enumerate() {
            choice["index"] = json!(index);
        }
        let known = [
            ("id", Some(json!("chatcmpl-1"))),
            ("object", Some(json!("chat.completion"))),
            ("created", Some(json!(1))),
            ("model", Some(json!("m"))),
            ("choices", Some(json!(choices))),
            ("usage", usage),
            ("service_tier", tier),
        ];
        object(known, unknown)
    })
}

fn any_chunk() -> impl Strategy<Value = Value> {
    prop_oneof![
        (any::<u64>(), any_json()).prop_map(|(index, delta)| json!({"choices": [{"index": index, "delta": delta}]})),
        any_json().prop_map(|calls| json!({"choices": [{"delta": {"tool_calls": [calls]}, "finish_reason": "stop"}]})),
        any_json().prop_map(|content| json!({"choices": [{"delta": {"content": content}, "logprobs": content}]})),
    ]
}

holds_for!(OpenAi, any_answer(), any_chunk());

proptest! {
    #![proptest_config(crate::provider::tests::cases(96))]

    #[test]
    fn a_body_asked_as_a_stream_and_plainly_again_is_the_same(body in vec(("x_[a-z]{1,3}", any_json()), 0..6)) {
        let body = Value::Object(body.into_iter().collect()).to_string();

        let stream = OpenAi.ask_for(Form::Stream, body.as_bytes()).unwrap();

        prop_assert_eq!(OpenAi.ask_for(Form::Plain, &stream).unwrap(), body.into_bytes());
    }
}
