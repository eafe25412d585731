//! What `benches/processes.sh` measures with: load on a daemon, servers to compare it with, races of processes.
//!
//! Every verb prints one line a figure: a name, then numbers, with tabs between. Times are in microseconds.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

mod client;
mod figures;
mod fill;
mod hits;
mod look_ups;
mod misses;
mod race;
mod serve;
mod start;

use std::process::ExitCode;

const USAGE: &str = "usage:
  load serve SOCKET                        1 KiB over SOCKET; a provider on a loopback port, which is printed
  load race RUNS : NAME COMMAND… [: …]     whole processes, one after another in turn
  load hits SOCKET BARE CONNECTIONS        a cached answer of 1 KiB, in turn with a bare server
  load gateway ADDRESS TOKEN BARE BYTES CONNECTIONS
                                           the same over TCP, as an SDK asks; BARE is the address that `serve` prints
  load misses SOCKET URL RUNS              calls to the provider at URL, straight and through the daemon
  load look-ups RUNS SOCKET COUNT…         random ones of COUNT entries that `fill` made
  load start RUNS SOCKET PROGRAM           from a daemon's start to its first answer
  load fill DATABASE COUNT                 that many entries";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["serve", socket] => serve::run(socket),
        ["race", runs, ":", ref entrants @ ..] => race::run(number(runs), entrants),
        ["hits", socket, bare, connections] => hits::run(socket, bare, number(connections)),
        ["gateway", address, token, bare, bytes, connections] => {
            hits::through_gateway(address, token, bare, number(bytes), number(connections));
        }
        ["misses", socket, url, runs] => misses::run(socket, url, number(runs)),
        ["look-ups", runs, ref places @ ..] => look_ups::run(number(runs), places),
        ["start", runs, socket, program] => start::run(number(runs), socket, program),
        ["fill", database, count] => fill::run(database, number(count)),
        // `cargo bench` runs every benchmark there is; this one is run by the script.
        ["--bench"] => {}
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

fn number(text: &str) -> usize {
    text.parse().unwrap_or_else(|_| panic!("`{text}` is no number"))
}
