//! What is committed below `man/` and `completions/` is what the commands would write today, and is sound.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use llmc::cli;

/// Each script, the name its shell has on the command line, and how that shell checks it without running it.
const SCRIPTS: [(&str, &str, Option<[&str; 2]>); 5] = [
    ("llmc.bash", "bash", Some(["bash", "-n"])),
    ("_llmc", "zsh", Some(["zsh", "-n"])),
    ("llmc.fish", "fish", Some(["fish", "--no-execute"])),
    ("llmc.elv", "elvish", Some(["elvish", "-compileonly"])),
    ("llmc.ps1", "powershell", None),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn committed(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_default()
}

fn names_below(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[track_caller]
fn same(path: &str, written: &str) {
    assert!(committed(path) == written, "`{path}` is not what the commands would write: run `just man` and commit it");
}

/// Whether a program is here; one that is not is told, so that a skip is not taken for a pass.
#[allow(clippy::print_stderr)]
fn has(program: &str) -> bool {
    let found =
        std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|at| at.join(program).is_file()));
    if !found {
        eprintln!("SKIPPED: `{program}` is not here, so its part was not checked");
    }
    found
}

#[test]
fn man_pages_are_in_step_with_the_commands() {
    let pages = llmc::program::man_pages().unwrap();

    for (name, page) in &pages {
        same(&format!("man/{name}"), page);
    }
    let names: BTreeSet<String> = pages.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names_below("man"), names, "a page has no command: remove it");
}

#[test]
fn completions_are_in_step_with_the_commands() {
    for (file, shell, _) in SCRIPTS {
        same(&format!("completions/{file}"), &cli::completion_script(shell.parse().unwrap()));
    }
    assert_eq!(names_below("completions"), SCRIPTS.map(|(file, ..)| file.to_owned()).into());
}

#[test]
fn completions_are_read_by_their_shells() {
    let checked: Vec<[&str; 3]> =
        SCRIPTS.iter().filter_map(|(file, _, check)| check.map(|[program, flag]| [program, flag, *file])).collect();
    for [program, flag, file] in checked.into_iter().filter(|[program, ..]| has(program)) {
        let ended = Command::new(program)
            .arg(flag)
            .arg(root().join("completions").join(file))
            .stdin(Stdio::null())
            .output()
            .unwrap();

        assert!(ended.status.success(), "{program} cannot read {file}: {}", String::from_utf8_lossy(&ended.stderr));
    }
}

#[test]
fn man_pages_are_rendered_without_a_warning() {
    for (name, page) in llmc::program::man_pages().unwrap() {
        assert!(page.is_ascii(), "{name} says what not every terminal shows");
    }
    if !has("groff") {
        return;
    }
    let pages = fs::read_dir(root().join("man")).unwrap().map(|entry| entry.unwrap().path());
    let rendered =
        Command::new("groff").args(["-man", "-Tascii", "-ww", "-z"]).args(pages).stdin(Stdio::null()).output().unwrap();

    assert!(rendered.status.success());
    assert_eq!(String::from_utf8_lossy(&rendered.stderr), "");
}

/// Everything that is shown after the flags of a command and of those below it, with the words that call it.
fn appendices(command: &clap::Command, words: &str, found: &mut Vec<(String, String)>) {
    let text = command.get_after_long_help().or_else(|| command.get_after_help());
    found.push((words.to_owned(), text.map(ToString::to_string).unwrap_or_default()));
    for sub in command.get_subcommands() {
        appendices(sub, &format!("{words} {}", sub.get_name()), found);
    }
}

/// The calls of llmc in a line of shell, as words. Knows quotes, pipes, `&&`, redirections and comments, as the examples use them.
pub fn calls(line: &str) -> Vec<Vec<String>> {
    let mut all = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut quote = None;
    for character in line.replace("&&", "|").chars().chain([' ']) {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (Some(_), _) => word.get_or_insert_default().push(character),
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, '#') if word.is_none() => break,
            (None, '|' | '>') => all.push(Vec::new()),
            (None, ' ') => all.last_mut().unwrap().extend(word.take()),
            (None, _) => word.get_or_insert_default().push(character),
        }
    }
    let skip_variables =
        |words: Vec<String>| words.into_iter().skip_while(|word| word.contains('=')).collect::<Vec<_>>();
    all.into_iter().map(skip_variables).filter(|words| words.first().is_some_and(|word| word == "llmc")).collect()
}

#[test]
fn every_command_shows_examples_and_each_can_be_typed() {
    let mut found = Vec::new();
    appendices(&cli::command(), "llmc", &mut found);

    for (words, text) in found {
        let examples = text.split_once("Examples:\n").map(|(_, rest)| rest.split("\n\n").next().unwrap());
        let examples = examples.unwrap_or_else(|| panic!("`{words}` shows no examples"));
        let calls: Vec<Vec<String>> = examples.lines().flat_map(|line| calls(line.trim())).collect();

        assert!(calls.is_empty() == (words == "llmc config path"), "`{words}` has no example of a call: {examples}");
        for call in calls {
            let parsed = cli::command().try_get_matches_from(&call);
            assert!(parsed.is_ok(), "`{words}` shows what cannot be typed: {call:?}\n{}", parsed.unwrap_err());
        }
    }
}

#[test]
fn every_command_and_flag_is_explained() {
    fn check(command: &clap::Command, words: &str) {
        for argument in command.get_arguments() {
            assert!(argument.get_help().is_some(), "`{words}` does not explain `{}`", argument.get_id());
        }
        for sub in command.get_subcommands() {
            let name = sub.get_name();
            assert!(sub.get_about().is_some(), "`{words}` does not explain `{name}`");
            check(sub, &format!("{words} {name}"));
        }
    }

    check(&cli::command(), "llmc");
}
