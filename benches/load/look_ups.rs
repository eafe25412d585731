//! Hits over stores of different sizes, by turns, each on an entry drawn at random.

use super::client::{self, Connection};
use super::figures::Figures;
use super::fill;

const WARM_UP: usize = 200;

pub fn run(runs: usize, places: &[&str]) {
    let mut sides: Vec<_> = places
        .chunks_exact(2)
        .map(|place| {
            let entries = super::number(place[1]);
            (client::over_socket(place[0]), entries, Figures::of(place[1]))
        })
        .collect();
    for run in 0..WARM_UP + runs {
        for (connection, entries, figures) in &mut sides {
            let time = ask(connection, *entries);
            if run >= WARM_UP {
                figures.add(time);
            }
        }
    }
    sides.into_iter().for_each(|(_, _, figures)| figures.tell(&[]));
}

fn ask(connection: &mut Connection<std::os::unix::net::UnixStream>, entries: usize) -> std::time::Duration {
    let prompt = fill::prompt(fastrand::usize(0..entries));
    let took = connection.ask(&client::generate(&prompt, "echo/echo", false));
    connection.must_be("hit");
    took.whole
}
