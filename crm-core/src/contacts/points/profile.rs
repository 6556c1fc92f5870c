//! Web sites and profiles.

use serde::{Deserialize, Serialize};

use super::{ProfileKind, is_false, line, none_twice, one_primary};
use crate::error::{CrmError, Result};
use crate::ground::text::{TextForm, fold};
use crate::ground::url;
use crate::record::parts::{Part, PartContext, PartMember, PartsDescriptor, parts_descriptor};

/// A web site or a profile in a network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Profile {
    /// The address of the page, or the name of the account where there is no page.
    pub address: String,
    /// Where it is.
    pub kind: ProfileKind,
    /// Whether it is the one to show first. One of the list is.
    #[serde(skip_serializing_if = "is_false")]
    pub primary: bool,
    /// Whether it is known to belong to the contact.
    #[serde(skip_serializing_if = "is_false")]
    pub verified: bool,
    /// Whether it is known not to work.
    #[serde(skip_serializing_if = "is_false")]
    pub invalid: bool,
}

impl Part for Profile {
    const DESCRIPTOR: &'static PartsDescriptor = &parts_descriptor::<Self>(
        "profile",
        &[
            PartMember {
                name: "address",
                indexed: Some(|operand, _| vec![fold(operand)]),
                json_type: "string",
            },
            PartMember { name: "kind", indexed: None, json_type: "string" },
            PartMember { name: "primary", indexed: None, json_type: "boolean" },
            PartMember { name: "verified", indexed: None, json_type: "boolean" },
            PartMember { name: "invalid", indexed: None, json_type: "boolean" },
        ],
    );

    fn normalise(&mut self, _context: &PartContext) -> Result<()> {
        line(&mut self.address, "address", TextForm::Line, 2_000)?;
        if self.address.is_empty() {
            return Err(CrmError::invalid("field.required", "is required").at("address"));
        }
        if self.kind == ProfileKind::Website || self.address.contains("://") {
            self.address = url::normalise(&self.address).map_err(|error| error.at("address"))?;
        }
        Ok(())
    }

    fn index_terms(&self, add: &mut dyn FnMut(&'static str, String)) {
        add("address", fold(&self.address));
    }

    fn search_text(&self, add: &mut dyn FnMut(&str)) {
        add(&self.address);
    }

    fn normalise_list(list: &mut Vec<Self>) -> Result<()> {
        one_primary(list, |profile| &mut profile.primary);
        none_twice(list, "address", |profile| fold(&profile.address))
    }
}
