//! `llmc exec`: programs of any kind with their calls going through the cache, and no key in their sight.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;

use rustix::process::Signal;
use serde_json::{Value, json};

use super::home::{Home, Running};
use super::upstream::Upstream;
use super::{is_alive, signal, until};

const KEY: &str = "sk-out-of-sight";

/// A provider under the vendor's own name, so that its SDK's path leads there.
fn vendor() -> (Upstream, Home) {
    let upstream = Upstream::saying("paid for");
    let mut home = Home::new();
    home.configure(&upstream.settings("openai"));
    home.set("OPENAI_API_KEY", KEY);
    (upstream, home)
}

/// A program that shows what it sees and stays until it is told to go.
struct Program {
    running: Running,
    seen: std::collections::BTreeMap<String, String>,
    leave: PathBuf,
}

impl Program {
    fn start(home: &Home, flags: &[&str]) -> Program {
        let (seen, leave) = (home.path("seen"), home.path("leave"));
        let _ = (fs::remove_file(&seen), fs::remove_file(&leave));
        let script = "env > \"$0.part\" && mv \"$0.part\" \"$0\"; until [ -e \"$1\" ]; do sleep 0.01; done";
        let mut words = vec!["exec"];
        words.extend(flags);
        words.extend(["--", "sh", "-c", script, seen.to_str().unwrap(), leave.to_str().unwrap()]);
        Program::seen_by(home.start(words), seen.clone(), leave.clone())
    }

    /// One that shows what it sees in a file.
    fn seen_by(mut running: Running, seen: PathBuf, leave: PathBuf) -> Program {
        until("the program runs", || seen.exists() || !running.is_running());
        let text = fs::read_to_string(&seen).unwrap();
        let seen = text.lines().filter_map(|line| line.split_once('=')).map(|(a, b)| (a.into(), b.into())).collect();
        Program { running, seen, leave }
    }

    /// Asks as an SDK would.
    fn ask(&self, prompt: &str) -> (u16, Value) {
        let body = json!({"model": "small", "messages": [{"role": "user", "content": prompt}]});
        self.post(&self.seen["OPENAI_API_KEY"], &body).unwrap()
    }

    fn post(&self, token: &str, body: &Value) -> std::io::Result<(u16, Value)> {
        let address = self.seen["OPENAI_BASE_URL"].strip_prefix("http://").unwrap().strip_suffix("/openai/v1").unwrap();
        let mut stream = TcpStream::connect(address)?;
        let body = body.to_string();
        write!(
            stream,
            "POST /openai/v1/chat/completions HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let Some((head, body)) = answer.split_once("\r\n\r\n") else {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        };
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Ok((status, serde_json::from_str(body).unwrap()))
    }

    /// Asks until somebody takes the connection, as SDKs do. Nobody is answered anything else meanwhile.
    fn ask_until_answered(&self, prompt: &str) -> Value {
        let body = json!({"model": "small", "messages": [{"role": "user", "content": prompt}]});
        let mut answered = None;
        until("the door is open again", || match self.post(&self.seen["OPENAI_API_KEY"], &body) {
            Ok((status, answer)) => {
                assert_eq!(status, 200, "{answer}");
                answered = Some(answer);
                true
            }
            Err(_) => false,
        });
        answered.unwrap()
    }

    fn end(self) -> super::home::Ran {
        fs::write(&self.leave, "").unwrap();
        self.running.end()
    }
}

#[test]
fn a_program_s_calls_go_through_the_cache_and_its_run_is_told() {
    let (upstream, home) = vendor();
    let program = Program::start(&home, &[]);

    let first = program.ask("hi");
    let second = program.ask("hi");

    assert_eq!(first, second);
    assert_eq!(first.1["choices"][0]["message"]["content"], "paid for");
    assert_eq!(upstream.calls().len(), 1);
    assert_eq!(upstream.calls()[0].header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    program.end().exits(0).says("1 hit, 1 miss");

    let program = Program::start(&home, &["--json", "--run", "again"]);
    program.ask("hi");
    let ended = program.end().exits(0);
    let told: Value = serde_json::from_str(ended.err.lines().last().unwrap()).unwrap();
    assert_eq!((&told["hits"], &told["misses"], &told["run"]), (&json!(1), &json!(0), &json!("again")));
    assert_eq!(upstream.calls().len(), 1);
}

#[test]
fn the_program_never_sees_the_key() {
    let (_upstream, mut home) = vendor();
    home.set("ANTHROPIC_API_KEY", KEY);
    let program = Program::start(&home, &[]);

    assert!(!program.seen.values().any(|value| value.contains(KEY)), "{:?}", program.seen);
    assert_eq!(program.seen["OPENAI_API_KEY"], program.seen["ANTHROPIC_API_KEY"]);
    program.end().ok();
}

#[test]
fn the_door_opens_to_its_token_and_closes_with_the_program() {
    let (upstream, home) = vendor();
    let program = Program::start(&home, &[]);
    let body = json!({"model": "small", "messages": []});

    assert_eq!(program.post("llmc-wrong", &body).unwrap().0, 401);
    assert_eq!(program.post(KEY, &body).unwrap().0, 401);
    assert!(upstream.calls().is_empty());

    let address = program.seen["LLMC_GATEWAY"].strip_prefix("http://").unwrap().to_owned();
    program.end().ok();
    until("the door is closed", || TcpStream::connect(&address).is_err());
}

#[test]
fn it_exits_as_the_program_does() {
    let home = Home::new();
    home.llmc(["exec", "--", "sh", "-c", "exit 7"]).exits(7);
    home.llmc(["exec", "--", "sh", "-c", "kill -TERM $$"]).exits(143);
    home.llmc(["exec", "--", "no-such-program"]).exits(127).says("cannot run `no-such-program`");
    home.llmc(["exec", "--", home.path("config.toml").to_str().unwrap()]).exits(126);
    home.llmc(["exec"]).exits(2);
}

#[test]
fn input_and_output_are_the_program_s_own() {
    let home = Home::new();
    let ran = home.llmc_reading(["exec", "-q", "--", "cat"], b"through\0and\xffthrough");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.starts_with("through\0and"));
}

#[test]
fn a_signal_reaches_the_program() {
    let home = Home::new();
    let ready = home.path("ready");
    let script = "trap 'exit 42' TERM; : > \"$0\"; while :; do sleep 0.01; done";
    let running = home.start(["exec", "--", "sh", "-c", script, ready.to_str().unwrap()]);
    until("the program runs", || ready.exists());

    signal(running.pid(), Signal::TERM);

    running.end().exits(42);
}

#[test]
fn a_gate_is_judged_where_the_program_went_well() {
    let (_upstream, home) = vendor();
    home.llmc(["exec", "--fail-under", "50", "--", "true"]).exits(10).says("there is no hit rate");
    home.llmc(["exec", "--fail-under", "50", "--", "sh", "-c", "exit 3"]).exits(3);
    home.llmc(["exec", "--fail-under", "101", "--", "true"]).fails(2, "`--fail-under` is out of range");
    home.llmc(["exec", "--cassete", "x", "--", "true"]).fails(2, "`--cassete` is neither a flag of `llmc exec`");
}

#[test]
fn nothing_leaves_offline() {
    let (upstream, home) = vendor();
    let program = Program::start(&home, &["--offline"]);

    let (status, problem) = program.ask("hi");

    assert_eq!(status, 504, "{problem}");
    assert!(upstream.calls().is_empty());
    program.end().ok();
}

#[test]
fn what_is_not_recorded_is_named_at_the_end() {
    let (upstream, home) = vendor();
    let cassette = home.path("work/llm.jsonl");
    let cassette = cassette.to_str().unwrap();
    let program = Program::start(&home, &["--cassette", cassette]);
    program.ask("hi");
    program.end().ok();

    let program = Program::start(&home, &["--offline", "--cassette", cassette]);
    assert_eq!(program.ask("hi").0, 200);
    // Tried again, as SDKs do.
    for prompt in ["ho", "ho", "he"] {
        assert_eq!(program.ask(prompt).0, 504);
    }
    let ended = program.end().exits(0).says("2 calls have no answer here").says("openai/small: the nearest is ");
    assert!(ended.err.contains("whose `messages[0].content` is \"hi\" and not \"ho\""), "{}", ended.err);
    assert!(ended.err.contains("\"he\""), "{}", ended.err);

    let program = Program::start(&home, &["--offline", "--cassette", cassette, "--json"]);
    program.ask("ho");
    let told: Value = serde_json::from_str(program.end().ok().err.lines().last().unwrap()).unwrap();
    assert_eq!(told["missed"]["count"], 1);
    assert_eq!(told["missed"]["first"][0]["model"], "openai/small");
    assert_eq!(upstream.calls().len(), 1);
}

#[test]
fn a_run_that_misses_nothing_says_nothing_of_it() {
    let (_upstream, home) = vendor();
    let ran = home.llmc(["exec", "--offline", "--", "true"]).ok();
    assert!(!ran.err.contains("no answer"), "{}", ran.err);
}

#[test]
fn llmc_within_a_program_is_part_of_its_run_and_has_its_keys() {
    let (upstream, home) = vendor();
    let within = format!(
        "'{0}' generate -m openai/small hi && '{0}' exec -- '{0}' generate -m openai/small hi",
        super::home::LLMC
    );

    let ran = home.llmc(["exec", "--run", "outer", "--", "sh", "-c", &within]).ok();

    assert_eq!(ran.out, "paid for\npaid for\n");
    assert_eq!(upstream.calls()[0].header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    assert!(ran.err.contains("1 hit, 1 miss") && ran.err.contains("run outer"), "{}", ran.err);
}

#[test]
fn the_door_comes_back_when_its_daemon_is_killed() {
    let (upstream, home) = vendor();
    let program = Program::start(&home, &["--namespace", "mine"]);
    program.ask("hi");

    for _ in 0..3 {
        let killed = home.pid();
        signal(killed, Signal::KILL);
        until("it is dead", || !is_alive(killed));

        // Kept before, and now: same port, same token, same namespace, same key.
        program.ask_until_answered("hi");
        program.ask_until_answered(&format!("after {killed}"));
    }

    assert_eq!(upstream.calls().len(), 4);
    assert!(upstream.calls().iter().all(|call| call.header("authorization") == Some(&format!("Bearer {KEY}"))));
    program.end().ok();
    home.llmc(["generate", "-m", "openai/small", "--namespace", "mine", "--offline", "-q", "hi"]).ok();
}

#[test]
fn the_door_comes_back_when_its_daemon_is_restarted() {
    let (upstream, home) = vendor();
    let program = Program::start(&home, &[]);
    program.ask("hi");

    home.llmc(["daemon", "restart"]).ok();
    program.ask_until_answered("hi");
    home.llmc(["daemon", "stop"]).ok();
    program.ask_until_answered("ho");

    program.end().exits(0).says("1 hit, 2 misses");
    assert_eq!(upstream.calls().len(), 2);
}

#[test]
fn a_run_within_a_run_gets_its_door_back_with_the_outer_keys() {
    let (upstream, home) = vendor();
    let (seen, leave) = (home.path("seen"), home.path("leave"));
    let script = "env > \"$0.part\" && mv \"$0.part\" \"$0\"; until [ -e \"$1\" ]; do sleep 0.01; done";
    let mut words = vec!["exec", "--", super::home::LLMC, "exec", "--", "sh", "-c", script];
    words.extend([seen.to_str().unwrap(), leave.to_str().unwrap()]);
    let program = Program::seen_by(home.start(words), seen.clone(), leave.clone());

    signal(home.pid(), Signal::KILL);
    program.ask_until_answered("hi");

    assert_eq!(upstream.last().header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    program.end().ok();
}

#[test]
fn a_run_that_lost_its_daemon_spends_no_more_than_it_may() {
    let (upstream, home) = vendor();
    home.configure(&format!("{}price = {{ input = 100.0, output = 100.0 }}\n", upstream.settings("openai")));
    // Room for what one call may cost, and for less than that beside what one did.
    let program = Program::start(&home, &["--max-cost", "0.1035"]);
    program.ask("hi");

    signal(home.pid(), Signal::KILL);
    program.ask_until_answered("hi");

    let refused = program.ask("ho");
    assert_eq!(refused.0, 429, "{}", refused.1);
    assert_eq!(upstream.calls().len(), 1);
    program.end().ok();
}

#[test]
fn it_works_without_a_daemon() {
    let (upstream, mut home) = vendor();
    home.set("LLMC_NO_DAEMON", "1");
    let program = Program::start(&home, &[]);

    assert_eq!(program.ask("hi"), program.ask("hi"));

    program.end().exits(0).says("1 hit, 1 miss");
    assert_eq!(upstream.calls().len(), 1);
    assert_eq!(home.status(), None);
}
