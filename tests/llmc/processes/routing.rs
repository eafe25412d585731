//! Fallbacks and checks, as typed.

use super::home::Home;
use super::upstream::{Reply, Upstream};

#[test]
fn a_fallback_answers_for_a_model_that_is_away_and_says_so() {
    let spare = Upstream::saying("spare");
    let home = Home::new();
    let away = "[providers.away]\nkind = \"openai\"\nbase_url = \"http://127.0.0.1:9/v1\"\n";
    home.configure(&format!("{away}\n{}\n[aliases]\nbackup = \"spare/x\"\n", spare.settings("spare")));

    let asked = ["generate", "-m", "away/x", "--fallback", "backup", "hi"];

    home.llmc(asked).prints("spare\n").says("`away/x` failed").says("`spare/x` answers in its place");
    home.llmc(["generate", "-m", "away/x", "--retries", "0", "hi"]).fails(9, "cannot reach `away`");
    home.llmc(["generate", "-m", "away/x", "--fallback", "backup", "--no-fallback", "hi"]).exits(2);
}

#[test]
fn a_check_says_what_works_and_fails_where_something_does_not() {
    let works = Upstream::saying("yes");
    let refuses = Upstream::start(|_| Reply::refusal(401, "no"));
    let home = Home::new();
    home.configure(&works.settings("works"));
    let shown = home.llmc(["providers", "--check"]).ok();
    assert!(shown.out.lines().any(|line| line.starts_with("works ") && line.contains("works, ")), "{}", shown.out);

    home.configure(&format!("{}\n{}", works.settings("works"), refuses.settings("refuses")));
    home.llmc(["providers", "--check"]).exits(4).says("`refuses` answered 401");
    let away = "[providers.away]\nkind = \"openai\"\nbase_url = \"http://127.0.0.1:9/v1\"\n";
    home.configure(&format!("{}\n{}\n{away}", works.settings("works"), refuses.settings("refuses")));
    let told = home.llmc(["--json", "providers", "--check"]).exits(9);
    assert!(told.out.contains("\"ok\": true") || told.out.contains("\"ok\":true"), "{}", told.out);
    assert_eq!(told.problem()["error"]["type"], "provider_error");
    home.llmc(["providers"]).ok();
}
