//! Whole processes, from their start to their end, by turns.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::figures::Figures;

const WARM_UP: usize = 20;

/// `entrants`: each a name and a command, with `:` between.
pub fn run(runs: usize, entrants: &[&str]) {
    let mut sides: Vec<_> =
        entrants.split(|word| *word == ":").map(|words| (&words[1..], Figures::of(words[0]))).collect();
    for run in 0..WARM_UP + runs {
        for (command, figures) in &mut sides {
            let time = time(command);
            if run >= WARM_UP {
                figures.add(time);
            }
        }
    }
    sides.into_iter().for_each(|(_, figures)| figures.tell(&[]));
}

fn time(command: &[&str]) -> Duration {
    let mut process = Command::new(command[0]);
    process.args(&command[1..]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let begun = Instant::now();
    let status = process.status().unwrap_or_else(|error| panic!("cannot run `{}`: {error}", command[0]));
    let time = begun.elapsed();
    assert!(status.success(), "`{}` ended with {status}", command[0]);
    time
}
