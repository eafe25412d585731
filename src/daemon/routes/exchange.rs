//! A native request as an exchange: what was asked, resolved against the settings in force.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::asker::Asker;
use super::policy::{named, policy};
use crate::api::generate::{ApiContent, ApiMessage, ApiPart, GenerateRequest};
use crate::error::{Error, Kind, Result};
use crate::exchange::Form;
use crate::money::Usd;
use crate::pipeline::budget::Ceilings;
use crate::pipeline::schema::Schema;
use crate::pipeline::{Beside, Counted, Exchange};
use crate::provider::resolve::Asked;
use crate::provider::{Message, Part, Prompt, Role};

/// Each of them is paid for.
const MOST_SCHEMA_RETRIES: u32 = 10;

/// The exchange a request amounts to. Destructures the request, so that no field is forgotten.
pub fn exchange(request: GenerateRequest, asker: &Asker) -> Result<Exchange> {
    let GenerateRequest {
        prompt,
        messages,
        model,
        provider,
        system,
        temperature,
        max_tokens,
        top_p,
        seed,
        stop,
        schema,
        schema_retries,
        options,
        routing_mode: _,
        fallback: _,
        session: _,
        continue_last: _,
        cache,
        stream,
        run,
        wait,
        timeout: _,
        retries,
        max_cost,
        dry_run: _,
        count: _,
        raw: _,
    } = request;
    refuse_taken(&options)?;
    // Before anything else: a schema that cannot be used is to cost nothing.
    let fit = schema.as_ref().map(Schema::read).transpose()?;
    match schema_retries {
        Some(_) if fit.is_none() => {
            return Err(Error::new(Kind::Usage, "`schemaRetries` is given without a schema").hint("give `schema`, too"));
        }
        Some(many) if many > MOST_SCHEMA_RETRIES => {
            return Err(Error::new(Kind::Usage, "`schemaRetries` is out of range")
                .because(format!("{many}, and {MOST_SCHEMA_RETRIES} is the most")));
        }
        _ => {}
    }
    let settings = &asker.house.settings;
    let registry = &asker.house.registry;
    let asked = Asked {
        model: model.as_deref(),
        provider: provider.as_deref(),
        default_model: settings.default_model.as_deref(),
        aliases: &settings.aliases,
    };
    let (provider, model) = registry.resolve(&asked, |provider| asker.has_key(provider))?;

    let prompt = Prompt {
        model: model.clone(),
        system,
        messages: said(prompt, messages)?.into_iter().map(message).collect::<Result<_>>()?,
        temperature: finite("temperature", temperature)?,
        max_tokens,
        top_p: finite("topP", top_p)?,
        seed,
        stop,
        schema,
        options,
    };
    let dialect = provider.dialect_for(&model);
    let body = dialect.write(&prompt)?;
    let is_stateful = dialect.is_stateful(&body);
    // Some vendors want a length where the asker set none: cut there, the answer is not what was asked for.
    let limits_length = prompt.max_tokens.is_some() || dialect.limits_length(&prompt.options);
    let body = serde_json::to_vec(&body)
        .map_err(|error| Error::new(Kind::Other, "cannot write the request body").because(error))?;

    let max_cost = amount(max_cost)?;
    let mut retry = settings.retry.clone();
    if let Some(retries) = retries {
        retry.max_attempts = retries.saturating_add(1);
    }
    let mut exchange = Exchange {
        operation: dialect.operation(),
        key: asker.key_for(&provider.name),
        provider,
        registry: registry.clone(),
        model,
        body: Bytes::from(body),
        beside: Beside::default(),
        is_stateful,
        limits_length,
        schema: fit.map(Arc::new),
        schema_retries: schema_retries.unwrap_or(0),
        form: if stream { Form::Stream } else { Form::Plain },
        policy: policy(&cache, asker)?,
        rates: asker.rates().clone(),
        retry,
        insists: retries.is_some(),
        subject: asker.subject.clone(),
        run: named("run", run.unwrap_or_default())?,
        request: Arc::clone(&asker.request),
        wait: wait.map_or(Duration::ZERO, |span| span.0),
        max_cost,
        attended: false,
        paced: None,
        ceilings: Ceilings::default(),
        counted: Counted::default(),
    };
    asker.impose_on(&mut exchange);
    Ok(exchange)
}

/// The most that something may cost, where that is said.
pub(super) fn amount(max_cost: Option<f64>) -> Result<Option<Usd>> {
    let read = |dollars| {
        Usd::from_dollars(dollars).ok_or_else(|| Error::new(Kind::Usage, "`maxCost` is no amount").because(dollars))
    };
    max_cost.map(read).transpose()
}

/// What is asked, and of whom, has fields of its own: were it changed on the way, prices and limits would be another's.
fn refuse_taken(options: &serde_json::Map<String, serde_json::Value>) -> Result<()> {
    match ["model", "messages", "contents", "input"].into_iter().find(|taken| options.contains_key(*taken)) {
        Some(taken) => {
            Err(Error::new(Kind::Usage, format!("`{taken}` is no option")).hint("it has a field of its own"))
        }
        None => Ok(()),
    }
}

fn finite(field: &str, number: Option<f64>) -> Result<Option<f64>> {
    match number {
        Some(number) if !number.is_finite() || number < 0.0 => {
            Err(Error::new(Kind::Usage, format!("`{field}` is out of range")).because(number))
        }
        _ => Ok(number),
    }
}

/// What is said, whichever of the two fields it came in.
pub fn said(prompt: Option<String>, messages: Vec<ApiMessage>) -> Result<Vec<ApiMessage>> {
    match (prompt, messages.is_empty()) {
        (Some(_), false) => {
            Err(Error::new(Kind::Usage, "both `prompt` and `messages` are given").hint("give one of them"))
        }
        (None, true) => Err(Error::new(Kind::Usage, "there is no prompt").hint("give `prompt` or `messages`")),
        (Some(text), true) if text.trim().is_empty() => {
            Err(Error::new(Kind::Usage, "the prompt is empty").hint("say something: an empty prompt costs, too"))
        }
        (Some(text), true) => Ok(vec![ApiMessage { role: "user".to_owned(), content: ApiContent::Text(text) }]),
        (None, false) => Ok(messages),
    }
}

/// Who speaks; an error where nobody goes by that name.
pub fn role(message: &ApiMessage) -> Result<Role> {
    match message.role.as_str() {
        "system" => Ok(Role::System),
        "user" => Ok(Role::User),
        "assistant" => Ok(Role::Assistant),
        other => Err(Error::new(Kind::Usage, format!("unknown role `{other}`"))
            .hint("roles are `system`, `user` and `assistant`")),
    }
}

fn message(message: ApiMessage) -> Result<Message> {
    let role = role(&message)?;
    let parts = match message.content {
        ApiContent::Text(text) => vec![Part::Text(text)],
        ApiContent::Parts(parts) => parts.into_iter().map(part).collect(),
    };
    Ok(Message { role, parts })
}

fn part(part: ApiPart) -> Part {
    match part {
        ApiPart::Text { text } => Part::Text(text),
        ApiPart::Image { media_type, data } => Part::Image { media_type, data },
    }
}
