//! Templates of prompts (minijinja): compiled once, filled in many times. Nothing is read from disk and nothing of another
//! template is taken in; a name that stands for nothing is an error, never an empty place.

use std::collections::{BTreeSet, HashSet};
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
        let mut environment = environment();
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

impl Template {
    /// What it takes from outside, with the members that are named: `city`, `steps.outline.text`.
    pub fn names(&self) -> BTreeSet<String> {
        let template = self.environment.get_template(OWN_NAME);
        template
            .map(|template| from_outside(&self.environment, template.undeclared_variables(true)))
            .unwrap_or_default()
    }
}

/// An expression of a template by itself, such as `steps.list.json.cities` or `inputs.count > 3`.
#[derive(Debug)]
pub struct Expression {
    environment: Environment<'static>,
    name: String,
    source: String,
}

impl Expression {
    /// Compiles an expression. `name` is what errors call it.
    ///
    /// Fails with [`Kind::Usage`], naming line and column, where the text is none.
    pub fn compile(name: &str, source: &str) -> Result<Expression> {
        let environment = environment();
        if let Err(error) = environment.compile_expression(source) {
            return Err(explained(&format!("`{name}` is no expression"), source, &error));
        }
        Ok(Expression { environment, name: name.to_owned(), source: source.to_owned() })
    }

    /// Its value for these variables.
    ///
    /// Fails with [`Kind::Usage`], naming what is missing.
    pub fn value(&self, variables: impl Serialize) -> Result<serde_json::Value> {
        self.evaluated(variables).and_then(|value| {
            let cannot = || Error::new(Kind::Usage, format!("cannot work out `{}`", self.name));
            serde_json::to_value(value).map_err(|error| cannot().because(error))
        })
    }

    /// Whether its value counts as true: not `false`, nothing, zero or empty.
    ///
    /// Fails with [`Kind::Usage`], naming what is missing.
    pub fn is_true(&self, variables: impl Serialize) -> Result<bool> {
        self.evaluated(variables).map(|value| value.is_true())
    }

    fn evaluated(&self, variables: impl Serialize) -> Result<minijinja::Value> {
        let compiled = self.environment.compile_expression(&self.source);
        let value = compiled.and_then(|expression| expression.eval(Serde(variables)));
        let what = || format!("cannot work out `{}`", self.name);
        let value = value.map_err(|error| explained(&what(), &self.source, &error))?;
        match value.is_undefined() {
            false => Ok(value),
            true => Err(Error::new(Kind::Usage, what()).because(format!("`{}` is undefined", self.source))),
        }
    }

    /// What it takes from outside, with the members that are named.
    pub fn names(&self) -> BTreeSet<String> {
        let compiled = self.environment.compile_expression(&self.source);
        let names = compiled.map(|expression| expression.undeclared_variables(true)).unwrap_or_default();
        from_outside(&self.environment, names)
    }
}

/// Names without those of functions that are always there.
fn from_outside(environment: &Environment<'_>, names: HashSet<String>) -> BTreeSet<String> {
    let is_global = |name: &str| environment.globals().any(|(global, _)| global == name);
    names.into_iter().filter(|name| !is_global(name.split('.').next().unwrap_or_default())).collect()
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // Otherwise errors would not know where they are.
    environment.set_debug(true);
    environment
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
    fn what_is_taken_from_outside_is_known_beforehand() {
        let template =
            Template::compile("t", "{{ inputs.a }} {% for x in steps.b.items %}{{ x.text }}{% endfor %}").unwrap();
        let expression = Expression::compile("e", "steps.c.json.d[0] and inputs.e").unwrap();

        let named = |names: BTreeSet<String>| names.into_iter().collect::<Vec<_>>();

        assert_eq!(named(template.names()), ["inputs.a", "steps.b.items"]);
        assert_eq!(named(expression.names()), ["inputs.e", "steps.c.json.d"]);
    }

    #[test]
    fn an_expression_has_a_value_or_says_what_is_missing() {
        let list = Expression::compile("e", "a.b|map(attribute='c')").unwrap();
        let variables = json!({"a": {"b": [{"c": 1}, {"c": "x"}]}});

        assert_eq!(list.value(&variables).unwrap(), json!([1, "x"]));
        let truth = |source: &str| Expression::compile("e", source).unwrap().is_true(&variables);
        assert_eq!([truth("a.b").unwrap(), truth("0").unwrap(), truth("a.b|length > 1").unwrap()], [true, false, true]);
        assert!(cause(&truth("a.nope").unwrap_err()).contains("undefined"));
        assert_eq!(Expression::compile("e", "a +").unwrap_err().kind(), Kind::Usage);
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
