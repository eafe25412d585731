//! What is asked: words, standard input, files and images, and the flags that reach the provider.

use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::json;

use super::home::{Home, Running};
use super::upstream::Upstream;

/// The smallest picture there is: one dot.
const DOT: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8,
    6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0, 1, 0, 0, 5, 0, 1,
    0x0d, 0x0a, 0x2d, 0xb4, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

#[test]
fn words_are_joined_and_g_is_short_for_generate() {
    Home::new().llmc(["g", "name", "three", "rivers"]).prints("name three rivers\n");
}

#[test]
fn standard_input_alone_is_the_prompt() {
    let home = Home::new();
    home.llmc_reading(["generate"], b"from a pipe\n").prints("from a pipe\n");
    home.llmc_reading(["generate", "-"], b"by name").prints("by name\n");
}

#[test]
fn a_prompt_comes_before_standard_input_with_a_blank_line_between() {
    let home = Home::new();
    home.llmc_reading(["generate", "say it:"], b"a diff\n").prints("say it:\n\na diff\n");
    home.llmc_reading(["generate", "say it:", "-"], b"a diff").prints("say it:\n\na diff\n");
    home.llmc_reading(["generate", "only this"], b"").prints("only this\n");
}

#[test]
fn a_file_on_standard_input_is_read_like_a_pipe() {
    let home = Home::new();
    let path = home.write("diff", "a diff");
    let file = std::fs::File::open(path).unwrap();
    let ran = Running::start(home.command(["generate", "say:"]).stdin(Stdio::from(file))).end();
    ran.prints("say:\n\na diff\n");
}

#[test]
fn a_loop_reads_all_its_lines_where_standard_input_is_left_alone() {
    let mut home = Home::new();
    let script = "printf 'one\\ntwo\\nthree\\n' | while read -r line; do llmc generate $FLAG \"$line\"; done";
    home.set("FLAG", "--no-stdin");
    home.shell(script).prints("one\ntwo\nthree\n").says_nothing();

    home.set("FLAG", "--").set("LLMC_NO_STDIN", "1");
    home.shell(script).prints("one\ntwo\nthree\n").says_nothing();
}

#[test]
fn an_inherited_pipe_that_stays_silent_is_left_out_after_a_while() {
    let home = Home::new();
    let asked_at = Instant::now();

    let mut command = home.command(["generate", "hi"]);
    let (reader, writer) = std::io::pipe().unwrap();
    let ran = Running::start(command.stdin(reader)).end();
    drop(writer);

    let ran = ran.prints("hi\n").says("stays silent").says("--no-stdin");
    assert_eq!(ran.err.matches("warning").count(), 1, "{}", ran.err);
    assert!(asked_at.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_pipe_that_has_begun_is_read_to_its_end_however_slow() {
    let home = Home::new();
    let (reader, mut writer) = std::io::pipe().unwrap();
    let mut command = home.command(["generate", "say:"]);
    writer.write_all(b"slowly ").unwrap();
    let mut running = Running::start(command.stdin(reader));
    drop(command);

    assert!(running.is_running());
    writer.write_all(b"but surely").unwrap();
    drop(writer);

    running.end().prints("say:\n\nslowly but surely\n");
}

#[test]
fn text_that_is_no_text_is_refused() {
    let home = Home::new();
    home.llmc_reading(["generate"], b"caf\xe9").fails(2, "standard input is no UTF-8 text: byte 3").hints("iconv");
    home.write("latin.txt", b"caf\xe9");
    home.llmc(["generate", "-f", "latin.txt", "hi"]).fails(2, "`latin.txt` is no UTF-8 text").hints("iconv");
    home.llmc(["generate", "--system-file", "latin.txt", "hi"]).fails(2, "no UTF-8 text");
}

#[test]
fn ten_megabytes_go_through() {
    let home = Home::new();
    let long = "0123456789abcde\n".repeat(10 << 16);

    let ran = home.llmc_reading(["generate"], long.as_bytes()).ok();

    assert!(ran.out == long, "{} of {} bytes came back", ran.out.len(), long.len());
    let again = home.llmc_reading(["generate", "--offline"], long.as_bytes()).ok();
    assert!(again.out == long);
}

#[test]
fn more_than_will_be_taken_is_refused() {
    let home = Home::new();
    let file = std::fs::File::create(home.path("work/huge")).unwrap();
    file.set_len((48 << 20) + 1).unwrap();
    home.llmc(["generate", "-f", "huge"]).fails(2, "`huge` is too long");
}

#[test]
fn a_file_goes_in_with_its_name() {
    let home = Home::new();
    home.write("a.txt", "first");
    home.write("b.txt", "second\n");
    home.llmc(["generate", "-f", "a.txt", "--file", "b.txt", "compare"])
        .prints("compare\n\na.txt:\nfirst\n\nb.txt:\nsecond\n");
}

#[test]
fn an_image_reaches_the_provider_as_one() {
    let upstream = Upstream::saying("a dot");
    let home = Home::with_upstream(&upstream);
    home.write("dot.png", DOT);

    home.llmc(["generate", "-m", "fake/small", "-f", "dot.png", "what is it?"]).prints("a dot\n");
    let by_file = upstream.last();
    home.llmc(["generate", "-m", "fake/small", "-a", "dot.png", "--refresh", "what is it?"]).prints("a dot\n");

    let parts = by_file.said().as_array().unwrap();
    assert_eq!(parts[0], json!({"type": "text", "text": "what is it?"}));
    assert_eq!(parts[1]["type"], "image_url");
    let url = parts[1]["image_url"]["url"].as_str().unwrap();
    assert!(url.starts_with("data:image/png;base64,iVBORw0KGgo"), "{url}");
    assert_eq!(upstream.last().body, by_file.body);
}

#[test]
fn an_attachment_that_is_no_image_is_refused() {
    let home = Home::new();
    home.write("notes.txt", "text");
    home.llmc(["generate", "-a", "notes.txt", "hi"]).fails(2, "`notes.txt` is no image").hints("-f");
}

#[test]
fn every_flag_of_the_model_reaches_the_provider() {
    let upstream = Upstream::saying("done");
    let home = Home::with_upstream(&upstream);
    home.write("system.txt", "be brief");

    home.llmc([
        "g",
        "-m",
        "fake/small",
        "-s",
        "be kind",
        "-t",
        "0.5",
        "--max-tokens",
        "9",
        "--top-p",
        "0.25",
        "--seed",
        "-7",
    ])
    .fails(2, "there is no prompt");
    let flags = [
        "-t",
        "0.5",
        "--max-tokens",
        "9",
        "--top-p",
        "0.25",
        "--seed",
        "-7",
        "--stop",
        "END",
        "--stop",
        "FIN",
        "-o",
        "top_k=40",
        "-o",
        "format=json",
        "--option",
        "nested={\"a\":[1]}",
    ];
    let arguments = ["g", "-p", "fake", "-m", "small", "-s", "be kind"].into_iter().chain(flags).chain(["hi"]);
    home.llmc(arguments).prints("done\n");

    let body = upstream.last().body;
    assert_eq!(body["model"], "small");
    assert_eq!(body["messages"], json!([{"role": "system", "content": "be kind"}, {"role": "user", "content": "hi"}]));
    assert_eq!((&body["temperature"], &body["top_p"], &body["seed"]), (&json!(0.5), &json!(0.25), &json!(-7)));
    assert_eq!(body["stop"], json!(["END", "FIN"]));
    assert_eq!((&body["top_k"], &body["format"], &body["nested"]), (&json!(40), &json!("json"), &json!({"a": [1]})));
    assert!(body["max_tokens"] == 9 || body["max_completion_tokens"] == 9, "{body}");

    home.llmc(["g", "-m", "fake/small", "--system-file", "system.txt", "hi"]).prints("done\n");
    assert_eq!(upstream.last().body["messages"][0], json!({"role": "system", "content": "be brief"}));
}

#[test]
fn variables_stand_for_flags() {
    let upstream = Upstream::saying("done");
    let mut home = Home::with_upstream(&upstream);
    home.set("LLMC_MODEL", "fake/small").set("LLMC_SYSTEM", "be kind").set("LLMC_NAMESPACE", "mine");
    home.set("LLMC_TTL", "2h").set("LLMC_USAGE", "1").set("LLMC_RUN", "nightly");

    home.llmc(["generate", "hi"]).prints("done\n").says("miss · fake/small");
    let answer = home.generate(["hi"]);

    assert_eq!(upstream.last().body["messages"][0]["content"], "be kind");
    assert_eq!((&answer["metadata"]["namespace"], &answer["metadata"]["runId"]), (&json!("mine"), &json!("nightly")));
    let ttl = answer["metadata"]["ttlSeconds"].as_u64().unwrap();
    assert!((7100..=7200).contains(&ttl), "{ttl}");

    home.set("LLMC_JSON", "1").set("LLMC_MODE", "replay");
    assert_eq!(home.llmc(["generate", "hi"]).json()["metadata"]["cacheStatus"], "replay");
    home.set("LLMC_MODE", "refresh");
    assert_eq!(home.llmc(["generate", "hi"]).json()["metadata"]["cacheStatus"], "refresh");
    home.llmc(["generate", "--offline", "hello"]).exits(3);
}

#[test]
fn a_typed_flag_is_not_contradicted_by_a_variable() {
    let upstream = Upstream::saying("done");
    let mut home = Home::with_upstream(&upstream);
    home.write("system.txt", "be brief");
    home.set("LLMC_SYSTEM", "be kind").set("LLMC_MODE", "replay");
    home.set("LLMC_QUIET", "1").set("LLMC_REQUIRE_DAEMON", "1");

    home.llmc(["generate", "-m", "fake/small", "--refresh", "--system-file", "system.txt", "-v", "--no-daemon", "hi"])
        .prints("done\n")
        .says("POST /llm/generate");

    assert_eq!(upstream.last().body["messages"][0]["content"], "be brief");
    assert!(!home.socket().exists());
    home.llmc(["generate", "--system-file", "system.txt", "--system", "x", "hi"]).exits(2);
}

#[test]
fn each_mode_treats_the_cache_as_it_says() {
    let upstream = Upstream::saying("done");
    let home = Home::with_upstream(&upstream);
    let status = |flags: &[&str]| {
        let answer = home.generate(["-m", "fake/small", "hi"].iter().chain(flags));
        answer["metadata"]["cacheStatus"].as_str().unwrap().to_owned()
    };

    assert_eq!(status(&["--no-cache"]), "bypass");
    assert_eq!(status(&[]), "miss");
    assert_eq!(status(&[]), "hit");
    assert_eq!(status(&["--mode", "replay"]), "replay");
    assert_eq!(status(&["--refresh"]), "refresh");
    assert_eq!(status(&["--mode", "off"]), "bypass");
    assert_eq!(status(&["--sample", "1"]), "miss");
    assert_eq!(status(&["--namespace", "other"]), "miss");
    assert_eq!(status(&["--max-age", "0s"]), "miss");

    assert_eq!(upstream.calls().len(), 7);
}

#[test]
fn a_dry_run_calls_nothing() {
    let upstream = Upstream::saying("done");
    let home = Home::with_upstream(&upstream);

    let text = home.llmc(["generate", "-m", "fake/small", "--dry-run", "hi"]).ok().out;
    let key = home.llmc(["cache", "key", "-m", "fake/small", "hi"]).ok().out;

    assert!(text.contains("miss") && text.contains(key.trim()), "{text}");
    assert!(upstream.calls().is_empty());
    let answer = home.generate(["-m", "fake/small", "hi"]);
    assert_eq!(answer["metadata"]["cacheKey"], key.trim());
    let text = home.llmc(["generate", "-m", "fake/small", "--dry-run", "hi"]).ok().out;
    assert!(text.contains("hit"), "{text}");
}
