//! Templates of prompts (minijinja): compiled once, filled in many times. Nothing is read from disk and nothing of another
//! template is taken in; a name that stands for nothing is an error, never an empty place.

use std::ops::Range;

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

use crate::error::{Error, Kind, Result};

/// What the one template of an environment is called within it.
const OWN_NAME: &str = "template";

/// A compiled template.
#[derive(Debug)]
pub struct Template {
    environment: Environment<'static>,
    name: String,
    source: String,
}

impl Template {
    /// Compiles a template. `name` is what errors call it, such as the path it was read from.
    ///
    /// Fails with [`Kind::Usage`], naming line and column, where the text is no template.
    pub fn compile(name: &str, source: &str) -> Result<Template> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        // Otherwise errors would not know where they are.
        environment.set_debug(true);
        let broken = |error| explained(&format!("`{name}` is no template"), source, &error);
        environment.add_template_owned(OWN_NAME, source.to_owned()).map_err(broken)?;
        Ok(Template { environment, name: name.to_owned(), source: source.to_owned() })
    }

    /// The text with these variables filled in: anything that serializes to a map. A last line end of the template is not
    /// part of it.
    ///
    /// Fails with [`Kind::Usage`], naming line, column and what is missing there.
    pub fn render(&self, variables: impl Serialize) -> Result<String> {
        let rendered = self.environment.get_template(OWN_NAME);
        let rendered = rendered.and_then(|template| template.render(Serde(variables)));
        rendered.map_err(|error| explained(&format!("cannot fill in `{}`", self.name), &self.source, &error))
    }
}

fn explained(message: &str, source: &str, error: &minijinja::Error) -> Error {
    let what = match error.detail() {
        Some(detail) => detail.to_owned(),
        None => error.kind().to_string(),
    };
    let range = error.range().filter(|range| range.end <= source.len());
    let place = match (&range, error.line()) {
        (Some(range), _) => {
            let (line, column) = position(source, range.start);
            format!("line {line}, column {column}: ")
        }
        (None, Some(line)) => format!("line {line}: "),
        (None, None) => String::new(),
    };
    let named = range.and_then(|range| named(source, range)).filter(|named| !what.contains(*named));
    let named = named.map(|named| format!(" (`{named}`)")).unwrap_or_default();
    Error::new(Kind::Usage, message).because(format!("{place}{what}{named}"))
}

/// What stands in a range, where that is short enough to be a name.
fn named(source: &str, range: Range<usize>) -> Option<&str> {
    const LONGEST: usize = 60;
    let text = source.get(range)?.trim();
    (!text.is_empty() && text.len() <= LONGEST && !text.contains('\n')).then_some(text)
}

/// Line and column of a byte, counted from 1; columns in characters.
fn position(source: &str, at: usize) -> (usize, usize) {
    let before = source.get(..at).unwrap_or(source);
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn cause(error: &Error) -> &str {
        assert_eq!(error.kind(), Kind::Usage);
        error.cause().unwrap()
    }

    #[test]
    fn variables_are_filled_in_and_logic_is_followed() {
        let source = "Name {{ count }} {{ what|upper }}{% if near %} near {{ near.city }}{% endif %}.\n";
        let template = Template::compile("rivers", source).unwrap();

        let near = template.render(json!({"count": 3, "what": "rivers", "near": {"city": "Rome"}})).unwrap();
        let anywhere = template.render(json!({"count": 3, "what": "rivers", "near": false})).unwrap();

        assert_eq!([near, anywhere], ["Name 3 RIVERS near Rome.", "Name 3 RIVERS."]);
    }

    #[test]
    fn what_is_filled_in_is_taken_as_it_is() {
        let template = Template::compile("t", "{{ text }}").unwrap();

        let text = "<b>&\"{{ text }}\u{0}";

        assert_eq!(template.render(json!({"text": text})).unwrap(), text);
    }

    #[test]
    fn a_name_that_stands_for_nothing_is_told_with_its_place() {
        let template = Template::compile("t", "One\ntwo é {{ town }}").unwrap();

        let error = template.render(json!({"city": "Rome"})).unwrap_err();

        assert_eq!(error.message(), "cannot fill in `t`");
        assert!(cause(&error).starts_with("line 2, column "), "{error}");
        assert!(cause(&error).contains("town") && cause(&error).contains("undefined"), "{error}");
    }

    #[test]
    fn what_is_no_template_is_refused_before_anything_is_filled_in() {
        for (source, place) in [("{{ a", "line 1"), ("a\n{% for x %}", "line 2"), ("{% if a %}", "line 1")] {
            let error = Template::compile("t", source).unwrap_err();
            assert!(cause(&error).starts_with(place), "{source}: {error}");
        }
    }

    #[test]
    fn nothing_of_elsewhere_is_taken_in() {
        for source in ["{% include '/etc/passwd' %}", "{% extends 'x' %}", "{% import 'x' as y %}"] {
            let made = Template::compile("t", source).and_then(|template| template.render(json!({})));
            assert!(made.is_err(), "{source}");
        }
    }

    #[test]
    fn lines_and_columns_are_counted_from_one() {
        assert_eq!(position("é\nab", 0), (1, 1));
        assert_eq!(position("é\nab", 4), (2, 2));
        assert_eq!(position("a", 99), (1, 2));
    }
}
