//! PostgreSQL's `numeric`, which sums and averages of whole numbers are.
//!
//! The binary form: the number of digits, the weight of the first, the sign and the scale, 16 bits each, then the
//! digits to the base 10,000, the most significant first.

const BASE: i128 = 10_000;
const NEGATIVE: u16 = 0x4000;

struct Parts<'a> {
    weight: i32,
    negative: bool,
    digits: &'a [[u8; 2]],
}

fn parts(raw: &[u8]) -> Option<Parts<'_>> {
    let (words, []) = raw.as_chunks::<2>() else { return None };
    let [_, weight, sign, _, digits @ ..] = words else { return None };
    let sign = u16::from_be_bytes(*sign);
    // What is neither positive nor negative is no number, or infinite.
    (sign == 0 || sign == NEGATIVE).then_some(Parts {
        weight: i16::from_be_bytes(*weight).into(),
        negative: sign == NEGATIVE,
        digits,
    })
}

/// The whole number; `None` when it has decimals or leaves 64 bits.
pub(super) fn whole(raw: &[u8]) -> Option<i64> {
    let Parts { weight, negative, digits } = parts(raw)?;
    let mut value = 0_i128;
    let mut power = weight;
    for digit in digits {
        let digit = i128::from(u16::from_be_bytes(*digit));
        if power < 0 {
            (digit == 0).then_some(())?;
        } else {
            value = value.checked_add(digit.checked_mul(BASE.checked_pow(power.unsigned_abs())?)?)?;
        }
        power -= 1;
    }
    i64::try_from(if negative { -value } else { value }).ok()
}

/// The nearest floating-point number.
pub(super) fn real(raw: &[u8]) -> Option<f64> {
    let Parts { weight, negative, digits } = parts(raw)?;
    let mut text = String::from(if negative { "-0" } else { "0" });
    for digit in digits {
        text.push_str(&format!("{:04}", u16::from_be_bytes(*digit)));
    }
    let count = i32::try_from(digits.len()).ok()?;
    // All digits are written as a whole number, so the exponent moves the point back.
    text.push_str(&format!("e{}", (weight + 1 - count) * 4));
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(weight: i16, sign: u16, digits: &[u16]) -> Vec<u8> {
        let count = u16::try_from(digits.len()).unwrap();
        let mut words = vec![count, weight.cast_unsigned(), sign, 0];
        words.extend(digits);
        words.into_iter().flat_map(u16::to_be_bytes).collect()
    }

    #[test]
    fn numbers_are_read() {
        for (bytes, integer, number) in [
            (raw(0, 0, &[]), Some(0), 0.0),
            (raw(0, 0, &[42]), Some(42), 42.0),
            (raw(1, NEGATIVE, &[1, 5]), Some(-10_005), -10_005.0),
            (raw(2, 0, &[3]), Some(300_000_000), 3e8),
            (raw(0, 0, &[1, 5000]), None, 1.5),
            (raw(-1, 0, &[1234]), None, 0.1234),
            (raw(4, 0, &[922, 3372, 368, 5477, 5807]), Some(i64::MAX), 9.223_372_036_854_776e18),
            (raw(5, 0, &[1]), None, 1e20),
        ] {
            assert_eq!(whole(&bytes), integer, "{bytes:?}");
            assert_eq!(real(&bytes), Some(number), "{bytes:?}");
        }
        assert_eq!(whole(&raw(0, 0xC000, &[])), None);
        assert_eq!(whole(&[0]), None);
    }
}
