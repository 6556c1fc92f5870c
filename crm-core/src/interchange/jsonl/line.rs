//! The lines of an export.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;

/// The name of the format.
pub(super) const FORMAT: &str = "crm-core";

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub(super) format: String,
    pub(super) version: u64,
    pub(super) types: Map<String, Json>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) counters: BTreeMap<String, u64>,
    /// The secret of the database in BASE64: without it, the hashes of addresses match nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) secret: Option<String>,
}

/// Any other line: a record, or a piece of the content of the attachment before it.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    #[serde(rename = "type")]
    pub(super) record_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) record: Option<Map<String, Json>>,
    /// BASE64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) content: Option<String>,
    /// The evidence of a consent, opened: the key that it is sealed under stays behind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) evidence: Option<Json>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) periods: Vec<Period>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) keys: Vec<Key>,
}

/// That a field of the record had a value for some time.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Period {
    pub(super) field: String,
    pub(super) from: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) to: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) link: Option<RecordId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) value: Option<String>,
    pub(super) by: RecordId,
}

/// A key of the record in another system.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Key {
    pub(super) source: String,
    pub(super) key: String,
}

/// How far an export or a re-import is, or what it came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// How many records were written or read.
    pub records: u64,
    /// How many there are in all.
    pub of: u64,
}
