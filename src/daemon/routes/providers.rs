//! `GET /llm/models` and `GET /llm/providers`: what can be asked, and what it costs.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use futures_util::future::join_all;

use super::asker::Asker;
use super::checking::check;
use super::entries::read_query;
use crate::api::SCHEMA_VERSION;
use crate::api::status::{ModelStatus, ModelsReply, ProviderStatus, ProvidersQuery, ProvidersReply};
use crate::daemon::reply::{Refused, told};
use crate::daemon::state::Daemon;
use crate::error::Result;
use crate::money::TokenPrice;
use crate::pipeline::SentKey;
use crate::pipeline::admit::Class;
use crate::pipeline::breaker::LeftAlone;
use crate::provider::prices;
use crate::provider::registry::{Provider, Registry};

/// Every model named in the settings or the price table.
pub async fn models(State(daemon): State<Arc<Daemon>>, asker: Asker) -> Result<Response, Refused> {
    let standing = asker.admit(&daemon, Class::Standard).await?;
    let registry = &asker.house.registry;
    let models = registry.providers().flat_map(|provider| models_of(registry, provider)).collect();
    let prices_as_of = prices::COLLECTED.to_owned();
    Ok(told(standing, &ModelsReply { schema_version: SCHEMA_VERSION, prices_as_of, models }))
}

fn models_of(registry: &Registry, provider: &Arc<Provider>) -> Vec<ModelStatus> {
    let listed = prices::vendor(&provider.base_url).into_iter().flat_map(prices::models);
    let mut names: Vec<String> = provider.models.clone();
    names.extend(listed.filter(|model| model.mode != "embedding").map(|model| model.name.to_owned()));
    names.sort();
    names.dedup();
    names.into_iter().map(|name| model_status(registry, provider, name)).collect()
}

fn model_status(registry: &Registry, provider: &Arc<Provider>, model: String) -> ModelStatus {
    let price = registry.price(provider, &model);
    let facts = prices::vendor(&provider.base_url).and_then(|vendor| prices::find(vendor, &model));
    let dollars = |price: Option<TokenPrice>| price.map(TokenPrice::dollars_per_million);
    ModelStatus {
        provider: provider.name.clone(),
        priced: price.is_some(),
        input: dollars(price.map(|price| price.input)),
        output: dollars(price.map(|price| price.output)),
        cached_input: dollars(price.and_then(|price| price.cached_input)),
        cache_write: dollars(price.and_then(|price| price.cache_write)),
        price_source: registry.price_source(provider, &model).map(str::to_owned),
        max_input_tokens: facts.and_then(|facts| facts.max_input_tokens),
        max_output_tokens: facts.and_then(|facts| facts.max_output_tokens),
        model,
    }
}

/// Every provider, and whether there is a key for it; where that is wanted, whether it works.
pub async fn providers(State(daemon): State<Arc<Daemon>>, asker: Asker, uri: Uri) -> Result<Response, Refused> {
    let query: ProvidersQuery = read_query(&uri)?;
    let standing = asker.admit(&daemon, Class::Standard).await?;
    let alone = daemon.pipeline.breakers.left_alone();
    let status = async |provider: &Arc<Provider>| {
        let sent = asker.key_for(&provider.name);
        let found = matches!(sent, SentKey::Given(_)) || provider.may_have_key(sent == SentKey::Unsaid);
        let can_be_asked = provider.is_at_an_address() && (found || !provider.needs_key());
        let is_it = |alone: &&LeftAlone| alone.name == provider.name && alone.base_url == provider.base_url;
        ProviderStatus {
            name: provider.name.clone(),
            kind: provider.dialect.kind().to_owned(),
            base_url: provider.base_url.clone(),
            has_key: provider.needs_key().then_some(found),
            models: provider.models.clone(),
            left_alone: alone.iter().find(is_it).map(LeftAlone::sentence),
            check: match query.check && can_be_asked {
                true => Some(check(provider, sent).await),
                false => None,
            },
        }
    };
    let providers = join_all(asker.house.registry.providers().map(status)).await;
    Ok(told(standing, &ProvidersReply { schema_version: SCHEMA_VERSION, providers }))
}
