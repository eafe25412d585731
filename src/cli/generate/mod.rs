//! `llmc generate`: one prompt, one answer.

pub mod input;
mod output;

use serde_json::{Map, Value};

use super::args::{AskingArgs, GenerateArgs, ModeArg};
use super::context::{Answerer, Context, read_json};
use super::file;
use super::screen::Paint;
use crate::api::generate::{CacheRequest, DryRunReply, GenerateRequest, RoutingMode};
use crate::api::number;
use crate::api::span::Span;
use crate::client::Asked;
use crate::config::{Environment, Override};
use crate::error::{Error, Kind, Result};
use crate::exchange::{CacheStatus, Mode};

/// Flags that stand for settings take part in `config::load`, so that there is one order of precedence.
pub fn note_overrides(args: &AskingArgs, environment: &mut Environment) {
    let mut note = |key, flag, value: Option<String>| {
        if let Some(value) = value {
            environment.overrides.push(Override { key, flag, value });
        }
    };
    note("cache.namespace", "--namespace", args.namespace.clone());
    note("cache.ttl", "--ttl", args.ttl.map(|ttl| humantime::format_duration(ttl).to_string()));
}

/// Answers one prompt.
pub fn run(args: &GenerateArgs, context: &Context<'_>) -> Result<()> {
    let mut request = request(args, context)?;
    if args.dry_run {
        request.count = args.count;
        return dry_run(request, context);
    }
    if let Some(path) = &args.output {
        file::expect_folder(path)?;
    }
    let streams = args.stream || (context.screen.on_terminal && !args.no_stream && !context.screen.json);
    request.stream = streams && args.output.is_none() && !args.extract && !args.raw && !context.screen.json;
    request.raw = args.raw;
    output::print(args, &request, context)
}

/// `cache key`: the key a prompt would have.
pub fn show_key(args: &GenerateArgs, context: &Context<'_>) -> Result<()> {
    let foreseen = foresee(request(args, context)?, context)?;
    if context.screen.json {
        return context.screen.object(&foreseen);
    }
    context.screen.line(foreseen.cache_key)
}

fn request(args: &GenerateArgs, context: &Context<'_>) -> Result<GenerateRequest> {
    // A session has a text of its own, or is to have none.
    let has_system = args.session.is_some() || args.continue_last;
    let mut request = GenerateRequest {
        session: args.session.clone(),
        continue_last: args.continue_last,
        wait: args.wait.map(Span),
        max_cost: args.max_cost,
        ..asking(&args.asking, has_system, context)?
    };
    input::fill(&mut request, args, context)?;
    Ok(request)
}

/// What the flags say of whom to ask and how, without a prompt. `has_system`: where none of them names a system text, no
/// variable does.
pub fn asking(args: &AskingArgs, has_system: bool, context: &Context<'_>) -> Result<GenerateRequest> {
    let settings = &context.settings.settings;
    let cassette = args.cassette.as_deref().map(|path| context.environment.absolute(path));
    cassette.as_deref().map_or(Ok(()), file::expect_folder)?;
    let span = |duration| Some(Span(duration));
    let system = match &args.system_file {
        Some(path) => Some(input::read_text(path)?),
        None => match &args.system {
            Some(system) => Some(system.clone()),
            None if has_system => None,
            None => context.environment.text("LLMC_SYSTEM")?.map(str::to_owned),
        },
    };
    let mut request = GenerateRequest {
        model: args
            .model
            .as_deref()
            .or(settings.default_model.as_deref())
            .map(|model| settings.meant(model).to_owned()),
        provider: args.provider.clone(),
        system,
        temperature: args.temperature,
        max_tokens: args.max_tokens,
        top_p: args.top_p,
        seed: args.seed,
        stop: args.stop.clone(),
        schema: args.schema.as_deref().map(input::schema).transpose()?,
        schema_retries: args.schema_retries,
        options: options(&args.option)?,
        routing_mode: args.no_fallback.then_some(RoutingMode::SingleModel),
        fallback: args.fallback.iter().map(|model| settings.meant(model).to_owned()).collect(),
        cache: CacheRequest {
            cassette,
            mode: Some(mode(
                args.mode,
                [args.offline, args.refresh, args.no_cache],
                settings.cache.enabled,
                settings.cache.mode,
            )),
            ttl: span(settings.cache.ttl),
            max_age: args.max_age.map(Span),
            namespace: Some(settings.cache.namespace.clone()),
            sample: args.sample,
            stale_if_error: span(settings.cache.stale_if_error),
            stale_while_revalidate: span(settings.cache.stale_while_revalidate),
        },
        run: args.run.clone(),
        timeout: args.timeout.map(Span),
        retries: args.retries,
        ..GenerateRequest::default()
    };
    // `-p` narrows a model that names no provider; the default model may belong to another.
    if args.provider.is_some() && args.model.is_none() {
        request.model = None;
    }
    Ok(request)
}

/// The mode that the flags ask for, else the one that is configured.
pub fn mode(arg: Option<ModeArg>, [offline, refresh, no_cache]: [bool; 3], enabled: bool, configured: Mode) -> Mode {
    match arg {
        _ if offline => Mode::Replay,
        _ if refresh => Mode::Refresh,
        _ if no_cache => Mode::Off,
        Some(ModeArg::Auto) => Mode::Auto,
        Some(ModeArg::Replay) => Mode::Replay,
        Some(ModeArg::Refresh) => Mode::Refresh,
        Some(ModeArg::Off) => Mode::Off,
        None if !enabled => Mode::Off,
        None => configured,
    }
}

/// `KEY=JSON`; what is no JSON is text.
fn options(typed: &[String]) -> Result<Map<String, Value>> {
    let mut options = Map::new();
    for pair in typed {
        let (key, value) = pair.split_once('=').filter(|(key, _)| !key.is_empty()).ok_or_else(|| {
            Error::new(Kind::Usage, format!("`-o {pair}` is no option"))
                .hint("write `-o KEY=VALUE`, as in `-o top_k=40`")
        })?;
        let value = match serde_json::from_str(value) {
            Err(_) => Value::String(value.to_owned()),
            Ok(read) => match number::too_long(value) {
                None => read,
                Some(number) => {
                    return Err(Error::new(Kind::Usage, format!("`-o {key}` cannot be sent"))
                        .because(format!("{number} is longer than 64 bits"))
                        .hint("write it as a float or a string"));
                }
            },
        };
        options.insert(key.to_owned(), value);
    }
    Ok(options)
}

/// The request as the daemon takes it.
fn asked(request: &GenerateRequest) -> Result<Asked> {
    // Room for the prompt at once, and for what is mostly beside it.
    let mut body = Vec::with_capacity(request.prompt.as_ref().map_or(0, String::len) + 512);
    serde_json::to_writer(&mut body, request)
        .map_err(|error| Error::new(Kind::Other, "cannot write the request").because(error))?;
    Ok(Asked { method: "POST", path: "/llm/generate".into(), body, ..Asked::default() })
}

fn foresee(mut request: GenerateRequest, context: &Context<'_>) -> Result<DryRunReply> {
    request.dry_run = true;
    let bytes = context.ask(Answerer::Daemon, asked(&request)?)?.read_body()?;
    read_json(&bytes)
}

fn dry_run(request: GenerateRequest, context: &Context<'_>) -> Result<()> {
    let foreseen = foresee(request, context)?;
    let screen = &context.screen;
    if screen.json {
        return screen.object(&foreseen);
    }
    foreseen.warnings.iter().for_each(|warning| screen.warn(warning));
    let status = match foreseen.cache_status {
        CacheStatus::Hit | CacheStatus::Replay => screen.paint(Paint::Good, foreseen.cache_status.name()),
        status => status.name().to_owned(),
    };
    let cost = match foreseen.estimated_cost {
        Some(dollars) => format!("${dollars:.6}"),
        None => "unpriced".to_owned(),
    };
    screen.line(format_args!("model   {}/{}", foreseen.provider, foreseen.model))?;
    screen.line(format_args!("cache   {status}"))?;
    screen.line(format_args!("key     {}", foreseen.cache_key))?;
    let (input, output) = (foreseen.estimated_input_tokens, foreseen.estimated_output_tokens);
    let by = foreseen.estimated_by.name();
    screen.line(format_args!("tokens  about {input} in ({by}), at most about {output} out"))?;
    screen.line(format_args!("cost    {cost}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_is_json_or_text() {
        let typed = ["top_k=40", "mirostat=true", "format=json", "x={\"a\":1}", "y=a=b"].map(str::to_owned);
        let options = options(&typed).unwrap();
        assert_eq!(
            Value::Object(options),
            serde_json::json!({"top_k": 40, "mirostat": true, "format": "json", "x": {"a": 1}, "y": "a=b"})
        );
        assert!(super::options(&["=1".to_owned()]).is_err());
        assert!(super::options(&["novalue".to_owned()]).is_err());
        assert!(super::options(&["seed=99999999999999999999".to_owned()]).is_err());
    }

    #[test]
    fn the_cache_is_off_where_it_is_not_enabled_and_nothing_else_is_asked() {
        assert_eq!(mode(None, [false; 3], false, Mode::Auto), Mode::Off);
        assert_eq!(mode(None, [true, false, false], false, Mode::Auto), Mode::Replay);
        assert_eq!(mode(None, [false; 3], true, Mode::Replay), Mode::Replay);
    }
}
