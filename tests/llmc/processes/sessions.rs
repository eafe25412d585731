//! Conversations from the command line.

use std::time::Duration;

use serde_json::{Value, json};

use super::home::{Home, Running};
use super::upstream::{Reply, Upstream};
use super::{is_alive, signal, until};

/// Answers with how many messages came before the question.
fn counting() -> Upstream {
    Upstream::start(|call| Reply::text(&format!("after {}", call.body["messages"].as_array().unwrap().len() - 1)))
}

fn home(upstream: &Upstream) -> Home {
    let mut home = Home::with_upstream(upstream);
    home.set("LLMC_MODEL", "fake/small");
    home
}

fn texts(session: &Value) -> Vec<String> {
    let messages = session["messages"].as_array().unwrap();
    messages.iter().map(|message| message["content"].as_str().unwrap().to_owned()).collect()
}

fn session(home: &Home, id: &str) -> Value {
    home.llmc(["session", "show", id, "--json"]).json()
}

#[test]
fn a_conversation_from_its_beginning_to_its_end() {
    let upstream = counting();
    let home = home(&upstream);
    home.llmc(["session", "create", "--id", "rivers", "--system", "be terse", "--data", r#"{"n": 1, "m": 2}"#])
        .prints("rivers\n")
        .says_nothing();

    home.llmc(["generate", "--session", "rivers", "one"]).prints("after 1\n").says_nothing();
    home.llmc(["generate", "--session", "rivers", "--stream", "two"]).prints("after 3\n").says_nothing();
    home.llmc(["generate", "-c", "three"]).prints("after 5\n").says_nothing();
    home.llmc(["session", "update", "rivers", "--data", r#"{"m": null, "o": [3]}"#])
        .prints("rivers changed, version 5\n");

    let shown = session(&home, "rivers");
    assert_eq!(texts(&shown), ["one", "after 1", "two", "after 3", "three", "after 5"]);
    assert_eq!((&shown["data"], &shown["system"]), (&json!({"n": 1, "o": [3]}), &json!("be terse")));
    let names: Vec<&str> = shown.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["id", "createdAt", "expiresAt", "version", "system", "data", "messages"]);
    let read = home.llmc(["session", "show", "rivers"]).ok().out;
    assert!(read.ends_with("\nuser\nthree\n\nassistant\nafter 5\n"), "{read}");
    assert!(read.contains("\nsystem   be terse\ndata     {\"n\":1,\"o\":[3]}\n"), "{read}");
    assert!(home.llmc(["session", "list"]).ok().out.lines().nth(1).unwrap().starts_with("rivers   20"));
    let exported: Value = serde_json::from_str(&home.llmc(["session", "export", "rivers"]).ok().out).unwrap();
    assert_eq!(exported["messages"], shown["messages"]);
    let markdown = home.llmc(["session", "export", "rivers", "--format", "markdown"]).ok().out;
    assert!(
        markdown.starts_with("# rivers\n\n20") && markdown.contains("\n## User\n\ntwo\n\n## Assistant\n"),
        "{markdown}"
    );
    home.llmc(["session", "delete", "rivers"]).prints("rivers deleted\n");
    home.llmc(["session", "list"]).prints("").says("there are no sessions");
}

#[test]
fn what_cannot_be_done_is_told_with_what_can() {
    let home = Home::new();
    home.llmc(["session", "create", "--id", "a", "--system", "be kind"]).ok();

    home.llmc(["generate", "--session", "b", "hi"])
        .fails(1, "there is no session `b`")
        .hints("llmc session create --id b");
    home.llmc(["generate", "--session", "a", "-s", "be terse", "hi"])
        .fails(2, "the conversation `a` has begun")
        .hints("llmc session update a --system");
    home.llmc(["session", "create", "--id", "a"]).fails(1, "there is a session `a` already");
    home.llmc(["session", "create", "--id", "a/b"]).fails(2, "a session cannot be called `a/b`");
    home.llmc(["session", "create", "--data", "[1]"]).fails(2, "`--data` is no JSON object");
    home.llmc(["session", "show", "../limits"]).fails(2, "a session cannot be called");
    home.llmc(["session", "update", "a"]).fails(2, "required arguments were not provided");
    home.llmc(["session", "delete", "a", "b"]).exits(1).says("there is no session `b`");
    home.llmc(["generate", "-c", "--session", "a", "hi"]).fails(2, "cannot be used with");
}

#[test]
fn going_on_with_nothing_begins_a_session_and_says_its_name() {
    let upstream = counting();
    let home = home(&upstream);

    let begun = home.llmc(["generate", "-c", "one"]).prints("after 0\n");

    let list = home.llmc(["session", "list", "--json"]).json();
    let id = list["sessions"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(begun.err, format!("session {id} begun; `-c` goes on with it\n"));
    home.llmc(["generate", "-c", "two"]).prints("after 2\n").says_nothing();
    let reply = home.generate(["-c", "three"]);
    assert_eq!((&reply["metadata"]["session"], reply["metadata"].get("sessionCreated")), (&json!(id), None));
}

#[test]
fn a_system_text_of_the_environment_is_for_prompts_without_a_session() {
    let upstream = Upstream::start(|call| Reply::text(&call.body["messages"][0]["content"].to_string()));
    let mut home = home(&upstream);
    home.set("LLMC_SYSTEM", "be terse");
    home.llmc(["session", "create", "--id", "a"]).ok();

    home.llmc(["generate", "hi"]).prints("\"be terse\"\n");
    home.llmc(["generate", "--session", "a", "hi"]).prints("\"hi\"\n");
}

#[test]
fn a_conversation_outlives_its_daemon_however_that_ends() {
    let upstream = counting();
    let home = home(&upstream);
    home.llmc(["generate", "-c", "one"]).prints("after 0\n");
    home.llmc(["daemon", "stop"]).ok();
    home.llmc(["generate", "-c", "two"]).prints("after 2\n");
    let pid = home.pid();
    signal(pid, rustix::process::Signal::KILL);
    until("it is gone", || !is_alive(pid));

    home.llmc(["generate", "-c", "three"]).prints("after 4\n");
}

#[test]
fn a_conversation_needs_no_daemon() {
    let upstream = counting();
    let mut home = home(&upstream);
    home.set("LLMC_NO_DAEMON", "1");
    home.llmc(["session", "create", "--id", "a"]).prints("a\n");

    home.llmc(["generate", "--session", "a", "one"]).prints("after 0\n").says_nothing();
    home.llmc(["generate", "-c", "two"]).prints("after 2\n").says_nothing();
    home.llmc(["generate", "-c", "--stream", "three"]).prints("after 4\n").says_nothing();

    assert_eq!(texts(&session(&home, "a")).len(), 6);
    home.llmc(["session", "delete", "a"]).ok();
    assert!(home.status().is_none(), "no daemon was started");
}

#[test]
fn commands_side_by_side_take_turns() {
    let upstream = counting();
    let home = home(&upstream);
    home.llmc(["session", "create", "--id", "a"]).ok();

    let asked: Vec<Running> =
        (0..12).map(|number| home.start(["generate", "--session", "a", &format!("question {number}")])).collect();
    let mut answers: Vec<String> = asked.into_iter().map(|asked| asked.end().ok().out).collect();

    answers.sort_by_key(|answer| answer.trim().rsplit(' ').next().unwrap().parse::<usize>().unwrap());
    let expected: Vec<String> = (0..12).map(|number| format!("after {}\n", 2 * number)).collect();
    assert_eq!(answers, expected);
    let said = texts(&session(&home, "a"));
    let in_order = said
        .chunks(2)
        .enumerate()
        .all(|(at, pair)| pair[0].starts_with("question ") && pair[1] == format!("after {}", 2 * at));
    assert!(in_order, "{said:?}");
}

#[test]
fn an_answer_nobody_waited_for_is_kept_but_not_said() {
    let upstream = Upstream::held("too late");
    let home = home(&upstream);
    home.llmc(["session", "create", "--id", "a"]).ok();
    let mut asker = home.start(["generate", "--session", "a", "hi"]);
    upstream.wait_for(1);

    signal(asker.pid(), rustix::process::Signal::KILL);
    asker.wait();
    upstream.release();

    // The same prompt asked again takes the next turn, finds the answer kept, and is the only one in the session.
    let reply = home.generate(["--session", "a", "--timeout", "30s", "hi"]);
    assert_eq!((&reply["text"], upstream.calls().len()), (&json!("too late"), 1));
    assert_eq!(texts(&session(&home, "a")), ["hi", "too late"]);
}

#[test]
fn a_session_is_gone_when_nobody_used_it_for_its_span() {
    let home = Home::new();
    home.llmc(["session", "create", "--id", "a", "--ttl", "1s"]).ok();
    let made_at = std::time::Instant::now();
    // The span is of the clock on the wall.
    until("its second has gone by", || made_at.elapsed() >= Duration::from_millis(1050));

    home.llmc(["generate", "--session", "a", "hi"]).fails(1, "there is no session `a`");
}
