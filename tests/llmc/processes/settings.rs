//! `llmc config`: what is set, where it came from, and how it is changed.

use std::fs;

use super::home::Home;

#[test]
fn a_check_says_which_model_leads_nowhere() {
    let home = Home::new();
    home.llmc(["config", "set", "default_model", "echo/echo"]).ok();
    home.llmc(["config", "set", "aliases.quick", "echo/echo"]).ok();
    home.llmc(["config", "set", "aliases.fast", "quick"]).ok();
    home.llmc(["config", "check"]).ok().says("the settings are sound");

    home.llmc(["config", "set", "aliases.fast", "nope/x"]).ok();
    home.llmc(["config", "check"]).fails(2, "`aliases.fast` leads nowhere");
    home.llmc(["config", "set", "aliases.fast", "faster"]).ok();
    home.llmc(["config", "set", "aliases.faster", "fast"]).ok();
    home.llmc(["config", "check"]).fails(2, "`aliases.fast` leads nowhere");
    home.llmc(["config", "set", "default_model", "nope/x"]).ok();
    home.llmc(["config", "check"]).fails(2, "`default_model` leads nowhere");
}

#[test]
fn settings_go_round() {
    let home = Home::new();
    fs::remove_file(home.path("config.toml")).unwrap();
    let path = home.path("config.toml");
    home.llmc(["config", "path"]).prints(format!("{}\n", path.display()));

    home.llmc(["config", "init"]).ok().says("written to");
    home.llmc(["config", "check"]).ok().says("the settings are sound");
    home.llmc(["config", "get", "cache.ttl"]).prints("1h\n");
    home.llmc(["config", "set", "cache.ttl", "2h"]).ok().says("written to");
    home.llmc(["config", "set", "providers.local.base_url", "http://127.0.0.1:8080/v1"]).fails(2, "has no `kind`");
    home.llmc(["config", "set", "providers.local.kind", "openai"]).ok();
    home.llmc(["config", "set", "providers.local.base_url", "http://127.0.0.1:8080/v1"]).ok();

    home.llmc(["config", "get", "cache.ttl"]).prints("2h\n");
    home.llmc(["config", "get", "providers.local.base_url"]).prints("http://127.0.0.1:8080/v1\n");
    home.llmc(["config", "check"]).ok();
    assert_eq!(home.llmc(["config", "get", "cache.ttl", "--json"]).json(), "2h");

    home.llmc(["config", "unset", "cache.ttl"]).ok().says("taken out of");
    home.llmc(["config", "get", "cache.ttl"]).prints("1h\n");
    home.llmc(["config", "unset", "cache.ttl"]).ok().says("is not set in");
    home.llmc(["config", "unset", "providers.local"]).ok();
    home.llmc(["config", "unset", "cache.tll"]).fails(2, "cache.tll").hints("cache.ttl");
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains("# "), "the comments are kept");
}

#[test]
fn a_value_says_where_it_came_from() {
    let mut home = Home::new();
    home.configure("[cache]\nttl = \"2h\"\nnamespace = \"team\"\n");
    home.write(".llmc.toml", "[cache]\nttl = \"3h\"\n");
    home.set("LLMC_NAMESPACE", "mine");

    let shown = home.llmc(["config", "show", "--origin", "--json"]).json();

    let origin = |key: &str| shown[key]["origin"].as_str().unwrap().to_owned();
    assert_eq!(shown["cache.ttl"]["value"], "3h");
    assert!(origin("cache.ttl").contains(".llmc.toml"), "{shown}");
    assert_eq!(shown["cache.namespace"]["value"], "mine");
    assert!(origin("cache.namespace").contains("LLMC_NAMESPACE"), "{shown}");
    assert!(origin("default_model").contains("config.toml"), "{shown}");
    assert!(!origin("cache.max_size").contains("toml"), "{shown}");
    let text = home.llmc(["config", "show"]).ok().out;
    assert!(text.lines().any(|line| line.starts_with("cache.namespace") && line.contains("mine")), "{text}");
}

#[test]
fn a_flag_beats_a_variable_beats_the_project_beats_the_file() {
    let mut home = Home::new();
    let namespace = |home: &Home, flags: &[&str]| {
        let answer = home.generate(flags.iter().chain(&["hi"]));
        answer["metadata"]["namespace"].as_str().unwrap().to_owned()
    };
    assert_eq!(namespace(&home, &[]), "default");
    home.configure("[cache]\nnamespace = \"file\"\n");
    assert_eq!(namespace(&home, &[]), "file");
    home.write(".llmc.toml", "[cache]\nnamespace = \"project\"\n");
    assert_eq!(namespace(&home, &[]), "project");
    home.set("LLMC_NAMESPACE", "variable");
    assert_eq!(namespace(&home, &[]), "variable");
    assert_eq!(namespace(&home, &["--namespace", "flag"]), "flag");
}

#[test]
fn an_unknown_key_is_an_error_that_names_the_nearest() {
    let home = Home::new();
    home.llmc(["config", "get", "cache.tll"]).fails(2, "cache.tll").hints("cache.ttl");
    home.llmc(["config", "set", "cache.tll", "1h"]).fails(2, "cache.tll").hints("cache.ttl");

    home.configure("[cache]\ntll = \"1h\"\n");

    for command in [&["config", "check"][..], &["generate", "hi"], &["stats"]] {
        home.llmc(command).fails(2, "cache.tll").hints("cache.ttl");
    }
    // Broken settings must not keep anyone from stopping what runs.
    home.llmc(["daemon", "status"]).exits(6);
    home.llmc(["daemon", "stop"]).ok();
}

#[test]
fn a_wrong_value_is_refused_and_the_file_stays_as_it_was() {
    let home = Home::new();
    let before = fs::read(home.path("config.toml")).unwrap();
    home.llmc(["config", "set", "cache.ttl", "soon"]).fails(2, "cache.ttl");
    home.llmc(["config", "set", "cache.enabled", "perhaps"]).fails(2, "cache.enabled");
    assert_eq!(fs::read(home.path("config.toml")).unwrap(), before);
}

#[test]
fn a_project_may_not_say_where_keys_go() {
    let home = Home::new();
    home.write(".llmc.toml", "[providers.openai]\nbase_url = \"http://evil.test\"\n");
    home.llmc(["generate", "hi"]).fails(2, ".llmc.toml");
}

#[test]
fn a_named_file_that_is_not_there_is_an_error() {
    let home = Home::new();
    home.llmc(["--config", "missing.toml", "generate", "hi"]).fails(2, "missing.toml");
    home.llmc(["--config", "missing.toml", "config", "path"]).ok();
}

#[test]
fn aliases_and_bare_names_find_their_provider() {
    let upstream = super::upstream::Upstream::saying("done");
    let home = Home::new();
    home.configure(&format!("[aliases]\nfast = \"fake/small\"\n{}", upstream.settings("fake")));
    for model in ["fast", "small", "fake/small"] {
        home.llmc(["generate", "-m", model, "hi"]).prints("done\n");
    }
    assert_eq!(upstream.calls().len(), 1);
    home.llmc(["generate", "-m", "tiny", "hi"]).exits(2);
}

#[test]
fn variables_of_limits_are_those_of_the_shell_that_asks() {
    let mut home = Home::new();
    home.set("LLMC_RATE_LIMIT_LLM", "0");
    home.llmc(["generate", "hi"]).fails(5, "Too many");

    home.set("LLMC_RATE_LIMIT_LLM", "2");
    home.llmc(["generate", "hi"]).ok();
    home.unset("LLMC_RATE_LIMIT_LLM");
    home.llmc(["generate", "hi there"]).ok();
    let limits = home.llmc(["limits", "--json"]).json().to_string();
    assert!(limits.contains(r#""class":"llm","limit":1000000"#), "{limits}");
}

#[test]
fn a_variable_that_is_nearly_one_of_llmcs_is_warned_of_once() {
    let mut home = Home::new();
    home.set("LLMC_IMAGE_TAG", "7").set("LLMC_MODEL", "echo/echo");
    home.llmc(["generate", "hi"]).prints("hi\n").says_nothing();

    home.set("LLMC_CASETTE", "llm.jsonl");

    let ran = home.llmc(["generate", "hi"]).prints("hi\n");
    assert_eq!(ran.err, "llmc: warning: `LLMC_CASETTE` is no variable of llmc's; did you mean `LLMC_CASSETTE`?\n");
    home.llmc(["stats"]).ok().says("did you mean `LLMC_CASSETTE`?");
    home.llmc(["-q", "generate", "hi"]).prints("hi\n").says_nothing();
}
