//! Bytes of other encodings as UTF-8, while they stream.

use std::io::{self, Read};

use crate::interchange::mapping::Encoding;

/// What the bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Utf8,
    Windows1252,
    Utf16 { big: bool },
}

/// The upper half of Windows-1252 from 0x80 to 0x9F; the unused places are control characters, as on the web.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Reads UTF-8 out of bytes in any known encoding, without the byte order mark. UTF-8 itself is passed through
/// unchecked, so that a wrong byte can be reported with its row and column.
pub(super) struct Decoder<'r> {
    inner: &'r mut dyn Read,
    form: Form,
    raw: Vec<u8>,
    raw_at: usize,
    text: Vec<u8>,
    text_at: usize,
    high: Option<u16>,
    ended: bool,
}

impl<'r> Decoder<'r> {
    pub(super) fn new(inner: &'r mut dyn Read, stated: Encoding) -> io::Result<Self> {
        let mut decoder = Self {
            inner,
            form: Form::Utf8,
            raw: Vec::new(),
            raw_at: 0,
            text: Vec::new(),
            text_at: 0,
            high: None,
            ended: false,
        };
        while decoder.raw.len() < 3 && decoder.fill()? {}
        (decoder.form, decoder.raw_at) = match decoder.raw.as_slice() {
            [0xEF, 0xBB, 0xBF, ..] => (Form::Utf8, 3),
            [0xFF, 0xFE, ..] => (Form::Utf16 { big: false }, 2),
            [0xFE, 0xFF, ..] => (Form::Utf16 { big: true }, 2),
            _ if stated == Encoding::Windows1252 => (Form::Windows1252, 0),
            _ => (Form::Utf8, 0),
        };
        Ok(decoder)
    }

    /// Reads more raw bytes behind those that are left; `false` at the end.
    fn fill(&mut self) -> io::Result<bool> {
        self.raw.drain(..self.raw_at);
        self.raw_at = 0;
        let kept = self.raw.len();
        self.raw.resize(kept + 16 * 1024, 0);
        let count = loop {
            match self.inner.read(&mut self.raw[kept..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                outcome => break outcome,
            }
        };
        self.raw.truncate(kept + *count.as_ref().unwrap_or(&0));
        let count = count?;
        self.ended = count == 0;
        Ok(count > 0)
    }

    fn push(&mut self, character: char) {
        self.text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }

    /// Decodes what lies in the raw buffer.
    fn decode(&mut self) {
        self.text.clear();
        self.text_at = 0;
        match self.form {
            Form::Utf8 => {}
            Form::Windows1252 => {
                for at in self.raw_at..self.raw.len() {
                    let byte = self.raw[at];
                    let character = match byte {
                        0x80..=0x9F => WINDOWS[usize::from(byte - 0x80)],
                        _ => char::from(byte),
                    };
                    self.push(character);
                }
                self.raw_at = self.raw.len();
            }
            Form::Utf16 { big } => {
                while let Some(&[first, second]) = self.raw.get(self.raw_at..self.raw_at + 2) {
                    self.raw_at += 2;
                    let unit = if big {
                        u16::from_be_bytes([first, second])
                    } else {
                        u16::from_le_bytes([first, second])
                    };
                    self.unit(unit);
                }
                if self.ended && (self.high.take().is_some() || self.raw_at < self.raw.len()) {
                    self.raw_at = self.raw.len();
                    self.push(char::REPLACEMENT_CHARACTER);
                }
            }
        }
    }

    fn unit(&mut self, unit: u16) {
        let units = self.high.take().into_iter().chain([unit]);
        for decoded in char::decode_utf16(units) {
            match decoded {
                Ok(character) => self.push(character),
                Err(error) if error.unpaired_surrogate() == unit && (0xD800..0xDC00).contains(&unit) => {
                    self.high = Some(unit);
                }
                Err(_) => self.push(char::REPLACEMENT_CHARACTER),
            }
        }
    }
}

impl Read for Decoder<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let (source, at) = match self.form {
                Form::Utf8 => (&self.raw, &mut self.raw_at),
                _ => (&self.text, &mut self.text_at),
            };
            if *at < source.len() {
                let count = buffer.len().min(source.len() - *at);
                buffer[..count].copy_from_slice(&source[*at..*at + count]);
                *at += count;
                return Ok(count);
            }
            if self.ended && self.raw_at == self.raw.len() {
                return Ok(0);
            }
            // What was read before the encoding was known is decoded first.
            let least = if matches!(self.form, Form::Utf16 { .. }) { 2 } else { 1 };
            if !self.ended && self.raw.len() < self.raw_at + least {
                self.fill()?;
            }
            self.decode();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_becomes_utf_8() {
        let utf16 = |big: bool, text: &str| -> Vec<u8> {
            std::iter::once(0xFEFF)
                .chain(text.encode_utf16())
                .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect()
        };
        let long = "ä€😀,".repeat(20_000);
        for (bytes, stated, expected) in [
            (b"a,b".to_vec(), Encoding::Utf8, "a,b".to_owned()),
            (Vec::new(), Encoding::Utf8, String::new()),
            (b"x".to_vec(), Encoding::Windows1252, "x".to_owned()),
            ("\u{feff}ä".into(), Encoding::Utf8, "ä".to_owned()),
            ("\u{feff}ä".into(), Encoding::Windows1252, "ä".to_owned()),
            (vec![0xE4, 0x80], Encoding::Windows1252, "ä€".to_owned()),
            (utf16(false, &long), Encoding::Utf8, long.clone()),
            (utf16(true, &long), Encoding::Utf8, long.clone()),
            (vec![0xFF, 0xFE, 0x41, 0, 0x3D, 0xD8], Encoding::Utf8, "A\u{fffd}".to_owned()),
            (vec![0xFF, 0xFE, 0x41, 0, 0x3D], Encoding::Utf8, "A\u{fffd}".to_owned()),
            (vec![0xFF, 0xFE, 0x3D, 0xD8, 0x41, 0], Encoding::Utf8, "\u{fffd}A".to_owned()),
        ] {
            // One byte at a time finds every place where a character can be cut.
            for step in [1, 7, usize::MAX] {
                let mut source = Slow(&bytes, step);
                let mut text = Vec::new();
                Decoder::new(&mut source, stated).unwrap().read_to_end(&mut text).unwrap();
                assert!(text == expected.as_bytes(), "{:?} {step}", &expected[..expected.len().min(8)]);
            }
        }
    }

    struct Slow<'b>(&'b [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(buffer.len()).min(self.0.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }
}
