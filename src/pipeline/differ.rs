//! Where two calls differ: the first place at which their materials are not the same, as a path. Pure.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::{self, Write};

use super::canonical::{self, DEEPEST, Node};
use super::parts::{self, Kind};

/// The first place at which two materials differ, in canonical order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The way to it: `body.messages[0].content`.
    pub path: String,
    /// What stands there on the left, in canonical spelling; `None` where nothing does.
    pub left: Option<String>,
    /// The same on the right.
    pub right: Option<String>,
}

impl Difference {
    /// The path without the body around it, which most paths lead through.
    pub fn field(&self) -> &str {
        self.path.strip_prefix("body.").unwrap_or(&self.path)
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.field())
    }
}

/// The first difference of two materials, which are canonical; `None` where there is none, or where one is no object.
pub fn first_difference(left: &str, right: &str) -> Option<Difference> {
    let mut path = String::new();
    let (left, right) = within(left, right, 1, &mut path)?;
    Some(Difference { path, left: left.map(str::to_owned), right: right.map(str::to_owned) })
}

type Pair<'t> = (Option<&'t str>, Option<&'t str>);

/// Follows two objects, or two arrays, to where they differ, and leaves the way there in `path`. `None` where they are
/// neither, or do not differ.
fn within<'t>(left: &'t str, right: &'t str, depth: usize, path: &mut String) -> Option<Pair<'t>> {
    let both = |kind| Some((parts::inside(left, kind)?, parts::inside(right, kind)?));
    let (left, right) = if let Some((left, right)) = both(Kind::Object) {
        let (_, left, right) = first_apart(left, right)?;
        in_members(left, right, path)?
    } else {
        let (left, right) = both(Kind::Array).filter(|_| depth > 1)?;
        let (index, left, right) = first_apart(left, right)?;
        let _ = write!(path, "[{index}]");
        (left, right)
    };
    let deeper = match (left, right) {
        (Some(left), Some(right)) if depth < DEEPEST => within(left, right, depth + 1, path),
        _ => None,
    };
    deeper.or(Some((left, right)))
}

/// The first parts of two texts that are not the same, and how many are. `None` where all are.
fn first_apart<'t>(left: &'t str, right: &'t str) -> Option<(usize, Option<&'t str>, Option<&'t str>)> {
    let [mut left, mut right] = [left, right].map(|parts| Some(parts).filter(|parts| !parts.is_empty()));
    let mut same = 0;
    while let (Some(one), Some(other)) = (left, right) {
        let (part, others) = parts::first(one)?;
        // Most are the same, so that only one of the two is taken apart.
        right = match other.strip_prefix(part).map(|rest| (rest, rest.strip_prefix(','))) {
            Some(("", _)) => None,
            Some((_, Some(others))) => Some(others),
            _ => return Some((same, Some(part), Some(parts::first(other)?.0))),
        };
        left = others;
        same += 1;
    }
    let first = |parts| parts::first(parts).map(|(part, _)| part);
    (left != right).then_some((same, left.and_then(first), right.and_then(first)))
}

/// The values of two members that are not the same, of which the first in canonical order names the way: where the other
/// has another name, there is no such member on its side.
fn in_members<'t>(left: Option<&'t str>, right: Option<&'t str>, path: &mut String) -> Option<Pair<'t>> {
    let (left, right) = (left.and_then(parts::member), right.and_then(parts::member));
    let order = match (left, right) {
        (Some((one, _)), Some((other, _))) if one == other => Ordering::Equal,
        (Some((one, _)), Some((other, _))) => canonical::by_utf16(&unquoted(one), &unquoted(other)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => return None,
    };
    let (left, right) = (left.filter(|_| order.is_le()), right.filter(|_| order.is_ge()));
    let (name, _) = left.or(right)?;
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(&unquoted(name));
    Some((left.map(|(_, value)| value), right.map(|(_, value)| value)))
}

/// A name as it is meant.
fn unquoted(name: &str) -> Cow<'_, str> {
    let inner = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match inner.filter(|inner| !inner.contains('\\')) {
        Some(plain) => plain.into(),
        None => match canonical::parse(name) {
            Ok(Node::String(name)) => name,
            _ => name.into(),
        },
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn told(left: &str, right: &str) -> Option<(String, Option<String>, Option<String>)> {
        first_difference(left, right).map(|found| (found.path, found.left, found.right))
    }

    fn some(path: &str, left: Option<&str>, right: Option<&str>) -> Option<(String, Option<String>, Option<String>)> {
        Some((path.to_owned(), left.map(str::to_owned), right.map(str::to_owned)))
    }

    #[test]
    fn the_way_leads_to_the_first_place_that_differs() {
        let one = r#"{"body":{"messages":[{"content":"a"},{"content":"b"}],"n":1},"kind":"x"}"#;
        for (other, wanted) in [
            (one.replace("\"b\"", "\"c\""), some("body.messages[1].content", Some("\"b\""), Some("\"c\""))),
            (one.replace("\"n\":1", "\"n\":2"), some("body.n", Some("1"), Some("2"))),
            (one.replace(",\"n\":1", ""), some("body.n", Some("1"), None)),
            (one.replace("\"n\":1", "\"m\":null,\"n\":1"), some("body.m", None, Some("null"))),
            (one.replace(",{\"content\":\"b\"}", ""), some("body.messages[1]", Some("{\"content\":\"b\"}"), None)),
            (one.replace("\"x\"", "\"y\""), some("kind", Some("\"x\""), Some("\"y\""))),
            (one.replace("\"n\":1", "\"n\":[1]"), some("body.n", Some("1"), Some("[1]"))),
        ] {
            assert_eq!(told(one, &other), wanted, "{other}");
        }
        assert_eq!(told(one, one), None);
        assert_eq!(first_difference(one, &one.replace('1', "2")).unwrap().field(), "n");
    }

    #[test]
    fn what_is_no_json_differs_in_nothing() {
        assert_eq!(told("{", "{}"), None);
    }

    #[test]
    fn names_stand_in_canonical_order_whatever_is_in_them() {
        for (left, right, path) in [
            (r#"{"a":1,"a b":1}"#, r#"{"a":2,"a b":2}"#, "a"),
            (r#"{"\\":1,"b":1}"#, r#"{"\\":2,"b":2}"#, "\\"),
            ("{\"\u{1f600}\":1,\"\u{fb33}\":1}", "{\"\u{1f600}\":2,\"\u{fb33}\":2}", "\u{1f600}"),
            // Neither by their bytes in quotes, nor by their bytes.
            (r#"{"a":1}"#, r#"{"a b":1}"#, "a"),
            ("{\"\u{fb33}\":1}", "{\"\u{1f600}\":1}", "\u{1f600}"),
        ] {
            assert_eq!(first_difference(left, right).unwrap().path, path, "{left}");
        }
    }

    /// What a reader of both texts finds, who compares what they mean.
    fn read(left: &Value, right: &Value, path: String) -> Option<(String, Option<String>, Option<String>)> {
        let deeper = |name: String, left: Option<&Value>, right: Option<&Value>| match (left, right) {
            (Some(left), Some(right)) => read(left, right, name),
            _ => Some((name, left.map(Value::to_string), right.map(Value::to_string))),
        };
        match (left, right) {
            _ if left == right => None,
            (Value::Object(one), Value::Object(other)) => {
                let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
                let name = names.into_iter().find(|name| one.get(*name) != other.get(*name)).unwrap();
                let dot = if path.is_empty() { "" } else { "." };
                deeper(format!("{path}{dot}{name}"), one.get(name), other.get(name))
            }
            (Value::Array(one), Value::Array(other)) => {
                let index = (0..).find(|index| one.get(*index) != other.get(*index)).unwrap();
                deeper(format!("{path}[{index}]"), one.get(index), other.get(index))
            }
            _ => Some((path, Some(left.to_string()), Some(right.to_string()))),
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf =
            prop_oneof![Just(json!(1)), Just(json!(12)), Just(json!("a,\"}")), Just(json!("")), Just(Value::Null)];
        leaf.prop_recursive(4, 24, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[ab]{1,2}", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_difference_is_the_one_a_reader_finds(
            left in prop::collection::btree_map("[ab]{1,2}", any_json(), 0..4),
            right in prop::collection::btree_map("[ab]{1,2}", any_json(), 0..4),
        ) {
            let (left, right) = (json!(left), json!(right));

            prop_assert_eq!(told(&left.to_string(), &right.to_string()), read(&left, &right, String::new()));
        }

        #[test]
        fn two_texts_differ_somewhere_exactly_where_they_are_not_the_same(
            left in prop::collection::btree_map("[a-c]", 0_u8..3, 0..4),
            right in prop::collection::btree_map("[a-c]", 0_u8..3, 0..4),
        ) {
            let (one, other) = (serde_json::to_string(&left).unwrap(), serde_json::to_string(&right).unwrap());

            let found = first_difference(&one, &other);

            prop_assert_eq!(found.is_none(), left == right);
            let back = first_difference(&other, &one);
            prop_assert_eq!(found.map(|found| (found.path, found.left, found.right)),
                back.map(|back| (back.path, back.right, back.left)));
        }
    }
}
