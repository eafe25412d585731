//! `llmc models` and `llmc providers`: what can be asked.

use super::args::ModelsArgs;
use super::context::{Answerer, Context};
use super::screen::{Paint, harmless};
use super::table::Table;
use crate::api::status::{ModelsReply, ProvidersReply};
use crate::client::Asked;
use crate::error::Result;

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
    let price = |dollars: Option<f64>| dollars.map_or("–".to_owned(), |dollars| format!("{dollars}"));
    let mut models = Table::new(&["model", ">in", ">out", ">cached in", ">longest prompt"]);
    for model in &reply.models {
        models.row([
            harmless(&format!("{}/{}", model.provider, model.model)),
            price(model.input),
            price(model.output),
            price(model.cached_input),
            model.max_input_tokens.map_or("–".to_owned(), |tokens| tokens.to_string()),
        ]);
    }
    models.lines().iter().try_for_each(|line| context.screen.line(line))?;
    context
        .screen
        .note(format_args!("dollars a million tokens, list prices of {}; – is not known", reply.prices_as_of));
    Ok(())
}

/// Shows providers and whether there is a key for each.
pub fn providers(context: &Context<'_>) -> Result<()> {
    let asked = Asked { method: "GET", path: "/llm/providers".into(), ..Asked::default() };
    let reply: ProvidersReply = context.ask_json(Answerer::WhoeverIsThere, asked)?;
    let screen = &context.screen;
    if screen.json {
        return screen.object(&reply);
    }
    let mut providers = Table::new(&["provider", "speaks", "key", "at", "models"]);
    for provider in &reply.providers {
        providers.row([
            provider.name.clone(),
            provider.kind.clone(),
            match provider.has_key {
                Some(true) => "found",
                Some(false) => "missing",
                None => "not needed",
            }
            .to_owned(),
            harmless(&provider.base_url),
            harmless(&provider.models.join(", ")),
        ]);
    }
    providers.lines().iter().try_for_each(|line| screen.line(line))?;
    if reply.providers.iter().any(|provider| provider.has_key == Some(false)) {
        screen.note(screen.paint(Paint::Faint, "set a key in the environment, such as OPENAI_API_KEY"));
    }
    Ok(())
}
