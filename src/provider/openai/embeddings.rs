//! OpenAI's embeddings: a vector for each text of a batch. A batch comes apart into its items and goes together again, so
//! that each of them can be kept alone. Vectors are never read: they stay as spelled, numbers or base64.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::answer::{Filled, usage};
use super::{BASE_URL, KEY_VARIABLE, KIND, headers};
use crate::config::secret::Secret;
use crate::error::{Error, Kind, Result};
use crate::exchange::{Finish, Form, Operation};
use crate::money;
use crate::provider::body::Body;
use crate::provider::hide::UsageHider;
use crate::provider::joint::{Joint, Part};
use crate::provider::spelled::{Members, Spelled};
use crate::provider::{Dialect, Prompt, Reading, estimate, fault, sse};

/// What the errors call an answer.
const WHAT: &str = "list of embeddings";

/// A batch of more items, or one whose items would together be longer, is one question: it is not taken apart.
const MOST_ITEMS: usize = 16_384;
const LONGEST_APART: usize = 64 << 20;

/// OpenAI's embeddings API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Embeddings;

impl Dialect for Embeddings {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn base_url(&self) -> &'static str {
        BASE_URL
    }

    fn key_variable(&self) -> Option<&'static str> {
        Some(KEY_VARIABLE)
    }

    fn operation(&self) -> Operation {
        Operation::Embeddings
    }

    fn generates(&self, _model: &str) -> bool {
        false
    }

    fn path(&self, _model: &str, _form: Form) -> Cow<'static, str> {
        "/embeddings".into()
    }

    fn model_in_path<'a>(&self, _model: &'a str) -> Option<&'a str> {
        None
    }

    fn headers(&self, secret: Option<&Secret>) -> Vec<(&'static str, Secret)> {
        headers(secret)
    }

    fn write(&self, _prompt: &Prompt) -> Result<Map<String, Value>> {
        Err(Error::new(Kind::Usage, "embeddings answer no prompt").hint("choose a model that chats"))
    }

    fn ask_for(&self, form: Form, body: &[u8]) -> Result<Vec<u8>> {
        match form {
            Form::Plain => Ok(body.to_vec()),
            Form::Stream => Err(Error::new(Kind::Usage, "embeddings are never streamed").hint("leave out `stream`")),
        }
    }

    fn limits_length(&self, _body: &Map<String, Value>) -> bool {
        false
    }

    fn is_stateful(&self, _body: &Map<String, Value>) -> bool {
        false
    }

    fn read(&self, answer: &[u8]) -> Result<Reading> {
        read(answer)
    }

    fn assemble(&self, _stream: &[u8]) -> Result<Vec<u8>> {
        Err(Error::new(Kind::Provider, "the provider streamed what is never streamed"))
    }

    fn replay(&self, _answer: &[u8]) -> Result<Vec<u8>> {
        Err(Error::new(Kind::Usage, "embeddings are never streamed"))
    }

    fn usage_hider(&self, _asked: &Map<String, Value>) -> Option<UsageHider> {
        None
    }

    fn delta(&self, _event: &sse::Event) -> Option<String> {
        None
    }

    fn error_message(&self, body: &[u8]) -> Option<String> {
        fault::error_message(body)
    }

    fn joint(&self) -> Option<&'static dyn Joint> {
        Some(&Embeddings)
    }
}

#[derive(Deserialize)]
struct Answer {
    data: Option<Vec<Item>>,
    usage: Option<Value>,
    error: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Item {
    #[serde(default)]
    embedding: Filled,
}

fn read(bytes: &[u8]) -> Result<Reading> {
    let answer: Answer = serde_json::from_slice(bytes).map_err(|cause| fault::unreadable(WHAT, bytes, &cause))?;
    if answer.error.is_some() {
        return Err(fault::reported(bytes));
    }
    let items = answer.data.ok_or_else(|| fault::lacking(WHAT, "data", bytes))?;
    if items.iter().any(|item| !item.embedding.0) {
        return Err(fault::lacking(WHAT, "vectors", bytes));
    }
    Ok(Reading {
        text: String::new(),
        finish: Finish::Stop,
        usage: answer.usage.as_ref().and_then(usage),
        is_empty: items.is_empty(),
    })
}

impl Joint for Embeddings {
    /// Each asks for one text or one array of tokens.
    fn split(&self, body: &[u8]) -> Option<Vec<Part>> {
        let (members, items) = apart(body).ok()??;
        let is_all_texts = items.iter().all(Spelled::is_text);
        let is_all_tokens = items.iter().all(|item| item.as_list().is_some());
        let rest = members.spell(&[]).len();
        if items.is_empty() || items.len() > MOST_ITEMS || rest.saturating_mul(items.len()) > LONGEST_APART {
            return None;
        }
        let part = |item: &Spelled| Part { body: members.spell(&[("input", item.spelling())]), weight: weight(item) };
        (is_all_texts || is_all_tokens).then(|| items.iter().map(part).collect())
    }

    fn choose(&self, body: &[u8], places: &[usize]) -> Result<Vec<u8>> {
        let (members, items) = apart(body)?.ok_or_else(|| Error::new(Kind::Usage, "`input` is no list"))?;
        let chosen = places.iter().filter_map(|place| items.get(*place).cloned());
        Ok(members.spell(&[("input", Spelled::list(chosen).spelling())]))
    }

    /// The vectors by their `index`, in whatever order they came. What of the usage is no whole number is left out: no
    /// item's part of it is known.
    fn divide(&self, answer: &[u8], weights: &[u64]) -> Option<Vec<Vec<u8>>> {
        let mut members: Members = serde_json::from_slice(answer).ok()?;
        let data = members.get("data")?.as_list()?;
        let mut items: Vec<Option<Members>> = vec![None; weights.len()];
        if data.len() != items.len() {
            return None;
        }
        for item in data {
            let item = item.as_members().filter(|item| item.get("embedding").is_some())?;
            let place = usize::try_from(item.get("index")?.as_number()?).ok()?;
            let empty = items.get_mut(place).filter(|found| found.is_none())?;
            *empty = Some(item);
        }
        let usage = members.get("usage").and_then(Spelled::as_members);
        let numbers = usage.iter().flat_map(Members::iter).filter_map(|(name, value)| Some((name, value.as_number()?)));
        let shared: Vec<(&str, Vec<u64>)> = numbers.map(|(name, sum)| (name, money::shares(sum, weights))).collect();
        let part = |(place, item): (usize, Option<Members>)| {
            let mut item = item?;
            item.set("index", Spelled::number(0));
            members.set("data", Spelled::list([item.spell()]));
            if usage.is_some() && weights.len() > 1 {
                let share = |(name, shares): &(&str, Vec<u64>)| {
                    Some(((*name).to_owned(), Spelled::number(*shares.get(place)?)))
                };
                members.set("usage", shared.iter().filter_map(share).collect::<Members>().spell());
            }
            Some(members.spell().spelling().as_bytes().to_vec())
        };
        items.into_iter().enumerate().map(part).collect()
    }

    /// The vectors as spelled and counted anew, the usage added up, all else as in the first. An error where one of the
    /// answers does not hold exactly one vector, or there is none.
    fn merge(&self, answers: &[&[u8]]) -> Result<Vec<u8>> {
        let mut merged: Option<Members> = None;
        let mut items = Vec::new();
        let mut usage = Members::default();
        for answer in answers {
            let members: Members =
                serde_json::from_slice(answer).map_err(|cause| fault::unreadable(WHAT, answer, &cause))?;
            let data = members.get("data").and_then(Spelled::as_list).unwrap_or_default();
            let [item] = data.as_slice() else { return Err(fault::lacking(WHAT, "single vector", answer)) };
            let mut item = item.as_members().ok_or_else(|| fault::lacking(WHAT, "vector", answer))?;
            item.set("index", Spelled::number(items.len() as u64));
            items.push(item.spell());
            for (name, value) in members.get("usage").and_then(Spelled::as_members).unwrap_or_default() {
                let sum = match (usage.get(&name).and_then(Spelled::as_number), value.as_number()) {
                    (Some(sum), Some(more)) => Spelled::number(sum.saturating_add(more)),
                    _ => value,
                };
                usage.set(name, sum);
            }
            merged.get_or_insert(members);
        }
        let mut merged = merged.ok_or_else(|| Error::new(Kind::Other, "there is no embedding to put into a list"))?;
        merged.set("data", Spelled::list(items));
        if merged.get("usage").is_some() {
            merged.set("usage", usage.spell());
        }
        Ok(merged.spell().spelling().as_bytes().to_vec())
    }
}

/// A body without its `input`, and the items of that; `None` where it is no list.
fn apart(body: &[u8]) -> Result<Option<(Body<'_>, Vec<Spelled>)>> {
    let mut members = Body::read(body)?;
    let input = members.take("input").and_then(|input| Spelled::read(input.get()).ok());
    Ok(input.and_then(|input| input.as_list()).map(|items| (members, items)))
}

/// Roughly the tokens of an item: as many as are spelled out, or those its text may make.
fn weight(item: &Spelled) -> u64 {
    let spelled_out = item.as_list().map(|tokens| tokens.len() as u64);
    spelled_out.unwrap_or_else(|| estimate::tokens(item.spelling())).max(1)
}

#[cfg(test)]
mod tests;
