//! What a record says, as properties of vCard 4.0.

use super::extras::{Extra, Kept};
use crate::contacts::{AddressKind, Email, EmailKind, Phone, PhoneUse, PostalAddress, Profile, ProfileKind};
use crate::ground::country::CountryCode;
use crate::ground::json;
use crate::ground::name::{NameOrder, PersonName};
use crate::interchange::vcard::{DateOrTime, Property, VCard};
use crate::record::value::Value;
use crate::record::{RecordData, RecordType};

/// The fields that a property stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Kind,
    FormattedName,
    Name,
    Nickname,
    Organisation,
    Title,
    Email(usize),
    Phone(usize),
    Address(usize),
    Profile(usize),
    Birthday,
    Note,
    Categories,
    Language,
}

/// The parts of a list field.
pub(super) fn parts<P: serde::de::DeserializeOwned>(
    record_type: &RecordType,
    data: &RecordData,
    field: &str,
) -> Vec<P> {
    data.get(record_type, field)
        .as_text()
        .and_then(|json| serde_json::from_str(json).ok())
        .unwrap_or_default()
}

/// The properties of a record; `organisation` is the name of the one that a person works for.
pub(super) fn generate(
    record_type: &RecordType,
    data: &RecordData,
    organisation: Option<&str>,
) -> Vec<(Slot, Property)> {
    let text = |field: &str| data.get(record_type, field).as_text().unwrap_or_default();
    let mut all = Vec::new();
    let mut put = |slot, property| all.push((slot, property));
    let is_person = record_type.name() == "person";
    let simple = |name: &str, field: &str| {
        Some(Property::from_text(name, text(field))).filter(|_| !text(field).is_empty())
    };
    if is_person {
        let name = PersonName {
            salutation: text("salutation"),
            given: text("given_name"),
            middle: text("middle_name"),
            family: text("family_name"),
            suffix: text("name_suffix"),
        };
        put(Slot::FormattedName, Property::from_text("FN", &name.display(NameOrder::GivenFirst)));
        let fields = [name.family, name.given, name.middle, name.salutation, name.suffix];
        put(Slot::Name, Property::from_fields("N", &fields));
        if !text("nickname").is_empty() {
            put(Slot::Nickname, Property::from_list("NICKNAME", &[text("nickname")]));
        }
        let department = text("department");
        if organisation.is_some() || !department.is_empty() {
            let mut fields = vec![organisation.unwrap_or_default()];
            fields.extend(Some(department).filter(|department| !department.is_empty()));
            put(Slot::Organisation, Property::from_fields("ORG", &fields));
        }
    } else {
        put(Slot::Kind, Property::from_text("KIND", "org"));
        put(Slot::FormattedName, Property::from_text("FN", text("name")));
        put(Slot::Organisation, Property::from_fields("ORG", &[text("name")]));
    }
    if let Some(title) = simple("TITLE", "job_title") {
        put(Slot::Title, title);
    }
    contact_points(record_type, data, &mut put);
    if let Value::Date(date) = data.get(record_type, "birth_date") {
        if let Some(date) = DateOrTime::from_date(*date) {
            put(Slot::Birthday, Property::from_raw("BDAY", date.to_basic()));
        }
    }
    if let Some(note) = simple("NOTE", "description") {
        put(Slot::Note, note);
    }
    let tags: Vec<String> = parts(record_type, data, "tags");
    if !tags.is_empty() {
        put(Slot::Categories, Property::from_list("CATEGORIES", &tags));
    }
    if let Some(language) = simple("LANG", "language") {
        put(Slot::Language, language);
    }
    all
}

fn contact_points(record_type: &RecordType, data: &RecordData, put: &mut dyn FnMut(Slot, Property)) {
    let marked = |property: Property, types: &[&str], primary: bool| {
        let property = types.iter().fold(property, |property, name| property.with_type(*name));
        if primary { property.with_preference(1) } else { property }
    };
    let emails: Vec<Email> = parts(record_type, data, "emails");
    for (place, email) in emails.iter().enumerate() {
        let types: &[&str] = match email.kind {
            EmailKind::Work => &["work"],
            EmailKind::Home => &["home"],
            EmailKind::Other => &[],
        };
        put(Slot::Email(place), marked(Property::from_text("EMAIL", &email.address), types, email.primary));
    }
    let phones: Vec<Phone> = parts(record_type, data, "phones");
    for (place, phone) in phones.iter().enumerate() {
        let types: &[&str] = match phone.kind {
            PhoneUse::Work => &["work"],
            PhoneUse::Mobile => &["cell"],
            PhoneUse::Home => &["home"],
            PhoneUse::Fax => &["fax"],
            PhoneUse::Other => &[],
        };
        let number = match &phone.extension {
            Some(extension) => format!("{} ext. {extension}", phone.number),
            None => phone.number.clone(),
        };
        put(Slot::Phone(place), marked(Property::from_text("TEL", &number), types, phone.primary));
    }
    let addresses: Vec<PostalAddress> = parts(record_type, data, "addresses");
    for (place, address) in addresses.iter().enumerate() {
        let types: &[&str] = match address.kind {
            AddressKind::Work => &["work"],
            AddressKind::Home => &["home"],
            AddressKind::Billing | AddressKind::Shipping | AddressKind::Other => &[],
        };
        let country = CountryCode::from_code(&address.country).map(CountryCode::name).unwrap_or_default();
        let fields = [
            address.po_box.as_str(),
            "",
            &address.street,
            &address.locality,
            &address.region,
            &address.postal_code,
            country,
        ];
        put(Slot::Address(place), marked(Property::from_fields("ADR", &fields), types, address.primary));
    }
    let profiles: Vec<Profile> = parts(record_type, data, "profiles");
    for (place, profile) in profiles.iter().enumerate() {
        let (name, types): (&str, &[&str]) = match profile.kind {
            ProfileKind::Website => ("URL", &[]),
            ProfileKind::Messenger => ("IMPP", &[]),
            ProfileKind::Other => ("X-SOCIALPROFILE", &[]),
            kind => ("X-SOCIALPROFILE", &[kind.key()]),
        };
        let property = Property::from_raw(name, profile.address.clone());
        put(Slot::Profile(place), marked(property, types, profile.primary));
    }
}

/// The card of a record: what it says, or the kept property that says the same, and what was kept besides.
pub(super) fn card(record_type: &RecordType, data: &RecordData, organisation: Option<&str>) -> VCard {
    let mut properties: Vec<(Kept, Property)> = generate(record_type, data, organisation)
        .into_iter()
        .map(|(_, property)| (Kept::from(&property), property))
        .collect();
    let extras = data.get(record_type, "vcard_extras").as_text().unwrap_or("[]");
    let extras: Vec<Extra> = json::parse(extras.as_bytes()).unwrap_or_default();
    let mut rest = Vec::new();
    let mut taken = vec![false; properties.len()];
    for extra in &extras {
        let kept = Property::from(&extra.property);
        match &extra.instead_of {
            None => rest.push(kept),
            Some(instead) => {
                let place =
                    properties.iter().zip(&taken).position(|((own, _), taken)| own == instead && !taken);
                if let Some(place) = place {
                    properties[place].1 = kept;
                    taken[place] = true;
                }
            }
        }
    }
    let mut card = VCard::new();
    card.properties = properties.into_iter().map(|(_, property)| property).chain(rest).collect();
    if card.first("UID").is_none() {
        card.push(Property::from_raw("UID", format!("urn:uuid:{}", data.id())));
    }
    card
}
