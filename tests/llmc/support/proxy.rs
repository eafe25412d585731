//! A line to a server that does as badly as it is told: late, cut, half there, or dead.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// What becomes of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// They arrive.
    Good,
    /// They arrive after so long.
    Slow(Duration),
    /// Nothing arrives, in either direction, and nobody is told.
    Dead,
    /// The request arrives; the line is cut before its answer does.
    Cut,
    /// Half the answer arrives, then the line is cut.
    Half,
}

/// The proxy.
pub struct Proxy {
    pub port: u16,
    state: Arc<Mutex<Line>>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// A good line to a port of this machine.
    pub async fn to(port: u16) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let own = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(Line::Good));
        let server = SocketAddr::from(([127, 0, 0, 1], port));
        let task = tokio::spawn(accept(listener, server, Arc::clone(&state)));
        Proxy { port: own, state, task }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Does so from now on.
    pub fn becomes(&self, line: Line) {
        *self.state.lock().unwrap() = line;
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, server: SocketAddr, state: Arc<Mutex<Line>>) {
    // Dropped with this task, and every connection with it.
    let mut lines = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        let state = Arc::clone(&state);
        lines.spawn(async move {
            let Ok(server) = TcpStream::connect(server).await else { return };
            let _ = (client.set_nodelay(true), server.set_nodelay(true));
            let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
            tokio::select! {
                () = requests(from_client, to_server, &state) => {}
                () = answers(from_server, to_client, &state) => {}
            }
        });
    }
}

fn now(state: &Mutex<Line>) -> Line {
    *state.lock().unwrap()
}

async fn requests(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, state: &Mutex<Line>) {
    let mut bytes = vec![0; 64 << 10];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        if now(state) != Line::Dead && to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}

async fn answers(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, state: &Mutex<Line>) {
    let mut bytes = vec![0; 64 << 10];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        let arrives = match now(state) {
            Line::Good => read,
            Line::Slow(by) => {
                tokio::time::sleep(by).await;
                read
            }
            Line::Dead => continue,
            Line::Cut => return,
            Line::Half => read / 2,
        };
        if to.write_all(&bytes[..arrives]).await.is_err() || arrives < read {
            return;
        }
    }
}
