//! From one version to another, without losing a property.

mod names;
mod to_v3;
mod to_v4;
mod v2;
mod values;

use super::{OutputVersion, VCard, Version};

impl VCard {
    /// The card in another version. What a version does not know is kept under its name: its readers skip it, and
    /// on the way back it is as it was.
    ///
    /// | 2.1 and 3.0 | 4.0 |
    /// |---|---|
    /// | `TYPE=pref` | `PREF=1` |
    /// | `PHOTO;ENCODING=b;TYPE=JPEG:...` (also LOGO, SOUND, KEY, X-...) | `PHOTO:data:image/jpeg;base64,...` |
    /// | `PHOTO;VALUE=uri;TYPE=JPEG:...` | `PHOTO;VALUE=uri;MEDIATYPE=image/jpeg:...` |
    /// | `GEO:46.7;-71.2` (2.1: `-71.2,46.7`) | `GEO:geo:46.7,-71.2` |
    /// | `BDAY:1985-04-12` (also ANNIVERSARY, DEATHDATE, REV) | `BDAY:19850412` |
    /// | `BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-12` | `BDAY:--0412` |
    /// | `TEL:+1-555` | `TEL;VALUE=uri:tel:+1-555` becomes it; the way back keeps the text |
    /// | `LABEL` of the same group and types as the only such ADR | `ADR;LABEL=...` |
    /// | `AGENT` with a card or a URI | `RELATED;TYPE=agent` |
    /// | `TZ:-05:00`, `TZ;VALUE=text:...` | `TZ:...` |
    /// | `X-ADDRESSBOOKSERVER-KIND`, `-MEMBER` | `KIND`, `MEMBER` |
    ///
    /// A backslash in front of a colon, which Apple and Google write, is dropped. Where the target demands FN, or
    /// 3.0 N, and it is missing, it is made of what there is.
    pub fn converted(&self, version: OutputVersion) -> Self {
        let mut card = self.clone();
        let target = Version::from(version);
        if card.version == target {
            return card;
        }
        if card.version == Version::V2_1 {
            v2::convert(&mut card.properties);
        }
        if target == Version::V4_0 {
            to_v4::convert(&mut card.properties);
        } else if card.version == Version::V4_0 {
            to_v3::convert(&mut card.properties);
        }
        card.version = target;
        names::complete(&mut card, version);
        card
    }
}
