//! `llmc models` and `llmc providers`: what can be asked.

use super::args::{ModelsArgs, ProvidersArgs};
use super::context::{Answerer, Context};
use super::screen::{Paint, harmless};
use super::table::{Table, millis};
use crate::api::status::{CheckStatus, ModelsReply, ProviderStatus, ProvidersReply};
use crate::client::Asked;
use crate::error::{Error, Kind, Result};

/// Shows models with their prices in dollars a million tokens.
pub fn models(args: &ModelsArgs, context: &Context<'_>) -> Result<()> {
    let asked = Asked { method: "GET", path: "/llm/models".into(), ..Asked::default() };
    let mut reply: ModelsReply = context.ask_json(Answerer::WhoeverIsThere, asked)?;
    if let Some(pattern) = &args.pattern {
        reply.models.retain(|model| format!("{}/{}", model.provider, model.model).contains(pattern.as_str()));
    }
    if context.screen.json {
        return context.screen.object(&reply);
    }
    if let (true, Some(pattern)) = (reply.models.is_empty(), &args.pattern) {
        context.screen.note(format_args!(
            "no model known here has `{}` in its name; one that is not is asked as `provider/model`",
            harmless(pattern)
        ));
        return Ok(());
    }
    let price = |dollars: Option<f64>| dollars.map_or("–".to_owned(), |dollars| format!("{dollars}"));
    let mut models = Table::new(&["model", ">in", ">out", ">cached in", ">longest prompt", ">answer", "price from"]);
    for model in &reply.models {
        models.row([
            harmless(&format!("{}/{}", model.provider, model.model)),
            price(model.input),
            price(model.output),
            price(model.cached_input),
            model.max_input_tokens.map_or("–".to_owned(), |tokens| tokens.to_string()),
            model.max_output_tokens.map_or("–".to_owned(), |tokens| tokens.to_string()),
            model.price_source.clone().unwrap_or("–".to_owned()),
        ]);
    }
    models.lines().iter().try_for_each(|line| context.screen.line(line))?;
    for (alias, target) in &context.settings.settings.aliases {
        context.screen.note(format_args!("{alias} stands for {}", harmless(target)));
    }
    context
        .screen
        .note(format_args!("dollars a million tokens, list prices of {}; – is not known", reply.prices_as_of));
    Ok(())
}

/// Shows providers and whether there is a key for each, and asks them where that is wanted.
pub fn providers(args: &ProvidersArgs, context: &Context<'_>) -> Result<()> {
    let path = if args.check { "/llm/providers?check=true" } else { "/llm/providers" };
    let asked = Asked { method: "GET", path: path.into(), ..Asked::default() };
    let reply: ProvidersReply = context.ask_json(Answerer::WhoeverIsThere, asked)?;
    let screen = &context.screen;
    if screen.json {
        screen.object(&reply)?;
        return failed_checks(&reply.providers);
    }
    let heads = ["provider", "speaks", "key", "check", "at", "models"];
    let shown = |column: &usize| args.check || heads[*column] != "check";
    let columns: Vec<usize> = (0..heads.len()).filter(shown).collect();
    let mut providers = Table::new(&columns.iter().map(|column| heads[*column]).collect::<Vec<_>>());
    for provider in &reply.providers {
        let key = match provider.has_key {
            Some(true) => "found",
            Some(false) => "missing",
            None => "not needed",
        };
        let cells = [
            provider.name.clone(),
            provider.kind.clone(),
            key.to_owned(),
            provider.check.as_ref().map_or("–".to_owned(), outcome),
            harmless(&provider.base_url),
            harmless(&provider.models.join(", ")),
        ];
        providers.row(columns.iter().map(|column| cells[*column].clone()));
    }
    providers.lines().iter().try_for_each(|line| screen.line(line))?;
    for provider in &reply.providers {
        if let Some(alone) = &provider.left_alone {
            screen.warn(alone);
        }
        if let Some(detail) = provider.check.as_ref().and_then(|check| check.detail.as_ref()) {
            screen.warn(format_args!("`{}`: {detail}", provider.name));
        }
    }
    if reply.providers.iter().any(|provider| provider.has_key == Some(false)) {
        screen.note(screen.paint(Paint::Faint, "set a key in the environment, such as OPENAI_API_KEY"));
    }
    failed_checks(&reply.providers)
}

fn outcome(check: &CheckStatus) -> String {
    match (check.ok, check.latency_ms) {
        (true, Some(took)) => format!("works, {}", millis(took)),
        (true, None) => "works".to_owned(),
        (false, _) => "fails".to_owned(),
    }
}

/// Fails where a provider that was asked does not work.
fn failed_checks(providers: &[ProviderStatus]) -> Result<()> {
    let checked = providers.iter().filter_map(|provider| Some((&provider.name, provider.check.as_ref()?)));
    let failed: Vec<(&String, &CheckStatus)> = checked.filter(|(_, check)| !check.ok).collect();
    if failed.is_empty() {
        return Ok(());
    }
    let is_key = |check: &CheckStatus| check.problem.as_deref() == Some(Kind::Key.name());
    let kind = if failed.iter().all(|(_, check)| is_key(check)) { Kind::Key } else { Kind::Provider };
    let told = failed.iter().map(|(name, check)| match &check.detail {
        Some(detail) => format!("`{name}`: {detail}"),
        None => format!("`{name}`"),
    });
    let told: Vec<String> = told.collect();
    Err(Error::new(kind, format!("{} of the providers that were asked fail", told.len()))
        .because(told.join("; "))
        .hint("look at its `base_url` and at its key"))
}
