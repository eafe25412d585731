//! What a shell and its user expect of any program: readers that leave, Ctrl-C, bytes that are no text, quiet, and a hint
//! where something is misspelt.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::ExitStatusExt;

use super::home::Home;
use super::signal;
use super::upstream::Upstream;

#[test]
fn quiet_is_quiet_whatever_is_done() {
    let home = Home::new();
    home.write("prompts", "a\nb\n");
    let commands: [&[&str]; 18] = [
        &["generate", "-u", "hi"],
        &["generate", "-u", "--no-daemon", "ho"],
        &["batch", "prompts", "--lines"],
        &["exec", "--", "true"],
        &["session", "create", "--id", "s"],
        &["session", "delete", "s"],
        &["cache", "list"],
        &["cache", "export", "out"],
        &["cache", "import", "out"],
        &["cache", "purge", "--all"],
        &["models"],
        &["providers"],
        &["limits"],
        &["stats"],
        &["doctor", "--offline"],
        &["config", "set", "cache.ttl", "7d"],
        &["man", "pages"],
        &["daemon", "restart"],
    ];
    for words in commands {
        home.llmc([&["-q"], words].concat()).ok().says_nothing();
        let mut by_variable = home.command(words);
        by_variable.env("LLMC_QUIET", "1");
        if words[0] != "session" {
            super::home::Running::start(&mut by_variable).end().ok().says_nothing();
        }
    }
    home.llmc(["-q", "generate", "--offline", "never asked"]).exits(3).says("no answer is kept");
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let home = Home::new();
    for command in ["models", "config show", "--help", "man", "completions bash", "doctor --offline"] {
        let script = format!("{{ llmc {command}; echo \"code $?\" >&2; }} | head -n 1");
        let ran = home.shell(&script).ok();

        assert_eq!(ran.out.lines().count(), 1, "{command}");
        let said: Vec<&str> = ran.err.lines().filter(|line| !line.contains("stand")).collect();
        assert!(said.last() == Some(&"code 0"), "{command}: {}", ran.err);
        assert!(!ran.err.contains("panicked") && !ran.err.contains("Broken pipe"), "{command}: {}", ran.err);
    }
}

#[test]
fn ctrl_c_ends_a_call_as_an_interrupted_program_ends() {
    let upstream = Upstream::held("late");
    let home = Home::with_upstream(&upstream);
    let mut asking = home.start(["generate", "-m", "fake/small", "hi"]);
    upstream.wait_for(1);

    signal(asking.pid(), rustix::process::Signal::INT);

    // A shell shows it as 130.
    let status = asking.wait();
    assert_eq!(status.signal().map_or(status.code(), |signal| Some(128 + signal)), Some(130), "{status}");
    upstream.release();
}

#[test]
fn bytes_that_are_no_text_are_refused_in_a_prompt_and_taken_in_a_path() {
    let home = Home::new();
    let odd = OsStr::from_bytes(b"odd-\xff\xfe");

    home.llmc([OsStr::new("generate"), odd]).fails(2, "UTF-8");
    home.llmc([OsStr::new("generate"), OsStr::new("-O"), odd, OsStr::new("hi")]).ok();
    let file = home.path("work").join(odd);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "hi\n");
    home.llmc([OsStr::new("generate"), OsStr::new("--no-stdin"), OsStr::new("-f"), file.as_os_str()]).ok();
    home.llmc([OsStr::new("--config"), odd, OsStr::new("generate"), OsStr::new("hi")]).exits(2);
}

#[test]
fn a_locale_without_utf_8_changes_no_byte() {
    let mut home = Home::new();
    let prompt = "\u{fc}ber \u{65e5}\u{672c} \u{1f600}";
    for locale in ["C", "POSIX", "de_DE.ISO-8859-1", "nonsense"] {
        home.set("LC_ALL", locale).set("LANG", locale);
        home.llmc(["generate", prompt]).prints(format!("{prompt}\n")).says_nothing();
    }
}

#[test]
fn a_variable_that_is_no_text_is_named() {
    let mut home = Home::new();
    home.set("LLMC_CACHE_TTL", OsStr::from_bytes(b"\xff"));

    home.llmc(["generate", "hi"]).fails(2, "LLMC_CACHE_TTL");
}

#[test]
fn what_is_misspelt_is_met_with_what_was_meant() {
    let home = Home::new();

    home.llmc(["generat", "hi"]).fails(2, "generat").hints("generate");
    home.llmc(["generate", "--ofline", "hi"]).fails(2, "--ofline").hints("--offline");
    home.llmc(["daemon", "restrt"]).fails(2, "restrt").hints("restart");
    home.llmc(["config", "get", "cache.tll"]).fails(2, "cache.tll").hints("cache.ttl");
    home.llmc(["models", "nope"]).prints("").says("no model known here has `nope` in its name");
    home.llmc(["generate", "-m", "opnai/gpt-4o", "hi"]).fails(2, "opnai").hints("openai");
}

#[test]
fn no_colour_where_none_is_wanted() {
    let mut home = Home::new();
    let has_colour = |home: &Home| home.llmc(["doctor", "--offline"]).ok().out.contains('\u{1b}');
    assert!(!has_colour(&home), "a pipe has none");

    home.set("CLICOLOR_FORCE", "1");
    assert!(has_colour(&home));
    home.set("NO_COLOR", "1");
    assert!(!has_colour(&home));
    home.set("LLMC_COLOR", "always");
    assert!(has_colour(&home), "what is said of llmc itself counts more");
}
