//! The built-in price table: what the vendors publish, by vendor and model. A model it does not have is unpriced, never free.

use std::sync::OnceLock;

use crate::money::{Price, Tier, TokenPrice};

/// When the table was collected, as year and month.
pub const COLLECTED: &str = "2026-11";

const TABLE: &str = include_str!("prices.tsv");

/// Where each vendor of the table is at home. Nobody else's address gets its prices.
const HOMES: &[(&str, &str)] = &[
    ("api.openai.com", "openai"),
    ("api.anthropic.com", "anthropic"),
    ("generativelanguage.googleapis.com", "gemini"),
    ("api.mistral.ai", "mistral"),
    ("api.x.ai", "xai"),
    ("api.groq.com", "groq"),
    ("api.deepseek.com", "deepseek"),
    ("api.cerebras.ai", "cerebras"),
    ("api.cohere.com", "cohere"),
    ("api.cohere.ai", "cohere"),
    ("dashscope-intl.aliyuncs.com", "dashscope"),
    ("api.moonshot.ai", "moonshot"),
    ("api.perplexity.ai", "perplexity"),
];

/// A model as its vendor lists it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Model {
    /// Whose it is.
    pub vendor: &'static str,
    /// Its name in the vendor's API.
    pub name: &'static str,
    /// `chat`, `responses`, `completion` or `embedding`: the API it is asked through.
    pub mode: &'static str,
    /// What it charges; `None` where the vendor states no price a token.
    pub price: Option<Price>,
    /// The longest prompt.
    pub max_input_tokens: Option<u64>,
    /// The longest answer.
    pub max_output_tokens: Option<u64>,
    /// The day the vendor takes it away, `YYYY-MM-DD`, where one is announced or past.
    pub retired_on: Option<&'static str>,
}

/// The vendor at home behind a base URL; `None` for a proxy, a reseller, a server of one's own.
pub fn vendor(base_url: &str) -> Option<&'static str> {
    let url = reqwest::Url::parse(base_url).ok()?;
    let host = url.host_str()?;
    HOMES.iter().find(|(home, _)| *home == host).map(|(_, vendor)| *vendor)
}

/// What a vendor charges for a model.
pub fn lookup(vendor: &str, model: &str) -> Option<&'static Price> {
    find(vendor, model)?.price.as_ref()
}

/// A vendor's model as listed.
///
/// An exact name first. Else what is the same model by the vendor's own rules: a snapshot (`-2024-08-06`, `-20240806`)
/// or `-latest` of a listed name, a fine-tuned model (`ft:BASE:…`) of a listed base, Gemini's `models/` before a name.
/// Nothing else is guessed.
pub fn find(vendor: &str, model: &str) -> Option<&'static Model> {
    let model = if vendor == "gemini" { model.strip_prefix("models/").unwrap_or(model) } else { model };
    exact(vendor, model)
        .or_else(|| exact(vendor, fine_tuned_base(model)?))
        .or_else(|| exact(vendor, without_version(model)?))
}

/// Every model of a vendor, by name.
pub fn models(vendor: &str) -> impl Iterator<Item = &'static Model> {
    let table = table();
    let start = table.partition_point(|row| row.vendor < vendor);
    let end = table.partition_point(|row| row.vendor <= vendor);
    table.get(start..end).unwrap_or_default().iter()
}

fn exact(vendor: &str, model: &str) -> Option<&'static Model> {
    let table = table();
    let at = table.binary_search_by(|row| (row.vendor, row.name).cmp(&(vendor, model))).ok()?;
    table.get(at)
}

fn fine_tuned_base(model: &str) -> Option<&str> {
    let rest = model.strip_prefix("ft:")?;
    let end = rest.find(':')?;
    model.get(..end + "ft:".len())
}

fn without_version(model: &str) -> Option<&str> {
    if let Some(base) = model.strip_suffix("-latest") {
        return Some(base);
    }
    ["-dddd-dd-dd", "-dddddddd"].into_iter().find_map(|shape| {
        let at = model.len().checked_sub(shape.len())?;
        let fits = |(found, wanted): (u8, u8)| if wanted == b'd' { found.is_ascii_digit() } else { found == wanted };
        model.as_bytes().get(at..)?.iter().copied().zip(shape.bytes()).all(fits).then(|| model.get(..at))?
    })
}

fn table() -> &'static [Model] {
    static MODELS: OnceLock<Vec<Model>> = OnceLock::new();
    MODELS.get_or_init(|| {
        let mut models: Vec<Model> = rows().filter_map(parse).collect();
        models.sort_unstable_by_key(|model| (model.vendor, model.name));
        models
    })
}

fn rows() -> impl Iterator<Item = &'static str> {
    TABLE.lines().filter(|line| !line.starts_with('#')).skip(1)
}

fn parse(row: &'static str) -> Option<Model> {
    let mut cells = row.split('\t');
    let mut cell = || cells.next();
    let (vendor, name, mode) = (cell()?, cell()?, cell()?);
    let (input, output) = (amount(cell()?)?, amount(cell()?)?);
    let (cached_input, cache_write, reasoning_output) = (amount(cell()?)?, amount(cell()?)?, amount(cell()?)?);
    let (above_tokens, tier_input, tier_output) = (count(cell()?)?, amount(cell()?)?, amount(cell()?)?);
    let (max_input_tokens, max_output_tokens) = (count(cell()?)?, count(cell()?)?);
    let retired_on = Some(cell()?).filter(|day| !day.is_empty());

    // An embedding has no answer to charge for.
    let output = output.or_else(|| (mode == "embedding").then(TokenPrice::default));
    let tier = above_tokens.zip(tier_input).zip(tier_output);
    let tier = tier.map(|((above_tokens, input), output)| Tier { above_tokens, input, output });
    let price = input.zip(output).filter(|(input, output)| input.0 > 0 || output.0 > 0).map(|(input, output)| Price {
        input,
        output,
        cached_input,
        cache_write,
        reasoning_output,
        tier,
    });
    Some(Model { vendor, name, mode, price, max_input_tokens, max_output_tokens, retired_on })
}

/// A cell of dollars a million tokens, read exactly: no float comes near it. The outer `None` is a malformed cell.
fn amount(cell: &str) -> Option<Option<TokenPrice>> {
    if cell.is_empty() {
        return Some(None);
    }
    let (whole, fraction) = cell.split_once('.').unwrap_or((cell, "0"));
    let all_digits = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) || fraction.len() > 6 {
        return None;
    }
    let picos: u64 = format!("{whole}{fraction:0<6}").parse().ok()?;
    Some(Some(TokenPrice(picos)))
}

fn count(cell: &str) -> Option<Option<u64>> {
    if cell.is_empty() { Some(None) } else { cell.parse().ok().map(Some) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read_once() {
        assert_eq!(table().len(), rows().count());
        assert!(table().len() > 400);
        for pair in table().windows(2) {
            assert_ne!((pair[0].vendor, pair[0].name), (pair[1].vendor, pair[1].name));
        }
    }

    #[test]
    fn the_table_says_when_it_was_collected() {
        assert!(TABLE.contains(&format!("\n# Collected {COLLECTED}.")));
    }

    #[test]
    fn every_price_is_exactly_the_published_figure() {
        for row in rows() {
            let cells: Vec<&str> = row.split('\t').collect();
            for cell in [3, 4, 5, 6, 7, 9, 10].map(|at| cells[at]).into_iter().filter(|cell| !cell.is_empty()) {
                let read = amount(cell).unwrap().unwrap();
                assert_eq!(Some(read), TokenPrice::from_dollars_per_million(cell.parse().unwrap()), "{row}");
            }
        }
    }

    #[test]
    fn every_price_is_sane() {
        for model in table() {
            let Some(price) = model.price else { continue };
            let name = model.name;
            assert!(price.input.0 <= 200_000_000 && price.output.0 <= 1_000_000_000, "{name}");
            assert!(price.cached_input.is_none_or(|cached| cached <= price.input), "{name}");
            assert!(price.cache_write.is_none_or(|write| write.0 <= 2 * price.input.0), "{name}");
            assert!(price.tier.is_none_or(|tier| tier.input >= price.input && tier.output >= price.output), "{name}");
            assert!(model.mode == "embedding" || price.output.0 > 0, "{name}");
        }
    }

    #[test]
    fn an_amount_is_read_exactly_or_not_at_all() {
        let picos = |cell| amount(cell).map(|price| price.map(|price| price.0));
        assert_eq!(picos("0.0375"), Some(Some(37_500)));
        assert_eq!(picos("15"), Some(Some(15_000_000)));
        assert_eq!(picos("0.000001"), Some(Some(1)));
        assert_eq!(picos(""), Some(None));
        for wrong in ["0.0000001", "-1", "1e3", ".5", "5.", "free", "99999999999999999999"] {
            assert_eq!(picos(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_listed_model_has_its_own_price() {
        let price = lookup("openai", "gpt-4o-2024-05-13").unwrap();
        assert_eq!(price.input, TokenPrice(5_000_000));
        assert_eq!(lookup("openai", "gpt-4o").unwrap().cached_input, Some(TokenPrice(1_250_000)));
        assert_eq!(lookup("openai", "gpt-5.4").unwrap().tier.unwrap().above_tokens, 272_000);
    }

    #[test]
    fn a_snapshot_and_latest_cost_what_their_listed_model_does() {
        let base = lookup("openai", "gpt-4o").unwrap();
        for name in ["gpt-4o-2031-01-02", "gpt-4o-20310102", "gpt-4o-latest"] {
            assert_eq!(lookup("openai", name), Some(base), "{name}");
        }
        assert_eq!(
            lookup("openai", "ft:gpt-4o-mini-2024-07-18:org::id"),
            lookup("openai", "ft:gpt-4o-mini-2024-07-18")
        );
        assert_eq!(lookup("gemini", "models/gemini-2.5-pro"), lookup("gemini", "gemini-2.5-pro"));
    }

    #[test]
    fn an_unknown_model_is_unpriced() {
        for name in ["gpt-4o-ultra", "gpt-4o-24-08-06", "gpt-4o-é2024-08-06", "-latest", "", "models/gpt-4o", "GPT-4o"]
        {
            assert_eq!(lookup("openai", name), None, "{name}");
        }
        assert_eq!(lookup("anthropic", "gpt-4o"), None);
    }

    #[test]
    fn a_model_listed_at_nothing_is_unpriced_but_listed() {
        assert!(find("gemini", "lyria-3.5").is_some());
        assert_eq!(lookup("gemini", "lyria-3.5"), None);
    }

    #[test]
    fn only_the_vendors_own_address_is_the_vendor() {
        assert_eq!(vendor("https://api.openai.com/v1"), Some("openai"));
        assert_eq!(vendor("https://API.Groq.com/openai/v1"), Some("groq"));
        for foreign in [
            "http://127.0.0.1:8080/v1",
            "https://openrouter.ai/api/v1",
            "https://api.openai.com.evil.example/v1",
            "https://api.openai.com@evil.example/v1",
            "echo:",
            "",
        ] {
            assert_eq!(vendor(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn a_vendors_models_are_its_own_and_in_order() {
        let names: Vec<&str> = models("anthropic").map(|model| model.name).collect();
        assert!(names.contains(&"claude-haiku-4-5") && names.is_sorted());
        assert!(models("anthropic").all(|model| model.vendor == "anthropic"));
        assert_eq!(models("nobody").count(), 0);
    }
}
