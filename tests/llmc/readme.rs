//! What the README shows can be typed, and its tables leave nothing out.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use llmc::api::workflow::WorkflowSource;
use llmc::cli;
use llmc::config::{self, Environment};
use llmc::error::Kind;
use llmc::workflow;

use crate::manuals::calls;

fn readme() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

/// The insides of the fenced blocks in this language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let fence = format!("\n```{language}\n");
    text.split(&fence).skip(1).map(|rest| rest.split("\n```").next().unwrap().to_owned()).collect()
}

#[test]
fn every_command_in_the_readme_can_be_typed() {
    let readme = readme();
    let typed = blocks(&readme, "sh").into_iter().chain(blocks(&readme, "console"));
    let lines: Vec<String> = typed.flat_map(|block| block.lines().map(str::to_owned).collect::<Vec<_>>()).collect();

    let calls: Vec<Vec<String>> = lines.iter().flat_map(|line| calls(line.trim().trim_start_matches("$ "))).collect();

    assert!(calls.len() > 20, "{calls:?}");
    for call in calls {
        let parsed = cli::command().try_get_matches_from(&call);
        assert!(parsed.is_ok(), "the README shows what cannot be typed: {call:?}\n{}", parsed.unwrap_err());
    }
}

#[test]
fn the_settings_and_workflows_in_the_readme_are_sound() {
    let folder = tempfile::tempdir().unwrap();
    let (workflows, settings): (Vec<String>, Vec<String>) =
        blocks(&readme(), "toml").into_iter().partition(|text| text.contains("[[step]]"));
    assert!(!settings.is_empty() && !workflows.is_empty());
    for text in workflows {
        let file = workflow::read("the README", WorkflowSource::Toml(text)).unwrap();
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
fn the_readme_names_every_exit_code_variable_and_path() {
    let readme = readme();
    let missing = |names: BTreeSet<String>| -> Vec<String> {
        names.into_iter().filter(|name| !readme.contains(name.as_str())).collect()
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

fn note_variables(command: &clap::Command, names: &mut BTreeSet<String>) {
    let own = command.get_arguments().filter_map(|argument| argument.get_env());
    names.extend(own.map(|name| format!("`{}`", name.to_string_lossy())));
    command.get_subcommands().for_each(|sub| note_variables(sub, names));
}
