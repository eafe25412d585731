//! `llmc doctor` finds what is broken, says what to do, starts nothing, and breaks over none of it.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{FileExt, PermissionsExt};

use serde_json::Value;

use super::home::{Held, Home, Ran};
use super::upstream::{Reply, Upstream};

/// The findings about one thing, as `state: found`.
fn about(ran: &Ran, what: &str) -> Vec<String> {
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    let findings = told["findings"].as_array().unwrap().iter().filter(|finding| finding["about"] == what);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    findings.map(|finding| format!("{}: {}", text(&finding["state"]), text(&finding["found"]))).collect()
}

#[track_caller]
fn one(ran: &Ran, what: &str, begins: &str) {
    let found = about(ran, what);
    assert!(found.iter().any(|found| found.starts_with(begins)), "no `{begins}` about {what}: {found:?}\n{}", ran.out);
}

fn doctor(home: &Home) -> Ran {
    home.llmc(["doctor", "--offline", "--json"])
}

#[test]
fn a_sound_home_has_no_problem_with_a_daemon_or_without() {
    let home = Home::new();

    let without = doctor(&home).ok();
    one(&without, "daemon", "ok: none runs");
    one(&without, "database", "ok: sound");
    assert!(home.status().is_none(), "looking starts no daemon");

    home.daemon();
    home.generate(["hi"]);
    let with = doctor(&home).ok();
    one(&with, "daemon", "ok: process");
    one(&with, "size", "ok: 1 entry");
    one(&with, "settings", "ok: sound");
    one(&with, "limits", "ok: llm 99");
    let lines = home.llmc(["doctor", "--offline"]).ok().says_nothing().out;
    assert!(lines.lines().all(|line| ["ok ", "warning ", "problem "].iter().any(|state| line.starts_with(state))));
    assert_eq!(serde_json::from_str::<Value>(&with.out).unwrap()["healthy"], true);
}

#[test]
fn broken_settings_are_a_finding_and_the_rest_is_looked_at_all_the_same() {
    let home = Home::new();
    home.configure("[cache]\ntll = \"1h\"\n");

    let ran = doctor(&home).exits(1);

    one(&ran, "settings", "problem: ");
    assert!(ran.out.contains("cache.ttl"), "{}", ran.out);
    one(&ran, "disk", "");
    one(&ran, "daemon", "ok: none runs");
}

#[test]
fn a_daemon_that_hangs_is_a_problem_with_a_way_out() {
    let home = Home::new();
    let _held = Held::still(home.daemon());

    let ran = home.llmc(["doctor", "--offline"]).exits(1).says_nothing();

    assert!(ran.out.contains("does not answer") && ran.out.contains("`llmc daemon restart`"), "{}", ran.out);
}

#[test]
fn a_damaged_database_is_found() {
    let home = Home::new();
    home.daemon();
    (0..200).for_each(|number| drop(home.tell("POST", "/llm/generate", &long_prompt(number))));
    home.llmc(["daemon", "stop"]).ok();
    let path = home.path("data/llmc.sqlite");
    let file = File::options().write(true).open(&path).unwrap();
    let length = file.metadata().unwrap().len();
    // Toward its end: what opening looks at is left as it is.
    file.write_all_at(&[0xa5; 32 << 10], length - (64 << 10)).unwrap();

    let ran = doctor(&home).exits(1);

    one(&ran, "database", "problem: damaged: ");
}

#[test]
fn a_database_that_had_to_be_set_aside_is_told() {
    let home = Home::new();
    fs::create_dir(home.path("data")).unwrap();
    fs::write(home.path("data/llmc.sqlite"), "this is no database, however long one looks at it").unwrap();

    let ran = doctor(&home).ok();

    one(&ran, "store", "warning: ");
    assert!(ran.out.contains("set aside"), "{}", ran.out);
}

fn long_prompt(number: usize) -> String {
    let words: String = (0..400u64).map(|at| format!("{:x} ", (at + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect();
    serde_json::json!({ "prompt": format!("{number} {words}") }).to_string()
}

#[test]
fn folders_that_others_may_use_are_told_with_the_command_that_mends_them() {
    let home = Home::new();
    home.llmc(["generate", "hi"]).ok();
    home.llmc(["daemon", "stop"]).ok();
    fs::set_permissions(home.path("run"), Permissions::from_mode(0o777)).unwrap();
    fs::set_permissions(home.path("data/llmc.sqlite"), Permissions::from_mode(0o644)).unwrap();

    let ran = home.llmc(["doctor", "--offline", "--no-daemon"]).exits(1);

    let folder = home.path("run");
    assert!(ran.out.contains(&format!("`chmod 700 {}`", folder.display())), "{}", ran.out);
    assert!(ran.out.contains("others have rights to"), "{}", ran.out);
}

#[test]
fn providers_are_asked_unless_offline_and_keys_are_not_shown() {
    let mut home = Home::new();
    home.configure("[providers.gone]\nkind = \"openai\"\nbase_url = \"http://127.0.0.1:1/v1\"\napi_key_env = \"GONE\"");
    home.set("GONE", "sk-very-secret");

    let ran = home.llmc(["doctor", "--json"]).exits(1);
    one(&ran, "providers", "problem: `gone` fails");
    one(&ran, "keys", "ok: found: gone");
    assert!(!format!("{}{}", ran.out, ran.err).contains("sk-very-secret"));

    let ran = doctor(&home).ok();
    one(&ran, "providers", "ok: not asked");
}

#[test]
fn a_provider_that_works_is_told_with_how_long_it_took_and_whether_clocks_agree() {
    let upstream = Upstream::start(|_| Reply::text("hello").with("date", "Wed, 01 Jan 2020 00:00:00 GMT"));
    let home = Home::with_upstream(&upstream);

    let ran = home.llmc(["doctor", "--json"]);

    let found = about(&ran, "providers");
    assert!(found.iter().any(|found| found.starts_with("ok: `fake` answers in ")), "{found:?}");
    one(&ran, "clock", "warning: ");
    assert!(ran.out.contains("ahead of that of `fake`"), "{}", ran.out);
}

#[test]
fn data_of_another_daemon_are_a_problem_of_this_one_alone() {
    let mut home = Home::new();
    home.daemon();
    let socket = home.socket();
    home.set("LLMC_SOCKET", home.path("run/other.sock"));

    let ran = doctor(&home).exits(1);

    one(&ran, "store", "problem: answers are kept for this command only");
    home.set("LLMC_SOCKET", socket);
}
