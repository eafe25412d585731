//! Roughly how many tokens a text is, without any vendor's tokenizer. Good for limits and forecasts, not for a bill.

/// The estimate, in tokens, rounded up.
///
/// Four ASCII characters make a token (English prose and code lie between three and five); other alphabets need about
/// one for two characters, CJK one for each, and what lies beyond the basic plane (emoji, rare scripts) two.
/// Used where a provider gave no usage, and before a call, where nobody can know.
pub fn tokens(text: &str) -> u64 {
    let quarters: u64 = text.chars().map(quarters).fold(0, u64::saturating_add);
    quarters.div_ceil(4)
}

fn quarters(character: char) -> u64 {
    match u32::from(character) {
        0..=0x7f => 1,
        0x80..=0x10ff => 2,
        0x1100..=0x11ff | 0x2e80..=0xd7ff | 0xf900..=0xfaff | 0xff00..=0xffef => 4,
        0x1200..=0x2e7f | 0xd800..=0xf8ff | 0xfb00..=0xfeff | 0xfff0..=0xffff => 3,
        0x2_0000..=0x3_ffff => 4,
        _ => 8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_no_token() {
        assert_eq!(tokens(""), 0);
    }

    #[test]
    fn four_ascii_characters_are_a_token_and_a_rest_counts_whole() {
        assert_eq!(tokens("word"), 1);
        assert_eq!(tokens("words"), 2);
        assert_eq!(tokens(&"a".repeat(4000)), 1000);
    }

    #[test]
    fn a_cjk_character_is_a_token_whatever_its_bytes() {
        assert_eq!(tokens("日本語"), 3);
        assert_eq!(tokens("한국어"), 3);
        assert_eq!(tokens("𠮷野家"), 3);
    }

    #[test]
    fn other_scripts_lie_between_and_emoji_above() {
        assert_eq!(tokens("привет"), 3);
        assert_eq!(tokens("🙂"), 2);
    }
}
