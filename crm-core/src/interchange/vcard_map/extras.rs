//! The properties that are kept verbatim.

use serde::{Deserialize, Serialize};

use crate::interchange::vcard::{Parameter, Property};

/// A property as JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    parameters: Vec<(String, Vec<String>)>,
    value: String,
}

/// A property that is kept, and what stands in its place when the record has changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Extra {
    pub(super) property: Kept,
    /// What the engine writes for the fields that the property went into; nothing when it went into none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) instead_of: Option<Kept>,
}

impl From<&Property> for Kept {
    fn from(property: &Property) -> Self {
        Self {
            group: property.group.clone(),
            name: property.name.clone(),
            parameters: property
                .parameters
                .iter()
                .map(|parameter| (parameter.name.clone(), parameter.values.clone()))
                .collect(),
            value: property.value.clone(),
        }
    }
}

impl From<&Kept> for Property {
    fn from(kept: &Kept) -> Self {
        let mut property = Self::from_raw(&kept.name, kept.value.clone());
        property.group.clone_from(&kept.group);
        property.parameters = kept
            .parameters
            .iter()
            .map(|(name, values)| Parameter { name: name.clone(), values: values.clone() })
            .collect();
        property
    }
}
