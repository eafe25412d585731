//! `llmc dashboard` as a process: a door for the page and nothing else, for as long as it runs.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Stdio};

use rustix::process::Signal;

use super::home::Home;
use super::signal;

/// The command while it runs, and what it printed.
struct Shown {
    child: Child,
    address: String,
    token: String,
}

impl Shown {
    fn by(home: &Home) -> Shown {
        let mut command = home.command(["dashboard", "--quiet"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let (address, token) = parts(line.trim());
        Shown { child, address, token }
    }

    fn asks(&self, method: &str, path: &str) -> u16 {
        ask(&self.address, &self.token, method, path).0
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn parts(url: &str) -> (String, String) {
    let (address, token) = url.strip_prefix("http://").unwrap().split_once("/dashboard#token=").unwrap();
    (address.to_owned(), token.to_owned())
}

fn ask(address: &str, token: &str, method: &str, path: &str) -> (u16, String) {
    let mut line = TcpStream::connect(address).unwrap();
    let head = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    let body = "content-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
    write!(line, "{head}authorization: Bearer {token}\r\n{body}").unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).unwrap();
    (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
}

#[test]
fn the_page_is_there_while_the_command_runs() {
    let home = Home::new();
    home.generate(["-m", "echo/echo", "hello"]);
    let mut shown = Shown::by(&home);

    let (status, page) = ask(&shown.address, "", "GET", "/dashboard");
    assert_eq!(status, 200);
    assert!(page.contains("\r\ncontent-security-policy: default-src 'none'; script-src 'self';"), "{page}");
    assert!(!page.contains(&shown.token), "{page}");
    let (status, figures) = ask(&shown.address, &shown.token, "GET", "/dashboard/figures?since=24h");
    assert_eq!(status, 200, "{figures}");
    for part in ["\"misses\":1", "\"by\":{\"model\":[{\"name\":\"echo/echo\"", "\"limits\":[", "\"uptimeSeconds\":"] {
        assert!(figures.contains(part), "{part} is not in {figures}");
    }

    signal(shown.child.id(), Signal::INT);
    let ended = shown.child.wait().unwrap();
    // Whether it dies of the signal or says so itself, a shell sees 130.
    assert_eq!(ended.code().or(ended.signal().map(|number| 128 + number)), Some(130));
    // The daemon learns of it with the next sign of life it gives.
    super::until("the door is closed", || TcpStream::connect(&shown.address).is_err());
}

#[test]
fn its_door_answers_the_page_and_nothing_else() {
    let home = Home::new();
    let shown = Shown::by(&home);

    assert_eq!(shown.asks("GET", "/cache/entries?sort=saved&limit=10"), 200);
    for (method, path) in [
        ("POST", "/llm/generate"),
        ("POST", "/providers/echo/v1/chat/completions"),
        ("POST", "/cache/purge"),
        ("DELETE", "/llm/cache/stats"),
        ("GET", "/cache/export"),
        ("POST", "/runs"),
        ("POST", "/shutdown"),
    ] {
        assert_eq!(shown.asks(method, path), 403, "{method} {path}");
    }
    assert_eq!(ask(&shown.address, "llmc-wrong", "GET", "/dashboard/figures").0, 401);
    assert!(!home.log().contains(&shown.token));
}

#[test]
fn it_ends_with_the_daemon() {
    let home = Home::new();
    let mut shown = Shown::by(&home);

    home.llmc(["daemon", "stop"]).ok();

    assert_eq!(shown.child.wait().unwrap().code(), Some(6));
    let mut said = String::new();
    shown.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(said.contains("the daemon has ended"), "{said}");
}

#[test]
fn a_daemon_with_a_door_shows_the_page_there() {
    let home = Home::new();
    home.configure("[http]\nlisten = \"127.0.0.1:0\"\n");
    home.daemon();
    let token = home.llmc(["daemon", "token"]).ok().out.trim().to_owned();

    let told = home.llmc(["dashboard", "--json"]).ok().json();

    let (address, shown) = parts(told["url"].as_str().unwrap());
    assert_eq!(shown, token);
    assert_eq!(ask(&address, &token, "GET", "/dashboard/figures").0, 200);
}
