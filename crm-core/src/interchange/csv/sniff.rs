//! Finding out what separates the columns.

/// The character that stands most often outside quotes in the first line; a comma when none does.
pub(super) fn delimiter(start: &[u8]) -> u8 {
    const KNOWN: [u8; 4] = [b',', b';', b'\t', b'|'];
    let mut counts = [0_usize; 4];
    let mut quoted = false;
    for &byte in start {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            _ => {
                if let Some(known) = KNOWN.iter().position(|known| *known == byte) {
                    counts[known] += 1;
                }
            }
        }
    }
    let most = counts.iter().max().copied().unwrap_or(0);
    let first = counts.iter().position(|count| *count == most).unwrap_or(0);
    KNOWN[first]
}

#[cfg(test)]
mod tests {
    use super::delimiter;

    #[test]
    fn the_header_shows_the_delimiter() {
        for (start, expected) in [
            ("a,b,c\n1;2;3;4;5", b','),
            ("a;b\n", b';'),
            ("a\tb\tc,d", b'\t'),
            ("a|b", b'|'),
            ("\"a;b;c\",d", b','),
            ("single", b','),
            ("", b','),
        ] {
            assert_eq!(delimiter(start.as_bytes()), expected, "{start}");
        }
    }
}
