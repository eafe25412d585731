//! The TCP door of a real daemon: off unless it is asked for, opened by the token that the command line shows.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;

use super::home::Home;

const ON_ANY_PORT: &str = "[http]\nlisten = \"127.0.0.1:0\"\n";

fn address(home: &Home) -> Option<String> {
    home.status().expect("a daemon runs")["http"].as_str().map(str::to_owned)
}

/// Asks `echo` through the gateway; the status and the whole answer.
fn ask(address: &str, token: &str) -> (u16, String) {
    let body = r#"{"model":"echo","messages":[{"role":"user","content":"hi"}]}"#;
    let mut line = TcpStream::connect(address).unwrap();
    write!(
        line,
        "POST /providers/echo/v1/chat/completions HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
         authorization: Bearer {token}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).unwrap();
    (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
}

#[test]
fn there_is_no_door_unless_it_is_asked_for() {
    let home = Home::new();
    home.daemon();

    assert_eq!(address(&home), None);
    assert!(!home.path("data/token").exists());
}

#[test]
fn the_token_that_is_shown_opens_the_door() {
    let home = Home::new();
    home.configure(ON_ANY_PORT);
    home.daemon();
    let address = address(&home).expect("a door");

    let token = home.llmc(["daemon", "token"]).ok().out.trim().to_owned();

    assert!(home.llmc(["daemon", "status"]).ok().out.contains(&address));
    assert_eq!(fs::metadata(home.path("data/token")).unwrap().permissions().mode() & 0o777, 0o600);
    let (status, answer) = ask(&address, &token);
    assert_eq!(status, 200, "{answer}");
    assert!(ask(&address, &token).1.contains("cache-status: llmc; hit"));
    assert_eq!(ask(&address, "llmc-wrong").0, 401);
    assert!(!home.log().contains(&token));
    let over_socket = home.tell(
        "POST",
        "/providers/echo/v1/chat/completions",
        r#"{"model":"echo","messages":[{"role":"user","content":"hi"}]}"#,
    );
    assert_eq!(over_socket.status, 200);
}

#[test]
fn a_new_token_takes_the_place_of_the_old_at_once() {
    let home = Home::new();
    home.configure(ON_ANY_PORT);
    let old = home.llmc(["daemon", "token"]).ok().out.trim().to_owned();
    home.daemon();
    let address = address(&home).expect("a door");
    assert_eq!(ask(&address, &old).0, 200);

    let new = home.llmc(["daemon", "token", "--rotate", "--json"]).json();

    assert_eq!(ask(&address, &old).0, 401);
    assert_eq!(ask(&address, new["token"].as_str().unwrap()).0, 200);
}

#[test]
fn a_port_that_somebody_else_has_stops_no_daemon() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let home = Home::new();
    home.configure(&format!("[http]\nlisten = \"{}\"\n", taken.local_addr().unwrap()));

    home.daemon();

    assert_eq!(address(&home), None);
    let degraded = home.status().unwrap()["degraded"][0].as_str().unwrap().to_owned();
    assert!(degraded.contains("cannot listen on"), "{degraded}");
    home.llmc(["daemon", "restart"]).ok().says("warning: cannot listen on");
    assert_eq!(home.generate(["hi"])["text"], "hi");
}

#[test]
fn an_address_that_others_can_reach_is_refused() {
    let home = Home::new();
    home.configure("[http]\nlisten = \"0.0.0.0:4180\"\n");

    home.llmc(["config", "check"]).fails(2, "only this machine can reach");
}
