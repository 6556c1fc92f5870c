//! Writes `src/disallowed.rs` anew, from the published crate. Run in the folder of this crate.

use std::fs;

fn main() -> std::io::Result<()> {
    let mut bytes = Vec::new();
    let (mut length, mut disallowed) = (0, false);
    for code_point in 0..=u32::from(char::MAX) {
        // Surrogates are no characters; they lengthen the run they lie in.
        if let Some(c) = char::from_u32(code_point) {
            let mapped = published::Mapper::new(std::iter::once(c), false).next();
            let differs = (mapped == Some('\u{fffd}')) != disallowed;
            if differs {
                push(&mut bytes, length);
                (length, disallowed) = (0, !disallowed);
            }
        }
        length += 1;
    }
    let mut text = "//! Which characters no domain may have: the lengths of runs that are allowed and disallowed by turns.\n//!\n\
         //! Written by `examples/table.rs` from data of Unicode 16.\n\n/// The lengths as LEB128.\n\
         #[rustfmt::skip]\npub(crate) const RUNS: &[u8] = &[\n"
        .to_owned();
    for line in bytes.chunks(32) {
        let line: Vec<String> = line.iter().map(u8::to_string).collect();
        text += &format!("    {},\n", line.join(","));
    }
    fs::write("src/disallowed.rs", text + "];\n")
}

/// Adds a number as LEB128.
fn push(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}
