//! A line as the request it stands for: its own fields, then what the flags say for all. Values are passed on as they are
//! written, so that what they mean is decided where every other request is read.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use xxhash_rust::xxh3::Xxh3;

use super::source::{Content, Record, broken};
use crate::api::generate::GenerateRequest;
use crate::error::{Error, Kind, Result};
use crate::template::Template;

/// Fields of a request that hold text, which CSV can then say without quotes.
const TEXTS: [&str; 6] = ["prompt", "model", "provider", "system", "session", "run"];

/// Fields whose own fields are merged one by one.
const NESTED: [&str; 2] = ["cache", "options"];

/// A line, ready to be sent.
#[derive(Debug, PartialEq)]
pub struct Line {
    /// Its id as JSON: text or a number. None where it names none.
    pub id: Option<String>,
    /// The request, a JSON object in one line.
    pub request: Vec<u8>,
    /// A hash of all that the answer depends on.
    pub fingerprint: u128,
}

/// Fields with their values as they are written.
type Written = Vec<(String, Box<RawValue>)>;

/// Makes requests of lines.
pub struct Composer {
    defaults: Written,
    /// Those of `cache` and `options`, by name.
    nested: Vec<(&'static str, Written)>,
    template: Option<Template>,
    /// A hash of the defaults and the template.
    seed: u64,
}

impl Composer {
    /// One that fills in what these defaults say and a line does not.
    pub fn new(defaults: &GenerateRequest, template: Option<(Template, &str)>) -> Result<Composer> {
        let cannot = |error| Error::new(Kind::Other, "cannot write the request").because(error);
        let Value::Object(all) = serde_json::to_value(defaults).map_err(cannot)? else {
            return Err(Error::new(Kind::Other, "cannot write the request"));
        };
        let raw = |fields: Map<String, Value>| -> Result<Written> {
            fields
                .into_iter()
                .map(|(name, value)| Ok((name, serde_json::value::to_raw_value(&value).map_err(cannot)?)))
                .collect()
        };
        let (mut plain, mut nested) = (Map::new(), Vec::new());
        for (name, value) in all {
            match (NESTED.iter().find(|nested| **nested == name), value) {
                (Some(name), Value::Object(fields)) => nested.push((*name, raw(fields)?)),
                (_, value) => {
                    plain.insert(name, value);
                }
            }
        }
        let mut seed = Xxh3::new();
        seed.update(&weighing(defaults).map_err(cannot)?);
        seed.update(template.as_ref().map(|(_, source)| *source).unwrap_or_default().as_bytes());
        Ok(Composer {
            defaults: raw(plain)?,
            nested,
            template: template.map(|(template, _)| template),
            seed: seed.digest(),
        })
    }

    /// The id of a line that may be broken otherwise, as far as it can be told.
    pub fn id_of(&self, record: &Record, is_text: bool) -> Option<String> {
        match record.content.as_ref().ok()? {
            Content::Text(text) if !is_text => {
                read_fields(text, record.number).and_then(|fields| self.id(&fields, record.number)).ok()?
            }
            Content::Text(_) => None,
            Content::Fields(cells) => id_cell(cells),
        }
    }

    /// The request a line stands for; its error where it stands for none.
    pub fn compose(&self, record: &Record, is_text: bool) -> Result<Line> {
        let (number, content) = (record.number, record.content.as_ref().map_err(Clone::clone)?);
        let fingerprint = self.fingerprint(content);
        let (id, request) = match (content, &self.template) {
            (Content::Text(text), None) if is_text => (None, self.request_of_text(text)?),
            (Content::Text(text), Some(template)) if is_text => {
                let variables = serde_json::json!({"line": text, "prompt": text});
                (None, self.filled_in(template, &variables, number)?)
            }
            (Content::Text(text), None) => {
                let fields = read_fields(text, number)?;
                (self.id(&fields, number)?, self.merged(&fields, number)?)
            }
            (Content::Text(text), Some(template)) => {
                let id = self.id(&read_fields(text, number)?, number)?;
                let variables: Value =
                    serde_json::from_str(text).map_err(|error| broken(number, "is no JSON object", error))?;
                (id, self.filled_in(template, &variables, number)?)
            }
            (Content::Fields(cells), template) => self.of_cells(cells, template.as_ref(), number)?,
        };
        Ok(Line { id, request, fingerprint })
    }

    fn of_cells(
        &self,
        cells: &[(std::sync::Arc<str>, String)],
        template: Option<&Template>,
        number: u64,
    ) -> Result<(Option<String>, Vec<u8>)> {
        let id = id_cell(cells);
        let (mut fields, mut variables) = (Map::new(), Map::new());
        for (name, cell) in cells {
            if template.is_some() {
                variables.insert(name.to_string(), Value::from(cell.as_str()));
            } else if &**name != "id" && !cell.is_empty() {
                let is_text = TEXTS.contains(&&**name);
                let read = if is_text { None } else { serde_json::from_str(cell).ok() };
                fields.insert(name.to_string(), read.unwrap_or_else(|| Value::from(cell.as_str())));
            }
        }
        let request = match template {
            Some(template) => self.filled_in(template, &Value::Object(variables), number)?,
            None => {
                let text = Value::Object(fields).to_string();
                self.merged(&read_fields(&text, number)?, number)?
            }
        };
        Ok((id, request))
    }

    fn filled_in(&self, template: &Template, variables: &Value, number: u64) -> Result<Vec<u8>> {
        let prompt = template.render(variables).map_err(|error| {
            let told = Error::new(error.kind(), format!("line {number}: {}", error.message()));
            match error.cause() {
                Some(cause) => told.because(cause),
                None => told,
            }
        })?;
        self.request_of_text(&prompt)
    }

    fn request_of_text(&self, prompt: &str) -> Result<Vec<u8>> {
        let prompt = serde_json::value::to_raw_value(prompt)
            .map_err(|error| Error::new(Kind::Other, "cannot write the request").because(error))?;
        self.merged(&Fields(vec![("prompt".into(), &prompt)]), 0)
    }

    fn id(&self, fields: &Fields<'_>, number: u64) -> Result<Option<String>> {
        let Some(id) = fields.find("id") else { return Ok(None) };
        match id.as_bytes().first() {
            Some(b'"' | b'-' | b'0'..=b'9') => Ok(Some(id.to_owned())),
            Some(b'n') => Ok(None),
            _ => Err(broken(number, "has an `id` that is none", "it is neither text nor a number")),
        }
    }

    fn merged(&self, fields: &Fields<'_>, number: u64) -> Result<Vec<u8>> {
        let mut object = Object::begin();
        for (name, value) in &fields.0 {
            let defaults = self.nested.iter().find(|(nested, _)| nested == name);
            match (defaults, value.get()) {
                _ if name == "id" => {}
                // Nothing is said, so that the defaults are meant.
                (_, "null") => {}
                (Some((_, defaults)), text) if text.starts_with('{') => {
                    let own: Fields<'_> = serde_json::from_str(text)
                        .map_err(|error| broken(number, &format!("has a `{name}` that is none"), error))?;
                    object.add(name, &merged_within(&own, defaults));
                }
                (_, text) => object.add(name, text.as_bytes()),
            }
        }
        // The default model may belong to another provider than the one that the line names.
        let names_provider = fields.find("provider").is_some() && fields.find("model").is_none();
        for (name, value) in &self.defaults {
            let is_text = name == "system" && fields.find("session").is_some();
            if fields.find(name).is_none() && !(names_provider && name == "model") && !is_text {
                object.add(name, value.get().as_bytes());
            }
        }
        for (name, defaults) in &self.nested {
            if fields.find(name).is_none() {
                object.add(name, &merged_within(&Fields(Vec::new()), defaults));
            }
        }
        Ok(object.end())
    }

    fn fingerprint(&self, content: &Content) -> u128 {
        let mut hash = Xxh3::with_seed(self.seed);
        match content {
            Content::Text(text) => hash.update(text.as_bytes()),
            Content::Fields(cells) => {
                for (name, cell) in cells {
                    for text in [&**name, cell] {
                        hash.update(&(text.len() as u64).to_le_bytes());
                        hash.update(text.as_bytes());
                    }
                }
            }
        }
        hash.digest128()
    }
}

/// The id among the cells of a row, as JSON.
fn id_cell(cells: &[(std::sync::Arc<str>, String)]) -> Option<String> {
    let (_, cell) = cells.iter().find(|(name, cell)| **name == *"id" && !cell.is_empty())?;
    Some(Value::from(cell.as_str()).to_string())
}

/// What of the defaults the answer depends on: not how patiently it is asked for, nor how the cache is used.
fn weighing(defaults: &GenerateRequest) -> serde_json::Result<Vec<u8>> {
    let mut asked = GenerateRequest { run: None, wait: None, timeout: None, retries: None, ..defaults.clone() };
    let cache = &defaults.cache;
    asked.cache = crate::api::generate::CacheRequest {
        namespace: cache.namespace.clone(),
        sample: cache.sample,
        ..Default::default()
    };
    serde_json::to_vec(&asked)
}

fn merged_within(own: &Fields<'_>, defaults: &[(String, Box<RawValue>)]) -> Vec<u8> {
    let mut object = Object::begin();
    for (name, value) in &own.0 {
        object.add(name, value.get().as_bytes());
    }
    for (name, value) in defaults.iter().filter(|(name, _)| own.0.iter().all(|(known, _)| known != name)) {
        object.add(name, value.get().as_bytes());
    }
    object.end()
}

/// A JSON object that is being written.
struct Object(Vec<u8>);

impl Object {
    fn begin() -> Object {
        Object(vec![b'{'])
    }

    fn add(&mut self, name: &str, value: &[u8]) {
        if self.0.len() > 1 {
            self.0.push(b',');
        }
        // Into memory, text only: there is nothing that could fail.
        let _ = serde_json::to_writer(&mut self.0, name);
        self.0.push(b':');
        self.0.extend_from_slice(value);
    }

    fn end(mut self) -> Vec<u8> {
        self.0.push(b'}');
        self.0
    }
}

/// The fields of a JSON object as they are written, each there once.
struct Fields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Fields<'a> {
    fn find(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(known, value)| known == name && value.get() != "null").map(|(_, value)| value.get())
    }
}

fn read_fields(text: &str, number: u64) -> Result<Fields<'_>> {
    serde_json::from_str(text).map_err(|error| broken(number, "is no JSON object", error))
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Fields<'a>, D::Error> {
        struct Each<'a>(std::marker::PhantomData<&'a ()>);

        impl<'de: 'a, 'a> Visitor<'de> for Each<'a> {
            type Value = Fields<'a>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a JSON object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Fields<'a>, M::Error> {
                let mut fields: Vec<(Cow<'a, str>, &'a RawValue)> = Vec::with_capacity(4);
                while let Some(Name(name)) = map.next_key()? {
                    if fields.iter().any(|(known, _)| *known == name) {
                        return Err(serde::de::Error::custom(format_args!("`{name}` is there twice")));
                    }
                    fields.push((name, map.next_value()?));
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(Each(std::marker::PhantomData))
    }
}

/// A name, borrowed where it has no escapes.
struct Name<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Name<'a>, D::Error> {
        struct Text<'a>(std::marker::PhantomData<&'a ()>);

        impl<'de: 'a, 'a> Visitor<'de> for Text<'a> {
            type Value = Name<'a>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Name<'a>, E> {
                Ok(Name(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Name<'a>, E> {
                Ok(Name(Cow::Owned(text.to_owned())))
            }
        }

        deserializer.deserialize_str(Text(std::marker::PhantomData))
    }
}

#[cfg(test)]
mod tests;
