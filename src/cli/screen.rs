//! The only printer: answers to standard output, everything else to standard error, nothing that could harm a terminal.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::args::{Global, When};
use crate::api::problem::Problem;
use crate::config::Environment;
use crate::error::{Error, Kind, Result};

/// How often a spinner turns.
const TURN_EVERY: Duration = Duration::from_millis(100);

/// Where things are printed, and how.
#[derive(Clone, Debug)]
pub struct Screen {
    /// One JSON object rather than text.
    pub json: bool,
    quiet: bool,
    verbose: bool,
    colour: bool,
    progress: bool,
    /// Progress is told in lines: on no terminal, in CI or where asked to say more.
    pub tells_progress: bool,
    /// Standard output is a terminal.
    pub on_terminal: bool,
    /// The locale has more letters than ASCII.
    pub is_unicode: bool,
}

/// Colours, by what they mean.
#[derive(Clone, Copy, Debug)]
pub enum Paint {
    /// As it should be.
    Good,
    /// Worth a look.
    Fair,
    /// Not as it should be.
    Bad,
    /// Less important.
    Faint,
    /// More important.
    Strong,
}

impl Paint {
    fn code(self) -> &'static str {
        match self {
            Paint::Good => "32",
            Paint::Fair => "33",
            Paint::Bad => "31",
            Paint::Faint => "2",
            Paint::Strong => "1",
        }
    }
}

impl Screen {
    /// The screen of this process.
    pub fn new(global: &Global, environment: &Environment) -> Screen {
        let on_terminal = io::stdout().is_terminal();
        let set = |name: &str| environment.variable(name).is_some_and(|value| !value.is_empty());
        let is_dumb = environment.variable("TERM").is_some_and(|term| term == "dumb");
        let in_ci = environment.variable("CI").is_some_and(|ci| !ci.is_empty() && ci != "false");
        let forced = environment.variable("CLICOLOR_FORCE").is_some_and(|force| !force.is_empty() && force != "0");
        let colour = match global.color {
            When::Always => true,
            When::Never => false,
            When::Auto if set("NO_COLOR") => false,
            When::Auto => forced || (on_terminal && !is_dumb),
        };
        let progress = !global.quiet && !global.no_progress && !is_dumb && !in_ci && io::stderr().is_terminal();
        let tells_progress = !global.quiet && !global.no_progress && !progress && (in_ci || global.verbose);
        let (json, quiet, verbose) = (global.json, global.quiet, global.verbose);
        let is_unicode = is_unicode(environment);
        Screen { json, quiet, verbose, colour, progress, tells_progress, on_terminal, is_unicode }
    }

    /// How many letters fit into a line; 80 where nobody knows.
    pub fn columns(&self) -> usize {
        let size = rustix::termios::tcgetwinsize(io::stdout());
        size.ok().map(|size| usize::from(size.ws_col)).filter(|columns| *columns > 0).unwrap_or(80)
    }

    /// Text in a colour, where there is colour.
    pub fn paint(&self, paint: Paint, text: impl Display) -> String {
        if self.colour { format!("\x1b[{}m{text}\x1b[0m", paint.code()) } else { text.to_string() }
    }

    /// Prints a piece of an answer. On a terminal its control characters are made visible.
    pub fn piece(&self, text: &str) -> Result<()> {
        let mut out = io::stdout().lock();
        let written =
            if self.on_terminal { out.write_all(harmless(text).as_bytes()) } else { out.write_all(text.as_bytes()) };
        written.and_then(|()| out.flush()).map_err(cannot_print)
    }

    /// Prints a whole answer, ending its last line.
    pub fn answer(&self, text: &str) -> Result<()> {
        self.piece(&whole_lines(text))
    }

    /// Prints a line of llmc's own on standard output.
    pub fn line(&self, text: impl Display) -> Result<()> {
        let mut out = io::stdout().lock();
        writeln!(out, "{text}").and_then(|()| out.flush()).map_err(cannot_print)
    }

    /// Prints one JSON object.
    pub fn object<T: serde::Serialize>(&self, object: &T) -> Result<()> {
        let text = serde_json::to_string(object)
            .map_err(|error| Error::new(Kind::Other, "cannot write the answer").because(error))?;
        self.line(text)
    }

    /// Tells something on standard error, unless quiet.
    pub fn note(&self, text: impl Display) {
        if !self.quiet {
            self.say(text);
        }
    }

    /// Tells a detail on standard error, where asked for.
    pub fn detail(&self, text: impl Display) {
        if self.verbose {
            self.say(text);
        }
    }

    /// Warns on standard error, unless quiet.
    pub fn warn(&self, text: impl Display) {
        self.note(format_args!("llmc: warning: {text}"));
    }

    /// Tells an error, quiet or not.
    pub fn error(&self, error: &Error) {
        if self.json {
            self.say(serde_json::to_string(&Problem::from(error)).unwrap_or_default());
            return;
        }
        self.say(format_args!("llmc: {}", one_line(&error.to_string())));
        if let Some(hint) = error.hint_text() {
            self.say(format_args!("hint: {}", one_line(hint)));
        }
    }

    fn say(&self, text: impl Display) {
        // In one piece: standard error has no buffer, and others may be writing to it. It may also be closed; there is
        // nowhere left to say so.
        let _ = io::stderr().lock().write_all(format!("{text}\n").as_bytes());
    }

    /// Does something that takes time, with a spinner meanwhile; that on a terminal only, and gone at the end.
    pub fn turning<T>(&self, what: &str, work: impl FnOnce() -> T) -> T {
        if !self.progress {
            return work();
        }
        let spinner = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            spinner.set_style(style);
        }
        spinner.set_message(what.to_owned());
        spinner.enable_steady_tick(TURN_EVERY);
        let done = work();
        spinner.finish_and_clear();
        done
    }

    /// Lines that stay below each other while what they stand for is done; on a terminal only.
    pub fn branches(&self, names: impl Iterator<Item = String>) -> Vec<ProgressBar> {
        if !self.progress {
            return names.map(|_| ProgressBar::hidden()).collect();
        }
        let all = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{prefix} {msg}").ok();
        let line = |name: String| {
            let line = all.add(ProgressBar::new_spinner()).with_prefix(name);
            style.iter().for_each(|style| line.set_style(style.clone()));
            line.tick();
            line
        };
        names.map(line).collect()
    }

    /// A bar while many things are done; without its length where nobody knows it. On a terminal only.
    pub fn bar(&self, what: &str, length: Option<u64>, counted: Counted) -> ProgressBar {
        if !self.progress {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr());
        let template = match (counted, length) {
            (Counted::Entries, Some(_)) => "{msg} {wide_bar} {human_pos}/{human_len} {eta}",
            (Counted::Entries, None) => "{spinner} {msg} {human_pos} {elapsed}",
            (Counted::Bytes, Some(_)) => "{msg} {wide_bar} {bytes}/{total_bytes} {eta}",
            (Counted::Bytes, None) => "{spinner} {msg} {bytes} {elapsed}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(what.to_owned());
        bar.enable_steady_tick(TURN_EVERY);
        bar
    }
}

/// The first of the three that is set decides, as everywhere.
fn is_unicode(environment: &Environment) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| environment.variable(name));
    let locale = locale.map(|locale| locale.to_string_lossy().to_lowercase()).unwrap_or_default();
    locale.contains("utf-8") || locale.contains("utf8")
}

/// What a bar counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// So many entries.
    Entries,
    /// So many bytes.
    Bytes,
}

fn cannot_print(error: io::Error) -> Error {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return broken_pipe();
    }
    Error::new(Kind::Other, "cannot write to standard output").because(error)
}

const BROKEN_PIPE: &str = "the reader has gone";

fn broken_pipe() -> Error {
    Error::new(Kind::Other, BROKEN_PIPE)
}

/// True where the reader of standard output has gone: nothing is wrong, and nobody is there to be told.
pub fn is_broken_pipe(error: &Error) -> bool {
    error.message() == BROKEN_PIPE
}

/// A text whose last line ends, as files and terminals want it.
pub fn whole_lines(text: &str) -> Cow<'_, str> {
    if text.ends_with('\n') { text.into() } else { [text, "\n"].concat().into() }
}

/// Control characters as pictures, so that an answer cannot move the cursor, ring or rename the window.
pub fn harmless(text: &str) -> String {
    let picture = |character: char| match character {
        '\n' | '\t' => character,
        '\r' => '\u{240d}',
        '\x00'..='\x1f' => char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'),
        '\x7f' => '\u{2421}',
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        other => other,
    };
    text.replace("\r\n", "\n").chars().map(picture).collect()
}

/// A message in one line, whatever a provider put into it.
fn one_line(text: &str) -> String {
    harmless(text).replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_cannot_steer_the_terminal() {
        let shown = harmless("a\x1b[2Jb\x07\u{9b}31m\r\nc\td\u{202e}");
        assert_eq!(shown, "a\u{241b}[2Jb\u{2407}\u{fffd}31m\nc\td\u{fffd}");
    }

    #[test]
    fn the_locale_says_which_letters_there_are() {
        let of = |variables: &[(&str, &str)]| is_unicode(&Environment::new(variables.iter().copied(), None));
        assert!(of(&[("LANG", "de_DE.UTF-8")]) && of(&[("LC_CTYPE", "C.utf8"), ("LANG", "C")]));
        assert!(!of(&[("LC_ALL", "C"), ("LANG", "de_DE.UTF-8")]) && !of(&[]));
    }

    #[test]
    fn a_whole_answer_ends_its_last_line_once() {
        assert_eq!(["", "a", "a\n", "a\n\n"].map(|text| whole_lines(text).into_owned()), ["\n", "a\n", "a\n", "a\n\n"]);
    }
}
