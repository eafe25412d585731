//! Runs the command that prints a key. Its output is held in memory that is wiped, and never shown.

use std::io::{ErrorKind, Read};
use std::os::fd::AsFd;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use zeroize::Zeroizing;

/// No key is longer.
pub const LARGEST_KEY: usize = 8192;
/// So much of what a command complains about is repeated.
const COMPLAINT: usize = 400;

/// Runs `sh -c command` and gives what it printed; the error is the cause alone, without the command's output.
pub fn output(command: &str, patience: Duration) -> Result<Zeroizing<Vec<u8>>, String> {
    let mut child = Command::new("sh")
        .arg("-c")
        .arg(command)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot run `sh`: {error}"))?;
    let result = listen(&mut child, Instant::now() + patience, patience);
    // Gone already where all went well; then these fail, and that is all right.
    let _ = child.kill();
    let _ = child.wait();
    result
}

fn listen(child: &mut Child, deadline: Instant, patience: Duration) -> Result<Zeroizing<Vec<u8>>, String> {
    let too_slow = || format!("it took longer than {}", humantime::format_duration(patience));
    // Room for all there may ever be, so that no copy is left behind by growing.
    let mut printed = Zeroizing::new(Vec::with_capacity(LARGEST_KEY + 1));
    let mut complaint = Vec::new();
    let (mut out, mut err) = (child.stdout.take(), child.stderr.take());
    while out.is_some() || err.is_some() {
        let (is_out, is_err) = readable(out.as_ref(), err.as_ref(), deadline)?.ok_or_else(too_slow)?;
        if is_out && drain(&mut out, &mut printed, LARGEST_KEY + 1)? && printed.len() > LARGEST_KEY {
            return Err(format!("it printed more than {LARGEST_KEY} bytes"));
        }
        if is_err {
            drain(&mut err, &mut complaint, 16 * COMPLAINT)?;
        }
    }
    let status = loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            break status;
        }
        if Instant::now() >= deadline {
            return Err(too_slow());
        }
        // It has closed its output and is about to end.
        thread::sleep(Duration::from_millis(2));
    };
    if status.success() { Ok(printed) } else { Err(format!("{status}{}", harmless(&complaint, &printed))) }
}

/// Which of the two has something to say, or has ended; `None` once the time is over.
fn readable(
    out: Option<&impl AsFd>,
    err: Option<&impl AsFd>,
    deadline: Instant,
) -> Result<Option<(bool, bool)>, String> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Ok(None);
    }
    let left = Timespec::try_from(left).map_err(|error| error.to_string())?;
    let mut ears: Vec<PollFd<'_>> = Vec::with_capacity(2);
    ears.extend(out.map(|pipe| PollFd::new(pipe, PollFlags::IN)));
    ears.extend(err.map(|pipe| PollFd::new(pipe, PollFlags::IN)));
    match poll(&mut ears, Some(&left)) {
        Ok(_) | Err(rustix::io::Errno::INTR) => {}
        Err(error) => return Err(error.to_string()),
    }
    let mut heard = ears.iter().map(|ear| !ear.revents().is_empty());
    let is_out = out.is_some() && heard.next().unwrap_or_default();
    let is_err = err.is_some() && heard.next().unwrap_or_default();
    Ok(Some((is_out, is_err)))
}

/// Reads what is there, of which `most` bytes are kept; the pipe is let go at its end. True where something was read.
fn drain(pipe: &mut Option<impl Read>, kept: &mut Vec<u8>, most: usize) -> Result<bool, String> {
    let Some(open) = pipe else { return Ok(false) };
    let mut buffer = Zeroizing::new([0; 4096]);
    match open.read(buffer.as_mut_slice()) {
        Ok(0) => *pipe = None,
        Ok(count) => {
            let room = most.saturating_sub(kept.len());
            kept.extend(buffer.iter().take(count.min(room)));
            return Ok(true);
        }
        Err(error) if error.kind() == ErrorKind::Interrupted => {}
        Err(error) => return Err(error.to_string()),
    }
    Ok(false)
}

/// What the command complained about: cut, without control characters, and without what it printed.
fn harmless(complaint: &[u8], printed: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(complaint).into_owned();
    let secret = String::from_utf8_lossy(printed);
    for word in secret.split_whitespace().filter(|word| word.len() >= 4) {
        text = text.replace(word, "…");
    }
    let text = text.trim().replace(|letter: char| letter.is_control(), " ");
    let text: String = text.chars().take(COMPLAINT).collect();
    if text.is_empty() { text } else { format!(": {text}") }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(20);

    #[test]
    fn what_a_command_prints_is_its_answer() {
        assert_eq!(output("printf sk-1; echo noise >&2", PATIENCE).unwrap().as_slice(), b"sk-1");
    }

    #[test]
    fn a_failed_command_tells_its_complaint_and_not_its_output() {
        let error = output("echo sk-secret-1; echo 'no sk-secret-1 in vault' >&2; exit 3", PATIENCE).unwrap_err();

        assert!(error.contains('3') && error.contains("in vault"), "{error}");
        assert!(!error.contains("sk-secret-1"), "{error}");
    }

    #[test]
    fn a_command_that_never_ends_is_ended() {
        for command in ["exec sleep 60", "exec >/dev/null 2>&1; exec sleep 60"] {
            let error = output(command, Duration::from_millis(100)).unwrap_err();

            assert_eq!(error, "it took longer than 100ms");
        }
    }

    #[test]
    fn a_command_that_prints_without_end_is_ended() {
        let error = output("exec yes", PATIENCE).unwrap_err();

        assert!(error.contains("more than"), "{error}");
    }

    #[test]
    fn a_flood_of_complaints_blocks_nothing() {
        let answer = output("head -c 300000 /dev/zero >&2; printf sk-1", PATIENCE).unwrap();

        assert_eq!(answer.as_slice(), b"sk-1");
    }
}
