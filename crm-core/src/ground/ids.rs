//! Typed identifiers over UUIDv7 (RFC 9562): they sort by the time at which they were made.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{CrmError, Result};
use crate::ground::clock::Clock;
use crate::ground::random::Random;
use crate::ground::time::Timestamp;

/// The identifier of any record. Typed identifiers such as `PersonId` convert
/// into it. The nil value stands for "not created yet".
///
/// ```
/// use crm_core::RecordId;
/// let id: RecordId = "0192f0c1-2345-7abc-8def-0123456789ab".parse()?;
/// assert_eq!(id.to_string(), "0192f0c1-2345-7abc-8def-0123456789ab");
/// assert!(RecordId::NIL.is_nil());
/// # Ok::<(), crm_core::CrmError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct RecordId(Uuid);

impl RecordId {
    /// The identifier of a record that was not created yet.
    pub const NIL: Self = Self(Uuid::nil());

    /// A fresh UUIDv7 from the time and the randomness of the host.
    pub fn generate(now: Timestamp, random: &dyn Random) -> Self {
        let mut tail = [0; 10];
        random.fill(&mut tail);
        let millis = u64::try_from(now.micros() / 1000).unwrap_or(0);
        Self(uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid())
    }

    /// The least UUIDv7 after this one (RFC 9562, §6.2, method 2): for identifiers that are made one after the other
    /// and shall stand in this order, also within a millisecond.
    pub fn next(self) -> Self {
        // The version and the variant stay; what is counted lies around them.
        const TAIL: u128 = (1 << 62) - 1;
        const VARIANT: u128 = 0b10 << 62;
        const MIDDLE: u128 = 0xFFF << 64;
        const VERSION: u128 = 0x7 << 76;
        let number = self.0.as_u128();
        let head = number >> 80;
        let count = (head << 74) | ((number & MIDDLE) >> 2) | (number & TAIL);
        let count = count.wrapping_add(1);
        let head = (count >> 74) << 80;
        let middle = (count << 2) & MIDDLE;
        Self(Uuid::from_u128(head | VERSION | middle | VARIANT | (count & TAIL)))
    }

    /// Whether this is [`RecordId::NIL`].
    pub fn is_nil(self) -> bool {
        self.0.is_nil()
    }

    /// The sixteen bytes, most significant first.
    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    /// The identifier with these sixteen bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }
}

impl<'de> Deserialize<'de> for RecordId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        // Not by the words of the UUID crate, which quote what was given.
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Uuid::parse_str(&text).map(Self).map_err(|_| serde::de::Error::custom("is not a UUID"))
    }
}

impl From<Uuid> for RecordId {
    fn from(value: Uuid) -> Self {
        Self(value)
    }
}

impl From<RecordId> for Uuid {
    fn from(value: RecordId) -> Self {
        value.0
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for RecordId {
    type Err = CrmError;

    fn from_str(text: &str) -> Result<Self> {
        Uuid::parse_str(text).map(Self).map_err(|_| CrmError::invalid("id.invalid", "is not a UUID"))
    }
}

/// A fresh identifier from a clock and a source of randomness.
pub fn new_id(clock: &dyn Clock, random: &dyn Random) -> RecordId {
    RecordId::generate(clock.now(), random)
}

/// Declares typed identifiers: newtypes over [`RecordId`] that cannot be mixed up.
macro_rules! typed_ids {
    ($($(#[$meta:meta])* $name:ident => $record_type:literal;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $crate::ground::ids::RecordId);

        impl $name {
            /// The record type that this identifier belongs to.
            pub const RECORD_TYPE: &'static str = $record_type;
        }

        impl From<$crate::ground::ids::RecordId> for $name {
            fn from(value: $crate::ground::ids::RecordId) -> Self {
                Self(value)
            }
        }

        impl From<$name> for $crate::ground::ids::RecordId {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            // What the identifier is of: `PersonSuggestion` is a suggestion of people.
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).trim_end_matches("Id").into()
            }

            fn schema_id() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "format": "uuid", "x-target": $record_type })
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::error::CrmError;

            fn from_str(text: &str) -> $crate::error::Result<Self> {
                text.parse().map(Self)
            }
        }

        impl $crate::record::LinkId for $name {
            const TARGET: &'static str = $record_type;
        }
    )+};
}
pub(crate) use typed_ids;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_identifier() {
        for (given, expected) in [
            ("0192f0c1-2345-7abc-8def-0123456789ab", "0192f0c1-2345-7abc-8def-0123456789ac"),
            ("0192f0c1-2345-7abc-8def-ffffffffffff", "0192f0c1-2345-7abc-8df0-000000000000"),
            ("0192f0c1-2345-7abc-bfff-ffffffffffff", "0192f0c1-2345-7abd-8000-000000000000"),
            ("0192f0c1-2345-7fff-bfff-ffffffffffff", "0192f0c1-2346-7000-8000-000000000000"),
        ] {
            assert_eq!(given.parse::<RecordId>().unwrap().next().to_string(), expected);
        }
    }
}
