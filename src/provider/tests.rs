//! What holds for every dialect, over answers and bytes made up at random; a dialect's own tests say what an answer of its
//! looks like.
#![allow(clippy::unwrap_used)]

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Map, Value};

use super::{Dialect, sse};
use crate::exchange::Form;

/// So many made-up inputs, or as many as are asked for.
pub fn cases(few: u32) -> ProptestConfig {
    let asked = ProptestConfig::default();
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => asked,
        None => ProptestConfig { cases: few, ..asked },
    }
}

/// Makes three facts of a dialect, given a strategy for its whole answers and one for data its events may have.
macro_rules! holds_for {
    ($dialect:expr, $answer:expr, $data:expr) => {
        proptest! {
            #![proptest_config(crate::provider::tests::cases(96))]

            #[test]
            fn replay_and_assembly_change_nothing(answer in $answer) {
                crate::provider::tests::survives_replay(&$dialect, &answer)?;
            }

            #[test]
            fn a_stream_cut_anywhere_says_what_the_answer_says(answer in $answer, sizes in vec(1_usize..90, 1..9)) {
                crate::provider::tests::says_the_same_however_cut(&$dialect, &answer, &sizes)?;
            }

            #[test]
            fn no_bytes_bring_it_down(bytes in crate::provider::tests::any_bytes($data, $answer)) {
                crate::provider::tests::stands(&$dialect, &bytes);
            }
        }
    };
}

pub(super) use holds_for;

pub fn parsed(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

/// A plain answer, replayed as a stream and put together again, is the same answer; and so once more.
pub fn survives_replay(dialect: &dyn Dialect, answer: &Value) -> Result<(), TestCaseError> {
    let text = answer.to_string();

    let again = dialect.assemble(&dialect.replay(text.as_bytes()).unwrap()).unwrap();
    let once_more = dialect.assemble(&dialect.replay(&again).unwrap()).unwrap();

    prop_assert_eq!(&parsed(&again), answer);
    prop_assert_eq!(once_more, again);
    Ok(())
}

/// What the events of a stream add, cut at any bytes, is the text of the whole answer.
pub fn says_the_same_however_cut(dialect: &dyn Dialect, answer: &Value, sizes: &[usize]) -> Result<(), TestCaseError> {
    let answer = answer.to_string();
    let Ok(reading) = dialect.read(answer.as_bytes()) else { return Ok(()) };
    let stream = dialect.replay(answer.as_bytes()).unwrap();
    let mut reader = sse::Reader::new();
    let mut text = String::new();
    let mut rest = stream.as_slice();
    for size in sizes.iter().cycle() {
        let (now, later) = rest.split_at((*size).min(rest.len()));
        text.extend(reader.push(now).unwrap().iter().filter_map(|event| dialect.delta(event)));
        rest = later;
        if rest.is_empty() {
            break;
        }
    }
    prop_assert_eq!(text, reading.text);
    Ok(())
}

/// Nothing a server may send makes any function panic.
pub fn stands(dialect: &dyn Dialect, bytes: &[u8]) {
    let _ = dialect.read(bytes);
    let _ = dialect.assemble(bytes);
    let _ = dialect.replay(bytes);
    let _ = dialect.ask_for(Form::Stream, bytes);
    let _ = dialect.ask_for(Form::Plain, bytes);
    let _ = dialect.error_message(bytes);
    for event in sse::parse(bytes).unwrap() {
        let _ = dialect.delta(&event);
    }
}

/// Streams and documents, right, wrong and none at all.
pub fn any_bytes(
    data: impl Strategy<Value = Value> + 'static,
    answer: impl Strategy<Value = Value> + 'static,
) -> impl Strategy<Value = Vec<u8>> {
    let answer = answer.boxed();
    let data = prop_oneof![any_json(), answer.clone(), data];
    let event = prop_oneof![
        8 => data.prop_map(|data| format!("data: {data}\n\n").into_bytes()),
        1 => Just(b"data: [DONE]\n\n".to_vec()),
        1 => vec(any::<u8>(), 0..20),
    ];
    prop_oneof![
        vec(any::<u8>(), 0..60),
        vec(event, 0..8).prop_map(|events| events.concat()),
        any_json().prop_map(|json| json.to_string().into_bytes()),
        answer.prop_map(|answer| answer.to_string().into_bytes()),
    ]
}

pub fn any_text() -> impl Strategy<Value = String> {
    prop_oneof!["(\\PC| |\n|\"|\\\\){0,90}", Just(String::new())]
}

/// A member that is missing, `null` or a string.
pub fn maybe_text() -> impl Strategy<Value = Option<Value>> {
    option::of(prop_oneof![Just(Value::Null), any_text().prop_map(Value::from)])
}

pub fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e6..1e6).prop_map(Value::from),
        any_text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            vec(("x_[a-z]{1,3}", inner), 0..3).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Members nobody has heard of.
pub fn unknown() -> impl Strategy<Value = Map<String, Value>> {
    vec(("x_[a-z]{1,3}", any_json()), 0..3).prop_map(|members| members.into_iter().collect())
}

/// An object of the members that are there, and of unknown ones.
pub fn object<const N: usize>(known: [(&str, Option<Value>); N], unknown: Map<String, Value>) -> Value {
    let known = known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(known.chain(unknown).collect())
}
