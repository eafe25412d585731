//! What a workflow would come to, for people: a line for each step, and what is known of the whole.

use crate::api::workflow::{StepForecast, StepOutlook, WorkflowFile, WorkflowForecast};
use crate::cli::context::Context;
use crate::cli::table::{self, Table};
use crate::error::Result;

/// Prints it, with the steps in the order of the file.
pub fn tell(file: &WorkflowFile, forecast: &WorkflowForecast, context: &Context<'_>) -> Result<()> {
    if context.screen.json {
        return context.screen.object(forecast);
    }
    let mut steps = Table::new(&["step", "answer", ""]);
    for step in &file.steps {
        if let Some(foreseen) = forecast.steps.get(&step.id) {
            steps.row([step.id.clone(), outlook(foreseen), details(foreseen)]);
        }
    }
    let (tokens, cost) = table::forecast(&forecast.sums);
    let least = if forecast.unknown > 0 { "at least " } else { "" };
    let sums = [
        String::new(),
        format!("hits    {}", forecast.sums.hits),
        format!("calls   {least}{}", forecast.sums.calls),
        format!("tokens  {least}{tokens}"),
        format!("cost    {least}{cost}"),
    ];
    for line in steps.lines().into_iter().chain(sums) {
        context.screen.line(line)?;
    }
    Ok(())
}

fn outlook(step: &StepForecast) -> String {
    let word = match step.state {
        StepOutlook::Hit => "hit",
        StepOutlook::Call => "call",
        StepOutlook::Skipped => "skipped",
        StepOutlook::Unknown => "unknown",
    };
    word.to_owned()
}

fn details(step: &StepForecast) -> String {
    if step.state == StepOutlook::Unknown {
        return format!("depends on an answer that is not known yet: {}", step.awaits.join(", "));
    }
    let items = step.items.map(|items| table::count(items as u64, "item", "items"));
    let calls = step.sums.as_ref().filter(|sums| sums.calls > 0).map(|sums| {
        let (tokens, cost) = table::forecast(sums);
        format!("{tokens}, {cost}")
    });
    let parts = [step.model.clone(), items, calls];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
