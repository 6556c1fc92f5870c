//! Whatever is read can be written in both versions, and reads back as what was written.
#![no_main]

use crm_core::interchange::vcard::{Limits, OutputVersion, Reader, Version, read, write};
use libfuzzer_sys::fuzz_target;

// Small limits, so that the fuzzer meets them.
const LIMITS: Limits = Limits { line: 2000, card: 4000, input: 20_000, properties: 50, parameters: 10, depth: 2 };

fuzz_target!(|input: &[u8]| {
    for item in Reader::with_limits(input, LIMITS) {
        let card = match item {
            Ok(parsed) => parsed.card,
            Err(error) => {
                assert!(error.code().starts_with("vcard."), "{error}");
                assert!(error.path().is_some(), "{error}");
                continue;
            }
        };
        for property in &card.properties {
            property.types();
            property.preference();
            property.components();
            property.list();
            property.coordinates();
            property.card();
            property.binary();
            if let Some(date) = property.date_or_time() {
                date.to_extended();
            }
        }
        for version in [OutputVersion::V3_0, OutputVersion::V4_0] {
            let text = write(&card, version).expect("what was read can be written");
            assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])));
            let mut again = read(text.as_bytes());
            let second = again.next().expect("one card was written").expect("what was written can be read").card;
            assert!(again.next().is_none());
            assert_eq!(second, card.converted(version));
            if card.version == Version::from(version) {
                assert_eq!(second, card);
            }
            assert_eq!(write(&second, version).expect("can be written again"), text);
            for property in &card.properties {
                assert!(
                    second.properties.len() + card.all("LABEL").count() >= card.properties.len(),
                    "{} was lost",
                    property.name
                );
            }
        }
    }
});
