//! Canonical text taken apart without being read: where the members of an object and the items of an array stand in it.
//! What is no canonical JSON has no parts, or some that mean nothing; nothing is looked at that does not matter here.

use super::canonical::clean_length;

/// A member as it is spelled: its name, in quotes, and its value.
pub type Member<'t> = (&'t str, &'t str);

/// Tells the members of an object in turn; `None` where the text is none, which may show only after some.
pub fn each_member<'t>(text: &'t str, mut tell: impl FnMut(Member<'t>)) -> Option<()> {
    each(inside(text, Kind::Object)?, |part| member(part).map(&mut tell))
}

/// What has parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Its parts are members.
    Object,
    /// Its parts are items.
    Array,
}

/// What stands between the brackets of an object or an array; `None` where the text is none.
pub fn inside(text: &str, kind: Kind) -> Option<&str> {
    let (open, close) = match kind {
        Kind::Object => ('{', '}'),
        Kind::Array => ('[', ']'),
    };
    text.strip_prefix(open)?.strip_suffix(close)
}

/// A part of an object as a member.
pub fn member(part: &str) -> Option<Member<'_>> {
    let (name, rest) = part.split_at_checked(string_end(part.as_bytes(), 0)?)?;
    Some((Some(name).filter(|name| name.starts_with('"'))?, rest.strip_prefix(':')?))
}

/// The first of the parts that stand between commas, and the others, where there are any.
pub fn first(parts: &str) -> Option<(&str, Option<&str>)> {
    let bytes = parts.as_bytes();
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = string_end(bytes, at)?;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            b',' if depth == 0 => return Some((parts.get(..at)?, Some(parts.get(at + 1..)?))),
            _ => {}
        }
        at += 1;
    }
    (depth == 0).then_some((parts, None))
}

fn each<'t>(inside: &'t str, mut tell: impl FnMut(&'t str) -> Option<()>) -> Option<()> {
    let mut left = Some(inside).filter(|inside| !inside.is_empty());
    while let Some(some) = left {
        let (part, others) = first(some)?;
        tell(part)?;
        left = others;
    }
    Some(())
}

/// Where the string ends that begins here: behind its last quote.
fn string_end(bytes: &[u8], begin: usize) -> Option<usize> {
    let mut at = begin + 1;
    loop {
        at += clean_length(bytes.get(at..)?);
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::pipeline::canonical::{self, Node};
    use proptest::prelude::*;
    use serde_json::Value;

    fn members(text: &str) -> Option<Vec<Member<'_>>> {
        let mut members = Vec::new();
        each_member(text, |member| members.push(member)).map(|()| members)
    }

    fn items(text: &str) -> Option<Vec<&str>> {
        let mut items = Vec::new();
        let tell = |item| {
            items.push(item);
            Some(())
        };
        each(inside(text, Kind::Array)?, tell).map(|()| items)
    }

    #[test]
    fn commas_and_brackets_in_strings_part_nothing() {
        let text = r#"{"a,\"}":"[,","b":[1,{"c":"]"}],"c":{}}"#;

        let members = members(text).unwrap();

        assert_eq!(members, [(r#""a,\"}""#, r#""[,""#), (r#""b""#, r#"[1,{"c":"]"}]"#), (r#""c""#, "{}")]);
        assert_eq!(items(members[1].1).unwrap(), ["1", r#"{"c":"]"}"#]);
    }

    #[test]
    fn what_is_none_has_none() {
        for text in ["", "{", "}", "[]", "1", "{\"a\":1", "{\"a}", "{a:1}", "{\"a\"}", "{\"a\":1}}", "{\"a\":{}", "{]}"]
        {
            assert_eq!(members(text), None, "{text}");
        }
        assert_eq!(items("{}"), None);
        assert_eq!((members("{}").unwrap().len(), items("[]").unwrap().len()), (0, 0));
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    fn spelled(node: &Node<'_>) -> String {
        let mut text = String::new();
        node.write(&mut text);
        text
    }

    proptest! {
        #[test]
        fn parts_are_what_a_reader_finds(json in any_json()) {
            let text = spelled(&canonical::parse(&json.to_string()).unwrap());

            match canonical::parse(&text).unwrap() {
                Node::Object(read) => {
                    let quoted = |name: &str| spelled(&Node::String(name.into()));
                    let read: Vec<_> = read.iter().map(|(name, value)| (quoted(name), spelled(value))).collect();
                    let found = members(&text).unwrap();
                    let found: Vec<_> = found.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
                    prop_assert_eq!(found, read);
                }
                Node::Array(read) => {
                    prop_assert_eq!(items(&text).unwrap(), read.iter().map(spelled).collect::<Vec<_>>());
                }
                _ => prop_assert_eq!((members(&text), items(&text)), (None, None)),
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in "[\\[\\]{},:\"\\\\a-c€]{0,40}") {
            let _ = (members(&text), items(&text));
        }
    }
}
