//! Numbers with a floating point, from text.

/// The number that a text says in digits, with or without a sign, a point and an exponent: `-12.5`, `.5`, `1e3`.
///
/// It is read as a number in JSON is, so that it has the same value wherever it comes from, and a program for the browser
/// has one table of powers and not two.
pub(crate) fn parse(text: &str) -> Option<f64> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (digits, exponent) = unsigned.split_at(unsigned.find(['e', 'E']).unwrap_or(unsigned.len()));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
    if !is_number || (whole.is_empty() && fraction.is_empty()) || exponent.contains(char::is_whitespace) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    serde_json::from_str(&format!("{sign}{whole:0>1}.{fraction:0<1}{exponent}")).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::parse;

    #[test]
    fn reads_what_the_standard_library_reads() {
        for text in [
            "0",
            "-0",
            "7",
            "+7",
            "007",
            "1.",
            ".5",
            "-.5",
            "12.50",
            "1e3",
            "1E-3",
            "1.e+2",
            "0.1",
            "-53.55",
            "123456789012345",
            "",
            "-",
            "+",
            ".",
            "e5",
            "1e",
            "1e+",
            "--1",
            "+-1",
            "1 ",
            " 1",
            "1e5 ",
            "1,5",
            "0x1",
            "1_000",
            "1.2.3",
        ] {
            assert_eq!(parse(text), text.parse().ok(), "{text}");
        }
    }

    #[test]
    fn knows_no_number_without_digits() {
        for text in ["inf", "-infinity", "nan", "1e999"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        /// What is written with all its digits is read as what it was, in JSON as anywhere: an export loses nothing.
        #[test]
        fn reads_every_number_exactly(number in prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO) {
            let text = format!("{number:?}");
            prop_assert_eq!(parse(&text), Some(number));
            prop_assert_eq!(serde_json::from_str::<f64>(&text).ok(), Some(number));
        }
    }
}
