//! One value: read from TOML or from text, checked, and shown again. Knows no keys and no files.

use std::fmt;
use std::time::Duration;

use toml::de::DeValue;

use crate::money::{Price, TokenPrice, Usd};

/// Longer than this is a slip of the pen, not a duration.
const LONGEST: Duration = Duration::from_secs(100 * 366 * 24 * 3600);
/// So much of a wrong value is repeated in a message.
const SHOWN_CHARS: usize = 60;

const SPAN: &str = "a duration such as `\"90s\"`, `\"1h\"` or `\"7d\"`";
const SIZE: &str = "a size such as `\"500MB\"`, `\"1GiB\"` or a number of bytes";
const PRICE: &str = "US dollars per million tokens, such as `{ input = 0.15, output = 0.6 }`";
const PRICE_FIELDS: &[&str] = &["input", "output", "cached_input", "cache_write", "reasoning_output"];

/// A value as it was written.
#[derive(Clone, Copy)]
pub enum Raw<'a> {
    /// In a TOML file.
    Toml(&'a DeValue<'a>),
    /// In a variable, a flag or an argument.
    Text(&'a str),
}

/// Why a value is not taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrong {
    /// What was written, cut and made harmless.
    pub found: String,
    /// What would be right.
    pub wanted: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "found {}, wanted {}", self.found, self.wanted)
    }
}

/// A value as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// True or false.
    Flag(bool),
    /// A whole number.
    Count(u32),
    /// A number with a fraction.
    Number(f64),
    /// Text, durations and sizes among it.
    Text(String),
    /// Several texts.
    Texts(Vec<String>),
    /// A price.
    Price(Price),
}

impl Value {
    /// As a TOML file has it.
    pub fn toml(&self) -> toml_edit::Value {
        match self {
            Value::Flag(flag) => (*flag).into(),
            Value::Count(count) => i64::from(*count).into(),
            Value::Number(number) => (*number).into(),
            Value::Text(text) => text.as_str().into(),
            Value::Texts(texts) => texts.iter().map(String::as_str).collect(),
            Value::Price(price) => toml_edit::Value::InlineTable(price_fields(price).collect()),
        }
    }

    /// As JSON has it.
    pub fn json(&self) -> serde_json::Value {
        match self {
            Value::Flag(flag) => (*flag).into(),
            Value::Count(count) => (*count).into(),
            Value::Number(number) => (*number).into(),
            Value::Text(text) => text.as_str().into(),
            Value::Texts(texts) => texts.as_slice().into(),
            Value::Price(price) => {
                price_fields(price).map(|(name, dollars)| (name.to_owned(), serde_json::Value::from(dollars))).collect()
            }
        }
    }
}

impl fmt::Display for Value {
    /// Bare, for scripts.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) => out.write_str(text),
            other => write!(out, "{}", other.toml()),
        }
    }
}

fn price_fields(price: &Price) -> impl Iterator<Item = (&'static str, f64)> {
    let of = [Some(price.input), Some(price.output), price.cached_input, price.cache_write, price.reasoning_output];
    PRICE_FIELDS.iter().zip(of).filter_map(|(name, price)| Some((*name, price?.dollars_per_million())))
}

impl<'a> Raw<'a> {
    /// This is not what was wanted.
    pub fn wrong(self, wanted: impl Into<String>) -> Wrong {
        let found = match self {
            Raw::Text(text) => quoted(text),
            Raw::Toml(DeValue::String(text)) => quoted(text),
            Raw::Toml(DeValue::Integer(number)) => quoted(&number.to_string()),
            Raw::Toml(DeValue::Float(number)) => quoted(number.as_str()),
            Raw::Toml(DeValue::Boolean(flag)) => quoted(&flag.to_string()),
            Raw::Toml(DeValue::Datetime(_)) => "a date".to_owned(),
            Raw::Toml(DeValue::Array(_)) => "an array".to_owned(),
            Raw::Toml(DeValue::Table(_)) => "a table".to_owned(),
        };
        Wrong { found, wanted: wanted.into() }
    }

    /// The text, without the white space around it.
    pub fn text(self, wanted: &str) -> Result<&'a str, Wrong> {
        match self {
            Raw::Text(text) => Ok(text.trim()),
            Raw::Toml(DeValue::String(text)) => Ok(text.trim()),
            Raw::Toml(_) => Err(self.wrong(wanted)),
        }
    }

    /// True or false; text may also say so in the words variables use.
    pub fn flag(self) -> Result<bool, Wrong> {
        match self {
            Raw::Toml(DeValue::Boolean(flag)) => Ok(*flag),
            Raw::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "1" | "yes" | "on" => Ok(true),
                "false" | "0" | "no" | "off" => Ok(false),
                _ => Err(self.wrong("`true` or `false`")),
            },
            Raw::Toml(_) => Err(self.wrong("`true` or `false`")),
        }
    }

    /// A whole number from `least` on.
    pub fn count(self, least: u32) -> Result<u32, Wrong> {
        let number = match self {
            Raw::Toml(DeValue::Integer(number)) => u32::from_str_radix(number.as_str(), number.radix()).ok(),
            Raw::Text(text) => text.trim().parse().ok(),
            Raw::Toml(_) => None,
        };
        number
            .filter(|number| *number >= least)
            .ok_or_else(|| self.wrong(format!("a whole number from {least} to {}", u32::MAX)))
    }

    /// An amount of US dollars.
    pub fn dollars(self) -> Result<Usd, Wrong> {
        const WANTED: &str = "US dollars, such as `5.0`";
        self.number().and_then(Usd::from_dollars).ok_or_else(|| self.wrong(WANTED))
    }

    /// A share from 0 to 1, in thousandths.
    pub fn share(self) -> Result<u32, Wrong> {
        let share = self.number().filter(|share| (0.0..=1.0).contains(share));
        share.map(|share| (share * 1000.0).round() as u32).ok_or_else(|| self.wrong("a fraction from 0 to 1"))
    }

    fn number(self) -> Option<f64> {
        match self {
            Raw::Toml(DeValue::Float(number)) => number.as_str().parse().ok(),
            Raw::Toml(DeValue::Integer(number)) => number.as_str().parse().ok(),
            Raw::Text(text) => text.trim().parse().ok(),
            Raw::Toml(_) => None,
        }
    }

    /// A duration from `least` on.
    pub fn span(self, least: Duration) -> Result<Duration, Wrong> {
        let text = self.text(SPAN)?;
        let span = humantime::parse_duration(text).map_err(|_| self.wrong(SPAN))?;
        if span < least {
            return Err(self.wrong(format!("{SPAN}, of {} or more", humantime::format_duration(least))));
        }
        if span > LONGEST {
            return Err(self.wrong(format!("{SPAN}, of a hundred years or less")));
        }
        Ok(span)
    }

    /// A number of bytes from `least` on.
    pub fn size(self, least: u64) -> Result<u64, Wrong> {
        let size = match self {
            Raw::Toml(DeValue::Integer(number)) => u64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => read_size(self.text(SIZE)?),
        };
        // What no file system takes is no size, and TOML's integers end there too.
        let size = size.filter(|size| i64::try_from(*size).is_ok()).ok_or_else(|| self.wrong(SIZE))?;
        if size < least {
            return Err(self.wrong(format!("{SIZE}, of {least} or more")));
        }
        Ok(size)
    }

    /// A list of texts; as text, one with commas or a TOML array.
    pub fn texts(self) -> Result<Vec<String>, Wrong> {
        const WANTED: &str = "a list such as `[\"one\", \"two\"]`";
        let items = match self {
            Raw::Toml(DeValue::Array(items)) => items,
            Raw::Toml(_) => return Err(self.wrong(WANTED)),
            Raw::Text(text) if text.trim_start().starts_with('[') => {
                let parsed = DeValue::parse(text).map_err(|_| self.wrong(WANTED))?;
                return Raw::Toml(parsed.get_ref()).texts();
            }
            Raw::Text(text) => {
                return Ok(text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect());
            }
        };
        items
            .iter()
            .map(|item| {
                let item = Raw::Toml(item.get_ref());
                let text = item.text(WANTED)?;
                if is_plain(text) { Ok(text.to_owned()) } else { Err(item.wrong(WANTED)) }
            })
            .collect()
    }

    /// What tokens cost.
    pub fn price(self) -> Result<Price, Wrong> {
        let table = match self {
            Raw::Toml(DeValue::Table(table)) => table,
            Raw::Toml(_) => return Err(self.wrong(PRICE)),
            Raw::Text(text) => {
                let parsed = DeValue::parse(text).map_err(|_| self.wrong(PRICE))?;
                return match parsed.get_ref() {
                    DeValue::Table(_) => Raw::Toml(parsed.get_ref()).price(),
                    _ => Err(self.wrong(PRICE)),
                };
            }
        };
        let mut price = Price::default();
        let (mut input, mut output) = (None, None);
        for (name, amount) in table {
            let amount = Some(token_price(name.get_ref(), Raw::Toml(amount.get_ref()))?);
            match name.get_ref().as_ref() {
                "input" => input = amount,
                "output" => output = amount,
                "cached_input" => price.cached_input = amount,
                "cache_write" => price.cache_write = amount,
                "reasoning_output" => price.reasoning_output = amount,
                other => {
                    let wanted = format!("one of {}", listed(PRICE_FIELDS));
                    return Err(Wrong { found: format!("the field {}", quoted(other)), wanted });
                }
            }
        }
        // A price left out is no price of nothing: that would hide what is spent.
        let missing = |name: &str| Wrong { found: format!("no `{name}`"), wanted: PRICE.to_owned() };
        price.input = input.ok_or_else(|| missing("input"))?;
        price.output = output.ok_or_else(|| missing("output"))?;
        Ok(price)
    }
}

fn token_price(name: &str, raw: Raw<'_>) -> Result<TokenPrice, Wrong> {
    let dollars = match raw {
        Raw::Toml(DeValue::Integer(number)) => u32::from_str_radix(number.as_str(), number.radix()).ok().map(f64::from),
        Raw::Toml(DeValue::Float(number)) => number.as_str().parse().ok(),
        _ => None,
    };
    // Beyond a million dollars for a million tokens, the unit was mistaken.
    dollars.filter(|dollars| *dollars <= 1e6).and_then(TokenPrice::from_dollars_per_million).ok_or_else(|| {
        let wrong = raw.wrong(format!("{PRICE}, from 0 to a million"));
        Wrong { found: format!("{} as {}", wrong.found, quoted(name)), ..wrong }
    })
}

fn read_size(text: &str) -> Option<u64> {
    let digits_end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits_end);
    let unit: u64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" => 1000,
        "m" | "mb" => 1000_u64.pow(2),
        "g" | "gb" => 1000_u64.pow(3),
        "t" | "tb" => 1000_u64.pow(4),
        "ki" | "kib" => 1 << 10,
        "mi" | "mib" => 1 << 20,
        "gi" | "gib" => 1 << 30,
        "ti" | "tib" => 1 << 40,
        _ => return None,
    };
    if let Ok(whole) = number.parse::<u64>() {
        return whole.checked_mul(unit);
    }
    let bytes = number.parse::<f64>().ok()? * unit as f64;
    (unit > 1 && (0.0..9e18).contains(&bytes)).then_some(bytes as u64)
}

/// A size in the largest unit that divides it.
pub fn show_size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 4] = [(1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match UNITS.iter().find(|(unit, _)| bytes != 0 && bytes.is_multiple_of(*unit)) {
        Some((unit, name)) => format!("{}{name}", bytes / unit),
        None => format!("{bytes}B"),
    }
}

/// A duration as a person writes it.
pub fn show_span(span: Duration) -> String {
    const UNITS: [(u128, &str); 5] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s"), (1, "ms")];
    let millis = span.as_millis();
    if span.is_zero() || Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX)) != span {
        return humantime::format_duration(span).to_string();
    }
    // `24h` and `48h` are how days are mostly written; longer ones are easier as days.
    let units = if millis <= 172_800_000 { &UNITS[1..] } else { &UNITS[..] };
    match units.iter().find(|(unit, _)| millis.is_multiple_of(*unit)) {
        Some((unit, name)) => format!("{}{name}", millis / unit),
        None => humantime::format_duration(span).to_string(),
    }
}

/// True for text that is there and holds nothing invisible.
pub fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.len() <= 512 && !text.chars().any(char::is_control)
}

/// Text between backticks, cut where it is long, control characters replaced.
pub fn quoted(text: &str) -> String {
    let mut letters = text.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter });
    let mut shown: String = letters.by_ref().take(SHOWN_CHARS).collect();
    if letters.next().is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// `a`, `b` or `c`.
pub fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [rest @ .., last] => {
            let rest: Vec<String> = rest.iter().map(|word| format!("`{word}`")).collect();
            format!("{} or `{last}`", rest.join(", "))
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
