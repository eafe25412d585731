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
        include_bytes!(concat!("../../../tests/fixtures/gemini/", $name)).as_slice()
    };
}

fn said(role: Role, text: &str) -> Message {
    Message { role, parts: vec![Part::Text(text.to_owned())] }
}

fn prompt() -> Prompt {
    Prompt { model: "gemini-2.5-flash".to_owned(), messages: vec![said(Role::User, "hi")], ..Prompt::default() }
}

fn written(prompt: &Prompt) -> Value {
    Value::Object(Gemini.write(prompt).unwrap())
}

#[test]
fn a_bare_prompt_is_a_bare_body_without_its_model() {
    assert_eq!(written(&prompt()), json!({"contents": [{"role": "user", "parts": [{"text": "hi"}]}]}));
}

#[test]
fn everything_a_prompt_sets_is_in_the_body_and_options_win() {
    let mut full = prompt();
    full.system = Some("be brief".to_owned());
    full.messages.push(said(Role::Assistant, "yes?"));
    full.messages.push(said(Role::System, "and kind"));
    full.messages[0].parts.push(Part::Image { media_type: "image/png".to_owned(), data: "iVBO".to_owned() });
    (full.temperature, full.top_p, full.max_tokens, full.seed) = (Some(0.7), Some(0.9), Some(16), Some(-1));
    full.stop = vec!["END".to_owned()];
    full.options = Map::from_iter([
        ("temperature".to_owned(), json!(0.1)),
        ("topK".to_owned(), json!(5)),
        ("tools".to_owned(), json!([{"googleSearch": {}}])),
        ("generationConfig".to_owned(), json!({"candidateCount": 2})),
    ]);

    assert_eq!(
        written(&full),
        json!({
            "contents": [
                {"role": "user", "parts": [{"text": "hi"}, {"inlineData": {"mimeType": "image/png", "data": "iVBO"}}]},
                {"role": "model", "parts": [{"text": "yes?"}]}
            ],
            "systemInstruction": {"role": "user", "parts": [{"text": "be brief\n\nand kind"}]},
            "tools": [{"googleSearch": {}}],
            "generationConfig": {
                "temperature": 0.1, "topP": 0.9, "maxOutputTokens": 16, "stopSequences": ["END"], "seed": -1,
                "topK": 5, "candidateCount": 2
            }
        })
    );
}

#[test]
fn what_the_api_does_not_take_is_refused() {
    let picture = Part::Image { media_type: "image/png".to_owned(), data: String::new() };
    let painted = Prompt { messages: vec![Message { role: Role::System, parts: vec![picture] }], ..prompt() };
    let silent = Prompt { messages: vec![said(Role::System, "a")], ..prompt() };
    let odd = Prompt { options: Map::from_iter([("generationConfig".to_owned(), json!(7))]), ..prompt() };
    for refused in [painted, silent, odd] {
        assert_eq!(Gemini.write(&refused).unwrap_err().kind(), Kind::Usage);
    }
}

#[test]
fn the_model_and_the_form_are_in_the_path() {
    let path = |model, form| Gemini.path(model, form).into_owned();

    assert_eq!(path("gemini-2.5-flash", Form::Plain), "/v1beta/models/gemini-2.5-flash:generateContent");
    assert_eq!(
        path("models/gemini-2.5-flash", Form::Stream),
        "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse"
    );
    assert_eq!(path("tunedModels/mine", Form::Plain), "/v1beta/tunedModels/mine:generateContent");
    assert_eq!(path("../x?key=1#:y", Form::Plain), "/v1beta/models/..%2Fx%3Fkey%3D1%23%3Ay:generateContent");
    assert_eq!(Gemini.model_in_path("models/m"), Gemini.model_in_path("m"));
    assert_eq!(Gemini.ask_for(Form::Stream, b"{ \"a\": 1.0 }").unwrap(), b"{ \"a\": 1.0 }");
}

#[test]
fn a_path_says_what_is_asked_and_every_other_path_nothing() {
    for model in ["gemini-2.5-flash", "tunedModels/mine", "../x?key=1#:y%", "grün"] {
        for (form, query) in [(Form::Plain, ""), (Form::Stream, "?alt=sse")] {
            let path = Gemini.path(model, form).into_owned();

            assert_eq!(asked_at(path.strip_suffix(query).unwrap()), Some((model.to_owned(), form)), "{path}");
        }
    }
    assert_eq!(asked_at("/v1/models/m:generateContent"), asked_at("/models/m:generateContent"));
    for path in [
        "",
        "/v1beta/models",
        "/v1beta/models/m",
        "/v1beta/models/m:countTokens",
        "/v1beta/files/m:generateContent",
        "/v1beta/models/:generateContent",
        "/v1beta/models/%+1:generateContent",
        "/v1beta/models/%ff:generateContent",
        "/v1beta/models/%4:generateContent",
        "/v1beta/models:generateContent",
    ] {
        assert_eq!(asked_at(path), None, "{path}");
    }
}

#[test]
fn a_limit_counts_wherever_it_is_set_and_cached_content_is_state() {
    for (body, is_limited, is_stateful) in [
        (json!({"generationConfig": {"maxOutputTokens": 5}}), true, false),
        (json!({"generation_config": {"max_output_tokens": 5}, "cachedContent": "cachedContents/1"}), true, true),
        (json!({"maxOutputTokens": 5}), true, false),
        (json!({"generationConfig": {"maxOutputTokens": null}, "cachedContent": null}), false, false),
    ] {
        let body = body.as_object().unwrap();

        assert_eq!((Gemini.limits_length(body), Gemini.is_stateful(body)), (is_limited, is_stateful), "{body:?}");
    }
}

#[test]
fn the_key_travels_in_a_header_of_its_own() {
    assert!(Gemini.headers(Some(&Secret::new("k"))).contains(&("x-goog-api-key", Secret::new("k"))));
    assert_eq!(Gemini.headers(None).len(), 1);
}

#[test]
fn thoughts_are_no_text_and_their_tokens_are_output() {
    let reading = Gemini.read(fixture!("plain.json")).unwrap();

    assert_eq!((reading.text.as_str(), reading.finish, reading.is_empty), ("9.8 is larger. 🦀", Finish::Stop, false));
    assert_eq!(reading.usage, Some(Usage { input: 20, output: 68, cached_input: 16, reasoning: 61, cache_write: 0 }));
}

#[test]
fn calls_are_something_and_what_tools_read_is_input() {
    let reading = Gemini.read(fixture!("tools.json")).unwrap();

    assert_eq!((reading.text.as_str(), reading.finish, reading.is_empty), ("I look.", Finish::ToolCalls, false));
    assert_eq!(reading.usage.unwrap().input, 60);
}

#[test]
fn a_blocked_prompt_and_a_filtered_answer_are_not_worth_keeping() {
    let blocked = Gemini.read(fixture!("blocked.json")).unwrap();

    assert_eq!((blocked.finish, blocked.is_empty), (Finish::ContentFilter, true));
    for (reason, finish) in [
        ("MAX_TOKENS", Finish::Length),
        ("SAFETY", Finish::ContentFilter),
        ("RECITATION", Finish::ContentFilter),
        ("MALFORMED_FUNCTION_CALL", Finish::Other("MALFORMED_FUNCTION_CALL".to_owned())),
    ] {
        let whole = json!({"content": {"parts": [{"text": "a"}]}, "finishReason": "STOP"});
        let broken = json!({"finishReason": reason});
        for candidates in [json!([broken]), json!([whole, broken])] {
            let answer = json!({"candidates": candidates}).to_string();

            assert_eq!(Gemini.read(answer.as_bytes()).unwrap().finish, finish, "{answer}");
        }
    }
}

#[test]
fn what_is_no_answer_is_called_what_it_is() {
    for (answer, words) in [
        (b"".as_slice(), "answered with nothing"),
        (b"<html>", "HTML"),
        (b"{\"candidates\":[{\"content\"", "is cut"),
        (b"{}", "no candidates"),
        (b"{\"candidates\":7}", "no Gemini answer"),
        (fixture!("error.json"), "overloaded"),
        (b"{\"error\":{\"message\":\"no\"}}", "with an error: no"),
    ] {
        let error = Gemini.read(answer).unwrap_err();

        assert_eq!(error.kind(), Kind::Provider);
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn a_stream_is_assembled_whether_it_comes_as_events_or_as_an_array() {
    for stream in [fixture!("stream.sse"), fixture!("stream.json")] {
        let answer = Gemini.assemble(stream).unwrap();

        assert_eq!(
            parsed(&answer),
            json!({
                "candidates": [{
                    "content": {"role": "model", "parts": [
                        {"text": "The tenths digit.", "thought": true}, {"text": "9.8 is larger."},
                        {"functionCall": {"name": "f", "args": {"x": 1.5}}}, {"text": ""}
                    ]},
                    "index": 0, "finishReason": "STOP",
                    "groundingMetadata": {
                        "webSearchQueries": ["9.8"], "groundingChunks": [{"web": {"uri": "https://example.com"}}]
                    }
                }],
                "usageMetadata": {
                    "promptTokenCount": 20, "candidatesTokenCount": 7, "thoughtsTokenCount": 61, "totalTokenCount": 88
                },
                "modelVersion": "gemini-2.5-flash", "responseId": "a1"
            })
        );
        assert_eq!(
            Gemini.read(stream).ok().map(|reading| reading.text),
            (stream[0] == b'[').then(|| "9.8 is larger.".to_owned())
        );
    }
}

#[test]
fn events_become_the_array_that_who_asks_for_none_gets() {
    let array = sse::array(fixture!("stream.sse")).unwrap();

    assert_eq!(parsed(&array), parsed(fixture!("stream.json")));
    assert_eq!(Gemini.assemble(&array).unwrap(), Gemini.assemble(fixture!("stream.sse")).unwrap());
}

#[test]
fn a_cut_stream_is_not_whole() {
    let whole = std::str::from_utf8(fixture!("stream.sse")).unwrap();
    let events: Vec<&str> = whole.split_inclusive("\r\n\r\n").collect();
    for kept in 0..events.len() {
        let cut = events[..kept].concat();

        assert!(Gemini.assemble(cut.as_bytes()).is_err(), "{kept} events");
    }
    let array = fixture!("stream.json");
    assert!(Gemini.assemble(&array[..array.len() - 3]).is_err());
}

#[test]
fn an_error_in_the_stream_is_an_error() {
    let broken = [fixture!("stream.sse"), b"data: {\"error\":{\"code\":500,\"message\":\"Internal\"}}\n\n"].concat();
    for stream in [broken.as_slice(), fixture!("error.json")] {
        let error = Gemini.assemble(stream).unwrap_err();

        assert!(error.to_string().starts_with("the provider broke its stream off with an error"), "{error}");
    }
}

#[test]
fn every_fixture_survives_replay_and_the_usage_comes_last() {
    for answer in [fixture!("plain.json"), fixture!("tools.json"), fixture!("blocked.json")] {
        let stream = Gemini.replay(answer).unwrap();
        let events = sse::parse(&stream).unwrap();

        assert_eq!(parsed(&Gemini.assemble(&stream).unwrap()), parsed(answer));
        let (last, others) = events.split_last().unwrap();
        assert!(
            last.data.contains("usageMetadata") && !others.iter().any(|event| event.data.contains("usageMetadata"))
        );
        assert!(events.iter().all(|event| event.data.contains("modelVersion") && !event.data.contains('\n')));
    }
}

#[test]
fn two_texts_side_by_side_stay_two() {
    let parts =
        json!([{"text": "a"}, {"text": "b"}, {"text": "c", "thought": true}, {"text": "", "thoughtSignature": "s"}]);
    let answer = json!({"candidates": [{"content": {"parts": parts}, "finishReason": "STOP"}]}).to_string();

    let again = Gemini.assemble(&Gemini.replay(answer.as_bytes()).unwrap()).unwrap();

    assert_eq!(parsed(&again)["candidates"][0]["content"]["parts"], parts);
}

fn any_part() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => any_text().prop_map(|text| json!({"text": text})),
        2 => (any_text(), any::<bool>()).prop_map(|(text, thought)| json!({"text": text, "thought": thought})),
        1 => any_text().prop_map(|text| json!({"text": text, "thoughtSignature": "c2ln"})),
        1 => any_json().prop_map(|args| json!({"functionCall": {"name": "f", "args": args}})),
        1 => any_text().prop_map(|code| json!({"executableCode": {"language": "PYTHON", "code": code}})),
        1 => Just(json!({"inlineData": {"mimeType": "image/png", "data": "iVBO"}})),
    ]
}

fn any_candidate() -> impl Strategy<Value = Value> {
    let parts = option::of(vec(any_part(), 0..5).prop_map(Value::from));
    let content = (option::of(Just(json!("model"))), parts, unknown())
        .prop_map(|(role, parts, unknown)| object([("role", role), ("parts", parts)], unknown));
    let content = option::of(prop_oneof![9 => content, 1 => Just(Value::Null)]);
    let reason = prop_oneof![Just("STOP"), Just("MAX_TOKENS"), Just("SAFETY"), Just("ODD")];
    let metadata = || option::of(any_json());
    (content, reason, metadata(), metadata(), metadata(), maybe_text(), unknown()).prop_map(
        |(content, reason, grounding, citations, logprobs, message, unknown)| {
            let known = [
                ("content", content),
                ("finishReason", Some(json!(reason))),
                ("groundingMetadata", grounding),
                ("citationMetadata", citations),
                ("logprobsResult", logprobs),
                ("finishMessage", message),
            ];
            object(known, unknown)
        },
    )
}

fn any_answer() -> impl Strategy<Value = Value> {
    let usage = prop_oneof![any_json(), (0..99_u64).prop_map(|count| json!({"promptTokenCount": count}))];
    (vec(any_candidate(), 1..4), any::<bool>(), option::of(usage), maybe_text(), unknown()).prop_map(
        |(mut candidates, is_first_counted, usage, id, unknown)| {
            for (index, candidate) in
                candidates.iter_mut().enumerate().filter(|(index, _)| *index > 0 || is_first_counted)
            {
                candidate["index"] = json!(index);
            }
            let known = [
                ("candidates", Some(json!(candidates))),
                ("usageMetadata", usage),
                ("modelVersion", Some(json!("m"))),
                ("responseId", id),
            ];
            object(known, unknown)
        },
    )
}

fn any_data() -> impl Strategy<Value = Value> {
    prop_oneof![
        any_json().prop_map(|content| json!({"candidates": [{"content": content, "finishReason": "STOP"}]})),
        any_json().prop_map(|part| json!({"candidates": [{"content": {"parts": [part]}, "index": part}]})),
        any_json().prop_map(|usage| json!({"usageMetadata": usage, "promptFeedback": usage})),
    ]
}

holds_for!(Gemini, any_answer(), any_data());
