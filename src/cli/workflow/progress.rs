//! How the steps of a workflow fare: a tree on a terminal, plain lines where more is to be said.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use indicatif::ProgressBar;

use crate::api::workflow::{StepEvent, StepState, WorkflowFile};
use crate::cli::screen::{Paint, Screen, harmless};
use crate::cli::table;

/// The tree.
pub struct Progress<'a> {
    screen: &'a Screen,
    lines: BTreeMap<String, ProgressBar>,
    items: Mutex<BTreeMap<String, usize>>,
}

impl<'a> Progress<'a> {
    /// A line for each step, in the order of the file.
    pub fn begin(file: &WorkflowFile, screen: &'a Screen) -> Progress<'a> {
        let names: Vec<&str> = file.steps.iter().map(|step| step.id.as_str()).collect();
        let last = names.len().saturating_sub(1);
        let branch = |at: usize| if at == last { "└─" } else { "├─" };
        let lines = screen.branches(names.iter().enumerate().map(|(at, name)| format!("{} {name}", branch(at))));
        Progress { screen, lines: names.into_iter().map(str::to_owned).zip(lines).collect(), items: Mutex::default() }
    }

    /// Shows what became of a step.
    pub fn note(&self, event: &StepEvent) {
        let text = self.text(event);
        self.screen.detail(format_args!("{}: {text}", event.step));
        if let Some(line) = self.lines.get(&event.step) {
            line.set_message(text);
        }
    }

    fn text(&self, event: &StepEvent) -> String {
        match (event.state, event.items) {
            (StepState::Started, None) => "asking".to_owned(),
            (StepState::Skipped, _) => self.screen.paint(Paint::Faint, "skipped"),
            (StepState::Failed, _) => {
                let error = harmless(event.error.as_deref().unwrap_or("failed"));
                self.screen.paint(Paint::Bad, error)
            }
            (StepState::Done, None) => {
                let how = event.cache_status.map_or("done", |status| status.name());
                let took = event.latency_ms.map(|millis| format!(" · {}", table::millis(millis))).unwrap_or_default();
                self.screen.paint(Paint::Good, format_args!("{how}{took}"))
            }
            (state, Some(count)) => {
                let mut items = self.items.lock().unwrap_or_else(PoisonError::into_inner);
                let done = items.entry(event.step.clone()).or_default();
                *done += usize::from(state == StepState::Done);
                format!("{done} of {count}")
            }
        }
    }

    /// Forgets which items were done: the workflow is run again.
    pub fn begin_anew(&self) {
        self.items.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Leaves the terminal as it was.
    pub fn end(&self) {
        self.lines.values().for_each(ProgressBar::finish_and_clear);
    }
}
