//! The daemon's log: a line a call that names its request, in the form that was chosen, without what was said.

use serde_json::Value;

use super::home::Home;
use super::until;
use super::upstream::{Reply, Upstream};

#[test]
fn a_line_a_request_names_it_and_nothing_that_was_said() {
    let upstream = Upstream::start(|call| match call.said().as_str() {
        Some(said) if said.contains("refuse") => Reply::refusal(400, "secret-prompt is bad"),
        _ => Reply::text("secret-answer"),
    });
    let mut home = Home::with_upstream(&upstream);
    home.set("LLMC_LOG", "debug").set("LLMC_LOG_FORMAT", "json").set("FAKE_API_KEY", "secret-key");
    home.daemon();

    for prompt in ["secret-prompt", "secret-prompt", "refuse secret-prompt"] {
        home.llmc(["generate", "-m", "fake/small", prompt]);
    }
    let told = home.tell("GET", "/limits", "");

    let named = |log: &str, outcome: &str| {
        let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap_or_else(|_| panic!("{line}")));
        lines.filter(|line| line["fields"]["outcome"] == outcome).count()
    };
    until("every request has its line", || {
        let log = home.log();
        named(&log, "hit") == 1 && named(&log, "miss") == 1 && named(&log, "failed") == 1
    });
    let log = home.log();
    let hit = log.lines().find(|line| line.contains("\"hit\"")).unwrap();
    let hit: Value = serde_json::from_str(hit).unwrap();
    assert_eq!(hit["fields"]["request"].as_str().map(str::len), Some(32), "{hit}");
    assert_eq!((&hit["fields"]["provider"], &hit["fields"]["model"]), (&"fake".into(), &"small".into()));
    assert!(!log.contains("secret"), "{log}");
    assert_eq!(told.header("llmc-request-id").map(str::len), Some(32));
}

#[test]
fn hits_are_no_lines_where_nobody_asked_for_details() {
    let home = Home::new();
    home.daemon();
    home.llmc(["generate", "hi"]).ok();
    home.llmc(["generate", "hi"]).ok();

    until("the call is told", || home.log().contains("outcome=\"miss\""));
    assert!(!home.log().contains("outcome=\"hit\""), "{}", home.log());
}
