//! Numbers a request may hold. JSON allows integers of any length; what does not fit 64 bits would be rounded on its way
//! through a value, so that two different requests would look the same. Such a request is refused instead.

/// The first integer of a JSON text that 64 bits cannot hold.
pub fn too_long(json: &str) -> Option<&str> {
    let bytes = json.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at = match byte {
            b'"' => end_of_string(bytes, at + 1),
            b'-' | b'0'..=b'9' => {
                let end = end_of_number(bytes, at + 1);
                let number = &json[at..end];
                let is_integer = !number.contains(['.', 'e', 'E']);
                if is_integer && number.parse::<i64>().is_err() && number.parse::<u64>().is_err() {
                    return Some(number);
                }
                end
            }
            _ => at + 1,
        };
    }
    None
}

fn end_of_string(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn end_of_number(bytes: &[u8], from: usize) -> usize {
    let of_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
    from + bytes.iter().skip(from).take_while(|byte| of_number(byte)).count()
}

#[cfg(test)]
mod tests {
    use super::too_long;

    #[test]
    fn an_integer_beyond_64_bits_is_found_wherever_it_stands() {
        assert_eq!(too_long("18446744073709551616"), Some("18446744073709551616"));
        assert_eq!(too_long(r#"{"a": [1, -9223372036854775809]}"#), Some("-9223372036854775809"));
        assert_eq!(too_long(r#"{"a": "x\"", "b": 99999999999999999999}"#), Some("99999999999999999999"));
    }

    #[test]
    fn what_fits_and_what_is_no_integer_passes() {
        for fine in ["18446744073709551615", "-9223372036854775808", "1e30", "0.12345678901234567890123", "\"123\""] {
            assert_eq!(too_long(fine), None, "{fine}");
        }
        assert_eq!(too_long(r#"{"a": "99999999999999999999 \\", "99999999999999999999": 1}"#), None);
        assert_eq!(too_long("\"99999999999999999999"), None);
    }
}
