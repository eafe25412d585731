//! A daemon that hangs, dies or speaks another language is noticed within seconds, and the command still ends well.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixListener;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use super::home::{Held, Home};
use super::upstream::Upstream;
use super::{is_alive, signal, until};

/// A wedged daemon is known for one within this, on a machine that is busy with other tests.
const KNOWN_WITHIN: Duration = Duration::from_secs(10);

#[test]
fn a_daemon_that_does_not_answer_is_told_from_one_that_is_not_there() {
    let home = Home::new();
    let _held = Held::still(home.daemon());
    let asked_at = Instant::now();

    home.llmc(["daemon", "status"]).fails(6, "does not answer").hints("llmc daemon restart");
    home.llmc(["stats"]).fails(6, "does not answer");

    assert!(asked_at.elapsed() < 2 * KNOWN_WITHIN, "{:?}", asked_at.elapsed());
}

#[test]
fn a_command_does_without_a_daemon_that_does_not_answer_and_says_so_once() {
    let home = Home::new();
    let _held = Held::still(home.daemon());
    let asked_at = Instant::now();

    let ran = home.llmc(["generate", "hi"]).prints("hi\n").says("does not answer");

    assert_eq!(ran.err.matches("warning").count(), 1, "{}", ran.err);
    assert!(asked_at.elapsed() < KNOWN_WITHIN, "{:?}", asked_at.elapsed());
    home.llmc(["--require-daemon", "generate", "hi"]).fails(6, "does not answer").hints("llmc daemon restart");
    home.llmc(["-q", "generate", "hi"]).prints("hi\n").says_nothing();
}

#[test]
fn a_daemon_that_takes_longer_than_the_first_ping_waits_is_slow_and_not_dead() {
    let home = Home::new();
    home.daemon();
    let status = home.tell("GET", "/status", "").body;
    home.llmc(["daemon", "stop"]).ok();
    let listener = UnixListener::bind(home.socket()).unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, status) = (stream.unwrap(), status.clone());
            std::thread::spawn(move || {
                // However often it is asked.
                std::thread::sleep(Duration::from_millis(300));
                let length = status.len();
                let _ =
                    write!(stream, "HTTP/1.1 200 OK\r\nllmc-protocol: 1\r\ncontent-length: {length}\r\n\r\n{status}");
            });
        }
    });

    assert_eq!(home.llmc(["daemon", "status", "--json"]).json()["draining"], false);

    // Whoever cleans up is to find nobody.
    fs::remove_file(home.socket()).unwrap();
}

#[test]
fn restart_ends_a_daemon_that_does_not_answer() {
    let home = Home::new();
    let wedged = home.daemon();
    let _held = Held::still(wedged);

    home.llmc(["daemon", "restart"]).ok();

    assert_ne!(home.pid(), wedged);
    until("the old one is gone", || !is_alive(wedged));
    home.llmc(["generate", "hi"]).prints("hi\n").says_nothing();
}

#[test]
fn stop_ends_a_daemon_that_does_not_answer_and_takes_its_socket_away() {
    let home = Home::new();
    let wedged = home.daemon();
    let _held = Held::still(wedged);

    home.llmc(["daemon", "stop"]).ok();

    assert!(!home.is_claimed() && !home.socket().exists());
}

#[test]
fn whoever_was_waiting_when_the_daemon_was_killed_is_answered_by_the_next() {
    let upstream = Upstream::held("at last");
    let home = Home::with_upstream(&upstream);
    let killed = home.daemon();
    let asker = home.start(["generate", "-m", "fake/small", "hi"]);
    upstream.wait_for(1);

    signal(killed, rustix::process::Signal::KILL);
    upstream.wait_for(2);
    upstream.release();

    asker.end().prints("at last\n").says_nothing();
    assert_ne!(home.pid(), killed);
}

#[test]
fn many_who_were_waiting_when_the_daemon_was_killed_share_one_successor() {
    let upstream = Upstream::held("at last");
    let home = Home::with_upstream(&upstream);
    let killed = home.daemon();
    let askers: Vec<_> = (0..20).map(|_| home.start(["generate", "-m", "fake/small", "hi"])).collect();
    upstream.wait_for(1);
    until("all are connected", || home.tell("GET", "/llm/cache/stats", "").status == 200);

    signal(killed, rustix::process::Signal::KILL);
    upstream.wait_for(2);
    upstream.release();

    for asker in askers {
        asker.end().prints("at last\n");
    }
    assert_eq!(home.log().matches("listening").count(), 2, "{}", home.log());
    assert_eq!(upstream.calls().len(), 2);
}

#[test]
fn a_daemon_whose_screen_has_gone_lives_on_and_obeys() {
    let home = Home::new();
    let mut daemon = home.command(["daemon", "run"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    until("the daemon answers", || home.status().is_some());
    drop((daemon.stdout.take(), daemon.stderr.take()));

    home.configure("nonsense = [");
    signal(daemon.id(), rustix::process::Signal::HUP);
    // A call of a broken provider is logged, too.
    home.configure("[providers.gone]\nkind = \"openai\"\nbase_url = \"http://127.0.0.1:1\"\n");
    home.llmc(["generate", "-m", "gone/x", "hi"]).exits(9);
    home.llmc(["generate", "hi"]).prints("hi\n").says_nothing();
    assert_eq!(home.pid(), daemon.id());
    signal(daemon.id(), rustix::process::Signal::TERM);

    let mut status = None;
    until("it has ended", || {
        status = daemon.try_wait().unwrap();
        status.is_some()
    });
    assert!(status.unwrap().success());
}

/// Something on the daemon's socket that speaks another protocol and leaves when it is told to.
struct Stranger {
    told: mpsc::Receiver<String>,
    has_left: Arc<AtomicBool>,
}

impl Stranger {
    fn settle(home: &Home, protocol: &'static str, leaves: bool) -> Stranger {
        fs::create_dir(home.path("run")).unwrap();
        let lock = File::create(home.lock()).unwrap();
        lock.try_lock().unwrap();
        let listener = UnixListener::bind(home.socket()).unwrap();
        let socket = home.socket();
        let (teller, told) = mpsc::channel();
        let has_left = Arc::new(AtomicBool::new(false));
        let leaving = Arc::clone(&has_left);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut first = String::new();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                reader.read_line(&mut first).unwrap();
                let mut line = String::new();
                while line != "\r\n" && {
                    line.clear();
                    reader.read_line(&mut line).unwrap()
                } > 0
                {}
                let _ = write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nllmc-version: 9.0.0\r\nllmc-protocol: {protocol}\r\ncontent-length: 2\r\n\r\n{{}}"
                );
                let is_farewell = first.starts_with("POST /shutdown ");
                let _ = teller.send(first);
                if is_farewell && leaves {
                    break;
                }
            }
            let _ = fs::remove_file(socket);
            leaving.store(true, Ordering::Release);
            drop(lock);
        });
        Stranger { told, has_left }
    }
}

#[test]
fn a_daemon_of_another_protocol_is_asked_to_leave_and_replaced() {
    let home = Home::new();
    let stranger = Stranger::settle(&home, "99", true);

    home.llmc(["generate", "hi"]).prints("hi\n").says_nothing();

    assert!(stranger.has_left.load(Ordering::Acquire));
    let told: Vec<String> = stranger.told.try_iter().collect();
    assert!(told.last().unwrap().starts_with("POST /shutdown "), "{told:?}");
    assert_eq!(told.iter().filter(|line| line.starts_with("POST /llm/generate")).count(), 1, "{told:?}");
    home.pid();
}

#[test]
fn a_client_of_another_protocol_is_told_what_to_do() {
    let home = Home::new();
    home.daemon();
    let mut stream = std::os::unix::net::UnixStream::connect(home.socket()).unwrap();

    stream.write_all(b"GET /limits HTTP/1.1\r\nhost: x\r\nllmc-protocol: 99\r\nconnection: close\r\n\r\n").unwrap();

    let mut answer = String::new();
    std::io::Read::read_to_string(&mut stream, &mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 412"), "{answer}");
    assert!(answer.contains("llmc daemon restart"), "{answer}");
}

#[test]
fn a_daemon_survives_whatever_is_thrown_at_its_socket() {
    let home = Home::new();
    let pid = home.daemon();
    let thrown: [&[u8]; 6] = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /llm/generate HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999999999999\r\n\r\n",
        b"POST /llm/generate HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{\"a",
        b"GET /cache/entries/%00%ff HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
    ];

    for bytes in thrown {
        let mut stream = std::os::unix::net::UnixStream::connect(home.socket()).unwrap();
        stream.write_all(bytes).unwrap();
        drop(stream);
    }
    for body in ["", "[", "[[[[", "{}", "null", "{\"prompt\": 1}", "{\"prompt\": \"x\", \"unknown\": 1}"] {
        let told = home.tell("POST", "/llm/generate", body);
        assert_eq!(told.status, 400, "{body}: {told:?}");
    }

    home.llmc(["generate", "hi"]).prints("hi\n").says_nothing();
    assert_eq!(home.pid(), pid);
}
