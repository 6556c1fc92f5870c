//! What a contact is called, and which of its contact points to use first.

use super::model::{Household, Organisation, Person};
use super::points::{Email, Phone, PostalAddress, Profile};
use crate::ground::address::{AddressParts, format_lines};
use crate::ground::country::CountryCode;
use crate::ground::name::{NameOrder, PersonName};

impl Person {
    /// The parts of the name.
    pub fn name(&self) -> PersonName<'_> {
        PersonName {
            salutation: self.salutation.as_deref().unwrap_or_default(),
            given: self.given_name.as_deref().unwrap_or_default(),
            middle: self.middle_name.as_deref().unwrap_or_default(),
            family: self.family_name.as_deref().unwrap_or_default(),
            suffix: self.name_suffix.as_deref().unwrap_or_default(),
        }
    }

    /// The name as a list or a card shows it, without the form of address: `Ada King, PhD`.
    ///
    /// ```
    /// use crm_core::contacts::Person;
    /// let ada = Person {
    ///     salutation: Some("Dr.".into()),
    ///     given_name: Some("Ada".into()),
    ///     family_name: Some("King".into()),
    ///     ..Person::default()
    /// };
    /// assert_eq!(ada.display_name(), "Ada King");
    /// assert_eq!(ada.formal_name(), "Dr. Ada King");
    /// assert_eq!(ada.sort_name(), "King, Ada");
    /// assert_eq!(ada.initials(), "AK");
    /// ```
    pub fn display_name(&self) -> String {
        PersonName { salutation: "", ..self.name() }.display(NameOrder::GivenFirst)
    }

    /// The name with the form of address, as on an envelope: `Dr. Ada King, PhD`.
    pub fn formal_name(&self) -> String {
        self.name().display(NameOrder::GivenFirst)
    }

    /// The name for a sorted list: `King, Ada`.
    pub fn sort_name(&self) -> String {
        self.name().display(NameOrder::FamilyComma)
    }

    /// Up to two letters for an avatar.
    pub fn initials(&self) -> String {
        self.name().initials()
    }
}

/// A contact point that a contact may have several of.
pub(super) trait Point {
    /// Whether it is marked as the one to use first.
    fn is_primary(&self) -> bool;
    /// Whether it is known not to work.
    fn is_invalid(&self) -> bool;
}

/// The point to use first: the primary one; when that does not work, the first that does.
pub(super) fn best<P: Point>(points: &[P]) -> Option<&P> {
    let works = |point: &&P| !point.is_invalid();
    points.iter().find(|point| point.is_primary()).filter(works).or_else(|| points.iter().find(works))
}

macro_rules! points {
    ($($point:ty),+) => {$(
        impl $crate::contacts::names::Point for $point {
            fn is_primary(&self) -> bool {
                self.primary
            }

            fn is_invalid(&self) -> bool {
                self.invalid
            }
        }
    )+};
}

pub(super) use points;

points!(Email, Phone, PostalAddress, Profile);

macro_rules! primaries {
    ($($contact:ty),+) => {$(
        impl $contact {
            /// The e-mail address to use first: the primary one; when that is invalid, the first that is not.
            pub fn primary_email(&self) -> Option<&Email> {
                best(&self.emails)
            }

            /// The phone number to use first: the primary one; when that is invalid, the first that is not.
            pub fn primary_phone(&self) -> Option<&Phone> {
                best(&self.phones)
            }

            /// The postal address to use first: the primary one; when that is invalid, the first that is not.
            pub fn primary_address(&self) -> Option<&PostalAddress> {
                best(&self.addresses)
            }

            /// The profile to show first: the primary one; when that is invalid, the first that is not.
            pub fn primary_profile(&self) -> Option<&Profile> {
                best(&self.profiles)
            }
        }
    )+};
}

primaries!(Person, Organisation);

impl Household {
    /// The postal address to use first: the primary one; when that is invalid, the first that is not.
    pub fn primary_address(&self) -> Option<&PostalAddress> {
        best(&self.addresses)
    }
}

impl PostalAddress {
    /// The country, if one is given.
    pub fn country_code(&self) -> Option<CountryCode> {
        CountryCode::from_code(&self.country).ok()
    }

    /// The lines in the order of the address's country. Sent from another country than `from`, the last line is
    /// the English name of the country in capital letters, as the Universal Postal Union asks (S42).
    ///
    /// ```
    /// use crm_core::{CountryCode, contacts::PostalAddress};
    /// let address = PostalAddress {
    ///     street: "Am Sandtorkai 912".into(),
    ///     postal_code: "20457".into(),
    ///     locality: "Hamburg".into(),
    ///     country: "DE".into(),
    ///     ..PostalAddress::default()
    /// };
    /// let (germany, austria) = (CountryCode::from_code("DE")?, CountryCode::from_code("AT")?);
    /// assert_eq!(address.lines(germany), ["Am Sandtorkai 912", "20457 Hamburg"]);
    /// assert_eq!(address.lines(austria), ["Am Sandtorkai 912", "20457 Hamburg", "GERMANY"]);
    /// # Ok::<(), crm_core::CrmError>(())
    /// ```
    pub fn lines(&self, from: CountryCode) -> Vec<String> {
        let country = self.country_code();
        let parts = AddressParts {
            street: &self.street,
            street_2: "",
            po_box: &self.po_box,
            locality: &self.locality,
            region: &self.region,
            postal_code: &self.postal_code,
        };
        let mut lines = format_lines(&parts, Some(country.unwrap_or(from)));
        lines.extend(country.filter(|country| *country != from).map(|country| country.name().to_uppercase()));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_point_to_use_first() {
        for (points, expected) in [
            (vec![], None),
            (vec![("a", true, false), ("b", false, false)], Some("a")),
            (vec![("a", false, false), ("b", true, false)], Some("b")),
            (vec![("a", true, true), ("b", false, true), ("c", false, false)], Some("c")),
            (vec![("a", true, true)], None),
            (vec![("a", false, false)], Some("a")),
        ] {
            let emails: Vec<Email> = points
                .iter()
                .map(|(address, primary, invalid)| Email {
                    primary: *primary,
                    invalid: *invalid,
                    ..Email::work(*address)
                })
                .collect();
            let person = Person { emails, ..Person::default() };
            assert_eq!(person.primary_email().map(|email| email.address.as_str()), expected, "{points:?}");
        }
    }
}
