//! `llmc dashboard`: shows where the page is, opens it in a browser, and keeps its door open.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

use super::args::DashboardArgs;
use super::context::{Context, read_json};
use super::door::Door;
use crate::api::SCHEMA_VERSION;
use crate::api::run::RunRequest;
use crate::api::status::StatusReply;
use crate::client::Asked;
use crate::config::{Environment, folder, paths, token};
use crate::error::{Error, Kind, Result};

/// What shells say of a command that these signals ended.
const INTERRUPTED: u8 = 130;
const TERMINATED: u8 = 143;
const HUNG_UP: u8 = 129;

/// Shows the page. Where the daemon has no door of its own, one is open until this command ends; returns its exit code.
pub fn run(args: &DashboardArgs, context: &Context<'_>) -> Result<u8> {
    let mut line = context.lasting_line()?;
    let asked = Asked { method: "GET", path: "/status".into(), ..Asked::default() };
    let status: StatusReply = read_json(&context.ask_by(&mut *line, asked)?.read_body()?)?;
    if let Some(address) = &status.http {
        let data =
            status.data.as_ref().map_or_else(|| paths::data_folder(&context.environment), |data| Ok(data.into()))?;
        let url = url(address, token::find_or_make(&data)?.reveal());
        // Read by the browser after this command has ended; as private as the file of the token itself.
        show(&url, args, context)?.into_iter().for_each(std::mem::forget);
        return Ok(0);
    }
    let request = RunRequest { run: "dashboard".to_owned(), read_only: true, ..RunRequest::default() };
    let door = Door::open(&request, &mut *line, context)?;
    let _signpost = show(&url(&door.reply.address, &door.reply.token), args, context)?;
    context.screen.note("the page is there until this command ends (Ctrl-C)");
    wait(door)
}

/// The token is behind the `#`: no browser sends that anywhere.
fn url(address: &str, token: &str) -> String {
    format!("http://{address}/dashboard#token={token}")
}

/// Waits until somebody ends this command, or the daemon ends.
fn wait(door: Door) -> Result<u8> {
    let cannot = |error: std::io::Error| Error::new(Kind::Other, "cannot wait").because(error);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(cannot)?;
    runtime.block_on(async {
        let mut interrupt = signal(SignalKind::interrupt()).map_err(cannot)?;
        let mut terminate = signal(SignalKind::terminate()).map_err(cannot)?;
        let mut hang_up = signal(SignalKind::hangup()).map_err(cannot)?;
        let (closing, closed) = oneshot::channel();
        std::thread::spawn(move || {
            door.wait();
            // Nobody is there to be told where a signal came first.
            let _ = closing.send(());
        });
        tokio::select! {
            _ = interrupt.recv() => Ok(INTERRUPTED),
            _ = terminate.recv() => Ok(TERMINATED),
            _ = hang_up.recv() => Ok(HUNG_UP),
            _ = closed => Err(Error::new(Kind::Unreachable, "the daemon has ended, and the page with it").hint("run it again")),
        }
    })
}

/// Prints the address, and opens a browser where a person may see it.
fn show(url: &str, args: &DashboardArgs, context: &Context<'_>) -> Result<Option<Signpost>> {
    let screen = &context.screen;
    if screen.json {
        screen.object(&serde_json::json!({ "schema_version": SCHEMA_VERSION, "url": url }))?;
    } else {
        screen.line(url)?;
    }
    if args.no_open || screen.json || !screen.on_terminal || !has_display(&context.environment) {
        return Ok(None);
    }
    let opened = Signpost::to(url, &context.environment).and_then(|signpost| {
        open(&signpost.0)?;
        Ok(signpost)
    });
    match opened {
        Ok(signpost) => Ok(Some(signpost)),
        Err(error) => {
            screen.warn(format_args!("{error}; open the address above"));
            Ok(None)
        }
    }
}

fn has_display(environment: &Environment) -> bool {
    let is_set = |name: &str| environment.variable(name).is_some_and(|value| !value.is_empty());
    cfg!(target_os = "macos") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

/// Asks the desktop to show a file.
fn open(file: &Path) -> Result<()> {
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let started =
        Command::new(program).arg(file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let cannot = |error| Error::new(Kind::Other, format!("cannot run `{program}`")).because(error);
    started.map(|_| ()).map_err(cannot)
}

/// A private file that leads a browser to the page: the words a program is started with can be read by everybody on the
/// machine, and the address holds the token. Removed when dropped.
struct Signpost(PathBuf);

impl Signpost {
    fn to(url: &str, environment: &Environment) -> Result<Signpost> {
        let below = paths::state_folder(environment)?;
        folder::prepare_private_dir(&below)?;
        let path = below.join("dashboard.html");
        let cannot = |error: std::io::Error| {
            Error::new(Kind::Other, format!("cannot write `{}`", path.display())).because(error)
        };
        // An address and a token of ours, neither with a character that means something in HTML.
        let text = format!(
            "<!doctype html><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"0; url={url}\"><title>llmc</title>\n"
        );
        folder::replace_file(&path, Some(0o600), cannot, |file| file.write_all(text.as_bytes()).map_err(cannot))?;
        Ok(Signpost(path))
    }
}

impl Drop for Signpost {
    fn drop(&mut self) {
        // Gone already, or nothing to be done about it; its token opens nothing any more.
        let _ = fs::remove_file(&self.0);
    }
}
