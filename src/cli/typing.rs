//! What was typed and could not be understood, told like any other error; and which variable counts beside which flag.

use std::ffi::OsString;

use clap::CommandFactory;
use clap::error::ErrorKind;

use super::args::{Cli, Global};
use super::screen::{Screen, harmless};
use crate::config::Environment;
use crate::config::keys::{VARIABLE_START, meant_variable};
use crate::error::{Error, Kind};

/// Help and version go to standard output; a mistake is an error like any other. Returns the exit code.
pub fn explain(error: &clap::Error, environment: &Environment) -> u8 {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // Fails where the reader has gone; then there is nobody to tell.
            let _ = error.print();
            0
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            Kind::Usage.exit_code()
        }
        _ => {
            let json = std::env::args_os().any(|argument| argument == "--json") || is_set(environment, "LLMC_JSON");
            Screen::new(&Global { json, ..Global::default() }, environment)
                .error(&mistake(&error.render().to_string(), &typed_command(std::env::args_os().skip(1))));
            Kind::Usage.exit_code()
        }
    }
}

/// The command that was typed, as far as there is one.
fn typed_command(words: impl Iterator<Item = OsString>) -> String {
    let mut command = Cli::command();
    let mut typed = command.get_name().to_owned();
    for word in words {
        if let Some(below) = command.find_subcommand(&word) {
            typed = format!("{typed} {}", below.get_name());
            command = below.clone();
        }
    }
    typed
}

/// The parser's own words as one of llmc's errors: its first paragraph is what is wrong, its tips are what to do.
fn mistake(explained: &str, typed: &str) -> Error {
    let in_one_line = |part: &str| part.split_whitespace().collect::<Vec<_>>().join(" ");
    let paragraphs: Vec<String> = explained.split("\n\n").map(in_one_line).collect();
    let first = paragraphs.first().map_or("", String::as_str);
    let error = Error::new(Kind::Usage, first.strip_prefix("error: ").unwrap_or(first));
    let told = |prefix: &str| paragraphs.iter().find_map(|part| part.strip_prefix(prefix));
    let tip = told("tip: ").map(|tip| tip.replace(" tip: ", "; "));
    let hint = match tip {
        Some(tip) if tip.contains("similar") => tip,
        Some(tip) => format!("{}; {tip}", help_of(told("Usage: ").unwrap_or(typed))),
        None => help_of(told("Usage: ").unwrap_or(typed)),
    };
    error.hint(hint)
}

/// Where help is, for a command with this usage.
fn help_of(usage: &str) -> String {
    let words = usage.split(' ').take_while(|word| !word.starts_with(['[', '<', '-']));
    let flag = words.chain(["--help"]).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    format!("`{flag}` shows what can be typed")
}

/// Lets variables stand for the flags that contradict each other. A flag that was typed silences the variable of the
/// other, which is why the parser is not told of these variables.
pub fn complete(global: &mut Global, environment: &Environment) {
    if !global.quiet && !global.verbose {
        global.quiet = is_set(environment, "LLMC_QUIET");
        global.verbose = !global.quiet && is_set(environment, "LLMC_VERBOSE");
    }
    if !global.no_daemon && !global.require_daemon {
        global.no_daemon = is_set(environment, "LLMC_NO_DAEMON");
        global.require_daemon = !global.no_daemon && is_set(environment, "LLMC_REQUIRE_DAEMON");
    }
}

/// Warns of variables that were most likely meant to be llmc's own, and count for nothing.
pub fn warn_of_misspelled(environment: &Environment, screen: &Screen) {
    for name in environment.names_beginning(VARIABLE_START) {
        if let Some(meant) = meant_variable(name) {
            screen.warn(format_args!("`{}` is no variable of llmc's; did you mean `{meant}`?", harmless(name)));
        }
    }
}

/// True where a variable says yes, by the rule the parser has for the other switches.
fn is_set(environment: &Environment, variable: &str) -> bool {
    let value = environment.variable(variable).and_then(|value| value.to_str()).unwrap_or_default().to_lowercase();
    !matches!(value.as_str(), "" | "n" | "no" | "f" | "false" | "off" | "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_reads_like_any_other_error() {
        let error = mistake(
            "error: unexpected argument '--ofline' found\n\n  tip: a similar argument exists: '--offline'\n\n\
             Usage: llmc generate [OPTIONS]\n\nFor more information, try '--help'.\n",
            "llmc",
        );
        assert_eq!(error.to_string(), "unexpected argument '--ofline' found");
        assert_eq!(error.hint_text(), Some("a similar argument exists: '--offline'"));

        let error = mistake(
            "error: invalid value 'x' for '--mode <MODE>'\n  [possible values: auto, off]\n\nFor more\n",
            "llmc batch",
        );
        assert_eq!(error.to_string(), "invalid value 'x' for '--mode <MODE>' [possible values: auto, off]");
        assert_eq!(error.hint_text(), Some("`llmc batch --help` shows what can be typed"));

        let error = mistake(
            "error: unexpected argument '--bogus' found\n\n  tip: to pass '--bogus' as a value, use '-- --bogus'\n\n\
             Usage: llmc session create [OPTIONS]\n\nFor more information, try '--help'.\n",
            "llmc",
        );
        let hint = error.hint_text().unwrap();
        assert!(hint.starts_with("`llmc session create --help` shows what can be typed; to pass"), "{hint}");
    }

    #[test]
    fn the_command_that_was_meant_is_the_last_that_was_typed() {
        for (line, command) in [
            ("generate --mode x batch", "llmc generate"),
            ("-q session create --ttl x", "llmc session create"),
            ("--bogus", "llmc"),
        ] {
            assert_eq!(typed_command(line.split(' ').map(OsString::from)), command, "{line}");
        }
    }

    #[test]
    fn a_typed_flag_silences_the_variable_of_its_opposite() {
        let variables = [("LLMC_QUIET", "1"), ("LLMC_REQUIRE_DAEMON", "yes"), ("LLMC_NO_DAEMON", "0")];
        let environment = Environment::new(variables, None);

        let mut untyped = Global::default();
        complete(&mut untyped, &environment);
        let mut typed = Global { verbose: true, no_daemon: true, ..Global::default() };
        complete(&mut typed, &environment);

        assert!(untyped.quiet && !untyped.verbose && untyped.require_daemon && !untyped.no_daemon);
        assert!(typed.verbose && !typed.quiet && typed.no_daemon && !typed.require_daemon);
    }
}
