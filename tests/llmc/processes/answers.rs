//! What is printed: the answer and nothing else on standard output, whole or not at all, and never a surprise in a file.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Stdio;

use serde_json::Value;

use super::home::{Home, Running};
use super::upstream::{Reply, Upstream};

const WITH_CODE: &str = "Here:\n\n```rust\nfn main() {}\n```\n\nand\n\n```\nmore\n```";

#[test]
fn the_first_code_block_can_be_had_alone() {
    let upstream = Upstream::saying(WITH_CODE);
    let home = Home::with_upstream(&upstream);
    home.llmc(["generate", "-m", "fake/small", "-x", "hi"]).prints("fn main() {}\n");
    home.llmc(["generate", "-x", "no block"]).prints("no block\n");
}

#[test]
fn the_providers_own_words_can_be_had() {
    let upstream = Upstream::saying("hello");
    let home = Home::with_upstream(&upstream);
    for _ in 0..2 {
        let raw = home.llmc(["generate", "-m", "fake/small", "--raw", "hi"]).json();
        assert_eq!((&raw["object"], &raw["id"]), (&Value::from("chat.completion"), &Value::from("x")));
    }
    assert_eq!(upstream.calls().len(), 1);
}

#[test]
fn one_line_tells_what_it_took() {
    let home = Home::new();
    let ran = home.llmc(["generate", "-u", "hi"]).prints("hi\n").says("miss · echo/echo · ");
    assert_eq!(ran.err.lines().count(), 1);
    home.llmc(["generate", "-u", "hi"]).prints("hi\n").says("hit · echo/echo · ").says(" · saved $");
    home.llmc(["-q", "generate", "-u", "hi"]).prints("hi\n").says_nothing();
}

#[test]
fn json_is_one_object_on_one_line() {
    let home = Home::new();
    let ran = home.llmc(["generate", "--json", "hi"]).ok().says_nothing();
    assert_eq!(ran.out.lines().count(), 1);
    let answer = ran.json();
    assert_eq!((&answer["schema_version"], &answer["text"]), (&Value::from(1), &Value::from("hi")));
    assert_eq!(answer["metadata"]["cacheStatus"], "miss");
    assert_eq!(answer["metadata"]["store"], "embedded");
}

#[test]
fn a_file_is_replaced_only_by_a_whole_answer() {
    let upstream = Upstream::start(|call| match call.said().as_str() {
        Some("fail") => Reply::refusal(500, "out of order"),
        _ => Reply::text("new"),
    });
    let home = Home::with_upstream(&upstream);
    let path = home.write("answer.txt", "old");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();

    home.llmc(["generate", "-m", "fake/small", "-O", "answer.txt", "fail"]).fails(9, "out of order");
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");

    home.llmc(["generate", "-m", "fake/small", "-O", "answer.txt", "hi"]).prints("").says_nothing();
    assert_eq!(fs::read_to_string(&path).unwrap(), "new\n");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    let left: Vec<_> = fs::read_dir(home.path("work")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["answer.txt"]);
}

#[test]
fn standard_output_by_name_is_appended_to_and_not_replaced() {
    let home = Home::new();
    for name in ["-", "/dev/stdout"] {
        home.llmc(["generate", "-O", name, "hi"]).prints("hi\n").says_nothing();
    }
    assert!(!home.path("work").join("-").exists());
}

#[test]
fn a_link_is_written_through() {
    let home = Home::new();
    let target = home.write("target.txt", "old");
    let link = home.path("work/link.txt");
    symlink("target.txt", &link).unwrap();

    home.llmc(["generate", "-O", "link.txt", "hi"]).ok();

    assert_eq!(fs::read_to_string(target).unwrap(), "hi\n");
    assert!(fs::symlink_metadata(link).unwrap().is_symlink());
}

#[test]
fn where_nothing_can_be_written_it_says_so() {
    let home = Home::new();
    home.llmc(["generate", "-O", "missing/answer.txt", "hi"]).fails(1, "cannot write `missing/answer.txt`");
    home.llmc(["generate", "-O", "/proc/answer.txt", "hi"]).fails(1, "cannot write `/proc/answer.txt`");
    home.llmc(["generate", "-O", ".", "hi"]).fails(1, "cannot write `.`");
    home.llmc(["generate", "-O", "/dev/full", "hi"]).fails(1, "cannot write `/dev/full`");
    home.llmc(["generate", "-O", "/dev/null", "hi"]).prints("");
    assert!(fs::metadata("/dev/null").is_ok_and(|facts| !facts.is_file()));
}

#[test]
fn a_failed_call_leaves_a_pipe_empty() {
    let upstream = Upstream::start(|_| Reply::cut_stream("half"));
    let home = Home::with_upstream(&upstream);
    home.shell("llmc generate -m fake/small hi 2>/dev/null | wc -c | tr -d ' '").prints("0\n");
}

#[test]
fn a_pipe_gets_a_stream_only_where_it_is_asked_for() {
    let home = Home::new();
    home.llmc(["generate", "--stream", "one two"]).prints("one two\n").says_nothing();
    home.llmc(["generate", "--stream", "one two"]).prints("one two\n");
    home.llmc(["generate", "--no-stream", "one two"]).prints("one two\n");
    let stats = home.llmc(["stats", "--json"]).json();
    assert_eq!((&stats["misses"], &stats["hits"]), (&Value::from(1), &Value::from(2)));
}

#[test]
fn a_reader_who_has_seen_enough_is_no_error() {
    let home = Home::new();
    let long = "word ".repeat(200_000);
    for flags in ["", "--stream", "--json", "--raw"] {
        let mut child = home.command(["generate"]);
        child.args(flags.split_whitespace()).stdin(Stdio::from(File::open(home.write("long", &long)).unwrap()));
        let mut child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = [0];

        let mut out = child.stdout.take().unwrap();
        out.read_exact(&mut first).unwrap();
        drop(out);

        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{flags}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{flags}");
    }
    home.shell(
        "llmc --help | head -c 1; llmc cache list | head -c 0; llmc man | head -c 1; llmc completions bash | head -c 1",
    )
    .ok()
    .says_nothing();
}

#[test]
fn closed_descriptors_end_quietly() {
    let home = Home::new();
    home.shell("llmc generate hi >&-").prints("");
    home.shell("llmc generate hi 2>&-").prints("hi\n");
    home.shell("llmc generate hi <&-").prints("hi\n").says_nothing();
    home.shell("llmc --offline 2>&-; echo $?").prints("2\n");
    // Nothing opened later is taken for what is closed: the database, where there is no daemon, and the daemon's log.
    home.shell("llmc --no-daemon generate new <&- >&- 2>&-; llmc --no-daemon generate new").prints("new\n");
    home.shell("llmc daemon stop; llmc generate newer <&- >&- 2>&-; llmc generate --offline newer").prints("newer\n");
}

#[test]
fn a_full_device_is_told() {
    let home = Home::new();
    home.shell("llmc generate hi >/dev/full").fails(1, "cannot write to standard output");
    home.shell("llmc config show >/dev/full").fails(1, "cannot write to standard output");
    home.shell("llmc --help >/dev/full; echo $?").ok();
}

#[test]
fn llmc_writes_no_control_characters_off_a_terminal() {
    let upstream = Upstream::start(|call| match call.said().as_str() {
        Some("fail") => Reply::refusal(500, "\u{1b}[31mred\u{1b}[0m\u{7} alert"),
        _ => Reply::text("plain"),
    });
    let mut home = Home::with_upstream(&upstream);
    home.set("TERM", "xterm-256color");
    let commands: [&[&str]; 14] = [
        &["--help"],
        &["generate", "--help"],
        &["generate", "-m", "fake/small", "-u", "hi"],
        &["generate", "-m", "fake/small", "fail"],
        &["generate", "--ofline"],
        &["stats"],
        &["stats", "--by", "model"],
        &["cache", "list"],
        &["daemon", "status"],
        &["config", "show", "--origin"],
        &["models"],
        &["providers"],
        &["limits"],
        &["daemon", "logs"],
    ];
    for command in commands {
        let ran = home.llmc(command);
        for text in [&ran.out, &ran.err] {
            let found = text.chars().find(|character| character.is_control() && *character != '\n');
            assert_eq!(found, None, "{command:?}: {text}");
        }
        assert!(!ran.out.is_empty() || !ran.err.is_empty(), "{command:?}");
    }
}

#[test]
fn an_answer_goes_into_a_pipe_as_it_is() {
    let upstream = Upstream::saying("a\u{1b}[31mb\r\n\u{7}");
    let home = Home::with_upstream(&upstream);
    home.llmc(["generate", "-m", "fake/small", "hi"]).prints("a\u{1b}[31mb\r\n\u{7}\n");
}

#[test]
fn colour_is_had_where_it_is_asked_for_and_nowhere_else() {
    let mut home = Home::new();
    home.llmc(["generate", "hi"]).ok();
    let is_coloured = |home: &Home, flags: &[&str]| {
        let ran = home.llmc(flags.iter().chain(&["config", "show", "--origin"])).ok();
        ran.out.contains('\u{1b}')
    };
    assert!(!is_coloured(&home, &[]));
    assert!(is_coloured(&home, &["--color", "always"]));
    home.set("CLICOLOR_FORCE", "1");
    assert!(is_coloured(&home, &[]));
    assert!(!is_coloured(&home, &["--color", "never"]));
    home.set("NO_COLOR", "1");
    assert!(!is_coloured(&home, &[]));
    assert!(is_coloured(&home, &["--color", "always"]));
    home.set("LLMC_COLOR", "never");
    assert!(!is_coloured(&home, &[]));
}

#[test]
fn interrupted_it_ends_by_the_signal() {
    use std::os::unix::process::ExitStatusExt;
    let upstream = Upstream::held("never");
    let home = Home::with_upstream(&upstream);
    let mut asker: Running = home.start(["generate", "-m", "fake/small", "hi"]);
    upstream.wait_for(1);

    super::signal(asker.pid(), rustix::process::Signal::INT);

    assert_eq!(asker.wait().signal(), Some(2));
    upstream.release();
}

#[test]
fn what_two_answers_were_asked_for_is_compared() {
    let home = Home::new();
    let key = |prompt| home.generate([prompt])["metadata"]["cacheKey"].as_str().unwrap().to_owned();
    let (left, right) = (key("hi\u{7}"), key("ho"));
    let diff = |left: &str, right: &str, flag: &[&str]| home.llmc([&["cache", "diff", left, right], flag].concat());

    let digits = [&left[..12], &right[..12]];
    let told = format!("messages[0].content differs\n  {}  \"hi\\u0007\"\n  {}  \"ho\"\n", digits[0], digits[1]);
    diff(digits[0], &right, &[]).prints(told);
    diff(&left, &left, &[]).prints("the same request\n");
    let json = diff(&left, &right, &["--json"]).json();
    assert_eq!(json["difference"]["field"], "messages[0].content");
    assert_eq!((json["left"].as_str(), json["right"].as_str()), (Some(&*left), Some(&*right)));
}
