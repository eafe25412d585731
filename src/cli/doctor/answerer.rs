//! What the daemon knows, or this process where none runs: the store, clocks, limits and budgets, keys, providers.

use serde::de::DeserializeOwned;

use super::Finding;
use crate::api::PROTOCOL;
use crate::api::status::{
    BudgetStatus, CheckupReply, LimitStatus, LimitsReply, ProviderStatus, ProvidersReply, StatusReply,
};
use crate::cli::context::{Context, read_json};
use crate::cli::table::{bytes, count, dollars, entries, millis, span};
use crate::client::{self, Alive, Asked, Line, SocketLine};
use crate::config::{Environment, Settings, paths};
use crate::error::Result;

/// Clocks further apart than this make limits and ages wrong.
const APART: i64 = 5_000;

/// A store that takes longer costs more than a hit saves in comfort.
const SLOW: f64 = 50.0;

/// From this share of its room on, a cache drops what was not used for long.
const NEARLY_FULL: f64 = 0.95;

/// Who there is to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// A daemon that speaks this protocol.
    Daemon,
    /// Nobody: this process looks for itself.
    Nobody,
    /// A daemon that cannot be asked, and has the data.
    Unaskable,
}

/// Whether a daemon runs, answers, and is of this program's version.
pub fn daemon(environment: &Environment, does_without: bool) -> (Vec<Finding>, Presence) {
    if does_without {
        return (vec![Finding::ok("daemon", "not asked: `--no-daemon`")], Presence::Nobody);
    }
    let peeked = paths::socket(environment).and_then(|socket| Ok((client::peek(&socket)?, socket)));
    match peeked {
        Err(error) => (vec![Finding::failure("daemon", &error)], Presence::Nobody),
        Ok((Alive::Stuck, socket)) => (vec![Finding::failure("daemon", &client::stuck(&socket))], Presence::Unaskable),
        Ok((Alive::No, socket)) if client::is_claimed(&socket).unwrap_or(false) => {
            let advice = "wait a moment; where it stays so, `llmc daemon restart`";
            (vec![Finding::warning("daemon", "one is starting or stopping", advice)], Presence::Unaskable)
        }
        Ok((Alive::No, _)) => {
            (vec![Finding::ok("daemon", "none runs; the next `llmc generate` starts one")], Presence::Nobody)
        }
        Ok((Alive::Yes(status), _)) => running(&status),
    }
}

fn running(status: &StatusReply) -> (Vec<Finding>, Presence) {
    let own = env!("CARGO_PKG_VERSION");
    let StatusReply { version, protocol, pid, uptime_seconds, .. } = status;
    let found = format!("process {pid}, version {version}, protocol {protocol}, for {}", span(*uptime_seconds));
    let presence = if *protocol == PROTOCOL && !status.draining { Presence::Daemon } else { Presence::Unaskable };
    let mut findings = vec![if *protocol != PROTOCOL {
        let advice = "the next `llmc generate` replaces it, or `llmc daemon restart`";
        Finding::warning("daemon", format!("{found}; this program is {own}, protocol {PROTOCOL}"), advice)
    } else if version != own {
        Finding::warning("daemon", format!("{found}; this program is {own}"), "`llmc daemon restart`")
    } else if status.draining {
        Finding::warning("daemon", format!("{found}, stopping"), "wait until it has finished")
    } else {
        Finding::ok("daemon", found)
    }];
    let advice = "the log says more: `llmc daemon logs`";
    findings.extend(status.degraded.iter().map(|trouble| Finding::warning("daemon", trouble.clone(), advice)));
    (findings, presence)
}

/// Asks whoever there is about all the rest.
pub fn all(context: &Context<'_>, presence: Presence, is_offline: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    let line: Result<Box<dyn Line>> = match presence {
        Presence::Unaskable => {
            let found = "not looked at, nor were limits, keys and providers: the daemon cannot be asked";
            return vec![Finding::warning("store", found, "look again when it can")];
        }
        Presence::Daemon => SocketLine::new(&context.environment, false).map(|line| Box::new(line) as Box<dyn Line>),
        Presence::Nobody => context.inside().map(|inside| {
            let advice = "see to the folder that is named";
            findings.extend(inside.warning.map(|warning| Finding::problem("store", warning, advice)));
            inside.line
        }),
    };
    let mut line = match line {
        Ok(line) => line,
        Err(error) => return vec![Finding::failure("store", &error)],
    };
    if presence == Presence::Nobody
        && let Ok(status) = ask::<StatusReply>(context, &mut *line, "/status")
    {
        let advice = "nothing else is to be done; the file set aside can be removed";
        findings.extend(status.degraded.into_iter().map(|trouble| Finding::warning("store", trouble, advice)));
    }
    match ask::<CheckupReply>(context, &mut *line, "/checkup") {
        Ok(checkup) => findings.extend(store(&checkup)),
        Err(error) => findings.push(Finding::failure("store", &error)),
    }
    match ask::<LimitsReply>(context, &mut *line, "/limits") {
        Ok(reply) => {
            findings.push(limits(&reply.limits));
            findings.extend(reply.budgets.iter().map(budget));
        }
        Err(error) => findings.push(Finding::failure("limits", &error)),
    }
    let path = if is_offline { "/llm/providers" } else { "/llm/providers?check=true" };
    match ask::<ProvidersReply>(context, &mut *line, path) {
        Ok(reply) => {
            findings.push(keys(&reply.providers, &context.settings.settings));
            findings.extend(providers(&reply.providers, is_offline));
        }
        Err(error) => findings.push(Finding::failure("providers", &error)),
    }
    findings
}

fn ask<T: DeserializeOwned>(context: &Context<'_>, line: &mut dyn Line, path: &str) -> Result<T> {
    let asked = Asked { method: "GET", path: path.to_owned(), ..Asked::default() };
    read_json(&context.ask_by(line, asked)?.read_body()?)
}

fn store(checkup: &CheckupReply) -> Vec<Finding> {
    let mut findings = Vec::new();
    let backend = &checkup.store.backend;
    findings.push(match checkup.store.latency_ms {
        Some(took) if took > SLOW => {
            let advice = "look at its load, or raise `store.timeout` where it is far away";
            Finding::warning("store", format!("{backend} answers, in {}", millis(took)), advice)
        }
        Some(took) => Finding::ok("store", format!("{backend} answers in {}", millis(took))),
        None => Finding::problem("store", format!("{backend} does not answer"), "see that it runs, and `store.url`"),
    });
    let advice = "take away `llmc.sqlite`, and a new one is begun; `llmc cache export` first saves what can be read";
    match checkup.damage.as_deref() {
        None => {}
        Some([]) => findings.push(Finding::ok("database", "sound, every page")),
        Some(damage) => findings.push(Finding::problem("database", format!("damaged: {}", damage.join("; ")), advice)),
    }
    let kept = format!("{}, {}", entries(checkup.entries), bytes(checkup.bytes));
    findings.push(match checkup.max_bytes {
        Some(most) if checkup.bytes as f64 > most as f64 * NEARLY_FULL => {
            let found = format!("{kept} of {}: least recently used answers go", bytes(most));
            Finding::warning("size", found, "raise `cache.max_size`, or `llmc cache purge` what is not needed")
        }
        Some(most) => Finding::ok("size", format!("{kept} of {}", bytes(most))),
        None => Finding::ok("size", kept),
    });
    let keeps_limits = |policy: &str| policy == "noeviction" || policy.starts_with("volatile-");
    match checkup.eviction.as_deref() {
        // Its own sentence is among the warnings below.
        Some(policy) if keeps_limits(policy) => {
            findings.push(Finding::ok("eviction", format!("maxmemory-policy {policy}")));
        }
        Some(_) | None => {}
    }
    let advice = "change it in the server's settings";
    findings.extend(checkup.warnings.iter().map(|warning| Finding::warning("eviction", warning.clone(), advice)));
    findings.extend(checkup.clock_ahead_ms.map(|ahead| clock(backend, ahead)));
    findings
}

fn clock(whose: &str, ahead: i64) -> Finding {
    let apart = span(ahead.unsigned_abs() / 1000);
    if ahead.abs() <= APART {
        return Finding::ok("clock", format!("agrees with that of {whose}"));
    }
    let found = format!("{apart} {} that of {whose}", if ahead > 0 { "behind" } else { "ahead of" });
    Finding::warning("clock", found, "set this machine's clock by NTP, or that one")
}

fn limits(limits: &[LimitStatus]) -> Finding {
    let one = |limit: &LimitStatus| {
        let window = span(limit.window_seconds as u64);
        format!("{} {} of {} left in {window}", limit.class, limit.remaining, limit.limit)
    };
    let found = limits.iter().map(one).collect::<Vec<_>>().join(", ");
    if limits.iter().any(|limit| limit.remaining == 0) {
        return Finding::warning("limits", found, "wait, use `--wait`, or raise it under [rate_limit]");
    }
    Finding::ok("limits", found)
}

fn budget(budget: &BudgetStatus) -> Finding {
    let whose = budget.namespace.as_ref().map_or(String::new(), |namespace| format!(" of `{namespace}`"));
    let (left, limit) = (dollars(budget.left_usd), dollars(budget.limit_usd));
    let found = format!("{}{whose}: {left} of {limit} left", budget.period);
    if budget.left_usd <= 0.0 {
        return Finding::warning("budget", found, "calls are refused until it begins anew, or raise it under [budget]");
    }
    Finding::ok("budget", found)
}

/// Which providers there is a key for; never the key.
fn keys(providers: &[ProviderStatus], settings: &Settings) -> Finding {
    let with = |found: bool| {
        let names = providers.iter().filter(move |provider| provider.has_key == Some(found));
        names.map(|provider| provider.name.as_str()).collect::<Vec<_>>()
    };
    let (found, missing) = (with(true), with(false));
    let default = settings.default_model.as_deref().map(|model| settings.aliases.get(model).map_or(model, |it| it));
    let by_default = default.and_then(|model| model.split_once('/')).map(|(provider, _)| provider);
    let list = |names: &[&str]| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let told = format!("found: {}; missing: {}", list(&found), list(&missing));
    match by_default {
        Some(name) if missing.contains(&name) => {
            let advice = format!("`default_model` is at `{name}`: set its key in the environment");
            Finding::warning("keys", told, advice)
        }
        None if found.is_empty() && !missing.is_empty() => {
            Finding::warning("keys", told, "set one in the environment, such as OPENAI_API_KEY")
        }
        _ => Finding::ok("keys", told),
    }
}

fn providers(providers: &[ProviderStatus], is_offline: bool) -> Vec<Finding> {
    let alone = providers.iter().filter_map(|provider| provider.left_alone.as_ref());
    let advice = "`llmc providers --check` tries each";
    let mut findings: Vec<Finding> = alone.map(|told| Finding::warning("providers", told.clone(), advice)).collect();
    if is_offline {
        findings.push(Finding::ok("providers", "not asked: `--offline`"));
        return findings;
    }
    let checked: Vec<_> = providers.iter().filter_map(|it| Some((&it.name, it.check.as_ref()?))).collect();
    if checked.is_empty() {
        findings.push(Finding::ok("providers", format!("{}, none to be asked", count_of(providers.len()))));
    }
    for (name, check) in checked {
        let detail = check.detail.as_ref().map_or(String::new(), |detail| format!(": {detail}"));
        findings.push(if check.ok {
            let took = check.latency_ms.map_or(String::new(), |took| format!(" in {}", millis(took)));
            Finding::ok("providers", format!("`{name}` answers{took}{detail}"))
        } else {
            Finding::problem("providers", format!("`{name}` fails{detail}"), "look at its `base_url` and at its key")
        });
        let apart = check.clock_ahead_ms.filter(|ahead| ahead.abs() > APART);
        findings.extend(apart.map(|ahead| clock(&format!("`{name}`"), ahead)));
    }
    findings
}

fn count_of(number: usize) -> String {
    count(number as u64, "provider", "providers")
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn clocks_that_disagree_are_told_with_the_direction() {
        assert_eq!(clock("redis", 4_900).state, State::Ok);
        let behind = clock("redis", 65_000);
        assert_eq!((behind.state, behind.found.as_str()), (State::Warning, "1m 5s behind that of redis"));
        assert_eq!(clock("redis", -7_000).found, "7s ahead of that of redis");
    }

    #[test]
    fn a_daemon_of_another_version_is_told_and_one_of_another_protocol_not_asked() {
        let status = |version: &str, protocol: u32| -> StatusReply {
            let store = serde_json::json!({"backend": "memory", "healthy": true, "latencyMs": 0.1});
            let status = serde_json::json!({"version": version, "protocol": protocol, "pid": 1, "uptimeSeconds": 1, "store": store});
            serde_json::from_value(status).unwrap()
        };

        let (same, asked) = running(&status(env!("CARGO_PKG_VERSION"), PROTOCOL));
        assert_eq!((same[0].state, asked), (State::Ok, Presence::Daemon));
        let (older, asked) = running(&status("0.0.1", PROTOCOL));
        assert_eq!((older[0].state, asked), (State::Warning, Presence::Daemon));
        let (foreign, asked) = running(&status("9.0.0", PROTOCOL + 1));
        assert_eq!((foreign[0].state, asked), (State::Warning, Presence::Unaskable));
    }

    #[test]
    fn a_cache_that_is_nearly_full_and_a_file_that_is_damaged_are_told() {
        let checkup = serde_json::json!({
            "schemaVersion": 1, "store": {"backend": "embedded", "healthy": true, "latencyMs": 0.1}, "entries": 3,
            "bytes": 99, "maxBytes": 100, "damage": ["row 2 missing"], "eviction": null, "clockAheadMs": null,
            "warnings": [],
        });

        let findings = store(&serde_json::from_value(checkup).unwrap());

        let states: Vec<_> = findings.iter().map(|finding| (finding.about, finding.state)).collect();
        assert_eq!(states, [("store", State::Ok), ("database", State::Problem), ("size", State::Warning)]);
    }
}
