//! How many tokens a prompt is, before anybody is asked: with the model family's own tokenizer where there is one,
//! else roughly (see [`estimate`]).
//!
//! A tokenizer takes some tens of milliseconds and megabytes to load. That happens when the first prompt of its family
//! is counted, never for an answer that is in the cache.

use std::sync::OnceLock;

use serde_json::{Map, Value};
use tiktoken::CoreBpe;

use super::estimate;
use crate::exchange::Operation;

/// What an image is taken for. Vendors count from 85 to some 1,600 tokens, by a size that is not looked at here.
const IMAGE: u64 = 1_000;

/// What surrounds each turn of a conversation, its role aside, and what begins the answer, as the vendor's cookbook has
/// it.
const AROUND_A_TURN: u64 = 3;
const BEFORE_THE_ANSWER: u64 = 3;

/// A vocabulary.
struct Vocabulary {
    name: &'static str,
    /// What the names of its models start with.
    models: &'static [&'static str],
    loaded: OnceLock<Option<&'static CoreBpe>>,
}

/// Every vocabulary there is; the first that a model's name fits counts.
static VOCABULARIES: [Vocabulary; 2] = [
    Vocabulary {
        name: "o200k_base",
        models: &["gpt-4o", "gpt-4.1", "gpt-4.5", "gpt-5", "gpt-oss", "chatgpt-", "o1", "o3", "o4", "codex-"],
        loaded: OnceLock::new(),
    },
    Vocabulary {
        name: "cl100k_base",
        models: &["gpt-4", "gpt-3.5", "gpt-35", "text-embedding-3", "text-embedding-ada", "davinci-002", "babbage-002"],
        loaded: OnceLock::new(),
    },
];

impl Vocabulary {
    /// The one a model was made with; `None` where it has none of these.
    fn of(model: &str) -> Option<&'static Vocabulary> {
        // Resellers put the maker before the name, fine-tuned models what they are.
        let name = model.rsplit('/').next().unwrap_or(model);
        let name = name.strip_prefix("ft:").unwrap_or(name);
        let fits = |start: &&str| {
            let rest = name.strip_prefix(*start);
            // `o1` and `o1-mini`, but not `o100`.
            rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_digit()))
        };
        VOCABULARIES.iter().find(|vocabulary| vocabulary.models.iter().any(fits))
    }

    fn tokenizer(&self) -> Option<&'static CoreBpe> {
        *self.loaded.get_or_init(|| tiktoken::get_encoding(self.name))
    }
}

/// True where counting for a model takes no longer than its text does: its tokenizer is loaded, or it has none.
pub fn is_at_hand(model: &str) -> bool {
    Vocabulary::of(model).is_none_or(|vocabulary| vocabulary.loaded.get().is_some())
}

/// True where a model's own tokenizer counts, and not the rough rule.
pub fn is_exact(model: &str) -> bool {
    Vocabulary::of(model).and_then(Vocabulary::tokenizer).is_some()
}

/// The tokens of a text, as a model counts them. What looks like a special token is counted as the text it is.
pub fn tokens(model: &str, text: &str) -> u64 {
    match Vocabulary::of(model).and_then(Vocabulary::tokenizer) {
        Some(tokenizer) => tokenizer.count(text) as u64,
        None => estimate::tokens(text),
    }
}

/// The prompt tokens of a request, as a model counts them: its texts, what surrounds its turns, its tools and schemas as
/// the JSON they are, and a round figure for each image.
pub fn prompt_tokens(model: &str, operation: Operation, body: &Map<String, Value>) -> u64 {
    let count = |text: &str| tokens(model, text);
    // These take a text as it is, with nothing around it.
    let is_bare = matches!(operation, Operation::Embeddings | Operation::Completions);
    let mut sum: u64 = 0;
    for (name, value) in body {
        let more = match (name.as_str(), value) {
            ("prompt" | "input", texts) if is_bare => bare(texts, &count),
            ("messages" | "contents" | "input", Value::Array(turns)) => {
                turns.iter().map(|each| turn(each, &count)).sum()
            }
            ("input" | "system" | "instructions" | "systemInstruction" | "system_instruction", text) => {
                AROUND_A_TURN + 1 + said(text, &count)
            }
            ("tools" | "functions" | "toolConfig" | "response_format" | "text" | "generationConfig", value) => {
                described(name, value, &count)
            }
            _ => 0,
        };
        sum = sum.saturating_add(more);
    }
    if is_bare { sum } else { sum.saturating_add(BEFORE_THE_ANSWER) }
}

/// A text, several, or what was made tokens already.
fn bare(value: &Value, count: &dyn Fn(&str) -> u64) -> u64 {
    match value {
        Value::String(text) => count(text),
        Value::Number(_) => 1,
        Value::Array(several) => several.iter().map(|each| bare(each, count)).sum(),
        _ => 0,
    }
}

fn turn(turn: &Value, count: &dyn Fn(&str) -> u64) -> u64 {
    let Value::Object(members) = turn else { return AROUND_A_TURN + said(turn, count) };
    let each = members.iter().map(|(name, value)| match (name.as_str(), value) {
        // A name costs one token more than it has.
        ("name", Value::String(name)) => count(name) + 1,
        (_, value) => said(value, count),
    });
    AROUND_A_TURN + each.sum::<u64>()
}

/// The texts in a value, whatever they are called; what they are called is not sent to the model.
fn said(value: &Value, count: &dyn Fn(&str) -> u64) -> u64 {
    match value {
        Value::String(text) => count(text),
        Value::Array(several) => several.iter().map(|each| said(each, count)).sum(),
        Value::Object(members) if is_image(members) => IMAGE,
        Value::Object(members) => {
            // Whether a part is a text or something else is said beside it, and costs nothing.
            members.iter().filter(|(name, _)| *name != "type").map(|(_, value)| said(value, count)).sum()
        }
        _ => 0,
    }
}

/// True of a part that shows rather than says.
fn is_image(part: &Map<String, Value>) -> bool {
    ["image_url", "input_image", "inlineData", "inline_data", "fileData", "file_data", "input_audio"]
        .iter()
        .any(|name| part.contains_key(*name))
        || matches!(part.get("type").and_then(Value::as_str), Some("image" | "input_image" | "image_url" | "document"))
}

/// What the answer may use and must look like.
fn described(name: &str, value: &Value, count: &dyn Fn(&str) -> u64) -> u64 {
    let schema = match name {
        "generationConfig" => value.get("responseSchema").or_else(|| value.get("responseJsonSchema")),
        "text" => value.get("format"),
        _ => Some(value),
    };
    schema.map_or(0, |schema| count(&schema.to_string()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    /// What the vendor's own tokenizer makes of these texts, in either vocabulary.
    const KNOWN: &[(&str, u64, u64)] = &[
        ("", 0, 0),
        ("hello world", 2, 2),
        ("tiktoken is great!", 6, 6),
        ("antidisestablishmentarianism", 6, 6),
        ("2 + 2 = 4", 7, 7),
        ("お誕生日おめでとう", 9, 8),
    ];

    #[test]
    fn a_text_counts_what_its_models_own_tokenizer_says() {
        for (text, older, newer) in KNOWN {
            assert_eq!(tokens("gpt-4", text), *older, "{text}");
            assert_eq!(tokens("gpt-4o", text), *newer, "{text}");
        }
    }

    #[test]
    fn what_looks_like_a_special_token_is_text() {
        assert!(tokens("gpt-4o", "<|endoftext|>") > 1);
    }

    #[test]
    fn a_model_has_the_vocabulary_of_its_family() {
        let name = |model| Vocabulary::of(model).map(|vocabulary| vocabulary.name);
        for model in ["gpt-4o-mini", "gpt-5.4", "o3", "o4-mini", "openai/gpt-oss-20b", "ft:gpt-4o-mini-2024-07-18:o::i"]
        {
            assert_eq!(name(model), Some("o200k_base"), "{model}");
        }
        for model in ["gpt-4", "gpt-4-turbo", "gpt-3.5-turbo", "text-embedding-3-small"] {
            assert_eq!(name(model), Some("cl100k_base"), "{model}");
        }
        for model in ["claude-haiku-4-5", "gemini-2.5-pro", "llama-3", "o100", "m", ""] {
            assert_eq!(name(model), None, "{model}");
        }
    }

    #[test]
    fn a_model_of_no_known_family_is_estimated() {
        assert_eq!(tokens("m", &"a".repeat(4000)), 1000);
        assert!(is_at_hand("m"));
    }

    /// The example of the vendor's cookbook, with the counts its API gave.
    #[test]
    fn a_conversation_counts_what_the_vendor_bills() {
        let body = json!({"model": "gpt-4o", "messages": [
            {"role": "system", "content": "You are a helpful, pattern-following assistant that translates corporate jargon into plain English."},
            {"role": "system", "name": "example_user", "content": "New synergies will help drive top-line growth."},
            {"role": "system", "name": "example_assistant", "content": "Things working well together will increase revenue."},
            {"role": "system", "name": "example_user", "content": "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage."},
            {"role": "system", "name": "example_assistant", "content": "Let's talk later when we're less busy about how to do better."},
            {"role": "user", "content": "This late pivot means we don't have time to boil the ocean for the client deliverable."},
        ]});
        let body = body.as_object().unwrap();

        assert_eq!(prompt_tokens("gpt-4", Operation::ChatCompletions, body), 129);
        assert_eq!(prompt_tokens("gpt-4o", Operation::ChatCompletions, body), 124);
    }

    #[test]
    fn every_shape_of_a_prompt_is_counted() {
        let count = |operation, body: Value| prompt_tokens("gpt-4", operation, body.as_object().unwrap());
        let spoken = json!({"messages": [{"role": "user", "content": "hello world"}]});
        let in_parts = json!({"messages": [{"role": "user", "content": [{"type": "text", "text": "hello world"}]}]});

        assert_eq!(count(Operation::ChatCompletions, spoken), 3 + 1 + 2 + 3);
        assert_eq!(count(Operation::ChatCompletions, in_parts), 3 + 1 + 2 + 3);
        assert_eq!(count(Operation::Responses, json!({"input": "hello world", "instructions": "hello"})), 6 + 5 + 3);
        assert_eq!(count(Operation::Embeddings, json!({"input": ["hello world", "hello"]})), 3);
        assert_eq!(count(Operation::Completions, json!({"prompt": [1, 2, 3]})), 3);
        let gemini = json!({"contents": [{"role": "user", "parts": [{"text": "hello world"}]}]});
        assert_eq!(count(Operation::GenerateContent, gemini), 3 + 1 + 2 + 3);
    }

    #[test]
    fn an_image_counts_as_one_whatever_its_bytes() {
        let data = "A".repeat(1 << 20);
        let body = json!({"messages": [{"role": "user", "content": [
            {"type": "image_url", "image_url": {"url": format!("data:image/png;base64,{data}")}},
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": data}},
        ]}]});

        let counted = prompt_tokens("gpt-4o", Operation::ChatCompletions, body.as_object().unwrap());

        assert_eq!(counted, 2 * IMAGE + 3 + 1 + 3);
    }
}
