//! Completions know what there is, start nothing, and say nothing where something is wrong.

use std::fs;
use std::time::{Duration, Instant};

use super::home::{Home, LLMC};
use super::until;

/// What bash is offered for the last of these words.
fn offered(home: &Home, words: &[&str]) -> Vec<String> {
    let mut command = home.program(LLMC);
    command.args(["--", "llmc"]).args(words);
    command.env("LLMC_COMPLETE", "bash").env("_CLAP_COMPLETE_INDEX", words.len().to_string()).env("_CLAP_IFS", "\n");
    let ran = super::home::Running::start(&mut command).end().ok().says_nothing();
    ran.out.lines().map(str::to_owned).collect()
}

#[test]
fn models_aliases_providers_and_keys_of_settings_are_known_without_a_daemon() {
    let home = Home::new();
    home.configure(
        "[providers.house]\nkind = \"openai\"\nbase_url = \"http://127.0.0.1:1/v1\"\nmodels = [\"tiny\"]\n\n\
         [aliases]\nfast = \"house/tiny\"\n",
    );

    assert_eq!(offered(&home, &["generate", "-m", "hou"]), ["house/tiny"]);
    assert_eq!(offered(&home, &["generate", "-m", "fas"]), ["fast"]);
    assert!(offered(&home, &["g", "--fallback", "openai/gpt-4o"]).contains(&"openai/gpt-4o-mini".to_owned()));
    assert_eq!(offered(&home, &["generate", "--provider", "ho"]), ["house"]);
    assert_eq!(offered(&home, &["config", "get", "cache.tt"]), ["cache.ttl"]);
    assert!(offered(&home, &["config", "set", "providers.house."]).contains(&"providers.house.base_url".to_owned()));
    assert_eq!(offered(&home, &["daemon", "rest"]), ["restart"]);
    assert!(home.status().is_none(), "nothing was started");
}

#[test]
fn sessions_namespaces_and_entries_are_those_of_the_daemon_that_runs() {
    let home = Home::new();
    home.llmc(["session", "create", "--id", "rivers"]).ok();
    home.generate(["--namespace", "tests", "hi"]);
    let key = home.generate(["--namespace", "tests", "hi"])["metadata"]["cacheKey"].as_str().unwrap().to_owned();

    // A busy machine may need longer than a shell is kept waiting.
    until("sessions are offered", || offered(&home, &["session", "show", "ri"]) == ["rivers"]);
    until("to go on with, too", || offered(&home, &["generate", "--session", ""]) == ["rivers"]);
    until("namespaces are offered", || offered(&home, &["generate", "--namespace", "te"]) == ["tests"]);
    until("entries are offered", || offered(&home, &["cache", "show", &key[..3]]) == [key[..12].to_owned()]);
}

#[test]
fn nothing_that_is_wrong_is_said_and_nothing_hangs() {
    let home = Home::new();
    fs::create_dir(home.path("run")).unwrap();
    // Somebody who listens and never answers.
    let _listener = std::os::unix::net::UnixListener::bind(home.socket()).unwrap();
    home.configure("nonsense = [");
    let asked_at = Instant::now();

    assert_eq!(offered(&home, &["session", "show", "x"]), [""; 0]);
    assert_eq!(offered(&home, &["generate", "-m", "x"]), [""; 0]);
    assert!(offered(&home, &["config", "set", "cache."]).contains(&"cache.ttl".to_owned()));

    assert!(asked_at.elapsed() < Duration::from_secs(10), "{:?}", asked_at.elapsed());
    let mut unknown = home.command(["--", "llmc", ""]);
    super::home::Running::start(unknown.env("LLMC_COMPLETE", "nonsense")).end().ok().says_nothing();
}

#[test]
fn bash_asks_llmc_by_the_script_it_is_given() {
    let home = Home::new();
    let script = "llmc() { :; }; source <(\"$LLMC\" completions bash --dynamic) && complete -p llmc";
    let mut bash = home.program("bash");

    let ran = super::home::Running::start(bash.args(["-c", script]).env("LLMC", LLMC)).end().ok();

    assert!(ran.out.contains("-F _clap_complete_llmc llmc"), "{}", ran.out);
    for shell in ["zsh", "fish", "elvish", "powershell"] {
        assert!(home.llmc(["completions", shell, "--dynamic"]).ok().out.contains("LLMC_COMPLETE"), "{shell}");
    }
}
