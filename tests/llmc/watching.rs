//! What happens is told as it happens: events, metrics and the names of requests.

use std::collections::BTreeMap;
use std::time::Duration;

use llmc::daemon::access::Imposed;
use llmc::daemon::tcp::Bounds;
use llmc::provider::sse;
use serde_json::{Value, json};

use crate::support::upstream::Reply;
use crate::support::world::{Pieces, World};

/// The next events of this name.
async fn heard(pieces: &mut Pieces, name: &str, wanted: usize) -> Vec<Value> {
    let mut reader = sse::Reader::new();
    let mut found = Vec::new();
    while found.len() < wanted {
        let piece = pieces.piece().await.expect("the events go on");
        for event in reader.push(&piece).unwrap() {
            if event.name == name {
                found.push(serde_json::from_str(&event.data).unwrap());
            }
        }
    }
    found
}

#[tokio::test]
async fn each_request_is_an_event_and_prompts_are_in_none() {
    let world = World::new().answering("hello").await;
    let mut events = world.open("GET", "/events", &[], String::new()).await;
    heard(&mut events, "stats", 1).await;

    for _ in 0..2 {
        let asked = json!({"prompt": "my secret", "run": "r"}).to_string();
        world.send("POST", "/llm/generate", &[("llmc-request-id", "build-7")], asked).await;
    }

    let told = heard(&mut events, "request", 2).await;
    assert_eq!([&told[0]["outcome"], &told[1]["outcome"]], ["miss", "hit"]);
    for event in &told {
        assert_eq!((&event["requestId"], &event["run"]), (&json!("build-7"), &json!("r")));
        assert_eq!((&event["provider"], &event["model"]), (&json!("local"), &json!("m")));
        assert!(event["latencyMs"].is_number() && event["tokens"].as_u64() > Some(0), "{event}");
        assert!(!event.to_string().contains("secret"), "{event}");
    }
    let sums = heard(&mut events, "stats", 1).await.remove(0);
    assert_eq!((&sums["outcomes"]["hit"], &sums["hitRate"]), (&json!(1), &json!(50.0)));
    assert_eq!(sums["limits"]["limits"][0]["class"], "llm");
}

#[tokio::test]
async fn prompts_are_told_on_the_socket_to_who_asks_for_them() {
    let world = World::new().answering("hello").await;
    let mut events = world.open("GET", "/events?prompts=true", &[], String::new()).await;
    heard(&mut events, "stats", 1).await;

    world.generate(&format!("one {}", "x".repeat(200))).await;

    let prompt = heard(&mut events, "request", 1).await.remove(0)["prompt"].as_str().unwrap().to_owned();
    assert!(prompt.starts_with("one xxx") && prompt.len() == 80, "{prompt}");

    let door = world.door(Imposed::default(), Bounds { connections: 4, head_within: Duration::from_secs(5) }).await;
    let bearer = format!("Bearer {}", door.token);
    let (status, _) = door.send("GET", "/events?prompts=true", &[("authorization", &bearer)], "").await;
    assert_eq!(status, 403);
}

#[tokio::test]
async fn a_failure_is_told_without_what_the_provider_says_of_it() {
    let world = World::new()
        .replying(Reply::verbatim(400, "application/json", r#"{"error":{"message":"your prompt `my secret` is bad"}}"#))
        .await;
    let mut events = world.open("GET", "/events", &[], String::new()).await;
    heard(&mut events, "stats", 1).await;

    world.ask(json!({"prompt": "my secret"})).await;

    let told = heard(&mut events, "request", 1).await.remove(0);
    assert_eq!(told["outcome"], "failed");
    assert!(told["error"].is_string() && !told.to_string().contains("secret"), "{told}");
}

#[tokio::test]
async fn who_is_slow_is_told_how_much_was_lost() {
    let world = World::new().answering("hello").await;
    let mut events = world.open("GET", "/events", &[], String::new()).await;
    heard(&mut events, "stats", 1).await;

    world.generate("hi").await;
    for _ in 0..1100 {
        world.generate("hi").await;
    }

    let lost = heard(&mut events, "lost", 1).await.remove(0);
    assert!(lost["events"].as_u64() >= Some(77), "{lost}");
}

#[tokio::test]
async fn listeners_are_sent_home_when_the_daemon_stops() {
    let world = World::new().answering("hello").await;
    let mut events = world.open("GET", "/events", &[], String::new()).await;
    heard(&mut events, "stats", 1).await;

    world.daemon.stop();

    while events.piece().await.is_some() {}
}

#[tokio::test]
async fn every_answer_names_its_request() {
    let world = World::new().answering("hello").await;

    for path in ["/limits", "/nowhere", "/cache/entries?colour=red", "/status"] {
        assert_eq!(world.get(path).await.header("llmc-request-id").map(str::len), Some(32), "{path}");
        let named = world.send("GET", path, &[("llmc-request-id", "a.b:c-d_1")], String::new()).await;
        assert_eq!(named.header("llmc-request-id"), Some("a.b:c-d_1"), "{path}");
    }
    let forged = world.send("GET", "/limits", &[("llmc-request-id", "a b=c")], String::new()).await;
    assert_eq!(forged.header("llmc-request-id").map(str::len), Some(32));
}

/// One family of metrics: its type, and its samples by name and labels.
#[derive(Debug, Default)]
struct Family {
    kind: String,
    unit: Option<String>,
    samples: Vec<(String, BTreeMap<String, String>, f64)>,
}

/// Reads OpenMetrics text as strictly as its specification wants it: descriptors first, families in one piece, suffixes by
/// type, a unit at the end of a name, the end marked.
fn parse(text: &str) -> BTreeMap<String, Family> {
    let body = text.strip_suffix("# EOF\n").expect("it ends with `# EOF`");
    let mut families: BTreeMap<String, Family> = BTreeMap::new();
    let mut current = String::new();
    for line in body.lines() {
        assert!(!line.is_empty() && line.trim() == line, "{line:?}");
        if let Some(descriptor) = line.strip_prefix("# ") {
            let [word, name, rest] = descriptor.splitn(3, ' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
            if name != current {
                assert!(!families.contains_key(name), "`{name}` is in two pieces");
                current = name.to_owned();
            }
            let family = families.entry(current.clone()).or_default();
            assert!(family.samples.is_empty(), "{line} comes after samples");
            match word {
                "HELP" => {}
                "TYPE" => family.kind = rest.to_owned(),
                "UNIT" => family.unit = Some(rest.to_owned()),
                other => panic!("{other} is no descriptor"),
            }
            continue;
        }
        let (name_and_labels, value) = line.rsplit_once(' ').unwrap();
        let (name, labels) = match name_and_labels.split_once('{') {
            Some((name, labels)) => (name, read_labels(labels.strip_suffix('}').unwrap())),
            None => (name_and_labels, BTreeMap::new()),
        };
        let family = families.get_mut(&current).expect("a descriptor");
        let suffixes: &[&str] = match family.kind.as_str() {
            "counter" => &["_total"],
            "gauge" => &[""],
            "histogram" => &["_sum", "_count", "_bucket"],
            "info" => &["_info"],
            other => panic!("no type `{other}`"),
        };
        assert!(suffixes.iter().any(|suffix| format!("{current}{suffix}") == name), "{line} in `{current}`");
        family.samples.push((name.to_owned(), labels, value.parse().unwrap()));
    }
    for (name, family) in &families {
        assert!(family.unit.as_ref().is_none_or(|unit| name.ends_with(&format!("_{unit}"))), "{name}: {family:?}");
    }
    families
}

fn read_labels(mut text: &str) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::new();
    while !text.is_empty() {
        let (name, rest) = text.split_once("=\"").unwrap();
        let (value, rest) = rest.split_once('"').unwrap();
        assert!(labels.insert(name.to_owned(), value.to_owned()).is_none(), "{name} twice");
        text = rest.strip_prefix(',').unwrap_or(rest);
    }
    labels
}

#[tokio::test]
async fn metrics_are_open_metrics_and_count_what_happened() {
    let world = World::new().with("prices.\"local/m\" = { input = 1000.0, output = 1000.0 }").answering("hello").await;
    world.generate("hi").await;
    world.generate("hi").await;
    world.settled().await;

    let told = world.get("/metrics").await;

    assert_eq!(told.header("content-type"), Some("application/openmetrics-text; version=1.0.0; charset=utf-8"));
    let text = String::from_utf8(told.body.to_vec()).unwrap();
    let families = parse(&text);
    let sample = |family: &str, labels: &[(&str, &str)]| {
        let fits = |of: &BTreeMap<String, String>| {
            labels.iter().all(|(name, value)| of.get(*name).is_some_and(|found| found == value))
        };
        families[family].samples.iter().find(|(_, of, _)| fits(of)).unwrap_or_else(|| panic!("{family}: {text}")).2
    };
    for outcome in ["hit", "miss"] {
        assert_eq!(sample("llmc_requests", &[("outcome", outcome), ("provider", "local")]), 1.0);
    }
    assert!(sample("llmc_saved_usd", &[("provider", "local")]) > 0.0, "{text}");
    assert_eq!(sample("llmc_entries", &[]), 1.0);
    for histogram in ["llmc_hit_duration_seconds", "llmc_miss_duration_seconds", "llmc_store_duration_seconds"] {
        assert!(sample(histogram, &[("le", "+Inf")]) >= 1.0, "{histogram}: {text}");
    }
    let labels: Vec<&String> =
        families.values().flat_map(|family| &family.samples).flat_map(|(_, of, _)| of.keys()).collect();
    let bounded = ["outcome", "provider", "operation", "le", "version"];
    assert!(labels.iter().all(|label| bounded.contains(&label.as_str())), "{labels:?}");
}

#[tokio::test]
async fn the_sample_dashboard_asks_for_metrics_there_are() {
    let world = World::new().answering("hello").await;
    world.generate("hi").await;
    let text = String::from_utf8(world.get("/metrics").await.body.to_vec()).unwrap();
    let dashboard: Value = serde_json::from_str(include_str!("../../docs/grafana.json")).unwrap();

    let expressions = dashboard.to_string();
    let words = expressions.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let named: Vec<&str> = words.filter(|word| word.starts_with("llmc_")).collect();

    assert!(named.len() > 8, "{named:?}");
    for name in named {
        assert!(text.lines().any(|line| line.starts_with(name)), "{name} is no metric");
    }
}
