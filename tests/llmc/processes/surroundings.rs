//! Odd places: no home, nowhere to write, long paths, shared folders, no daemon wanted. The answer comes all the same.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::home::Home;

/// Not even root can make anything there.
const NOWHERE: &str = "/proc/llmc";

#[test]
fn without_a_home_the_error_says_what_to_set() {
    let mut home = Home::new();
    for variable in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "LLMC_CONFIG"] {
        home.unset(variable);
    }
    home.llmc(["config", "path"]).fails(2, "HOME is not set").hints("XDG_CONFIG_HOME, or LLMC_CONFIG");
    home.llmc(["generate", "-m", "echo/echo", "hi"]).prints("hi\n").says_nothing();

    home.unset("LLMC_STATE_DIR");
    home.llmc(["daemon", "logs"]).fails(2, "HOME is not set").hints("LLMC_STATE_DIR");
}

#[test]
fn without_a_place_for_data_answers_are_kept_for_one_command() {
    let mut home = Home::new();
    home.unset("LLMC_DATA_DIR").set("XDG_DATA_HOME", NOWHERE);
    let ran = home.llmc(["generate", "hi"]).prints("hi\n").says(NOWHERE);
    assert_eq!(ran.err.matches("warning").count(), 1, "{}", ran.err);
    home.llmc(["--no-daemon", "generate", "hi"]).prints("hi\n").says(NOWHERE);
    home.llmc(["--require-daemon", "generate", "hi"]).fails(6, NOWHERE);
}

#[test]
fn without_a_place_for_the_log_answers_come_all_the_same() {
    let mut home = Home::new();
    home.set("LLMC_STATE_DIR", NOWHERE);
    home.llmc(["generate", "hi"]).prints("hi\n");
    home.llmc(["generate", "--offline", "hi"]).prints("hi\n");
}

#[test]
fn without_a_place_for_the_socket_the_command_does_it_itself() {
    let mut home = Home::new();
    home.set("LLMC_SOCKET", format!("{NOWHERE}/llmc.sock"));

    let ran = home.llmc(["generate", "hi"]).prints("hi\n").says(NOWHERE);

    assert_eq!(ran.err.matches("warning").count(), 1, "{}", ran.err);
    home.llmc(["generate", "--offline", "hi"]).prints("hi\n");
    assert!(home.path("data/llmc.sqlite").exists());
}

#[test]
fn without_a_daemon_answers_are_kept_in_the_same_database() {
    let home = Home::new();

    home.llmc(["--no-daemon", "generate", "hi"]).prints("hi\n").says_nothing();

    assert!(!home.socket().exists() && !home.path("run").exists() && home.log().is_empty());
    home.llmc(["--no-daemon", "generate", "--offline", "hi"]).prints("hi\n").says_nothing();
    home.llmc(["generate", "--offline", "hi"]).prints("hi\n").says_nothing();
    let stats = home.llmc(["stats", "--json"]).json();
    assert_eq!((stats["misses"].as_u64(), stats["hits"].as_u64()), (Some(1), Some(2)), "{stats}");
}

#[test]
fn a_database_a_daemon_holds_is_not_shared() {
    let home = Home::new();
    home.llmc(["generate", "hi"]).prints("hi\n");

    let ran = home.llmc(["--no-daemon", "generate", "ho"]).prints("ho\n").says("kept for this command only");

    assert_eq!(ran.err.matches("warning").count(), 1, "{}", ran.err);
    home.llmc(["generate", "--offline", "ho"]).fails(3, "no answer is kept");
    home.llmc(["generate", "--offline", "hi"]).prints("hi\n");
}

#[test]
fn commands_without_a_daemon_may_run_side_by_side() {
    let home = Home::new();
    let commands: Vec<_> =
        (0..8).map(|number| home.start(["--no-daemon", "generate", &format!("p{number}")])).collect();
    for (number, command) in commands.into_iter().enumerate() {
        command.end().prints(format!("p{number}\n"));
    }
}

#[test]
fn a_socket_may_lie_deeper_than_a_socket_address_reaches() {
    let mut home = Home::new();
    let deep = home.path(&format!("{}/{}", "d".repeat(100), "e".repeat(100)));
    fs::create_dir_all(deep.parent().unwrap()).unwrap();
    let socket = deep.join("llmc.sock");
    assert!(socket.as_os_str().len() > 200);
    home.set("LLMC_SOCKET", &socket);

    home.llmc(["generate", "hi"]).prints("hi\n").says_nothing();
    home.llmc(["generate", "--offline", "hi"]).prints("hi\n").says_nothing();

    assert!(socket.exists());
    assert_eq!(fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o600);
    home.llmc(["daemon", "stop"]).ok();
    assert!(!socket.exists());
}

#[test]
fn a_socket_in_a_folder_others_may_write_to_is_refused() {
    let mut home = Home::new();
    let shared = home.path("shared");
    fs::create_dir(&shared).unwrap();
    fs::set_permissions(&shared, fs::Permissions::from_mode(0o1777)).unwrap();
    home.set("LLMC_SOCKET", shared.join("llmc.sock"));

    home.llmc(["generate", "hi"]).fails(1, "is not private").hints("a folder of your own");
    home.llmc(["daemon", "start"]).fails(1, "is not private");
    home.llmc(["daemon", "run"]).fails(1, "is not private");

    assert_eq!(fs::read_dir(&shared).unwrap().count(), 0);
}

#[test]
fn bare_tmp_is_refused() {
    let mut home = Home::new();
    home.set("LLMC_SOCKET", "/tmp/llmc-test-that-must-not-be.sock");
    home.llmc(["generate", "hi"]).fails(1, "is not private").hints("/tmp");
    home.llmc(["--socket", "/", "generate", "hi"]).fails(2, "is no path for a socket");
}

#[test]
fn a_link_in_place_of_a_folder_is_not_followed() {
    let home = Home::new();
    let elsewhere = home.path("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, home.path("run")).unwrap();

    home.llmc(["generate", "hi"]).fails(1, "a link or a file");

    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
}

#[test]
fn from_a_folder_that_is_gone_it_answers() {
    let home = Home::new();
    home.shell("mkdir ../gone && cd ../gone && rmdir ../gone && llmc generate hi").prints("hi\n").says_nothing();
}

#[test]
fn a_relative_socket_is_the_same_for_command_and_daemon() {
    let mut home = Home::new();
    home.set("LLMC_SOCKET", "here.sock");
    fs::set_permissions(home.path("work"), fs::Permissions::from_mode(0o700)).unwrap();

    home.llmc(["generate", "hi"]).prints("hi\n").says_nothing();

    assert!(home.path("work/here.sock").exists());
    home.llmc(["daemon", "stop"]).ok();
    assert!(!home.path("work/here.sock").exists());
}

#[test]
fn a_damaged_database_is_set_aside() {
    let home = Home::new();
    fs::create_dir(home.path("data")).unwrap();
    fs::write(home.path("data/llmc.sqlite"), "this is no database ".repeat(500)).unwrap();

    home.llmc(["generate", "hi"]).prints("hi\n");

    assert!(home.path("data/llmc.sqlite.damaged-1").exists());
    let status = home.status().unwrap();
    assert!(status["degraded"][0].as_str().unwrap().contains("set aside"), "{status}");
    home.llmc(["generate", "--offline", "hi"]).prints("hi\n");
}
