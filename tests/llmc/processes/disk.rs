//! A disk that takes no more: answers keep coming, somebody is told, nothing breaks.

use std::path::Path;
use std::process::Command;

use super::home::{Home, LLMC, Running};
use super::line;
use super::{signal, until};

fn ask(home: &Home, prompt: &str) -> line::Told {
    let question = serde_json::json!({"model": "echo/echo", "prompt": prompt}).to_string();
    home.tell("POST", "/llm/generate", &question)
}

/// Long and not to be compressed.
fn long_prompt(number: usize) -> String {
    let mut random = fastrand::Rng::with_seed(number as u64);
    format!("{number} ") + &(0..60_000).map(|_| random.alphanumeric()).collect::<String>()
}

/// Asks until an answer could not be kept; all are answered.
fn fill(home: &Home) {
    for number in 0..500 {
        let prompt = long_prompt(number);
        let told = ask(home, &prompt);
        assert_eq!(told.status, 200, "{}", told.body);
        let answer = told.json();
        assert!(answer["text"] == prompt.as_str());
        // Before that, those that wait to be kept may be told of.
        if answer["metadata"]["warnings"].to_string().contains("kept in memory only") {
            return;
        }
    }
    panic!("the disk never got full");
}

fn answers_keep_coming(home: &Home, pid: u32) {
    fill(home);

    home.llmc(["generate", "short"]).prints("short\n");
    let again = ask(home, &long_prompt(0)).json();
    assert_eq!(again["metadata"]["cacheStatus"], "hit", "what was kept before is still served");
    assert_eq!(home.pid(), pid, "it is the same daemon");
    until("the failures are counted", || {
        let stats = home.tell("GET", "/llm/cache/stats", "").json();
        stats["storeFailures"].as_u64().is_some_and(|failures| failures > 0)
    });
}

#[test]
fn a_file_that_may_not_grow_is_a_warning() {
    let home = Home::new();
    // A write past the limit fails instead of ending the process, as on a disk with a quota.
    let script = format!("trap '' XFSZ; ulimit -f 4096; exec '{LLMC}' daemon run");
    let daemon = Running::start(home.program("sh").args(["-c", &script]));
    until("the daemon answers", || home.status().is_some());

    answers_keep_coming(&home, daemon.pid());

    signal(daemon.pid(), rustix::process::Signal::TERM);
    daemon.end().ok().says("kept in memory only");
    home.llmc(["generate", "--offline", "-"]).exits(2);
    home.llmc_reading(["generate", "--offline"], long_prompt(0).as_bytes()).ok();
}

/// A small file system, gone when dropped.
struct SmallDisk<'a>(&'a Path);

impl SmallDisk<'_> {
    fn mount(at: &Path) -> Option<SmallDisk<'_>> {
        std::fs::create_dir(at).unwrap();
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", "size=2m,mode=0700", "llmc-test"]).arg(at).output();
        mounted.is_ok_and(|output| output.status.success()).then_some(SmallDisk(at))
    }

    fn forbid_writing(&self) {
        let mounted = Command::new("mount").args(["-o", "remount,ro"]).arg(self.0).status();
        assert!(mounted.unwrap().success());
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.0).status();
    }
}

#[test]
fn a_disk_that_may_only_be_read_is_a_warning() {
    let home = Home::new();
    let data = home.path("data");
    let Some(disk) = SmallDisk::mount(&data) else {
        eprintln!("SKIPPED a_disk_that_may_only_be_read_is_a_warning: this user may mount nothing");
        return;
    };
    home.llmc(["generate", "hi"]).prints("hi\n").says_nothing();
    home.llmc(["daemon", "stop"]).ok();
    disk.forbid_writing();

    for flags in [&["generate"][..], &["--no-daemon", "generate"]] {
        let ran = home.llmc(flags.iter().chain(&["ho"])).prints("ho\n").says("Read-only file system");
        assert_eq!(ran.err.matches("warning").count(), 1, "{}", ran.err);
    }
    home.llmc(["--require-daemon", "generate", "ho"]).fails(6, "Read-only file system");
}

#[test]
fn a_full_disk_is_a_warning() {
    let home = Home::new();
    let data = home.path("data");
    let Some(_disk) = SmallDisk::mount(&data) else {
        eprintln!("SKIPPED a_full_disk_is_a_warning: this user may mount nothing");
        return;
    };
    let pid = home.daemon();

    answers_keep_coming(&home, pid);

    until("the log says so", || home.log().contains("full"));
    home.llmc(["daemon", "stop"]).ok();
    let question = long_prompt(0);
    home.llmc_reading(["generate", "--offline"], question.as_bytes()).prints(format!("{question}\n"));
    home.llmc(["daemon", "stop"]).ok();
}
