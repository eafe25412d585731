//! Traces for a collector, in builds that can send them.

use super::home::Home;
use super::until;
use super::upstream::{Call, Reply, Upstream};

/// A home whose daemon sends its spans there, and soon.
fn traced(collector: &Upstream) -> Home {
    let mut home = Home::new();
    let address = collector.url();
    home.set("OTEL_EXPORTER_OTLP_ENDPOINT", address.strip_suffix("/v1").unwrap());
    home.set("OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=house").set("OTEL_BSP_SCHEDULE_DELAY", "10");
    home
}

/// Spans are sent as protocol buffers, in which texts stand as they are.
fn holds(call: &Call, text: &str) -> bool {
    call.body.as_str().is_some_and(|body| body.contains(text))
}

#[test]
fn a_collector_is_sent_a_span_for_each_request_and_no_prompt() {
    let collector = Upstream::saying("");
    let mut home = traced(&collector);
    home.set("OPENAI_API_KEY", "sk-out-of-sight");

    home.llmc(["generate", "--run", "seven", "what nobody is told"]).ok();
    home.llmc(["generate", "what nobody is told"]).ok();

    let has = |text: &str| collector.calls().iter().any(|call| holds(call, text));
    until("both arrive", || has("llmc miss") && has("llmc hit"));
    for text in ["llmc.outcome", "gen_ai.provider.name", "gen_ai.request.model", "echo", "llmc.run", "seven"] {
        assert!(has(text), "`{text}` is not in a span");
    }
    assert!(!has("what nobody") && !has("sk-out-of-sight"));
    let first = &collector.calls()[0];
    assert!(first.head.starts_with("POST /v1/traces "), "{}", first.head);
    assert_eq!(first.header("x-tenant"), Some("house"));
}

#[test]
fn what_failed_is_a_span_with_its_kind_and_the_last_is_sent_before_a_daemon_ends() {
    let (collector, provider) = (Upstream::saying(""), Upstream::start(|_| Reply::refusal(401, "no such key")));
    let mut home = traced(&collector);
    home.configure(&provider.settings("fake"));
    home.set("OTEL_BSP_SCHEDULE_DELAY", "3600000");
    home.llmc(["generate", "-m", "fake/small", "hi"]).exits(4);
    home.llmc(["generate", "hi"]).ok();
    assert!(collector.calls().is_empty());

    home.llmc(["daemon", "stop"]).ok();

    let sent = collector.last();
    for text in ["llmc miss", "llmc failed", "error.type"] {
        assert!(holds(&sent, text), "`{text}` is not in a span");
    }
}

#[test]
fn a_collector_that_refuses_delays_nobody_and_is_told_of_once() {
    let collector = Upstream::start(|_| Reply::refusal(503, "full"));
    let home = traced(&collector);

    home.llmc(["generate", "hi"]).prints("hi\n").says_nothing();
    until("the log says so", || home.log().contains("traces do not arrive"));
    home.llmc(["generate", "ho"]).prints("ho\n").says_nothing();
    home.llmc(["daemon", "stop"]).ok();

    assert_eq!(home.log().matches("traces do not arrive").count(), 1, "{}", home.log());
}

#[test]
fn without_a_collector_nothing_is_sent() {
    let home = Home::new();
    home.llmc(["generate", "hi"]).prints("hi\n").says_nothing();
    home.llmc(["daemon", "stop"]).ok();
    assert!(!home.log().contains("traces"), "{}", home.log());
}
