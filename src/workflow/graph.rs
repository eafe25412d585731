//! A workflow as a picture in words: Mermaid's flowchart.

use std::fmt::Write as _;

use super::plan::Plan;

/// The steps and what they wait for, as a Mermaid flowchart (<https://mermaid.js.org/syntax/flowchart.html>).
pub fn mermaid(plan: &Plan) -> String {
    let mut text = String::from("flowchart TD\n");
    let mut line = |line: std::fmt::Arguments<'_>| {
        let _ = writeln!(text, "    {line}");
    };
    let id = |at: usize| format!("step_{}", plan.file.steps[at].id);
    for name in plan.file.inputs.keys() {
        line(format_args!("input_{name}[/{name}/]"));
    }
    for (at, step) in plan.file.steps.iter().enumerate() {
        let label = match (&step.for_each, &step.when) {
            (Some(_), _) => format!("[[\"{}\"]]", step.id),
            (None, Some(_)) => format!("{{\"{}\"}}", step.id),
            (None, None) => format!("[\"{}\"]", step.id),
        };
        line(format_args!("{}{label}", id(at)));
    }
    for (at, step) in plan.steps.iter().enumerate() {
        for input in step.inputs_named() {
            line(format_args!("input_{input} --> {}", id(at)));
        }
        for need in &step.needs {
            line(format_args!("{} --> {}", id(*need), id(at)));
        }
    }
    text
}
