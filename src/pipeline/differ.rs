//! Where two calls differ: the first place at which their materials are not the same, as a path. Pure.

use std::borrow::Cow;
use std::fmt::{self, Write};

use super::canonical::{self, Node};

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

/// The first difference of two materials; `None` where there is none, or where one of them is no JSON.
pub fn first_difference(left: &str, right: &str) -> Option<Difference> {
    let (left, right) = (canonical::parse(left).ok()?, canonical::parse(right).ok()?);
    let mut path = String::new();
    let (left, right) = descend(Some(&left), Some(&right), &mut path)?;
    Some(Difference { path, left: left.map(spelled), right: right.map(spelled) })
}

type Pair<'n, 't> = (Option<&'n Node<'t>>, Option<&'n Node<'t>>);

/// Follows both to where they differ, and leaves the way there in `path`.
fn descend<'n, 't>(left: Option<&'n Node<'t>>, right: Option<&'n Node<'t>>, path: &mut String) -> Option<Pair<'n, 't>> {
    if left == right {
        // Most of two calls that are alike.
        return None;
    }
    let way = path.len();
    match (left, right) {
        (Some(Node::Object(left)), Some(Node::Object(right))) => {
            for name in names(left, right) {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(name);
                if let Some(found) = descend(member(left, name), member(right, name), path) {
                    return Some(found);
                }
                path.truncate(way);
            }
            None
        }
        (Some(Node::Array(left)), Some(Node::Array(right))) => {
            for index in 0..left.len().max(right.len()) {
                let _ = write!(path, "[{index}]");
                if let Some(found) = descend(left.get(index), right.get(index), path) {
                    return Some(found);
                }
                path.truncate(way);
            }
            None
        }
        (Some(one), Some(other)) if spelled(one) == spelled(other) => None,
        differing => Some(differing),
    }
}

type Members<'t> = [(Cow<'t, str>, Node<'t>)];

/// The names of both, in order, each once.
fn names<'m>(left: &'m Members<'_>, right: &'m Members<'_>) -> Vec<&'m str> {
    let mut names: Vec<&str> = left.iter().chain(right).map(|(name, _)| name.as_ref()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn member<'m, 't>(members: &'m Members<'t>, name: &str) -> Option<&'m Node<'t>> {
    members.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

fn spelled(node: &Node<'_>) -> String {
    let mut text = String::new();
    node.write(&mut text);
    text
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
