//! A workflow written by a model: asked for once, checked, and mended by the model at most twice.

use super::plan::{check, read};
use super::run::Asks;
use crate::api::generate::{ApiContent, ApiMessage, GenerateRequest, Metadata};
use crate::api::workflow::WorkflowSource;
use crate::error::{Error, Kind, Result};

/// How often the model may mend what it wrote.
const MOST_REPAIRS: u32 = 2;

/// What the model is told about workflow files.
const GUIDE: &str = r#"You write workflow files in TOML for a program that asks language models several prompts that build on each other.
Answer with one TOML document in a fenced block and nothing else. The format:

name = "short_name"                # letters, digits, _
output = "{{ steps.last.text }}"   # a Jinja template of the answer

[inputs.topic]                     # what the user gives; used as {{ inputs.topic }}
required = true
description = "what it is"

[[step]]                           # any number of them
id = "outline"                     # letters, digits, _
prompt = "Outline an essay about {{ inputs.topic }}"
# optional: system, model, temperature, max_tokens, needs = ["id"], when = "expression",
# schema = { JSON Schema } makes the answer JSON, used as {{ steps.outline.json.member }},
# for_each = "an expression for a list" asks the prompt once for each {{ item }}; the answers are {{ steps.id.texts }}

[[step]]
id = "last"
prompt = """Write the essay after this outline:
{{ steps.outline.text }}"""

A step waits for the steps its templates name. No circles. No members other than these."#;

/// A workflow that can be run, as its model wrote it.
pub struct Draft {
    /// The TOML.
    pub toml: String,
    /// How often it had to be mended.
    pub repairs: u32,
    /// How the last answer came about.
    pub metadata: Metadata,
}

/// Has a workflow written that does what the description says.
///
/// Fails with [`Kind::Schema`] where what the model wrote still cannot be run after being mended twice.
pub async fn draft(description: &str, asks: &dyn Asks, defaults: &GenerateRequest) -> Result<Draft> {
    if description.trim().is_empty() {
        return Err(Error::new(Kind::Usage, "there is nothing to write a workflow for")
            .hint("describe it: `llmc workflow generate 'Summarize each section of a text, then the whole'`"));
    }
    let mut said = vec![message("user", description.to_owned())];
    let mut repairs = 0;
    loop {
        let mut request = GenerateRequest { messages: said.clone(), prompt: None, ..defaults.clone() };
        request.system.get_or_insert_with(|| GUIDE.to_owned());
        let reply = asks.ask(request).await?;
        let toml = reply.code.trim_end().to_owned() + "\n";
        let wrong = match read("the answer", WorkflowSource::Toml(toml.clone())) {
            Ok(file) => check(&file),
            Err(error) => vec![error.cause().unwrap_or_else(|| error.message()).to_owned()],
        };
        if wrong.is_empty() {
            return Ok(Draft { toml, repairs, metadata: reply.metadata });
        }
        if repairs == MOST_REPAIRS {
            return Err(Error::new(Kind::Schema, "the model wrote no workflow that can be run")
                .because(format!("mended {MOST_REPAIRS} times, and still: {}", wrong.join("; ")))
                .hint("ask a larger model with `-m`, or say in smaller steps what is to be done"));
        }
        repairs += 1;
        said.push(message("assistant", reply.text));
        let list: String = wrong.iter().map(|sentence| format!("- {sentence}\n")).collect();
        said.push(message("user", format!("This cannot be run:\n{list}Write the whole file again, mended.")));
    }
}

fn message(role: &str, text: String) -> ApiMessage {
    ApiMessage { role: role.to_owned(), content: ApiContent::Text(text) }
}
