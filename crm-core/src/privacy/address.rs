//! Addresses as the owners of refusals: one normal form for all spellings, and a keyed hash that outlives the person.

use super::kinds::{AddressType, ContactChannel};
use super::secret::DatabaseSecret;
use super::values::hexadecimal;
use crate::error::{CrmError, Result};
use crate::ground::country::CountryCode;
use crate::ground::email::EmailAddress;
use crate::ground::ids::RecordId;
use crate::ground::phone::PhoneNumber;
use crate::ground::text::fold;

/// The version of the normal forms. It is stored beside every hash, since another form would hash to something else.
pub const NORMALISER_VERSION: i64 = 1;

/// An address in the form in which two spellings of it are equal.
///
/// ```
/// use crm_core::privacy::{AddressType, ContactAddress};
/// let address = ContactAddress::parse(AddressType::Email, "Ada <Ada@Example.com>", None)?;
/// assert_eq!(address.normal(), "ada@example.com");
/// # Ok::<(), crm_core::CrmError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContactAddress {
    address_type: AddressType,
    normal: String,
}

impl ContactAddress {
    /// Reads an address: an e-mail address, a telephone number (as dialled in `country` when it has no country code), a
    /// postal address in one line or several, the link to a profile.
    ///
    /// # Errors
    /// `email.*`, `phone.*`; `address.empty`; `address.not_for_channel` for [`AddressType::None`].
    pub fn parse(address_type: AddressType, text: &str, country: Option<CountryCode>) -> Result<Self> {
        let normal = match address_type {
            AddressType::Email => EmailAddress::parse(text)?.normal,
            AddressType::Phone => PhoneNumber::parse(text, country)?.e164,
            AddressType::Postal | AddressType::Profile => words(text)?,
            AddressType::None => {
                let reason = "the channel has no address";
                return Err(CrmError::invalid("address.not_for_channel", reason));
            }
        };
        Ok(Self { address_type, normal })
    }

    /// An address that is in its normal form already, as the engine stores it.
    pub(crate) fn normalised(address_type: AddressType, normal: impl Into<String>) -> Self {
        Self { address_type, normal: normal.into() }
    }

    /// The address for a channel.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn for_channel(channel: ContactChannel, text: &str, country: Option<CountryCode>) -> Result<Self> {
        Self::parse(channel.address_type(), text, country)
    }

    /// The address that a caller means: of the kind that is named, or else of that which the channel needs.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), at `address`; `address.type_missing` when neither is named.
    pub(crate) fn given(
        text: &str,
        address_type: Option<AddressType>,
        channel: Option<ContactChannel>,
        country: CountryCode,
    ) -> Result<Self> {
        let Some(address_type) = address_type.or(channel.map(ContactChannel::address_type)) else {
            let reason = "must be given when no channel says it";
            return Err(CrmError::invalid("address.type_missing", reason).at("address_type"));
        };
        Self::parse(address_type, text, Some(country)).map_err(|error| error.at("address"))
    }

    /// What kind of address it is.
    pub fn address_type(&self) -> AddressType {
        self.address_type
    }

    /// The normal form. It is personal data.
    pub fn normal(&self) -> &str {
        &self.normal
    }

    /// What is stored for people to read: the normal form, but of a postal address and a profile what was given, since
    /// their normal form is for comparing only.
    pub(crate) fn readable<'a>(&'a self, given: &'a str) -> &'a str {
        match self.address_type {
            AddressType::Email | AddressType::Phone => &self.normal,
            AddressType::Postal | AddressType::Profile | AddressType::None => given,
        }
    }

    /// The keyed hash under which refusals are stored: 128 bits of HMAC-SHA-256, as 32 hexadecimal digits. Who has the
    /// database but not the host's key cannot find out by trying whether an address is among them.
    pub(crate) fn hash(&self, secret: &DatabaseSecret) -> String {
        let hash =
            secret.keyed_hash("address", &[self.address_type.key().as_bytes(), self.normal.as_bytes()]);
        hexadecimal(&hash[..16])
    }
}

/// The identifier under which the states of an address are stored: the 128 bits of its hash. Identifiers of records are
/// random to 74 bits and begin with a time, so the two do not meet.
pub(crate) fn holder_of(hash: &str) -> Result<RecordId> {
    // Thirty-two digits are a UUID without its hyphens.
    hash.parse()
}

/// The folded words of a text with single spaces between them.
fn words(text: &str) -> Result<String> {
    let folded = fold(text);
    let words: Vec<&str> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return Err(CrmError::invalid("address.empty", "is empty"));
    }
    Ok(words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_address_are_equal() {
        let germany = CountryCode::from_code("DE").ok();
        for (address_type, left, right) in [
            (AddressType::Email, "Ada@Example.COM", "mailto:ada@example.com"),
            (AddressType::Email, "\"King, Ada\" <ada@example.com>", "ada@example.com"),
            (AddressType::Phone, "0171 2345678", "+49 (171) 234-5678"),
            (AddressType::Postal, "Müllerstr. 3,\n13353 Berlin", "mullerstr 3 13353 BERLIN"),
            (AddressType::Profile, "https://social.example/@ada", "https://social.example/@Ada/"),
        ] {
            let parse = |text| ContactAddress::parse(address_type, text, germany).unwrap();
            assert_eq!(parse(left), parse(right), "{left}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for (address_type, text, code) in [
            (AddressType::Email, "ada", "email.no_at"),
            (AddressType::Phone, "call me", "phone.invalid"),
            (AddressType::Postal, " ,\n", "address.empty"),
            (AddressType::None, "device", "address.not_for_channel"),
        ] {
            let error = ContactAddress::parse(address_type, text, None).unwrap_err();
            assert_eq!(error.code(), code, "{text}");
            assert!(!error.to_string().contains(text), "an error holds no address");
        }
    }
}
