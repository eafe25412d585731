//! Where two calls differ: the first place at which their materials are not the same, as a path. Pure.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::{self, Write};

use super::canonical::{self, DEEPEST, Node};
use super::parts::{self, Member};

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
    let (one, other) = (parts::members(left)?, parts::members(right)?);
    let mut path = String::new();
    let (left, right) = in_members(&one, &other, 1, &mut path)?;
    Some(Difference { path, left: left.map(str::to_owned), right: right.map(str::to_owned) })
}

type Pair<'t> = (Option<&'t str>, Option<&'t str>);

/// Follows both to where they differ, and leaves the way there in `path`.
fn descend<'t>(left: Option<&'t str>, right: Option<&'t str>, depth: usize, path: &mut String) -> Option<Pair<'t>> {
    if left == right {
        // Most of two calls that are alike.
        return None;
    }
    let found = match (left, right) {
        (Some(left), Some(right)) if depth < DEEPEST => {
            if let (Some(one), Some(other)) = (parts::members(left), parts::members(right)) {
                in_members(&one, &other, depth + 1, path)
            } else if let (Some(one), Some(other)) = (parts::items(left), parts::items(right)) {
                in_items(&one, &other, depth + 1, path)
            } else {
                None
            }
        }
        _ => None,
    };
    found.or(Some((left, right)))
}

fn in_members<'t>(one: &[Member<'t>], other: &[Member<'t>], depth: usize, path: &mut String) -> Option<Pair<'t>> {
    let way = path.len();
    for name in names(one, other) {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(&unquoted(name));
        let found = descend(member(one, name), member(other, name), depth, path);
        if found.is_some() {
            return found;
        }
        path.truncate(way);
    }
    None
}

fn in_items<'t>(one: &[&'t str], other: &[&'t str], depth: usize, path: &mut String) -> Option<Pair<'t>> {
    let way = path.len();
    for index in 0..one.len().max(other.len()) {
        let _ = write!(path, "[{index}]");
        let found = descend(one.get(index).copied(), other.get(index).copied(), depth, path);
        if found.is_some() {
            return found;
        }
        path.truncate(way);
    }
    None
}

/// The names of both in canonical order, each once.
fn names<'t>(left: &[Member<'t>], right: &[Member<'t>]) -> Vec<&'t str> {
    let [mut left, mut right] = [left, right].map(|members| members.iter().map(|(name, _)| *name).peekable());
    let mut names = Vec::new();
    loop {
        let (order, name) = match (left.peek(), right.peek()) {
            (Some(one), Some(other)) => match canonical::by_utf16(&unquoted(one), &unquoted(other)) {
                Ordering::Greater => (Ordering::Greater, *other),
                order => (order, *one),
            },
            (Some(one), None) => (Ordering::Less, *one),
            (None, Some(other)) => (Ordering::Greater, *other),
            (None, None) => return names,
        };
        names.push(name);
        left.next_if(|_| order != Ordering::Greater);
        right.next_if(|_| order != Ordering::Less);
    }
}

fn member<'t>(members: &[Member<'t>], name: &str) -> Option<&'t str> {
    members.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
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
    use proptest::prelude::*;

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
        ] {
            assert_eq!(first_difference(left, right).unwrap().path, path, "{left}");
        }
    }

    proptest! {
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
