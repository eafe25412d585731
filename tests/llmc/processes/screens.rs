//! What a person sees, whole: the words, their order and what stands beside what. Figures that are never twice the same are
//! taken out first.

use super::home::Home;
use super::upstream::{Reply, Upstream};

/// What was printed, with everything replaced that is another each time: the home's place, figures, keys, times and sizes with
/// their units. How wide columns are depends on those, and is told where tables are made.
fn shape(home: &Home, printed: &str) -> String {
    let place = home.path("");
    let printed = printed.replace(place.to_str().unwrap().trim_end_matches('/'), "HOME");
    let line = |line: &str| {
        let mut words: Vec<String> = Vec::new();
        for word in line.split_whitespace().map(figures) {
            match (words.last_mut(), word.as_str()) {
                (Some(last), "ms" | "s") if last.ends_with('N') => *last = last.replace('N', "TIME"),
                (Some(last), "B" | "KiB" | "MiB" | "GiB" | "TiB") if last.ends_with('N') => {
                    *last = last.replace('N', "SIZE")
                }
                // Hours and minutes.
                (Some(last), time) if last == "TIME" && time.starts_with("TIME") => *last = word,
                _ => words.push(word),
            }
        }
        words.join(" ")
    };
    printed.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// A word with `N` for each number in it.
fn figures(word: &str) -> String {
    if word.len() >= 12 && word.chars().all(|letter| letter.is_ascii_hexdigit()) {
        return "KEY".to_owned();
    }
    let mut shown = String::new();
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        if !letter.is_ascii_digit() {
            shown.push(letter);
            continue;
        }
        while letters.next_if(|next| next.is_ascii_digit() || *next == '.').is_some() {}
        shown.push('N');
    }
    match shown.trim_end_matches([',', ')']) {
        "Ns" | "Nm" | "Nh" | "Nd" => format!("TIME{}", &shown["Ns".len()..]),
        _ => shown,
    }
}

/// A home in which something was asked, by a model with a price, twice.
fn used(upstream: &Upstream) -> Home {
    let home = Home::with_upstream(upstream);
    let settings = upstream.settings("fake") + "price = { input = 1.0, output = 2.0 }\n\n[budget]\ndaily_usd = 5.0\n";
    home.configure(&settings);
    for _ in 0..2 {
        home.llmc(["generate", "-m", "fake/small", "name three rivers"]).ok();
    }
    home
}

#[test]
fn statistics() {
    let upstream = Upstream::saying("Rhine, Elbe, Oder");
    let home = used(&upstream);

    let shown = |words: &[&str]| shape(&home, &home.llmc(words).ok().says_nothing().out);

    insta::assert_snapshot!(shown(&["stats"]), @r##"
    N % hits (ok), $N and TIME saved, $N spent

    hits N
    misses N
    saved $N (N tokens)
    spent $N (N tokens)
    time saved TIME
    hit takes TIME median, TIME at most for N %
    miss takes TIME median, TIME at most for N %
    kept N entry, SIZE
    store embedded, answers in TIME
    since N-N-NTN:N:NZ
    "##);
    insta::assert_snapshot!(shown(&["stats", "--by", "model"]), @r##"
    N % hits (ok), $N and TIME saved, $N spent

    hits N
    misses N
    saved $N (N tokens)
    spent $N (N tokens)
    time saved TIME
    hit takes TIME median, TIME at most for N %
    miss takes TIME median, TIME at most for N %
    kept N entry, SIZE
    store embedded, answers in TIME

    name hits misses rate saved spent
    fake/small N N N % $N $N
    since N-N-NTN:N:NZ
    "##);
    insta::assert_snapshot!(shown(&["stats", "--chart"]), @r##"
    day hit rate saved
    N-N-N ########### N % ###################### $N
    "##);
}

#[test]
fn what_is_kept_and_what_is_left() {
    let upstream = Upstream::saying("Rhine, Elbe, Oder");
    let home = used(&upstream);

    let shown = |words: &[&str]| shape(&home, &home.llmc(words).ok().says_nothing().out);

    insta::assert_snapshot!(shown(&["cache", "list"]), @r##"
    key model namespace age ttl size hits saved
    KEY fake/small default TIME SIZE N $N
    "##);
    insta::assert_snapshot!(shown(&["limits"]), @r##"
    class left of window next place
    llm N N TIME now
    standard N N TIME now
    expensive N N TIME now

    budget namespace left of spent set aside anew
    daily all $N $N $N $N in TIME
    "##);
    insta::assert_snapshot!(shown(&["daemon", "status"]), @r##"
    running process N, for TIME
    version N, protocol N
    in the air N calls
    store embedded, answers in TIME
    socket HOME/run/llmc.sock
    settings HOME/config.toml
    data HOME/data
    "##);
}

#[test]
fn a_doctor_s_findings() {
    let upstream = Upstream::saying("Rhine, Elbe, Oder");
    let home = used(&upstream);

    let found = home.llmc(["doctor"]).ok().says_nothing().out;

    // A disk may be nearly full.
    let found: Vec<&str> = found.lines().filter(|line| !line.contains(" disk ")).collect();
    insta::assert_snapshot!(shape(&home, &found.join("\n")), @r##"
    ok settings sound, from HOME/config.toml
    ok socket HOME/run, yours (mode N)
    ok data HOME/data, yours (mode N)
    ok log HOME/state/daemon.log, SIZE
    ok daemon process N, version N, protocol N, for TIME
    ok store embedded answers in TIME
    ok database sound, every page
    ok size N entry, SIZE of SIZE
    ok limits llm N of N left in TIME, standard N of N left in TIME, expensive N of N left in TIME
    ok budget daily: $N of $N left
    ok keys found: none; missing: anthropic, gemini, openai
    ok providers `fake` answers in TIME
    "##);
}

#[test]
fn errors() {
    let upstream = Upstream::start(|_| Reply::refusal(401, "no such key"));
    let home = Home::with_upstream(&upstream);

    let told = |words: &[&str]| shape(&home, &home.llmc(words).err);

    insta::assert_snapshot!(told(&["generate", "-m", "fake/small", "hi"]), @r##"
    llmc: `fake` answered N Unauthorized: no such key
    hint: look at the key in `FAKE_API_KEY`
    "##);
    insta::assert_snapshot!(told(&["generate", "-m", "openai/gpt-4o", "hi"]), @r##"
    llmc: no API key for `openai`
    hint: set OPENAI_API_KEY, or `api_key_command` under [providers.openai]
    "##);
    insta::assert_snapshot!(told(&["generate", "--offline", "hi"]), @r##"
    llmc: no answer is kept for this prompt to `echo/echo`: key KEY in namespace `default`
    hint: ask once with `--mode auto` to record it; `llmc cache list` shows what is kept
    "##);
    insta::assert_snapshot!(told(&["generate", "--bogus", "hi"]), @r##"
    llmc: unexpected argument '--bogus' found
    hint: `llmc generate --help` shows what can be typed; to pass '--bogus' as a value, use '-- --bogus'
    "##);
    insta::assert_snapshot!(told(&["config", "set", "cache.tll", "1h"]), @r##"
    llmc: unknown setting `cache.tll`
    hint: the nearest known key is `cache.ttl`
    "##);
}
