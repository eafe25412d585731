//! What is asked: words, standard input, files and images, put together. Never a hang on a pipe that stays silent.

use std::fmt::Display;
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::isatty;
use serde_json::Value;

use crate::api::generate::{ApiContent, ApiMessage, ApiPart, GenerateRequest};
use crate::api::number;
use crate::cli::args::GenerateArgs;
use crate::cli::context::Context;
use crate::error::{Error, Kind, Result};

/// A pipe beside a prompt that says nothing for so long is taken for one that was inherited by accident.
const SILENCE: Duration = Duration::from_secs(5);

/// The longest file or standard input that is read.
const LONGEST: u64 = 48 << 20;

/// Fills in the prompt, or the messages where there are images.
pub fn fill(request: &mut GenerateRequest, args: &GenerateArgs, context: &Context<'_>) -> Result<()> {
    let wants_stdin = args.prompt.iter().any(|word| word == "-");
    let words: Vec<&str> = args.prompt.iter().map(String::as_str).filter(|word| *word != "-").collect();
    let mut parts = Vec::new();
    if !words.is_empty() {
        parts.push(words.join(" "));
    }
    let has_other_input = !words.is_empty() || !args.file.is_empty() || !args.attachment.is_empty();
    if let Some(text) = stdin(args.no_stdin, wants_stdin, has_other_input, context)? {
        parts.push(text);
    }
    let mut images = Vec::new();
    for path in &args.file {
        match read_file(path)? {
            Contents::Text(text) => parts.push(format!("{}:\n{text}", path.display())),
            Contents::Image(image) => images.push(image),
        }
    }
    for path in &args.attachment {
        match read_file(path)? {
            Contents::Image(image) => images.push(image),
            Contents::Text(_) => {
                return Err(Error::new(Kind::Usage, format!("`{}` is no image", path.display()))
                    .hint("attach PNG, JPEG, GIF or WebP; text goes with `-f`"));
            }
        }
    }
    let prompt = if let [only] = parts.as_mut_slice() { std::mem::take(only) } else { parts.join("\n\n") };
    if prompt.trim().is_empty() && images.is_empty() {
        return Err(Error::new(Kind::Usage, "there is no prompt")
            .hint("give one: `llmc generate 'Name three rivers'`, or pipe it in"));
    }
    if images.is_empty() {
        request.prompt = Some(prompt);
        return Ok(());
    }
    if !prompt.is_empty() {
        images.insert(0, ApiPart::Text { text: prompt });
    }
    request.messages = vec![ApiMessage { role: "user".into(), content: ApiContent::Parts(images) }];
    Ok(())
}

/// Standard input, where it is asked for or somebody has put something there.
fn stdin(refused: bool, wanted: bool, has_other_input: bool, context: &Context<'_>) -> Result<Option<String>> {
    if wanted && refused {
        return Err(Error::new(Kind::Usage, "`-` asks for standard input and `--no-stdin` forbids it"));
    }
    if refused {
        return Ok(None);
    }
    // Asked of the descriptor: the standard library's own makes a buffer to be asked.
    if isatty(rustix::stdio::stdin()) {
        if !wanted && has_other_input {
            return Ok(None);
        }
        if !wanted {
            context.screen.note("type the prompt, then Ctrl-D");
        }
        return read_stdin().map(Some);
    }
    if wanted || !has_other_input {
        return read_stdin().map(Some);
    }
    if !is_pipe_or_file() || !speaks(SILENCE, context) {
        return Ok(None);
    }
    read_stdin().map(|text| (!text.is_empty()).then_some(text))
}

fn is_pipe_or_file() -> bool {
    let Ok(descriptor) = rustix::io::dup(rustix::stdio::stdin()) else { return false };
    File::from(descriptor).metadata().is_ok_and(|facts| {
        let kind = facts.file_type();
        kind.is_fifo() || kind.is_socket() || kind.is_file()
    })
}

/// Waits a while for the first byte, or the end.
fn speaks(longest: Duration, context: &Context<'_>) -> bool {
    let input = rustix::stdio::stdin();
    let mut wanted = [PollFd::new(&input, PollFlags::IN)];
    let longest = Timespec { tv_sec: i64::try_from(longest.as_secs()).unwrap_or(i64::MAX), tv_nsec: 0 };
    // A descriptor that cannot be waited for can be read without waiting.
    let said = poll(&mut wanted, Some(&longest)).map_or(true, |ready| ready > 0);
    if !said {
        context.screen.warn("standard input is a pipe that stays silent and is left out");
        context.screen.note("hint: `--no-stdin` leaves it alone at once; `-` in place of a prompt waits for it");
    }
    said
}

fn read_stdin() -> Result<String> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(LONGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Error::new(Kind::Usage, "cannot read standard input").because(error))?;
    text_of("standard input", bytes)
}

/// A file as text.
pub fn read_text(path: &Path) -> Result<String> {
    text_of(&format!("`{}`", path.display()), read_bytes(path)?)
}

/// A schema as it was typed, or what the file of this name holds.
pub fn schema(typed: &str) -> Result<Value> {
    let is_itself = typed.trim_start().starts_with('{');
    let (name, text) = match is_itself {
        true => ("`--schema`".to_owned(), typed.to_owned()),
        false => (format!("`{typed}`"), read_text(Path::new(typed))?),
    };
    let refuse = |cause: &dyn Display| Error::new(Kind::Usage, format!("{name} is no JSON Schema")).because(cause);
    let schema = serde_json::from_str(&text).map_err(|error| refuse(&error))?;
    match number::too_long(&text) {
        None => Ok(schema),
        Some(number) => Err(refuse(&format_args!("{number} is longer than 64 bits"))),
    }
}

enum Contents {
    Text(String),
    Image(ApiPart),
}

fn read_file(path: &Path) -> Result<Contents> {
    let bytes = read_bytes(path)?;
    Ok(match image_type(&bytes) {
        Some(media_type) => {
            Contents::Image(ApiPart::Image { media_type: media_type.to_owned(), data: STANDARD.encode(&bytes) })
        }
        None => Contents::Text(text_of(&format!("`{}`", path.display()), bytes)?),
    })
}

fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    let cannot = |error| Error::new(Kind::Usage, format!("cannot read `{}`", path.display())).because(error);
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes)).map_err(cannot)?;
    Ok(bytes)
}

fn text_of(name: &str, bytes: Vec<u8>) -> Result<String> {
    if bytes.len() as u64 > LONGEST {
        return Err(Error::new(Kind::TooLarge, format!("{name} is too long")).because("more than 48 MiB"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Error::new(Kind::Usage, format!("{name} is no UTF-8 text"))
            .because(format!("byte {at}"))
            .hint("convert it first, for example with `iconv -t UTF-8`")
    })
}

/// The image types that providers take, by their first bytes.
fn image_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}
