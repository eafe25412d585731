//! Throughput and latency of a cached answer at some connections, in turn with a server that does nothing.
//!
//! The load comes from one thread, so that on two cores the server has one to itself.

use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

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
    compare(
        [("hit", Place::Socket(socket.to_owned()), hit), ("bare", Place::Socket(bare.to_owned()), client::get("/"))],
        connections,
    );
}

/// The same through the gateway: an answer of `size` bytes over TCP, as an SDK asks for it.
pub fn through_gateway(address: &str, token: &str, bare: &str, size: usize, connections: usize) {
    let hit = client::chat(&"round ".repeat(size.div_ceil(6)), address, token);
    let mut first = client::over_tcp(address);
    first.ask(&hit);
    first.ask(&hit);
    first.must_be_cached();
    let bare_path = format!("/{size}");
    compare(
        [("hit", Place::Tcp(address.to_owned()), hit), ("bare", Place::Tcp(bare.to_owned()), client::get(&bare_path))],
        connections,
    );
}

fn compare(sides: [(&str, Place, Vec<u8>); 2], connections: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut sides = sides.map(|(name, place, request)| Side {
        place,
        request: request.into(),
        figures: Figures::of(name),
        spent: Duration::ZERO,
    });
    for side in &mut sides {
        runtime.block_on(load(&side.place, &side.request, connections, WARM_UP));
    }
    for _ in 0..ROUNDS {
        for side in &mut sides {
            let begun = Instant::now();
            let times = runtime.block_on(load(&side.place, &side.request, connections, ROUND));
            side.spent += begun.elapsed();
            side.figures.extend(times);
        }
    }
    for side in sides {
        let rate = side.figures.count() as f64 / side.spent.as_secs_f64();
        side.figures.tell(&[rate]);
    }
}

/// Where a server listens.
enum Place {
    Socket(String),
    Tcp(String),
}

struct Side {
    place: Place,
    request: std::sync::Arc<[u8]>,
    figures: Figures,
    spent: Duration,
}

async fn load(place: &Place, request: &std::sync::Arc<[u8]>, connections: usize, longest: Duration) -> Vec<Duration> {
    let until = Instant::now() + longest;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..connections {
        match place {
            Place::Socket(path) => {
                let stream = UnixStream::connect(path).await.unwrap();
                tasks.spawn(ask_until(stream, request.clone(), until));
            }
            Place::Tcp(address) => {
                let stream = TcpStream::connect(address).await.unwrap();
                stream.set_nodelay(true).unwrap();
                tasks.spawn(ask_until(stream, request.clone(), until));
            }
        }
    }
    tasks.join_all().await.concat()
}

async fn ask_until<S>(mut stream: S, request: std::sync::Arc<[u8]>, until: Instant) -> Vec<Duration>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
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
