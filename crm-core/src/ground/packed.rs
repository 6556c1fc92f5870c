//! Bytes that every program carries along and seldom reads, packed.

/// The bytes that were packed. Numbers are LEB128: an even one is twice the length of a text, which follows; an odd one
/// is twice the length of a reference and one, and how far back it lies follows. What is malformed ends early.
pub fn unpacked(packed: &[u8]) -> Vec<u8> {
    let (mut text, mut rest) = (Vec::new(), packed);
    while !rest.is_empty() {
        let token = number(&mut rest);
        let length = token >> 1;
        if token & 1 == 0 {
            let (literal, after) = rest.split_at(length.min(rest.len()));
            text.extend_from_slice(literal);
            rest = after;
        } else {
            // A reference may reach into what it writes itself.
            let from = text.len().saturating_sub(number(&mut rest));
            for place in from..from + length {
                let Some(&byte) = text.get(place) else { return text };
                text.push(byte);
            }
        }
    }
    text
}

/// Takes a number as LEB128.
fn number(rest: &mut &[u8]) -> usize {
    let (mut number, mut shift) = (0, 0);
    while let Some((&byte, after)) = rest.split_first() {
        *rest = after;
        number |= usize::from(byte & 0x7f).checked_shl(shift).unwrap_or_default();
        shift += 7;
        if byte & 0x80 == 0 {
            break;
        }
    }
    number
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::unpacked;
    use crate::ground::pack::pack;

    #[test]
    fn what_repeats_becomes_short() {
        let text = b"abcdefgh".repeat(1_000);
        let packed = pack(&text);
        assert!(packed.len() < 20, "{} bytes", packed.len());
        assert_eq!(unpacked(&packed), text);
        assert_eq!(unpacked(&[]), b"");
    }

    #[test]
    fn what_is_malformed_ends_early() {
        assert_eq!(unpacked(&[0x0d, 0x05]), b"");
        assert_eq!(unpacked(&[0x08, b'a', b'b']), b"ab");
        assert_eq!(unpacked(&[0x02, b'a', 0x80]), b"a");
    }

    proptest! {
        #[test]
        fn all_bytes_come_back(text in proptest::collection::vec(0_u8..4, 0..600)) {
            prop_assert_eq!(unpacked(&pack(&text)), text);
        }
    }
}
