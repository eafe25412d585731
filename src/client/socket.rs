//! The socket from the asking side: connecting, making sure who is there, and noticing a daemon that no longer answers.

use std::io::{self, Read, Write};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use interprocess::TryClone;
use interprocess::local_socket::{GenericFilePath, Stream, prelude::*};

use super::{Answered, Asked, Line, Upload, cut_short, http, nothing_to_send, unreadable};
use crate::api::status::StatusReply;
use crate::api::{PROTOCOL, headers};
use crate::claim::{self, Claim, Holder};
use crate::config::Environment;
use crate::config::paths::{self, Socket};
use crate::error::{Error, Kind, Result};

/// A daemon answers a ping within this, however busy it is.
const PING_WITHIN: Duration = Duration::from_millis(200);

/// A daemon that is asked in passing answers within this, or it is done without.
const GLANCE_WITHIN: Duration = Duration::from_millis(35);

/// Pings without an answer, one after another and each waited for longer, that make a daemon dead. A machine may be so
/// loaded that none is answered within the first of these, however many are sent; then a longer wait tells it alive.
const PINGS_WITHIN: [Duration; 3] = [PING_WITHIN, Duration::from_millis(600), Duration::from_millis(1200)];

/// How long an answer may take before the daemon is asked whether it is still there.
const PATIENCE: Duration = Duration::from_millis(500);

/// How long a stopping daemon may take, its calls in the air included.
pub const GONE_WITHIN: Duration = Duration::from_secs(45);

/// How often it is looked whether it is gone.
pub const LOOK_EVERY: Duration = Duration::from_millis(5);

/// A daemon that went away before it answered is asked for again, its successor that is, until so many were asked.
const DAEMONS_ASKED: u32 = 3;

/// Bytes of a body that are sent at once.
const CHUNK: usize = 64 << 10;

/// What was found behind a socket.
#[derive(Debug)]
pub enum Alive {
    /// A daemon that answers.
    Yes(Box<StatusReply>),
    /// Nobody listens.
    No,
    /// Somebody listens and does not answer.
    Stuck,
}

/// Connects to whoever listens, if it is this user.
fn connect(socket: &Socket) -> io::Result<Option<Stream>> {
    let reachable = match socket.reachable() {
        Ok(reachable) => reachable,
        // A long path goes through its folder, and where there is no folder there is no daemon.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let name = reachable.path().to_fs_name::<GenericFilePath>()?;
    match Stream::connect(name) {
        Ok(stream) => trusted(stream).map(Some),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => Ok(None),
        Err(error) => Err(error),
    }
}

fn trusted(stream: Stream) -> io::Result<Stream> {
    let ours = rustix::process::geteuid().as_raw();
    match stream.peer_creds()?.euid() {
        Some(user) if user == ours => Ok(stream),
        Some(user) => Err(io::Error::new(io::ErrorKind::PermissionDenied, format!("it belongs to user {user}"))),
        None => Err(io::Error::new(io::ErrorKind::PermissionDenied, "nobody can tell whose it is")),
    }
}

/// Looks who is behind a socket, starting nobody.
pub fn peek(socket: &Socket) -> Result<Alive> {
    for within in PINGS_WITHIN {
        match ping(socket, within) {
            Ok(Some(status)) => return Ok(Alive::Yes(Box::new(status))),
            Ok(None) => return Ok(Alive::No),
            Err(error) if is_wait(&error) => {}
            // It hung up on us: stopping, most likely.
            Err(error) if is_hang_up(&error) => return Ok(Alive::No),
            Err(error) => return Err(unreachable(socket, &error)),
        }
    }
    Ok(Alive::Stuck)
}

fn ping(socket: &Socket, within: Duration) -> io::Result<Option<StatusReply>> {
    let Some(mut stream) = connect(socket)? else { return Ok(None) };
    stream.set_recv_timeout(Some(within))?;
    stream.set_send_timeout(Some(within))?;
    http::write(&mut stream, &Asked { method: "GET", path: "/status".into(), ..Asked::default() })?;
    let mut answered = http::read(stream)?;
    let mut bytes = Vec::new();
    answered.body.read_to_end(&mut bytes)?;
    serde_json::from_slice(&bytes).map(Some).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// The body of what a daemon answers to a `GET` at once; `None` where there is none, it is busy, of another protocol, or
/// refuses. Starts nobody, and takes no longer than a person notices.
pub fn glance(socket: &Socket, path: &str) -> Option<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    let (socket, path) = (socket.clone(), path.to_owned());
    // Beside, so that nothing that hangs is waited for; it ends with the process, which is about to.
    std::thread::spawn(move || {
        let _ = sender.send(ask_briefly(&socket, path));
    });
    receiver.recv_timeout(GLANCE_WITHIN).ok()?.ok()?
}

fn ask_briefly(socket: &Socket, path: String) -> io::Result<Option<Vec<u8>>> {
    let Some(mut stream) = connect(socket)? else { return Ok(None) };
    http::write(&mut stream, &Asked { method: "GET", path, ..Asked::default() })?;
    let mut answered = http::read(stream)?;
    let mut bytes = Vec::new();
    answered.body.read_to_end(&mut bytes)?;
    let is_ours = answered.header(headers::PROTOCOL) == Some(&PROTOCOL.to_string());
    Ok((is_ours && answered.status == 200).then_some(bytes))
}

/// True where a daemon has the socket's lock, listening or not: it may be starting, or finishing what is in the air.
pub fn is_claimed(socket: &Socket) -> Result<bool> {
    Ok(claim::holder(&claim::socket_lock(&socket.path))? != Holder::Nobody)
}

/// Waits until a daemon is gone: nobody holds its lock, or a successor, who may take the lock the moment it is free,
/// answers in its place. False where neither is so in time. `old` is its process, where that is known.
pub fn wait_until_gone(socket: &Socket, old: Option<u32>) -> Result<bool> {
    let lock = claim::socket_lock(&socket.path);
    let deadline = Instant::now() + GONE_WITHIN;
    while Claim::attempt(&lock)?.is_none() {
        let answering = ping(socket, PING_WITHIN).ok().flatten().filter(|status| !status.draining);
        if answering.is_some_and(|status| Some(status.pid) != old) {
            return Ok(true);
        }
        if Instant::now() >= deadline {
            return Ok(false);
        }
        std::thread::sleep(LOOK_EVERY);
    }
    Ok(true)
}

/// Ends a daemon that does not answer, and takes away the socket it leaves behind. Its process is the one that signed
/// the lock: whom the kernel names behind a socket is whoever made it, which may be a service manager.
pub fn end(socket: &Socket) -> Result<()> {
    let lock = claim::socket_lock(&socket.path);
    let process = match claim::holder(&lock)? {
        Holder::Nobody => return Ok(()),
        Holder::Process(process) => process,
        Holder::Unknown => return Err(stuck(socket)),
    };
    let number = i32::try_from(process).ok().and_then(rustix::process::Pid::from_raw).ok_or_else(|| stuck(socket))?;
    rustix::process::kill_process(number, rustix::process::Signal::KILL)
        .map_err(|error| Error::new(Kind::Unreachable, "cannot end the daemon").because(error))?;
    if !wait_until_gone(socket, Some(process))? {
        return Err(stuck(socket));
    }
    if let Some(_nobody_else_comes_now) = Claim::attempt(&lock)?
        && matches!(connect(socket), Ok(None))
    {
        // Gone already, or not ours to remove: either way nobody is misled by it for long.
        let _ = std::fs::remove_file(&socket.path);
    }
    Ok(())
}

fn is_wait(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

fn is_hang_up(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), UnexpectedEof | ConnectionReset | ConnectionAborted | BrokenPipe)
}

fn unreachable(socket: &Socket, error: &io::Error) -> Error {
    Error::new(Kind::Unreachable, format!("cannot reach the daemon at `{}`", socket.path.display()))
        .because(error)
        .hint("`llmc daemon restart` starts it anew")
}

/// The error of a daemon that listens and does not answer.
pub fn stuck(socket: &Socket) -> Error {
    Error::new(Kind::Unreachable, format!("the daemon at `{}` does not answer", socket.path.display()))
        .hint("`llmc daemon restart` ends it and starts another")
}

/// Reads patiently: while a daemon answers pings its calls may take as long as they do.
struct Patient {
    stream: Stream,
    socket: Socket,
}

impl Patient {
    fn goes_on<T>(&mut self, mut attempt: impl FnMut(&mut Stream) -> io::Result<T>) -> io::Result<T> {
        loop {
            match attempt(&mut self.stream) {
                Err(error) if is_wait(&error) => match peek(&self.socket) {
                    Ok(Alive::Stuck) => {
                        return Err(io::Error::new(io::ErrorKind::TimedOut, "the daemon does not answer"));
                    }
                    // A stopping daemon closes its door first and ends its calls then.
                    Ok(Alive::Yes(_) | Alive::No) | Err(_) => {}
                },
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                done => return done,
            }
        }
    }
}

impl Read for Patient {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.goes_on(|stream| stream.read(buffer))
    }
}

impl Write for Patient {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.goes_on(|stream| stream.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The daemon of a socket, started where there is none.
#[derive(Clone)]
pub struct SocketLine {
    socket: Socket,
    environment: Environment,
    may_start: bool,
}

impl SocketLine {
    /// A line to the daemon of these surroundings.
    pub fn new(environment: &Environment, may_start: bool) -> Result<SocketLine> {
        let socket = paths::socket(environment)?;
        Ok(SocketLine { socket, environment: environment.clone(), may_start })
    }

    /// The socket it goes by.
    pub fn socket(&self) -> &Socket {
        &self.socket
    }

    fn connected(&self) -> Result<Stream> {
        if let Some(stream) = connect(&self.socket).map_err(|error| unreachable(&self.socket, &error))? {
            return Ok(stream);
        }
        if !self.may_start {
            return Err(Error::new(
                Kind::Unreachable,
                format!("no daemon listens on `{}`", self.socket.path.display()),
            )
            .hint("`llmc daemon start` starts one"));
        }
        super::start(&self.socket, &self.environment)?;
        connect(&self.socket).map_err(|error| unreachable(&self.socket, &error))?.ok_or_else(|| stuck(&self.socket))
    }

    fn ask_once(&self, asked: &Asked) -> Result<Once> {
        let mut stream = self.connected()?;
        let begun = Instant::now();
        let asking = (|| {
            stream.set_recv_timeout(Some(PATIENCE))?;
            match http::write(&mut stream, asked) {
                // An answer may be there already, such as a refusal of a body too long.
                Err(error) if !is_hang_up(&error) => return Err(error),
                _ => {}
            }
            http::read(Patient { stream, socket: self.socket.clone() })
        })();
        match asking {
            Ok(answered) if answered.header(headers::PROTOCOL) != Some(&PROTOCOL.to_string()) => Ok(Once::Foreign),
            Ok(answered) if answered.status == 503 && answered.header(headers::DRAINING).is_some() => Ok(Once::Leaving),
            Ok(answered) => Ok(Once::Answered(answered)),
            Err(error) if is_hang_up(&error) => Ok(Once::Leaving),
            Err(error) if error.kind() == io::ErrorKind::TimedOut && begun.elapsed() > PATIENCE => {
                Err(stuck(&self.socket))
            }
            Err(error) => Err(cut_short(&error)),
        }
    }

    /// A connection that is patient in both directions.
    fn patient(&self) -> Result<Patient> {
        let stream = self.connected()?;
        let both = stream.set_recv_timeout(Some(PATIENCE)).and_then(|()| stream.set_send_timeout(Some(PATIENCE)));
        both.map_err(|error| cut_short(&error))?;
        Ok(Patient { stream, socket: self.socket.clone() })
    }

    fn send_once(&self, asked: &Asked, body: &mut Option<Upload>) -> Result<Answered> {
        let mut line = self.patient()?;
        let mut body = body.take().ok_or_else(nothing_to_send)?;
        match upload(&mut line, asked, &mut body)? {
            // An answer may be there already, such as a refusal.
            Err(error) if !is_hang_up(&error) => return Err(self.waits(&error)),
            _ => {}
        }
        self.read_answer(line)
    }

    fn read_answer(&self, line: Patient) -> Result<Answered> {
        let answered = http::read(line).map_err(|error| self.waits(&error))?;
        if answered.header(headers::PROTOCOL) != Some(&PROTOCOL.to_string()) {
            return Err(another_version());
        }
        Ok(answered)
    }

    fn waits(&self, error: &io::Error) -> Error {
        if error.kind() == io::ErrorKind::TimedOut { stuck(&self.socket) } else { cut_short(error) }
    }

    /// A daemon of another protocol finishes what it has in the air and makes room.
    fn replace(&self) -> Result<()> {
        let told = connect(&self.socket).map_err(|error| unreachable(&self.socket, &error))?;
        if let Some(mut stream) = told {
            let asked = Asked { method: "POST", path: "/shutdown".into(), ..Asked::default() };
            // Whatever it says to that, what counts is that it goes.
            let _ = http::write(&mut stream, &asked).and_then(|()| stream.flush());
            let _ = stream.set_recv_timeout(Some(PATIENCE));
            let _ = http::read(stream);
        }
        if wait_until_gone(&self.socket, None)? {
            return Ok(());
        }
        Err(Error::new(Kind::Unreachable, "a daemon of another version is still running")
            .hint("`llmc daemon restart` ends it"))
    }
}

/// Sends a request with a body that is read as it is sent. Fails where the body cannot be read; the inner outcome is that
/// of sending it.
fn upload(line: &mut Patient, asked: &Asked, body: &mut Upload) -> Result<io::Result<()>> {
    let mut sent = http::write_head(line, asked);
    let mut chunk = vec![0; CHUNK];
    while sent.is_ok() {
        let read = match body.read(&mut chunk) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read.map_err(|error| unreadable(&error))?,
        };
        sent = http::write_chunk(line, &chunk[..read]);
        if read == 0 {
            break;
        }
    }
    Ok(sent)
}

fn another_version() -> Error {
    Error::new(Kind::Unreachable, "the daemon is of another version").hint("`llmc daemon restart`")
}

enum Once {
    Answered(Answered),
    /// It speaks another protocol.
    Foreign,
    /// It is stopping, or died before it answered.
    Leaving,
}

impl Line for SocketLine {
    fn ask(&mut self, asked: &Asked) -> Result<Answered> {
        for _ in 0..DAEMONS_ASKED {
            match self.ask_once(asked)? {
                Once::Answered(answered) => return Ok(answered),
                Once::Foreign if self.may_start => self.replace()?,
                Once::Foreign => {
                    return Err(another_version());
                }
                Once::Leaving => {
                    wait_until_gone(&self.socket, None)?;
                }
            }
        }
        Err(stuck(&self.socket))
    }

    fn send(&mut self, asked: &Asked, body: &mut Option<Upload>) -> Result<Answered> {
        self.send_once(asked, body)
    }

    fn converse(&mut self, asked: &Asked, body: &mut Option<Upload>) -> Result<Answered> {
        let line = self.patient()?;
        let stream = line.stream.try_clone().map_err(|error| cut_short(&error))?;
        let mut speaking = Patient { stream, socket: self.socket.clone() };
        let (mut body, asked) = (body.take().ok_or_else(nothing_to_send)?, asked.clone());
        std::thread::spawn(move || {
            let told = upload(&mut speaking, &asked, &mut body);
            // A body that is cut ends the answer, which is where it is noticed. Who hung up may have said why.
            if !matches!(told, Ok(Ok(()))) && !matches!(&told, Ok(Err(error)) if is_hang_up(error)) {
                let Stream::UdSocket(stream) = &speaking.stream;
                let _ = rustix::net::shutdown(stream, rustix::net::Shutdown::Both);
            }
        });
        self.read_answer(line)
    }

    fn successor(&self) -> Option<Box<dyn Line + Send>> {
        Some(Box::new(self.clone()))
    }
}
