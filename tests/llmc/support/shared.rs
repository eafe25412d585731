//! Shared stores made as the settings would make them.

use llmc::config::environment::Environment;
use llmc::config::settings::{Backend, Settings};
use llmc::store::shared::{self, Shared};

use super::rest::{Rest, TOKEN};

/// The store at an address, under a prefix.
pub fn redis(url: &str, prefix: &str) -> Shared {
    store(Backend::Redis, "LLMC_REDIS_URL", url, prefix)
}

/// The store behind a REST server.
pub fn upstash(rest: &Rest, prefix: &str) -> Shared {
    store(Backend::Upstash, "UPSTASH_REDIS_REST_URL", &rest.url, prefix)
}

fn store(backend: Backend, variable: &'static str, url: &str, prefix: &str) -> Shared {
    let name = match backend {
        Backend::Upstash => "upstash",
        _ => "redis",
    };
    let environment = Environment::new(
        [
            (variable, url),
            ("LLMC_STORE_BACKEND", name),
            ("LLMC_CACHE_PREFIX", prefix),
            ("UPSTASH_REDIS_REST_TOKEN", TOKEN),
        ],
        None,
    );
    let settings: Settings = llmc::config::load(&environment).unwrap().settings;
    assert_eq!(settings.store.backend, backend);
    let (store, warnings) = shared::connect(&settings, &environment).unwrap();
    assert_eq!(warnings, Vec::<String>::new());
    store
}
