//! Completions and man pages, made from the same definitions as the help.

use std::fs;
use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;

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

/// Prints `llmc(1)`, or writes a page for every command.
pub fn man(folder: Option<&Path>, screen: &Screen) -> Result<()> {
    let pages = man_pages()?;
    let Some(folder) = folder else {
        return pages.iter().find(|(name, _)| name == "llmc.1").map_or(Ok(()), |(_, page)| screen.piece(page));
    };
    let cannot = |error| Error::new(Kind::Other, format!("cannot write to `{}`", folder.display())).because(error);
    fs::create_dir_all(folder).map_err(cannot)?;
    for (name, page) in &pages {
        fs::write(folder.join(name), page).map_err(cannot)?;
    }
    screen.note(format_args!("{} pages written to {}", pages.len(), folder.display()));
    Ok(())
}

/// Every page: its file name and its text.
pub fn man_pages() -> Result<Vec<(String, String)>> {
    let mut whole = command();
    whole.build();
    let mut pages = Vec::new();
    collect(&whole, "llmc", &mut pages)?;
    Ok(pages)
}

fn collect(command: &clap::Command, name: &str, pages: &mut Vec<(String, String)>) -> Result<()> {
    let title = name.to_owned();
    let page = clap_mangen::Man::new(command.clone().name(title.clone()).bin_name(title.replace('-', " ")))
        .title(title.to_uppercase())
        .section("1")
        .manual("llmc manual")
        .source(format!("llmc {}", env!("CARGO_PKG_VERSION")));
    let mut text = Vec::new();
    page.render(&mut text).map_err(|error| Error::new(Kind::Other, "cannot write a man page").because(error))?;
    pages.push((format!("{name}.1"), String::from_utf8_lossy(&text).into_owned()));
    let visible = command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help");
    visible.into_iter().try_for_each(|sub| collect(sub, &format!("{name}-{}", sub.get_name()), pages))
}
