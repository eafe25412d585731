//! `llmc workflow …`, as typed.

use super::home::Home;
use super::upstream::Upstream;
use super::{signal, until};

const ESSAY: &str = r#"
name = "essay"
output = "{{ steps.write.text }}"
[inputs.topic]
required = true
description = "what it is about"
[[step]]
id = "outline"
prompt = "outline {{ inputs.topic }}"
[[step]]
id = "parts"
for_each = "['a', 'b']"
prompt = "{{ item }} of {{ steps.outline.text }}"
[[step]]
id = "write"
prompt = "{{ steps.parts.texts|join(', ') }}"
"#;

fn home() -> (Home, String) {
    let home = Home::new();
    let path = home.path("essay.toml");
    std::fs::write(&path, ESSAY).unwrap();
    (home, path.to_str().unwrap().to_owned())
}

#[test]
fn a_workflow_prints_its_output_and_nothing_else() {
    let (home, path) = home();
    let asked = ["workflow", "run", &path, "-m", "echo/echo", "--input", "topic=rivers"];

    home.llmc(asked).prints("a of outline rivers, b of outline rivers\n").says_nothing();

    let told = home.llmc([&["--json"], &asked[..]].concat()).ok();
    let reply: serde_json::Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(reply["steps"]["outline"]["metadata"]["cacheStatus"], "hit");
    assert_eq!(reply["steps"]["parts"]["items"][1]["text"], "b of outline rivers");
    home.llmc([&asked[..], &["--offline"]].concat()).ok();
    home.llmc(["workflow", "run", &path, "-m", "echo/echo", "-i", "topic=hills", "--offline"])
        .fails(3, "step `outline`: no answer is kept");
}

#[test]
fn a_workflow_runs_without_a_daemon_and_from_a_pipe() {
    let (home, _) = home();
    let asked = ["--no-daemon", "workflow", "run", "-", "-m", "echo/echo", "-i", "topic=x"];
    home.llmc_reading(asked, ESSAY.as_bytes()).prints("a of outline x, b of outline x\n");
}

#[test]
fn inputs_come_from_flags_and_files() {
    let (home, path) = home();
    let inputs = home.path("inputs.json");
    std::fs::write(&inputs, r#"{"topic": "hills"}"#).unwrap();
    let inputs = inputs.to_str().unwrap();

    home.llmc(["workflow", "run", &path, "-m", "echo/echo", "--inputs", inputs])
        .prints("a of outline hills, b of outline hills\n");
    home.llmc(["workflow", "run", &path, "-m", "echo/echo", "--inputs", inputs, "-i", "topic=seas"])
        .prints("a of outline seas, b of outline seas\n");
    home.llmc(["workflow", "run", &path]).fails(2, "the input `topic` (what it is about) is missing");
    home.llmc(["workflow", "run", &path, "-i", "topik=x"]).fails(2, "there is no input `topik`: it takes `topic`");
    home.llmc(["workflow", "run", &path, "-i", "topic"]).fails(2, "`--input topic` is no input");
    home.llmc(["workflow", "run", "nowhere.toml"]).fails(2, "cannot read `nowhere.toml`");
}

#[test]
fn a_check_tells_all_that_is_wrong_and_starts_no_daemon() {
    let (home, path) = home();
    home.llmc(["workflow", "check", &path]).prints("essay can be run: 3 steps\n");
    let wrong = "name = 'w'\n[[step]]\nid = 'a'\nprompt = '{{ steps.b.text }}'\n[[step]]\nid = 'c'\nprompt = '{{ x }}'";

    let told = home.llmc_reading(["workflow", "check", "-"], wrong.as_bytes());

    let told = told.exits(2).says("-: step `a`: prompt: there is no step `b`").says("2 things are wrong with it");
    told.says("-: step `c`: prompt: `x` stands for nothing");
    assert!(home.status().is_none(), "nobody had to be asked");
}

#[test]
fn the_graph_is_drawn_without_a_daemon() {
    let (home, path) = home();
    let drawn = home.llmc(["workflow", "graph", &path]).ok();
    assert!(drawn.out.starts_with("flowchart TD\n"), "{}", drawn.out);
    assert!(drawn.out.contains("step_outline --> step_parts"), "{}", drawn.out);
    assert!(home.status().is_none());
}

#[test]
fn a_model_that_writes_no_workflow_is_a_clear_failure() {
    let home = Home::new();
    // It answers with the prompt, which is no workflow however often it is mended.
    home.llmc(["workflow", "generate", "-m", "echo/echo", "do", "x"])
        .fails(8, "the model wrote no workflow that can be run");
}

#[test]
fn a_dry_run_shows_each_step_as_far_as_it_is_known() {
    let (home, path) = home();
    let asked = ["workflow", "run", &path, "-m", "echo/echo", "--input", "topic=rivers", "--max-tokens", "9"];
    let dry = || home.llmc([&asked[..], &["--dry-run"]].concat()).ok();

    let before = dry();
    let lines: Vec<&str> = before.out.lines().collect();
    assert!(lines[1].starts_with("outline  call     echo/echo · about "), "{}", before.out);
    assert_eq!(lines[2], "parts    unknown  depends on an answer that is not known yet: outline");
    assert_eq!(lines[3], "write    unknown  depends on an answer that is not known yet: parts");
    assert!(
        before.out.contains("\ncalls   at least 1\n") && before.out.contains("\ncost    at least about $0.000000\n")
    );
    assert_eq!(home.llmc(["stats", "--json"]).json()["misses"], 0);

    home.llmc(asked).ok();

    assert_eq!(
        dry().out,
        "step     answer\noutline  hit     echo/echo\nparts    hit     echo/echo · 2 items\nwrite    hit     echo/echo\n\n\
         hits    4\ncalls   0\ntokens  about 0 in, at most about 0 out\ncost    about $0.000000\n"
    );
    let told = home.llmc([&["--json"], &asked[..], &["--dry-run"]].concat()).json();
    assert_eq!(
        (&told["hits"], &told["unknown"], &told["steps"]["parts"]["state"]),
        (&4.into(), &0.into(), &"hit".into())
    );
}

#[test]
fn a_workflow_whose_daemon_is_killed_is_run_again_from_what_is_kept_and_not_where_nothing_is() {
    for (more, code, calls) in [(None, 0, 5), (Some("--no-cache"), 6, 1)] {
        let upstream = Upstream::held("hello");
        let home = Home::with_upstream(&upstream);
        let file = home.write("essay.toml", ESSAY);
        let daemon = home.daemon();
        let asked = ["workflow", "run", file.to_str().unwrap(), "-m", "fake/small", "-i", "topic=rivers"];
        let running = home.start(asked.into_iter().chain(more));
        until("its first step is asked", || upstream.calls().len() == 1);

        signal(daemon, rustix::process::Signal::KILL);
        upstream.release();

        let ran = running.end().exits(code);
        assert_eq!((ran.out.as_str(), upstream.calls().len()), (if code == 0 { "hello\n" } else { "" }, calls));
        assert_eq!(ran.err.contains("it is run again from what is kept"), code == 0, "{}", ran.err);
    }
}
