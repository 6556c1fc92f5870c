//! Telephone numbers: any usual spelling becomes one E.164 number, by Google's libphonenumber data.
//!
//! The data is loaded when the first number is read, not before; each country's patterns when they are first met.

use std::sync::LazyLock;

use rlibphonenumber::{
    NumberLengthType, ParseError, PhoneNumber as Parsed, PhoneNumberUtil, Region, ValidationError,
};
#[cfg(feature = "phone-details")]
use rlibphonenumber::{PhoneNumberFormat, PhoneNumberType};
#[cfg(feature = "phone-details")]
use serde::{Deserialize, Serialize};

use crate::error::{CrmError, Result};
use crate::ground::country::CountryCode;
use crate::ground::text::fold;

/// What is known of numbers.
static NUMBERS: LazyLock<PhoneNumberUtil> = LazyLock::new(|| {
    #[cfg(feature = "phone-details")]
    return PhoneNumberUtil::new().expect("the crate knows its own data");
    #[cfg(not(feature = "phone-details"))]
    super::phone_plans::read()
});

/// A telephone number.
///
/// ```
/// use crm_core::{CountryCode, PhoneNumber};
/// let germany = CountryCode::from_code("DE")?;
/// let number = PhoneNumber::parse("(030) 901820-0 ext. 12", Some(germany))?;
/// assert_eq!(number.e164, "+49309018200");
/// assert_eq!(number.national, "309018200");
/// assert_eq!(number.country, Some(germany));
/// assert_eq!(number.extension.as_deref(), Some("12"));
/// # Ok::<(), crm_core::CrmError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneNumber {
    /// The number as it was written.
    pub raw: String,
    /// The number in E.164 form: `+`, country calling code, national number; digits only.
    pub e164: String,
    /// The national significant number: digits without calling code and trunk prefix.
    pub national: String,
    /// The country, if the number belongs to one.
    pub country: Option<CountryCode>,
    /// The extension, digits only.
    pub extension: Option<String>,
}

/// How a number is written. With the feature `phone-details`.
#[cfg(feature = "phone-details")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneFormat {
    /// As dialled from abroad: `+49 30 901820`.
    International,
    /// As dialled in its own country: `030 901820`.
    National,
    /// As a link: `tel:+49-30-901820`.
    Link,
}

/// What a number is used for, as far as its digits tell. With the feature `phone-details`.
#[cfg(feature = "phone-details")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PhoneKind {
    /// A fixed line.
    FixedLine,
    /// A mobile number.
    Mobile,
    /// Fixed line or mobile: North America does not tell them apart.
    FixedLineOrMobile,
    /// Free for the caller.
    TollFree,
    /// At a premium rate.
    PremiumRate,
    /// Any other sort: shared cost, internet telephony, personal numbers, pagers.
    Other,
    /// The digits fit no known range.
    Unknown,
}

/// The longest input that is looked at, in bytes.
const INPUT_MAX: usize = 250;

impl PhoneNumber {
    /// Reads a number in any usual spelling. Numbers without `+` are read as dialled in `default_region`.
    ///
    /// Accepted is what is possible by its length, not only what is assigned today: number ranges change
    /// faster than any table.
    ///
    /// # Errors
    /// `phone.invalid` with the reason; `phone.no_country` for a national number without a default region.
    pub fn parse(text: &str, default_region: Option<CountryCode>) -> Result<Self> {
        let parsed = parse(text, default_region)?;
        let mut national = String::with_capacity(15);
        if parsed.italian_leading_zero() {
            let zeros = usize::try_from(parsed.number_of_leading_zeros()).unwrap_or(1).clamp(1, 10);
            national.extend(std::iter::repeat_n('0', zeros));
        }
        national.push_str(&parsed.national_number.to_string());
        let country = NUMBERS
            .get_region_for_number(&parsed)
            .or_else(|| NUMBERS.get_region_for_country_code(parsed.country_code));
        Ok(Self {
            raw: text.to_owned(),
            e164: format!("+{}{national}", parsed.country_code),
            national,
            country: country.and_then(|region| CountryCode::from_code(region.as_region_str().as_str()).ok()),
            extension: parsed.extension.filter(|extension| !extension.is_empty()),
        })
    }

    /// The number for people to read, with the spaces of its country; the E.164 form if it has no format. With the feature
    /// `phone-details`.
    #[cfg(feature = "phone-details")]
    pub fn formatted(&self, format: PhoneFormat) -> String {
        let Ok(parsed) = NUMBERS.parse(&self.e164, None) else {
            return self.e164.clone();
        };
        let format = match format {
            PhoneFormat::International => PhoneNumberFormat::International,
            PhoneFormat::National => PhoneNumberFormat::National,
            PhoneFormat::Link => PhoneNumberFormat::RFC3966,
        };
        NUMBERS.format(&parsed, format).into_owned()
    }

    /// Whether the number lies in a range that its country has given out, by today's tables.
    ///
    /// Numbers that are reserved for films and examples, such as `07700 900xxx` in Great Britain, do not. With the feature
    /// `phone-details`.
    #[cfg(feature = "phone-details")]
    pub fn is_assigned(&self) -> bool {
        NUMBERS.parse(&self.e164, None).is_ok_and(|parsed| NUMBERS.is_valid_number(&parsed))
    }

    /// What the number is used for, as far as its digits tell. With the feature `phone-details`.
    #[cfg(feature = "phone-details")]
    pub fn kind(&self) -> PhoneKind {
        let Ok(parsed) = NUMBERS.parse(&self.e164, None) else {
            return PhoneKind::Unknown;
        };
        match NUMBERS.get_number_type(&parsed) {
            PhoneNumberType::FixedLine => PhoneKind::FixedLine,
            PhoneNumberType::Mobile => PhoneKind::Mobile,
            PhoneNumberType::FixedLineOrMobile => PhoneKind::FixedLineOrMobile,
            PhoneNumberType::TollFree => PhoneKind::TollFree,
            PhoneNumberType::PremiumRate => PhoneKind::PremiumRate,
            PhoneNumberType::Unknown => PhoneKind::Unknown,
            _ => PhoneKind::Other,
        }
    }
}

/// The national number in the digits of an E.164 number without its plus sign; `None` when they begin with no
/// calling code. No calling code is the beginning of another (ITU-T E.164), so this needs no look at the plan of
/// the country.
pub(crate) fn national_digits(digits: &str) -> Option<&str> {
    (1..=3).find_map(|length| {
        let (code, national) = digits.split_at_checked(length)?;
        NUMBERS.get_region_for_country_code(code.parse().ok()?).map(|_| national)
    })
}

/// The country of a number in E.164 form: what [`PhoneNumber::parse`] finds for it. Most calling codes are those of one
/// country, so most numbers need no look at their spelling and at the plan of the country.
pub(crate) fn country_of(e164: &str) -> Option<CountryCode> {
    let digits = e164.strip_prefix('+')?;
    let code = digits.strip_suffix(national_digits(digits)?)?.parse().ok()?;
    let mut regions = NUMBERS.get_regions_for_country_calling_code(code)?;
    match (regions.next(), regions.next()) {
        (Some(only), None) => CountryCode::from_code(only.as_region_str().as_str()).ok(),
        _ => PhoneNumber::parse(e164, None).ok()?.country,
    }
}

/// The digit strings under which a query finds a number, complete or only its beginning.
///
/// A number matches if its E.164 digits (without `+`) or its national number start with one of them. Empty
/// when the query does not look like a telephone number: other letters, or fewer than three digits.
///
/// ```
/// use crm_core::{CountryCode, ground::phone::search_digits};
/// let germany = Some(CountryCode::from_code("DE")?);
/// assert_eq!(search_digits("030/90", germany), ["3090", "493090", "03090"]);
/// assert_eq!(search_digits("0049 (0)30 90", germany), ["493090"]);
/// assert!(search_digits("Anna 2026", germany).is_empty());
/// # Ok::<(), crm_core::CrmError>(())
/// ```
pub fn search_digits(query: &str, default_region: Option<CountryCode>) -> Vec<String> {
    let folded = fold(query);
    let query = folded.strip_prefix("tel:").or_else(|| folded.strip_prefix("tel.")).unwrap_or(&folded).trim();
    let allowed = |c: char| c.is_ascii_digit() || " +-./()".contains(c);
    if query.len() > INPUT_MAX || !query.chars().all(allowed) {
        return Vec::new();
    }
    let international = query.starts_with('+') || query.starts_with("(+");
    let digits: String = query.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < 3 {
        return Vec::new();
    }
    let mut found = Vec::with_capacity(3);
    let mut add = |digits: &str| {
        if !digits.is_empty() && !found.iter().any(|known| known == digits) {
            found.push(digits.to_owned());
        }
    };
    // A whole number says itself which form it has.
    if let Ok(number) = PhoneNumber::parse(query, default_region) {
        add(&number.national);
        add(number.e164.trim_start_matches('+'));
        if international || digits.starts_with("00") {
            // The national number alone would find other countries' numbers.
            found.remove(0);
            return found;
        }
    }
    let mut add = |digits: &str| {
        if digits.len() >= 2 && !found.iter().any(|known| known == digits) {
            found.push(digits.to_owned());
        }
    };
    let abroad = query.contains("(0)").then(|| query.replacen("(0)", "", 1));
    let whole: String = abroad.as_deref().unwrap_or(query).chars().filter(char::is_ascii_digit).collect();
    if international {
        add(&whole);
        return found;
    }
    let region = default_region.and_then(region_of);
    if let Some(rest) = whole
        .strip_prefix("00")
        .or_else(|| whole.strip_prefix("011").filter(|_| region.is_some_and(|r| NUMBERS.is_nanpa_country(r))))
    {
        add(rest);
        return found;
    }
    let national = digits.strip_prefix(trunk_prefix(region));
    if let Some(national) = national {
        add(national);
    } else {
        add(&digits);
    }
    if let Some(code) = region.and_then(|r| NUMBERS.get_country_code_for_region(r)) {
        add(&format!("{code}{}", national.unwrap_or(&digits)));
    }
    // Italian numbers keep their zero, and a number typed with its calling code but no plus keeps all.
    add(&digits);
    found
}

/// What is dialled before a national number inside a country. Where it is nothing, no number starts with 0,
/// so 0 does no harm; Italy's leading zeros are searched with and without.
fn trunk_prefix(region: Option<Region>) -> &'static str {
    match region {
        Some(Region::RU | Region::KZ | Region::BY | Region::TM) => "8",
        Some(Region::HU) => "06",
        Some(region) if NUMBERS.is_nanpa_country(region) => "1",
        _ => "0",
    }
}

fn region_of(country: CountryCode) -> Option<Region> {
    Region::from_code(country.code()).ok()
}

fn parse(text: &str, default_region: Option<CountryCode>) -> Result<Parsed> {
    let invalid = |reason: &str| CrmError::invalid("phone.invalid", reason);
    if text.len() > INPUT_MAX {
        return Err(invalid("is too long"));
    }
    let parsed = NUMBERS.parse(text, default_region.and_then(region_of)).map_err(|error| match error {
        ParseError::InvalidCountryCode if default_region.is_none() && !text.contains('+') => {
            CrmError::invalid(
                "phone.no_country",
                "has no country calling code, and no default country is set",
            )
        }
        ParseError::InvalidCountryCode => invalid("has an unknown country calling code"),
        ParseError::NotANumber(_) => invalid("is not a telephone number"),
        ParseError::TooShortAfterIdd | ParseError::TooShortNsn => invalid("is too short"),
        ParseError::TooLongNsn => invalid("is too long"),
    })?;
    match NUMBERS.is_possible_number_with_reason(&parsed) {
        Ok(NumberLengthType::IsPossible) => Ok(parsed),
        Ok(NumberLengthType::IsPossibleLocalOnly) => Err(invalid("lacks its area code")),
        Err(ValidationError::InvalidCountryCode) => Err(invalid("has an unknown country calling code")),
        Err(ValidationError::TooShort) => Err(invalid("is too short")),
        Err(ValidationError::TooLong) => Err(invalid("is too long")),
        Err(ValidationError::InvalidLength) => {
            Err(invalid("has a number of digits that its country does not use"))
        }
    }
}

#[cfg(test)]
#[path = "phone_tests.rs"]
mod tests;
