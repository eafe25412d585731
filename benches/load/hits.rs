//! Throughput and latency of a cached answer at some connections, in turn with a server that does nothing.
//!
//! The load comes from one thread, so that on two cores the server has one to itself.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

use super::client::{self, Progress, progress};
use super::figures::Figures;

const ROUNDS: usize = 6;
const ROUND: Duration = Duration::from_secs(1);
const WARM_UP: Duration = Duration::from_millis(300);

pub fn run(socket: &str, bare: &str, connections: usize) {
    let hit = client::generate(&"round ".repeat(171), "echo/echo", false);
    let mut first = client::over_socket(socket);
    first.ask(&hit);
    first.ask(&hit);
    first.must_be("hit");

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut sides = [("hit", socket, hit), ("bare", bare, client::get("/"))].map(|(name, socket, request)| Side {
        socket: socket.to_owned(),
        request: request.into(),
        figures: Figures::of(name),
        spent: Duration::ZERO,
    });
    for side in &mut sides {
        runtime.block_on(load(&side.socket, &side.request, connections, WARM_UP));
    }
    for _ in 0..ROUNDS {
        for side in &mut sides {
            let begun = Instant::now();
            let times = runtime.block_on(load(&side.socket, &side.request, connections, ROUND));
            side.spent += begun.elapsed();
            side.figures.extend(times);
        }
    }
    for side in sides {
        let rate = side.figures.count() as f64 / side.spent.as_secs_f64();
        side.figures.tell(&[rate]);
    }
}

struct Side {
    socket: String,
    request: std::sync::Arc<[u8]>,
    figures: Figures,
    spent: Duration,
}

async fn load(socket: &str, request: &std::sync::Arc<[u8]>, connections: usize, longest: Duration) -> Vec<Duration> {
    let until = Instant::now() + longest;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..connections {
        let stream = UnixStream::connect(socket).await.unwrap();
        tasks.spawn(ask_until(stream, request.clone(), until));
    }
    tasks.join_all().await.concat()
}

async fn ask_until(mut stream: UnixStream, request: std::sync::Arc<[u8]>, until: Instant) -> Vec<Duration> {
    let mut times = Vec::new();
    let mut answer = Vec::with_capacity(16 << 10);
    loop {
        answer.clear();
        let asked = Instant::now();
        if asked >= until {
            return times;
        }
        stream.write_all(&request).await.unwrap();
        while progress(&answer) != Progress::Whole {
            assert!(stream.read_buf(&mut answer).await.unwrap() > 0, "hung up");
        }
        times.push(asked.elapsed());
    }
}
