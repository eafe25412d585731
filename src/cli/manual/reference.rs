//! Pages on what is no command: the settings, the API, the exit codes. Each is made from the table that is in force, so
//! that none can fall behind.

use std::collections::BTreeMap;

use clap_mangen::roff::{Inline, Roff, bold, roman};
use serde_json::Value;

use crate::config::Settings;
use crate::config::keys::KEYS;
use crate::config::schema::{Known, Scope};
use crate::error::Kind;

/// `llmc-config(5)`: every key of the settings.
pub fn config() -> String {
    let mut page = begun("LLMC-CONFIG", "5", "llmc-config", "the settings of llmc");
    section(&mut page, "DESCRIPTION");
    paragraph(
        &mut page,
        "The settings are a TOML file: config.toml in $XDG_CONFIG_HOME/llmc, or the file that --config or \
        LLMC_CONFIG names. `llmc config init` writes one with comments, `llmc config show --origin` tells every value and \
        where it comes from, and `llmc config check` what is wrong.",
    );
    paragraph(
        &mut page,
        "In force is the flag, then the variable, then the project's .llmc.toml (the nearest one upward), \
        then this file, then what is built in. A project's file may set the keys marked so below, and nothing that says \
        where prompts and keys go.",
    );
    paragraph(
        &mut page,
        "A duration is written as `90s`, `1h 30m` or `7d`; a size as `64MiB` or `1GiB`; a price as a table of \
        US dollars per million tokens: input, output, cached_input, cache_write. A star stands for a name of your own.",
    );
    let mut settings = Settings::default();
    let mut table = None;
    for known in KEYS {
        let own = known.path.rsplit_once('.').map_or("", |(table, _)| table);
        if table != Some(own) {
            section(&mut page, &if own.is_empty() { "AT THE TOP".to_owned() } else { format!("[{own}]") });
            table = Some(own);
        }
        key(&mut page, known, &mut settings);
    }
    ended(page, &["llmc(1)", "llmc-config-show(1)", "llmc-config-set(1)"])
}

fn key(page: &mut Roff, known: &Known, settings: &mut Settings) {
    page.control("TP", []).text([bold(known.path), roman(format!(" ({})", known.takes()))]).text([roman(known.about)]);
    let built_in = known.value(settings, "").filter(|_| !known.path.contains('*'));
    let default = match (built_in, known.example) {
        (Some(value), _) => format!("Built in: {}.", value.toml().to_string().trim()),
        (None, "") => "Not set.".to_owned(),
        (None, example) => format!("Not set; for example {example}."),
    };
    page.control("br", []).text([roman(default)]);
    let variables: Vec<&str> = known.variable.into_iter().chain(known.flag_variable).collect();
    if !variables.is_empty() {
        page.control("br", []).text([roman(format!("Variable: {}.", variables.join(", for one call ")))]);
    }
    if known.scope == Scope::Call {
        page.control("br", []).text([roman("A project may set it.")]);
    }
}

/// `llmc-exit-codes(7)`: why a command ended as it did.
pub fn exit_codes() -> String {
    let mut page = begun("LLMC-EXIT-CODES", "7", "llmc-exit-codes", "why a command of llmc ended as it did");
    section(&mut page, "DESCRIPTION");
    paragraph(
        &mut page,
        "A failure is told in two lines on standard error, what failed and what to do; with --json as one \
        object whose `type` is the word in brackets. Over the socket and over TCP the same word comes with the HTTP status \
        beside it.",
    );
    let mut codes: BTreeMap<u8, Vec<Kind>> = BTreeMap::new();
    Kind::ALL.iter().for_each(|kind| codes.entry(kind.exit_code()).or_default().push(*kind));
    section(&mut page, "EXIT CODES");
    page.control("TP", []).text([bold("0")]).text([roman("Done.")]);
    for (code, kinds) in codes {
        page.control("TP", []).text([bold(code.to_string())]);
        for (at, kind) in kinds.iter().enumerate() {
            if at > 0 {
                page.control("br", []);
            }
            page.text([roman(format!("{} [{}, HTTP {}]", kind.about(), kind.name(), kind.http_status()))]);
        }
    }
    for (code, about) in [("130", "Interrupted (Ctrl-C)."), ("143", "Terminated.")] {
        page.control("TP", []).text([bold(code)]).text([roman(about)]);
    }
    paragraph(
        &mut page,
        "`llmc exec` ends as its program does: with the program's code, or with 128 and the number of the \
        signal that ended it. `llmc doctor` ends with 1 where it found a problem, `llmc batch` with 9 where a line failed.",
    );
    ended(page, &["llmc(1)", "llmc-api(7)"])
}

/// `llmc-api(7)`: what can be asked over the socket, from the OpenAPI document.
pub fn api(document: &Value) -> String {
    let mut page = begun("LLMC-API", "7", "llmc-api", "the API of the daemon of llmc");
    section(&mut page, "DESCRIPTION");
    paragraph(
        &mut page,
        "The daemon speaks HTTP/1.1 with JSON on its Unix socket (`llmc daemon status --json` names it) and, \
        where http.listen is set, on a loopback port, with the token of `llmc daemon token`. GET /openapi.json is all of this \
        for programs, with every type.",
    );
    paragraph(
        &mut page,
        "Errors are {\"error\": {\"type\", \"message\", \"cause\", \"hint\"}}; the types are those of \
        llmc-exit-codes(7). Answers carry Llmc-Key and Cache-Status (RFC 9211).",
    );
    section(&mut page, "REQUESTS");
    for (path, operations) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in operations.as_object().into_iter().flatten() {
            // The vendors' own paths take every method alike: told once.
            if operation["responses"]["default"]["content"].is_null() && method != "post" {
                continue;
            }
            request(&mut page, document, &heading(method, path, operation), operation);
        }
    }
    ended(page, &["llmc(1)", "llmc-daemon-token(1)", "llmc-exit-codes(7)"])
}

fn heading(method: &str, path: &str, operation: &Value) -> String {
    let is_any = operation["responses"]["default"]["content"].is_null();
    format!("{} {path}", if is_any { "ANY".to_owned() } else { method.to_uppercase() })
}

fn request(page: &mut Roff, document: &Value, heading: &str, operation: &Value) {
    let about = operation["summary"].as_str().unwrap_or_default();
    page.control("TP", []).text([bold(heading)]).text([roman(format!("{about}."))]);
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let in_query = parameters.filter(|parameter| parameter["in"] == "query");
    let query: Vec<(String, String)> =
        in_query.map(|parameter| (text(&parameter["name"]), text(&parameter["schema"]["description"]))).collect();
    members(page, "Query:", &query);
    let bodies = operation["requestBody"]["content"].as_object().into_iter().flatten();
    for (_, body) in bodies {
        members(page, "Body:", &properties(document, &body["schema"]));
    }
}

/// The members of a type, each with what it means.
fn properties(document: &Value, schema: &Value) -> Vec<(String, String)> {
    let reference = schema["$ref"].as_str().map(|path| path.trim_start_matches('#'));
    let described = reference.and_then(|path| document.pointer(path)).unwrap_or(schema);
    let members = described["properties"].as_object().into_iter().flatten();
    members.map(|(name, member)| (name.clone(), text(&member["description"]))).collect()
}

fn members(page: &mut Roff, heading: &str, members: &[(String, String)]) {
    if members.is_empty() {
        return;
    }
    page.control("RS", []).control("PP", []).text([roman(heading)]);
    for (name, about) in members {
        page.control("TP", []).text([bold(name)]).text([roman(if about.is_empty() {
            "As the name says."
        } else {
            about
        })]);
    }
    page.control("RE", []);
}

/// A text in one line.
fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn begun(title: &str, number: &str, name: &str, about: &str) -> Roff {
    let mut page = Roff::new();
    let version = format!("llmc {}", env!("CARGO_PKG_VERSION"));
    page.control("TH", [title, number, "", &version, "llmc manual"]);
    section(&mut page, "NAME");
    page.text([roman(format!("{name} - {about}"))]);
    page
}

fn section(page: &mut Roff, name: &str) {
    page.control("SH", [name]);
}

fn paragraph(page: &mut Roff, text: &str) {
    page.control("PP", []).text([roman(text)]);
}

fn ended(mut page: Roff, others: &[&str]) -> String {
    section(&mut page, "SEE ALSO");
    let mut named: Vec<Inline> = Vec::new();
    for (at, (name, number)) in others.iter().filter_map(|other| other.split_once('(')).enumerate() {
        let comma = if at > 0 { ", " } else { "" };
        named.extend([roman(comma), bold(name), roman(format!("({number}"))]);
    }
    page.text(named);
    page.render()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_stands_in_the_page_with_its_variable() {
        let page = config().replace("\\-", "-");

        for known in KEYS {
            assert!(page.contains(&format!("\\fB{}\\fR ({})", known.path, known.takes())), "{}", known.path);
            assert!(known.variable.is_none_or(|variable| page.contains(variable)), "{}", known.path);
        }
    }

    #[test]
    fn every_kind_of_failure_stands_in_the_page_on_exit_codes() {
        let page = exit_codes();

        for kind in Kind::ALL {
            assert!(page.contains(&format!("[{}, HTTP {}]", kind.name(), kind.http_status())), "{kind:?}");
        }
    }
}
