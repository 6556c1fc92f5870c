//! Postal addresses.

use serde::{Deserialize, Serialize};

use super::{AddressKind, is_false, line, one_primary};
use crate::error::Result;
use crate::ground::address::normal_postal_code;
use crate::ground::country::CountryCode;
use crate::ground::text::{TextForm, fold};
use crate::record::parts::{Part, PartContext, PartMember, PartsDescriptor, parts_descriptor};

/// A postal address of a contact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct PostalAddress {
    /// Street and number, several lines if need be.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub street: String,
    /// The post office box.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub po_box: String,
    /// The postal code.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub postal_code: String,
    /// The city or town.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub locality: String,
    /// The state or province.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub region: String,
    /// The country, ISO 3166-1 alpha-2; a name is accepted and reduced to the code.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub country: String,
    /// What it is for.
    pub kind: AddressKind,
    /// Whether it is the one to use first. One of the list is.
    #[serde(skip_serializing_if = "is_false")]
    pub primary: bool,
    /// Whether it is known to belong to the contact.
    #[serde(skip_serializing_if = "is_false")]
    pub verified: bool,
    /// Whether it is known not to work.
    #[serde(skip_serializing_if = "is_false")]
    pub invalid: bool,
}

impl Part for PostalAddress {
    const DESCRIPTOR: &'static PartsDescriptor = &parts_descriptor::<Self>(
        "address",
        &[
            PartMember { name: "street", indexed: None, json_type: "string" },
            PartMember { name: "po_box", indexed: None, json_type: "string" },
            PartMember {
                name: "postal_code",
                indexed: Some(|operand, _| vec![fold(operand)]),
                json_type: "string",
            },
            PartMember {
                name: "locality",
                indexed: Some(|operand, _| vec![fold(operand)]),
                json_type: "string",
            },
            PartMember {
                name: "region",
                indexed: Some(|operand, _| vec![fold(operand)]),
                json_type: "string",
            },
            PartMember {
                name: "country",
                indexed: Some(|operand, _| vec![country(operand)]),
                json_type: "string",
            },
            PartMember { name: "kind", indexed: None, json_type: "string" },
            PartMember { name: "primary", indexed: None, json_type: "boolean" },
            PartMember { name: "verified", indexed: None, json_type: "boolean" },
            PartMember { name: "invalid", indexed: None, json_type: "boolean" },
        ],
    );

    fn normalise(&mut self, context: &PartContext) -> Result<()> {
        line(&mut self.street, "street", TextForm::Long, 500)?;
        line(&mut self.po_box, "po_box", TextForm::Line, 40)?;
        line(&mut self.postal_code, "postal_code", TextForm::Line, 20)?;
        line(&mut self.locality, "locality", TextForm::Line, 150)?;
        line(&mut self.region, "region", TextForm::Line, 150)?;
        line(&mut self.country, "country", TextForm::Line, 100)?;
        let country = match self.country.as_str() {
            "" => None,
            name => Some(CountryCode::parse(name).map_err(|error| error.at("country"))?),
        };
        self.country = country.map(|country| country.code().to_owned()).unwrap_or_default();
        // Without a country the code is written as in the default one, which is then the likeliest.
        let form = country.or(context.default_country);
        self.postal_code = normal_postal_code(&self.postal_code, form);
        Ok(())
    }

    fn index_terms(&self, add: &mut dyn FnMut(&'static str, String)) {
        for (member, text) in
            [("postal_code", &self.postal_code), ("locality", &self.locality), ("region", &self.region)]
        {
            if !text.is_empty() {
                add(member, fold(text));
            }
        }
        if !self.country.is_empty() {
            add("country", self.country.clone());
        }
    }

    fn search_text(&self, add: &mut dyn FnMut(&str)) {
        for text in [&self.street, &self.postal_code, &self.locality, &self.region] {
            add(text);
        }
    }

    fn normalise_list(list: &mut Vec<Self>) -> Result<()> {
        list.retain(|address| {
            let texts = [
                &address.street,
                &address.po_box,
                &address.postal_code,
                &address.locality,
                &address.region,
                &address.country,
            ];
            texts.into_iter().any(|text| !text.is_empty())
        });
        one_primary(list, |address| &mut address.primary);
        Ok(())
    }
}

/// The code of a country that a filter names, or the text itself when it names none.
fn country(operand: &str) -> String {
    CountryCode::parse(operand).map_or_else(|_| operand.to_owned(), |country| country.code().to_owned())
}
