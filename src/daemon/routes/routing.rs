//! A native request as a route: the exchange it asks for, and those to fall back on.

use std::time::Duration;

use super::asker::Asker;
use super::exchange::exchange;
use crate::api::generate::{GenerateRequest, RoutingMode};
use crate::error::{Error, Kind, Result};
use crate::pipeline::Exchange;
use crate::pipeline::route::Route;

/// The longest chain.
const MOST: usize = 8;

/// Where another model waits to be asked, one is asked twice at most, and not waited for longer than this between.
const HURRIED_ATTEMPTS: u32 = 2;
const HURRIED_DELAY: Duration = Duration::from_secs(2);

/// The route a request asks for. Every exchange of it is written before any is asked, so that what cannot be asked of a
/// fallback is known at once.
pub fn route(mut request: GenerateRequest, asker: &Asker) -> Result<Route> {
    let configured = &asker.house.settings.routing.fallback;
    let chain = chain(request.routing_mode.take(), std::mem::take(&mut request.fallback), configured)?;
    if chain.is_empty() {
        return Ok(Route { first: exchange(request, asker)?, fallbacks: Vec::new() });
    }
    let says_retries = request.retries.is_some();
    let mut first = exchange(request.clone(), asker)?;
    let mut fallbacks: Vec<Exchange> = Vec::new();
    for model in chain {
        let asked = GenerateRequest { model: Some(model.clone()), provider: None, ..request.clone() };
        let fallback = exchange(asked, asker).map_err(|error| {
            let failed = Error::new(error.kind(), format!("the fallback `{model}` cannot be asked")).because(&error);
            failed.hint(error.hint_text().unwrap_or("name another, or none: `--no-fallback`"))
        })?;
        let is_it = |known: &Exchange| known.provider.name == fallback.provider.name && known.model == fallback.model;
        if !is_it(&first) && !fallbacks.iter().any(is_it) {
            fallbacks.push(fallback);
        }
    }
    // Who says how often it is to be tried is taken at their word.
    if let Some((_, hurried)) = fallbacks.split_last_mut().filter(|_| !says_retries) {
        for exchange in std::iter::once(&mut first).chain(hurried) {
            exchange.retry.max_attempts = exchange.retry.max_attempts.min(HURRIED_ATTEMPTS);
            exchange.retry.max_delay = exchange.retry.max_delay.min(HURRIED_DELAY);
        }
    }
    Ok(Route { first, fallbacks })
}

/// The models to fall back on.
fn chain(mode: Option<RoutingMode>, asked: Vec<String>, configured: &[String]) -> Result<Vec<String>> {
    let chain = match (mode, asked.is_empty()) {
        (Some(RoutingMode::SingleModel), true) => Vec::new(),
        (Some(RoutingMode::SingleModel), false) => {
            return Err(Error::new(Kind::Usage, "`fallback` is given, and `routingMode` is `single-model`")
                .hint("leave one of them out"));
        }
        (_, false) => asked,
        (_, true) => configured.to_vec(),
    };
    if chain.is_empty() && mode == Some(RoutingMode::Fallback) {
        return Err(Error::new(Kind::Usage, "there is nothing to fall back on")
            .hint("give `fallback`, or set it under [routing]"));
    }
    if chain.len() > MOST {
        return Err(
            Error::new(Kind::Usage, "too many fallbacks").because(format!("{}, and {MOST} is the most", chain.len()))
        );
    }
    Ok(chain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn models(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn what_is_asked_for_comes_before_what_is_configured() {
        let configured = models(&["a"]);
        let single = Some(RoutingMode::SingleModel);

        assert_eq!(chain(None, models(&["b", "c"]), &configured), Ok(models(&["b", "c"])));
        assert_eq!(chain(None, Vec::new(), &configured), Ok(models(&["a"])));
        assert_eq!(chain(single, Vec::new(), &configured), Ok(Vec::new()));
        assert!(chain(single, models(&["b"]), &[]).is_err());
        assert!(chain(Some(RoutingMode::Fallback), Vec::new(), &[]).is_err());
        assert!(chain(None, models(&["x"; 9]), &[]).is_err());
    }
}
