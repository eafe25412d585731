//! The house keeps its floors: what a module may import and name, where is printed, how long a file may be.

mod source;

use std::collections::BTreeSet;

use source::{Source, all};

/// The top modules, from the ground up: a module imports lower floors only, and not what stands behind a wall.
#[rustfmt::skip]
const HOUSE: [Module; 18] = [
    Module { name: "afterwards", floor: 0, walls: &[] },
    Module { name: "clock",    floor: 0, walls: &[] },
    Module { name: "error",    floor: 0, walls: &[] },
    Module { name: "money",    floor: 0, walls: &[] },
    Module { name: "claim",    floor: 1, walls: &[] },
    Module { name: "exchange", floor: 1, walls: &[] },
    Module { name: "template", floor: 1, walls: &[] },
    Module { name: "api",      floor: 2, walls: &[] },
    Module { name: "config",   floor: 2, walls: &[] },
    Module { name: "provider", floor: 3, walls: &[] },
    Module { name: "store",    floor: 3, walls: &[] },
    Module { name: "pipeline", floor: 4, walls: &[] },
    Module { name: "session",  floor: 5, walls: &["provider"] },
    Module { name: "workflow", floor: 5, walls: &["provider", "store"] },
    Module { name: "daemon",   floor: 6, walls: &[] },
    Module { name: "client",   floor: 6, walls: &["provider", "store", "pipeline", "session"] },
    Module { name: "cli",      floor: 7, walls: &["claim", "store", "pipeline", "session", "daemon"] },
    Module { name: "program",  floor: 8, walls: &["provider", "store", "pipeline", "session"] },
];

struct Module {
    name: &'static str,
    /// It imports lower ones only; those of one floor do not know each other.
    floor: u8,
    /// Lower ones that it keeps away from all the same.
    walls: &'static [&'static str],
}

/// Vendors, whose names only their own files under `provider` and the settings know.
const VENDORS: [&str; 5] = ["openai", "anthropic", "gemini", "claude", "gpt"];

/// Where is printed: the screen, and a daemon's log and last words.
const PRINTERS: [&str; 3] = ["src/cli/screen.rs", "src/daemon/log.rs", "src/daemon/detach.rs"];

/// The program's own files, which are not of the library.
const OUTSIDE: [&str; 2] = ["src/main.rs", "src/entry.rs"];

const LONGEST_FILE: usize = 450;

fn module(name: &str) -> Option<&'static Module> {
    HOUSE.iter().find(|module| module.name == name)
}

/// A sentence for every import that the table does not allow.
fn forbidden_imports(source: &Source) -> Vec<String> {
    let at = |line: usize| format!("{}:{line}", source.path);
    let Some(top) = source.top() else { return Vec::new() };
    let imports = source.imports().into_iter();
    if OUTSIDE.contains(&source.path.as_str()) {
        let others = imports.filter(|import| import.to != "program");
        return others
            .map(|import| format!("{} imports `{}`: main knows `program` alone", at(import.line), import.to))
            .collect();
    }
    let Some(from) = module(top) else {
        return vec![format!("{} belongs to `{top}`, which has no floor: give it one in HOUSE", at(1))];
    };
    let judge = |import: source::Import| {
        let (here, name) = (at(import.line), import.to.as_str());
        let Some(to) = module(name) else {
            return Some(format!("{here}: `{top}` imports `{name}`, which has no floor: give it one in HOUSE"));
        };
        if from.walls.contains(&name) {
            return Some(format!("{here}: `{top}` imports `{name}`, and there is a wall between the two"));
        }
        (to.floor >= from.floor).then(|| {
            let (own, other) = (from.floor, to.floor);
            format!(
                "{here}: `{top}` on floor {own} imports `{name}` on floor {other}; only lower floors may be imported"
            )
        })
    };
    imports.filter_map(judge).collect()
}

/// A sentence for every vendor that the pipeline names.
fn named_vendors(source: &Source) -> Vec<String> {
    let names_vendor = |name: &str| VENDORS.iter().any(|vendor| name.to_lowercase().contains(vendor));
    let named = source.names().filter(|(_, name)| names_vendor(name));
    named.map(|(line, name)| format!("{}:{line} says `{name}`; the pipeline knows no vendor", source.path)).collect()
}

/// A sentence for every place that prints.
fn prints(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for window in source.tokens.windows(2).enumerate().filter(|(_, window)| !window[0].in_tests) {
        let (at, [first, second]) = window else { continue };
        let is_macro = ["print", "println", "eprint", "eprintln", "dbg"].iter().any(|word| first.is_word(word));
        let is_stream = ["stdout", "stderr"].iter().any(|word| first.is_word(word));
        // `.stdout(…)` is where a child's output goes.
        let is_method = at > 0 && source.tokens[at - 1].is_mark('.');
        if (is_macro && second.is_mark('!')) || (is_stream && second.is_mark('(') && !is_method) {
            found.push(format!("{}:{} prints; leave that to `cli/screen.rs`", source.path, first.line));
        }
    }
    found
}

/// Fails with every sentence, one a line.
#[track_caller]
fn expect_none(sentences: Vec<String>) {
    assert!(sentences.is_empty(), "\n  {}\n", sentences.join("\n  "));
}

#[test]
fn every_import_leads_to_a_lower_floor() {
    expect_none(all().iter().flat_map(forbidden_imports).collect());
}

#[test]
fn every_row_of_the_table_is_a_module() {
    let sources = all();
    let of_library = sources.iter().filter(|source| !OUTSIDE.contains(&source.path.as_str()));
    let found: BTreeSet<&str> = of_library.filter_map(Source::top).collect();

    let rows: BTreeSet<&str> = HOUSE.iter().map(|module| module.name).collect();

    assert_eq!(rows, found);
    let walls = HOUSE.iter().flat_map(|module| module.walls.iter().map(move |wall| (module.floor, *wall)));
    // A wall against a higher floor would say what the floors say already.
    expect_none(
        walls
            .filter(|(floor, wall)| module(wall).is_none_or(|to| to.floor >= *floor))
            .map(|(_, wall)| wall.into())
            .collect(),
    );
}

#[test]
fn the_pipeline_names_no_vendor() {
    let pipeline: Vec<Source> = all().into_iter().filter(|source| source.top() == Some("pipeline")).collect();
    assert!(!pipeline.is_empty());

    expect_none(pipeline.iter().flat_map(named_vendors).collect());
}

#[test]
fn a_vendor_file_names_no_other_vendor() {
    let others = |source: &Source| -> Vec<String> {
        let Some(own) = source.module.get(1).filter(|_| source.top() == Some("provider")) else { return Vec::new() };
        if !VENDORS.contains(&own.as_str()) {
            return Vec::new();
        }
        let is_other =
            |name: &str| VENDORS[..3].iter().any(|vendor| vendor != own && name.to_lowercase().contains(vendor));
        let named = source.names().filter(|(_, name)| is_other(name));
        named
            .map(|(line, name)| format!("{}:{line} says `{name}`; `{own}` knows no other vendor", source.path))
            .collect()
    };

    expect_none(all().iter().flat_map(others).collect());
}

#[test]
fn only_the_screen_and_the_daemons_log_print() {
    let others: Vec<Source> = all().into_iter().filter(|source| !PRINTERS.contains(&source.path.as_str())).collect();

    expect_none(others.iter().flat_map(prints).collect());
}

#[test]
fn no_file_is_too_long() {
    let long = |source: &&Source| source.lines > LONGEST_FILE;
    let tell = |source: &Source| {
        format!("{} has {} lines before its tests, {LONGEST_FILE} are the most: divide it", source.path, source.lines)
    };

    expect_none(all().iter().filter(long).map(tell).collect());
}

#[test]
fn every_file_begins_with_what_it_is() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let begins = |source: &&Source| std::fs::read_to_string(root.join(&source.path)).unwrap().starts_with("//! ");

    let bare =
        all().iter().filter(|source| source.lines > 0 && !begins(source)).map(|source| source.path.clone()).collect();

    expect_none(bare);
}

/// The judges themselves, on source that breaks each rule.
mod judges {
    use super::*;

    fn imports(path: &str, text: &str) -> Vec<String> {
        Source::new(path, text).imports().into_iter().map(|import| format!("{} {}", import.line, import.to)).collect()
    }

    #[test]
    fn paths_are_followed_however_they_are_written() {
        let text = "use crate::{self, api::{a, b},\n    error::Error};\nuse super::x;\nuse super::super::pipeline::key;\n\
            fn f() { crate::store::open(); self::super::g(); }\npub(crate) mod m { use super::super::super::daemon; }\n";

        let found = imports("src/cli/table.rs", text);

        assert_eq!(found, ["1 api", "2 error", "4 pipeline", "5 store", "6 daemon"]);
    }

    #[test]
    fn comments_and_literals_import_nothing() {
        let text = "//! [`crate::daemon`]\n/* crate::cli:: */\nconst A: &str = \"crate::cli::x\";\n\
            const B: &[u8] = br#\"\"crate::cli\"#; const C: char = '\"'; const D: char = '\\''; fn f<'a>(a: &'a u8) {}\nuse crate::clock;\n";

        assert_eq!(imports("src/store/mod.rs", text), ["5 clock"]);
    }

    #[test]
    fn an_import_that_goes_up_is_told_with_its_place() {
        let told = |path, text| forbidden_imports(&Source::new(path, text));

        assert_eq!(told("src/store/mod.rs", "use crate::error::Error;\n"), [""; 0]);
        assert_eq!(
            told("src/store/mod.rs", "\nuse crate::pipeline::key;\n"),
            ["src/store/mod.rs:2: `store` on floor 3 imports `pipeline` on floor 4; only lower floors may be imported"]
        );
        assert_eq!(
            told("src/cli/stats.rs", "use crate::{api, store};\n"),
            ["src/cli/stats.rs:1: `cli` imports `store`, and there is a wall between the two"]
        );
        assert!(told("src/store/mod.rs", "use crate::provider;\n")[0].contains("only lower floors"));
        assert!(told("src/attic.rs", "")[0].contains("has no floor"));
        assert!(told("src/store/mod.rs", "use crate::attic;\n")[0].contains("has no floor"));
        assert!(told("src/main.rs", "fn main() { llmc::daemon::run() }\n")[0].contains("`program` alone"));
    }

    #[test]
    fn vendors_and_printing_are_found_outside_tests_only() {
        let text = "const A: &str = \"api.openai.com\";\nfn f() { println!(); std::io::stdout(); child.stdout(x); }\n\
            #[cfg(test)]\nmod tests { fn g() { println!(\"gpt\"); } }\n";
        let source = Source::new("src/pipeline/x.rs", text);

        assert_eq!(named_vendors(&source).len(), 1);
        assert_eq!(prints(&source).len(), 2);
        assert_eq!(source.lines, 2);
    }
}
