//! A new build takes the place of an old one while calls go on. `tests/upgrade.sh` makes the second build.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::home::{Home, LLMC, Running};
use super::until;

/// A build that speaks another protocol. Without one, that is told, so that a skip is not taken for a pass.
#[allow(clippy::print_stderr)]
fn other_build() -> Option<PathBuf> {
    let other = std::env::var_os("LLMC_OTHER_BUILD").map(PathBuf::from);
    if other.is_none() {
        eprintln!("SKIPPED: `tests/upgrade.sh` makes a second build and runs this with it");
    }
    other
}

/// Puts a program where another is, as an installer does: at once.
fn install(program: &Path, place: &Path) {
    let beside = place.with_extension("new");
    fs::copy(program, &beside).unwrap();
    fs::rename(&beside, place).unwrap();
}

#[test]
fn no_call_fails_while_a_build_of_another_protocol_takes_over() {
    let Some(other) = other_build() else { return };
    replaced(Path::new(LLMC), &other);
}

#[test]
fn nor_while_the_older_one_is_put_back() {
    let Some(other) = other_build() else { return };
    replaced(&other, Path::new(LLMC));
}

#[test]
fn no_call_fails_while_the_same_build_is_installed_again_and_restarted() {
    let home = Home::new();
    let program = home.path("llmc");
    install(Path::new(LLMC), &program);
    calling(&home, &program, || {
        for _ in 0..3 {
            install(Path::new(LLMC), &program);
            Running::start(home.program(&program).args(["daemon", "restart"])).end().ok();
        }
    });
}

fn replaced(old: &Path, new: &Path) {
    let home = Home::new();
    let program = home.path("llmc");
    install(old, &program);
    let status = || Running::start(home.program(&program).args(["daemon", "status", "--json"])).end();
    Running::start(home.program(&program).args(["daemon", "start"])).end().ok();
    let before = status().json();

    calling(&home, &program, || {
        install(new, &program);
        until("the new one is the daemon", || {
            let told = status();
            told.code == 0 && told.json()["protocol"] != before["protocol"]
        });
    });

    assert_ne!(status().json()["pid"], before["pid"]);
    Running::start(home.program(&program).args(["daemon", "stop"])).end().ok();
}

/// Calls go on in three loops, before, while and after something is done; each must be answered.
fn calling(home: &Home, program: &Path, done: impl FnOnce()) {
    let (is_over, calls) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for caller in 0..3 {
            let (is_over, calls) = (&is_over, &calls);
            scope.spawn(move || {
                for number in 0.. {
                    let prompt = format!("caller {caller} call {number}");
                    let ran = Running::start(home.program(program).args(["generate", &prompt])).end();
                    ran.prints(format!("{prompt}\n"));
                    calls.fetch_add(1, Ordering::AcqRel);
                    if is_over.load(Ordering::Acquire) {
                        return;
                    }
                }
            });
        }
        until("calls are under way", || calls.load(Ordering::Acquire) > 10);
        done();
        let by_then = calls.load(Ordering::Acquire);
        until("calls go on", || calls.load(Ordering::Acquire) > by_then + 10);
        is_over.store(true, Ordering::Release);
    });
}
