//! Moving a cache by command: through files, through pipes, with a daemon and without one.

use std::fs;

use serde_json::json;

use super::home::Home;
use super::upstream::Upstream;

fn asked(home: &Home, prompts: &[&str]) {
    for prompt in prompts {
        home.llmc(["generate", prompt]).prints(format!("{prompt}\n"));
    }
}

#[test]
fn a_cache_is_moved_through_a_file() {
    let (one, other) = (Home::new(), Home::new());
    asked(&one, &["a", "b"]);
    let file = one.path("work/answers.jsonl");
    fs::write(&file, "what was there before").unwrap();

    one.llmc(["cache", "export", "answers.jsonl"]).prints("").says("2 entries exported");

    let name = file.to_str().unwrap();
    other.llmc(["cache", "import", name]).prints("2 entries imported\n");
    other.llmc(["cache", "import", name]).prints("0 entries imported, 2 here already\n");
    for prompt in ["a", "b"] {
        other.llmc(["generate", "--offline", prompt]).prints(format!("{prompt}\n"));
    }
    // As it was, whoever wrote it; and nothing beside it.
    assert_eq!(other.llmc(["cache", "export"]).ok().out, fs::read_to_string(&file).unwrap());
    assert_eq!(fs::read_dir(one.path("work")).unwrap().count(), 1);
}

#[test]
fn a_cache_is_moved_through_a_pipe_and_without_a_daemon() {
    let (one, other) = (Home::new(), Home::new());
    asked(&one, &["a", "b"]);
    let lines = one.llmc(["cache", "export", "-"]).ok().out;
    one.llmc(["daemon", "stop"]).ok();
    assert_eq!(one.llmc(["--no-daemon", "cache", "export"]).ok().out, lines);

    let inside = ["--no-daemon", "cache", "import", "-", "--json"];
    let reply = other.llmc_reading(inside, lines.as_bytes()).json();

    assert_eq!(reply["imported"], 2, "{reply}");
    other.llmc_reading(["cache", "import"], lines.as_bytes()).prints("0 entries imported, 2 here already\n");
}

#[test]
fn lines_that_are_no_entries_are_named_and_the_command_says_so() {
    let (one, other) = (Home::new(), Home::new());
    asked(&one, &["a"]);
    let good = one.llmc(["cache", "export"]).ok().out;

    let ran = other.llmc_reading(["cache", "import"], format!("{{}}\n{good}hello\n").as_bytes()).exits(2);

    assert_eq!(ran.out, "1 entry imported\n");
    let ran = ran.says("warning: line 1: this is no entry").says("warning: line 3: this is no entry");
    ran.says("llmc: 2 lines are no entries").says("hint: the others are imported");
    other.llmc(["generate", "--offline", "a"]).prints("a\n");
    other.llmc(["cache", "import", "nowhere.jsonl"]).fails(2, "cannot read `nowhere.jsonl`");
    other.llmc(["cache", "import", "."]).fails(2, "`.` is a folder");
}

#[test]
fn an_answer_of_megabytes_is_moved_and_no_key_goes_with_it() {
    let long = "x".repeat(3 << 20);
    let text: &'static str = Box::leak(long.into_boxed_str());
    let upstream = Upstream::saying(text);
    let (mut one, other) = (Home::with_upstream(&upstream), Home::with_upstream(&upstream));
    let settings = fs::read_to_string(one.path("config.toml")).unwrap();
    fs::write(one.path("config.toml"), format!("{settings}api_key_env = \"SECRET_API_KEY\"\n")).unwrap();
    one.set("SECRET_API_KEY", "sk-SECRET-0123456789abcdef");
    one.llmc(["generate", "--model", "fake/small", "hi"]).ok();
    assert_eq!(upstream.last().header("authorization"), Some("Bearer sk-SECRET-0123456789abcdef"));

    let lines = one.llmc(["cache", "export"]).ok().out;

    assert!(lines.len() > 3 << 20 && !lines.contains("SECRET"));
    let ran = other.llmc_reading(["cache", "import", "--json"], lines.as_bytes()).json();
    assert_eq!(ran["imported"], 1, "{ran}");
    assert_eq!(other.llmc(["generate", "--offline", "--model", "fake/small", "hi"]).ok().out.len(), text.len() + 1);
    assert_eq!(other.llmc(["stats", "--json"]).json()["entries"], json!(1));
}

#[test]
fn where_no_daemon_can_be_had_the_command_imports_by_itself() {
    let (one, mut other) = (Home::new(), Home::new());
    asked(&one, &["a"]);
    let lines = one.llmc(["cache", "export"]).ok().out;
    other.set("LLMC_SOCKET", concat!("/proc/llmc", "/llmc.sock"));

    let ran = other.llmc_reading(["cache", "import"], lines.as_bytes()).prints("1 entry imported\n");

    ran.says("no daemon can be had");
    other.llmc(["--no-daemon", "generate", "--offline", "a"]).prints("a\n");
    other.llmc(["--require-daemon", "cache", "import", "/dev/null"]).exits(6);
}

#[test]
fn a_cache_is_verified_and_mended() {
    let home = Home::new();
    asked(&home, &["a", "b", "c"]);
    home.llmc(["cache", "verify"]).prints("").says("3 entries read, 0 never served, 0 removed");
    home.llmc(["daemon", "stop"]).ok();
    let database = rusqlite::Connection::open(home.path("data/llmc.sqlite")).unwrap();
    database.execute("UPDATE bodies SET value = x'00' WHERE id = 2", []).unwrap();
    drop(database);

    let ran = home.llmc(["cache", "verify"]).exits(1).says("1 entry is never served").says("cache verify --delete");
    let (key, reason) = ran.out.trim_end().split_once("  ").unwrap();
    assert_eq!((key.len(), reason), (64, "it is not an entry"));
    let told: serde_json::Value = serde_json::from_str(&home.llmc(["cache", "verify", "--json"]).exits(1).out).unwrap();
    assert_eq!(told["flaws"], json!([{"key": key, "reason": reason}]));

    home.llmc(["cache", "verify", "--delete"]).ok().says("3 entries read, 1 never served, 1 removed");
    home.llmc(["cache", "verify"]).ok().says("2 entries read, 0 never served");
}
