//! A daemon holds on to nothing of the command that started it, so that nothing waits for it by accident.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::home::{Home, files_under};

#[test]
fn command_substitution_returns_though_a_daemon_was_started() {
    let home = Home::new();
    home.shell("answer=$(llmc generate hi 7>&1 8>&2); echo \"[$answer]\"").prints("[hi]\n").says_nothing();
    home.pid();
}

#[test]
fn a_pipe_ends_though_a_daemon_was_started() {
    let home = Home::new();
    home.shell("llmc generate hi 2>&1 9>&1 | cat").prints("hi\n");
    home.pid();
}

#[test]
fn the_daemon_holds_its_own_files_and_no_others() {
    let home = Home::new();
    home.shell("exec 5>../marker 7<. 9>&1; llmc generate hi").prints("hi\n");

    let pid = home.pid();

    let folder = format!("/proc/{pid}/fd");
    for entry in fs::read_dir(&folder).unwrap() {
        let entry = entry.unwrap();
        let number: u32 = entry.file_name().to_str().unwrap().parse().unwrap();
        let place = fs::read_link(entry.path()).unwrap();
        let text = place.to_str().unwrap();
        if number <= 2 {
            assert_eq!(text, "/dev/null", "descriptor {number}");
            continue;
        }
        let is_own = ["data", "state", "run"].iter().any(|own| place.starts_with(home.path(own)));
        let is_nameless = ["socket:", "anon_inode:", "/dev/null"].iter().any(|kind| text.starts_with(kind));
        assert!(is_own || is_nameless, "descriptor {number} is {text}");
    }
}

#[test]
fn the_daemon_has_a_session_of_its_own_and_occupies_no_folder() {
    let home = Home::new();

    let pid = home.daemon();

    assert_eq!(fs::read_link(format!("/proc/{pid}/cwd")).unwrap(), Path::new("/"));
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    // After the name: state, parent, group, session, terminal.
    let fields: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
    let own = pid.to_string();
    assert_eq!((fields[2], fields[3], fields[4]), (own.as_str(), own.as_str(), "0"));
}

#[test]
fn what_it_writes_is_for_its_user_alone() {
    let home = Home::new();
    // The most generous umask must not matter.
    home.shell("umask 0; llmc generate hi; llmc --no-daemon config init --config ../fresh/config.toml").ok();

    let mode = |path: &Path| fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777;
    for folder in ["data", "state", "run", "fresh"] {
        assert_eq!(mode(&home.path(folder)), 0o700, "{folder}");
        for file in files_under(&home.path(folder)) {
            assert_eq!(mode(&file), 0o600, "{}", file.display());
        }
    }
    assert_eq!(mode(&home.socket()), 0o600);
    assert!(home.path("data/llmc.sqlite").exists());
}
