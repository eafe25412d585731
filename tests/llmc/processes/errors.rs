//! Every way to fail has its exit code, a message that says what failed, and a hint that says what to do.

use serde_json::Value;

use super::home::Home;
use super::upstream::{Reply, Upstream};

/// Fails the same way for people and for programs.
#[track_caller]
fn refuses(home: &Home, arguments: &[&str], code: i32, kind: &str, message: &str, hint: &str) -> Value {
    let ran = home.llmc(arguments).fails(code, message);
    if !hint.is_empty() {
        ran.hints(hint);
    }
    let mut with_json = vec!["--json"];
    with_json.extend(arguments);
    let ran = home.llmc(&with_json).exits(code);
    assert_eq!(ran.out, "");
    let problem = ran.problem();
    assert_eq!(problem["error"]["type"], kind, "{problem}");
    assert_eq!(problem["error"]["hint"].is_string(), !hint.is_empty(), "{problem}");
    problem
}

#[test]
fn an_answer_is_exit_code_0() {
    Home::new().llmc(["generate", "hi"]).prints("hi\n").says_nothing();
}

#[test]
fn whatever_has_no_code_of_its_own_is_1() {
    let home = Home::new();
    refuses(&home, &["cache", "show", "abcdef"], 1, "not_found", "abcdef", "llmc cache list");
    refuses(&home, &["cache", "diff", "abcdef", "abc"], 1, "not_found", "abcdef", "llmc cache list");
    home.llmc(["config", "init"]).fails(1, "is there already").hints("llmc config set");
}

#[test]
fn a_wrong_request_is_2() {
    let home = Home::new();
    refuses(&home, &["generate"], 2, "invalid_request", "there is no prompt", "llmc generate");
    refuses(&home, &["generate", "-"], 2, "invalid_request", "there is no prompt", "llmc generate");
    refuses(&home, &["generate", "-", "--no-stdin"], 2, "invalid_request", "`-` asks for standard input", "");
    refuses(&home, &["generate", "-f", "missing.txt", "hi"], 2, "invalid_request", "missing.txt", "");
    refuses(&home, &["generate", "-o", "novalue", "hi"], 2, "invalid_request", "novalue", "-o KEY=VALUE");
    refuses(&home, &["cache", "show", "nothex"], 2, "invalid_request", "is no key", "llmc cache list");
    refuses(&home, &["cache", "diff", "abcdef", "a&b"], 2, "invalid_request", "`a&b` is no key", "llmc cache list");
}

#[test]
fn what_cannot_be_parsed_is_2_and_the_nearest_is_named() {
    let home = Home::new();
    refuses(&home, &["genrate", "hi"], 2, "invalid_request", "genrate", "generate");
    refuses(&home, &["generate", "--ofline", "hi"], 2, "invalid_request", "--ofline", "--offline");
    refuses(&home, &["generate", "--mode", "relpay", "hi"], 2, "invalid_request", "relpay", "replay");
    refuses(&home, &["generate", "--temperature", "hot", "hi"], 2, "invalid_request", "hot", "--help");
    refuses(&home, &["generate", "--offline", "--refresh", "hi"], 2, "invalid_request", "--offline", "--help");
    refuses(&home, &["generate", "--ttl", "soon", "hi"], 2, "invalid_request", "90s", "--help");
    refuses(&home, &["daemon", "stats"], 2, "invalid_request", "stats", "status");
}

#[test]
fn an_answer_off_its_schema_is_8() {
    let home = Home::new();
    let schema = r#"{"type": "object", "required": ["name"]}"#;
    let place = "at the top: \"name\" is a required property";
    let asked = ["generate", "--schema", schema, "{}"];
    refuses(&home, &asked, 8, "schema_mismatch", place, "--schema-retries");
    let file = home.write("river.json", schema);
    home.llmc(["generate", "--schema", file.to_str().unwrap(), r#"{"name": 1}"#])
        .prints("{\"name\": 1}\n")
        .says_nothing();
    refuses(&home, &["generate", "--schema", "{", "hi"], 2, "invalid_request", "`--schema` is no JSON Schema", "");
    refuses(&home, &["generate", "--schema", "missing.json", "hi"], 2, "invalid_request", "missing.json", "");
}

#[test]
fn help_and_version_are_answers() {
    let home = Home::new();
    let help = home.llmc(["--help"]).ok().says_nothing().out;
    assert!(help.contains("Exit codes") && help.contains("generate"), "{help}");
    assert!(help.contains("[alias: g]"), "{help}");
    home.llmc(["generate", "-h"]).ok().says_nothing();
    home.llmc(["--version"]).prints(concat!("llmc ", env!("CARGO_PKG_VERSION"), "\n")).says_nothing();
}

#[test]
fn without_a_command_it_says_what_there_is() {
    let ran = Home::new().llmc::<&str>([]).exits(2);
    assert!(ran.out.is_empty() && ran.err.contains("generate"), "{ran:?}");
}

#[test]
fn a_replay_miss_is_3() {
    let home = Home::new();
    refuses(&home, &["generate", "--offline", "hi"], 3, "replay_miss", "no answer is kept", "--mode auto");
    refuses(&home, &["generate", "--mode", "replay", "hi"], 3, "replay_miss", "no answer is kept", "--mode auto");
}

#[test]
fn a_missing_key_is_4() {
    let home = Home::new();
    refuses(&home, &["generate", "-m", "openai/x", "hi"], 4, "authentication_error", "`openai`", "OPENAI_API_KEY");
    home.configure("[providers.own]\nkind = \"openai\"\nbase_url = \"http://127.0.0.1:9\"\napi_key_env = \"OWN\"\n");
    refuses(&home, &["generate", "-m", "own/x", "hi"], 4, "authentication_error", "`own`", "OWN");
}

#[test]
fn nobody_to_ask_is_4() {
    let home = Home::new();
    std::fs::write(home.path("config.toml"), "").unwrap();
    refuses(&home, &["generate", "hi"], 4, "authentication_error", "", "OPENAI_API_KEY");
}

#[test]
fn a_refused_key_is_4_and_asked_once() {
    let upstream = Upstream::start(|_| Reply::refusal(401, "no such key"));
    let mut home = Home::with_upstream(&upstream);
    home.set("FAKE_API_KEY", "sk-wrong");

    home.llmc(["generate", "-m", "fake/small", "hi"]).fails(4, "no such key").hints("FAKE_API_KEY");

    assert_eq!(upstream.calls().len(), 1);
    assert_eq!(upstream.last().header("authorization"), Some("Bearer sk-wrong"));
}

#[test]
fn a_limit_is_5_and_says_whose() {
    let upstream = Upstream::start(|_| Reply::refusal(429, "slow down").with("retry-after", "3600"));
    let home = Home::with_upstream(&upstream);
    let problem = refuses(&home, &["generate", "-m", "fake/small", "hi"], 5, "rate_limit_exceeded", "slow down", "");
    assert_eq!(problem["error"]["limitedBy"], "provider");
    assert_eq!(problem["retryAfter"], 3600);

    let home = Home::new();
    std::fs::write(home.path("config.toml"), "default_model = \"echo/echo\"\n[rate_limit]\nllm = 1\n").unwrap();
    home.llmc(["generate", "one"]).prints("one\n");
    home.llmc(["generate", "one"]).prints("one\n");
    let ran = home.llmc(["generate", "two"]).fails(5, "Too many LLM requests, please wait before trying again");
    assert!(ran.err.contains("hint: "), "{}", ran.err);
    let problem = home.llmc(["--json", "generate", "two"]).exits(5).problem();
    assert_eq!(problem["error"]["limitedBy"], "llmc");
    assert!(problem["retryAfter"].as_u64().is_some_and(|seconds| (1..=60).contains(&seconds)), "{problem}");
}

#[test]
fn a_call_dearer_than_allowed_is_5() {
    let mut home = Home::new();
    home.set("OPENAI_API_KEY", "sk-unused");
    let arguments = ["generate", "-m", "openai/gpt-4o", "--max-cost", "0.000001", "hi"];
    refuses(&home, &arguments, 5, "budget_exceeded", "--max-cost", "--max-tokens");
}

#[test]
fn no_daemon_where_one_is_required_is_6() {
    let mut home = Home::new();
    home.set("LLMC_SOCKET", "/proc/llmc/llmc.sock");
    refuses(&home, &["--require-daemon", "generate", "hi"], 6, "unreachable", "/proc/llmc", "");
    let home = Home::new();
    refuses(&home, &["--require-daemon", "stats"], 6, "unreachable", "no daemon listens", "llmc daemon start");
}

#[test]
fn too_slow_is_7_and_the_call_goes_on() {
    let upstream = Upstream::held("better late");
    let home = Home::with_upstream(&upstream);
    let arguments = ["generate", "-m", "fake/small", "--timeout", "50ms", "hi"];
    refuses(&home, &arguments, 7, "timeout", "no answer within 50ms", "ask again");

    upstream.release();

    home.llmc(["generate", "-m", "fake/small", "hi"]).prints("better late\n");
    assert_eq!(upstream.calls().len(), 1);
}

#[test]
fn a_failing_provider_is_9() {
    let upstream = Upstream::start(|call| match call.said().as_str() {
        Some("broken") => Reply::refusal(500, "out of order"),
        Some("wrong") => Reply::refusal(400, "no such thing"),
        _ => Reply::text(""),
    });
    let home = Home::with_upstream(&upstream);
    let ask = |prompt| ["generate", "-m", "fake/small", prompt];
    let problem = refuses(&home, &ask("broken"), 9, "provider_error", "out of order", "");
    assert_eq!(problem["error"]["upstreamStatus"], 500);
    refuses(&home, &ask("wrong"), 9, "provider_error", "no such thing", "");
    // Twice for people and twice for programs where it may pass, once each where it will not.
    assert_eq!(upstream.calls().len(), 4 + 2);
}

#[test]
fn a_provider_that_is_not_there_is_9() {
    let home = Home::new();
    // Nobody can listen on port 1 without being asked to.
    home.configure("[providers.gone]\nkind = \"openai\"\nbase_url = \"http://127.0.0.1:1/v1\"\n");
    refuses(&home, &["generate", "-m", "gone/x", "hi"], 9, "provider_error", "connection refused", "");
}

#[test]
fn a_cut_stream_is_9_and_never_kept() {
    let upstream = Upstream::start(|_| Reply::cut_stream("half an"));
    let home = Home::with_upstream(&upstream);

    let ran = home.llmc(["generate", "--stream", "-m", "fake/small", "hi"]).exits(9);
    assert_eq!(ran.out, "half an\n");
    assert!(ran.err.starts_with("llmc: ") && ran.err.contains("cut"), "{}", ran.err);

    home.llmc(["generate", "--no-stream", "-m", "fake/small", "hi"]).fails(9, "cut");
    home.llmc(["generate", "--offline", "-m", "fake/small", "hi"]).fails(3, "no answer is kept");
}

#[test]
fn an_unmet_gate_is_10() {
    let home = Home::new();
    home.llmc(["stats", "--fail-under", "50"]).exits(10);
    home.llmc(["generate", "hi"]).ok();
    home.llmc(["stats", "--fail-under", "50"]).exits(10).says("llmc: the hit rate is 0.0 %").hints("--by model");
    home.llmc(["generate", "hi"]).ok();

    home.llmc(["stats", "--fail-under", "50"]).ok().says_nothing();
    home.llmc(["stats", "--fail-over-cost", "0"]).ok();
    refuses(&home, &["stats", "--fail-under", "101"], 2, "invalid_request", "--fail-under", "0 to 100");
}
