//! The daemon's life: one, however many ask; ready when `start` returns, gone when `stop` does, and nothing lost between.

use std::fs::{self, File};

use super::home::Home;
use super::upstream::{Reply, Upstream};
use super::{is_alive, signal, until};

const STARTED_AT_ONCE: usize = 500;

#[test]
fn five_hundred_commands_at_once_start_one_daemon() {
    let home = Home::new();
    let outputs: Vec<_> = (0..STARTED_AT_ONCE).map(|number| home.path(&format!("out-{number}"))).collect();

    // Into files: a thousand pipes would be more descriptors than many machines allow.
    let commands: Vec<_> = outputs
        .iter()
        .map(|output| {
            let (out, err) = (File::create(output).unwrap(), File::create(output.with_extension("err")).unwrap());
            home.command(["generate", "hi"]).stdout(out).stderr(err).spawn().unwrap()
        })
        .collect();
    let codes: Vec<_> = commands.into_iter().map(|mut command| command.wait().unwrap().code()).collect();

    let complaints: String =
        outputs.iter().map(|output| fs::read_to_string(output.with_extension("err")).unwrap()).collect();
    assert_eq!(complaints, "");
    assert!(codes.iter().all(|code| *code == Some(0)), "{codes:?}");
    assert!(outputs.iter().all(|output| fs::read_to_string(output).unwrap() == "hi\n"));
    let log = home.log();
    assert_eq!(log.matches("listening").count(), 1, "{log}");
    assert!(log.contains(&format!("pid={}", home.pid())), "{log}");
    let stats = home.llmc(["stats", "--json"]).json();
    assert_eq!(stats["misses"], 1, "{stats}");
    assert_eq!(
        stats["hits"].as_u64().unwrap() + stats["coalesced"].as_u64().unwrap(),
        STARTED_AT_ONCE as u64 - 1,
        "{stats}"
    );
}

#[test]
fn starting_a_running_daemon_succeeds_and_changes_nothing() {
    let home = Home::new();
    home.llmc(["daemon", "start"]).ok().says("started");
    let pid = home.pid();

    home.llmc(["daemon", "start"]).ok().says(&format!("running already, process {pid}"));

    assert_eq!(home.pid(), pid);
}

#[test]
fn when_stop_returns_the_daemon_is_gone() {
    let home = Home::new();
    let pid = home.daemon();

    home.llmc(["daemon", "stop"]).ok().says("stopped");

    assert!(!home.socket().exists());
    assert!(!home.is_claimed());
    until("the process has ended", || !is_alive(pid));
}

#[test]
fn stopping_what_does_not_run_is_no_error() {
    let home = Home::new();
    home.llmc(["daemon", "stop"]).ok().says("not running");
    assert!(!home.path("run").exists(), "looking makes nothing");
}

#[test]
fn restart_puts_a_new_daemon_in_place_of_the_old_and_keeps_the_answers() {
    let home = Home::new();
    home.llmc(["generate", "hi"]).prints("hi\n");
    let old = home.pid();

    home.llmc(["daemon", "restart"]).ok();

    assert_ne!(home.pid(), old);
    assert!(!is_alive(old));
    home.llmc(["generate", "--offline", "hi"]).prints("hi\n").says_nothing();
}

#[test]
fn restart_starts_a_daemon_where_none_runs() {
    let home = Home::new();
    home.llmc(["daemon", "restart"]).ok();
    home.pid();
}

#[test]
fn looking_starts_no_daemon() {
    let home = Home::new();

    home.llmc(["daemon", "status"]).fails(6, "no daemon listens on").hints("llmc daemon start");
    let problem = home.llmc(["daemon", "status", "--json"]).exits(6).problem();
    assert_eq!(problem["error"]["type"], "unreachable");
    for looking in [&["stats"][..], &["stats", "--json"], &["cache", "list"], &["models"], &["providers"], &["limits"]]
    {
        home.llmc(looking).ok();
    }
    home.llmc(["daemon", "reload"]).fails(6, "no daemon listens on");

    assert!(!home.socket().exists() && !home.is_claimed());
    assert_eq!(home.log(), "");
}

#[test]
fn a_running_daemon_says_who_and_how_it_is() {
    let home = Home::new();
    let pid = home.daemon();

    let status = home.status().unwrap();

    assert_eq!(status["pid"], pid);
    assert_eq!(status["protocol"], 1);
    assert_eq!(status["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(status["draining"], false);
    assert_eq!(status["store"]["healthy"], true);
    assert_eq!(status["socket"], home.socket().to_str().unwrap());
    assert_eq!(status["data"], home.path("data").to_str().unwrap());
    let text = home.llmc(["daemon", "status"]).ok().out;
    assert!(text.contains(&format!("process {pid}")), "{text}");
}

#[test]
fn every_answer_says_version_and_protocol() {
    let home = Home::new();
    home.daemon();

    for (method, path) in [("GET", "/status"), ("GET", "/nothing"), ("DELETE", "/status"), ("POST", "/llm/generate")] {
        let told = home.tell(method, path, "");
        assert_eq!(told.header("llmc-version"), Some(env!("CARGO_PKG_VERSION")), "{method} {path}");
        assert_eq!(told.header("llmc-protocol"), Some("1"), "{method} {path}");
    }
}

#[test]
fn what_a_dead_daemon_left_behind_is_no_obstacle() {
    let home = Home::new();
    let pid = home.daemon();
    signal(pid, rustix::process::Signal::KILL);
    until("the lock is free", || !home.is_claimed());
    assert!(home.socket().exists() && home.lock().exists());

    home.llmc(["daemon", "status"]).fails(6, "no daemon listens on");
    home.llmc(["generate", "hi"]).prints("hi\n").says_nothing();

    assert_ne!(home.pid(), pid);
}

#[test]
fn a_file_in_the_sockets_place_is_no_obstacle() {
    let home = Home::new();
    fs::create_dir(home.path("run")).unwrap();
    fs::write(home.socket(), "left by a backup").unwrap();

    home.llmc(["generate", "hi"]).prints("hi\n").says_nothing();

    home.pid();
}

#[test]
fn stop_waits_for_the_call_in_the_air_and_its_asker_gets_the_answer() {
    let upstream = Upstream::held("worth the wait");
    let home = Home::with_upstream(&upstream);
    let pid = home.daemon();
    let asker = home.start(["generate", "-m", "fake/small", "hi"]);
    upstream.wait_for(1);

    let mut stop = home.start(["daemon", "stop"]);
    until("the door is closed", || !home.socket().exists());
    assert!(stop.is_running() && is_alive(pid));
    upstream.release();

    asker.end().prints("worth the wait\n").says_nothing();
    stop.end().ok();
    assert!(!home.is_claimed());
    home.llmc(["generate", "--offline", "-m", "fake/small", "hi"]).prints("worth the wait\n");
    assert_eq!(upstream.calls().len(), 1);
}

#[test]
fn whoever_stops_a_daemon_that_is_stopping_waits_as_well() {
    let upstream = Upstream::held("worth the wait");
    let home = Home::with_upstream(&upstream);
    let pid = home.daemon();
    let asker = home.start(["generate", "-m", "fake/small", "hi"]);
    upstream.wait_for(1);
    signal(pid, rustix::process::Signal::TERM);
    until("the door is closed", || !home.socket().exists());

    let mut stop = home.start(["daemon", "stop"]);
    // Long enough for a command to have looked and ended.
    home.llmc(["daemon", "status"]).exits(6);
    assert!(stop.is_running());
    upstream.release();

    asker.end().prints("worth the wait\n");
    stop.end().ok().says("stopped");
    assert!(!is_alive(pid) || !home.is_claimed());
}

#[test]
fn a_termination_signal_drains_too() {
    let upstream = Upstream::held("worth the wait");
    let home = Home::with_upstream(&upstream);
    let pid = home.daemon();
    let asker = home.start(["generate", "-m", "fake/small", "hi"]);
    upstream.wait_for(1);

    signal(pid, rustix::process::Signal::TERM);
    until("the door is closed", || !home.socket().exists());
    assert!(is_alive(pid));
    upstream.release();

    asker.end().prints("worth the wait\n").says_nothing();
    until("the process has ended", || !is_alive(pid));
}

#[test]
fn who_asks_while_the_daemon_drains_is_answered_by_the_next() {
    let upstream = Upstream::held("worth the wait");
    let home = Home::with_upstream(&upstream);
    let old = home.daemon();
    let asker = home.start(["generate", "-m", "fake/small", "hi"]);
    upstream.wait_for(1);
    signal(old, rustix::process::Signal::TERM);
    until("the door is closed", || !home.socket().exists());

    let late = home.start(["generate", "hello"]);
    until("a successor is being started", || home.path("run/llmc.sock.start").exists());
    upstream.release();

    late.end().prints("hello\n").says_nothing();
    asker.end().prints("worth the wait\n");
    assert_ne!(home.pid(), old);
}

#[test]
fn an_asker_who_leaves_loses_nothing() {
    let upstream = Upstream::held("paid for");
    let home = Home::with_upstream(&upstream);
    home.daemon();
    let asker = home.start(["generate", "-m", "fake/small", "hi"]);
    upstream.wait_for(1);

    drop(asker);
    upstream.release();

    until("the call has landed", || home.tell("GET", "/status", "").json()["inFlight"] == 0);
    home.llmc(["generate", "--offline", "-m", "fake/small", "hi"]).prints("paid for\n");
}

#[test]
fn a_daemon_nobody_asks_leaves_after_a_while() {
    let home = Home::new();
    home.configure("[daemon]\nidle_exit = \"300ms\"\n");
    home.llmc(["generate", "hi"]).prints("hi\n");

    until("the daemon has left", || !home.is_claimed());

    assert!(!home.socket().exists());
    assert!(home.log().contains("nobody has asked"));
    home.llmc(["generate", "--offline", "hi"]).prints("hi\n");
}

#[test]
fn a_daemon_with_a_call_in_the_air_is_not_idle() {
    let upstream = Upstream::held("worth the wait");
    let home = Home::new();
    home.configure(&format!("[daemon]\nidle_exit = \"200ms\"\n{}", upstream.settings("fake")));
    let asker = home.start(["generate", "-m", "fake/small", "hi"]);
    upstream.wait_for(1);
    let asked_at = std::time::Instant::now();

    until("it would have left", || asked_at.elapsed() > std::time::Duration::from_millis(600));
    assert!(home.is_claimed());
    upstream.release();

    asker.end().prints("worth the wait\n");
    until("the daemon has left", || !home.is_claimed());
}

#[test]
fn a_daemon_started_in_ci_leaves_by_itself() {
    let mut home = Home::new();
    home.set("CI", "true");

    let pid = home.daemon();

    let arguments = fs::read(format!("/proc/{pid}/cmdline")).unwrap();
    let arguments = String::from_utf8(arguments).unwrap().replace('\0', " ");
    assert!(arguments.ends_with("daemon run --detached --idle-exit 10m "), "{arguments}");
}

#[test]
fn a_daemon_that_waits_for_another_to_leave_takes_over_at_once() {
    let home = Home::new();
    let first = home.daemon();

    let second = home.start(["daemon", "run"]);
    home.llmc(["daemon", "stop"]).ok();
    until("the second has taken over", || home.status().is_some());

    assert_eq!(home.pid(), second.pid());
    assert_ne!(home.pid(), first);
    signal(second.pid(), rustix::process::Signal::INT);
    second.end().ok().says("stopped");
}

#[test]
fn two_sockets_do_not_share_one_database() {
    let mut home = Home::new();
    home.llmc(["generate", "hi"]).prints("hi\n");
    let first = home.socket();

    home.set("LLMC_SOCKET", home.path("run/other.sock"));
    home.llmc(["generate", "ho"]).prints("ho\n").says("belong to another daemon");
    home.llmc(["--require-daemon", "generate", "ho"]).fails(6, "belong to another daemon").hints("LLMC_DATA_DIR");

    home.set("LLMC_SOCKET", first);
    home.llmc(["generate", "--offline", "hi"]).prints("hi\n").says_nothing();
}

#[test]
fn an_edited_file_is_in_force_with_the_next_command() {
    let home = Home::new();
    let pid = home.daemon();
    home.llmc(["generate", "hi"]).prints("hi\n");

    let upstream = Upstream::saying("from the new one");
    home.configure(&upstream.settings("fake"));

    home.llmc(["generate", "-m", "fake/small", "hi"]).prints("from the new one\n").says_nothing();
    assert_eq!(home.pid(), pid);
}

#[test]
fn reload_and_a_hangup_read_the_settings_again() {
    let upstream = Upstream::saying("hello");
    let home = Home::new();
    let pid = home.daemon();
    // Past the command line, which would say which settings it goes by.
    let knows = |name: &str| {
        let told = home.tell("GET", "/llm/providers", "");
        told.json()["providers"].as_array().unwrap().iter().any(|provider| provider["name"] == name)
    };

    home.configure(&upstream.settings("first"));
    assert!(!knows("first"));
    home.llmc(["daemon", "reload"]).ok().says("settings read again");
    assert!(knows("first"));

    home.configure(&upstream.settings("second"));
    signal(pid, rustix::process::Signal::HUP);
    until("the settings are read again", || knows("second") && !knows("first"));

    home.configure("nonsense = [");
    home.llmc(["daemon", "reload"]).fails(2, "config.toml");
    signal(pid, rustix::process::Signal::HUP);
    until("the log says so", || home.log().contains("the settings stay as they were"));
    assert!(knows("second"));
}

#[test]
fn two_settings_files_on_one_socket_each_get_their_own_providers() {
    let (blue, red) = (Upstream::saying("blue"), Upstream::saying("red"));
    let mut home = Home::with_upstream(&blue);
    let other = home.write("other.toml", red.settings("fake"));
    let first = home.path("config.toml");
    home.daemon();

    for _ in 0..2 {
        home.set("LLMC_CONFIG", &first).llmc(["generate", "-m", "fake/small", "hi"]).prints("blue\n");
        home.set("LLMC_CONFIG", &other).llmc(["generate", "-m", "fake/small", "hi"]).prints("red\n");
    }

    assert_eq!((blue.calls().len(), red.calls().len()), (1, 1));
}

#[test]
fn the_log_is_shown_from_its_end() {
    let home = Home::new();
    home.llmc(["daemon", "logs"]).fails(1, "cannot read the log").hints("once a daemon has run");
    home.daemon();
    home.llmc(["daemon", "stop"]).ok();

    let all = home.llmc(["daemon", "logs"]).ok().out;
    let last = home.llmc(["daemon", "logs", "-n", "1"]).ok().out;

    assert!(all.contains("listening") && all.ends_with(&last), "{all}");
    assert!(last.contains("stopped") && last.lines().count() == 1, "{last}");
    home.llmc(["daemon", "logs", "-n", "0"]).prints("");
}

#[test]
fn a_failing_provider_is_asked_again_and_the_log_tells_why() {
    let calls = std::sync::atomic::AtomicUsize::new(0);
    let upstream = Upstream::start(move |_| match calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
        0 => Reply::refusal(503, "back in a moment"),
        _ => Reply::text("here I am"),
    });
    let home = Home::with_upstream(&upstream);

    home.llmc(["generate", "-m", "fake/small", "hi"]).prints("here I am\n").says_nothing();

    assert_eq!(upstream.calls().len(), 2);
    assert!(home.log().contains("back in a moment"), "{}", home.log());
}
