//! Checking a workflow: all that is wrong with it, found before anybody is asked.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::names::{Names, place};
use crate::api::workflow::{WorkflowFile, WorkflowSource, WorkflowStep};
use crate::error::{Error, Kind, Result};
use crate::pipeline::schema::Schema;
use crate::template::{Expression, Template};

/// More steps than anybody reads in one file.
const MOST_STEPS: usize = 1000;

/// A workflow that can be run.
#[derive(Debug)]
pub struct Plan {
    /// What it says.
    pub file: WorkflowFile,
    /// Its steps, in the order of the file.
    pub(super) steps: Vec<Planned>,
    /// Its answer, where it is not the text of the last step.
    pub(super) output: Option<Template>,
    /// What the answer must fit.
    pub(super) output_schema: Option<Schema>,
}

/// A step, compiled.
#[derive(Debug)]
pub(super) struct Planned {
    pub prompt: Template,
    pub system: Option<Template>,
    pub when: Option<Expression>,
    pub for_each: Option<Expression>,
    /// The places of the steps it waits for.
    pub needs: BTreeSet<usize>,
    /// Of those, the ones whose answers it is made of.
    pub reads: BTreeSet<usize>,
}

impl Planned {
    /// The inputs its templates name.
    pub fn inputs_named(&self) -> BTreeSet<String> {
        let templates = [Some(&self.prompt), self.system.as_ref()].into_iter().flatten().map(Template::names);
        let expressions = [&self.when, &self.for_each].into_iter().flatten().map(Expression::names);
        let names = templates.chain(expressions).flatten();
        names.filter_map(|name| name.strip_prefix("inputs.")?.split('.').next().map(str::to_owned)).collect()
    }
}

/// Reads a workflow: TOML, or an object with the same members. `name` is what errors call it.
pub fn read(name: &str, source: WorkflowSource) -> Result<WorkflowFile> {
    let broken = |cause: String| Error::new(Kind::Usage, format!("`{name}` is no workflow")).because(cause);
    match source {
        WorkflowSource::Toml(text) => toml::from_str(&text).map_err(|error| broken(explained(&error, &text))),
        WorkflowSource::Object(object) => {
            serde_json::from_value(Value::Object(object)).map_err(|error| broken(error.to_string()))
        }
    }
}

fn explained(error: &toml::de::Error, text: &str) -> String {
    match error.span().and_then(|span| text.get(..span.start)) {
        Some(before) => format!("line {}: {}", before.matches('\n').count() + 1, error.message()),
        None => error.message().to_owned(),
    }
}

/// What is wrong with a workflow, all of it; nothing where it can be run.
pub fn check(file: &WorkflowFile) -> Vec<String> {
    compile(file).err().unwrap_or_default()
}

/// Makes a workflow ready to be run. Fails with [`Kind::Usage`], naming everything that is wrong.
pub fn plan(file: WorkflowFile) -> Result<Plan> {
    match compile(&file) {
        Ok((steps, output, output_schema)) => Ok(Plan { file, steps, output, output_schema }),
        Err(wrong) => Err(Error::new(Kind::Usage, format!("the workflow `{}` cannot be run", file.name))
            .because(wrong.join("; "))
            .hint("`llmc workflow check FILE` tells one by one")),
    }
}

type Compiled = (Vec<Planned>, Option<Template>, Option<Schema>);

fn compile(file: &WorkflowFile) -> Result<Compiled, Vec<String>> {
    let mut wrong = Vec::new();
    if file.steps.is_empty() {
        wrong.push("it has no steps".to_owned());
    }
    if file.steps.len() > MOST_STEPS {
        wrong.push(format!("it has more than {MOST_STEPS} steps"));
        return Err(wrong);
    }
    let mut steps = Vec::new();
    for (at, step) in file.steps.iter().enumerate() {
        let mut found = Vec::new();
        if !is_name(&step.id) {
            found.push("`id` is made of letters, digits and `_`, and begins with a letter".to_owned());
        } else if file.steps[..at].iter().any(|other| other.id == step.id) {
            found.push("there is another of this name".to_owned());
        }
        steps.extend(compile_step(file, at, step, &mut found));
        wrong.extend(found.into_iter().map(|sentence| format!("step `{}`: {sentence}", step.id)));
    }
    for (name, input) in &file.inputs {
        if !is_name(name) {
            wrong.push(format!("input `{name}`: names are made of letters, digits and `_`, and begin with a letter"));
        }
        if input.required && input.default.is_some() {
            wrong.push(format!("input `{name}`: it is required and has a default"));
        }
    }
    let output = compile_output(file, &mut wrong);
    let schema = file.output_schema.as_ref().map(Schema::read).transpose();
    let schema = schema.map_err(|error| wrong.push(format!("output_schema: {error}"))).ok().flatten();
    if steps.len() == file.steps.len()
        && let Some(circle) = circle(&steps)
    {
        let names: Vec<&str> = circle.iter().map(|at| file.steps[*at].id.as_str()).collect();
        wrong.push(format!("these steps wait for each other: {}", names.join(" → ")));
    }
    if wrong.is_empty() { Ok((steps, output, schema)) } else { Err(wrong) }
}

fn compile_step(file: &WorkflowFile, at: usize, step: &WorkflowStep, wrong: &mut Vec<String>) -> Option<Planned> {
    let prompt = noted(Template::compile("prompt", &step.prompt), wrong);
    let system = step.system.as_ref().map(|text| noted(Template::compile("system", text), wrong));
    let when = step.when.as_ref().map(|text| noted(Expression::compile("when", text), wrong));
    let for_each = step.for_each.as_ref().map(|text| noted(Expression::compile("for_each", text), wrong));
    if let Some(schema) = &step.schema {
        noted(Schema::read(schema), wrong);
    }
    for (name, number) in [("temperature", step.temperature), ("top_p", step.top_p)] {
        if number.is_some_and(|number| !number.is_finite() || number < 0.0) {
            wrong.push(format!("`{name}` is not below 0 and not endless"));
        }
    }
    if let Some(text) = &step.for_each
        && text
            .trim()
            .strip_prefix("steps.")
            .is_some_and(|rest| rest.ends_with(".text") && is_name(&rest[..rest.len() - 5]))
    {
        wrong.push(
            "`for_each` is no list: it is text; with a `schema`, its JSON is at hand as `steps.ID.json`".to_owned(),
        );
    }
    let (mut needs, mut reads) = (BTreeSet::new(), BTreeSet::new());
    for id in &step.needs {
        match place(file, id) {
            Ok(place) => drop(needs.insert(place)),
            Err(sentence) => wrong.push(format!("needs: {sentence}")),
        }
    }
    let mut look_up = |what: &str, names: BTreeSet<String>, has_item: bool| {
        let (named, unknown) = Names::of(file, has_item).look_up(&names);
        reads.extend(named);
        wrong.extend(unknown.into_iter().map(|sentence| format!("{what}: {sentence}")));
    };
    let repeats = step.for_each.is_some();
    prompt.iter().for_each(|template| look_up("prompt", template.names(), repeats));
    system.iter().flatten().for_each(|template| look_up("system", template.names(), repeats));
    when.iter().flatten().for_each(|expression| look_up("when", expression.names(), false));
    for_each.iter().flatten().for_each(|expression| look_up("for_each", expression.names(), false));
    needs.extend(&reads);
    if needs.contains(&at) {
        wrong.push("it waits for itself".to_owned());
    }
    Some(Planned {
        prompt: prompt?,
        system: system.flatten(),
        when: when.flatten(),
        for_each: for_each.flatten(),
        needs,
        reads,
    })
}

fn compile_output(file: &WorkflowFile, wrong: &mut Vec<String>) -> Option<Template> {
    let template = noted(Template::compile("output", file.output.as_deref()?), wrong)?;
    let (_, unknown) = Names::of(file, false).look_up(&template.names());
    wrong.extend(unknown.into_iter().map(|sentence| format!("output: {sentence}")));
    Some(template)
}

fn noted<T>(made: Result<T>, wrong: &mut Vec<String>) -> Option<T> {
    made.map_err(|error| wrong.push(error.to_string())).ok()
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// Steps that wait for each other, the first of them again at the end; `None` where there are none.
fn circle(steps: &[Planned]) -> Option<Vec<usize>> {
    let mut left: Vec<bool> = vec![true; steps.len()];
    // Whoever waits for nobody that is left, goes.
    while let Some(free) =
        (0..steps.len()).find(|at| left[*at] && steps[*at].needs.iter().all(|need| need == at || !left[*need]))
    {
        left[free] = false;
    }
    // Whoever is left waits for another one that is left: following that one leads around.
    let mut path = vec![(0..steps.len()).find(|at| left[*at])?];
    loop {
        let last = *path.last()?;
        let next = *steps[last].needs.iter().find(|need| **need != last && left[**need])?;
        if let Some(begin) = path.iter().position(|at| *at == next) {
            let mut circle = path.split_off(begin);
            circle.push(next);
            return Some(circle);
        }
        path.push(next);
    }
}

impl Plan {
    /// What its templates are filled in with: what was given, and the defaults of what was not.
    ///
    /// Fails with [`Kind::Usage`], naming everything that is missing or unknown.
    pub fn inputs(&self, given: Map<String, Value>) -> Result<Map<String, Value>> {
        let known = &self.file.inputs;
        let mut wrong: Vec<String> = given
            .keys()
            .filter(|name| !known.contains_key(*name))
            .map(|name| match known.is_empty() {
                true => format!("there is no input `{name}`: it takes none"),
                false => {
                    let names: Vec<String> = known.keys().map(|name| format!("`{name}`")).collect();
                    format!("there is no input `{name}`: it takes {}", names.join(", "))
                }
            })
            .collect();
        let mut inputs = given;
        for (name, input) in known {
            if inputs.contains_key(name) {
                continue;
            }
            if input.required {
                let about = input.description.as_ref().map(|about| format!(" ({about})")).unwrap_or_default();
                wrong.push(format!("the input `{name}`{about} is missing"));
            }
            inputs.insert(name.clone(), input.default.clone().unwrap_or(Value::Null));
        }
        if wrong.is_empty() {
            return Ok(inputs);
        }
        Err(Error::new(Kind::Usage, format!("the workflow `{}` cannot be run", self.file.name))
            .because(wrong.join("; "))
            .hint("give inputs as in `--input NAME=VALUE`"))
    }
}
