//! Every flag has its variable, or a reason to have none.

use std::collections::BTreeSet;

use clap::Command;
use llmc::cli;
use llmc::config::keys;

/// Flags of `generate` that are of one call and no other, or have a setting's variable instead.
const WITHOUT: [(&str, &str); 24] = [
    ("system_file", "`LLMC_SYSTEM` has the text"),
    ("file", "part of one prompt"),
    ("attachment", "part of one prompt"),
    ("fallback", "`LLMC_ROUTING_FALLBACK` is the setting's"),
    ("no_fallback", "an empty `LLMC_ROUTING_FALLBACK` says it"),
    ("stop", "may be given again, which a variable cannot"),
    ("schema", "of one prompt: others would not fit it"),
    ("schema_retries", "goes with `--schema`"),
    ("option", "may be given again, which a variable cannot"),
    ("sample", "chooses one of several answers to one prompt"),
    ("offline", "`LLMC_MODE=replay`"),
    ("refresh", "`LLMC_MODE=refresh`"),
    ("no_cache", "`LLMC_MODE=off`"),
    ("session", "of one conversation: every other call would become part of it"),
    ("continue_last", "of one conversation: every other call would become part of it"),
    ("dry_run", "a script would take what it prints for an answer"),
    ("stream", "of where one answer goes"),
    ("no_stream", "of where one answer goes"),
    ("extract", "of what is to be done with one answer"),
    ("raw", "of what is to be done with one answer"),
    ("output", "of where one answer goes"),
    ("prompt", "it is what is asked"),
    ("help", "asks for help"),
    ("version", "asks for the version"),
];

#[test]
fn every_flag_of_all_commands_and_of_generate_has_a_variable_or_a_reason_to_have_none() {
    let command = cli::command();
    let generate = command.find_subcommand("generate").unwrap();

    let flags = command.get_arguments().chain(generate.get_arguments());
    let bare: Vec<String> = flags
        .filter(|flag| {
            let told = flag.get_help().map(ToString::to_string).unwrap_or_default();
            let has_variable = flag.get_env().is_some() || told.contains("[env: LLMC_");
            !has_variable && !WITHOUT.iter().any(|(name, _)| *name == flag.get_id().as_str())
        })
        .map(|flag| flag.get_id().to_string())
        .collect();

    assert!(bare.is_empty(), "give these a variable, or a reason to have none: {bare:?}");
}

#[test]
fn no_flag_has_both_a_variable_and_a_reason_to_have_none() {
    let command = cli::command();
    let generate = command.find_subcommand("generate").unwrap();

    for (name, reason) in WITHOUT {
        let flag = generate.get_arguments().find(|flag| flag.get_id() == name);
        assert!(
            flag.is_some_and(|flag| flag.get_env().is_none()) || ["help", "version"].contains(&name),
            "{name}: {reason}"
        );
    }
}

fn variables_of(command: &Command, found: &mut BTreeSet<String>) {
    for flag in command.get_arguments() {
        found.extend(flag.get_env().map(|name| name.to_string_lossy().into_owned()));
        let told = flag.get_help().map(ToString::to_string).unwrap_or_default();
        found.extend(told.split("[env: ").skip(1).filter_map(|rest| Some(rest.split([']', ',']).next()?.to_owned())));
    }
    command.get_subcommands().for_each(|command| variables_of(command, found));
}

#[test]
fn every_variable_of_a_flag_or_in_the_readme_is_known() {
    let mut named = BTreeSet::new();
    variables_of(&cli::command(), &mut named);
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let is_of_name = |letter: char| letter.is_ascii_uppercase() || letter == '_';
    named
        .extend(readme.split(|letter| !is_of_name(letter)).filter(|word| word.starts_with("LLMC_")).map(str::to_owned));

    let known: BTreeSet<&str> = keys::variables().collect();

    // The README stands for all of them with a pattern.
    let unknown: Vec<_> = named.iter().filter(|name| !known.contains(name.as_str()) && *name != "LLMC_").collect();
    assert!(unknown.is_empty(), "add these to the known ones: {unknown:?}");
}
