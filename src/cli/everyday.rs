//! The everyday forms of `llmc generate`, read without the definitions in [`args`](super::args): making those, and
//! looking through them, takes longer than all else that a hit does on this side. Knows a handful of flags and leaves
//! whatever is not plainly one of them to the parser, mistakes first of all. A test holds the two to each other.

use std::ffi::OsString;

use super::args::{Cli, Command, GenerateArgs, Global, finite};
use crate::config::Environment;
use crate::config::keys::VARIABLE_START;

/// Variables that the parser has nothing to do with, or that are read here. Where another is set, or one of these to
/// nothing, the parser says what that means.
const VARIABLES: [&str; 12] = [
    "LLMC_CONFIG",
    "LLMC_DATA_DIR",
    "LLMC_MODE",
    "LLMC_MODEL",
    "LLMC_NAMESPACE",
    "LLMC_NO_DAEMON",
    "LLMC_QUIET",
    "LLMC_REQUIRE_DAEMON",
    "LLMC_RUN",
    "LLMC_SOCKET",
    "LLMC_STATE_DIR",
    "LLMC_SYSTEM",
];

/// What was typed behind `llmc generate`, as the parser would have it; `None` where that is for the parser to say.
pub fn read(words: &[OsString], environment: &Environment) -> Option<Cli> {
    let mut set = environment.names_beginning(VARIABLE_START);
    if !set.all(|name| VARIABLES.contains(&name) && environment.variable(name).is_some()) {
        return None;
    }
    let mut words = words.iter().map(|word| word.to_str());
    let (mut global, mut generate) = (Global::default(), GenerateArgs::default());
    let asking = &mut generate.asking;
    while let Some(word) = words.next() {
        match word? {
            "-m" | "--model" => put(&mut asking.model, value(words.next()))?,
            "-s" | "--system" => put(&mut asking.system, value(words.next()))?,
            "-t" | "--temperature" => put(&mut asking.temperature, finite(&value(words.next())?).ok())?,
            "--max-tokens" => put(&mut asking.max_tokens, count(words.next()??))?,
            "--namespace" => put(&mut asking.namespace, value(words.next()))?,
            "--run" => put(&mut asking.run, value(words.next()))?,
            "--offline" => raise(&mut asking.offline)?,
            "--no-stdin" => raise(&mut generate.no_stdin)?,
            "--no-stream" => raise(&mut generate.no_stream)?,
            "-x" | "--extract" => raise(&mut generate.extract)?,
            "-u" | "--usage" => raise(&mut generate.usage)?,
            "-q" | "--quiet" => raise(&mut global.quiet)?,
            "--json" => raise(&mut global.json)?,
            "--" => {
                for word in words.by_ref() {
                    generate.prompt.push(word?.to_owned());
                }
            }
            other if other.starts_with('-') => return None,
            other => generate.prompt.push(other.to_owned()),
        }
    }
    global.config = environment.text("LLMC_CONFIG").ok()?.map(Into::into);
    global.socket = environment.text("LLMC_SOCKET").ok()?.map(Into::into);
    for (field, variable) in
        [(&mut asking.model, "LLMC_MODEL"), (&mut asking.namespace, "LLMC_NAMESPACE"), (&mut asking.run, "LLMC_RUN")]
    {
        let set = environment.text(variable).ok()?;
        *field = field.take().or_else(|| set.map(str::to_owned));
    }
    Some(Cli { global, command: Command::Generate(Box::new(generate)) })
}

/// A value that is one beyond doubt.
fn value(word: Option<Option<&str>>) -> Option<String> {
    word.flatten().filter(|word| !word.is_empty() && !word.starts_with('-')).map(str::to_owned)
}

/// A whole number in digits alone.
fn count(word: &str) -> Option<u64> {
    word.bytes().all(|byte| byte.is_ascii_digit()).then(|| word.parse().ok())?
}

/// Takes a value for a flag that was not typed before.
fn put<T>(field: &mut Option<T>, value: Option<T>) -> Option<()> {
    field.replace(value?).is_none().then_some(())
}

/// Takes a switch that was not typed before.
fn raise(field: &mut bool) -> Option<()> {
    (!std::mem::replace(field, true)).then_some(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::{CommandFactory, Parser};
    use proptest::prelude::*;

    use super::*;
    use crate::cli::behind_generate;

    fn read(words: &[OsString], environment: &Environment) -> Option<Cli> {
        super::read(behind_generate(words)?, environment)
    }

    fn nobodys() -> Environment {
        Environment::new::<&str, &str>([], None)
    }

    #[test]
    fn what_scripts_type_most_is_read() {
        for line in [
            "llmc generate hello",
            "llmc g -m echo/echo -t 0.5 -s brief --max-tokens 10 a b",
            "llmc generate --json -q -u --run r --namespace n --no-stdin -- -x --",
            "llmc generate --offline -x --no-stream hello",
            "llmc generate",
        ] {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            assert!(read(&words, &nobodys()).is_some(), "{line}");
        }
    }

    #[test]
    fn a_variable_counts_where_its_flag_is_not_typed() {
        let environment = Environment::new([("LLMC_MODEL", "echo/echo"), ("LLMC_SOCKET", "/s")], None);
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        let model = |line| {
            let cli = read(&words(line), &environment)?;
            let Command::Generate(generate) = cli.command else { return None };
            assert_eq!((generate.asking.run, cli.global.socket), (None, Some("/s".into())));
            generate.asking.model
        };

        assert_eq!(model("llmc g hello").as_deref(), Some("echo/echo"));
        assert_eq!(model("llmc g -m other hello").as_deref(), Some("other"));
    }

    #[test]
    fn a_variable_that_only_the_parser_knows_leaves_it_to_the_parser() {
        let mut read_here: BTreeSet<_> = VARIABLES.into();
        let command = Cli::command();
        let generate = command.find_subcommand("generate").unwrap();
        for flag in command.get_arguments().chain(generate.get_arguments()) {
            let Some(variable) = flag.get_env().and_then(|name| name.to_str()) else { continue };
            let taken = ["LLMC_CONFIG", "LLMC_MODEL", "LLMC_NAMESPACE", "LLMC_RUN", "LLMC_SOCKET"].contains(&variable);
            let environment = Environment::new([(variable, "1")], None);
            let words = ["llmc", "g", "hello"].map(OsString::from);

            assert_eq!(read(&words, &environment).is_some(), taken, "{variable}");
            assert_eq!(read_here.remove(variable), taken, "{variable}");
        }
    }

    fn word() -> impl Strategy<Value = String> {
        let flags = [
            "-m",
            "--model",
            "-s",
            "--system",
            "-t",
            "--temperature",
            "--max-tokens",
            "--namespace",
            "--run",
            "--offline",
            "--no-stdin",
            "--no-stream",
            "-x",
            "--extract",
            "-u",
            "--usage",
            "-q",
            "--quiet",
            "--json",
            "--",
            "-",
            "-v",
            "--model=a",
            "-ma",
            "-xu",
            "--raw",
            "--stream",
            "--refresh",
            "--help",
            "--no",
            "-h",
            "-V",
            "--wait",
            "-f",
        ];
        let values =
            ["hello", "", "0.5", "-1", "+1", "10", "nan", "1e400", "99999999999999999999", " ", "help", "a=b", "ü"];
        prop_oneof![
            4 => proptest::sample::select(flags.to_vec()).prop_map(str::to_owned),
            4 => proptest::sample::select(values.to_vec()).prop_map(str::to_owned),
            1 => ".{0,4}",
        ]
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_read_as_the_parser_reads_it(typed in proptest::collection::vec(word(), 0..8)) {
            let words: Vec<OsString> =
                ["llmc", "generate"].into_iter().map(str::to_owned).chain(typed).map(OsString::from).collect();

            // The parser sees the variables of the process, too.
            if let Some(cli) = read(&words, &Environment::of_process()) {
                let parsed = Cli::try_parse_from(&words).map_err(|error| error.to_string());
                prop_assert_eq!(Ok(format!("{cli:?}")), parsed.map(|cli| format!("{cli:?}")));
            }
        }
    }
}
