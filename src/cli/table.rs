//! Columns that line up, for people.

use crate::api::forecast::Forecast;

/// Rows under a heading; columns named in `right` are set flush right.
pub struct Table {
    rows: Vec<Vec<String>>,
    right: Vec<bool>,
}

impl Table {
    /// A table with these headings; those that begin with `>` are set flush right.
    pub fn new(headings: &[&str]) -> Table {
        let right = headings.iter().map(|heading| heading.starts_with('>')).collect();
        let row = headings.iter().map(|heading| heading.trim_start_matches('>').to_owned()).collect();
        Table { rows: vec![row], right }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The lines, without trailing space.
    pub fn lines(&self) -> Vec<String> {
        let width =
            |column: usize| self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
        let widths: Vec<usize> = (0..self.right.len()).map(|column| width(column).unwrap_or(0)).collect();
        let line = |row: &Vec<String>| {
            let cells = row.iter().zip(&widths).zip(&self.right).map(|((cell, width), right)| {
                if *right { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
            });
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
        self.rows.iter().map(line).collect()
    }
}

/// Bytes for people: `80.0 KiB`.
pub fn bytes(count: u64) -> String {
    let mut value = count as f64;
    let mut units = ["B", "KiB", "MiB", "GiB"].into_iter();
    let mut unit = units.next().unwrap_or_default();
    for larger in units {
        if value < 1024.0 {
            break;
        }
        value /= 1024.0;
        unit = larger;
    }
    if unit == "B" { format!("{count} B") } else { format!("{value:.1} {unit}") }
}

/// So many of something.
pub fn count(count: u64, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

/// So many entries.
pub fn entries(number: u64) -> String {
    count(number, "entry", "entries")
}

/// The tokens and the cost of what is foreseen.
pub fn forecast(sums: &Forecast) -> (String, String) {
    let (input, output) = (sums.estimated_input_tokens, sums.estimated_output_tokens);
    let unpriced = match sums.unpriced {
        0 => String::new(),
        some => format!(", {} unpriced", count(some, "call", "calls")),
    };
    let cost = sums.estimated_cost.map_or("unknown".to_owned(), |cost| format!("about ${cost:.6}"));
    (format!("about {input} in, at most about {output} out"), format!("{cost}{unpriced}"))
}

/// A span for people, to its two largest units: `1h 5m`.
pub fn span(seconds: u64) -> String {
    let units = [(86_400, "d"), (3600, "h"), (60, "m"), (1, "s")];
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (size, unit) in units {
        if rest >= size {
            parts.push(format!("{}{unit}", rest / size));
            rest %= size;
        } else if !parts.is_empty() {
            break;
        }
        if parts.len() == 2 {
            break;
        }
    }
    if parts.is_empty() { "0s".to_owned() } else { parts.join(" ") }
}

/// Dollars for people: cents, and more digits where there are only fractions of one.
pub fn dollars(amount: f64) -> String {
    if amount != 0.0 && amount.abs() < 0.1 { format!("${amount:.6}") } else { format!("${amount:.2}") }
}

/// Milliseconds, as exactly as they matter.
pub fn millis(millis: f64) -> String {
    match millis {
        millis if millis >= 1000.0 => format!("{:.2} s", millis / 1000.0),
        millis if millis >= 10.0 => format!("{millis:.0} ms"),
        millis => format!("{millis:.2} ms"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let mut table = Table::new(&["name", ">count"]);
        table.row(["a".into(), "1".into()]);
        table.row(["longer".into(), "100".into()]);
        assert_eq!(table.lines(), ["name    count", "a           1", "longer    100"]);
    }

    #[test]
    fn figures_are_short() {
        assert_eq!([0, 1023, 1024, 81_920, 1 << 30].map(bytes), ["0 B", "1023 B", "1.0 KiB", "80.0 KiB", "1.0 GiB"]);
        assert_eq!([0, 59, 61, 3600, 3660, 90_061].map(span), ["0s", "59s", "1m 1s", "1h", "1h 1m", "1d 1h"]);
        assert_eq!([0, 1, 2].map(entries), ["0 entries", "1 entry", "2 entries"]);
        assert_eq!([0.0, 0.00123, 0.5, 12.345].map(dollars), ["$0.00", "$0.001230", "$0.50", "$12.35"]);
    }
}
