//! Which provider and model are meant by what was typed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::prices;
use super::registry::{Provider, Registry};
use crate::error::{Error, Kind, Result};

/// What was typed, and what stands in where nothing was.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// `provider/model`, a bare model or an alias.
    pub model: Option<&'a str>,
    /// The provider, where it is named apart.
    pub provider: Option<&'a str>,
    /// The `default_model` setting.
    pub default_model: Option<&'a str>,
    /// The `[aliases]` setting.
    pub aliases: &'a BTreeMap<String, String>,
}

/// A provider and the model in its own spelling.
pub type Place = (Arc<Provider>, String);

impl Registry {
    /// The provider of this name; an error that names the nearest where there is none.
    pub fn find(&self, name: &str) -> Result<&Arc<Provider>> {
        self.get(name).ok_or_else(|| {
            let unknown = Error::new(Kind::Usage, format!("no provider is called `{name}`"));
            unknown.hint(match nearest(name, self.names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are `{}`", self.names().collect::<Vec<_>>().join("`, `")),
            })
        })
    }

    /// Where a call goes. `has_key` says whether a provider's key is at hand; it is asked only where that decides.
    ///
    /// A model is, in this order: `provider/model` where what stands before the first slash is a provider; a name some
    /// provider lists in `models`; an alias; a name in the price table of a provider's vendor. Without a model it is
    /// `default_model`, and without that the small model of the first provider with a key: `openai`, `anthropic`, `gemini`,
    /// then the others by name, but never `echo`, whose answers should surprise nobody.
    pub fn resolve(&self, asked: &Asked<'_>, has_key: impl Fn(&Provider) -> bool) -> Result<Place> {
        match (asked.model, asked.provider, asked.default_model) {
            (Some(model), Some(name), _) => self.place_at(self.find(name)?, model, asked.aliases, &has_key),
            (Some(model), None, _) | (None, None, Some(model)) => self.place(model, asked.aliases, &has_key),
            (None, Some(name), default) => {
                let provider = self.find(name)?;
                let default = default.and_then(|model| self.place(model, asked.aliases, &has_key).ok());
                if let Some(place) = default.filter(|(owner, _)| owner.name == provider.name) {
                    return Ok(place);
                }
                let model = provider.default_model().ok_or_else(|| {
                    Error::new(Kind::Usage, format!("no model is named for `{name}`"))
                        .hint(format!("write `-m {name}/MODEL`, or list its `models` under `[providers.{name}]`"))
                })?;
                Ok((Arc::clone(provider), model.to_owned()))
            }
            (None, None, None) => self.first_with_key(&has_key),
        }
    }

    /// The first provider with a key that speaks the API most others copy: the vendor itself, then by name.
    pub fn most_copied(&self, has_key: impl Fn(&Provider) -> bool) -> Option<Arc<Provider>> {
        let copied = "openai";
        let first = self.get(copied).into_iter();
        let speaks = self.providers().filter(|provider| provider.kind() == copied);
        // Of one that needs none, nobody can say whether it was meant.
        let mut ready = first.chain(speaks).filter(|provider| !provider.key.sources.is_empty());
        ready.find(|provider| has_key(provider)).cloned()
    }

    fn place(
        &self,
        typed: &str,
        aliases: &BTreeMap<String, String>,
        has_key: &dyn Fn(&Provider) -> bool,
    ) -> Result<Place> {
        let mut name = typed;
        let mut passed = Vec::new();
        loop {
            if let Some(place) = self.named(name)? {
                return Ok(place);
            }
            if let Some(lister) = choose(self.providers().filter(|provider| lists(provider, name)), has_key) {
                return Ok((lister, name.to_owned()));
            }
            let Some(target) = aliases.get(name) else { break };
            passed.push(name);
            if passed.contains(&target.as_str()) {
                let round = format!("`{}` → `{target}`", passed.join("` → `"));
                return Err(Error::new(Kind::Usage, format!("the alias `{typed}` leads nowhere")).because(round));
            }
            name = target;
        }
        let of_vendor =
            |provider: &&Arc<Provider>| provider.vendor().is_some_and(|vendor| prices::find(vendor, name).is_some());
        match choose(self.providers().filter(of_vendor), has_key) {
            Some(provider) => Ok((provider, name.to_owned())),
            None => Err(self.unknown(typed, name, aliases)),
        }
    }

    /// A model for a provider named apart. What it is not known by is the provider's to refuse.
    fn place_at(
        &self,
        provider: &Arc<Provider>,
        model: &str,
        aliases: &BTreeMap<String, String>,
        has_key: &dyn Fn(&Provider) -> bool,
    ) -> Result<Place> {
        let name = &provider.name;
        if model.is_empty() {
            return Err(nameless(name));
        }
        if !lists(provider, model) {
            if let Some(rest) = model.strip_prefix(name.as_str()).and_then(|rest| rest.strip_prefix('/')) {
                return if rest.is_empty() { Err(nameless(name)) } else { Ok((Arc::clone(provider), rest.to_owned())) };
            }
            if aliases.contains_key(model) {
                let (owner, target) = self.place(model, aliases, has_key)?;
                return if owner.name == *name {
                    Ok((owner, target))
                } else {
                    Err(Error::new(Kind::Usage, format!("the alias `{model}` is not for `{name}`"))
                        .because(format!("it stands for `{}/{target}`", owner.name))
                        .hint("leave out the provider, or name the model itself"))
                };
            }
        }
        Ok((Arc::clone(provider), model.to_owned()))
    }

    fn named(&self, name: &str) -> Result<Option<Place>> {
        let Some((prefix, model)) = name.split_once('/') else { return Ok(None) };
        match self.get(prefix) {
            Some(_) if model.is_empty() => Err(nameless(prefix)),
            Some(provider) => Ok(Some((Arc::clone(provider), model.to_owned()))),
            None => Ok(None),
        }
    }

    fn first_with_key(&self, has_key: &dyn Fn(&Provider) -> bool) -> Result<Place> {
        let known = ["openai", "anthropic", "gemini"].into_iter().filter_map(|name| self.get(name));
        let others = self.providers().filter(|provider| !provider.key.sources.is_empty());
        let first = known.chain(others).find(|provider| provider.default_model().is_some() && has_key(provider));
        if let Some((provider, model)) = first.and_then(|provider| Some((provider, provider.default_model()?))) {
            return Ok((Arc::clone(provider), model.to_owned()));
        }
        let mut variables: Vec<&str> = self
            .providers()
            .filter(|provider| provider.needs_key())
            .filter_map(|provider| provider.key.variable())
            .collect();
        variables.sort_unstable();
        variables.dedup();
        let variables = variables.join("` or `");
        Err(Error::new(Kind::Key, "no model is named and no provider has a key")
            .hint(format!("set `{variables}`, set `default_model`, or try `-m echo/echo`, which needs none")))
    }

    fn unknown(&self, typed: &str, name: &str, aliases: &BTreeMap<String, String>) -> Error {
        let mut error = Error::new(Kind::Usage, format!("no provider is known to have the model `{typed}`"));
        if typed != name {
            error = error.because(format!("the alias stands for `{name}`"));
        }
        if typed.is_empty() {
            return error.hint("write `-m provider/model`");
        }
        if let Some(provider) = self.get(name) {
            let model = provider.default_model().unwrap_or("MODEL");
            return error.hint(format!("`{name}` is a provider: write `{name}/{model}`"));
        }
        if let Some((prefix, model)) = name.split_once('/')
            && let Some(near) = nearest(prefix, self.names())
        {
            return error.hint(format!("did you mean `{near}/{model}`?"));
        }
        if let Some((prefix, _)) = name.split_once('/') {
            let known = self.names().collect::<Vec<_>>().join("`, `");
            return error
                .hint(format!("there is no provider `{prefix}`: known are `{known}`; others go under [providers]"));
        }
        let listed = self.providers().flat_map(|provider| provider.models.iter().map(String::as_str));
        let priced = self.providers().filter_map(|provider| provider.vendor());
        let priced = priced.flat_map(|vendor| prices::models(vendor).map(|model| model.name));
        let known = aliases.keys().map(String::as_str).chain(listed).chain(priced);
        error.hint(match nearest(name, known) {
            Some(near) => format!("did you mean `{near}`? a model not known here is written `provider/model`"),
            None => "a model not known here is written `provider/model`".to_owned(),
        })
    }
}

fn nameless(provider: &str) -> Error {
    Error::new(Kind::Usage, format!("no model is named for `{provider}`")).hint(format!("write `{provider}/MODEL`"))
}

fn lists(provider: &Provider, model: &str) -> bool {
    provider.models.iter().any(|listed| listed == model)
}

/// Of several that would do, the first whose key is at hand; else the first.
fn choose<'a>(
    candidates: impl Iterator<Item = &'a Arc<Provider>>,
    has_key: &dyn Fn(&Provider) -> bool,
) -> Option<Arc<Provider>> {
    let candidates: Vec<_> = candidates.collect();
    let ready = if candidates.len() > 1 { candidates.iter().find(|provider| has_key(provider)) } else { None };
    ready.or(candidates.first()).map(|provider| Arc::clone(provider))
}

fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let most = name.chars().count().div_ceil(4);
    let near = known.map(|known| (strsim::damerau_levenshtein(name, known), known));
    near.filter(|(distance, _)| *distance <= most).min().map(|(_, known)| known)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::registry::tests::{at, registry};
    use super::*;

    struct World {
        registry: Registry,
        aliases: BTreeMap<String, String>,
        keys: Vec<&'static str>,
        default_model: Option<&'static str>,
    }

    impl World {
        fn new() -> World {
            let registry = registry([
                ("local", at("openai", "http://127.0.0.1:8080/v1", &["smollm2", "org/tiny"])),
                ("groq", at("openai", "https://api.groq.com/openai/v1", &[])),
                ("router", at("openai", "https://openrouter.ai/api/v1", &[])),
            ]);
            World { registry, aliases: BTreeMap::new(), keys: Vec::new(), default_model: None }
        }

        fn alias(mut self, name: &str, target: &str) -> World {
            self.aliases.insert(name.to_owned(), target.to_owned());
            self
        }

        fn ask(&self, model: Option<&str>, provider: Option<&str>) -> Result<String> {
            let asked = Asked { model, provider, default_model: self.default_model, aliases: &self.aliases };
            let has_key = |provider: &Provider| self.keys.contains(&provider.name.as_str());
            self.registry.resolve(&asked, has_key).map(|(provider, model)| format!("{} {model}", provider.name))
        }

        fn model(&self, model: &str) -> Result<String> {
            self.ask(Some(model), None)
        }
    }

    fn hint(outcome: Result<String>) -> String {
        outcome.unwrap_err().hint_text().unwrap().to_owned()
    }

    #[test]
    fn what_stands_before_the_first_slash_counts_where_it_is_a_provider() {
        let world = World::new();
        assert_eq!(world.model("openai/gpt-99").unwrap(), "openai gpt-99");
        assert_eq!(world.model("router/openai/gpt-4o").unwrap(), "router openai/gpt-4o");
        assert_eq!(world.model("org/tiny").unwrap(), "local org/tiny");
        assert_eq!(world.model("qwen/qwen3.8-27b").unwrap(), "groq qwen/qwen3.8-27b");
    }

    #[test]
    fn a_bare_name_goes_to_who_lists_it_else_to_its_vendor() {
        let world = World::new();
        assert_eq!(world.model("smollm2").unwrap(), "local smollm2");
        assert_eq!(world.model("gpt-4o").unwrap(), "openai gpt-4o");
        assert_eq!(world.model("claude-haiku-4-5").unwrap(), "anthropic claude-haiku-4-5");
        assert_eq!(world.model("echo").unwrap(), "echo echo");
    }

    #[test]
    fn of_two_that_list_a_name_the_one_with_a_key_is_asked() {
        let mut world = World::new();
        world.registry = registry([
            ("a", at("openai", "http://127.0.0.1:1/v1", &["m"])),
            ("b", at("openai", "http://127.0.0.1:2/v1", &["m"])),
        ]);
        assert_eq!(world.model("m").unwrap(), "a m");
        world.keys = vec!["b"];
        assert_eq!(world.model("m").unwrap(), "b m");
    }

    #[test]
    fn an_alias_stands_for_its_target_through_others_too() {
        let world = World::new().alias("fast", "quick").alias("quick", "openai/gpt-4o-mini");
        assert_eq!(world.model("fast").unwrap(), "openai gpt-4o-mini");
    }

    #[test]
    fn an_alias_comes_before_the_price_table_and_after_the_providers() {
        let world = World::new().alias("gpt-4o", "local/smollm2").alias("smollm2", "openai/gpt-4o");
        assert_eq!(world.model("gpt-4o").unwrap(), "local smollm2");
        assert_eq!(world.model("smollm2").unwrap(), "local smollm2");
    }

    #[test]
    fn aliases_in_a_circle_are_told_apart() {
        let world = World::new().alias("a", "b").alias("b", "a").alias("c", "c");
        let circle = world.model("a").unwrap_err();
        assert_eq!(circle.kind(), Kind::Usage);
        assert_eq!(circle.cause(), Some("`a` → `b` → `a`"));
        assert_eq!(world.model("c").unwrap_err().cause(), Some("`c` → `c`"));
    }

    #[test]
    fn a_provider_named_apart_takes_any_model() {
        let world = World::new().alias("fast", "openai/gpt-4o-mini");
        assert_eq!(world.ask(Some("openai/gpt-4o"), Some("router")).unwrap(), "router openai/gpt-4o");
        assert_eq!(world.ask(Some("openai/gpt-4o"), Some("openai")).unwrap(), "openai gpt-4o");
        assert_eq!(world.ask(Some("fast"), Some("openai")).unwrap(), "openai gpt-4o-mini");
        assert_eq!(world.ask(Some("fast"), Some("local")).unwrap_err().kind(), Kind::Usage);
    }

    #[test]
    fn a_provider_without_a_model_uses_the_default_that_is_its_own() {
        let mut world = World::new();
        assert_eq!(world.ask(None, Some("anthropic")).unwrap(), "anthropic claude-haiku-4-5");
        assert_eq!(world.ask(None, Some("local")).unwrap(), "local smollm2");
        assert_eq!(world.ask(None, Some("router")).unwrap_err().kind(), Kind::Usage);
        world.default_model = Some("openai/gpt-4o");
        assert_eq!(world.ask(None, Some("openai")).unwrap(), "openai gpt-4o");
        assert_eq!(world.ask(None, Some("anthropic")).unwrap(), "anthropic claude-haiku-4-5");
    }

    #[test]
    fn nothing_typed_is_the_default_model_else_the_first_with_a_key() {
        let mut world = World::new();
        world.keys = vec!["anthropic", "local"];
        assert_eq!(world.ask(None, None).unwrap(), "anthropic claude-haiku-4-5");
        world.keys = vec!["anthropic", "openai"];
        assert_eq!(world.ask(None, None).unwrap(), "openai gpt-4o-mini");
        world.keys = vec!["local"];
        assert_eq!(world.ask(None, None).unwrap(), "local smollm2");
        world.default_model = Some("echo/echo");
        assert_eq!(world.ask(None, None).unwrap(), "echo echo");
    }

    #[test]
    fn no_key_at_all_says_how_to_go_on() {
        let world = World::new();

        let error = world.ask(None, None).unwrap_err();

        assert_eq!(error.kind().exit_code(), 4);
        for way in ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "-m echo/echo"] {
            assert!(error.hint_text().unwrap().contains(way), "{error:?}");
        }
    }

    #[test]
    fn an_unknown_name_is_met_with_the_nearest() {
        let world = World::new().alias("favourite", "openai/gpt-4o");
        assert_eq!(hint(world.ask(Some("m"), Some("opnai"))), "did you mean `openai`?");
        assert_eq!(hint(world.model("opneai/gpt-4o")), "did you mean `openai/gpt-4o`?");
        assert!(hint(world.model("favorite")).contains("`favourite`"));
        assert!(hint(world.model("smolm2")).contains("`smollm2`"));
        assert!(hint(world.model("gpt-4o-mimi")).contains("`gpt-4o-mini`"));
        assert!(hint(world.model("anthropic")).contains("`anthropic/claude-haiku-4-5`"));
        assert!(hint(world.model("openai/")).contains("`openai/MODEL`"));
        assert_eq!(world.model("").unwrap_err().kind(), Kind::Usage);
        assert_eq!(world.model("utterly-unheard-of").unwrap_err().kind(), Kind::Usage);
    }

    #[test]
    fn an_alias_to_an_unknown_model_names_both() {
        let error = World::new().alias("fast", "gpt-nope").model("fast").unwrap_err();
        assert!(error.to_string().contains("`fast`") && error.to_string().contains("`gpt-nope`"));
    }
}
