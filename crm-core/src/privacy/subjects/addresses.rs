//! The addresses of people, and the people who share one.

use std::borrow::Cow;

use crate::contacts::Person;
use crate::error::Result;
use crate::ground::country::CountryCode;
use crate::ground::ids::RecordId;
use crate::ground::sort;
use crate::privacy::address::ContactAddress;
use crate::privacy::erasure;
use crate::privacy::kinds::{AddressType, ContactChannel};
use crate::privacy::secret::DatabaseSecret;
use crate::record::door::Reader;
use crate::record::filter::terms::{VALUE_TABLE, index_term};
use crate::record::unit::UnitOfWork;
use crate::storage::{Connection, Param, query_all, query_one};

/// All addresses of a person, the primary ones of each kind first. What is known not to work is among them: a refusal
/// holds for it, too.
pub(crate) fn addresses_of(person: &Person, default_country: CountryCode) -> Vec<ContactAddress> {
    let mut found = Vec::new();
    // What the engine has stored can be read; an address that older rules let in is passed over.
    let mut take = |primary: bool, address_type, text: &str, country| {
        if let Ok(address) = ContactAddress::parse(address_type, text, country) {
            found.push((!primary, address));
        }
    };
    for email in &person.emails {
        take(email.primary, AddressType::Email, &email.address, None);
    }
    for phone in &person.phones {
        take(phone.primary, AddressType::Phone, &phone.number, None);
    }
    for address in &person.addresses {
        let home = address.country_code().unwrap_or(default_country);
        take(address.primary, AddressType::Postal, &address.lines(home).join("\n"), None);
    }
    for profile in &person.profiles {
        take(profile.primary, AddressType::Profile, &profile.address, None);
    }
    sort::by_key(&mut found, |(secondary, address)| (*secondary, address.address_type()));
    found.into_iter().map(|(_, address)| address).collect()
}

/// The addresses of a person that a channel may use, all of them when none is named, with their hashes.
pub(crate) fn hashed_addresses(
    work: &mut UnitOfWork<'_>,
    person: &Person,
    channel: Option<ContactChannel>,
) -> Result<Vec<(AddressType, String)>> {
    let secret = DatabaseSecret::of(work)?;
    let wanted = channel.map(ContactChannel::address_type);
    Ok(addresses_of(person, work.engine.config.default_country)
        .into_iter()
        .filter(|address| wanted.is_none_or(|wanted| wanted == address.address_type()))
        .map(|address| (address.address_type(), address.hash(&secret)))
        .collect())
}

/// The most people that share an address: one that more have is nobody's own.
const MOST_SHARING: i64 = 1_000;

/// The statement of [`sharing`].
pub(crate) const SHARING: &str =
    "SELECT v.record FROM crm_value AS v WHERE v.field = ?1 AND v.value = ?2 ORDER BY v.record LIMIT ?3";

/// The people who have an address, by the numbers of their rows, the oldest first and at most 1,000, whoever looks: a
/// refusal of one of them may stop a message to another. Of e-mail addresses and telephone numbers; postal addresses and
/// profiles have no exact index.
pub(crate) fn sharing(reader: &Reader<'_>, address: &ContactAddress) -> Result<Vec<i64>> {
    let (field, member, form) = match address.address_type() {
        AddressType::Email => ("emails", "address", address.normal()),
        // The index holds numbers without the plus sign.
        AddressType::Phone => ("phones", "number", address.normal().trim_start_matches('+')),
        AddressType::Postal | AddressType::Profile | AddressType::None => return Ok(Vec::new()),
    };
    let record_type = reader.schema.require("person")?;
    let field = record_type.require(field)?;
    let term = index_term(field, Some(member), form);
    let sql = match reader.as_of {
        None => Cow::Borrowed(SHARING),
        Some(_) => Cow::Owned(SHARING.replace(VALUE_TABLE, reader.value_table())),
    };
    let parameters = [Param::Integer(field.number), Param::Text(&term), Param::Integer(MOST_SHARING)];
    query_all(reader.connection, &sql, &parameters, |row| Ok(row.integer(0)?.unwrap_or_default()))
}

/// Whether a person was erased: there is a tombstone, or the record stands and the key of the subject is gone.
pub(crate) fn is_erased(connection: &dyn Connection, person: RecordId) -> Result<bool> {
    if erasure::is_erased(connection, person)? {
        return Ok(true);
    }
    let sql = "SELECT 1 FROM person AS p WHERE p.\"id\" = ?1 \
               AND NOT EXISTS (SELECT 1 FROM crm_subject_key AS k WHERE k.subject = p.\"id\")";
    Ok(query_one(connection, sql, &[Param::Id(person)], |_| Ok(()))?.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contacts::{Email, Phone, PostalAddress, Profile};

    #[test]
    fn all_kinds_of_addresses_are_found_the_primary_ones_first() {
        let germany = CountryCode::from_code("DE").unwrap();
        let person = Person {
            emails: vec![
                Email::work("Ada@Work.example"),
                Email { primary: true, ..Email::home("ada@home.example") },
            ],
            phones: vec![Phone { primary: true, ..Phone::mobile("+491712345678") }],
            addresses: vec![PostalAddress {
                street: "Müllerstr. 3".into(),
                postal_code: "13353".into(),
                locality: "Berlin".into(),
                primary: true,
                ..PostalAddress::default()
            }],
            profiles: vec![Profile { address: "https://social.example/@ada".into(), ..Profile::default() }],
            ..Person::default()
        };
        let found = addresses_of(&person, germany);
        let found: Vec<_> = found.iter().map(|address| (address.address_type(), address.normal())).collect();
        assert_eq!(
            found,
            [
                (AddressType::Email, "ada@home.example"),
                (AddressType::Phone, "+491712345678"),
                (AddressType::Postal, "mullerstr 3 13353 berlin"),
                (AddressType::Email, "ada@work.example"),
                (AddressType::Profile, "https social example ada"),
            ]
        );
    }
}
