//! E-mail addresses.

use serde::{Deserialize, Serialize};

use super::{EmailKind, is_false, none_twice, one_primary};
use crate::error::Result;
use crate::ground::email::{EmailAddress, comparison_form};
use crate::ground::text::fold;
use crate::record::parts::{Part, PartContext, PartMember, PartsDescriptor, parts_descriptor};

/// An e-mail address of a contact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Email {
    /// The address; `Name <a@b>` is accepted and reduced to the address.
    pub address: String,
    /// What it is for.
    pub kind: EmailKind,
    /// Whether it is the one to use first. One of the list is.
    #[serde(skip_serializing_if = "is_false")]
    pub primary: bool,
    /// Whether it is known to belong to the contact.
    #[serde(skip_serializing_if = "is_false")]
    pub verified: bool,
    /// Whether it is known not to work, for example after a hard bounce.
    #[serde(skip_serializing_if = "is_false")]
    pub invalid: bool,
}

impl Email {
    /// An address at work.
    pub fn work(address: impl Into<String>) -> Self {
        Self { address: address.into(), ..Self::default() }
    }

    /// An address at home.
    pub fn home(address: impl Into<String>) -> Self {
        Self { address: address.into(), kind: EmailKind::Home, ..Self::default() }
    }
}

impl Part for Email {
    const DESCRIPTOR: &'static PartsDescriptor = &parts_descriptor::<Self>(
        "email",
        &[
            PartMember {
                name: "address",
                indexed: Some(|operand, _| {
                    vec![EmailAddress::parse(operand).map_or_else(|_| fold(operand), |email| email.normal)]
                }),
                json_type: "string",
            },
            PartMember { name: "kind", indexed: None, json_type: "string" },
            PartMember { name: "primary", indexed: None, json_type: "boolean" },
            PartMember { name: "verified", indexed: None, json_type: "boolean" },
            PartMember { name: "invalid", indexed: None, json_type: "boolean" },
        ],
    );

    fn normalise(&mut self, _context: &PartContext) -> Result<()> {
        self.address = EmailAddress::parse(&self.address).map_err(|error| error.at("address"))?.address;
        Ok(())
    }

    fn index_terms(&self, add: &mut dyn FnMut(&'static str, String)) {
        add("address", comparison_form(&self.address));
    }

    fn search_text(&self, add: &mut dyn FnMut(&str)) {
        add(&self.address);
    }

    fn normalise_list(list: &mut Vec<Self>) -> Result<()> {
        one_primary(list, |email| &mut email.primary);
        none_twice(list, "address", |email| fold(&email.address))
    }
}
