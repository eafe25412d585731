//! Completions and man pages, made from the same definitions as the help.

mod reference;

use std::fs;
use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};
use serde_json::Value;

use super::args::Cli;
use super::screen::Screen;
use crate::error::{Error, Kind, Result};

/// The whole command, for whoever makes something of it.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Prints a completion script.
pub fn completions(shell: Shell, screen: &Screen) -> Result<()> {
    screen.piece(&completion_script(shell))
}

/// A completion script.
pub fn completion_script(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(), "llmc", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// Prints `llmc(1)`, or writes all pages. `document` is the API as OpenAPI has it.
pub fn man(folder: Option<&Path>, document: &Value, screen: &Screen) -> Result<()> {
    let pages = man_pages(document)?;
    let Some(folder) = folder else {
        return pages.iter().find(|(name, _)| name == "llmc.1").map_or(Ok(()), |(_, page)| screen.piece(page));
    };
    let is_command = |name: &str| command().get_subcommands().any(|known| known.get_name() == name);
    if let Some(name) = folder.to_str().filter(|name| is_command(name) && !folder.exists()) {
        return Err(Error::new(Kind::Usage, format!("`{name}` is a command, and `llmc man` takes a folder"))
            .hint(format!("`man llmc-{name}` shows its page; `llmc man ./{name}` writes all pages there")));
    }
    let cannot = |error| Error::new(Kind::Other, format!("cannot write to `{}`", folder.display())).because(error);
    fs::create_dir_all(folder).map_err(cannot)?;
    for (name, page) in &pages {
        fs::write(folder.join(name), page).map_err(cannot)?;
    }
    screen.note(format_args!("{} pages written to {}", pages.len(), folder.display()));
    Ok(())
}

/// Every page, its file name and its text: one for every command, and those on settings, API and exit codes.
pub fn man_pages(document: &Value) -> Result<Vec<(String, String)>> {
    let mut pages = Vec::new();
    collect(&command(), &["llmc"], &mut pages)?;
    pages.extend([
        ("llmc-config.5".to_owned(), reference::config()),
        ("llmc-api.7".to_owned(), reference::api(document)),
        ("llmc-exit-codes.7".to_owned(), reference::exit_codes()),
    ]);
    Ok(pages)
}

fn collect(command: &clap::Command, words: &[&str], pages: &mut Vec<(String, String)>) -> Result<()> {
    let page =
        page(command, words).map_err(|error| Error::new(Kind::Other, "cannot write a man page").because(error))?;
    pages.push((format!("{}.1", words.join("-")), page));
    let visible = command.get_subcommands().filter(|sub| !sub.is_hide_set());
    visible.into_iter().try_for_each(|sub| collect(sub, &[words, &[sub.get_name()]].concat(), pages))
}

/// A page on the command these words call. The flags that go with every command are on the first page only.
fn page(command: &clap::Command, words: &[&str]) -> std::io::Result<String> {
    let is_first = words.len() == 1;
    let name = words.join("-");
    let mut whole =
        command.clone().bin_name(words.join(" ")).disable_help_subcommand(true).disable_version_flag(!is_first);
    let usage = whole.render_usage().to_string();
    let whole = whole
        .display_name(name.clone())
        .override_usage(usage.trim_start_matches("Usage: ").to_owned())
        .disable_help_flag(!is_first)
        .subcommand_help_heading("COMMANDS");
    let has_commands = whole.has_subcommands();
    let has_flags = is_first || whole.get_arguments().any(|argument| !argument.is_hide_set());
    let after = command.get_after_long_help().or_else(|| command.get_after_help()).map(ToString::to_string);
    let man = Man::new(whole)
        .title(name.to_uppercase())
        .section("1")
        .manual("llmc manual")
        .source(format!("llmc {}", env!("CARGO_PKG_VERSION")));

    let mut text = Vec::new();
    man.render_title(&mut text)?;
    man.render_name_section(&mut text)?;
    man.render_synopsis_section(&mut text)?;
    man.render_description_section(&mut text)?;
    if has_commands {
        man.render_subcommands_section(&mut text)?;
    }
    if has_flags {
        man.render_options_section(&mut text)?;
    }
    let mut end = Roff::new();
    sections(&after.unwrap_or_default(), &mut end);
    end.control("SH", ["SEE ALSO"]);
    if is_first {
        let others = [("llmc-config", "(5), "), ("llmc-api", "(7), "), ("llmc-exit-codes", "(7)")];
        end.text(others.into_iter().flat_map(|(page, number)| [bold(page), roman(number)]).collect::<Vec<_>>());
    } else {
        end.text([bold("llmc"), roman("(1), for the flags that go with every command")]);
    }
    end.to_writer(&mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// Each heading of an appendix as a section, its lines as they are.
fn sections(appendix: &str, page: &mut Roff) {
    let mut is_open = false;
    for line in appendix.lines() {
        let heading = line.strip_suffix(':').filter(|heading| !heading.starts_with(' '));
        let Some(heading) = heading else {
            let text = line.strip_prefix("  ").unwrap_or(line);
            match (is_open, text.is_empty()) {
                (true, _) => page.text([roman(text)]),
                (false, false) => page.control("PP", []).text([roman(text)]),
                (false, true) => page,
            };
            continue;
        };
        if is_open {
            page.control("fi", []);
        }
        let (heading, rest) = heading.split_once(" (").map_or((heading, None), |(heading, rest)| (heading, Some(rest)));
        page.control("SH", [heading.to_uppercase().as_str()]);
        if let Some(rest) = rest {
            page.text([roman(rest.trim_end_matches(')'))]);
            page.control("PP", []);
        }
        page.control("nf", []);
        is_open = true;
    }
    if is_open {
        page.control("fi", []);
    }
}
