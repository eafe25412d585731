//! A provider's key goes to the provider and nowhere else.

use std::fs;
use std::os::unix::process::ExitStatusExt;

use rustix::process::Signal;

use super::home::{Held, Home, LLMC, Running, files_under};
use super::signal;
use super::upstream::{Reply, Upstream};

const SECRET: &str = "sk-SECRET-0123456789abcdef";

/// Refuses whoever comes without the key, and repeats the key to whoever asks for that.
fn guarded() -> Upstream {
    Upstream::start(|call| match (call.header("authorization"), call.said().as_str()) {
        (Some(key), Some("leak")) => Reply::refusal(401, &format!("Incorrect API key provided: {key} ({SECRET})")),
        (Some(key), Some("crash")) => Reply::refusal(500, &format!("panic while handling {key}")),
        (Some(key), _) if key == format!("Bearer {SECRET}") => Reply::text("welcome"),
        _ => Reply::refusal(401, "who are you?"),
    })
}

fn assert_absent(what: &str, bytes: &[u8]) {
    let secret = SECRET.as_bytes();
    assert!(!bytes.windows(secret.len()).any(|window| window == secret), "the key is in {what}");
}

#[test]
fn a_key_is_in_no_place_but_the_call() {
    let upstream = guarded();
    let mut home = Home::new();
    // The vendor's own provider at another address, another one with its default variable, and one with a name of its own.
    let places = [("openai", ""), ("fake", ""), ("own", "api_key_env = \"OWN_TOKEN\"\n")];
    home.configure(&places.map(|(name, more)| upstream.settings(name) + more).concat());
    for variable in ["OPENAI_API_KEY", "FAKE_API_KEY", "OWN_TOKEN"] {
        home.set(variable, SECRET);
    }
    home.set("LLMC_LOG", "trace");

    let mut said = Vec::new();
    for (provider, _) in places {
        let model = format!("{provider}/small");
        for flags in [&["-v"][..], &["--json"], &["--stream"], &["--dry-run", "--json"]] {
            let ran = home.llmc(["generate", "-m", &model, "hi"].iter().chain(flags)).ok();
            said.push(ran);
        }
        for prompt in ["leak", "crash"] {
            said.push(home.llmc(["-v", "generate", "-m", &model, prompt]));
            said.push(home.llmc(["--json", "generate", "-m", &model, prompt]));
            said.push(home.llmc(["generate", "--stream", "-m", &model, prompt]));
        }
    }
    assert!(upstream.calls().iter().all(|call| call.header("authorization") == Some(&format!("Bearer {SECRET}"))));
    let key = said[1].out.split("\"cacheKey\":\"").nth(1).unwrap()[..12].to_owned();
    let looks: [&[&str]; 11] = [
        &["config", "show", "--origin"],
        &["config", "show", "--json"],
        &["stats", "--json"],
        &["stats", "--by", "provider"],
        &["cache", "list", "--json"],
        &["cache", "show", &key],
        &["cache", "show", &key, "--json"],
        &["providers", "--json"],
        &["daemon", "status", "--json"],
        &["daemon", "logs", "-n", "100000"],
        &["cache", "key", "-m", "openai/small", "--json", "hi"],
    ];
    said.extend(looks.map(|look| home.llmc(look).ok()));

    for ran in &said {
        assert_absent(&format!("what was printed by {ran:?}"), format!("{}{}", ran.out, ran.err).as_bytes());
    }
    let pid = home.pid();
    for place in ["environ", "cmdline"] {
        assert_absent(&format!("the daemon's {place}"), &fs::read(format!("/proc/{pid}/{place}")).unwrap());
    }
    home.llmc(["daemon", "stop"]).ok();
    let mut kinds = Vec::new();
    for folder in ["data", "state", "run", "work", "home", "share", "states", "runtime"] {
        for file in files_under(&home.path(folder)) {
            assert_absent(&file.display().to_string(), &fs::read(&file).unwrap());
            kinds.push(file.file_name().unwrap().to_str().unwrap().to_owned());
        }
    }
    assert!(["daemon.log", "llmc.sqlite"].iter().all(|kind| kinds.iter().any(|found| found == kind)), "{kinds:?}");
    assert!(home.log().contains("TRACE") || home.log().contains("DEBUG"), "the log was not at its most talkative");
}

#[test]
fn a_key_is_in_no_file_while_a_call_is_in_the_air() {
    let upstream = Upstream::held("later");
    let mut home = Home::new();
    home.configure(&upstream.settings("openai"));
    home.set("OPENAI_API_KEY", SECRET);
    let asker = home.start(["generate", "-m", "openai/small", "hi"]);
    upstream.wait_for(1);

    let pid = home.pid();
    for process in [pid, asker.pid()] {
        assert_absent("an argument", &fs::read(format!("/proc/{process}/cmdline")).unwrap());
    }
    assert_absent("the daemon's environment", &fs::read(format!("/proc/{pid}/environ")).unwrap());
    for folder in ["data", "state", "run"] {
        for file in files_under(&home.path(folder)) {
            assert_absent(&file.display().to_string(), &fs::read(&file).unwrap());
        }
    }
    upstream.release();

    asker.end().prints("later\n");
}

#[test]
fn a_key_that_fails_in_this_process_is_not_shown_either() {
    let upstream = guarded();
    let mut home = Home::new();
    home.configure(&upstream.settings("openai"));
    home.set("OPENAI_API_KEY", SECRET).set("LLMC_LOG", "trace");

    for prompt in ["leak", "crash", "hi"] {
        let ran = home.llmc(["-v", "--no-daemon", "generate", "-m", "openai/small", prompt]);
        assert_absent("what was printed", format!("{}{}", ran.out, ran.err).as_bytes());
    }
    let _held = Held::still(home.daemon());
    let ran = home.llmc(["-v", "generate", "-m", "openai/small", "leak"]).exits(4);
    assert_absent("what was printed", ran.err.as_bytes());
}

#[test]
fn each_asker_is_served_with_the_key_it_brings() {
    let upstream = guarded();
    let mut home = Home::new();
    home.configure(&upstream.settings("openai"));
    // The daemon is born with a key that is no good by now, and must not fall back on it.
    home.set("OPENAI_API_KEY", "sk-stale-0000").daemon();

    home.llmc(["generate", "-m", "openai/small", "hi"]).fails(4, "who are you?");
    home.unset("OPENAI_API_KEY");
    home.llmc(["generate", "-m", "openai/small", "hi"]).fails(4, "").hints("OPENAI_API_KEY");
    home.set("OPENAI_API_KEY", SECRET);
    home.llmc(["generate", "-m", "openai/small", "hi"]).prints("welcome\n");
    home.unset("OPENAI_API_KEY");
    home.llmc(["generate", "-m", "openai/small", "hi"]).prints("welcome\n");
}

#[test]
fn a_key_from_a_command_or_a_file_serves_as_well_and_shows_as_little() {
    let upstream = guarded();
    let home = Home::new();
    let file = home.write("key", format!("{SECRET}\n"));
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    home.configure(&format!(
        "{}api_key_command = \"cat '{}'\"\n{}api_key_file = \"{}\"\n",
        upstream.settings("by_command"),
        file.display(),
        upstream.settings("by_file"),
        file.display(),
    ));

    for model in ["by_command/small", "by_file/small"] {
        home.llmc(["generate", "-m", model, "--refresh", "hi"]).prints("welcome\n").says_nothing();
        let ran = home.llmc(["generate", "-m", model, "leak"]).exits(4);
        assert_absent("what was printed", ran.err.as_bytes());
    }
    assert_absent("the log", home.log().as_bytes());
}

/// A shell that lets a program leave a core, wherever the machine does.
const LETS_DUMP: [&str; 3] = ["-c", "ulimit -c unlimited 2>/dev/null; exec \"$@\"", "sh"];

#[test]
fn a_command_that_crashes_with_a_key_leaves_no_core() {
    let upstream = Upstream::held("hello");
    let mut home = Home::with_upstream(&upstream);
    home.set("FAKE_API_KEY", SECRET);
    let crashes = [LLMC, "generate", "-m", "fake/small", "hi"];

    let mut running = Running::start(home.program("sh").args(LETS_DUMP).args(crashes));
    upstream.wait_for(1);
    signal(running.pid(), Signal::ABORT);

    assert!(!running.wait().core_dumped());
    upstream.release();
}

#[test]
fn a_program_that_is_run_leaves_the_cores_it_would_leave_anyway() {
    let home = Home::new();
    let limit = |before: &[&str]| {
        let words = before.iter().chain(&["grep", "core", "/proc/self/limits"]);
        Running::start(home.program("sh").args(LETS_DUMP).args(words)).end().ok().out
    };

    let alone = limit(&[]);

    assert_eq!(limit(&[LLMC, "exec", "-q", "--"]), alone);
    assert_eq!(limit(&[LLMC, "--no-daemon", "exec", "-q", "--"]), alone);
}

#[test]
fn no_process_that_holds_a_key_may_leave_a_core() {
    let home = Home::new();
    let filter = fs::read_to_string(format!("/proc/{}/coredump_filter", home.daemon())).unwrap();
    assert_eq!(filter.trim(), "00000000");
    let limits = fs::read_to_string(format!("/proc/{}/limits", home.daemon())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{core}");
}
