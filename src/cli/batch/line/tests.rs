//! Lines as they come in and as they go out.

use serde_json::json;

use super::*;
use crate::api::generate::CacheRequest;
use crate::exchange::Mode;

fn defaults() -> GenerateRequest {
    GenerateRequest {
        model: Some("local/m".into()),
        temperature: Some(0.5),
        cache: CacheRequest { mode: Some(Mode::Replay), sample: Some(2), ..CacheRequest::default() },
        ..GenerateRequest::default()
    }
}

fn record(text: &str) -> Record {
    Record { number: 7, content: Ok(Content::Text(text.to_owned())) }
}

fn composed(composer: &Composer, text: &str) -> (Option<String>, Value) {
    let line = composer.compose(&record(text), false).unwrap();
    (line.id, serde_json::from_slice(&line.request).unwrap())
}

fn refused(composer: &Composer, text: &str) -> String {
    composer.compose(&record(text), false).unwrap_err().to_string()
}

#[test]
fn what_a_line_says_goes_before_what_the_flags_say() {
    let composer = Composer::new(&defaults(), None).unwrap();

    let (id, request) = composed(
        &composer,
        r#"{"id": "a", "prompt": "hi", "temperature": 1.50, "cache": {"sample": 3}, "model": null}"#,
    );

    assert_eq!(id.as_deref(), Some("\"a\""));
    assert_eq!(
        request,
        json!({"prompt": "hi", "temperature": 1.5, "model": "local/m", "cache": {"sample": 3, "mode": "replay"}})
    );
}

#[test]
fn a_line_that_names_a_provider_is_not_given_a_model_of_another() {
    let composer = Composer::new(&defaults(), None).unwrap();
    let (_, request) = composed(&composer, r#"{"prompt": "hi", "provider": "echo"}"#);
    assert_eq!(request["model"], Value::Null);
}

#[test]
fn values_are_passed_on_as_they_are_written() {
    let composer = Composer::new(&GenerateRequest::default(), None).unwrap();
    let line = r#"{"prompt":"\u0041","options":{"a":99999999999999999999,"a":1.50}}"#;

    let request = composer.compose(&record(line), false);

    // Twice the same name within: which is meant is not for us to say.
    assert!(request.is_ok() || request.unwrap_err().to_string().contains("twice"));
    let line = r#"{"prompt":"\u0041","options":{"a":99999999999999999999},"stop":"x"}"#;
    let text = String::from_utf8(composer.compose(&record(line), false).unwrap().request).unwrap();
    assert!(text.contains(r#""prompt":"\u0041","options":{"a":99999999999999999999},"stop":"x""#), "{text}");
}

#[test]
fn a_line_that_is_none_is_told_by_its_number() {
    let composer = Composer::new(&defaults(), None).unwrap();
    for (text, told) in [
        ("{\"prompt\": ", "line 7 is no JSON object: "),
        ("[1]", "line 7 is no JSON object: "),
        ("{\"a\": 1, \"a\": 2}", "`a` is there twice"),
        ("{\"id\": {}, \"prompt\": \"x\"}", "line 7 has an `id` that is none"),
    ] {
        assert!(refused(&composer, text).contains(told), "{text}: {}", refused(&composer, text));
    }
}

#[test]
fn with_a_template_fields_are_variables_and_nothing_else() {
    let template = || Some((Template::compile("t", "From {{ model }}?").unwrap(), "From {{ model }}?"));
    let composer = Composer::new(&defaults(), template()).unwrap();

    let (id, request) = composed(&composer, r#"{"id": 5, "model": "Rome"}"#);

    assert_eq!(
        (id.as_deref(), &request["prompt"], &request["model"]),
        (Some("5"), &json!("From Rome?"), &json!("local/m"))
    );
    assert!(refused(&composer, r#"{"town": "Rome"}"#).starts_with("line 7: cannot fill in `t`: line 1, column "));
}

#[test]
fn cells_of_csv_are_text_or_what_they_say() {
    let composer = Composer::new(&GenerateRequest::default(), None).unwrap();
    let cells = [("id", "1"), ("prompt", "12"), ("maxTokens", "5"), ("stop", "x"), ("seed", "")];
    let cells = cells.map(|(name, cell)| (name.into(), cell.to_owned()));

    let line = composer.compose(&Record { number: 2, content: Ok(Content::Fields(cells.to_vec())) }, false).unwrap();

    assert_eq!(line.id.as_deref(), Some("\"1\""));
    let request: Value = serde_json::from_slice(&line.request).unwrap();
    assert_eq!(request, json!({"prompt": "12", "maxTokens": 5, "stop": "x", "cache": {}}));
}

#[test]
fn a_fingerprint_changes_with_what_the_answer_depends_on_alone() {
    let print = |defaults: &GenerateRequest, text: &str| {
        Composer::new(defaults, None).unwrap().compose(&record(text), true).unwrap().fingerprint
    };
    let (usual, mut patient, mut warm) = (defaults(), defaults(), defaults());
    patient.retries = Some(9);
    patient.cache.mode = Some(Mode::Refresh);
    warm.temperature = Some(1.0);

    assert_eq!(print(&usual, "a"), print(&patient, "a"));
    assert_ne!(print(&usual, "a"), print(&warm, "a"));
    assert_ne!(print(&usual, "a"), print(&usual, "b"));
}
