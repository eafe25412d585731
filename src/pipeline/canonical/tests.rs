//! What the canonical spelling is, by the vectors of RFC 8785 and by properties.

use super::*;
use proptest::prelude::*;

fn canonical(text: &str) -> String {
    let mut out = String::new();
    parse(text).unwrap().write(&mut out);
    out
}

#[test]
fn order_space_and_spelling_do_not_matter() {
    let plain = canonical(r#"{"b": 0.70, "a": [1, 2.0, 1e1], "c": "\u0061\/"}"#);

    assert_eq!(plain, r#"{"a":[1,2,10],"b":0.7,"c":"a/"}"#);
    assert_eq!(plain, canonical(r#"{"c":"a/","a":[1,2,10],"b":7e-1}"#));
}

#[test]
fn members_are_ordered_by_utf16_as_in_rfc_8785() {
    let text = r#"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}"#;

    assert_eq!(canonical(text), "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\u{fb33}\":3}");
}

#[test]
fn numbers_are_spelled_as_in_rfc_8785_but_never_lose_an_integer() {
    for (spelled, expected) in [
        ("333333333.33333329", "333333333.3333333"),
        ("1E30", "1e+30"),
        ("4.50", "4.5"),
        ("2e-3", "0.002"),
        ("0.000000000000000000000000001", "1e-27"),
        ("-0", "0"),
        ("-0.0", "0"),
        ("9007199254740993", "9007199254740993"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("1e400", "1e400"),
        ("1e-400", "1e-400"),
    ] {
        assert_eq!(canonical(spelled), expected, "{spelled}");
    }
}

#[test]
fn control_characters_are_escaped_one_way() {
    assert_eq!(canonical(r#""\u0000\u001F\u0008\u007f\"\\""#), "\"\\u0000\\u001f\\b\u{7f}\\\"\\\\\"");
}

#[test]
fn what_has_no_single_meaning_is_refused() {
    for text in [
        "",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "01",
        "1.",
        "+1",
        "NaN",
        "\"\\ud800\"",
        "\"\\udc00\"",
        "{\"a\":1,\"a\":2}",
        "\"a\nb\"",
        "1 2",
        "tru",
        "{\"a\" 1}",
        "\"\\x\"",
        "\"\\u12",
    ] {
        assert!(parse(text).is_err(), "{text}");
    }
    assert!(parse(&"[".repeat(100_000)).is_err());
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Into::into),
        ".*".prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::hash_map(".{0,6}", inner, 0..6)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_clean_ends_where_a_look_at_each_byte_says(bytes in prop::collection::vec(
        prop_oneof![8 => any::<u8>(), 1 => prop::sample::select(&b"\"\\\x1f\x20\x21\x7f\x80\xa2\xdc"[..])], 0..40)) {
        let special = |byte: &u8| *byte < 0x20 || *byte == b'"' || *byte == b'\\';
        prop_assert_eq!(clean_length(&bytes), bytes.iter().position(special).unwrap_or(bytes.len()));
    }

    #[test]
    fn canonical_bytes_mean_the_same_value(value in json()) {
        let text = value.to_string();

        let once = canonical(&text);

        let back: serde_json::Value = serde_json::from_str(&once).unwrap();
        prop_assert_eq!(canonical(&once), once.clone());
        prop_assert_eq!(canonical(&back.to_string()), once);
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".*") {
        let ours = parse(&text).is_ok();
        let theirs = serde_json::from_str::<serde_json::Value>(&text).is_ok();
        prop_assert!(!ours || theirs);
    }

    #[test]
    fn near_json_is_read_or_refused(text in r#"[\[\]{}",:0-9eE.+\-a-u\\ ]{0,40}"#) {
        if parse(&text).is_ok() {
            prop_assert!(serde_json::from_str::<&serde_json::value::RawValue>(&text).is_ok());
        }
    }
}
