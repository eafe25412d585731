//! `llmc session …`: looking at and managing conversations.

use serde_json::{Map, Value};

use super::args::{ExportFormat, SessionChange, SessionCommand};
use super::context::{Answerer, Context};
use super::screen::{Paint, harmless};
use super::stats::{encoded, query};
use super::table::{self, Table};
use crate::api::generate::{ApiContent, ApiMessage, ApiPart};
use crate::api::sessions::{CreateSession, PatchSession, SessionDeleted, SessionReply, SessionSummary, SessionsReply};
use crate::api::span::Span;
use crate::client::Asked;
use crate::error::{Error, Kind, Result};

/// Runs one of the commands.
pub fn run(command: &SessionCommand, context: &Context<'_>) -> Result<()> {
    match command {
        SessionCommand::Create { id, system, data, ttl } => {
            let data = data.as_deref().map(object).transpose()?.flatten().unwrap_or_default();
            let (id, system, ttl) = (id.clone(), system.clone(), ttl.map(Span));
            create(&CreateSession { id, system, data, ttl, messages: Vec::new() }, context)
        }
        SessionCommand::List { limit } => list(*limit, context),
        SessionCommand::Show { id } => show(id, context),
        SessionCommand::Update { id, change } => update(id, change, context),
        SessionCommand::Delete { ids } => ids.iter().try_for_each(|id| delete(id, context)),
        SessionCommand::Export { id, format } => export(id, *format, context),
    }
}

fn create(session: &CreateSession, context: &Context<'_>) -> Result<()> {
    let body = written(session)?;
    let asked = Asked { method: "POST", path: "/sessions".into(), body, ..Asked::default() };
    let session: SessionReply = context.ask_json(Answerer::Daemon, asked)?;
    if context.screen.json { context.screen.object(&session) } else { context.screen.line(session.id) }
}

fn list(limit: Option<usize>, context: &Context<'_>) -> Result<()> {
    let path = query("/sessions", &[("limit", limit.map(|limit| limit.to_string()))]);
    let asked = Asked { method: "GET", path, ..Asked::default() };
    let reply: SessionsReply = context.ask_json(Answerer::WhoeverIsThere, asked)?;
    let screen = &context.screen;
    if screen.json {
        return screen.object(&reply);
    }
    if reply.sessions.is_empty() {
        screen.note("there are no sessions");
        return Ok(());
    }
    let mut sessions = Table::new(&["session", "created", ">gone in", ">messages", ">size"]);
    for session in reply.sessions {
        let SessionSummary { id, created_at, ttl_seconds, messages, bytes, .. } = session;
        sessions.row([
            harmless(&id),
            created_at.unwrap_or("unreadable".to_owned()),
            table::span(ttl_seconds),
            messages.map_or("–".to_owned(), |messages| messages.to_string()),
            table::bytes(bytes),
        ]);
    }
    sessions.lines().iter().try_for_each(|line| screen.line(line))?;
    if reply.more {
        screen.note("there are more; `-n` shows them");
    }
    Ok(())
}

fn show(id: &str, context: &Context<'_>) -> Result<()> {
    let session = find(id, context)?;
    let screen = &context.screen;
    if screen.json {
        return screen.object(&session);
    }
    let heading = |name: &str| screen.paint(Paint::Faint, format_args!("{name:<9}"));
    screen.line(format_args!("{}{}", heading("session"), harmless(&session.id)))?;
    screen.line(format_args!("{}{}", heading("created"), session.created_at))?;
    screen.line(format_args!("{}{}", heading("expires"), session.expires_at))?;
    screen.line(format_args!("{}{}", heading("version"), session.version))?;
    if let Some(system) = &session.system {
        screen.line(format_args!("{}{}", heading("system"), harmless(system)))?;
    }
    if !session.data.is_empty() {
        screen.line(format_args!("{}{}", heading("data"), harmless(&Value::Object(session.data).to_string())))?;
    }
    for message in &session.messages {
        screen.line("")?;
        screen.line(screen.paint(Paint::Strong, harmless(&message.role)))?;
        screen.answer(&text_of(message))?;
    }
    Ok(())
}

fn update(id: &str, change: &SessionChange, context: &Context<'_>) -> Result<()> {
    let patch = PatchSession {
        data: change.data.as_deref().map(object).transpose()?,
        system: change.system.clone().map(|system| (!system.is_empty()).then_some(system)),
    };
    let asked = Asked { method: "PATCH", path: path(id), body: written(&patch)?, ..Asked::default() };
    let session: SessionReply = context.ask_json(Answerer::Daemon, asked)?;
    if context.screen.json {
        return context.screen.object(&session);
    }
    context.screen.line(format_args!("{} changed, version {}", harmless(&session.id), session.version))
}

fn delete(id: &str, context: &Context<'_>) -> Result<()> {
    let asked = Asked { method: "DELETE", path: path(id), ..Asked::default() };
    let reply: SessionDeleted = context.ask_json(Answerer::WhoeverIsThere, asked)?;
    if context.screen.json {
        return context.screen.object(&reply);
    }
    context.screen.line(format_args!("{} deleted", harmless(&reply.id)))
}

fn export(id: &str, format: ExportFormat, context: &Context<'_>) -> Result<()> {
    let session = find(id, context)?;
    match format {
        _ if context.screen.json => context.screen.object(&session),
        ExportFormat::Markdown => context.screen.answer(&markdown(&session)),
        ExportFormat::Json => {
            let text = serde_json::to_string_pretty(&session)
                .map_err(|error| Error::new(Kind::Other, "cannot write the session").because(error))?;
            context.screen.answer(&text)
        }
    }
}

fn find(id: &str, context: &Context<'_>) -> Result<SessionReply> {
    context.ask_json(Answerer::WhoeverIsThere, Asked { method: "GET", path: path(id), ..Asked::default() })
}

fn path(id: &str) -> String {
    format!("/sessions/{}", encoded(id))
}

fn written<T: serde::Serialize>(request: &T) -> Result<Vec<u8>> {
    serde_json::to_vec(request).map_err(|error| Error::new(Kind::Other, "cannot write the request").because(error))
}

/// A JSON object, or null.
fn object(typed: &str) -> Result<Option<Map<String, Value>>> {
    serde_json::from_str(typed).map_err(|error| {
        Error::new(Kind::Usage, "`--data` is no JSON object")
            .because(error)
            .hint("write it as in `--data '{\"topic\": \"rivers\"}'`")
    })
}

/// What a message says; images by their type and size.
fn text_of(message: &ApiMessage) -> String {
    match &message.content {
        ApiContent::Text(text) => text.clone(),
        ApiContent::Parts(parts) => parts.iter().map(part).collect::<Vec<_>>().join("\n\n"),
    }
}

fn part(part: &ApiPart) -> String {
    match part {
        ApiPart::Text { text } => text.clone(),
        // Four characters of base64 stand for three bytes.
        ApiPart::Image { media_type, data } => {
            format!("({media_type}, {})", table::bytes(data.len() as u64 / 4 * 3))
        }
    }
}

/// A conversation for people. What was said stands as it was said, which often is Markdown itself.
fn markdown(session: &SessionReply) -> String {
    let mut text = format!("# {}\n\n{}\n", session.id, session.created_at);
    let mut section = |heading: &str, said: &str| text.push_str(&format!("\n## {heading}\n\n{}\n", said.trim_end()));
    if let Some(system) = &session.system {
        section("System", system);
    }
    for message in &session.messages {
        let heading = match message.role.as_str() {
            "user" => "User",
            "assistant" => "Assistant",
            other => other,
        };
        section(heading, &text_of(message));
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_conversation_reads_well_as_markdown() {
        let session: SessionReply = serde_json::from_value(json!({
            "id": "rivers", "createdAt": "2027-01-15T08:00:00Z", "expiresAt": "2027-01-16T08:00:00Z", "version": 3,
            "system": "Be terse.", "data": {}, "messages": [
                {"role": "user", "content": [
                    {"type": "text", "text": "Which river?"},
                    {"type": "image", "mediaType": "image/png", "data": "AAAAAAAA"},
                ]},
                {"role": "assistant", "content": "The *Rhine*.\n"},
            ],
        }))
        .unwrap();

        assert_eq!(
            markdown(&session),
            "# rivers\n\n2027-01-15T08:00:00Z\n\n## System\n\nBe terse.\n\n## User\n\nWhich river?\n\n\
             (image/png, 6 B)\n\n## Assistant\n\nThe *Rhine*.\n"
        );
    }

    #[test]
    fn data_is_an_object_or_null() {
        assert_eq!(object("null").unwrap(), None);
        assert_eq!(object("{\"a\": 1}").unwrap().map(Value::Object), Some(json!({"a": 1})));
        assert!(["", "[]", "7", "{"].iter().all(|typed| object(typed).unwrap_err().kind() == Kind::Usage));
    }
}
