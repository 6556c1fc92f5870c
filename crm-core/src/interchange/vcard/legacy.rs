//! Values of 2.1 brought into the escapes of 3.0.

use super::escape::without_line_breaks;

/// 2.1 knows `\;` only, but its writers use the escapes of 3.0 as well, so these are kept; any other backslash
/// stands for itself and is doubled. A comma in N, ADR and ORG is a plain comma, for 2.1 has no lists there.
pub(super) fn value(name: &str, value: &str) -> String {
    let plain_commas = matches!(name, "N" | "ADR" | "ORG");
    let mut raw = String::with_capacity(value.len());
    let mut characters = value.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                raw.push('\\');
                raw.push(
                    characters
                        .next_if(|next| matches!(next, '\\' | ';' | ',' | ':' | 'n' | 'N'))
                        .unwrap_or('\\'),
                );
            }
            ',' if plain_commas => raw.push_str("\\,"),
            _ => raw.push(character),
        }
    }
    without_line_breaks(raw)
}

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        let check = |name, value, raw| assert_eq!(super::value(name, value), raw);
        check("N", "Doe, Jr.;J\\;ane", "Doe\\, Jr.;J\\;ane");
        check("NOTE", "a, b\r\nc\nd", "a, b\\nc\\nd");
        check("NOTE", "C:\\Dir\\", "C:\\\\Dir\\\\");
        check("NOTE", "a\\,b\\nc", "a\\,b\\nc");
    }
}
