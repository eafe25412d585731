//! JSON in which what nobody looks at stays as it was spelled: numbers beyond any type, escapes, order.
//! It knows no vendor, and builds no tree below the members asked for.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::sse::pieces;

/// More members than any object a vendor sends has; finding one by name may therefore be linear.
const MOST_MEMBERS: usize = 4096;

/// Objects below this depth are not added up member by member.
const DEEPEST_SUM: usize = 16;

/// One JSON value as it was spelled, without the white space around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Spelled(Box<str>);

impl Spelled {
    /// Reads one value; the text may be anything.
    pub fn read(text: &str) -> serde_json::Result<Spelled> {
        serde_json::from_str(text)
    }

    /// `null`.
    pub fn null() -> Spelled {
        Spelled("null".into())
    }

    /// A string.
    pub fn text(text: &str) -> Spelled {
        Spelled(serde_json::Value::from(text).to_string().into())
    }

    /// A number.
    pub fn number(number: u64) -> Spelled {
        Spelled(number.to_string().into())
    }

    /// An array.
    pub fn list(items: impl IntoIterator<Item = Spelled>) -> Spelled {
        let items: Vec<Spelled> = items.into_iter().collect();
        let items: Vec<&str> = items.iter().map(Spelled::spelling).collect();
        Spelled(format!("[{}]", items.join(",")).into())
    }

    /// Its JSON text.
    pub fn spelling(&self) -> &str {
        &self.0
    }

    /// True for `null`.
    pub fn is_null(&self) -> bool {
        self.spelling() == "null"
    }

    /// True for `null` and the empty string.
    pub fn is_blank(&self) -> bool {
        matches!(self.spelling(), "null" | "\"\"")
    }

    /// True for a string.
    pub fn is_text(&self) -> bool {
        self.0.starts_with('"')
    }

    /// The string it is; `None` for anything else, and for half a surrogate pair.
    pub fn as_text(&self) -> Option<String> {
        if self.is_text() { serde_json::from_str(self.spelling()).ok() } else { None }
    }

    /// The whole number it is.
    pub fn as_number(&self) -> Option<u64> {
        self.0.parse().ok()
    }

    /// The array it is.
    pub fn as_list(&self) -> Option<Vec<Spelled>> {
        if self.0.starts_with('[') { serde_json::from_str(self.spelling()).ok() } else { None }
    }

    /// The object it is.
    pub fn as_members(&self) -> Option<Members> {
        if self.0.starts_with('{') { serde_json::from_str(self.spelling()).ok() } else { None }
    }

    /// A string in pieces, as a model would send it: one where it is empty, and where it cannot be read.
    pub fn pieces(&self) -> Vec<Spelled> {
        match self.as_text() {
            Some(text) if !text.is_empty() => pieces(&text).into_iter().map(Spelled::text).collect(),
            _ => vec![self.clone()],
        }
    }

    /// The string between its quotation marks, escapes as they are.
    fn escaped(&self) -> Option<&str> {
        self.0.strip_prefix('"')?.strip_suffix('"')
    }
}

/// A JSON text without the white space outside its strings; a naive reader of events expects one line.
pub fn compact(json: &str) -> String {
    let mut is_in_string = false;
    let mut is_escaped = false;
    let is_kept = |character: &char| {
        if is_in_string {
            is_in_string = is_escaped || *character != '"';
            is_escaped = !is_escaped && *character == '\\';
            return true;
        }
        is_in_string = *character == '"';
        !character.is_ascii_whitespace()
    };
    json.chars().filter(is_kept).collect()
}

impl fmt::Display for Spelled {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Spelled {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Spelled, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(|raw| Spelled(raw.into()))
    }
}

/// The members of an object in their order; of two with one name the later counts, as everywhere in JSON.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Members(Vec<(String, Spelled)>);

impl Members {
    /// These members.
    pub fn of<const N: usize>(members: [(&str, Spelled); N]) -> Members {
        members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// The member of a name.
    pub fn get(&self, name: &str) -> Option<&Spelled> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The member of a name, where it is there and not `null`.
    pub fn filled(&self, name: &str) -> Option<&Spelled> {
        self.get(name).filter(|value| !value.is_null())
    }

    /// Puts a member in the place of its namesake, else at the end.
    pub fn set(&mut self, name: impl Into<String>, value: Spelled) {
        let name = name.into();
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.0.push((name, value)),
        }
    }

    /// Like `set`, but a blank one never takes the place of another.
    pub fn set_unless_blank(&mut self, name: impl Into<String>, value: Spelled) {
        let name = name.into();
        if !value.is_blank() || self.get(&name).is_none_or(Spelled::is_null) {
            self.set(name, value);
        }
    }

    /// The object they make.
    pub fn spell(&self) -> Spelled {
        Spelled(format!("{{{}}}", self.spell_inside()).into())
    }

    /// The object they make, without its braces.
    pub fn spell_inside(&self) -> String {
        let members: Vec<String> =
            self.0.iter().map(|(name, value)| format!("{}:{value}", Spelled::text(name))).collect();
        members.join(",")
    }

    /// Name and value of each, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Spelled)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

impl IntoIterator for Members {
    type Item = (String, Spelled);
    type IntoIter = std::vec::IntoIter<(String, Spelled)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl FromIterator<(String, Spelled)> for Members {
    fn from_iter<I: IntoIterator<Item = (String, Spelled)>>(members: I) -> Members {
        let mut all = Members::default();
        members.into_iter().for_each(|(name, value)| all.set(name, value));
        all
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Members::default();
                while let Some((name, value)) = map.next_entry::<String, Spelled>()? {
                    members.set(name, value);
                    if members.0.len() > MOST_MEMBERS {
                        return Err(A::Error::custom("an object of too many members"));
                    }
                }
                Ok(members)
            }
        }

        deserializer.deserialize_map(Object)
    }
}

/// What is known with the news laid over it: of two objects each member that is not blank, of anything else the news.
pub fn overlaid(known: Option<&Spelled>, news: Spelled) -> Spelled {
    match (known.and_then(Spelled::as_members), news.as_members()) {
        (Some(mut members), Some(news)) => {
            news.into_iter().for_each(|(name, value)| members.set_unless_blank(name, value));
            members.spell()
        }
        _ => known.filter(|_| news.is_null()).cloned().unwrap_or(news),
    }
}

/// What the pieces of a streamed value add up to: strings and arrays are joined, objects added up member by member,
/// and of anything else the last piece that is not `null` counts.
///
/// Strings are joined as spelled, so that an escaped surrogate pair may be cut in two.
#[derive(Clone, Debug)]
pub enum Sum {
    /// A single piece so far.
    One(Spelled),
    /// A string, without its quotation marks, escapes as they are.
    Text(String),
    /// An array.
    List(Vec<Spelled>),
    /// An object.
    Object(Vec<(String, Sum)>),
}

impl Sum {
    /// Adds a piece.
    pub fn add(&mut self, piece: Spelled) {
        self.add_at(piece, 0);
    }

    fn add_at(&mut self, piece: Spelled, depth: usize) {
        if piece.is_null() {
            return;
        }
        if let Sum::One(first) = self
            && let Some(spread) = Sum::spread(first)
        {
            *self = spread;
        }
        let joined = match self {
            Sum::Text(text) => piece.escaped().map(|more| text.push_str(more)),
            Sum::List(items) => piece.as_list().map(|more| items.extend(more)),
            Sum::Object(sums) if depth < DEEPEST_SUM => piece.as_members().map(|more| {
                more.into_iter().for_each(|(name, value)| add_member_at(sums, name, value, depth + 1));
            }),
            _ => None,
        };
        if joined.is_none() {
            *self = Sum::One(piece);
        }
    }

    fn spread(first: &Spelled) -> Option<Sum> {
        let text = first.escaped().map(|text| Sum::Text(text.to_owned()));
        text.or_else(|| first.as_list().map(Sum::List)).or_else(|| {
            let members = first.as_members()?;
            Some(Sum::Object(members.into_iter().map(|(name, value)| (name, Sum::One(value))).collect()))
        })
    }

    /// The value they add up to.
    pub fn spell(self) -> Spelled {
        match self {
            Sum::One(value) => value,
            Sum::Text(text) => Spelled(format!("\"{text}\"").into()),
            Sum::List(items) => Spelled::list(items),
            Sum::Object(sums) => spell_members(sums).spell(),
        }
    }
}

/// Adds a piece to the member of a name.
pub fn add_member(sums: &mut Vec<(String, Sum)>, name: String, piece: Spelled) {
    add_member_at(sums, name, piece, 0);
}

fn add_member_at(sums: &mut Vec<(String, Sum)>, name: String, piece: Spelled, depth: usize) {
    match sums.iter_mut().find(|(known, _)| *known == name) {
        Some((_, sum)) => sum.add_at(piece, depth),
        None => sums.push((name, Sum::One(piece))),
    }
}

/// The members they add up to.
pub fn spell_members(sums: Vec<(String, Sum)>) -> Members {
    sums.into_iter().map(|(name, sum)| (name, sum.spell())).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn sum(pieces: &[&str]) -> String {
        let mut pieces = pieces.iter().map(|piece| Spelled::read(piece).unwrap());
        let mut sum = Sum::One(pieces.next().unwrap());
        pieces.for_each(|piece| sum.add(piece));
        sum.spell().to_string()
    }

    #[test]
    fn members_keep_order_and_spelling() {
        let text = r#"{"b":1.50,"a":123456789012345678901234567890,"c":{"x" :1}}"#;

        assert_eq!(Spelled::read(text).unwrap().as_members().unwrap().spell().spelling(), text);
    }

    #[test]
    fn of_two_members_with_one_name_the_later_counts() {
        let members = Spelled::read(r#"{"a":1,"b":2,"a":3}"#).unwrap().as_members().unwrap();

        assert_eq!(members.spell().spelling(), r#"{"a":3,"b":2}"#);
    }

    #[test]
    fn strings_and_arrays_are_joined_and_objects_added_up() {
        assert_eq!(sum(&[r#""a""#, "null", r#""b""#]), r#""ab""#);
        assert_eq!(sum(&["[1]", "[2.0]"]), "[1,2.0]");
        assert_eq!(sum(&[r#"{"n":"f","a":""}"#, r#"{"a":"{"}"#, r#"{"a":"}"}"#]), r#"{"n":"f","a":"{}"}"#);
        assert_eq!(sum(&["1", "2"]), "2");
        assert_eq!(sum(&["null", r#""a""#]), r#""a""#);
    }

    #[test]
    fn compacting_leaves_strings_alone() {
        let json = "{ \"a b\" :\r\n [ 1.0 , \"x \\\" y\", \"\\\\\" , true ] }";

        assert_eq!(compact(json), r#"{"a b":[1.0,"x \" y","\\",true]}"#);
    }

    #[test]
    fn a_surrogate_pair_may_be_cut_in_two() {
        let pair = sum(&[r#""\ud83e""#, r#""\udd80""#]);

        assert_eq!(Spelled::read(&pair).unwrap().as_text().unwrap(), "🦀");
    }

    #[test]
    fn an_object_of_countless_members_is_refused() {
        let members: Vec<String> = (0..=MOST_MEMBERS).map(|number| format!("\"{number}\":0")).collect();
        let object = Spelled::read(&format!("{{{}}}", members.join(","))).unwrap();

        assert!(object.as_members().is_none());
    }

    #[test]
    fn pieces_nested_without_end_do_not_overflow() {
        let deep = format!("{}1{}", r#"{"a":"#.repeat(50_000), "}".repeat(50_000));

        assert_eq!(sum(&[&deep, &deep]), deep);
    }
}
