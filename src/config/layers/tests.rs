//! Which layer wins, and what is said of a setting nobody knows or can read.

use std::fs;
use std::time::Duration;

use super::*;

struct World {
    root: tempfile::TempDir,
    variables: Vec<(String, String)>,
    overrides: Vec<Override>,
}

impl World {
    fn new() -> World {
        World { root: tempfile::tempdir().unwrap(), variables: Vec::new(), overrides: Vec::new() }
    }

    fn file(self, name: &str, text: &str) -> World {
        let path = self.root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn user_file(self, text: &str) -> World {
        self.file("config/llmc/config.toml", text)
    }

    fn variable(mut self, name: &str, value: &str) -> World {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    fn flag(mut self, key: &'static str, flag: &'static str, value: &str) -> World {
        self.overrides.push(Override { key, flag, value: value.to_owned() });
        self
    }

    fn environment(&self) -> Environment {
        let folder = self.root.path().join("work/deep/down");
        fs::create_dir_all(&folder).unwrap();
        let home = self.root.path().join("config");
        let mut variables = self.variables.clone();
        variables.push(("XDG_CONFIG_HOME".to_owned(), home.display().to_string()));
        variables.push(("HOME".to_owned(), self.root.path().display().to_string()));
        let mut environment = Environment::new(variables, Some(folder));
        environment.overrides = self.overrides.clone();
        environment
    }

    fn load(&self) -> Result<Resolved> {
        load(&self.environment())
    }
}

#[test]
fn without_a_file_the_built_in_values_are_in_force() {
    let resolved = World::new().load().unwrap();

    assert_eq!(resolved.settings, Settings::default());
    assert_eq!((resolved.stamp, resolved.project_file.as_ref()), (0, None));
    assert!(resolved.user_file.unwrap().ends_with("config/llmc/config.toml"));
}

#[test]
fn each_layer_wins_over_those_below_it() {
    let world = World::new();
    assert_eq!(world.load().unwrap().origin("cache.ttl"), Origin::BuiltIn);

    let world = world.user_file("[cache]\nttl = '2h'\n");
    let resolved = world.load().unwrap();
    assert_eq!(resolved.settings.cache.ttl, Duration::from_secs(7200));
    assert_eq!(resolved.origin("cache.ttl"), Origin::UserFile { line: 2 });

    let world = world.file("work/.llmc.toml", "cache.ttl = '3h'");
    let resolved = world.load().unwrap();
    assert_eq!(resolved.settings.cache.ttl, Duration::from_secs(3 * 3600));
    assert_eq!(resolved.origin("cache.ttl"), Origin::ProjectFile { line: 1 });

    let world = world.variable("LLMC_CACHE_TTL", "4h");
    assert_eq!(world.load().unwrap().settings.cache.ttl, Duration::from_secs(4 * 3600));

    let world = world.variable("LLMC_TTL", "5h");
    let resolved = world.load().unwrap();
    assert_eq!(resolved.settings.cache.ttl, Duration::from_secs(5 * 3600));
    assert_eq!(resolved.origin("cache.ttl"), Origin::Environment { variable: "LLMC_TTL" });

    let world = world.flag("cache.ttl", "--ttl", "6h");
    let resolved = world.load().unwrap();
    assert_eq!(resolved.settings.cache.ttl, Duration::from_secs(6 * 3600));
    assert_eq!(resolved.describe(resolved.origin("cache.ttl")), "--ttl");
}

#[test]
fn the_nearest_project_file_is_the_one_that_counts() {
    let world = World::new()
        .file("work/.llmc.toml", "cache.namespace = 'far'\ncache.ttl = '9h'")
        .file("work/deep/.llmc.toml", "cache.namespace = 'near'");

    let resolved = world.load().unwrap();

    assert_eq!(resolved.settings.cache.namespace, "near");
    assert_eq!(resolved.settings.cache.ttl, Duration::from_secs(3600));
}

#[test]
fn a_folder_with_the_name_of_a_project_file_is_passed_over_with_a_warning() {
    let world = World::new().file("work/deep/.llmc.toml/x", "").file("work/.llmc.toml", "cache.namespace = 'far'");

    let resolved = world.load().unwrap();

    assert_eq!(resolved.settings.cache.namespace, "far");
    assert_eq!(resolved.warnings.len(), 1);
}

#[test]
fn a_project_file_of_somebody_else_is_passed_over_with_a_warning() {
    let world = World::new().file("work/.llmc.toml", "cache.namespace = 'theirs'");
    let mut environment = world.environment();
    if environment.user == 0 {
        std::os::unix::fs::chown(world.root.path().join("work/.llmc.toml"), Some(12_345), None).unwrap();
    } else {
        environment.user += 1;
    }

    let resolved = load(&environment).unwrap();

    assert_eq!(resolved.settings.cache.namespace, "default");
    assert!(resolved.warnings[0].contains("another user"), "{:?}", resolved.warnings);
}

#[test]
fn a_wrong_variable_or_flag_is_named() {
    let error = World::new().variable("LLMC_CACHE_TTL", "soon").load().unwrap_err();
    assert!(error.to_string().starts_with("wrong value for `LLMC_CACHE_TTL`: found `soon`"), "{error}");

    let error = World::new().flag("cache.mode", "--mode", "never").load().unwrap_err();
    assert!(error.to_string().starts_with("wrong value for `--mode`: found `never`"), "{error}");
}

#[test]
fn a_backend_s_own_variable_stands_for_the_store_s_address() {
    let world = || {
        World::new()
            .user_file("store.url = 'redis://from-file'")
            .variable("LLMC_REDIS_URL", "redis://u:hush@near")
            .variable("UPSTASH_REDIS_REST_URL", "https://rest")
    };
    let shown = |world: World, backend: &str| {
        let resolved = world.variable("LLMC_STORE_BACKEND", backend).load().unwrap();
        let shown = resolved.value("store.url").unwrap();
        (shown.value.unwrap().to_string(), resolved.describe(shown.origin))
    };

    assert_eq!(shown(world(), "redis"), ("redis://u:…@near".to_owned(), "LLMC_REDIS_URL".to_owned()));
    assert_eq!(shown(world(), "upstash"), ("https://rest".to_owned(), "UPSTASH_REDIS_REST_URL".to_owned()));
    assert_eq!(shown(world(), "embedded").0, "redis://from-file");
    let named = world().variable("LLMC_STORE_URL", "redis://named");
    assert_eq!(shown(named, "redis"), ("redis://named".to_owned(), "LLMC_STORE_URL".to_owned()));
}

#[test]
fn a_named_config_file_must_be_there() {
    let error = World::new().variable("LLMC_CONFIG", "/nowhere/at/all.toml").load().unwrap_err();

    assert!(error.to_string().contains("/nowhere/at/all.toml"), "{error}");
}

#[test]
fn a_config_file_that_is_a_folder_is_an_error() {
    let world = World::new().file("config/llmc/config.toml/x", "");

    assert!(world.load().unwrap_err().to_string().contains("config.toml"));
}

#[test]
fn the_stamp_follows_the_bytes() {
    let one = World::new().user_file("cache.ttl = '1h'").load().unwrap().stamp;
    let same = World::new().user_file("cache.ttl = '1h'").load().unwrap().stamp;
    let other = World::new().user_file("cache.ttl = '2h'").load().unwrap().stamp;

    assert_eq!(one, same);
    assert_ne!(one, other);
    assert_ne!(one, 0);
}

#[test]
fn a_disabled_cache_is_off_until_a_higher_layer_says_otherwise() {
    let world = World::new().user_file("[cache]\nenabled = false\nmode = 'refresh'\n");
    assert_eq!(world.load().unwrap().settings.cache.mode, Mode::Off);

    let resolved = world.variable("LLMC_MODE", "replay").load().unwrap();
    assert_eq!((resolved.settings.cache.mode, resolved.settings.cache.enabled), (Mode::Replay, true));
}

#[test]
fn the_daemon_leaves_the_variables_of_single_calls_alone() {
    let world = World::new().user_file("cache.max_size = 70000").variable("LLMC_MODE", "off");
    let world = world.variable("LLMC_RATE_LIMIT_LLM", "3").file("work/.llmc.toml", "cache.ttl = '9h'");
    let environment = world.environment();
    let path = paths::config_file(&environment).unwrap();

    let (settings, stamp) = load_user_file(&path, &environment).unwrap();

    assert_eq!((settings.cache.mode, settings.rate_limit.llm, settings.cache.max_size), (Mode::Auto, 3, 70_000));
    assert_eq!(settings.cache.ttl, Duration::from_secs(3600));
    assert_eq!(stamp, world.load().unwrap().stamp);
}

#[test]
fn a_key_file_starts_at_home_or_at_the_file_that_names_it() {
    let world =
        World::new().user_file("[providers.openai]\napi_key_file = '~/k'\n[providers.echo]\napi_key_file = 'k'");

    let settings = world.load().unwrap().settings;

    let root = world.root.path();
    assert_eq!(settings.providers["openai"].api_key_file, Some(root.join("k")));
    assert_eq!(settings.providers["echo"].api_key_file, Some(root.join("config/llmc/k")));
}

#[test]
fn every_setting_is_shown_with_its_value_and_origin() {
    let world = World::new().user_file("[prices.\"openai/gpt-4o\"]\ninput = 1.0\noutput = 2.0\n");
    let resolved = world.load().unwrap();

    let shown = resolved.shown();

    let price = shown.iter().find(|line| line.key == "prices.\"openai/gpt-4o\"").unwrap();
    assert_eq!(price.value.as_ref().unwrap().to_string(), "{ input = 1.0, output = 2.0 }");
    assert_eq!(price.origin, Origin::UserFile { line: 1 });
    assert_eq!(resolved.value(&price.key).unwrap(), *price);
    assert!(shown.iter().any(|line| line.key == "providers.echo.kind"));
}

#[test]
fn asking_for_an_unknown_setting_names_the_nearest() {
    let resolved = World::new().load().unwrap();

    assert_eq!(resolved.value("cache.tll").unwrap_err().hint_text(), Some("the nearest known key is `cache.ttl`"));
    assert_eq!(resolved.value("aliases.none").unwrap_err().kind(), Kind::NotFound);
    assert_eq!(resolved.value("a..b").unwrap_err().kind(), Kind::Usage);
}
