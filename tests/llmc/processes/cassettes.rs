//! A cassette that cannot be read is told of before anything is run or called, whatever the command.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::home::Home;
use super::upstream::Upstream;

const FLOW: &str = "name = \"one\"\noutput = \"x\"\n[[step]]\nid = \"a\"\nmodel = \"fake/small\"\nprompt = \"hi\"\n";

/// Commands that go by a cassette, as a shell would run them.
fn commands(cassette: &Path) -> Vec<Vec<String>> {
    let cassette = cassette.to_str().unwrap();
    let lines = [
        format!("generate -m fake/small --cassette {cassette} hi"),
        format!("generate -m fake/small --refresh --cassette {cassette} hi"),
        format!("batch prompts.txt --lines -m fake/small --cassette {cassette} -O answers.jsonl"),
        format!("workflow run flow.toml --cassette {cassette}"),
        format!("exec --cassette {cassette} -- touch ran"),
        format!("exec --refresh --cassette {cassette} -- touch ran"),
        format!("exec --offline --cassette {cassette} -- touch ran"),
    ];
    lines.map(|line| line.split(' ').map(str::to_owned).collect()).to_vec()
}

#[test]
fn a_cassette_that_cannot_be_read_stops_everything_before_it_begins() {
    let upstream = Upstream::saying("paid for");
    let home = Home::with_upstream(&upstream);
    home.write("prompts.txt", "one\ntwo\n");
    home.write("flow.toml", FLOW);
    let good = home.path("work/good.jsonl");
    home.llmc(["generate", "-m", "fake/small", "--cassette", good.to_str().unwrap(), "before"]).ok();
    let recorded = fs::read_to_string(&good).unwrap();
    let paid = upstream.calls().len();

    let broken = home.write("broken.jsonl", format!("{recorded}<<<<<<< ours\n{recorded}"));
    let no_json = home.write("no.jsonl", "hello\n");
    let no_text = home.write("bytes.jsonl", b"\xff\xfe\x00");
    let folder = home.path("work/folder.jsonl");
    fs::create_dir(&folder).unwrap();
    let mut all = vec![(&broken, "line 2: "), (&no_json, "line 1: "), (&no_text, "line 1: "), (&folder, "directory")];
    let locked = home.write("locked.jsonl", &recorded);
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    // Whoever may do everything may read it all the same.
    if fs::read(&locked).is_err() {
        all.push((&locked, "ermission denied"));
    }

    for (cassette, cause) in all {
        for command in commands(cassette) {
            let ran = home.llmc(&command).fails(2, "cannot read the cassette");
            assert!(ran.err.contains(cause), "{command:?}: {}", ran.err);
            assert_eq!(ran.err.lines().filter(|line| line.starts_with("llmc: ")).count(), 1, "{}", ran.err);
        }
        if cassette.is_file() && cassette != &locked {
            assert!(!fs::read(cassette).unwrap().is_empty());
        }
    }
    assert!(!home.path("work/ran").exists());
    assert!(!home.path("work/answers.jsonl").exists());
    assert_eq!(upstream.calls().len(), paid);
    assert_eq!(fs::read_to_string(&good).unwrap(), recorded);
}

#[test]
fn one_that_is_not_there_yet_is_begun() {
    let upstream = Upstream::saying("paid for");
    let home = Home::with_upstream(&upstream);
    home.write("prompts.txt", "one\ntwo\n");
    home.write("flow.toml", FLOW);

    for command in commands(&home.path("work/new.jsonl")) {
        home.llmc(&command).ok();
    }
    assert_eq!(fs::read_to_string(home.path("work/new.jsonl")).unwrap().lines().count(), 3);
}
