//! Contact points: the e-mail addresses, phone numbers, postal addresses and profiles of a contact.

use serde::{Deserialize, Serialize};

use crate::error::{CrmError, Result};
use crate::ground::country::CountryCode;
use crate::ground::email::EmailAddress;
use crate::ground::phone::{PhoneNumber, search_digits};
use crate::ground::text::{TextForm, fold, normalise};
use crate::ground::url;
use crate::record::parts::{Part, PartContext, PartMember, PartsDescriptor, parts_descriptor};
use crate::record::select::select;

select! {
    /// What an e-mail address is for.
    pub enum EmailKind {
        /// At work.
        #[default]
        Work = "work",
        /// At home.
        Home = "home",
        /// Any other use.
        Other = "other",
    }

    /// What a phone number is for.
    pub enum PhoneUse {
        /// At work.
        #[default]
        Work = "work",
        /// A mobile phone.
        Mobile = "mobile",
        /// At home.
        Home = "home",
        /// A fax machine.
        Fax = "fax",
        /// Any other use.
        Other = "other",
    }

    /// What a postal address is for.
    pub enum AddressKind {
        /// Where the contact works or has its seat.
        #[default]
        Work = "work",
        /// Where a person lives.
        Home = "home",
        /// Where invoices go.
        Billing = "billing",
        /// Where goods go.
        Shipping = "shipping",
        /// Any other use.
        Other = "other",
    }

    /// Where a profile is.
    pub enum ProfileKind {
        /// A web site.
        #[default]
        Website = "website",
        /// LinkedIn.
        Linkedin = "linkedin": "LinkedIn",
        /// X, formerly Twitter.
        X = "x",
        /// Facebook.
        Facebook = "facebook",
        /// Instagram.
        Instagram = "instagram",
        /// Mastodon or another server of the fediverse.
        Mastodon = "mastodon",
        /// GitHub.
        Github = "github": "GitHub",
        /// An instant messenger.
        Messenger = "messenger",
        /// Any other place.
        Other = "other",
    }
}

fn is_false(value: &bool) -> bool {
    !*value
}

/// An e-mail address of a contact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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

/// A phone number of a contact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
}

/// A postal address of a contact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
    /// Whether it is known not to work.
    #[serde(skip_serializing_if = "is_false")]
    pub invalid: bool,
}

/// A web site or a profile in a network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Profile {
    /// The address of the page, or the name of the account where there is no page.
    pub address: String,
    /// Where it is.
    pub kind: ProfileKind,
    /// Whether it is the one to show first. One of the list is.
    #[serde(skip_serializing_if = "is_false")]
    pub primary: bool,
}

/// Leaves exactly one part marked as primary: the first that was, or the first of all.
fn one_primary<P>(list: &mut [P], mark: impl Fn(&mut P) -> &mut bool) {
    let chosen = list.iter_mut().position(|part| *mark(part)).unwrap_or(0);
    for (position, part) in list.iter_mut().enumerate() {
        *mark(part) = position == chosen;
    }
}

/// Refuses a list that holds the same value twice.
fn none_twice<P>(list: &[P], member: &str, value: impl Fn(&P) -> String) -> Result<()> {
    let mut seen = std::collections::HashSet::new();
    match list.iter().position(|part| !seen.insert(value(part))) {
        None => Ok(()),
        Some(position) => {
            Err(CrmError::invalid("parts.twice", "is in the list twice").at(format!("[{position}].{member}")))
        }
    }
}

fn line(text: &mut String, member: &'static str, form: TextForm, most: usize) -> Result<()> {
    let normal = normalise(text, form, most).map_err(|error| error.within(member))?;
    *text = normal.into_owned();
    Ok(())
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
        add(
            "address",
            EmailAddress::parse(&self.address).map_or_else(|_| fold(&self.address), |email| email.normal),
        );
    }

    fn search_text(&self, add: &mut dyn FnMut(&str)) {
        add(&self.address);
    }

    fn normalise_list(list: &mut Vec<Self>) -> Result<()> {
        one_primary(list, |email| &mut email.primary);
        none_twice(list, "address", |email| fold(&email.address))
    }
}

impl Part for Phone {
    const DESCRIPTOR: &'static PartsDescriptor = &parts_descriptor::<Self>(
        "phone",
        &[
            PartMember {
                name: "number",
                indexed: Some(|operand, context| search_digits(operand, context.default_country)),
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
        self.extension =
            phone.extension.or(self.extension.take()).filter(|extension| !extension.trim().is_empty());
        Ok(())
    }

    fn index_terms(&self, add: &mut dyn FnMut(&'static str, String)) {
        // E.164 without its plus sign, and the national number: what `search_digits` makes of any spelling.
        let digits = self.number.trim_start_matches('+');
        if let Ok(phone) = PhoneNumber::parse(&self.number, None) {
            if phone.national != digits {
                add("number", phone.national);
            }
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
            PartMember { name: "invalid", indexed: None, json_type: "boolean" },
        ],
    );

    fn normalise(&mut self, _context: &PartContext) -> Result<()> {
        line(&mut self.street, "street", TextForm::Long, 500)?;
        line(&mut self.po_box, "po_box", TextForm::Line, 40)?;
        line(&mut self.postal_code, "postal_code", TextForm::Line, 20)?;
        line(&mut self.locality, "locality", TextForm::Line, 150)?;
        line(&mut self.region, "region", TextForm::Line, 150)?;
        line(&mut self.country, "country", TextForm::Line, 100)?;
        if !self.country.is_empty() {
            self.country =
                CountryCode::parse(&self.country).map_err(|error| error.at("country"))?.code().to_owned();
        }
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
