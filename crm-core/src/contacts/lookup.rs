//! Who has this e-mail address or phone number: exact look-ups in the value index.

use super::ids::{OrganisationId, PersonId};
use super::model::{Organisation, Person};
use super::queries::{rows, select};
use crate::error::Result;
use crate::ground::email::EmailAddress;
use crate::ground::phone::PhoneNumber;
use crate::record::door::read;
use crate::record::filter::{OwnedParam, field};
use crate::record::{Record, Records};
use crate::storage::ReadMode;

/// The most contacts that a look-up gives: an address that more have tells nobody apart.
const MOST_FOUND: i64 = 100;

macro_rules! lookups {
    ($($contact:ty, $id:ty, $many:literal;)+) => {$(
        impl Records<'_, $contact> {
            #[doc = concat!("The ", $many, " with an e-mail address, in any spelling, `Name <address>` too;")]
            /// the oldest first, at most 100.
            ///
            /// # Errors
            /// `email.*` for what is no address.
            pub fn find_by_email(&self, address: &str) -> Result<Vec<$id>> {
                let address = EmailAddress::parse(address).map_err(|error| error.at("address"))?;
                holders(self, "emails.address", &address.normal)
            }

            #[doc = concat!("The ", $many, " with a phone number, in any spelling; one without a calling code")]
            /// is read as dialled in the default country. The oldest first, at most 100.
            ///
            /// # Errors
            /// `phone.invalid` for what is no number.
            pub fn find_by_phone(&self, number: &str) -> Result<Vec<$id>> {
                let country = self.set.door.engine().config.default_country;
                let number = PhoneNumber::parse(number, Some(country)).map_err(|error| error.at("number"))?;
                holders(self, "phones.number", &number.e164)
            }
        }
    )+};
}

lookups! {
    Person, PersonId, "people";
    Organisation, OrganisationId, "organisations";
}

fn holders<R: Record>(records: &Records<'_, R>, path: &str, value: &str) -> Result<Vec<R::Id>> {
    read(records.set.door, ReadMode::Statement, |reader| {
        let statement = select(reader, reader.schema.require(R::NAME)?, |mut rows| {
            rows.restrict(&field(path).equals(value))?;
            let most = rows.bind(OwnedParam::Integer(MOST_FOUND));
            let (from, condition) = (rows.from(), rows.condition());
            rows.finish(format!("SELECT t.id FROM {from} WHERE {condition} ORDER BY t.row_id LIMIT {most}"))
        })?;
        rows(reader, &statement, |row| Ok(row.id(0)?.unwrap_or_default().into()))
    })
}
