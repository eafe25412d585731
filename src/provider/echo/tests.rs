//! What echo answers, whole and piece by piece.

use super::*;

async fn answer(form: Form, body: Value) -> Result<Vec<Bytes>> {
    let call = Call { url: "echo:".into(), headers: Vec::new(), body: Bytes::from(body.to_string()), form };
    let arrival = EchoCarrier::new("echo").send(call).await?;
    assert_eq!(arrival.form, form);
    arrival.body.collect::<Vec<_>>().await.into_iter().collect()
}

async fn plain_answer(body: Value) -> Result<Value> {
    let pieces = answer(Form::Plain, body).await?;
    Ok(serde_json::from_slice(&pieces.concat()).unwrap())
}

fn prompt(text: &str) -> Value {
    json!({"model": "echo", "messages": [
        {"role": "system", "content": "be kind"},
        {"role": "user", "content": "an older question"},
        {"role": "assistant", "content": "an older answer"},
        {"role": "user", "content": text},
    ]})
}

fn with(mut body: Value, key: &str, value: Value) -> Value {
    body[key] = value;
    body
}

#[tokio::test]
async fn it_answers_with_the_last_question() {
    let answer = plain_answer(prompt("what is new?")).await.unwrap();

    assert_eq!(answer["choices"][0]["message"]["content"], "what is new?");
    assert_eq!(answer["choices"][0]["finish_reason"], "stop");
    assert_eq!(answer["usage"]["completion_tokens"], 3);
    assert_eq!(answer["usage"]["prompt_tokens"], 2 + 5 + 4 + 3);
}

#[tokio::test]
async fn the_same_question_has_the_same_bytes_for_answer() {
    let once = answer(Form::Plain, prompt("hi")).await.unwrap();
    let again = answer(Form::Plain, prompt("hi")).await.unwrap();
    let other = answer(Form::Plain, prompt("ho")).await.unwrap();

    assert_eq!(once, again);
    assert_ne!(once, other);
}

#[tokio::test]
async fn text_in_parts_is_joined() {
    let body = json!({"messages": [{"role": "user", "content": [
        {"type": "text", "text": "see"}, {"type": "image_url", "image_url": {"url": "data:"}},
        {"type": "text", "text": "this"},
    ]}]});
    assert_eq!(plain_answer(body).await.unwrap()["choices"][0]["message"]["content"], "see\nthis");
}

#[tokio::test]
async fn a_stream_brings_a_word_an_event_and_the_usage_last() {
    let body = with(prompt("one two\nthree"), "stream_options", json!({"include_usage": true}));

    let events = answer(Form::Stream, body).await.unwrap();

    let (end, events) = events.split_last().unwrap();
    assert_eq!(end, "data: [DONE]\n\n");
    let chunks: Vec<Value> =
        events.iter().map(|event| serde_json::from_slice(&event[6..event.len() - 2]).unwrap()).collect();
    let words: Vec<&str> = chunks.iter().filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str()).collect();
    assert_eq!(words, ["", "one ", "two\n", "three"]);
    assert_eq!(chunks[chunks.len() - 2]["choices"][0]["finish_reason"], "stop");
    assert_eq!(chunks[chunks.len() - 1]["usage"]["completion_tokens"], 4);
    assert_eq!(chunks[chunks.len() - 1]["choices"], json!([]));
}

#[tokio::test]
async fn a_stream_keeps_its_usage_from_who_did_not_ask() {
    let events = answer(Form::Stream, prompt("hi")).await.unwrap();
    assert!(!String::from_utf8(events.concat()).unwrap().contains("usage"));
}

#[tokio::test(start_paused = true)]
async fn either_form_takes_as_long_as_asked() {
    for form in [Form::Plain, Form::Stream] {
        let start = Instant::now();

        answer(form, with(prompt(&"word ".repeat(1000)), "delay_ms", json!(500))).await.unwrap();

        let taken = start.elapsed().as_millis();
        assert!((500..=502).contains(&taken), "{form:?} took {taken} ms");
    }
}

#[tokio::test]
async fn it_fails_with_the_status_asked_for() {
    let limited = plain_answer(with(prompt("hi"), "fail", json!(429))).await.unwrap_err();
    assert_eq!((limited.kind(), limited.upstream_status_value()), (Kind::RateLimit, Some(429)));

    let broken = answer(Form::Stream, with(prompt("hi"), "fail", json!(500))).await.unwrap_err();
    assert_eq!((broken.kind(), broken.upstream_status_value()), (Kind::Provider, Some(500)));
}

#[tokio::test]
async fn it_ends_for_the_reason_asked_for() {
    let answer = plain_answer(with(prompt("hi"), "finish", json!("length"))).await.unwrap();
    assert_eq!(answer["choices"][0]["finish_reason"], "length");
}

#[test]
fn what_it_cannot_take_is_refused_by_name() {
    for (key, value) in [
        ("delay_ms", json!(-1)),
        ("delay_ms", json!(600_001)),
        ("delay_ms", json!("1")),
        ("fail", json!(200)),
        ("fail", json!(70_000)),
        ("finish", json!(1)),
    ] {
        let error = asked(with(prompt("hi"), key, value).to_string().as_bytes()).unwrap_err();
        assert_eq!(error.kind(), Kind::Usage);
        assert!(error.message().contains(key), "{error}");
    }
    for body in ["", "[]", "{}", r#"{"messages": 1}"#, r#"{"messages": [{"role": "system", "content": "x"}]}"#] {
        assert_eq!(asked(body.as_bytes()).unwrap_err().kind(), Kind::Usage, "{body}");
    }
}
