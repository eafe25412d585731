#![allow(clippy::unwrap_used)]

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::exchange::{Finish, Usage};
use crate::provider::Message;
use crate::provider::tests::{any_json, any_text, holds_for, parsed, unknown};

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../../tests/fixtures/anthropic/", $name)).as_slice()
    };
}

fn assembled(stream: &[u8]) -> Value {
    parsed(&Anthropic.assemble(stream).unwrap())
}

fn said(role: Role, text: &str) -> Message {
    Message { role, parts: vec![Part::Text(text.to_owned())] }
}

fn prompt() -> Prompt {
    Prompt { model: "claude-haiku-4-5".to_owned(), messages: vec![said(Role::User, "hi")], ..Prompt::default() }
}

fn written(prompt: &Prompt) -> Value {
    Value::Object(Anthropic.write(prompt).unwrap())
}

#[test]
fn a_bare_prompt_gets_the_limit_the_api_wants() {
    assert_eq!(
        written(&prompt()),
        json!({"model": "claude-haiku-4-5", "max_tokens": DEFAULT_MAX_TOKENS, "messages": [{"role": "user", "content": "hi"}]})
    );
}

#[test]
fn everything_a_prompt_sets_is_in_the_body_and_options_win() {
    let mut full = prompt();
    full.system = Some("be brief".to_owned());
    full.temperature = Some(0.7);
    full.max_tokens = Some(16);
    full.top_p = Some(0.9);
    full.stop = vec!["END".to_owned()];
    full.options = Map::from_iter([
        ("temperature".to_owned(), json!(0.1)),
        ("top_k".to_owned(), json!(5)),
        ("stream".to_owned(), json!(true)),
    ]);

    assert_eq!(
        written(&full),
        json!({
            "model": "claude-haiku-4-5", "max_tokens": 16, "system": "be brief",
            "messages": [{"role": "user", "content": "hi"}],
            "temperature": 0.1, "top_p": 0.9, "stop_sequences": ["END"], "top_k": 5
        })
    );
}

#[test]
fn system_turns_go_to_the_top() {
    let mut long = prompt();
    long.system = Some("first".to_owned());
    long.messages =
        vec![said(Role::User, "a"), said(Role::System, "second"), said(Role::Assistant, "b"), said(Role::User, "c")];

    let body = written(&long);

    assert_eq!(body["system"], "first\n\nsecond");
    assert_eq!(
        body["messages"],
        json!([{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}])
    );
}

#[test]
fn an_image_is_a_block_with_its_source() {
    let mut seen = prompt();
    seen.messages[0].parts.push(Part::Image { media_type: "image/png".to_owned(), data: "iVBO".to_owned() });

    assert_eq!(
        written(&seen)["messages"][0]["content"],
        json!([
            {"type": "text", "text": "hi"},
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBO"}}
        ])
    );
}

#[test]
fn what_the_api_does_not_take_is_refused_with_a_way_out() {
    let seeded = Prompt { seed: Some(7), ..prompt() };
    let hot = Prompt { temperature: Some(1.2), ..prompt() };
    let undefined = Prompt { temperature: Some(f64::NAN), ..prompt() };
    let picture = Part::Image { media_type: "image/png".to_owned(), data: String::new() };
    let painted = Prompt { messages: vec![Message { role: Role::System, parts: vec![picture] }], ..prompt() };
    for refused in [seeded, hot, undefined, painted] {
        let error = Anthropic.write(&refused).unwrap_err();

        assert_eq!(error.kind(), Kind::Usage);
        assert!(error.hint_text().is_some());
    }
    assert!(Anthropic.write(&Prompt { messages: vec![said(Role::System, "a")], ..prompt() }).is_err());
}

#[test]
fn asking_for_a_stream_and_back_alters_nothing_else() {
    let body = br#"{"max_tokens":123456789012345678901234567890,"temperature":0.70}"#;

    let stream = Anthropic.ask_for(Form::Stream, body).unwrap();

    assert_eq!(stream, br#"{"max_tokens":123456789012345678901234567890,"temperature":0.70,"stream":true}"#);
    assert_eq!(Anthropic.ask_for(Form::Plain, &stream).unwrap(), body);
    assert_eq!(Anthropic.ask_for(Form::Plain, b"{ }").unwrap(), b"{ }");
}

#[test]
fn a_container_is_state_and_max_tokens_a_limit() {
    let body = json!({"container": "c_1", "max_tokens": 5});
    let bare = json!({"container": null, "max_tokens": null});

    assert!(Anthropic.is_stateful(body.as_object().unwrap()) && Anthropic.limits_length(body.as_object().unwrap()));
    assert!(!Anthropic.is_stateful(bare.as_object().unwrap()) && !Anthropic.limits_length(bare.as_object().unwrap()));
}

#[test]
fn the_version_always_travels_and_the_key_where_there_is_one() {
    let headers = Anthropic.headers(Some(&Secret::new("sk-1")));

    assert!(headers.contains(&("x-api-key", Secret::new("sk-1"))));
    assert!(headers.contains(&("anthropic-version", Secret::new("2023-06-01"))));
    assert_eq!(Anthropic.headers(None).len(), 2);
}

#[test]
fn a_plain_answer_is_read() {
    let reading = Anthropic.read(fixture!("plain.json")).unwrap();

    assert_eq!(reading.text, "Das Wetter ist schön: 21 °C und kaum Wind. 🌤");
    assert_eq!(reading.finish, Finish::Stop);
    assert_eq!(
        reading.usage,
        Some(Usage { input: 1325, output: 18, cached_input: 1000, cache_write: 300, reasoning: 0 })
    );
    assert!(!reading.is_empty);
}

#[test]
fn blocks_and_reasons_are_told_apart() {
    for (answer, text, finish, is_empty) in [
        (fixture!("tool_use.json"), "I'll look that up.", Finish::ToolCalls, false),
        (fixture!("thinking.json"), "9.8 is larger.", Finish::Stop, false),
        (fixture!("refusal.json"), "", Finish::ContentFilter, true),
        (fixture!("length.json"), "Once upon a time there was a", Finish::Length, false),
    ] {
        let reading = Anthropic.read(answer).unwrap();

        assert_eq!((reading.text.as_str(), reading.finish, reading.is_empty), (text, finish, is_empty));
    }
}

#[test]
fn reasons_are_mapped() {
    for (reason, finish) in [
        (json!("stop_sequence"), Finish::Stop),
        (json!("model_context_window_exceeded"), Finish::Length),
        (json!("pause_turn"), Finish::Other("pause_turn".to_owned())),
        (json!(null), Finish::Other("unknown".to_owned())),
    ] {
        let answer = json!({"content": [{"type": "tool_use"}], "stop_reason": reason}).to_string();

        assert_eq!(Anthropic.read(answer.as_bytes()).unwrap().finish, finish);
    }
}

#[test]
fn what_is_no_answer_is_called_what_it_is() {
    for (answer, words) in [
        (b"".as_slice(), "answered with nothing"),
        (b"<html><body>502</body></html>", "HTML"),
        (b"{\"content\":[{\"type\":\"text\",\"text\":\"Ha", "is cut"),
        (b"stream timeout", "not JSON"),
        (b"{}", "no content"),
        (b"{\"content\":7}", "no message"),
        (fixture!("error.json"), "answered with an error: Overloaded"),
    ] {
        let error = Anthropic.read(answer).unwrap_err();

        assert_eq!(error.kind(), Kind::Provider);
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn a_streamed_text_is_assembled() {
    assert_eq!(
        assembled(fixture!("text.sse")),
        json!({
            "id": "msg_01Text", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5-20250929",
            "content": [{"type": "text", "text": "Grüß Gott 🦀!"}], "stop_reason": "end_turn", "stop_sequence": null,
            "usage": {
                "input_tokens": 25, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 10,
                "output_tokens": 15, "service_tier": "standard"
            }
        })
    );
}

#[test]
fn a_tools_input_keeps_its_spelling() {
    let answer = String::from_utf8(Anthropic.assemble(fixture!("tool_use.sse")).unwrap()).unwrap();

    assert!(answer.contains(r#""input":{"number": 123456789012345678901234567890, "share": 1.50}"#), "{answer}");
    assert!(answer.contains(r#""name":"get_time","input":{}"#), "{answer}");
}

#[test]
fn thinking_signatures_citations_and_unknown_members_are_kept() {
    let answer = assembled(fixture!("thinking.sse"));

    assert_eq!(
        answer["content"][0],
        json!({"type": "thinking", "thinking": "The tenths digit decides.", "signature": "EqQBCkYIARgCKkB3"})
    );
    assert_eq!(answer["content"][1]["citations"][0]["cited_text"], "9.8");
    assert_eq!(answer["context_management"], json!({"applied_edits": []}));
    assert_eq!(answer["usage"], json!({"input_tokens": 20, "output_tokens": 61}));
}

#[test]
fn a_cut_stream_is_not_whole() {
    let whole = std::str::from_utf8(fixture!("text.sse")).unwrap();
    let events: Vec<&str> = whole.split_inclusive("\n\n").collect();
    for kept in 0..events.len() {
        let cut = events[..kept].concat();

        assert_eq!(Anthropic.assemble(cut.as_bytes()).is_ok(), cut == whole, "{kept} events");
    }
    let error = Anthropic.assemble(fixture!("cut.sse")).unwrap_err();

    assert_eq!(error.to_string(), "the provider's stream is cut: `message_stop` never came");
}

#[test]
fn a_tools_input_cut_short_is_a_cut_stream() {
    let stream = std::str::from_utf8(fixture!("tool_use.sse")).unwrap().replace(", \\\"share\\\": 1.50}", "");

    let error = Anthropic.assemble(stream.as_bytes()).unwrap_err();

    assert_eq!(error.to_string(), "the provider's stream is cut: the input of a tool is not JSON");
}

#[test]
fn an_error_in_the_stream_is_an_error() {
    let error = Anthropic.assemble(fixture!("error.sse")).unwrap_err();

    assert_eq!(error.kind(), Kind::Provider);
    assert_eq!(error.to_string(), "the provider broke its stream off with an error: Overloaded");
}

#[test]
fn what_is_no_stream_is_called_what_it_is() {
    for (stream, words) in [
        (b"".as_slice(), "answered with nothing"),
        (b"<html>", "HTML"),
        (b"event: message_start\ndata: {", "is cut"),
        (b"data: what\n\n", "not a JSON object"),
        (b"data: {\"type\":\"message_stop\"}\n\n", "before `message_start`"),
        (fixture!("error.json"), "Overloaded"),
    ] {
        let error = Anthropic.assemble(stream).unwrap_err();

        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn an_absurd_index_costs_no_memory() {
    let stream = std::str::from_utf8(fixture!("text.sse")).unwrap().replace("\"index\":0", "\"index\":1000000000");

    assert_eq!(assembled(stream.as_bytes()), assembled(fixture!("text.sse")));
}

#[test]
fn every_fixture_survives_replay_and_assembly() {
    for answer in [
        fixture!("plain.json"),
        fixture!("tool_use.json"),
        fixture!("thinking.json"),
        fixture!("refusal.json"),
        fixture!("length.json"),
    ] {
        let stream = Anthropic.replay(answer).unwrap();
        let again = Anthropic.assemble(&stream).unwrap();

        assert_eq!(parsed(&again), parsed(answer));
    }
}

#[test]
fn a_replayed_stream_has_the_shape_of_a_real_one() {
    let events = sse::parse(&Anthropic.replay(fixture!("thinking.json")).unwrap()).unwrap();
    let steps: Vec<Value> = events.iter().map(|event| parsed(event.data.as_bytes())).collect();

    assert!(events.iter().zip(&steps).all(|(event, step)| step["type"] == *event.name));
    assert!(events.iter().all(|event| !event.data.contains('\n')));
    let first = &steps[0]["message"];
    assert_eq!(
        (&first["content"], &first["stop_reason"], &first["usage"]["output_tokens"]),
        (&json!([]), &json!(null), &json!(1))
    );
    let names: Vec<&str> = events.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(names[names.len() - 3..], ["content_block_stop", "message_delta", "message_stop"]);
    assert!(steps.iter().filter(|step| step["delta"]["type"] == "thinking_delta").count() > 1);
    assert_eq!(steps.iter().filter(|step| step["delta"]["type"] == "signature_delta").count(), 1);
}

#[test]
fn the_deltas_of_a_replay_are_the_text() {
    for answer in [fixture!("plain.json"), fixture!("tool_use.json"), fixture!("thinking.json")] {
        let events = sse::parse(&Anthropic.replay(answer).unwrap()).unwrap();

        let text: String = events.iter().filter_map(|event| Anthropic.delta(event)).collect();

        assert_eq!(text, Anthropic.read(answer).unwrap().text);
    }
}

#[test]
fn an_error_is_not_replayed() {
    assert_eq!(Anthropic.replay(fixture!("error.json")).unwrap_err().kind(), Kind::Provider);
    assert!(Anthropic.replay(b"{}").is_err());
}

fn any_block() -> impl Strategy<Value = Value> {
    let citations = option::of(prop_oneof![Just(Value::Null), vec(any_json(), 0..3).prop_map(Value::from)]);
    let known = prop_oneof![
        (any_text(), citations).prop_map(|(text, citations)| match citations {
            Some(citations) => json!({"type": "text", "text": text, "citations": citations}),
            None => json!({"type": "text", "text": text}),
        }),
        (any_text(), any_text()).prop_map(
            |(thinking, signature)| json!({"type": "thinking", "thinking": thinking, "signature": signature})
        ),
        any_json().prop_map(|input| json!({"type": "tool_use", "id": "t", "name": "f", "input": input})),
        unknown().prop_map(|input| json!({"type": "server_tool_use", "id": "t", "name": "f", "input": input})),
        any_json().prop_map(|content| json!({"type": "web_search_tool_result", "content": content})),
    ];
    (known, unknown()).prop_map(|(mut block, unknown)| {
        block.as_object_mut().unwrap().extend(unknown);
        block
    })
}

fn any_answer() -> impl Strategy<Value = Value> {
    let reason = prop_oneof![Just("end_turn"), Just("max_tokens"), Just("tool_use"), Just("odd")];
    let usage = option::of(prop_oneof![
        any_json(),
        (any::<u64>(), any::<u64>(), unknown()).prop_map(|(input, output, unknown)| {
            let mut usage = json!({"input_tokens": input, "output_tokens": output});
            usage.as_object_mut().unwrap().extend(unknown);
            usage
        }),
    ]);
    let sequence = option::of(prop_oneof![Just(Value::Null), any_text().prop_map(Value::from)]);
    (vec(any_block(), 0..5), reason, sequence, usage, unknown()).prop_map(
        |(content, reason, sequence, usage, unknown)| {
            let mut answer =
                json!({"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": content});
            let members = answer.as_object_mut().unwrap();
            members.insert("stop_reason".to_owned(), json!(reason));
            members.extend(sequence.map(|sequence| ("stop_sequence".to_owned(), sequence)));
            members.extend(usage.map(|usage| ("usage".to_owned(), usage)));
            members.extend(unknown);
            answer
        },
    )
}

fn any_step() -> impl Strategy<Value = Value> {
    prop_oneof![
        any_answer().prop_map(|message| json!({"type": "message_start", "message": message})),
        any_block().prop_map(|block| json!({"type": "content_block_start", "index": 0, "content_block": block})),
        any_json().prop_map(|delta| json!({"type": "content_block_delta", "index": 0, "delta": delta})),
        any_json().prop_map(
            |text| json!({"type": "content_block_delta", "index": 0, "delta": {"text": text, "partial_json": text}})
        ),
        any_json()
            .prop_map(|usage| json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": usage})),
        Just(json!({"type": "message_stop"})),
    ]
}

holds_for!(Anthropic, any_answer(), any_step());
