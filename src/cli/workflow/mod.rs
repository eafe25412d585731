//! `llmc workflow …`: several prompts that build on each other.

mod foresight;
mod progress;

use std::io::{ErrorKind, Read};
use std::path::Path;

use serde_json::{Map, Value};

use self::progress::Progress;
use super::again::Again;
use super::args::{WorkflowCommand, WorkflowGenerateArgs, WorkflowRunArgs};
use super::context::{Answerer, Context, read_json};
use super::screen::whole_lines;
use super::{file, generate};
use crate::api::problem::Problem;
use crate::api::workflow::{
    StepEvent, WorkflowFile, WorkflowReply, WorkflowRequest, WorkflowSource, WorkflowWish, WorkflowWritten,
};
use crate::client::{Answered, Asked, cut_short};
use crate::error::{Error, Kind, Result};
use crate::exchange::Mode;
use crate::provider::sse;
use crate::workflow::{check, mermaid, plan, read};

/// Where a workflow is run.
const EXECUTE: &str = "/llm/execute-workflow";

/// Longer than any workflow that somebody wrote.
const LONGEST: u64 = 4 << 20;

/// Runs one of the commands.
pub fn run(command: &WorkflowCommand, context: &Context<'_>) -> Result<()> {
    match command {
        WorkflowCommand::Run(args) => execute(args, context),
        WorkflowCommand::Check { file } => tell_check(file, context),
        WorkflowCommand::Graph { file } => {
            let plan = plan(parsed(file)?)?;
            context.screen.answer(&mermaid(&plan))
        }
        WorkflowCommand::Generate(args) => write(args, context),
    }
}

fn tell_check(path: &Path, context: &Context<'_>) -> Result<()> {
    let workflow = parsed(path)?;
    let wrong = check(&workflow);
    if context.screen.json {
        let told = serde_json::json!({"name": workflow.name, "steps": workflow.steps.len(), "errors": wrong});
        context.screen.object(&told)?;
    } else if wrong.is_empty() {
        let steps = workflow.steps.len();
        let word = if steps == 1 { "step" } else { "steps" };
        return context.screen.line(format_args!("{} can be run: {steps} {word}", workflow.name));
    } else {
        wrong.iter().for_each(|sentence| context.screen.note(format_args!("{}: {sentence}", path.display())));
    }
    match wrong.len() {
        0 => Ok(()),
        1 => Err(Error::new(Kind::Usage, format!("`{}` cannot be run: 1 thing is wrong with it", path.display()))),
        n => Err(Error::new(Kind::Usage, format!("`{}` cannot be run: {n} things are wrong with it", path.display()))),
    }
}

fn text_of(path: &Path) -> Result<String> {
    let cannot = |error: &dyn std::fmt::Display| {
        Error::new(Kind::Usage, format!("cannot read `{}`", path.display())).because(error)
    };
    let mut text = String::new();
    let read = match path == Path::new("-") {
        true => std::io::stdin().lock().take(LONGEST + 1).read_to_string(&mut text),
        false => std::fs::File::open(path).and_then(|file| file.take(LONGEST + 1).read_to_string(&mut text)),
    };
    read.map_err(|error| cannot(&error))?;
    if text.len() as u64 > LONGEST {
        return Err(cannot(&"it is longer than 4 MiB"));
    }
    Ok(text)
}

fn parsed(path: &Path) -> Result<WorkflowFile> {
    read(&path.display().to_string(), WorkflowSource::Toml(text_of(path)?))
}

fn execute(args: &WorkflowRunArgs, context: &Context<'_>) -> Result<()> {
    args.output.as_deref().map_or(Ok(()), file::expect_folder)?;
    let workflow = parsed(&args.file)?;
    // Found here as well as there: with the file's own name, and without a daemon.
    let plan = plan(workflow)?;
    let inputs = inputs(args)?;
    plan.inputs(inputs.clone())?;
    let defaults = generate::asking(&args.asking, false, context)?;
    let object = match serde_json::to_value(&plan.file) {
        Ok(Value::Object(object)) => object,
        Ok(_) => Map::new(),
        Err(error) => return Err(Error::new(Kind::Other, "cannot write the request").because(error)),
    };
    let (workflow, dry_run) = (WorkflowSource::Object(object), args.dry_run);
    let (jobs, max_cost) = (args.jobs, args.max_cost);
    let request = WorkflowRequest { workflow, inputs, defaults, jobs, max_cost, stream: !dry_run, dry_run };
    if dry_run {
        return foresight::tell(&plan.file, &context.ask_json(Answerer::Daemon, asked(EXECUTE, &request)?)?, context);
    }
    let progress = Progress::begin(&plan.file, &context.screen);
    let reply = persist(request, &plan.file, &progress, context);
    progress.end();
    let reply = reply?;
    if context.screen.json && args.output.is_none() {
        return context.screen.object(&reply);
    }
    let text = match &reply.output {
        Value::String(text) => text.clone(),
        output => output.to_string(),
    };
    print(args.output.as_deref(), &text, context)?;
    if context.screen.json { context.screen.object(&reply) } else { Ok(()) }
}

fn print(path: Option<&Path>, text: &str, context: &Context<'_>) -> Result<()> {
    match path.filter(|path| !file::is_standard_output(path)) {
        Some(path) => file::replace(path, |output| output.add(whole_lines(text).as_bytes())),
        None => context.screen.answer(text),
    }
}

/// What was given by file and by flag.
fn inputs(args: &WorkflowRunArgs) -> Result<Map<String, Value>> {
    let mut inputs = match &args.inputs {
        None => Map::new(),
        Some(path) => serde_json::from_str(&text_of(path)?).map_err(|error| {
            Error::new(Kind::Usage, format!("`{}` is no JSON object", path.display())).because(error)
        })?,
    };
    for given in &args.input {
        let (name, value) = given.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or_else(|| {
            Error::new(Kind::Usage, format!("`--input {given}` is no input")).hint("write `--input NAME=VALUE`")
        })?;
        inputs.insert(name.to_owned(), Value::String(value.to_owned()));
    }
    Ok(inputs)
}

fn asked<T: serde::Serialize>(path: &str, request: &T) -> Result<Asked> {
    let body = serde_json::to_vec(request)
        .map_err(|error| Error::new(Kind::Other, "cannot write the request").because(error))?;
    Ok(Asked { method: "POST", path: path.into(), body, ..Asked::default() })
}

/// Runs it; where the daemon goes away meanwhile, again, from what is kept by then.
fn persist(
    mut request: WorkflowRequest,
    file: &WorkflowFile,
    progress: &Progress<'_>,
    context: &Context<'_>,
) -> Result<WorkflowReply> {
    let modes = file.steps.iter().map(|step| step.cache.mode).chain([request.defaults.cache.mode]);
    // A step that passes the cache by would be paid for again.
    let is_kept = modes.flatten().all(|mode| matches!(mode, Mode::Auto | Mode::Replay));
    let mut again = Again::by(context);
    loop {
        let (answered, mut spent) = (context.ask(Answerer::Daemon, asked(EXECUTE, &request)?), 0.0);
        let mut note = |event: &StepEvent| {
            progress.note(event);
            // What was kept before is nothing new.
            if event.cache_status.is_some_and(|status| !status.is_cached()) {
                again.renew();
                spent += event.cost.unwrap_or_default();
            }
        };
        let failed = match answered.and_then(|answered| listen(answered, &mut note)) {
            Err(failed) if is_kept => failed,
            outcome => return outcome,
        };
        again.bear(failed.clone())?;
        request.max_cost = request.max_cost.map(|most| (most - spent).max(most.min(0.0)));
        progress.begin_anew();
        context.screen.warn(format_args!("{failed}; it is run again from what is kept"));
    }
}

/// Hears how the steps fare, and then the whole.
fn listen(mut answered: Answered, note: &mut dyn FnMut(&StepEvent)) -> Result<WorkflowReply> {
    let (mut reader, mut piece) = (sse::Reader::new(), vec![0; 16 << 10]);
    loop {
        let length = answered.body.read(&mut piece).map_err(|error| cut_short(&error))?;
        if length == 0 {
            return Err(cut_short(&ErrorKind::UnexpectedEof.into()).hint("run it again: what was answered is kept"));
        }
        for event in reader.push(&piece[..length])? {
            match event.name.as_str() {
                "step" => note(&read_json::<StepEvent>(event.data.as_bytes())?),
                "done" => return read_json(event.data.as_bytes()),
                "error" => return Err(read_json::<Problem>(event.data.as_bytes())?.into()),
                _ => {}
            }
        }
    }
}

fn write(args: &WorkflowGenerateArgs, context: &Context<'_>) -> Result<()> {
    let wish = WorkflowWish {
        description: args.description.join(" "),
        defaults: generate::asking(&args.asking, false, context)?,
    };
    let written = context.screen.turning("writing", || {
        context.ask_json::<WorkflowWritten>(Answerer::Daemon, asked("/llm/workflow/generate", &wish)?)
    });
    let written = written?;
    if args.output.is_some() || !context.screen.json {
        print(args.output.as_deref(), &written.workflow, context)?;
    }
    if context.screen.json { context.screen.object(&written) } else { Ok(()) }
}
