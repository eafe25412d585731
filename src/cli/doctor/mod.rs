//! `llmc doctor`: looks at everything a call leans on, and says of what is not well what to do. Starts no daemon, and
//! does not fail because something is broken: that is what it is there to find.

mod answerer;
mod house;

use serde::Serialize;
use serde_json::json;

use super::args::{DoctorArgs, Global};
use super::context::{Context, Wiring};
use super::screen::{Paint, Screen, harmless};
use crate::api::SCHEMA_VERSION;
use crate::config::{self, Environment};
use crate::error::{Error, Result};

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// As it should be.
    Ok,
    /// Worth a look; everything works all the same.
    Warning,
    /// Something does not work.
    Problem,
}

/// What was found of one thing.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Finding {
    /// What was looked at, in a word.
    about: &'static str,
    state: State,
    /// How it is.
    found: String,
    /// What to do; absent where nothing is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<String>,
}

impl Finding {
    fn ok(about: &'static str, found: impl Into<String>) -> Finding {
        Finding { about, state: State::Ok, found: found.into(), advice: None }
    }

    fn warning(about: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Finding {
        Finding { about, state: State::Warning, found: found.into(), advice: Some(advice.into()) }
    }

    fn problem(about: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Finding {
        Finding { about, state: State::Problem, found: found.into(), advice: Some(advice.into()) }
    }

    /// An error as what was found; its hint is what to do.
    fn failure(about: &'static str, error: &Error) -> Finding {
        let advice = error.hint_text().map(str::to_owned);
        Finding { about, state: State::Problem, found: error.to_string(), advice }
    }

    /// One line: the state, what it is about, how it is and what to do.
    fn line(&self, screen: &Screen) -> String {
        let (paint, word) = match self.state {
            State::Ok => (Paint::Good, "ok"),
            State::Warning => (Paint::Fair, "warning"),
            State::Problem => (Paint::Bad, "problem"),
        };
        let advice = self.advice.as_ref().map_or(String::new(), |advice| format!(": {advice}"));
        let told = harmless(&format!("{}{advice}", self.found)).replace('\n', " ");
        format!("{}{}  {:<9}  {told}", screen.paint(paint, word), " ".repeat(7 - word.len()), self.about)
    }
}

/// Looks at everything. The exit code: 0 where nothing is broken, 1 where something is.
pub fn run(
    args: &DoctorArgs,
    global: &Global,
    environment: Environment,
    screen: &Screen,
    wiring: &Wiring,
) -> Result<u8> {
    let findings = screen.turning("looking", || examine(args, global, environment, screen, wiring));
    let is_healthy = findings.iter().all(|finding| finding.state < State::Problem);
    if screen.json {
        screen.object(&json!({ "schema_version": SCHEMA_VERSION, "healthy": is_healthy, "findings": findings }))?;
    } else {
        findings.iter().try_for_each(|finding| screen.line(finding.line(screen)))?;
    }
    Ok(if is_healthy { 0 } else { 1 })
}

fn examine(
    args: &DoctorArgs,
    global: &Global,
    environment: Environment,
    screen: &Screen,
    wiring: &Wiring,
) -> Vec<Finding> {
    let loaded = config::load(&environment);
    let mut findings = vec![house::settings(&loaded, &environment)];
    findings.extend(loaded.iter().flat_map(|resolved| resolved.warnings.iter()).map(|warning| {
        Finding::warning("settings", warning.clone(), "`llmc config show --origin` tells what is in force")
    }));
    findings.extend(house::folders(&environment));
    findings.push(house::disk(&environment));
    findings.push(house::log(&environment));
    let (mut daemon, presence) = answerer::daemon(&environment, global.no_daemon);
    findings.append(&mut daemon);
    match loaded {
        Ok(resolved) => {
            let context = Context::of(global, environment, resolved, screen.clone(), wiring);
            findings.extend(answerer::all(&context, presence, args.offline));
        }
        Err(_) => {
            let advice = "mend the settings first, then look again";
            findings.push(Finding::warning("store", "not looked at, nor were limits, keys and providers", advice));
        }
    }
    findings
}
