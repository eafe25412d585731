//! `llmc batch`: rows in the order of lines, each line paid for once, whatever happens in between.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::home::{Held, Home, LLMC, Ran, Running};
use super::upstream::{Call, Reply, Upstream};
use super::{at_length, signal, until};

fn rows(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

fn texts(text: &str) -> Vec<Value> {
    rows(text).into_iter().map(|row| row["text"].clone()).collect()
}

/// So many lines, each with an id and a prompt of its own.
fn lines(count: usize) -> String {
    (0..count)
        .map(|at| format!("{{\"id\": \"l{at}\", \"prompt\": \"prompt {at}\", \"model\": \"fake/small\"}}\n"))
        .collect()
}

fn summary(ran: &Ran) -> Value {
    serde_json::from_str(ran.err.lines().last().unwrap()).unwrap_or_else(|error| panic!("{error}: {}", ran.err))
}

/// An answer that repeats what was said.
fn echoed(call: &Call) -> Reply {
    Reply::text(&format!("to {}", call.said().as_str().unwrap()))
}

#[test]
fn rows_are_in_the_order_of_lines_whichever_answer_comes_first() {
    let random = Mutex::new(fastrand::Rng::with_seed(7));
    let upstream = Upstream::start(move |call| {
        let pause = random.lock().unwrap().u64(0..20);
        std::thread::sleep(std::time::Duration::from_millis(pause));
        echoed(call)
    });
    let home = Home::with_upstream(&upstream);
    home.write("in", lines(200));

    let ran = home.llmc(["batch", "in", "-j", "16"]).ok();

    let wanted: Vec<Value> = (0..200).map(|at| json!(format!("to prompt {at}"))).collect();
    assert_eq!(texts(&ran.out), wanted);
    let rows = rows(&ran.out);
    assert!(rows.iter().enumerate().all(|(at, row)| row["index"] == at && row["id"] == format!("l{at}")));
    assert!(ran.err.contains("200 lines: 0 hits, 200 calls"), "{}", ran.err);
    let again = home.llmc(["batch", "in", "--json"]).ok();
    assert_eq!(texts(&again.out), wanted);
    assert_eq!(summary(&again)["hits"], 200);
    assert_eq!(upstream.calls().len(), 200);
}

#[test]
fn a_broken_line_has_a_row_of_its_own_and_is_not_sent() {
    let upstream = Upstream::start(echoed);
    let home = Home::with_upstream(&upstream);
    let input = "{\"id\": 1, \"prompt\": \"a\"}\n{oops\n\n{\"id\": 1, \"prompt\": \"b\"}\n{\"promt\": \"c\"}\n\
        {\"prompt\": \"d\", \"stream\": true}\n{\"prompt\": \"e\", \"model\": \"fake/small\"}";
    home.write("in", [input.as_bytes(), b"\n\xff\n"].concat());

    let ran = home.llmc(["batch", "in", "-m", "fake/small"]).exits(9);

    let rows = rows(&ran.out);
    let said = |at: usize| {
        let error = &rows[at]["error"];
        assert_eq!((&rows[at]["text"], &error["type"]), (&Value::Null, &json!("invalid_request")));
        format!("{}: {}", error["message"].as_str().unwrap(), error["cause"].as_str().unwrap_or_default())
    };
    assert_eq!((&rows[0]["text"], &rows[5]["text"]), (&json!("to a"), &json!("to e")));
    assert!(said(1).starts_with("line 2 is no JSON object: "), "{}", said(1));
    assert_eq!((said(2).as_str(), &rows[2]["id"]), ("line 4 is refused: its `id` was there before", &json!(1)));
    assert!(said(3).contains("unknown field `promt`"), "{}", said(3));
    assert!(said(4).contains("`stream` has no place"), "{}", said(4));
    assert!(said(6).starts_with("line 8 is no UTF-8 text"), "{}", said(6));
    assert!(ran.err.contains("warning: line 5: cannot read the request: unknown field"), "{}", ran.err);
    assert_eq!(upstream.calls().len(), 2);
    home.write("empty", "");
    home.llmc(["batch", "empty"]).prints("").says("0 lines");
    home.llmc(["batch", "nowhere"]).fails(2, "cannot read `nowhere`");
}

#[test]
fn text_csv_and_templates_make_prompts() {
    let home = Home::new();
    home.write("t", "Near {{ town }}{% if seas %} ({{ seas }}){% endif %}?\n");
    home.write("towns.csv", "id,town,seas\nr,Rome,\"one, two\"\nb,Bern,\n");
    home.write("towns.jsonl", "{\"id\": 1, \"town\": \"Rome\", \"seas\": 2}\n{\"id\": 2, \"seas\": \"\"}\n");
    home.write("plain", "one\n\ntwo\r\n");

    assert_eq!(texts(&home.llmc(["batch", "--lines", "plain"]).ok().out), ["one", "two"]);
    let csv = home.llmc(["batch", "--csv", "towns.csv", "--template", "t"]).ok();
    assert_eq!(texts(&csv.out), ["Near Rome (one, two)?", "Near Bern?"]);
    assert_eq!(rows(&csv.out)[1]["id"], "b");
    let json = home.llmc(["batch", "towns.jsonl", "--template", "t"]).exits(9);
    assert_eq!(texts(&json.out), [json!("Near Rome (2)?"), Value::Null]);
    let error = &rows(&json.out)[1]["error"];
    assert_eq!(error["message"], "line 2: cannot fill in `t`");
    assert!(error["cause"].as_str().unwrap().starts_with("line 1, column "), "{error}");
    home.write("t", "{{ town");
    home.llmc(["batch", "towns.jsonl", "--template", "t"]).fails(2, "`t` is no template: line 1");
}

/// Runs a batch with `-O out --resume` in the end whole; what was killed before left it so that it can.
fn output(home: &Home) -> PathBuf {
    home.path("work").join("out")
}

#[test]
fn whatever_kills_it_each_prompt_is_paid_once_and_every_row_is_there() {
    let (count, kills) = if at_length() { (10_000, 50) } else { (1_500, 8) };
    let failures: Mutex<BTreeMap<String, usize>> = Mutex::default();
    let upstream = Upstream::start(move |call| {
        let said = call.said().as_str().unwrap().to_owned();
        let mut failures = failures.lock().unwrap();
        let tries = failures.entry(said.clone()).or_default();
        *tries += 1;
        // One in nine fails at first, in a way that is not tried again.
        match said.ends_with('3') && *tries == 1 {
            true => Reply::refusal(400, "not now"),
            false => echoed(call),
        }
    });
    let home = Home::with_upstream(&upstream);
    home.write("in", lines(count));
    let mut random = fastrand::Rng::with_seed(count as u64);
    let arguments = ["batch", "in", "-O", "out", "--resume", "-q"];
    home.daemon();

    for _ in 0..kills {
        let mut running = home.start(arguments);
        let calls = upstream.calls().len() + random.usize(1..count / kills);
        until("it has got further, or ended", || upstream.calls().len() >= calls || !running.is_running());
        if running.is_running() {
            signal(running.pid(), rustix::process::Signal::KILL);
        }
        running.wait();
        assert!(!output(&home).exists() || rows(&fs::read_to_string(output(&home)).unwrap()).len() == count);
    }
    // What failed before is done again, so that a second run has no failure left.
    let first = home.llmc(arguments);
    assert!(matches!(first.code, 0 | 9), "{:?} {}", first.code, first.err);
    let second = home.llmc(arguments);
    assert!(matches!(second.code, 0 | 9), "{:?} {}", second.code, second.err);

    let text = fs::read_to_string(output(&home)).unwrap();
    let failed: Vec<Value> = rows(&text).into_iter().filter(|row| !row["error"].is_null()).collect();
    assert_eq!(failed, Vec::<Value>::new());
    let wanted: Vec<Value> = (0..count).map(|at| json!(format!("to prompt {at}"))).collect();
    assert_eq!(texts(&text), wanted);
    let calls = upstream.calls();
    let mut paid: BTreeMap<&str, usize> = BTreeMap::new();
    calls.iter().for_each(|call| *paid.entry(call.said().as_str().unwrap()).or_default() += 1);
    // A call in the air at a kill goes on in the daemon and is kept: nothing is paid for twice but what failed.
    assert!(paid.iter().all(|(said, times)| *times <= if said.ends_with('3') { 2 } else { 1 }), "paid twice");
    let left = fs::read_dir(home.path("work")).unwrap().count();
    assert_eq!(left, 2, "the input and the output");
}

#[test]
fn whatever_kills_the_daemon_the_batch_goes_on_and_pays_twice_for_nothing_but_what_was_in_the_air() {
    let ((count, kills), at_once) = (if at_length() { (10_000, 50) } else { (1_500, 6) }, 8);
    let upstream = Upstream::start(echoed);
    let home = Home::with_upstream(&upstream);
    home.write("in", lines(count));
    let mut random = fastrand::Rng::with_seed(count as u64);
    let mut daemon = home.daemon();
    let mut running = home.start(["batch", "in", "-O", "out", "-j", &at_once.to_string()]);

    let mut killed = 0;
    while killed < kills {
        let calls = upstream.calls().len() + random.usize(1..count / kills / 2);
        until("it has got further, or ended", || upstream.calls().len() >= calls || !running.is_running());
        signal(daemon, rustix::process::Signal::KILL);
        killed += 1;
        let next = || home.status().and_then(|status| u32::try_from(status["pid"].as_u64()?).ok());
        let mut found = None;
        until("another daemon answers, or it has ended", || {
            found = next().filter(|pid| *pid != daemon);
            found.is_some() || !running.is_running()
        });
        let Some(found) = found else { break };
        daemon = found;
    }

    let ran = running.end().ok().says("asking again");
    assert!(ran.err.contains(&format!("{count} lines")), "{}", ran.err);
    let wanted: Vec<Value> = (0..count).map(|at| json!(format!("to prompt {at}"))).collect();
    assert_eq!(texts(&fs::read_to_string(output(&home)).unwrap()), wanted);
    let calls = upstream.calls().len();
    assert!((count..=count + kills * at_once).contains(&calls), "{calls} calls");
}

#[test]
fn a_daemon_that_answers_nobody_for_a_while_costs_a_batch_nothing() {
    let upstream = Upstream::held("late");
    let home = Home::with_upstream(&upstream);
    home.write("in", lines(20));
    let daemon = home.daemon();
    let script = format!("exec '{LLMC}' batch in -O out 2>told");
    let running = Running::start(home.program("sh").args(["-c", &script]));
    until("calls are in the air", || upstream.calls().len() == 8);

    let held = Held::still(daemon);
    let told = home.path("work").join("told");
    until("that is noticed", || fs::read_to_string(&told).is_ok_and(|told| told.contains("asking again")));
    drop(held);
    upstream.release();

    running.end().ok();
    assert_eq!(rows(&fs::read_to_string(output(&home)).unwrap()).len(), 20);
    assert_eq!(upstream.calls().len(), 20, "what was in the air is shared, not paid for again");
}

#[test]
fn resuming_does_what_is_missing_failed_or_changed() {
    let is_failing = std::sync::Arc::new(AtomicUsize::new(1));
    let failing = std::sync::Arc::clone(&is_failing);
    let upstream = Upstream::start(move |call| match call.said() {
        said if said == "b" && failing.load(Ordering::SeqCst) == 1 => Reply::refusal(400, "no"),
        _ => echoed(call),
    });
    let home = Home::with_upstream(&upstream);
    let line = |id: &str, prompt: &str| format!("{{\"id\": \"{id}\", \"prompt\": \"{prompt}\"}}\n");
    let batch = ["batch", "in", "-O", "out", "--resume", "-m", "fake/small", "--no-cache"];
    home.write("in", [line("1", "a"), line("2", "b"), line("3", "c")].concat());
    home.llmc(batch).exits(9).says("2 calls, 1 failed");
    is_failing.store(0, Ordering::SeqCst);
    home.write("in", [line("0", "new"), line("1", "a"), line("2", "b"), line("3", "changed")].concat());

    home.llmc(batch).ok().says("3 calls, 1 done before");

    let text = fs::read_to_string(output(&home)).unwrap();
    assert_eq!(texts(&text), ["to new", "to a", "to b", "to changed"]);
    assert_eq!(rows(&text).iter().map(|row| row["index"].clone()).collect::<Vec<_>>(), [0, 1, 2, 3]);
    home.llmc(batch).ok().says("4 done before");
    let mut other = batch.to_vec();
    other.extend(["-t", "1"]);
    home.llmc(other).ok().says("4 calls");
    home.llmc(["batch", "in", "--resume"]).exits(2);
}

#[test]
fn an_interrupt_keeps_what_is_done_and_says_how_to_go_on() {
    let upstream = Upstream::held("late");
    let home = Home::with_upstream(&upstream);
    let echo = |word: &str| format!("{{\"prompt\": \"{word}\", \"model\": \"echo/echo\"}}\n");
    let (first, rest) = (lines(2), lines(40).replace("prompt ", "later ").replace("\"l", "\"m"));
    home.write("in", [echo("hi"), first, echo("ho"), rest].concat());
    let part = home.path("work").join("out.part");
    let running = home.start(["batch", "in", "-O", "out", "-j", "4"]);
    until("calls are in the air", || upstream.calls().len() == 4);
    until("the first row is written", || fs::read_to_string(&part).is_ok_and(|text| text.ends_with('\n')));

    signal(running.pid(), rustix::process::Signal::INT);

    let ran = running.end().exits(130).says("--resume");
    assert!(ran.out.is_empty());
    assert!(!output(&home).exists());
    let done = texts(&fs::read_to_string(&part).unwrap());
    assert!(done == ["hi", "ho"] || done == ["hi"], "{done:?}");
    upstream.release();
    home.llmc(["batch", "in", "-O", "out", "--resume"]).ok();
    let text = fs::read_to_string(output(&home)).unwrap();
    assert_eq!(rows(&text).len(), 44);
    assert_eq!(upstream.calls().len(), 42, "what was in the air was kept, and what was not is not called before");
}

#[test]
fn lines_wait_for_the_limit_and_the_setting_is_named() {
    let upstream = Upstream::start(echoed);
    let home = Home::new();
    let settings = upstream.settings("fake");
    home.configure(&settings);
    let text =
        fs::read_to_string(home.path("config.toml")).unwrap().replace("llm = 1000000", "llm = 5\nwindow = \"300ms\"");
    fs::write(home.path("config.toml"), text).unwrap();
    home.write("in", lines(20));

    let ran = home.llmc(["batch", "in"]).ok();

    assert_eq!(texts(&ran.out).len(), 20);
    assert_eq!(ran.err.matches("held back by llmc's own limit").count(), 1, "{}", ran.err);
    assert!(ran.err.contains("llmc config set rate_limit.llm "), "{}", ran.err);
}

#[test]
fn a_batch_that_waits_for_its_own_place_says_so_and_listens() {
    let home = Home::new();
    let text = fs::read_to_string(home.path("config.toml")).unwrap();
    let text = text.replace("expensive = 1000000", "expensive = 1\nwindow = \"1h\"");
    fs::write(home.path("config.toml"), text).unwrap();
    home.write("in", "hi\n");
    home.llmc(["batch", "--lines", "in"]).ok();
    let script = format!("exec '{LLMC}' batch --lines in -O out 2>err");
    let running = Running::start(home.program("sh").args(["-c", &script]));
    let told = || fs::read_to_string(home.path("work").join("err")).unwrap_or_default();
    until("it says what it waits for", || told().contains("`rate_limit.expensive` is 1 in 1h"));

    signal(running.pid(), rustix::process::Signal::INT);

    running.end().exits(130);
    assert!(!output(&home).exists());
}

#[test]
fn what_may_be_spent_is_not_passed_and_hits_go_on() {
    let upstream = Upstream::start(echoed);
    let home = Home::new();
    // A call costs a dollar, its 3 tokens in and 4 out; its estimate is above that, for the body is longer.
    home.configure(&format!("{}price = {{ input = 200000.0, output = 100000.0 }}\n", upstream.settings("fake")));
    home.write("in", lines(6));
    home.write("one", lines(1));
    home.llmc(["batch", "one", "--max-tokens", "4"]).ok();

    let foreseen = home.llmc(["batch", "in", "--max-tokens", "4", "--dry-run", "--json"]).json();
    assert_eq!((&foreseen["lines"], &foreseen["hits"], &foreseen["calls"]), (&json!(6), &json!(1), &json!(5)));
    // Enough for two calls, and for a third one that is not known yet to be cheaper than foreseen.
    let most = foreseen["estimatedCost"].as_f64().unwrap() / 5.0 + 2.5;
    let most = format!("{most}");

    let ran = home.llmc(["batch", "in", "-j", "1", "--max-tokens", "4", "--max-cost", &most, "--json"]).exits(5);

    let refused = rows(&ran.out).iter().filter(|row| row["error"]["type"] == "budget_exceeded").count();
    let told = summary(&ran);
    assert_eq!((refused, &told["hits"], &told["calls"], &told["failed"]), (2, &json!(1), &json!(3), &json!(2)));
    assert_eq!(told["spentUsd"], 3.0);
    home.llmc(["batch", "in", "--max-tokens", "4", "--max-cost", "NaN"]).exits(2);
}

#[test]
fn a_dry_run_calls_nothing_and_counts_equal_lines_once() {
    let upstream = Upstream::start(echoed);
    let home = Home::with_upstream(&upstream);
    home.write("in", lines(3) + &lines(3).replace("\"l", "\"m") + "oops\n");

    let told = home.llmc(["batch", "--dry-run", "--json", "in"]).exits(9);

    let told: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(
        (&told["lines"], &told["calls"], &told["hits"], &told["failed"]),
        (&json!(7), &json!(3), &json!(3), &json!(1))
    );
    assert!(upstream.calls().is_empty());
}

#[test]
fn it_stops_after_so_many_failures() {
    let upstream = Upstream::start(|_| Reply::refusal(400, "no"));
    let home = Home::with_upstream(&upstream);
    home.write("in", lines(500));

    home.llmc(["batch", "in", "-O", "out", "--max-errors", "3", "-j", "1"]).exits(9).says("--max-errors");

    assert!(upstream.calls().len() < 400, "{}", upstream.calls().len());
    assert!(!output(&home).exists());
}

#[test]
fn it_works_without_a_daemon_and_ends_quietly_with_its_reader() {
    let home = Home::new();
    home.write("in", (0..300).map(|at| format!("line {at}\n")).collect::<String>());

    let ran = home.llmc(["--no-daemon", "batch", "--lines", "in"]).ok();

    assert_eq!(texts(&ran.out).len(), 300);
    let head = home.shell("llmc batch --lines in -q | head -n 3");
    assert_eq!((rows(&head.out).len(), head.err.as_str()), (3, ""));
    let piped = home.llmc_reading(["batch", "-", "--lines", "-q"], b"a\nb").ok().says_nothing();
    assert_eq!(texts(&piped.out), ["a", "b"]);
}

#[test]
fn a_full_disk_is_one_error_and_what_is_there_stays_usable() {
    let home = Home::new();
    home.daemon();
    let long: String = (0..400).map(|at| format!("{at} {}\n", "x".repeat(4000))).collect();
    home.write("in", long);
    // A write past the limit fails instead of ending the process, as on a disk that is full.
    let script = format!("trap '' XFSZ; ulimit -f 400; exec '{LLMC}' batch in --lines -O out -q");

    let ran = Running::start(home.program("sh").args(["-c", &script])).end();

    let ran = ran.fails(1, "cannot write `");
    assert_eq!(ran.err.lines().count(), 2, "an error and a hint: {}", ran.err);
    let part = fs::read_to_string(home.path("work").join("out.part")).unwrap();
    assert!(part.ends_with('\n') && !rows(&part).is_empty() && rows(&part).len() < 400);
    home.llmc(["batch", "in", "--lines", "-O", "out", "--resume"]).ok().says("done before");
    assert_eq!(rows(&fs::read_to_string(output(&home)).unwrap()).len(), 400);
}

/// The most memory a process has had so far, in KiB.
fn most_memory(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}

#[test]
fn a_long_batch_takes_no_more_memory_than_a_short_one() {
    let home = Home::new();
    let daemon = home.daemon();
    // One prompt, so that what grows is not the cache.
    let line = |at| format!("{{\"id\": {at}, \"prompt\": \"{}\"}}\n", "x".repeat(500));
    home.write("in", (0..20_000).map(line).collect::<String>());
    let before = most_memory(daemon);
    let mut running = home.start(["batch", "in", "-O", "out", "-q"]);
    let mut most = 0;

    while running.is_running() {
        most = most.max(most_memory(running.pid()));
        std::thread::sleep(std::time::Duration::from_millis(2));
    }

    running.end().ok();
    assert!(most < 60 << 10, "{most} KiB");
    let grown = most_memory(daemon).saturating_sub(before);
    assert!(most + grown < 100 << 10, "{most} and {grown} KiB");
    assert_eq!(fs::read_to_string(output(&home)).unwrap().lines().count(), 20_000);
}
