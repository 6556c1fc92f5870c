//! vCard 2.1, 3.0 and 4.0 in, 3.0 and 4.0 out, without losing a property that the engine does not know.
//!
//! Sources: RFC 6350 (4.0), RFC 6868 (parameter escapes), RFC 2425 and 2426 (3.0), versit vCard 2.1.
//!
//! [`read`] streams [`ParsedCard`]s out of bytes, [`Reader`] out of any [`BufRead`](std::io::BufRead); a bad card
//! is an error with its card and line number, and the iterator goes on with the next card. [`write()`] writes a card
//! in either [`OutputVersion`] and converts it on the way; see [`VCard::converted`] for the rules.
//!
//! ```
//! use crm_core::interchange::vcard::{read, write, OutputVersion};
//! let file = b"BEGIN:VCARD\r\nVERSION:2.1\r\nN:Doe;Jane\r\nTEL;CELL;PREF:+1 555\r\nEND:VCARD\r\n";
//! let card = read(file).next().expect("there is one card")?.card;
//! assert_eq!(card.first("N").expect("has a name").fields(), ["Doe", "Jane"]);
//! let phone = card.first("TEL").expect("has a phone");
//! assert_eq!((phone.types(), phone.preference()), (vec!["cell".to_owned()], Some(1)));
//! let text = write(&card, OutputVersion::V4_0)?;
//! assert!(text.contains("TEL;TYPE=CELL;PREF=1:+1 555\r\n"));
//! # Ok::<(), crm_core::CrmError>(())
//! ```

mod access;
mod binary;
mod charset;
mod content_line;
mod convert;
mod date;
mod encoding;
mod escape;
mod header;
mod legacy;
mod limits;
mod lines;
mod media;
mod notice;
mod parse;
mod property;
mod reader;
mod unfold;
mod write;

pub use binary::Binary;
pub use date::DateOrTime;
pub use limits::Limits;
pub use notice::Notice;
pub use property::{Coordinates, Parameter, Property};
pub use reader::{ParsedCard, Reader, read};
pub use write::{write, write_all};

/// The version that a card was written in. It decides what the parameters and values of its properties mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// versit vCard 2.1. Read only; its values are kept in the escapes of 3.0.
    V2_1,
    /// RFC 2426.
    V3_0,
    /// RFC 6350.
    V4_0,
}

/// The versions that can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "VcardVersion"))]
pub enum OutputVersion {
    /// RFC 2426, which the address books of telephones and desktops read best.
    #[serde(rename = "3.0")]
    V3_0,
    /// RFC 6350, the current standard.
    #[serde(rename = "4.0")]
    V4_0,
}

impl OutputVersion {
    /// The text of the VERSION property.
    pub const fn text(self) -> &'static str {
        match self {
            Self::V3_0 => "3.0",
            Self::V4_0 => "4.0",
        }
    }
}

impl From<OutputVersion> for Version {
    fn from(version: OutputVersion) -> Self {
        match version {
            OutputVersion::V3_0 => Self::V3_0,
            OutputVersion::V4_0 => Self::V4_0,
        }
    }
}

/// One card: its version and its properties in the order of the file, without BEGIN, VERSION and END.
///
/// To make one, start from [`VCard::new`] and write the properties in the manner of 4.0; [`write()`] converts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VCard {
    /// The version whose rules the properties follow.
    pub version: Version,
    /// All properties, known and unknown.
    pub properties: Vec<Property>,
}

impl VCard {
    /// An empty card of version 4.0.
    pub fn new() -> Self {
        Self { version: Version::V4_0, properties: Vec::new() }
    }

    /// Appends a property.
    pub fn push(&mut self, property: Property) {
        self.properties.push(property);
    }

    /// The properties of a name in any case, in the order of the file.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Property> {
        self.properties.iter().filter(move |property| property.is(name))
    }

    /// The first property of a name in any case.
    pub fn first(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.is(name))
    }

    /// The preferred property of a name: the one with the smallest [`Property::preference`], else the first.
    pub fn preferred(&self, name: &str) -> Option<&Property> {
        self.properties
            .iter()
            .filter(|property| property.is(name))
            .min_by_key(|property| property.preference().unwrap_or(u8::MAX))
    }

    /// The properties of a group in any case, for example the X-ABLabel that Apple puts beside `item1.TEL`.
    pub fn group<'a>(&'a self, group: &'a str) -> impl Iterator<Item = &'a Property> {
        self.properties.iter().filter(move |property| {
            property.group.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(group))
        })
    }
}

impl Default for VCard {
    fn default() -> Self {
        Self::new()
    }
}
