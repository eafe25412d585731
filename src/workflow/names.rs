//! What a template of a workflow may name: its inputs, the steps before it, and the item at hand.

use std::collections::BTreeSet;

use crate::api::workflow::WorkflowFile;

/// What can be asked of a step that is done.
const OF_A_STEP: [&str; 6] = ["text", "json", "items", "texts", "skipped", "metadata"];

/// Nearer than so many slips is most likely what was meant.
const MOST_SLIPS: usize = 3;

/// Looks the names of one template up.
pub struct Names<'a> {
    file: &'a WorkflowFile,
    has_item: bool,
}

impl<'a> Names<'a> {
    /// Of a template in this workflow; `has_item` where it is filled in for each of several.
    pub fn of(file: &'a WorkflowFile, has_item: bool) -> Names<'a> {
        Names { file, has_item }
    }

    /// The places of the steps that are named, and a sentence for every name that stands for nothing.
    pub fn look_up(&self, names: &BTreeSet<String>) -> (BTreeSet<usize>, Vec<String>) {
        let (mut steps, mut wrong) = (BTreeSet::new(), Vec::new());
        for name in names {
            match self.one(name) {
                Ok(step) => steps.extend(step),
                Err(sentence) => wrong.push(sentence),
            }
        }
        (steps, wrong)
    }

    fn one(&self, name: &str) -> Result<Option<usize>, String> {
        let mut parts = name.split('.');
        match (parts.next().unwrap_or_default(), parts.next(), parts.next()) {
            ("inputs", None, _) => Ok(None),
            ("inputs", Some(input), _) => {
                let known = self.file.inputs.keys().map(String::as_str);
                match self.file.inputs.contains_key(input) {
                    true => Ok(None),
                    false => Err(format!("there is no input `{input}`{}", meant(input, known))),
                }
            }
            ("steps", None, _) => Err("`steps` names no step: write `steps.ID.text`".to_owned()),
            ("steps", Some(id), member) => {
                let at = place(self.file, id)?;
                match member {
                    Some(member) if !OF_A_STEP.contains(&member) => {
                        Err(format!("a step has no `{member}`{}", meant(member, OF_A_STEP.into_iter())))
                    }
                    Some("json") if self.file.steps[at].schema.is_none() => {
                        Err(format!("`steps.{id}.json` is not there: the step has no `schema`"))
                    }
                    Some("items" | "texts") if self.file.steps[at].for_each.is_none() => {
                        Err(format!("`{name}` is not there: the step has no `for_each`"))
                    }
                    _ => Ok(Some(at)),
                }
            }
            ("item" | "index", ..) if self.has_item => Ok(None),
            ("item" | "index", ..) => Err(format!("`{name}` is there with `for_each` only")),
            (other, ..) => Err(format!(
                "`{other}` stands for nothing{}",
                meant(other, ["inputs", "steps", "item", "index"].into_iter())
            )),
        }
    }
}

/// The place of a step, or a sentence that says there is none.
pub fn place(file: &WorkflowFile, id: &str) -> Result<usize, String> {
    let known = file.steps.iter().map(|step| step.id.as_str());
    file.steps
        .iter()
        .position(|step| step.id == id)
        .ok_or_else(|| format!("there is no step `{id}`{}", meant(id, known)))
}

fn meant<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> String {
    let near = known.map(|known| (strsim::damerau_levenshtein(typed, known), known));
    match near.min().filter(|(slips, known)| *slips <= MOST_SLIPS && *slips < known.len()) {
        Some((_, known)) => format!("; did you mean `{known}`?"),
        None => String::new(),
    }
}
