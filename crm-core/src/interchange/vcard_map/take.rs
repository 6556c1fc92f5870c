//! A card as the values of a record. What a field refuses is kept verbatim instead; nothing is lost.

use std::sync::Arc;

use serde::Serialize;

use super::extras::{Extra, Kept};
use super::generate::{Slot, generate};
use crate::contacts::{AddressKind, Email, EmailKind, Phone, PhoneUse, PostalAddress, Profile, ProfileKind};
use crate::error::Result;
use crate::ground::country::CountryCode;
use crate::ground::json;
use crate::ground::name::split_display_name;
use crate::interchange::vcard::{Property, VCard};
use crate::record::parts::PartContext;
use crate::record::schema::RecordType;
use crate::record::validate::normal_form;
use crate::record::value::Value;
use crate::record::{FieldKind, RecordData};

/// A card on its way into a record.
pub(super) struct Taken<'c> {
    record_type: Arc<RecordType>,
    pub(super) data: RecordData,
    context: PartContext,
    /// Each property of the card with the fields that it went into.
    slots: Vec<(&'c Property, Option<Slot>)>,
}

/// Whether a card is one of an organisation.
pub(super) fn is_organisation(card: &VCard) -> bool {
    let says = |name: &str, value: &str| {
        card.first(name).is_some_and(|property| property.text().trim().eq_ignore_ascii_case(value))
    };
    says("KIND", "org") || says("X-ABShowAs", "COMPANY")
}

/// The name of the organisation that a card names.
pub(super) fn organisation_of(card: &VCard) -> Option<String> {
    let name = card.first("ORG")?.fields().into_iter().next()?;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

impl<'c> Taken<'c> {
    pub(super) fn new(record_type: &Arc<RecordType>, card: &'c VCard, country: Option<CountryCode>) -> Self {
        let mut taken = Self {
            record_type: Arc::clone(record_type),
            data: RecordData::empty(record_type),
            context: PartContext { default_country: country },
            slots: card.properties.iter().map(|property| (property, None)).collect(),
        };
        if record_type.name() == "person" {
            taken.person(card);
        } else {
            taken.organisation(card);
        }
        taken.common();
        taken
    }

    /// Sets a field, if it takes the value.
    fn set(&mut self, name: &str, text: &str) -> bool {
        let Some(field) = self.record_type.field(name) else { return false };
        match normal_form(field, Value::Text(text.to_owned()), &self.context) {
            Ok(value) if !value.is_null() => {
                self.data.values[field.position] = value;
                true
            }
            _ => false,
        }
    }

    /// Says into which fields the first property of a name went.
    fn mark(&mut self, name: &str, slot: Slot) {
        if let Some(entry) = self.slots.iter_mut().find(|(property, _)| property.is(name)) {
            entry.1 = Some(slot);
        }
    }

    /// Takes the first property of a name into a text field.
    fn simple(&mut self, card: &VCard, name: &str, field: &str, slot: Slot) {
        if let Some(property) = card.first(name) {
            if self.set(field, &property.text()) {
                self.mark(name, slot);
            }
        }
    }

    fn person(&mut self, card: &VCard) {
        let parts = card.first("N").map(Property::components).unwrap_or_default();
        let part = |place: usize| parts.get(place).map(|words| words.join(" ")).unwrap_or_default();
        let mut names = [part(0), part(1), part(2), part(3), part(4)];
        if names[0].trim().is_empty() && names[1].trim().is_empty() {
            let shown = card.first("FN").or_else(|| card.first("NICKNAME")).or_else(|| card.first("EMAIL"));
            let split = split_display_name(&shown.map(Property::text).unwrap_or_default());
            names = [split.family, split.given, split.middle, split.salutation, split.suffix];
        }
        let fields = ["family_name", "given_name", "middle_name", "salutation", "name_suffix"];
        for (field, name) in fields.iter().zip(&names) {
            self.set(field, name);
        }
        self.mark("N", Slot::Name);
        self.mark("FN", Slot::FormattedName);
        if let Some(nickname) = card.first("NICKNAME") {
            if self.set("nickname", &nickname.list().join(", ")) {
                self.mark("NICKNAME", Slot::Nickname);
            }
        }
        if let Some(org) = card.first("ORG") {
            let units: Vec<String> = org.fields().into_iter().skip(1).collect();
            self.set("department", &units.join(", "));
            self.mark("ORG", Slot::Organisation);
        }
        self.simple(card, "TITLE", "job_title", Slot::Title);
        self.simple(card, "LANG", "language", Slot::Language);
        let birthday = card.first("BDAY").and_then(Property::date_or_time).and_then(|date| date.date());
        if let (Some(date), Some(field)) = (birthday, self.record_type.field("birth_date")) {
            self.data.values[field.position] = Value::Date(date);
            self.mark("BDAY", Slot::Birthday);
        }
    }

    fn organisation(&mut self, card: &VCard) {
        let shown = card.first("FN").map(Property::text).unwrap_or_default();
        if !self.set("name", &shown) {
            self.set("name", &organisation_of(card).unwrap_or_default());
        }
        self.mark("KIND", Slot::Kind);
        self.mark("FN", Slot::FormattedName);
        self.mark("ORG", Slot::Organisation);
    }

    fn common(&mut self) {
        let (mut emails, mut phones, mut addresses, mut profiles) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut tags: Vec<String> = Vec::new();
        for place in 0..self.slots.len() {
            let property = self.slots[place].0;
            let slot = match property.name.to_ascii_uppercase().as_str() {
                "EMAIL" => self.part("emails", &mut emails, email(property)).map(Slot::Email),
                "TEL" => self.part("phones", &mut phones, phone(property)).map(Slot::Phone),
                "ADR" => self.part("addresses", &mut addresses, address(property)).map(Slot::Address),
                "URL" | "X-SOCIALPROFILE" | "SOCIALPROFILE" | "IMPP" => {
                    self.part("profiles", &mut profiles, profile(property)).map(Slot::Profile)
                }
                "CATEGORIES" => {
                    let first = tags.is_empty();
                    tags.extend(property.list());
                    (first && !tags.is_empty()).then_some(Slot::Categories)
                }
                "NOTE" if self.data.get(&self.record_type, "description").is_null() => {
                    self.set("description", &property.text()).then_some(Slot::Note)
                }
                _ => continue,
            };
            self.slots[place].1 = slot;
        }
        self.list("emails", &emails);
        self.list("phones", &phones);
        self.list("addresses", &addresses);
        self.list("profiles", &profiles);
        self.list("tags", &tags);
    }

    /// Adds a part to a list, if the list takes it; gives its place.
    fn part<P: Serialize>(&self, field: &str, list: &mut Vec<P>, part: P) -> Option<usize> {
        let field = self.record_type.field(field)?;
        let FieldKind::Parts(kind) = field.kind() else { return None };
        let most = field.descriptor.max_length;
        list.push(part);
        let normal = json::text(list)
            .ok()
            .and_then(|json| (kind.normalise)(&json, &self.context, most).ok())
            .and_then(|json| serde_json::from_str::<Vec<serde_json::Value>>(&json).ok());
        // A list that became shorter has dropped the part as empty.
        if normal.is_some_and(|normal| normal.len() == list.len()) {
            return Some(list.len() - 1);
        }
        list.pop();
        None
    }

    fn list<P: Serialize>(&mut self, name: &str, list: &[P]) {
        let Some(field) = self.record_type.field(name) else { return };
        let Ok(json) = json::text(&list) else { return };
        if let Ok(value) = normal_form(field, Value::Json(json), &self.context) {
            self.data.values[field.position] = value;
        }
    }

    /// Keeps what the record, as it is now, would not give back exactly.
    pub(super) fn keep(&mut self, organisation: Option<&str>) -> Result<()> {
        let generated = generate(&self.record_type, &self.data, organisation);
        let mut extras = Vec::new();
        for (property, slot) in &self.slots {
            let own = slot.and_then(|slot| generated.iter().find(|(known, _)| *known == slot));
            let kept = Kept::from(*property);
            match own.map(|(_, own)| Kept::from(own)) {
                Some(own) if own == kept => {}
                instead_of => extras.push(Extra { property: kept, instead_of }),
            }
        }
        if !extras.is_empty() {
            let json = json::text(&extras)
                .map_err(|_| crate::CrmError::internal("a property does not serialise"))?;
            let record_type = Arc::clone(&self.record_type);
            self.data.set(&record_type, "vcard_extras", Value::Json(json))?;
        }
        Ok(())
    }
}

fn email(property: &Property) -> Email {
    let kind = if property.has_type("home") {
        EmailKind::Home
    } else if property.has_type("work") {
        EmailKind::Work
    } else {
        EmailKind::Other
    };
    Email { address: property.text(), kind, primary: property.preference() == Some(1), ..Email::default() }
}

fn phone(property: &Property) -> Phone {
    let text = property.text();
    let number = text.strip_prefix("tel:").unwrap_or(&text).to_owned();
    let kind = [
        ("fax", PhoneUse::Fax),
        ("cell", PhoneUse::Mobile),
        ("home", PhoneUse::Home),
        ("work", PhoneUse::Work),
    ]
    .into_iter()
    .find(|(name, _)| property.has_type(name))
    .map_or(PhoneUse::Other, |(_, kind)| kind);
    Phone { number, kind, primary: property.preference() == Some(1), ..Phone::default() }
}

fn address(property: &Property) -> PostalAddress {
    let parts = property.components();
    let part = |place: usize| parts.get(place).map(|words| words.join(", ")).unwrap_or_default();
    let kind = if property.has_type("home") {
        AddressKind::Home
    } else if property.has_type("work") {
        AddressKind::Work
    } else {
        AddressKind::Other
    };
    let (extended, street) = (part(1), part(2));
    let street = if extended.is_empty() { street } else { format!("{street}\n{extended}") };
    // A country that is none of the known ones is left out here; the property is kept as it came.
    let country = CountryCode::parse(part(6).trim()).map(|country| country.code().to_owned());
    PostalAddress {
        street,
        po_box: part(0),
        postal_code: part(5),
        locality: part(3),
        region: part(4),
        country: country.unwrap_or_default(),
        kind,
        primary: property.preference() == Some(1),
        ..PostalAddress::default()
    }
}

fn profile(property: &Property) -> Profile {
    let kind = match property.name.to_ascii_uppercase().as_str() {
        "URL" => ProfileKind::Website,
        "IMPP" => ProfileKind::Messenger,
        _ => {
            let known = property.types().into_iter().find_map(|name| name.parse::<ProfileKind>().ok());
            known.unwrap_or(ProfileKind::Other)
        }
    };
    Profile { address: property.uri(), kind, primary: property.preference() == Some(1), ..Profile::default() }
}
