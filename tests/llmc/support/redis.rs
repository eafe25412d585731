//! A real Redis server of a test's own, alone or three as a cluster: started by the test, ended by its pid.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A start or a change in a cluster takes no longer, however busy the machine is.
const AT_LAST: Duration = Duration::from_secs(30);

/// True where servers can be started.
pub fn is_installed() -> bool {
    has("redis-server", "--version")
}

/// True where a program is there. Where it is not, a person's machine skips the test aloud and CI fails it.
pub fn has(program: &str, version: &str) -> bool {
    let found = Command::new(program).arg(version).stdout(Stdio::null()).stderr(Stdio::null()).status();
    if found.is_ok_and(|status| status.success()) {
        return true;
    }
    let in_ci = std::env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"));
    assert!(!in_ci, "`{program}` is missing, and in CI nothing may be left untested");
    #[allow(clippy::print_stderr)]
    {
        eprintln!("SKIPPED: `{program}` is missing; install it to test the shared stores");
    }
    false
}

/// A server.
pub struct Redis {
    folder: TempDir,
    pub port: u16,
    child: Option<Child>,
    file: Option<PathBuf>,
    options: Vec<String>,
}

impl Redis {
    /// One with these options besides those that keep it to the test.
    pub async fn start(options: &[&str]) -> Redis {
        Redis::start_with(None, options).await
    }

    /// One that also reads a file of settings.
    pub async fn start_with(file: Option<&Path>, options: &[&str]) -> Redis {
        let folder = tempfile::tempdir().unwrap();
        let options = options.iter().map(|option| (*option).to_owned()).collect();
        let mut redis = Redis { folder, port: 0, child: None, file: file.map(Path::to_owned), options };
        // Somebody else may take the free port before the server does.
        for _ in 0..20 {
            redis.port = free_port();
            if redis.run().await {
                return redis;
            }
        }
        panic!("no server could be started: {}", std::fs::read_to_string(redis.log()).unwrap_or_default());
    }

    /// The same server again, on the same port, with nothing in it.
    pub async fn restart_empty(&mut self) {
        self.stop();
        assert!(self.run().await, "{}", std::fs::read_to_string(self.log()).unwrap_or_default());
    }

    /// Holds the server still, so that it accepts and says nothing.
    pub fn freeze(&self) {
        self.signal(rustix::process::Signal::STOP);
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        self.signal(rustix::process::Signal::CONT);
    }

    fn signal(&self, signal: rustix::process::Signal) {
        let pid = i32::try_from(self.child.as_ref().expect("a server that runs").id()).unwrap();
        rustix::process::kill_process(rustix::process::Pid::from_raw(pid).unwrap(), signal).unwrap();
    }

    /// Ends the server as `kill -9` does.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    async fn run(&mut self) -> bool {
        let mut command = Command::new("redis-server");
        command.args(&self.file).args(["--port", &self.port.to_string(), "--bind", "127.0.0.1", "--save", ""]);
        command.arg("--dir").arg(self.folder.path()).arg("--unixsocket").arg(self.socket());
        command.arg("--logfile").arg(self.log()).args(&self.options);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let deadline = Instant::now() + AT_LAST;
        let is_up = loop {
            if child.try_wait().unwrap().is_some() {
                break false;
            }
            let stream = tokio::net::UnixStream::connect(self.socket()).await;
            if stream.is_ok() {
                break true;
            }
            assert!(Instant::now() < deadline, "the server does not come up");
            tokio::time::sleep(Duration::from_millis(2)).await;
        };
        self.child = Some(child);
        is_up
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// Its socket.
    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("s")
    }

    /// Its address over TCP.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Its address over the socket.
    pub fn socket_url(&self) -> String {
        format!("unix://{}", self.socket().display())
    }

    /// Runs a command of its own, past the store.
    pub async fn run_command(&self, words: &[&str]) -> redis::Value {
        command(&self.socket_url(), words).await
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Runs one command at an address; a refusal fails the test.
pub async fn command(url: &str, words: &[&str]) -> redis::Value {
    let mut connection = connection(url).await;
    let mut command = redis::Cmd::new();
    for word in words {
        command.arg(*word);
    }
    command.query_async(&mut connection).await.unwrap()
}

/// A line to an address that waits as long as a test does.
pub async fn connection(url: &str) -> redis::aio::MultiplexedConnection {
    let client = redis::Client::open(url).unwrap();
    let config = redis::AsyncConnectionConfig::new().set_response_timeout(Some(AT_LAST));
    let config = config.set_connection_timeout(Some(AT_LAST));
    client.get_multiplexed_async_connection_with_config(&config).await.unwrap()
}

/// A port that nobody has right now.
pub fn free_port() -> u16 {
    // A cluster's node also takes the port 10,000 above.
    loop {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        if let Some(bus) = port.checked_add(10_000)
            && TcpListener::bind(("127.0.0.1", bus)).is_ok()
        {
            return port;
        }
        let low = fastrand::u16(20_000..30_000);
        if TcpListener::bind(("127.0.0.1", low)).is_ok() && TcpListener::bind(("127.0.0.1", low + 10_000)).is_ok() {
            return low;
        }
    }
}

/// Three servers that share the slots.
pub struct Cluster {
    pub nodes: Vec<Redis>,
}

impl Cluster {
    /// A cluster whose nodes all agree that it is whole.
    pub async fn start() -> Cluster {
        let options = ["--cluster-enabled", "yes", "--cluster-node-timeout", "5000"];
        let mut nodes = Vec::new();
        for _ in 0..3 {
            nodes.push(Redis::start(&options).await);
        }
        for (node, (first, last)) in nodes.iter().zip([(0, 5460), (5461, 10922), (10923, 16383)]) {
            node.run_command(&["CLUSTER", "ADDSLOTSRANGE", &first.to_string(), &last.to_string()]).await;
        }
        for (at, node) in nodes.iter().enumerate() {
            node.run_command(&["CLUSTER", "SET-CONFIG-EPOCH", &(at + 1).to_string()]).await;
        }
        for other in &nodes[1..] {
            nodes[0].run_command(&["CLUSTER", "MEET", "127.0.0.1", &other.port.to_string()]).await;
        }
        let deadline = Instant::now() + AT_LAST;
        for node in &nodes {
            loop {
                let info = node.run_command(&["CLUSTER", "INFO"]).await;
                let info: String = redis::from_redis_value(info).unwrap();
                if info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:3") {
                    break;
                }
                assert!(Instant::now() < deadline, "the cluster does not come together: {info}");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        Cluster { nodes }
    }

    /// Its address.
    pub fn url(&self) -> String {
        let hosts: Vec<String> = self.nodes.iter().map(|node| format!("127.0.0.1:{}", node.port)).collect();
        format!("redis+cluster://{}", hosts.join(","))
    }
}
