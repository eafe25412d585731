#![allow(clippy::unwrap_used)]

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::provider::tests::{any_json, any_text, parsed};

fn split(body: &[u8]) -> Option<Vec<Vec<u8>>> {
    Some(Embeddings.split(body)?.into_iter().map(|part| part.body).collect())
}

fn merge(answers: &[&[u8]]) -> Result<Vec<u8>> {
    Embeddings.merge(answers)
}

fn texts(bodies: Option<Vec<Vec<u8>>>) -> Option<Vec<String>> {
    Some(bodies?.into_iter().map(|body| String::from_utf8(body).unwrap()).collect())
}

fn answer(vector: &str) -> Vec<u8> {
    let usage = r#"{"prompt_tokens":2,"total_tokens":2}"#;
    let item = format!(r#"{{"object":"embedding","index":0,"embedding":{vector}}}"#);
    format!(r#"{{"object":"list","data":[{item}],"model":"m","usage":{usage}}}"#).into_bytes()
}

#[test]
fn a_batch_comes_apart_into_bodies_of_one_item() {
    let texts = |body: &str| texts(split(body.as_bytes()));

    assert_eq!(
        texts(r#"{"model":"m","input":["a","\u00e9"],"dimensions":2.50e2}"#).unwrap(),
        [r#"{"model":"m","dimensions":2.50e2,"input":"a"}"#, r#"{"model":"m","dimensions":2.50e2,"input":"\u00e9"}"#]
    );
    assert_eq!(texts(r#"{"input":[[1,2],[3]]}"#).unwrap(), [r#"{"input":[1,2]}"#, r#"{"input":[3]}"#]);
    assert_eq!(texts(r#"{"input":["a"]}"#).unwrap(), [r#"{"input":"a"}"#]);
}

#[test]
fn what_is_one_item_or_none_stays_whole() {
    for body in
        [r#"{"input":"a"}"#, r#"{"input":[1,2,3]}"#, r#"{"input":[]}"#, r#"{"input":["a",[1]]}"#, "{}", "[]", ""]
    {
        assert_eq!(split(body.as_bytes()), None, "{body}");
    }
}

#[test]
fn answers_go_together_in_order_with_their_vectors_as_spelled() {
    let (first, second) = (answer("[0.10,-1e-3]"), answer("\"AACAPw==\""));

    let merged = String::from_utf8(merge(&[&first, &second]).unwrap()).unwrap();

    let items = r#"[{"object":"embedding","index":0,"embedding":[0.10,-1e-3]},{"object":"embedding","index":1,"embedding":"AACAPw=="}]"#;
    let usage = r#"{"prompt_tokens":4,"total_tokens":4}"#;
    assert_eq!(merged, format!(r#"{{"object":"list","data":{items},"model":"m","usage":{usage}}}"#));
}

#[test]
fn some_items_are_asked_for_with_all_else_as_spelled() {
    let body = br#"{"model":"m","input":["a","\u00e9","c"],"dimensions":2.50e2}"#;

    let chosen = Embeddings.choose(body, &[1, 2]).unwrap();

    assert_eq!(String::from_utf8(chosen).unwrap(), r#"{"model":"m","dimensions":2.50e2,"input":["\u00e9","c"]}"#);
    assert_eq!(Embeddings.choose(b"{}", &[0]).unwrap_err().kind(), Kind::Usage);
}

#[test]
fn an_answer_comes_apart_by_its_indexes_and_its_usage_by_weight() {
    let whole = r#"{"object":"list","data":[{"index":1,"embedding":[2.0]},{"index":0,"embedding":"AA=="}],
        "model":"m","usage":{"prompt_tokens":10,"total_tokens":11,"cost":0.1}}"#;

    let parts = texts(Embeddings.divide(whole.as_bytes(), &[1, 3])).unwrap();

    assert_eq!(
        parts,
        [
            r#"{"object":"list","data":[{"index":0,"embedding":"AA=="}],"model":"m","usage":{"prompt_tokens":2,"total_tokens":2}}"#,
            r#"{"object":"list","data":[{"index":0,"embedding":[2.0]}],"model":"m","usage":{"prompt_tokens":8,"total_tokens":9}}"#
        ]
    );
}

#[test]
fn an_answer_without_one_vector_for_each_item_does_not_come_apart() {
    let item = |index: u8| format!(r#"{{"index":{index},"embedding":[1]}}"#);
    for data in [
        item(0),
        format!("{},{}", item(0), item(0)),
        format!("{},{}", item(0), item(2)),
        format!("{},{},{}", item(0), item(1), item(2)),
        format!(r#"{},{{"embedding":[1]}}"#, item(0)),
        format!(r#"{},{{"index":1}}"#, item(0)),
    ] {
        let answer = format!(r#"{{"data":[{data}]}}"#);
        assert_eq!(Embeddings.divide(answer.as_bytes(), &[1, 1]), None, "{answer}");
    }
}

#[test]
fn a_batch_too_large_to_take_apart_is_one_question() {
    let items = vec!["\"a\""; MOST_ITEMS + 1].join(",");
    assert_eq!(split(format!(r#"{{"input":[{items}]}}"#).as_bytes()), None);
    let (items, more) = (vec!["\"a\""; 1000].join(","), "x".repeat(100_000));
    assert_eq!(split(format!(r#"{{"more":"{more}","input":[{items}]}}"#).as_bytes()), None);
}

#[test]
fn answers_that_are_not_one_vector_each_do_not_go_together() {
    for broken in [&b"{}"[..], b"{\"data\":[]}", b"{\"data\":[{},{}]}", b"{\"data\":[7]}", b"<html>"] {
        assert_eq!(merge(&[broken]).unwrap_err().kind(), Kind::Provider);
    }
    assert!(merge(&[]).is_err());
}

#[test]
fn an_answer_is_read_for_its_usage_alone() {
    let reading = Embeddings.read(&answer("[0.1]")).unwrap();

    assert_eq!((reading.text.as_str(), reading.finish, reading.is_empty), ("", Finish::Stop, false));
    assert_eq!(reading.usage.unwrap().input, 2);
    for (broken, words) in [
        (b"{\"data\":[{\"embedding\":[]}]}".as_slice(), "no vectors"),
        (b"{}", "no data"),
        (b"{\"error\":{\"message\":\"no luck\"}}", "no luck"),
    ] {
        assert!(Embeddings.read(broken).unwrap_err().to_string().contains(words));
    }
}

#[test]
fn nothing_is_ever_streamed() {
    assert_eq!(Embeddings.ask_for(Form::Stream, b"{}").unwrap_err().kind(), Kind::Usage);
    assert_eq!(Embeddings.ask_for(Form::Plain, b"{ }").unwrap(), b"{ }");
}

proptest! {
    #![proptest_config(crate::provider::tests::cases(96))]

    #[test]
    fn a_batch_apart_and_together_is_the_batch(texts in vec(any_text(), 1..6), more in any_json()) {
        let body = json!({"input": texts, "x_more": more}).to_string();
        let items = split(body.as_bytes()).unwrap();
        let vector = |body: &[u8]| answer(&parsed(body)["input"].to_string());
        let answers: Vec<Vec<u8>> = items.iter().map(|body| vector(body)).collect();

        let merged = parsed(&merge(&answers.iter().map(Vec::as_slice).collect::<Vec<_>>()).unwrap());

        let vectors: Vec<&str> = merged["data"].as_array().unwrap().iter().map(|item| item["embedding"].as_str().unwrap()).collect();
        prop_assert_eq!(vectors, texts.iter().map(String::as_str).collect::<Vec<_>>());
        prop_assert_eq!(&merged["usage"]["total_tokens"], &json!(2 * texts.len()));
    }

    #[test]
    fn no_bytes_bring_it_down(json in any_json()) {
        for bytes in [json.to_string(), json!({"input": json}).to_string(), json!({"data": [json], "usage": json}).to_string()] {
            let _ = Embeddings.read(bytes.as_bytes());
            let _ = split(bytes.as_bytes());
            let _ = merge(&[bytes.as_bytes(), bytes.as_bytes()]);
            let _ = Embeddings.divide(bytes.as_bytes(), &[1, 2]);
            let _ = Embeddings.choose(bytes.as_bytes(), &[0, 7]);
        }
    }
}
