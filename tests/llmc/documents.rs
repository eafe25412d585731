//! What the README and the pages below `docs/` show can be typed, their links lead somewhere, and their tables leave nothing
//! out. `tests/docs.sh` also runs what they show.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use llmc::api::workflow::WorkflowSource;
use llmc::cli;
use llmc::config::{self, Environment};
use llmc::error::Kind;
use llmc::workflow;

use crate::manuals::calls;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The README and the pages below `docs/`, with their places.
fn pages() -> Vec<(PathBuf, String)> {
    let below = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let pages = below.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    let all = [root().join("README.md")].into_iter().chain(pages);
    all.map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

fn text() -> String {
    pages().into_iter().map(|(_, page)| page).collect()
}

/// The insides of the fenced blocks in this language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let fence = format!("\n```{language}\n");
    text.split(&fence).skip(1).map(|rest| rest.split("\n```").next().unwrap().to_owned()).collect()
}

#[test]
fn every_command_that_is_shown_can_be_typed() {
    let text = text();
    let typed = blocks(&text, "sh").into_iter().chain(blocks(&text, "console"));
    let lines: Vec<String> = typed.flat_map(|block| block.lines().map(str::to_owned).collect::<Vec<_>>()).collect();

    let calls: Vec<Vec<String>> = lines.iter().flat_map(|line| calls(line.trim().trim_start_matches("$ "))).collect();

    assert!(calls.len() > 20, "{calls:?}");
    for call in calls {
        let parsed = cli::command().try_get_matches_from(&call);
        assert!(parsed.is_ok(), "a page shows what cannot be typed: {call:?}\n{}", parsed.unwrap_err());
    }
}

#[test]
fn the_settings_and_workflows_that_are_shown_are_sound() {
    let folder = tempfile::tempdir().unwrap();
    let (workflows, settings): (Vec<String>, Vec<String>) =
        blocks(&text(), "toml").into_iter().partition(|text| text.contains("[[step]]"));
    assert!(!settings.is_empty() && !workflows.is_empty());
    for text in workflows {
        let file = workflow::read("a page", WorkflowSource::Toml(text)).unwrap();
        assert_eq!(workflow::check(&file), [""; 0]);
    }

    for text in settings {
        let path = folder.path().join("config.toml");
        fs::write(&path, &text).unwrap();
        let environment = Environment::new([("LLMC_CONFIG", &path)], Some(folder.path().to_owned()));

        let resolved = config::load(&environment).unwrap_or_else(|error| panic!("{error}:\n{text}"));

        assert!(resolved.warnings.is_empty(), "{:?}", resolved.warnings);
    }
}

#[test]
fn every_exit_code_variable_and_path_is_named() {
    let text = text();
    let missing = |names: BTreeSet<String>| -> Vec<String> {
        names.into_iter().filter(|name| !text.contains(name.as_str())).collect()
    };

    let codes = Kind::ALL.iter().map(|kind| format!("\n| {} |", kind.exit_code())).collect();
    let mut variables = BTreeSet::new();
    note_variables(&cli::command(), &mut variables);
    let routes = include_str!("../../src/daemon/router.rs").split(".route(\"").skip(1);
    let paths: BTreeSet<String> = routes.map(|route| format!("{}`", route.split('"').next().unwrap())).collect();
    assert!(!paths.is_empty());

    assert_eq!(missing(codes), [""; 0]);
    assert_eq!(missing(variables), [""; 0]);
    assert_eq!(missing(paths), [""; 0]);
}

/// What a heading is called in a link to it.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(' ', "-");
    kept.chars().filter(|letter| letter.is_alphanumeric() || "-_".contains(*letter)).collect()
}

#[test]
fn every_link_to_a_page_or_a_file_leads_there() {
    for (path, page) in pages() {
        let links = page.split("](").skip(1).map(|rest| rest.split(')').next().unwrap());
        for link in links.filter(|link| !link.contains("://")) {
            let (file, place) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { path.clone() } else { path.parent().unwrap().join(file) };
            assert!(target.exists(), "{}: `{link}` leads nowhere", path.display());
            let there = |text: String| text.lines().any(|line| anchor(line.trim_start_matches(['#', ' '])) == place);
            assert!(
                place.is_empty() || there(fs::read_to_string(target).unwrap()),
                "{}: `{link}` has no such heading",
                path.display()
            );
        }
    }
}

fn note_variables(command: &clap::Command, names: &mut BTreeSet<String>) {
    let own = command.get_arguments().filter_map(|argument| argument.get_env());
    names.extend(own.map(|name| format!("`{}`", name.to_string_lossy())));
    command.get_subcommands().for_each(|sub| note_variables(sub, names));
}
