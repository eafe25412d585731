//! Gemini's `generateContent`: requests here, answers in `answer`, streams in `stream` and `replay`. It opens no
//! connection.

mod answer;
mod counting;
mod replay;
mod stream;
mod surface;

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use crate::config::secret::Secret;
use crate::error::{Error, Kind, Result};
use crate::exchange::{Form, Operation};
use crate::provider::counting::Counting;
use crate::provider::hide::UsageHider;
use crate::provider::{Dialect, Part, Prompt, Reading, Role, fault, schema, sse, text_of};

pub use self::surface::SURFACE;

/// What the errors call an answer.
const WHAT: &str = "Gemini answer";

/// The members of a request; any other option is one of how to generate.
const TOP: [&str; 13] = [
    "tools",
    "toolConfig",
    "tool_config",
    "safetySettings",
    "safety_settings",
    "systemInstruction",
    "system_instruction",
    "cachedContent",
    "cached_content",
    "labels",
    "serviceTier",
    "service_tier",
    "store",
];

/// Both spellings of the member that holds how to generate: the API reads either, the SDKs write the first.
const SETTINGS: [&str; 2] = ["generationConfig", "generation_config"];

/// Gemini's API for generating content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gemini;

impl Dialect for Gemini {
    fn kind(&self) -> &'static str {
        "gemini"
    }

    fn base_url(&self) -> &'static str {
        "https://generativelanguage.googleapis.com"
    }

    fn key_variable(&self) -> Option<&'static str> {
        Some("GEMINI_API_KEY")
    }

    fn operation(&self) -> Operation {
        Operation::GenerateContent
    }

    fn generates(&self, _model: &str) -> bool {
        true
    }

    fn path(&self, model: &str, form: Form) -> Cow<'static, str> {
        let method = match form {
            Form::Plain => "generateContent",
            Form::Stream => "streamGenerateContent?alt=sse",
        };
        format!("/v1beta/{}:{method}", resource(model)).into()
    }

    fn model_in_path<'a>(&self, model: &'a str) -> Option<&'a str> {
        Some(bare(model))
    }

    fn headers(&self, secret: Option<&Secret>) -> Vec<(&'static str, Secret)> {
        let mut headers = vec![("content-type", Secret::new("application/json"))];
        if let Some(secret) = secret.filter(|secret| !secret.is_empty()) {
            headers.push(("x-goog-api-key", secret.clone()));
        }
        headers
    }

    fn write(&self, prompt: &Prompt) -> Result<Map<String, Value>> {
        let mut system: Vec<String> = prompt.system.iter().cloned().collect();
        let mut contents = Vec::new();
        for turn in &prompt.messages {
            let role = match turn.role {
                Role::System => {
                    system.push(instructions(&turn.parts)?);
                    continue;
                }
                Role::User => "user",
                Role::Assistant => "model",
            };
            let parts: Vec<Value> = turn.parts.iter().map(part).collect();
            contents.push(json!({"role": role, "parts": parts}));
        }
        if contents.is_empty() {
            return Err(Error::new(Kind::Usage, "there is no message to send"));
        }
        system.retain(|text| !text.is_empty());

        let mut body = Map::new();
        body.insert("contents".to_owned(), json!(contents));
        if !system.is_empty() {
            // The role means nothing here, but the SDKs write it, and so the two share an entry.
            let instruction = json!({"role": "user", "parts": [{"text": system.join("\n\n")}]});
            body.insert("systemInstruction".to_owned(), instruction);
        }
        let mut settings = settings(prompt);
        for (name, value) in &prompt.options {
            match value {
                Value::Object(more) if SETTINGS.contains(&name.as_str()) => settings.extend(more.clone()),
                _ if SETTINGS.contains(&name.as_str()) => {
                    return Err(Error::new(Kind::Usage, format!("`{name}` is not an object")));
                }
                _ if TOP.contains(&name.as_str()) => {
                    body.insert(name.clone(), value.clone());
                }
                _ => {
                    settings.insert(name.clone(), value.clone());
                }
            }
        }
        if let Some(schema) = &prompt.schema {
            schema::put(&mut settings, &["responseMimeType"], json!("application/json"))?;
            schema::put(&mut settings, &["responseJsonSchema"], schema.clone())?;
        }
        if !settings.is_empty() {
            body.insert(SETTINGS[0].to_owned(), Value::Object(settings));
        }
        Ok(body)
    }

    /// The two forms differ in their address only.
    fn ask_for(&self, _form: Form, body: &[u8]) -> Result<Vec<u8>> {
        Ok(body.to_vec())
    }

    /// An option that is yet to be written stands at the top.
    fn limits_length(&self, body: &Map<String, Value>) -> bool {
        let settings = SETTINGS.iter().filter_map(|name| body.get(*name)?.as_object());
        settings.chain([body]).any(|place| is_set(place, "maxOutputTokens") || is_set(place, "max_output_tokens"))
    }

    fn is_stateful(&self, body: &Map<String, Value>) -> bool {
        is_set(body, "cachedContent") || is_set(body, "cached_content")
    }

    fn read(&self, answer: &[u8]) -> Result<Reading> {
        answer::read(answer)
    }

    fn assemble(&self, stream: &[u8]) -> Result<Vec<u8>> {
        stream::assemble(stream)
    }

    fn replay(&self, answer: &[u8]) -> Result<Vec<u8>> {
        replay::replay(answer)
    }

    fn usage_hider(&self, _asked: &Map<String, Value>) -> Option<UsageHider> {
        None
    }

    fn delta(&self, event: &sse::Event) -> Option<String> {
        answer::delta(event)
    }

    fn error_message(&self, body: &[u8]) -> Option<String> {
        fault::error_message(body)
    }

    fn counting(&self) -> Option<&'static dyn Counting> {
        Some(&counting::Counter)
    }
}

/// `models/NAME` and `NAME` are one model.
fn bare(model: &str) -> &str {
    model.strip_prefix("models/").unwrap_or(model)
}

/// A model as the API's paths have it.
fn resource(model: &str) -> String {
    let model = bare(model);
    let tuned = model.split_once('/').filter(|(collection, _)| *collection == "tunedModels");
    let (collection, name) = tuned.unwrap_or(("models", model));
    format!("{collection}/{}", escaped(name))
}

/// A name as one segment of a path, so that it can lead nowhere else.
fn escaped(name: &str) -> String {
    let mut segment = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            segment.push(char::from(byte));
        } else {
            segment.push_str(&format!("%{byte:02X}"));
        }
    }
    segment
}

/// The model that a path of this API asks to generate content, as [`Dialect::model_in_path`] has it, and the form the
/// method's name stands for; `None` for every other path. The version may be missing, and the query is not looked at:
/// without `alt=sse` in it a stream is wanted as an [array](sse::array).
pub fn asked_at(path: &str) -> Option<(String, Form)> {
    let versions = ["/v1beta/", "/v1/", "/"];
    let resource = versions.iter().find_map(|version| path.strip_prefix(version))?;
    let (resource, method) = resource.rsplit_once(':')?;
    let form = match method {
        "generateContent" => Form::Plain,
        "streamGenerateContent" => Form::Stream,
        _ => return None,
    };
    let (collection, name) = resource.split_once('/')?;
    let name = unescaped(name).filter(|name| !name.is_empty())?;
    match collection {
        "models" => Some((name, form)),
        "tunedModels" => Some((format!("{collection}/{name}"), form)),
        _ => None,
    }
}

/// The reverse of [`escaped`]; `None` where the segment is no text.
fn unescaped(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = rest.get(..2).and_then(|digits| std::str::from_utf8(digits).ok())?;
        let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        bytes.push(u8::from_str_radix(digits, 16).ok().filter(|_| is_hex)?);
        rest = rest.get(2..)?;
    }
    String::from_utf8(bytes).ok()
}

fn is_set(body: &Map<String, Value>, name: &str) -> bool {
    body.get(name).is_some_and(|value| !value.is_null())
}

fn settings(prompt: &Prompt) -> Map<String, Value> {
    let stop = (!prompt.stop.is_empty()).then(|| json!(prompt.stop));
    let known = [
        ("temperature", prompt.temperature.map(Value::from)),
        ("topP", prompt.top_p.map(Value::from)),
        ("maxOutputTokens", prompt.max_tokens.map(Value::from)),
        ("stopSequences", stop),
        ("seed", prompt.seed.map(Value::from)),
    ];
    known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// The text of a system turn, which the API takes apart from the conversation.
fn instructions(parts: &[Part]) -> Result<String> {
    if parts.iter().any(|part| matches!(part, Part::Image { .. })) {
        return Err(Error::new(Kind::Usage, "gemini takes no image in a system message")
            .hint("move the image to a user's message"));
    }
    Ok(text_of(parts))
}

fn part(part: &Part) -> Value {
    match part {
        Part::Text(text) => json!({"text": text}),
        Part::Image { media_type, data } => json!({"inlineData": {"mimeType": media_type, "data": data}}),
    }
}

#[cfg(test)]
mod tests;
