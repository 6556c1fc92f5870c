//! Phone numbers.

use serde::{Deserialize, Serialize};

use super::{PhoneUse, is_false, line, none_twice, one_primary};
use crate::error::Result;
use crate::ground::country::CountryCode;
#[cfg(feature = "phone-details")]
use crate::ground::phone::PhoneFormat;
use crate::ground::phone::{PhoneNumber, national_digits, search_digits};
use crate::ground::text::TextForm;
use crate::record::parts::{PHONE, Part, PartContext, PartMember, PartsDescriptor, parts_descriptor};

/// A phone number of a contact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Phone {
    /// The number; any spelling is accepted and stored in E.164, for example `+493012345678`.
    pub number: String,
    /// The number inside the contact's own exchange.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension: Option<String>,
    /// What it is for.
    pub kind: PhoneUse,
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

impl Phone {
    /// A number at work.
    pub fn work(number: impl Into<String>) -> Self {
        Self { number: number.into(), ..Self::default() }
    }

    /// A mobile phone.
    pub fn mobile(number: impl Into<String>) -> Self {
        Self { number: number.into(), kind: PhoneUse::Mobile, ..Self::default() }
    }

    /// The number for people to read, with its extension: `+49 30 901820 ext. 12`. With the feature `phone-details`.
    #[cfg(feature = "phone-details")]
    pub fn formatted(&self, format: PhoneFormat) -> String {
        let number = PhoneNumber::parse(&self.number, None)
            .map_or_else(|_| self.number.clone(), |number| number.formatted(format));
        match &self.extension {
            Some(extension) if format == PhoneFormat::Link => format!("{number};ext={extension}"),
            Some(extension) => format!("{number} ext. {extension}"),
            None => number,
        }
    }

    /// Whether the number lies in a range that its country has given out. Only a fact: any possible number is taken. With
    /// the feature `phone-details`.
    #[cfg(feature = "phone-details")]
    pub fn is_assigned(&self) -> bool {
        PhoneNumber::parse(&self.number, None).is_ok_and(|number| number.is_assigned())
    }
}

impl Part for Phone {
    const DESCRIPTOR: &'static PartsDescriptor = &parts_descriptor::<Self>(
        PHONE,
        &[
            PartMember {
                name: "number",
                indexed: Some(|operand, context| comparison_forms(operand, context.default_country)),
                json_type: "string",
            },
            PartMember { name: "extension", indexed: None, json_type: "string" },
            PartMember { name: "kind", indexed: None, json_type: "string" },
            PartMember { name: "primary", indexed: None, json_type: "boolean" },
            PartMember { name: "verified", indexed: None, json_type: "boolean" },
            PartMember { name: "invalid", indexed: None, json_type: "boolean" },
        ],
    );

    fn normalise(&mut self, context: &PartContext) -> Result<()> {
        let phone =
            PhoneNumber::parse(&self.number, context.default_country).map_err(|error| error.at("number"))?;
        self.number = phone.e164;
        let mut extension = phone.extension.or(self.extension.take()).unwrap_or_default();
        line(&mut extension, "extension", TextForm::Line, 20)?;
        self.extension = (!extension.is_empty()).then_some(extension);
        Ok(())
    }

    fn index_terms(&self, add: &mut dyn FnMut(&'static str, String)) {
        // E.164 without its plus sign, and the national number: what `search_digits` makes of any spelling.
        let digits = self.number.trim_start_matches('+');
        if let Some(national) = national_digits(digits) {
            add("number", national.to_owned());
        }
        add("number", digits.to_owned());
    }

    fn search_text(&self, _add: &mut dyn FnMut(&str)) {
        // The value index finds numbers in any spelling; the text index would only find one.
    }

    fn normalise_list(list: &mut Vec<Self>) -> Result<()> {
        one_primary(list, |phone| &mut phone.primary);
        none_twice(list, "number", |phone| format!("{} {:?} {}", phone.number, phone.extension, phone.kind))
    }
}

/// What a number in any spelling is compared with for equality.
///
/// A whole number is looked for by its E.164 digits alone: its national number may be another country's, too. What
/// is no whole number is looked for by the digits as they are.
fn comparison_forms(operand: &str, country: Option<CountryCode>) -> Vec<String> {
    let Ok(phone) = PhoneNumber::parse(operand, country) else { return search_digits(operand, country) };
    let mut forms = vec![phone.e164.trim_start_matches('+').to_owned()];
    // `49 30 ...` without the plus may have been meant with its calling code.
    let digits: String = operand.chars().filter(char::is_ascii_digit).collect();
    let code = forms[0].strip_suffix(phone.national.as_str()).unwrap_or_default();
    if !operand.contains('+') && !code.is_empty() && digits.starts_with(code) && digits != forms[0] {
        forms.push(digits);
    }
    forms
}
