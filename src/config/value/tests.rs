//! Values as they are typed, and what is said of those that are none.

use super::*;

#[test]
fn sizes_are_read_in_both_families_of_units() {
    let sizes = [
        ("1GiB", 1 << 30),
        ("500MB", 500_000_000),
        ("1.5 KiB", 1536),
        ("0", 0),
        ("4096", 4096),
        ("2k", 2000),
        ("7 b", 7),
    ];
    for (text, bytes) in sizes {
        assert_eq!(Raw::Text(text).size(0), Ok(bytes), "{text}");
    }
}

#[test]
fn what_is_no_size_is_refused() {
    for text in
        ["", "GiB", "-1", "1.5", "1e3", "9999999999TiB", "1 parsec", ".", "1..2MB", "NaN", "18446744073709551615"]
    {
        assert!(Raw::Text(text).size(0).is_err(), "{text}");
    }
}

#[test]
fn a_shown_size_is_read_as_the_same_size() {
    for bytes in [0, 1, 1023, 1024, 1 << 20, (1 << 30) + 1, 3 << 40] {
        assert_eq!(Raw::Text(&show_size(bytes)).size(0), Ok(bytes));
    }
}

#[test]
fn durations_are_shown_as_they_are_written() {
    for text in ["0s", "500ms", "60m", "90s", "1h", "24h", "7d", "1m"] {
        let span = Raw::Text(text).span(Duration::ZERO).unwrap();
        assert_eq!(Raw::Text(&show_span(span)).span(Duration::ZERO), Ok(span));
    }
    assert_eq!(show_span(Duration::from_secs(86_400)), "24h");
    assert_eq!(show_span(Duration::from_secs(7 * 86_400)), "7d");
    assert_eq!(show_span(Duration::from_secs(90)), "90s");
}

#[test]
fn a_duration_without_a_unit_and_one_of_ages_are_refused() {
    for text in ["3600", "forever", "", "200y", "-1s"] {
        assert!(Raw::Text(text).span(Duration::ZERO).is_err(), "{text}");
    }
    assert!(Raw::Text("0s").span(Duration::from_millis(1)).is_err());
}

#[test]
fn a_price_is_whole_and_sensible() {
    let good = Raw::Text("{ input = 1, output = 2.5, cached_input = 0.1 }").price().unwrap();
    assert_eq!(good.output, TokenPrice(2_500_000));

    for text in [
        "{ input = 1 }",
        "{ input = -1, output = 1 }",
        "{ input = nan, output = 1 }",
        "{ input = inf, output = 1 }",
        "{ input = 1e12, output = 1 }",
        "{ input = 1, output = 1, imput = 1 }",
        "{ input = \"1\", output = 1 }",
        "3",
        "x",
    ] {
        assert!(Raw::Text(text).price().is_err(), "{text}");
    }
}

#[test]
fn a_long_or_wild_value_is_cut_and_tamed_in_messages() {
    let shown = quoted(&format!("\u{1b}[31m{}", "x".repeat(1000)));

    assert!(shown.chars().count() < 70 && !shown.contains('\u{1b}'), "{shown}");
}
