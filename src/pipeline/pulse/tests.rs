//! What is tallied of each outcome, and that prompts are told only to who listens.

use super::*;

fn happening(provider: &str, outcome: Outcome) -> Happening {
    Happening {
        at: Timestamp(0),
        account: Account { provider: provider.into(), ..Account::default() },
        outcome,
        latency: Some(Duration::from_millis(2)),
        cost: Some(Usd(5)),
        saved: Some(Usd(7)),
        saved_time: Duration::from_secs(1),
        tokens: 3,
        times: 1,
        failed: None,
        prompt: None,
    }
}

#[test]
fn each_outcome_is_tallied_by_its_provider() {
    let pulse = Pulse::default();
    pulse.note(happening("a", Outcome::Hit));
    pulse.note(happening("a", Outcome::Miss));
    pulse.note(happening("b", Outcome::Failed));

    let tallies = pulse.so_far();

    let a = &tallies.providers["a"];
    assert_eq!((a.outcomes, a.saved, a.spent), ([1, 1, 0, 0, 0, 0, 0, 0, 0], Usd(7), Usd(5)));
    assert_eq!(tallies.all().outcomes, [1, 1, 0, 0, 0, 0, 0, 0, 1]);
    assert_eq!((tallies.hit.count(), tallies.miss.count()), (1, 1));
    assert_eq!(tallies.hit.by_bound()[4], (0.0025, 1));
}

#[test]
fn there_is_an_end_to_the_providers_told_apart() {
    let pulse = Pulse::default();
    for number in 0..MOST_PROVIDERS + 10 {
        pulse.note(happening(&format!("p{number}"), Outcome::Hit));
    }

    let tallies = pulse.so_far();

    assert_eq!(tallies.providers.len(), MOST_PROVIDERS + 1);
    assert_eq!(tallies.providers[OTHERS].outcomes[0], 10);
}

#[test]
fn the_beginning_of_a_prompt_is_found_in_every_vendors_words() {
    for body in [
        r#"{"messages":[{"role":"user","content":"one  two"}]}"#,
        r#"{"messages":[{"role":"user","content":[{"type":"image"},{"type":"text","text":"one\ntwo"}]}]}"#,
        r#"{"contents":[{"role":"user","parts":[{"text":"one two"}]}]}"#,
        r#"{"input":"one two"}"#,
        r#"{"prompt":["zero","one two"]}"#,
    ] {
        assert_eq!(beginning(body.as_bytes()).as_deref(), Some("one two"), "{body}");
    }
    let long = format!(r#"{{"prompt":"{}"}}"#, "ä".repeat(200));
    assert_eq!(beginning(long.as_bytes()).unwrap().chars().count(), SHOWN_CHARS);
    assert_eq!(beginning(b"no JSON"), None);
}

#[tokio::test]
async fn prompts_are_told_only_while_somebody_listens_for_them() {
    let pulse = Arc::new(Pulse::default());
    let mut asked = happening("a", Outcome::Hit);
    asked.account.body = bytes::Bytes::from_static(br#"{"prompt":"hi"}"#);

    let mut plain = pulse.listen(false);
    pulse.note(asked.clone());
    let curious = pulse.listen(true);
    pulse.note(asked.clone());
    drop(curious);
    pulse.note(asked);

    let mut told = Vec::new();
    for _ in 0..3 {
        told.push(plain.events.recv().await.unwrap().prompt.clone());
    }
    assert_eq!(told, [None, Some("hi".to_owned()), None]);
}
